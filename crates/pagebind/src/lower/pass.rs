//! One pass over a document: what it goes by, and what it finds.

use std::collections::BTreeSet;

use serde_json::Value;

use super::loss::Loss;
use crate::{
    diagnostic::{Diagnostic, Place},
    pointer,
};

/// One pass over a document.
pub(super) struct Lowering<'a> {
    pub(super) source: &'a Value,
    /// Components whose schema the pass before made wider.
    pub(super) wider: &'a BTreeSet<String>,
    /// Components whose schema this pass makes wider.
    pub(super) found_wider: BTreeSet<String>,
    /// How often a schema was made wider so far: whoever must know whether one was compares this
    /// before and after.
    pub(super) widened: usize,
    pub(super) losses: Vec<Loss>,
    pub(super) problems: Vec<Diagnostic>,
    /// What is to become a component because a reference needs it to be one.
    pub(super) hoisted: Vec<Hoisted>,
    /// Path items that are being inlined, so that a cycle is noticed.
    pub(super) inlining: Vec<String>,
    /// Security schemes that 3.0 doesn't know.
    pub(super) dropped_schemes: BTreeSet<String>,
}

impl<'a> Lowering<'a> {
    pub(super) fn new(source: &'a Value, wider: &'a BTreeSet<String>) -> Self {
        Self {
            source,
            wider,
            found_wider: BTreeSet::new(),
            widened: 0,
            losses: Vec::new(),
            problems: Vec::new(),
            hoisted: Vec::new(),
            inlining: Vec::new(),
            dropped_schemes: BTreeSet::new(),
        }
    }

    /// Lists what `keyword` of the object `at` said as lost; what is accepted stays the same.
    pub(super) fn lose(&mut self, at: &str, keyword: &str, outcome: impl Into<String>) {
        self.losses.push(Loss {
            pointer: pointer::join(at, keyword),
            keyword: keyword.to_owned(),
            outcome: outcome.into(),
        });
    }

    /// Lists what `keyword` of the schema `at` said as lost, and that the schema got wider by it.
    pub(super) fn widen(&mut self, at: &str, keyword: &str, outcome: impl Into<String>) {
        self.widened += 1;
        self.lose(at, keyword, outcome);
    }

    pub(super) fn problem(&mut self, at: &str, message: impl Into<String>, help: &str) {
        self.problems.push(Diagnostic::finding(message).place(place(at)).help(help));
    }
}

/// A part of the document that becomes a component.
#[derive(Debug)]
pub(super) struct Hoisted {
    pub(super) section: &'static str,
    pub(super) name: String,
    pub(super) pointer: String,
}

/// The place of a pointer in the document that is lowered.
pub(super) fn place(pointer: &str) -> Place {
    Place::new("the document").pointer(pointer)
}
