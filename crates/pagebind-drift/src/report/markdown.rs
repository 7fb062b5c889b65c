//! For a pull request, an issue, or a job summary: GitHub-flavoured Markdown.
//!
//! An issue holds 65,536 characters, so what goes beyond is only counted.

use std::io::{self, Write};

use serde_json::Value;

use super::{
    content::{Report, Seen},
    text::{brief, count, harmless, shortened},
};

/// Bytes for each of the two lists, so that both and the words around them fit an issue.
const CHANGES: usize = 45_000;
const ITEMS: usize = 15_000;
const VALUE: usize = 80;
const MESSAGE: usize = 160;

/// Writes the report.
///
/// # Errors
/// What `out` fails with.
pub fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let summary = report.summary();
    writeln!(out, "## {}: {summary}\n", escaped(report.subject))?;
    writeln!(out, "Version step: **{}**\n", report.version_step())?;
    let (changes, listed) = changes(report);
    out.write_all(changes.as_bytes())?;
    if listed < summary.changes() {
        let more = count(summary.changes() - listed, "change");
        writeln!(out, "And {more} that are not listed here.\n")?;
    }
    rust_api(report, out)?;
    for entry in report.stale {
        let (id, fingerprint) = (escaped(&entry.id), escaped(&entry.fingerprint));
        writeln!(
            out,
            "- the accepted finding {id} {fingerprint} matches nothing; remove its entry"
        )?;
    }
    if report.silenced > 0 {
        writeln!(out, "{} accepted.\n", count(report.silenced, "finding"))?;
    }
    if let Some(next) = report.next {
        writeln!(out, "Next: <code>{}</code>", escaped(next))?;
    }
    Ok(())
}

/// The tables of changes as far as there is room, and how many are in them.
fn changes(report: &Report<'_>) -> (String, usize) {
    let mut text = String::new();
    let mut listed = 0;
    for group in report.groups() {
        let title = escaped(&shortened(&group.title(), MESSAGE));
        let mut heading =
            format!("### {title}\n\n| | Change | Old | New | Where |\n|---|---|---|---|---|\n");
        for seen in &group.changes {
            let row = row(seen);
            if text.len() + heading.len() + row.len() > CHANGES {
                return (text, listed);
            }
            text.push_str(&std::mem::take(&mut heading));
            text.push_str(&row);
            listed += 1;
        }
        text.push('\n');
    }
    (text, listed)
}

fn row(seen: &Seen<'_>) -> String {
    let change = seen.change;
    let value = |value: &Option<Value>| match value {
        Some(value) => format!("<code>{}</code>", escaped(&brief(value, VALUE))),
        None => String::new(),
    };
    let place = match seen.location {
        Some(location) => location.to_string(),
        None => change.pointer.clone(),
    };
    format!(
        "| **{}** | {}<br><sub>{} · wire {} · rust {} · {}</sub> | {} | {} | <code>{}</code> |\n",
        change.severity,
        escaped(&shortened(&change.message, MESSAGE)),
        change.id,
        change.wire.as_str(),
        seen.rust.as_str(),
        change.fingerprint(),
        value(&change.old),
        value(&change.new),
        escaped(&shortened(&place, MESSAGE)),
    )
}

fn rust_api(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Some(api) = report.rust_api.filter(|api| api.breaks() || !api.added.is_empty()) else {
        return Ok(());
    };
    writeln!(out, "### Public items of the client\n")?;
    let lines: Vec<_> = api
        .lines()
        .map(|(word, item)| {
            format!("- {word} <code>{}</code>\n", escaped(&shortened(&item, 2 * MESSAGE)))
        })
        .collect();
    let mut room = ITEMS;
    let fits = lines.iter().take_while(|line| {
        let fits = line.len() <= room;
        room = room.saturating_sub(line.len());
        fits
    });
    let listed: Vec<_> = fits.collect();
    for line in &listed {
        out.write_all(line.as_bytes())?;
    }
    match lines.len() - listed.len() {
        0 => {}
        more => writeln!(out, "- and {} that are not listed here", count(more, "item"))?,
    }
    writeln!(out)
}

/// Text that is shown as it is: nothing in it is markup, a link, or a mention of somebody.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in harmless(text).chars() {
        match character {
            // An empty comment parts the sign from the name, so that nobody is notified.
            '@' => escaped.push_str("@<!-- -->"),
            '#' | '&' | '<' | '>' | '|' | '`' | '*' | '_' | '~' | '[' | ']' | '(' | ')' | '\\'
            | '!' | '$' => {
                escaped.push_str(&format!("&#{};", u32::from(character)));
            }
            // A bare address would become a link.
            ':' => escaped.push_str("&#58;"),
            other => escaped.push(other),
        }
    }
    escaped
}
