//! Reading a document from JSON or YAML text, strictly, and finding places in it again.
//!
//! Strictly means that nothing is guessed and nothing is lost on the way in: a key that stands
//! twice and anything after the document are errors with their line and column, and numbers stay as
//! they are written. What begins with `{` or `[` is read as JSON (RFC 8259), everything else as
//! YAML 1.2 in its core schema. A byte order mark at the start is skipped.

pub(crate) mod json;
pub(crate) mod key_kind;
pub(crate) mod limits;
pub(crate) mod yaml;

pub use key_kind::KeyKind;
use serde_json::Value;

pub use self::limits::MAX_BYTES;
use crate::diagnostic::{Diagnostic, Position};

/// The keys of a Path Item Object that hold an operation, in the order of the specification
/// (OpenAPI 3.1.1, section 4.8.9).
pub const METHODS: [&str; 8] =
    ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Up to how many keys of an object are compared one by one with the next, which is faster than by hashes.
const FEW: usize = 16;

/// Parses a whole text as one JSON or YAML document; `name` is what diagnostics call it.
///
/// # Errors
/// Text that is neither, larger than 64 MiB or of more than four million values, a duplicate key, nesting deeper than 512 levels, or
/// anything after the document, with line and column.
pub fn parse(name: &str, text: &str) -> Result<Value, Diagnostic> {
    parse_telling(name, text).map(|(value, _)| value)
}

/// The same, and where merge keys stand in it.
pub(crate) fn parse_telling(name: &str, text: &str) -> Result<(Value, Vec<Position>), Diagnostic> {
    limits::check_size(name, text)?;
    let start = start(text);
    if is_json(&text[start..]) {
        Ok((json::parse(name, text, start)?, Vec::new()))
    } else {
        yaml::parse_span(name, text, 0..text.len())
    }
}

/// Where in `text` (JSON or YAML) the value at `pointer` begins, if it is there.
#[must_use]
pub fn locate(text: &str, pointer: &str) -> Option<Position> {
    locate_all(text, &[pointer]).pop().flatten()
}

/// Where in `text` the values at `pointers` begin; it is read once for all of them.
#[must_use]
pub fn locate_all(text: &str, pointers: &[&str]) -> Vec<Option<Position>> {
    let start = start(text);
    if is_json(&text[start..]) {
        json::locate(text, start..text.len(), pointers)
    } else {
        yaml::locate(text, 0..text.len(), pointers)
    }
}

/// `name` with an underscore for every character that no component's name may have (`^[a-zA-Z0-9._-]+$`,
/// OpenAPI 3.0.3 and 3.1.1, Components Object).
pub(crate) fn component_name(name: &str) -> String {
    name.replace(|c: char| !(c.is_ascii_alphanumeric() || "._-".contains(c)), "_")
}

/// Where the document begins: behind a byte order mark and white space.
pub(crate) fn start(text: &str) -> usize {
    let content = text.trim_start_matches(|c: char| c == '\u{feff}' || c.is_whitespace());
    text.len() - content.len()
}

/// Whether a text is JSON rather than YAML, by the first character of its content.
pub(crate) fn is_json(content: &str) -> bool {
    content.starts_with(['{', '['])
}

#[cfg(test)]
mod tests;
