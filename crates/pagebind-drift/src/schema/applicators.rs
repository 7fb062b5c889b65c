//! Items, and the keywords that apply schemas to a part of a value or on a condition.

use indexmap::{IndexMap, IndexSet};
use serde_json::Value;

use super::{both::Both, view::View};
use crate::{
    comparison::{At, Comparison, Items},
    node::Node,
    rules::schema::{self as rows, Subject},
};

impl<'d> Comparison<'d> {
    pub(super) fn arrays(&mut self, both: &Both<'_, 'd>, items: &mut Items) {
        let below = both.subject.below();
        for index in 0..positions(both.old).max(positions(both.new)) {
            let (old, new) = (position(both.old, index), position(both.new, index));
            let refused = |schemas: &[Node<'d>]| {
                schemas.iter().find(|schema| schema.value == &Value::Bool(false)).cloned()
            };
            let (row, at, what) = match (refused(&old), refused(&new)) {
                (None, Some(_)) if index < positions(both.old) => {
                    let what = "this position of the array was removed";
                    (&rows::PREFIX_ITEMS_REMOVED, At::Old(&old[0]), what)
                }
                (Some(_), None) if index < positions(both.new) => {
                    let what = "this position of the array is new";
                    (&rows::PREFIX_ITEMS_ADDED, At::New(&new[0]), what)
                }
                _ => {
                    self.schema(&old, &new, below, items);
                    continue;
                }
            };
            self.found_in_schema(items, row, both.subject, at, what, (None, None));
        }
        // What stands behind all positions.
        let (old, new) = (both.old.all("items"), both.new.all("items"));
        if !(old.is_empty() && new.is_empty()) {
            self.schema(&old, &new, below, items);
        }
        let (old, new) = (both.old.flag("uniqueItems"), both.new.flag("uniqueItems"));
        let (old_node, new_node) = (both.old.first("uniqueItems"), both.new.first("uniqueItems"));
        if let Some(at) = both.keyword(old_node.as_ref(), new_node.as_ref()).filter(|_| old != new)
        {
            let (row, what) = if new {
                (&rows::ITEMS_BECAME_UNIQUE, "items have to be unique now")
            } else {
                (&rows::ITEMS_NO_LONGER_UNIQUE, "items need not be unique any more")
            };
            self.found_in_schema(
                items,
                row,
                both.subject,
                at,
                what,
                (Some(old.into()), Some(new.into())),
            );
        }
    }

    /// The keywords whose effect is compared as a whole: is there one, and does it say the same?
    pub(super) fn applicators(&mut self, both: &Both<'_, 'd>, items: &mut Items) {
        let keywords = [
            ("not", &rows::NOT),
            ("if", &rows::IF),
            ("then", &rows::THEN),
            ("else", &rows::ELSE),
            ("contains", &rows::CONTAINS),
            ("propertyNames", &rows::PROPERTY_NAMES),
            ("unevaluatedItems", &rows::UNEVALUATED_ITEMS),
            ("unevaluatedProperties", &rows::UNEVALUATED_PROPERTIES),
            ("contentSchema", &rows::CONTENT_SCHEMA),
        ];
        for (keyword, rows) in keywords {
            let says = |view: &View<'d>| -> Vec<Node<'d>> {
                let mut nodes = view.all(keyword);
                nodes.retain(|node| node.value != &Value::Bool(true));
                nodes
            };
            let (old, new) = (says(both.old), says(both.new));
            let (row, what) = match (old.is_empty(), new.is_empty()) {
                (true, true) => continue,
                (true, false) => (&rows.added, "was added"),
                (false, true) => (&rows.removed, "was removed"),
                (false, false) if self.schemas_differ(&old, &new, both.subject) => {
                    (&rows.changed, "changed")
                }
                (false, false) => {
                    // There may still be something to say of its prose.
                    self.schema(&old, &new, both.subject, items);
                    continue;
                }
            };
            if let Some(at) = both.keyword(old.first(), new.first()) {
                let what = format!("`{keyword}` {what}");
                self.found_in_schema(items, row, both.subject, at, what, (None, None));
            }
        }
        self.named_schemas(
            both,
            "dependentSchemas",
            (&rows::DEPENDENT_SCHEMA_ADDED, &rows::DEPENDENT_SCHEMA_REMOVED),
            both.subject,
            items,
        );
        self.dependent_required(both, items);
    }

