//! `cargo pagebind …`: the command line on the repository around the current folder.

use std::{env, path::PathBuf, process::ExitCode};

use pagebind::stack;
use pagebind_cli::{Environment, fail, run};

/// Documents and sources are trees of small values, which it is faster with.
#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // On a thread that has the room, so that what is made there is let go of there: the allocator hands back
    // what another thread has made in a way that costs more. Pages alone are read by others, too.
    stack::roomy(|| {
        let folder = env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
        // Cargo hands on the name by which it knows the program: `cargo-pagebind pagebind …`.
        let args = env::args_os().enumerate();
        let args = args.filter(|(index, arg)| *index != 1 || arg != "pagebind").map(|(_, arg)| arg);
        // Both strip colours where there is no terminal, and where `NO_COLOR` asks for it.
        let mut out = anstream::stdout().lock();
        let mut err = anstream::stderr();
        let status = match Environment::around(&folder, "cargo pagebind") {
            Ok(environment) => run(&environment, args, &mut out, &mut err),
            Err(problem) => fail(&problem.into(), &mut err),
        };
        ExitCode::from(status as u8)
    })
}
