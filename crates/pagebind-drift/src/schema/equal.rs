//! Numbers and values as JSON Schema compares them: by what they are, not by how they are written.

use std::cmp::Ordering;

use serde_json::{Number, Value};

/// The order of two numbers of any kind.
pub(super) fn order(a: &Number, b: &Number) -> Ordering {
    match (a.as_i128(), b.as_i128()) {
        (Some(a), Some(b)) => a.cmp(&b),
        // A JSON number is never NaN.
        _ => a.as_f64().partial_cmp(&b.as_f64()).unwrap_or(Ordering::Equal),
    }
}

/// Whether two values are equal, `1` and `1.0` being one number.
pub(super) fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => order(a, b).is_eq(),
        _ => a == b,
    }
}
