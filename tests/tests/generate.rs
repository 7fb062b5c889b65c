//! `cargo xtask generate` from end to end, on a tree of its own and on this workspace.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use insta::{assert_snapshot, with_settings};
use pagebind_cli::Status;
use pagebind_tests::{Tree, document, page, run, workspace};

const CARD: &str = r#"{ "type": "object", "properties": { "id": { "type": "integer" } } }"#;

fn tree() -> Tree {
    Tree::of_pages(&[
        ("get.md", page(&document("/cards", CARD))),
        // The same page again, for another endpoint, with all white space collapsed.
        (
            "list.md",
            page(&document("/lists", CARD)).split_whitespace().collect::<Vec<_>>().join(" "),
        ),
    ])
}

#[test]
fn it_tells_what_it_did_step_by_step() {
    let tree = tree().corrected(
        "overlay: 1.1.0\ninfo: { title: Corrections, version: '1' }\nactions:\n  - target: $.components.schemas.Card.properties.id\n    description: A card's id has 64 bits.\n    update: { format: int64 }\n    x-expect: {}\n",
    );
    let run = tree.run(&["generate"]);
    assert_eq!(run.status, Status::Done);
    assert_eq!(run.out, "");
    with_settings!({ filters => [(r"in \d+\.\d\d s", "in [time]")] }, { assert_snapshot!(run.err) });
}

#[test]
fn what_is_refused_is_named_with_its_page_and_the_rest_is_generated_on_request() {
    let broken = document("/broken", CARD).replace(
        r##"{ "$ref": "#/components/schemas/Card" }"##,
        r#"{ "type": "object", "properties": { "id": 3 } }"#,
    );
    let tree = Tree::of_pages(&[
        ("get.md", page(&document("/cards", CARD))),
        ("broken.md", page(&broken)),
    ]);
    let refused = tree.run(&["generate"]);
    assert_eq!(refused.status, Status::Findings, "{}", refused.err);
    assert!(refused.err.contains("/paths/~1broken/get/"), "{}", refused.err);
    assert!(refused.err.contains("from broken"), "{}", refused.err);
    assert!(!tree.path().join("crates/cards").exists());

    let rest = tree.run(&["generate", "--keep-going"]);
    assert_eq!(rest.status, Status::Done, "{}", rest.err);
    assert!(rest.err.contains("Missing"), "{}", rest.err);
    assert!(rest.err.contains("/paths/~1broken/get/"), "{}", rest.err);
    let source = tree.read("crates/cards/src/generated.rs");
    assert!(source.contains("pub fn get_cards(") && !source.contains("get_broken"));
    // The contract says all, and makes the same source again.
    let contract = tree.read("crates/cards/openapi.json");
    assert!(contract.contains("/broken"));
    let again = pagebind_codegen::generate_from_text("openapi.json", &contract).unwrap();
    assert_eq!(again.source, source);
    assert_eq!(again.left_out.len(), 1);
}

#[test]
fn what_is_fresh_is_left_alone() {
    let tree = tree();
    assert_eq!(tree.run(&["generate"]).status, Status::Done);
    let before = tree.files();
    let again = tree.run(&["generate"]);
    assert!(again.err.contains("Unchanged 2 files\n"), "{}", again.err);
    assert_eq!(tree.files(), before);
    assert_eq!(tree.run(&["generate", "--check"]).status, Status::Done);
}

