//! Components that nothing refers to.
//!
//! A component is a name: it is compared where it is used. One that nothing uses is published all
//! the same, and may be what people go by (the body of an event, a subtype that only its parent's
//! name leads to), so that it changed is said, once and of the component as a whole.

use std::collections::HashSet;

use indexmap::{IndexMap, IndexSet};
use pagebind::pointer;
use serde_json::Value;

use crate::{
    comparison::{At, Comparison, Items},
    node::{Node, find},
    rules::{api, schema::Subject},
};

/// A kind of component, and a name.
type Key = (String, String);

/// Compares the components that neither document uses.
pub(crate) fn compare<'d>(comparison: &mut Comparison<'d>, items: &mut Items) {
    let (old, new) = (components(comparison.old), components(comparison.new));
    let value = |node: Option<&Node<'d>>| node.map(|node| node.value);
    let mut changed: Vec<_> =
        old.keys().chain(new.keys().filter(|key| !old.contains_key(*key))).collect();
    changed.retain(|key| {
        let reference = pointer::join(&pointer::join("#/components", &key.0), &key.1);
        comparison.equality.changed(&reference) && value(old.get(*key)) != value(new.get(*key))
    });
    if changed.is_empty() {
        return;
    }
    let mut unused: IndexSet<Key> = changed.into_iter().cloned().collect();
    take_used(comparison.old, &old, &mut unused);
    take_used(comparison.new, &new, &mut unused);
    for key in &unused {
        let (kind, name) = key;
        let whose = format!("the component `{name}` ({kind}), which nothing refers to,");
        let (at, message) = match (old.get(key), new.get(key)) {
            (Some(old), None) => (At::Old(old), format!("{whose} was removed")),
            (None, Some(new)) => (At::New(new), format!("{whose} is new")),
            (Some(old), Some(new)) => {
                if kind == "schemas" && !comparison.says_otherwise(old, new) {
                    continue;
                }
                (At::New(new), format!("{whose} changed"))
            }
            (None, None) => continue,
        };
        comparison.found(items, &api::UNUSED_COMPONENT_CHANGED, at, message, (None, None));
    }
}

impl<'d> Comparison<'d> {
    /// Whether two schemas say anything different, be it in words.
    fn says_otherwise(&mut self, old: &Node<'d>, new: &Node<'d>) -> bool {
        let mut items = Items::new();
        let (old, new) = (std::slice::from_ref(old), std::slice::from_ref(new));
        self.schema(old, new, Subject::ResponseBody, &mut items);
        self.says(&items)
    }
}

/// Every component but security schemes, which are all compared, used or not.
fn components(document: &Value) -> IndexMap<Key, Node<'_>> {
    let kinds = Node::root(document).get("components");
    let kinds = kinds.iter().flat_map(|kinds| kinds.members().collect::<Vec<_>>());
    let components = kinds.filter(|(kind, _)| *kind != "securitySchemes").flat_map(|(kind, of)| {
        let named = of.named().collect::<Vec<_>>();
        named.into_iter().map(move |(name, node)| ((kind.to_owned(), name.to_owned()), node))
    });
    components.collect()
}

/// Takes out of `unused` what the rest of the document leads to, by however many references. It
/// ends when nothing is left, which in most documents is soon.
fn take_used<'d>(
    document: &'d Value,
    components: &IndexMap<Key, Node<'d>>,
    unused: &mut IndexSet<Key>,
) {
    let members = document.as_object().into_iter().flatten();
    let mut open: Vec<&Value> =
        members.filter(|(key, _)| *key != "components").map(|(_, value)| value).collect();
    let mut seen = HashSet::new();
    while let Some(value) = open.pop().filter(|_| !unused.is_empty()) {
        let mut refers = |reference: &'d str, open: &mut Vec<&'d Value>| {
            let key = if seen.insert(reference) { key(document, reference) } else { None };
            if let Some((key, component)) = key.and_then(|key| components.get_key_value(&key)) {
                unused.shift_remove(key);
                open.push(component.value);
            }
        };
        match value {
            Value::Array(elements) => open.extend(elements),
            Value::Object(members) => {
                for (key, member) in members {
                    match (key.as_str(), member) {
                        ("$ref" | "$dynamicRef", Value::String(reference)) => {
                            refers(reference, &mut open);
                        }
                        ("mapping", Value::Object(tags)) => {
                            tags.values()
                                .filter_map(Value::as_str)
                                .for_each(|reference| refers(reference, &mut open));
                            open.push(member);
                        }
                        (_, Value::Array(_) | Value::Object(_)) => open.push(member),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
}

/// The component that a reference, or a name in a discriminator's mapping, leads to or into.
fn key(document: &Value, reference: &str) -> Option<Key> {
    let pointer = match reference.strip_prefix('#') {
        None if reference.contains(['/', '#']) => return None,
        None => return Some(("schemas".to_owned(), reference.to_owned())),
        Some(fragment) if fragment.starts_with('/') && !fragment.contains('%') => {
            fragment.to_owned()
        }
        Some(_) => find(document, reference)?.pointer(),
    };
    let mut tokens = pointer::tokens(&pointer);
    let first = tokens.next()?;
    (first == "components").then_some((tokens.next()?, tokens.next()?))
}
