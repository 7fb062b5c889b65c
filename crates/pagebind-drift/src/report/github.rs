//! Annotations of a GitHub Actions run: workflow commands on standard output.
//!
//! GitHub shows ten of each kind for a step, so the most severe come first, and a line at the end
//! says how many there are in all.

use std::io::{self, Write};

use super::{
    content::{Kind, Report, Seen},
    text::{count, harmless},
};
use crate::finding::Severity;

/// Writes the report.
///
/// # Errors
/// What `out` fails with.
pub fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    for section in report.sections() {
        if section.kind == Kind::Words && !report.words {
            let folded = format!("{} of words alone", count(section.changes(), "change"));
            writeln!(out, "::notice::{}", data(&folded))?;
            continue;
        }
        for group in &section.groups {
            let title = group.title();
            for seen in &group.changes {
                annotation(seen, &title, out)?;
            }
        }
    }
    if let Some(api) = report.rust_api.filter(|api| api.breaks()) {
        let (removed, changed) = (api.removed.len(), api.changed.len());
        let items =
            format!("{} of the client removed, {changed} changed", count(removed, "public item"));
        writeln!(out, "::error title=public items::{}", data(&items))?;
    }
    for entry in report.stale {
        let message =
            format!("the accepted finding {} {} matches nothing", entry.id, entry.fingerprint);
        writeln!(out, "::warning::{}", data(&message))?;
    }
    for outcome in report.apis {
        let (name, summary, step) = (&outcome.name, &outcome.summary, &outcome.step);
        let verdict = outcome.verdict.as_str();
        let line = format!("{name}: {summary}; version step {step} ({}); {verdict}", step.why);
        writeln!(out, "::notice::{}", data(&line))?;
    }
    let step = report.step();
    let summary =
        format!("{}: {}; version step {step} ({})", report.subject, report.summary(), step.why);
    writeln!(out, "::notice::{}", data(&summary))
}

fn annotation(seen: &Seen<'_>, operation: &str, out: &mut dyn Write) -> io::Result<()> {
    let change = seen.change;
    let command = match change.severity {
        Severity::Breaking => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    write!(out, "::{command} ")?;
    // An annotation stands at a file of the repository.
    if let Some(location) = seen.vendored.or(seen.location) {
        write!(out, "file={},", property(&location.name))?;
        if let Some(position) = location.position {
            write!(out, "line={},col={},", position.line, position.column)?;
        }
    }
    let message = format!("{operation}: {}", change.message);
    writeln!(out, "title={}::{}", property(&change.id), data(&message))
}

/// The escapes of a workflow command's message; a line feed in it would start another command.
fn data(text: &str) -> String {
    let text = harmless(text);
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