#[test]
fn what_is_in_step_is_known_again_until_anything_changes() {
    let tree = tree().corrected(
        "overlay: 1.1.0\ninfo: { title: Corrections, version: '1' }\nactions:\n  - target: $.info\n    description: A better title.\n    update: { title: Shop }\n    x-expect: { title: Cards }\n",
    );
    std::fs::create_dir(tree.path().join("target")).unwrap();
    let check = |more: &[&str]| tree.run(&[&["generate", "--check"], more].concat());
    let known = "Fresh cards: nothing has changed since it was in step\n";
    assert_eq!(tree.run(&["generate"]).status, Status::Done);
    let run = check(&[]);
    assert_eq!(run.status, Status::Done, "{}", run.err);
    assert!(run.err.contains(known) && !run.err.contains("Merged"), "{}", run.err);
    // Who wants to know more gets all of it.
    assert!(check(&["--verbose"]).err.contains("Merged 2 operations"));
    assert!(check(&["--format", "json"]).out.contains("\"corrections\""));

    for (file, from, to) in [
        ("crates/cards/src/generated.rs", "pub mod types", "pub mod  types"),
        ("crates/cards/openapi.json", "\"Shop\"", "\"Ship\""),
        ("openapi/cards/overlay.yaml", "title: Shop", "title: Ship"),
        ("openapi/cards/api.toml", "kind =", "mock = true\nkind ="),
        ("openapi/cards/pages/get.md", "Cards", "Kards"),
    ] {
        let before = tree.read(file);
        assert!(before.contains(from), "{file}");
        tree.write(file, before.replacen(from, to, 1));
        let changed = check(&[]);
        assert_eq!(changed.status, Status::Findings, "{file}: {}", changed.err);
        assert!(!changed.err.contains(known), "{file}: {}", changed.err);
        tree.write(file, before);
        assert!(check(&[]).err.contains(known), "{file}");
    }

    // What is no record of this is none.
    tree.write("target/pagebind/cards.in-step", "0 0123");
    assert!(check(&[]).err.contains("Merged 2 operations"));
    assert!(check(&[]).err.contains(known));
}

#[test]
fn what_was_warned_of_is_not_forgotten_where_nothing_has_changed() {
    let described = |words: &str| {
        document("/lists", CARD).replace(
            "\"type\": \"object\"",
            &format!("\"description\": \"{words}\", \"type\": \"object\""),
        )
    };
    let tree = Tree::of_pages(&[
        ("get.md", page(&document("/cards", CARD))),
        ("list.md", page(&described("A card of the shop."))),
    ]);
    std::fs::create_dir(tree.path().join("target")).unwrap();
    let run = tree.run(&["generate"]);
    assert!(run.err.contains("Warning pages describe `Card`"), "{}", run.err);
    let run = tree.run(&["generate", "--check"]);
    let told =
        "Fresh cards: nothing has changed since it was in step, with 1 warning that `-v` shows\n";
    assert!(run.err.contains(told), "{}", run.err);
}

#[test]
fn the_manifest_says_how_pages_follow_each_other_where_no_page_does() {
    let tree = tree();
    let manifest = tree.read("openapi/cards/api.toml");
    let pagination = |operation: &str| {
        let rule = format!("[[pagination]]\noperations = [\"{operation}\"]\nnext = \"/id\"\n");
        tree.write("openapi/cards/api.toml", format!("{manifest}\n{rule}"));
        tree.run(&["generate"])
    };
    let run = pagination("get_cards");
    assert_eq!(run.status, Status::Done, "{}", run.err);
    let source = tree.read("crates/cards/src/generated.rs");
    assert_eq!(source.matches("Paging::url(\"/id\")").count(), 1);
    let run = pagination("get_card");
    assert_eq!(run.status, Status::Findings);
    assert!(run.err.contains("no operation has pages as the manifest says it"), "{}", run.err);
    assert_eq!(tree.read("crates/cards/src/generated.rs"), source);
}

#[test]
fn check_shows_what_is_stale_and_writes_nothing() {
    let tree = tree();
    assert_eq!(tree.run(&["generate"]).status, Status::Done);
    let contract = tree.read("crates/cards/openapi.json");
    tree.write("crates/cards/openapi.json", contract.replace("\"Cards\"", "\"Kards\""));
    std::fs::remove_file(tree.path().join("crates/cards/src/generated.rs")).unwrap();
    let before = tree.files();
    let run = tree.run(&["generate", "--check"]);
    assert_eq!(run.status, Status::Findings);
    assert_eq!(tree.files(), before);
    assert!(
        run.err.contains("-    \"title\": \"Kards\",\n+    \"title\": \"Cards\","),
        "{}",
        run.err
    );
    assert!(run.err.contains("Missing [tree]/crates/cards/src/generated.rs"), "{}", run.err);
    assert!(run.err.contains("run `cargo xtask generate`"), "{}", run.err);
}

