//! `list`: the APIs that there are, their pages, and whether their clients are in step with them.
//!
//! When a page was vendored is what version control says of its copy: a date in the manifest would be one
//! more thing that can be wrong.

use std::{
    collections::HashMap,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};

use clap::Args;
use pagebind::diagnostic::{Diagnostic, Diagnostics, Place};
use serde_json::{Value, json};

use super::generate::{self, Form};
use crate::{
    environment::Environment,
    project::{
        files,
        manifest::Kind,
        sources::{self, Api, Apis},
    },
    status::Status,
    terminal::console::{Console, Verbosity, count},
};

/// The arguments.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    apis: Apis,
    /// The form of the list
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Form,
}

/// One API, as it is listed.
struct Listed {
    name: String,
    kind: Kind,
    pages: Vec<Page>,
    /// Whether contract and source are what its pages make; or why nobody can tell.
    step: Result<bool, String>,
}

struct Page {
    file: String,
    url: String,
    /// The day, as `2026-11-26`.
    vendored: Option<String>,
}

/// Runs the command.
pub(super) fn run(
    environment: &Environment,
    arguments: &Arguments,
    out: &mut dyn Write,
    console: &mut Console<'_>,
) -> Result<Status, Diagnostics> {
    let apis = sources::read(environment, &arguments.apis)?;
    let mut listed =
        |api: &Api| console.during("Checking", &api.name, |_| listed(environment, api));
    let listed: Vec<Listed> = apis.iter().map(&mut listed).collect();
    let text = match arguments.format {
        Form::Human => listed.iter().map(human).collect(),
        Form::Json => {
            let apis: Vec<Value> = listed.iter().map(json).collect();
            format!("{:#}\n", json!({ "apis": apis }))
        }
    };
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| {
        Diagnostic::unreadable(format!("failed to write the list: {error}"))
            .place(Place::new("standard output"))
    })?;
    let in_step = listed.iter().all(|api| api.step == Ok(true));
    Ok(if in_step { Status::Done } else { Status::Findings })
}

fn listed(environment: &Environment, api: &Api) -> Listed {
    let days = committed(&api.folder);
    let folder = files::show(&api.folder);
    let pages = api.sources.iter().map(|source| {
        let path = Path::new(&source.name);
        let below = path.strip_prefix(&folder).unwrap_or(path);
        Page {
            file: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            url: source.request.url.clone(),
            vendored: days.get(below).cloned(),
        }
    });
    let step = match api.kind {
        Kind::HelpPage => Ok(true),
        Kind::Openapi => {
            let mut told = Vec::new();
            let mut console = Console::new(&mut told, Verbosity::default());
            let made =
                generate::one(environment, api, &environment.target(&api.name), &mut console);
            let fresh = made.map(|made| made.outputs.iter().all(|output| output.is_fresh()));
            fresh.map_err(|problems| {
                problems.iter().next().map(|problem| problem.message.clone()).unwrap_or_default()
            })
        }
    };
    Listed { name: api.name.clone(), kind: api.kind, pages: pages.collect(), step }
}

/// The days on which the files in a folder were last committed, by their paths from there; of all at once,
/// since git looks through the history for it. Those that git does not know have none.
fn committed(folder: &Path) -> HashMap<PathBuf, String> {
    let mut git = Command::new("git");
    git.args(["-c", "core.quotePath=off", "log", "--format=%x00%cs", "--name-only", "--relative"]);
    let output = git.args(["--", "."]).current_dir(folder).output();
    let output = output.map(|output| output.stdout).unwrap_or_default();
    let mut days = HashMap::new();
    let mut day = String::new();
    // The newest commit comes first: a day, behind a mark, and the files that it changed.
    for line in String::from_utf8_lossy(&output).lines().filter(|line| !line.is_empty()) {
        match line.strip_prefix('\0') {
            Some(next) => next.clone_into(&mut day),
            None => drop(days.entry(PathBuf::from(line)).or_insert_with(|| day.clone())),
        }
    }
    days
}

fn human(api: &Listed) -> String {
    let step = match &api.step {
        Ok(true) if api.kind == Kind::HelpPage => "bound by hand".to_owned(),
        Ok(true) => "in step".to_owned(),
        Ok(false) => "not in step with its pages: generate it again".to_owned(),
        Err(problem) => format!("can't be generated: {problem}"),
    };
    let mut text = format!("{}: {}, {step}\n", api.name, count(api.pages.len(), "page"));
    for Page { file, url, vendored } in &api.pages {
        let vendored = vendored.as_deref().unwrap_or("not committed");
        let url = if url.is_empty() { file } else { url };
        text += &format!("  {vendored:<13}  {url}\n");
    }
    text
}

fn json(api: &Listed) -> Value {
    let pages: Vec<Value> = api
        .pages
        .iter()
        .map(|Page { file, url, vendored }| {
            let url = (!url.is_empty()).then_some(url);
            json!({ "file": file, "url": url, "vendored": vendored })
        })
        .collect();
    json!({
        "name": api.name,
        "kind": if api.kind == Kind::HelpPage { "help-page" } else { "openapi" },
        "pages": pages,
        "in_step": api.step.as_ref().ok(),
        "problem": api.step.as_ref().err(),
    })
}
