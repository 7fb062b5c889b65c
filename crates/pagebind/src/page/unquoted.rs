//! What is another thing without its quotes: YAML reads no type from `type: [string, null]`, and a number from
//! `description: 404`.
//!
//! What can mean nothing else is read as it is meant: words for people, names of operations and what stands in the
//! URL of a server are texts, and null is a type in a list of types and in an alternative that says a type and
//! nothing else. `type:` by itself may have been left open.

use serde_json::{Map, Value, json};

use crate::{document::key_kind::KeyKind, pointer};

/// What is a text wherever it is a keyword.
const TEXTS: [&str; 4] = ["description", "operationId", "summary", "title"];

/// Puts the quotes in, and gives the pointers of the types that got them.
pub(super) fn mend(document: &mut Value) -> Vec<String> {
    let mut mended = Vec::new();
    mend_below(document, KeyKind::Keywords, &mut String::new(), &mut mended);
    mended
}

fn mend_below(value: &mut Value, keys: KeyKind, at: &mut String, mended: &mut Vec<String>) {
    match value {
        _ if keys == KeyKind::Data => {}
        Value::Object(members) => {
            for (key, value) in members.iter_mut().filter(|(_, value)| !value.is_string()) {
                let length = pointer::push(at, key);
                if keys == KeyKind::Keywords {
                    match (key.as_str(), &mut *value) {
                        ("type", Value::Array(types)) => quote(types, at, mended),
                        ("tags", Value::Array(tags)) => tags.iter_mut().for_each(spell),
                        (text, said) if TEXTS.contains(&text) => spell(said),
                        ("variables", Value::Object(variables)) => {
                            variables.values_mut().for_each(spell_variable);
                        }
                        ("anyOf" | "oneOf", Value::Array(branches)) => {
                            let branches = branches.iter_mut().enumerate();
                            for (index, branch) in branches.filter(|(_, it)| is_open_type(it)) {
                                branch["type"] = json!("null");
                                mended.push(format!("{at}/{index}/type"));
                            }
                        }
                        _ => {}
                    }
                }
                mend_below(value, keys.of_member(key, value), at, mended);
                at.truncate(length);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate().filter(|(_, item)| !item.is_string())
            {
                let length = pointer::push(at, &index.to_string());
                mend_below(item, keys, at, mended);
                at.truncate(length);
            }
        }
        _ => {}
    }
}

/// Makes a text of a number or a boolean.
fn spell(said: &mut Value) {
    if said.is_number() || said.is_boolean() {
        *said = Value::from(said.to_string());
    }
}

/// Makes texts of the values of a server's variable.
fn spell_variable(variable: &mut Value) {
    if let Some(default) = variable.get_mut("default") {
        spell(default);
    }
    if let Some(Value::Array(values)) = variable.get_mut("enum") {
        values.iter_mut().for_each(spell);
    }
}

/// Whether a schema says a type, which is null, and nothing else.
fn is_open_type(schema: &Value) -> bool {
    let says = |schema: &Map<String, Value>| schema.get("type").is_some_and(Value::is_null);
    schema.as_object().is_some_and(|schema| schema.len() == 1 && says(schema))
}

/// Reads each null in a list of types as one of them.
fn quote(types: &mut [Value], at: &str, mended: &mut Vec<String>) {
    for (index, one) in types.iter_mut().enumerate().filter(|(_, one)| one.is_null()) {
        *one = json!("null");
        mended.push(format!("{at}/{index}"));
    }
}
