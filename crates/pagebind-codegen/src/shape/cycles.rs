//! No schema is a part of itself by way of `allOf`.
//!
//! A common way to write variants: `Pet` is `oneOf` `Cat` and `Dog`, and each of these is `allOf`
//! `Pet` and something more. Typify merges the parts of an `allOf` until none is left, which here
//! never comes to an end. The inner `Pet` is reduced to what it says by itself.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::shaped::{COMPOSITIONS, Shaped, schema_reference};

/// The schema components that each schema component is put together of.
type Parts = BTreeMap<String, BTreeSet<String>>;

/// Cuts every cycle at an `allOf`, or at a component that is nothing but a reference.
pub(super) fn shape(shaped: &mut Shaped) {
    let mut schemas = std::mem::take(shaped.components("schemas"));
    let mut parts: Parts =
        schemas.iter().map(|(name, schema)| (name.clone(), parts_of(schema))).collect();
    let names: Vec<String> = schemas.keys().cloned().collect();
    for name in &names {
        // Asked anew each time: what was cut before may have opened this cycle as well.
        if !reaches(&parts, name, name) {
            continue;
        }
        let mut schema = schemas[name].clone();
        if cut(&schemas, &parts, name, &mut schema, schema_reference(&schemas[name]).is_some()) {
            parts.insert(name.clone(), parts_of(&schema));
            schemas.insert(name.clone(), schema);
            shaped.degrade(
                &pagebind::pointer::join("/components/schemas", name),
                "is a part of itself; the inner one is reduced to what it says by itself",
            );
        }
    }
    *shaped.components("schemas") = schemas;
}

/// What `schema` refers to, itself or in its compositions.
fn parts_of(schema: &Value) -> BTreeSet<String> {
    let mut parts: BTreeSet<String> =
        schema_reference(schema).map(str::to_owned).into_iter().collect();
    for keyword in COMPOSITIONS {
        let members = schema.get(keyword).and_then(Value::as_array).into_iter().flatten();
        parts.extend(members.flat_map(parts_of));
    }
    parts
}

/// Whether `to` is a part of `from`, or of one of its parts.
fn reaches(parts: &Parts, from: &str, to: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![from];
    while let Some(name) = open.pop() {
        for part in parts.get(name).into_iter().flatten() {
            if part == to {
                return true;
            }
            if seen.insert(part) {
                open.push(part);
            }
        }
    }
    false
}

/// Cuts the parts of `schema` that lead back to `name`; `merged` says whether typify merges it.
/// Gives whether there were any.
fn cut(
    schemas: &Map<String, Value>,
    parts: &Parts,
    name: &str,
    schema: &mut Value,
    merged: bool,
) -> bool {
    if let Some(part) = schema_reference(schema) {
        let cycle = merged && (part == name || reaches(parts, part, name));
        if cycle {
            let mut alone =
                schemas.get(part).and_then(Value::as_object).cloned().unwrap_or_default();
            alone.retain(|key, _| {
                !COMPOSITIONS.contains(&key.as_str()) && key != "$ref" && key != "discriminator"
            });
            *schema = alone.into();
        }
        return cycle;
    }
    let mut any = false;
    for keyword in COMPOSITIONS {
        for member in schema.get_mut(keyword).and_then(Value::as_array_mut).into_iter().flatten() {
            any |= cut(schemas, parts, name, member, merged || keyword == "allOf");
        }
    }
    any
}
