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
    rules::api::PAGES_CONFLICT,
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
    /// From which severity on a finding fails the run; `None` is never.
    pub fail_on: Option<Severity>,
    /// Whether changes of words alone are listed, and not only counted.
    pub words: bool,
    /// How each API fared, where the report is on several.
    pub apis: &'a [Outcome],
    /// The command to run next, if there is one.
    pub next: Option<&'a str>,
}

/// How a comparison ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Nothing was found from the severity on that fails.
    Fine,
    /// Not all could be compared, so nobody knows.
    CouldNotTell,
    /// Something was found that fails the run.
    Findings,
}

impl Verdict {
    /// The word used in every report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fine => "fine",
            Self::CouldNotTell => "could-not-tell",
            Self::Findings => "findings",
        }
    }
}

/// How one of several APIs fared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Its name.
    pub name: String,
    /// What was found.
    pub summary: Summary,
    /// The version step that its client needs.
    pub step: Step,
    /// How its comparison ended.
    pub verdict: Verdict,
}

/// A version step, and what calls for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The step.
    pub step: VersionStep,
    /// Whether it may be a greater one, as not all could be compared.
    pub at_least: bool,
    /// What calls for it, in words.
    pub why: String,
}

impl Step {
    /// The greatest of several; one that is not known leaves the others a lower bound.
    fn of_all(apis: &[Outcome]) -> Self {
        let known = apis.iter().filter(|outcome| outcome.step.step != VersionStep::Unknown);
        let greatest = known.clone().map(|outcome| outcome.step.step).max();
        let step = greatest.unwrap_or(VersionStep::Unknown);
        let all_known = known.clone().count() == apis.len();
        let at_least = greatest.is_some()
            && (!all_known || known.clone().any(|outcome| outcome.step.at_least));
        let callers: Vec<_> = apis
            .iter()
            .filter(|outcome| outcome.step.step == step)
            .map(|outcome| format!("{}: {}", outcome.name, outcome.step.why))
            .collect();
        Self { step, at_least, why: callers.join("; ") }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at_least = if self.at_least { "at least " } else { "" };
        write!(f, "{at_least}{}", self.step)
    }
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
            fail_on: Some(Severity::Breaking),
            words: false,
            apis: &[],
            next: None,
        }
    }

    /// The version step that the client needs, and why.
    #[must_use]
    pub fn step(&self) -> Step {
        if !self.apis.is_empty() {
            return Step::of_all(self.apis);
        }
        let summary = self.summary();
        let changed = self.findings.iter().filter(|finding| !finding.change.untold);
        let changed: Vec<_> = changed.cloned().collect();
        let untold = summary.problems > 0;
        let nothing = RustApi::default();
        // What could not be compared leaves a lower bound, even where nothing was measured.
        let rust_api = self.rust_api.or_else(|| untold.then_some(&nothing));
        let step = match VersionStep::of(&changed, rust_api) {
            VersionStep::None if untold => VersionStep::Unknown,
            step => step,
        };
        let items = |number: usize, what: &str| {
            (number > 0).then(|| format!("{} {what}", count(number, "public item")))
        };
        let rust = self.rust_api.unwrap_or(&nothing);
        let broken = [items(rust.removed.len(), "removed"), items(rust.changed.len(), "changed")];
        let broken = broken.into_iter().flatten();
        let said = |number: usize, what: &str| (number > 0).then(|| count(number, what));
        let reasons: Vec<String> = match step {
            VersionStep::Major => {
                said(summary.breaking, "breaking change").into_iter().chain(broken).collect()
            }
            VersionStep::Minor => {
                let look =
                    said(summary.warnings, "change").map(|few| format!("{few} worth a look"));
                look.into_iter().chain(items(rust.added.len(), "added")).collect()
            }
            VersionStep::Patch => vec!["what changed asks nothing of callers".to_owned()],
            VersionStep::None => vec!["nothing changed that a caller meets".to_owned()],
            VersionStep::Unknown if untold => vec!["not all could be compared".to_owned()],
            VersionStep::Unknown => vec!["the client's public items were not compared".to_owned()],
        };
        let at_least = untold && step != VersionStep::Unknown;
        Step { step, at_least, why: reasons.join(", ") }
    }

    /// Whether a severity fails the run.
    #[must_use]
    pub fn fails(&self, severity: Severity) -> bool {
        self.fail_on.is_some_and(|fail_on| severity >= fail_on)
    }

    /// Whether what became of the client's public items fails the run: an item that is gone, or
    /// another one, breaks a caller's source, and one that is new asks nothing of him.
    #[must_use]
    pub fn fails_in_rust(&self) -> bool {
        self.rust_api.is_some_and(|api| {
            api.breaks() && self.fails(Severity::Breaking)
                || !api.added.is_empty() && self.fails(Severity::Info)
        })
    }

    /// How the comparison ended.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        if !self.apis.is_empty() {
            let verdicts = self.apis.iter().map(|outcome| outcome.verdict);
            return verdicts.max().unwrap_or(Verdict::Fine);
        }
        let mut untold = self.findings.iter().filter(|finding| finding.change.untold);
        if untold.clone().any(|finding| finding.change.id != PAGES_CONFLICT.id) {
            return Verdict::CouldNotTell;
        }
        let fails = |finding: &Finding| self.fails(finding.change.severity);
        if untold.next().is_some() || self.fails_in_rust() || self.findings.iter().any(fails) {
            return Verdict::Findings;
        }
        Verdict::Fine
    }

    /// How an API fared, of which this is the report.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        Outcome {
            name: self.subject.to_owned(),
            summary: self.summary(),
            step: self.step(),
            verdict: self.verdict(),
        }
    }

    /// Counts of changes and findings.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let mut summary = Summary::default();
        let mut changes = HashSet::new();
        let mut operations = HashSet::new();
        for finding in self.findings {
            operations.extend(finding.operation.as_deref().map(|it| (finding.api.as_deref(), it)));
            if !changes.insert(Arc::as_ptr(&finding.change)) {
                continue;
            }
            match finding.change.severity {
                _ if finding.change.untold => summary.problems += 1,
                Severity::Breaking => summary.breaking += 1,
                Severity::Warning => summary.warnings += 1,
                Severity::Info => summary.infos += 1,
            }
            summary.words += usize::from(finding.change.prose);
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
                vendored: finding.vendored.as_ref(),
                rust: finding.rust,
                api: finding.api.as_deref(),
                operations: Vec::new(),
            });
            seen.operations.extend(finding.operation.as_deref());
        }
        let mut groups: Vec<Group<'a>> = Vec::new();
        let mut by_operations: HashMap<(Option<&str>, Vec<&str>), usize> = HashMap::new();
        for (_, seen) in seen {
            let key = (seen.api, seen.operations.clone());
            let index = *by_operations.entry(key).or_insert_with(|| {
                let (api, operations) = (seen.api, seen.operations.clone());
                groups.push(Group { api, operations, changes: Vec::new() });
                groups.len() - 1
            });
            groups[index].changes.push(seen);
        }
        for group in &mut groups {
            group.changes.sort_by_key(|seen| std::cmp::Reverse(seen.change.severity));
        }
        groups
    }

    /// The same groups in sections, the most telling first: what could not be compared, then what
    /// is breaking, worth a look, and neither; changes of words alone come last.
    #[must_use]
    pub fn sections(&self) -> Vec<Section<'a>> {
        let groups = self.groups();
        let kinds = [
            Kind::Untold,
            Kind::Severity(Severity::Breaking),
            Kind::Severity(Severity::Warning),
            Kind::Severity(Severity::Info),
            Kind::Words,
        ];
        let section = |kind: Kind| {
            let groups: Vec<_> = groups
                .iter()
                .map(|group| {
                    let of_kind = |seen: &&Seen<'a>| Kind::of(seen.change) == kind;
                    let changes = group.changes.iter().filter(of_kind).cloned().collect();
                    Group { api: group.api, operations: group.operations.clone(), changes }
                })
                .filter(|group| !group.changes.is_empty())
                .collect();
            Section { kind, groups }
        };
        kinds.into_iter().map(section).filter(|section| !section.groups.is_empty()).collect()
    }
}

