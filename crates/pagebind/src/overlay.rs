//! Corrections: OpenAPI Overlay 1.1 over a document, held to what it says today.
//!
//! An overlay is a list of actions, applied in order. Each selects nodes with a JSONPath
//! (RFC 9535) in `target` and does one thing to all of them: `update` merges a value into them,
//! `copy` merges what stands elsewhere in the document, `remove: true` takes them out
//! ([Overlay Specification 1.1.0](https://spec.openapis.org/overlay/v1.1.0.html); 1.0 is read too).
//!
//! A correction is only right as long as the page is wrong in the way it was when somebody wrote
//! it. So an action here must do three things that the standard leaves open:
//!
//! - match at least one node, and where it says `x-matches: N` exactly that many, so that one of
//!   several places can't be mended unseen;
//! - say in `description` what it corrects, and why;
//! - say in `x-expect` what it replaces, so that it fails loudly once the publisher has changed it.
//!
//! What `x-expect` has to state depends on what the action does:
//!
//! | action | `x-expect` |
//! |---|---|
//! | `update`, `copy` | everything that the change replaces, and no more. Objects are compared key by key; a key of the change that `x-expect` leaves out must not exist yet, and a key that only `x-expect` has must stand as stated. An array only grows: the items that `x-expect` states must be there, and those of the change must not. A change that only adds says `x-expect: {}`. |
//! | `remove` | the value removed, whole |
//! | `x-component` | the value moved, or those of its keys and items that matter |
//!
//! `x-component: NAME` is our one action beyond the standard, and other Overlay tools ignore it. It
//! moves the matched schemas into `components/schemas/NAME` and leaves a `$ref` in each one's
//! place. They must be equal but for their annotations, and equal in that way to a component of that
//! name that is there already, so that schemas which no one target selects become one component in
//! several actions. An annotation on which they differ stays beside its `$ref`.

pub(crate) mod action;
mod component;
mod correction;
mod expect;
mod merge;
mod read;
mod restate;
mod trouble;

use std::{cell::OnceCell, collections::HashMap};

use serde_json::Value;

pub use self::correction::Correction;
use self::{action::Action, trouble::Trouble};
use crate::{
    diagnostic::{Diagnostic, Diagnostics, Place},
    document,
};

/// An overlay document, read and checked.
#[derive(Debug, Clone)]
pub struct Overlay {
    name: String,
    text: String,
    actions: Vec<Action>,
    /// Whether it is applied as somebody else published it.
    as_published: bool,
    /// What it says that is passed over.
    skipped: Vec<Diagnostic>,
}

/// A corrected document, and what was done to it.
#[derive(Debug, Clone)]
pub struct Corrected {
    /// The document with every correction applied.
    pub document: Value,
    /// The corrections in the order in which they were applied.
    pub corrections: Vec<Correction>,
    /// What was passed over of an overlay that is applied as it was published; else nothing.
    pub skipped: Vec<Diagnostic>,
}

/// A correction that no longer fits the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
    /// Which of the actions it is, from 0.
    pub index: usize,
    /// The action's `description`.
    pub description: String,
    /// The action's `target`, as it was written.
    pub target: String,
    /// Whether the document already says what the correction would make it say.
    pub mended: bool,
    /// What does not fit, and where.
    pub problem: Diagnostic,
}

impl Overlay {
    /// Reads an overlay from YAML or JSON; `name` is what diagnostics call it.
    ///
    /// # Errors
    /// Text that is not an overlay, or an action that this project can't hold to its promise:
    /// every such place in it, with line and column.
    pub fn parse(name: &str, text: &str) -> Result<Self, Diagnostics> {
        Self::read(name, text, false)
    }

    /// Reads an overlay that somebody else has published, to be applied as the standard says: no action
    /// has to state what it replaces, or why. What can't be carried out is passed over, and told.
    ///
    /// # Errors
    /// Text that is not an overlay.
    pub fn parse_as_published(name: &str, text: &str) -> Result<Self, Diagnostics> {
        Self::read(name, text, true)
    }

    fn read(name: &str, text: &str, as_published: bool) -> Result<Self, Diagnostics> {
        let (actions, skipped) = read::actions(name, text, as_published)?;
        Ok(Self { name: name.to_owned(), text: text.to_owned(), actions, as_published, skipped })
    }

    /// Applies every action in order, to a copy of `document`.
    ///
    /// # Errors
    /// Every action that matches nothing, whose `x-expect` no longer holds, or whose change does
    /// not fit what it matches; none for an overlay that is applied as it was published.
    pub fn apply(&self, document: &Value) -> Result<Corrected, Diagnostics> {
        let (corrected, misfits) = self.attempt(document);
        Diagnostics::check(misfits.into_iter().map(|misfit| misfit.problem).collect())?;
        Ok(corrected)
    }

    /// Applies every action in order, to a copy of `document`, and tells which of them no longer
    /// fit it: how a changed page looks to corrections that were made for the one before.
    #[must_use]
    pub fn attempt(&self, document: &Value) -> (Corrected, Vec<Misfit>) {
        let mut document = document.clone();
        let mut corrections = Vec::new();
        let mut misfits = Vec::new();
        let mut skipped = self.skipped.clone();
        // Looked for once there is something to report, and then once for all of it.
        let places = OnceCell::new();
        let report = |action: &Action, trouble: Trouble| {
            let places: &HashMap<usize, Place> = places.get_or_init(|| self.places());
            report(action, places[&action.index].clone(), trouble)
        };
        for action in &self.actions {
            let matched = action.target.select(&document);
            if self.as_published {
                let troubles = action.apply(&matched, &mut document);
                if !matched.is_empty() {
                    corrections.push(action.correction(&matched));
                }
                skipped.extend(troubles.into_iter().map(|it| report(action, it)));
                continue;
            }
            corrections.push(action.correction(&matched));
            // An action that no longer holds is reported and carried out all the same, as far as it
            // goes: the actions after it build on it, and are to be judged on their own.
            for trouble in action.apply(&matched, &mut document) {
                misfits.push(Misfit {
                    index: action.index,
                    description: action.description.clone(),
                    target: action.target.text.clone(),
                    mended: trouble.mended,
                    problem: report(action, trouble),
                });
            }
        }
        (Corrected { document, corrections, skipped }, misfits)
    }

    /// Where each action stands, by its index.
    fn places(&self) -> HashMap<usize, Place> {
        let indices = || self.actions.iter().map(|action| action.index);
        let pointers: Vec<String> = indices().map(|index| format!("/actions/{index}")).collect();
        let borrowed: Vec<&str> = pointers.iter().map(String::as_str).collect();
        let positions = document::locate_all(&self.text, &borrowed);
        let places = pointers.into_iter().zip(positions);
        let places = places.map(|(at, found)| Place::new(&self.name).at(found).pointer(at));
        indices().zip(places).collect()
    }
}

/// What went wrong with one action, which stands at `place` in the overlay, and where in the document.
fn report(action: &Action, place: Place, trouble: Trouble) -> Diagnostic {
    let place = match action.description.lines().next() {
        Some(summary) => place.note(summary),
        None => place,
    };
    let mut problem =
        Diagnostic::finding(format!("correction {} {}", action.index + 1, trouble.what))
            .place(place);
    if let Some((pointer, note)) = trouble.place {
        problem = problem.place(Place::new("the document").pointer(pointer).note(note));
    }
    problem.help(trouble.help)
}

#[cfg(test)]
mod tests;
