//! Request bodies: one media type each, shown to progenitor as the kind of body of which it makes the
//! right setter; the plan says how it is sent.

use serde_json::{Map, Value, json};

use super::{
    media_type::{is_json, is_xml},
    multipart, operations, ranges,
    shaped::Shaped,
    variants, xml,
};
use crate::plan::{BodyForm, Parameter, Place, RequestBody, Style};

/// Request bodies in the form that progenitor takes.
pub(super) fn shape(shaped: &mut Shaped) {
    let components = std::mem::take(shaped.components("requestBodies"));
    variants::shape(shaped, |body| resolve(body, &components).clone(), Kind::name_of);
    operations::for_each(shaped, |shaped, pointer, name, operation| {
        let Some(published) = operation.remove("requestBody") else { return };
        let place = format!("{pointer}/requestBody");
        let Value::Object(mut body) = resolve(&published, &components).clone() else { return };
        let content = match body.remove("content") {
            Some(Value::Object(content)) => content,
            _ => Map::new(),
        };
        let Some((media_type, media)) = choose(&content) else { return };
        if !media_type.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            shaped.degrade(&place, format!("`{media_type}` is no media type; it is not said"));
        }
        let one_of_several = content.len() > 1 || content.keys().any(|it| it.contains('*'));
        let others: Vec<&str> =
            content.keys().map(String::as_str).filter(|other| *other != media_type).collect();
        let others = others.join(", ");
        if matches!(Kind::of(media_type), Kind::Bytes | Kind::Text) {
            if !others.is_empty() {
                let unless = "unless the caller sets the header `content-type`, to one of";
                shaped.degrade(&place, format!("is sent as {media_type} {unless} {others}"));
            }
        } else if !others.is_empty() {
            shaped.degrade(&place, format!("is sent as {media_type}; not offered: {others}"));
        }
        let schema = media.get("schema").filter(|schema| schema.is_object()).cloned();
        let (form, shown, schema) = match Kind::of(media_type) {
            Kind::Json => (BodyForm::Json, "application/json", schema.unwrap_or(json!({}))),
            Kind::Urlencoded => {
                let fields = fields(shaped, &place, media);
                let schema = schema.unwrap_or(json!({}));
                let mut properties = Map::new();
                multipart::collect(shaped, &schema, &mut properties, &mut Vec::new(), 0);
                let order = properties.keys().cloned().collect();
                (BodyForm::Urlencoded { order, fields }, "application/json", schema)
            }
            Kind::Text => {
                let schema = shaped.text_for(&schema.unwrap_or_default());
                (BodyForm::Raw, "text/plain", schema)
            }
            Kind::Multipart => {
                let (parts, holder, schema) = multipart::shape(shaped, name, &place, media);
                (BodyForm::Multipart { holder, parts }, "application/json", schema)
            }
            Kind::Xml if !schema.as_ref().is_some_and(|it| xml::is_described(shaped, it)) => {
                (BodyForm::Raw, "application/octet-stream", bytes())
            }
            Kind::Xml => match xml::root(shaped, &schema.clone().unwrap_or_default()) {
                Ok(root) => (BodyForm::Xml(root), "application/json", schema.unwrap_or_default()),
                Err(why) => {
                    let why = format!("is sent as {media_type} that the caller writes: {why}");
                    shaped.degrade(&place, why);
                    (BodyForm::Raw, "application/octet-stream", bytes())
                }
            },
            Kind::Bytes => {
                if schema.is_some_and(|it| ranges::is_structured(shaped, &it)) {
                    let why = "is sent as bytes that the caller writes: its schema is not applied";
                    shaped.degrade(&place, why);
                }
                (BodyForm::Raw, "application/octet-stream", bytes())
            }
        };
        let required = body.get("required") == Some(&json!(true));
        let plan = shaped.plan.operations.entry(name.to_owned()).or_default();
        let media_type = concrete(media_type);
        plan.body = Some(RequestBody { media_type, one_of_several, required, form });
        body.insert("required".to_owned(), true.into());
        body.insert("content".to_owned(), json!({ shown: { "schema": schema } }));
        operation.insert("requestBody".to_owned(), body.into());
    });
}

