//! The table of what is measured. What a row needs is made when it is run, and not before.

mod calls;
mod compile;
mod tools;

use std::{
    error::Error,
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    inputs::Inputs,
    machine::{on_path, version_of},
    measure::{self, Cost, Process},
};

/// One row.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    /// The inputs without which there is nothing to measure.
    needs: &'static [&'static str],
    /// Whether it runs the compiler, which takes minutes.
    pub(crate) compiles: bool,
    /// Makes the inputs, and says what is run.
    contest: fn(&Place<'_>) -> Result<Contest, Box<dyn Error>>,
}

/// Where rows find what they measure, and where they may write.
#[derive(Debug)]
pub(crate) struct Place<'a> {
    pub(crate) root: &'a Path,
    pub(crate) inputs: &'a Inputs,
}

/// Who takes part in a row.
#[derive(Debug)]
struct Contest {
    ours: Process,
    peers: Vec<Peer>,
}

/// Somebody else's command for the same work.
#[derive(Debug)]
struct Peer {
    name: &'static str,
    /// The command; nothing where it is not installed.
    process: Option<Process>,
    version: String,
}

/// What a row came to.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) ours: Cost,
    /// Name, version and cost; no cost where it is not installed, or failed on this input.
    pub(crate) peers: Vec<(&'static str, String, Result<Cost, String>)>,
}

/// All rows, in the order of the table.
pub(crate) fn all() -> impl Iterator<Item = &'static Row> {
    tools::ROWS.iter().chain(calls::ROWS).chain(compile::ROWS)
}

impl Row {
    /// What is said of a row without its input; nothing where it is there.
    pub(crate) fn missing(&self, inputs: &Inputs) -> Option<String> {
        let missing: Vec<&str> =
            self.needs.iter().copied().filter(|name| !inputs.has(name)).collect();
        (!missing.is_empty()).then(|| format!("missing: {} in bench/inputs", missing.join(", ")))
    }

    /// Measures ours and each peer in turns. A peer that fails on the input is told, and left out.
    pub(crate) fn measure(
        &self,
        place: &Place<'_>,
        runs: usize,
    ) -> Result<Measured, Box<dyn Error>> {
        let contest = (self.contest)(place)?;
        let mut contenders = vec![&contest.ours];
        let mut peers = Vec::new();
        for peer in &contest.peers {
            let cost = match &peer.process {
                None => Err("not installed".to_owned()),
                Some(process) => match process.run() {
                    Ok(cost) => {
                        contenders.push(process);
                        Ok(cost)
                    }
                    Err(problem) => Err(problem.to_string()),
                },
            };
            peers.push((peer.name, peer.version.clone(), cost));
        }
        let mut costs = measure::in_turns(&contenders, runs)?.into_iter();
        let ours = costs.next().ok_or("ours comes first")?;
        for (_, _, cost) in &mut peers {
            if let (Ok(cost), Some(median)) = (cost, costs.next()) {
                *cost = median;
            }
        }
        Ok(Measured { ours, peers })
    }
}

/// Builds what is measured, as its users have it.
pub(crate) fn build(root: &Path) -> Result<(), Box<dyn Error>> {
    let built = Command::new(cargo())
        .args(["build", "--release", "--locked", "--package", "pagebind-cli"])
        .current_dir(root)
        .status()?;
    if built.success() { Ok(()) } else { Err("pagebind-cli does not build".into()) }
}

fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Where cargo puts what it builds of this workspace.
fn target(root: &Path) -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from)
}

/// `cargo pagebind` with `arguments`, as a process of its own.
pub(crate) fn pagebind(root: &Path, arguments: &[&str]) -> Process {
    let program = target(root).join("release/cargo-pagebind");
    Process::new(program, ["pagebind"].iter().chain(arguments), root).ending_with(&[0, 1])
}

/// A peer's command, where it is installed.
fn peer(name: &'static str, program: &str, arguments: &[&str], folder: &Path) -> Peer {
    let process = on_path(program)
        .map(|program| Process::new(program, arguments, folder).ending_with(&[0, 1]));
    let version = process.as_ref().map_or_else(String::new, |it| version_of(&it.program));
    Peer { name, process, version }
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_row_has_a_name_of_its_own_and_none_makes_its_inputs_before_it_runs() {
        let folder = tempfile::tempdir().unwrap();
        let inputs = Inputs::new(folder.path().to_owned()).unwrap();
        let names: BTreeSet<&str> = all().map(|row| row.name).collect();
        assert_eq!(names.len(), all().count());
        for row in all() {
            assert_eq!(row.missing(&inputs).is_some(), !row.needs.is_empty(), "{}", row.name);
        }
        std::fs::write(folder.path().join("digitalocean.json"), "no document").unwrap();
        let merge = all().find(|row| row.name == "merge").unwrap();
        assert_eq!(merge.missing(&inputs), None);
    }
}
