//! `oneOf` and `anyOf`: which branch became which.
//!
//! Branches have no names of their own. Two are taken for the same if they refer to a component of
//! the same name, else if they mean the same, and else if each is the only one left on its side.

use serde_json::Value;

use super::{
    both::Both,
    kinds::Types,
    view::{Alternatives, View},
};
use crate::{
    comparison::{At, Comparison, Items},
    node::{Node, find},
    rules::schema::{self as rows, Row, Subject},
};

/// A branch: one schema, or the conjunction that stood there before there were branches.
type Branch<'d> = Vec<Node<'d>>;

impl<'d> Comparison<'d> {
    /// A schema that became one of several, or was one of several and is left alone: then the
    /// plain side is the only branch. `false` if that is not what is compared here.
    pub(super) fn lone_alternatives(&mut self, both: &Both<'_, 'd>, items: &mut Items) -> bool {
        let lone = |view: &View<'d>| !view.parts.is_empty() && view.alternatives.is_empty();
        let (old, new, exclusive) = if lone(both.old) && both.new.is_only_alternatives() {
            let new = &both.new.alternatives[0];
            (vec![both.old.one_branch(self.old)], branches(new), new.exclusive)
        } else if both.old.is_only_alternatives() && lone(both.new) {
            let old = &both.old.alternatives[0];
            (branches(old), vec![both.new.one_branch(self.new)], old.exclusive)
        } else {
            return false;
        };
        self.null_among(both, items);
        self.branches(both.subject, (old, new), exclusive, items);
        true
    }

    pub(super) fn alternatives(&mut self, both: &Both<'_, 'd>, items: &mut Items) {
        let mut old = both.old.alternatives.iter();
        let mut new = both.new.alternatives.iter();
        loop {
            match (old.next(), new.next()) {
                (None, None) => break,
                (Some(old), Some(new)) => {
                    let exclusive = old.exclusive || new.exclusive;
                    self.branches(both.subject, (branches(old), branches(new)), exclusive, items);
                }
                // Beside everything else that the schema says, a choice narrows it.
                (None, Some(new)) => {
                    let row = if both.subject.is_request() {
                        &rows::TYPE_CHANGED
                    } else {
                        &rows::TYPE_SPECIALIZED
                    };
                    let what = format!("has to be one of {} schemas now", new.branches.len());
                    self.found_in_schema(
                        items,
                        row,
                        both.subject,
                        At::New(&new.node),
                        what,
                        (None, None),
                    );
                }
                (Some(old), None) => {
                    let what =
                        format!("need not be one of {} schemas any more", old.branches.len());
                    self.found_in_schema(
                        items,
                        &rows::TYPE_GENERALIZED,
                        both.subject,
                        At::Old(&old.node),
                        what,
                        (None, None),
                    );
                }
            }
        }
        let untold = |view: &View<'d>| view.types() == Types::ANY && !view.alternatives.is_empty();
        if untold(both.old) && untold(both.new) {
            self.null_among(both, items);
        }
        self.discriminator(both, items);
    }

    /// Null as one of the alternatives: no branch of its own, and not told by the types.
    fn null_among(&self, both: &Both<'_, 'd>, items: &mut Items) {
        let (row, what) = match (both.old.is_nullable(), both.new.is_nullable()) {
            (false, true) => (&rows::BECAME_NULLABLE, "may now be null"),
            (true, false) => (&rows::BECAME_NOT_NULLABLE, "may no longer be null"),
            _ => return,
        };
        if let Some(at) = both.site() {
            self.found_in_schema(items, row, both.subject, at, what, (None, None));
        }
    }

    fn branches(
        &mut self,
        subject: Subject,
        (mut old, mut new): (Vec<Branch<'d>>, Vec<Branch<'d>>),
        exclusive: bool,
        items: &mut Items,
    ) {
        // One schema that became several, or several that became one: the client has no union.
        let lone = old.len() == 1 || new.len() == 1;
        pair_off(&mut old, &mut new, |old, new| {
            let named = reference(old).is_some() && reference(old) == reference(new);
            if named {
                self.schema(old, new, subject, items);
            }
            named
        });
        pair_off(&mut old, &mut new, |old, new| {
            let equal = !self.schemas_differ(old, new, subject);
            if equal {
                // There may still be something to say of its prose.
                self.schema(old, new, subject, items);
            }
            equal
        });
        if let ([old], [new]) = (&old[..], &new[..]) {
            self.schema(old, new, subject, items);
            return;
        }
        let (added, removed): (&Row, &Row) = if lone {
            (&rows::BECAME_ONE_OF_SEVERAL, &rows::NO_LONGER_ONE_OF_SEVERAL)
        } else if exclusive {
            (&rows::ONE_OF_ADDED, &rows::ONE_OF_REMOVED)
        } else {
            (&rows::ANY_OF_ADDED, &rows::ANY_OF_REMOVED)
        };
        for branch in &old {
            let name = self.name(At::Old(&branch[0]));
            let what = format!("may no longer be {name}");
            self.found_in_schema(
                items,
                removed,
                subject,
                At::Old(&branch[0]),
                what,
                (Some(name.into()), None),
            );
        }
        for branch in &new {
            let name = self.name(At::New(&branch[0]));
            let what = format!("may now be {name}");
            self.found_in_schema(
                items,
                added,
                subject,
                At::New(&branch[0]),
                what,
                (None, Some(name.into())),
            );
        }
    }

