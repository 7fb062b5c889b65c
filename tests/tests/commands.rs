//! What a repository is asked and told: `init`, `list`, `explain`, and what a mistyped name comes to.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use pagebind_cli::Status;
use pagebind_tests::{Tree, document, page};

const CARD: &str = r#"{ "type": "object", "properties": { "id": { "type": "integer" }, "owner_name": { "type": "string" } } }"#;

const OVERLAY: &str = "overlay: 1.1.0
info: { title: Corrections, version: '1' }
actions:
  - target: $.components.schemas.Card.properties.owner_name
    description: A name is personal.
    x-expect: {}
    update: { x-sensitive: true }
";

fn tree() -> Tree {
    Tree::of_pages(&[("get.md", page(&document("/cards", CARD)))]).corrected(OVERLAY)
}

#[test]
fn init_writes_settings_that_change_nothing_and_leaves_what_is_there() {
    let tree = tree();
    assert_eq!(tree.run(&["generate"]).status, Status::Done);
    let run = tree.run(&["init"]);
    assert_eq!(run.status, Status::Done, "{}", run.err);
    assert!(run.err.contains("next: `cargo xtask add NAME SOURCE…`"), "{}", run.err);
    assert_eq!(tree.run(&["generate", "--check"]).status, Status::Done);
    let settings = tree.read("pagebind.toml");
    // Each line that says something is one that can be switched on.
    let on: String = settings
        .lines()
        .filter_map(|line| {
            line.strip_prefix("# ").filter(|it| it.starts_with('[') || it.contains(" = "))
        })
        .map(|line| format!("{line}\n"))
        .collect();
    tree.write("pagebind.toml", &on);
    assert_eq!(tree.run(&["generate", "--check"]).status, Status::Done, "{on}");
    let before = tree.files();
    assert_eq!(tree.run(&["init"]).status, Status::Done);
    assert_eq!(tree.files(), before);
}

#[test]
fn list_says_what_there_is_and_whether_it_is_in_step() {
    let tree = tree();
    let stale = tree.run(&["list"]);
    assert_eq!(stale.status, Status::Findings);
    assert_eq!(
        stale.out,
        "cards: 1 page, not in step with its pages: generate it again\n  \
         not committed  https://example.org/get.md\n"
    );
    assert_eq!(tree.run(&["generate"]).status, Status::Done);
    let listed = tree.run(&["list", "--format=json"]);
    assert_eq!(listed.status, Status::Done);
    let listed: serde_json::Value = serde_json::from_str(&listed.out).unwrap();
    assert_eq!(
        listed,
        serde_json::json!({ "apis": [{
            "name": "cards",
            "kind": "openapi",
            "pages": [{ "file": "get.md", "url": "https://example.org/get.md", "vendored": null }],
            "in_step": true,
            "problem": null,
        }] })
    );
}

#[test]
fn explain_leads_from_a_name_a_pointer_or_an_item_to_pages_corrections_and_rust() {
    let tree = tree();
    let expected = "cards: /components/schemas/Card/properties/owner_name
  said by     [tree]/openapi/cards/pages/get.md
  corrected   A name is personal.
              at $.components.schemas.Card.properties.owner_name
";
    for thing in ["owner_name", "/components/schemas/Card/properties/owner_name"] {
        let run = tree.run(&["explain", thing]);
        assert_eq!(run.status, Status::Done, "{}", run.err);
        assert!(run.out.starts_with(expected), "{thing}: {}", run.out);
        assert!(run.out.contains("in Rust     types::CardOwnerName = struct"), "{}", run.out);
        assert!(run.out.contains(", printed as `[redacted]`"), "{}", run.out);
    }
    let run = tree.run(&["explain", "Client::get_cards", "cards"]);
    assert!(run.out.starts_with("cards: /paths/~1cards/get\n"), "{}", run.out);
    let run = tree.run(&["explain", "ownr_name"]);
    assert_eq!(run.status, Status::Usage);
    assert!(run.err.contains("did you mean `owner_name`?"), "{}", run.err);
}

#[test]
fn a_mistyped_api_is_a_matter_of_usage_with_the_names_that_there_are() {
    for command in ["generate", "drift", "list", "suggest"] {
        let run = tree().run(&[command, "crads"]);
        assert_eq!(run.status, Status::Usage, "{command}");
        assert!(run.err.contains("did you mean `cards`? the APIs are: cards"), "{}", run.err);
    }
}

#[test]
fn mistyped_settings_are_errors_with_what_was_meant() {
    let tree = tree();
    let manifest = tree.read("openapi/cards/api.toml");
    let said = |manifest: &str| {
        tree.write("openapi/cards/api.toml", manifest);
        let run = tree.run(&["generate"]);
        assert_ne!(run.status, Status::Done);
        run.err
    };
    let err = said(&manifest.replace("kind =", "client-header = []\nkind ="));
    assert!(
        err.contains("api.toml:1:1") && err.contains("did you mean `client-headers`?"),
        "{err}"
    );
    for (mistyped, meant) in [
        (manifest.replace("\"openapi\"", "\"openap\""), "openapi"),
        (manifest.replace("sha256", "sha265"), "sha256"),
        (format!("{manifest}\n[types]\nderive = []\n"), "derives"),
        (format!("{manifest}\n[suggest]\nsensitve = []\n"), "sensitive"),
        (format!("{manifest}\n[[pagination]]\nparamter = \"page\"\n"), "parameter"),
    ] {
        let err = said(&mistyped);
        assert!(err.contains("api.toml:"), "{err}");
        assert!(err.contains(&format!("did you mean `{meant}`?")), "{err}");
    }
    let err = said(&format!("client-headers = [\"x-tenant\"]\n{manifest}"));
    assert!(err.contains("no operation has the header parameter `x-tenant`"), "{err}");
    assert!(err.contains("api.toml"), "{err}");
    tree.write("openapi/cards/api.toml", &manifest);
    tree.write("openapi/cards/overlay.yaml", OVERLAY.replace("x-sensitive", "x-sensitve"));
    let err = tree.run(&["generate"]).err;
    assert!(
        err.contains("overlay.yaml:7:") && err.contains("did you mean `x-sensitive`?"),
        "{err}"
    );
}

