//! JUnit XML: a suite for each group of operations, a case for each change.
//!
//! A change that fails the run is a failure, any other a passed case with its words as output. A
//! report without changes holds one passed case, because CI systems take an empty file for an
//! error.

use std::io::{self, Write};

use super::{
    content::{Report, Seen},
    text::xml,
};

/// Writes the report.
///
/// # Errors
/// What `out` fails with.
pub fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let groups = report.groups();
    let failing = |seen: &&Seen<'_>| report.fails(seen.change.severity);
    let all = groups.iter().flat_map(|group| &group.changes);
    let whole = groups.is_empty() || report.problems > 0;
    let (tests, failures) = (all.clone().count() + usize::from(whole), all.filter(failing).count());
    let errors = usize::from(report.problems > 0);
    let subject = xml(report.subject);
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites name=\"{subject}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\">"
    )?;
    if whole {
        writeln!(
            out,
            "  <testsuite name=\"{subject}\" tests=\"1\" failures=\"0\" errors=\"{errors}\">"
        )?;
        let summary = report.summary();
        write!(out, "    <testcase classname=\"{subject}\" name=\"{summary}\"")?;
        if report.problems > 0 {
            write!(out, "><error message=\"not all could be compared\"/></testcase>")?;
        } else {
            write!(out, "/>")?;
        }
        writeln!(out, "\n  </testsuite>")?;
    }
    for group in &groups {
        let title = xml(&group.title());
        let failures = group.changes.iter().filter(failing).count();
        writeln!(
            out,
            "  <testsuite name=\"{title}\" tests=\"{}\" failures=\"{failures}\">",
            group.changes.len()
        )?;
        for seen in &group.changes {
            case(report, seen, &title, out)?;
        }
        writeln!(out, "  </testsuite>")?;
    }
    writeln!(out, "</testsuites>")
}

fn case(report: &Report<'_>, seen: &Seen<'_>, class: &str, out: &mut dyn Write) -> io::Result<()> {
    let change = seen.change;
    let message = xml(&change.message);
    let location = seen.location.map(ToString::to_string).unwrap_or_default();
    let place = xml(format!("{location} {}", change.pointer).trim());
    writeln!(
        out,
        "    <testcase classname=\"{class}\" name=\"{} {}\">",
        change.id,
        change.fingerprint()
    )?;
    if report.fails(change.severity) {
        writeln!(
            out,
            "      <failure type=\"{}\" message=\"{message}\">{place}</failure>",
            change.severity
        )?;
    } else {
        writeln!(out, "      <system-out>{}: {message} {place}</system-out>", change.severity)?;
    }
    writeln!(out, "    </testcase>")
}
