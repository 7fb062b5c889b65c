//! Examples that contradict the schema that they are shown for.

use serde_json::Value;

use super::{super::survey::Site, Decisions, Found, Survey};
use crate::pointer;

/// The longest value, in characters, that a message quotes whole.
const QUOTED: usize = 80;

/// An example that its own schema refuses, by type, listed values, limits or required members.
///
/// Patterns and most formats are not checked: what they refuse depends on the dialect of whoever
/// wrote them, and an example that only such a check refuses says little.
pub(super) fn refused(survey: &Survey<'_>, _: &Decisions) -> Vec<Found> {
    let mut found = Vec::new();
    for site in &survey.sites {
        let refusal = site.examples().find_map(|example| refusal(survey, site, example, 0));
        found.extend(refusal.map(|refusal| Found::look(&site.pointer, refusal.to_string())));
    }
    found
}

/// A value that a schema refuses.
struct Refusal<'v> {
    value: &'v Value,
    /// Where it stands in the example.
    at: String,
    /// Why it is refused.
    why: String,
}

impl std::fmt::Display for Refusal<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (value, why) = (quoted(self.value), &self.why);
        match &*self.at {
            "" => write!(f, "The example is {value}, and {why}."),
            at => write!(f, "The example says {value} at `{at}`, and {why}."),
        }
    }
}

/// Why `value` is none of what the schema at `site` allows.
fn refusal<'v>(
    survey: &Survey<'_>,
    site: &Site<'_>,
    value: &'v Value,
    depth: usize,
) -> Option<Refusal<'v>> {
    // What is nested deeper, or goes in circles, is not looked into.
    if depth > 16 {
        return None;
    }
    if let Some(target) = &site.target {
        return refusal(survey, survey.site(target)?, value, depth + 1);
    }
    if value.is_null() && site.get("nullable") == Some(&Value::Bool(true)) {
        return None;
    }
    let why = of_type(site, value)
        .or_else(|| of_values(site, value))
        .or_else(|| of_limits(site, value))
        .or_else(|| of_required(site, value));
    match why {
        Some(why) => Some(Refusal { value, at: String::new(), why }),
        None => of_members(survey, site, value, depth),
    }
}

fn of_type(site: &Site<'_>, value: &Value) -> Option<String> {
    let kinds: Vec<&str> = match site.get("type")? {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    let is = |kind: &&str| match *kind {
        "array" => value.is_array(),
        "boolean" => value.is_boolean(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "null" => value.is_null(),
        "number" => value.is_number(),
        "object" => value.is_object(),
        "string" => value.is_string(),
        _ => true,
    };
    (!kinds.iter().any(is)).then(|| format!("the type is {}", kinds.join(" or ")))
}

fn of_values(site: &Site<'_>, value: &Value) -> Option<String> {
    if let Some(constant) = site.get("const").filter(|constant| *constant != value) {
        return Some(format!("the only value is {}", quoted(constant)));
    }
    let values = site.get("enum")?.as_array()?;
    (!values.contains(value)).then(|| format!("the enum lists {}", quoted(&values.clone().into())))
}

fn of_limits(site: &Site<'_>, value: &Value) -> Option<String> {
    let length = match value {
        // The length of a string counts characters (RFC 8259).
        Value::String(text) => Some((text.chars().count(), "minLength", "maxLength")),
        Value::Array(items) => Some((items.len(), "minItems", "maxItems")),
        Value::Object(members) => Some((members.len(), "minProperties", "maxProperties")),
        _ => None,
    };
    if let Some((length, least, most)) = length {
        let limit = |key: &str| usize::try_from(site.get(key)?.as_u64()?).ok();
        if let Some(limit) = limit(least).filter(|limit| length < *limit) {
            return Some(format!("`{least}` is {limit}"));
        }
        return limit(most)
            .filter(|limit| length > *limit)
            .map(|limit| format!("`{most}` is {limit}"));
    }
    let number = |key: &str| site.get(key).and_then(Value::as_f64);
    let value = value.as_f64()?;
    if let Some(limit) = number("minimum").filter(|limit| value < *limit) {
        return Some(format!("`minimum` is {limit}"));
    }
    let limit = number("maximum").filter(|limit| value > *limit)?;
    Some(format!("`maximum` is {limit}"))
}

fn of_required(site: &Site<'_>, value: &Value) -> Option<String> {
    let members = value.as_object()?;
    let required = site.get("required")?.as_array()?.iter();
    let missing = required.filter_map(Value::as_str).find(|name| !members.contains_key(*name))?;
    Some(format!("`{missing}` is required"))
}

fn of_members<'v>(
    survey: &Survey<'_>,
    site: &Site<'_>,
    value: &'v Value,
    depth: usize,
) -> Option<Refusal<'v>> {
    let mut children = site.children().iter().map(|child| &survey.sites[*child]);
    children.find_map(|child| {
        let below = child.pointer.strip_prefix(&site.pointer)?;
        let deeper = |value, step: &str| {
            let refusal = refusal(survey, child, value, depth + 1)?;
            Some(Refusal { at: format!("{step}{}", refusal.at), ..refusal })
        };
        if below.starts_with("/properties/") {
            let member = value.as_object()?.get(&child.called)?;
            return deeper(member, &pointer::join("", &child.called));
        }
        if below == "/items" {
            let mut items = value.as_array()?.iter().enumerate();
            return items.find_map(|(index, item)| deeper(item, &format!("/{index}")));
        }
        below.starts_with("/allOf/").then(|| deeper(value, ""))?
    })
}

/// A `date-time` that is shown without an offset.
pub(super) fn without_offset(survey: &Survey<'_>, _: &Decisions) -> Vec<Found> {
    let mut found = Vec::new();
    for site in &survey.sites {
        let is_time = site.get("format").is_some_and(|format| format == "date-time");
        let example = site.examples().filter_map(Value::as_str).find(|text| !has_offset(text));
        if let Some(example) = example.filter(|_| is_time) {
            let why = format!("The example is {}, which has no offset.", quoted(&example.into()));
            found.push(Found::look(&site.pointer, why));
        }
    }
    found
}

/// Whether a time ends in `Z` or an offset (RFC 3339, section 5.6), or is no time at all.
fn has_offset(text: &str) -> bool {
    let Some((_, time)) = text.split_once(['T', 't', ' ']) else {
        // A date alone has no offset either; other text is another fault.
        return !text.starts_with(|first: char| first.is_ascii_digit());
    };
    let is_clock = time.len() > 4 && time.as_bytes()[..2].iter().all(u8::is_ascii_digit);
    !is_clock || time.ends_with(['Z', 'z']) || time.contains(['+', '-'])
}

/// A value as a message quotes it: compact, and cut where it gets long.
fn quoted(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("`{}…`", &text[..end]),
        None => format!("`{text}`"),
    }
}
