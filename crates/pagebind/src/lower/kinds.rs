//! The one type that a schema or its values have, as far as that can be told.

use serde_json::{Map, Value};

use super::null::is_null_alone;
use crate::{
    number::{self, same},
    references::References,
};

/// The one type, other than null, that all of `schemas` at `at` have, as far as that can be told.
pub(super) fn common(
    schemas: &[&Value],
    at: &str,
    references: &References<'_>,
    known: &dyn Fn(&str) -> Option<String>,
) -> Option<String> {
    let mut kinds = schemas.iter().map(|schema| kind(schema, at, references, known));
    let first = kinds.next()??;
    kinds.all(|kind| kind.as_ref() == Some(&first)).then_some(first)
}

/// The one type, other than null, that `schema` at `at` has, as far as that can be told; `known` says
/// it of what it refers to.
pub(super) fn kind(
    schema: &Value,
    at: &str,
    references: &References<'_>,
    known: &dyn Fn(&str) -> Option<String>,
) -> Option<String> {
    let map = schema.as_object()?;
    match map.get("type") {
        Some(Value::String(one)) => return (one != "null").then(|| one.clone()),
        Some(Value::Array(several)) => {
            let mut named = several.iter().filter_map(Value::as_str);
            let one = named.find(|it| *it != "null")?;
            return (named.all(|it| it == "null")).then(|| one.to_owned());
        }
        _ => {}
    }
    if let Some(values) = values(map) {
        return type_of_values(&values).map(str::to_owned);
    }
    if let Some(Value::String(reference)) = map.get("$ref") {
        return known(&references.find(reference, at)?);
    }
    if let Some(Value::Array(all)) = map.get("allOf") {
        return all.iter().find_map(|it| kind(it, at, references, known));
    }
    let alternatives = map.get("anyOf").or_else(|| map.get("oneOf"))?.as_array()?;
    let alternatives: Vec<_> = (alternatives.iter()).filter(|it| !is_null_alone(it)).collect();
    common(&alternatives, at, references, known)
}

/// The values that `enum` and `const` together leave.
pub(super) fn values(map: &Map<String, Value>) -> Option<Vec<Value>> {
    let listed = map.get("enum").and_then(Value::as_array);
    match (listed, map.get("const")) {
        (None, None) => None,
        (Some(listed), None) => Some(listed.clone()),
        (None, Some(one)) => Some(vec![one.clone()]),
        (Some(listed), Some(one)) => {
            Some(listed.iter().filter(|it| same(it, one)).cloned().collect())
        }
    }
}

/// The one type that the values other than null have.
pub(super) fn type_of_values(values: &[Value]) -> Option<&'static str> {
    let mut values = values.iter().filter(|it| !it.is_null()).peekable();
    values.peek()?;
    let values: Vec<_> = values.collect();
    ["string", "integer", "number", "boolean", "array", "object"]
        .into_iter()
        .find(|kind| values.iter().all(|value| is_of(value, kind)))
}

/// Whether a value is of a type; to JSON Schema 1.0 is an integer.
pub(super) fn is_of(value: &Value, kind: &str) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(_) => kind == "boolean",
        Value::String(_) => kind == "string",
        Value::Array(_) => kind == "array",
        Value::Object(_) => kind == "object",
        Value::Number(number) => match kind {
            "number" => true,
            "integer" => number::is_integer(number),
            _ => false,
        },
    }
}
