//! `cargo xtask diff`: the same comparison, on any two documents or folders of pages.

use std::{io::Write, path::Path};

use pagebind::{
    diagnostic::Diagnostics,
    merge::{self, Merged},
    page::{self, Page},
};
use pagebind_drift::{Side, finding::locate};

use crate::{
    Status, cli,
    drift::{self, Drift},
    files, report, sources,
    story::Story,
};

/// Runs the command.
pub(crate) fn run(
    arguments: &cli::Diff,
    out: &mut dyn Write,
    story: &mut Story<'_>,
) -> Result<Status, Diagnostics> {
    let (old, old_pages) = read(&arguments.old)?;
    let (new, new_pages) = read(&arguments.new)?;
    let mut findings = pagebind_drift::compare(&old.document, &new.document);
    locate(&mut findings, |change| match change.side {
        Side::Old => drift::place(&old, &old_pages, &change.pointer),
        Side::New => drift::place(&new, &new_pages, &change.pointer),
    });
    let rust_api = arguments.rust.then(|| drift::measure(&old.document, &new.document)).flatten();
    if let Some(rust_api) = &rust_api {
        rust_api.attribute(&mut findings);
    }
    let subject = format!("{} → {}", files::show(&arguments.old), files::show(&arguments.new));
    let drift = Drift { findings, rust_api, ..Drift::default() };
    report::diff(&subject, drift, &arguments.report, out, story)
}

/// A document, or the pages of a folder merged into one.
fn read(path: &Path) -> Result<(Merged, Vec<Page>), Diagnostics> {
    let pages = if path.is_dir() {
        sources::bare(path)?.pages()
    } else {
        vec![page::extract(&files::show(path), &files::read_text(path)?)?]
    };
    Ok((merge::merge(&pages, &merge::Options::default())?, pages))
}
