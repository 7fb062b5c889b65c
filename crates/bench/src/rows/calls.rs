//! What calls cost beside the same calls written by hand over reqwest. The program is a benchmark of the
//! client, which has both; its server is a process of its own, and not counted.

use std::{error::Error, process::Command};

use serde_json::Value;

use super::{Contest, Peer, Place, Row, cargo};
use crate::measure::Process;

pub(super) const ROWS: &[Row] = &[
    Row {
        name: "calls-1",
        what: "20,000 enrolments of Visa Click to Pay, one after the other",
        needs: &[],
        compiles: true,
        contest: |place| calls(place, "1"),
    },
    Row {
        name: "calls-64",
        what: "20,000 enrolments, 64 in flight",
        needs: &[],
        compiles: true,
        contest: |place| calls(place, "64"),
    },
    Row {
        name: "calls-1000",
        what: "20,000 enrolments, 1,000 in flight",
        needs: &[],
        compiles: true,
        contest: |place| calls(place, "1000"),
    },
];

fn calls(place: &Place<'_>, in_flight: &str) -> Result<Contest, Box<dyn Error>> {
    let built = Command::new(cargo())
        .args(["bench", "--locked", "--package", "visa-click-to-pay", "--bench", "calls"])
        // The committed source is the same, and needs no generator.
        .args(["--no-default-features", "--features", "rustls"])
        .args(["--no-run", "--message-format=json"])
        .current_dir(place.root)
        .output()?;
    let messages = String::from_utf8(built.stdout)?;
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut programs = messages.filter(|message| message["target"]["name"] == "calls");
    let program = programs.find_map(|message| message["executable"].as_str().map(str::to_owned));
    let program = program.ok_or("the benchmark of calls does not build")?;
    let by = |who| {
        let calls =
            Process::new(&program, ["calls", who, "accepted", "20000", in_flight], place.root);
        // Each waits for the other: between two processors, that is what would be measured.
        if in_flight == "1" { calls.on_one_processor() } else { calls }
    };
    let name = "by hand";
    let by_hand = Peer { name, process: Some(by("hand")), version: "over reqwest".to_owned() };
    Ok(Contest { ours: by("ours"), peers: vec![by_hand] })
}
