//! Webhooks, which 3.0 has not: of a document that is lowered to be written, they are let go of before the rest
//! needs the room.

use serde_json::Value;

/// The key at the root of a document.
const KEY: &str = "webhooks";

/// Lets go of the webhooks, but for the key, unless something may refer to what is in them.
pub(super) fn let_go(document: &mut Value) {
    let Some(hooks) = document.get(KEY) else { return };
    if !is_named(hooks) && !refers_to_them(document) {
        document[KEY] = Value::Null;
    }
}

/// Whether something in `value` has a name of its own, by which a reference finds it from anywhere.
fn is_named(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(is_named),
        Value::Object(members) => members.iter().any(|(key, value)| {
            ["$id", "$anchor", "$dynamicAnchor"].contains(&key.as_str()) || is_named(value)
        }),
        _ => false,
    }
}

/// Whether a text in `value` may be a reference to webhooks; one that only looks like it does no harm.
fn refers_to_them(value: &Value) -> bool {
    match value {
        Value::String(text) => text.split_once('#').is_some_and(|(_, fragment)| {
            // A letter of it may be written by its number.
            let first = fragment.strip_prefix('/').unwrap_or(fragment);
            first.starts_with(KEY) || first.starts_with('%')
        }),
        Value::Array(items) => items.iter().any(refers_to_them),
        Value::Object(members) => members.values().any(refers_to_them),
        _ => false,
    }
}
