//! Null among the values of an `enum`, or as a `const`, is allowed, whatever the type beside it says.
//!
//! By the letter of 3.1 a value has to fit both, so that `{type: string, enum: [a, null]}` is never null. Who
//! writes null down means it, and what means it also sends it.

use std::borrow::Cow;

use pagebind::document::KeyKind;
use serde_json::{Value, json};

/// Lets the type allow null wherever it is listed.
pub(crate) fn allow(contract: &mut Cow<'_, Value>) {
    let in_3_0 = contract["openapi"].as_str().is_some_and(|version| version.starts_with("3.0"));
    if !in_3_0 && is_somewhere(contract, KeyKind::Keywords) {
        allow_in(contract.to_mut(), KeyKind::Keywords);
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

fn is_somewhere(value: &Value, keys: KeyKind) -> bool {
    match value {
        _ if keys == KeyKind::Data => false,
        Value::Object(members) => {
            (keys == KeyKind::Keywords && refuses(value))
                || members
                    .iter()
                    .any(|(key, value)| is_somewhere(value, keys.of_member(key, value)))
        }
        Value::Array(items) => items.iter().any(|item| is_somewhere(item, keys)),
        _ => false,
    }
}

fn allow_in(value: &mut Value, keys: KeyKind) {
    if keys == KeyKind::Keywords && refuses(value) {
        let kinds = match value["type"].take() {
            Value::Array(kinds) => kinds,
            kind => vec![kind],
        };
        value["type"] = kinds.into_iter().chain(["null".into()]).collect();
    }
    match value {
        _ if keys == KeyKind::Data => {}
        Value::Object(members) => {
            for (key, value) in members {
                let keys = keys.of_member(key, value);
                allow_in(value, keys);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| allow_in(item, keys)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_that_looks_like_a_schema_stays_as_it_is() {
        let schema = json!({ "type": "string", "enum": ["a", null] });
        let contract = json!({ "openapi": "3.1.0", "components": { "schemas": {
            "A": schema, "B": { "default": schema, "examples": [schema], "properties": { "enum": schema } },
        } } });
        let mut allowed = Cow::Borrowed(&contract);
        allow(&mut allowed);
        let schemas = &allowed["components"]["schemas"];
        let nullable = json!({ "type": ["string", "null"], "enum": ["a", null] });
        assert_eq!(schemas["A"], nullable);
        let kept =
            json!({ "default": schema, "examples": [schema], "properties": { "enum": nullable } });
        assert_eq!(schemas["B"], kept);
    }
}
