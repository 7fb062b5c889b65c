//! One place that a rule finds, and what corrects it.

use serde_json::Value;

use super::Change;

/// One place that calls for a change, or for a look.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// What it is about, for whoever wants to see it on the page.
    pub(super) places: Vec<String>,
    /// What corrects it; nothing where somebody has to look.
    pub(super) correction: Option<Correction>,
    /// What it corrects, and why.
    pub(super) why: String,
    pub(super) is_secret: bool,
}

/// What corrects one place.
#[derive(Debug, Clone)]
pub(super) struct Correction {
    /// JSON pointer to what is changed.
    pub(super) at: String,
    pub(super) expect: Value,
    pub(super) change: Change,
}

impl Found {
    /// A place to look at.
    pub(super) fn look(place: impl Into<String>, why: impl Into<String>) -> Self {
        Self { places: vec![place.into()], correction: None, why: why.into(), is_secret: false }
    }

    /// A value that takes another.
    pub(super) fn update(
        at: impl Into<String>,
        expect: Value,
        update: Value,
        why: impl Into<String>,
    ) -> Self {
        Self::change(at, expect, Change::Update(update), why)
    }

    /// A value that goes.
    pub(super) fn remove(at: impl Into<String>, expect: Value, why: impl Into<String>) -> Self {
        Self::change(at, expect, Change::Remove, why)
    }

    /// A place that is changed.
    pub(super) fn change(
        at: impl Into<String>,
        expect: Value,
        change: Change,
        why: impl Into<String>,
    ) -> Self {
        let at = at.into();
        Self {
            places: vec![at.clone()],
            correction: Some(Correction { at, expect, change }),
            why: why.into(),
            is_secret: false,
        }
    }
}
