//! Types, formats and null: whether a schema takes other kinds of values now.

use std::cmp::Ordering;

use super::{
    both::Both,
    kinds::{Format, Types},
    view::View,
};
use crate::{
    comparison::{At, Comparison, Items},
    rules::schema as rows,
};

/// How what is accepted now relates to what was accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Relation {
    Equal,
    Wider,
    Narrower,
    Other,
}

impl Relation {
    fn of(includes_old: bool, included_in_old: bool) -> Self {
        match (includes_old, included_in_old) {
            (true, true) => Self::Equal,
            (true, false) => Self::Wider,
            (false, true) => Self::Narrower,
            (false, false) => Self::Other,
        }
    }

    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Equal, same) | (same, Self::Equal) => same,
            (a, b) if a == b => a,
            _ => Self::Other,
        }
    }
}

/// How two formats relate: to be told apart from none is narrower than none, and than no other.
fn format_relation<'d>(
    (old, old_types): (Option<Format<'d>>, Types),
    (new, new_types): (Option<Format<'d>>, Types),
) -> Relation {
    let told_apart = |format: Option<Format<'d>>, types| format?.told_apart(types);
    let says_nothing = |format: Option<Format<'d>>| format.is_none_or(Format::goes_without_saying);
    match (told_apart(old, old_types), told_apart(new, new_types)) {
        (was, is) if was == is => Relation::Equal,
        (Some(_), None) if says_nothing(new) => Relation::Wider,
        (None, Some(_)) if says_nothing(old) => Relation::Narrower,
        _ => Relation::Other,
    }
}

fn type_row(relation: Relation, subject: rows::Subject, list: bool) -> &'static rows::Row {
    // Users know a narrowed request as a changed type, but in the property of a parameter.
    let specialized = !subject.is_request() || subject == rows::Subject::RequestParameterProperty;
    match relation {
        Relation::Wider if list => &rows::TYPES_WIDENED,
        Relation::Wider => &rows::TYPE_GENERALIZED,
        Relation::Narrower if list => &rows::TYPES_NARROWED,
        Relation::Narrower if specialized => &rows::TYPE_SPECIALIZED,
        _ => &rows::TYPE_CHANGED,
    }
}

impl<'d> Comparison<'d> {
    /// Compares types, formats and nullability; `false` if no value satisfies both, so that
    /// nothing else is worth saying.
    pub(super) fn types(&self, both: &Both<'_, 'd>, items: &mut Items) -> bool {
        let (old, new) = (both.old.types(), both.new.types());
        self.nullability(both, items, (old, new));
        let (old, new) = (old.without_null(), new.without_null());
        let (old_format, new_format) = (both.old.format(), both.new.format());
        let old_name = old_format.as_ref().map(|(format, _)| *format);
        let new_name = new_format.as_ref().map(|(format, _)| *format);
        // Written as text, a string takes whatever a number or a flag takes.
        let text = |wide: (Types, Option<Format<'_>>), narrow: (Types, Option<Format<'_>>)| {
            both.subject.is_text()
                && wide.0 == Types::STRING
                && (wide.1.is_none() || wide.1 == narrow.1)
                && Types::SCALARS.includes(narrow.0)
        };
        let mut relation = Relation::of(
            new.includes(old) || text((new, new_name), (old, old_name)),
            old.includes(new) || text((old, old_name), (new, new_name)),
        );
        if old.includes(new) || new.includes(old) {
            let formats = format_relation((old_name, old), (new_name, new));
            relation = relation.and(formats);
        }
        if relation == Relation::Equal && old_name != new_name {
            let nodes = (
                old_format.as_ref().map(|(_, node)| node),
                new_format.as_ref().map(|(_, node)| node),
            );
            if let Some(at) = both.keyword(nodes.0, nodes.1) {
                let (old, new) = (old.describe(old_name), new.describe(new_name));
                let what = format!("format changed from {old} to {new}");
                let values = (Some(old.into()), Some(new.into()));
                self.found_in_schema(items, &rows::FORMAT_CHANGED, both.subject, at, what, values);
            }
        }
        if relation != Relation::Equal {
            let (old_node, new_node) = if old == new {
                (old_format.map(|(_, node)| node), new_format.map(|(_, node)| node))
            } else {
                (both.old.first("type"), both.new.first("type"))
            };
            if let Some(at) = both.keyword(old_node.as_ref(), new_node.as_ref()) {
                let row = type_row(
                    relation,
                    both.subject,
                    old != new && (old.is_list() || new.is_list()),
                );
                let (old, new) = (old.describe(old_name), new.describe(new_name));
                let what = format!("type changed from {old} to {new}");
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
        old == new || old.and(new) != Types::NONE
    }

    fn nullability(&self, both: &Both<'_, 'd>, items: &mut Items, (old, new): (Types, Types)) {
        // Null has to be among the types and among the values that are listed.
        let takes = |view: &View<'d>, types: Types| {
            (types.has_null(), types.has_null() && !view.leaves_null_out())
        };
        let change = takes(both.old, old).cmp(&takes(both.new, new));
        let (row, what, nullable) = match change {
            Ordering::Less => (&rows::BECAME_NULLABLE, "may now be null", new),
            Ordering::Greater => (&rows::BECAME_NOT_NULLABLE, "may no longer be null", old),
            Ordering::Equal => return,
        };
        if both.lists_of_nullable() {
            return;
        }
        // A schema without a type takes null as it takes everything, and one that takes nothing
        // else has another type now: both are said of the type.
        let said_elsewhere = nullable == Types::ANY
            || old.without_null() == Types::NONE
            || new.without_null() == Types::NONE;
        let (old_node, new_node) = (both.old.first("type"), both.new.first("type"));
        // Where the word is what it was, it is the schema around it that takes null or not.
        let same_word = old_node
            .as_ref()
            .zip(new_node.as_ref())
            .is_some_and(|(old, new)| old.value == new.value && old.pointer() == new.pointer());
        let around = both.new.written.as_ref().map(At::New).filter(|_| same_word);
        let at = around.or_else(|| both.keyword(old_node.as_ref(), new_node.as_ref()));
        if let Some(at) = at.filter(|_| !said_elsewhere) {
            let values = (Some(change.is_gt().into()), Some(change.is_lt().into()));
            self.found_in_schema(items, row, both.subject, at, what, values);
        }
    }
}
