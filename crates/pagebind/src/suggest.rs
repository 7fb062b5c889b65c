//! Suggestions: the corrections that a contract calls for, as overlay actions.
//!
//! What publishers get wrong they get wrong in the same ways: an id that is a `number`, the limits of
//! a string on an array, a card number that nobody marks. A table of [rules](RULES) finds such places
//! in a corrected contract, and says of each what to correct, and why. What a correction already says
//! is in the contract, so nothing is suggested that has been decided.
//!
//! Every rule has a [class](Class): *certain* is wrong by the words of the standards, *likely* is
//! what names and examples say, and *look* contradicts itself in a way that only the publisher, or
//! somebody who asks, can resolve. Places that call for the same change are one action.
//!
//! The actions build on each other, in their order, as those of an overlay do: what is likely is said
//! of the contract as it is once all that is certain is mended.

mod found;
mod group;
mod name;
mod rules;
mod survey;
mod target;
mod yaml;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

pub use self::rules::{RULES, Rule, find as rule};
use self::survey::Survey;
use crate::{
    overlay::action::{Action as Applied, Change as Applying, Query},
    page::Page,
    pointer,
};

/// How sure a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// The publisher's document is wrong by the words of the standard that it follows.
    Certain,
    /// Decisions, words and examples say so.
    Likely,
    /// The page contradicts itself; no correction is proposed.
    Look,
}

impl Class {
    /// Its name, as reports print it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Certain => "certain",
            Self::Likely => "likely",
            Self::Look => "look",
        }
    }
}

/// What a maintainer has decided about suggestions.
#[derive(Debug, Clone, Default)]
pub struct Decisions {
    /// Names of what is personal or secret here, whatever it is elsewhere: `owner_bid`.
    pub sensitive: Vec<String>,
    /// Names of what is neither here, whatever it is elsewhere.
    pub plain: Vec<String>,
    /// What is to stay as it is.
    pub accepted: Vec<Accepted>,
}

/// A suggestion that is not to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The name of the rule.
    pub rule: String,
    /// JSON pointer to the place; wherever the rule finds something, if there is none.
    pub pointer: Option<String>,
}

impl Accepted {
    /// Whether this is about what `rule` finds at `place`.
    #[must_use]
    pub fn covers(&self, rule: &Rule, place: &str) -> bool {
        self.rule == rule.name && self.pointer.as_deref().is_none_or(|pointer| pointer == place)
    }
}

/// One correction that a contract calls for, or one thing in it to look at.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// The rule that found it.
    pub rule: &'static Rule,
    /// What it corrects, and why; the `description` of the action.
    pub description: String,
    /// JSON pointers to all places in the contract that it is about, in the order of the document.
    pub places: Vec<String>,
    /// What to do; nothing where somebody has to look.
    pub action: Option<Action>,
    /// What a client prints today that it never should: a card number, a code, a password.
    pub is_secret: bool,
}

/// An overlay action.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    /// The JSONPath of what it changes.
    pub target: String,
    /// How many nodes that are.
    pub matches: usize,
    /// `x-expect`: what it replaces.
    pub expect: Value,
    /// What it does.
    pub change: Change,
}

/// What an action does to each node that it matches.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// `update`
    Update(Value),
    /// `remove: true`
    Remove,
    /// `x-component`
    Component(String),
}

/// What `contract` calls for.
#[must_use]
pub fn suggest(contract: &Value, decisions: &Decisions) -> Vec<Suggestion> {
    grouped(contract, decisions, &BTreeSet::new())
}

/// What the pages of an API say of one thing in different words, of which a contract keeps one.
#[must_use]
pub fn differences(pages: &[Page]) -> Vec<Suggestion> {
    group::group(rules::differences(pages), &Value::Null)
}

/// What `new` calls for and `old` did not: what came with a page that changed.
#[must_use]
pub fn suggest_new(old: &Value, new: &Value, decisions: &Decisions) -> Vec<Suggestion> {
    let mut known = BTreeSet::new();
    for suggestion in suggest(old, decisions) {
        known.extend(suggestion.places.into_iter().map(|place| (suggestion.rule.name, place)));
    }
    grouped(new, decisions, &known)
}

/// Finds stage by stage, each in what the one before makes of the document.
fn grouped(
    contract: &Value,
    decisions: &Decisions,
    known: &BTreeSet<(&'static str, String)>,
) -> Vec<Suggestion> {
    let mut document = contract.clone();
    let mut moved: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut suggestions = Vec::new();
    for stage in rules::STAGES {
        let survey = Survey::of(&document);
        let mut found = Vec::new();
        for rule in stage.iter().filter_map(|name| rules::find(name)) {
            for mut one in (rule.find)(&survey, decisions) {
                one.places = one.places.iter().flat_map(|at| origins(at, &moved)).collect();
                found.push((rule, one));
            }
        }
        let is_settled = |rule: &Rule, place: &String| {
            known.contains(&(rule.name, place.clone()))
                || decisions.accepted.iter().any(|accepted| accepted.covers(rule, place))
        };
        found.retain(|(rule, one)| !one.places.iter().all(|place| is_settled(rule, place)));
        for suggestion in group::group(found, &document) {
            if let Some(action) = &suggestion.action {
                action.apply(&mut document);
                if let Change::Component(name) = &action.change {
                    let at = pointer::join("/components/schemas", name);
                    moved.insert(at, suggestion.places.clone());
                }
            }
            suggestions.push(suggestion);
        }
    }
    // What somebody has to look at changes nothing, so it can come last.
    suggestions.sort_by_key(|suggestion| suggestion.rule.class == Class::Look);
    suggestions
}

/// Where in the contract stands what is at `pointer` once schemas were made components.
fn origins(pointer: &str, moved: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    for (component, places) in moved {
        let rest = pointer.strip_prefix(component.as_str());
        if let Some(rest) = rest.filter(|rest| rest.is_empty() || rest.starts_with('/')) {
            // A component may have been a part of another that was moved itself.
            return places.iter().map(|place| format!("{place}{rest}")).collect();
        }
    }
    vec![pointer.to_owned()]
}

impl Action {
    /// Does it to `document`, as far as it can be done.
    fn apply(&self, document: &mut Value) {
        let Ok(path) = self.target.parse() else { return };
        let change = match &self.change {
            Change::Update(update) => Applying::Update(update.clone()),
            Change::Remove => Applying::Remove,
            Change::Component(name) => Applying::Component(name.clone()),
        };
        let action = Applied {
            index: 0,
            description: String::new(),
            target: Query { text: self.target.clone(), path },
            change,
            expect: Some(self.expect.clone()),
            matches: Some(self.matches),
            written: serde_json::Map::new(),
        };
        let matched = action.target.select(document);
        action.apply(&matched, document);
    }
}

#[cfg(test)]
mod tests;
