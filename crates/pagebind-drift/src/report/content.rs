//! What a report says, whatever its form.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    sync::Arc,
};

use indexmap::IndexMap;

use super::text::count;
use crate::{
    accepted::Entry,
    finding::{Change, Finding, Location, Rust, Severity},
    rust_api::{RustApi, VersionStep},
};

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
                location: finding.location.as_ref(),
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
    pub location: Option<&'a Location>,
    /// What it does to the caller's source.
    pub rust: Rust,
    operations: Vec<&'a str>,
}
