//! How much a document may ask of whoever reads it.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Place};

/// How deep objects and arrays may nest in either format.
pub(super) const MAX_DEPTH: usize = 512;

/// How large a text may be, in bytes. Read, what is published takes some five times as much (GitHub's 13 MB: 65 MB).
pub const MAX_BYTES: usize = 64 << 20;

/// How many values a text may hold, in all of its objects and arrays. Each takes some hundred bytes once
/// it is read, however short it is written: as many numbers of one digit, 8 MB of text, take 330 MB, and as
/// members of small objects, 21 MB, 560 MB. Whoever makes another document of them takes that twice or thrice.
/// GitHub's document has 270,000.
pub(super) const MAX_VALUES: usize = 4 << 20;

/// Refuses a text that is too large to be read.
pub(crate) fn check_size(name: &str, text: &str) -> Result<(), Diagnostic> {
    if text.len() <= MAX_BYTES {
        return Ok(());
    }
    let message = format!("the text is {} MiB long, more than 64 MiB", text.len() >> 20);
    Err(Diagnostic::unreadable(message)
        .place(Place::new(name))
        .help("check that this is what was meant, or split it into several pages"))
}

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
