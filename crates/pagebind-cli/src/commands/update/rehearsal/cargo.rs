//! Cargo at work on the copy: what it says of the code, and what it says of itself.
//!
//! Cargo ends in the same way when the code does not compile, when a test fails, and when it could
//! not get a package or ran out of disk. Only the first two tell something about what is published.

use std::{
    env,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    sync::mpsc,
    thread,
};

use pagebind::diagnostic::{Diagnostic, Place};
use serde_json::Value;

use crate::{environment::cargo, terminal::console::Console};

/// Where cargo builds what is at `root`: as the environment says, the configuration, or `target`.
pub(super) fn target_folder(root: &Path) -> Result<PathBuf, Diagnostic> {
    let mut command = cargo();
    command.args(["metadata", "--format-version=1", "--no-deps", "--offline"]).current_dir(root);
    let output = command.output().map_err(|error| no_cargo(&error))?;
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let target = metadata["target_directory"].as_str().map(PathBuf::from);
    // Elsewhere there is no such wrapper, and nothing can be shared.
    let target = if cfg!(unix) { target } else { target.map(|target| target.join("pagebind")) };
    target.ok_or_else(|| {
        let said = String::from_utf8_lossy(&output.stderr);
        Diagnostic::unreadable(format!("cargo can't read the workspace: {}", said.trim())).help(
            "mend the workspace first: `cargo metadata` says what is wrong; nothing was changed",
        )
    })
}

/// Runs cargo in `copy`, and tells of each package and of each program of tests as it comes.
///
/// # Errors
/// A finding where code does not compile or a test fails; what keeps cargo from telling otherwise.
pub(super) fn run(
    copy: &Path,
    target: &Path,
    arguments: &[String],
    console: &mut Console<'_>,
) -> Result<(), Diagnostic> {
    let Some((subcommand, arguments)) = arguments.split_first() else { return Ok(()) };
    let command = |flags: &[&str]| {
        let mut command = cargo();
        command.arg(subcommand).args(["--locked", "--color=never"]).args(flags).args(arguments);
        command
            .current_dir(copy)
            .env("CARGO_TARGET_DIR", target)
            // Cargo knows packages by their place in the workspace, and would take those of the copy
            // for the repository's own. With a wrapper (`env` only runs its arguments) it builds them apart
            // and shares all others.
            .envs(cfg!(unix).then_some(("RUSTC_WORKSPACE_WRAPPER", "env")))
            .env("INSTA_UPDATE", "always")
            // Cargo hands these to `cargo run`; they are of the workspace that runs, not of the copy.
            .env_remove("CARGO_MANIFEST_DIR")
            .env_remove("INSTA_WORKSPACE_ROOT");
        command
    };
    let tests = subcommand == "test";
    let flags: &[&str] = &["--message-format=json", "--no-run"];
    let built = stream(command(if tests { flags } else { &flags[..1] }), console)?;
    if !built.status.success() {
        return Err(does_not_compile(&built, console));
    }
    if tests {
        let ran = stream(command(&["--no-fail-fast"]), console)?;
        if !ran.status.success() {
            return Err(fails(&ran, console));
        }
    }
    Ok(())
}

/// What a run of cargo wrote, and how it ended.
struct Ran {
    status: ExitStatus,
    out: String,
    err: String,
}

/// Runs a command, and shows what it is at.
fn stream(mut command: Command, console: &mut Console<'_>) -> Result<Ran, Diagnostic> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| no_cargo(&error))?;
    let out = child.stdout.take().map(|mut out| {
        // Both are read at once, so that neither pipe fills up and stops cargo.
        thread::spawn(move || {
            let mut bytes = Vec::new();
            // What came before a pipe broke is all there is to tell.
            let _ = out.read_to_end(&mut bytes);
            String::from_utf8_lossy(&bytes).into_owned()
        })
    });
    let (lines, err) = mpsc::channel();
    if let Some(stderr) = child.stderr.take() {
        thread::spawn(move || {
            for line in BufReader::new(stderr).split(b'\n').map_while(Result::ok) {
                if lines.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                    return;
                }
            }
        });
    }
    let mut text = String::new();
    for line in err {
        if let Some(step) = step(&line) {
            console.more(step);
        }
        text += &line;
        text.push('\n');
    }
    let status = child.wait().map_err(|error| no_cargo(&error))?;
    let out = out.and_then(|out| out.join().ok()).unwrap_or_default();
    Ok(Ran { status, out, err: text })
}

