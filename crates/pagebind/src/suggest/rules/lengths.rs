//! The limits of strings on what is no string.

use std::cmp::Reverse;

use serde_json::{Map, Value, json};

use super::{super::survey::Site, Decisions, Found, Survey};

const LENGTHS: [(&str, &str, &str); 2] =
    [("minLength", "minItems", "minimum"), ("maxLength", "maxItems", "maximum")];

/// On an array, they were meant for its items.
pub(super) fn of_arrays(survey: &Survey<'_>, _: &Decisions) -> Vec<Found> {
    let mut found = Vec::new();
    for site in survey.sites.iter().filter(|site| site.is("array")) {
        let mut update = Map::new();
        for (length, items, _) in LENGTHS {
            let Some(limit) = site.get(length) else { continue };
            let says = if site.schema.contains_key(items) {
                format!(
                    "`{length}` means nothing on an array; `{items}` says what it was meant to say."
                )
            } else {
                update.insert(items.to_owned(), limit.clone());
                format!(
                    "`{length}` means nothing on an array; `{items}`, below, says what it was meant to say."
                )
            };
            found.push(Found::remove(format!("{}/{length}", site.pointer), limit.clone(), says));
        }
        if !update.is_empty() {
            let why = "How many entries there may be, in the keywords that limit an array.";
            let expect = json!({ "type": site.get("type") });
            found.push(Found::update(&site.pointer, expect, update.into(), why));
        }
    }
    // Changes of one kind stand together: first what goes, then what takes its place.
    found.sort_by_key(|one| Reverse(one.why.clone()));
    found
}

/// On a number, they are its bounds only where the publisher's words say so.
pub(super) fn of_numbers(survey: &Survey<'_>, _: &Decisions) -> Vec<Found> {
    let mut found = Vec::new();
    for site in survey.sites.iter().filter(|site| site.is("integer") || site.is("number")) {
        for (length, _, bound) in LENGTHS {
            let Some(limit) = site.get(length) else { continue };
            let is_bound = !site.schema.contains_key(bound) && bears_out(site, length, limit);
            let says = if is_bound {
                format!(
                    "`{length}` means nothing on a number; its description says that this is its {bound}."
                )
            } else {
                format!("`{length}` means nothing on a number.")
            };
            found.push(Found::remove(format!("{}/{length}", site.pointer), limit.clone(), says));
            if is_bound {
                let why = format!("The {bound} that the description names, in the keyword for it.");
                let expect = json!({ "type": site.get("type") });
                found.push(Found::update(&site.pointer, expect, json!({ bound: limit }), why));
            }
        }
    }
    found
}

/// Whether the words of a number name `limit` as a value, and its examples keep to it.
fn bears_out(site: &Site<'_>, length: &str, limit: &Value) -> bool {
    let Some(bound) = limit.as_f64() else { return false };
    let words = site.words().to_lowercase();
    let number = limit.to_string();
    let is_named = if length == "minLength" {
        ["minimum", "at least", "from", "between"].iter().any(|word| words.contains(word))
    } else {
        ["maximum", "at most", "up to", "no more than", "between", "max "]
            .iter()
            .any(|word| words.contains(word))
    };
    let is_length =
        ["digit", "character", "length", "long"].iter().any(|word| words.contains(word));
    let mut numbers = words.split(|c: char| !c.is_ascii_digit() && c != '.');
    let says_number = numbers.any(|said| said.trim_end_matches('.') == number);
    let fits =
        |example: f64| if length == "minLength" { example >= bound } else { example <= bound };
    is_named && says_number && !is_length && site.examples().filter_map(Value::as_f64).all(fits)
}
