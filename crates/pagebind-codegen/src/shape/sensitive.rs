//! Which types hold personal data: those that the contract marks `x-sensitive`, and those into
//! which typify puts what stands there.
//!
//! A type that is marked prints as `[redacted]` wherever it stands. The members of a composition
//! are no types of their own: typify copies the fields of an `allOf` into its owner, makes one
//! property of several of the same name, and turns inline alternatives into variants. Whatever was
//! marked there is plain text afterwards, so the owner is redacted as a whole.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::shaped::{Shaped, schema_reference};
use crate::naming;

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
    for (name, schema) in &schemas {
        let merged = merged_properties(&schemas, schema);
        if !merged.is_empty() || holds(&schemas, schema, &mut BTreeSet::new()) {
            shaped.plan.sensitive.insert(name.clone());
        }
        // Where one declaration says all of the others, typify takes the type of that one.
        let declared = merged.values().flatten().filter_map(|value| schema_reference(value));
        shaped.plan.sensitive_candidates.extend(declared.map(str::to_owned));
        // What typify calls the type of such a property, if it makes one.
        shaped.plan.sensitive_candidates.extend(merged.keys().map(|property| {
            naming::component_name(&format!("{name}{}", naming::type_name(property)))
        }));
    }
    *shaped.components("schemas") = schemas;
}

/// Whether `schema` is marked, or typify copies into its type what is.
fn holds<'a>(
    schemas: &'a Map<String, Value>,
    schema: &'a Value,
    seen: &mut BTreeSet<&'a str>,
) -> bool {
    is_sensitive(schema)
        || members(schema, "allOf").any(|member| match schema_reference(member) {
            // A cycle of references says nothing new.
            Some(name) if !seen.insert(name) => false,
            Some(name) => schemas.get(name).is_some_and(|target| holds(schemas, target, seen)),
            None => holds(schemas, member, seen),
        })
        || ["oneOf", "anyOf"].iter().any(|keyword| {
            members(schema, keyword)
                .filter(|member| schema_reference(member).is_none())
                .any(|member| holds(schemas, member, seen))
        })
}

/// The properties that several members of an `allOf` declare, one of them as personal data.
fn merged_properties<'a>(
    schemas: &'a Map<String, Value>,
    schema: &'a Value,
) -> BTreeMap<&'a String, Vec<&'a Value>> {
    let mut declared = BTreeMap::new();
    if members(schema, "allOf").count() > 1 {
        for member in members(schema, "allOf") {
            declare(schemas, member, &mut BTreeSet::new(), &mut declared);
        }
    }
    declared.retain(|_, values| {
        let marked = |value: &&Value| is_marked(schemas, value, &mut BTreeSet::new());
        values.len() > 1 && values.iter().any(marked)
    });
    declared
}

/// Collects what `schema` declares each property to be.
fn declare<'a>(
    schemas: &'a Map<String, Value>,
    schema: &'a Value,
    seen: &mut BTreeSet<&'a str>,
    declared: &mut BTreeMap<&'a String, Vec<&'a Value>>,
) {
    if let Some(name) = schema_reference(schema) {
        if seen.insert(name)
            && let Some(target) = schemas.get(name)
        {
            declare(schemas, target, seen, declared);
        }
        return;
    }
    for (property, value) in
        schema.get("properties").and_then(Value::as_object).into_iter().flatten()
    {
        declared.entry(property).or_default().push(value);
    }
    for keyword in ["allOf", "oneOf", "anyOf"] {
        for member in members(schema, keyword) {
            declare(schemas, member, seen, declared);
        }
    }
}

/// Whether a property's schema, or the type that it refers to, is personal data.
fn is_marked<'a>(
    schemas: &'a Map<String, Value>,
    schema: &'a Value,
    seen: &mut BTreeSet<&'a str>,
) -> bool {
    match schema_reference(schema) {
        Some(name) => {
            seen.insert(name)
                && schemas.get(name).is_some_and(|target| is_marked(schemas, target, seen))
        }
        None => holds(schemas, schema, seen),
    }
}

fn members<'a>(schema: &'a Value, keyword: &str) -> impl Iterator<Item = &'a Value> {
    schema.get(keyword).and_then(Value::as_array).into_iter().flatten()
}
