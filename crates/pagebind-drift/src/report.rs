//! Reports: the same findings, for a terminal, a program, a pull request, a CI system, a browser.
//!
//! Every format is a module with a `write` function over [`Report`] and an [`io::Write`]. What
//! comes from a published page is third-party text, and each format makes it harmless in its own
//! way: no control character reaches a terminal, no markup a browser, no mention an issue.
//!
//! JSON lists findings, one for each operation that a change touches. All others show a change
//! once, with the operations that it touches, in groups of changes that touch the same ones.

pub mod github;
pub mod html;
pub mod human;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod sarif;

use std::{
    collections::{HashMap, HashSet},
    fmt,
    io::{self, Write},
    str::FromStr,
    sync::Arc,
};

use indexmap::IndexMap;
use serde_json::Value;

use crate::{
    accepted::Entry,
    finding::{Change, Finding, Page, Severity},
    rust_api::{RustApi, VersionStep},
};
pub use human::Styles;

/// All that a report says.
#[derive(Debug, Clone)]
pub struct Report<'a> {
    /// What was compared, in a word: the API's name, or the two documents.
    pub subject: &'a str,
    /// What was found, without what the maintainer has accepted.
    pub findings: &'a [Finding],
    /// What it does to the public items of the client, where that was measured.
    pub rust_api: Option<&'a RustApi>,
    /// How many findings were silenced as accepted.
    pub silenced: usize,
    /// Entries of the accepted findings that match nothing.
    pub stale: &'a [Entry],
    /// How many problems kept parts from being compared: pages that could not be fetched, or that
    /// contradict each other. With any, nothing found is not nothing changed.
    pub problems: usize,
    /// From which severity on a finding fails the run; `None` is never.
    pub fail_on: Option<Severity>,
    /// The command to run next, if there is one.
    pub next: Option<&'a str>,
}

impl<'a> Report<'a> {
    /// A report on findings alone; breaking ones fail.
    #[must_use]
    pub const fn new(subject: &'a str, findings: &'a [Finding]) -> Self {
        Self {
            subject,
            findings,
            rust_api: None,
            silenced: 0,
            stale: &[],
            problems: 0,
            fail_on: Some(Severity::Breaking),
            next: None,
        }
    }

    /// The version step that the client needs.
    #[must_use]
    pub fn version_step(&self) -> VersionStep {
        if self.problems > 0 {
            return VersionStep::Unknown;
        }
        VersionStep::of(self.findings, self.rust_api)
    }

    /// Whether a severity fails the run.
    #[must_use]
    pub fn fails(&self, severity: Severity) -> bool {
        self.fail_on.is_some_and(|fail_on| severity >= fail_on)
    }

    /// Counts of changes and findings.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let mut summary = Summary { problems: self.problems, ..Summary::default() };
        let mut changes = HashSet::new();
        let mut operations = HashSet::new();
        for finding in self.findings {
            operations.extend(finding.operation.as_deref());
            if !changes.insert(Arc::as_ptr(&finding.change)) {
                continue;
            }
            match finding.change.severity {
                Severity::Breaking => summary.breaking += 1,
                Severity::Warning => summary.warnings += 1,
                Severity::Info => summary.infos += 1,
            }
        }
        summary.operations = operations.len();
        summary.findings = self.findings.len();
        summary
    }

    /// The changes, in groups that touch the same operations, in the order of the findings.
    #[must_use]
    pub fn groups(&self) -> Vec<Group<'a>> {
        let mut seen: IndexMap<*const Change, Seen<'a>> = IndexMap::new();
        for finding in self.findings {
            let seen = seen.entry(Arc::as_ptr(&finding.change)).or_insert_with(|| Seen {
                change: &finding.change,
                page: finding.page.as_ref(),
                rust: finding.rust,
                operations: Vec::new(),
            });
            seen.operations.extend(finding.operation.as_deref());
        }
        let mut groups: Vec<Group<'a>> = Vec::new();
        let mut by_operations: HashMap<Vec<&str>, usize> = HashMap::new();
        for (_, seen) in seen {
            let index = *by_operations.entry(seen.operations.clone()).or_insert_with(|| {
                groups.push(Group { operations: seen.operations.clone(), changes: Vec::new() });
                groups.len() - 1
            });
            groups[index].changes.push(seen);
        }
        for group in &mut groups {
            group.changes.sort_by_key(|seen| std::cmp::Reverse(seen.change.severity));
        }
        groups
    }
}

