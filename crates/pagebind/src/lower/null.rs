//! Whether a 3.1 schema accepts null.
//!
//! In 3.1 null is a value like any other, and each keyword has its say; in 3.0 it is a flag on a
//! type. So the question is put to the whole schema.

use serde_json::{Map, Value, json};

use crate::references::References;

/// Whether a branch of `anyOf` or `oneOf` is there for null alone.
pub(super) fn is_null_alone(schema: &Value) -> bool {
    let says = |key: &str, value: Value| schema.get(key) == Some(&value);
    says("type", json!("null"))
        || says("type", json!(["null"]))
        || says("const", Value::Null)
        || says("enum", json!([null]))
}

/// Whether `schema`, which stands at `at`, accepts null; `known` says it of what it refers to. A
/// schema that refers to nothing but itself does.
pub(super) fn accepts(
    schema: &Value,
    at: &str,
    references: &References<'_>,
    known: &dyn Fn(&str) -> bool,
) -> bool {
    match schema {
        Value::Object(map) => keywords_accept(map, at, references, known),
        other => *other != json!(false),
    }
}

/// The same for the keywords of a schema.
pub(super) fn keywords_accept(
    map: &Map<String, Value>,
    at: &str,
    references: &References<'_>,
    known: &dyn Fn(&str) -> bool,
) -> bool {
    // An `$id` further in changes what a fragment there leads to; those are too rare to follow.
    let accepts = |schema: &Value| accepts(schema, at, references, known);
    map.iter().all(|(key, value)| match (key.as_str(), value) {
        ("type", Value::String(one)) => one == "null",
        ("type", Value::Array(several)) => several.contains(&json!("null")),
        ("const", value) => value.is_null(),
        ("enum", Value::Array(values)) => values.contains(&Value::Null),
        ("$ref" | "$dynamicRef", Value::String(reference)) => {
            references.find(reference, at).is_none_or(|target| known(&target))
        }
        ("allOf", Value::Array(all)) => all.iter().all(accepts),
        ("anyOf", Value::Array(any)) => any.iter().any(accepts),
        ("oneOf", Value::Array(one)) => one.iter().filter(|it| accepts(it)).count() == 1,
        ("not", schema) => !accepts(schema),
        ("if", schema) => {
            let branch = if accepts(schema) { "then" } else { "else" };
            map.get(branch).is_none_or(accepts)
        }
        _ => true,
    })
}
