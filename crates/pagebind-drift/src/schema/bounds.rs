//! Bounds of numbers, lengths and counts.

use std::cmp::Ordering;

use serde_json::Value;

use super::{
    both::Both,
    equal::order,
    view::{Bound, View},
};
use crate::{
    comparison::{Comparison, Items},
    rules::schema as rows,
};

impl<'d> Comparison<'d> {
    pub(super) fn bounds(&self, both: &Both<'_, 'd>, items: &mut Items) {
        let numeric = [
            ("minimum", "exclusiveMinimum", &rows::MIN, &rows::EXCLUSIVE_MIN, "minimum"),
            ("maximum", "exclusiveMaximum", &rows::MAX, &rows::EXCLUSIVE_MAX, "maximum"),
        ];
        for (keyword, exclusive, plain_rows, exclusive_rows, words) in numeric {
            let bound = |view: &View<'d>| view.bound(keyword, Some(exclusive), plain_rows.lower);
            let (old, new) = (bound(both.old), bound(both.new));
            let is_exclusive = old.iter().chain(&new).any(|bound| bound.exclusive);
            let (rows, words) = if is_exclusive {
                (exclusive_rows, format!("exclusive {words}"))
            } else {
                (plain_rows, words.to_owned())
            };
            self.bound(both, items, rows, &words, (old, new));
        }
        let counts = [
            ("minLength", &rows::MIN_LENGTH, "minimum length"),
            ("maxLength", &rows::MAX_LENGTH, "maximum length"),
            ("minItems", &rows::MIN_ITEMS, "minimum number of items"),
            ("maxItems", &rows::MAX_ITEMS, "maximum number of items"),
            ("minProperties", &rows::MIN_PROPERTIES, "minimum number of properties"),
            ("maxProperties", &rows::MAX_PROPERTIES, "maximum number of properties"),
            ("minContains", &rows::MIN_CONTAINS, "minimum number of contained items"),
            ("maxContains", &rows::MAX_CONTAINS, "maximum number of contained items"),
        ];
        for (keyword, rows, words) in counts {
            let bound = |view: &View<'d>| view.bound(keyword, None, rows.lower);
            self.bound(both, items, rows, words, (bound(both.old), bound(both.new)));
        }
    }

    fn bound(
        &self,
        both: &Both<'_, 'd>,
        items: &mut Items,
        rows: &rows::Bound,
        words: &str,
        (old, new): (Option<Bound<'d>>, Option<Bound<'d>>),
    ) {
        let (row, what) = match (&old, &new) {
            (None, None) => return,
            (None, Some(new)) => (&rows.set, format!("{words} {} was set", new.limit)),
            (Some(old), None) => (&rows.unset, format!("{words} {} was lifted", old.limit)),
            (Some(old), Some(new)) => {
                // An exclusive lower bound lies above the same number, an upper one below it.
                let exclusivity = old.exclusive.cmp(&new.exclusive);
                let exclusivity = if rows.lower { exclusivity } else { exclusivity.reverse() };
                match order(old.limit, new.limit).then(exclusivity) {
                    Ordering::Equal => return,
                    Ordering::Less => (
                        &rows.increased,
                        format!("{words} increased from {} to {}", old.limit, new.limit),
                    ),
                    Ordering::Greater => (
                        &rows.decreased,
                        format!("{words} decreased from {} to {}", old.limit, new.limit),
                    ),
                }
            }
        };
        let at = both
            .keyword(old.as_ref().map(|bound| &bound.node), new.as_ref().map(|bound| &bound.node));
        if let Some(at) = at {
            let limit = |bound: &Bound<'d>| Value::Number(bound.limit.clone());
            let values = (old.as_ref().map(limit), new.as_ref().map(limit));
            self.found_in_schema(items, row, both.subject, at, what, values);
        }
    }
}
