//! `cargo xtask`: the command line of pagebind on this workspace, the demo of what it makes, and the
//! benchmarks.

mod bench;
mod demo;

use std::{ffi::OsString, io::Write};

use clap::{Parser, Subcommand};
use pagebind_cli::{Environment, Status, Stream, Verbosity, fail, parse};

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

#[derive(Debug, Subcommand)]
enum Command {
    #[command(flatten)]
    Pagebind(pagebind_cli::Command),
    /// Show both clients at work: generate them, and call a local server that behaves as the APIs do
    Demo,
    /// Time every step beside its peers, and write bench/RESULTS.md; `bench --help` has more
    #[command(disable_help_flag = true)]
    Bench {
        /// What the benchmarks are given
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENT")]
        arguments: Vec<OsString>,
    },
}

/// Runs the command that `args` call; they begin with the name of the program.
pub fn run(
    environment: &Environment,
    args: impl IntoIterator<Item = OsString>,
    out: &mut dyn Write,
    err: &mut dyn Stream,
) -> Status {
    match parse::<Arguments>(environment, args, out, err) {
        Ok(Arguments { command: Command::Pagebind(command), verbosity }) => {
            command.run(environment, verbosity, out, err)
        }
        Ok(Arguments { command: Command::Demo, .. }) => {
            demo::run(environment, out, err).unwrap_or_else(|problems| fail(&problems, err))
        }
        Ok(Arguments { command: Command::Bench { arguments }, .. }) => {
            bench::run(environment, &arguments).unwrap_or_else(|problems| fail(&problems, err))
        }
        Err(status) => status,
    }
}
