//! What changed, for the users of a client: one line for each thing that they have to do or may do.
//!
//! Changes of words alone ask nothing of anybody, and implementations of traits are for a compiler
//! to tell: neither has a line. A field that a finding speaks of already has none of its own.

use crate::{
    finding::{Change, Finding, Severity},
    report::Report,
    rust_api::{RustApi, wholes},
};

/// One line for each change that touches a caller, the most severe first, then one for each public
/// item that is gone or another one. A line has no line break and no control character.
#[must_use]
pub fn lines(findings: &[Finding], rust_api: Option<&RustApi>) -> Vec<String> {
    let groups = Report::new("", findings).groups();
    let mut changes: Vec<_> = groups
        .iter()
        .flat_map(|group| group.changes.iter().map(move |seen| (group, seen.change)))
        .filter(|(_, change)| !change.prose && !change.untold)
        .collect();
    changes.sort_by_key(|(_, change)| std::cmp::Reverse(change.severity));
    let mut lines: Vec<String> = changes
        .into_iter()
        .map(|(group, change)| {
            let breaking = if change.severity == Severity::Breaking { "breaking: " } else { "" };
            let operations = match group.operations.as_slice() {
                [] => String::new(),
                [one] => format!("{one}: "),
                several => format!("{} operations: ", several.len()),
            };
            let advice = advice(change).map(|advice| format!("; {advice}")).unwrap_or_default();
            format!("{breaking}{operations}{}{advice}", plain(&change.message))
        })
        .collect();
    let told = |path: &&String| !path.contains(": ") && !path.contains("builder::");
    if let Some(api) = rust_api {
        let removed = wholes(&api.removed).filter(told);
        lines.extend(removed.map(|path| format!("breaking: replace `{path}`, which is gone")));
        let changed = api.changed.iter().filter(|item| told(&&item.path));
        lines.extend(changed.map(|item| {
            let (path, old, new) = (&item.path, &item.old, &item.new);
            match new.strip_prefix(old.as_str()) {
                Some(more) if more.starts_with(" with ") => {
                    format!("breaking: `{path}` comes{more}")
                }
                _ => format!("breaking: `{path}` is `{new}` now, and was `{old}`"),
            }
        }));
        let added: Vec<_> =
            wholes(&api.added).filter(told).map(|path| format!("`{path}`")).collect();
        if !added.is_empty() && lines.is_empty() {
            lines.push(format!("new: {}", added.join(", ")));
        }
    }
    lines
}

/// What a caller has to do about a change, by the rule that found it: how its id begins and ends.
fn advice(change: &Change) -> Option<&'static str> {
    const ADVICE: &[(&str, &str, &str)] = &[
        ("new-required-request-", "", "set it in each request"),
        ("new-request-path-parameter", "", "set it in each request"),
        ("request-body-added-required", "", "send one"),
        ("request-", "-became-required", "set it in each request"),
        ("request-", "-removed-with-deprecation", "stop sending it"),
        ("request-property-removed", "", "stop sending it"),
        ("request-parameter-removed", "", "stop sending it"),
        ("request-body-removed", "", "stop sending one"),
        ("request-", "-enum-value-removed", "stop sending that value"),
        ("request-", "-type-changed", "send what is taken now"),
        ("request-", "-became-not-nullable", "stop sending null"),
        ("request-", "-pattern-added", "send only what it takes"),
        ("request-", "-decreased", "keep within it"),
        ("request-", "-increased", "keep within it"),
        ("new-optional-request-", "", "it may be set"),
        ("response-", "-property-removed", "do without it"),
        ("response-", "-property-added", "it may be read"),
        ("response-", "-became-optional", "be ready to find nothing"),
        ("response-", "-became-nullable", "be ready to find null"),
        ("response-", "-enum-value-added", "be ready for that value"),
        ("response-", "-type-changed", "read what comes now"),
        ("response-success-status-", "added", "be ready for it"),
        ("response-success-status-", "removed", "don't wait for it"),
        ("response-non-success-status-", "added", "it decodes as a type of its own"),
        ("response-status-left-range", "", "it decodes as a type of its own"),
        ("api-path-removed", "", "stop calling it"),
        ("api-removed", "", "stop calling it"),
        ("endpoint-deprecated", "", "plan for the time after"),
        ("endpoint-added", "", "it may be called"),
        ("api-security-added", "", "authorise calls so"),
        ("api-global-security-added", "", "authorise calls so"),
        ("api-server-removed", "", "call another one"),
    ];
    let fits = |(start, end, _): &&(&str, &str, &str)| {
        change.id.starts_with(start) && change.id.ends_with(end)
    };
    // What breaks nobody in the one direction asks nothing, whatever it is called.
    let worth = |id: &str| change.severity > Severity::Info || !id.starts_with("request-");
    ADVICE.iter().find(fits).map(|(.., advice)| *advice).filter(|_| worth(&change.id))
}

/// A published text on one line, harmless to a terminal.
fn plain(text: &str) -> String {
    let words = text.split(|character: char| character.is_whitespace() || character.is_control());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{compare, rust_api::Listing};

    #[test]
    fn a_line_says_what_a_caller_has_to_do_and_words_and_traits_have_none() {
        let document = |summary: &str, required: serde_json::Value, kinds: serde_json::Value| {
            json!({"openapi": "3.1.0", "paths": {"/a": {"post": {
                "summary": summary,
                "requestBody": {"content": {"application/json": {"schema": {"type": "object", "required": required, "properties": {"a": {"type": "string"}}}}}},
                "responses": {"200": {"content": {"application/json": {"schema": {"type": "string", "enum": kinds}}}}},
            }}}})
        };
        let old = document("a", json!([]), json!(["x"]));
        let new = document("b", json!(["a"]), json!(["x", "y"]));
        let listing = |items: &[&str]| -> Listing {
            items.iter().map(|path| ((*path).to_owned(), "struct".to_owned())).collect()
        };
        let api = RustApi::compare(
            &listing(&["types::A", "types::A: Clone", "types::builder::A::a"]),
            &listing(&["types::B"]),
        );
        assert_eq!(
            lines(&compare(&old, &new), Some(&api)),
            [
                "breaking: POST /a: request property `a`: is now required; set it in each request",
                "POST /a: response body: the value \"y\" was added; be ready for that value",
                "breaking: replace `types::A`, which is gone",
            ]
        );
    }

    #[test]
    fn a_published_text_stays_on_its_line() {
        assert_eq!(plain("a\n- b\u{1b}[31m  c"), "a - b [31m c");
    }
}
