//! How much a document may ask of whoever reads it.

use serde_json::Value;

/// How deep objects and arrays may nest in either format; serde_json's own limit.
pub(super) const MAX_DEPTH: usize = 128;

/// How much may be copied to write out what a document says once and means in many places, in bytes:
/// text, and [`NODE_COST`] for each node.
pub(crate) const MAX_COPIED: usize = 64 << 20;

/// What a node costs beside its text; about the size of one in memory.
pub(crate) const NODE_COST: usize = 64;

/// What a copy of `value` costs, in bytes.
pub(crate) fn cost(value: &Value) -> usize {
    NODE_COST
        + match value {
            Value::String(text) => text.len(),
            Value::Array(items) => items.iter().map(cost).sum(),
            Value::Object(members) => {
                members.iter().map(|(key, value)| key.len() + cost(value)).sum()
            }
            _ => 0,
        }
}