#[test]
fn the_order_of_pages_changes_nothing_but_the_list_of_them() {
    let pages =
        [("get.md", page(&document("/cards", CARD))), ("list.md", page(&document("/lists", CARD)))];
    let reversed: Vec<_> = pages.iter().rev().cloned().collect();
    let generated = [&pages[..], &reversed].map(|pages| {
        let tree = Tree::of_pages(pages);
        assert_eq!(tree.run(&["generate"]).status, Status::Done);
        let source = tree.read("crates/cards/src/generated.rs");
        source.split_once("use ").map(|(_, code)| code.to_owned()).unwrap()
    });
    assert_eq!(generated[0], generated[1]);
}

#[test]
fn a_bare_folder_of_pages_is_one_api() {
    let tree = tree();
    let run =
        tree.run(&["generate", "--pages", "[tree]/openapi/cards/pages", "--out", "[tree]/out"]);
    assert_eq!(run.status, Status::Done, "{}", run.err);
    assert!(tree.read("out/pages/src/generated.rs").contains("pub fn get_cards"));
    assert_eq!(
        tree.run(&["generate", "--pages", "[tree]/openapi/cards/pages"]).status,
        Status::Usage
    );
}

#[test]
fn one_step_alone_gives_its_document_on_standard_output() {
    let tree = tree();
    let merged = tree.run(&["merge"]);
    let merged: serde_json::Value = serde_json::from_str(&merged.out).unwrap();
    assert_eq!(merged["paths"].as_object().unwrap().len(), 2);
    tree.write("doc.yaml", "openapi: 3.1.0\ninfo: { title: T, version: '1' }\npaths: {}\n");
    let lowered = tree.run(&["lower", "[tree]/doc.yaml"]);
    assert!(lowered.out.contains("\"openapi\": \"3.0."), "{}", lowered.out);
    tree.write(
        "overlay.yaml",
        "overlay: 1.1.0\ninfo: { title: O, version: '1' }\nactions:\n  - target: $.info\n    description: The title is short.\n    update: { title: Title }\n    x-expect: { title: T }\n",
    );
    let corrected = tree.run(&[
        "overlay",
        "[tree]/doc.yaml",
        "[tree]/overlay.yaml",
        "--out",
        "[tree]/doc.json",
    ]);
    assert_eq!((corrected.status, corrected.out.as_str()), (Status::Done, ""));
    assert!(tree.read("doc.json").contains("\"title\": \"Title\""));
}

#[test]
fn lowering_names_the_lines_of_what_it_refuses_and_of_what_it_loses() {
    let tree = tree();
    let document = "openapi: 3.1.0\ninfo: { title: T, version: '1' }\npaths: {}\ncomponents:\n  schemas:\n    \
        A:\n      contains: {}\n";
    tree.write("lossy.yaml", document);
    let lossy = tree.run(&["lower", "[tree]/lossy.yaml", "-v"]);
    let told = "lossy.yaml:7:17 at /components/schemas/A/contains: `contains` not enforced";
    assert!(lossy.err.contains(told), "{}", lossy.err);
    tree.write("foreign.yaml", format!("{document}      $schema: https://shelf.example/dialect\n"));
    let foreign = tree.run(&["lower", "[tree]/foreign.yaml"]);
    let told = "foreign.yaml:8:16\n";
    assert!(foreign.err.contains(told), "{}", foreign.err);
}

/// The document that merging the folder `set` of the tree gives.
#[track_caller]
fn merged(tree: &Tree, arguments: &[&str]) -> (serde_json::Value, String) {
    let arguments: Vec<&str> =
        ["merge", "--pages", "[tree]/set"].iter().chain(arguments).copied().collect();
    let run = tree.run(&arguments);
    assert_eq!(run.status, Status::Done, "{}", run.err);
    (serde_json::from_str(&run.out).unwrap(), run.err)
}

const LIST: &str = r##"{ "$ref": "../schemas/card.yaml#/Card" }"##;