    fn dependent_required(&self, both: &Both<'_, 'd>, items: &mut Items) {
        let keyword = "dependentRequired";
        let (old, new) = (named(&both.old.all(keyword)), named(&both.new.all(keyword)));
        let rows = &rows::DEPENDENT_REQUIRED;
        let names = |nodes: &[Node<'d>]| -> IndexSet<&'d str> {
            let lists = nodes.iter().filter_map(|node| node.value.as_array()).flatten();
            lists.filter_map(Value::as_str).collect()
        };
        for (name, gone) in old.iter().filter(|(name, _)| !new.contains_key(*name)) {
            let what = format!("`{name}` no longer requires others");
            self.found_in_schema(
                items,
                &rows.removed,
                both.subject,
                At::Old(&gone[0]),
                what,
                (Some(gone[0].value.clone()), None),
            );
        }
        for (name, now) in &new {
            let at = At::New(&now[0]);
            let value = now[0].value.clone();
            match old.get(name) {
                None => {
                    let what = format!("`{name}` now requires others");
                    self.found_in_schema(
                        items,
                        &rows.added,
                        both.subject,
                        at,
                        what,
                        (None, Some(value)),
                    );
                }
                // Sets: the order of names says nothing.
                Some(was) if names(was) != names(now) => {
                    let what = format!("`{name}` requires others than before");
                    let values = (Some(was[0].value.clone()), Some(value));
                    self.found_in_schema(items, &rows.changed, both.subject, at, what, values);
                }
                Some(_) => {}
            }
        }
    }

    /// A map of schemas that each narrow what is accepted.
    pub(super) fn named_schemas(
        &mut self,
        both: &Both<'_, 'd>,
        keyword: &str,
        (added, removed): (&rows::Row, &rows::Row),
        below: Subject,
        items: &mut Items,
    ) {
        let (old, new) = (named(&both.old.all(keyword)), named(&both.new.all(keyword)));
        for (name, old) in &old {
            match new.get(name) {
                Some(new) => self.schema(old, new, below, items),
                None => {
                    let what = format!("`{keyword}` for `{name}` was removed");
                    self.found_in_schema(
                        items,
                        removed,
                        both.subject,
                        At::Old(&old[0]),
                        what,
                        (Some((*name).into()), None),
                    );
                }
            }
        }
        for (name, new) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
            let what = format!("`{keyword}` for `{name}` was added");
            self.found_in_schema(
                items,
                added,
                both.subject,
                At::New(&new[0]),
                what,
                (None, Some((*name).into())),
            );
        }
    }
}

/// How many positions of an array have schemas of their own.
fn positions(view: &View<'_>) -> usize {
    let lists = view.all("prefixItems");
    lists.iter().map(|list| list.elements().count()).max().unwrap_or_default()
}

/// What describes the element at `index`: in each part its own schema, else that of all elements
/// without one (JSON Schema 2020-12, 10.3.1.1 and 10.3.1.2). Nothing takes anything.
fn position<'d>(view: &View<'d>, index: usize) -> Vec<Node<'d>> {
    let own = |part: &Node<'d>| part.get("prefixItems")?.elements().nth(index);
    view.parts.iter().filter_map(|part| own(part).or_else(|| part.get("items"))).collect()
}

/// The members of several objects by name.
fn named<'d>(objects: &[Node<'d>]) -> IndexMap<&'d str, Vec<Node<'d>>> {
    let mut named: IndexMap<_, Vec<_>> = IndexMap::new();
    for object in objects {
        for (name, member) in object.named() {
            named.entry(name).or_default().push(member);
        }
    }
    named
}
