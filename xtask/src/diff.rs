//! `cargo xtask diff`: the same comparison, on any two documents or folders of pages.

use std::{io::Write, path::Path};

use pagebind::{
    diagnostic::Diagnostics,
    merge::{self, Merged},
    page::{self, Page},
};
use serde_json::Value;

use crate::{
    Status, cli,
    drift::{self, Drift},
    files,
    place::{self, Compared},
    report, sources,
    story::Story,
};

/// Runs the command.
pub(crate) fn run(
    arguments: &cli::Diff,
    out: &mut dyn Write,
    story: &mut Story<'_>,
) -> Result<Status, Diagnostics> {
    let old = Document::read(&arguments.old)?;
    let new = Document::read(&arguments.new)?;
    let mut findings = pagebind_drift::compare(old.value(), new.value());
    place::locate(&mut findings, &old.compared(), &new.compared());
    let rust_api = arguments.rust.then(|| drift::measure(old.value(), new.value())).flatten();
    if let Some(rust_api) = &rust_api {
        rust_api.attribute(&mut findings);
    }
    let subject = format!("{} → {}", files::show(&arguments.old), files::show(&arguments.new));
    let drift = Drift { findings, rust_api, ..Drift::default() };
    report::diff(&subject, drift, &arguments.report, out, story)
}

/// A document, or the pages of a folder merged into one.
enum Document {
    One(Vec<Page>),
    Many(Merged, Vec<Page>),
}

impl Document {
    fn read(path: &Path) -> Result<Self, Diagnostics> {
        if path.is_dir() {
            let pages = sources::bare(path)?.pages();
            return Ok(Self::Many(merge::merge(&pages, &merge::Options::default())?, pages));
        }
        Ok(Self::One(vec![page::extract(&files::show(path), &files::read_text(path)?)?]))
    }

    fn value(&self) -> &Value {
        match self {
            Self::One(pages) => &pages[0].document,
            Self::Many(merged, _) => &merged.document,
        }
    }

    fn compared(&self) -> Compared<'_> {
        let (merged, pages) = match self {
            Self::One(pages) => (None, pages),
            Self::Many(merged, pages) => (Some(merged), pages),
        };
        Compared { document: self.value(), merged, pages }
    }
}
