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
    measure::{self, Cost, Process, Ratio},
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

impl Peer {
    /// The command, if it does its work on this input.
    fn tried(&self) -> Result<&Process, String> {
        let process = self.process.as_ref().ok_or("not installed")?;
        process.run().map_err(|problem| problem.to_string())?;
        Ok(process)
    }
}

/// What a row came to.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) ours: Cost,
    /// Name and version, and what it cost; it may not be installed, or fail on this input.
    pub(crate) peers: Vec<(&'static str, String, Beside)>,
}

/// What a peer cost, and ours to it; or why there is nothing to say.
pub(crate) type Beside = Result<(Cost, Ratio), String>;

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
        let tried: Vec<_> = contest.peers.iter().map(Peer::tried).collect();
        let peers = tried.iter().flatten().copied();
        let contenders: Vec<_> = std::iter::once(&contest.ours).chain(peers).collect();
        let costs = measure::in_turns(&contenders, runs)?;
        let (ours, costs) = costs.split_first().ok_or("ours comes first")?;
        let mut costs = costs.iter();
        let peers = contest.peers.iter().zip(tried).map(|(peer, tried)| {
            let beside =
                |_| costs.next().map(|it| (it.median(), ours.to(it))).ok_or_else(String::new);
            (peer.name, peer.version.clone(), tried.and_then(beside))
        });
        let (peers, ours) = (peers.collect(), ours.median());
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
