//! A union that is a branch of itself, by way of other unions, has the branches of all of them.
//!
//! `This` is `That` or text, and `That` is `This` or a number: both are text or a number. What leads back
//! describes no value, and reading would never come to an end.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::shaped::{COMPOSITIONS, members, refers_to};

/// Flattens the unions that lead back to themselves.
pub(super) fn shape(schemas: &mut Map<String, Value>) {
    // The union that a branch is, by way of references alone.
    let union = |branch: &Value| -> Option<String> {
        let mut name = refers_to(branch)?;
        for _ in 0..schemas.len() {
            let schema = schemas.get(name)?;
            match refers_to(schema) {
                Some(target) => name = target,
                None => return (!branches(schema).is_empty()).then(|| name.to_owned()),
            }
        }
        None
    };
    let within: BTreeMap<&String, Vec<String>> = schemas
        .iter()
        .map(|(name, schema)| (name, branches(schema).iter().filter_map(union).collect()))
        .collect();
    let reached = |from: &String| {
        let (mut reached, mut open) = (BTreeSet::new(), vec![from]);
        while let Some(name) = open.pop() {
            let new = within[name].iter().filter(|name| reached.insert((*name).clone()));
            open.extend(new.collect::<Vec<_>>());
        }
        reached
    };
    let all: BTreeMap<&String, BTreeSet<String>> =
        within.keys().map(|name| (*name, reached(name))).collect();
    let mut flat = Vec::new();
    for (name, _) in all.iter().filter(|(name, reached)| reached.contains(**name)) {
        let (mut kept, mut seen) = (Vec::new(), BTreeSet::from([(*name).clone()]));
        let mut open: Vec<Value> = branches(&schemas[*name]).into_iter().rev().collect();
        while let Some(branch) = open.pop() {
            match union(&branch).filter(|inner| all[inner].contains(*name)) {
                Some(inner) if seen.insert(inner.clone()) => {
                    open.extend(branches(&schemas[&inner]).into_iter().rev());
                }
                Some(_) => {}
                None => kept.push(branch),
            }
        }
        flat.push(((*name).clone(), kept));
    }
    for (name, kept) in flat {
        if let Some(schema) = schemas.get_mut(&name).and_then(Value::as_object_mut) {
            schema.remove("anyOf");
            schema.insert("oneOf".to_owned(), kept.into());
        }
    }
}

/// The branches of a schema that is a union and nothing else.
fn branches(schema: &Value) -> Vec<Value> {
    let mut compositions = COMPOSITIONS.into_iter().filter(|one| schema.get(one).is_some());
    match (compositions.next(), compositions.next()) {
        (Some(keyword @ ("oneOf" | "anyOf")), None) if schema.get("properties").is_none() => {
            members(schema, keyword).cloned().collect()
        }
        _ => Vec::new(),
    }
}
