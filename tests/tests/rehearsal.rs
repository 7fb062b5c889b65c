//! `cargo xtask update` on this workspace itself: a copy of it, with pages that the publisher changed.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use fs4::FileExt;
use pagebind_cli::Status;
use pagebind_tests::{Run, run, workspace};
use serde_json::{Value, json};

const CLICK_TO_PAY: &str = "openapi/visa-click-to-pay/pages";
const HELP_PAGE: &str = "openapi/payment-profiles/pages/POST-api-v1-customer-payments-update.txt";

/// A copy of this workspace. It lies where it lay the last time and shares the target folder, so that
/// what was built for it is found again.
struct Copy {
    root: PathBuf,
    published: PathBuf,
    /// Keeps other runs of these tests out of the folder.
    _lock: fs::File,
}

impl Copy {
    fn new() -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rehearsal");
        fs::create_dir_all(&folder).unwrap();
        let lock = fs::File::create(folder.join("lock")).unwrap();
        FileExt::lock(&lock).unwrap();
        let (root, published) = (folder.join("workspace"), folder.join("published"));
        let _ = fs::remove_dir_all(&root);
        let _ = fs::remove_dir_all(&published);
        copy(&workspace(), &root);
        let config = root.join(".cargo/config.toml");
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
        let target = format!("\n[build]\ntarget-dir = {:?}\n", target.to_str().unwrap());
        fs::write(&config, fs::read_to_string(&config).unwrap() + &target).unwrap();
        fs::create_dir_all(&published).unwrap();
        for page in fs::read_dir(root.join(CLICK_TO_PAY)).unwrap() {
            let page = page.unwrap();
            fs::copy(page.path(), published.join(page.file_name())).unwrap();
        }
        fs::copy(root.join(HELP_PAGE), published.join(Path::new(HELP_PAGE).file_name().unwrap()))
            .unwrap();
        Self { root, published, _lock: lock }
    }

    /// Publishes the page of an operation of Click to Pay with another document.
    fn publish(&self, operation: &str, change: impl Fn(&mut Value)) {
        let path = self.published.join(format!("post-v1-clicktopay-{operation}_customer.md"));
        let text = fs::read_to_string(&path).unwrap();
        let mut document = pagebind::page::extract("page", &text).unwrap().document;
        change(&mut document);
        let (words, _) = text.split_once("# OpenAPI definition").unwrap();
        let page = format!("{words}# OpenAPI definition\n\n```json\n{document:#}\n```\n");
        fs::write(path, page).unwrap();
    }

    fn update(&self, api: &str) -> Run {
        run(&self.root, ["update", api, "--published", self.published.to_str().unwrap()])
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap()
    }

    fn write(&self, path: &str, change: impl Fn(&str) -> String) {
        fs::write(self.root.join(path), change(&self.read(path))).unwrap();
    }
}

/// Copies a folder, without its history and without what was built.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        if path.is_file() {
            fs::copy(&path, to).unwrap();
        } else if !path.ends_with(".git") && !path.join("CACHEDIR.TAG").exists() {
            copy(&path, &to);
        }
    }
}

fn operations(document: &mut Value) -> impl Iterator<Item = &mut Value> {
    let paths = document["paths"].as_object_mut().unwrap();
    paths.values_mut().flat_map(|path| path.as_object_mut().unwrap().values_mut())
}

/// What the publisher added to each page: a status of its own, with texts that may quote what was sent.
fn limit_the_rate(document: &mut Value) {
    document["components"]["schemas"]["ClickToPayRateLimitError"] = json!({ "type": "object", "properties": {
            "code": { "type": "number", "description": "HTTP response code", "example": 429 },
            "message": { "type": "string" },
            "details": { "type": "array", "items": { "type": "string" } },
        } });
    let body = json!({ "schema": { "$ref": "#/components/schemas/ClickToPayRateLimitError" } });
    let response = json!({ "description": "Too many", "content": { "application/json": body } });
    for operation in operations(document) {
        operation["responses"]["429"] = response.clone();
    }
}

