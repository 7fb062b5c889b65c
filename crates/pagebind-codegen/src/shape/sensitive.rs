//! Which types hold personal data: those that the contract marks `x-sensitive`.
//!
//! A type that is marked prints as `[redacted]` wherever it stands. What stands in the place of a
//! marked type, an alias of it or a union with it as a branch, is marked too: it would print it.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{
    reach,
    shaped::{Shaped, members, refers_to},
};

/// Whether the contract marks the values of `schema` as personal data.
pub(super) fn is_sensitive(schema: &Value) -> bool {
    schema.get("x-sensitive") == Some(&json!(true))
}

/// Marks `to` as personal data where `from`, which it takes the place of, is.
pub(super) fn carry(from: &Value, to: &mut Value) {
    if is_sensitive(from) {
        to["x-sensitive"] = true.into();
    }
}

/// Notes the sensitive types in the plan.
pub(super) fn shape(shaped: &mut Shaped) {
    let schemas = std::mem::take(shaped.components("schemas"));
    let sensitive = schemas
        .iter()
        .filter(|(_, schema)| holds(&schemas, schema, &mut BTreeSet::new()))
        .map(|(name, _)| name.clone());
    shaped.plan.sensitive = sensitive.collect();
    *shaped.components("schemas") = schemas;
}

/// Whether `schema` is marked, or what it stands for is.
fn holds<'a>(
    schemas: &'a Map<String, Value>,
    schema: &'a Value,
    seen: &mut BTreeSet<&'a str>,
) -> bool {
    if is_sensitive(schema) {
        return true;
    }
    let branches = members(schema, "oneOf").filter_map(refers_to);
    branches.chain(refers_to(schema)).collect::<Vec<_>>().into_iter().any(|name| {
        // A cycle of references says nothing new.
        seen.insert(name) && schemas.get(name).is_some_and(|target| holds(schemas, target, seen))
    })
}

/// Whether anything in `schema`, or in what it refers to, is marked.
pub(super) fn reaches(schemas: &Map<String, Value>, schema: &Value) -> bool {
    reach::reached(schemas, std::slice::from_ref(schema))
        .iter()
        .filter_map(|name| schemas.get(name))
        .any(is_sensitive)
}
