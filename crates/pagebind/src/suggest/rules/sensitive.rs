//! What is never to be printed: card data, secrets, what tells who somebody is, and the words of
//! errors.
//!
//! A component is what it is called, or what all who refer to it call it. What stands inline has
//! become a component by the time these rules look ([`components`](super::components)), as far as a
//! name for it could be found; the rest is marked where it stands.

mod kinds;

use heck::ToSnakeCase;
use serde_json::{Map, Value, json};

pub(super) use self::kinds::Group;
use self::kinds::Kind;
use super::{
    super::{
        name::{Name, singular},
        survey::{Role, Site},
    },
    Decisions, Found, Survey,
};

pub(super) fn card(survey: &Survey<'_>, decisions: &Decisions) -> Vec<Found> {
    marks(survey, decisions, Group::Card)
}

pub(super) fn secret(survey: &Survey<'_>, decisions: &Decisions) -> Vec<Found> {
    marks(survey, decisions, Group::Secret)
}

pub(super) fn person(survey: &Survey<'_>, decisions: &Decisions) -> Vec<Found> {
    marks(survey, decisions, Group::Person)
}

pub(super) fn error_texts(survey: &Survey<'_>, decisions: &Decisions) -> Vec<Found> {
    marks(survey, decisions, Group::ErrorText)
}

pub(super) fn here(survey: &Survey<'_>, decisions: &Decisions) -> Vec<Found> {
    marks(survey, decisions, Group::Here)
}

/// What a schema holds, if that is never to be printed.
pub(super) struct Sensitive {
    pub(super) group: Group,
    /// What a component of it is called, unless its place says more.
    pub(super) component: Option<String>,
}

fn marks(survey: &Survey<'_>, decisions: &Decisions, group: Group) -> Vec<Found> {
    let mut found = Vec::new();
    for site in &survey.sites {
        if sensitive(survey, decisions, site).is_none_or(|sensitive| sensitive.group != group) {
            continue;
        }
        let expect = site.get("type").map_or_else(|| json!({}), |kind| json!({ "type": kind }));
        let mark = json!({ "x-sensitive": true });
        found.push(Found {
            is_secret: group.is_secret(),
            ..Found::update(&site.pointer, expect, mark, group.why())
        });
    }
    found
}

/// What `site` holds, if it is a plain value that nobody has decided about.
pub(super) fn sensitive(
    survey: &Survey<'_>,
    decisions: &Decisions,
    site: &Site<'_>,
) -> Option<Sensitive> {
    if !is_plain_value(site) || is_decided(survey, site) {
        return None;
    }
    match site.role {
        // It is what it is called, or what all who refer to it call it.
        Role::Component => judge(survey, decisions, site, site).or_else(|| {
            let mut seen = site
                .referrers
                .iter()
                .map(|number| judge(survey, decisions, &survey.sites[*number], site));
            let first = seen.next()??;
            seen.all(|other| other.is_some_and(|other| other.group == first.group)).then_some(first)
        }),
        Role::Property | Role::Parameter | Role::Items | Role::Values => {
            judge(survey, decisions, site, site)
        }
        Role::Body | Role::Member => None,
    }
}

/// What `value` holds, where it is called what `place` is.
fn judge(
    survey: &Survey<'_>,
    decisions: &Decisions,
    place: &Site<'_>,
    value: &Site<'_>,
) -> Option<Sensitive> {
    let is_named = |list: &[String]| list.iter().any(|name| Name::of(name) == place.name);
    if is_named(&decisions.plain) {
        return None;
    }
    if is_named(&decisions.sensitive) {
        return Some(Sensitive { group: Group::Here, component: None });
    }
    let words = if value.words().is_empty() { place.words() } else { value.words() };
    let words = words.trim_start().to_lowercase();
    if is_credentials(place) {
        return Some(Sensitive { group: Group::Secret, component: None });
    }
    if let Some(kind) = kinds::KINDS.iter().find(|kind| holds(survey, kind, place, value, &words)) {
        // A secret is called after whose it is, where its name says so.
        let called = place.called.to_snake_case();
        let is_telling = kind.group == Group::Secret && called.contains('_');
        let component = if is_telling { called } else { kind.component.to_owned() };
        return Some(Sensitive { group: kind.group, component: Some(component) });
    }
    if is_error_text(survey, place, value) {
        let last = place.name.words().next_back().map(singular).unwrap_or_default();
        let last = if last == "error" { "text" } else { &last };
        return Some(Sensitive {
            group: Group::ErrorText,
            component: Some(format!("error_{last}")),
        });
    }
    None
}

