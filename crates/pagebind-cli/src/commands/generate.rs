//! `generate`: pages → contract → client source, all or nothing.

pub(super) mod notes;
pub(super) mod outputs;

use std::{
    io::Write,
    path::{Path, PathBuf},
    time::Instant,
};

use clap::{Args, ValueEnum};
use pagebind::{
    diagnostic::{Diagnostic, Diagnostics, Place},
    merge::{self, Merged},
    overlay::Correction,
    stack,
};
use pagebind_codegen::{Generated, Setup};
use serde_json::{Value, json};

use crate::{
    environment::Environment,
    project::{
        contract, features,
        files::{self, Output},
        manifest::{self, Kind},
        module,
        record::{Inputs, Records},
        sources::{self, Api, Apis},
        target::Target,
    },
    status::Status,
    template,
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
    let mut apis = to_make(environment, arguments, records.as_ref(), console)?;
    for (api, _) in &mut apis {
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
    for (api, inputs) in &mut apis {
        match api.kind {
            Kind::Openapi => match last(environment, api, &target(api), console) {
                Ok(made) => {
                    outputs.extend(made.outputs);
                    reports.push(made.report);
                    made_of.push((&*api, &*inputs, made.warnings));
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
        outputs::check(environment, &outputs, console)
    } else {
        outputs::write(arguments.out.as_deref().unwrap_or(&environment.root), &outputs, console)?
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

/// The APIs that are to be made, with what their folders held before they were read: what is made of them
/// stands for nothing newer. Those that are known to be in step are told, and left out.
fn to_make(
    environment: &Environment,
    arguments: &Arguments,
    records: Option<&Records>,
    console: &mut Console<'_>,
) -> Result<Vec<(Api, Option<Inputs>)>, Diagnostics> {
    let Some(records) = records else {
        let apis = sources::read(environment, &arguments.apis)?;
        return Ok(apis.into_iter().map(|api| (api, None)).collect());
    };
    let trusts = arguments.check && arguments.format == Form::Human && !console.is_verbose();
    let mut folders = sources::folders(environment, &arguments.apis)?;
    let mut inputs = Vec::new();
    folders.retain(|folder| {
        let found = records.inputs(folder);
        let name = sources::name_of(folder);
        let target = environment.target(&name);
        let known = found.as_ref().and_then(|found| records.in_step(found, folder, &target));
        let known = known.filter(|_| trusts);
        match known {
            Some(warnings) => tell_in_step(&name, warnings, console),
            None => inputs.push(found),
        }
        known.is_none()
    });
    Ok(sources::read_from(&folders)?.into_iter().zip(inputs).collect())
}

fn tell_in_step(name: &str, warnings: usize, console: &mut Console<'_>) {
    let warnings = match warnings {
        0 => String::new(),
        some => format!(", with {} that `-v` shows", count(some, "warning")),
    };
    console.step("Fresh", format!("{name}: nothing has changed since it was in step{warnings}"));
}

/// What is made of one API.
pub(super) struct Made {
    /// The contract, and the source of the client.
    pub(super) outputs: Vec<Output>,
    /// How the client is set up.
    pub(super) setup: Setup,
    /// How many lines the source has.
    pub(super) lines: usize,
    /// How many tags the operations bear.
    pub(super) tags: usize,
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
    console.during("Generating", &api.name, |console| {
        let merged = read(api, console)?;
        make(environment, api, merged, target, console)
    })
}

/// The same for an API whose pages nobody reads any more: they are larger than what was merged of them, and
/// are let go of before anything is made of that.
fn last(
    environment: &Environment,
    api: &mut Api,
    target: &Target,
    console: &mut Console<'_>,
) -> Result<Made, Diagnostics> {
    console.during("Generating", &api.name.clone(), |console| {
        let merged = read(api, console)?;
        api.sources.iter_mut().for_each(|source| source.pages.clear());
        make(environment, api, merged, target, console)
    })
}

/// What the pages of an API are together.
fn read(api: &Api, console: &mut Console<'_>) -> Result<Merged, Diagnostics> {
    console.step("Read", format!("{}: {}", api.name, count(api.sources.len(), "page")));
    for source in &api.sources {
        console.detail(slug(&source.name));
    }
    merge(api, console)
}

fn make(
    environment: &Environment,
    api: &Api,
    mut merged: Merged,
    target: &Target,
    console: &mut Console<'_>,
) -> Result<Made, Diagnostics> {
    let document = std::mem::take(&mut merged.document);
    let (contract, corrections) = contract::correct(environment, api, document)?;
    if !corrections.is_empty() {
        console.corrections(&corrections);
    }
    let (generated, text) = stack::beside(
        || pagebind_codegen::generate(&contract),
        || serde_json::to_string_pretty(&contract),
    );
    let generated = generated.map_err(|mut problems| {
        problems.iter_mut().for_each(|problem| name_pages(problem, &merged));
        problems
    })?;
    let manifest = Place::new(files::show(&api.folder.join(manifest::FILE_NAME)));
    let misnamed = generated.misnamed.iter().cloned();
    Diagnostics::check(misnamed.map(|problem| problem.place(manifest.clone())).collect())?;
    notes::tell(&generated, &merged, console);
    for problem in &generated.left_out {
        let mut problem = problem.clone();
        name_pages(&mut problem, &merged);
        let place = problem.places.first().map(|place| format!("{place}: ")).unwrap_or_default();
        console.warn("Missing", format!("{place}{}", problem.message));
    }
    let text = text.map_err(|error| {
        Diagnostic::finding(format!("the contract can't be written as JSON: {error}"))
    })?;
    let report = report(api, &merged, &corrections, &generated);
    let warnings = merged.warnings.len() + generated.left_out.len();
    let lines = generated.source.lines().count();
    let mut outputs = target.outputs(text + "\n", generated.source)?;
    match target {
        Target::Crate(folder) if api.features => {
            let needed = generated.setup.features();
            outputs.extend(features::output(folder, &generated.features, needed)?);
        }
        Target::Crate(folder) => {
            outputs.extend(features::removed(folder, generated.setup.features())?);
        }
        Target::Module(_) => {
            let mock = template::dependency(environment, &[("optional", "true")]);
            module::check(environment, api, &mock)?;
        }
    }
    Ok(Made {
        outputs,
        setup: generated.setup,
        lines,
        tags: generated.features.len(),
        warnings,
        report,
    })
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
        let files = match api.passed_over.len() {
            1 => "1 file that is no page".to_owned(),
            several => format!("{several} files that are no pages"),
        };
        console.step("Skipped", format!("{files}: {}", api.passed_over.join(", ")));
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

/// The name of a page at its publisher: that of its file, without the ending.
fn slug(page: &str) -> String {
    Path::new(page)
        .file_stem()
        .map_or_else(|| page.to_owned(), |stem| stem.to_string_lossy().into_owned())
}
