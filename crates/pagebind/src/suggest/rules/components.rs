//! Inline schemas that ought to have a name: what repeats, what a caller has to write, and what is
//! sensitive.
//!
//! Equal schemas of one meaning become one component. Its name is what they are called, with what is
//! around them in front where that is one word; where every such name is taken, none is proposed.

use std::collections::{BTreeMap, HashSet};

use heck::{ToPascalCase, ToSnakeCase};
use serde_json::{Map, Value};

use super::{
    super::{
        Change,
        survey::{Role, Site},
    },
    Decisions, Found, Survey,
    operations::{is_ascii_name, is_verb},
    sensitive::{self, Group},
};
use crate::document::key_kind::KeyKind;

/// Formats of strings that have a type of their own, whatever limits stand beside them.
const TYPED: [&str; 3] = ["date", "date-time", "uuid"];

/// Schemas that become one component.
struct Candidate<'s, 'd> {
    sites: Vec<&'s Site<'d>>,
    /// What its meaning calls it.
    meaning: Option<String>,
    why: String,
    /// How much stands in it: what holds another is larger than that.
    size: usize,
}

/// The components that ought to be.
pub(super) fn found(survey: &Survey<'_>, decisions: &Decisions) -> Vec<Found> {
    let mut candidates = candidates(survey, decisions);
    // The most common one has the first choice of a name.
    candidates.sort_by_key(|candidate| {
        (candidate.meaning.is_none(), std::cmp::Reverse(candidate.sites.len()))
    });
    let naming = Naming::of(survey);
    let mut taken: HashSet<String> = naming.published.clone();
    let mut named = Vec::new();
    for candidate in candidates {
        let name = naming
            .candidates(survey, &candidate)
            .into_iter()
            .find(|name| taken.insert(name.to_pascal_case()));
        named.extend(name.map(|name| (candidate, name)));
    }
    // What stands in another goes before it.
    named.sort_by_key(|(candidate, _)| candidate.size);
    let mut found = Vec::new();
    for (candidate, name) in named {
        for site in candidate.sites {
            let change = Change::Component(name.clone());
            found.push(Found::change(&site.pointer, limits(site.schema), change, &*candidate.why));
        }
    }
    found
}

fn candidates<'s, 'd>(survey: &'s Survey<'d>, decisions: &Decisions) -> Vec<Candidate<'s, 'd>> {
    let mut groups: BTreeMap<(String, String), Candidate<'s, 'd>> = BTreeMap::new();
    let mut order = Vec::new();
    for site in &survey.sites {
        let is_named = matches!(site.role, Role::Component | Role::Body | Role::Member);
        if is_named || site.is_reference() || site.schema.contains_key("x-sensitive") {
            continue;
        }
        let sensitive = sensitive::sensitive(survey, decisions, site);
        // A parameter is marked where it stands: nobody writes its type.
        if sensitive.is_some() && site.role == Role::Parameter {
            continue;
        }
        let group = sensitive.as_ref().map(|sensitive| sensitive.group);
        let meaning = sensitive.and_then(|sensitive| sensitive.component);
        let called = meaning.clone().unwrap_or_else(|| site.called.to_snake_case());
        let Some(why) = why(site, group, &called) else { continue };
        let content = content(site.schema);
        let size = content.len();
        let key = (called, content);
        if !groups.contains_key(&key) {
            order.push(key.clone());
        }
        let group =
            groups.entry(key).or_insert(Candidate { sites: Vec::new(), meaning, why, size });
        group.sites.push(site);
    }
    let mut candidates: Vec<Candidate<'s, 'd>> =
        order.iter().filter_map(|key| groups.remove(key)).collect();
    candidates.retain(|candidate| {
        let writes = |site: &&Site<'_>| {
            let is_read = site.get("readOnly") == Some(&Value::Bool(true));
            site.reach.request && site.role != Role::Parameter && !is_read
        };
        let is_text = |site: &Site<'_>| site.is("string") && !site.schema.contains_key("enum");
        let repeats = candidate.sites.len() > 1 && !is_text(candidate.sites[0]);
        candidate.meaning.is_some() || repeats || candidate.sites.iter().any(writes)
    });
    for candidate in &mut candidates {
        if candidate.sites.len() > 1 && candidate.meaning.is_none() {
            candidate.why =
                "The same stands at several places, so one type serves them.".to_owned();
        }
    }
    candidates
}

