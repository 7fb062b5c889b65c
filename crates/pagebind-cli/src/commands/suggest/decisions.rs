//! What the maintainer has decided about suggestions: `[suggest]` in the manifest, and
//! `[[suggestion]]` in `accepted.toml` beside it.
//!
//! ```toml
//! [[suggestion]]
//! rule = "sensitive-person"
//! pointer = "/components/schemas/Shop/properties/phone"  # left out: wherever it finds something
//! reason = "the number of a shop is public"
//! ```
//!
//! An entry that is about nothing is reported, so that the file never grows stale unseen.

use std::fmt;

use pagebind::{
    diagnostic::{Diagnostic, Diagnostics, Place, Position},
    suggest::{self, Accepted, Decisions, Rule, Suggestion},
};
use serde::Deserialize;

use crate::project::{
    files,
    manifest::{FILE_NAME, Manifest},
    sources::Api,
    toml_file,
};

/// The file of decisions, beside a manifest.
const ACCEPTED: &str = "accepted.toml";

/// The part of `accepted.toml` that is about suggestions; `drift` reads the other one.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default, rename = "suggestion")]
    entries: Vec<toml::Spanned<Entry>>,
    #[serde(default, rename = "accepted")]
    _findings: Vec<serde::de::IgnoredAny>,
}

/// One decision.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    rule: String,
    pointer: Option<String>,
    reason: String,
}

/// What is decided, and what came of it.
#[derive(Debug, Default)]
pub(in super::super) struct Decided {
    pub(super) decisions: Decisions,
    /// The file of the decisions, as reports name it.
    pub(super) name: String,
    /// How many places they silence.
    pub(super) silenced: usize,
    /// Those that are about nothing.
    pub(super) stale: Vec<Stale>,
}

/// A decision that is about nothing.
#[derive(Debug)]
pub(super) struct Stale(pub(super) Accepted);

impl fmt::Display for Stale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Accepted { rule, pointer } = &self.0;
        let at = pointer.as_deref().map(|pointer| format!(" at {pointer}")).unwrap_or_default();
        write!(f, "`{rule}` finds nothing{at}: remove the entry")
    }
}

/// Reads what is decided about an API; nothing is about a bare folder of pages.
pub(super) fn read(api: &Api) -> Result<Decided, Diagnostics> {
    let mut decided = Decided::default();
    if api.folder.join(FILE_NAME).is_file() {
        let names = Manifest::read(&api.folder)?.suggest;
        decided.decisions.sensitive = names.sensitive;
        decided.decisions.plain = names.plain;
    }
    let path = api.folder.join(ACCEPTED);
    decided.name = files::show(&path);
    if path.is_file() {
        decided.decisions.accepted = accepted(&decided.name, &files::read_text(&path)?)?;
    }
    Ok(decided)
}

fn accepted(name: &str, text: &str) -> Result<Vec<Accepted>, Diagnostics> {
    let keys = "each `[[suggestion]]` has `rule` and `reason`, and may have `pointer`";
    let what = "failed to read the accepted suggestions";
    let file: File = toml_file::read(what, name, text, keys)?;
    let mut problems = Vec::new();
    for entry in &file.entries {
        let position = Position::of_offset(text, entry.span().start);
        let entry = entry.as_ref();
        let mut problem = |what: String, help: &str| {
            let place = Place::new(name).at(position);
            problems.push(Diagnostic::finding(what).place(place).help(help));
        };
        if entry.reason.trim().is_empty() {
            let help = "say why it is right as it is, for whoever comes after";
            problem("an accepted suggestion gives no reason".to_owned(), help);
        }
        if suggest::rule(&entry.rule).is_none() {
            let what = format!("no rule of suggestions is called `{}`", entry.rule);
            problem(what, "copy the name of the rule from the report");
        }
    }
    Diagnostics::check(problems)?;
    let entries = file.entries.into_iter().map(toml::Spanned::into_inner);
    Ok(entries.map(|entry| Accepted { rule: entry.rule, pointer: entry.pointer }).collect())
}

impl Decided {
    /// Whether what `rule` finds at `place` is accepted.
    pub(super) fn covers(&self, rule: &Rule, place: &str) -> bool {
        self.decisions.accepted.iter().any(|accepted| accepted.covers(rule, place))
    }

    /// Counts what the decisions silence of all that would be suggested without them.
    pub(super) fn compare<'s>(&mut self, everything: impl Iterator<Item = &'s Suggestion>) {
        let places: Vec<(&Rule, &str)> = everything
            .flat_map(|one| one.places.iter().map(|place| (one.rule, place.as_str())))
            .collect();
        self.silenced = places.iter().filter(|(rule, place)| self.covers(rule, place)).count();
        let is_stale =
            |accepted: &&Accepted| !places.iter().any(|(rule, place)| accepted.covers(rule, place));
        let accepted = self.decisions.accepted.iter();
        self.stale = accepted.filter(is_stale).cloned().map(Stale).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_needs_a_rule_that_exists_and_a_reason() {
        let text = "[[accepted]]\nid = \"x\"\n\n[[suggestion]]\nrule = \"integer-id\"\nreason = \"so it is\"\n";
        let read = accepted("a.toml", text).unwrap();
        assert_eq!(read, [Accepted { rule: "integer-id".to_owned(), pointer: None }]);
        let wrong = "[[suggestion]]\nrule = \"integer\"\nreason = \" \"\n";
        let problems = accepted("a.toml", wrong).unwrap_err().to_string();
        assert!(
            problems.contains("gives no reason") && problems.contains("is called `integer`"),
            "{problems}"
        );
        let unknown = "\n[[suggestion]]\nrule = \"integer-id\"\nwhy = \"\"\n";
        let problems = accepted("a.toml", unknown).unwrap_err().to_string();
        assert!(problems.contains("a.toml:4:1"), "{problems}");
    }
}
