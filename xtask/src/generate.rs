//! `cargo xtask generate`: pages → contract → client source, all or nothing.

use std::{
    path::{Path, PathBuf},
    time::Instant,
};

use pagebind::{
    diagnostic::{Diagnostic, Diagnostics},
    merge::{self, Merged},
};
use pagebind_codegen::Generated;
use similar::TextDiff;

use crate::{
    Status, cli, contract,
    files::{self, Output},
    manifest::Kind,
    sources::{self, Api},
    story::{Story, count},
};

/// Runs the command.
pub(crate) fn run(
    root: &Path,
    arguments: &cli::Generate,
    story: &mut Story<'_>,
) -> Result<Status, Diagnostics> {
    let started = Instant::now();
    if arguments.apis.pages.is_some() && arguments.out.is_none() {
        story.fail(
            "Failure",
            "a bare folder of pages has no crate to write to: name a folder with --out",
        );
        return Ok(Status::Usage);
    }
    if let Some(out) = &arguments.out {
        story.recovered(files::recover(out)?);
    }
    let apis = sources::read(root, &arguments.apis)?;
    let folder = arguments.out.clone().unwrap_or_else(|| root.join("crates"));
    let mut outputs = Vec::new();
    let mut problems = Vec::new();
    for api in &apis {
        match api.kind {
            Kind::Openapi => match one(api, &folder.join(&api.name), story) {
                Ok(api_outputs) => outputs.extend(api_outputs),
                Err(api_problems) => problems.extend(api_problems.iter().cloned()),
            },
            Kind::HelpPage => {
                story.step(
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
        check(&outputs, story)
    } else {
        write(arguments.out.as_deref().unwrap_or(root), &outputs, story)?
    };
    story.step("Finished", format!("in {:.2} s", started.elapsed().as_secs_f64()));
    Ok(status)
}

/// The contract and the source of one API, and the story of how they came about.
pub(crate) fn one(
    api: &Api,
    folder: &Path,
    story: &mut Story<'_>,
) -> Result<Vec<Output>, Diagnostics> {
    story.step("Read", format!("{}: {}", api.name, count(api.sources.len(), "page")));
    for source in &api.sources {
        story.detail(slug(&source.name));
    }
    let merged = merge(api, story)?;
    let (contract, corrections) = contract::correct(api, &merged.document)?;
    if !corrections.is_empty() {
        story.corrections(&corrections);
    }
    let generated = pagebind_codegen::generate(&contract)?;
    tell(&generated, &merged, story);
    let contract = serde_json::to_string_pretty(&contract).map_err(|error| {
        Diagnostic::finding(format!("the contract can't be written as JSON: {error}"))
    })?;
    Ok(vec![
        Output::new(folder.join("openapi.json"), contract + "\n")?,
        Output::new(folder.join("src/generated.rs"), generated.source)?,
    ])
}

/// Merges the pages of an API, and tells what came together.
pub(crate) fn merge(api: &Api, story: &mut Story<'_>) -> Result<Merged, Diagnostics> {
    let merged = merge::merge(&api.pages(), &api.merge)?;
    let counts = merged.counts();
    story.step(
        "Merged",
        format!(
            "{} and {}, {} of them on several pages",
            count(counts.operations, "operation"),
            count(counts.components, "component"),
            counts.shared,
        ),
    );
    for warning in &merged.warnings {
        story.warn("Warning", warning);
    }
    Ok(merged)
}

/// Tells what the client does not express, and on which page that stands.
fn tell(generated: &Generated, merged: &Merged, story: &mut Story<'_>) {
    let pages = |pointer: &str| {
        let said = merged.provenance.iter().filter(|(part, _)| pointer.starts_with(part.as_str()));
        let pages = said.max_by_key(|(part, _)| part.len()).map(|(_, pages)| pages);
        let pages: Vec<String> = pages.into_iter().flatten().map(|page| slug(page)).collect();
        if pages.is_empty() { String::new() } else { format!(" ({})", pages.join(", ")) }
    };
    story.step("Lowered", format!("to OpenAPI 3.0 with {}", losses(generated.losses.len())));
    for loss in &generated.losses {
        story.detail(format!(
            "{}: `{}` {}{}",
            loss.pointer,
            loss.keyword,
            loss.outcome,
            pages(&loss.pointer)
        ));
    }
    story.step(
        "Shaped",
        format!("for progenitor with {}", count(generated.degradations.len(), "degradation")),
    );
    for degradation in &generated.degradations {
        story.detail(format!("{degradation}{}", pages(&degradation.pointer)));
    }
    story.step(
        "Generated",
        format!("{} of source", count(generated.source.lines().count(), "line")),
    );
}

pub(crate) fn losses(number: usize) -> String {
    if number == 1 { "1 loss".to_owned() } else { format!("{number} losses") }
}

/// The name of a page at its publisher: that of its file, without the ending.
fn slug(page: &str) -> String {
    Path::new(page)
        .file_stem()
        .map_or_else(|| page.to_owned(), |stem| stem.to_string_lossy().into_owned())
}

/// Writes what is stale.
pub(crate) fn write(
    root: &Path,
    outputs: &[Output],
    story: &mut Story<'_>,
) -> Result<Status, Diagnostics> {
    files::write(root, outputs)?;
    for output in outputs {
        let verb = if output.is_fresh() { "Unchanged" } else { "Written" };
        story.step(verb, files::show(&output.path));
    }
    Ok(Status::Done)
}

/// Tells what is stale, and how it differs.
fn check(outputs: &[Output], story: &mut Story<'_>) -> Status {
    let mut stale: Vec<&PathBuf> = Vec::new();
    for output in outputs {
        let path = files::show(&output.path);
        if output.is_fresh() {
            story.step("Fresh", path);
            continue;
        }
        stale.push(&output.path);
        match &output.before {
            None => story.fail("Missing", path),
            Some(before) => {
                story.fail("Stale", &path);
                let before = String::from_utf8_lossy(before);
                let difference = TextDiff::from_lines(before.as_ref(), output.content.as_str());
                let shown = format!("{path} as it is");
                let expected = format!("{path} as it has to be");
                story.verbatim(
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
    story.fail(
        "Failure",
        format!(
            "{} not in step with the pages; run `cargo xtask generate`",
            count(stale.len(), "file")
        ),
    );
    Status::Findings
}
