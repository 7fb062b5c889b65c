//! Every schema that becomes a named type becomes a component with a name of its own.
//!
//! Typify names an inline schema after its place, or its title, and takes two schemas that come to
//! the same name for the same type without a word. Names given here can't collide, and the plan
//! knows all of them.

use pagebind::pointer::join;
use serde_json::{Map, Value, json};

use super::{
    notes, operations,
    sensitive::is_sensitive,
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
            let part = naming::type_name(parameter_name);
            slot(shaped, &owner, &part, &format!("{pointer}/parameters"), &mut parameter["schema"]);
        }
        let body = operation.get_mut("requestBody").and_then(|body| body.get_mut("content"));
        for media in body.and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut) {
            let place = format!("{pointer}/requestBody/content");
            slot(shaped, &owner, "Body", &place, &mut media["schema"]);
        }
        for response in operation
            .get_mut("responses")
            .and_then(Value::as_object_mut)
            .into_iter()
            .flat_map(Map::values_mut)
        {
            if let Some(schema) = response.pointer_mut("/content/application~1json/schema") {
                let place = format!("{pointer}/responses");
                slot(shaped, &owner, "Response", &place, schema);
            }
        }
    });
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
        // Without a type they limit what another member of an `allOf` declares, or nothing.
        || (!library && has("type") && (has("minLength") || has("maxLength") || has("pattern")))
}

/// Hoists what stands in `schema`, if it needs a name; it is called after its owner and the part of
/// it that it is. `place` is the pointer to it in the contract.
fn slot(shaped: &mut Shaped, owner: &str, part: &str, place: &str, schema: &mut Value) {
    let name = format!("{owner}{part}");
    // What nothing fits becomes a type where it stands, but types are made without what they stand in.
    let nothing_fits = schema.get("not").is_some();
    if !needs_name(schema) && !nothing_fits {
        children(shaped, &name, place, schema);
        return;
    }
    let name = shaped.take_name(&name);
    shaped.hoisted.insert(name.clone(), owner.to_owned());
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
        slot(shaped, owner, &naming::type_name(property), &place, schema);
    }
    if let Some(items) = schema.get_mut("items") {
        slot(shaped, owner, "Item", &format!("{place}/items"), items);
    }
    if let Some(values) = schema.get_mut("additionalProperties").filter(|values| values.is_object())
    {
        let place = format!("{place}/additionalProperties");
        slot(shaped, owner, "Value", &place, values);
    }
    // The members of an `allOf` are parts of their owner, not types of their own.
    let members = schema.get_mut("allOf").and_then(Value::as_array_mut);
    for (index, member) in members.into_iter().flatten().enumerate() {
        children(shaped, owner, &format!("{place}/allOf/{index}"), member);
    }
    for keyword in ["oneOf", "anyOf"] {
        let branches = schema.get_mut(keyword).and_then(Value::as_array_mut);
        for (index, branch) in branches.into_iter().flatten().enumerate() {
            let part = branch_name(branch, index);
            slot(shaped, owner, &part, &format!("{place}/{keyword}/{index}"), branch);
        }
    }
}

/// What an inline branch of a union is called: by its title, by the one value that it or a
/// member of it has, or by its number.
fn branch_name(branch: &Value, index: usize) -> String {
    if let Some(title) = branch.get(notes::TITLE).and_then(Value::as_str) {
        return naming::type_name(title);
    }
    let properties = branch.get("properties").and_then(Value::as_object);
    let one_value = |schema: &Value| {
        let values = schema.get("enum").and_then(Value::as_array)?;
        values.first().filter(|_| values.len() == 1)?.as_str().map(str::to_owned)
    };
    let tag = properties.into_iter().flat_map(Map::values).find_map(one_value);
    let tag = tag.or_else(|| one_value(branch)).filter(|tag| !tag.is_empty());
    tag.map_or_else(|| format!("Variant{index}"), |tag| naming::type_name(&tag))
}
