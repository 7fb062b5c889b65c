//! What `cargo xtask demo` does around the demo itself, whose steps are tested in its own crate.

use pagebind_cli::Status;
use pagebind_tests::{Tree, document, page};

#[test]
fn a_demo_that_can_t_be_built_is_no_success() {
    // A tree of pages and nothing else: there is no program to run in it.
    let tree = Tree::of_pages(&[("get.md", page(&document("/cards", r#"{"type": "object"}"#)))]);
    let run = tree.run(&["demo"]);
    assert_eq!(run.status, Status::CouldNotTell, "{}", run.err);
    assert!(run.err.contains("the demo did not come to its end"), "{}", run.err);
}

#[test]
fn no_demo_is_shown_of_pages_that_can_t_be_generated() {
    let tree = Tree::of_pages(&[("get.md", "no page")]);
    let run = tree.run(&["demo"]);
    assert_eq!(run.status, Status::CouldNotTell, "{}", run.err);
    assert_eq!(run.out, "");
    assert!(run.err.contains("get.md"), "{}", run.err);
}
