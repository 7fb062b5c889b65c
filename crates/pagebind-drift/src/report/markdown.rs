//! For a pull request, an issue, or a job summary: GitHub-flavoured Markdown.
//!
//! An issue holds 65,536 characters. The worst comes first, so that what goes beyond is what matters
//! least, and how many of each kind are missing is said.

use std::io::{self, Write};

use super::{
    content::{Kind, Report, Section, Seen},
    text::{count, harmless, shortened, sides},
};

/// Bytes for each of the two lists, so that both and the words around them fit an issue.
const CHANGES: usize = 45_000;
const ITEMS: usize = 15_000;
const VALUE: usize = 60;
const MESSAGE: usize = 240;

/// Writes the report.
///
/// # Errors
/// What `out` fails with.
pub fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "## {}: {}\n", escaped(report.subject), report.summary())?;
    let step = report.step();
    writeln!(out, "Version step: **{step}** ({}).\n", escaped(&step.why))?;
    if !report.apis.is_empty() {
        writeln!(out, "| API | found | version step | ended as |\n|---|---|---|---|")?;
        for outcome in report.apis {
            let (name, summary, step) = (escaped(&outcome.name), &outcome.summary, &outcome.step);
            let why = escaped(&step.why);
            writeln!(
                out,
                "| {name} | {summary} | **{step}** ({why}) | {} |",
                outcome.verdict.as_str()
            )?;
        }
        writeln!(out)?;
    }
    let mut room = CHANGES;
    for section in report.sections() {
        if section.kind == Kind::Words && !report.words {
            writeln!(out, "{} of words alone.\n", count(section.changes(), "change"))?;
            continue;
        }
        self::section(&section, &mut room, out)?;
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

/// The changes of a kind as far as there is room, and how many are missing.
fn section(section: &Section<'_>, room: &mut usize, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "### {} ({})\n", section.kind.as_str(), section.changes())?;
    let mut listed = 0;
    'groups: for group in &section.groups {
        let mut heading = format!("**{}**\n\n", escaped(&shortened(&group.title(), MESSAGE)));
        for seen in &group.changes {
            let line = line(seen);
            let length = heading.len() + line.len();
            if length > *room {
                // Nothing that weighs less comes where this had no room.
                *room = 0;
                break 'groups;
            }
            *room -= length;
            out.write_all(std::mem::take(&mut heading).as_bytes())?;
            out.write_all(line.as_bytes())?;
            listed += 1;
        }
        writeln!(out)?;
    }
    match section.changes() - listed {
        0 => Ok(()),
        more => {
            let kind = section.kind.as_str();
            writeln!(out, "And {more} more ({kind}) that are not listed here.\n")
        }
    }
}

fn line(seen: &Seen<'_>) -> String {
    let change = seen.change;
    let sides = sides(&change.message, (&change.old, &change.new), VALUE);
    let sides = sides.map(|sides| format!(": <code>{}</code>", escaped(&sides)));
    let place = match seen.place() {
        place if place.is_empty() => place,
        place => format!(", <code>{}</code>", escaped(&shortened(&place, MESSAGE))),
    };
    format!(
        "- {}{}{place} <sub>{} · {}</sub>\n",
        escaped(&shortened(&change.message, MESSAGE)),
        sides.unwrap_or_default(),
        change.id,
        change.fingerprint(),
    )
}

fn rust_api(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Some(api) = report.rust_api.filter(|api| !api.is_empty()) else {
        return Ok(());
    };
    writeln!(out, "### Public items of the client\n")?;
    let lines: Vec<_> = api
        .lines()
        .map(|(word, item)| {
            format!("- {word} <code>{}</code>\n", escaped(&shortened(&item, MESSAGE)))
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
