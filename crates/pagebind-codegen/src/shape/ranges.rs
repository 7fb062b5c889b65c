//! Media types that are a range of them: `*/*`, as Spring writes it, says nothing of how a value is
//! written. A value that has a structure is JSON then, by far the most common; a text or bytes are what
//! the caller makes of them.

use serde_json::{Map, Value};

use super::{
    operations,
    shaped::{Shaped, object},
};

/// Names JSON in place of a range wherever the schema of a body has a structure.
pub(super) fn shape(shaped: &mut Shaped) {
    operations::for_each(shaped, |shaped, _, _, operation| {
        if let Some(body) = operation.get_mut("requestBody") {
            of_body(shaped, body);
        }
        of_each(shaped, operation.get_mut("responses"));
    });
    for section in ["requestBodies", "responses"] {
        let mut bodies = Value::from(std::mem::take(shaped.components(section)));
        of_each(shaped, Some(&mut bodies));
        *shaped.components(section) = std::mem::take(object(&mut bodies));
    }
}

fn of_each(shaped: &Shaped, bodies: Option<&mut Value>) {
    let bodies = bodies.and_then(Value::as_object_mut).into_iter();
    bodies.flat_map(Map::values_mut).for_each(|body| of_body(shaped, body));
}

fn of_body(shaped: &Shaped, body: &mut Value) {
    if let Some(content) = body.get_mut("content").and_then(Value::as_object_mut) {
        name_json(shaped, content);
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
