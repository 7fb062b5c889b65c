//! The command line of the workspace: arguments, files and the terminal.
//!
//! What the commands do is in the crates; here is what connects them to files. Results go to
//! `out`, the story of how they came about to `err`, and both are plain writers, so that tests
//! see what a terminal sees.

mod add;
mod cli;
mod contract;
mod demo;
mod diff;
mod drift;
#[doc(hidden)]
pub mod faults;
mod fetch;
mod files;
mod generate;
mod manifest;
mod place;
mod published;
mod report;
mod sources;
mod steps;
mod story;
mod update;

use std::{env, ffi::OsString, io::Write, path::Path, process};

use clap::Parser;
use pagebind::diagnostic::{Diagnostics, Kind};

pub use crate::story::Audience;
use crate::{
    cli::{Cli, Command},
    fetch::Policy,
    story::Story,
};

/// How a command ended, as its exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Status {
    /// Nothing to do, or done.
    Done = 0,
    /// Findings: something is stale, in conflict, or drifted.
    Findings = 1,
    /// The arguments are not of the command's form.
    Usage = 2,
    /// Could not tell: something was unreachable or unreadable.
    CouldNotTell = 3,
}

/// Runs one command on the workspace at `root`; `args` begins with the name of the program.
///
/// Relative paths among the arguments are taken from the current folder.
pub fn run(
    root: &Path,
    args: impl IntoIterator<Item = OsString>,
    out: &mut dyn Write,
    err: &mut dyn Audience,
) -> Status {
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            let asked_for = !error.use_stderr();
            let text = error.render().ansi().to_string();
            // A terminal that is gone can't be told so.
            let _ = if asked_for {
                out.write_all(text.as_bytes())
            } else {
                err.write_all(text.as_bytes())
            };
            return if asked_for { Status::Done } else { Status::Usage };
        }
    };
    let mut story = Story::new(err);
    // Whatever the command, it is to see a tree that is whole.
    let recovered = files::recover(root).map(|recovered| story.recovered(recovered));
    let result = recovered.map_err(Diagnostics::from).and_then(|()| match cli.command {
        Command::Generate(arguments) => generate::run(root, &arguments, &mut story),
        Command::Merge(arguments) => steps::merge(root, &arguments, out, &mut story),
        Command::Overlay(arguments) => steps::overlay(&arguments, out, &mut story),
        Command::Lower(arguments) => steps::lower(&arguments, out, &mut story),
        Command::Drift(arguments) => drift::run(root, &arguments, out, &mut story),
        Command::Diff(arguments) => diff::run(&arguments, out, &mut story),
        Command::Update(arguments) => update::run(root, &arguments, out, &mut story),
        Command::Add(arguments) => add::run(root, &arguments, &Policy::default(), &mut story),
        Command::Demo => demo::run(root, out, &mut story),
    });
    result.unwrap_or_else(|problems| {
        story.problems(&problems);
        status_of(&problems)
    })
}

/// The cargo that runs this program, or the one that is found.
fn cargo() -> process::Command {
    process::Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

fn status_of(problems: &Diagnostics) -> Status {
    match problems.kind() {
        Kind::Unreadable => Status::CouldNotTell,
        _ => Status::Findings,
    }
}
