//! What is redacted.

use serde_json::{Value, json};

use super::{has, operation, types};
use crate::generate;

#[test]
fn a_sensitive_value_is_a_type_of_its_own_without_display() {
    let (items, _) = types(json!({
        "Customer": { "type": "object", "properties": { "email": { "type": "string", "x-sensitive": true } } },
    }));
    has(&items, "types::Customer::email = Option<types::CustomerEmail>");
    has(&items, "types::CustomerEmail: Debug = impl");
    assert!(!items.contains("CustomerEmail: Display"), "{items}");
}

/// The names of the types in a source whose values print as `[redacted]`.
#[track_caller]
fn redacted(paths: &Value, schemas: &Value) -> Vec<String> {
    let contract = json!({
        "openapi": "3.0.3",
        "info": { "title": "Cards", "version": "1" },
        "paths": paths,
        "components": { "schemas": schemas },
    });
    let source = generate(&contract).unwrap().source;
    let impls = source.split("impl ::std::fmt::Debug for ").skip(1);
    let redacted = impls.filter(|rest| rest.split("}\n").next().unwrap().contains("[redacted]"));
    let mut names: Vec<String> =
        redacted.map(|rest| rest.split(' ').next().unwrap().to_owned()).collect();
    names.sort();
    // A type and its builder have the same name.
    names.dedup();
    names
}

#[test]
fn a_sensitive_type_is_redacted_whatever_its_name() {
    let sensitive = json!({ "type": "string", "x-sensitive": true });
    let uuid = json!({ "type": "string", "format": "uuid", "x-sensitive": true });
    let names = redacted(&json!({}), &json!({ "x-y": sensitive, "Self": sensitive, "Uuid": uuid }));
    assert_eq!(names, ["Self_", "UuidValue", "Xy"]);
}

#[test]
fn what_a_struct_keeps_beside_sensitive_members_is_redacted() {
    let marked = json!({ "type": "string", "x-sensitive": true });
    let struct_of = |member: &Value, further: &Value| json!({ "type": "object", "properties": { "a": member }, "additionalProperties": further });
    let names = redacted(
        &json!({}),
        &json!({
            "Marked": marked,
            "Inline": struct_of(&marked, &json!(true)),
            "Referred": struct_of(&json!({ "$ref": "#/components/schemas/Marked" }), &json!({})),
            "Described": struct_of(&json!({ "allOf": [{ "$ref": "#/components/schemas/Marked" }], "description": "A name." }), &json!({ "type": "integer" })),
            "List": struct_of(&json!({ "type": "array", "items": { "$ref": "#/components/schemas/Marked" } }), &json!({ "$ref": "#/components/schemas/Plain" })),
            "Plain": struct_of(&json!({ "type": "string" }), &json!(true)),
            "Closed": struct_of(&marked, &json!(false)),
        }),
    );
    assert_eq!(
        names,
        [
            "ClosedA",
            "DescribedExtra",
            "InlineA",
            "InlineExtra",
            "ListExtra",
            "Marked",
            "ReferredExtra"
        ]
    );
}

#[test]
fn what_is_merged_with_something_sensitive_is_redacted() {
    let marked = json!({ "type": "string", "x-sensitive": true });
    let holder = json!({ "type": "object", "properties": { "pan": marked } });
    let card = json!({ "type": "object", "properties": { "a": { "type": "string" } }, "x-sensitive": true });
    let names = redacted(
        &json!({}),
        &json!({
            "Holder": holder,
            "Card": card,
            "Copied": { "allOf": [{ "$ref": "#/components/schemas/Card" }, { "type": "object", "properties": { "b": { "type": "string" } } }] },
            "Inline": { "allOf": [card, { "type": "object", "properties": { "b": { "type": "string" } } }] },
            "Variant": { "oneOf": [marked, { "type": "integer" }] },
            "Within": { "allOf": [
                holder,
                { "type": "object", "properties": { "pan": { "type": "string", "maxLength": 19 } } },
            ] },
            "Merged": { "allOf": [
                { "$ref": "#/components/schemas/Holder" },
                { "type": "object", "properties": { "pan": { "type": "string", "maxLength": 19 } } },
            ] },
        }),
    );
    assert_eq!(
        names,
        [
            "Card",
            "Copied",
            "HolderPan",
            "Inline",
            "MergedPan",
            "Variant",
            "VariantVariant0",
            "WithinPan",
        ]
    );
}

#[test]
fn a_sensitive_parameter_stays_so_in_every_form() {
    let marked = json!({ "type": "string", "x-sensitive": true });
    let many = json!({ "type": "array", "items": { "type": "string" }, "x-sensitive": true });
    let filter = json!({ "type": "object", "properties": { "b": { "type": "string" } }, "x-sensitive": true });
    let operation = json!({
        "operationId": "find",
        "parameters": [
            { "name": "here", "in": "query", "x-sensitive": true, "schema": { "type": "string" } },
            { "name": "a", "in": "query", "style": "deepObject", "schema": filter },
            { "name": "piped", "in": "query", "style": "pipeDelimited", "schema": many },
            { "name": "json", "in": "query", "content": { "application/json": { "schema": filter } } },
            { "name": "cookie", "in": "cookie", "schema": marked },
        ],
        "requestBody": { "required": true, "content": { "text/plain": { "schema": marked } } },
        "responses": { "204": { "description": "Done" } },
    });
    let names = redacted(&json!({ "/find": { "post": operation } }), &json!({}));
    assert_eq!(names, ["FindA", "FindBody", "FindCookie", "FindHere", "FindJson", "FindPiped"]);
}

#[test]
fn a_sensitive_enum_is_one_in_a_header_as_well() {
    let parameter = |location: &str| {
        let schema = json!({ "type": "string", "enum": ["female", "male"], "x-sensitive": true });
        json!({ "name": format!("{location}-kind"), "in": location, "required": true, "schema": schema })
    };
    let (items, said) =
        operation(json!({ "parameters": [parameter("header"), parameter("query")] }));
    has(&items, "types::GetCardQueryKind::Female = variant");
    has(&items, "types::GetCardHeaderKind::Female = variant");
    assert_eq!(said, [] as [&str; 0]);
}
