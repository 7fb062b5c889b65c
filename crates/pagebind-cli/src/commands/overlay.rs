//! `overlay`: a document with corrections applied.

use std::{io::Write, path::PathBuf};

use clap::Args;
use pagebind::diagnostic::Diagnostics;

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

/// Runs the command.
pub(super) fn run(
    arguments: &Arguments,
    out: &mut dyn Write,
    console: &mut Console<'_>,
) -> Result<Status, Diagnostics> {
    let mut document = document::read(&arguments.document)?.document;
    for path in &arguments.overlays {
        let corrected = sources::overlay(path, arguments.lenient)?.apply(&document)?;
        document = corrected.document;
        console.corrections(&corrected.corrections);
        for skipped in &corrected.skipped {
            console.warn("Skipped", skipped);
        }
    }
    document::deliver(&document, arguments.out.as_ref(), out, console)
}
