//! A component is never nullable: null is said at each place that refers to it.
//!
//! Typify makes a type of its own of a nullable component, under the name of the component, and for
//! a union or an enum that name is taken by what is inside. Where null stands at the property, the
//! item or the value of a map, it makes an `Option` there, and the component stays what it is.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{
    cycles, operations,
    shaped::{COMPOSITIONS, Shaped, is_any, schema_reference},
};

type Schemas = Map<String, Value>;

/// Moves null out of every component, to the places that refer to it.
pub(super) fn shape(shaped: &mut Shaped) {
    let mut schemas = std::mem::take(shaped.components("schemas"));
    let nullable = nullable(&schemas);
    for schema in schemas.values_mut() {
        below(schema, &nullable);
        without_null(schema);
    }
    *shaped.components("schemas") = schemas;
    operations::for_each(shaped, |shaped, pointer, _, operation| {
        let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
        for parameter in parameters.into_iter().flatten() {
            place(&mut parameter["schema"], &nullable);
        }
        let body = operation.get_mut("requestBody").and_then(|body| body.get_mut("content"));
        for media in body.and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut) {
            place(&mut media["schema"], &nullable);
            if not_null(&mut media["schema"]) {
                shaped.degrade(
                    &format!("{pointer}/requestBody/content"),
                    "may be null as a whole, which can't be sent",
                );
            }
        }
        let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
        for response in responses.into_iter().flat_map(Map::values_mut) {
            if let Some(schema) = response.pointer_mut("/content/application~1json/schema") {
                place(schema, &nullable);
            }
        }
    });
}

/// The components that allow null, themselves or by what they refer to.
fn nullable(schemas: &Schemas) -> BTreeSet<String> {
    let parts = cycles::parts(schemas);
    let users = cycles::users(&parts);
    let mut nullable = BTreeSet::new();
    let mut open: Vec<&str> = schemas.keys().map(String::as_str).collect();
    while let Some(name) = open.pop() {
        let found = schemas.get(name).is_some_and(|schema| allows_null(schema, &nullable));
        if found && nullable.insert(name.to_owned()) {
            open.extend(users.get(name).into_iter().flatten());
        }
    }
    nullable
}

fn allows_null(schema: &Value, nullable: &BTreeSet<String>) -> bool {
    if let Some(name) = schema_reference(schema) {
        return nullable.contains(name);
    }
    let members = |keyword: &str| {
        schema.get(keyword).and_then(Value::as_array).filter(|members| !members.is_empty())
    };
    schema.get("nullable") == Some(&json!(true))
        || members("allOf").is_some_and(|all| {
            all.iter().any(|one| allows_null(one, nullable))
                && all.iter().all(|one| is_any(one) || allows_null(one, nullable))
        })
        || ["oneOf", "anyOf"].into_iter().any(|keyword| {
            members(keyword).is_some_and(|any| any.iter().any(|one| allows_null(one, nullable)))
        })
}

/// Null in the places below `schema`.
fn below(schema: &mut Value, nullable: &BTreeSet<String>) {
    let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
    for property in properties.into_iter().flat_map(Map::values_mut) {
        place(property, nullable);
    }
    for key in ["items", "additionalProperties"] {
        if let Some(child) = schema.get_mut(key).filter(|child| child.is_object()) {
            place(child, nullable);
        }
    }
    for keyword in COMPOSITIONS {
        let members = schema.get_mut(keyword).and_then(Value::as_array_mut);
        members.into_iter().flatten().for_each(|member| below(member, nullable));
    }
}

/// Says null at the place itself, whatever in it allows null.
fn place(schema: &mut Value, nullable: &BTreeSet<String>) {
    below(schema, nullable);
    let is_nullable = allows_null(schema, nullable);
    without_null(schema);
    if !is_nullable || is_any(schema) {
        return;
    }
    if schema_reference(schema).is_some() {
        *schema = json!({ "allOf": [schema.take()] });
    }
    schema["nullable"] = true.into();
}

/// Takes null out of a place; whether it was there.
fn not_null(schema: &mut Value) -> bool {
    let map = schema.as_object_mut();
    map.is_some_and(|schema| schema.remove("nullable") == Some(json!(true)))
}

/// Takes null out of `schema` and the members of its compositions.
fn without_null(schema: &mut Value) {
    let Some(map) = schema.as_object_mut() else { return };
    map.remove("nullable");
    for keyword in COMPOSITIONS {
        let members = map.get_mut(keyword).and_then(Value::as_array_mut);
        members.into_iter().flatten().for_each(without_null);
    }
}