/// The schema of a body that the caller writes.
fn bytes() -> Value {
    json!({ "type": "string", "format": "binary" })
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
        .min_by_key(|(media_type, _)| (Kind::of(media_type), *media_type != "application/json"))
}

/// A media type that can be sent in the place of a range of them.
fn concrete(media_type: &str) -> String {
    match media_type.trim() {
        "*/*" | "application/*" => "application/octet-stream",
        "text/*" => "text/plain",
        media_type if media_type.ends_with("/*") => "application/octet-stream",
        media_type => media_type,
    }
    .to_owned()
}

/// The fields of a form that its `encoding` says something of (OpenAPI 3.1.1, section 4.8.15).
fn fields(shaped: &mut Shaped, at: &str, media: &Value) -> Vec<Parameter> {
    let published = media.get("encoding").and_then(Value::as_object);
    let mut fields = Vec::new();
    for (name, encoding) in published.into_iter().flatten() {
        let says = |key: &str| encoding.get(key);
        if says("style").is_none() && says("explode").is_none() && says("allowReserved").is_none() {
            let content_type = says("contentType").and_then(Value::as_str).unwrap_or_default();
            if is_json(content_type) {
                fields.push(field(name, Style::Json, false));
            }
            continue;
        }
        let style = says("style").and_then(Value::as_str).unwrap_or("form");
        let Some(style) = Style::parse(style, Place::Query) else {
            shaped.degrade(at, format!("there is no style `{style}` for `{name}`; it has `form`"));
            continue;
        };
        let explode = says("explode").and_then(Value::as_bool);
        let allow_reserved = says("allowReserved") == Some(&json!(true));
        let explode = explode.unwrap_or(style.explodes());
        let properties = media.get("schema").and_then(|it| shaped.resolve(it).get("properties"));
        let order = properties.and_then(|it| it.get(name)).map(|it| shaped.order(it));
        let order = order.unwrap_or_default();
        fields.push(Parameter { allow_reserved, order, ..field(name, style, explode) });
    }
    fields
}

pub(super) fn field(name: &str, style: Style, explode: bool) -> Parameter {
    Parameter {
        field: String::new(),
        name: name.to_owned(),
        place: Place::Query,
        style,
        explode,
        allow_reserved: false,
        order: Vec::new(),
    }
}

/// How a media type is written, in the order of preference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Json,
    Urlencoded,
    Xml,
    Text,
    Bytes,
    Multipart,
}

impl Kind {
    /// What the method of a further body is called after; none for another form of what JSON says.
    fn name_of(media_type: &str) -> Option<&'static str> {
        match Self::of(media_type) {
            Self::Json => Some(match media_type.split(';').next().unwrap_or_default().trim() {
                // Either says something else than the value itself.
                "application/merge-patch+json" => "merge_patch",
                "application/json-patch+json" => "json_patch",
                _ => "json",
            }),
            Self::Urlencoded => Some("form"),
            Self::Text => Some("text"),
            Self::Multipart => Some("multipart"),
            Self::Xml => Some("xml"),
            Self::Bytes if media_type.contains("yaml") => None,
            Self::Bytes => Some("bytes"),
        }
    }

    fn of(media_type: &str) -> Self {
        match media_type.split(';').next().unwrap_or_default().trim() {
            "application/x-www-form-urlencoded" => Self::Urlencoded,
            "text/plain" | "text/x-markdown" => Self::Text,
            json if is_json(json) => Self::Json,
            xml if is_xml(xml) => Self::Xml,
            multipart if multipart.starts_with("multipart/") => Self::Multipart,
            _ => Self::Bytes,
        }
    }
}
