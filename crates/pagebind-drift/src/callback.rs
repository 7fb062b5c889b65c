//! Callbacks and webhooks: calls to the caller.
//!
//! The client is no part of them, so all that is said of one is that it changed, or only what is
//! said of it in words.

use indexmap::IndexMap;
use serde_json::Value;

use crate::{
    comparison::{At, Comparison, Items},
    inherited,
    node::Node,
    operation::{Operation, Path, methods, path_words},
    rules::api,
};

/// Callbacks of callbacks that are looked into.
const MAX_CALLBACKS: usize = 8;

/// How two path items that the caller serves differ, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Difference {
    Nothing,
    Words,
    Meaning,
}

/// Compares the webhooks of both documents.
pub(crate) fn webhooks<'d>(comparison: &mut Comparison<'d>, items: &mut Items) {
    let named = |document: &'d Value| -> IndexMap<&'d str, Node<'d>> {
        let webhooks = Node::root(document).get("webhooks");
        webhooks.iter().flat_map(|webhooks| webhooks.named().collect::<Vec<_>>()).collect()
    };
    let (old, new) = (named(comparison.old), named(comparison.new));
    for (name, old) in &old {
        match new.get(name) {
            None => {
                let message = format!("the webhook `{name}` was removed");
                comparison.found(
                    items,
                    &api::WEBHOOK_REMOVED,
                    At::Old(old),
                    message,
                    (Some((*name).into()), None),
                );
            }
            Some(new) => {
                let (rule, message) = match comparison.path_items(old, new) {
                    Difference::Nothing => continue,
                    Difference::Words => (
                        &api::WEBHOOK_PROSE_CHANGED,
                        format!("what is said of the webhook `{name}` changed"),
                    ),
                    Difference::Meaning => {
                        (&api::WEBHOOK_CHANGED, format!("the webhook `{name}` changed"))
                    }
                };
                comparison.found(items, rule, At::New(new), message, (None, None));
            }
        }
    }
    for (name, new) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
        let message = format!("the webhook `{name}` is new");
        comparison.found(
            items,
            &api::WEBHOOK_ADDED,
            At::New(new),
            message,
            (None, Some((*name).into())),
        );
    }
}

impl<'d> Comparison<'d> {
    /// Compares the callbacks of an operation.
    pub(crate) fn callbacks(&mut self, (old, new): (&Node<'d>, &Node<'d>), items: &mut Items) {
        let (old, new) = (old.get("callbacks"), new.get("callbacks"));
        let expressions = |callbacks: &Option<Node<'d>>,
                           root|
         -> IndexMap<(&'d str, &'d str), Node<'d>> {
            let callbacks =
                callbacks.iter().flat_map(|callbacks| callbacks.named().collect::<Vec<_>>());
            let expressions = callbacks.flat_map(|(name, callback)| {
                let expressions = callback.resolve(root).members().collect::<Vec<_>>();
                expressions.into_iter().map(move |(expression, item)| ((name, expression), item))
            });
            expressions.collect()
        };
        let (was, is) = (expressions(&old, self.old), expressions(&new, self.new));
        let mut difference =
            if was.len() == is.len() { Difference::Nothing } else { Difference::Meaning };
        for (key, was) in &was {
            if difference == Difference::Meaning {
                break;
            }
            let this = is.get(key).map_or(Difference::Meaning, |is| self.path_items(was, is));
            difference = difference.max(this);
        }
        let (rule, message) = match difference {
            Difference::Nothing => return,
            Difference::Words => {
                (&api::CALLBACK_PROSE_CHANGED, "what is said of the callbacks changed")
            }
            Difference::Meaning => (&api::CALLBACK_CHANGED, "the callbacks changed"),
        };
        if let Some(at) = new.as_ref().map(At::New).or(old.as_ref().map(At::Old)) {
            self.found(items, rule, at, message, (None, None));
        }
    }

    /// How two path items that the caller serves differ.
    fn path_items(&mut self, old: &Node<'d>, new: &Node<'d>) -> Difference {
        let path = |item: Node<'d>| Path { template: "", item };
        let (old, new) = (path(self.resolve_old(old)), path(self.resolve_new(new)));
        // A callback may have callbacks; whether one that has itself differs, it says itself.
        if self.same(&old.item, &new.item) || self.depth == MAX_CALLBACKS {
            return Difference::Nothing;
        }
        let (before, after) = (methods(&old.item), methods(&new.item));
        if !before.iter().map(|(method, _)| method).eq(after.iter().map(|(method, _)| method)) {
            return Difference::Meaning;
        }
        self.depth += 1;
        let mut items = Items::new();
        path_words(self, (&old, &new), "the path", &mut items);
        for ((_, before), (_, after)) in before.into_iter().zip(after) {
            let operation =
                Operation { old_path: old.clone(), new_path: new.clone(), old: before, new: after };
            self.operation(&operation, &mut items);
            inherited::compare_own(self, &operation, &mut items);
            if self.any(&items) {
                break;
            }
        }
        self.depth -= 1;
        match (self.any(&items), self.says(&items)) {
            (true, _) => Difference::Meaning,
            (false, true) => Difference::Words,
            (false, false) => Difference::Nothing,
        }
    }
}
