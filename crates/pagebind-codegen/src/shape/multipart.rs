//! `multipart` bodies: progenitor knows none, so it gets to see a type that a pass writes.

use serde_json::{Map, Value, json};

use super::{
    bodies, bounds,
    media_type::is_json,
    ranges,
    shaped::{Shaped, reference_to, schema_reference},
};
use crate::{
    naming,
    plan::{Parameter, Part, PartContent, PartHeader, Place, Style},
};

/// The parts of a body, the name of the type that holds them, and the schema that progenitor gets to
/// see. A contract that names no parts leaves them to the caller: there is no type then.
pub(super) fn shape(
    shaped: &mut Shaped,
    operation: &str,
    at: &str,
    media: &Value,
) -> (Vec<Part>, Option<String>, Value) {
    let schema = media.get("schema").cloned().unwrap_or_default();
    let mut properties = Map::new();
    let mut names = Vec::new();
    collect(shaped, &schema, &mut properties, &mut names, 0);
    let owner = format!("{}Body", naming::type_name(operation));
    let mut taken = vec!["builder".to_owned()];
    let mut parts = Vec::new();
    let mut reached = Map::new();
    for (name, schema) in &properties {
        let setter = naming::unique(&naming::field_name(name), |it| taken.iter().any(|t| t == it));
        taken.push(setter.clone());
        let described = shaped.resolve(schema).get("description").or(schema.get("description"));
        let description = described.and_then(Value::as_str).unwrap_or_default().trim().to_owned();
        let encoding = media.get("encoding").and_then(|it| it.get(name));
        let items = shaped.resolve(schema).get("items").cloned();
        let media_type = media_type(shaped, [Some(schema), items.as_ref()], encoding);
        let style = encoding.and_then(|encoding| style(shaped, at, name, schema, encoding));
        let headers = encoding.and_then(|it| it.get("headers")).and_then(Value::as_object).cloned();
        let headers = headers.into_iter().flatten();
        let headers = headers.filter_map(|(header, published)| {
            let header = part_header(shaped, at, &setter, &header, &published, &taken)?;
            taken.push(header.setter.clone());
            Some(header)
        });
        let headers: Vec<PartHeader> = headers.collect();
        // What has parts is JSON, which is text as well, or what the caller makes of it.
        let is_text = media_type.is_empty() || media_type.starts_with("text/plain");
        let by_caller = style.is_none() && !is_text && !is_json(&media_type);
        let by_caller = |schema: &Value| by_caller && has_parts(shaped, schema);
        let (one, each) = (by_caller(schema), items.as_ref().is_some_and(by_caller));
        let is_file = |schema: &Value| is_file(shaped.resolve(schema));
        let content = if one || is_file(schema) {
            PartContent::File
        } else if each || items.as_ref().is_some_and(is_file) {
            PartContent::Files
        } else {
            let wanted = format!("{owner}{}", naming::type_name(name));
            PartContent::Value(value_type(shaped, &wanted, at, schema, &mut reached))
        };
        if one || each {
            let why = format!("`{name}` is sent as {media_type} that the caller writes");
            shaped.degrade(&format!("{at}/content"), why);
        }
        if matches!(content, PartContent::Value(_)) {
            let resolved = shaped.resolve(schema).clone();
            for keyword in bounds::KEYWORDS {
                let Some(limit) = resolved.get(keyword).filter(|it| !it.is_boolean()) else {
                    continue;
                };
                let why = format!("`{keyword}: {limit}` of the part `{name}` is not checked");
                shaped.degrade(&format!("{at}/content"), why);
            }
        }
        parts.push(Part {
            name: name.clone(),
            setter,
            description,
            required: names.iter().any(|it| it == name),
            content,
            media_type,
            style,
            headers,
        });
    }
    let holder = (!parts.is_empty()).then(|| shaped.take_name(&owner));
    let replacement = match &holder {
        Some(holder) => format!("types::{holder}"),
        None => "pagebind_client::Multipart".to_owned(),
    };
    let stand_in = shaped.stand_in_for(&format!("{owner}Parts"), &replacement, None);
    // What the parts are made of is sent.
    let component = json!({ "type": "object", "properties": reached });
    shaped.components("schemas").insert(stand_in.clone(), component);
    (parts, holder, reference_to(&stand_in))
}

/// The media type that the contract says of a part: its encoding, or else its schema or that of its items.
fn media_type(shaped: &Shaped, schemas: [Option<&Value>; 2], encoding: Option<&Value>) -> String {
    let encoded = encoding.and_then(|it| it.get("contentType"));
    let of_schema =
        |schema: &Value| shaped.resolve(schema).get("x-jsonschema-contentMediaType").cloned();
    let said = encoded.cloned().or_else(|| schemas.into_iter().flatten().find_map(of_schema));
    let said = said.as_ref().and_then(Value::as_str).unwrap_or_default().trim();
    // Of several media types, or a range of them, the caller's file says which it is.
    if said.contains([',', '*']) { String::new() } else { said.to_owned() }
}

/// Whether values of a schema are objects, or may be.
fn has_parts(shaped: &Shaped, schema: &Value) -> bool {
    let kind = shaped.resolve(schema).get("type").and_then(Value::as_str);
    let scalar = ["integer", "number", "boolean", "array"];
    ranges::is_structured(shaped, schema) && kind.is_none_or(|kind| !scalar.contains(&kind))
}

