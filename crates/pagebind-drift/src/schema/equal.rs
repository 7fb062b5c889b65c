//! Numbers and values as JSON Schema compares them: by what they are, not by how they are written.

use std::cmp::Ordering;

use serde_json::{Number, Value};

/// The order of two numbers of any kind.
pub(super) fn order(a: &Number, b: &Number) -> Ordering {
    pagebind::number::compare(a, b)
}

/// Whether two values are equal, `1` and `1.0` being one number.
pub(super) fn equal(a: &Value, b: &Value) -> bool {
    pagebind::number::same(a, b)
}
