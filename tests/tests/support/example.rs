//! An example as a process: its arguments and environment, and what it says.

#![allow(dead_code, reason = "each test binary uses its own part")]

use std::env::{self, consts::EXE_SUFFIX};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use sandbox::Sandbox;
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};

/// Stands in each field of a test's input that holds personal data.
pub(crate) const MARKER: &str = "Marker";

/// What no example may print: the marker, the data that examples make up, and the secrets.
const PERSONAL: [&str; 10] = [
    MARKER,
    "Alex",
    "Miller",
    "example.com",
    "5545999999999",
    "Market Street",
    "San Francisco",
    "94105",
    "90001",
    Sandbox::PASSPORT.1,
];

/// An example that is to be run.
pub(crate) struct Example {
    command: Command,
    input: String,
}

/// How it ended, and what it said.
#[derive(Debug)]
pub(crate) struct Ended {
    /// The exit status; -1 if a signal ended it.
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Example {
    pub(crate) fn new(name: &str, sandbox: &Sandbox) -> Self {
        Self::command(Command::new(executable(name)), sandbox)
    }

    /// A command that becomes an example.
    pub(crate) fn command(mut command: Command, sandbox: &Sandbox) -> Self {
        command.envs(sandbox.environment()).kill_on_drop(true);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Self { command, input: String::new() }
    }

    pub(crate) fn arguments(mut self, arguments: &[&str]) -> Self {
        self.command.args(arguments);
        self
    }

    pub(crate) fn with(mut self, variable: &str, value: &str) -> Self {
        self.command.env(variable, value);
        self
    }

    pub(crate) fn without(mut self, variable: &str) -> Self {
        self.command.env_remove(variable);
        self
    }

    /// Its standard input.
    pub(crate) fn input(mut self, input: &str) -> Self {
        input.clone_into(&mut self.input);
        self
    }

    pub(crate) fn start(mut self) -> Child {
        self.command.spawn().unwrap()
    }

    /// Runs it to its end.
    pub(crate) async fn run(self) -> Ended {
        let input = self.input.clone();
        let mut child = self.start();
        let mut stdin = child.stdin.take().unwrap();
        // One that needs no input may have ended.
        let _ = stdin.write_all(input.as_bytes()).await;
        drop(stdin);
        ended(child).await
    }
}

/// Waits for an example to end, and looks at every word of it.
pub(crate) async fn ended(child: Child) -> Ended {
    let output = child.wait_with_output().await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let ended = Ended {
        status: output.status.code().unwrap_or(-1),
        out: text(output.stdout),
        err: text(output.stderr),
    };
    for personal in PERSONAL {
        let printed = ended.out.contains(personal) || ended.err.contains(personal);
        assert!(!printed, "it prints `{personal}`: {ended:?}");
    }
    ended
}

/// The program of an example. Cargo puts it beside the folder that this test's own program is in,
/// and builds it for `cargo test --workspace`, but not for this package alone.
pub(crate) fn executable(name: &str) -> PathBuf {
    let own = env::current_exe().unwrap();
    let folder = own.parent().and_then(|deps| deps.parent()).unwrap().join("examples");
    let path = folder.join(format!("{name}{EXE_SUFFIX}"));
    let modified = |path: &Path| path.metadata().and_then(|file| file.modified()).ok();
    let built = modified(&path);
    let dep_info = fs::read_to_string(path.with_extension("d")).unwrap_or_default();
    let sources = sources(&dep_info);
    // A source that is gone makes it stale too.
    let current = |source: &PathBuf| modified(source).is_some_and(|changed| Some(changed) <= built);
    assert!(
        !sources.is_empty() && sources.iter().all(current),
        "the example `{name}` is not built, or older than its source: run \
         `cargo build --workspace --examples`, or `cargo test --workspace`"
    );
    path
}

/// The files that a program was built from, its packages' among them, as cargo writes them down
/// beside it: `program: file file …`, with a backslash before each space in a path.
pub(crate) fn sources(dep_info: &str) -> Vec<PathBuf> {
    let Some((_, files)) = dep_info.trim_end().split_once(": ") else { return Vec::new() };
    // No path holds a null character.
    let files = files.replace("\\ ", "\0");
    files.split(' ').map(|file| file.replace('\0', " ").into()).collect()
}
