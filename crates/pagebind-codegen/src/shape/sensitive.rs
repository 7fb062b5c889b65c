//! Which types hold personal data: those that the contract marks `x-sensitive`.
//!
//! A type that is marked prints as `[redacted]` wherever it stands. What stands in the place of a
//! marked type, an alias of it or a union with it as a branch, is marked too: it would print it.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{
    reach,
    shaped::{Shaped, members, reference_to, refers_to},
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

/// Marks what a struct keeps beside its members where one of those is marked: nobody can say what a member
/// without a name holds, and the company that it keeps is personal data.
pub(super) fn further_members(shaped: &mut Shaped) {
    let schemas = std::mem::take(shaped.components("schemas"));
    let marked = |schema: &Value| {
        let mut lists = std::iter::successors(Some(schema), |schema| schema.get("items"));
        lists.any(|schema| holds(&schemas, schema, &mut BTreeSet::new()))
    };
    let keeps_unmarked = |schema: &Value| {
        let further = schema.get("additionalProperties").filter(|further| further.is_object());
        let properties = schema.get("properties").and_then(Value::as_object);
        further.is_some_and(|further| !marked(further))
            && properties.is_some_and(|properties| properties.values().any(&marked))
    };
    let owners = schemas.iter().filter(|(_, schema)| keeps_unmarked(schema));
    let owners: Vec<String> = owners.map(|(name, _)| name.clone()).collect();
    *shaped.components("schemas") = schemas;
    for owner in owners {
        let name = shaped.take_name(&format!("{owner}Extra"));
        let schemas = shaped.components("schemas");
        let mut further =
            std::mem::replace(&mut schemas[&owner]["additionalProperties"], reference_to(&name));
        if refers_to(&further).is_some() {
            further = json!({ "allOf": [further] });
        }
        further["x-sensitive"] = true.into();
        schemas.insert(name, further);
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