/// How a part is written, where its encoding says a style (OpenAPI 3.1.1, section 4.8.15.1.2).
fn style(
    shaped: &mut Shaped,
    at: &str,
    name: &str,
    schema: &Value,
    encoding: &Value,
) -> Option<Parameter> {
    let (style, explode) = (encoding.get("style"), encoding.get("explode"));
    if style.is_none() && explode.is_none() {
        return None;
    }
    let published = style.and_then(Value::as_str).unwrap_or("form");
    let Some(style) = Style::parse(published, Place::Query) else {
        let why = format!("there is no style `{published}` for `{name}`; it has none");
        shaped.degrade(&format!("{at}/content"), why);
        return None;
    };
    let explode = explode.and_then(Value::as_bool).unwrap_or(style.explodes());
    let order = shaped.order(schema);
    Some(Parameter { order, ..bodies::field(name, style, explode) })
}

/// A header that the encoding of a part names; none for what parts have anyway.
fn part_header(
    shaped: &mut Shaped,
    at: &str,
    part: &str,
    name: &str,
    published: &Value,
    taken: &[String],
) -> Option<PartHeader> {
    let own = ["content-type", "content-disposition"];
    if own.iter().any(|own| name.eq_ignore_ascii_case(own)) {
        return None;
    }
    if http::HeaderName::from_bytes(name.as_bytes()).is_err() {
        let why = format!("`{name}` can't be the name of a header; it is left out");
        shaped.degrade(&format!("{at}/content"), why);
        return None;
    }
    let target = published.get("$ref").and_then(Value::as_str).unwrap_or_default();
    let component = target.strip_prefix("#/components/headers/").map(str::to_owned);
    let component = component.and_then(|name| shaped.components("headers").get(&name).cloned());
    let published = component.as_ref().unwrap_or(published);
    let kind = published.get("schema").map(|schema| shaped.resolve(schema));
    let of = match kind.and_then(|schema| schema.get("type")).and_then(Value::as_str) {
        Some("integer") => "i64",
        Some("number") => "f64",
        Some("boolean") => "bool",
        _ => "::std::string::String",
    };
    let description = published.get("description").and_then(Value::as_str).unwrap_or_default();
    let wanted = format!("{part}_{}", naming::field_name(name));
    Some(PartHeader {
        name: name.to_owned(),
        setter: naming::unique(&wanted, |it| taken.iter().any(|taken| taken == it)),
        description: description.trim().to_owned(),
        required: published.get("required") == Some(&json!(true)),
        of,
    })
}

/// The properties of a schema and of the members of its `allOf`, and which of them are required.
pub(super) fn collect(
    shaped: &Shaped,
    schema: &Value,
    properties: &mut Map<String, Value>,
    required: &mut Vec<Value>,
    depth: usize,
) {
    let schema = shaped.resolve(schema);
    let own = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    properties.extend(own.map(|(name, schema)| (name.clone(), schema.clone())));
    let own = schema.get("required").and_then(Value::as_array).into_iter().flatten();
    required.extend(own.cloned());
    // A member may lead back to its owner.
    if depth < 16 {
        for member in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            collect(shaped, member, properties, required, depth + 1);
        }
    }
}

/// Whether a part is a file: bytes, or of a shape of which nothing is said (OpenAPI 3.1.1, section
/// 4.8.15.1.1).
fn is_file(schema: &Value) -> bool {
    let text = |key: &str| schema.get(key).and_then(Value::as_str).unwrap_or_default();
    let unknown = schema.as_object().is_some_and(|it| {
        ["type", "enum", "allOf", "oneOf", "anyOf", "properties", "$ref", "items"]
            .iter()
            .all(|key| !it.contains_key(*key))
    });
    text("format") == "binary" || !text("x-jsonschema-contentMediaType").is_empty() || unknown
}

/// The type of a value, as the module of the types names it.
fn value_type(
    shaped: &mut Shaped,
    wanted: &str,
    at: &str,
    schema: &Value,
    reached: &mut Map<String, Value>,
) -> String {
    let plain = schema_reference(schema).is_none() && !super::hoist::needs_name(schema);
    match schema.get("type").and_then(Value::as_str).filter(|_| plain) {
        Some("string") => "::std::string::String".to_owned(),
        Some("integer") => "i64".to_owned(),
        Some("number") => "f64".to_owned(),
        Some("boolean") => "bool".to_owned(),
        Some("array") => {
            let items = schema.get("items").cloned().unwrap_or_default();
            let of = value_type(shaped, &format!("{wanted}Item"), at, &items, reached);
            format!("::std::vec::Vec<{of}>")
        }
        _ if schema.as_object().is_none_or(Map::is_empty) => "::serde_json::Value".to_owned(),
        _ => {
            let name = shaped.component_of(schema).unwrap_or_else(|| {
                let name = shaped.take_name(wanted);
                shaped.origins.insert(name.clone(), format!("{at}/content"));
                let mut component = schema.clone();
                super::shaped::object(&mut component).remove("nullable");
                shaped.components("schemas").insert(name.clone(), component);
                name
            });
            reached.insert(name.clone(), reference_to(&name));
            name
        }
    }
}
