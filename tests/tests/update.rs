//! `cargo xtask update` from end to end: what is published is taken over as a whole, or the tree
//! stays as it was.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    cell::Cell,
    collections::BTreeMap,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    process::Command,
    rc::Rc,
    sync::{Mutex, MutexGuard, PoisonError},
};

use insta::{assert_snapshot, with_settings};
use pagebind_cli::{Status, failpoints};
use pagebind_tests::{Run, Tree, document, page, run, sha256};

const CARD: &str = r#"{ "type": "object", "properties": { "id": { "type": "integer" } } }"#;
const NEW_CARD: &str = r#"{ "type": "object", "properties": { "id": { "type": "integer" }, "name": { "type": "string" } } }"#;

/// What the pages are corrected by.
const OVERLAY: &str = "overlay: 1.1.0\ninfo: { title: Corrections, version: '1' }\nactions:\n  - target: $.components.schemas.Card.properties.id\n    description: A card's id has 64 bits.\n    update: { format: int64 }\n    x-expect: { type: integer }\n";

/// A tree in step with its two pages, whose published copies in `published/` say the same.
fn tree() -> Tree {
    let pages =
        [("get.md", page(&document("/cards", CARD))), ("list.md", page(&document("/lists", CARD)))];
    let tree = Tree::of_pages(&pages).corrected(OVERLAY);
    // What a maintainer writes in a manifest stays there.
    let manifest = tree.read("openapi/cards/api.toml");
    tree.write("openapi/cards/api.toml", format!("# Ours.\n{manifest}"));
    for (name, text) in pages {
        tree.write(&format!("published/{name}"), text);
    }
    assert_eq!(tree.run(&["generate"]).status, Status::Done);
    tree
}

/// Publishes both pages with another card.
fn publish(tree: &Tree, card: &str) {
    tree.write("published/get.md", page(&document("/cards", card)));
    tree.write("published/list.md", page(&document("/lists", card)));
}

fn update(tree: &Tree) -> Run {
    tree.run(&["update", "--published", "[tree]/published"])
}

/// Holds that an update ends this way and changes nothing, and gives what it said.
#[track_caller]
fn unchanged(tree: &Tree, expected: Status) -> Run {
    let before = tree.files();
    let run = update(tree);
    assert_eq!(run.status, expected, "{}", run.err);
    assert_eq!(tree.files(), before, "the tree has to stay as it was");
    run
}

#[track_caller]
fn in_step(tree: &Tree) {
    let check = tree.run(&["generate", "--check"]);
    assert_eq!(check.status, Status::Done, "{}", check.err);
    let drift = tree.run(&["drift", "--published", "[tree]/published", "--fail-on", "info"]);
    assert_eq!(drift.status, Status::Done, "{}{}", drift.out, drift.err);
}

#[test]
fn what_is_published_is_taken_over_with_all_that_follows() {
    let tree = tree();
    publish(&tree, NEW_CARD);
    let published = tree.read("published/get.md");
    let run = update(&tree);
    assert_eq!(run.status, Status::Done, "{}", run.err);
    assert_eq!(tree.read("openapi/cards/pages/get.md"), published);
    assert!(tree.read("openapi/cards/api.toml").starts_with("# Ours.\nkind"));
    assert!(tree.read("crates/cards/src/generated.rs").contains("pub name"));
    in_step(&tree);
    with_settings!({ filters => [(r"in \d+\.\d\d s", "in [time]")] }, {
        assert_snapshot!(format!("{}\n---\n{}", run.out, run.err));
    });
    let again = unchanged(&tree, Status::Done);
    assert!(again.err.contains("nothing to do"), "{}", again.err);
}

