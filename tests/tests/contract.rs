//! What becomes of the published pages of Visa Click to Pay on their way to a client.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use insta::assert_snapshot;
use pagebind_cli::Status;
use pagebind_tests::{run, workspace};
use serde_json::Value;

/// Runs a step of the command line on this workspace, and gives its document.
#[track_caller]
fn document(arguments: &[&str]) -> String {
    let run = run(&workspace(), arguments);
    assert_eq!(run.status, Status::Done, "{}", run.err);
    run.out
}

fn contract() -> Value {
    let path = workspace().join("crates/visa-click-to-pay/openapi.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn the_three_pages_merge_into_one_document() {
    assert_snapshot!(document(&["merge", "visa-click-to-pay"]));
}

#[test]
fn the_contract_lowers_to_openapi_3_0_with_these_losses() {
    let lowered = pagebind::lower::lower(&contract()).unwrap();
    let losses: String = lowered
        .losses
        .iter()
        .map(|loss| format!("{}: `{}` {}\n", loss.pointer, loss.keyword, loss.outcome))
        .collect();
    let document = serde_json::to_string_pretty(&lowered.document).unwrap();
    assert_snapshot!(format!("losses:\n{losses}\n{document}\n"));
}

#[test]
fn shaping_takes_nothing_from_the_contract() {
    assert_eq!(pagebind_codegen::generate(&contract()).unwrap().degradations, []);
}
