//! What an update does to the code around it, found out on a copy of the repository.
//!
//! The copy is what the repository is to become. What is run on it tells whether hand-written code
//! still fits, and writes the snapshots that go with the new contract; the repository itself is not
//! touched. The copy lies in cargo's target folder and stays there: the next rehearsal brings it up
//! to date, whatever an earlier one left behind, and compiles only what differs.

mod cargo;

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use fs4::FileExt;
use ignore::WalkBuilder;
use pagebind::diagnostic::{Diagnostic, Diagnostics, Place};

use crate::{
    environment::Environment,
    project::files::{self, Output},
    terminal::console::Console,
};

/// Runs the rehearsal of the repository with `outputs` in their places, and gives the snapshots that
/// are other than before. A repository without a cargo workspace has nothing to run.
///
/// # Errors
/// Code that does not compile, or tests that fail: what is published takes work by hand. And whatever
/// keeps cargo from telling.
pub(super) fn snapshots(
    environment: &Environment,
    outputs: &[Output],
    apis: &[&str],
    console: &mut Console<'_>,
) -> Result<Vec<Output>, Diagnostics> {
    let root = &environment.root;
    if environment.rehearsal.is_empty() || !root.join("Cargo.toml").is_file() {
        return Ok(Vec::new());
    }
    let target = cargo::target_folder(root)?;
    let copy = target.join("pagebind").join("rehearsal");
    let problem = |error: io::Error| {
        Diagnostic::unreadable(format!("failed to copy the repository: {error}"))
            .place(Place::new(files::show(&copy)))
            .help("mend the cause and run the command again; nothing was changed")
    };
    let _lock = lock(&copy)?;
    bring_up_to_date(root, &copy, outputs).map_err(problem)?;
    for arguments in commands(environment, apis) {
        let line = format!("cargo {}", arguments.join(" "));
        console.step("Rehearsing", &line);
        console
            .during("Running", &line, |console| cargo::run(&copy, &target, &arguments, console))?;
    }
    changed(root, &copy)
}

/// What cargo is to do, with each API in place of `{api}`.
fn commands(environment: &Environment, apis: &[&str]) -> Vec<Vec<String>> {
    let mut commands = Vec::new();
    let has_crate = |api: &&&str| environment.manifest_of(api).is_file();
    for command in &environment.rehearsal {
        let words =
            |api: &str| command.split_whitespace().map(|word| word.replace("{api}", api)).collect();
        if command.contains("{api}") {
            commands.extend(apis.iter().filter(has_crate).map(|api| words(api)));
        } else {
            commands.push(words(""));
        }
    }
    commands
}

/// Keeps the copy for one rehearsal at a time. The lock goes with the process that holds it.
fn lock(copy: &Path) -> Result<fs::File, Diagnostic> {
    let path = copy.with_extension("lock");
    let failed = |error: io::Error| {
        Diagnostic::unreadable(format!("failed to write the file: {error}"))
            .place(Place::new(files::show(&path)))
            .help("check the permissions of the folder; nothing was changed")
    };
    fs::create_dir_all(copy).map_err(failed)?;
    let file = fs::File::create(&path).map_err(failed)?;
    match FileExt::try_lock(&file) {
        Err(fs4::TryLockError::WouldBlock) => {
            Err(Diagnostic::unreadable("another update is rehearsed")
                .place(Place::new(files::show(&path)))
                .help("wait for it to end, and run this one again; nothing was changed"))
        }
        // Where a file system has no locks, none is held.
        _ => Ok(file),
    }
}

/// Makes `copy` the repository as it is to become. A file that is the same already stays as it is:
/// by the times of files cargo knows what to build again.
fn bring_up_to_date(root: &Path, copy: &Path, outputs: &[Output]) -> io::Result<()> {
    let mut wanted = BTreeSet::new();
    let mut write = |path: &Path, content: &[u8]| {
        let to = copy.join(path);
        if fs::read(&to).ok().as_deref() != Some(content) {
            fs::create_dir_all(to.parent().unwrap_or(copy))?;
            fs::write(&to, content)?;
        }
        wanted.insert(path.to_owned());
        io::Result::Ok(())
    };
    let absolute = std::path::absolute(root)?;
    let mut new = BTreeSet::new();
    for output in outputs {
        // What lies outside of the repository is nothing that its tests know of.
        if let Ok(path) = std::path::absolute(&output.path)?.strip_prefix(&absolute) {
            write(path, output.content.as_bytes())?;
            new.insert(path.to_owned());
        }
    }
    for path in walk(root, true)?.difference(&new) {
        write(path, &fs::read(root.join(path))?)?;
    }
    for path in walk(copy, false)?.difference(&wanted) {
        fs::remove_file(copy.join(path))?;
    }
    without_empty_folders(copy)
}

