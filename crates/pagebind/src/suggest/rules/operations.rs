//! Names of operations, where the published id is the slug of a page.
//!
//! A slug that reads well stays as it is: `get-card-config` becomes `get_card_config` anyway. What
//! calls for a name is one that begins with a method or a version, says the wrong method, or holds
//! articles, and an operation without an id.

use std::collections::HashSet;

use heck::ToSnakeCase;
use serde_json::{Value, json};

use super::{
    super::{name::singular, survey::Operation},
    Decisions, Found, Survey,
};

/// What an operation does, as the first word of its name.
const VERBS: [&str; 74] = [
    "accept",
    "acknowledge",
    "activate",
    "add",
    "approve",
    "assign",
    "attach",
    "authorize",
    "bind",
    "block",
    "calculate",
    "cancel",
    "capture",
    "change",
    "check",
    "clear",
    "close",
    "complete",
    "configure",
    "confirm",
    "convert",
    "copy",
    "count",
    "create",
    "deactivate",
    "delete",
    "deny",
    "detach",
    "disable",
    "download",
    "enable",
    "enroll",
    "execute",
    "export",
    "fetch",
    "find",
    "generate",
    "get",
    "import",
    "install",
    "invite",
    "issue",
    "link",
    "list",
    "lock",
    "move",
    "notify",
    "open",
    "pay",
    "perform",
    "push",
    "register",
    "reject",
    "remove",
    "rename",
    "replace",
    "request",
    "reset",
    "resize",
    "restart",
    "restore",
    "retrieve",
    "retry",
    "revoke",
    "run",
    "search",
    "send",
    "set",
    "start",
    "submit",
    "transfer",
    "update",
    "upload",
    "validate",
];

/// Verbs that say no more than the method does, so that another one beside them is meant alike.
const PLAIN: [&str; 5] = ["create", "delete", "get", "list", "update"];

/// Methods that are no verb of anybody's.
const METHODS: [&str; 6] = ["head", "options", "patch", "post", "put", "trace"];

const ARTICLES: [&str; 9] =
    ["a", "all", "an", "existing", "given", "new", "specific", "the", "this"];

/// The longest name, in words, that a caller is to write.
const LONGEST: usize = 8;

/// Operations whose id is no name.
pub(super) fn names(survey: &Survey<'_>, _: &Decisions) -> Vec<Found> {
    let mut taken: HashSet<String> = survey
        .operations
        .iter()
        .filter_map(|operation| id_of(operation).map(ToSnakeCase::to_snake_case))
        .collect();
    let mut found = Vec::new();
    for operation in &survey.operations {
        let id = id_of(operation);
        let Some(why) = complaint(operation, id) else { continue };
        let name = candidates(operation, id).into_iter().find(|name| !taken.contains(name));
        let Some(name) = name.filter(|name| id.is_none_or(|id| *name != id.to_snake_case())) else {
            continue;
        };
        taken.insert(name.clone());
        let expect = id.map_or_else(|| json!({}), |id| json!({ "operationId": id }));
        found.push(Found::update(&operation.pointer, expect, json!({ "operationId": name }), why));
    }
    found
}

fn id_of<'d>(operation: &Operation<'d>) -> Option<&'d str> {
    operation.value.get("operationId").and_then(Value::as_str)
}

/// What is wrong with an id.
fn complaint(operation: &Operation<'_>, id: Option<&str>) -> Option<String> {
    let name = "Name the operation for what it does";
    let Some(id) = id else { return Some(format!("{name}; it has no id.")) };
    // What is camelCase or snake_case was made by hand.
    if !id.contains('-') {
        return None;
    }
    let parts: Vec<String> = id.split('-').map(str::to_lowercase).collect();
    let first = parts.first()?.as_str();
    let is_method = METHODS.contains(&first) || ["get", "delete"].contains(&first);
    let verb = verb(&summary(operation));
    let is_wrong = is_method && first != operation.method && verb.as_deref() != Some(first);
    if is_wrong {
        let method = operation.method.to_uppercase();
        return Some(format!(
            "{name}; the published id says `{first}`, and the operation is a {method}."
        ));
    }
    let is_slug = METHODS.contains(&first)
        || (is_method && parts.get(1).is_some_and(|part| is_version(part)))
        || parts.iter().any(|part| ARTICLES.contains(&part.as_str()));
    is_slug.then(|| format!("{name}; the published id repeats the page's slug."))
}

/// Names that an operation could have, the best first.
fn candidates(operation: &Operation<'_>, id: Option<&str>) -> Vec<String> {
    let summary = summary(operation);
    let verb = verb(&summary);
    let mut names = Vec::new();
    // What is joined with underscores within a slug was joined by somebody.
    let joined = id.unwrap_or_default().split('-').rfind(|part| part.contains('_'));
    if let Some(joined) = joined {
        let mut words: Vec<&str> = joined.split('_').collect();
        match (&verb, words.first()) {
            (Some(verb), Some(first)) if *first != verb && PLAIN.contains(&verb.as_str()) => {
                if is_verb(first) || *first == "manage" {
                    words[0] = verb;
                } else {
                    words.insert(0, verb);
                }
            }
            _ => {}
        }
        if is_verb(words[0]) {
            names.push(words.join("_"));
        }
    }
    if verb.is_some() && summary.len() <= LONGEST {
        names.push(summary.join("_"));
    }
    let from_path = from_path(operation);
    names.extend(from_path);
    names.iter().map(|name| name.to_snake_case()).filter(|name| is_ascii_name(name)).collect()
}

/// Whether a name can be written everywhere.
pub(super) fn is_ascii_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The words of the summary that a name can be made of.
fn summary(operation: &Operation<'_>) -> Vec<String> {
    let text = operation.value.get("summary").and_then(Value::as_str).unwrap_or_default();
    let text: String = text
        .chars()
        .filter(|c| *c != '\'')
        .map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' })
        .collect();
    let words = text.split_whitespace().map(str::to_lowercase);
    words.filter(|word| !ARTICLES.contains(&word.as_str())).collect()
}

fn verb(summary: &[String]) -> Option<String> {
    summary.first().filter(|word| is_verb(word)).cloned()
}

pub(super) fn is_verb(word: &str) -> bool {
    VERBS.contains(&word)
}

fn is_version(word: &str) -> bool {
    let digits = word.strip_prefix('v');
    digits.is_some_and(|digits| {
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// A name from method and path: what is at the end of the path, one of it or all.
fn from_path(operation: &Operation<'_>) -> Option<String> {
    let segments: Vec<&str> = operation.path.split('/').filter(|part| !part.is_empty()).collect();
    let is_one = segments.last()?.starts_with('{');
    let words = segments.iter().rev().find(|part| !part.starts_with('{') && !is_version(part))?;
    let words = words.to_snake_case();
    let (rest, last) = words.rsplit_once('_').map_or(("", &*words), |(rest, last)| (rest, last));
    let noun =
        |last: &str| if rest.is_empty() { last.to_owned() } else { format!("{rest}_{last}") };
    if is_verb(words.split('_').next().unwrap_or_default()) {
        return Some(words.clone());
    }
    Some(match operation.method {
        "get" if is_one => format!("get_{}", noun(&singular(last))),
        "get" => format!("list_{}", noun(last)),
        "post" => format!("create_{}", noun(&singular(last))),
        "put" | "patch" => format!("update_{}", noun(&singular(last))),
        "delete" => format!("delete_{}", noun(&singular(last))),
        _ => return None,
    })
}
