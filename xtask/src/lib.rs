//! `cargo xtask`: the command line of pagebind on this workspace, the demo of what it makes, and the
//! benchmarks.

mod bench;
mod demo;
mod network;

use std::{ffi::OsString, path::Path, process::ExitCode};

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

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    // Cargo builds this program inside the workspace that it works on.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    // Both strip colours where there is no terminal, and where `NO_COLOR` asks for it.
    let mut out = anstream::stdout().lock();
    let mut err = anstream::stderr();
    let status = match Environment::at(root, "cargo xtask") {
        Ok(environment) => run(&environment, std::env::args_os(), &mut out, &mut err),
        Err(problem) => fail(&problem.into(), &mut err),
    };
    ExitCode::from(status as u8)
}

/// Runs the command that `args` call; they begin with the name of the program.
pub fn run(
    environment: &Environment,
    args: impl IntoIterator<Item = OsString>,
    out: &mut dyn Stream,
    err: &mut dyn Stream,
) -> Status {
    let args: Vec<OsString> = args.into_iter().collect();
    match parse::<Arguments>(environment, args.iter().cloned(), out, err) {
        Ok(Arguments { command: Command::Pagebind(command), verbosity })
            if command.asks_publishers() && !cfg!(feature = "network") =>
        {
            network::run(environment, &args, verbosity, err)
                .unwrap_or_else(|problems| fail(&problems, err))
        }
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
