//! What pages say about one part of the API, and what becomes of it where they differ.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use serde_json::Value;

use super::compare::{Difference, Written};
use crate::{diagnostic::Diagnostic, document::key_kind::KeyKind, report::Report};

/// The ways in which one part is written, each with the pages (by index) that write it so.
///
/// Ordered by content, so that nothing depends on the order of the pages. Not having the part is
/// a way of its own, for a page that takes part without it.
#[derive(Debug, Default)]
pub(super) struct Claim<'a>(BTreeMap<Option<Written<'a>>, BTreeSet<usize>>);

impl<'a> Claim<'a> {
    pub(super) fn add(&mut self, page: usize, value: impl Into<Option<&'a Value>>) {
        let written = value.into().map(Written);
        self.0.entry(written).or_default().insert(page);
    }

    /// Every page that takes part.
    pub(super) fn pages(&self) -> impl Iterator<Item = usize> {
        self.0.values().flatten().copied()
    }

    /// The value that is taken if there is no conflict: the first by content.
    pub(super) fn pick(&self) -> Option<&'a Value> {
        self.0.keys().next()?.map(|first| first.0)
    }

    /// Where the others differ from the pick, if they do.
    pub(super) fn verdict(&self, keys: KeyKind) -> Verdict {
        let mut verdict = Verdict::Agreed;
        for other in self.0.keys().skip(1) {
            let (Some(pick), Some(other)) = (self.pick(), other) else {
                return Verdict::Conflict(String::new());
            };
            let difference = Difference::between(pick, other.0, keys);
            if let Some(pointer) = difference.contract {
                return Verdict::Conflict(pointer);
            }
            if let (Verdict::Agreed, Some(pointer)) = (&verdict, difference.annotation) {
                verdict = Verdict::Annotation(pointer);
            }
        }
        verdict
    }

    /// `problem` with the place of every page that takes part, and what it says at `inner`, a
    /// pointer into the part that begins at `base` of each page.
    pub(super) fn report(
        &self,
        problem: Diagnostic,
        base: impl Fn(usize) -> String,
        inner: &str,
    ) -> Report {
        self.0.iter().fold(Report::new(problem), |report, (written, sayers)| {
            let said = written.and_then(|written| written.0.pointer(inner));
            let note =
                said.map_or("says nothing".to_owned(), |said| format!("says {}", excerpt(said)));
            sayers.iter().fold(report, |report, page| {
                report.seen(*page, base(*page) + inner, Some(note.clone()))
            })
        })
    }
}

/// What comes of comparing all that pages say about one part.
pub(super) enum Verdict {
    Agreed,
    /// They differ in annotations alone, first at this pointer.
    Annotation(String),
    /// They contradict each other, first at this pointer.
    Conflict(String),
}

impl Verdict {
    /// The same verdict on a part that is an annotation as a whole.
    pub(super) fn of_annotation(self) -> Self {
        match self {
            Self::Conflict(pointer) => Self::Annotation(pointer),
            verdict => verdict,
        }
    }
}

/// A value in one line, cut to what can be taken in at a glance.
fn excerpt(value: &Value) -> String {
    const LONGEST: usize = 100;
    let text = value.to_string();
    let mut short: String = text.chars().take(LONGEST).collect();
    if short.len() < text.len() {
        let _ = write!(short, "… ({} bytes)", text.len());
    }
    short
}
