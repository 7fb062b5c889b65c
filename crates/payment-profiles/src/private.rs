//! How a value is kept out of every log: its type cannot print it.
//!
//! Personal data travels through `Debug` more often than through anything else, because `{:?}`
//! is what a failing assertion, a span and an error chain print. Types that hold such data wrap
//! it in [`Private`], so that a derived `Debug` of the whole is safe by construction.

use std::fmt;

/// What stands in place of a value that must not be printed.
pub(crate) const REDACTED: &str = "[redacted]";

/// A value that its owner can read and nobody can print.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Private<T>(pub(crate) T);

impl<T> fmt::Debug for Private<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}
