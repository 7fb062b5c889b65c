//! For a browser: one file that works offline, without a script.
//!
//! At the top the endpoints are drawn with the components that touched them; below stand the
//! changes, old beside new. Everything that comes from a page is escaped, and a content security
//! policy forbids the file to load or run anything at all.

mod drawing;

use std::io::{self, Write};

use serde_json::Value;

use super::{
    content::{Group, Report, Seen},
    text::{count, shortened, xml},
};
use crate::finding::Severity;

/// How long an old or new value may be.
const VALUE: usize = 2_000;
/// Operations named below a group before the rest is only counted.
const OPERATIONS: usize = 30;

const STYLE: &str = include_str!("html/style.css");

/// Writes the report.
///
/// # Errors
/// What `out` fails with.
pub fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let groups = report.groups();
    let summary = report.summary();
    let subject = xml(report.subject);
    write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{subject}: what changed</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <header><h1>{subject}</h1><p>{}. Version step: <strong>{}</strong>.</p></header>\n<main>\n",
        xml(&summary.to_string()),
        report.version_step(),
    )?;
    if summary.changes() > 0 {
        let counts = [
            (Severity::Breaking, summary.breaking),
            (Severity::Warning, summary.warnings),
            (Severity::Info, summary.infos),
        ];
        writeln!(out, "<fieldset><legend>Show</legend>")?;
        for (severity, number) in counts {
            writeln!(
                out,
                "<label class=\"{severity}\"><input type=\"checkbox\" id=\"show-{severity}\" checked> {severity} <b>{number}</b></label>"
            )?;
        }
        writeln!(out, "</fieldset>")?;
        drawing::write(&groups, out)?;
    }
    for group in &groups {
        section(group, out)?;
    }
    rust_api(report, out)?;
    notes(report, out)?;
    writeln!(out, "</main>\n</body>\n</html>")
}

fn section(group: &Group<'_>, out: &mut dyn Write) -> io::Result<()> {
    let severities: Vec<_> = Severity::ALL
        .into_iter()
        .filter(|severity| group.changes.iter().any(|seen| seen.change.severity == *severity))
        .map(|severity| format!("has-{severity}"))
        .collect();
    writeln!(
        out,
        "<section class=\"{}\">\n<h2>{}</h2>",
        severities.join(" "),
        xml(&group.title())
    )?;
    if group.operations.len() > 1 {
        writeln!(
            out,
            "<details><summary>{}</summary><ul>",
            count(group.operations.len(), "operation")
        )?;
        for operation in group.operations.iter().take(OPERATIONS) {
            writeln!(out, "<li>{}</li>", xml(operation))?;
        }
        match group.operations.len().saturating_sub(OPERATIONS) {
            0 => {}
            more => writeln!(out, "<li>and {more} more</li>")?,
        }
        writeln!(out, "</ul></details>")?;
    }
    for seen in &group.changes {
        article(seen, out)?;
    }
    writeln!(out, "</section>")
}

fn article(seen: &Seen<'_>, out: &mut dyn Write) -> io::Result<()> {
    let change = seen.change;
    let severity = change.severity;
    writeln!(
        out,
        "<article class=\"{severity}\" id=\"{}\">\n<h3><span class=\"badge\">{severity}</span> {}</h3>",
        change.fingerprint(),
        xml(&change.message)
    )?;
    if change.old.is_some() || change.new.is_some() {
        writeln!(out, "<div class=\"values\">")?;
        for (word, value) in [("old", &change.old), ("new", &change.new)] {
            writeln!(
                out,
                "<figure class=\"{word}\"><figcaption>{word}</figcaption>{}</figure>",
                shown(value.as_ref())
            )?;
        }
        writeln!(out, "</div>")?;
    }
    let location = seen
        .location
        .map(|location| format!("<code>{}</code> ", xml(&location.to_string())))
        .unwrap_or_default();
    let pointer = match change.pointer.as_str() {
        "" => String::new(),
        pointer => {
            format!("<code>{}</code> of the {} document", xml(pointer), change.side.as_str())
        }
    };
    writeln!(
        out,
        "<p class=\"where\">{location}{pointer}</p>\n<p class=\"rule\"><code>{}</code> wire {}, rust {}, fingerprint <code>{}</code></p>\n</article>",
        change.id,
        change.wire.as_str(),
        seen.rust.as_str(),
        change.fingerprint()
    )
}

/// A value as people read it: text as it is, anything else as JSON. Line breaks in text stay.
fn shown(value: Option<&Value>) -> String {
    let text = match value {
        None => return "<p class=\"none\">nothing</p>".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => format!("{other:#}"),
    };
    let lines: Vec<_> = shortened(&text, VALUE).lines().map(xml).collect();
    format!("<pre>{}</pre>", lines.join("\n"))
}

fn rust_api(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Some(api) = report.rust_api.filter(|api| api.breaks() || !api.added.is_empty()) else {
        return Ok(());
    };
    writeln!(out, "<section><h2>Public items of the client</h2><ul class=\"items\">")?;
    for (word, item) in api.lines() {
        writeln!(out, "<li class=\"{word}\"><b>{word}</b> <code>{}</code></li>", xml(&item))?;
    }
    writeln!(out, "</ul></section>")
}

fn notes(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    if report.findings.is_empty() {
        writeln!(out, "<p>Nothing changed.</p>")?;
    }
    if report.silenced > 0 {
        writeln!(out, "<p>{} accepted.</p>", count(report.silenced, "finding"))?;
    }
    for entry in report.stale {
        writeln!(
            out,
            "<p>The accepted finding <code>{} {}</code> matches nothing.</p>",
            xml(&entry.id),
            xml(&entry.fingerprint)
        )?;
    }
    if let Some(next) = report.next {
        writeln!(out, "<p>Next: <code>{}</code></p>", xml(next))?;
    }
    Ok(())
}
