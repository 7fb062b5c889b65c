//! What steps of shaping tell later ones inside the document, where it moves with its schema.
//!
//! Each is a key of ours in a schema. None reaches progenitor: [`strip`] takes them out at the end.

use serde_json::{Map, Value};

/// What the keys begin with.
pub(super) const PREFIX: &str = "x-pagebind-";

/// The published title: it names what has no name.
pub(super) const TITLE: &str = "x-pagebind-title";

/// The published discriminator, with the Rust names of components in its mapping.
pub(super) const TAG: &str = "x-pagebind-tag";

/// Limits that are checked where a value is set, by their keywords; `values` lists all there are.
pub(super) const BOUNDS: &str = "x-pagebind-bounds";

/// Notes `value` under `key`.
pub(super) fn note(schema: &mut Map<String, Value>, key: &str, value: impl Into<Value>) {
    schema.insert(key.to_owned(), value.into());
}

/// Takes all notes out of a document, a publisher's own keys of these names among them.
pub(super) fn strip(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.retain(|key, _| !key.starts_with(PREFIX));
            map.values_mut().for_each(strip);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}
