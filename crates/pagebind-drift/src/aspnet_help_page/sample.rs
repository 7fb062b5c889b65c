//! The samples of a help page: which fields there are, and what is said in their values.

use indexmap::IndexMap;
use serde_json::Value;

/// A sample, flattened to the paths of its fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sample {
    /// Paths such as `Request.Updates.Card.CVV`, with the text of the value.
    pub(super) fields: IndexMap<String, String>,
    /// Whether the order of the fields binds a caller: it does in XML.
    pub(super) in_order: bool,
    /// The root element in XML, with its namespace.
    pub(super) root: String,
}

impl Sample {
    /// Reads a JSON or XML sample; one in another form, or none at all, is `None`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.starts_with('<') {
            return Self::of_xml(text);
        }
        // What follows the sample on the page is no part of it.
        let value = serde_json::Deserializer::from_str(text).into_iter().next()?.ok()?;
        let mut sample = Self::default();
        if matches!(value, Value::Object(_) | Value::Array(_)) {
            sample.of_json("", &value);
            return Some(sample);
        }
        None
    }

    fn of_json(&mut self, path: &str, value: &Value) {
        let dot = if path.is_empty() { "" } else { "." };
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    self.of_json(&format!("{path}{dot}{name}"), value);
                }
            }
            Value::Array(elements) => {
                for value in elements.iter().take(1) {
                    self.of_json(&format!("{path}[]"), value);
                }
            }
            Value::String(text) => {
                self.fields.insert(path.to_owned(), text.clone());
            }
            scalar => {
                self.fields.insert(path.to_owned(), scalar.to_string());
            }
        }
    }

    fn of_xml(text: &str) -> Option<Self> {
        // What follows the root element on the page is no part of the sample.
        let end = text.rfind('>')? + 1;
        let document = roxmltree::Document::parse(&text[..end]).ok()?;
        let root = document.root_element();
        let mut sample = Self {
            in_order: true,
            root: match root.tag_name().namespace() {
                Some(namespace) => format!("{} ({namespace})", root.tag_name().name()),
                None => root.tag_name().name().to_owned(),
            },
            ..Self::default()
        };
        for node in root.descendants().filter(|node| node.is_element() && *node != root) {
            let mut names: Vec<_> = node
                .ancestors()
                .take_while(|ancestor| *ancestor != root)
                .map(|ancestor| ancestor.tag_name().name())
                .collect();
            names.reverse();
            let value = node.text().unwrap_or_default().trim().to_owned();
            sample.fields.insert(names.join("."), value);
        }
        Some(sample)
    }
}

/// `text` with every `2025-04-19 08:29:17` (or with a `T` between) taken out.
pub(super) fn without_timestamps(text: &str) -> String {
    const FORM: &[u8] = b"0000-00-00 00:00:00";
    let is_one = |at: &[u8]| {
        at.len() >= FORM.len()
            && at.iter().zip(FORM).all(|(byte, form)| match form {
                b'0' => byte.is_ascii_digit(),
                b' ' => matches!(byte, b' ' | b'T'),
                form => byte == form,
            })
    };
    let mut without = String::new();
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        if is_one(rest.as_bytes()) {
            rest = &rest[FORM.len()..];
        } else {
            without.push(character);
            rest = &rest[character.len_utf8()..];
        }
    }
    without
}

/// What a sample's value says of the field, beside the sample itself: what is in brackets.
pub(super) fn note(text: &str) -> &str {
    text.find('(').map_or("", |start| &text[start..])
}