/// Why a schema ought to have a name, if there is a reason.
fn why(site: &Site<'_>, group: Option<Group>, called: &str) -> Option<String> {
    let is_vowel = called.starts_with(['a', 'e', 'i', 'o', 'u']) && !called.starts_with("one");
    let article = if is_vowel { "An" } else { "A" };
    let one = format!("{article} {}", called.replace('_', " "));
    match group {
        None => kind(site).map(str::to_owned),
        Some(Group::ErrorText) => Some(
            "The words of an error may quote what the caller sent, so they have a type of their own."
                .to_owned(),
        ),
        Some(Group::Person) => Some(format!("{one} is personal, so it has a type of its own.")),
        Some(_) => Some(format!("{one} is never to be printed, so it has a type of its own.")),
    }
}

/// Why a schema that a caller writes ought to have a name.
fn kind(site: &Site<'_>) -> Option<&'static str> {
    let has = |key: &str| site.schema.contains_key(key);
    let values = site.get("enum").and_then(Value::as_array).map_or(0, Vec::len);
    let is_typed =
        site.get("format").and_then(Value::as_str).is_some_and(|format| TYPED.contains(&format));
    let has_limits = has("minLength") || has("maxLength") || has("pattern");
    let properties = site.get("properties").and_then(Value::as_object).map_or(0, Map::len);
    if site.is("object") && properties > 0 && !has("allOf") && !has("oneOf") && !has("anyOf") {
        return Some("A caller builds it, so it has a name.");
    }
    if site.is("string") && values > 1 {
        return Some("A caller writes one of its values, so it has a name.");
    }
    (site.is("string") && values == 0 && has_limits && !is_typed && site.role != Role::Parameter)
        .then_some("A caller writes it, and it has limits, so it has a name.")
}

/// What a schema says, annotations aside: schemas that say the same can be one.
fn content(schema: &Map<String, Value>) -> String {
    sorted(&Value::Object(without_annotations(schema))).to_string()
}

fn without_annotations(schema: &Map<String, Value>) -> Map<String, Value> {
    let says = |(key, _): &(&String, &Value)| !KeyKind::Keywords.is_annotation(key);
    schema.iter().filter(says).map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// A value with the keys of its objects in order.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut members: Vec<(&String, &Value)> = map.iter().collect();
            members.sort_by_key(|(key, _)| *key);
            members.into_iter().map(|(key, value)| (key.clone(), sorted(value))).collect()
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

/// What `x-expect` states of a schema: all of what limits it, but not the schemas in it.
fn limits(schema: &Map<String, Value>) -> Value {
    let is_limit = |value: &Value| match value {
        Value::Object(_) => false,
        Value::Array(items) => !items.iter().any(Value::is_object),
        _ => true,
    };
    without_annotations(schema).into_iter().filter(|(_, value)| is_limit(value)).collect()
}

/// How components are called in a document.
struct Naming {
    /// The names that are taken.
    published: HashSet<String>,
    /// Whether they are written in snake case.
    snake: bool,
    /// The first words of many names, which tell nothing.
    prefixes: BTreeMap<String, usize>,
}

impl Naming {
    fn of(survey: &Survey<'_>) -> Self {
        let schemas = survey.document.pointer("/components/schemas").and_then(Value::as_object);
        let names: Vec<&String> = schemas.into_iter().flat_map(Map::keys).collect();
        let lowercase =
            names.iter().filter(|name| name.starts_with(|c: char| c.is_ascii_lowercase()));
        let mut prefixes = BTreeMap::new();
        for name in &names {
            let words = name.to_snake_case();
            for (at, _) in words.match_indices('_') {
                *prefixes.entry(words[..=at].to_owned()).or_insert(0) += 1;
            }
        }
        Self {
            snake: lowercase.count() * 2 > names.len(),
            published: names.iter().map(|name| name.to_pascal_case()).collect(),
            prefixes,
        }
    }

    /// Names that a component could have, the best first.
    fn candidates(&self, survey: &Survey<'_>, candidate: &Candidate<'_, '_>) -> Vec<String> {
        let sites = &candidate.sites;
        let called = common(sites.iter().map(|site| site.called.to_snake_case()));
        let around = self.around(survey, sites[0]);
        let mut names = Vec::new();
        let is_general = ["value", "number", "type", "name"].contains(&&*called);
        if let Some(meaning) = candidate.meaning.as_ref().filter(|_| !is_general || sites.len() > 1)
        {
            names.push(meaning.clone());
        }
        // One word says little of what is met in many places.
        if called.contains('_') {
            names.push(called.clone());
        }
        let same_around = |other: &&Site<'_>| self.around(survey, other).first() == around.first();
        if let Some(nearest) =
            around.first().filter(|_| !called.is_empty() && sites.iter().all(same_around))
        {
            let near = joined(nearest, &called);
            names.push(near.clone());
            names.extend(around[1..].iter().map(|outer| joined(outer, &near)));
        }
        let place = self.place(survey, sites[0]);
        names
            .iter()
            .map(|name| if self.snake { name.clone() } else { name.to_pascal_case() })
            // A component has a name of ASCII letters (OpenAPI 3.1.1, section 4.8.7), and what it would
            // be called anyway needs no correction.
            .filter(|name| is_ascii_name(name))
            .filter(|name| sites.len() > 1 || name.to_pascal_case() != place)
            .collect()
    }

    /// What a schema is called after its place alone.
    fn place(&self, survey: &Survey<'_>, site: &Site<'_>) -> String {
        let own = match site.role {
            Role::Items => "item".to_owned(),
            Role::Values => "value".to_owned(),
            Role::Member => String::new(),
            _ => site.called.clone(),
        };
        let outer =
            survey.around(site).map(|around| self.place(survey, around)).unwrap_or_default();
        outer + &own.to_pascal_case()
    }

    /// What is around a schema is called, from the inside out.
    fn around(&self, survey: &Survey<'_>, site: &Site<'_>) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        let mut here = survey.around(site);
        while let Some(around) = here {
            let name = around.called.to_snake_case();
            let name = if around.role == Role::Component { self.short(&name) } else { name };
            let is_new = names.last() != Some(&name) && !name.is_empty();
            // A member of a composition is a part of what is around it.
            let is_part = around.role == Role::Member
                || (around.role == Role::Property && around.is("array"));
            if is_new && !is_part {
                names.push(name);
            }
            here = survey.around(around);
        }
        if let Some(operation) = survey.operation_of(&site.pointer) {
            let id = operation.value.get("operationId").and_then(Value::as_str).unwrap_or_default();
            let id = id.to_snake_case();
            let noun = id
                .split_once('_')
                .filter(|(verb, _)| is_verb(verb))
                .map(|(_, noun)| noun.to_owned());
            names.extend(noun);
            names.push(id);
        }
        names
    }

    /// The name of a component without the words with which several others begin too.
    fn short(&self, name: &str) -> String {
        let shared = self.prefixes.iter().filter(|(prefix, count)| {
            let is_common = **count > 3 && **count * 10 > self.published.len();
            is_common && prefix.matches('_').count() > 1 && name.starts_with(prefix.as_str())
        });
        let longest = shared.map(|(prefix, _)| prefix.len()).max().unwrap_or_default();
        name[longest..].to_owned()
    }
}

/// The words that names begin or end with, all of them where there is one name.
fn common(names: impl Iterator<Item = String>) -> String {
    let names: Vec<String> =
        names.map(|name| name.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned()).collect();
    let Some(first) = names.first() else { return String::new() };
    let words: Vec<&str> = first.split('_').filter(|word| !word.is_empty()).collect();
    let shared = |part: &[&str], holds: &dyn Fn(&str, &str) -> bool| {
        let part = part.join("_");
        names
            .iter()
            .all(|name| name.trim_end_matches('_') == part || holds(name, &part))
            .then_some(part)
    };
    (1..=words.len())
        .rev()
        .find_map(|length| {
            shared(&words[words.len() - length..], &|name, part| {
                name.ends_with(&format!("_{part}"))
            })
            .or_else(|| {
                shared(&words[..length], &|name, part| name.starts_with(&format!("{part}_")))
            })
        })
        .unwrap_or_default()
}

/// A name behind another, with words that end the one and begin the other once.
fn joined(outer: &str, inner: &str) -> String {
    let overlaps = (1..=inner.len()).rev().find(|length| {
        inner.is_char_boundary(*length)
            && outer.ends_with(&inner[..*length])
            && (*length == inner.len() || inner[*length..].starts_with('_'))
            && (outer.len() == *length || outer[..outer.len() - length].ends_with('_'))
    });
    let rest = overlaps.map_or(inner, |length| inner[length..].trim_start_matches('_'));
    if rest.is_empty() { outer.to_owned() } else { format!("{outer}_{rest}") }
}
