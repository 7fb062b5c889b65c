//! Are two values literally the same, with everything that they refer to?
//!
//! Most of two published documents is. Deciding so once, in document order and without looking at
//! what the values mean, is what makes the comparison fast: only what differs here is looked at in
//! its normalised form. "The same" is only ever a reason to skip; different text with the same
//! meaning is left to the comparison itself.
//!
//! Each component is compared with its namesake by its own text first. Then every component that
//! refers to a different one is different too, and so on until nothing changes: no reference is
//! followed twice, however long their chains, and a cycle without a difference stays the same.

use std::collections::{HashMap, HashSet};

use pagebind::pointer;
use serde_json::{Map, Value};

pub(crate) struct Equality {
    /// References to the components that are the same (`#/components/schemas/Card`).
    same: HashSet<String>,
    /// References to every component of either document.
    known: HashSet<String>,
    /// References to those whose own text differs, or that only one document has.
    changed: HashSet<String>,
}

impl Equality {
    pub(crate) fn new(old: &Value, new: &Value) -> Self {
        let (old, new) = (components(old), components(new));
        let mut different: Vec<&str> = Vec::new();
        let mut referrers: HashMap<&str, Vec<&str>> = HashMap::new();
        for (reference, old) in &old {
            let mut references = Vec::new();
            let same = new.get(reference).is_some_and(|new| {
                same_value(old, new, &mut |old, new| {
                    references.push(old);
                    old == new && !matches!(target(old), Target::Unclear)
                })
            });
            if !same {
                different.push(reference);
            }
            for other in references {
                if let Target::Component(other) = target(other) {
                    referrers.entry(other).or_default().push(reference);
                }
            }
        }
        different.extend(
            new.keys().filter(|reference| !old.contains_key(*reference)).map(String::as_str),
        );
        let changed = different.iter().map(|reference| (*reference).to_owned()).collect();
        let mut same: HashSet<String> = old.keys().cloned().collect();
        while let Some(reference) = different.pop() {
            same.remove(reference);
            // Taken out, so that each is passed on once.
            let touched = referrers.remove(reference).unwrap_or_default();
            different.extend(touched.into_iter().filter(|referrer| same.contains(*referrer)));
        }
        let known = old.into_keys().chain(new.into_keys()).collect();
        Self { same, known, changed }
    }

    /// Whether the text of the component that `reference` leads to may differ, all that it refers
    /// to left aside.
    pub(crate) fn changed(&self, reference: &str) -> bool {
        self.changed.contains(reference)
    }

    /// Whether `old` and `new` are the same text, and so is all that they refer to.
    pub(crate) fn same(&self, old: &Value, new: &Value) -> bool {
        same_value(old, new, &mut |old, new| {
            old == new
                && match target(old) {
                    Target::Elsewhere => true,
                    Target::Unclear => false,
                    // One that neither document has is plain data in an example.
                    Target::Component(one) => self.same.contains(one) || !self.known.contains(one),
                }
        })
    }
}

/// Every component of a document by the reference that leads to it.
fn components(document: &Value) -> HashMap<String, &Value> {
    let kinds = document.get("components").and_then(Value::as_object);
    let components = kinds.into_iter().flatten().flat_map(|(kind, components)| {
        let named = components.as_object().into_iter().flatten();
        named.map(move |(name, value)| {
            let reference = pointer::join(&pointer::join("#/components", kind), name);
            (reference, value)
        })
    });
    components.collect()
}

/// What a reference leads to, by its text.
#[derive(Debug, PartialEq, Eq)]
enum Target<'r> {
    /// Out of the document, or nowhere: its text is all there is.
    Elsewhere,
    /// To a component, or into one.
    Component(&'r str),
    /// Somewhere in the document that is no component, or in a spelling of its own.
    Unclear,
}

fn target(reference: &str) -> Target<'_> {
    if !reference.starts_with('#') {
        return Target::Elsewhere;
    }
    let name = reference.strip_prefix("#/components/").filter(|rest| !rest.contains('%'));
    let Some((kind, name)) = name.and_then(|rest| rest.split_once('/')) else {
        return Target::Unclear;
    };
    let name = name.split('/').next().unwrap_or_default();
    let length = "#/components/".len() + kind.len() + 1 + name.len();
    reference.get(..length).map_or(Target::Unclear, Target::Component)
}

fn same_value<'d>(
    old: &'d Value,
    new: &'d Value,
    same_reference: &mut dyn FnMut(&'d str, &'d str) -> bool,
) -> bool {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => same_object(old, new, same_reference),
        (Value::Array(old), Value::Array(new)) => {
            let mut pairs = old.iter().zip(new);
            old.len() == new.len() && pairs.all(|(old, new)| same_value(old, new, same_reference))
        }
        _ => old == new,
    }
}

