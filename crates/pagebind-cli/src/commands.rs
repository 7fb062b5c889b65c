//! The commands: what a command line says, and the one of them that it calls.

mod add;
mod diff;
mod document;
mod drift;
mod explain;
mod generate;
mod init;
mod list;
mod lower;
mod merge;
mod overlay;
mod suggest;
mod update;

use std::ffi::OsString;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use pagebind::diagnostic::Diagnostics;

use crate::{
    environment::Environment,
    project::files,
    publisher::fetch::Policy,
    status::Status,
    terminal::console::{Console, Stream, Verbosity},
};

/// Typed Rust clients from API reference pages as they are published.
///
/// Exit status: 0 nothing to do or done, 1 findings (stale, conflict, drift), 2 usage, 3 could not tell
/// (unreachable, unreadable).
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    verbosity: Verbosity,
}

/// One command, with its arguments.
#[derive(Debug, Subcommand)]
#[non_exhaustive]
pub enum Command {
    /// Make contract and client source of the vendored pages, all or nothing
    Generate(generate::Arguments),
    /// Merge the pages of an API into one OpenAPI document
    Merge(merge::Arguments),
    /// Apply corrections (OpenAPI Overlay 1.1) to a document
    Overlay(overlay::Arguments),
    /// Lower an OpenAPI 3.1 document to 3.0
    Lower(lower::Arguments),
    /// Compare the vendored pages with what is published
    ///
    /// Exit status: 1 where something is found from --fail-on on, or pages contradict each other, and
    /// 3 where not all of an API could be compared (unreachable, unreadable), whatever else is found of
    /// it. Of several APIs, the report says of each how it ends, and what was found of one outweighs
    /// what could not be told of another: they end with 1 if one does, or else with 3. The report has
    /// all that was found in any case.
    Drift(drift::Arguments),
    /// Compare two documents, or two folders of pages
    Diff(diff::Arguments),
    /// Propose the corrections that a contract calls for
    Suggest(suggest::Arguments),
    /// Accept what is published: vendor it, regenerate, and propose the changelog entry
    Update(update::Arguments),
    /// Write the settings of a repository, each with what it is for
    Init(init::Arguments),
    /// Add an API from its pages, with its corrections and its client; or further pages to one that is there
    Add(add::Arguments),
    /// List the APIs, their pages, and whether their clients are in step
    List(list::Arguments),
    /// Tell where a thing of a contract or of a client comes from, and what became of it
    Explain(explain::Arguments),
}

/// Runs the command that `args` call; they begin with the name of the program.
///
/// Relative paths among the arguments are taken from the current folder.
pub fn run(
    environment: &Environment,
    args: impl IntoIterator<Item = OsString>,
    out: &mut dyn Stream,
    err: &mut dyn Stream,
) -> Status {
    match parse::<Arguments>(environment, args, out, err) {
        Ok(Arguments { command, verbosity }) => command.run(environment, verbosity, out, err),
        Err(status) => status,
    }
}

/// Reads the arguments of a command line, under the name by which its users call it.
///
/// # Errors
/// The status to end with, once help was given, or what is wrong with the arguments was said.
pub fn parse<T: CommandFactory + FromArgMatches>(
    environment: &Environment,
    args: impl IntoIterator<Item = OsString>,
    out: &mut dyn Stream,
    err: &mut dyn Stream,
) -> Result<T, Status> {
    let mut command = T::command().bin_name(&environment.command);
    let parsed = command
        .try_get_matches_from_mut(args)
        .and_then(|matches| T::from_arg_matches(&matches))
        .map_err(|error| error.format(&mut command));
    parsed.map_err(|error| {
        let is_answer = !error.use_stderr();
        let text = error.render().ansi().to_string();
        // A terminal that is gone can't be told so.
        let _ =
            if is_answer { out.write_all(text.as_bytes()) } else { err.write_all(text.as_bytes()) };
        if is_answer { Status::Done } else { Status::Usage }
    })
}

impl Command {
    /// Whether it asks publishers, which takes the feature `network`.
    #[must_use]
    pub fn asks_publishers(&self) -> bool {
        match self {
            Self::Add(arguments) => arguments.asks_publishers(),
            Self::Drift(arguments) => arguments.published.is_none(),
            Self::Update(arguments) => arguments.published.is_none(),
            _ => false,
        }
    }

