//! `generate`: pages → contract → client source, all or nothing.

use std::{
    path::{Path, PathBuf},
    time::Instant,
};

use clap::Args;
use pagebind::{
    diagnostic::{Diagnostic, Diagnostics},
    merge::{self, Merged},
};
use pagebind_codegen::{Generated, Setup};
use similar::TextDiff;

use crate::{
    environment::Environment,
    project::{
        contract,
        files::{self, Output},
        manifest::Kind,
        sources::{self, Api, Apis},
    },
    status::Status,
    terminal::console::{Console, count},
};

/// The arguments.
#[derive(Debug, Default, Args)]
pub struct Arguments {
    #[command(flatten)]
    apis: Apis,
    /// Write nothing, and say what is stale
    #[arg(long)]
    check: bool,
    /// Write `API/openapi.json` and `API/src/generated.rs` below DIR [default: crates/ of the workspace]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Runs the command.
pub(super) fn run(
    environment: &Environment,
    arguments: &Arguments,
    console: &mut Console<'_>,
) -> Result<Status, Diagnostics> {
    let started = Instant::now();
    if arguments.apis.pages.is_some() && arguments.out.is_none() {
        console.fail(
            "Failure",
            "a bare folder of pages has no crate to write to: name a folder with --out",
        );
        return Ok(Status::Usage);
    }
    if let Some(out) = &arguments.out {
        console.recovered(files::recover(out)?);
    }
    let apis = sources::read(environment, &arguments.apis)?;
    let folder = arguments.out.clone().unwrap_or_else(|| environment.crates.clone());
    let mut outputs = Vec::new();
    let mut problems = Vec::new();
    for api in &apis {
        match api.kind {
            Kind::Openapi => match one(environment, api, &folder.join(&api.name), console) {
                Ok((api_outputs, _)) => outputs.extend(api_outputs),
                Err(api_problems) => problems.extend(api_problems.iter().cloned()),
            },
            Kind::HelpPage => {
                console.step(
                    "Read",
                    format!(
                        "{}: {}, bound by hand",
                        api.name,
                        count(api.sources.len(), "help page")
                    ),
                );
            }
        }
    }
    Diagnostics::check(problems)?;
    let status = if arguments.check {
        check(environment, &outputs, console)
    } else {
        write(arguments.out.as_deref().unwrap_or(&environment.root), &outputs, console)?
    };
    console.step("Finished", format!("in {:.2} s", started.elapsed().as_secs_f64()));
    Ok(status)
}

/// The contract and the source of one API, and how its client is set up.
pub(super) fn one(
    environment: &Environment,
    api: &Api,
    folder: &Path,
    console: &mut Console<'_>,
) -> Result<(Vec<Output>, Setup), Diagnostics> {
    console.step("Read", format!("{}: {}", api.name, count(api.sources.len(), "page")));
    for source in &api.sources {
        console.detail(slug(&source.name));
    }
    let merged = merge(api, console)?;
    let (contract, corrections) = contract::correct(environment, api, &merged.document)?;
    if !corrections.is_empty() {
        console.corrections(&corrections);
    }
    let generated = pagebind_codegen::generate(&contract)?;
    tell(&generated, &merged, console);
    let contract = serde_json::to_string_pretty(&contract).map_err(|error| {
        Diagnostic::finding(format!("the contract can't be written as JSON: {error}"))
    })?;
    let outputs = vec![
        Output::new(folder.join("openapi.json"), contract + "\n")?,
        Output::new(folder.join("src/generated.rs"), generated.source)?,
    ];
    Ok((outputs, generated.setup))
}

/// Merges the pages of an API, and tells what came together.
pub(super) fn merge(api: &Api, console: &mut Console<'_>) -> Result<Merged, Diagnostics> {
    if !api.passed_over.is_empty() {
        let files = count(api.passed_over.len(), "file");
        console
            .step("Skipped", format!("{files} that are no pages: {}", api.passed_over.join(", ")));
    }
    let pages = api.pages()?;
    let merged = merge::merge(pages.iter().map(AsRef::as_ref), &api.merge)?;
    let counts = merged.counts();
    console.step(
        "Merged",
        format!(
            "{} and {}, {} of them on several pages",
            count(counts.operations, "operation"),
            count(counts.components, "component"),
            counts.shared,
        ),
    );
    for warning in &merged.warnings {
        console.warn("Warning", warning);
    }
    Ok(merged)
}

/// Tells what the client does not express, and on which page that stands.
fn tell(generated: &Generated, merged: &Merged, console: &mut Console<'_>) {
    let pages = |pointer: &str| {
        let said = merged.provenance.iter().filter(|(part, _)| pointer.starts_with(part.as_str()));
        let pages = said.max_by_key(|(part, _)| part.len()).map(|(_, pages)| pages);
        let pages: Vec<String> = pages.into_iter().flatten().map(|page| slug(page)).collect();
        if pages.is_empty() { String::new() } else { format!(" ({})", pages.join(", ")) }
    };
    console.step("Lowered", format!("to OpenAPI 3.0 with {}", losses(generated.losses.len())));
    for loss in &generated.losses {
        console.detail(format!(
            "{}: `{}` {}{}",
            loss.pointer,
            loss.keyword,
            loss.outcome,
            pages(&loss.pointer)
        ));
    }
    console.step(
        "Shaped",
        format!("for progenitor with {}", count(generated.degradations.len(), "degradation")),
    );
    for degradation in &generated.degradations {
        console.detail(format!("{degradation}{}", pages(&degradation.pointer)));
    }
    console.step(
        "Generated",
        format!("{} of source", count(generated.source.lines().count(), "line")),
    );
}

pub(super) fn losses(number: usize) -> String {
    if number == 1 { "1 loss".to_owned() } else { format!("{number} losses") }
}

/// The name of a page at its publisher: that of its file, without the ending.
fn slug(page: &str) -> String {
    Path::new(page)
        .file_stem()
        .map_or_else(|| page.to_owned(), |stem| stem.to_string_lossy().into_owned())
}

/// Writes what is stale.
pub(super) fn write(
    root: &Path,
    outputs: &[Output],
    console: &mut Console<'_>,
) -> Result<Status, Diagnostics> {
    files::write(root, outputs)?;
    for output in outputs {
        let verb = if output.is_fresh() { "Unchanged" } else { "Written" };
        console.step(verb, files::show(&output.path));
    }
    Ok(Status::Done)
}

/// Tells what is stale, and how it differs.
fn check(environment: &Environment, outputs: &[Output], console: &mut Console<'_>) -> Status {
    let mut stale: Vec<&PathBuf> = Vec::new();
    for output in outputs {
        let path = files::show(&output.path);
        if output.is_fresh() {
            console.step("Fresh", path);
            continue;
        }
        stale.push(&output.path);
        match &output.before {
            None => console.fail("Missing", path),
            Some(before) => {
                console.fail("Stale", &path);
                let before = String::from_utf8_lossy(before);
                let difference = TextDiff::from_lines(before.as_ref(), output.content.as_str());
                let shown = format!("{path} as it is");
                let expected = format!("{path} as it has to be");
                console.verbatim(
                    &difference
                        .unified_diff()
                        .context_radius(3)
                        .header(&shown, &expected)
                        .to_string(),
                );
            }
        }
    }
    if stale.is_empty() {
        return Status::Done;
    }
    console.fail(
        "Failure",
        format!(
            "{} not in step with the pages; run `{} generate`",
            count(stale.len(), "file"),
            environment.command
        ),
    );
    Status::Findings
}
