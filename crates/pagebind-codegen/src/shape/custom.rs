//! What the settings ask of single types: another name, a type of the caller's in their place, and members
//! that are kept without being named.

use serde_json::{Map, Value, json};

use super::shaped::Shaped;
use crate::{naming, settings::TypeSettings};

/// The settings with the names in Rust that types come to.
pub(super) fn settled(mut types: TypeSettings) -> TypeSettings {
    types.patch = types
        .patch
        .into_iter()
        .map(|(name, patch)| (naming::component_name(&name), patch))
        .collect();
    let settle = |name: &String| {
        let name = naming::component_name(name);
        types.patch.get(&name).and_then(|patch| patch.rename.clone()).unwrap_or(name)
    };
    let replace = types.replace.iter().map(|(name, by)| (settle(name), by.clone())).collect();
    let keep_unknown = types.keep_unknown.iter().map(settle).collect();
    (types.replace, types.keep_unknown) = (replace, keep_unknown);
    types
}

/// Leaves of a replaced type what others have to know of it, and opens those that keep what they don't name.
pub(super) fn shape(shaped: &mut Shaped) {
    let types = std::mem::take(&mut shaped.plan.types);
    let schemas = shaped.components("schemas");
    for name in types.replace.keys() {
        if let Some(schema) = schemas.get_mut(name).and_then(Value::as_object_mut) {
            schema.retain(|key, _| key == "type" || key == "description");
        }
    }
    for name in &types.keep_unknown {
        let schema: Option<&mut Map<String, Value>> =
            schemas.get_mut(name).and_then(Value::as_object_mut);
        if let Some(schema) = schema.filter(|schema| schema.contains_key("properties"))
            && !schema.get("additionalProperties").is_some_and(Value::is_object)
        {
            schema.insert("additionalProperties".to_owned(), json!({}));
        }
    }
    shaped.plan.types = types;
}
