//! The recursive merge of `update` and `copy` (Overlay 1.1.0, Action Object).

use serde_json::Value;

use super::trouble::{RESTATE, Trouble};
use crate::pointer;

/// What an Overlay tells apart: a merge never turns one kind into another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Object,
    Array,
    Primitive,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Object => "an object",
            Self::Array => "an array",
            Self::Primitive => "a primitive value",
        }
    }
}

/// The kind of a value.
pub(super) fn kind(value: &Value) -> Kind {
    match value {
        Value::Object(_) => Kind::Object,
        Value::Array(_) => Kind::Array,
        _ => Kind::Primitive,
    }
}

/// Merges `update` into a node that an action targets: an array also takes a single value.
pub(super) fn into_target(node: &mut Value, update: &Value, at: &str) -> Result<(), Trouble> {
    match (node, update) {
        (Value::Array(items), one) if kind(one) != Kind::Array => {
            items.push(one.clone());
            Ok(())
        }
        (node, update) => into(node, update, at),
    }
}

/// Merges `update` into `node`: objects by key, arrays end to end, primitive values replaced.
fn into(node: &mut Value, update: &Value, at: &str) -> Result<(), Trouble> {
    match (node, update) {
        (Value::Object(node), Value::Object(update)) => {
            for (key, update) in update {
                match node.get_mut(key) {
                    Some(node) => into(node, update, &pointer::join(at, key))?,
                    None => {
                        node.insert(key.clone(), update.clone());
                    }
                }
            }
        }
        (Value::Array(node), Value::Array(update)) => node.extend(update.iter().cloned()),
        (node, update) if kind(node) == Kind::Primitive && kind(update) == Kind::Primitive => {
            *node = update.clone();
        }
        (node, update) => {
            return Err(Trouble {
                mended: false,
                what: format!("would merge {} into another kind", kind(update).name()),
                place: Some((at.to_owned(), format!("this is {}", kind(node).name()))),
                help: RESTATE.into(),
            });
        }
    }
    Ok(())
}
