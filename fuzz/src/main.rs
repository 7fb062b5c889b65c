//! `cargo run --release --package pagebind-fuzz -- [TARGET]… [--seconds N | --inputs N] [--seed N]`: runs
//! each target on new inputs for so many seconds (10 by default), or on so many of them, and keeps what
//! breaks it in its corpus.

#![allow(clippy::print_stdout, reason = "it is a program of the terminal")]

use std::{
    fs,
    panic::{self, AssertUnwindSafe},
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant},
};

use pagebind_fuzz::{Mutator, Target};

/// What takes longer than this on an input of some kilobytes is broken.
const SLOW: Duration = Duration::from_secs(20);

/// The largest document that is taken apart, in bytes.
const LARGEST: usize = 40_000;

fn main() -> ExitCode {
    let mut targets = Vec::new();
    let (mut seconds, mut most, mut seed) = (10, None, None);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut number = || arguments.next().and_then(|number| number.parse::<u64>().ok());
        match argument.as_str() {
            "--seconds" => seconds = number().unwrap_or(seconds),
            "--inputs" => most = number(),
            "--seed" => seed = number(),
            name => match Target::ALL.into_iter().find(|target| target.name() == name) {
                Some(target) => targets.push(target),
                None => {
                    println!("no target is named `{name}`");
                    return ExitCode::from(2);
                }
            },
        }
    }
    if targets.is_empty() {
        targets = Target::ALL.to_vec();
    }
    let seed = seed
        .unwrap_or_else(|| std::time::UNIX_EPOCH.elapsed().map_or(0, |elapsed| elapsed.as_secs()));
    let mut mutator = Mutator::new(seed, documents(), overlays());
    let mut broken = 0;
    for target in targets {
        let (begun, mut inputs) = (Instant::now(), 0_u64);
        let goes_on = |inputs| match most {
            Some(most) => inputs < most,
            None => begun.elapsed() < Duration::from_secs(seconds),
        };
        while goes_on(inputs) {
            let input = mutator.next(target);
            inputs += 1;
            broken += u64::from(!holds(target, &input));
        }
        println!("{}: {inputs} inputs, seed {seed}", target.name());
    }
    if broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Runs a target on an input; keeps the input if that breaks it.
fn holds(target: Target, input: &str) -> bool {
    let folder = root().join("fuzz/corpus").join(target.name());
    // What overflows the stack ends the process, and leaves this behind.
    let running = root().join("target").join(format!("fuzz-{}", target.name()));
    let _ = fs::write(&running, input);
    let begun = Instant::now();
    let ran = panic::catch_unwind(AssertUnwindSafe(|| target.run(input)));
    let slow = begun.elapsed() > SLOW;
    if ran.is_ok() && !slow {
        return true;
    }
    let name = input.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let kept = folder.join(format!("{name:016x}"));
    let _ = fs::create_dir_all(&folder).and_then(|()| fs::write(&kept, input));
    let how = if slow { "takes long" } else { "panics" };
    println!("{}: {how} on {}", target.name(), kept.display());
    false
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_owned).unwrap_or_default()
}

/// The documents of this repository that are small enough to be taken apart.
fn documents() -> Vec<serde_json::Value> {
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).ok().filter(|text| text.len() <= LARGEST)?;
        let text = text.split(pagebind_fuzz::SEPARATOR).next().unwrap_or_default();
        pagebind::page::extract("seed", text).ok().map(|page| page.document)
    };
    let mut files = Vec::new();
    for folder in ["fuzz/corpus", "tests/fixtures", "openapi"] {
        list(&root().join(folder), &mut files);
    }
    files.iter().filter_map(read).collect()
}

fn overlays() -> Vec<String> {
    let mut files = Vec::new();
    list(&root().join("openapi"), &mut files);
    list(&root().join("fuzz/corpus/overlay"), &mut files);
    let texts = files.iter().filter_map(|path| fs::read_to_string(path).ok());
    let overlays = texts.filter_map(|text| {
        let overlay = text.split(pagebind_fuzz::SEPARATOR).last()?;
        overlay.contains("overlay:").then(|| overlay.to_owned())
    });
    overlays.collect()
}

/// All files below a folder, in one order.
fn list(folder: &Path, files: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            list(&path, files);
        } else {
            files.push(path);
        }
    }
}
