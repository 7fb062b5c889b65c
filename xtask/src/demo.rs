//! `cargo xtask demo`: from the vendored pages to calls of both clients, shown step by step.
//!
//! The calls are made by a program of their own, which is built once the clients are generated: a
//! client that does not compile must not keep this command line from being built, which mends it.

use std::{
    env, io,
    process::{self, Stdio},
};

use pagebind::diagnostic::{Diagnostic, Diagnostics};
use pagebind_cli::{Environment, Status, Stream};

/// Runs the command.
pub(crate) fn run(
    environment: &Environment,
    out: &mut dyn Stream,
    err: &mut dyn Stream,
) -> Result<Status, Diagnostics> {
    let generate = ["xtask", "generate"].map(Into::into);
    match pagebind_cli::run(environment, generate, out, err) {
        Status::Done => {}
        status => return Ok(status),
    }
    let problem = |what: &str, error: io::Error| {
        Diagnostics::from(Diagnostic::unreadable(format!("the demo can't be {what}: {error}")))
    };
    let mut demo = process::Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        // Colours are taken off again where `out` is no terminal.
        .args(["run", "--quiet", "--locked", "--package", "demo", "--", "--color=always"])
        .current_dir(&environment.root)
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| problem("run", error))?;
    // The pipe is closed at the end of this, so that the demo never waits for a reader who left.
    let shown = demo.stdout.take().map(|mut shown| io::copy(&mut shown, out));
    let status = demo.wait().map_err(|error| problem("run", error))?;
    shown.transpose().map_err(|error| problem("shown", error))?;
    match status.code() {
        Some(0) => Ok(Status::Done),
        // It has told already which step did not do what it says.
        Some(1) => Ok(Status::Findings),
        _ => Err(Diagnostic::unreadable("the demo did not come to its end")
            .help("what stopped it stands above: mostly a client that does not compile")
            .into()),
    }
}
