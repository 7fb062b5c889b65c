//! What a media type says of the form of a body (RFC 9110, section 8.3; RFC 6838, section 4.2.8).
//!
//! Types and subtypes are one in any case (RFC 9110, section 8.3.1): they are written in lower case before
//! anything else reads them.

use pagebind::{document::METHODS, pointer::join};
use serde_json::{Map, Value};

use super::shaped::Shaped;

/// Writes every media type of the document in lower case.
pub(super) fn shape(shaped: &mut Shaped) {
    let mut document = std::mem::take(&mut shaped.document);
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for (path, item) in paths.into_iter().flatten() {
        let at = join("/paths", path);
        each(shaped, &at, item.get_mut("parameters"));
        for method in METHODS {
            let Some(operation) = item.get_mut(method) else { continue };
            let at = join(&at, method);
            each(shaped, &join(&at, "parameters"), operation.get_mut("parameters"));
            each(shaped, &join(&at, "responses"), operation.get_mut("responses"));
            if let Some(body) = operation.get_mut("requestBody") {
                lower_keys(shaped, &join(&at, "requestBody"), body);
            }
        }
    }
    for section in ["parameters", "requestBodies", "responses", "headers"] {
        let at = join("/components", section);
        each(shaped, &at, document.pointer_mut(&at));
    }
    shaped.document = document;
}

/// Lowers those of each body in a list or an object of them, and of its headers.
fn each(shaped: &mut Shaped, at: &str, bodies: Option<&mut Value>) {
    let bodies: Vec<(String, &mut Value)> = match bodies {
        Some(Value::Array(list)) => {
            list.iter_mut().enumerate().map(|(index, it)| (index.to_string(), it)).collect()
        }
        Some(Value::Object(map)) => map.iter_mut().map(|(key, it)| (key.clone(), it)).collect(),
        _ => Vec::new(),
    };
    for (key, body) in bodies {
        let at = join(at, &key);
        lower_keys(shaped, &at, body);
        if let Some(headers) = body.get_mut("headers") {
            each(shaped, &join(&at, "headers"), Some(headers));
        }
    }
}

fn lower_keys(shaped: &mut Shaped, at: &str, body: &mut Value) {
    let Some(content) = body.get_mut("content").and_then(Value::as_object_mut) else { return };
    let at = join(at, "content");
    for (published, mut media) in std::mem::take(content) {
        let encoding = media.get_mut("encoding").and_then(Value::as_object_mut);
        for encoded in encoding.into_iter().flat_map(Map::values_mut) {
            if let Some(Value::String(media_types)) = encoded.get_mut("contentType") {
                let each: Vec<String> = media_types.split(',').map(lower).collect();
                *media_types = each.join(",");
            }
        }
        let media_type = lower(&published);
        if content.contains_key(&media_type) {
            shaped.degrade(
                &join(&at, &published),
                format!("`{media_type}` is offered twice, in another case; the first is taken"),
            );
        } else {
            content.insert(media_type, media);
        }
    }
}

/// A media type with its parameters as they are, the values of which may tell cases apart.
fn lower(media_type: &str) -> String {
    let (essence, parameters) =
        media_type.split_at(media_type.find(';').unwrap_or(media_type.len()));
    essence.to_ascii_lowercase() + parameters
}

/// A media type without its parameters.
pub(super) fn essence(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default().trim()
}

/// Whether a media type is JSON, by its name or by its suffix (RFC 6839, section 3.1).
pub(crate) fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type).to_ascii_lowercase();
    matches!(essence.as_str(), "application/json" | "text/json") || essence.ends_with("+json")
}

/// Whether a media type is XML, by its name or by its suffix (RFC 7303).
pub(crate) fn is_xml(media_type: &str) -> bool {
    let essence = essence(media_type).to_ascii_lowercase();
    matches!(essence.as_str(), "application/xml" | "text/xml") || essence.ends_with("+xml")
}

/// Whether a media type is a form: names and values of text.
pub(crate) fn is_form(media_type: &str) -> bool {
    essence(media_type).eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// Server-sent events.
pub(super) fn is_events(media_type: &str) -> bool {
    essence(media_type) == "text/event-stream"
}

/// JSON line by line, by the names that are in use for it.
pub(super) fn is_lines(media_type: &str) -> bool {
    let names = [
        "application/x-ndjson",
        "application/ndjson",
        "application/jsonl",
        "application/x-jsonlines",
        "application/jsonlines",
        "application/json-seq",
        "application/stream+json",
        "application/x-json-stream",
    ];
    names.contains(&essence(media_type))
}

/// Values that come one by one.
pub(super) fn body_is_stream(media_type: &str) -> bool {
    is_events(media_type) || is_lines(media_type)
}

/// One media type of which no form is known, so that its bytes are handed on.
pub(super) fn is_bytes(media_type: &str) -> bool {
    let named = essence(media_type)
        .split_once('/')
        .is_some_and(|(kind, name)| !kind.is_empty() && !name.is_empty());
    let printed =
        media_type.bytes().all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'*' | b','));
    let has_form = is_json(media_type) || is_xml(media_type) || body_is_stream(media_type);
    named && printed && !has_form
}
