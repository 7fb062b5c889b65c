//! Findings about the pages themselves, which no comparison of documents can see.
//!
//! Whoever fetches pages and applies corrections makes these; they are reported, accepted and
//! counted like all others.

use std::{fmt::Display, sync::Arc};

use pagebind::diagnostic::Diagnostic;
use serde_json::Value;

use crate::{
    finding::{Change, Finding, Location, Side},
    rules::{Rule, api},
};

fn finding(
    rule: &Rule,
    location: Option<Location>,
    pointer: &str,
    message: impl Display,
    values: (Option<Value>, Option<Value>),
) -> Finding {
    let change = Change {
        id: rule.id.clone(),
        severity: rule.severity,
        wire: rule.wire,
        prose: rule.prose,
        untold: rule.untold,
        side: if values.1.is_some() { Side::New } else { Side::Old },
        pointer: pointer.to_owned(),
        message: message.to_string(),
        old: values.0,
        new: values.1,
    };
    let mut finding = Finding::new(Arc::new(change), None);
    finding.location = location;
    finding
}

fn page(name: &str) -> Location {
    Location { name: name.into(), position: None }
}

/// The publisher says that there is no such page (any more): `status` is 404 or 410.
#[must_use]
pub fn page_vanished(name: &str, url: &str, status: u16) -> Finding {
    let message = format!("{url} is no longer published (HTTP {status})");
    finding(&api::PAGE_VANISHED, Some(page(name)), "", message, (Some(url.into()), None))
}

/// The page is published at another address now; what it says there was not compared.
#[must_use]
pub fn page_moved(name: &str, old_url: &str, new_url: &str) -> Finding {
    let message = format!("{old_url} is published at {new_url} now, which was not compared");
    let values = (Some(old_url.into()), Some(new_url.into()));
    finding(&api::PAGE_MOVED, Some(page(name)), "", message, values)
}

/// Nobody could tell what is published; `why` is what asking for it failed with.
#[must_use]
pub fn page_unreachable(name: &str, why: &Diagnostic) -> Finding {
    let message = format!("the page could not be had: {}", told(why));
    finding(&api::PAGE_UNREACHABLE, Some(page(name)), "", message, (None, None))
}

/// Something is there, but it can't be read as the page that it was; `why` is what reading it
/// failed with.
#[must_use]
pub fn page_unreadable(name: &str, why: &Diagnostic) -> Finding {
    let message = format!("the page can't be read any more: {}", told(why));
    let position = why.places.iter().find_map(|place| place.position);
    let location = Location { name: name.into(), position };
    finding(&api::PAGE_UNREADABLE, Some(location), "", message, (None, None))
}

/// Published pages say against each other what `conflict` tells, at its first two places.
#[must_use]
pub fn pages_conflict(conflict: &Diagnostic) -> Finding {
    let message = told(conflict);
    let first = conflict.places.first();
    let location = first
        .map(|place| Location { name: place.source.as_str().into(), position: place.position });
    let pointer = first.and_then(|place| place.pointer.as_deref()).unwrap_or_default();
    finding(&api::PAGES_CONFLICT, location, pointer, message, (None, None))
}

/// A diagnostic in one line: what happened, where, and what to do.
fn told(diagnostic: &Diagnostic) -> String {
    let places: Vec<_> = diagnostic.places.iter().map(ToString::to_string).collect();
    let places =
        if places.is_empty() { String::new() } else { format!(" ({})", places.join("; ")) };
    let help = diagnostic.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
    format!("{}{places}{help}", diagnostic.message)
}

/// `llms.txt` lists a page that belongs to the API and that the manifest doesn't name.
#[must_use]
pub fn new_page(title: &str, url: &str) -> Finding {
    let message = format!("a page is new: {title}, at {url}");
    finding(&api::PAGE_NEW, None, "", message, (None, Some(url.into())))
}

/// The words around the definition changed.
#[must_use]
pub fn page_prose_changed(name: &str, old: &str, new: &str) -> Finding {
    let values = (Some(old.into()), Some(new.into()));
    finding(&api::PAGE_PROSE_CHANGED, Some(page(name)), "", "the words on the page changed", values)
}

/// What a correction puts right is right on the page now; `target` is the action's.
#[must_use]
pub fn correction_unnecessary(description: &str, target: &str) -> Finding {
    let message = format!("the correction of {target} is unnecessary now: {description}");
    finding(&api::CORRECTION_UNNECESSARY, None, "", message, (Some(target.into()), None))
}

/// What a correction puts right is no longer there, or is something else; `why` is what applying
/// it failed with.
#[must_use]
pub fn correction_impossible(description: &str, target: &str, why: impl Display) -> Finding {
    let message = format!("the correction of {target} is impossible now: {why} ({description})");
    finding(&api::CORRECTION_IMPOSSIBLE, None, "", message, (Some(target.into()), None))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_rule_about_pages_has_its_finding() {
        let made = [
            page_vanished("a.md", "https://example.com/a", 410),
            page_moved("a.md", "https://example.com/a", "https://example.com/b"),
            page_unreachable("a.md", &Diagnostic::unreadable("no route to host")),
            page_unreadable("a.md", &Diagnostic::unreadable("no OpenAPI definition on the page")),
            pages_conflict(&Diagnostic::finding("pages contradict each other on `Card`")),
            new_page("Enroll card", "https://example.com/c.md"),
            page_prose_changed("a.md", "a", "b"),
            correction_unnecessary("the page names the wrong type", "$.paths"),
            correction_impossible("the page names the wrong type", "$.paths", "nothing matches"),
        ];
        let made: BTreeSet<_> = made.iter().map(|finding| finding.change.id.to_string()).collect();
        let about_pages =
            |id: &str| ["page-", "pages-", "correction-"].iter().any(|start| id.starts_with(start));
        let rules: BTreeSet<_> =
            api::ALL.iter().map(|rule| rule.id.to_string()).filter(|id| about_pages(id)).collect();
        assert_eq!(made, rules);
    }
}
