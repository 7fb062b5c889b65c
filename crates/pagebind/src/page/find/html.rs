//! HTML pages that hold their document: what shows it has it as JSON in a script, and nothing else on the page
//! is written so.

use super::Found;
use crate::{
    diagnostic::Diagnostic,
    document::{self, json},
};

/// Whether a text is HTML, by how it begins: with a tag rather than a link.
pub(super) fn is_html(text: &str) -> bool {
    let text = &text[document::start(text)..];
    text.starts_with('<') && !text.starts_with("<http")
}

/// Whether a document stands in a text.
pub(super) fn holds_document(text: &str) -> bool {
    starts(text).next().is_some()
}

/// The documents in a text.
pub(super) fn documents(name: &str, text: &str) -> Result<Vec<Found>, Diagnostic> {
    let mut found: Vec<Found> = Vec::new();
    for start in starts(text) {
        // What stands in a document is its text.
        if found.last().is_some_and(|last| start < last.span.end) {
            continue;
        }
        let (document, end) = json::parse_prefix(name, text, start)?;
        found.push(Found { document, span: start..end, is_json: true, merge_keys: Vec::new() });
    }
    Ok(found)
}

/// Where objects begin whose first key says the version of a document.
fn starts(text: &str) -> impl Iterator<Item = usize> {
    let keys = ["\"openapi\"", "\"swagger\""];
    text.match_indices('{').map(|(at, _)| at).filter(move |at| {
        let inside = text[at + 1..].trim_start();
        let rest = keys.iter().find_map(|key| inside.strip_prefix(key));
        let value = rest.and_then(|rest| rest.trim_start().strip_prefix(':'));
        value.is_some_and(|value| value.trim_start().starts_with('"'))
    })
}