/// Removes the folders below `folder` that hold no file: cargo takes them for members of a workspace
/// that says `crates/*`.
fn without_empty_folders(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            without_empty_folders(&entry.path())?;
            if fs::read_dir(entry.path())?.next().is_none() {
                fs::remove_dir(entry.path())?;
            }
        }
    }
    Ok(())
}

/// The files below `root`, from there: without its history and, where it asks for it, without what
/// its `.gitignore` names, which no clean checkout has.
fn walk(root: &Path, ignoring: bool) -> io::Result<BTreeSet<PathBuf>> {
    let mut files = BTreeSet::new();
    let walk = WalkBuilder::new(root)
        .standard_filters(false)
        .git_ignore(ignoring)
        .require_git(false)
        .filter_entry(move |entry| {
            // Cargo marks its target folders, wherever they are.
            let built = ignoring && entry.path().join("CACHEDIR.TAG").is_file();
            entry.file_name() != ".git" && !built
        })
        .build();
    for entry in walk {
        let entry = entry.map_err(io::Error::other)?;
        // A link to a file is read as the file; one to nowhere is nothing that cargo reads.
        if entry.path().is_file()
            && let Ok(path) = entry.path().strip_prefix(root)
        {
            files.insert(path.to_owned());
        }
    }
    Ok(files)
}

/// The snapshots of the copy that differ from those of the repository.
fn changed(root: &Path, copy: &Path) -> Result<Vec<Output>, Diagnostics> {
    let paths = walk(copy, false).map_err(|error| {
        Diagnostic::unreadable(format!("failed to read the copy of the repository: {error}"))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn write(root: &Path, files: &[(&str, &str)]) {
        for (path, text) in files {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }

    fn paths(root: &Path) -> Vec<String> {
        walk(root, false).unwrap().iter().map(|path| files::show(path)).collect()
    }

    #[test]
    fn the_copy_is_the_repository_as_a_clean_checkout_with_what_is_new() {
        let (root, copy) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        write(
            root.path(),
            &[
                (".gitignore", "secret\n"),
                (".cargo/config.toml", ""),
                (".git/HEAD", ""),
                ("a.rs", "old"),
                ("b.rs", "same"),
                ("secret", ""),
                ("build/CACHEDIR.TAG", ""),
                ("build/debug/a", ""),
            ],
        );
        // What a run that was killed has left.
        write(copy.path(), &[("b.rs", "same"), ("left/over.rs", ""), ("a.rs", "other")]);
        let before = fs::metadata(copy.path().join("b.rs")).unwrap().modified().unwrap();
        let output = Output::new(root.path().join("a.rs"), "new".to_owned()).unwrap();
        bring_up_to_date(root.path(), copy.path(), &[output]).unwrap();
        assert_eq!(paths(copy.path()), [".cargo/config.toml", ".gitignore", "a.rs", "b.rs"]);
        assert_eq!(fs::read_to_string(copy.path().join("a.rs")).unwrap(), "new");
        let after = fs::metadata(copy.path().join("b.rs")).unwrap().modified().unwrap();
        assert_eq!(before, after, "cargo would build it again");
        assert!(!copy.path().join("left").exists(), "cargo would take it for a member");
    }

    #[test]
    fn one_update_is_rehearsed_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let copy = folder.path().join("rehearsal");
        let held = lock(&copy).unwrap();
        let problem = lock(&copy).unwrap_err();
        assert_eq!(problem.message, "another update is rehearsed");
        drop(held);
        assert!(lock(&copy).is_ok());
    }
}
