//! What a help page says, reduced to what binds a caller.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use super::sample::Sample;

/// What a help page says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HelpPage {
    /// The operation: `POST api/v1/customer/payments/update`.
    pub operation: String,
    /// What is said of it in words.
    pub description: String,
    pub(super) request: Message,
    pub(super) response: Message,
}

/// A request or a response.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) model: String,
    pub(super) members: IndexMap<String, Member>,
    /// By media type, with the sample that is shown for it.
    pub(super) formats: BTreeMap<String, Option<Sample>>,
}

/// A row of the table of a model's members.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Member {
    pub(super) description: String,
    pub(super) model: String,
    /// `Required`, `Max length: 10`, …
    pub(super) notes: Vec<String>,
}

impl Member {
    pub(super) fn is_required(&self) -> bool {
        self.notes.iter().any(|note| note == "Required")
    }
}
