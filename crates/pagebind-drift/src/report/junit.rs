//! JUnit XML: a suite for each group of operations, a case for each change.
//!
//! A change that fails the run is a failure, what could not be compared an error, and any other
//! change a passed case with its words as output. How each API fared is a passed case as well, so that
//! a report without changes is no empty file, which CI systems take for an error.

use std::io::{self, Write};

use super::{
    content::{Group, Outcome, Report, Seen},
    text::{count, xml},
};

/// How many cases there are, and how they ended.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
}

impl Counts {
    fn of(report: &Report<'_>, group: &Group<'_>) -> Self {
        let untold = |seen: &&Seen<'_>| seen.change.untold;
        let failing = |seen: &&Seen<'_>| !untold(seen) && report.fails(seen.change.severity);
        Self {
            tests: group.changes.len(),
            failures: group.changes.iter().filter(failing).count(),
            errors: group.changes.iter().filter(untold).count(),
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            tests: self.tests + other.tests,
            failures: self.failures + other.failures,
            errors: self.errors + other.errors,
        }
    }

    fn attributes(self) -> String {
        let Self { tests, failures, errors } = self;
        format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\"")
    }
}

/// Writes the report.
///
/// # Errors
/// What `out` fails with.
pub fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let sections = report.sections();
    let groups: Vec<_> = sections.iter().flat_map(|section| &section.groups).collect();
    let rust = report.rust_api.filter(|api| !api.is_empty());
    let outcomes = match report.apis {
        [] => vec![report.outcome()],
        apis => apis.to_vec(),
    };
    let ended = Counts { tests: outcomes.len(), ..Counts::default() };
    let mut counts = groups.iter().map(|group| Counts::of(report, group)).fold(ended, Counts::and);
    let in_rust = Counts { tests: 1, failures: usize::from(report.fails_in_rust()), errors: 0 };
    if rust.is_some() {
        counts = counts.and(in_rust);
    }
    let subject = xml(report.subject);
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites name=\"{subject}\" {}>", counts.attributes())?;
    writeln!(out, "  <testsuite name=\"how it ended\" {}>", ended.attributes())?;
    for Outcome { name, summary, step, verdict } in &outcomes {
        let (name, why) = (xml(name), xml(&step.why));
        writeln!(out, "    <testcase classname=\"{name}\" name=\"version step {step}\">")?;
        let verdict = verdict.as_str();
        writeln!(out, "      <system-out>{summary}; {verdict}; {why}</system-out>")?;
        writeln!(out, "    </testcase>")?;
    }
    writeln!(out, "  </testsuite>")?;
    for group in groups {
        let title = xml(&group.title());
        let counts = Counts::of(report, group).attributes();
        writeln!(out, "  <testsuite name=\"{title}\" {counts}>")?;
        for seen in &group.changes {
            case(report, seen, &title, out)?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    if let Some(api) = rust {
        let items: Vec<_> = api.lines().map(|(word, item)| format!("{word} {item}")).collect();
        let items = xml(&items.join("; "));
        writeln!(out, "  <testsuite name=\"public items\" {}>", in_rust.attributes())?;
        writeln!(out, "    <testcase classname=\"{subject}\" name=\"public items\">")?;
        if report.fails_in_rust() {
            let broken = count(api.removed.len() + api.changed.len(), "public item");
            writeln!(
                out,
                "      <failure type=\"rust\" message=\"{broken} removed or changed\">{items}</failure>"
            )?;
        } else {
            writeln!(out, "      <system-out>{items}</system-out>")?;
        }
        writeln!(out, "    </testcase>\n  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

fn case(report: &Report<'_>, seen: &Seen<'_>, class: &str, out: &mut dyn Write) -> io::Result<()> {
    let change = seen.change;
    let (message, severity) = (xml(&change.message), change.severity);
    let location = seen.location.map(ToString::to_string).unwrap_or_default();
    let place = xml(format!("{location} {}", change.pointer).trim());
    writeln!(
        out,
        "    <testcase classname=\"{class}\" name=\"{} {}\">",
        change.id,
        change.fingerprint()
    )?;
    if change.untold {
        writeln!(out, "      <error type=\"not compared\" message=\"{message}\">{place}</error>")?;
    } else if report.fails(severity) {
        writeln!(
            out,
            "      <failure type=\"{severity}\" message=\"{message}\">{place}</failure>"
        )?;
    } else {
        writeln!(out, "      <system-out>{severity}: {message} {place}</system-out>")?;
    }
    writeln!(out, "    </testcase>")
}