#[test]
fn the_most_ordinary_changes_are_taken_over_with_hand_written_code_untouched() {
    let copy = Copy::new();
    for operation in ["enroll", "manage", "delete"] {
        copy.publish(operation, |document| {
            let schemas = document["components"]["schemas"].as_object_mut().unwrap();
            // An optional field, and a value of a list that a correction stands beside.
            if let Some(customer) = schemas.get_mut("ClickToPayCustomerInfo") {
                let properties = customer["properties"].as_object_mut().unwrap();
                properties.insert("nickname".into(), json!({ "type": "string", "maxLength": 9 }));
                let kind = &mut properties["national_identifiers"]["items"]["properties"]["type"];
                kind["enum"].as_array_mut().unwrap().push("TAX_ID".into());
            }
            limit_the_rate(document);
            for operation in operations(document) {
                operation["description"] = "Says it in other words.".into();
            }
            document["servers"][0]["description"] = "Where to try it".into();
        });
    }
    let hand_written = ["src/lib.rs", "src/message.rs", "src/check.rs", "examples/errors.rs"]
        .map(|file| format!("crates/visa-click-to-pay/{file}"));
    let before = hand_written.each_ref().map(|file| copy.read(file));

    let run = copy.update("visa-click-to-pay");

    assert_eq!(run.status, Status::Done, "{}{}", run.out, run.err);
    assert_eq!(before, hand_written.each_ref().map(|file| copy.read(file)));
    let check = pagebind_tests::run(&copy.root, ["generate", "--check"]);
    assert_eq!(check.status, Status::Done, "{}", check.err);
    let contract: Value =
        serde_json::from_str(&copy.read("crates/visa-click-to-pay/openapi.json")).unwrap();
    let limited = &contract["components"]["schemas"]["ClickToPayRateLimitError"]["properties"];
    assert_eq!(limited["code"]["type"], "integer");
    assert_eq!(limited["message"]["$ref"], "#/components/schemas/ErrorMessage");
    assert_eq!(limited["details"]["items"]["$ref"], "#/components/schemas/ErrorDetail");
    // What a status brings breaks no caller: the enums of responses are open to more.
    assert!(run.out.contains("added  types::EnrollCustomerError::TooManyRequests"), "{}", run.out);
    assert!(!run.out.contains("changed  types::EnrollCustomerError"), "{}", run.out);
    // None of it is more than a minor step: not a new field, not a new value, not the words on a server.
    assert!(run.out.contains("visa-click-to-pay: 0.1.0 → 0.1.1 (minor)"), "{}", run.out);
    // The corrections that are there cover the new texts.
    assert!(run.err.contains("visa-click-to-pay: 0 certain, 1 likely"), "{}", run.err);
    assert!(!run.out.contains("sensitive-error-text"), "{}", run.out);
    let snapshot = copy.read("tests/tests/snapshots/public_api__visa_click_to_pay.snap");
    assert!(snapshot.contains("TooManyRequests"), "the snapshots go with the client");
    assert!(run.err.contains("Rehearsing"), "{}", run.err);
}

#[test]
fn what_hand_written_code_has_to_follow_is_refused_by_the_name_of_the_member() {
    let copy = Copy::new();
    let page = copy.published.join(Path::new(HELP_PAGE).file_name().unwrap());
    let text = fs::read_to_string(&page).unwrap();
    let zip = "        \"Zip\": \"90001 (optional)\",\n";
    assert!(text.contains(zip));
    let text = text.replace(zip, &format!("{zip}        \"Floor\": \"3 (optional)\",\n"));
    fs::write(&page, text).unwrap();

    let run = copy.update("payment-profiles");

    assert_eq!(run.status, Status::Findings, "{}{}", run.out, run.err);
    let told = "Request.Updates.BillingAddress.Floor is on the page and not sent";
    assert!(run.err.contains(told), "{}", run.err);
    assert!(run.err.contains("the tests fail with what is published now"), "{}", run.err);
    assert!(!copy.read(HELP_PAGE).contains("Floor"));
}

#[test]
fn what_came_with_a_page_and_nothing_redacts_is_proposed_ready_to_paste() {
    let copy = Copy::new();
    copy.write("pagebind.toml", |_| "command = \"cargo xtask\"\nrehearsal = []\n".to_owned());
    // Corrections that name the two errors that there are.
    let overlay = "openapi/visa-click-to-pay/overlay.yaml";
    copy.write(overlay, |text| {
        let those = "['ClickToPayBadRequest', 'ClickToPayInternalServerError']";
        text.replace("[?@.properties.code && @.properties.message]", those)
            .replace(
                "    update: { type: integer }",
                "    x-matches: 2\n    update: { type: integer }",
            )
            .replace(
                "    x-component: ErrorMessage",
                "    x-matches: 2\n    x-component: ErrorMessage",
            )
    });
    let generated = run(&copy.root, ["generate"]);
    assert_eq!(generated.status, Status::Done, "{}", generated.err);
    for operation in ["enroll", "manage", "delete"] {
        copy.publish(operation, limit_the_rate);
    }

    let run = copy.update("visa-click-to-pay");

    assert_eq!(run.status, Status::Done, "{}{}", run.out, run.err);
    let (_, proposed) = run.out.split_once("by what is new on the pages:\n\n").unwrap();
    let page = "post-v1-clicktopay-delete_customer.md:";
    let limited = "components.schemas.ClickToPayRateLimitError";
    for place in [format!("{limited}.properties.message"), format!("{limited}.properties.details")]
    {
        assert!(proposed.contains(&place), "{place}: {proposed}");
    }
    assert!(proposed.contains("# likely: sensitive-error-text"), "{proposed}");
    assert!(proposed.contains(page), "{proposed}");

    // Pasted, nothing is left to decide.
    copy.write(overlay, |text| format!("{text}\n{proposed}"));
    let generated = pagebind_tests::run(&copy.root, ["generate"]);
    assert_eq!(generated.status, Status::Done, "{}", generated.err);
    let check = pagebind_tests::run(&copy.root, ["suggest", "--check"]);
    assert_eq!(check.status, Status::Done, "{}{}", check.out, check.err);
    let contract: Value =
        serde_json::from_str(&copy.read("crates/visa-click-to-pay/openapi.json")).unwrap();
    let limited = &contract["components"]["schemas"]["ClickToPayRateLimitError"]["properties"];
    assert_eq!(limited["code"]["type"], "integer");
    for text in [&limited["message"], &limited["details"]["items"]] {
        let component = text["$ref"].as_str().unwrap().trim_start_matches('#');
        assert_eq!(contract.pointer(component).unwrap()["x-sensitive"], true);
    }
}
