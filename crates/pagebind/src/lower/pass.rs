//! One pass over a document: what it goes by, and what it finds.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    rc::Rc,
};

use serde_json::Value;

use super::{knowledge::Knowledge, loss::Loss, text};
use crate::{
    diagnostic::{Diagnostic, Place},
    pointer,
};

/// One pass over a document.
pub(super) struct Lowering<'a> {
    pub(super) source: &'a Value,
    /// What is known of the document before anything is lowered.
    pub(super) known: &'a Knowledge<'a>,
    /// The schemas that get wider, by the pointers that references lead to.
    pub(super) wider: &'a BTreeSet<String>,
    /// Of these, those that this pass made wider.
    pub(super) found_wider: BTreeSet<String>,
    /// Which schema refers to which: whatever refers to one that gets wider gets wider.
    pub(super) referred: BTreeSet<(String, String)>,
    /// The schemas that a choice refers to, which becomes another one if they get wider.
    pub(super) decisive: BTreeSet<String>,
    /// How many choices, of `oneOf` and `not`, are around what is being lowered.
    pub(super) choices: usize,
    /// The referred-to schema that is being lowered.
    pub(super) owner: Option<String>,
    /// How often a schema was made wider so far: whoever must know whether one was compares this
    /// before and after.
    pub(super) widened: usize,
    pub(super) losses: Vec<Loss>,
    pub(super) problems: Vec<Diagnostic>,
    /// What is to become a component because a reference needs it to be one.
    pub(super) hoisted: Vec<Hoisted>,
    /// The names of those, by section and by what they are known by.
    pub(super) hoisted_names: HashMap<(&'static str, String), String>,
    /// All names that components have or got, by section.
    pub(super) taken: HashSet<(&'static str, String)>,
    /// The schemas that bear a dynamic anchor on the way here, the outermost for each.
    pub(super) scope: Rc<BTreeMap<String, String>>,
    /// Path items that are being inlined, so that a cycle is noticed.
    pub(super) inlining: HashSet<String>,
    /// How many path items are being inlined within each other.
    pub(super) nested: usize,
    /// What inlining has cost so far, in bytes.
    pub(super) inlined: usize,
    /// Security schemes that 3.0 doesn't know.
    pub(super) dropped_schemes: BTreeSet<String>,
    /// How the parts of the document come out.
    pub(super) parts: Parts,
}

/// How path items and components come out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Parts {
    /// As trees.
    Values,
    /// As the text that they are written as.
    Text,
}

impl<'a> Lowering<'a> {
    pub(super) fn new(
        source: &'a Value,
        known: &'a Knowledge<'a>,
        wider: &'a BTreeSet<String>,
        parts: Parts,
    ) -> Self {
        Self {
            source,
            known,
            wider,
            found_wider: BTreeSet::new(),
            referred: BTreeSet::new(),
            decisive: BTreeSet::new(),
            choices: 0,
            owner: None,
            widened: 0,
            losses: Vec::new(),
            problems: Vec::new(),
            hoisted: Vec::new(),
            hoisted_names: HashMap::new(),
            taken: HashSet::new(),
            scope: Rc::default(),
            inlining: HashSet::new(),
            nested: 0,
            inlined: 0,
            dropped_schemes: BTreeSet::new(),
            parts,
        }
    }

    /// A path item or component, which `depth` objects are around, as it comes out.
    pub(super) fn part(&self, lowered: Value, depth: usize) -> Value {
        match self.parts {
            Parts::Values => lowered,
            // Nothing is written of a document that has problems.
            Parts::Text if !self.problems.is_empty() => Value::Null,
            Parts::Text => text::of(&lowered, depth).unwrap_or(lowered),
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

    /// Lowers the schema that references know as `key`, and notes whether it got wider.
    pub(super) fn owned(&mut self, key: &str, lower: impl FnOnce(&mut Self) -> Value) -> Value {
        let before = self.widened;
        let around = self.owner.replace(key.to_owned());
        let lowered = lower(self);
        self.owner = around;
        if self.widened != before {
            self.found_wider.insert(key.to_owned());
        }
        lowered
    }
}

/// A part of the document that becomes a component.
#[derive(Debug)]
pub(super) struct Hoisted {
    pub(super) section: &'static str,
    pub(super) name: String,
    pub(super) pointer: String,
    /// What references know it by: its pointer, and its scope where that makes a difference.
    pub(super) key: String,
    /// What its dynamic references lead to.
    pub(super) scope: Rc<BTreeMap<String, String>>,
}

/// The place of a pointer in the document that is lowered.
pub(super) fn place(pointer: &str) -> Place {
    Place::new("the document").pointer(pointer)
}
