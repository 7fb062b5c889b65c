//! `update`: accept what is published.
//!
//! Shows what changed, takes over each page that says something else, makes everything that follows
//! from it (contract, source and snapshots), and proposes what it calls for: a version, a line of the
//! changelog, corrections. All of it is made and tested aside before the
//! first file is written, so that the tree is either in step with the pages as they are published
//! now, or as it was. A page that only looks different (white space, the time in a sample) is left
//! as it was vendored.

mod manifest;
mod proposal;
mod rehearsal;

use std::path::PathBuf;

use clap::Args;
use pagebind::{
    diagnostic::{Diagnostic, Diagnostics, Kind as Trouble, Place},
    page::Page,
};
use pagebind_drift::aspnet_help_page::{self, HelpPage};

use self::proposal::Proposal;
use super::{drift, generate, suggest};
use crate::{
    environment::Environment,
    project::{
        contract,
        files::{self, Output},
        manifest::{Kind, Manifest},
        page_corrections,
        sources::{self, Api, Apis, Source},
    },
    publisher::published::{self, Publication, Published},
    status::Status,
    terminal::{
        console::{Console, Stream},
        report,
    },
};

/// The arguments.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    apis: Apis,
    /// Read what is published from DIR, where pages bear the names of the vendored files
    #[arg(long, value_name = "DIR")]
    pub(super) published: Option<PathBuf>,
}

/// Runs the command.
pub(super) fn run(
    environment: &Environment,
    arguments: &Arguments,
    out: &mut dyn Stream,
    console: &mut Console<'_>,
) -> Result<Status, Diagnostics> {
    if arguments.apis.pages.is_some() {
        console.fail("Failure", "a bare folder of pages has no manifest to update: use `diff`");
        return Ok(Status::Usage);
    }
    let mut apis = sources::read(environment, &arguments.apis)?;
    let publications = published::get(&apis, arguments.published.as_deref(), console)?;
    // A page that nobody can tell of would seem to contradict those that changed with it.
    let unknown = |page: &Published| match page {
        Published::Unknown(problem) => Some(problem.clone()),
        _ => None,
    };
    let pages = publications
        .iter()
        .flat_map(|publication| publication.pages.iter().chain(&publication.index));
    refuse_on(pages.filter_map(unknown).collect(), console)?;

    let mut proposals = Vec::new();
    let mut drifts = Vec::new();
    for (api, publication) in apis.iter().zip(&publications) {
        let drift = drift::of(environment, api, publication, console)?;
        proposals.push(Proposal::new(environment, api, &drift));
        drifts.push((api, drift));
    }
    report::update(drifts, out, console)?;

    let mut outputs = Vec::new();
    let mut updated = Vec::new();
    let mut suggested = Vec::new();
    let mut problems = Vec::new();
    for ((api, publication), proposal) in apis.iter_mut().zip(publications).zip(proposals) {
        let before = contract::of_copies(environment, api)?;
        match take_over(environment, api, publication, console) {
            Ok(api_outputs) if api_outputs.is_empty() => {}
            Ok(api_outputs) => {
                outputs.extend(api_outputs);
                updated.push(proposal);
                if let Some(before) = &before {
                    suggested.push(suggest::vendored(environment, api, Some(before))?);
                }
            }
            Err(api_problems) => problems.extend(api_problems.iter().cloned()),
        }
    }
    refuse_on(problems, console)?;
    if updated.is_empty() {
        console.step("Unchanged", "every page says what was vendored; there is nothing to do");
        return Ok(Status::Done);
    }
    let names: Vec<&str> = updated.iter().map(|proposal| proposal.name.as_str()).collect();
    outputs.extend(rehearsal::snapshots(environment, &outputs, &names, console)?);
    let status = generate::outputs::write(&environment.root, &outputs, console)?;
    proposal::write(&updated, out)?;
    suggest::propose(&suggested, out, console)?;
    Ok(status)
}

/// Ends the command if there are problems.
fn refuse_on(mut problems: Vec<Diagnostic>, console: &mut Console<'_>) -> Result<(), Diagnostics> {
    problems.dedup();
    Diagnostics::check(problems).inspect_err(|_| {
        console.fail("Failure", "what is published can't be taken over; nothing was changed");
    })
}

