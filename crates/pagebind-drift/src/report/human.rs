//! For a terminal: the worst first, a line a change with where to look, and the next command.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::{
    content::{Kind, Report, Seen, Step, Summary, Verdict},
    text::{count, harmless, sides},
};
use crate::finding::Severity;

/// How wide an old or new value may be.
const VALUE: usize = 60;
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
            new: AnsiColor::Green.on_default(),
        }
    }

    const fn of(&self, kind: Kind) -> Style {
        match kind {
            Kind::Severity(Severity::Breaking) => self.breaking,
            Kind::Untold | Kind::Severity(Severity::Warning) => self.warning,
            Kind::Words | Kind::Severity(Severity::Info) => self.info,
        }
    }
}

/// Writes the report.
///
/// # Errors
/// What `out` fails with.
pub fn write(report: &Report<'_>, styles: &Styles, out: &mut dyn Write) -> io::Result<()> {
    for section in report.sections() {
        if section.kind == Kind::Words && !report.words {
            let folded = count(section.changes(), "change");
            writeln!(out, "{folded} of words alone; --words lists them\n")?;
            continue;
        }
        let style = styles.of(section.kind);
        writeln!(out, "{style}{}{style:#}", section.kind.as_str())?;
        for group in &section.groups {
            let style = styles.heading;
            writeln!(out, "  {style}{}{style:#}", harmless(&group.title()))?;
            let others = group.operations.iter().skip(1).take(OPERATIONS);
            let faint = styles.faint;
            for operation in others {
                writeln!(out, "    {faint}also {}{faint:#}", harmless(operation))?;
            }
            for seen in &group.changes {
                change(seen, styles, out)?;
            }
        }
        writeln!(out)?;
    }
    rust_api(report, styles, out)?;
    for entry in report.stale {
        let style = styles.warning;
        let (id, fingerprint) = (harmless(&entry.id), harmless(&entry.fingerprint));
        writeln!(
            out,
            "{style}warning{style:#}: the accepted finding {id} {fingerprint} matches nothing; remove its entry"
        )?;
    }
    for outcome in report.apis {
        let verdict = match outcome.verdict {
            Verdict::Fine => "",
            Verdict::Findings => "; fails",
            Verdict::CouldNotTell => "; could not tell",
        };
        result(&outcome.name, &outcome.summary, &outcome.step, verdict, styles, out)?;
    }
    let silenced = match report.silenced {
        0 => String::new(),
        silenced => format!("; {} accepted", count(silenced, "finding")),
    };
    let subject = if report.apis.is_empty() { report.subject } else { "together" };
    result(subject, &report.summary(), &report.step(), &silenced, styles, out)?;
    if let Some(next) = report.next {
        let style = styles.heading;
        writeln!(out, "\n{style}hint{style:#}: {}", harmless(next))?;
    }
    Ok(())
}

/// One line: what was found, the version step, and why.
fn result(
    subject: &str,
    summary: &Summary,
    step: &Step,
    more: &str,
    styles: &Styles,
    out: &mut dyn Write,
) -> io::Result<()> {
    let style = styles.heading;
    let subject = harmless(subject);
    writeln!(out, "{style}{subject}{style:#}: {summary}{more}; version step {step} ({})", step.why)
}

/// One line: what changed, where to look, and how to name it in `accepted.toml`.
fn change(seen: &Seen<'_>, styles: &Styles, out: &mut dyn Write) -> io::Result<()> {
    let change = seen.change;
    write!(out, "    {}", harmless(&change.message))?;
    if let Some(sides) = sides(&change.message, (&change.old, &change.new), VALUE) {
        write!(out, ": {}", harmless(&sides))?;
    }
    let place = match seen.place() {
        place if place.is_empty() => place,
        place => format!("{}  ", harmless(&place)),
    };
    let faint = styles.faint;
    writeln!(out, "  {faint}--> {place}[{} {}]{faint:#}", change.id, change.fingerprint())
}

fn rust_api(report: &Report<'_>, styles: &Styles, out: &mut dyn Write) -> io::Result<()> {
    let Some(api) = report.rust_api.filter(|api| !api.is_empty()) else {
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
