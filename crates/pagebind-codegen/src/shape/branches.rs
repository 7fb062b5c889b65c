//! Branches that make no union: each says a part of one schema.

use serde_json::{Map, Value, json};

use super::{
    bounds, enums,
    shaped::{COMPOSITIONS, Shaped, object_entry},
};

type Schema = Map<String, Value>;

/// Takes such branches out of the unions of `schema`.
pub(super) fn shape(shaped: &mut Shaped, pointer: &str, schema: &mut Schema) {
    null_branches(schema);
    listed_branches(shaped, pointer, schema);
    alternatives_of_presence(shaped, pointer, schema);
    alternatives_of_limits(shaped, pointer, schema);
}

/// Branches that are limits alone are no union of types: the type stands beside them.
fn alternatives_of_limits(shaped: &mut Shaped, pointer: &str, schema: &mut Schema) {
    let kind = schema.get("type").and_then(Value::as_str);
    if !matches!(kind, Some("integer" | "number" | "string" | "array")) {
        return;
    }
    for keyword in ["oneOf", "anyOf"] {
        let Some(branches) = schema.get(keyword).and_then(Value::as_array) else { continue };
        let Some(limits) = branches.iter().map(only_limits).collect::<Option<Vec<_>>>() else {
            continue;
        };
        if limits.is_empty() {
            continue;
        }
        shaped.degrade(pointer, format!("that it has {} is not checked", limits.join(", or ")));
        schema.remove(keyword);
    }
}

/// The limits that a branch says, if it says nothing else.
fn only_limits(branch: &Value) -> Option<String> {
    let texts = ["minLength", "maxLength", "pattern", "format"];
    let flags = ["exclusiveMinimum", "exclusiveMaximum", "uniqueItems"];
    let mut limits = Vec::new();
    for (key, value) in branch.as_object()? {
        let key = key.as_str();
        if bounds::KEYWORDS.contains(&key) || texts.contains(&key) || flags.contains(&key) {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            limits.push(format!("`{key}: {value}`"));
        } else if !["title", "description"].contains(&key) {
            return None;
        }
    }
    (!limits.is_empty()).then(|| limits.join(" and "))
}

/// A branch that is nothing but null says that the rest is nullable.
fn null_branches(schema: &mut Schema) {
    let is_null = |branch: &Value| {
        let only_null = |values: &Value| {
            values
                .as_array()
                .is_some_and(|values| !values.is_empty() && values.iter().all(Value::is_null))
        };
        branch.get("enum").is_some_and(only_null) || branch.get("type") == Some(&json!("null"))
    };
    let mut nullable = false;
    for keyword in ["oneOf", "anyOf"] {
        let Some(branches) = schema.get_mut(keyword).and_then(Value::as_array_mut) else {
            continue;
        };
        let published = branches.len();
        branches.retain(|branch| !is_null(branch));
        nullable |= branches.len() < published;
    }
    if nullable {
        schema.insert("nullable".to_owned(), true.into());
    }
}

/// Branches that list values of one type are one list, each value of which had words of its own.
fn listed_branches(shaped: &mut Shaped, pointer: &str, schema: &mut Schema) {
    for keyword in ["oneOf", "anyOf"] {
        let Some(branches) = schema.get(keyword).and_then(Value::as_array) else { continue };
        let Some(lists) = branches.iter().map(listed).collect::<Option<Vec<_>>>() else { continue };
        let values: Vec<Value> = lists.into_iter().flatten().cloned().collect();
        let of_one = |is: fn(&Value) -> bool| values.iter().all(is);
        if values.is_empty() || !(of_one(Value::is_string) || of_one(Value::is_number)) {
            continue;
        }
        let words: Vec<String> = branches.iter().filter_map(words_of_value).collect();
        if !words.is_empty() {
            let described = schema.get("description").and_then(Value::as_str).unwrap_or_default();
            let text = format!("{}\n\n{}", described.trim_end(), words.join("\n"));
            schema.insert("description".to_owned(), text.trim_start().into());
        }
        schema.remove(keyword);
        schema.insert("enum".to_owned(), values.into());
        enums::shape(shaped, pointer, schema);
    }
}

/// The values that a branch lists, if it does nothing else.
fn listed(branch: &Value) -> Option<&Vec<Value>> {
    let known = ["enum", "type", "title", "description", "deprecated", "example", "format"];
    let only_lists = branch.as_object()?.keys().all(|key| {
        known.contains(&key.as_str()) || (key.starts_with("x-") && key != "x-sensitive")
    });
    branch.get("enum")?.as_array().filter(|values| only_lists && !values.is_empty())
}

/// What a branch says of the one value that it lists, as an item of a list.
fn words_of_value(branch: &Value) -> Option<String> {
    let text = |key: &str| branch.get(key).and_then(Value::as_str).map(str::trim);
    let words = text("description").or_else(|| text("title")).filter(|text| !text.is_empty())?;
    let value = branch.get("enum")?.as_array()?.first()?;
    Some(format!("- `{value}`: {}", words.lines().next().unwrap_or_default()))
}

/// Branches that only say which members must be there are no union: all of them describe one object.
fn alternatives_of_presence(shaped: &mut Shaped, pointer: &str, schema: &mut Schema) {
    for keyword in ["oneOf", "anyOf"] {
        let Some(branches) = schema.get(keyword).and_then(Value::as_array) else { continue };
        let only_requires = |branch: &Value| {
            branch.as_object().is_some_and(|branch| {
                branch.contains_key("required")
                    && branch.keys().all(|key| {
                        ["required", "type", "not", "title", "description"].contains(&key.as_str())
                    })
            })
        };
        if branches.is_empty() || !branches.iter().all(only_requires) {
            continue;
        }
        let mut sets = branches.iter().filter_map(|branch| branch.get("required")).map(|names| {
            let names = names.as_array().into_iter().flatten().filter_map(Value::as_str);
            names.collect::<Vec<_>>().join(" and ")
        });
        let first = sets.next().unwrap_or_default();
        let message = sets
            .fold(format!("that it has {first}"), |message, set| format!("{message}, or {set}"))
            + " is not checked";
        shaped.degrade(pointer, message);
        let named: Vec<String> = branches
            .iter()
            .filter_map(|branch| branch.get("required")?.as_array())
            .flatten()
            .filter_map(|name| name.as_str().map(str::to_owned))
            .collect();
        schema.remove(keyword);
        if !COMPOSITIONS.iter().any(|keyword| schema.contains_key(*keyword)) {
            schema.entry("type").or_insert_with(|| "object".into());
            // What may have to be there is a member, declared or not.
            let properties = object_entry(schema, "properties");
            for name in named {
                properties.entry(name).or_insert_with(|| json!({}));
            }
        }
    }
}
