//! Types, formats and null: whether a schema takes other kinds of values now.

use super::{
    both::Both,
    kinds::{Format, Types},
};
use crate::{
    comparison::{Comparison, Items},
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

fn format_relation(old: Option<Format<'_>>, new: Option<Format<'_>>) -> Relation {
    let includes = |wide: Option<Format<'_>>, narrow: Option<Format<'_>>| match (wide, narrow) {
        (None, _) => true,
        (Some(Format("int64")), Some(Format("int32"))) => true,
        (Some(Format("double")), Some(Format("float"))) => true,
        (wide, narrow) => wide == narrow,
    };
    Relation::of(includes(new, old), includes(old, new))
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
            relation = relation.and(format_relation(old_name, new_name));
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
        let (row, what, nullable) = match (old.has_null(), new.has_null()) {
            (false, true) => (&rows::BECAME_NULLABLE, "may now be null", new),
            (true, false) => (&rows::BECAME_NOT_NULLABLE, "may no longer be null", old),
            _ => return,
        };
        // A schema without a type takes null as it takes everything, and one that takes nothing
        // else has another type now: both are said of the type.
        let said_elsewhere = nullable == Types::ANY
            || old.without_null() == Types::NONE
            || new.without_null() == Types::NONE;
        let (old_node, new_node) = (both.old.first("type"), both.new.first("type"));
        if let Some(at) =
            both.keyword(old_node.as_ref(), new_node.as_ref()).filter(|_| !said_elsewhere)
        {
            let values = (Some(old.has_null().into()), Some(new.has_null().into()));
            self.found_in_schema(items, row, both.subject, at, what, values);
        }
    }
}
