//! A finding: one change, seen by one operation.
//!
//! A *change* is one difference between two documents, at one place. A schema that six hundred
//! operations share changes once, but it touches six hundred calls: that is six hundred
//! *findings*, which share one [`Change`] (so they cost a pointer each). Programs ask "what does
//! this do to `POST /v1/cards`?" and select by operation; the reports for people show a change
//! once and count the operations it touches. Changed prose in a shared component touches no call
//! and is one finding without an operation.

use std::{borrow::Cow, fmt, sync::Arc};

use pagebind::diagnostic::Position;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// What a finding means to someone who calls the API with the generated client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing to do.
    Info,
    /// Worth a look: it may matter, depending on what the caller does.
    Warning,
    /// Calls that work today can fail, or do something else.
    Breaking,
}

impl Severity {
    /// All of them, the most severe first.
    pub const ALL: [Self; 3] = [Self::Breaking, Self::Warning, Self::Info];

    /// The word used in every report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Breaking => "breaking",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Whether a client that was generated from the old document keeps working, unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wire {
    /// Every call that works today works tomorrow.
    Works,
    /// Some calls may fail, depending on their values or on what the service really does.
    MayBreak,
    /// Calls that work today fail.
    Breaks,
}

impl Wire {
    /// The word used in every report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Works => "works",
            Self::MayBreak => "may-break",
            Self::Breaks => "breaks",
        }
    }

    /// What a severity means on the wire, unless a rule says otherwise.
    #[must_use]
    pub const fn of(severity: Severity) -> Self {
        match severity {
            Severity::Info => Self::Works,
            Severity::Warning => Self::MayBreak,
            Severity::Breaking => Self::Breaks,
        }
    }
}

/// Whether the caller's code still compiles after regeneration; measured, never guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rust {
    /// Not measured, or not attributable to this finding.
    Unknown,
    /// No public item was removed or changed.
    Compiles,
    /// The public item that this finding speaks of was removed or changed.
    Breaks,
}

impl Rust {
    /// The word used in every report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Compiles => "compiles",
            Self::Breaks => "breaks",
        }
    }
}

/// Which of the two documents a pointer leads into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    /// The old document: what stands there is gone.
    Old,
    /// The new document.
    New,
}

impl Side {
    /// The word used in every report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Old => "old",
            Self::New => "new",
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One difference between two documents.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The rule, as listed in [`crate::rules`].
    pub id: Cow<'static, str>,
    /// What it means to a consumer.
    pub severity: Severity,
    /// What it does to today's client.
    pub wire: Wire,
    /// Whether it is about words alone, which touch no call.
    pub prose: bool,
    /// Whether it says what could not be compared, and not what changed.
    pub untold: bool,
    /// Which document `pointer` leads into.
    pub side: Side,
    /// JSON pointer (RFC 6901) to what changed; empty where the finding is about a whole page.
    pub pointer: String,
    /// What happened, for people: a lowercase fragment.
    pub message: String,
    /// What was there: the value itself where it is small, else a word on it.
    pub old: Option<Value>,
    /// What is there now.
    pub new: Option<Value>,
}

impl Change {
    /// Twelve hexadecimal digits that name this change: the start of the SHA-256 of its id,
    /// pointer, old and new value. The wording of the message is no part of it.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let value = |value: &Option<Value>| value.as_ref().map(Value::to_string);
        let mut hash = Sha256::new();
        for field in [
            Some(self.id.to_string()),
            Some(self.pointer.clone()),
            value(&self.old),
            value(&self.new),
        ] {
            // The separator can't occur in any field: JSON text and rule ids escape it.
            hash.update(field.as_deref().unwrap_or("\u{1}"));
            hash.update([0]);
        }
        hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Where a change is published: a page or file, and the place in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The page or file, as the caller names it.
    pub name: Arc<str>,
    /// Line and column in it.
    pub position: Option<Position>,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        match self.position {
            Some(position) => write!(f, ":{position}"),
            None => Ok(()),
        }
    }
}

/// A change, as one operation sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What changed.
    pub change: Arc<Change>,
    /// The API that it is about, in a report on several.
    pub api: Option<Arc<str>>,
    /// The operation that it touches (`POST /v1/cards`); `None` where it is about the API or a page.
    pub operation: Option<Arc<str>>,
    /// What it does to the caller's source.
    pub rust: Rust,
    /// Where it is published, where that is known.
    pub location: Option<Location>,
    /// Where to look in the repository: the same part of the page as it was vendored, or the file
    /// that is about it.
    pub vendored: Option<Location>,
}

impl Finding {
    /// A change as `operation` sees it, or as the whole API does.
    #[must_use]
    pub const fn new(change: Arc<Change>, operation: Option<Arc<str>>) -> Self {
        let rust = Rust::Unknown;
        Self { change, api: None, operation, rust, location: None, vendored: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(message: &str, new: i32) -> Change {
        Change {
            id: "endpoint-added".into(),
            severity: Severity::Info,
            wire: Wire::Works,
            prose: false,
            untold: false,
            side: Side::New,
            pointer: "/paths/~1a/get".into(),
            message: message.into(),
            old: None,
            new: Some(new.into()),
        }
    }

    #[test]
    fn a_fingerprint_names_the_change_and_not_its_wording() {
        let fingerprint = change("one wording", 1).fingerprint();
        assert_eq!(fingerprint.len(), 12);
        assert_eq!(fingerprint, change("another", 1).fingerprint());
        assert_ne!(fingerprint, change("one wording", 2).fingerprint());
    }

    #[test]
    fn severities_are_ordered() {
        assert!(Severity::Breaking > Severity::Warning && Severity::Warning > Severity::Info);
    }
}
