//! How far the comparison agrees with another tool's verdicts on pairs of documents.
//!
//! `cargo run --release -p pagebind-drift --example agreement -- CASES.json [PAIR]`
//!
//! `CASES.json` holds `docs` (documents by key) and `pairs`, each with `base`, `revision` and the
//! other tool's `findings` (`id`, `level`: 1 info, 2 warning, 3 error). Printed are the pairs in
//! which one side speaks of something breaking and the other does not, and the totals; with the
//! number of a pair, everything that is found in it. The data is not part of this project.

#![allow(clippy::print_stdout, reason = "printing is what it is for")]

use std::{collections::BTreeSet, env, error::Error, fs};

use pagebind_drift::{Finding, Severity, compare};
use serde_json::Value;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let path = arguments.next().ok_or("which file of cases?")?;
    let only: Option<usize> = arguments.next().map(|pair| pair.parse()).transpose()?;
    let cases: Value = serde_json::from_str(&fs::read_to_string(path)?)?;
    let pairs = cases["pairs"].as_array().ok_or("no pairs in it")?;
    let (mut agree, mut same_ids) = (0, 0);
    for (index, pair) in pairs.iter().enumerate() {
        let document = |side: &str| &cases["docs"][pair[side].as_str().unwrap_or_default()];
        let findings = compare(document("base"), document("revision"));
        let theirs = pair["findings"].as_array().ok_or("no findings of a pair")?;
        let level = |at_least: i64| -> BTreeSet<&str> {
            let counts = theirs.iter().filter(|one| one["level"].as_i64() >= Some(at_least));
            counts.filter_map(|one| one["id"].as_str()).collect()
        };
        let breaking = |finding: &&Finding| finding.change.severity == Severity::Breaking;
        let ours: BTreeSet<&str> =
            findings.iter().filter(breaking).map(|finding| &*finding.change.id).collect();
        if only.is_some_and(|only| only != index) {
            continue;
        }
        let verdicts_agree = ours.is_empty() == level(3).is_empty();
        agree += usize::from(verdicts_agree);
        let known: BTreeSet<&str> = findings.iter().map(|finding| &*finding.change.id).collect();
        same_ids += usize::from(level(2).is_subset(&known));
        if !verdicts_agree || only.is_some() {
            println!("{index} {}: theirs {:?}, ours {ours:?}", pair["test"], level(3));
        }
        if only.is_some() {
            for one in theirs {
                println!("  theirs: {one}");
            }
            for finding in &findings {
                let change = &finding.change;
                println!(
                    "  ours: {} {} {} | {} | {:?}",
                    change.severity, change.id, change.pointer, change.message, finding.operation
                );
            }
        }
    }
    println!("{agree} of {} pairs agree on breaking or not", pairs.len());
    println!(
        "in {same_ids}, all that is an error or warning there is found here under the same id"
    );
    Ok(())
}