#[test]
fn files_that_pages_refer_to_are_taken_over_with_them() {
    let get = document("/cards", CARD).replace("#/components/schemas/Card", "schemas/card.json");
    let tree = Tree::of_pages(&[("get.md", page(&get))]);
    let pages = "openapi/cards/pages";
    for folder in [pages, "published"] {
        tree.write(&format!("{folder}/get.md"), page(&get));
        tree.write(&format!("{folder}/schemas/card.json"), CARD);
    }
    assert_eq!(tree.run(&["generate"]).status, Status::Done);
    in_step(&tree);
    assert!(unchanged(&tree, Status::Done).err.contains("nothing to do"));

    tree.write(
        "published/schemas/card.json",
        r#"{ "properties": { "id": { "type": "string" }, "of": { "$ref": "owner.json" } } }"#,
    );
    let told = unchanged(&tree, Status::Findings);
    assert!(told.err.contains("the reference `owner.json` names no file"), "{}", told.err);
    tree.write("published/schemas/owner.json", r#"{ "type": "string" }"#);
    let drift = tree.run(&["drift", "--published", "[tree]/published"]);
    assert_eq!(drift.status, Status::Findings, "{}{}", drift.out, drift.err);
    assert!(drift.out.contains("type changed from integer to string"), "{}", drift.out);
    assert!(drift.out.contains("[tree]/published/schemas/card.json:1:"), "{}", drift.out);

    let run = update(&tree);
    assert_eq!(run.status, Status::Done, "{}", run.err);
    for file in ["schemas/card.json", "schemas/owner.json"] {
        assert_eq!(tree.read(&format!("{pages}/{file}")), tree.read(&format!("published/{file}")));
    }
    in_step(&tree);
    assert!(unchanged(&tree, Status::Done).err.contains("nothing to do"));
}

#[test]
fn pages_with_carriage_returns_are_vendored_byte_for_byte() {
    let tree = tree();
    publish(&tree, NEW_CARD);
    let published = format!("\u{feff}{}", tree.read("published/get.md").replace('\n', "\r\n"));
    tree.write("published/get.md", &published);
    assert_eq!(update(&tree).status, Status::Done);
    assert_eq!(tree.read("openapi/cards/pages/get.md"), published);
    in_step(&tree);
}

#[test]
fn the_version_that_is_proposed_follows_from_that_of_the_crate() {
    let tree = tree();
    tree.write("Cargo.toml", "[workspace.package]\nversion = \"0.3.1\"\n");
    tree.write("pagebind.toml", "rehearsal = []\n");
    tree.write(
        "crates/cards/Cargo.toml",
        "[package]\nname = \"cards\"\nversion.workspace = true\n",
    );
    publish(
        &tree,
        r#"{ "type": "object", "required": ["id"], "properties": { "id": { "type": "integer" } } }"#,
    );
    let run = update(&tree);
    assert_eq!(run.status, Status::Done, "{}", run.err);
    assert!(run.out.contains("cards: 0.3.1 → 0.4.0 (major)"), "{}", run.out);
}

#[test]
fn a_page_that_only_looks_different_is_left_as_it_was_vendored() {
    let tree = tree();
    let collapsed = tree.read("published/get.md");
    let collapsed = collapsed.split_whitespace().collect::<Vec<_>>().join(" ");
    tree.write("published/get.md", collapsed);
    let run = unchanged(&tree, Status::Done);
    assert!(run.err.contains("nothing to do"), "{}", run.err);
}

#[test]
fn an_api_that_is_not_named_is_left_alone() {
    let tree = tree();
    let other = page(&document("/others", CARD));
    let sha256 = "sha256 = \"".to_owned() + &sha256(&other) + "\"";
    let manifest = "kind = \"openapi\"\n[[pages]]\nfile = \"pages/other.md\"\nurl = \"https://example.org/other.md\"\n";
    tree.write("openapi/other/api.toml", format!("{manifest}{sha256}\n"));
    tree.write("openapi/other/pages/other.md", &other);
    assert_eq!(tree.run(&["generate"]).status, Status::Done);
    // One API's pages can't be taken over; the other's can, by itself.
    publish(&tree, "nothing of use");
    tree.write("published/other.md", page(&document("/others", NEW_CARD)));
    unchanged(&tree, Status::Findings);
    let run = tree.run(&["update", "other", "--published", "[tree]/published"]);
    assert_eq!(run.status, Status::Done, "{}", run.err);
    assert!(tree.read("crates/other/src/generated.rs").contains("pub name"));
    assert!(!tree.read("crates/cards/src/generated.rs").contains("pub name"));
    let nobody = tree.run(&["update", "nobody", "--published", "[tree]/published"]);
    assert_eq!(nobody.status, Status::Usage);
}

#[test]
fn a_correction_that_no_longer_fits_is_told_and_nothing_is_changed() {
    let tree = tree();
    publish(&tree, r#"{ "type": "object", "properties": { "id": { "type": "string" } } }"#);
    assert_snapshot!(unchanged(&tree, Status::Findings).err.split("error: ").nth(1).unwrap());
}

#[test]
fn a_correction_that_is_stated_anew_comes_with_the_page_that_it_fits() {
    let tree = tree();
    publish(&tree, r#"{ "type": "object", "properties": { "id": { "type": "string" } } }"#);
    unchanged(&tree, Status::Findings);
    let anew = OVERLAY.replace("integer", "string").replace("int64", "uuid");
    tree.write("openapi/cards/overlay.yaml", anew);
    let run = update(&tree);
    assert_eq!(run.status, Status::Done, "{}", run.err);
    assert!(run.out.contains("type changed from integer (uuid) to string (uuid)"), "{}", run.out);
    assert!(!run.out.contains("impossible"), "{}", run.out);
    assert!(tree.read("crates/cards/openapi.json").contains("\"format\": \"uuid\""));
    assert_eq!(tree.run(&["generate", "--check"]).status, Status::Done);
}

/// Lets the manifest say more of the page in `file`.
fn of_page(tree: &Tree, file: &str, line: &str) {
    let manifest = tree.read("openapi/cards/api.toml");
    let file = format!("file = \"pages/{file}\"\n");
    assert!(manifest.contains(&file), "{manifest}");
    tree.write("openapi/cards/api.toml", manifest.replace(&file, &format!("{file}{line}\n")));
}

/// An overlay that puts `to` for `from` as the type of a card's id.
fn typed(from: &str, to: &str) -> String {
    format!(
        "overlay: 1.1.0\ninfo: {{ title: Corrections, version: '1' }}\nactions:\n  - target: $.components.schemas.Card.properties.id\n    description: It is one.\n    update: {{ type: {to} }}\n    x-expect: {{ type: {from} }}\n"
    )
}

/// A card whose id is of this type.
fn card(kind: &str) -> String {
    format!(r#"{{ "type": "object", "properties": {{ "id": {{ "type": "{kind}" }} }} }}"#)
}

#[test]
fn a_correction_of_one_page_is_stated_anew_before_the_page_that_it_fits() {
    let pages = [
        ("get.md", page(&document("/cards", &card("string")))),
        ("list.md", page(&document("/lists", &card("integer")))),
    ];
    let tree = Tree::of_pages(&pages);
    of_page(&tree, "get.md", "overlays = [\"get.yaml\"]");
    tree.write("openapi/cards/get.yaml", typed("string", "integer"));
    assert_eq!(tree.run(&["generate"]).status, Status::Done);
    publish(&tree, &card("integer"));
    tree.write("published/get.md", page(&document("/cards", &card("number"))));
    let run = unchanged(&tree, Status::Findings);
    assert!(run.err.contains("published/get.md:"), "{}", run.err);

    tree.write("openapi/cards/get.yaml", typed("number", "integer"));
    let drift = tree.run(&["drift", "--published", "[tree]/published", "--fail-on", "info"]);
    assert_eq!(drift.status, Status::Done, "{}{}", drift.out, drift.err);
    let generate = tree.run(&["generate", "--check"]);
    assert_eq!(generate.status, Status::Findings, "{}", generate.err);
    assert!(generate.err.contains("openapi/cards/pages/get.md:"), "{}", generate.err);
    let run = update(&tree);
    assert_eq!(run.status, Status::Done, "{}", run.err);
    in_step(&tree);
}

#[test]
fn a_correction_of_one_page_can_let_published_pages_agree_that_contradict_the_copies() {
    let tree = tree();
    tree.write("openapi/cards/overlay.yaml", OVERLAY.replace("integer", "number"));
    publish(&tree, &card("number"));
    tree.write("published/get.md", page(&document("/cards", &card("string"))));
    unchanged(&tree, Status::Findings);
    of_page(&tree, "get.md", "overlays = [\"get.yaml\"]");
    tree.write("openapi/cards/get.yaml", typed("string", "number"));
    let drift = tree.run(&["drift", "--published", "[tree]/published"]);
    assert_eq!(drift.status, Status::Findings, "{}", drift.err);
    assert!(drift.out.contains("type changed from integer (int64) to number"), "{}", drift.out);
    let run = update(&tree);
    assert_eq!(run.status, Status::Done, "{}", run.err);
    in_step(&tree);
}

#[test]
fn a_correction_is_for_the_documents_of_a_page_that_it_matches() {
    let block = |path: &str, kind: &str| {
        let document = document(path, &card(kind)).replace("Card\"", &format!("Card_of_{kind}\""));
        format!("```json\n{document}\n```\n")
    };
    let two = format!("# Cards\n\n{}\n{}", block("/cards", "string"), block("/lists", "number"));
    let tree = Tree::of_pages(&[("all.md", two)]);
    of_page(&tree, "all.md", "overlays = [\"all.yaml\"]");
    let correct = |component: &str| {
        let overlay = typed("number", "integer").replace("Card", component);
        tree.write("openapi/cards/all.yaml", overlay);
        tree.run(&["generate"])
    };
    let run = correct("Card_of_number");
    assert_eq!(run.status, Status::Done, "{}", run.err);
    let run = correct("Card_of_string");
    assert!(run.err.contains("the page now says `\"string\"`"), "{}", run.err);
    let run = correct("Card_of_nobody");
    assert_eq!(run.err.matches("matches nothing").count(), 1, "{}", run.err);
}

#[test]
fn more_can_be_selected_of_a_document_before_it_is_published_there() {
    let whole = |paths: &[&str]| {
        let operation = |path: &&str| {
            let id = path.trim_start_matches('/').replace('/', "_");
            format!(
                "  {path}:\n    get: {{ operationId: {id}, responses: {{ '204': {{ description: d }} }} }}\n"
            )
        };
        let paths: String = paths.iter().map(operation).collect();
        format!("openapi: 3.0.3\ninfo: {{ title: All, version: '1' }}\npaths:\n{paths}")
    };
    let tree = Tree::of_pages(&[("all.yaml", whole(&["/v1/cards", "/v1/loans"]))]);
    let manifest = tree.read("openapi/cards/api.toml");
    let only = |patterns: &str| {
        tree.write("openapi/cards/api.toml", &manifest);
        of_page(&tree, "all.yaml", &format!("only = [{patterns}]"));
    };
    only("'/v1/cards'");
    assert_eq!(tree.run(&["generate"]).status, Status::Done);
    tree.write("published/all.yaml", whole(&["/v2/cards", "/v1/loans", "/v1/limits"]));
    let run = unchanged(&tree, Status::Findings);
    assert!(run.err.contains("matches `/v1/cards`"), "{}", run.err);
    only("'/v1/loans', '/v1/cards'");
    let run = unchanged(&tree, Status::Findings);
    assert!(run.err.contains("matches `/v1/cards`"), "{}", run.err);
    only("'/v1/lonas'");
    let run = unchanged(&tree, Status::Findings);
    assert!(run.err.contains("matches `/v1/lonas`"), "{}", run.err);
    for patterns in ["'/v1/loans', '/v1/limits'", "'/v2/**'"] {
        only(patterns);
        assert_eq!(tree.run(&["generate"]).status, Status::Findings);
        let before = tree.files();
        let run = update(&tree);
        assert_eq!(run.status, Status::Done, "{}", run.err);
        in_step(&tree);
        before.iter().for_each(|(path, bytes)| std::fs::write(path, bytes).unwrap());
    }
}

#[test]
fn pages_that_contradict_each_other_are_told_and_nothing_is_changed() {
    let tree = tree();
    tree.write("published/get.md", page(&document("/cards", NEW_CARD)));
    let run = unchanged(&tree, Status::Findings);
    assert!(run.out.contains("published/get.md"), "{}", run.out);
    assert!(run.out.contains("published/list.md"), "{}", run.out);
}

#[test]
fn a_page_that_can_t_be_told_of_changes_nothing() {
    let tree = tree();
    publish(&tree, NEW_CARD);
    std::fs::remove_file(tree.path().join("published/list.md")).unwrap();
    let run = unchanged(&tree, Status::CouldNotTell);
    assert!(run.err.contains("nothing was changed"), "{}", run.err);
    assert!(run.err.contains("[tree]/published/list.md"), "{}", run.err);
}

#[test]
fn a_page_without_a_definition_changes_nothing() {
    let tree = tree();
    tree.write("published/list.md", "# Page not found\n");
    let run = unchanged(&tree, Status::Findings);
    assert!(run.err.contains("[tree]/published/list.md"), "{}", run.err);
}

#[test]
fn a_bare_folder_of_pages_can_t_be_updated() {
    let tree = tree();
    let run = tree.run(&["update", "--pages", "[tree]/openapi/cards/pages"]);
    assert_eq!(run.status, Status::Usage);
    assert_ne!(run.err, "");
}

/// A help page as ASP.NET Web API makes them, without its navigation.
const HELP_PAGE: &str = r#"POST api/cards/update

Update a card.

Request Information

URI Parameters

None.

Body Parameters

UpdateModel
NameDescriptionTypeAdditional information
Note

string

Required

Request Formats

application/json, text/json

Sample:
{
  "Note": "for you",
  "UpdateDateTime": "2025-04-19 08:29:17 (UTC)"
}

Response Information

Resource Description

ResultModel
NameDescriptionTypeAdditional information
Message

string

None.

Response Formats

application/json, text/json

Sample:
{
  "Message": "fine"
}
"#;

/// A tree of one help page, which is published as it is vendored.
fn help_page() -> Tree {
    let tree = Tree::of_pages(&[("update.txt", HELP_PAGE)]);
    let manifest = tree.read("openapi/cards/api.toml").replace("\"openapi\"", "\"help-page\"");
    tree.write("openapi/cards/api.toml", manifest);
    tree.write("published/update.txt", HELP_PAGE);
    tree
}

#[test]
fn a_help_page_is_vendored_without_a_contract() {
    let tree = help_page();
    let published = HELP_PAGE.replace("Note", "Remark");
    tree.write("published/update.txt", &published);
    let run = update(&tree);
    assert_eq!(run.status, Status::Done, "{}", run.err);
    assert!(run.out.contains("cards: unknown"), "{}", run.out);
    assert_eq!(tree.read("openapi/cards/pages/update.txt"), published);
    assert!(!tree.path().join("crates").exists());
    in_step(&tree);
}

#[test]
fn the_time_in_the_sample_of_a_help_page_is_no_update() {
    let tree = help_page();
    let later = HELP_PAGE.replace("2025-04-19 08:29:17", "2026-01-02 03:04:05");
    assert_ne!(later, HELP_PAGE);
    tree.write("published/update.txt", later);
    unchanged(&tree, Status::Done);
}

/// One rehearsal at a time: cargo may be told of one target folder for all trees (`CARGO_TARGET_DIR`).
fn alone() -> MutexGuard<'static, ()> {
    static REHEARSALS: Mutex<()> = Mutex::new(());
    REHEARSALS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A tree with a package of tests, as this workspace has one: it refuses a property `forbidden`,
/// and keeps a snapshot of the contract.
fn tested() -> Tree {
    let tree = tree();
    tree.write("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"tests\"]\n");
    tree.write("pagebind.toml", "rehearsal = [\"test --package card-tests\"]\n");
    tree.write(
        "Cargo.lock",
        "version = 4\n\n[[package]]\nname = \"card-tests\"\nversion = \"0.1.0\"\n",
    );
    tree.write(
        "tests/Cargo.toml",
        "[package]\nname = \"card-tests\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[lib]\npath = \"lib.rs\"\ndoctest = false\n",
    );
    tree.write(
        "tests/lib.rs",
        r#"#[test]
fn the_contract_is_held() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let contract = std::fs::read_to_string(root.join("../crates/cards/openapi.json")).unwrap();
    assert!(!contract.contains("\"forbidden\""));
    assert_eq!(std::env::var("INSTA_UPDATE").as_deref(), Ok("always"));
    std::fs::write(root.join("snapshots/contract.snap"), contract).unwrap();
}
"#,
    );
    tree.write("tests/snapshots/contract.snap", tree.read("crates/cards/openapi.json"));
    tree
}

#[test]
fn snapshots_come_from_the_tests_and_are_written_with_all_else() {
    let _alone = alone();
    let tree = tested();
    publish(&tree, NEW_CARD);
    let run = update(&tree);
    assert_eq!(run.status, Status::Done, "{}", run.err);
    assert!(run.err.contains("Written [tree]/tests/snapshots/contract.snap"), "{}", run.err);
    let contract = tree.read("crates/cards/openapi.json");
    assert!(contract.contains("\"name\""));
    assert_eq!(tree.read("tests/snapshots/contract.snap"), contract);
}

#[test]
fn what_the_tests_refuse_changes_nothing() {
    let _alone = alone();
    let tree = tested();
    publish(&tree, &NEW_CARD.replace("name", "forbidden"));
    let before = own_files(&tree);
    let run = update(&tree);
    assert_eq!(run.status, Status::Findings, "{}", run.err);
    assert!(run.err.contains("the_contract_is_held"), "{}", run.err);
    assert!(run.err.contains("the tests fail with what is published now"), "{}", run.err);
    assert_eq!(own_files(&tree), before);
}

#[test]
fn what_keeps_cargo_from_telling_is_no_word_on_what_is_published() {
    let broken = [
        // What `pagebind.toml` names is not there.
        ("pagebind.toml", "rehearsal = [\"test --package nobody\"]\n".to_owned()),
        // A dependency can't be had.
        (
            "tests/Cargo.toml",
            "[package]\nname = \"card-tests\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[lib]\npath = \"lib.rs\"\n\n\
             [dependencies]\nnobody = { path = \"../nobody\" }\n"
                .to_owned(),
        ),
    ];
    for (file, text) in broken {
        let _alone = alone();
        let tree = tested();
        tree.write(file, text);
        publish(&tree, NEW_CARD);
        let before = own_files(&tree);
        let run = update(&tree);
        assert_eq!(run.status, Status::CouldNotTell, "{file}: {}", run.err);
        assert!(
            run.err.contains("nobody") && run.err.contains("nothing was changed"),
            "{}",
            run.err
        );
        assert!(!run.err.contains("fail with what is published"), "{}", run.err);
        assert_eq!(own_files(&tree), before, "{file}");
    }
}

#[test]
fn code_that_no_longer_compiles_is_told_and_changes_nothing() {
    let _alone = alone();
    let tree = tested();
    // A name that is there as long as the contract says so.
    let contract = "include_str!(\"../crates/cards/openapi.json\")";
    let code = format!(
        "const LENGTH: usize = {contract}.len();\nconst _: [u8; {{length}}] = [0; LENGTH];\n"
    );
    let length = tree.read("crates/cards/openapi.json").len().to_string();
    tree.write("tests/lib.rs", code.replace("{length}", &length));
    publish(&tree, NEW_CARD);
    let before = own_files(&tree);
    let run = update(&tree);
    assert_eq!(run.status, Status::Findings, "{}", run.err);
    assert!(run.err.contains("E0308") && run.err.contains("tests/lib.rs:2"), "{}", run.err);
    assert!(run.err.contains("hand-written code does not compile with what is published now"));
    assert_eq!(own_files(&tree), before);
}

/// Everything but what no command writes: what the publisher has, and what cargo builds.
fn own_files(tree: &Tree) -> BTreeMap<PathBuf, Vec<u8>> {
    let [published, target] = ["published", "target"].map(|folder| tree.path().join(folder));
    let mut files = tree.files();
    files.retain(|path, _| !path.starts_with(&published) && !path.starts_with(&target));
    files
        .into_iter()
        .map(|(path, bytes)| (path.strip_prefix(tree.path()).unwrap().to_owned(), bytes))
        .collect()
}

/// How many steps the writes of the update take, and the tree after it.
fn steps() -> (usize, BTreeMap<PathBuf, Vec<u8>>) {
    let tree = tree();
    publish(&tree, NEW_CARD);
    let steps = Rc::new(Cell::new(0));
    let counted = Rc::clone(&steps);
    let _guard = failpoints::before_each_step(move || {
        counted.set(counted.get() + 1);
        Ok(())
    });
    assert_eq!(update(&tree).status, Status::Done);
    (steps.get(), own_files(&tree))
}

#[test]
fn a_failure_at_any_write_leaves_the_tree_as_it_was() {
    let (steps, _) = steps();
    // A journal, two pages, the manifest, the contract and the source.
    assert_eq!(steps, 3 + 2 * 5 + 1);
    let tree = tree();
    publish(&tree, NEW_CARD);
    for step in 1..=steps {
        let mut now = 0;
        let _guard = failpoints::before_each_step(move || {
            now += 1;
            if now == step { Err(io::Error::other("injected")) } else { Ok(()) }
        });
        let run = unchanged(&tree, Status::CouldNotTell);
        assert!(run.err.contains("injected"), "step {step}: {}", run.err);
    }
}

#[test]
fn a_death_at_any_write_is_put_right_by_the_next_command() {
    let (steps, new) = steps();
    let tree = tree();
    publish(&tree, NEW_CARD);
    let old = own_files(&tree);
    assert_ne!(old, new);
    for step in 1..=steps {
        let mut now = 0;
        let guard = failpoints::before_each_step(move || {
            now += 1;
            if now == step { std::panic::resume_unwind(Box::new("died")) } else { Ok(()) }
        });
        assert!(catch_unwind(AssertUnwindSafe(|| update(&tree))).is_err(), "step {step}");
        drop(guard);
        let check = tree.run(&["generate", "--check"]);
        assert_eq!(check.status, Status::Done, "step {step}: {}", check.err);
        // Nothing was there yet before the first step.
        assert_eq!(check.err.contains("Recovered"), step > 1, "step {step}: {}", check.err);
        assert_eq!(own_files(&tree), old, "step {step}");
    }
    assert_eq!(update(&tree).status, Status::Done);
    assert_eq!(own_files(&tree), new);
}

/// The tree that the process below dies in.
const VICTIM: &str = "PAGEBIND_UPDATE_DIES_IN";

#[test]
fn a_process_that_aborts_between_two_moves_is_put_right_by_the_next_command() {
    if let Some(root) = std::env::var_os(VICTIM).map(PathBuf::from) {
        // This is the process that dies: after all five are staged, and two of them moved.
        let mut now = 0;
        let _guard = failpoints::before_each_step(move || {
            now += 1;
            if now == 3 + 5 + 3 { std::process::abort() } else { Ok(()) }
        });
        let published = root.join("published").into_os_string();
        let run = run(&root, ["update".into(), "--published".into(), published]);
        unreachable!("it ended with {run:?}");
    }
    let tree = tree();
    publish(&tree, NEW_CARD);
    let old = own_files(&tree);
    let name = "a_process_that_aborts_between_two_moves_is_put_right_by_the_next_command";
    let child = Command::new(std::env::current_exe().unwrap())
        .args([name, "--exact", "--test-threads=1"])
        .env(VICTIM, tree.path())
        .output()
        .unwrap();
    assert_eq!(child.status.code(), None, "a signal ends it: {child:?}");
    assert_ne!(own_files(&tree), old, "it died too early");
    let check = tree.run(&["generate", "--check"]);
    assert_eq!(check.status, Status::Done, "{}", check.err);
    assert!(
        check.err.contains("Recovered from an interrupted command; 2 files put back"),
        "{}",
        check.err
    );
    assert_eq!(own_files(&tree), old);
}
