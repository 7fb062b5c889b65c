use std::{collections::BTreeSet, fs, path::Path};

use serde_json::{Value, json};

use super::{Accepted, Change, Decisions, RULES, Suggestion, differences, suggest, suggest_new};
use crate::{
    merge::{self, Options},
    overlay::Overlay,
    page,
};

mod cases;
mod look_alikes;
mod visa_click_to_pay;

/// A document in which a caller posts a `Thing` and gets it back.
fn document(thing: &Value) -> Value {
    let content =
        json!({ "application/json": { "schema": { "$ref": "#/components/schemas/Thing" } } });
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Things", "version": "1" },
        "paths": { "/things": { "post": {
            "operationId": "create_thing",
            "requestBody": { "required": true, "content": content },
            "responses": { "200": { "description": "It is there", "content": content } },
        } } },
        "components": { "schemas": { "Thing": thing } },
    })
}

/// A `Thing` with these properties.
fn thing(properties: &Value) -> Value {
    document(&json!({ "type": "object", "properties": properties }))
}

fn all(document: &Value) -> Vec<Suggestion> {
    suggest(document, &Decisions::default())
}

/// The names of the rules that find something in `document`.
fn rules(document: &Value) -> BTreeSet<&'static str> {
    all(document).iter().map(|suggestion| suggestion.rule.name).collect()
}

/// The suggestions as an overlay.
fn overlay(suggestions: &[Suggestion]) -> Option<Overlay> {
    let mut text = "overlay: 1.1.0\ninfo: { title: t, version: 1.0.0 }\nactions:\n".to_owned();
    let head = text.len();
    for suggestion in suggestions {
        if let Some(action) = &suggestion.action {
            text += &action.to_yaml(&suggestion.description, 2);
        }
    }
    (text.len() > head).then(|| Overlay::parse("overlay.yaml", &text).unwrap())
}

/// The document with all that is suggested carried out.
#[track_caller]
fn corrected(document: &Value) -> Value {
    let suggestions = all(document);
    let Some(overlay) = overlay(&suggestions) else { return document.clone() };
    overlay.apply(document).unwrap_or_else(|problems| panic!("{problems}")).document
}

#[test]
fn every_rule_has_a_name_a_reason_and_a_stage_of_its_own() {
    let names: BTreeSet<&str> = RULES.iter().map(|rule| rule.name).collect();
    assert_eq!(names.len(), RULES.len());
    assert!(RULES.iter().all(|rule| rule.reason.len() > 20));
    let staged: Vec<&str> =
        super::rules::STAGES.iter().flat_map(|stage| stage.iter().copied()).collect();
    let of_pages = names.iter().filter(|name| !staged.contains(name)).collect::<Vec<_>>();
    assert_eq!(of_pages, [&"words-differ"], "it compares pages, and is in no stage");
    assert_eq!(staged.iter().collect::<BTreeSet<_>>().len(), staged.len());
}

#[test]
fn places_that_share_a_change_are_one_action() {
    let id = json!({ "type": "number" });
    let document = thing(&json!({ "card_id": id, "account_id": id, "name": { "type": "string" } }));
    let suggestions = all(&document);
    assert_eq!(suggestions.len(), 1, "{suggestions:?}");
    let action = suggestions[0].action.as_ref().unwrap();
    assert_eq!(action.target, "$.components.schemas.Thing.properties['card_id', 'account_id']");
    assert_eq!(action.matches, 2);
    assert_eq!(suggestions[0].places.len(), 2);
    assert_eq!(action.change, Change::Update(json!({ "type": "integer", "format": "int64" })));
}

#[test]
fn nothing_is_suggested_of_what_was_corrected() {
    for case in cases::cases() {
        let corrected = corrected(&case.yes);
        let again: Vec<_> =
            all(&corrected).into_iter().filter(|again| again.action.is_some()).collect();
        assert!(again.is_empty(), "{}: {again:?}", case.rule);
    }
}

#[test]
fn what_somebody_has_decided_is_not_suggested_again() {
    let decided = json!({ "type": "string", "x-sensitive": false });
    assert!(rules(&thing(&json!({ "password": decided }))).is_empty());
    let header = json!({ "name": "Authorization", "in": "header", "schema": { "type": "string" }, "x-sensitive": true });
    let mut document = thing(&json!({}));
    document["paths"]["/things"]["post"]["parameters"] = json!([header]);
    assert!(rules(&document).is_empty());
}

