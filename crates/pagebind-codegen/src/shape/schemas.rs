//! Schemas: each keyword in the form that progenitor and typify read as it is meant.

use pagebind::pointer::join;
use serde_json::{Map, Value, json};

use super::{
    bounds, branches, enums,
    notes::{self, note},
    operations, settled,
    shaped::{ANNOTATIONS, COMPOSITIONS, Shaped},
    words,
};

type Schema = Map<String, Value>;

/// Puts every schema of the document into the form that comes out right.
pub(super) fn shape(shaped: &mut Shaped) {
    for_each(shaped, tidy_all);
}

/// Does something with each component, and with each schema that stands in an operation.
pub(super) fn for_each(shaped: &mut Shaped, change: fn(&mut Shaped, &str, &mut Value)) {
    let mut schemas = std::mem::take(shaped.components("schemas"));
    for (name, schema) in &mut schemas {
        change(shaped, &join("/components/schemas", name), schema);
    }
    *shaped.components("schemas") = schemas;
    operations::for_each(shaped, |shaped, pointer, _, operation| {
        let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
        for (index, parameter) in parameters.into_iter().flatten().enumerate() {
            let place = format!("{pointer}/parameters/{index}/schema");
            change(shaped, &place, &mut parameter["schema"]);
        }
        let body = operation.get_mut("requestBody").and_then(|body| body.get_mut("content"));
        for media in body.and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut) {
            change(shaped, &format!("{pointer}/requestBody/content"), &mut media["schema"]);
        }
        let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
        for response in responses.into_iter().flat_map(Map::values_mut) {
            if let Some(schema) = response.pointer_mut("/content/application~1json/schema") {
                change(shaped, &format!("{pointer}/responses"), schema);
            }
        }
    });
}

/// Tidies `schema` and everything below it.
fn tidy_all(shaped: &mut Shaped, pointer: &str, schema: &mut Value) {
    tidy_all_of(shaped, pointer, schema, false);
}

/// Tidies `schema` and everything below it; what is a member of a composition may say a part alone.
fn tidy_all_of(shaped: &mut Shaped, pointer: &str, schema: &mut Value, is_member: bool) {
    let Some(map) = schema.as_object_mut() else {
        // Lowering leaves no boolean schemas; anything else here means nothing.
        *schema = json!({});
        return;
    };
    if map.contains_key("$ref") {
        return;
    }
    tidy(shaped, pointer, map);
    // Where a type is told. Without one they may limit what another schema declares, which merging shows.
    if !is_member && map.contains_key("type") {
        settled::limits(shaped, pointer, map);
    }
    let properties = map.get_mut("properties").and_then(Value::as_object_mut);
    for (name, child) in properties.into_iter().flatten() {
        tidy_all(shaped, &join(&join(pointer, "properties"), name), child);
    }
    for keyword in ["items", "additionalProperties", "not"] {
        if let Some(child) = map.get_mut(keyword).filter(|child| child.is_object()) {
            tidy_all(shaped, &join(pointer, keyword), child);
        }
    }
    for keyword in COMPOSITIONS {
        for (index, child) in
            map.get_mut(keyword).and_then(Value::as_array_mut).into_iter().flatten().enumerate()
        {
            tidy_all_of(shaped, &format!("{pointer}/{keyword}/{index}"), child, true);
        }
    }
}

/// Tidies one schema, and nothing below it.
fn tidy(shaped: &mut Shaped, pointer: &str, schema: &mut Schema) {
    further_members(schema);
    words::add(schema);
    annotations(schema);
    types(shaped, pointer, schema);
    bounds::shape(shaped, pointer, schema);
    enums::shape(shaped, pointer, schema);
    pattern(shaped, pointer, schema);
    settled::format(shaped, schema);
    properties(schema);
    negation(shaped, pointer, schema);
    branches::shape(shaped, pointer, schema);
    composition(schema);
}

/// Members that a contract says there are besides those that it names are kept: those that it allows by a
/// word of its own, and those whose names a pattern tells. Lowering has kept the words for which 3.0 has none.
fn further_members(schema: &mut Schema) {
    let more = schema.get("additionalProperties");
    let by_3_1 = schema.contains_key("x-jsonschema-patternProperties")
        || schema.get("x-jsonschema-unevaluatedProperties").is_some_and(|it| it != &json!(false))
        || conditional_members(schema);
    if more.is_none_or(|more| more == &json!(true)) && (by_3_1 || more.is_some()) {
        schema.insert("additionalProperties".to_owned(), json!({}));
    }
}

/// Whether there are members that a schema names only on a condition.
fn conditional_members(schema: &Schema) -> bool {
    let known = schema.get("properties").and_then(Value::as_object);
    let depending = schema.get("x-jsonschema-dependentSchemas").and_then(Value::as_object);
    ["x-jsonschema-then", "x-jsonschema-else"]
        .iter()
        .filter_map(|key| schema.get(*key))
        .chain(depending.into_iter().flat_map(Map::values))
        .filter_map(|condition| condition.get("properties")?.as_object())
        .flat_map(Map::keys)
        .any(|name| known.is_none_or(|known| !known.contains_key(name)))
}

