//! A base with a discriminator is the union of the types that build on it.
//!
//! `Pet` declares `kind` and what its values stand for; `Cat` and `Dog` are `allOf` `Pet` and more.
//! What is declared as a `Pet` comes as a `Cat` or a `Dog`, and a struct with the members of `Pet`
//! alone would lose the rest. Merging has put these members into `Cat` and `Dog` before.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{
    notes,
    shaped::{Shaped, reference_to, refers_to},
};

/// Makes a union of each base that others build on.
pub(super) fn shape(shaped: &mut Shaped) {
    let mut schemas = std::mem::take(shaped.components("schemas"));
    let between = inherit(&mut schemas, &shaped.subtypes);
    let bases: Vec<String> = schemas
        .iter()
        .filter(|(_, schema)| {
            schema.get(notes::TAG).is_some() && schema.get("properties").is_some()
        })
        .map(|(name, _)| name.clone())
        .collect();
    let subtypes = |schemas: &Map<String, Value>, base: &String| -> Vec<String> {
        let mapped = schemas[base].pointer(&format!("/{}/mapping", notes::TAG));
        let mapped = mapped.and_then(Value::as_object).into_iter().flat_map(Map::values);
        let mut names: Vec<String> = Vec::new();
        let building = shaped.subtypes.get(base).into_iter().flatten();
        let aliases = schemas.iter().filter(|(name, schema)| {
            refers_to(schema) == Some(base) && !shaped.hoisted.contains_key(*name)
        });
        for name in mapped
            .filter_map(Value::as_str)
            .chain(building.map(String::as_str))
            .chain(aliases.map(|(name, _)| name.as_str()))
        {
            if schemas.contains_key(name) && !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
        names
    };
    let found: Vec<(String, Vec<String>)> = bases
        .into_iter()
        .map(|base| {
            let names = subtypes(&schemas, &base);
            (base, names)
        })
        .filter(|(base, names)| names.iter().any(|name| name != base))
        .collect();
    // What each base declares, before it becomes a union.
    let own: BTreeMap<&String, Value> = found
        .iter()
        .map(|(base, _)| {
            let mut own = schemas[base].clone();
            own.as_object_mut().into_iter().for_each(|own| drop(own.remove(notes::TAG)));
            (base, own)
        })
        .collect();
    let below: BTreeMap<&String, &Vec<String>> =
        found.iter().map(|(base, names)| (base, names)).collect();
    let mut alone: BTreeMap<String, String> = BTreeMap::new();
    for (base, _) in &found {
        let published = schemas[base].clone();
        let mut names = Vec::new();
        let mut seen = BTreeSet::new();
        leaves(&below, base, &mut names, &mut seen);
        // There may be values that are nothing but a base: where its mapping names it, and where a type
        // that builds on another is a base itself. One branch alone would be no union.
        if (names.len() == 1 || between.contains(base)) && !names.contains(base) {
            names.push(base.clone());
        }
        let mut branches = Vec::new();
        let mut tag = published[notes::TAG].clone();
        for name in &names {
            if let Some(own) = own.get(name) {
                let alone = alone.entry(name.clone()).or_insert_with(|| {
                    let alone = shaped.take_name(&format!("{name}Base"));
                    let origin = shaped.origin(&format!("/components/schemas/{name}"));
                    shaped.origins.insert(alone.clone(), origin);
                    shaped.hoisted.insert(alone.clone(), name.clone());
                    schemas.insert(alone.clone(), own.clone());
                    alone
                });
                let mapping = tag.get_mut("mapping").and_then(Value::as_object_mut);
                for target in mapping.into_iter().flat_map(Map::values_mut) {
                    if target == name {
                        *target = alone.clone().into();
                    }
                }
                branches.push(reference_to(alone));
            } else {
                if refers_to(&schemas[name]) == Some(base) {
                    // It builds on the base and adds nothing.
                    schemas.insert(name.clone(), own[base].clone());
                }
                branches.push(reference_to(name));
            }
        }
        let mut union = json!({ "oneOf": branches, notes::TAG: tag });
        for key in ["description", "deprecated", "x-sensitive", notes::TITLE] {
            if let Some(value) = published.get(key) {
                union[key] = value.clone();
            }
        }
        schemas.insert(base.clone(), union);
    }
    *shaped.components("schemas") = schemas;
}

/// Lets what builds on a base, and is built on itself, be a base by the same member; gives these.
fn inherit(
    schemas: &mut Map<String, Value>,
    subtypes: &BTreeMap<String, Vec<String>>,
) -> BTreeSet<String> {
    let below: BTreeMap<&String, &Vec<String>> = subtypes.iter().collect();
    let mut between = BTreeSet::new();
    let has_tag = |(name, schema): (&String, &Value)| {
        let tag = schema.get(notes::TAG).filter(|_| schema.get("properties").is_some());
        tag.map(|tag| (name.clone(), tag.clone()))
    };
    let mut open: Vec<(String, Value)> = schemas.iter().filter_map(has_tag).collect();
    while let Some((base, tag)) = open.pop() {
        for name in subtypes.get(&base).into_iter().flatten() {
            let Some(schema) = schemas.get_mut(name).and_then(Value::as_object_mut) else {
                continue;
            };
            let told = schema.contains_key(notes::TAG) || !schema.contains_key("properties");
            if told || !subtypes.contains_key(name) {
                continue;
            }
            let mut names = vec![name.clone()];
            leaves(&below, name, &mut names, &mut BTreeSet::new());
            let mut tag = tag.clone();
            let mapping = tag.get_mut("mapping").and_then(Value::as_object_mut);
            mapping.into_iter().for_each(|mapping| {
                mapping.retain(|_, target| names.iter().any(|name| target == name));
            });
            schema.insert(notes::TAG.to_owned(), tag.clone());
            between.insert(name.clone());
            open.push((name.clone(), tag));
        }
    }
    between
}

/// The types that build on `base`, by way of others too; a base among them stands for itself alone.
fn leaves(
    below: &BTreeMap<&String, &Vec<String>>,
    base: &String,
    names: &mut Vec<String>,
    seen: &mut BTreeSet<String>,
) {
    if !seen.insert(base.clone()) {
        return;
    }
    for name in below.get(base).into_iter().flat_map(|names| names.iter()) {
        if !names.contains(name) {
            names.push(name.clone());
        }
        leaves(below, name, names, seen);
    }
}