    /// Runs the command.
    #[must_use = "the status says how it ended"]
    pub fn run(
        self,
        environment: &Environment,
        verbosity: Verbosity,
        out: &mut dyn Stream,
        err: &mut dyn Stream,
    ) -> Status {
        let mut console = Console::new(err, verbosity);
        // Whatever the command, it is to see a tree that is whole.
        let recovered =
            files::recover(&environment.root).map(|recovered| console.recovered(recovered));
        let result = recovered
            .map_err(Diagnostics::from)
            .and_then(|()| self.dispatch(environment, out, &mut console));
        result.unwrap_or_else(|problems| fail(&problems, err))
    }

    fn dispatch(
        self,
        environment: &Environment,
        out: &mut dyn Stream,
        console: &mut Console<'_>,
    ) -> Result<Status, Diagnostics> {
        match self {
            Self::Generate(arguments) => generate::run(environment, &arguments, out, console),
            Self::Merge(arguments) => merge::run(environment, &arguments, out, console),
            Self::Overlay(arguments) => overlay::run(&arguments, out, console),
            Self::Lower(arguments) => lower::run(&arguments, out, console),
            Self::Drift(arguments) => drift::run(environment, &arguments, out, console),
            Self::Diff(arguments) => diff::run(&arguments, out, console),
            Self::Suggest(arguments) => suggest::run(environment, &arguments, out, console),
            Self::Update(arguments) => update::run(environment, &arguments, out, console),
            Self::Init(init::Arguments {}) => init::run(environment, console),
            Self::List(arguments) => list::run(environment, &arguments, out, console),
            Self::Explain(arguments) => explain::run(environment, &arguments, out, console),
            Self::Add(arguments) => add::run(environment, &arguments, &Policy::default(), console),
        }
    }
}

/// Tells the problems that ended the work, and the status to end with.
pub fn fail(problems: &Diagnostics, err: &mut dyn Stream) -> Status {
    Console::new(err, Verbosity::default()).problems(problems);
    Status::of(problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every argument of a command and of those below it that is not explained, nor is each of its values.
    fn unexplained(command: &clap::Command, around: &str) -> Vec<String> {
        let name = format!("{around} {}", command.get_name());
        let mut found = Vec::new();
        let is_explained = |id: &str, help: Option<String>| {
            help.is_some_and(|help| {
                let help = help.trim().to_lowercase();
                !help.is_empty() && help != id.replace(['-', '_'], " ").to_lowercase()
            })
        };
        if !is_explained(command.get_name(), command.get_about().map(ToString::to_string)) {
            found.push(name.clone());
        }
        for argument in command.get_arguments() {
            let id = argument.get_id().as_str();
            if !is_explained(id, argument.get_help().map(ToString::to_string)) {
                found.push(format!("{name} {id}"));
            }
            // Whether a flag is there explains itself.
            let takes_value = argument.get_action().takes_values();
            for value in argument.get_possible_values().iter().filter(|_| takes_value) {
                if !is_explained(value.get_name(), value.get_help().map(ToString::to_string)) {
                    found.push(format!("{name} {id} {}", value.get_name()));
                }
            }
        }
        found.extend(command.get_subcommands().flat_map(|below| unexplained(below, &name)));
        found
    }

    #[test]
    fn every_command_argument_and_value_says_what_it_means() {
        assert_eq!(unexplained(&Arguments::command(), ""), Vec::<String>::new());
    }

    #[test]
    fn publishers_are_asked_where_no_folder_stands_for_them() {
        let asks = |line: &str| {
            let words = line.split(' ');
            Arguments::try_parse_from(words).unwrap().command.asks_publishers()
        };
        for line in ["drift", "drift cards", "update", "add cards pages https://example.com/card"] {
            assert!(asks(&format!("pagebind {line}")), "{line}");
        }
        let saved =
            ["drift --published it", "update --published it", "add cards pages", "generate"];
        for line in saved.into_iter().chain(["add cards https://example.com/card --published it"]) {
            assert!(!asks(&format!("pagebind {line}")), "{line}");
        }
    }

    #[test]
    fn what_is_not_explained_is_found() {
        let value = clap::builder::PossibleValue::new("fast");
        let argument = clap::Arg::new("speed").value_parser([value]).help("Speed");
        let command = clap::Command::new("run").about("Go").arg(argument);
        assert_eq!(unexplained(&command, ""), [" run speed", " run speed fast"]);
    }
}
