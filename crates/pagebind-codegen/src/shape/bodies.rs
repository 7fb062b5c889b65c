//! Request bodies: one media type each, with a schema that progenitor takes for it.

use serde_json::{Map, Value, json};

use super::{
    operations,
    shaped::{Shaped, is_json},
};

/// Bytes, in the only form that progenitor takes for them.
fn bytes() -> Value {
    json!({ "schema": { "type": "string", "format": "binary" } })
}

/// Request bodies in the form that progenitor takes.
pub(super) fn shape(shaped: &mut Shaped) {
    let components = std::mem::take(shaped.components("requestBodies"));
    operations::for_each(shaped, |shaped, pointer, name, operation| {
        let Some(published) = operation.remove("requestBody") else { return };
        let place = format!("{pointer}/requestBody");
        let Value::Object(mut body) = resolve(&published, &components).clone() else { return };
        let content = match body.remove("content") {
            Some(Value::Object(content)) => content,
            _ => Map::new(),
        };
        let Some((media_type, media)) = choose(&content) else { return };
        if content.len() > 1 {
            let others: Vec<&str> =
                content.keys().map(String::as_str).filter(|other| *other != media_type).collect();
            shaped.degrade(
                &place,
                format!("is sent as {media_type}; not offered: {}", others.join(", ")),
            );
        }
        if body.get("required") != Some(&json!(true)) {
            shaped.degrade(&place, "is optional; the client always sends it");
        }
        let (sent_as, media) = match Form::of(media_type) {
            Form::Json | Form::Urlencoded if media.get("schema").is_none() => {
                ("application/json", json!({ "schema": {} }))
            }
            Form::Json => ("application/json", json!({ "schema": media["schema"] })),
            Form::Urlencoded => {
                ("application/x-www-form-urlencoded", json!({ "schema": media["schema"] }))
            }
            Form::Text => {
                let schema = media.get("schema").unwrap_or(&Value::Null);
                ("text/plain", json!({ "schema": shaped.text_for(schema) }))
            }
            Form::Multipart => {
                shaped.degrade(&place, "multipart: the caller passes the encoded parts, and `content-type` with their boundary");
                let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
                if let Some(parameters) = parameters.as_array_mut() {
                    parameters.push(json!({
                        "name": "content-type", "in": "header", "required": true,
                        "description": format!("`{media_type}; boundary=…`, with the boundary of the body"),
                        "schema": { "type": "string" },
                    }));
                }
                ("application/octet-stream", bytes())
            }
            Form::Bytes => ("application/octet-stream", bytes()),
        };
        if sent_as != media_type && Form::of(media_type) != Form::Multipart {
            shaped.plan.operations.entry(name.to_owned()).or_default().content_type =
                Some(media_type.to_owned());
        }
        body.insert("content".to_owned(), json!({ sent_as: media }));
        operation.insert("requestBody".to_owned(), body.into());
    });
}

/// The body itself, or the component that it refers to.
fn resolve<'a>(body: &'a Value, components: &'a Map<String, Value>) -> &'a Value {
    let target = body.get("$ref").and_then(Value::as_str);
    let name = target.and_then(|target| target.strip_prefix("#/components/requestBodies/"));
    name.and_then(|name| components.get(name)).unwrap_or(body)
}

/// The media type that the client sends: JSON where it is offered, then what is easiest to write.
fn choose(content: &Map<String, Value>) -> Option<(&str, &Value)> {
    content
        .iter()
        .map(|(media_type, media)| (media_type.as_str(), media))
        .min_by_key(|(media_type, _)| Form::of(media_type))
}

/// How a media type is written, in the order of preference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    Json,
    Urlencoded,
    Text,
    Bytes,
    Multipart,
}

impl Form {
    fn of(media_type: &str) -> Self {
        match media_type.split(';').next().unwrap_or_default().trim() {
            "application/x-www-form-urlencoded" => Self::Urlencoded,
            "text/plain" | "text/x-markdown" => Self::Text,
            json if is_json(json) => Self::Json,
            multipart if multipart.starts_with("multipart/") => Self::Multipart,
            _ => Self::Bytes,
        }
    }
}
