//! Root fields that hold for one page's operations alone, moved onto those operations.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::compare::Difference;
use crate::document::{METHODS, key_kind::KeyKind};

/// Moves the root field `key` (`servers` or `security`) of every document down to those of its
/// operations that have none of their own, if the documents disagree on it.
///
/// A document without the field leaves its operations without it: with the root field gone,
/// that means the same.
pub(super) fn push_down(documents: &mut [Cow<'_, Value>], key: &str) {
    let said = documents.iter().filter(|document| takes_part(document, key));
    let said: Vec<_> = said.map(|document| document.get(key)).collect();
    let agreed = said.windows(2).all(|pair| match (pair[0], pair[1]) {
        (Some(a), Some(b)) => Difference::between(a, b, KeyKind::Data).contract.is_none(),
        (a, b) => a == b,
    });
    if agreed {
        return;
    }
    for document in documents {
        let Value::Object(root) = document.to_mut() else {
            continue;
        };
        let Some(value) = root.shift_remove(key) else {
            continue;
        };
        for section in ["paths", "webhooks"] {
            let items = root.get_mut(section).and_then(Value::as_object_mut);
            let items = items.into_iter().flat_map(Map::values_mut);
            for item in items.filter_map(Value::as_object_mut) {
                // A path's own servers already stand between the root and the operation.
                if !item.contains_key(key) {
                    extend_operations(item, key, &value);
                }
            }
        }
    }
}

/// Whether a document says something by the root field `key`, be it by leaving it out. Where to call, and with what
/// credentials, is nothing to one without operations.
pub(super) fn takes_part(document: &Value, key: &str) -> bool {
    let is_about_calls = ["servers", "security"].contains(&key);
    let has_items = |section: &&str| {
        document.get(section).and_then(Value::as_object).is_some_and(|items| !items.is_empty())
    };
    !is_about_calls || document.get(key).is_some() || ["paths", "webhooks"].iter().any(has_items)
}

fn extend_operations(item: &mut Map<String, Value>, key: &str, value: &Value) {
    for method in METHODS {
        if let Some(Value::Object(operation)) = item.get_mut(method) {
            operation.entry(key).or_insert_with(|| value.clone());
        }
    }
}
