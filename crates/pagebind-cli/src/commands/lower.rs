//! `lower`: an OpenAPI 3.1 document in 3.0, and what 3.0 can't say.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

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
    let document = document::read(&arguments.document, console)?;
    let document = arguments.overlays.apply(document, console)?;
    let lowered = pagebind::lower::lower_to_write(document)
        .map_err(|problems| located(problems, &arguments.document))?;
    console.step("Lowered", generate::notes::losses(lowered.losses.len()));
    if console.is_verbose() {
        let pointers: Vec<&str> = lowered.losses.iter().map(|loss| &*loss.pointer).collect();
        let places = document::places(&arguments.document, &pointers);
        for (loss, place) in lowered.losses.iter().zip(places) {
            console.detail(format!("{place}: `{}` {}", loss.keyword, loss.outcome));
        }
    }
    document::deliver(&lowered.document, arguments.out.as_ref(), out, console)
}

/// `problems` of the document at `path`, with the places where they are in the file.
fn located(mut problems: Diagnostics, path: &Path) -> Diagnostics {
    let in_document = || problems.iter().flat_map(|problem| &problem.places);
    let pointers: Vec<&str> = in_document().filter_map(|place| place.pointer.as_deref()).collect();
    let mut places = document::places(path, &pointers).into_iter();
    let in_document = problems.iter_mut().flat_map(|problem| &mut problem.places);
    for place in in_document.filter(|place| place.pointer.is_some()) {
        let note = place.note.take();
        *place = places.next().expect("each was asked for, in this order");
        place.note = note;
    }
    problems
}
