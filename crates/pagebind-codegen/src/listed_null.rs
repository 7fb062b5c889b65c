//! Null among the values of an `enum`, or as a `const`, is allowed, whatever the type beside it says.
//!
//! By the letter of 3.1 a value has to fit both, so that `{type: string, enum: [a, null]}` is never null. Who
//! writes null down means it, and what means it also sends it.

use std::borrow::Cow;

use serde_json::{Value, json};

/// Lets the type allow null wherever it is listed.
pub(crate) fn allow(contract: &mut Cow<'_, Value>) {
    let in_3_0 = contract["openapi"].as_str().is_some_and(|version| version.starts_with("3.0"));
    if !in_3_0 && is_somewhere(contract) {
        allow_in(contract.to_mut());
    }
}

/// Whether a schema lists null, and has types without it.
fn refuses(schema: &Value) -> bool {
    let listed = schema.get("enum").and_then(Value::as_array);
    let lists = listed.is_some_and(|values| values.contains(&Value::Null))
        || schema.get("const") == Some(&Value::Null);
    lists
        && match schema.get("type") {
            Some(Value::String(kind)) => kind != "null",
            Some(Value::Array(kinds)) => !kinds.contains(&json!("null")),
            _ => false,
        }
}

fn is_somewhere(value: &Value) -> bool {
    match value {
        Value::Object(members) => refuses(value) || members.values().any(is_somewhere),
        Value::Array(items) => items.iter().any(is_somewhere),
        _ => false,
    }
}

fn allow_in(value: &mut Value) {
    if refuses(value) {
        let kinds = match value["type"].take() {
            Value::Array(kinds) => kinds,
            kind => vec![kind],
        };
        value["type"] = kinds.into_iter().chain(["null".into()]).collect();
    }
    match value {
        Value::Object(members) => members.values_mut().for_each(allow_in),
        Value::Array(items) => items.iter_mut().for_each(allow_in),
        _ => {}
    }
}
