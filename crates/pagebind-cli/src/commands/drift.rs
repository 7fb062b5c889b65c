//! `drift`: what is published now, against the vendored pages, each side merged and
//! corrected.

pub(super) mod locate;

use std::{io::Write, path::PathBuf};

use clap::Args;
use pagebind::{
    diagnostic::{Diagnostic, Diagnostics, Place},
    merge,
    page::{self, Page},
};
use pagebind_drift::{
    aspnet_help_page::{self, HelpPage},
    publication,
    rust_api::RustApi,
};
use serde_json::Value;

use self::locate::Compared;
use crate::{
    environment::Environment,
    project::{
        contract,
        manifest::Kind,
        sources::{self, Api, Apis, Source},
    },
    publisher::published::{self, Publication, Published},
    status::Status,
    terminal::{
        console::Console,
        report::{self, Drift, ReportArguments},
    },
};

/// The arguments.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    apis: Apis,
    /// Read what is published from DIR, where pages bear the names of the vendored files
    #[arg(long, value_name = "DIR")]
    published: Option<PathBuf>,
    #[command(flatten)]
    report: ReportArguments,
}

/// Runs the command.
pub(super) fn run(
    environment: &Environment,
    arguments: &Arguments,
    out: &mut dyn Write,
    console: &mut Console<'_>,
) -> Result<Status, Diagnostics> {
    let apis = sources::read(environment, &arguments.apis)?;
    let publications = published::get(&apis, arguments.published.as_deref(), console);
    let mut drifts = Vec::new();
    for (api, publication) in apis.iter().zip(&publications) {
        drifts.push(of(environment, api, publication)?);
    }
    let named: Vec<(&Api, Drift)> = apis.iter().zip(drifts).collect();
    report::drift(environment, named, &arguments.report, out, console)
}

/// Compares what was vendored of an API with what is published.
///
/// # Errors
/// Vendored pages that don't make a contract; what is wrong with published ones is a finding.
pub(super) fn of(
    environment: &Environment,
    api: &Api,
    publication: &Publication,
) -> Result<Drift, Diagnostics> {
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
        drift.contracts(environment, api, &pages)?;
    }
    Ok(drift)
}

impl Drift {
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
    fn contracts(
        &mut self,
        environment: &Environment,
        api: &Api,
        pages: &[Page],
    ) -> Result<(), Diagnostics> {
        let vendored = api.pages();
        let old = merge::merge(&vendored, &api.merge)?;
        let (old_contract, _) = contract::correct(environment, api, &old.document)?;
        let new = match merge::merge(pages, &api.merge) {
            Ok(new) => new,
            Err(conflicts) => {
                self.conflicts.extend(conflicts.iter().cloned());
                return Ok(());
            }
        };
        let (new_contract, _, misfits) = contract::attempt(environment, api, &new.document)?;
        self.misfits(misfits);
        let mut findings = pagebind_drift::compare(&old_contract, &new_contract);
        locate::locate(
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
pub(super) fn measure(old: &Value, new: &Value) -> Option<RustApi> {
    if old == new {
        return Some(RustApi::default());
    }
    let items = |contract: &Value| {
        let source = pagebind_codegen::generate(contract).ok()?.source;
        pagebind_codegen::public_items(&source).ok()
    };
    Some(RustApi::compare(&items(old)?, &items(new)?))
}
