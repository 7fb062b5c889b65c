//! Every schema that becomes a named type becomes a component with a name of its own.
//!
//! Typify names an inline schema after its place, or its title, and takes two schemas that come to
//! the same name for the same type without a word. Names given here can't collide, and the plan
//! knows all of them.

use pagebind::pointer::join;
use serde_json::{Map, Value, json};

use super::{
    operations,
    sensitive::{self, is_sensitive},
    shaped::{Shaped, reference_to, schema_reference},
};
use crate::naming;

/// Keys that describe the place where a schema stands, not only its type.
const OF_THE_PLACE: [&str; 5] = ["description", "nullable", "deprecated", "readOnly", "writeOnly"];

/// Makes components of all inline schemas that need a name, and notes the sensitive ones.
pub(super) fn shape(shaped: &mut Shaped) {
    let published: Vec<String> = shaped.components("schemas").keys().cloned().collect();
    for name in published {
        let mut schema =
            shaped.components("schemas").get_mut(&name).map(Value::take).unwrap_or_default();
        let place = shaped.origins.get(&name).cloned();
        let place = place.unwrap_or_else(|| join("/components/schemas", &name));
        children(shaped, &name, &place, &mut schema);
        shaped.components("schemas").insert(name, schema);
    }
    operations::for_each(shaped, |shaped, pointer, name, operation| {
        let owner = naming::type_name(name);
        for parameter in
            operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten()
        {
            let parameter_name = parameter["name"].as_str().unwrap_or_default();
            let name = format!("{owner}{}", naming::type_name(parameter_name));
            slot(shaped, &name, &format!("{pointer}/parameters"), &mut parameter["schema"]);
        }
        let body = operation.get_mut("requestBody").and_then(|body| body.get_mut("content"));
        for media in body.and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut) {
            let place = format!("{pointer}/requestBody/content");
            slot(shaped, &format!("{owner}Body"), &place, &mut media["schema"]);
        }
        for response in operation
            .get_mut("responses")
            .and_then(Value::as_object_mut)
            .into_iter()
            .flat_map(Map::values_mut)
        {
            if let Some(schema) = response.pointer_mut("/content/application~1json/schema") {
                let place = format!("{pointer}/responses");
                slot(shaped, &format!("{owner}Response"), &place, schema);
            }
        }
    });
    sensitive::shape(shaped);
}

/// Whether `schema` becomes a type with a name, and is not a reference to one already.
pub(super) fn needs_name(schema: &Value) -> bool {
    if schema_reference(schema).is_some() {
        return false;
    }
    let has = |key: &str| schema.get(key).is_some();
    let alone = schema
        .get("allOf")
        .and_then(Value::as_array)
        .is_some_and(|all| all.len() == 1 && schema_reference(&all[0]).is_some());
    // Strings of these formats become types of libraries, which keep their own rules.
    let library =
        matches!(schema.get("format").and_then(Value::as_str), Some("date" | "date-time" | "uuid"));
    is_sensitive(schema)
        || has("enum")
        || has("oneOf")
        || has("anyOf")
        || (has("allOf") && !alone)
        || has("properties")
        || schema.get("additionalProperties") == Some(&json!(false))
        || (!library && (has("minLength") || has("maxLength") || has("pattern")))
}

/// Hoists what stands in `schema`, if it needs a name; `name` is the one it would like, and `place`
/// the pointer to it in the contract.
fn slot(shaped: &mut Shaped, name: &str, place: &str, schema: &mut Value) {
    if !needs_name(schema) {
        children(shaped, name, place, schema);
        return;
    }
    let name = shaped.take_name(name);
    shaped.origins.insert(name.clone(), place.to_owned());
    let mut component = schema.take();
    children(shaped, &name, place, &mut component);
    let mut kept = Map::new();
    if let Some(component) = component.as_object_mut() {
        for key in OF_THE_PLACE {
            let value = if key == "description" {
                component.get(key).cloned()
            } else {
                component.remove(key)
            };
            kept.extend(value.map(|value| (key.to_owned(), value)));
        }
    }
    *schema = if kept.is_empty() {
        reference_to(&name)
    } else {
        kept.insert("allOf".to_owned(), json!([reference_to(&name)]));
        kept.into()
    };
    shaped.components("schemas").insert(name, component);
}

/// Hoists what stands below `schema`, which belongs to the type `owner`.
fn children(shaped: &mut Shaped, owner: &str, place: &str, schema: &mut Value) {
    for (property, schema) in
        schema.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten()
    {
        let place = join(&format!("{place}/properties"), property);
        slot(shaped, &format!("{owner}{}", naming::type_name(property)), &place, schema);
    }
    if let Some(items) = schema.get_mut("items") {
        slot(shaped, &format!("{owner}Item"), &format!("{place}/items"), items);
    }
    if let Some(values) = schema.get_mut("additionalProperties").filter(|values| values.is_object())
    {
        let place = format!("{place}/additionalProperties");
        slot(shaped, &format!("{owner}Value"), &place, values);
    }
    // The members of a composition are parts of their owner, not types of their own.
    for keyword in ["allOf", "oneOf", "anyOf"] {
        let members = schema.get_mut(keyword).and_then(Value::as_array_mut);
        for (index, member) in members.into_iter().flatten().enumerate() {
            children(shaped, owner, &format!("{place}/{keyword}/{index}"), member);
        }
    }
}