/// Whether it is a header that says who calls.
fn is_credentials(place: &Site<'_>) -> bool {
    let is_header =
        place.owner.is_some_and(|owner| owner.get("in").is_some_and(|at| at == "header"));
    let names = ["authorization", "api key", "apikey", "auth token"];
    is_header && names.iter().any(|name| place.name.ends(name))
}

/// Whether `value` is of a kind, where it is called what `place` is and described by `words`.
fn holds(
    survey: &Survey<'_>,
    kind: &Kind,
    place: &Site<'_>,
    value: &Site<'_>,
    words: &str,
) -> bool {
    let is_kind = value.is("string") || (kind.numbers && !value.is("string"));
    let format = value.get("format").and_then(Value::as_str).unwrap_or_default();
    let is_named = |phrases: &[&str]| phrases.iter().any(|phrase| place.name.is(phrase));
    let is_said = is_kind
        && (kind.names.iter().any(|phrase| place.name.ends(phrase))
            || kind.formats.contains(&format)
            || kind.openings.iter().any(|phrase| words.starts_with(phrase))
            || (is_named(kind.in_company) && is_in_company(survey, place))
            || (kind.is_card_number() && value.examples().any(shows_card_number)));
    is_said
        && !place.name.has(kind.never)
        && !kind.contradicted.iter().any(|phrase| words.contains(phrase))
        && (kind.never_beside.is_empty()
            || !beside(survey, place)
                .any(|name| kind.never_beside.iter().any(|phrase| name.is(phrase))))
}

/// The names of what stands beside `site` in the schema around it.
fn beside<'s>(survey: &'s Survey<'_>, site: &'s Site<'_>) -> impl Iterator<Item = Name> + use<'s> {
    let properties = survey.around(site).and_then(|around| around.get("properties")?.as_object());
    let names = properties.into_iter().flat_map(Map::keys);
    names.filter(|name| **name != site.called).map(|name| Name::of(name))
}

/// Whether what is around `site` is about a person.
fn is_in_company(survey: &Survey<'_>, site: &Site<'_>) -> bool {
    let around = survey.around(site);
    let owners = around.into_iter().flat_map(|around| survey.aliases(around).chain([&around.name]));
    kinds::are_of_a_person(beside(survey, site), owners)
}

/// Whether a value is a card number by its check digit (ISO/IEC 7812-1, annex B).
fn shows_card_number(example: &Value) -> bool {
    let Some(text) = example.as_str() else { return false };
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    let is_bare = text.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-'));
    // Other numbers pass the check by chance, and a point in time begins with the 20 of its year.
    let head: Option<u32> = text.get(..4).and_then(|head| head.parse().ok());
    let is_of_network = matches!(
        (head, digits.len()),
        (Some(2221..=2720), 16)
            | (Some(3400..=3499 | 3700..=3799), 15)
            | (Some(4000..=4999), 16 | 19)
            | (Some(3000..=3999 | 5000..=6999), 16..=19)
    );
    if !is_bare || !is_of_network {
        return false;
    }
    let sum: u32 = (digits.iter().rev().enumerate())
        .map(|(index, digit)| match (index % 2, digit * 2) {
            (0, _) => *digit,
            (_, doubled) if doubled > 9 => doubled - 9,
            (_, doubled) => doubled,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Whether nothing but errors hold it, and it is words.
fn is_error_text(survey: &Survey<'_>, place: &Site<'_>, value: &Site<'_>) -> bool {
    const TEXTS: [&str; 12] = [
        "cause",
        "description",
        "detail",
        "details",
        "error",
        "errors",
        "explanation",
        "message",
        "messages",
        "reason",
        "text",
        "title",
    ];
    let is_free = value.is("string")
        && !value.schema.contains_key("pattern")
        && !value.schema.contains_key("format");
    let last = place.name.words().next_back();
    // A map of field to message is called after what it is a map of.
    let name = last.map(singular).unwrap_or_default();
    is_free
        && value.reach.is_error_only()
        && survey.around(place).is_none_or(|around| around.reach.is_error_only())
        && TEXTS.iter().any(|text| *text == name || Some(*text) == last)
}

/// A value of its own that a caller can read: text or a number, and none of a few known ones.
fn is_plain_value(site: &Site<'_>) -> bool {
    let is_value = site.is("string") || site.is("integer") || site.is("number");
    is_value && !["enum", "const", "$ref"].iter().any(|key| site.schema.contains_key(*key))
}

/// Whether somebody has said already whether it, or what holds it, is sensitive.
fn is_decided(survey: &Survey<'_>, site: &Site<'_>) -> bool {
    let says = |map: &Map<String, Value>| map.contains_key("x-sensitive");
    let mut around = Some(site);
    while let Some(here) = around {
        if says(here.schema) || here.owner.is_some_and(says) {
            return true;
        }
        around = survey.around(here);
    }
    false
}
