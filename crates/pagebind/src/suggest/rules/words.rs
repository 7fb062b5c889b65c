//! Words that contradict the schema beside them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Decisions, Found, Survey};
use crate::{page::Page, pointer};

/// The longest text, in characters, that a message quotes whole.
const QUOTED: usize = 80;

/// A description that names another limit than the schema.
pub(super) fn limits(survey: &Survey<'_>, _: &Decisions) -> Vec<Found> {
    let mut found = Vec::new();
    for site in &survey.sites {
        let (keyword, units): (_, &[&str]) = if site.is("string") {
            ("maxLength", &["char", "character", "characters", "chars"])
        } else if site.is("array") {
            ("maxItems", &["elements", "entries", "items"])
        } else {
            continue;
        };
        let Some(limit) = site.get(keyword).and_then(Value::as_u64) else { continue };
        if let Some(said) = said(site.words(), units).filter(|said| *said != limit) {
            let why = format!(
                "The description says {said} {} at most, and `{keyword}` is {limit}.",
                units[units.len() - 2]
            );
            found.push(Found::look(&site.pointer, why));
        }
    }
    found
}

/// The parts of documents that several pages say, by the words of each page.
type Said<'p> = BTreeMap<String, Vec<(&'p str, &'p Page)>>;

/// Components that two pages describe in different words.
pub(in super::super) fn differ(pages: &[Page]) -> Vec<Found> {
    let mut said = Said::new();
    for page in pages {
        let sections = page.document.get("components").and_then(Value::as_object);
        for (section, components) in sections.into_iter().flatten() {
            for (name, component) in components.as_object().into_iter().flatten() {
                let at = pointer::join(&format!("/components/{section}"), name);
                gather(component, &at, page, &mut said);
            }
        }
    }
    let mut found = Vec::new();
    for (at, words) in said {
        let Some((first, page)) = words.first() else { continue };
        let Some((other, another)) = words.iter().find(|(other, _)| folded(other) != folded(first))
        else {
            continue;
        };
        let why = format!(
            "{} says {}, and {} says {}.",
            page.place(&at),
            quoted(first),
            another.place(&at),
            quoted(other)
        );
        found.push(Found::look(at.trim_end_matches("/description"), why));
    }
    found
}

/// Collects each description in `value`.
fn gather<'p>(value: &'p Value, at: &str, page: &'p Page, said: &mut Said<'p>) {
    let Some(map) = value.as_object() else { return };
    if let Some(Value::String(words)) = map.get("description") {
        said.entry(format!("{at}/description")).or_default().push((words, page));
    }
    for (name, property) in map.get("properties").and_then(Value::as_object).into_iter().flatten() {
        gather(property, &pointer::join(&format!("{at}/properties"), name), page, said);
    }
    for key in ["items", "schema"] {
        if let Some(value) = map.get(key) {
            gather(value, &format!("{at}/{key}"), page, said);
        }
    }
}

/// Words with white space folded: pages are stored both with their line breaks and without.
fn folded(words: &str) -> Vec<&str> {
    words.split_whitespace().collect()
}

/// Words as a message quotes them, cut where they get long.
fn quoted(words: &str) -> String {
    let words = folded(words).join(" ");
    match words.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("\u{201c}{}…\u{201d}", &words[..end]),
        None => format!("\u{201c}{words}\u{201d}"),
    }
}

/// The one upper limit that a text names in `units`.
fn said(text: &str, units: &[&str]) -> Option<u64> {
    const MOST: [&str; 8] = [
        "at most",
        "limit of",
        "max",
        "maximum",
        "maximum of",
        "no more than",
        "not exceed",
        "up to",
    ];
    let text = text.to_lowercase().replace(['-', '(', ')', ',', ':', '='], " ");
    let words: Vec<&str> = text.split_whitespace().map(|word| word.trim_end_matches('.')).collect();
    let mut limits = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let Ok(number) = word.parse::<u64>() else { continue };
        if !words.get(index + 1).is_some_and(|unit| units.contains(unit)) {
            continue;
        }
        let before = words[index.saturating_sub(3)..index].join(" ");
        let behind = words.get(index + 2).copied().unwrap_or_default();
        let is_most = MOST.iter().any(|most| before.ends_with(most));
        if is_most || ["max", "maximum"].contains(&behind) {
            limits.push(number);
        }
    }
    limits.dedup();
    // Two of them are two cases, and which is meant can't be told.
    <[u64; 1]>::try_from(limits).ok().map(|[limit]| limit)
}
