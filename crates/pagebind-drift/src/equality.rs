//! Are two values literally the same, with everything that they refer to?
//!
//! Most of two published documents is. Deciding so once, in document order and without looking at
//! what the values mean, is what makes the comparison fast: only what differs here is looked at in
//! its normalised form. "The same" is only ever a reason to skip; different text with the same
//! meaning is left to the comparison itself.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use crate::node::find;

/// Values within values, across references, before giving up; what is deeper counts as different,
/// which costs time and never a finding.
const MAX_NESTING: usize = 500;

type Pair = (usize, usize);

pub(crate) struct Equality<'d> {
    old: &'d Value,
    new: &'d Value,
    /// What is known for sure.
    known: HashMap<Pair, bool>,
    /// Pairs of referenced values found equal as long as the ones still open are: a difference is
    /// a fact at once, equality in a cycle only once the outermost question is answered.
    assumed: HashSet<Pair>,
    /// How many referenced values are being compared within each other.
    open: usize,
    nesting: usize,
    /// Whether the last question was answered for being too deep: no fact to remember.
    gave_up: bool,
}

fn address(value: &Value) -> usize {
    std::ptr::from_ref(value) as usize
}

impl<'d> Equality<'d> {
    pub(crate) fn new(old: &'d Value, new: &'d Value) -> Self {
        let mut equality = Self {
            old,
            new,
            known: HashMap::new(),
            assumed: HashSet::new(),
            open: 0,
            nesting: 0,
            gave_up: false,
        };
        equality.learn_components();
        equality
    }

    /// Answers for every component first, so that no operation has to answer for them again. A
    /// chain of references that is too deep from its start is taken up again from its end.
    fn learn_components(&mut self) {
        let mut open = Vec::new();
        let kinds = self.old.get("components").and_then(Value::as_object);
        for (kind, components) in kinds.into_iter().flatten() {
            for (name, old) in components.as_object().into_iter().flatten() {
                let new = self.new.get("components");
                if let Some(new) = new.and_then(|new| new.get(kind)?.get(name)) {
                    open.push((old, new));
                }
            }
        }
        loop {
            let before = open.len();
            open.retain(|(old, new)| {
                self.gave_up = false;
                self.same_target(old, new);
                self.settle(false);
                self.gave_up
            });
            if open.is_empty() || open.len() == before {
                return;
            }
            open.reverse();
        }
    }

    /// Whether `old` and `new` are the same text, and so is all that they refer to.
    pub(crate) fn same(&mut self, old: &'d Value, new: &'d Value) -> bool {
        self.gave_up = false;
        let same = self.same_value(old, new);
        self.settle(same);
        same
    }

    /// Ends the outermost question: what was assumed on the way is true if the answer is.
    fn settle(&mut self, same: bool) {
        for pair in self.assumed.drain() {
            if same {
                self.known.insert(pair, true);
            }
        }
    }

    fn same_value(&mut self, old: &'d Value, new: &'d Value) -> bool {
        if self.nesting == MAX_NESTING {
            self.gave_up = true;
            return false;
        }
        self.nesting += 1;
        let same = self.same_content(old, new);
        self.nesting -= 1;
        same
    }

    fn same_content(&mut self, old: &'d Value, new: &'d Value) -> bool {
        match (old, new) {
            (Value::Object(old), Value::Object(new)) => self.same_object(old, new),
            (Value::Array(old), Value::Array(new)) => {
                old.len() == new.len()
                    && old.iter().zip(new).all(|(old, new)| self.same_value(old, new))
            }
            _ => old == new,
        }
    }

    fn same_object(&mut self, old: &'d Map<String, Value>, new: &'d Map<String, Value>) -> bool {
        if old.len() != new.len() {
            return false;
        }
        // In an unchanged object the keys come in the same order, and nothing needs looking up.
        old.iter().zip(new).all(|((old_key, old), (new_key, other))| {
            let other = if old_key == new_key { Some(other) } else { new.get(old_key) };
            other.is_some_and(|other| match (old, other) {
                (Value::String(old), Value::String(new)) if old_key == "$ref" => {
                    self.same_reference(old, new)
                }
                _ => self.same_value(old, other),
            })
        })
    }

    fn same_reference(&mut self, old: &str, new: &str) -> bool {
        match (find(self.old, old), find(self.new, new)) {
            (Some(old), Some(new)) => self.same_target(old.value, new.value),
            // A reference to elsewhere, or plain data in an example.
            (None, None) => old == new,
            _ => false,
        }
    }

    fn same_target(&mut self, old: &'d Value, new: &'d Value) -> bool {
        let pair = (address(old), address(new));
        if let Some(known) = self.known.get(&pair) {
            return *known;
        }
        if !self.assumed.insert(pair) {
            return true;
        }
        self.open += 1;
        let same = self.same_value(old, new);
        self.open -= 1;
        if !same {
            self.assumed.remove(&pair);
            if !self.gave_up {
                self.known.insert(pair, false);
            }
        } else if self.open == 0 {
            self.settle(true);
        }
        same
    }
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
        let mut equality = Equality::new(&old, &new);
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
    fn a_missing_member_is_a_difference_though_the_numbers_agree() {
        let (old, new) = (json!({"a": 1, "b": 1}), json!({"a": 1, "c": 1}));
        assert!(!Equality::new(&old, &new).same(&old, &new));
    }
}
