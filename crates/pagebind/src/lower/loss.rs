//! What 3.0 can't say, and the order in which it is told.

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
    let mut sorted: Vec<_> =
        losses.into_iter().map(|loss| (position(document, &loss.pointer), loss)).collect();
    sorted.sort_by(|(a, _), (b, _)| a.cmp(b));
    sorted.dedup();
    sorted.into_iter().map(|(_, loss)| loss).collect()
}

/// For each step of a pointer, the how-manieth entry it takes.
fn position(document: &Value, at: &str) -> Vec<usize> {
    let mut node = Some(document);
    pointer::tokens(at)
        .map(|token| {
            let (index, next) = match node {
                Some(Value::Object(map)) => {
                    let index = map.keys().position(|key| *key == token);
                    (index, map.get(&token))
                }
                Some(Value::Array(items)) => {
                    let index = token.parse().ok();
                    (index, index.and_then(|index: usize| items.get(index)))
                }
                _ => (None, None),
            };
            node = next;
            index.unwrap_or(usize::MAX)
        })
        .collect()
}