#[test]
fn what_is_new_between_two_contracts_is_all_that_is_told() {
    let old = thing(&json!({ "card_id": { "type": "number" } }));
    let new =
        thing(&json!({ "card_id": { "type": "number" }, "cvv": { "type": "string", "x-at": 1 } }));
    assert!(suggest_new(&old, &old, &Decisions::default()).is_empty());
    let found = suggest_new(&old, &new, &Decisions::default());
    let places: BTreeSet<&str> =
        found.iter().flat_map(|found| found.places.iter().map(String::as_str)).collect();
    assert_eq!(places, BTreeSet::from(["/components/schemas/Thing/properties/cvv"]));
    assert!(found.iter().any(|found| found.is_secret));
}

#[test]
fn a_publisher_s_own_names_come_before_the_rules() {
    let document =
        thing(&json!({ "ownerBid": { "type": "string" }, "password": { "type": "string" } }));
    let names = Decisions {
        sensitive: vec!["owner_bid".to_owned()],
        plain: vec!["password".to_owned()],
        ..Decisions::default()
    };
    let found = suggest(&document, &names);
    let found: Vec<_> = found.iter().map(|found| (found.rule.name, &*found.places[0])).collect();
    let place = "/components/schemas/Thing/properties/ownerBid";
    assert_eq!(found, [("component", place), ("sensitive-here", place)]);
}

#[test]
fn what_is_accepted_is_taken_out_of_its_group() {
    let id = json!({ "type": "number" });
    let document = thing(&json!({ "card_id": id, "account_id": id }));
    let place = "/components/schemas/Thing/properties/card_id";
    let accepted = |rule: &str, pointer: Option<&str>| {
        let accepted = Accepted { rule: rule.to_owned(), pointer: pointer.map(str::to_owned) };
        suggest(&document, &Decisions { accepted: vec![accepted], ..Decisions::default() })
    };
    let left = accepted("integer-id", Some(place));
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].places, ["/components/schemas/Thing/properties/account_id"]);
    assert!(accepted("integer-id", None).is_empty());
    assert_eq!(accepted("operation-name", Some(place)), all(&document));
}

#[test]
fn a_component_is_judged_by_what_all_who_refer_to_it_call_it() {
    let reference = json!({ "$ref": "#/components/schemas/Digits" });
    let mut document = thing(&json!({ "pan": reference, "card_number": reference }));
    document["components"]["schemas"]["Digits"] = json!({ "type": "string" });
    let found = all(&document);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].places, ["/components/schemas/Digits"]);
    document["components"]["schemas"]["Thing"]["properties"]["terminal"] = reference;
    assert!(rules(&document).is_empty(), "it is the number of a terminal too");
}

#[test]
fn pages_that_describe_a_component_in_other_words_are_told_with_their_lines() {
    let page = |name: &str, words: &str| {
        let mut document = thing(&json!({ "id": { "type": "string", "description": words } }));
        document["paths"] = json!({});
        page::extract(name, &serde_json::to_string_pretty(&document).unwrap()).unwrap()
    };
    let pages =
        [page("a.md", "The id\nof it"), page("b.md", "The id of it"), page("c.md", "Its number")];
    assert!(differences(&pages[..2]).is_empty());
    let found = differences(&pages);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].places, ["/components/schemas/Thing/properties/id"]);
    let words = &found[0].description;
    assert!(
        words.contains("a.md:1") && words.contains("c.md:1") && words.contains("Its number"),
        "{words}"
    );
}

#[test]
fn a_document_that_goes_in_circles_or_is_broken_is_passed_over() {
    let circle = json!({
        "type": "object",
        "properties": { "a": { "$ref": "#/components/schemas/Thing" }, "b": 1, "c": { "type": 7, "enum": 1 } },
        "allOf": [{ "$ref": "#/components/schemas/Thing" }, { "$ref": "#/nowhere" }],
        "example": { "a": { "a": {} } },
    });
    assert!(rules(&document(&circle)).is_empty());
    for broken in [
        json!(null),
        json!({ "paths": [] }),
        json!({ "paths": { "/a": { "get": 1 } }, "components": 1 }),
    ] {
        assert!(rules(&broken).is_empty(), "{broken}");
    }
}
