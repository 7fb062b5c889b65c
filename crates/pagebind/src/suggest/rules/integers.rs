//! Numbers that are integers.

use serde_json::{Value, json};

use super::{
    super::{
        name::Name,
        survey::{Role, Site},
    },
    Decisions, Found, Survey,
};

/// What is never an id, whatever it is the amount of.
const MEASURES: [&str; 26] = [
    "amount",
    "average",
    "balance",
    "charge",
    "cost",
    "count",
    "fee",
    "fraction",
    "latitude",
    "limit",
    "longitude",
    "percent",
    "percentage",
    "price",
    "quantity",
    "rate",
    "ratio",
    "score",
    "size",
    "sum",
    "tax",
    "temperature",
    "threshold",
    "total",
    "value",
    "weight",
];

/// An id that is a `number`.
pub(super) fn ids(survey: &Survey<'_>, _: &Decisions) -> Vec<Found> {
    let why = "An id is an integer. As a `number` it becomes a float, and 6743052 goes out as \
               6743052.0, which services refuse to read as an integer.";
    let mut found = Vec::new();
    for site in survey.sites.iter().filter(|site| site.is("number") && is_id(survey, site)) {
        found.extend(integer(site, Some("int64"), why));
    }
    found
}

/// An id that is an `integer` of no width.
pub(super) fn width(survey: &Survey<'_>, _: &Decisions) -> Vec<Found> {
    let mut found = Vec::new();
    for site in survey.sites.iter().filter(|site| site.get("type") == Some(&"integer".into())) {
        let limits = ["format", "maximum", "exclusiveMaximum", "enum", "const"];
        if is_named(survey, site) && !limits.iter().any(|limit| site.schema.contains_key(*limit)) {
            let why = "The page sets no limit on the id, so the widest integer format takes it.";
            let expect = json!({ "type": "integer" });
            found.push(Found::update(&site.pointer, expect, json!({ "format": "int64" }), why));
        }
    }
    found
}

/// The status of HTTP in a body.
pub(super) fn status(survey: &Survey<'_>, _: &Decisions) -> Vec<Found> {
    let why = "The code repeats the HTTP status, which is an integer.";
    let mut found = Vec::new();
    for site in survey.sites.iter().filter(|site| site.is("number")) {
        let words = site.words().to_lowercase();
        let says_http = words.contains("http") || site.name.has(&["http"]);
        let is_status =
            |example: &Value| example.as_u64().is_some_and(|code| (100..600).contains(&code));
        let is_code = site.name.ends("code") || site.name.ends("status");
        let mut examples = site.examples().peekable();
        if is_code && says_http && examples.peek().is_some() && examples.all(is_status) {
            found.extend(integer(site, None, why));
        }
    }
    found
}

/// The correction of a number that is an integer.
fn integer(site: &Site<'_>, format: Option<&str>, why: &str) -> Option<Found> {
    if !matches!(site.get("type"), Some(Value::String(_))) {
        // A list of types takes no other by a merge: its one item is replaced.
        let kinds = site.get("type")?.as_array()?;
        let index = kinds.iter().position(|kind| kind == "number")?;
        let at = format!("{}/type/{index}", site.pointer);
        return Some(Found::update(at, "number".into(), "integer".into(), why));
    }
    let mut update = json!({ "type": "integer" });
    match (site.get("format").and_then(Value::as_str), format) {
        (None, Some(format)) => update["format"] = format.into(),
        (Some("double" | "float"), _) => return None,
        _ => {}
    }
    Some(Found::update(&site.pointer, json!({ "type": "number" }), update, why))
}

/// Whether a number is an id: by its name, or by words and an example.
fn is_id(survey: &Survey<'_>, site: &Site<'_>) -> bool {
    let mut examples = site.examples().peekable();
    let is_shown = examples.peek().is_some();
    let is_whole = examples.all(|example| example.is_i64() || example.is_u64());
    is_whole && (is_named(survey, site) || (is_shown && is_described(site)))
}

fn is_named(survey: &Survey<'_>, site: &Site<'_>) -> bool {
    let says = |name: &Name| ["id", "ids", "identifier"].iter().any(|word| name.ends(word));
    let aliases = !site.referrers.is_empty() && survey.aliases(site).all(says);
    !site.name.has(&MEASURES) && (says(&site.name) || aliases)
}

/// Whether the first words are those of an id, and of nothing that has one.
fn is_described(site: &Site<'_>) -> bool {
    let words = site.words().to_lowercase();
    let opening: Vec<&str> =
        words.split(['.', ',', '\n', '(']).next().unwrap_or_default().split_whitespace().collect();
    let is_id = opening.last().is_some_and(|word| ["id", "identifier"].contains(word));
    let is_of_another = opening.iter().any(|word| ["for", "of", "per", "to", "by"].contains(word));
    is_id
        && !is_of_another
        && opening.len() < 6
        && !site.name.has(&MEASURES)
        && site.role != Role::Body
}
