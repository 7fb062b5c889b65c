//! `diff`: the same comparison, on any two documents or folders of pages.

use std::{
    borrow::Cow,
    path::{Path, PathBuf},
};

use clap::Args;
use pagebind::{
    diagnostic::Diagnostics,
    merge::{self, Merged},
    page::Page,
    stack,
};
use pagebind_drift::{Location, references};
use serde_json::Value;

use super::{
    document,
    drift::{
        self,
        locate::{self, Compared},
    },
};
use crate::{
    project::{files, sources},
    status::Status,
    terminal::{
        console::{Console, Stream},
        report::{self, Drift, ReportArguments},
    },
};

/// The arguments.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The document before: a page, JSON or YAML, or a folder of pages
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The document now
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// Measure what it does to the caller's source: generate both, and compare their public items
    #[arg(long)]
    rust: bool,
    #[command(flatten)]
    report: ReportArguments,
}

/// Runs the command.
pub(super) fn run(
    arguments: &Arguments,
    out: &mut dyn Stream,
    console: &mut Console<'_>,
) -> Result<Status, Diagnostics> {
    let subject = format!("{} → {}", files::show(&arguments.old), files::show(&arguments.new));
    let drift = console.during("Comparing", &subject, |_| compare(arguments))?;
    report::diff(&subject, drift, &arguments.report, out, console)
}

fn compare(arguments: &Arguments) -> Result<Drift, Diagnostics> {
    let (old, new) =
        stack::beside(|| Document::read(&arguments.old), || Document::read(&arguments.new));
    let (old, new) = (old?, new?);
    let mut findings = pagebind_drift::compare(old.value(), new.value());
    locate::locate(&mut findings, &old.compared(), &new.compared());
    let measured = arguments.rust.then(|| drift::measure(old.value(), new.value(), "")).flatten();
    let rust_api = measured.map(|measured| measured.tell(&mut findings));
    findings.extend(references::not_followed(old.value(), new.value()));
    let file = files::show(&arguments.new);
    for finding in &mut findings {
        finding
            .vendored
            .get_or_insert_with(|| Location { name: file.as_str().into(), position: None });
    }
    Ok(Drift { findings, rust_api, ..Drift::default() })
}

/// A document, or the pages of a folder merged into one.
enum Document {
    One(Vec<Page>),
    Many(Merged, Vec<Page>),
}

impl Document {
    fn read(path: &Path) -> Result<Self, Diagnostics> {
        if path.is_dir() {
            let api = sources::bare(path, false, &[])?;
            let pages: Vec<Page> = api.pages()?.into_iter().map(Cow::into_owned).collect();
            return Ok(Self::Many(merge::merge(&pages, &merge::Options::default())?, pages));
        }
        Ok(Self::One(vec![document::read_for_comparing(path)?]))
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
        Compared { document: self.value(), merged, pages, copies: pages }
    }
}
