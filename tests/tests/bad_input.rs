//! Bad input is one clear error that names the place and says what to do, and the tree stays as
//! it was.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use insta::assert_snapshot;
use pagebind_cli::Status;
use pagebind_tests::{Tree, document, page};

const CARD: &str = r#"{ "type": "object", "properties": { "id": { "type": "integer" } } }"#;

/// Generates on a tree that can't be generated from, and gives the report.
#[track_caller]
fn refused(tree: &Tree, expected: Status) -> String {
    let before = tree.files();
    let run = tree.run(&["generate"]);
    assert_eq!(run.status, expected, "{}", run.err);
    assert_eq!(run.out, "", "results only go to standard output");
    assert_eq!(tree.files(), before, "the tree has to stay as it was");
    let check = tree.run(&["generate", "--check"]);
    assert_eq!(
        (check.status, check.err),
        (expected, run.err.clone()),
        "`--check` reports the same"
    );
    run.err
}

fn one(page: &str) -> Tree {
    Tree::of_pages(&[("get.md", page)])
}

fn overlay(action: &str) -> String {
    let indented = action.replace('\n', "\n    ");
    format!(
        "overlay: 1.1.0\ninfo:\n  title: Corrections\n  version: '1'\nactions:\n  - {indented}\n"
    )
}

#[test]
fn a_page_without_a_definition() {
    assert_snapshot!(refused(&one("# Get a card\n\nProse.\n"), Status::CouldNotTell));
}

#[test]
fn a_truncated_page() {
    let page = page(&document("/cards", CARD));
    assert_snapshot!(refused(&one(&page[..page.len() - 40]), Status::CouldNotTell));
}

#[test]
fn a_definition_with_a_duplicate_key() {
    let document = document("/cards", r#"{ "type": "object", "type": "string" }"#);
    assert_snapshot!(refused(&one(&page(&document)), Status::CouldNotTell));
}

#[test]
fn a_dangling_reference() {
    let document = document("/cards", r##"{ "$ref": "#/components/schemas/Kard" }"##);
    assert_snapshot!(refused(&one(&page(&document)), Status::Findings));
}

#[test]
fn an_unknown_version_of_openapi() {
    let document = document("/cards", CARD).replace("3.1.0", "4.0.0");
    assert_snapshot!(refused(&one(&page(&document)), Status::CouldNotTell));
}

#[test]
fn two_pages_that_contradict_each_other() {
    let other = CARD.replace("integer", "string");
    let tree = Tree::of_pages(&[
        ("get.md", page(&document("/cards", CARD))),
        ("list.md", page(&document("/lists", &other))),
    ]);
    assert_snapshot!(refused(&tree, Status::Findings));
}

#[test]
fn a_correction_that_matches_nothing() {
    let tree = one(&page(&document("/cards", CARD))).corrected(&overlay(
        "target: $.components.schemas.Kard\ndescription: A card has a format.\nupdate: { format: int64 }\nx-expect: {}",
    ));
    assert_snapshot!(refused(&tree, Status::Findings));
}

#[test]
fn a_correction_whose_expectation_no_longer_holds() {
    let tree = one(&page(&document("/cards", CARD))).corrected(&overlay(
        "target: $.components.schemas.Card.properties.id\ndescription: An id is an integer.\nupdate: { type: integer }\nx-expect: { type: number }",
    ));
    assert_snapshot!(refused(&tree, Status::Findings));
}

#[test]
fn a_vendored_page_that_is_not_the_one_in_the_manifest() {
    let tree = one(&page(&document("/cards", CARD)));
    tree.write("openapi/cards/pages/get.md", page(&document("/kards", CARD)));
    assert_snapshot!(refused(&tree, Status::Findings));
}

#[test]
fn an_unknown_key_in_a_manifest() {
    let tree = one(&page(&document("/cards", CARD)));
    let manifest = tree.read("openapi/cards/api.toml");
    tree.write("openapi/cards/api.toml", manifest.replace("sha256", "sha265"));
    assert_snapshot!(refused(&tree, Status::CouldNotTell));
}

#[test]
fn a_manifest_that_names_a_page_which_is_not_there() {
    let tree = one(&page(&document("/cards", CARD)));
    std::fs::remove_file(tree.path().join("openapi/cards/pages/get.md")).unwrap();
    assert_snapshot!(refused(&tree, Status::CouldNotTell));
}

#[test]
fn a_page_that_is_no_text() {
    let tree = Tree::of_pages(&[("get.md", b"# Get a card\n\xff")]);
    assert_snapshot!(refused(&tree, Status::CouldNotTell));
}

#[test]
fn every_problem_of_a_run_is_told_at_once() {
    let tree = Tree::of_pages(&[("a.md", "nothing".to_owned()), ("b.md", page("{ \"openapi\": "))]);
    let report = refused(&tree, Status::CouldNotTell);
    assert!(report.contains("pages/a.md") && report.contains("pages/b.md"), "{report}");
}

#[test]
fn an_api_that_is_not_there() {
    let run = one("x").run(&["generate", "kards"]);
    assert_eq!(run.status, Status::Usage);
    assert_snapshot!(run.err);
}

#[test]
fn arguments_of_another_form() {
    let run = one("x").run(&["generate", "--chek"]);
    assert_eq!(run.status, Status::Usage);
    assert_snapshot!(run.err);
}

#[cfg(unix)]
#[test]
fn a_folder_that_can_t_be_written() {
    let tree = one(&page(&document("/cards", CARD)));
    // A file where a folder has to be stops whoever runs the tests, root too.
    tree.write("crates/cards", "in the way");
    assert_snapshot!(refused_to_write(&tree));
}

#[track_caller]
fn refused_to_write(tree: &Tree) -> String {
    let before = tree.files();
    let run = tree.run(&["generate"]);
    assert_eq!(run.status, Status::CouldNotTell, "{}", run.err);
    assert_eq!(tree.files(), before, "the tree has to stay as it was");
    run.err.split("error: ").nth(1).unwrap_or_default().to_owned()
}
