//! Bounds of numbers: in 3.1 an exclusive bound is a number of its own, in 3.0 a flag on the bound.

use std::cmp::Ordering;

use serde_json::{Map, Value, json};

use super::{pass::Lowering, schema};
use crate::number;

impl Lowering<'_> {
    /// Settles both pairs of bounds; where both bounds of a pair stand, the tighter one counts.
    pub(super) fn bounds(&mut self, at: &str, out: &mut Map<String, Value>) {
        self.bound(at, out, "minimum", "exclusiveMinimum", Ordering::Greater);
        self.bound(at, out, "maximum", "exclusiveMaximum", Ordering::Less);
    }

    fn bound(
        &mut self,
        at: &str,
        out: &mut Map<String, Value>,
        inclusive: &str,
        exclusive: &str,
        tighter: Ordering,
    ) {
        let limit = match out.shift_remove(exclusive) {
            None => return,
            Some(Value::Number(limit)) => limit,
            Some(other) => {
                // A flag is how 3.0 says it; in 3.1 it is no bound at all.
                let kept = schema::kept(exclusive);
                self.lose(at, exclusive, format!("not a number; kept as `{kept}`"));
                out.insert(kept, other);
                return;
            }
        };
        if let Some(Value::Number(bound)) = out.get(inclusive)
            && number::compare(bound, &limit) == tighter
        {
            return;
        }
        out.insert(inclusive.to_owned(), Value::Number(limit));
        out.insert(exclusive.to_owned(), json!(true));
    }
}
