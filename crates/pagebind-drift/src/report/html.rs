//! For a browser: one file that works offline, without a script.
//!
//! On the first screen stand the summary and the worst that was found; then the changes, the most
//! severe first, folded together by operation, old beside new; in the end the endpoints, drawn with
//! the components that touched them. Everything that comes from a page is escaped, and a content
//! security policy forbids the file to load or run anything at all.

mod drawing;

use std::io::{self, Write};

use serde_json::Value;

use super::{
    content::{Group, Kind, Report, Section, Seen},
    text::{around_difference, count, xml},
};

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
    let summary = report.summary();
    let step = report.step();
    let subject = xml(report.subject);
    write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{subject}: what changed</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <header><h1>{subject}</h1><p>{}. Version step: <strong>{step}</strong> ({}).</p></header>\n<main>\n",
        xml(&summary.to_string()),
        xml(&step.why),
    )?;
    apis(report, out)?;
    let sections = report.sections();
    if !sections.is_empty() {
        write!(out, "<nav>")?;
        for section in &sections {
            let (class, number) = (class(section.kind), section.changes());
            let name = section.kind.as_str();
            write!(out, "<a class=\"{class}\" href=\"#{class}\">{name} <b>{number}</b></a> ")?;
        }
        writeln!(out, "</nav>")?;
    }
    for (index, section) in sections.iter().enumerate() {
        self::section(section, index == 0, out)?;
    }
    rust_api(report, out)?;
    notes(report, out)?;
    drawing::write(&report.groups(), out)?;
    writeln!(out, "</main>\n</body>\n</html>")
}

/// The colour of a section.
const fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Untold => "untold",
        Kind::Severity(severity) => severity.as_str(),
        Kind::Words => "words",
    }
}

/// How each of several APIs fared.
fn apis(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    if report.apis.is_empty() {
        return Ok(());
    }
    writeln!(out, "<ul class=\"apis\">")?;
    for outcome in report.apis {
        let (name, step) = (xml(&outcome.name), &outcome.step);
        let summary = xml(&outcome.summary.to_string());
        let (why, verdict) = (xml(&step.why), outcome.verdict.as_str());
        writeln!(
            out,
            "<li><b>{name}</b>: {summary}; version step <b>{step}</b> ({why}); {verdict}</li>"
        )?;
    }
    writeln!(out, "</ul>")
}

/// The changes of a kind, folded together by operation; the first of all is open.
fn section(section: &Section<'_>, first: bool, out: &mut dyn Write) -> io::Result<()> {
    let class = class(section.kind);
    writeln!(
        out,
        "<section class=\"{class}\" id=\"{class}\">\n<h2>{} ({})</h2>",
        section.kind.as_str(),
        section.changes()
    )?;
    for (index, group) in section.groups.iter().enumerate() {
        let open = if first && index == 0 { " open" } else { "" };
        writeln!(
            out,
            "<details{open}><summary>{} <span class=\"badge\">{}</span></summary>",
            xml(&group.title()),
            count(group.changes.len(), "change")
        )?;
        operations(group, out)?;
        for seen in &group.changes {
            article(seen, out)?;
        }
        writeln!(out, "</details>")?;
    }
    writeln!(out, "</section>")
}

/// The operations of a group, where its title can't name them all.
fn operations(group: &Group<'_>, out: &mut dyn Write) -> io::Result<()> {
    if group.operations.len() < 2 {
        return Ok(());
    }
    writeln!(out, "<ul class=\"operations\">")?;
    for operation in group.operations.iter().take(OPERATIONS) {
        writeln!(out, "<li>{}</li>", xml(operation))?;
    }
    match group.operations.len().saturating_sub(OPERATIONS) {
        0 => {}
        more => writeln!(out, "<li>and {more} more</li>")?,
    }
    writeln!(out, "</ul>")
}

fn article(seen: &Seen<'_>, out: &mut dyn Write) -> io::Result<()> {
    let change = seen.change;
    let severity = change.severity;
    writeln!(
        out,
        "<article class=\"{severity}\">\n<h3><span class=\"badge\">{severity}</span> {}</h3>",
        xml(&change.message)
    )?;
    if change.old.is_some() || change.new.is_some() {
        writeln!(out, "<div class=\"values\">")?;
        let (old, new) = shown((change.old.as_ref(), change.new.as_ref()));
        for (word, value) in [("old", old), ("new", new)] {
            writeln!(
                out,
                "<figure class=\"{word}\"><figcaption>{word}</figcaption>{value}</figure>"
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

/// Two values as people read them, cut around what differs first: text as it is, anything else as
/// JSON. Line breaks in text stay.
fn shown((old, new): (Option<&Value>, Option<&Value>)) -> (String, String) {
    let text = |value: Option<&Value>| match value {
        Some(Value::String(text)) => text.clone(),
        Some(other) => format!("{other:#}"),
        None => String::new(),
    };
    let (old_text, new_text) = around_difference(&text(old), &text(new), VALUE);
    let figure = |value: Option<&Value>, text: &str| {
        if value.is_none() {
            return "<p class=\"none\">nothing</p>".to_owned();
        }
        let lines: Vec<_> = text.lines().map(xml).collect();
        format!("<pre>{}</pre>", lines.join("\n"))
    };
    (figure(old, &old_text), figure(new, &new_text))
}

fn rust_api(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Some(api) = report.rust_api.filter(|api| !api.is_empty()) else {
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
