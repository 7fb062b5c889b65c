//! No schema is a part of itself by way of `allOf`.
//!
//! A common way to write variants: `Pet` is `oneOf` `Cat` and `Dog`, and each of these is `allOf`
//! `Pet` and something more. Typify merges the parts of an `allOf` until none is left, which here
//! never comes to an end. The inner `Pet` is reduced to what it says by itself.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::shaped::{COMPOSITIONS, Shaped, schema_reference};

/// The schema components that each schema component is put together of.
pub(super) type Parts = BTreeMap<String, BTreeSet<String>>;

/// Cuts every cycle at an `allOf`, or at a component that is nothing but a reference.
pub(super) fn shape(shaped: &mut Shaped) {
    let mut schemas = std::mem::take(shaped.components("schemas"));
    let mut parts = parts(&schemas);
    let endless = endless(&parts);
    let names: Vec<String> =
        schemas.keys().filter(|name| endless.contains(*name)).cloned().collect();
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

/// The parts of each component.
pub(super) fn parts(schemas: &Map<String, Value>) -> Parts {
    schemas.iter().map(|(name, schema)| (name.clone(), parts_of(schema))).collect()
}

/// The components that each component is a part of.
pub(super) fn users(parts: &Parts) -> BTreeMap<&str, Vec<&str>> {
    let mut users: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (user, parts) in parts {
        parts.iter().for_each(|part| users.entry(part).or_default().push(user));
    }
    users
}

/// The components whose parts come to no end: those on a cycle, and those with such a one among their parts.
fn endless(parts: &Parts) -> BTreeSet<String> {
    let users = users(parts);
    let known = |of: &BTreeSet<String>| of.iter().filter(|part| parts.contains_key(*part)).count();
    let mut open: BTreeMap<&str, usize> =
        parts.iter().map(|(name, of)| (name.as_str(), known(of))).collect();
    let mut ended: Vec<&str> =
        open.iter().filter(|(_, parts)| **parts == 0).map(|(name, _)| *name).collect();
    while let Some(name) = ended.pop() {
        open.remove(name);
        for user in users.get(name).into_iter().flatten() {
            if let Some(left) = open.get_mut(user) {
                *left -= 1;
                if *left == 0 {
                    ended.push(user);
                }
            }
        }
    }
    open.into_keys().map(str::to_owned).collect()
}

/// The cycle that each component is on, by a number: two with the same number are parts of each other. Of those
/// that are on none, only those that lead to one are among them, each with a number of its own.
pub(super) fn on_cycles(parts: &Parts) -> BTreeMap<&str, usize> {
    let endless = endless(parts);
    let among = |name: &&str| endless.contains(*name);
    let users = users(parts);
    let parts_of = |name: &str| {
        let parts = parts.get(name).into_iter().flatten();
        parts.map(String::as_str).filter(among).collect()
    };
    let users_of =
        |name: &str| users.get(name).into_iter().flatten().copied().filter(among).collect();
    let mut seen = BTreeSet::new();
    let names = parts.keys().map(String::as_str).filter(among);
    let ended: Vec<&str> = names.flat_map(|name| walked(name, &mut seen, parts_of)).collect();
    // Kosaraju: what uses the one that ended last, and is a part of it, is on a cycle with it.
    let mut cycles = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for (number, name) in ended.into_iter().rev().enumerate() {
        let of_one = walked(name, &mut seen, users_of);
        cycles.extend(of_one.into_iter().map(|name| (name, number)));
    }
    cycles
}

/// Whatever is reached from `name` and was not seen before, each behind all that is reached from it.
fn walked<'p>(
    name: &'p str,
    seen: &mut BTreeSet<&'p str>,
    next: impl Fn(&'p str) -> Vec<&'p str>,
) -> Vec<&'p str> {
    let mut ended = Vec::new();
    let mut open: Vec<(&str, Vec<&str>)> = Vec::new();
    if seen.insert(name) {
        open.push((name, next(name)));
    }
    while let Some((name, left)) = open.last_mut() {
        match left.pop() {
            Some(part) => {
                if seen.insert(part) {
                    open.push((part, next(part)));
                }
            }
            None => {
                ended.push(*name);
                open.pop();
            }
        }
    }
    ended
}

/// What `schema` refers to, itself or in its compositions.
pub(super) fn parts_of(schema: &Value) -> BTreeSet<String> {
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