fn same_object<'d>(
    old: &'d Map<String, Value>,
    new: &'d Map<String, Value>,
    same_reference: &mut dyn FnMut(&'d str, &'d str) -> bool,
) -> bool {
    if old.len() != new.len() {
        return false;
    }
    // In an unchanged object the keys come in the same order, and nothing needs looking up.
    old.iter().zip(new).all(|((old_key, old), (new_key, other))| {
        let other = if old_key == new_key { Some(other) } else { new.get(old_key) };
        other.is_some_and(|new| match (old, new) {
            (Value::String(old), Value::String(new))
                if matches!(old_key.as_str(), "$ref" | "$dynamicRef") =>
            {
                same_reference(old, new)
            }
            (Value::Object(old), Value::Object(new)) if old_key == "discriminator" => {
                same_discriminator(old, new, same_reference)
            }
            _ => same_value(old, new, same_reference),
        })
    })
}

/// A discriminator's mapping refers to schemas; to some by a bare name, which nothing here follows.
fn same_discriminator<'d>(
    old: &'d Map<String, Value>,
    new: &'d Map<String, Value>,
    same_reference: &mut dyn FnMut(&'d str, &'d str) -> bool,
) -> bool {
    let mapping = |object: &'d Map<String, Value>| object.get("mapping")?.as_object();
    same_object(old, new, same_reference)
        && mapping(old).zip(mapping(new)).is_none_or(|(old, new)| {
            old.iter().all(|(tag, old)| match (old, new.get(tag)) {
                (Value::String(old), Some(Value::String(new))) => {
                    old.contains('/') && same_reference(old, new)
                }
                _ => true,
            })
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document(leaf: &str) -> Value {
        json!({
            "components": {"schemas": {
                "Tree": {"properties": {"next": {"$ref": "#/components/schemas/Other"}}},
                "Other": {"items": {"$ref": "#/components/schemas/Tree"}, "title": leaf},
                "Alone": {"type": "string"},
            }},
            "use": [{"$ref": "#/components/schemas/Tree"}, {"$ref": "#/components/schemas/Alone"}],
        })
    }

    #[test]
    fn a_change_behind_a_cycle_of_references_is_seen_from_everywhere() {
        let (old, new) = (document("a"), document("b"));
        let equality = Equality::new(&old, &new);
        assert!(!equality.same(&old["use"][0], &new["use"][0]));
        assert!(equality.same(&old["use"][1], &new["use"][1]));
    }

    #[test]
    fn a_cycle_without_a_change_is_the_same_whatever_the_order_of_its_keys() {
        let (old, mut new) = (document("a"), document("a"));
        new["components"]["schemas"]["Other"] =
            json!({"title": "a", "items": {"$ref": "#/components/schemas/Tree"}});
        assert!(Equality::new(&old, &new).same(&old["use"], &new["use"]));
    }

    #[test]
    fn a_reference_is_to_a_component_or_into_one_or_to_elsewhere() {
        let a = Target::Component("#/components/schemas/A");
        assert_eq!(target("#/components/schemas/A"), a);
        assert_eq!(target("#/components/schemas/A/properties/b"), a);
        assert_eq!(target("other.yaml#/components/schemas/A"), Target::Elsewhere);
        for unclear in ["#/components/schemas", "#/paths/~1a", "#/components/schemas/A%20B"] {
            assert_eq!(target(unclear), Target::Unclear);
        }
    }

    #[test]
    fn a_reference_to_a_changed_path_is_not_called_the_same() {
        let document =
            |leaf: &str| json!({"paths": {"/a": {"x": leaf}}, "use": {"$ref": "#/paths/~1a"}});
        let (old, new) = (document("a"), document("b"));
        assert!(!Equality::new(&old, &new).same(&old["use"], &new["use"]));
    }

    #[test]
    fn a_change_of_what_only_a_discriminator_leads_to_is_seen() {
        let document = |leaf: &str, target: &str| {
            json!({
                "components": {"schemas": {"A": {"type": leaf}}},
                "use": {"discriminator": {"propertyName": "kind", "mapping": {"a": target}}},
            })
        };
        let same = |leaf: &str, target: &str| {
            let (old, new) = (document("string", target), document(leaf, target));
            Equality::new(&old, &new).same(&old["use"], &new["use"])
        };
        assert!(same("string", "#/components/schemas/A"));
        assert!(!same("boolean", "#/components/schemas/A"));
        assert!(!same("boolean", "A"));
    }

    #[test]
    fn a_missing_member_is_a_difference_though_the_numbers_agree() {
        let (old, new) = (json!({"a": 1, "b": 1}), json!({"a": 1, "c": 1}));
        assert!(!Equality::new(&old, &new).same(&old, &new));
    }
}
