//! Formats that are none, or those of another type.

use serde_json::Value;

use super::{super::survey::Site, Decisions, Found, Survey};

/// Formats of strings alone (OpenAPI Format Registry; JSON Schema 2020-12 Validation, section 7.3).
const OF_STRINGS: [&str; 16] = [
    "binary",
    "byte",
    "date",
    "date-time",
    "email",
    "hostname",
    "ipv4",
    "ipv6",
    "idn-email",
    "password",
    "regex",
    "time",
    "uri",
    "uri-reference",
    "url",
    "uuid",
];

/// Formats of numbers alone; `int64` and `decimal` may be written as strings.
const OF_NUMBERS: [&str; 3] = ["double", "float", "int32"];

fn format<'s>(site: &'s Site<'_>) -> Option<&'s str> {
    site.get("format").and_then(Value::as_str)
}

fn without_punctuation(format: &str) -> &str {
    format.trim_end_matches([',', ';', ':', '.', ' '])
}

/// A format that ends in punctuation.
pub(super) fn punctuation(survey: &Survey<'_>, _: &Decisions) -> Vec<Found> {
    let mut found = Vec::new();
    for site in &survey.sites {
        let Some(format) = format(site) else { continue };
        let name = without_punctuation(format);
        if name.len() < format.len() && !name.is_empty() {
            let why = "The format ends in punctuation, which is no part of its name.";
            found.push(Found::update(
                format!("{}/format", site.pointer),
                format.into(),
                name.into(),
                why,
            ));
        }
    }
    found
}

/// A format that the type beside it can't have.
pub(super) fn another_type(survey: &Survey<'_>, _: &Decisions) -> Vec<Found> {
    let mut found = Vec::new();
    for site in &survey.sites {
        let Some(format) = format(site) else { continue };
        let Some(kind) = ["array", "boolean", "integer", "number", "object", "string"]
            .into_iter()
            .find(|kind| site.is(kind))
        else {
            continue;
        };
        let is_wrong = match kind {
            "string" => OF_NUMBERS.contains(&format) && !shows_text(site),
            "integer" | "number" => OF_STRINGS.contains(&format),
            _ => OF_STRINGS.contains(&format) || OF_NUMBERS.contains(&format) || format == "int64",
        };
        if is_wrong {
            let article = if kind.starts_with(['a', 'i', 'o']) { "An" } else { "A" };
            let why = format!("{article} {kind} can't have the format `{format}`.");
            found.push(Found::remove(format!("{}/format", site.pointer), format.into(), why));
        }
    }
    found
}

/// Whether a string is shown as one that holds a number: then its format tells which.
fn shows_text(site: &Site<'_>) -> bool {
    site.examples().any(|example| example.as_str().is_some_and(|text| text.parse::<f64>().is_ok()))
}
