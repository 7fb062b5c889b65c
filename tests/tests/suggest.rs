//! `cargo xtask suggest`: the corrections that pages call for, on their way into the overlay and
//! through it into a client.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{collections::BTreeSet, fs};

use insta::assert_snapshot;
use pagebind_cli::Status;
use pagebind_tests::{Tree, page, run, workspace};
use serde_json::{Value, json};

/// A page of a publisher who tokenizes cards, with what such pages get wrong.
fn published(method: &str, path: &str, id: &str, summary: &str, body: Option<&Value>) -> String {
    let answer = |schema: &str| {
        json!({ "description": "d", "content": { "application/json": {
            "schema": { "$ref": format!("#/components/schemas/{schema}") },
        } } })
    };
    let mut operation = json!({
        "operationId": id, "summary": summary,
        "responses": { "200": answer("Card"), "400": answer("Problem") },
    });
    if let Some(body) = body {
        operation["requestBody"] = json!({ "content": { "application/json": { "schema": body } } });
    }
    let text = |words: &str| json!({ "type": "string", "description": words });
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "Cards on file", "version": "1" },
        "servers": [{ "url": "https://cards.example" }],
        "paths": { path: { method: operation } },
        "components": { "schemas": {
            "Pan": text("Primary account number"),
            "CardId": { "type": "number", "example": 6743052 },
            "Holder": { "type": "object", "properties": {
                "name": text("Name"), "address": text("Address"), "city": text("City"),
                "phone": text("Phone"), "emails": { "type": "array", "maxLength": 5, "items": { "type": "string", "format": "email" } },
            } },
            "Card": {
                "type": "object",
                "required": ["pan", "cvv"],
                "properties": {
                    "id": { "$ref": "#/components/schemas/CardId" },
                    "account_id": { "type": "number", "description": "Account ID" },
                    "pan": { "$ref": "#/components/schemas/Pan" },
                    "cvv": { "type": "string", "minLength": 3, "maxLength": 4 },
                    "last_4_digits": text("Last 4 PAN digits"),
                    "password": { "type": "string", "format": "password" },
                    "holder": { "$ref": "#/components/schemas/Holder" },
                    "product_name": text("Name of the product"),
                    "server_address": text("Address of the server"),
                    "amount": { "type": "number", "example": 15 },
                    "rate": { "type": "number", "example": 3 },
                    "expires": { "type": "string", "format": "date-time", "example": "2026-01-01 10:00:00" },
                },
            },
            "Problem": { "type": "object", "properties": {
                "code": { "type": "number", "description": "HTTP response code", "example": 400 },
                "message": text("What went wrong"),
                "details": { "type": "array", "items": { "type": "string" } },
            } },
        } },
    });
    page(&serde_json::to_string_pretty(&document).unwrap())
}

