//! Lists of values, and which of them are open.

use serde_json::{Value, json};

use super::{generated, has, types};
use crate::generate;

#[test]
fn values_of_one_rust_name_are_numbered() {
    let (items, said) = types(json!({ "Sort": { "type": "string", "enum": ["asc", "ASC"] } }));
    has(&items, "types::Sort::Asc = variant");
    has(&items, "types::Sort::Asc2 = variant");
    assert_eq!(
        said,
        ["/components/schemas/Sort/enum: the variant `Asc` is taken; the value `ASC` is `Asc2`"]
    );
}

#[test]
fn an_enum_of_mixed_types_is_a_union_of_one_for_each() {
    let (items, said) = types(json!({ "Limit": { "enum": ["none", 1, 2, true] } }));
    has(&items, "types::Limit::None = variant(types::LimitNone)");
    has(&items, "types::Limit::Boolean = variant(bool)");
    assert!(items.contains("types::Limit::Integer = variant("), "{items}");
    assert_eq!(said, [] as [&str; 0]);
}

#[test]
fn an_enum_of_numbers_is_a_number_that_is_checked_as_it_is_set() {
    let (items, said) = types(json!({ "Hour": { "enum": [0, 4, 8] } }));
    has(&items, "types::Hour::0 = i64");
    assert_eq!(said, [] as [&str; 0]);
    let source = generate(&json!({
        "openapi": "3.0.3",
        "info": { "title": "Cards", "version": "1" },
        "paths": { "/a": { "get": {
            "operationId": "a",
            "parameters": [{ "name": "hour", "in": "query", "schema": { "type": "integer", "enum": [0, 4, 8] } }],
            "responses": { "204": { "description": "Done" } },
        } } },
    }))
    .unwrap()
    .source;
    assert!(source.contains(r#"values: "[0,4,8]""#), "{source}");
}

#[test]
fn a_null_among_the_values_of_an_enum_makes_it_optional() {
    let (items, said) = types(json!({
        "Card": { "type": "object", "required": ["kind"], "properties": { "kind": { "type": "string", "nullable": true, "enum": ["debit", null] } } },
    }));
    has(&items, "types::Card::kind = Option<types::CardKind>");
    has(&items, "types::CardKind::Debit = variant");
    assert_eq!(said, [] as [&str; 0]);
}

/// The names of the enums that are open in a client with these schemas, whose one operation answers
/// with `Answer` and takes `Question`; and the degradations.
#[track_caller]
fn open_enums(schemas: Value) -> (Vec<String>, Vec<String>) {
    let body = |name: &str| json!({ "application/json": { "schema": { "$ref": format!("#/components/schemas/{name}") } } });
    let operation = json!({
        "operationId": "ask",
        "requestBody": { "required": true, "content": body("Question") },
        "responses": { "200": { "description": "OK", "content": body("Answer") } },
    });
    let mut schemas = schemas;
    let published = schemas.as_object_mut().unwrap();
    published.entry("Question").or_insert_with(|| json!({}));
    let (items, said) = generated(&json!({ "/ask": { "post": operation } }), &schemas);
    // What is read and not listed, or fits no branch, has a variant of its own.
    let open = items.lines().filter_map(|line| {
        let (name, variant) = line.strip_prefix("types::")?.split_once("::Unknown")?;
        let holds = variant.starts_with("Value = variant(") || variant.starts_with(" = variant(");
        holds.then_some(name)
    });
    (open.map(str::to_owned).collect(), said)
}

#[test]
fn an_enum_is_open_if_it_can_come_in_a_response_and_only_then() {
    let text = |values: &[&str]| json!({ "type": "string", "enum": values });
    let kind = json!({ "$ref": "#/components/schemas/Kind" });
    let (open, said) = open_enums(json!({
        "Kind": text(&["debit"]),
        "Question": { "type": "object", "properties": { "kind": kind, "order": text(&["newest"]) } },
        "Answer": { "type": "object", "properties": {
            "kind": kind,
            "items": { "type": "array", "items": { "type": "object", "additionalProperties": text(&["a"]) } },
            "again": { "$ref": "#/components/schemas/Answer" },
        } },
        "Unused": text(&["b"]),
    }));
    assert_eq!(open, ["AnswerItemsItemValue", "Kind"]);
    assert_eq!(said, [] as [&str; 0]);
}

#[test]
fn an_enum_that_typify_makes_of_a_composition_is_open() {
    let base = json!({ "type": "object", "properties": { "kind": { "type": "string", "enum": ["a", "b"] } } });
    let (open, said) = open_enums(json!({
        "Base": base,
        "Answer": {
            "allOf": [
                { "$ref": "#/components/schemas/Base" },
                { "type": "object", "properties": { "kind": { "type": "string", "enum": ["a"] } } },
            ],
        },
    }));
    assert!(open.iter().any(|name| name.starts_with("AnswerKind")), "{open:?}");
    assert_eq!(said, [] as [&str; 0]);
}

#[test]
fn an_enum_that_tells_the_branches_of_a_union_apart_is_open_as_any_other() {
    let object = |kind: &str, required: &str| {
        json!({
            "type": "object",
            "required": [required],
            "properties": { "kind": { "type": "string", "enum": [kind, "other"] }, required: { "type": "integer" } },
        })
    };
    let one_of = |names: [&str; 2]| {
        let members = names.map(|name| json!({ "$ref": format!("#/components/schemas/{name}") }));
        json!({ "oneOf": members })
    };
    let (open, said) = open_enums(json!({
        "Answer": { "type": "object", "properties": {
            "alike": one_of(["Cat", "Dog"]),
            "apart": one_of(["Fish", "Bird"]),
            "text": one_of(["Red", "Blue"]),
            "typed": { "oneOf": [{ "$ref": "#/components/schemas/Size" }, { "type": "integer" }] },
        } },
        "Cat": object("cat", "age"),
        "Dog": object("dog", "age"),
        "Fish": object("fish", "fins"),
        "Bird": object("bird", "wings"),
        "Red": { "type": "string", "enum": ["red"] },
        "Blue": { "type": "string", "enum": ["blue"] },
        "Size": { "type": "string", "enum": ["small"] },
    }));
    assert_eq!(
        open,
        [
            "AnswerAlike",
            "AnswerApart",
            "AnswerText",
            "AnswerTyped",
            "BirdKind",
            "Blue",
            "CatKind",
            "DogKind",
            "FishKind",
            "Red",
            "Size",
        ]
    );
    assert_eq!(said, [] as [&str; 0]);
}

#[test]
fn values_listed_in_the_place_of_a_branch_are_a_type_and_open() {
    let (open, said) = open_enums(json!({
        "Answer": { "oneOf": [{ "type": "string", "enum": ["a", "b"] }, { "type": "integer" }] },
    }));
    assert_eq!(open, ["Answer", "AnswerVariant0"]);
    assert_eq!(said, [] as [&str; 0]);
}
