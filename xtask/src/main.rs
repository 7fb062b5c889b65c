//! `cargo xtask …`: the command line on the real workspace and terminal.

use std::{path::Path, process::ExitCode};

use pagebind_cli::{Environment, fail};

/// Documents and sources are trees of small values, which it is faster with.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Cargo builds this program inside the workspace that it works on.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    // Both strip colours where there is no terminal, and where `NO_COLOR` asks for it.
    let mut out = anstream::stdout().lock();
    let mut err = anstream::stderr();
    let status = match Environment::at(root, "cargo xtask") {
        Ok(environment) => xtask::run(&environment, std::env::args_os(), &mut out, &mut err),
        Err(problem) => fail(&problem.into(), &mut err),
    };
    ExitCode::from(status as u8)
}