fn pages() -> [(&'static str, String); 3] {
    let card = json!({ "$ref": "#/components/schemas/Card" });
    let status = json!({ "type": "object", "properties": {
        "card_status": { "type": "string", "enum": ["ACTIVE", "BLOCKED"] },
    } });
    [
        ("create.md", published("post", "/v1/cards", "post-v1-cards", "Create card", Some(&card))),
        (
            "get.md",
            published("get", "/v1/cards/data", "post-v1-cards-get_data", "Get card data", None),
        ),
        (
            "set.md",
            published(
                "put",
                "/v1/cards/status",
                "put-v1-cards-status",
                "Update card status",
                Some(&status),
            ),
        ),
    ]
}

/// How often each rule finds something, by the report for programs.
fn counts(report: &str) -> Vec<String> {
    let report: Value = serde_json::from_str(report).unwrap();
    let suggestions = report["apis"][0]["suggestions"].as_array().unwrap();
    let rules: BTreeSet<&str> = suggestions.iter().filter_map(|one| one["rule"].as_str()).collect();
    let count = |rule: &&str| {
        let of_rule: Vec<&Value> = suggestions.iter().filter(|one| one["rule"] == *rule).collect();
        let places: usize = of_rule.iter().map(|one| one["places"].as_array().unwrap().len()).sum();
        format!("{rule}: {} at {places}", of_rule.len())
    };
    rules.iter().map(count).collect()
}

/// Visa Click to Pay without its corrections.
fn uncorrected() -> Tree {
    let folder = workspace().join("openapi/visa-click-to-pay/pages");
    let mut pages: Vec<(String, String)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .collect();
    pages.sort();
    let pages: Vec<(&str, &String)> = pages.iter().map(|(name, text)| (&**name, text)).collect();
    Tree::of_pages(&pages)
}

#[test]
fn the_workspace_has_decided_about_everything() {
    let run = run(&workspace(), ["suggest", "--check"]);
    assert_eq!(run.status, Status::Done, "{}{}", run.out, run.err);
}

#[test]
fn what_visa_click_to_pay_calls_for_is_told_with_page_and_line() {
    assert_snapshot!(uncorrected().run(&["suggest"]).out);
}

#[test]
fn each_rule_finds_its_places_and_no_others() {
    let pages = pages();
    let tree = Tree::of_pages(&pages);
    let run = tree.run(&["suggest", "--format=json"]);
    assert_eq!(run.status, Status::Done);
    assert_eq!(
        counts(&run.out),
        [
            "array-length: 2 at 2",
            "body-required: 1 at 1",
            "component: 9 at 9",
            "date-time-without-offset: 1 at 1",
            "integer-id: 2 at 2",
            "integer-status: 1 at 1",
            "operation-name: 3 at 3",
            "sensitive-card: 1 at 2",
            "sensitive-error-text: 1 at 2",
            "sensitive-person: 2 at 5",
            "sensitive-secret: 1 at 1",
        ]
    );
    // Everything of it stands on a page.
    let report: Value = serde_json::from_str(&run.out).unwrap();
    for suggestion in report["apis"][0]["suggestions"].as_array().unwrap() {
        for place in suggestion["places"].as_array().unwrap() {
            assert!(place["line"].as_u64().is_some_and(|line| line > 1), "{suggestion:#}");
            assert!(place["page"].as_str().unwrap().ends_with(".md"), "{suggestion:#}");
        }
    }
    assert!(
        run.err.contains("a client prints 3 values that look like a card number"),
        "{}",
        run.err
    );
}

/// Other APIs of the publisher of Visa Click to Pay. Their pages lie beside a checkout, and in none:
/// without them nothing is counted, and the test says so.
#[test]
fn the_other_apis_of_a_publisher_call_for_so_many_corrections() {
    let folder = workspace().join("../shared/pages/pismo");
    if !folder.is_dir() {
        eprintln!("{} is not there: nothing is counted", folder.display());
        return;
    }
    let mut counted = String::new();
    for api in ["cards-on-file", "disputes", "tokenization"] {
        let pages = folder.join(api).display().to_string();
        let run = run(&workspace(), ["suggest", "--pages", &pages, "--format=json"]);
        assert_eq!(run.status, Status::Done, "{}", run.err);
        counted += &format!("# {api}\n{}\n\n", counts(&run.out).join("\n"));
    }
    assert_snapshot!(counted);
}

/// What a script, a terminal and a reader without colours get, and how it ends.
#[test]
fn suggestions_about_a_folder_of_pages_go_to_standard_output_and_name_page_and_line() {
    let tree = Tree::of_pages(&pages());
    let folder = "--pages=[tree]/openapi/cards/pages";
    let human = tree.run(&["suggest", folder]);
    assert_eq!(human.status, Status::Done, "{}", human.err);
    let blocks: Vec<&str> = human.out.trim().split("\n\n").collect();
    assert!(blocks.len() > 10, "{}", human.out);
    for block in blocks {
        let place = block.lines().find_map(|line| line.trim().strip_prefix("#   "));
        let place = place.unwrap_or_else(|| panic!("no place: {block}"));
        let (page, rest) = place.split_once(".md:").unwrap();
        assert!(page.starts_with("[tree]/openapi/cards/pages/"), "{place}");
        assert!(rest.starts_with(|c: char| c.is_ascii_digit()), "{place}");
    }
    // What is written to a pipe has no colours, and the count is no part of it.
    assert!(!human.out.contains('\u{1b}') && !human.out.contains("Suggested"), "{}", human.out);
    assert!(human.err.contains("Suggested"), "{}", human.err);
    let check = tree.run(&["suggest", folder, "--check"]);
    assert_eq!((check.status, check.out), (Status::Findings, human.out));
    // A bare folder has no corrections to write to.
    let files = tree.files();
    assert_eq!(tree.run(&["suggest", folder, "--write"]).status, Status::Usage);
    assert_eq!(tree.files(), files);
    assert_eq!(tree.run(&["suggest", "--pages=[tree]/nowhere"]).status, Status::CouldNotTell);
}

#[test]
fn where_nothing_can_be_written_the_tree_stays_as_it_was_and_the_file_is_named() {
    let tree = uncorrected();
    // No permission keeps everybody out; a folder in the place of the file does.
    tree.write("openapi/cards/overlay.yaml/in-the-way", "");
    let before = tree.files();
    let run = tree.run(&["suggest", "--write"]);
    assert_eq!(run.status, Status::CouldNotTell, "{}", run.err);
    assert!(run.err.contains("[tree]/openapi/cards/overlay.yaml"), "{}", run.err);
    assert_eq!(tree.files(), before);
}

#[test]
fn a_client_that_add_makes_prints_no_card_and_no_person_and_its_ids_are_integers() {
    let tree = Tree::of_pages::<&str>(&[]);
    tree.write("Cargo.toml", "[workspace.dependencies]\nserde = \"1\"\n");
    let mut arguments =
        vec!["add".to_owned(), "file".to_owned(), "--published=[tree]/published".to_owned()];
    for (name, text) in pages() {
        tree.write(&format!("published/{name}"), text);
        arguments.push(format!("https://example.org/{name}"));
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let run = tree.run(&arguments);
    assert_eq!(run.status, Status::Done, "{}", run.err);
    assert!(
        run.err.contains("Suggested 3 certain and 20 likely written, 1 to look at"),
        "{}",
        run.err
    );
    assert!(!run.err.contains("a client prints"), "{}", run.err);

    let source = tree.read("crates/file/src/generated.rs");
    let file: syn::File = syn::parse_file(&source).unwrap();
    let types = module(&file.items, "types");
    let redacted: BTreeSet<String> = types.iter().filter_map(redacted).collect();
    let type_of = |name: &str| {
        let fields = types.iter().filter_map(|item| match item {
            syn::Item::Struct(item) => Some(item.fields.iter()),
            _ => None,
        });
        let field =
            fields.flatten().find(|field| field.ident.as_ref().is_some_and(|is| is == name));
        let ty = &field.unwrap_or_else(|| panic!("no field is called {name}")).ty;
        quote::quote!(#ty).to_string()
    };
    let is_redacted = |name: &str| {
        let ty = type_of(name);
        redacted.iter().any(|redacted| ty.split(' ').any(|word| word == redacted))
    };
    for name in [
        "pan", "cvv", "password", "name", "address", "city", "phone", "emails", "message",
        "details",
    ] {
        assert!(is_redacted(name), "`{name}: {}` is printed", type_of(name));
    }
    for name in ["last_4_digits", "product_name", "server_address", "amount", "rate", "card_status"]
    {
        assert!(!is_redacted(name), "`{name}: {}` is redacted", type_of(name));
    }
    for (name, integer) in [("account_id", "i64"), ("amount", "f64"), ("rate", "f64")] {
        assert!(type_of(name).contains(integer), "{name}: {}", type_of(name));
    }
    let id = source.lines().find(|line| line.contains("pub struct CardId("));
    assert!(id.is_some_and(|line| line.contains("i64")), "the id is no integer: {id:?}");
    for name in ["pub fn create_card(", "pub fn get_data(", "pub fn update_card_status("] {
        assert!(source.contains(name), "{name}");
    }
    // Nothing of it is left to decide but what only the publisher knows.
    let check = tree.run(&["suggest", "file", "--check"]);
    assert_eq!(check.status, Status::Findings);
    assert!(check.err.contains("0 certain, 0 likely, 1 to look at"), "{}", check.err);
}

fn module<'f>(items: &'f [syn::Item], name: &str) -> &'f [syn::Item] {
    let found = items.iter().find_map(|item| match item {
        syn::Item::Mod(module) if module.ident == name => module.content.as_ref(),
        _ => None,
    });
    &found.unwrap().1
}

/// The type whose `Debug` prints `[redacted]`, if an item is that.
fn redacted(item: &syn::Item) -> Option<String> {
    let syn::Item::Impl(block) = item else { return None };
    let (path, _) = block.trait_.as_ref()?;
    let is_debug = path.segments.last().is_some_and(|segment| segment.ident == "Debug");
    let text = quote::quote!(#block).to_string();
    let ty = &block.self_ty;
    (is_debug && text.contains("[redacted]")).then(|| quote::quote!(#ty).to_string())
}

#[test]
fn what_is_certain_is_written_and_what_is_likely_stands_below_it() {
    let tree = uncorrected();
    let run = tree.run(&["suggest", "--write"]);
    assert_eq!(run.status, Status::Done, "{}", run.err);
    assert!(run.err.contains("Written [tree]/openapi/cards/overlay.yaml"), "{}", run.err);
    assert!(tree.read("openapi/cards/api.toml").contains("overlays = [\"overlay.yaml\"]"));
    let generated = tree.run(&["generate"]);
    assert_eq!(generated.status, Status::Done, "{}", generated.err);
    assert!(generated.err.contains("Corrected 5 corrections"), "{}", generated.err);

    // A second time there is nothing to write, and what is likely is still open.
    let files = tree.files();
    assert!(
        tree.run(&["suggest", "--write"])
            .err
            .contains("Unchanged [tree]/openapi/cards/overlay.yaml")
    );
    assert_eq!(tree.files(), files);
    let check = tree.run(&["suggest", "--check"]);
    assert_eq!(check.status, Status::Findings);
    assert!(check.err.contains("0 certain, 24 likely, 0 to look at"), "{}", check.err);

    // All of it can be uncommented.
    let overlay = tree.read("openapi/cards/overlay.yaml");
    let uncommented: String = overlay
        .lines()
        .map(|line| match line.strip_prefix("  # ") {
            Some(action) if action.starts_with(['-', ' ']) => format!("  {action}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    tree.write("openapi/cards/overlay.yaml", uncommented);
    let check = tree.run(&["suggest", "--check"]);
    assert_eq!(check.status, Status::Done, "{}{}", check.out, check.err);
}

#[test]
fn what_is_decided_is_silent_and_what_is_about_nothing_is_stale() {
    let id = |name: &str| {
        format!(r#"{{ "type": "object", "properties": {{ "{name}": {{ "type": "number" }} }} }}"#)
    };
    let tree =
        Tree::of_pages(&[("get.md", page(&pagebind_tests::document("/cards", &id("card_id"))))]);
    assert_eq!(tree.run(&["suggest", "--check"]).status, Status::Findings);
    let report: Value = serde_json::from_str(&tree.run(&["suggest", "--format=json"]).out).unwrap();
    let suggestions = report["apis"][0]["suggestions"].as_array().unwrap();
    let entry = |rule: &Value, pointer: &Value| {
        format!(
            "[[suggestion]]\nrule = {rule}\npointer = {pointer}\nreason = \"it has fractions\"\n\n"
        )
    };
    let all: String =
        suggestions.iter().map(|one| entry(&one["rule"], &one["places"][0]["pointer"])).collect();
    tree.write("openapi/cards/accepted.toml", &all);
    let check = tree.run(&["suggest", "--check"]);
    assert_eq!(check.status, Status::Done, "{}{}", check.out, check.err);
    assert!(check.err.contains(&format!("{} accepted", suggestions.len())), "{}", check.err);
    // `drift` reads the same file for what it is told there.
    assert_eq!(tree.run(&["drift", "--published=[tree]/openapi/cards/pages"]).status, Status::Done);

    tree.write(
        "openapi/cards/accepted.toml",
        all + &entry(&"operation-name".into(), &"/paths".into()),
    );
    let check = tree.run(&["suggest", "--check"]);
    assert_eq!(check.status, Status::Findings);
    assert!(
        check.err.contains("`operation-name` finds nothing at /paths: remove the entry"),
        "{}",
        check.err
    );
}

#[test]
fn a_publisher_s_names_stand_in_the_manifest() {
    let card = r#"{ "type": "object", "properties": { "ownerBid": { "type": "string" }, "token": { "type": "string" } } }"#;
    let tree = Tree::of_pages(&[("get.md", page(&pagebind_tests::document("/cards", card)))]);
    let manifest = tree.read("openapi/cards/api.toml");
    let names = "\n[suggest]\nsensitive = [\"owner_bid\"]\nplain = [\"token\"]\n";
    tree.write("openapi/cards/api.toml", manifest + names);
    let rules = counts(&tree.run(&["suggest", "--format=json"]).out);
    assert!(rules.contains(&"sensitive-here: 1 at 1".to_owned()), "{rules:?}");
    assert!(!rules.iter().any(|rule| rule.starts_with("sensitive-secret")), "{rules:?}");
}

#[test]
fn what_came_since_a_contract_is_all_that_is_told() {
    let card = |more: &str| {
        let properties = format!(r#""card_id": {{ "type": "number" }}{more}"#);
        page(&pagebind_tests::document(
            "/cards",
            &format!(r#"{{ "type": "object", "properties": {{ {properties} }} }}"#),
        ))
    };
    let old = Tree::of_pages(&[("get.md", card(""))]);
    assert_eq!(old.run(&["merge", "cards", "--out=[tree]/old.json"]).status, Status::Done);
    let new = Tree::of_pages(&[("get.md", card(r#", "pan": { "type": "string" }"#))]);
    let since = format!("--since={}", old.path().join("old.json").display());
    let rules = counts(&new.run(&["suggest", "--format=json", &since]).out);
    assert_eq!(rules, ["component: 1 at 1", "sensitive-card: 1 at 1"]);
}