/// What the changes of a section have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// They say what could not be compared.
    Untold,
    /// They weigh as much.
    Severity(Severity),
    /// They are about words alone.
    Words,
}

impl Kind {
    const fn of(change: &Change) -> Self {
        match change {
            Change { untold: true, .. } => Self::Untold,
            Change { prose: true, .. } => Self::Words,
            Change { severity, .. } => Self::Severity(*severity),
        }
    }

    /// What to call the section.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Untold => "not compared",
            Self::Severity(severity) => severity.as_str(),
            Self::Words => "words alone",
        }
    }
}

/// The changes of one kind.
#[derive(Debug, Clone)]
pub struct Section<'a> {
    /// What they have in common.
    pub kind: Kind,
    /// The changes, in groups that touch the same operations.
    pub groups: Vec<Group<'a>>,
}

impl Section<'_> {
    /// How many changes there are in it.
    #[must_use]
    pub fn changes(&self) -> usize {
        self.groups.iter().map(|group| group.changes.len()).sum()
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
    /// Those of the changes that are about words alone.
    pub words: usize,
    /// Operations touched by any change.
    pub operations: usize,
    /// Findings: changes times the operations that they touch.
    pub findings: usize,
    /// What kept parts from being compared; no change itself.
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
    /// The API, in a report on several.
    pub api: Option<&'a str>,
    /// The operations; none for what is about the whole API or a page.
    pub operations: Vec<&'a str>,
    /// The changes, the most severe first.
    pub changes: Vec<Seen<'a>>,
}

impl Group<'_> {
    /// What to call it: the operation, or the first of many.
    #[must_use]
    pub fn title(&self) -> String {
        let title = match &self.operations[..] {
            [] => "the whole API".to_owned(),
            [one] => (*one).to_owned(),
            [one, rest @ ..] => format!("{one} and {}", count(rest.len(), "more operation")),
        };
        match self.api {
            Some(api) => format!("{api}: {title}"),
            None => title,
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
    /// Where to look in the repository.
    pub vendored: Option<&'a Location>,
    /// What it does to the caller's source.
    pub rust: Rust,
    api: Option<&'a str>,
    operations: Vec<&'a str>,
}

impl Seen<'_> {
    /// Where to look, in one word.
    #[must_use]
    pub fn place(&self) -> String {
        match (self.location.or(self.vendored), self.change.pointer.as_str()) {
            (Some(location), _) => location.to_string(),
            (None, "") => String::new(),
            (None, pointer) => format!("{pointer} of the {} document", self.change.side),
        }
    }
}
