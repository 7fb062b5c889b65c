//! `init`: the beginnings of a repository's settings, each with what it is for.

use clap::Args;
use pagebind::diagnostic::{Diagnostic, Diagnostics};

use crate::{
    environment::{self, Environment},
    project::files::{self, Output},
    status::Status,
    terminal::console::Console,
};

/// The arguments: there are none.
#[derive(Debug, Args)]
pub struct Arguments {}

/// Runs the command.
pub(super) fn run(
    environment: &Environment,
    console: &mut Console<'_>,
) -> Result<Status, Diagnostics> {
    let files = [
        (environment.root.join(environment::FILE_NAME), include_str!("../template/pagebind.toml")),
        (environment.openapi.join("README.md"), include_str!("../template/openapi.md")),
    ];
    let mut outputs = Vec::new();
    for (path, template) in files {
        // What somebody has written stays as it is.
        if path.exists() {
            console.step("Unchanged", files::show(&path));
        } else {
            outputs.push(Output::new(path, template.replace("{{command}}", &environment.command))?);
        }
    }
    outputs.extend(attributes(environment)?);
    files::write(&environment.root, &outputs)?;
    for output in &outputs {
        console.step("Written", files::show(&output.path));
    }
    let next = format!("next: `{} add NAME SOURCE…` with the pages of an API", environment.command);
    console.step("Finished", next);
    Ok(Status::Done)
}

/// What tells git to keep pages and contracts to the byte; nothing where somebody has told it.
pub(super) fn attributes(environment: &Environment) -> Result<Option<Output>, Diagnostic> {
    let path = environment.openapi.join(".gitattributes");
    let content = include_str!("../template/openapi.gitattributes").to_owned();
    if path.exists() { Ok(None) } else { Output::new(path, content).map(Some) }
}
