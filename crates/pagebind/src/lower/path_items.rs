//! Path items: 3.0 has no components for them, so each is written out where it is referred to.
//!
//! What refers to what it is referred to by would never end, and items that refer to two others
//! double with every level; so there is an end to how much is written out.

use serde_json::{Map, Value};

use super::pass::Lowering;
use crate::document::{
    METHODS,
    limits::{MAX_COPIED, cost},
};

/// How many path items may be written out within each other, by way of callbacks.
const MAX_NESTED: usize = 64;

impl Lowering<'_> {
    /// A path item, with those that it refers to written out. What it says itself counts.
    pub(super) fn path_item(&mut self, item: &Value, at: &str) -> Value {
        if item.get("$ref").is_none() {
            return self.own_path_item(item, at);
        }
        self.nested += 1;
        let mut layers = vec![self.own_path_item(item, at)];
        let mut passed = Vec::new();
        let (mut item, mut here) = (item, at.to_owned());
        while let Some(reference) = item.get("$ref").and_then(Value::as_str) {
            let Some(target) = self.next_path_item(reference, &here) else {
                break;
            };
            let source = self.source;
            let Some(value) = source.pointer(&target) else {
                break;
            };
            self.inlining.insert(target.clone());
            passed.push(target.clone());
            layers.push(self.own_path_item(value, &target));
            (item, here) = (value, target);
        }
        for target in passed {
            self.inlining.remove(&target);
        }
        self.nested -= 1;
        let layers = layers.into_iter().rev();
        Value::Object(layers.fold(Map::new(), |mut written, layer| {
            if let Value::Object(layer) = layer {
                written.extend(layer);
            }
            written
        }))
    }

    /// Where the path item at `here` leads by `reference`, unless that has no end.
    fn next_path_item(&mut self, reference: &str, here: &str) -> Option<String> {
        let target = self.resolve(reference, here)?;
        if self.inlining.contains(&target) {
            let message = format!("the path item `{reference}` refers to itself");
            self.problem(here, message, "write the path item out once");
            return None;
        }
        if self.inlined > MAX_COPIED {
            return None;
        }
        self.inlined += self.source.pointer(&target).map_or(0, cost);
        if self.inlined > MAX_COPIED || self.nested > MAX_NESTED {
            let message = if self.inlined > MAX_COPIED {
                "path items that refer to others come to more than 64 MiB".to_owned()
            } else {
                format!("more than {MAX_NESTED} path items refer to each other in callbacks")
            };
            self.inlined = MAX_COPIED + 1;
            self.problem(here, message, "write out the path items that are meant");
            return None;
        }
        Some(target)
    }

    fn own_path_item(&mut self, item: &Value, at: &str) -> Value {
        self.expect_object(item, at, "an object");
        self.object(item, at, |this, key, value, at| match key {
            "$ref" => None,
            "parameters" => Some(this.list(value, at, Self::parameter)),
            "servers" if !this.known.in_3_0 => Some(this.servers(value, at)),
            _ if METHODS.contains(&key) => {
                this.expect_object(value, at, "an operation");
                Some(this.operation(value, at))
            }
            _ => Some(value.clone()),
        })
    }

    /// Notes what stands where an object must and is none: no client comes of it, and no word is lost.
    fn expect_object(&mut self, value: &Value, at: &str, expected: &str) {
        if !value.is_object() {
            let what = if value.is_null() { "null, not" } else { "not" };
            self.problem(at, format!("{what} {expected}"), "correct the document");
        }
    }
}
