//! Schemas: each keyword in the form that progenitor and typify read as it is meant.

use std::collections::BTreeSet;

use pagebind::pointer::join;
use serde_json::{Map, Value, json};

use super::{operations, shaped::Shaped};
use crate::naming;

type Schema = Map<String, Value>;

/// Keywords that assert something of an instance by putting schemas together.
pub(super) const COMPOSITIONS: [&str; 3] = ["allOf", "oneOf", "anyOf"];

/// Keywords that say something about a schema and assert nothing of an instance.
const ANNOTATIONS: [&str; 8] = [
    "description",
    "nullable",
    "deprecated",
    "readOnly",
    "writeOnly",
    "example",
    "x-sensitive",
    "type",
];

/// Puts every schema of the document into the form that comes out right.
pub(super) fn shape(shaped: &mut Shaped) {
    let mut schemas = std::mem::take(shaped.components("schemas"));
    for (name, schema) in &mut schemas {
        tidy_all(shaped, &join("/components/schemas", name), schema);
    }
    *shaped.components("schemas") = schemas;
    operations::for_each(shaped, |shaped, pointer, _, operation| {
        let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
        for (index, parameter) in parameters.into_iter().flatten().enumerate() {
            tidy_all(
                shaped,
                &format!("{pointer}/parameters/{index}/schema"),
                &mut parameter["schema"],
            );
        }
        for media in operation
            .get_mut("requestBody")
            .and_then(|body| body.get_mut("content"))
            .and_then(Value::as_object_mut)
            .into_iter()
            .flatten()
        {
            tidy_all(shaped, &format!("{pointer}/requestBody/content"), &mut media.1["schema"]);
        }
        for response in
            operation.get_mut("responses").and_then(Value::as_object_mut).into_iter().flatten()
        {
            if let Some(schema) = response.1.pointer_mut("/content/application~1json/schema") {
                tidy_all(shaped, &format!("{pointer}/responses"), schema);
            }
        }
    });
}

/// Tidies `schema` and everything below it.
fn tidy_all(shaped: &mut Shaped, pointer: &str, schema: &mut Value) {
    let Some(map) = schema.as_object_mut() else {
        // Lowering leaves no boolean schemas; anything else here means nothing.
        *schema = json!({});
        return;
    };
    if map.contains_key("$ref") {
        return;
    }
    tidy(shaped, pointer, map);
    for keyword in ["properties"] {
        for (name, child) in
            map.get_mut(keyword).and_then(Value::as_object_mut).into_iter().flatten()
        {
            tidy_all(shaped, &join(&join(pointer, keyword), name), child);
        }
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
            tidy_all(shaped, &format!("{pointer}/{keyword}/{index}"), child);
        }
    }
}

/// Tidies one schema, and nothing below it.
fn tidy(shaped: &mut Shaped, pointer: &str, schema: &mut Schema) {
    annotations(schema);
    types(shaped, pointer, schema);
    bounds(shaped, pointer, schema);
    enumeration(shaped, pointer, schema);
    pattern(shaped, pointer, schema);
    properties(shaped, pointer, schema);
    negation(shaped, pointer, schema);
    composition(shaped, pointer, schema);
}

