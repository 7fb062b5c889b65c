//! What 3.0 can't say, and the order in which it is told.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::pointer;

/// A constraint that OpenAPI 3.0 can't say, or a key it has no place for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// JSON pointer into the 3.1 document, to the keyword itself.
    pub pointer: String,
    /// The 3.1 keyword.
    pub keyword: String,
    /// What became of it.
    pub outcome: String,
}

/// The losses in the order of their places in `document`, each once.
pub(super) fn in_document_order(losses: Vec<Loss>, document: &Value) -> Vec<Loss> {
    let mut sorted = Vec::with_capacity(losses.len());
    let placed = losses.into_iter().map(|loss| {
        let mut way: Vec<String> = pointer::tokens(&loss.pointer).collect();
        way.reverse();
        (way, loss)
    });
    sort(placed.collect(), Some(document), &mut sorted);
    sorted
}

/// Sorts losses below `node`, each with what is left of the way to it, its next step last.
fn sort(losses: Vec<(Vec<String>, Loss)>, node: Option<&Value>, sorted: &mut Vec<Loss>) {
    let first = sorted.len();
    let mut below = BTreeMap::<String, Vec<_>>::new();
    for (mut way, loss) in losses {
        match way.pop() {
            Some(step) => below.entry(step).or_default().push((way, loss)),
            None if sorted[first..].contains(&loss) => {}
            None => sorted.push(loss),
        }
    }
    match node {
        Some(Value::Object(members)) if !below.is_empty() => {
            for (key, value) in members {
                if let Some(losses) = below.remove(key) {
                    sort(losses, Some(value), sorted);
                }
            }
        }
        Some(Value::Array(items)) if !below.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                if let Some(losses) = below.remove(&index.to_string()) {
                    sort(losses, Some(item), sorted);
                }
            }
        }
        _ => {}
    }
    for losses in below.into_values() {
        sort(losses, None, sorted);
    }
}
