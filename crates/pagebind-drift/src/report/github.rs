//! Annotations of a GitHub Actions run: workflow commands on standard output.
//!
//! GitHub shows ten of each kind for a step, so the most severe come first, and a line at the end
//! says how many there are in all.

use std::io::{self, Write};

use super::{
    content::{Report, Seen},
    text::harmless,
};
use crate::finding::Severity;

/// Writes the report.
///
/// # Errors
/// What `out` fails with.
pub fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let groups = report.groups();
    for severity in Severity::ALL {
        for group in &groups {
            let title = group.title();
            for seen in group.changes.iter().filter(|seen| seen.change.severity == severity) {
                annotation(seen, &title, out)?;
            }
        }
    }
    for entry in report.stale {
        let message =
            format!("the accepted finding {} {} matches nothing", entry.id, entry.fingerprint);
        writeln!(out, "::warning::{}", data(&message))?;
    }
    let summary = format!("{}: {}", report.subject, report.summary());
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
    if let Some(location) = seen.location {
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
