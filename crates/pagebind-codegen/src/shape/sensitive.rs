//! Which types hold personal data: those that the contract marks `x-sensitive`.
//!
//! A type that is marked prints as `[redacted]` wherever it stands. What stands in the place of a
//! marked type, an alias of it or a union with it as a branch, is marked too: it would print it.

use std::collections::{BTreeMap, BTreeSet};

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
    let sensitive = sensitive(&schemas);
    let marked = |schema: &Value| {
        let mut lists = std::iter::successors(Some(schema), |schema| schema.get("items"));
        lists.any(|schema| {
            is_sensitive(schema) || stands_for(schema).any(|name| sensitive.contains(name))
        })
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
    shaped.plan.sensitive = sensitive(shaped.components("schemas"));
}

/// The components that are marked, or stand in the place of one that is.
fn sensitive(schemas: &Map<String, Value>) -> BTreeSet<String> {
    let mut stand_ins: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, schema) in schemas {
        stands_for(schema).for_each(|other| stand_ins.entry(other).or_default().push(name));
    }
    let marked = schemas.iter().filter(|(_, schema)| is_sensitive(schema));
    let mut open: Vec<&str> = marked.map(|(name, _)| name.as_str()).collect();
    let mut sensitive = BTreeSet::new();
    while let Some(name) = open.pop() {
        if sensitive.insert(name.to_owned()) {
            open.extend(stand_ins.get(name).into_iter().flatten());
        }
    }
    sensitive
}

/// The components in the place of which a schema stands, as an alias or a union.
fn stands_for(schema: &Value) -> impl Iterator<Item = &str> {
    members(schema, "oneOf").filter_map(refers_to).chain(refers_to(schema))
}

/// Whether anything in `schema`, or in what it refers to, is marked.
pub(super) fn reaches(schemas: &Map<String, Value>, schema: &Value) -> bool {
    reach::reached(schemas, std::slice::from_ref(schema))
        .iter()
        .filter_map(|name| schemas.get(name))
        .any(is_sensitive)
}
