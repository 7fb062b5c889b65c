//! `overlay`: a document with corrections applied.

use std::{io::Write, path::PathBuf};

use clap::Args;
use pagebind::diagnostic::Diagnostics;
use serde_json::Value;

use super::document;
use crate::{project::sources, status::Status, terminal::console::Console};

/// The arguments.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The document: a page, JSON or YAML
    #[arg(value_name = "DOC")]
    document: PathBuf,
    /// The overlays, applied in this order
    #[arg(value_name = "OVERLAY", required = true)]
    overlays: Vec<PathBuf>,
    /// Apply them as they were published: no action has to state what it replaces, and what can't be
    /// carried out is skipped
    #[arg(long)]
    lenient: bool,
    /// Write the document to FILE [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Overlays that another command applies to its document first.
#[derive(Debug, Args)]
pub(super) struct Overlays {
    /// Apply this overlay to the document first; several are applied in their order
    #[arg(long = "overlay", value_name = "OVERLAY")]
    paths: Vec<PathBuf>,
    /// Apply the overlays as they were published, as `overlay --lenient` does
    #[arg(long, requires = "paths")]
    lenient: bool,
}

impl Overlays {
    /// `document` with these overlays applied.
    pub(super) fn apply(
        &self,
        document: Value,
        console: &mut Console<'_>,
    ) -> Result<Value, Diagnostics> {
        apply(document, &self.paths, self.lenient, console)
    }
}

/// Runs the command.
pub(super) fn run(
    arguments: &Arguments,
    out: &mut dyn Write,
    console: &mut Console<'_>,
) -> Result<Status, Diagnostics> {
    let document = document::read(&arguments.document, console)?;
    let document = apply(document, &arguments.overlays, arguments.lenient, console)?;
    document::deliver(&document, arguments.out.as_ref(), out, console)
}

/// Applies the overlays in their order, and tells what they did.
fn apply(
    mut document: Value,
    overlays: &[PathBuf],
    lenient: bool,
    console: &mut Console<'_>,
) -> Result<Value, Diagnostics> {
    for path in overlays {
        let corrected = sources::overlay(path, lenient)?.apply(&document)?;
        document = corrected.document;
        console.corrections(&corrected.corrections);
        for skipped in &corrected.skipped {
            console.warn("Skipped", skipped);
        }
    }
    Ok(document)
}
