//! Text from a published page, made harmless, short, or both.

use serde_json::Value;

/// `1 operation`, `2 operations`.
pub(super) fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

/// `text` without control characters, which would move the cursor or colour a terminal; bidirectional
/// overrides, which would show it in another order, go too.
pub(super) fn harmless(text: &str) -> String {
    let mut harmless = String::with_capacity(text.len());
    for character in text.chars() {
        let reorders = matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if character.is_control() || reorders {
            harmless.extend(character.escape_default());
        } else {
            harmless.push(character);
        }
    }
    harmless
}

/// How an old and a new value read side by side, each on one line and no longer than about
/// `length` characters: cut around what differs first, and nothing where the message says it.
pub(super) fn sides(
    message: &str,
    (old, new): (&Option<Value>, &Option<Value>),
    length: usize,
) -> Option<String> {
    // What is there or not is said by the message in any case.
    let worded =
        |value: &Option<Value>| value.as_ref().filter(|value| !value.is_boolean()).map(line);
    let (old, new) = (worded(old), worded(new));
    let said = |text: &Option<String>| text.as_ref().is_none_or(|text| message.contains(text));
    if said(&old) && said(&new) {
        return None;
    }
    Some(match (old, new) {
        (Some(old), Some(new)) => {
            let (old, new) = around_difference(&old, &new, length);
            format!("{old} → {new}")
        }
        (Some(old), None) => format!("was {}", shortened(&old, length)),
        (None, Some(new)) => format!("now {}", shortened(&new, length)),
        (None, None) => return None,
    })
}

/// Two texts, each cut around the first place at which they differ.
pub(super) fn around_difference(old: &str, new: &str, length: usize) -> (String, String) {
    if old.chars().count() <= length && new.chars().count() <= length {
        return (old.to_owned(), new.to_owned());
    }
    let same = old.chars().zip(new.chars()).take_while(|(a, b)| a == b).count();
    // Some of what is the same, so that a reader finds the place.
    let start = same.saturating_sub(length / 3);
    let cut = |text: &str| {
        let from = if start == 0 { "" } else { "…" };
        let rest: String = text.chars().skip(start).collect();
        format!("{from}{}", shortened(&rest, length))
    };
    (cut(old), cut(new))
}

/// A value on one line.
fn line(value: &Value) -> String {
    match value {
        Value::String(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

pub(super) fn shortened(text: &str, length: usize) -> String {
    match text.char_indices().nth(length) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Text for XML content and attributes; what XML 1.0 has no characters for is written out.
pub(super) fn xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in harmless(text).chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_long_texts_are_cut_around_what_differs_first() {
        let (old, new) = (
            format!("{}one{}", "a".repeat(500), "b".repeat(500)),
            format!("{}two{}", "a".repeat(500), "b".repeat(500)),
        );
        let (old, new) = around_difference(&old, &new, 30);
        assert_eq!(old, format!("…{}one{}…", "a".repeat(10), "b".repeat(17)));
        assert_eq!(new, format!("…{}two{}…", "a".repeat(10), "b".repeat(17)));
        assert_eq!(around_difference("short", "long", 30), ("short".into(), "long".into()));
        let (old, new) = around_difference(&"é".repeat(50), &"é".repeat(51), 10);
        assert_eq!((old.chars().count(), new.chars().count()), (4, 5));
    }

    #[test]
    fn values_that_the_message_has_are_not_said_again() {
        let value = |text: &str| Some(Value::from(text));
        assert_eq!(sides("changed from a to b", (&value("a"), &value("b")), 9), None);
        assert_eq!(
            sides("the summary changed", (&value("a"), &value("b")), 9).as_deref(),
            Some("a → b")
        );
        assert_eq!(sides("is gone", (&value("a"), &None), 9).as_deref(), Some("was a"));
        assert_eq!(sides("is gone", (&None, &None), 9), None);
    }
}
