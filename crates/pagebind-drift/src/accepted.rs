//! Findings that the maintainer has decided about: a file that silences them, each with a reason.
//!
//! ```toml
//! [[accepted]]
//! id = "api-server-added"
//! operation = "POST /v1/cards"     # left out: whichever operation it touches
//! fingerprint = "0f3a6bd2c911"     # as every report prints it
//! reason = "the new host is the old one's alias"
//! ```
//!
//! An entry is for one change: once the page says something else again, the fingerprint is
//! another, and so the finding is back. An entry that matches nothing is reported, so that the
//! file never grows stale unseen.

use pagebind::diagnostic::{Diagnostic, Diagnostics, Place, Position, nearest_field};
use serde::Deserialize;

use crate::{finding::Finding, rules};

/// One decision.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The rule.
    pub id: String,
    /// The operation (`POST /v1/cards`); without it, whichever it is.
    #[serde(default)]
    pub operation: Option<String>,
    /// [`crate::Change::fingerprint`].
    pub fingerprint: String,
    /// Why it is fine.
    pub reason: String,
}

/// The decisions of one file.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accepted {
    #[serde(default, rename = "accepted")]
    entries: Vec<Entry>,
    /// What is decided about suggestions, which `pagebind-cli` reads.
    #[serde(default, rename = "suggestion")]
    _suggestions: Vec<serde::de::IgnoredAny>,
}

/// What is left of findings once the decided ones are taken out.
#[derive(Debug, Clone, PartialEq)]
pub struct Filtered {
    /// Findings that nobody has decided about.
    pub findings: Vec<Finding>,
    /// How many were silenced.
    pub silenced: usize,
    /// Entries that matched nothing.
    pub stale: Vec<Entry>,
}

impl Accepted {
    /// Reads such a file; `name` is what diagnostics call it.
    ///
    /// # Errors
    /// Text that is not TOML of this shape, with line and column; an entry without a reason, or
    /// for a rule that doesn't exist.
    pub fn parse(name: &str, text: &str) -> Result<Self, Diagnostics> {
        let accepted: Self = toml::from_str(text).map_err(|error| {
            let position = error.span().map(|span| Position::of_offset(text, span.start));
            // The parser's own message may quote the file, and ends in a line of its own.
            let what = error.message().lines().next().unwrap_or_default();
            Diagnostic::unreadable(format!("failed to read the accepted findings: {what}"))
                .place(Place::new(name).at(position))
                .help(nearest_field(error.message()).map_or_else(|| "each `[[accepted]]` has `id`, `fingerprint`, `reason`, and may have `operation`".to_owned(), |near| format!("did you mean `{near}`?")))
        })?;
        let mut problems = Vec::new();
        for (index, entry) in accepted.entries.iter().enumerate() {
            let place = || Place::new(name).note(format!("entry {}", index + 1));
            if entry.reason.trim().is_empty() {
                let problem = Diagnostic::finding("an accepted finding gives no reason");
                problems.push(
                    problem.place(place()).help("say why it is fine, for whoever comes after"),
                );
            }
            if rules::find(&entry.id).is_none() {
                let problem = Diagnostic::finding(format!("no rule is called `{}`", entry.id));
                problems.push(problem.place(place()).help("copy the id from the report"));
            }
        }
        Diagnostics::check(problems)?;
        Ok(accepted)
    }

    /// Takes out what is decided.
    #[must_use]
    pub fn filter(&self, findings: Vec<Finding>) -> Filtered {
        let mut used = vec![false; self.entries.len()];
        let before = findings.len();
        let mut left = findings;
        left.retain(|finding| {
            // Fingerprints are made only where an entry could match at all.
            let mut fingerprint = None;
            let mut silenced = false;
            for (entry, used) in self.entries.iter().zip(&mut used) {
                let matches = entry.id == finding.change.id
                    && (entry.operation.is_none()
                        || entry.operation.as_deref() == finding.operation.as_deref())
                    && *fingerprint.get_or_insert_with(|| finding.change.fingerprint())
                        == entry.fingerprint;
                *used |= matches;
                silenced |= matches;
            }
            !silenced
        });
        let stale = self.entries.iter().zip(&used).filter(|(_, used)| !**used);
        Filtered {
            silenced: before - left.len(),
            findings: left,
            stale: stale.map(|(entry, _)| entry.clone()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::compare;

    fn findings() -> Vec<Finding> {
        let document = |operations: serde_json::Value| json!({"paths": {"/a": operations}});
        compare(&document(json!({"get": {}, "put": {}})), &document(json!({})))
    }

    fn entry(operation: &str, fingerprint: &str) -> String {
        format!(
            "[[accepted]]\nid = \"api-removed-without-deprecation\"\n{operation}\nfingerprint = \"{fingerprint}\"\nreason = \"nobody calls it\"\n"
        )
    }

    #[test]
    fn an_entry_silences_its_finding_and_no_other() {
        let findings = findings();
        assert_eq!(findings.len(), 2);
        let fingerprint = findings[0].change.fingerprint();
        for operation in ["operation = \"GET /a\"", ""] {
            let accepted = Accepted::parse("a.toml", &entry(operation, &fingerprint)).unwrap();
            let filtered = accepted.filter(findings.clone());
            assert_eq!((filtered.silenced, filtered.stale.len()), (1, 0));
            assert_eq!(filtered.findings, findings[1..]);
        }
    }

    #[test]
    fn an_entry_that_matches_nothing_is_reported() {
        let fingerprint = findings()[0].change.fingerprint();
        for (operation, fingerprint) in
            [("operation = \"PUT /a\"", &*fingerprint), ("", "000000000000")]
        {
            let accepted = Accepted::parse("a.toml", &entry(operation, fingerprint)).unwrap();
            let filtered = accepted.filter(findings());
            assert_eq!((filtered.silenced, filtered.stale.len()), (0, 1));
        }
    }

    #[test]
    fn a_file_of_another_shape_is_refused_with_its_place() {
        let error = Accepted::parse("a.toml", "[[accepted]]\nid = 1\n").unwrap_err();
        assert!(error.to_string().contains("a.toml:2:6"), "{error}");
        let error =
            Accepted::parse("a.toml", &entry("", "0").replace("nobody calls it", " ")).unwrap_err();
        assert!(error.to_string().contains("gives no reason"), "{error}");
        let error = Accepted::parse("a.toml", &entry("", "0").replace("api-removed", "api-remove"))
            .unwrap_err();
        assert!(error.to_string().contains("no rule is called"), "{error}");
    }
}
