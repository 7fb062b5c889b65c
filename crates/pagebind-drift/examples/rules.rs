//! Every rule as a Markdown table, or held against another tool's list of rules.
//!
//! `cargo run -p pagebind-drift --example rules [-- RULES.json]`
//!
//! `RULES.json` holds `rules`, each with `id` and `level` (`ERR`, `WARN`, `INFO`). Printed is each
//! id of theirs that is neither ours nor left out with a reason, and each whose level is not the
//! one we note as theirs. The list is not part of this project.

#![allow(clippy::print_stdout, reason = "printing is what it is for")]

use std::{env, error::Error, fs};

use pagebind_drift::{
    Severity,
    rules::{self, elsewhere},
};
use serde_json::Value;

fn main() -> Result<(), Box<dyn Error>> {
    let Some(path) = env::args().nth(1) else {
        println!("| id | severity | wire | well-known | reason |\n|---|---|---|---|---|");
        for rule in rules::all() {
            let peer = rule.peer.map_or("", Severity::as_str);
            println!(
                "| `{}` | {} | {} | {peer} | {} |",
                rule.id,
                rule.severity,
                rule.wire.as_str(),
                rule.reason
            );
        }
        return Ok(());
    };
    let list: Value = serde_json::from_str(&fs::read_to_string(path)?)?;
    let list = list["rules"].as_array().ok_or("no rules in it")?;
    let (mut ours, mut left_out) = (0, 0);
    for theirs in list {
        let id = theirs["id"].as_str().ok_or("a rule without an id")?;
        let level = match theirs["level"].as_str() {
            Some("ERR") => Severity::Breaking,
            Some("WARN") => Severity::Warning,
            _ => Severity::Info,
        };
        match rules::find(id) {
            Some(rule) => {
                ours += 1;
                if rule.peer != Some(level) {
                    println!(
                        "{id}: theirs is {level}, we note {:?} and say {}",
                        rule.peer, rule.severity
                    );
                }
            }
            None if elsewhere::is(id) => left_out += 1,
            None => println!("{id}: neither ours nor left out"),
        }
    }
    println!(
        "{} of theirs: {ours} are ours too, {left_out} are left out with a reason",
        list.len()
    );
    println!("{} of ours", rules::all().count());
    Ok(())
}