/// A title would become the type's name, and a default would be sent with every request that
/// leaves the value out: both are said in the description instead.
fn annotations(schema: &mut Schema) {
    // Extensions of others mean nothing here, and `x-rust-type` is an order to typify.
    schema.retain(|key, _| {
        !["xml", "externalDocs", "examples"].contains(&key.as_str())
            && (!key.starts_with("x-") || key == "x-sensitive" || key.starts_with(notes::PREFIX))
    });
    let described = |schema: &Schema| {
        schema.get("description").and_then(Value::as_str).unwrap_or_default().trim_end().to_owned()
    };
    if let Some(Value::String(title)) = schema.remove("title") {
        if described(schema).is_empty() {
            schema.insert("description".to_owned(), title.clone().into());
        }
        note(schema, notes::TITLE, title);
    }
    if let Some(default) = schema.remove("default")
        && !default.is_null()
        && schema.get("x-sensitive") != Some(&json!(true))
    {
        let description =
            format!("{}\n\nLeft out, the service takes `{default}`.", described(schema));
        schema.insert("description".to_owned(), description.trim_start().into());
    }
    for key in ["description", "format", "pattern"] {
        if schema.get(key).is_some_and(|value| !value.is_string()) {
            schema.remove(key);
        }
    }
    for key in ["nullable", "deprecated", "readOnly", "writeOnly", "uniqueItems"] {
        if schema.get(key).is_some_and(|value| !value.is_boolean()) {
            schema.remove(key);
        }
    }
}

/// A type that is missing is told by the keywords; an unknown one allows anything.
fn types(shaped: &mut Shaped, pointer: &str, schema: &mut Schema) {
    let known = ["string", "integer", "number", "boolean", "object", "array"];
    if let Some(published) = schema.get("type").cloned()
        && !published.as_str().is_some_and(|published| known.contains(&published))
    {
        shaped.degrade(
            pointer,
            format!("the type {published} is not one of OpenAPI; any value is taken"),
        );
        schema.remove("type");
    }
    if schema.contains_key("type")
        || COMPOSITIONS.iter().any(|keyword| schema.contains_key(*keyword))
    {
        return;
    }
    // Without a type, keywords bind only values of theirs. What describes members or items is meant for an
    // object or a list alone; a pattern, a bound, or a name that is required says nothing of anything else.
    let told = [("object", &["properties", "additionalProperties"][..]), ("array", &["items"])];
    let told = told
        .iter()
        .find(|(_, keywords)| keywords.iter().any(|keyword| schema.contains_key(*keyword)));
    if let Some((told, _)) = told {
        schema.insert("type".to_owned(), (*told).into());
    }
}

/// A pattern is a regular expression of ECMA-262 that the client can compile.
fn pattern(shaped: &mut Shaped, pointer: &str, schema: &mut Schema) {
    let Some(Value::String(pattern)) = schema.get("pattern") else { return };
    if let Err(error) = regress::Regex::new(pattern) {
        shaped.degrade(
            pointer,
            format!(
                "the pattern `{pattern}` is no regular expression ({error}) and is not checked"
            ),
        );
        schema.remove("pattern");
    }
}

/// What a schema says of its members is of the type that it has to be.
fn properties(schema: &mut Schema) {
    if schema.get("required").is_some_and(|required| !required.is_array()) {
        schema.remove("required");
    }
    for key in ["properties", "additionalProperties", "items"] {
        let is_one = match key {
            "additionalProperties" => |value: &Value| value.is_object() || value.is_boolean(),
            _ => Value::is_object,
        };
        if schema.get(key).is_some_and(|value| !is_one(value)) {
            schema.remove(key);
        }
    }
    settled::of_its_type(schema);
}

/// What a value must not be is the service's to check.
fn negation(shaped: &mut Shaped, pointer: &str, schema: &mut Schema) {
    if schema.get("not").is_some_and(|not| not != &json!({})) {
        schema.remove("not");
        shaped.degrade(pointer, "what it must not be (`not`) is not checked");
    }
    if schema.contains_key("not") && schema.len() > 1 {
        schema.retain(|key, _| key == "not" || key == "description");
    }
    if let Some(discriminator) = schema.remove("discriminator")
        && discriminator.get("propertyName").is_some_and(Value::is_string)
    {
        note(schema, notes::TAG, discriminator);
    }
}

/// A composition stands alone: what stands beside it becomes one more part of an `allOf`.
fn composition(schema: &mut Schema) {
    for keyword in COMPOSITIONS {
        if schema.get(keyword).is_some_and(|members| members.as_array().is_none_or(Vec::is_empty)) {
            schema.remove(keyword);
        }
    }
    let compositions: Vec<&str> =
        COMPOSITIONS.into_iter().filter(|keyword| schema.contains_key(*keyword)).collect();
    if compositions.is_empty() {
        return;
    }
    let beside = schema
        .keys()
        .any(|key| !COMPOSITIONS.contains(&key.as_str()) && !ANNOTATIONS.contains(&key.as_str()));
    if !beside && compositions.len() == 1 {
        schema.remove("type");
        return;
    }
    let mut parts: Vec<Value> = match schema.remove("allOf") {
        Some(Value::Array(parts)) => parts,
        _ => Vec::new(),
    };
    let tag = schema.get(notes::TAG).cloned();
    for keyword in ["oneOf", "anyOf"] {
        let Some(members) = schema.remove(keyword) else { continue };
        let mut union = json!({ keyword: members });
        if let Some(tag) = &tag {
            union[notes::TAG] = tag.clone();
            schema.remove(notes::TAG);
        }
        parts.push(union);
    }
    let (annotations, assertions): (Schema, Schema) = std::mem::take(schema)
        .into_iter()
        .partition(|(key, _)| ANNOTATIONS.contains(&key.as_str()) && key != "type");
    if assertions.keys().any(|key| key != "type") {
        parts.push(assertions.into());
    }
    *schema = annotations;
    schema.insert("allOf".to_owned(), parts.into());
}
