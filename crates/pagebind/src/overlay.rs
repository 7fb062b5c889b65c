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
//! | `update`, `copy` | everything that the change replaces. Objects are compared key by key; a key of the change that `x-expect` leaves out must not exist yet, and a key that only `x-expect` has must stand as stated. A change that only adds says `x-expect: {}`. |
//! | `remove` | the value removed, whole |
//! | `x-component` | the value moved, or those of its keys that matter |
//!
//! `x-component: NAME` is our one action beyond the standard, and other Overlay tools ignore it. It
//! moves the matched schemas into `components/schemas/NAME` and leaves a `$ref` in each one's
//! place. They must be equal but for their annotations, and equal in that way to a component of that
//! name that is there already, so that schemas which no one target selects become one component in
//! several actions. An annotation on which they differ stays beside its `$ref`.

pub(crate) mod action;
mod component;
mod expect;
mod merge;
mod read;
mod trouble;

use serde_json::Value;

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
}

/// One correction that was applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// The action's `description`: what it corrects, and why.
    pub description: String,
    /// The action's `target`, as it was written.
    pub target: String,
    /// How many nodes it matched; never 0.
    pub matches: usize,
}

/// A corrected document, and what was done to it.
#[derive(Debug, Clone)]
pub struct Corrected {
    /// The document with every correction applied.
    pub document: Value,
    /// The corrections in the order in which they were applied.
    pub corrections: Vec<Correction>,
}

/// A correction that no longer fits the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit {
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
        Ok(Self {
            name: name.to_owned(),
            text: text.to_owned(),
            actions: read::actions(name, text)?,
        })
    }

    /// Applies every action in order, to a copy of `document`.
    ///
    /// # Errors
    /// Every action that matches nothing, whose `x-expect` no longer holds, or whose change does
    /// not fit what it matches.
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
        for (index, action) in self.actions.iter().enumerate() {
            let matched = action.target.select(&document);
            corrections.push(Correction {
                description: action.description.clone(),
                target: action.target.text.clone(),
                matches: matched.len(),
            });
            // An action that no longer holds is reported and carried out all the same, as far as it
            // goes: the actions after it build on it, and are to be judged on their own.
            for trouble in action.apply(&matched, &mut document) {
                misfits.push(Misfit {
                    description: action.description.clone(),
                    target: action.target.text.clone(),
                    mended: trouble.mended,
                    problem: self.report(index, action, trouble),
                });
            }
        }
        (Corrected { document, corrections }, misfits)
    }

    /// What went wrong with one action, with its place in the overlay and in the document.
    fn report(&self, index: usize, action: &Action, trouble: Trouble) -> Diagnostic {
        let at = format!("/actions/{index}");
        let summary = action.description.lines().next().unwrap_or_default();
        let mut problem = Diagnostic::finding(format!("correction {} {}", index + 1, trouble.what))
            .place(
                Place::new(&self.name)
                    .at(document::locate(&self.text, &at))
                    .pointer(at)
                    .note(summary),
            );
        if let Some((pointer, note)) = trouble.place {
            problem = problem.place(Place::new("the document").pointer(pointer).note(note));
        }
        problem.help(trouble.help)
    }
}

#[cfg(test)]
mod tests;
