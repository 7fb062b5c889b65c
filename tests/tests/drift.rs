//! `cargo xtask drift` and `diff`: what changed at the publisher, and how the command ends.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use insta::assert_snapshot;
use pagebind_cli::Status;
use pagebind_tests::{Run, Tree, document, page, workspace};
use serde_json::Value;

const CARD: &str = r#"{ "type": "object", "required": ["id"], "properties": { "id": { "type": "integer" }, "kind": { "type": "string", "enum": ["debit", "credit"] } } }"#;

const OVERLAY: &str = "overlay: 1.1.0
info: { title: Corrections, version: '1' }
actions:
  - target: $.components.schemas.Card.properties.id
    description: A card's id has 64 bits.
    update: { format: int64 }
    x-expect: { type: integer }
";

/// A tree with one vendored page, and a page that is published in its place.
fn tree(published: &str) -> Tree {
    let tree = Tree::of_pages(&[("get.md", page(&document("/cards", CARD)))]);
    tree.write("published/get.md", published);
    tree
}

/// The published page, with a change in its definition.
fn changed(from: &str, to: &str) -> String {
    let document = document("/cards", CARD);
    assert!(document.contains(from), "no {from} in {document}");
    page(&document.replace(from, to))
}

fn drift(tree: &Tree, more: &[&str]) -> Run {
    tree.run(&[&["drift", "--published", "[tree]/published"], more].concat())
}

/// The ids of the findings, each once, with its severity.
#[track_caller]
fn ids(run: &Run) -> Vec<String> {
    let report: Value = serde_json::from_str(&run.out).unwrap();
    let mut ids: Vec<String> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            format!("{} {}", finding["severity"].as_str().unwrap(), finding["id"].as_str().unwrap())
        })
        .collect();
    ids.sort();
    ids.dedup();
    ids
}

#[test]
fn what_means_the_same_is_no_drift() {
    let published = page(&document("/cards", CARD));
    let collapsed = published.split_whitespace().collect::<Vec<_>>().join(" ");
    for text in [published, collapsed] {
        let run = drift(&tree(&text), &["--fail-on", "info"]);
        assert_eq!(run.status, Status::Done, "{}", run.out);
        assert_eq!(
            run.out,
            "cards: no changes; version step none (nothing changed that a caller meets)\n"
        );
    }
}

#[test]
fn each_change_is_found_and_ends_as_it_should() {
    let cases = [
        (
            changed("\"get\"", "\"post\""),
            Status::Findings,
            &["breaking api-removed-without-deprecation", "info endpoint-added"][..],
        ),
        (
            changed("\"200\"", "\"201\""),
            Status::Findings,
            &["breaking response-success-status-removed", "warning response-success-status-added"],
        ),
        (
            changed("\"type\": \"integer\"", "\"type\": \"string\""),
            Status::Findings,
            &["breaking response-property-type-changed"],
        ),
        (
            changed("\"required\": [\"id\"],", ""),
            Status::Findings,
            &["breaking response-property-became-optional"],
        ),
        (
            changed("\"credit\"]", "\"credit\", \"prepaid\"]"),
            Status::Done,
            &["warning response-property-enum-value-added"],
        ),
        (
            changed("\"title\": \"Cards\"", "\"title\": \"Kards\""),
            Status::Done,
            &["info api-description-changed"],
        ),
        // What follows has nothing in the source that would tell.
        (
            changed("\"paths\":", "\"security\": [{ \"Key\": [] }], \"paths\":").replace(
                "\"components\": {",
                "\"components\": { \"securitySchemes\": { \"Key\": { \"type\": \"apiKey\", \"in\": \"header\", \"name\": \"k\" } },",
            ),
            Status::Findings,
            &["breaking api-global-security-added", "info api-security-component-added"],
        ),
        (
            changed("\"paths\":", "\"servers\": [{ \"url\": \"https://new.example\" }], \"paths\":"),
            Status::Findings,
            &["breaking api-server-removed", "info api-server-added"],
        ),
        (
            changed("\"operationId\"", "\"parameters\": [{ \"name\": \"page\", \"in\": \"query\", \"required\": true, \"schema\": { \"type\": \"integer\" } }], \"operationId\""),
            Status::Findings,
            &["breaking new-required-request-parameter"],
        ),
        (changed("\"operationId\"", "\"deprecated\": true, \"operationId\""), Status::Done, &["warning endpoint-deprecated"]),
        (
            // Nobody outside of the crate has a literal of the type that is generated.
            changed("\"properties\": {", "\"properties\": { \"limit\": { \"type\": \"integer\" },"),
            Status::Done,
            &["info response-optional-property-added"],
        ),
    ];
    for (published, status, expected) in cases {
        let run = drift(&tree(&published), &["--format", "json"]);
        assert_eq!(ids(&run), expected, "{}", run.out);
        assert_eq!(run.status, status, "{expected:?}");
    }
}

