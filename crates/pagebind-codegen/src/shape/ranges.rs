//! Media types that are a range of them: `*/*`, as Spring writes it, says nothing of how a value is
//! written. A value that has a structure is JSON then, by far the most common; a text or bytes are what
//! the caller makes of them.

use serde_json::{Map, Value};

use super::shaped::{Shaped, object, object_entry};
use pagebind::document::METHODS;

/// Names JSON in place of a range wherever the schema of a body has a structure.
pub(super) fn shape(shaped: &mut Shaped) {
    let mut bodies: Vec<Value> = Vec::new();
    for section in ["requestBodies", "responses"] {
        bodies.push(std::mem::take(shaped.components(section)).into());
    }
    let mut paths = std::mem::take(object_entry(object(&mut shaped.document), "paths"));
    let components = bodies.iter_mut().flat_map(|section| object(section).values_mut());
    let operations = paths.values_mut().filter_map(Value::as_object_mut).flat_map(|item| {
        item.iter_mut().filter(|(key, _)| METHODS.contains(&key.as_str())).map(|(_, it)| it)
    });
    let mut found: Vec<&mut Value> = components.collect();
    for operation in operations.filter_map(Value::as_object_mut) {
        for (key, value) in operation {
            match key.as_str() {
                "requestBody" => found.push(value),
                "responses" => found.extend(object(value).values_mut()),
                _ => {}
            }
        }
    }
    for body in found {
        if let Some(content) = body.get_mut("content").and_then(Value::as_object_mut) {
            name_json(shaped, content);
        }
    }
    *object_entry(object(&mut shaped.document), "paths") = paths;
    for section in ["responses", "requestBodies"] {
        *shaped.components(section) = std::mem::take(object(&mut bodies.pop().unwrap_or_default()));
    }
}

/// Where JSON is not offered by name, a range of which it is one is called so.
fn name_json(shaped: &Shaped, content: &mut Map<String, Value>) {
    const JSON: &str = "application/json";
    if content.contains_key(JSON) {
        return;
    }
    let range = content.iter().find(|(media_type, media)| match media_type.trim() {
        "application/*+json" => true,
        "*/*" | "application/*" => {
            media.get("schema").is_some_and(|schema| is_structured(shaped, schema))
        }
        _ => false,
    });
    let Some(range) = range.map(|(range, _)| range.clone()) else { return };
    let named = std::mem::take(content).into_iter();
    *content = named
        .map(|(key, it)| if key == range { (JSON.to_owned(), it) } else { (key, it) })
        .collect();
}

/// Whether values of `schema` are more than a text or bytes.
pub(super) fn is_structured(shaped: &Shaped, schema: &Value) -> bool {
    let schema = shaped.resolve(schema);
    match schema.get("type").and_then(Value::as_str) {
        Some(kind) => kind != "string",
        None => ["properties", "items", "allOf", "oneOf", "anyOf", "additionalProperties"]
            .iter()
            .any(|key| schema.get(key).is_some()),
    }
}
