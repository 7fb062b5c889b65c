//! Callbacks and webhooks: calls that the API makes, and the caller's own server takes.
//!
//! They are compared like operations, with the directions exchanged: what the API sends is read by
//! the caller, so a property that goes from the body of a webhook weighs what it weighs in a
//! response.

use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Value;

use crate::{
    comparison::{At, Comparison, Items},
    inherited,
    node::Node,
    operation::{Operation, Path, methods, path_words},
    path_item::PathItem,
    rules::{Rule, api},
};

/// Callbacks of callbacks that are looked into.
const MAX_CALLBACKS: usize = 8;

/// One kind of calls to the caller.
struct Kind {
    added: &'static Rule,
    removed: &'static Rule,
}

const WEBHOOK: Kind = Kind { added: &api::WEBHOOK_ADDED, removed: &api::WEBHOOK_REMOVED };
const CALLBACK: Kind = Kind { added: &api::CALLBACK_ADDED, removed: &api::CALLBACK_REMOVED };

/// Compares the webhooks of both documents; each of their operations is one of its own.
pub(crate) fn webhooks<'d>(
    comparison: &mut Comparison<'d>,
    operations: &mut Vec<(Arc<str>, Items)>,
) {
    let named = |document: &'d Value| -> PathItems<'d> {
        let webhooks = Node::root(document).get("webhooks");
        let named = webhooks.iter().flat_map(|webhooks| webhooks.named().collect::<Vec<_>>());
        named.map(|(name, item)| (format!("{name} (webhook)"), (name, item))).collect()
    };
    let (old, new) = (named(comparison.old), named(comparison.new));
    path_items(comparison, &WEBHOOK, (&old, &new), operations);
}

/// Compares the callbacks of an operation, which is called `whose`.
pub(crate) fn callbacks<'d>(
    comparison: &mut Comparison<'d>,
    whose: &str,
    (old, new): (&Node<'d>, &Node<'d>),
    operations: &mut Vec<(Arc<str>, Items)>,
) {
    let expressions = |operation: &Node<'d>, root| -> PathItems<'d> {
        let callbacks = operation.get("callbacks");
        let named = callbacks.iter().flat_map(|callbacks| callbacks.named().collect::<Vec<_>>());
        let expressions = named.flat_map(|(name, callback)| {
            let expressions = callback.resolve(root).members().collect::<Vec<_>>();
            expressions.into_iter().map(move |(expression, item)| {
                (format!("{expression} (callback {name} of {whose})"), (name, item))
            })
        });
        expressions.collect()
    };
    let (old, new) = (expressions(old, comparison.old), expressions(new, comparison.new));
    path_items(comparison, &CALLBACK, (&old, &new), operations);
}

/// Path items by what they are called, each with the name that the document gives it.
type PathItems<'d> = IndexMap<String, (&'d str, Node<'d>)>;

/// Compares path items by what they are called.
fn path_items<'d>(
    comparison: &mut Comparison<'d>,
    kind: &Kind,
    (old, new): (&PathItems<'d>, &PathItems<'d>),
    operations: &mut Vec<(Arc<str>, Items)>,
) {
    let nothing = PathItem::nothing;
    for (called, (name, item)) in new {
        let before = old.get(called).map(|(_, item)| PathItem::of(item.clone(), comparison.old));
        let both = (before.unwrap_or_else(nothing), PathItem::of(item.clone(), comparison.new));
        path_item(comparison, kind, (called, name), both, operations);
    }
    for (called, (name, item)) in old.iter().filter(|(called, _)| !new.contains_key(*called)) {
        let both = (PathItem::of(item.clone(), comparison.old), nothing());
        path_item(comparison, kind, (called, name), both, operations);
    }
}

fn path_item<'d>(
    comparison: &mut Comparison<'d>,
    kind: &Kind,
    (called, name): (&str, &str),
    (before, after): (PathItem<'d>, PathItem<'d>),
    operations: &mut Vec<(Arc<str>, Items)>,
) {
    // A callback may lead to itself again; whether it differs, it has said itself.
    let is_open = comparison.open_calls.contains(&(before.address(), after.address()));
    if before.same(&after, comparison) || is_open || comparison.open_calls.len() == MAX_CALLBACKS {
        return;
    }
    comparison.open_calls.push((before.address(), after.address()));
    let path = |item: &PathItem<'d>| Path { template: "", item: item.clone() };
    let (old_path, new_path) = (path(&before), path(&after));
    let mut words = Items::new();
    path_words(comparison, (&old_path, &new_path), "the path", &mut words);
    let mut found = Vec::new();
    for (method, new) in methods(&after) {
        let operation_name: Arc<str> = format!("{} {called}", method.to_uppercase()).into();
        let mut items = std::mem::take(&mut words);
        match before.get(method) {
            None => {
                let values = (None, Some(name.into()));
                let message = format!("{operation_name} is new");
                comparison.found(&mut items, kind.added, At::New(&new), message, values);
            }
            Some(old) => {
                let (old_path, new_path) = (old_path.clone(), new_path.clone());
                let operation = Operation { old_path, new_path, old, new };
                let outer = std::mem::replace(&mut comparison.to_caller, true);
                comparison.operation(&operation, &mut items);
                inherited::compare_own(comparison, &operation, &mut items);
                comparison.to_caller = outer;
                let both = (&operation.old, &operation.new);
                callbacks(comparison, &operation_name, both, &mut found);
            }
        }
        found.push((operation_name, items));
    }
    for (method, old) in methods(&before) {
        if after.get(method).is_none() {
            let operation_name: Arc<str> = format!("{} {called}", method.to_uppercase()).into();
            let mut items = std::mem::take(&mut words);
            let message = format!("{operation_name} was removed");
            let values = (Some(name.into()), None);
            comparison.found(&mut items, kind.removed, At::Old(&old), message, values);
            found.push((operation_name, items));
        }
    }
    // One that has no method yet, or has none any more, is there all the same.
    if methods(&before).is_empty() && methods(&after).is_empty() {
        let values = (Some(name.into()), Some(name.into()));
        let mut items = std::mem::take(&mut words);
        match (before.is_nothing(), after.is_nothing()) {
            (true, false) => {
                let message = format!("{called} is new");
                comparison.found(
                    &mut items,
                    kind.added,
                    At::New(after.own()),
                    message,
                    (None, values.1),
                );
            }
            (false, true) => {
                let message = format!("{called} was removed");
                comparison.found(
                    &mut items,
                    kind.removed,
                    At::Old(before.own()),
                    message,
                    (values.0, None),
                );
            }
            _ => {}
        }
        found.push((called.into(), items));
    }
    operations.append(&mut found);
    comparison.open_calls.pop();
}
