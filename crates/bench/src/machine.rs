//! What the figures were measured on: without it they mean nothing.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Processor, cores, memory, what else is at work, compiler and commit, as far as they can be told.
pub(crate) fn describe(root: &Path) -> String {
    let field = |file: &str, name: &str| {
        let text = fs::read_to_string(file).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(name))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    };
    let memory = field("/proc/meminfo", "MemTotal")
        .and_then(|kib| kib.split_whitespace().next()?.parse::<u64>().ok())
        .map(|kib| format!("{} GiB", kib.div_ceil(1 << 20)));
    let cores = std::thread::available_parallelism().map(|cores| format!("{cores} cores")).ok();
    // Among others, processes wait for their turn: then processor time says more than wall time.
    let load = fs::read_to_string("/proc/loadavg").ok();
    let load = load.and_then(|load| Some(format!("load {}", load.split(' ').next()?)));
    let rustc = Command::new("rustc").arg("--version").output().ok();
    let rustc = rustc.map(|said| String::from_utf8_lossy(&said.stdout).trim().to_owned());
    let commit = Command::new("git")
        .args(["log", "-1", "--format=%h of %cs"])
        .current_dir(root)
        .output()
        .ok();
    let commit =
        commit.map(|said| format!("commit {}", String::from_utf8_lossy(&said.stdout).trim()));
    let parts = [field("/proc/cpuinfo", "model name"), cores, memory, load, rustc, commit];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The program of a name among those that the shell finds.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join(name))
        .find(|program| program.is_file())
}

/// What a program says to `--version`, its first line.
pub(crate) fn version_of(program: &OsStr) -> String {
    let said = Command::new(program).arg("--version").output();
    let said = said.map(|said| String::from_utf8_lossy(&said.stdout).into_owned());
    said.unwrap_or_default().lines().next().unwrap_or_default().trim().to_owned()
}
