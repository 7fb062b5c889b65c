//! The tests, on a copy of the workspace that is what it is to become. They hold the new tree, and
//! they write the snapshots that go with it; the workspace itself is not touched.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use pagebind::diagnostic::{Diagnostic, Diagnostics, Place};
use tempfile::TempDir;

use crate::{
    environment::{Environment, cargo},
    project::files::{self, Output},
    terminal::console::Console,
};

/// Runs the tests of the workspace and of the crates of `apis` with `outputs` in their places, and
/// gives the snapshots that are other than before. A workspace without tests has none.
///
/// # Errors
/// Tests that fail: what is published takes work by hand.
pub(super) fn snapshots(
    environment: &Environment,
    outputs: &[Output],
    apis: &[&str],
    console: &mut Console<'_>,
) -> Result<Vec<Output>, Diagnostics> {
    let root = &environment.root;
    let Some(tests) = &environment.tests else { return Ok(Vec::new()) };
    if !root.join(&tests.folder).join("Cargo.toml").is_file() {
        return Ok(Vec::new());
    }
    let mut packages = vec![tests.package.as_str()];
    let has_crate = |api: &&&str| environment.crates.join(api).join("Cargo.toml").is_file();
    packages.extend(apis.iter().filter(has_crate));
    console.step("Testing", format!("{} on a copy; it takes a while", packages.join(", ")));
    let copy = copy(root, outputs).map_err(|error| {
        Diagnostic::unreadable(format!("failed to copy the workspace: {error}"))
            .place(Place::new(files::show(root)))
            .help("mend the cause and run the command again; nothing was changed")
    })?;
    test(root, copy.path(), &packages, console)?;
    changed(root, copy.path())
}

/// The workspace as it is to become, in a folder that goes away with it.
fn copy(root: &Path, outputs: &[Output]) -> io::Result<TempDir> {
    fs::create_dir_all(folder(root))?;
    let copy = tempfile::Builder::new().prefix("copy-").tempdir_in(folder(root))?;
    let write = |path: &Path, content: &[u8]| {
        let to = copy.path().join(path);
        fs::create_dir_all(to.parent().unwrap_or(copy.path()))?;
        fs::write(to, content)
    };
    for path in walk(root)? {
        // Not `fs::copy`, which keeps the time of a file on some systems: cargo would take what it
        // built for an earlier copy to be fresh.
        write(&path, &fs::read(root.join(&path))?)?;
    }
    let root = std::path::absolute(root)?;
    for output in outputs {
        // What lies outside of the workspace is nothing that its tests know of.
        if let Ok(path) = std::path::absolute(&output.path)?.strip_prefix(&root) {
            write(path, output.content.as_bytes())?;
        }
    }
    Ok(copy)
}

/// Where the copy is, and what is built of it: beside what is built of the workspace, and never
/// mixed with it, as cargo tells packages apart by their place in the workspace.
fn folder(root: &Path) -> PathBuf {
    root.join("target/update")
}

/// The files of a workspace, from its root; neither its history nor what was built.
fn walk(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root.join(&folder))? {
            let entry = entry?;
            let path = folder.join(entry.file_name());
            if path == Path::new("target") || path == Path::new(".git") {
                continue;
            }
            if entry.file_type()?.is_dir() {
                folders.push(path);
            } else if root.join(&path).is_file() {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

fn test(
    root: &Path,
    copy: &Path,
    packages: &[&str],
    console: &mut Console<'_>,
) -> Result<(), Diagnostic> {
    let mut command = cargo();
    command.args(["test", "--locked", "--no-fail-fast"]);
    for package in packages {
        command.args(["--package", package]);
    }
    let output = command
        .current_dir(copy)
        .env("CARGO_TARGET_DIR", folder(root).join("build"))
        .env("INSTA_UPDATE", "always")
        .env_remove("INSTA_WORKSPACE_ROOT")
        .output()
        .map_err(|error| {
            Diagnostic::unreadable(format!("failed to run cargo: {error}"))
                .help("install cargo; nothing was changed")
        })?;
    if output.status.success() {
        return Ok(());
    }
    for stream in [output.stdout, output.stderr] {
        console.verbatim(&String::from_utf8_lossy(&stream));
    }
    Err(Diagnostic::finding("the tests fail with what is published now")
        .place(Place::new(packages.join(", ")))
        .help("nothing was changed; vendor the pages by hand, as in CONTRIBUTING.md, and mend the code in the same change"))
}

/// The snapshots of the copy that differ from those of the workspace.
fn changed(root: &Path, copy: &Path) -> Result<Vec<Output>, Diagnostics> {
    let paths = walk(copy).map_err(|error| {
        Diagnostic::unreadable(format!("failed to read the copy of the workspace: {error}"))
            .place(Place::new(files::show(copy)))
    })?;
    let mut outputs = Vec::new();
    for path in paths.iter().filter(|path| is_snapshot(path)) {
        let output = Output::new(root.join(path), files::read_text(&copy.join(path))?)?;
        if !output.is_fresh() {
            outputs.push(output);
        }
    }
    Ok(outputs)
}

/// Whether insta keeps this file: `name.snap`, or what a binary snapshot holds, `name.snap.rs`.
fn is_snapshot(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    (name.ends_with(".snap") || name.contains(".snap.")) && !name.ends_with(".snap.new")
}
