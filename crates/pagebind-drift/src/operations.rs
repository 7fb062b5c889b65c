//! Which operation became which.
//!
//! Two path templates are the same if only the names of their parameters differ: those are never
//! sent. A document may write one path in several ways, each for methods of its own.

use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Value;

use crate::{
    callback,
    comparison::{At, Comparison, Items},
    inherited::Inherited,
    node::Node,
    operation::{Operation, Path, methods, path_words},
    path_item::PathItem,
    rules::api,
};

/// Compares every operation; what is about the whole API goes to `api`.
pub(crate) fn compare<'d>(
    comparison: &mut Comparison<'d>,
    api: &mut Items,
) -> Vec<(Arc<str>, Items)> {
    let old_paths = paths(comparison.old);
    let new_paths = paths(comparison.new);
    let mut operations = Vec::new();
    let mut inherited = Inherited::new(comparison);
    let none = Vec::new();
    for (key, new_ways) in &new_paths {
        let old_ways = old_paths.get(key).unwrap_or(&none);
        for (old_path, new_path) in old_ways.iter().zip(new_ways) {
            let whose = format!("the path {}", new_path.template);
            path_words(comparison, (old_path, new_path), &whose, api);
        }
        for (new_path, method, new) in operations_of(new_ways) {
            let name = name(method, new_path.template);
            let mut items = Items::new();
            let mut calls = Vec::new();
            let old = old_ways.iter().find_map(|path| Some((path, path.item.get(method)?)));
            match old {
                None => {
                    let message = format!("{name} is new");
                    comparison.found(
                        &mut items,
                        &api::ENDPOINT_ADDED,
                        At::New(&new),
                        message,
                        (None, Some((&*name).into())),
                    );
                }
                Some((old_path, old)) => {
                    let operation = Operation {
                        old_path: old_path.clone(),
                        new_path: new_path.clone(),
                        old,
                        new,
                    };
                    comparison.operation(&operation, &mut items);
                    inherited.compare(comparison, &operation, &mut items);
                    let both = (&operation.old, &operation.new);
                    callback::callbacks(comparison, &name, both, &mut calls);
                }
            }
            operations.push((name, items));
            operations.append(&mut calls);
        }
    }
    inherited.finish(comparison, api);
    for (key, old_ways) in &old_paths {
        let new_ways = new_paths.get(key);
        for (old_path, method, old) in operations_of(old_ways) {
            if new_ways.is_some_and(|ways| ways.iter().any(|path| path.item.get(method).is_some()))
            {
                continue;
            }
            let deprecated = old.flag("deprecated");
            let rule = match (new_ways.is_some(), deprecated) {
                (true, false) => &api::OPERATION_REMOVED,
                (true, true) => &api::OPERATION_REMOVED_DEPRECATED,
                (false, false) => &api::PATH_REMOVED,
                (false, true) => &api::PATH_REMOVED_DEPRECATED,
            };
            let name = name(method, old_path.template);
            let message = format!("{name} was removed");
            let mut items = Items::new();
            comparison.found(
                &mut items,
                rule,
                At::Old(&old),
                message,
                (Some((&*name).into()), None),
            );
            operations.push((name, items));
        }
    }
    callback::webhooks(comparison, &mut operations);
    operations
}

fn name(method: &str, template: &str) -> Arc<str> {
    format!("{} {template}", method.to_uppercase()).into()
}

/// Every path of a document, by its template with the names of its parameters taken out; each in all
/// the ways that it is written.
fn paths(document: &Value) -> IndexMap<String, Vec<Path<'_>>> {
    let mut found: IndexMap<String, Vec<Path<'_>>> = IndexMap::new();
    let paths = Node::root(document).get("paths");
    let members = paths.iter().flat_map(Node::members);
    for (template, item) in members.filter(|(template, _)| !template.starts_with("x-")) {
        let item = PathItem::of(item, document);
        found.entry(anonymous(template)).or_default().push(Path { template, item });
    }
    found
}

/// The operations of one path, each with the way of writing the path that it stands below.
fn operations_of<'p, 'd>(
    ways: &'p [Path<'d>],
) -> impl Iterator<Item = (&'p Path<'d>, &'static str, Node<'d>)> {
    ways.iter().flat_map(|path| {
        methods(&path.item).into_iter().map(move |(method, operation)| (path, method, operation))
    })
}

fn anonymous(template: &str) -> String {
    let mut parts = template.split('{');
    let mut anonymous = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        anonymous.push_str("{}");
        anonymous.push_str(part.split_once('}').map_or(part, |(_, rest)| rest));
    }
    anonymous
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_the_same_but_for_the_names_of_their_parameters() {
        assert_eq!(anonymous("/a/{x}/b/{y}.json"), anonymous("/a/{long}/b/{z}.json"));
        assert_ne!(anonymous("/a/{x}"), anonymous("/a/x"));
        assert_eq!(anonymous("/a/{unclosed"), "/a/{}unclosed");
    }
}
