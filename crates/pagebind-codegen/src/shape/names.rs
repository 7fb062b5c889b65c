//! Schema components take the names of the types they become, each its own.

use std::collections::BTreeMap;

use pagebind::pointer;
use serde_json::{Map, Value};

use super::{
    sensitive::is_sensitive,
    shaped::{Shaped, reference_to, schema_reference},
};
use crate::naming;

/// Names that typify's output uses without a path; a type of that name would shadow them.
const PRELUDE: [&str; 11] =
    ["Box", "Default", "Err", "From", "None", "Ok", "Option", "Result", "Some", "String", "Vec"];

/// Types of libraries that typify uses for strings of certain formats.
const LIBRARY: [&str; 7] =
    ["DateTime", "IpAddr", "Ipv4Addr", "Ipv6Addr", "NaiveDate", "NaiveTime", "Uuid"];

/// Renames every schema component to its Rust name, wherever it is referred to.
pub(super) fn shape(shaped: &mut Shaped) {
    shaped.taken.extend(PRELUDE.map(str::to_owned));
    let published = std::mem::take(shaped.components("schemas"));
    // A name that already has the form of a type keeps it, whatever comes before it.
    let (kept, renamed): (Vec<_>, Vec<_>) =
        published.iter().partition(|(name, _)| naming::component_name(name) == **name);
    let mut names = BTreeMap::new();
    for (name, _) in kept.into_iter().chain(renamed) {
        let mut wanted = shaped.renamed(name);
        // Typify takes a string of this name and format for the library's type, which prints.
        if is_sensitive(&published[name]) && LIBRARY.contains(&wanted.as_str()) {
            wanted.push_str("Value");
        }
        let unique = shaped.take_name(&wanted);
        let place = pointer::join("/components/schemas", name);
        if unique != wanted {
            shaped.degrade(
                &place,
                format!("the type name `{wanted}` is taken; it becomes `{unique}`"),
            );
        }
        shaped.origins.insert(unique.clone(), place);
        names.insert(name.clone(), unique);
    }
    let schemas: Map<String, Value> =
        published.into_iter().map(|(name, schema)| (names[&name].clone(), schema)).collect();
    *shaped.components("schemas") = schemas;
    rename_references(&mut shaped.document, &names);
}

/// Rewrites every reference to a renamed schema. Examples, defaults and enums are data.
fn rename_references(value: &mut Value, names: &BTreeMap<String, String>) {
    if let Some(target) = schema_reference(value) {
        let target = pointer::tokens(&format!("/{target}")).next().unwrap_or_default();
        if let Some(name) = names.get(&target) {
            *value = reference_to(name);
        }
        return;
    }
    match value {
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                match key.as_str() {
                    "example" | "examples" | "default" | "enum" => {}
                    "discriminator" => rename_mapping(value, names),
                    // Here the keys are the publisher's: `default` is a response like any other.
                    "properties" | "responses" | "parameters" | "requestBodies"
                        if value.is_object() =>
                    {
                        value
                            .as_object_mut()
                            .into_iter()
                            .flat_map(Map::values_mut)
                            .for_each(|named| rename_references(named, names));
                    }
                    _ => rename_references(value, names),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename_references(item, names)),
        _ => {}
    }
}

/// Rewrites the targets of a discriminator's mapping, references or names, to the names of types.
fn rename_mapping(discriminator: &mut Value, names: &BTreeMap<String, String>) {
    let mapping = discriminator.get_mut("mapping").and_then(Value::as_object_mut);
    for target in mapping.into_iter().flat_map(Map::values_mut) {
        let Some(text) = target.as_str() else { continue };
        let name = text.strip_prefix("#/components/schemas/").unwrap_or(text);
        let name = pointer::tokens(&format!("/{name}")).next().unwrap_or_default();
        if let Some(renamed) = names.get(&name) {
            *target = renamed.clone().into();
        }
    }
}