    /// What people call a branch: the component, the title, or its place.
    fn name(&self, branch: At<'_, 'd>) -> String {
        let (At::Old(node) | At::New(node)) = branch;
        let component =
            reference(std::slice::from_ref(node)).and_then(|name| name.rsplit('/').next());
        match component.or_else(|| node.str_of("title")) {
            Some(name) => format!("`{name}`"),
            None => node.pointer(),
        }
    }

    fn discriminator(&mut self, both: &Both<'_, 'd>, items: &mut Items) {
        let (old, new) = (both.old.first("discriminator"), both.new.first("discriminator"));
        let subject = both.subject;
        let (old, new) = match (&old, &new) {
            (None, None) => return,
            (None, Some(new)) => {
                return self.found_in_schema(
                    items,
                    &rows::DISCRIMINATOR_ADDED,
                    subject,
                    At::New(new),
                    "a discriminator was added",
                    (None, Some(new.value.clone())),
                );
            }
            (Some(old), None) => {
                return self.found_in_schema(
                    items,
                    &rows::DISCRIMINATOR_REMOVED,
                    subject,
                    At::Old(old),
                    "the discriminator was removed",
                    (Some(old.value.clone()), None),
                );
            }
            (Some(old), Some(new)) => (old, new),
        };
        let property = |node: &Node<'d>| node.value_of("propertyName").cloned();
        if property(old) != property(new) {
            let what = "another property discriminates";
            self.found_in_schema(
                items,
                &rows::DISCRIMINATOR_PROPERTY,
                subject,
                At::New(new),
                what,
                (property(old), property(new)),
            );
        }
        let (old, new) = (old.get("mapping"), new.get("mapping"));
        let entries = |node: &Option<Node<'d>>| {
            node.iter().flat_map(|node| node.named().collect::<Vec<_>>()).collect::<Vec<_>>()
        };
        let target = |node: &Option<Node<'d>>, tag: &str| {
            node.as_ref().and_then(|node| node.value_of(tag)).cloned()
        };
        for (tag, was) in entries(&old) {
            let values = (Some(was.value.clone()), target(&new, tag));
            match &values.1 {
                None => self.found_in_schema(
                    items,
                    &rows::MAPPING_DELETED,
                    subject,
                    At::Old(&was),
                    format!("the discriminator's `{tag}` was removed"),
                    values,
                ),
                Some(now) => {
                    let schemas = (mapped(self.old, was.value), mapped(self.new, now));
                    if self.is_other(was.value, now) || schemas.0.is_some() != schemas.1.is_some() {
                        self.found_in_schema(
                            items,
                            &rows::MAPPING_CHANGED,
                            subject,
                            At::Old(&was),
                            format!("the discriminator's `{tag}` means another schema"),
                            values,
                        );
                    } else if let (Some(old), Some(new)) = schemas {
                        // A subtype may be led to by nothing else.
                        self.schema(&[old], &[new], subject, items);
                    }
                }
            }
        }
        for (tag, now) in entries(&new) {
            if target(&old, tag).is_none() {
                let values = (None, Some(now.value.clone()));
                self.found_in_schema(
                    items,
                    &rows::MAPPING_ADDED,
                    subject,
                    At::New(&now),
                    format!("the discriminator's `{tag}` is new"),
                    values,
                );
            }
        }
    }

    /// A mapping names a component by its name or by a reference to it.
    fn is_other(&self, old: &Value, new: &Value) -> bool {
        let name = |value: &Value| {
            value.as_str().map(|text| text.trim_start_matches("#/components/schemas/").to_owned())
        };
        name(old) != name(new)
    }
}

/// The schema that a discriminator's mapping leads to, by a reference or by a component's name.
fn mapped<'d>(root: &'d Value, target: &Value) -> Option<Node<'d>> {
    let target = target.as_str()?;
    if target.starts_with('#') {
        return find(root, target);
    }
    Node::root(root).get("components")?.get("schemas")?.get(target)
}

fn branches<'d>(alternatives: &Alternatives<'d>) -> Vec<Branch<'d>> {
    alternatives.branches.iter().map(|branch| vec![branch.clone()]).collect()
}

fn reference<'d>(branch: &[Node<'d>]) -> Option<&'d str> {
    match branch {
        [node] => node.str_of("$ref"),
        _ => None,
    }
}

/// Takes out of both lists what `matches`, each element once.
fn pair_off<'d>(
    old: &mut Vec<Branch<'d>>,
    new: &mut Vec<Branch<'d>>,
    mut matches: impl FnMut(&Branch<'d>, &Branch<'d>) -> bool,
) {
    old.retain(|old| match new.iter().position(|new| matches(old, new)) {
        Some(index) => {
            new.remove(index);
            false
        }
        None => true,
    });
}