#[test]
fn a_new_member_of_an_answer_is_a_minor_step_and_the_words_on_a_server_a_patch() {
    let with = |server: &str, card: &str| {
        let servers = format!("\"servers\": [{server}], \"paths\":");
        page(&document("/cards", card).replace("\"paths\":", &servers))
    };
    let server =
        |words: &str| format!(r#"{{ "url": "https://a.example", "description": "{words}" }}"#);
    let tree = Tree::of_pages(&[("get.md", with(&server("Production server"), CARD))]);
    let step = |published: String| {
        tree.write("published/get.md", published);
        let run = drift(&tree, &[]);
        assert_eq!(run.status, Status::Done, "{}", run.out);
        run.out.split("version step ").nth(1).unwrap().to_owned()
    };
    let more = CARD.replacen("\"properties\": {", "\"properties\": { \"limit\": {},", 1);
    assert!(step(with(&server("Production server"), &more)).starts_with("minor"));
    assert!(step(with(&server("For production"), CARD)).starts_with("patch"));
}

#[test]
fn what_a_crate_does_not_re_export_is_no_item_of_its_callers() {
    let with = |host: &str| {
        let servers = format!(
            r#""servers": [{{ "url": "https://{host}" }}, {{ "url": "https://a.example" }}], "paths":"#
        );
        page(&document("/cards", CARD).replace("\"paths\":", &servers))
    };
    let tree = Tree::of_pages(&[("get.md", with("old.example"))]);
    tree.write("published/get.md", with("new.example"));
    assert!(drift(&tree, &[]).out.contains("removed  Server::Old"));
    tree.write("crates/cards/src/lib.rs", "mod generated;\npub use generated::{Client, types};\n");
    let run = drift(&tree, &[]);
    assert!(!run.out.contains("Server::"), "{}", run.out);
    assert!(run.out.contains("the server https://old.example was removed"), "{}", run.out);
}

#[test]
fn the_report_names_the_page_the_line_and_the_next_command() {
    let run = drift(&tree(&changed("\"required\": [\"id\"],", "")), &[]);
    assert_eq!(run.status, Status::Findings);
    assert_snapshot!(run.out);
}

#[test]
fn the_severity_that_fails_is_the_caller_s() {
    let tree = tree(&changed("\"credit\"]", "\"credit\", \"prepaid\"]"));
    for (fail_on, status) in
        [("breaking", Status::Done), ("warning", Status::Findings), ("never", Status::Done)]
    {
        assert_eq!(drift(&tree, &["--fail-on", fail_on]).status, status, "{fail_on}");
    }
}

/// Two pages of one API, and what is published in their place.
fn two_pages(get: &str, list: &str) -> Tree {
    let tree = Tree::of_pages(&[
        ("get.md", page(&document("/cards", CARD))),
        ("list.md", page(&document("/lists", CARD))),
    ]);
    tree.write("published/get.md", get);
    tree.write("published/list.md", list);
    tree
}

#[test]
fn a_page_that_could_not_be_read_is_no_absence_of_drift() {
    let changed = page(&document("/lists", CARD).replace("\"200\"", "\"201\""));
    let whole = page(&document("/cards", CARD));
    for unreadable in [
        "<!DOCTYPE html><html><body>Sign in</body></html>",
        "",
        &whole[..whole.len() - 40],
        "# Get a card\n\nProse.\n",
    ] {
        let tree = two_pages(unreadable, &changed);
        let run = drift(&tree, &["--format", "json"]);
        assert_eq!(run.status, Status::CouldNotTell, "{unreadable}");
        // One finding about that page, and none about what stands on it; the other is compared.
        assert_eq!(
            ids(&run),
            [
                "breaking response-success-status-removed",
                "warning page-unreadable",
                "warning response-success-status-added",
            ],
            "{unreadable}"
        );
        let report: Value = serde_json::from_str(&run.out).unwrap();
        assert_eq!(report["version_step"], "major");
        assert_eq!(report["version_step_at_least"], true);
        assert_eq!(report["findings"][0]["file"], "[tree]/openapi/cards/pages/get.md");
    }
    let tree = two_pages("", &changed);
    std::fs::remove_file(tree.path().join("published/get.md")).unwrap();
    let run = drift(&tree, &[]);
    assert_eq!(run.status, Status::CouldNotTell);
    assert!(run.out.contains("page-unreachable") && run.out.contains("[tree]/published/get.md"));
    assert!(run.out.contains("not all could be compared (1 problem)"), "{}", run.out);
}

#[test]
fn pages_that_contradict_each_other_are_compared_with_their_vendored_selves() {
    let list = page(&document("/lists", CARD).replace("\"200\"", "\"201\""));
    let tree = two_pages(&changed("\"type\": \"integer\"", "\"type\": \"string\""), &list);
    let run = drift(&tree, &["--format", "json"]);
    assert_eq!(run.status, Status::Findings);
    assert_eq!(
        ids(&run),
        [
            "breaking response-property-type-changed",
            "breaking response-success-status-removed",
            "warning pages-conflict",
            "warning response-success-status-added",
        ]
    );
    let report: Value = serde_json::from_str(&run.out).unwrap();
    let conflict = &report["findings"][0];
    let message = conflict["message"].as_str().unwrap();
    assert!(message.contains("get.md") && message.contains("list.md"), "{message}");
    assert_eq!(
        (&report["version_step"], &report["version_step_at_least"]),
        (&Value::from("major"), &Value::from(true))
    );
}

#[test]
fn front_matter_a_preamble_and_a_byte_order_mark_are_the_platform_s() {
    let plain = page(&document("/cards", CARD));
    let matter = "---\nupdatedAt: 2026-11-26\n---\n";
    let preamble =
        "> ## Documentation Index\n> Fetch the complete index at: https://example.org/llms.txt\n\n";
    for published in [
        format!("{matter}{plain}"),
        format!("\u{feff}{plain}"),
        format!("{preamble}{plain}"),
        format!("{matter}{preamble}{plain}"),
        format!("{matter}{preamble}{plain}").split_whitespace().collect::<Vec<_>>().join(" "),
    ] {
        let run = drift(&tree(&published), &["--fail-on", "info"]);
        assert_eq!(run.status, Status::Done, "{published}: {}", run.out);
    }
}

#[test]
fn a_component_of_another_name_means_the_same_and_breaks_rust() {
    let document = document("/cards", CARD);
    let renamed =
        document.replace("schemas/Card", "schemas/Kard").replace("\"Card\":", "\"Kard\":");
    let tree = tree(&page(&renamed));
    for fail_on in ["breaking", "info"] {
        let run = drift(&tree, &["--fail-on", fail_on]);
        assert_eq!(run.status, Status::Findings, "{}", run.out);
        assert!(run.out.contains("removed  types::Card\n"), "{}", run.out);
        let last = "cards: no changes; version step major (";
        assert!(run.out.lines().any(|line| line.starts_with(last)), "{}", run.out);
    }
    assert_eq!(drift(&tree, &["--fail-on", "never"]).status, Status::Done);
}

#[test]
fn of_a_document_for_much_more_only_the_part_that_is_named_is_compared() {
    let whole = |kind: &str, other: &str| {
        format!(
            "openapi: 3.0.3\ninfo: {{ title: All, version: '1' }}\npaths:\n  /v1/cards/list:\n    get: {{ operationId: list, responses: {{ '200': {{ description: d, content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/Card' }} }} }} }} }} }}\n  /v1/loans:\n    get: {{ operationId: loans, responses: {{ '200': {{ description: d, content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/Loan' }} }} }} }} }} }}\ncomponents:\n  schemas:\n    Card: {{ type: {kind} }}\n    Loan: {{ type: {other} }}\n"
        )
    };
    let tree = Tree::of_pages(&[("all.yaml", &whole("string", "string"))]);
    let manifest = tree.read("openapi/cards/api.toml");
    let only =
        |pattern: &str| manifest.replace("sha256 =", &format!("only = [\"{pattern}\"]\nsha256 ="));
    tree.write("openapi/cards/api.toml", only("/v1/cards/**"));
    tree.write("published/all.yaml", whole("string", "integer"));
    let run = drift(&tree, &["--fail-on", "info"]);
    assert_eq!(run.status, Status::Done, "{}", run.out);
    tree.write("published/all.yaml", whole("integer", "integer"));
    let run = drift(&tree, &["--format", "json"]);
    assert_eq!(ids(&run), ["breaking response-body-type-changed"], "{}", run.out);
    tree.write("openapi/cards/api.toml", only("/v2/**"));
    let run = drift(&tree, &[]);
    assert!(run.err.contains("no operation of the document matches `/v2/**`"), "{}", run.err);
    // The whole but for the part that changed.
    let except = manifest.replace("sha256 =", "except = [\"GET /v1/cards/*\"]\nsha256 =");
    tree.write("openapi/cards/api.toml", except);
    tree.write("published/all.yaml", whole("integer", "string"));
    let run = drift(&tree, &["--fail-on", "info"]);
    assert_eq!(run.status, Status::Done, "{}{}", run.out, run.err);
}

#[test]
fn a_reference_into_another_file_is_never_no_changes() {
    let tree = Tree::of_pages(&[("get.md", page(&document("/cards", CARD)))]);
    let outside = document("/cards", r#"{ "$ref": "./e.json" }"#);
    tree.write("old.json", &outside);
    tree.write("new.json", &outside);
    let run = tree.run(&["diff", "[tree]/old.json", "[tree]/new.json", "--format", "json"]);
    assert_eq!(
        (run.status, ids(&run)),
        (Status::CouldNotTell, vec!["warning reference-not-followed".to_owned()])
    );
}

#[test]
fn an_api_that_there_is_not_is_wrong_usage() {
    let run = drift(&tree(&page(&document("/cards", CARD))), &["crads"]);
    assert_eq!(run.status, Status::Usage);
    assert!(run.err.contains("the APIs are: cards"), "{}", run.err);
}

#[test]
fn of_several_apis_each_ends_by_itself_and_neither_hides_the_other() {
    let tree = tree(&changed("\"200\"", "\"201\""));
    let other = page(&document("/cards", CARD));
    let manifest = tree.read("openapi/cards/api.toml").replace("get.md", "other.md");
    tree.write("openapi/other/api.toml", manifest);
    tree.write("openapi/other/pages/other.md", &other);
    let formats = ["human", "json", "markdown", "github", "junit", "sarif", "html"];
    let of_all = |status: Status, found: &[&str]| {
        for format in formats {
            let run = drift(&tree, &["--format", format]);
            assert_eq!(run.status, status, "{format}");
            let html = run.out.replace("&#45;", "-").replace("</b>", "");
            for word in found {
                assert!(run.out.contains(word) || html.contains(word), "{format}: {word}: {html}");
            }
        }
    };
    // The page of the one can't be had; the other has an operation like it that changed.
    of_all(
        Status::Findings,
        &["page-unreachable", "response-success-status-removed", "unknown", "major"],
    );
    let run = drift(&tree, &[]);
    for line in [
        "  cards: GET /cards\n",
        "  other: the whole API\n",
        "cards: 1 breaking, 1 warning, 0 info, in 1 operation; fails; version step major",
        "other: no changes in what could be compared (1 problem); could not tell; version step unknown",
        "together: 1 breaking, 1 warning, 0 info, in 1 operation; not all could be compared (1 problem); version step at least major",
    ] {
        assert!(run.out.contains(line), "{line}: {}", run.out);
    }
    assert!(run.err.contains("not all could be compared"), "{}", run.err);
    // Operations of the same name are two.
    tree.write("published/other.md", tree.read("published/get.md"));
    let run = drift(&tree, &[]);
    assert!(
        run.out.contains("together: 2 breaking, 2 warnings, 0 info, in 2 operations"),
        "{}",
        run.out
    );
    // Where nothing was found, what could not be compared decides.
    std::fs::remove_file(tree.path().join("published/other.md")).unwrap();
    tree.write("published/get.md", page(&document("/cards", CARD)));
    of_all(Status::CouldNotTell, &["page-unreachable", "unknown", "none"]);
}

#[test]
fn changed_words_around_a_definition_are_told() {
    let published = page(&document("/cards", CARD)).replace("Prose.", "Other prose.");
    let run = drift(&tree(&published), &["--format", "json"]);
    assert_eq!((run.status, ids(&run)), (Status::Done, vec!["info page-prose-changed".to_owned()]));
}

#[test]
fn a_correction_that_the_publisher_made_unnecessary_or_impossible_is_told() {
    let with_format =
        changed("\"type\": \"integer\"", "\"type\": \"integer\", \"format\": \"int64\"");
    let run = drift(&tree(&with_format).corrected(OVERLAY), &["--format", "json"]);
    assert_eq!(ids(&run), ["warning correction-unnecessary"], "{}", run.out);
    let without_id = changed("\"id\": {", "\"number\": {").replace("[\"id\"]", "[\"number\"]");
    let run = drift(&tree(&without_id).corrected(OVERLAY), &["--format", "json"]);
    assert!(ids(&run).contains(&"warning correction-impossible".to_owned()), "{}", run.out);
}

#[test]
fn a_new_page_of_the_api_is_told() {
    let url = "https://example.org/reference/";
    let tree = Tree::of_pages(&[
        ("get-cards.md", page(&document("/cards", CARD))),
        ("get-lists.md", page(&document("/lists", CARD))),
    ]);
    let manifest = tree.read("openapi/cards/api.toml").replace("https://example.org/", url);
    let index = format!("index = \"{url}llms.txt\"\n");
    tree.write("openapi/cards/api.toml", format!("{index}index-match = \"get-*\"\n{manifest}"));
    for name in ["get-cards.md", "get-lists.md"] {
        tree.write(&format!("published/{name}"), tree.read(&format!("openapi/cards/pages/{name}")));
    }
    tree.write("published/llms.txt", format!("- [Get kinds]({url}get-kinds.md): new\n"));
    let run = drift(&tree, &["--format", "json"]);
    assert_eq!(ids(&run), ["info page-new"]);

    // A page that is left out on purpose is settled, and no entry is stale where no list was read.
    let finding: Value = serde_json::from_str(&run.out).unwrap();
    let fingerprint = finding["findings"][0]["fingerprint"].as_str().unwrap();
    tree.write(
        "openapi/cards/accepted.toml",
        format!("[[accepted]]\nid = \"page-new\"\nfingerprint = \"{fingerprint}\"\nreason = \"not bound\"\n"),
    );
    let run = drift(&tree, &["--fail-on", "info"]);
    assert_eq!(run.status, Status::Done, "{}", run.out);
    let list = tree.read("published/llms.txt");
    std::fs::remove_file(tree.path().join("published/llms.txt")).unwrap();
    let run = drift(&tree, &["--fail-on", "info"]);
    assert!(!run.out.contains("page-new"), "{}", run.out);
    std::fs::remove_file(tree.path().join("openapi/cards/accepted.toml")).unwrap();
    tree.write("published/llms.txt", list);

    // Without a word on which pages belong to the API, nobody can tell.
    tree.write("openapi/cards/api.toml", format!("{index}{manifest}"));
    let run = drift(&tree, &["--format", "json"]);
    assert_eq!(
        (run.status, ids(&run)),
        (Status::CouldNotTell, vec!["warning page-unreachable".to_owned()])
    );
}

#[test]
fn what_the_maintainer_accepted_is_silent_and_an_entry_for_nothing_is_told() {
    let tree = tree(&changed("\"200\"", "\"201\""));
    let report: Value = serde_json::from_str(&drift(&tree, &["--format", "json"]).out).unwrap();
    let accepted: String = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| {
            let (id, fingerprint) = (&finding["id"], &finding["fingerprint"]);
            format!("[[accepted]]\nid = {id}\nfingerprint = {fingerprint}\nreason = \"known\"\n")
        })
        .collect();
    tree.write("openapi/cards/accepted.toml", &accepted);
    let run = drift(&tree, &["--fail-on", "info", "--format", "json"]);
    assert_eq!((run.status, ids(&run)), (Status::Done, Vec::new()), "{}", run.out);
    tree.write("published/get.md", page(&document("/cards", CARD)));
    let run = drift(&tree, &[]);
    assert!(run.out.contains("response-success-status-removed"), "{}", run.out);
}

#[test]
fn what_it_does_to_the_caller_s_source_is_measured() {
    let published = changed("\"required\": [\"id\"],", "");
    let report: Value =
        serde_json::from_str(&drift(&tree(&published), &["--format", "json"]).out).unwrap();
    assert_eq!(report["rust_api"]["changed"][0]["path"], "types::Card::id");
    assert_eq!(report["version_step"], "major");
}

#[test]
fn a_finding_on_credentials_names_the_method_that_takes_them() {
    let schemes = r#""components": {
    "securitySchemes": {
      "ApiKeyAuth": { "type": "apiKey", "in": "header", "name": "X-API-Key" },
      "basicAuth": { "type": "http", "scheme": "basic" }
    },"#;
    let secured = document("/cards", CARD)
        .replace(r#""paths":"#, r#""security": [{ "ApiKeyAuth": [], "basicAuth": [] }], "paths":"#)
        .replace(r#""components": {"#, schemes);
    let run = drift(&tree(&page(&secured)), &["--format", "json"]);
    let report: Value = serde_json::from_str(&run.out).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let added = findings.iter().find(|it| it["id"] == "api-global-security-added").unwrap();
    assert_eq!(
        added["message"],
        "calls have to be authorised now by `ApiKeyAuth` and `basicAuth`: `.api_key_auth(…)` and \
         `.basic_auth(user, password)` of the builder"
    );
}

#[test]
fn any_two_documents_are_compared_and_their_source_only_if_asked() {
    let tree = Tree::of_pages(&[("get.md", page(&document("/cards", CARD)))]);
    tree.write("old.json", document("/cards", CARD));
    tree.write("new.yaml", "openapi: 3.0.3\ninfo: { title: Cards, version: '1' }\npaths: {}\n");
    let run = tree.run(&["diff", "[tree]/old.json", "[tree]/new.yaml", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((run.status, report["version_step"].as_str()), (Status::Findings, Some("unknown")));
    let run =
        tree.run(&["diff", "[tree]/old.json", "[tree]/new.yaml", "--rust", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(report["version_step"], "major");
    // A folder of pages is one document.
    let run =
        tree.run(&["diff", "[tree]/old.json", "[tree]/openapi/cards/pages", "--fail-on", "info"]);
    assert_eq!(run.status, Status::Done, "{}", run.out);
}

#[test]
fn every_format_says_the_same() {
    let tree = tree(&changed("\"200\"", "\"201\""));
    for format in ["human", "json", "markdown", "github", "junit", "sarif", "html"] {
        let run = drift(&tree, &["--format", format]);
        assert_eq!(run.status, Status::Findings, "{format}");
        assert!(run.out.contains("response-success-status-removed"), "{format}: {}", run.out);
    }
}

#[test]
fn a_time_stamp_in_a_help_page_s_sample_is_no_drift_and_a_new_field_is() {
    let file = "openapi/payment-profiles/pages/POST-api-v1-customer-payments-update.txt";
    let help = std::fs::read_to_string(workspace().join(file)).unwrap();
    let tree = Tree::of_pages(&[("update.txt", &help)]);
    let manifest = tree.read("openapi/cards/api.toml").replace("\"openapi\"", "\"help-page\"");
    tree.write("openapi/cards/api.toml", manifest);
    tree.write("published/update.txt", help.replace("2025-04-19 08:29:17", "2026-11-20 10:00:00"));
    let run = drift(&tree, &["--fail-on", "info"]);
    assert_eq!(run.status, Status::Done, "{}", run.out);
    tree.write(
        "published/update.txt",
        help.replace("\"City\"", "\"Country\": \"US\",\n        \"City\""),
    );
    assert_eq!(drift(&tree, &["--fail-on", "info"]).status, Status::Findings);
}