/// How many there are of what. Changes are counted by severity, once however many operations they
/// touch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Breaking changes.
    pub breaking: usize,
    /// Changes worth a look.
    pub warnings: usize,
    /// All other changes.
    pub infos: usize,
    /// Operations touched by any change.
    pub operations: usize,
    /// Findings: changes times the operations that they touch.
    pub findings: usize,
    /// Problems that kept parts from being compared.
    pub problems: usize,
}

impl Summary {
    /// How many changes there are in all.
    #[must_use]
    pub const fn changes(&self) -> usize {
        self.breaking + self.warnings + self.infos
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problems = count(self.problems, "problem");
        match (self.changes(), self.problems) {
            (0, 0) => return f.write_str("no changes"),
            (0, _) => return write!(f, "no changes in what could be compared ({problems})"),
            _ => {}
        }
        write!(
            f,
            "{} breaking, {}, {} info, in {}",
            self.breaking,
            count(self.warnings, "warning"),
            self.infos,
            count(self.operations, "operation")
        )?;
        if self.problems > 0 {
            write!(f, "; not all could be compared ({problems})")?;
        }
        Ok(())
    }
}

/// `1 operation`, `2 operations`.
fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

/// Changes that touch the same operations.
#[derive(Debug, Clone)]
pub struct Group<'a> {
    /// The operations; none for what is about the whole API or a page.
    pub operations: Vec<&'a str>,
    /// The changes, the most severe first.
    pub changes: Vec<Seen<'a>>,
}

impl Group<'_> {
    /// The worst of its changes.
    #[must_use]
    pub fn severity(&self) -> Option<Severity> {
        self.changes.iter().map(|seen| seen.change.severity).max()
    }

    /// What to call it: the operation, or the first of many.
    #[must_use]
    pub fn title(&self) -> String {
        match &self.operations[..] {
            [] => "the whole API".to_owned(),
            [one] => (*one).to_owned(),
            [one, rest @ ..] => format!("{one} and {}", count(rest.len(), "more operation")),
        }
    }
}

/// A change, with where it is published and what it does in Rust.
#[derive(Debug, Clone)]
pub struct Seen<'a> {
    /// The change.
    pub change: &'a Change,
    /// Where it is published.
    pub page: Option<&'a Page>,
    /// What it does to the caller's source.
    pub rust: crate::finding::Rust,
    operations: Vec<&'a str>,
}

/// The forms a report comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For a terminal.
    Human,
    /// For programs; the shape is documented in [`json`].
    Json,
    /// For a pull request, an issue or a job summary.
    Markdown,
    /// Annotations of a GitHub Actions run.
    Github,
    /// JUnit XML, as CI systems read it.
    Junit,
    /// SARIF 2.1.0, as code scanning reads it.
    Sarif,
    /// One file for a browser, which works offline.
    Html,
}

impl Format {
    /// All of them by name.
    pub const ALL: [(&'static str, Self); 7] = [
        ("human", Self::Human),
        ("json", Self::Json),
        ("markdown", Self::Markdown),
        ("github", Self::Github),
        ("junit", Self::Junit),
        ("sarif", Self::Sarif),
        ("html", Self::Html),
    ];

    /// Writes `report` in this form; only a terminal's has styles.
    ///
    /// # Errors
    /// What `out` fails with.
    pub fn write(
        self,
        report: &Report<'_>,
        styles: &Styles,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match self {
            Self::Human => human::write(report, styles, out),
            Self::Json => json::write(report, out),
            Self::Markdown => markdown::write(report, out),
            Self::Github => github::write(report, out),
            Self::Junit => junit::write(report, out),
            Self::Sarif => sarif::write(report, out),
            Self::Html => html::write(report, out),
        }
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let format = Self::ALL.iter().find(|(known, _)| *known == name);
        format.map(|(_, format)| *format).ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|(name, _)| *name).collect();
            format!("no format is called `{name}`; there are {}", names.join(", "))
        })
    }
}

/// `text` without control characters, which would move the cursor or colour a terminal; bidirectional
/// overrides, which would show it in another order, go too.
fn harmless(text: &str) -> String {
    let mut harmless = String::with_capacity(text.len());
    for character in text.chars() {
        let reorders = matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if character.is_control() || reorders {
            harmless.extend(character.escape_default());
        } else {
            harmless.push(character);
        }
    }
    harmless
}

/// A value on one line, shortened to about `length` characters.
fn brief(value: &Value, length: usize) -> String {
    let text = match value {
        Value::String(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    };
    shortened(&text, length)
}

fn shortened(text: &str, length: usize) -> String {
    match text.char_indices().nth(length) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
