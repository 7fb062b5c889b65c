//! The files that are made: written where they are stale, or told as what is not in step.

use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use pagebind::diagnostic::Diagnostics;
use similar::TextDiff;

use crate::{
    environment::Environment,
    project::files::{self, Output},
    status::Status,
    terminal::console::{Console, count},
};

/// Writes what is stale.
pub(in crate::commands) fn write(
    root: &Path,
    outputs: &[Output],
    console: &mut Console<'_>,
) -> Result<Status, Diagnostics> {
    files::write(root, outputs)?;
    tell_written(outputs, console);
    Ok(Status::Done)
}

/// How many files of one folder are told by their names, unless all are.
const FILES: usize = 5;

/// Tells what was written, and how much was as it has to be already.
pub(in crate::commands) fn tell_written(outputs: &[Output], console: &mut Console<'_>) {
    let mut folders: IndexMap<&Path, Vec<String>> = IndexMap::new();
    for output in outputs.iter().filter(|output| !output.is_fresh()) {
        let folder = output.path.parent().unwrap_or(&output.path);
        folders.entry(folder).or_default().push(files::show(&output.path));
    }
    for (folder, files) in folders {
        if files.len() > FILES {
            let number = count(files.len(), "file");
            console.step("Written", format!("{number} in {}", files::show(folder)));
            files.iter().for_each(|file| console.detail(file));
        } else {
            files.iter().for_each(|file| console.step("Written", file));
        }
    }
    let fresh: Vec<&Output> = outputs.iter().filter(|output| output.is_fresh()).collect();
    if !fresh.is_empty() {
        console.step("Unchanged", count(fresh.len(), "file"));
        fresh.into_iter().for_each(|output| console.detail(files::show(&output.path)));
    }
}

/// Tells what is stale, and how it differs.
pub(super) fn check(
    environment: &Environment,
    outputs: &[Output],
    console: &mut Console<'_>,
) -> Status {
    let mut stale: Vec<&PathBuf> = Vec::new();
    let mut fresh = Vec::new();
    for output in outputs {
        let path = files::show(&output.path);
        if output.is_fresh() {
            fresh.push(path);
            continue;
        }
        stale.push(&output.path);
        match &output.before {
            None => console.fail("Missing", path),
            Some(before) => {
                console.fail("Stale", &path);
                let before = String::from_utf8_lossy(before);
                let difference = TextDiff::from_lines(before.as_ref(), output.content.as_str());
                let shown = format!("{path} as it is");
                let expected = format!("{path} as it has to be");
                console.verbatim(
                    &difference
                        .unified_diff()
                        .context_radius(3)
                        .header(&shown, &expected)
                        .to_string(),
                );
            }
        }
    }
    if !fresh.is_empty() {
        console.step("Fresh", count(fresh.len(), "file"));
        fresh.iter().for_each(|path| console.detail(path));
    }
    if stale.is_empty() {
        return Status::Done;
    }
    console.fail(
        "Failure",
        format!(
            "{} not in step with the pages; run `{} generate`",
            count(stale.len(), "file"),
            environment.command
        ),
    );
    Status::Findings
}