/// What has to be written so that an API is what is published now; nothing if it already says that.
fn take_over(
    environment: &Environment,
    api: &mut Api,
    publication: Publication,
    console: &mut Console<'_>,
) -> Result<Vec<Output>, Diagnostics> {
    let manifest = Manifest::read(&api.folder)?;
    let mut outputs = Vec::new();
    let mut hashes = Vec::new();
    let mut problems = Vec::new();
    let sources = api.sources.iter_mut().zip(&manifest.pages).zip(publication.pages);
    for (index, ((source, vendored), published)) in sources.enumerate() {
        match replace(environment, source, api.kind, published) {
            Ok(false) => {}
            Ok(true) => {
                hashes.push((
                    index,
                    source.published.sha256.clone(),
                    source.request.validators.clone(),
                ));
                outputs
                    .push(Output::new(api.folder.join(&vendored.file), source.text.to_string())?);
            }
            Err(page_problems) => problems.extend(page_problems.iter().cloned()),
        }
    }
    Diagnostics::check(problems)?;
    api.take_over_files(publication.folder.as_deref())?;
    outputs.extend(api.files_ahead()?);
    if outputs.is_empty() {
        return Ok(outputs);
    }
    outputs.push(manifest::rehashed(&api.folder, &hashes)?);
    if api.kind == Kind::Openapi {
        let made = generate::one(environment, api, &environment.target(&api.name), console)?;
        outputs.extend(made.outputs);
    }
    Ok(outputs)
}

/// Takes over what a page says now; false if it says what was vendored.
fn replace(
    environment: &Environment,
    source: &mut Source,
    kind: Kind,
    published: Published,
) -> Result<bool, Diagnostics> {
    let gone = |message: String| {
        Diagnostic::finding(message)
            .place(Place::new(&source.published.url))
            .place(Place::new(&source.name).note("was vendored from there"))
            .help(format!("look at what became of it; then mend or remove its [[pages]] entry in api.toml and run `{} generate`", environment.command))
    };
    let (name, text, validators) = match published {
        Published::Text { name, text, validators } => (name, text, validators),
        Published::Gone(status) => {
            return Err(gone(format!("the page is no longer published (HTTP {status})")).into());
        }
        Published::Moved(to) => return Err(gone(format!("the page has moved to {to}")).into()),
        Published::Unknown(problem) => return Err(problem.into()),
    };
    let pages = match kind {
        Kind::HelpPage => {
            let old = HelpPage::parse(&source.name, &source.text)?;
            let new = HelpPage::parse(&name, &text).map_err(without_definition)?;
            if aspnet_help_page::compare(&old, &new).is_empty() {
                return Ok(false);
            }
            Vec::new()
        }
        Kind::Openapi => {
            // A selection may be stated for what is published already: then there may be nothing of it on the copy.
            let old = sources::extract(&source.name, &source.text, &source.selection);
            let old = old.map_or_else(|_| Vec::new(), |(pages, _)| pages);
            let (mut new, idle) =
                sources::extract(&name, &text, &source.selection).map_err(without_definition)?;
            let same = |(new, old): (&Page, &Page)| {
                new.document == old.document && new.prose() == old.prose()
            };
            if new.len() == old.len() && new.iter().zip(&old).all(same) {
                return Ok(false);
            }
            let misfits = page_corrections::apply(&mut new, &source.overlays);
            source.unfit =
                idle.into_iter().chain(misfits.into_iter().map(|it| it.problem)).collect();
            let path = source.pages.first().map(|page| page.path.clone()).unwrap_or_default();
            for page in &mut new {
                // What is made of a page must not depend on where it was read.
                page.name.clone_from(&source.name);
                page.path.clone_from(&path);
            }
            new
        }
    };
    source.published.sha256 = files::sha256(text.as_bytes());
    source.request.validators = validators;
    source.text = text.into();
    source.pages = pages;
    Ok(true)
}

/// A published page that was read and holds nothing of use is a finding, not a doubt.
fn without_definition(problem: Diagnostic) -> Diagnostic {
    Diagnostic { kind: Trouble::Finding, ..problem }
}
