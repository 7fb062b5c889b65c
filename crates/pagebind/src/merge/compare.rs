//! Two values: which comes first, and whether and where they differ.

use std::{cmp::Ordering, collections::BTreeSet};

use serde_json::{Map, Value};

use crate::{document::key_kind::KeyKind, number, pointer};

/// A value as it is written, order of keys included, with a total order of its own.
///
/// The order decides which of several equal spellings is taken, so it must depend on nothing but
/// the values. Of two objects or arrays the longer comes first: where one page says more than
/// another, the one that says more is taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Written<'a>(pub(super) &'a Value);

impl Ord for Written<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.0, other.0) {
            (Value::Null, Value::Null) => Ordering::Equal,
            (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
            (Value::Number(a), Value::Number(b)) => {
                number::compare(a, b).then_with(|| a.as_str().cmp(b.as_str()))
            }
            (Value::String(a), Value::String(b)) => a.cmp(b),
            (Value::Array(a), Value::Array(b)) => {
                b.len().cmp(&a.len()).then_with(|| a.iter().map(Written).cmp(b.iter().map(Written)))
            }
            (Value::Object(a), Value::Object(b)) => {
                b.len().cmp(&a.len()).then_with(|| members(a).cmp(members(b)))
            }
            (a, b) => kind(a).cmp(&kind(b)),
        }
    }
}

impl PartialOrd for Written<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Written<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Written<'_> {}

fn members(map: &Map<String, Value>) -> impl Iterator<Item = (&String, Written<'_>)> {
    map.iter().map(|(key, value)| (key, Written(value)))
}

/// Whether two lists under a keyword hold the same, where it says nothing in which order (JSON Schema 2020-12,
/// sections 6.1.1, 6.1.2 and 6.5.3 of its validation).
fn are_one_set(key: &str, a: &Value, b: &Value) -> bool {
    fn set(value: &Value) -> Option<BTreeSet<Written<'_>>> {
        Some(value.as_array()?.iter().map(Written).collect())
    }
    matches!(key, "enum" | "required" | "type") && a.is_array() && set(a) == set(b)
}

fn kind(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Number(_) => 2,
        Value::String(_) => 3,
        Value::Array(_) => 4,
        Value::Object(_) => 5,
    }
}

/// Where two values differ first, as JSON pointers from the two; the order of keys is no
/// difference.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Difference {
    /// In what is exchanged.
    pub(super) contract: Option<String>,
    /// In an annotation, before any difference in what is exchanged.
    pub(super) annotation: Option<String>,
}

impl Difference {
    /// Compares `a` and `b`, which stand where the keys are `keys`. As data, everything counts.
    pub(super) fn between(a: &Value, b: &Value, keys: KeyKind) -> Self {
        let mut difference = Self::default();
        difference.contract = difference.search(a, b, keys, "");
        difference
    }

    /// The first difference in what is exchanged; notes the first annotation on the way.
    fn search(&mut self, a: &Value, b: &Value, keys: KeyKind, at: &str) -> Option<String> {
        match (a, b) {
            (Value::Object(a), Value::Object(b)) => self.search_members(a, b, keys, at),
            (Value::Array(a), Value::Array(b)) => a
                .iter()
                .zip(b)
                .enumerate()
                .find_map(|(index, (a, b))| {
                    self.search(a, b, keys, &pointer::join(at, &index.to_string()))
                })
                .or_else(|| {
                    let end = a.len().min(b.len()).to_string();
                    (a.len() != b.len()).then(|| pointer::join(at, &end))
                }),
            (Value::Number(a), Value::Number(b)) => {
                number::compare(a, b).is_ne().then(|| at.to_owned())
            }
            (a, b) => (a != b).then(|| at.to_owned()),
        }
    }

    fn search_members(
        &mut self,
        a: &Map<String, Value>,
        b: &Map<String, Value>,
        keys: KeyKind,
        at: &str,
    ) -> Option<String> {
        let only_in_b = b.keys().filter(|key| !a.contains_key(*key));
        for key in a.keys().chain(only_in_b) {
            let here = || pointer::join(at, key);
            let found = match (a.get(key), b.get(key)) {
                // Annotations are compared as data: their own keys are no annotations of them.
                (Some(a), Some(b)) if keys.is_annotation(key) => {
                    self.search(a, b, KeyKind::Data, &here())
                }
                (Some(a), Some(b)) if keys == KeyKind::Keywords && are_one_set(key, a, b) => None,
                (Some(a), Some(b)) => self.search(a, b, keys.of_member(key, a), &here()),
                _ => Some(here()),
            };
            if found.is_some() && !keys.is_annotation(key) {
                return found;
            }
            self.annotation = self.annotation.take().or(found);
        }
        None
    }
}
