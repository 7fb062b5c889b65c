//! The text that a document was read from: held, or had again by those who ask for it.

use std::{fmt, sync::Arc};

/// A text; nothing, once it is no longer to be had.
#[derive(Clone)]
pub(super) enum Content {
    Held(Arc<str>),
    Again(Arc<dyn Fn() -> Option<String> + Send + Sync>),
}

impl Content {
    /// The text; an empty one in place of none.
    pub(super) fn get(&self) -> Arc<str> {
        match self {
            Self::Held(text) => Arc::clone(text),
            Self::Again(again) => again().unwrap_or_default().into(),
        }
    }

    /// Whether both are one, however often it is shared.
    pub(super) fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Held(one), Self::Held(other)) => Arc::ptr_eq(one, other),
            (Self::Again(one), Self::Again(other)) => Arc::ptr_eq(one, other),
            _ => false,
        }
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Held(_) => "Held",
            Self::Again(_) => "Again",
        })
    }
}
