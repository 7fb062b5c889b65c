//! Each trap of progenitor and typify: what becomes of it, what is said of it, and that it
//! generates; a file for each step of shaping.

mod bodies;
mod enums;
mod merge;
mod names;
mod operations;
mod pages;
mod parameters;
mod responses;
mod schemas;
mod security;
mod sensitive;
mod unions;
mod webhooks;

use serde_json::{Value, json};

use crate::{generate, public_items};

/// Generates from paths and schemas: the public items, a line each, and the degradations.
#[track_caller]
fn generated(paths: &Value, schemas: &Value) -> (String, Vec<String>) {
    let contract = json!({
        "openapi": "3.0.3",
        "info": { "title": "Cards", "version": "1" },
        "paths": paths,
        "components": { "schemas": schemas },
    });
    let generated = generate(&contract).unwrap();
    let items = public_items(&generated.source).unwrap();
    let items = items.iter().map(|(path, signature)| format!("{path} = {signature}\n")).collect();
    (items, generated.degradations.iter().map(ToString::to_string).collect())
}

/// Generates from schemas alone.
#[track_caller]
fn types(schemas: Value) -> (String, Vec<String>) {
    generated(&json!({}), &schemas)
}

/// Generates from one `GET /cards/{id}` that has these members beside its answer.
#[track_caller]
fn operation(members: Value) -> (String, Vec<String>) {
    let mut operation = json!({
        "operationId": "getCard",
        "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "integer" } }],
        "responses": { "204": { "description": "Done" } },
    });
    let Value::Object(members) = members else { panic!("members stand in an object") };
    for (key, value) in members {
        match (&mut operation[&key], value) {
            (Value::Array(present), Value::Array(more)) => present.extend(more),
            (present, value) => *present = value,
        }
    }
    generated(&json!({ "/cards/{id}": { "get": operation } }), &json!({}))
}

/// Generates from schemas, of which `Sent` is the body of a request: the source without line breaks, and what
/// is said.
#[track_caller]
fn sent(schemas: Value) -> (String, Vec<String>) {
    let schema = json!({ "$ref": "#/components/schemas/Sent" });
    let body = json!({ "required": true, "content": { "application/json": { "schema": schema } } });
    let components = json!({ "components": { "schemas": schemas } });
    let (source, said) = source_of(components, json!({ "requestBody": body }));
    (source.split_whitespace().collect::<Vec<_>>().join(" "), said)
}

/// The limits that the setter of `field` holds to.
#[track_caller]
fn limits<'s>(source: &'s str, field: &str) -> &'s str {
    let (_, set) = source.split_once(&format!("building::within( \"{field}\",")).unwrap();
    let (_, limits) = set.split_once("&::pagebind_client::Bounds { ").unwrap();
    limits.split_once(" ..::pagebind_client::Bounds::NONE").unwrap().0
}

#[track_caller]
fn has(items: &str, line: &str) {
    assert!(items.lines().any(|item| item == line), "no `{line}` in\n{items}");
}

/// Generates from a contract with one `GET /a`, which has these members; the source and what is said.
#[track_caller]
fn source_of(root: Value, members: Value) -> (String, Vec<String>) {
    let mut contract = json!({
        "openapi": "3.1.0",
        "info": { "title": "Cards", "version": "1" },
        "paths": { "/a": { "get": {
            "operationId": "getA", "responses": { "204": { "description": "Done" } },
        } } },
    });
    for (target, members) in [("", root), ("/paths/~1a/get", members)] {
        let Value::Object(members) = members else { panic!("members stand in an object") };
        let target = contract.pointer_mut(target).unwrap();
        members.into_iter().for_each(|(key, value)| target[key] = value);
    }
    let generated = generate(&contract).unwrap();
    let said = generated.degradations.iter().map(ToString::to_string);
    let lost = generated.losses.iter().map(|loss| loss.pointer.clone());
    (generated.source, said.chain(lost).collect())
}
