//! Lists of values: of text they become an enum, of anything else they are checked as they are set.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{
    notes,
    shaped::{ANNOTATIONS, Shaped},
};

/// An enum is of one type; otherwise it is not checked.
pub(super) fn shape(shaped: &mut Shaped, pointer: &str, schema: &mut Map<String, Value>) {
    let Some(published) = schema.remove("enum") else { return };
    let Some(mut values) = published.as_array().cloned() else { return };
    let nulls = values.iter().filter(|value| value.is_null()).count();
    values.retain(|value| !value.is_null());
    if nulls > 0 {
        schema.insert("nullable".to_owned(), true.into());
    }
    if values.is_empty() {
        if nulls > 0 {
            // A limit that is left would be taken for one of text.
            schema.retain(|key, _| ANNOTATIONS.contains(&key.as_str()) && key != "type");
            shaped.degrade(pointer, "allows only null; any value is taken");
        }
        return;
    }
    let (texts, others): (Vec<Value>, Vec<Value>) = values.into_iter().partition(Value::is_string);
    if !texts.is_empty() && !others.is_empty() {
        // Values of several types are a union of one enum for each.
        schema.retain(|key, _| ANNOTATIONS.contains(&key.as_str()) && key != "type");
        let mut branches = vec![json!({ "type": "string", "enum": texts })];
        branches.extend(of_each_type(others));
        schema.insert("oneOf".to_owned(), branches.into());
        return;
    }
    if !texts.is_empty() {
        if !matches!(schema.get("type").and_then(Value::as_str), None | Some("string")) {
            shaped.degrade(
                pointer,
                "lists strings, which its type does not allow; the list is not checked",
            );
            return;
        }
        schema.insert("type".to_owned(), "string".into());
        let mut seen = BTreeSet::new();
        let listed: Vec<&str> = texts.iter().filter_map(Value::as_str).collect();
        let listed: Vec<&str> = listed.into_iter().filter(|text| seen.insert(*text)).collect();
        schema.insert("enum".to_owned(), json!(listed));
        return;
    }
    let mut branches = of_each_type(others);
    if branches.len() > 1 {
        schema.retain(|key, _| ANNOTATIONS.contains(&key.as_str()) && key != "type");
        schema.insert("oneOf".to_owned(), branches.into());
        return;
    }
    let Some(Value::Object(only)) = branches.pop() else { return };
    let published = schema.get("type").and_then(Value::as_str);
    let number = |name: Option<&str>| matches!(name, Some("integer" | "number"));
    let told = only["type"].as_str();
    if published.is_some() && published != told && !(number(published) && number(told)) {
        shaped
            .degrade(pointer, "lists values that its type does not allow; the list is not checked");
        return;
    }
    if published.is_none() {
        schema.insert("type".to_owned(), only["type"].clone());
    }
    let values = only[notes::BOUNDS]["values"].clone();
    match schema.entry(notes::BOUNDS).or_insert_with(|| json!({})) {
        Value::Object(bounds) => drop(bounds.insert("values".to_owned(), values)),
        _ => unreachable!("the bounds of a schema are an object"),
    }
}

/// One schema for the values of each type; the values themselves are checked as they are set.
fn of_each_type(values: Vec<Value>) -> Vec<Value> {
    let of = |is: fn(&Value) -> bool| -> Vec<Value> {
        values.iter().filter(|value| is(value)).cloned().collect()
    };
    let listed = |name: &str, values: Vec<Value>| {
        (!values.is_empty()).then(|| json!({ "type": name, notes::BOUNDS: { "values": values } }))
    };
    let numbers = of(Value::is_number);
    let whole = numbers.iter().all(|value| value.is_i64() || value.is_u64());
    [
        listed(if whole { "integer" } else { "number" }, numbers),
        listed("boolean", of(Value::is_boolean)),
        listed("array", of(Value::is_array)),
        listed("object", of(Value::is_object)),
    ]
    .into_iter()
    .flatten()
    .collect()
}
