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
//! place. They must be equal but for their annotations; an annotation on which they differ stays
//! beside its `$ref`.

mod component;
mod expect;
mod merge;
mod read;

use serde_json::Value;
use serde_json_path::JsonPath;

use crate::{
    diagnostic::{Diagnostic, Diagnostics, Place},
    document, pointer,
};

/// An overlay document, read and checked.
#[derive(Debug, Clone)]
pub struct Overlay {
    name: String,
    text: String,
    actions: Vec<Action>,
}

/// One action of an overlay.
#[derive(Debug, Clone)]
struct Action {
    description: String,
    target: Query,
    change: Change,
    expect: Value,
    /// How many nodes it must match, where it says so.
    matches: Option<usize>,
}

/// What an action does to each node that it matches.
#[derive(Debug, Clone)]
enum Change {
    Update(Value),
    Copy(Query),
    Remove,
    Component(String),
}

/// A JSONPath, and how it was written.
#[derive(Debug, Clone)]
struct Query {
    text: String,
    path: JsonPath,
}

impl Query {
    /// JSON pointers of the nodes selected, each once, in the order in which they are found.
    fn select(&self, document: &Value) -> Vec<String> {
        let nodes = self.path.query_located(document).dedup();
        nodes.locations().map(|location| location.to_json_pointer()).collect()
    }
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

/// Why an action can't be applied, in the terms of a [`Diagnostic`].
struct Trouble {
    /// What went wrong; follows "correction N ".
    what: String,
    /// Where in the document, and what stands there.
    place: Option<(String, String)>,
    help: &'static str,
    /// Whether the document already says what the action would make it say.
    mended: bool,
}

const RESTATE: &str = "look at the page, then restate the correction or remove it";

impl Action {
    /// Changes each of the nodes at `matched`, and says what doesn't fit.
    fn apply(&self, matched: &[String], document: &mut Value) -> Vec<Trouble> {
        if matched.is_empty() {
            return vec![Trouble {
                what: format!("matches nothing: `{}`", self.target.text),
                place: None,
                help: "if the page no longer says what is corrected here, remove the correction; \
                       else restate its target",
                mended: matches!(self.change, Change::Remove),
            }];
        }
        let mut troubles = Vec::new();
        if let Some(expected) = self.matches
            && expected != matched.len()
        {
            troubles.push(Trouble {
                what: format!("expects {expected} matches, and has {}", matched.len()),
                place: None,
                help: RESTATE,
                mended: false,
            });
        }
        troubles.extend(self.change(matched, document));
        troubles
    }

    fn change(&self, matched: &[String], document: &mut Value) -> Vec<Trouble> {
        match &self.change {
            Change::Update(update) => self.merge(matched, update, document),
            Change::Copy(from) => match from.select(document).as_slice() {
                [pointer] => match document.pointer(pointer).cloned() {
                    Some(copied) => self.merge(matched, &copied, document),
                    None => Vec::new(),
                },
                found => vec![Trouble {
                    what: format!("copies from `{}`, which is {} nodes", from.text, found.len()),
                    place: None,
                    help: "select exactly one node",
                    mended: false,
                }],
            },
            Change::Remove => {
                if matched.iter().any(String::is_empty) {
                    return vec![Trouble {
                        what: "removes the whole document".to_owned(),
                        place: None,
                        help: "let it match only parts of the document",
                        mended: false,
                    }];
                }
                let troubles =
                    self.unexpected(matched, document, |now| expect::whole(now, &self.expect));
                remove(matched, document);
                troubles
            }
            Change::Component(name) => {
                let mut troubles =
                    self.unexpected(matched, document, |now| expect::stated(now, &self.expect));
                troubles.extend(component::extract(name, matched, document).err());
                troubles
            }
        }
    }

    /// Merges `update` into each of the nodes at `matched`.
    fn merge(&self, matched: &[String], update: &Value, document: &mut Value) -> Vec<Trouble> {
        let mut troubles =
            self.unexpected(matched, document, |now| expect::replaced(now, update, &self.expect));
        let same_kind = |pair: &[&Value]| merge::kind(pair[0]) == merge::kind(pair[1]);
        let nodes: Vec<_> =
            (matched.iter()).filter_map(|pointer| document.pointer(pointer)).collect();
        if !nodes.windows(2).all(same_kind) {
            troubles.push(Trouble {
                what: "matches nodes of different kinds".to_owned(),
                place: None,
                help: "let it match only objects, only arrays or only primitive values",
                mended: false,
            });
        }
        for pointer in matched {
            if let Some(node) = document.pointer_mut(pointer) {
                troubles.extend(merge::into_target(node, update, pointer).err());
            }
        }
        troubles
    }

    /// What `x-expect` states and the page no longer says, one report a node.
    fn unexpected(
        &self,
        matched: &[String],
        document: &Value,
        check: impl Fn(&Value) -> Result<(), expect::Mismatch>,
    ) -> Vec<Trouble> {
        let mut troubles = Vec::new();
        for pointer in matched {
            let Some(now) = document.pointer(pointer) else {
                continue;
            };
            let Err(mismatch) = check(now) else {
                continue;
            };
            let done = match &self.change {
                Change::Update(update) => expect::already(now, update),
                _ => false,
            };
            troubles.push(Trouble {
                what: mismatch.to_string(),
                place: Some((
                    format!("{pointer}{}", mismatch.at),
                    format!("the page now says {}", mismatch.found),
                )),
                help: if done {
                    "the page already says what the correction sets: remove the correction"
                } else {
                    RESTATE
                },
                mended: done,
            });
        }
        troubles
    }
}

/// Takes out the nodes at `matched`, the last of an array first, so that the others stay in place.
fn remove(matched: &[String], document: &mut Value) {
    let mut paths: Vec<Vec<(Option<usize>, String)>> = matched
        .iter()
        .map(|path| pointer::tokens(path).map(|token| (token.parse().ok(), token)).collect())
        .collect();
    paths.sort();
    for path in paths.iter().rev() {
        let Some(((index, key), parent)) = path.split_last() else {
            continue;
        };
        let parent =
            (parent.iter()).fold(String::new(), |at, (_, token)| pointer::join(&at, token));
        match (document.pointer_mut(&parent), index) {
            (Some(Value::Object(map)), _) => {
                map.shift_remove(key);
            }
            (Some(Value::Array(items)), Some(index)) if *index < items.len() => {
                items.remove(*index);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
