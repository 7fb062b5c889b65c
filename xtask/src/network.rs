//! Commands that ask publishers: this program, built once more with what that takes.

use std::{env, ffi::OsString, process};

use pagebind::diagnostic::{Diagnostic, Diagnostics};
use pagebind_cli::{Environment, Status, Stream, Verbosity};

/// Runs the command line `args` by a program that can.
pub(crate) fn run(
    environment: &Environment,
    args: &[OsString],
    verbosity: Verbosity,
    err: &mut dyn Stream,
) -> Result<Status, Diagnostics> {
    let mut online = process::Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    online.args(["run", "--locked", "--package", "xtask", "--bin", "online"]);
    // Not from the root: paths among the arguments are taken from the current folder.
    online.arg("--manifest-path").arg(environment.root.join("Cargo.toml"));
    if verbosity.quiet {
        online.arg("--quiet");
    } else {
        // Who reads it may be gone.
        let _ = writeln!(err, "{:>12} the publishers, by a program that is built for it", "Asking");
    }
    let status = online.arg("--").args(args.iter().skip(1)).status().map_err(|error| {
        Diagnostic::unreadable(format!("what asks publishers can't be run: {error}"))
    })?;
    Ok(match status.code() {
        Some(0) => Status::Done,
        Some(1) => Status::Findings,
        Some(2) => Status::Usage,
        // It, or cargo, has told what stopped it.
        _ => Status::CouldNotTell,
    })
}
