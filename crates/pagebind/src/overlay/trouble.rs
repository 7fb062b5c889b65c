//! Why a correction can't be carried out.

use std::borrow::Cow;

/// Why an action can't be applied, in the terms of a [`Diagnostic`](crate::diagnostic::Diagnostic).
pub(crate) struct Trouble {
    /// What went wrong; follows "correction N ".
    pub(super) what: String,
    /// Where in the document, and what stands there.
    pub(super) place: Option<(String, String)>,
    pub(super) help: Cow<'static, str>,
    /// Whether the document already says what the action would make it say.
    pub(super) mended: bool,
}

/// What to do where a page and a correction no longer fit.
pub(super) const RESTATE: &str = "look at the page, then restate the correction or remove it";
