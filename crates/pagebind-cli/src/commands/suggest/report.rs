//! Suggestions for people, as the text of an overlay, and for programs:
//!
//! ```json
//! {
//!   "schema_version": 1,
//!   "apis": [{
//!     "name": "visa-click-to-pay",
//!     "suggestions": [{
//!       "rule": "integer-id",
//!       "class": "likely",
//!       "reason": "an id is an integer; …",
//!       "description": "An id is an integer. …",
//!       "secret": false,
//!       "places": [{
//!         "page": "openapi/cards/pages/enroll.md", "line": 62, "column": 11,
//!         "pointer": "/components/schemas/CardID"
//!       }],
//!       "action": {
//!         "target": "$.components.schemas.CardID",
//!         "description": "An id is an integer. …",
//!         "x-matches": 1,
//!         "x-expect": {"type": "number"},
//!         "update": {"type": "integer", "format": "int64"}
//!       }
//!     }],
//!     "accepted": {"silenced": 0, "stale": [{"rule": "integer-id", "pointer": null}]}
//!   }],
//!   "summary": {"certain": 0, "likely": 1, "look": 0}
//! }
//! ```
//!
//! `class` is `certain`, `likely` or `look`; `secret` says that a client prints a card number, a code, a
//! password or a key today. `action` is an action of an overlay, with one of `update`, `remove` and
//! `x-component`, and null where somebody has to look. `page`, `line` and `column` are null where no
//! page says it. A later version may add members; one that removes or changes any has another
//! `schema_version`.

use std::io::{ErrorKind, Write};

use pagebind::{
    diagnostic::{Diagnostic, Place},
    suggest::{Action, Change, Class},
};
use serde_json::{Value, json};

use super::{Placed, Suggested};

/// Writes the suggestions as actions, each below a comment that says where it is published.
pub(super) fn human(suggested: &[Suggested], out: &mut dyn Write) -> Result<(), Diagnostic> {
    let mut text = String::new();
    for Suggested { name, placed, .. } in suggested {
        if suggested.len() > 1 && !placed.is_empty() {
            text += &format!("# {name}\n\n");
        }
        for one in placed {
            text += &block(one);
        }
    }
    deliver(&text, out)
}

/// Writes what is suggested for one API below a head.
pub(super) fn proposal(
    head: &str,
    suggested: &Suggested,
    out: &mut dyn Write,
) -> Result<(), Diagnostic> {
    let blocks: String = suggested.placed.iter().map(block).collect();
    deliver(&format!("{head}{}\n", blocks.trim_end()), out)
}

/// One suggestion, and a blank line.
fn block(one: &Placed) -> String {
    let Placed { suggestion, places, .. } = one;
    let mut text = format!("  {}\n", header(one));
    for place in places {
        text += &format!("  #   {place}\n");
    }
    match &suggestion.action {
        Some(action) => text += &action.to_yaml(&suggestion.description, 2),
        None => text += &format!("  # {}\n", suggestion.description),
    }
    text + "\n"
}

/// The comment above a suggestion: its class and its rule, and why it is left out.
pub(super) fn header(one: &Placed) -> String {
    let rule = one.suggestion.rule;
    let fails = one.fails.as_deref().map(|why| format!(", left out: it {why}")).unwrap_or_default();
    format!("# {}: {}{fails}", rule.class.as_str(), rule.name)
}

/// Writes the suggestions for programs.
pub(super) fn json(suggested: &[Suggested], out: &mut dyn Write) -> Result<(), Diagnostic> {
    let number = |class| suggested.iter().map(|suggested| suggested.number(class)).sum::<usize>();
    let report = json!({
        "schema_version": 1,
        "apis": suggested.iter().map(api).collect::<Vec<_>>(),
        "summary": {
            "certain": number(Class::Certain),
            "likely": number(Class::Likely),
            "look": number(Class::Look),
        },
    });
    deliver(&format!("{report:#}\n"), out)
}

fn api(suggested: &Suggested) -> Value {
    let stale: Vec<_> = suggested
        .decided
        .stale
        .iter()
        .map(|stale| json!({ "rule": stale.0.rule, "pointer": stale.0.pointer }))
        .collect();
    json!({
        "name": suggested.name,
        "suggestions": suggested.placed.iter().map(suggestion).collect::<Vec<_>>(),
        "accepted": { "silenced": suggested.decided.silenced, "stale": stale },
    })
}

fn suggestion(Placed { suggestion, places, .. }: &Placed) -> Value {
    let rule = suggestion.rule;
    json!({
        "rule": rule.name,
        "class": rule.class.as_str(),
        "reason": rule.reason,
        "description": suggestion.description,
        "secret": suggestion.is_secret,
        "places": places.iter().map(place).collect::<Vec<_>>(),
        "action": suggestion.action.as_ref().map(|one| action(one, &suggestion.description)),
    })
}

fn place(place: &Place) -> Value {
    json!({
        "page": place.position.map(|_| &place.source),
        "line": place.position.map(|position| position.line),
        "column": place.position.map(|position| position.column),
        "pointer": place.pointer,
    })
}

fn action(action: &Action, description: &str) -> Value {
    let mut value = json!({
        "target": action.target,
        "description": description,
        "x-matches": action.matches,
        "x-expect": action.expect,
    });
    let (key, change) = match &action.change {
        Change::Update(update) => ("update", update.clone()),
        Change::Remove => ("remove", true.into()),
        Change::Component(name) => ("x-component", name.as_str().into()),
    };
    value[key] = change;
    value
}

fn deliver(text: &str, out: &mut dyn Write) -> Result<(), Diagnostic> {
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        // A reader who has seen enough, such as `head`, is no trouble.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Diagnostic::unreadable(format!("failed to write the report: {error}"))
                .place(Place::new("standard output")))
        }
        _ => Ok(()),
    }
}
