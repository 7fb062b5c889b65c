//! One rule.

use std::borrow::Cow;

use crate::finding::{Severity, Wire};

/// The level that the best-known tool, which takes the provider's view, gives to the same change
/// where it has a rule for it; `None` where it has none.
pub type Peer = Option<Severity>;

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its name, in kebab case.
    pub id: Cow<'static, str>,
    /// Its level for a consumer.
    pub severity: Severity,
    /// What it does to a client that was generated before.
    pub wire: Wire,
    /// Whether it is about words alone: titles, summaries, descriptions, examples.
    pub prose: bool,
    /// Whether it says what could not be compared, and not what changed.
    pub untold: bool,
    /// The well-known level, for an API's provider.
    pub peer: Peer,
    /// Why the level is what it is; always there where it differs from the well-known one.
    pub reason: &'static str,
}
