//! `lower`: an OpenAPI 3.1 document in 3.0, and what 3.0 can't say.

use std::{io::Write, path::PathBuf};

use clap::Args;
use pagebind::diagnostic::Diagnostics;

use super::{document, generate, overlay::Overlays};
use crate::{status::Status, terminal::console::Console};

/// The arguments.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The document: a page, JSON or YAML
    #[arg(value_name = "DOC")]
    document: PathBuf,
    #[command(flatten)]
    overlays: Overlays,
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
    let document = document::read(&arguments.document)?.document;
    let document = arguments.overlays.apply(document, console)?;
    let lowered = pagebind::lower::lower(&document)?;
    drop(document);
    console.step("Lowered", generate::notes::losses(lowered.losses.len()));
    for loss in &lowered.losses {
        console.detail(format!("{}: `{}` {}", loss.pointer, loss.keyword, loss.outcome));
    }
    document::deliver(&lowered.document, arguments.out.as_ref(), out, console)
}