#[test]
fn a_mistyped_key_of_what_is_accepted_is_an_error_with_what_was_meant() {
    let tree = tree();
    tree.write("published/get.md", page(&document("/cards", CARD)).replace("owner_name", "owner"));
    for (command, accepted, meant) in [
        ("drift", "[[accepted]]\nid = \"api-removed\"\nfingerprnt = \"\"\n", "fingerprint"),
        ("suggest", "[[suggestion]]\nrule = \"integer-id\"\nreasn = \"it is\"\n", "reason"),
        ("suggest", "\n\n[[suggestions]]\n", "suggestion"),
    ] {
        tree.write("openapi/cards/accepted.toml", accepted);
        let published = "--published=[tree]/published";
        let arguments = [&[command][..], if command == "drift" { &[published] } else { &[] }];
        let run = tree.run(&arguments.concat());
        assert_eq!(run.status, Status::CouldNotTell, "{}", run.err);
        assert!(run.err.contains("accepted.toml:3:"), "{}", run.err);
        assert!(run.err.contains(&format!("did you mean `{meant}`?")), "{}", run.err);
    }
}

#[test]
fn a_folder_that_is_not_there_is_one_error() {
    for command in ["drift", "update"] {
        let run = tree().run(&[command, "--published=[tree]/nowhere"]);
        assert_eq!(run.status, Status::CouldNotTell, "{command}");
        assert_eq!(run.err.matches("error: ").count(), 1, "{}", run.err);
        assert!(run.err.contains("[tree]/nowhere"), "{}", run.err);
    }
}

#[test]
fn quiet_tells_nothing_but_problems_and_verbose_tells_everything() {
    let tree = tree();
    let quiet = tree.run(&["generate", "-q"]);
    assert_eq!((quiet.status, quiet.err.as_str()), (Status::Done, ""));
    tree.write("crates/cards/openapi.json", "{}");
    let stale = tree.run(&["generate", "--check", "--quiet"]);
    assert_eq!(stale.status, Status::Findings);
    assert!(stale.err.contains("Stale [tree]/crates/cards/openapi.json"), "{}", stale.err);
    let usual = tree.run(&["generate"]);
    assert!(usual.err.lines().count() <= 10, "{}", usual.err);
    assert!(!usual.err.contains("A name is personal."), "{}", usual.err);
    let verbose = tree.run(&["-v", "generate"]);
    assert!(verbose.err.contains("A name is personal."), "{}", verbose.err);
}

#[test]
fn losses_are_counted_by_kind_with_an_example_each() {
    let property = r#"{ "type": "string", "contains": 1 }"#;
    let many: Vec<String> = (0..7).map(|number| format!("\"p{number}\": {property}")).collect();
    let card = format!(r#"{{ "type": "object", "properties": {{ {} }} }}"#, many.join(", "));
    let tree = Tree::of_pages(&[("get.md", page(&document("/cards", &card)))]);
    let run = tree.run(&["generate"]);
    let line = "7 × `contains` not enforced; kept as `x-jsonschema-contains`, such as \
                /components/schemas/Card/properties/p0/contains (get)\n";
    assert!(run.err.contains(line), "{}", run.err);
    let run = tree.run(&["generate", "-v"]);
    assert!(
        run.err.contains("/components/schemas/Card/properties/p6/contains: `contains`"),
        "{}",
        run.err
    );
}

#[test]
fn the_version_is_told() {
    let run = tree().run(&["--version"]);
    assert_eq!(run.status, Status::Done);
    assert!(run.out.contains(env!("CARGO_PKG_VERSION")), "{}", run.out);
}

#[test]
fn a_user_s_own_test_fails_with_the_report_where_something_is_stale() {
    let tree = tree();
    // The name of the command is in what is generated.
    tree.write("pagebind.toml", "command = \"cargo xtask\"\n");
    assert_eq!(tree.run(&["generate"]).status, Status::Done);
    pagebind_cli::check_around(tree.path());
    tree.write("crates/cards/openapi.json", "{}");
    let report = std::panic::catch_unwind(|| pagebind_cli::check_around(tree.path())).unwrap_err();
    let report = report.downcast_ref::<String>().unwrap();
    assert!(report.contains("Stale") && report.contains("crates/cards/openapi.json"), "{report}");
}

#[test]
fn generate_tells_programs_all_that_there_is_to_tell() {
    let tree = tree();
    let run = tree.run(&["generate", "--format=json", "-q"]);
    assert_eq!((run.status, run.err.as_str()), (Status::Done, ""));
    let report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let api = &report["apis"][0];
    assert_eq!(api["operations"], 1);
    let place = "/components/schemas/Card/properties/owner_name";
    assert_eq!(api["corrections"][0]["places"], serde_json::json!([place]));
    assert_eq!(api["redacted"], serde_json::json!(["CardOwnerName"]));
    assert_eq!(report["files"][1]["path"], "[tree]/crates/cards/src/generated.rs");
    assert_eq!(report["files"][1]["fresh"], false);
}