/// A title would become the type's name, and a default would be sent with every request that
/// leaves the value out: both are said in the description instead.
fn annotations(schema: &mut Schema) {
    for key in ["xml", "externalDocs", "examples"] {
        schema.remove(key);
    }
    let described = |schema: &Schema| {
        schema.get("description").and_then(Value::as_str).unwrap_or_default().trim_end().to_owned()
    };
    if let Some(Value::String(title)) = schema.remove("title")
        && described(schema).is_empty()
    {
        schema.insert("description".to_owned(), title.into());
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
    // Without a type, keywords bind only values of theirs. Taking them for the type is what the
    // publisher means, and progenitor reads `nullable` and bounds only beside one.
    let told = [
        ("object", &["properties", "additionalProperties", "required"][..]),
        ("array", &["items", "minItems", "maxItems"]),
        ("string", &["minLength", "maxLength", "pattern"]),
        ("number", &["minimum", "maximum", "multipleOf"]),
    ];
    let told = told
        .iter()
        .find(|(_, keywords)| keywords.iter().any(|keyword| schema.contains_key(*keyword)));
    if let Some((told, _)) = told {
        schema.insert("type".to_owned(), (*told).into());
    }
}

/// Bounds are whole numbers where the type asks for it; one that can't be is no bound.
fn bounds(shaped: &mut Shaped, pointer: &str, schema: &mut Schema) {
    let of_integers = schema.get("type") == Some(&json!("integer"));
    let lengths =
        ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"];
    let numbers = ["minimum", "maximum", "multipleOf"];
    for key in lengths.into_iter().chain(numbers) {
        let Some(published) = schema.get(key).cloned() else { continue };
        let is_length = lengths.contains(&key);
        let whole = published.as_i64().or_else(|| {
            let float = published.as_f64()?;
            // Every whole number below 2^53 is exact in a float.
            (float.fract() == 0.0 && float.abs() < 9_007_199_254_740_992.0).then_some(float as i64)
        });
        let kept = match whole {
            Some(whole) if !is_length || (0..=i64::from(u32::MAX)).contains(&whole) => {
                Some(json!(whole))
            }
            _ if !is_length && !of_integers && published.is_number() => Some(published.clone()),
            _ => None,
        };
        match kept {
            Some(bound) => drop(schema.insert(key.to_owned(), bound)),
            None => {
                schema.remove(key);
                shaped.degrade(
                    pointer,
                    format!("`{key}: {published}` can't be expressed and is not checked"),
                );
            }
        }
    }
    for (exclusive, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        if !schema.contains_key(bound)
            || schema.get(exclusive).is_some_and(|value| !value.is_boolean())
        {
            schema.remove(exclusive);
        }
    }
}

/// An enum is of one type, and its values have names that differ; otherwise it is not checked.
fn enumeration(shaped: &mut Shaped, pointer: &str, schema: &mut Schema) {
    let Some(published) = schema.remove("enum") else { return };
    let Some(mut values) = published.as_array().cloned() else { return };
    let nulls = values.iter().filter(|value| value.is_null()).count();
    values.retain(|value| !value.is_null());
    if nulls > 0 {
        schema.insert("nullable".to_owned(), true.into());
    }
    if values.is_empty() {
        if nulls > 0 {
            schema.remove("type");
            shaped.degrade(pointer, "allows only null; any value is taken");
        }
        return;
    }
    if values.iter().all(Value::is_string) {
        let names: BTreeSet<String> =
            values.iter().filter_map(Value::as_str).map(naming::type_name).collect();
        if !matches!(schema.get("type").and_then(Value::as_str), None | Some("string")) {
            shaped.degrade(
                pointer,
                "lists strings, which its type does not allow; the list is not checked",
            );
        } else if names.len() < values.len() {
            schema.insert("type".to_owned(), "string".into());
            shaped
                .degrade(pointer, "two of its values have the same Rust name; it is taken as text");
        } else {
            schema.insert("type".to_owned(), "string".into());
            schema.insert("enum".to_owned(), values.into());
        }
        return;
    }
    let one_type = [Value::is_number as fn(&Value) -> bool, Value::is_boolean]
        .iter()
        .any(|is_of_type| values.iter().all(is_of_type));
    let listed: Vec<String> = values.iter().map(ToString::to_string).collect();
    shaped.degrade(pointer, format!("that it is one of {} is not checked", listed.join(", ")));
    if !one_type {
        schema.remove("type");
    } else if !schema.contains_key("type") {
        let whole = values.iter().all(|value| value.is_i64() || value.is_u64());
        let told = if values[0].is_boolean() {
            "boolean"
        } else if whole {
            "integer"
        } else {
            "number"
        };
        schema.insert("type".to_owned(), told.into());
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

/// The properties of an object have Rust names that differ; otherwise it is taken as a map.
fn properties(shaped: &mut Shaped, pointer: &str, schema: &mut Schema) {
    if schema.get("required").is_some_and(|required| !required.is_array()) {
        schema.remove("required");
    }
    let Some(properties) = schema.get("properties") else { return };
    let names: Vec<&String> = properties.as_object().into_iter().flat_map(Map::keys).collect();
    let fields: BTreeSet<String> = names.iter().map(|name| naming::field_name(name)).collect();
    if fields.len() < names.len() {
        schema.remove("properties");
        schema.remove("required");
        schema.insert("additionalProperties".to_owned(), true.into());
        shaped.degrade(
            pointer,
            "two of its properties have the same Rust name; it is taken as a map",
        );
        return;
    }
    // The field of that name is where typify puts what comes beside the properties.
    let open = schema.get("additionalProperties").is_some_and(|more| more != &json!(false));
    if open && fields.contains("extra") {
        schema.remove("additionalProperties");
        shaped.degrade(
            pointer,
            "has a property `extra`; what comes beside its properties is left out",
        );
    }
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
    if schema.remove("discriminator").is_some() && !schema.contains_key("properties") {
        shaped.degrade(pointer, "the discriminator is not used: variants are tried in their order");
    }
}

/// A composition stands alone: what stands beside it becomes one more part of an `allOf`.
fn composition(shaped: &mut Shaped, pointer: &str, schema: &mut Schema) {
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
    let beside = |schema: &Schema| {
        schema.keys().any(|key| {
            !COMPOSITIONS.contains(&key.as_str()) && !ANNOTATIONS.contains(&key.as_str())
        })
    };
    if beside(schema) || compositions.len() > 1 {
        let mut parts: Vec<Value> = match schema.remove("allOf") {
            Some(Value::Array(parts)) => parts,
            _ => Vec::new(),
        };
        for keyword in ["oneOf", "anyOf"] {
            parts.extend(schema.remove(keyword).map(|members| json!({ keyword: members })));
        }
        let (annotations, assertions): (Schema, Schema) = std::mem::take(schema)
            .into_iter()
            .partition(|(key, _)| ANNOTATIONS.contains(&key.as_str()) && key != "type");
        if assertions.keys().any(|key| key != "type") {
            parts.push(assertions.into());
        }
        *schema = annotations;
        schema.insert("allOf".to_owned(), parts.into());
    } else {
        schema.remove("type");
    }
    if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
        let types: BTreeSet<&str> = parts
            .iter()
            .filter_map(|part| shaped.resolve(part).get("type").and_then(Value::as_str))
            .map(|one| if one == "integer" { "number" } else { one })
            .collect();
        if types.len() > 1 {
            let types: Vec<&str> = types.into_iter().collect();
            let message = format!("no value is all of {}; any value is taken", types.join(", "));
            schema.remove("allOf");
            shaped.degrade(pointer, message);
        }
    }
}
