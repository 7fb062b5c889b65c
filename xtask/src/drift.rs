//! `cargo xtask drift`: what is published now, against the vendored pages, each side merged and
//! corrected.

use std::{io::Write, path::Path};

use pagebind::{
    diagnostic::{Diagnostic, Diagnostics, Place},
    merge,
    page::{self, Page},
};
use pagebind_drift::{
    Finding,
    aspnet_help_page::{self, HelpPage},
    publication,
    rust_api::RustApi,
};
use serde_json::Value;

use crate::{
    Status, cli, contract,
    manifest::Kind,
    place::{self, Compared},
    published::{self, Publication, Published},
    report,
    sources::{self, Api, Source},
    story::Story,
};

/// What was found out about one API.
#[derive(Debug, Default)]
pub(crate) struct Drift {
    /// What changed.
    pub(crate) findings: Vec<Finding>,
    /// What it does to the public items of the client, where that could be measured.
    pub(crate) rust_api: Option<RustApi>,
    /// What the published pages say against each other, which leaves no contract to compare.
    pub(crate) conflicts: Vec<Diagnostic>,
    /// What could not be told.
    pub(crate) unknown: Vec<Diagnostic>,
}

/// Runs the command.
pub(crate) fn run(
    root: &Path,
    arguments: &cli::Drift,
    out: &mut dyn Write,
    story: &mut Story<'_>,
) -> Result<Status, Diagnostics> {
    let apis = sources::read(root, &arguments.apis)?;
    let publications = published::get(&apis, arguments.published.as_deref(), story);
    let mut drifts = Vec::new();
    for (api, publication) in apis.iter().zip(&publications) {
        drifts.push(of(api, publication)?);
    }
    let named: Vec<(&Api, Drift)> = apis.iter().zip(drifts).collect();
    report::drift(named, &arguments.report, out, story)
}

/// Compares what was vendored of an API with what is published.
///
/// # Errors
/// Vendored pages that don't make a contract; what is wrong with published ones is a finding.
pub(crate) fn of(api: &Api, publication: &Publication) -> Result<Drift, Diagnostics> {
    let mut drift = Drift::default();
    let mut pages = Vec::new();
    for (source, published) in api.sources.iter().zip(&publication.pages) {
        match published {
            Published::Text { name, text, .. } => match api.kind {
                Kind::HelpPage => drift.help_page(source, name, text),
                Kind::Openapi => pages.extend(drift.page(source, name, text)),
            },
            Published::Gone(status) => {
                let url = &source.published.url;
                drift.findings.push(publication::page_vanished(&source.name, url, *status));
            }
            Published::Moved(to) => {
                let url = &source.published.url;
                drift.findings.push(publication::page_moved(&source.name, url, to));
                // Whether the page there says the same is another question, which is still open.
                drift.unknown.push(
                    Diagnostic::unreadable("the page moved, and was not compared")
                        .place(Place::new(url).note(format!("leads to {to}")))
                        .help("if that is the same page, put its address into the manifest"),
                );
            }
            Published::Unknown(problem) => {
                drift.unknown.push(problem.clone());
                // What can't be told of this page is told; the others are compared without it.
                pages.extend(source.page.clone());
            }
        }
    }
    match &publication.index {
        Some(Published::Text { text, .. }) => {
            let vendored: Vec<&str> =
                api.sources.iter().map(|source| source.published.url.as_str()).collect();
            let new = published::new_pages(text, &vendored);
            drift.findings.extend(new.iter().map(|(title, url)| publication::new_page(title, url)));
        }
        Some(Published::Unknown(problem)) => drift.unknown.push(problem.clone()),
        // A list that is gone or moved says nothing about the pages, which are asked for each.
        Some(Published::Gone(_) | Published::Moved(_)) | None => {}
    }
    if api.kind == Kind::Openapi && !pages.is_empty() {
        drift.contracts(api, &pages)?;
    }
    Ok(drift)
}

impl Drift {
    /// Whether the published pages were all read, and mean what the vendored ones mean.
    pub(crate) fn is_clean(&self) -> bool {
        self.findings.is_empty() && self.conflicts.is_empty() && self.unknown.is_empty()
    }

    /// Reads a published page, and compares the words on it.
    fn page(&mut self, source: &Source, name: &str, text: &str) -> Option<Page> {
        let mut page = match page::extract(name, text) {
            Ok(page) => page,
            Err(problem) => {
                self.findings.push(publication::page_without_definition(name, problem.message));
                return None;
            }
        };
        let old = source.page.as_ref().map(Page::prose).unwrap_or_default();
        let new = page.prose();
        if old != new {
            self.findings.push(publication::page_prose_changed(name, &old, &new));
        }
        for overlay in &source.overlays {
            let (corrected, misfits) = overlay.attempt(&page.document);
            page.document = corrected.document;
            self.misfits(misfits);
        }
        Some(page)
    }

    /// Compares the two sides of a help page.
    fn help_page(&mut self, source: &Source, name: &str, text: &str) {
        match (HelpPage::parse(&source.name, &source.text), HelpPage::parse(name, text)) {
            (Ok(old), Ok(new)) => self.findings.extend(aspnet_help_page::compare(&old, &new)),
            (Ok(_), Err(problem)) => {
                self.findings.push(publication::page_without_definition(name, problem.message));
            }
            (Err(problem), _) => self.unknown.push(problem),
        }
    }

    /// Compares the contract of the vendored pages with that of the published ones.
    fn contracts(&mut self, api: &Api, pages: &[Page]) -> Result<(), Diagnostics> {
        let vendored = api.pages();
        let old = merge::merge(&vendored, &api.merge)?;
        let (old_contract, _) = contract::correct(api, &old.document)?;
        let new = match merge::merge(pages, &api.merge) {
            Ok(new) => new,
            Err(conflicts) => {
                self.conflicts.extend(conflicts.iter().cloned());
                return Ok(());
            }
        };
        let (new_contract, _, misfits) = contract::attempt(api, &new.document)?;
        self.misfits(misfits);
        let mut findings = pagebind_drift::compare(&old_contract, &new_contract);
        place::locate(
            &mut findings,
            &Compared { document: &old_contract, merged: Some(&old), pages: &vendored },
            &Compared { document: &new_contract, merged: Some(&new), pages },
        );
        self.rust_api = measure(&old_contract, &new_contract);
        self.findings.extend(findings);
        if let Some(rust_api) = &self.rust_api {
            rust_api.attribute(&mut self.findings);
        }
        Ok(())
    }

    fn misfits(&mut self, misfits: Vec<pagebind::overlay::Misfit>) {
        self.findings.extend(misfits.into_iter().map(|misfit| {
            let (description, target) = (&misfit.description, &misfit.target);
            if misfit.mended {
                publication::correction_unnecessary(description, target)
            } else {
                publication::correction_impossible(description, target, misfit.problem.message)
            }
        }));
    }
}

/// What the difference does to the public items of the client; nothing if the generator can't take
/// one of the contracts.
pub(crate) fn measure(old: &Value, new: &Value) -> Option<RustApi> {
    if old == new {
        return Some(RustApi::default());
    }
    let items = |contract: &Value| {
        let source = pagebind_codegen::generate(contract).ok()?.source;
        pagebind_codegen::public_items(&source).ok()
    };
    Some(RustApi::compare(&items(old)?, &items(new)?))
}
