//! `cargo xtask bench`: the benchmarks, which are a program of their own.
//!
//! It draws and measures with libraries that no other command needs, so it is built when it is called.

use std::{env, ffi::OsString, process};

use pagebind::diagnostic::{Diagnostic, Diagnostics};
use pagebind_cli::{Environment, Status};

/// Runs the command.
pub(crate) fn run(
    environment: &Environment,
    arguments: &[OsString],
) -> Result<Status, Diagnostics> {
    let status = process::Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["run", "--release", "--locked", "--package", "bench", "--"])
        .args(arguments)
        .current_dir(&environment.root)
        .status()
        .map_err(|error| Diagnostic::unreadable(format!("the benchmarks can't be run: {error}")))?;
    Ok(match status.code() {
        Some(0) => Status::Done,
        Some(2) => Status::Usage,
        // It, or cargo, has told what stopped it.
        _ => Status::CouldNotTell,
    })
}
