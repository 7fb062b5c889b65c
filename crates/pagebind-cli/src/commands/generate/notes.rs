//! What a client does not say as its contract does: all of it, or how much there is of each kind.

use indexmap::IndexMap;
use pagebind::merge::Merged;
use pagebind_codegen::Generated;

use super::pages_of;
use crate::terminal::console::{Console, count};

/// Tells what the client does not express, and on which page that stands.
pub(super) fn tell(generated: &Generated, merged: &Merged, console: &mut Console<'_>) {
    let pages = |pointer: &str| {
        let pages = pages_of(merged, pointer);
        if pages.is_empty() { pages } else { format!(" ({pages})") }
    };
    if !generated.redacted.is_empty() {
        console.step("Redacted", count(generated.redacted.len(), "type"));
        console.detail(generated.redacted.join(", "));
    }
    if !generated.client_headers.is_empty() {
        console
            .step("Headers", format!("{} set on the client", generated.client_headers.join(", ")));
    }
    console.step("Lowered", format!("to OpenAPI 3.0 with {}", losses(generated.losses.len())));
    let losses = generated.losses.iter().map(|loss| Note {
        kind: format!("`{}` {}", loss.keyword, loss.outcome),
        text: format!("{}: `{}` {}", loss.pointer, loss.keyword, loss.outcome),
        pages: pages(&loss.pointer),
        pointer: &loss.pointer,
    });
    notes(losses, console);
    console.step(
        "Shaped",
        format!("for progenitor with {}", count(generated.degradations.len(), "degradation")),
    );
    let degradations = generated.degradations.iter().map(|degradation| Note {
        kind: kind(&degradation.message),
        text: degradation.to_string(),
        pages: pages(&degradation.pointer),
        pointer: &degradation.pointer,
    });
    notes(degradations, console);
    console.step(
        "Generated",
        format!("{} of source", count(generated.source.lines().count(), "line")),
    );
}

/// Something that the client does not say as the contract does.
struct Note<'a> {
    /// What it has in common with others.
    kind: String,
    text: String,
    pages: String,
    pointer: &'a str,
}

/// How many kinds of notes are told, unless all are.
const KINDS: usize = 5;

/// Tells each of them if all is to be told; else how many there are of each kind, with one of them.
fn notes<'a>(notes: impl Iterator<Item = Note<'a>>, console: &mut Console<'_>) {
    if console.is_verbose() {
        notes.for_each(|note| console.detail(format!("{}{}", note.text, note.pages)));
        return;
    }
    let mut kinds: IndexMap<String, (usize, String)> = IndexMap::new();
    for note in notes {
        let example = || format!("{}{}", note.pointer, note.pages);
        kinds.entry(note.kind).or_insert_with(|| (0, example())).0 += 1;
    }
    // The largest first, and those of one size in the order of the contract.
    kinds.sort_by(|_, (one, _), _, (other, _)| other.cmp(one));
    for (kind, (number, example)) in kinds.iter().take(KINDS) {
        console.more(match number {
            1 => format!("{kind}: {example}"),
            _ => format!("{number} × {kind}, such as {example}"),
        });
    }
    if let Some(more) = kinds.len().checked_sub(KINDS).filter(|more| *more > 0) {
        console.more(format!("and {}; `-v` lists all", count(more, "other kind")));
    }
}

/// What is left of a message without the names in it.
fn kind(message: &str) -> String {
    let parts = message.split('`').enumerate();
    let parts = parts.map(|(index, part)| if index % 2 == 1 { "`…`" } else { part });
    parts.collect()
}

pub(in crate::commands) fn losses(number: usize) -> String {
    if number == 1 { "1 loss".to_owned() } else { format!("{number} losses") }
}
