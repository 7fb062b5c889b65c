//! A base with a discriminator is the union of the types that build on it.
//!
//! `Pet` declares `kind` and what its values stand for; `Cat` and `Dog` are `allOf` `Pet` and more.
//! What is declared as a `Pet` comes as a `Cat` or a `Dog`, and a struct with the members of `Pet`
//! alone would lose the rest. Merging has put these members into `Cat` and `Dog` before.

use serde_json::{Map, Value, json};

use super::{
    notes,
    shaped::{Shaped, reference_to, refers_to},
};

/// Makes a union of each base that others build on.
pub(super) fn shape(shaped: &mut Shaped) {
    let mut schemas = std::mem::take(shaped.components("schemas"));
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
    let is_base = |name: &String| found.iter().any(|(base, _)| base == name);
    for (base, subtypes) in &found {
        let own = schemas[base].clone();
        let mut branches = Vec::new();
        let mut tag = own[notes::TAG].clone();
        for name in subtypes {
            if name == base {
                // Its own name in its mapping: there are values that are nothing but a base.
                let alone = shaped.take_name(&format!("{base}Base"));
                let origin = shaped.origin(&format!("/components/schemas/{base}"));
                shaped.origins.insert(alone.clone(), origin);
                shaped.hoisted.insert(alone.clone(), base.clone());
                let mut schema = own.clone();
                schema.as_object_mut().into_iter().for_each(|schema| {
                    schema.remove(notes::TAG);
                });
                schemas.insert(alone.clone(), schema);
                let mapping = tag.get_mut("mapping").and_then(Value::as_object_mut);
                for target in mapping.into_iter().flat_map(Map::values_mut) {
                    if target == base {
                        *target = alone.clone().into();
                    }
                }
                branches.push(reference_to(&alone));
            } else if !is_base(name) {
                if refers_to(&schemas[name]) == Some(base) {
                    // It builds on the base and adds nothing.
                    let mut schema = own.clone();
                    schema.as_object_mut().into_iter().for_each(|schema| {
                        schema.remove(notes::TAG);
                    });
                    schemas.insert(name.clone(), schema);
                }
                branches.push(reference_to(name));
            }
        }
        if branches.is_empty() {
            continue;
        }
        let mut union = json!({ "oneOf": branches, notes::TAG: tag });
        for key in ["description", "deprecated", "x-sensitive", notes::TITLE] {
            if let Some(value) = own.get(key) {
                union[key] = value.clone();
            }
        }
        schemas.insert(base.clone(), union);
    }
    *shaped.components("schemas") = schemas;
}
