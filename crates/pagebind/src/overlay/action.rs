//! One action of an overlay: what it selects, and what it does to it.

use serde_json::{Map, Value};
use serde_json_path::JsonPath;

use super::{
    component,
    correction::Correction,
    expect, merge,
    restate::restated,
    trouble::{RESTATE, Trouble},
};
use crate::pointer;

/// One action of an overlay.
#[derive(Debug, Clone)]
pub(crate) struct Action {
    /// The how-manieth of the overlay it is, from 0.
    pub(crate) index: usize,
    pub(crate) description: String,
    pub(crate) target: Query,
    pub(crate) change: Change,
    /// What it replaces; nothing in an overlay that is applied as it was published.
    pub(crate) expect: Option<Value>,
    /// How many nodes it must match, where it says so.
    pub(crate) matches: Option<usize>,
    /// The action as it was written.
    pub(crate) written: Map<String, Value>,
}

/// What an action does to each node that it matches.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    Update(Value),
    Copy(Query),
    Remove,
    Component(String),
}

/// A JSONPath, and how it was written.
#[derive(Debug, Clone)]
pub(crate) struct Query {
    pub(crate) text: String,
    pub(crate) path: JsonPath,
}

impl Query {
    /// JSON pointers of the nodes selected, each once, in the order in which they are found.
    pub(crate) fn select(&self, document: &Value) -> Vec<String> {
        let nodes = self.path.query_located(document).dedup();
        nodes.locations().map(|location| location.to_json_pointer()).collect()
    }
}

impl Action {
    /// What is told of the action once it was carried out on these nodes.
    pub(super) fn correction(&self, places: &[String]) -> Correction {
        Correction {
            description: self.description.clone(),
            target: self.target.text.clone(),
            places: places.to_vec(),
        }
    }

    /// Changes each of the nodes at `matched`, and says what doesn't fit.
    pub(crate) fn apply(&self, matched: &[String], document: &mut Value) -> Vec<Trouble> {
        if matched.is_empty() {
            return vec![Trouble {
                what: format!("matches nothing: `{}`", self.target.text),
                place: None,
                help: "if the page no longer says what is corrected here, remove the correction; \
                       else restate its target"
                    .into(),
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
                help: restated(&self.written, "x-matches", &matched.len().into()),
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
                    help: "select exactly one node".into(),
                    mended: false,
                }],
            },
            Change::Remove => {
                if matched.iter().any(String::is_empty) {
                    return vec![Trouble {
                        what: "removes the whole document".to_owned(),
                        place: None,
                        help: "let it match only parts of the document".into(),
                        mended: false,
                    }];
                }
                let restate = |now: &Value, _: &Value| now.clone();
                let troubles = self.unexpected(matched, document, expect::whole, restate);
                remove(matched, document);
                troubles
            }
            Change::Component(name) => {
                let restate = expect::restate_stated;
                let mut troubles = self.unexpected(matched, document, expect::stated, restate);
                troubles.extend(component::extract(name, matched, document).err());
                troubles
            }
        }
    }

    /// Merges `update` into each of the nodes at `matched`.
    fn merge(&self, matched: &[String], update: &Value, document: &mut Value) -> Vec<Trouble> {
        let check = |now: &Value, stated: &Value| expect::replaced(now, update, stated);
        let restate = |now: &Value, stated: &Value| expect::restate_replaced(now, update, stated);
        let mut troubles = self.unexpected(matched, document, check, restate);
        let same_kind = |pair: &[&Value]| merge::kind(pair[0]) == merge::kind(pair[1]);
        let nodes: Vec<_> =
            (matched.iter()).filter_map(|pointer| document.pointer(pointer)).collect();
        if self.expect.is_some() && !nodes.windows(2).all(same_kind) {
            troubles.push(Trouble {
                what: "matches nodes of different kinds".to_owned(),
                place: None,
                help: "let it match only objects, only arrays or only primitive values".into(),
                mended: false,
            });
        }
        for pointer in matched {
            if let Some(node) = document.pointer_mut(pointer) {
                let before = self.expect.is_none().then(|| node.clone());
                if let Err(trouble) = merge::into_target(node, update, pointer) {
                    troubles.push(trouble);
                    // What is skipped is skipped whole.
                    *node = before.unwrap_or_else(|| node.take());
                }
            }
        }
        troubles
    }

    /// What `x-expect` states and the page no longer says, one report a node.
    fn unexpected(
        &self,
        matched: &[String],
        document: &Value,
        check: impl Fn(&Value, &Value) -> Result<(), expect::Mismatch>,
        restate: impl Fn(&Value, &Value) -> Value,
    ) -> Vec<Trouble> {
        let Some(expect) = &self.expect else {
            return Vec::new();
        };
        let mut troubles = Vec::new();
        // One action states one value, for all that it matches.
        let nodes = matched.iter().filter_map(|pointer| document.pointer(pointer));
        let mut stated = nodes.map(|now| restate(now, expect));
        let first = stated.next();
        let restated = match first.filter(|first| stated.all(|other| other == *first)) {
            Some(expect) => restated(&self.written, "x-expect", &expect),
            None => RESTATE.into(),
        };
        for pointer in matched {
            let Some(now) = document.pointer(pointer) else {
                continue;
            };
            let Err(mismatch) = check(now, expect) else {
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
                    "the page already says what the correction sets: remove the correction".into()
                } else {
                    restated.clone()
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
