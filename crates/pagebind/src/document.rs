//! Reading a document from JSON or YAML text, strictly, and finding places in it again.
//!
//! Strictly means that nothing is guessed and nothing is lost on the way in: a key that stands
//! twice, a number that 64 bits can't hold and anything after the document are errors with their
//! line and column. What begins with `{` or `[` is read as JSON (RFC 8259), everything else as
//! YAML 1.2 in its core schema. A byte order mark at the start is skipped.

pub(crate) mod json;
pub(crate) mod key_kind;
pub(crate) mod limits;
mod number;
pub(crate) mod yaml;

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Position};

/// The keys of a Path Item Object that hold an operation, in the order of the specification
/// (OpenAPI 3.1.1, section 4.8.9).
pub const METHODS: [&str; 8] =
    ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Parses a whole text as one JSON or YAML document; `name` is what diagnostics call it.
///
/// # Errors
/// Text that is neither, a duplicate key, a number that would not come out as it went in, nesting
/// deeper than 128 levels, or anything after the document, with line and column.
pub fn parse(name: &str, text: &str) -> Result<Value, Diagnostic> {
    let start = start(text);
    if is_json(&text[start..]) { json::parse(name, text, start) } else { yaml::parse(name, text) }
}

/// Where in `text` (JSON or YAML) the value at `pointer` begins, if it is there.
#[must_use]
pub fn locate(text: &str, pointer: &str) -> Option<Position> {
    let start = start(text);
    if is_json(&text[start..]) {
        json::locate(text, start..text.len(), &[pointer]).pop().flatten()
    } else {
        yaml::locate(text, pointer)
    }
}

/// Where the document begins: behind a byte order mark and white space.
pub(crate) fn start(text: &str) -> usize {
    let content = text.trim_start_matches(|c: char| c == '\u{feff}' || c.is_whitespace());
    text.len() - content.len()
}

/// Whether a text is JSON rather than YAML, by the first character of its content.
fn is_json(content: &str) -> bool {
    content.starts_with(['{', '['])
}

#[cfg(test)]
mod tests;
