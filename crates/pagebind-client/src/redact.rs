//! How a value that must not be printed appears in `Debug`.

use std::fmt;

/// Stands in a `Debug` output where a sensitive value would be.
///
/// Generated `Debug` implementations pass it in place of the field:
/// `.field("first_name", &Redacted)`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Redacted;

impl fmt::Debug for Redacted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}
