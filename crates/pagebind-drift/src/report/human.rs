//! For a terminal: grouped by operation, old beside new, where it stands, and the next command.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::{
    content::{Group, Report, Seen},
    text::{brief, count, harmless},
};
use crate::finding::Severity;

/// How wide an old or new value may be.
const VALUE: usize = 120;
/// Operations named below a group before the rest is only counted.
const OPERATIONS: usize = 5;

/// How the parts of a report look.
#[derive(Debug, Clone, Copy, Default)]
pub struct Styles {
    breaking: Style,
    warning: Style,
    info: Style,
    heading: Style,
    faint: Style,
    old: Style,
    new: Style,
}

impl Styles {
    /// No styles: for a file, a pipe, or who has set `NO_COLOR`.
    #[must_use]
    pub fn plain() -> Self {
        Self::default()
    }

    /// For a terminal.
    #[must_use]
    pub const fn coloured() -> Self {
        Self {
            breaking: AnsiColor::Red.on_default().bold(),
            warning: AnsiColor::Yellow.on_default().bold(),
            info: AnsiColor::Cyan.on_default().bold(),
            heading: Style::new().bold(),
            faint: Style::new().dimmed(),
            old: AnsiColor::Red.on_default(),
            new: AnsiColor::Green.on_default(),
        }
    }

    const fn of(&self, severity: Severity) -> Style {
        match severity {
            Severity::Breaking => self.breaking,
            Severity::Warning => self.warning,
            Severity::Info => self.info,
        }
    }
}

/// Writes the report.
///
/// # Errors
/// What `out` fails with.
pub fn write(report: &Report<'_>, styles: &Styles, out: &mut dyn Write) -> io::Result<()> {
    for group in report.groups() {
        heading(&group, styles, out)?;
        for seen in &group.changes {
            change(seen, styles, out)?;
        }
        writeln!(out)?;
    }
    rust_api(report, styles, out)?;
    for entry in report.stale {
        let style = styles.warning;
        let (id, fingerprint) = (harmless(&entry.id), harmless(&entry.fingerprint));
        writeln!(
            out,
            "{style}   warning{style:#}  the accepted finding {id} {fingerprint} matches nothing; remove its entry"
        )?;
    }
    let subject = harmless(report.subject);
    let style = styles.heading;
    write!(out, "{style}{subject}{style:#}: {}", report.summary())?;
    if report.silenced > 0 {
        write!(out, "; {} accepted", count(report.silenced, "finding"))?;
    }
    writeln!(out, "; version step {}", report.version_step())?;
    if let Some(next) = report.next {
        writeln!(out, "\n{style}hint{style:#}: {}", harmless(next))?;
    }
    Ok(())
}

fn heading(group: &Group<'_>, styles: &Styles, out: &mut dyn Write) -> io::Result<()> {
    let style = styles.heading;
    writeln!(out, "{style}{}{style:#}", harmless(&group.title()))?;
    let faint = styles.faint;
    let others = group.operations.iter().skip(1);
    for operation in others.clone().take(OPERATIONS) {
        writeln!(out, "  {faint}also {}{faint:#}", harmless(operation))?;
    }
    match others.count().saturating_sub(OPERATIONS) {
        0 => Ok(()),
        more => writeln!(out, "  {faint}and {more} more{faint:#}"),
    }
}

fn change(seen: &Seen<'_>, styles: &Styles, out: &mut dyn Write) -> io::Result<()> {
    let change = seen.change;
    let (style, faint) = (styles.of(change.severity), styles.faint);
    writeln!(out, "{style}{:>10}{style:#}  {}", change.severity, harmless(&change.message))?;
    for (word, value, style) in [("old", &change.old, styles.old), ("new", &change.new, styles.new)]
    {
        // A value that the message has in full needs no line of its own.
        if let Some(value) = value
            .as_ref()
            .map(|value| brief(value, VALUE))
            .filter(|value| !change.message.contains(value.as_str()))
        {
            writeln!(out, "{:>14}  {style}{}{style:#}", word, harmless(&value))?;
        }
    }
    let place = match (seen.location, change.pointer.as_str()) {
        (Some(location), "") => location.to_string(),
        (Some(location), pointer) => format!("{location} at {pointer}"),
        (None, "") => String::new(),
        (None, pointer) => format!("{pointer} of the {} document", change.side),
    };
    if !place.is_empty() {
        writeln!(out, "{faint}{:>14}{faint:#}  {}", "-->", harmless(&place))?;
    }
    writeln!(
        out,
        "{:>14}  {faint}{} · wire {} · rust {} · {}{faint:#}",
        "",
        change.id,
        change.wire.as_str(),
        seen.rust.as_str(),
        change.fingerprint()
    )
}

fn rust_api(report: &Report<'_>, styles: &Styles, out: &mut dyn Write) -> io::Result<()> {
    let Some(api) = report.rust_api.filter(|api| api.breaks() || !api.added.is_empty()) else {
        return Ok(());
    };
    let style = styles.heading;
    writeln!(out, "{style}public items of the client{style:#}")?;
    for (word, item) in api.lines() {
        let style = if word == "added" { styles.new } else { styles.breaking };
        writeln!(out, "{style}{word:>10}{style:#}  {}", harmless(&item))?;
    }
    writeln!(out)
}
