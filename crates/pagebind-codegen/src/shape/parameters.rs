//! Parameters: those that the client fills in leave the operation, the others take a form that
//! progenitor can send.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{
    operations, sensitive,
    shaped::{Shaped, object, schema_reference},
    templates,
};
use crate::{naming, settings::Settings};

/// Parameters in the form that progenitor takes: inline, `simple` or `form`, with a schema.
pub(super) fn shape(shaped: &mut Shaped, settings: &Settings) {
    inline(shaped);
    operations::for_each(shaped, |shaped, pointer, name, operation| {
        let published = match operation.remove("parameters") {
            Some(Value::Array(parameters)) => parameters,
            _ => Vec::new(),
        };
        let mut kept = Vec::new();
        for (index, parameter) in published.into_iter().enumerate() {
            let Value::Object(parameter) = parameter else { continue };
            let place = format!("{pointer}/parameters/{index}");
            match settings.client_header(&parameter) {
                Some(header) => {
                    let plan = shaped.plan.operations.entry(name.to_owned()).or_default();
                    plan.client_headers.push(header);
                }
                None => kept.extend(reduce(shaped, &place, parameter)),
            }
        }
        let path = pagebind::pointer::tokens(pointer).nth(1).unwrap_or_default();
        declare_path_parameters(shaped, pointer, &path, &mut kept);
        let has_body = operation.contains_key("requestBody");
        let renamed = tell_apart(&mut kept, &path, has_body);
        shaped.plan.operations.entry(name.to_owned()).or_default().parameter_names = renamed;
        if !kept.is_empty() {
            operation.insert("parameters".to_owned(), kept.into());
        }
    });
}

/// Resolves references to parameter components, and merges those of a path into its operations.
fn inline(shaped: &mut Shaped) {
    let components = std::mem::take(shaped.components("parameters"));
    let resolve = |parameter: &Value| -> Value {
        let mut parameter = parameter;
        // A chain of references is followed as far as there are components, so a cycle ends.
        for _ in 0..=components.len() {
            let target = parameter.get("$ref").and_then(Value::as_str);
            let named = target.and_then(|target| target.strip_prefix("#/components/parameters/"));
            match named.and_then(|name| components.get(name)) {
                Some(component) => parameter = component,
                None => break,
            }
        }
        parameter.clone()
    };
    let key = |parameter: &Value| (parameter["name"].clone(), parameter["in"].clone());
    let paths = object(&mut shaped.document).get_mut("paths").and_then(Value::as_object_mut);
    for item in paths.into_iter().flat_map(Map::values_mut).filter_map(Value::as_object_mut) {
        let shared: Vec<Value> = match item.remove("parameters") {
            Some(Value::Array(parameters)) => parameters.iter().map(resolve).collect(),
            _ => Vec::new(),
        };
        for operation in item.values_mut().filter_map(Value::as_object_mut) {
            let own: Vec<Value> = match operation.get("parameters") {
                Some(Value::Array(parameters)) => parameters.iter().map(resolve).collect(),
                _ => Vec::new(),
            };
            let inherited =
                shared.iter().filter(|parameter| !own.iter().any(|own| key(own) == key(parameter)));
            let parameters: Vec<Value> = own.iter().chain(inherited).cloned().collect();
            operation.insert("parameters".to_owned(), parameters.into());
        }
    }
}