/// A line of cargo that names a package of the workspace, or a program of tests.
fn step(line: &str) -> Option<String> {
    let (verb, what) = line.trim_start().split_once(' ')?;
    let shown = match verb {
        // Packages of a registry have no path behind their version.
        "Compiling" => what.split_once(" (")?.0,
        "Running" => what.split_once(" (")?.0,
        "Doc-tests" => what,
        _ => return None,
    };
    Some(format!("{} {shown}", verb.to_lowercase()))
}

/// Why a build failed: the errors that the compiler places in the source, or what cargo says.
fn does_not_compile(ran: &Ran, console: &mut Console<'_>) -> Diagnostic {
    let messages = ran.out.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let errors: Vec<String> = messages
        .filter(|message| message["reason"] == "compiler-message")
        .map(|mut message| message["message"].take())
        // One without a place is about the machine: a disk that is full, a linker that is missing.
        .filter(|error| error["level"] == "error" && error["spans"] != Value::Array(Vec::new()))
        .filter_map(|error| error["rendered"].as_str().map(str::to_owned))
        .collect();
    if errors.is_empty() {
        return could_not_tell(ran, console);
    }
    errors.iter().for_each(|error| console.verbatim(error));
    by_hand("hand-written code does not compile with what is published now")
}

/// Why tests failed: what they say, or what cargo says.
fn fails(ran: &Ran, console: &mut Console<'_>) -> Diagnostic {
    if !ran.out.contains("test result: FAILED") {
        console.verbatim(&ran.out);
        return could_not_tell(ran, console);
    }
    console.verbatim(&without_successes(&ran.out));
    by_hand("the tests fail with what is published now")
}

/// The words of tests that failed.
fn without_successes(out: &str) -> String {
    let of_success = |line: &&str| {
        let line = line.trim();
        line.is_empty()
            || line.starts_with("running ")
            || line.starts_with("test result: ok")
            || (line.starts_with("test ") && (line.ends_with(" ok") || line.ends_with(" ignored")))
    };
    let lines: Vec<&str> = out.lines().filter(|line| !of_success(line)).collect();
    lines.join("\n") + "\n"
}

fn by_hand(message: &str) -> Diagnostic {
    Diagnostic::finding(message)
        .help("nothing was changed; vendor the pages by hand, as in CONTRIBUTING.md, and mend the code in the same change")
}

fn could_not_tell(ran: &Ran, console: &mut Console<'_>) -> Diagnostic {
    console.verbatim(&ran.err);
    Diagnostic::unreadable(format!("cargo could not rehearse what is published ({})", ran.status))
        .place(Place::new("cargo").note("its own words stand above"))
        .help("mend the cause and run the command again; nothing was changed")
}

fn no_cargo(error: &std::io::Error) -> Diagnostic {
    let program = env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    Diagnostic::unreadable(format!("failed to run cargo: {error}"))
        .place(Place::new(program))
        .help("install cargo; nothing was changed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_of_the_workspace_and_a_program_of_tests_are_steps() {
        let steps = |line| step(line);
        assert_eq!(steps("   Compiling cards v0.1.0 (/a/b)").unwrap(), "compiling cards v0.1.0");
        assert_eq!(steps("   Compiling serde v1.0.0"), None);
        assert_eq!(
            steps("     Running tests/wire.rs (target/debug/deps/wire-1)").unwrap(),
            "running tests/wire.rs"
        );
        assert_eq!(steps("   Doc-tests cards").unwrap(), "doc-tests cards");
        assert_eq!(steps("    Finished `test` profile"), None);
    }

    #[test]
    fn only_what_failed_is_shown() {
        let out = "\nrunning 2 tests\ntest a ... ok\ntest b ... FAILED\n\nfailures:\n\n---- b stdout ----\n\
                   assertion failed\n\ntest result: FAILED. 1 passed; 1 failed\n\nrunning 1 test\ntest c ... ok\n\n\
                   test result: ok. 1 passed\n";
        assert_eq!(
            without_successes(out),
            "test b ... FAILED\nfailures:\n---- b stdout ----\nassertion failed\ntest result: FAILED. 1 passed; 1 failed\n"
        );
    }
}
