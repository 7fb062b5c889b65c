//! `generate`: pages → contract → client source, all or nothing.

use std::{
    io::Write,
    path::{Path, PathBuf},
    time::Instant,
};

use clap::{Args, ValueEnum};
use indexmap::IndexMap;
use pagebind::{
    diagnostic::{Diagnostic, Diagnostics, Place},
    merge::{self, Merged},
    overlay::Correction,
};
use pagebind_codegen::{Generated, Setup};
use serde_json::{Value, json};
use similar::TextDiff;

use crate::{
    environment::Environment,
    project::{
        contract, features,
        files::{self, Output},
        manifest::{self, Kind},
        record::{Inputs, Records},
        sources::{self, Api, Apis},
        target::Target,
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
    /// The form in which the result is told on standard output
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Form,
    /// Write `API/openapi.json` and `API/src/generated.rs` below DIR [default: crates/ of the workspace]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Leave out what can't be generated, and say what that is
    #[arg(long)]
    keep_going: bool,
}

/// The form of what a command tells.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// For people
    #[default]
    Human,
    /// For programs: everything, in JSON
    Json,
}

/// Runs the command.
pub(super) fn run(
    environment: &Environment,
    arguments: &Arguments,
    out: &mut dyn Write,
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
    let records = arguments.may_be_known().then(|| Records::of(environment)).flatten();
    // What the folders hold before they are read: what is made of them stands for nothing newer.
    let mut inputs = Vec::new();
    let mut apis = match &records {
        Some(records) => {
            let mut folders = sources::folders(environment, &arguments.apis)?;
            let trusts =
                arguments.check && arguments.format == Form::Human && !console.is_verbose();
            folders.retain(|folder| {
                let found = records.inputs(folder);
                let fresh = trusts && in_step(environment, records, &found, folder, console);
                if !fresh {
                    inputs.push(found);
                }
                !fresh
            });
            sources::read_from(&folders)?
        }
        None => sources::read(environment, &arguments.apis)?,
    };
    for api in &mut apis {
        api.keep_going |= arguments.keep_going;
    }
    let target = |api: &Api| match &arguments.out {
        Some(out) => Target::Crate(out.join(&api.name)),
        None => environment.target(&api.name),
    };
    let mut outputs = Vec::new();
    let mut reports = Vec::new();
    let mut problems = Vec::new();
    let mut made_of = Vec::new();
    for (index, api) in apis.iter().enumerate() {
        match api.kind {
            Kind::Openapi => match one(environment, api, &target(api), console) {
                Ok(made) => {
                    outputs.extend(made.outputs);
                    reports.push(made.report);
                    made_of.push((api, inputs.get(index).and_then(Option::as_ref), made.warnings));
                }
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
    let files = outputs
        .iter()
        .map(|output| json!({ "path": files::show(&output.path), "fresh": output.is_fresh() }));
    let report = json!({ "apis": reports, "files": files.collect::<Vec<_>>() });
    let status = if arguments.check {
        check(environment, &outputs, console)
    } else {
        write(arguments.out.as_deref().unwrap_or(&environment.root), &outputs, console)?
    };
    if let (Some(records), Status::Done) = (&records, status) {
        for (api, inputs, warnings) in made_of {
            if let Some(inputs) = inputs {
                records.keep(inputs, &api.folder, &target(api), warnings);
            }
        }
    }
    if arguments.format == Form::Json {
        let written = writeln!(out, "{report:#}").and_then(|()| out.flush());
        written.map_err(|error| {
            Diagnostic::unreadable(format!("failed to write the report: {error}"))
                .place(Place::new("standard output"))
        })?;
    }
    console.step("Finished", format!("in {:.2} s", started.elapsed().as_secs_f64()));
    Ok(status)
}

impl Arguments {
    /// Whether what is asked for is what the manifests say, so that a record of it can be.
    fn may_be_known(&self) -> bool {
        self.apis.pages.is_none() && self.out.is_none() && !self.keep_going
    }
}

/// Whether nothing of an API has changed since it was last found in step; tells it if so.
fn in_step(
    environment: &Environment,
    records: &Records,
    inputs: &Option<Inputs>,
    folder: &Path,
    console: &mut Console<'_>,
) -> bool {
    let name = sources::name_of(folder);
    let target = environment.target(&name);
    let warnings = inputs.as_ref().and_then(|inputs| records.in_step(inputs, folder, &target));
    let Some(warnings) = warnings else { return false };
    let warnings = match warnings {
        0 => String::new(),
        some => format!(", with {} that `-v` shows", count(some, "warning")),
    };
    console.step("Fresh", format!("{name}: nothing has changed since it was in step{warnings}"));
    true
}

/// What is made of one API.
pub(super) struct Made {
    /// The contract, and the source of the client.
    pub(super) outputs: Vec<Output>,
    /// How the client is set up.
    pub(super) setup: Setup,
    /// How many warnings it gave.
    warnings: usize,
    /// All that there is to tell of it, for programs.
    report: Value,
}

/// Makes contract and source of one API.
pub(super) fn one(
    environment: &Environment,
    api: &Api,
    target: &Target,
    console: &mut Console<'_>,
) -> Result<Made, Diagnostics> {
    console.during("Generating", &api.name, |console| make(environment, api, target, console))
}

fn make(
    environment: &Environment,
    api: &Api,
    target: &Target,
    console: &mut Console<'_>,
) -> Result<Made, Diagnostics> {
    console.step("Read", format!("{}: {}", api.name, count(api.sources.len(), "page")));
    for source in &api.sources {
        console.detail(slug(&source.name));
    }
    let merged = merge(api, console)?;
    let (contract, corrections) = contract::correct(environment, api, &merged.document)?;
    if !corrections.is_empty() {
        console.corrections(&corrections);
    }
    let generated = pagebind_codegen::generate(&contract).map_err(|mut problems| {
        problems.iter_mut().for_each(|problem| name_pages(problem, &merged));
        problems
    })?;
    let manifest = Place::new(files::show(&api.folder.join(manifest::FILE_NAME)));
    let misnamed = generated.misnamed.iter().cloned();
    Diagnostics::check(misnamed.map(|problem| problem.place(manifest.clone())).collect())?;
    tell(&generated, &merged, console);
    for problem in &generated.left_out {
        let mut problem = problem.clone();
        name_pages(&mut problem, &merged);
        let place = problem.places.first().map(|place| format!("{place}: ")).unwrap_or_default();
        console.warn("Missing", format!("{place}{}", problem.message));
    }
    let contract = serde_json::to_string_pretty(&contract).map_err(|error| {
        Diagnostic::finding(format!("the contract can't be written as JSON: {error}"))
    })?;
    let report = report(api, &merged, &corrections, &generated);
    let warnings = merged.warnings.len() + generated.left_out.len();
    let mut outputs = target.outputs(contract + "\n", generated.source)?;
    if api.features
        && let Target::Crate(folder) = target
    {
        outputs.extend(features::output(folder, &generated.features)?);
    }
    Ok(Made { outputs, setup: generated.setup, warnings, report })
}

/// All that there is to tell of what was made of an API.
fn report(api: &Api, merged: &Merged, corrections: &[Correction], generated: &Generated) -> Value {
    let counts = merged.counts();
    let corrections = corrections.iter().map(|correction| {
        let Correction { description, target, places } = correction;
        json!({ "description": description, "target": target, "places": places })
    });
    let losses = generated.losses.iter().map(|loss| {
        json!({
            "pointer": loss.pointer,
            "keyword": loss.keyword,
            "outcome": loss.outcome,
        })
    });
    let degradations = generated
        .degradations
        .iter()
        .map(|one| json!({ "pointer": one.pointer, "message": one.message }));
    json!({
        "name": api.name,
        "pages": api.sources.iter().map(|source| &source.name).collect::<Vec<_>>(),
        "operations": counts.operations,
        "components": counts.components,
        "corrections": corrections.collect::<Vec<_>>(),
        "redacted": generated.redacted,
        "client_headers": generated.client_headers,
        "losses": losses.collect::<Vec<_>>(),
        "degradations": degradations.collect::<Vec<_>>(),
        "servers": generated.setup.server_urls(),
        "credentials": generated.setup.credentials(),
    })
}

/// Merges the pages of an API, and tells nothing.
pub(super) fn merge_quietly(api: &Api) -> Result<Merged, Diagnostics> {
    merge::merge(api.pages()?.iter().map(AsRef::as_ref), &api.merge)
}

/// Merges the pages of an API, and tells what came together.
pub(super) fn merge(api: &Api, console: &mut Console<'_>) -> Result<Merged, Diagnostics> {
    if !api.passed_over.is_empty() {
        let files = count(api.passed_over.len(), "file");
        console
            .step("Skipped", format!("{files} that are no pages: {}", api.passed_over.join(", ")));
    }
    let merged = merge_quietly(api)?;
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

/// The pages that say the part of the contract at `pointer`, by their names.
fn pages_of(merged: &Merged, pointer: &str) -> String {
    let said = merged.provenance.iter().filter(|(part, _)| pointer.starts_with(part.as_str()));
    let pages = said.max_by_key(|(part, _)| part.len()).map(|(_, pages)| pages);
    let pages: Vec<String> = pages.into_iter().flatten().map(|page| slug(page)).collect();
    pages.join(", ")
}

/// Says of each place in the contract which pages say what stands there.
fn name_pages(problem: &mut Diagnostic, merged: &Merged) {
    for place in problem.places.iter_mut().filter(|place| place.note.is_none()) {
        let pages = place.pointer.as_deref().map(|pointer| pages_of(merged, pointer));
        place.note = pages.filter(|pages| !pages.is_empty()).map(|pages| format!("from {pages}"));
    }
}

/// Tells what the client does not express, and on which page that stands.
fn tell(generated: &Generated, merged: &Merged, console: &mut Console<'_>) {
    let pages = |pointer: &str| {
        let pages = pages_of(merged, pointer);
        if pages.is_empty() { pages } else { format!(" ({pages})") }
    };
    if !generated.redacted.is_empty() {
        console.step("Redacted", count(generated.redacted.len(), "type"));
        console.detail(generated.redacted.join(", "));
    }
    if !generated.client_headers.is_empty() {
        console
            .step("Headers", format!("{} set on the client", generated.client_headers.join(", ")));
    }
    console.step("Lowered", format!("to OpenAPI 3.0 with {}", losses(generated.losses.len())));
    let losses = generated.losses.iter().map(|loss| Note {
        kind: format!("`{}` {}", loss.keyword, loss.outcome),
        text: format!("{}: `{}` {}", loss.pointer, loss.keyword, loss.outcome),
        pages: pages(&loss.pointer),
        pointer: &loss.pointer,
    });
    notes(losses, console);
    console.step(
        "Shaped",
        format!("for progenitor with {}", count(generated.degradations.len(), "degradation")),
    );
    let degradations = generated.degradations.iter().map(|degradation| Note {
        kind: kind(&degradation.message),
        text: degradation.to_string(),
        pages: pages(&degradation.pointer),
        pointer: &degradation.pointer,
    });
    notes(degradations, console);
    console.step(
        "Generated",
        format!("{} of source", count(generated.source.lines().count(), "line")),
    );
}

/// Something that the client does not say as the contract does.
struct Note<'a> {
    /// What it has in common with others.
    kind: String,
    text: String,
    pages: String,
    pointer: &'a str,
}

/// How many kinds of notes are told, unless all are.
const KINDS: usize = 5;

/// Tells each of them if all is to be told; else how many there are of each kind, with one of them.
fn notes<'a>(notes: impl Iterator<Item = Note<'a>>, console: &mut Console<'_>) {
    if console.is_verbose() {
        notes.for_each(|note| console.detail(format!("{}{}", note.text, note.pages)));
        return;
    }
    let mut kinds: IndexMap<String, (usize, String)> = IndexMap::new();
    for note in notes {
        let example = || format!("{}{}", note.pointer, note.pages);
        kinds.entry(note.kind).or_insert_with(|| (0, example())).0 += 1;
    }
    // The largest first, and those of one size in the order of the contract.
    kinds.sort_by(|_, (one, _), _, (other, _)| other.cmp(one));
    for (kind, (number, example)) in kinds.iter().take(KINDS) {
        console.more(match number {
            1 => format!("{kind}: {example}"),
            _ => format!("{number} × {kind}, such as {example}"),
        });
    }
    if let Some(more) = kinds.len().checked_sub(KINDS).filter(|more| *more > 0) {
        console.more(format!("and {}; `-v` lists all", count(more, "other kind")));
    }
}

/// What is left of a message without the names in it.
fn kind(message: &str) -> String {
    let parts = message.split('`').enumerate();
    let parts = parts.map(|(index, part)| if index % 2 == 1 { "`…`" } else { part });
    parts.collect()
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
    tell_written(outputs, console);
    Ok(Status::Done)
}

/// How many files of one folder are told by their names, unless all are.
const FILES: usize = 5;

/// Tells what was written, and how much was as it has to be already.
pub(super) fn tell_written(outputs: &[Output], console: &mut Console<'_>) {
    let mut folders: IndexMap<&Path, Vec<String>> = IndexMap::new();
    for output in outputs.iter().filter(|output| !output.is_fresh()) {
        let folder = output.path.parent().unwrap_or(&output.path);
        folders.entry(folder).or_default().push(files::show(&output.path));
    }
    for (folder, files) in folders {
        if files.len() > FILES {
            let number = count(files.len(), "file");
            console.step("Written", format!("{number} in {}", files::show(folder)));
            files.iter().for_each(|file| console.detail(file));
        } else {
            files.iter().for_each(|file| console.step("Written", file));
        }
    }
    let fresh: Vec<&Output> = outputs.iter().filter(|output| output.is_fresh()).collect();
    if !fresh.is_empty() {
        console.step("Unchanged", count(fresh.len(), "file"));
        fresh.into_iter().for_each(|output| console.detail(files::show(&output.path)));
    }
}

/// Tells what is stale, and how it differs.
fn check(environment: &Environment, outputs: &[Output], console: &mut Console<'_>) -> Status {
    let mut stale: Vec<&PathBuf> = Vec::new();
    let mut fresh = Vec::new();
    for output in outputs {
        let path = files::show(&output.path);
        if output.is_fresh() {
            fresh.push(path);
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
    if !fresh.is_empty() {
        console.step("Fresh", count(fresh.len(), "file"));
        fresh.iter().for_each(|path| console.detail(path));
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