/// One parameter in a form that progenitor takes; a `deepObject` becomes one for each property.
fn reduce(shaped: &mut Shaped, place: &str, mut parameter: Map<String, Value>) -> Vec<Value> {
    let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    let location = parameter.get("in").and_then(Value::as_str).unwrap_or_default().to_owned();
    if location == "header" {
        // These three say nothing as parameters (OpenAPI 3.0.3, section 4.7.12.1).
        let ignored = ["accept", "content-type", "authorization"];
        if ignored.iter().any(|ignored| name.eq_ignore_ascii_case(ignored)) {
            return Vec::new();
        }
        if http::HeaderName::from_bytes(name.as_bytes()).is_err() {
            shaped
                .degrade(place, format!("`{name}` can't be the name of a header; it is left out"));
            return Vec::new();
        }
    }
    if let Some(content) = parameter.remove("content") {
        let media_type = content.as_object().and_then(|content| content.keys().next().cloned());
        let media_type = media_type.unwrap_or_else(|| "text".to_owned());
        shaped.degrade(
            place,
            format!("`{name}` is published as {media_type}; it is taken as text in that form"),
        );
        let published = content.as_object().and_then(|content| content.values().next());
        let published = published.and_then(|media| media.get("schema")).cloned();
        parameter.insert("schema".to_owned(), shaped.text_for(&published.unwrap_or_default()));
    }
    // The mark may stand at the parameter as well as at its schema.
    if parameter.get("x-sensitive") == Some(&json!(true)) {
        let published = parameter.remove("schema").unwrap_or_else(|| json!({ "type": "string" }));
        let mut marked = match published {
            reference if reference.get("$ref").is_some() => json!({ "allOf": [reference] }),
            inline => inline,
        };
        marked["x-sensitive"] = true.into();
        parameter.insert("schema".to_owned(), marked);
    }
    let schema = parameter.entry("schema").or_insert_with(|| json!({ "type": "string" })).clone();
    let style = parameter.remove("style");
    let style = style.as_ref().and_then(Value::as_str).unwrap_or(match location.as_str() {
        "query" | "cookie" => "form",
        _ => "simple",
    });
    let explode = parameter.remove("explode").and_then(|explode| explode.as_bool());
    let explode = explode.unwrap_or(style == "form" || style == "deepObject");
    if location == "cookie" {
        shaped.degrade(place, format!("the cookie `{name}` is taken as the whole `cookie` header"));
        parameter.insert("in".to_owned(), "header".into());
        parameter.insert("name".to_owned(), "cookie".into());
        parameter.insert("schema".to_owned(), shaped.text_for(&schema));
        return vec![parameter.into()];
    }
    if location == "path" {
        parameter.insert("required".to_owned(), true.into());
    }
    let kind = shaped.kind_of(&schema);
    // Outside a query a value goes out by its `Display`, which a redacted type does not have; one that
    // is plain text inside lends that of its text, an enum has none to lend.
    let target = shaped.resolve(&schema);
    let redacted = sensitive::is_sensitive(&schema) || sensitive::is_sensitive(target);
    if location != "query" && redacted && target.get("enum").is_some() {
        shaped.degrade(place, format!("`{name}` is personal data; its values are taken as text"));
        parameter.insert("schema".to_owned(), shaped.text_for(&schema));
        return vec![parameter.into()];
    }
    match (style, kind) {
        (_, Kind::Scalar) if matches!(style, "simple" | "form") => {}
        ("form", Kind::Array) if explode => {}
        ("deepObject", Kind::Object) => {
            if let Some(expanded) = expand(shaped, &name, &schema, &parameter) {
                return expanded;
            }
            text(shaped, place, &name, style, &mut parameter);
        }
        _ => text(shaped, place, &name, style, &mut parameter),
    }
    vec![parameter.into()]
}

/// Takes a parameter as text that the caller writes in the published style.
fn text(
    shaped: &mut Shaped,
    place: &str,
    name: &str,
    style: &str,
    parameter: &mut Map<String, Value>,
) {
    shaped.degrade(place, format!("`{name}` is taken as text, already in the style `{style}`"));
    let text = shaped.text_for(parameter.get("schema").unwrap_or(&Value::Null));
    parameter.insert("schema".to_owned(), text);
}

/// A `deepObject` whose properties are known, as one query parameter for each: `filter[name]`.
fn expand(
    shaped: &Shaped,
    name: &str,
    schema: &Value,
    parameter: &Map<String, Value>,
) -> Option<Vec<Value>> {
    let object = shaped.resolve(schema);
    let closed = object.get("additionalProperties").is_none_or(|more| more == &json!(false));
    let properties = object.get("properties")?.as_object()?;
    if !closed
        || properties.is_empty()
        || properties.values().any(|value| shaped.kind_of(value) != Kind::Scalar)
    {
        return None;
    }
    let required = object.get("required").and_then(Value::as_array);
    let required = |property: &str| {
        parameter.get("required") == Some(&json!(true))
            && required.is_some_and(|names| names.iter().any(|name| name == property))
    };
    let one = |(property, schema): (&String, &Value)| {
        let mut schema = schema.clone();
        if schema.get("$ref").is_none() {
            sensitive::carry(object, &mut schema);
        } else if sensitive::is_sensitive(object) {
            schema = json!({ "allOf": [schema], "x-sensitive": true });
        }
        json!({
            "name": format!("{name}[{property}]"),
            "in": "query",
            "required": required(property),
            "description": shaped.resolve(&schema).get("description").and_then(Value::as_str).unwrap_or_default(),
            "schema": schema,
        })
    };
    Some(properties.iter().map(one).collect())
}