#[test]
fn pages_and_files_of_a_folder_may_refer_to_each_other() {
    let tree = tree();
    tree.write("set/pages/a.md", page(&document("/cards", LIST)));
    tree.write("set/pages/b.md", page(&document("/lists", LIST)));
    tree.write(
        "set/schemas/card.yaml",
        "Card: {type: object, properties: {id: {$ref: 'id.json'}}}\n",
    );
    tree.write("set/schemas/id.json", r#"{"type": "integer"}"#);
    let (document, told) = merged(&tree, &["--recursive"]);
    assert!(
        told.contains("Skipped 2 files that are no pages: schemas/card.yaml, schemas/id.json"),
        "{told}"
    );
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let names: Vec<&str> = schemas.keys().map(String::as_str).collect();
    assert_eq!(names, ["Card", "id"]);
    // A step on one of the pages has the same folder, and nothing beside it.
    let alone = tree.run(&["lower", "[tree]/set/pages/a.md"]);
    assert!(alone.err.contains("leads out of the folder"), "{}", alone.err);
    tree.write(
        "set/bare.yaml",
        "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n\
        components: {schemas: {A: {$ref: 'schemas/card.yaml#/Card'}}}\n",
    );
    let alone = tree.run(&["lower", "[tree]/set/bare.yaml"]);
    assert!(alone.out.contains("#/components/schemas/id"), "{}{}", alone.out, alone.err);
}

#[test]
fn what_is_no_page_in_a_folder_is_passed_over_with_a_line() {
    let tree = tree();
    tree.write("set/a.md", page(&document("/cards", CARD)));
    let sample = "```yaml\nopenapi: 3.1.0\ninfo: { title: Sample, version: '0' }\n```\n";
    tree.write("set/README.md", format!("# The pages\n\nThey say `openapi`:\n\n{sample}"));
    tree.write("set/.DS_Store", b"\x00\xff");
    tree.write("set/logo.png", b"\x89PNG\xff");
    tree.write("set/more/b.md", page(&document("/lists", CARD)));
    let (document, told) = merged(&tree, &[]);
    assert_eq!(document["paths"].as_object().unwrap().len(), 1);
    assert!(
        told.contains("Skipped 3 files that are no pages: .DS_Store, README.md, logo.png"),
        "{told}"
    );
    let (document, _) = merged(&tree, &["--recursive"]);
    assert_eq!(document["paths"].as_object().unwrap().len(), 2);
    tree.write("set/latin.md", b"# Caf\xe9\n");
    let run = tree.run(&["merge", "--pages", "[tree]/set"]);
    assert!(run.err.contains("not UTF-8 text"), "{}", run.err);
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_an_error_and_one_that_leads_out_is_not_followed() {
    let tree = tree();
    tree.write("set/a.md", page(&document("/cards", r#"{ "$ref": "link.json" }"#)));
    tree.write("secret.json", r#"{"type": "string"}"#);
    std::os::unix::fs::symlink("../secret.json", tree.path().join("set/link.json")).unwrap();
    let run = tree.run(&["merge", "--pages", "[tree]/set"]);
    assert!(run.err.contains("the link leads out of the folder"), "{}", run.err);
    std::os::unix::fs::symlink("gone.md", tree.path().join("set/gone-too.md")).unwrap();
    let run = tree.run(&["merge", "--pages", "[tree]/set"]);
    assert_eq!(run.status, Status::CouldNotTell);
    assert!(run.err.contains("gone-too.md"), "{}", run.err);
}

#[test]
fn pages_that_call_their_api_by_other_names_merge_where_they_may() {
    let tree = tree();
    tree.write("set/a.md", page(&document("/cards", CARD)));
    tree.write(
        "set/b.md",
        page(&document("/lists", CARD).replacen("\"title\": \"", "\"title\": \"More ", 1)),
    );
    let run = tree.run(&["merge", "--pages", "[tree]/set"]);
    assert!(run.err.contains("pages contradict each other on `info`"), "{}", run.err);
    let (document, _) = merged(&tree, &["--per-page", "info"]);
    assert_eq!(document["info"]["title"], "set");
}

#[test]
fn numbers_come_out_as_they_went_in() {
    let tree = tree();
    let numbers = "[18446744073709552000, -0, 1e2, 12.50, 12345678901234567890123, 1e400]";
    let card = format!(r#"{{ "type": "number", "enum": {numbers} }}"#);
    tree.write("set/a.md", page(&document("/cards", &card)));
    let run = tree.run(&["merge", "--pages", "[tree]/set"]);
    let out = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(out.contains(&numbers.replace('[', "[ ").replace(']', " ]")), "{out}");
    let run = tree.run(&["generate", "--pages", "[tree]/set", "--out", "[tree]/out"]);
    assert_eq!(run.status, Status::Done, "{}", run.err);
}

#[test]
fn a_published_overlay_is_applied_as_it_is() {
    let tree = tree();
    tree.write("doc.yaml", "openapi: 3.1.0\ninfo: { title: T, version: '1' }\npaths: {}\n");
    tree.write(
        "overlay.yaml",
        "overlay: 1.0.0\ninfo: { title: O, version: '1' }\nactions:\n\
        - { target: $.info, update: { title: Title } }\n- { target: $.gone, remove: true }\n",
    );
    let run = tree.run(&["overlay", "[tree]/doc.yaml", "[tree]/overlay.yaml"]);
    assert_eq!(run.status, Status::CouldNotTell, "{}", run.err);
    let run = tree.run(&["overlay", "--lenient", "[tree]/doc.yaml", "[tree]/overlay.yaml"]);
    assert_eq!(run.status, Status::Done, "{}", run.err);
    assert!(run.out.contains("\"title\": \"Title\""), "{}", run.out);
    assert!(run.err.contains("Skipped correction 2 matches nothing"), "{}", run.err);
}

#[test]
fn merge_and_lower_apply_overlays_first() {
    let tree = Tree::of_pages(&[("get.md", page(&document("/cards", "{}")))]);
    tree.write(
        "overlay.yaml",
        "overlay: 1.0.0\ninfo: { title: O, version: '1' }\nactions:\n\
        - { target: $.info, update: { title: Title, summary: Short } }\n\
        - { target: $.gone, remove: true }\n",
    );
    let overlay = ["--overlay", "[tree]/overlay.yaml"];
    let page = "[tree]/openapi/cards/pages/get.md";
    for command in [["merge", "cards"], ["lower", page]] {
        let strict = tree.run(&[&command[..], &overlay].concat());
        assert_eq!(strict.status, Status::CouldNotTell, "{}", strict.err);
        assert_eq!(strict.out, "");
        let run = tree.run(&[&command[..], &overlay, &["--lenient"]].concat());
        assert_eq!(run.status, Status::Done, "{}", run.err);
        assert!(run.out.contains("\"title\": \"Title\""), "{}", run.out);
        assert!(run.err.contains("Skipped correction 2 matches nothing"), "{}", run.err);
        // `info.summary` is what 3.0 has no place for.
        assert_eq!(run.out.contains("Short"), command[0] == "merge", "{}", run.out);
    }
    let alone = tree.run(&["lower", page, "--lenient"]);
    assert_eq!(alone.status, Status::Usage, "{}", alone.err);
}

#[test]
fn this_workspace_is_in_step_with_its_pages() {
    let run = run(&workspace(), ["generate", "--check"]);
    assert_eq!(run.status, Status::Done, "{}", run.err);
}

#[test]
fn an_api_is_named_by_its_name_and_made_once() {
    let tree = Tree::of_pages(&[("get.md", page(&document("/cards", "{}")))]);
    let run = tree.run(&["generate", "cards", "cards"]);
    assert_eq!(run.status, Status::Done, "{}", run.err);
    assert_eq!(run.err.matches("Read cards").count(), 1, "{}", run.err);
    let run = tree.run(&["generate", "../openapi/cards"]);
    assert_eq!(run.status, Status::Usage);
    assert!(run.err.contains("no API is named `../openapi/cards`"), "{}", run.err);
}