/// Declares the path parameters that the template names and the operation doesn't, and drops
/// declared ones that the template does not name.
fn declare_path_parameters(
    shaped: &mut Shaped,
    pointer: &str,
    path: &str,
    parameters: &mut Vec<Value>,
) {
    let named: Vec<&str> = templates::names(path).collect();
    let in_path = |parameter: &Value| parameter["in"] == "path";
    parameters.retain(|parameter| {
        let keep = !in_path(parameter) || named.iter().any(|name| parameter["name"] == *name);
        if !keep {
            shaped.degrade(
                pointer,
                format!(
                    "the path does not name its parameter {}; it is left out",
                    parameter["name"]
                ),
            );
        }
        keep
    });
    for name in named {
        if !parameters.iter().any(|parameter| in_path(parameter) && parameter["name"] == name) {
            shaped.degrade(
                pointer,
                format!("does not declare its path parameter `{name}`; it is taken as text"),
            );
            parameters.push(json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }));
        }
    }
}

/// Renames parameters whose Rust names collide: with each other (`id` in the path and in the query,
/// which progenitor would take for one), with the body, or with what the builder has besides. Gives
/// the names on the wire of those that were renamed; that of a path parameter is never sent.
fn tell_apart(parameters: &mut [Value], path: &str, has_body: bool) -> BTreeMap<String, String> {
    // A field, a function and a variable of `send`, and two methods of the builder.
    let mut taken: BTreeSet<String> =
        ["client", "encode_path", "header_map", "new", "send"].map(str::to_owned).into();
    taken.extend(["body", "body_map"].into_iter().filter(|_| has_body).map(str::to_owned));
    let mut renamed = BTreeMap::new();
    let (in_path, others): (Vec<_>, Vec<_>) =
        parameters.iter_mut().partition(|parameter| parameter["in"] == "path");
    let renamed_in_path = templates::renamed(path);
    for parameter in in_path {
        if let Some(name) = parameter["name"].as_str().and_then(|name| renamed_in_path.get(name)) {
            parameter["name"] = name.clone().into();
        }
        taken.insert(naming::field_name(parameter["name"].as_str().unwrap_or_default()));
    }
    for parameter in others {
        let published = parameter["name"].as_str().unwrap_or_default().to_owned();
        let wanted = naming::field_name(&published);
        let name = naming::unique(&wanted, |name| taken.contains(name));
        taken.insert(name.clone());
        if name != wanted {
            parameter["name"] = name.clone().into();
            renamed.insert(name, published);
        }
    }
    renamed
}

/// What a value looks like on the wire outside a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One piece of text: a string, number, boolean, or one of several of these.
    Scalar,
    /// A list.
    Array,
    /// Anything with members, or of unknown shape.
    Object,
}

impl Shaped {
    /// Text in the place of `schema`; what was personal data still is.
    pub(super) fn text_for(&self, schema: &Value) -> Value {
        let mut text = json!({ "type": "string" });
        sensitive::carry(schema, &mut text);
        sensitive::carry(self.resolve(schema), &mut text);
        text
    }

    /// The schema itself, or what it refers to.
    pub(super) fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let mut schema = schema;
        // A cycle of references leads nowhere; the number of hops bounds it.
        for _ in 0..64 {
            let alone = schema.get("allOf").and_then(Value::as_array).filter(|all| all.len() == 1);
            let schema_or_only = alone.map_or(schema, |all| &all[0]);
            let Some(name) = schema_reference(schema_or_only) else { return schema_or_only };
            let name = name.replace("~1", "/").replace("~0", "~");
            match self
                .document
                .pointer("/components/schemas")
                .and_then(|schemas| schemas.get(&name))
            {
                Some(target) => schema = target,
                None => return schema,
            }
        }
        schema
    }

    /// What values of `schema` look like on the wire outside a body.
    pub(super) fn kind_of(&self, schema: &Value) -> Kind {
        let schema = self.resolve(schema);
        match schema.get("type").and_then(Value::as_str) {
            Some("string" | "integer" | "number" | "boolean") => Kind::Scalar,
            Some("array") => {
                let scalar =
                    schema.get("items").is_some_and(|items| self.kind_of(items) == Kind::Scalar);
                if scalar { Kind::Array } else { Kind::Object }
            }
            Some(_) => Kind::Object,
            None if schema.get("enum").is_some() => Kind::Scalar,
            None => Kind::Object,
        }
    }
}
