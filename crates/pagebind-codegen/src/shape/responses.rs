//! Responses: progenitor takes one success type and one error type, the plan keeps the rest.
//!
//! The shaped operation has one response of each kind. Where the contract documents several
//! different bodies, that one stands for an enum, which the passes write, with a variant for each.

use pagebind::pointer;
use serde_json::{Map, Value, json};

use super::{
    hoist,
    media_type::{body_is_stream, essence, is_bytes, is_events, is_json, is_lines, is_xml},
    operations, pages, ranges,
    shaped::{Shaped, reference_to, schema_reference},
    xml,
};
use crate::{
    naming,
    plan::{Body, Response, Status},
};

/// One documented response, and the schema of its body if that is JSON.
struct Documented {
    pointer: String,
    response: Response,
    schema: Option<Value>,
}

/// One response of each kind for each operation; what each status means goes into the plan.
pub(super) fn shape(shaped: &mut Shaped) {
    let components = std::mem::take(shaped.components("responses"));
    operations::for_each(shaped, |shaped, pointer, name, operation| {
        let published = operation.remove("responses").unwrap_or_default();
        let bodiless = pointer.ends_with("/head");
        // What is read page by page is JSON and nothing else.
        let paged = shaped.plan.operations.get(name).is_some_and(|plan| plan.pages.is_some());
        let mut documented = read(shaped, pointer, &published, &components, bodiless, paged);
        if !documented.iter().any(|one| one.response.status.is_success()) {
            documented.push(assumed_success(&documented, bodiless));
        }
        let order = |response: &Response| (response.status, response.only_if.is_empty());
        documented.sort_by_key(|one| order(&one.response));
        let (mut successes, mut errors): (Vec<_>, Vec<_>) =
            documented.into_iter().partition(|one| one.response.status.is_success());
        let type_name = naming::type_name(name);
        let page = successes.first().and_then(|one| one.schema.clone());
        let (success_type, success) = unify(shaped, &type_name, "Response", &mut successes);
        let (error_type, error) = unify(shaped, &type_name, "Error", &mut errors);
        let mut responses = Map::new();
        responses.extend(success.map(|success| ("200".to_owned(), success)));
        responses.extend(error.map(|error| ("400".to_owned(), error)));
        operation.insert("responses".to_owned(), responses.into());
        let answers: Vec<Response> = successes.iter().map(|it| it.response.clone()).collect();
        let published = shaped.plan.operations.get_mut(name).and_then(|plan| plan.pages.take());
        let several = success_type.is_some();
        let pages = published.and_then(|pages| {
            pages::check(shaped, pointer, pages, &answers, several, page.as_ref())
        });
        let plan = shaped.plan.operations.entry(name.to_owned()).or_default();
        plan.pages = pages;
        plan.success_type = success_type;
        plan.error_type = error_type;
        plan.responses = successes.into_iter().chain(errors).map(|one| one.response).collect();
        plan.responses.sort_by_key(order);
    });
}

/// Reads an OpenAPI responses object.
fn read(
    shaped: &mut Shaped,
    operation: &str,
    published: &Value,
    components: &Map<String, Value>,
    bodiless: bool,
    paged: bool,
) -> Vec<Documented> {
    let mut documented = Vec::new();
    let sends_xml = operation.contains(&format!("{}xml/", naming::BODY));
    for (key, published) in published.as_object().into_iter().flatten() {
        let place = pointer::join(&format!("{operation}/responses"), key);
        if key.starts_with("x-") {
            continue;
        }
        let Some(status) = Status::parse(key) else {
            shaped.degrade(&place, format!("`{key}` is no HTTP status; the response is left out"));
            continue;
        };
        let target = published.get("$ref").and_then(Value::as_str);
        let component = target.and_then(|target| target.strip_prefix("#/components/responses/"));
        let component =
            component.and_then(|name| components.get(&name.replace("~1", "/").replace("~0", "~")));
        let published = component.unwrap_or(published);
        let description = published.get("description").and_then(Value::as_str).unwrap_or_default();
        if bodiless || matches!(status, Status::Code(204 | 205 | 304)) {
            // Whatever the contract says of a body: there is none (RFC 9110, sections 9.3.2 and 15).
            documented.push(Documented::new(place, status, description, Body::Empty));
            continue;
        }
        let content = published.get("content").and_then(Value::as_object);
        let content = content.filter(|content| !content.is_empty());
        let Some(content) = content else {
            documented.push(Documented::new(place, status, description, Body::Empty));
            continue;
        };
        let find = |is: fn(&str) -> bool| content.iter().find(|(media_type, _)| is(media_type));
        // The first is what the others of its suffix are read as.
        let json = find(|it| essence(it) == "application/json").or_else(|| find(is_json));
        let stream = find(is_events).or_else(|| find(is_lines)).filter(|_| status.is_success());
        let xml = find(is_xml).filter(|(_, media)| {
            json.is_some_and(|(_, json)| json.get("schema") == media.get("schema"))
        });
        let xml = xml.and_then(|(media_type, media)| {
            let schema = media.get("schema").filter(|it| xml::is_described(shaped, it))?;
            Some((media_type, xml::root_of_read(shaped, schema).ok()?))
        });
        let read = [json, stream].into_iter().flatten();
        let read: Vec<(&String, &Value)> = read.collect();
        // Beside JSON, what is neither a form of it nor a stream of values is handed on as it comes.
        let alone = json.is_some() && stream.is_none() && status.is_success() && !paged;
        let raw: Vec<&String> = content.keys().filter(|it| alone && is_bytes(it)).collect();
        if !read.is_empty() {
            let media_types = read.iter().map(|(media_type, _)| *media_type);
            let media_types =
                media_types.chain(xml.iter().map(|it| it.0)).chain(raw.iter().copied());
            let media_types: Vec<&str> = media_types.map(String::as_str).collect();
            if content.len() > media_types.len() {
                let read = media_types.join(" or ");
                shaped.degrade(&place, format!("is read as {read}; its other media types are not"));
            }
        }
        if !raw.is_empty() {
            let mut one = Documented::new(place.clone(), status, description, Body::Raw);
            one.response.only_if = raw.iter().map(|it| essence(it).to_owned()).collect();
            one.response.accept = raw.into_iter().cloned().collect();
            documented.push(one);
        }
        for (media_type, media) in &read {
            let (body, schema) = body(media_type, media);
            let mut one = Documented::new(place.clone(), status, description, body);
            one.schema = schema;
            one.response.accept = accepted(shaped, &place, [*media_type]);
            one.response.only_if = (body_is_stream(media_type) && read.len() > 1)
                .then(|| essence(media_type).to_owned())
                .into_iter()
                .collect();
            if let (Body::Json(_), Some((media_type, root))) = (&one.response.body, &xml) {
                one.response.xml = Some(root.clone());
                // A method that sends XML asks for XML, and any other for JSON.
                let mut other = media_type.as_str();
                if sends_xml {
                    other = json.map_or(other, |(json, _)| json);
                    one.response.accept = accepted(shaped, &place, [*media_type]);
                }
                one.response.or_accept = Some(other.to_owned());
            }
            documented.push(one);
        }
        if read.is_empty() {
            let described = |shaped: &Shaped, media: &Value| {
                media.get("schema").is_some_and(|schema| xml::is_described(shaped, schema))
            };
            if let Some((media_type, media)) = find(is_xml).filter(|it| described(shaped, it.1)) {
                let schema = media.get("schema").cloned().unwrap_or_default();
                match xml::root_of_read(shaped, &schema) {
                    Ok(root) => {
                        let mut one =
                            Documented::new(place.clone(), status, description, Body::Json(None));
                        one.schema = Some(schema);
                        one.response.accept = accepted(shaped, &place, [media_type]);
                        one.response.xml = Some(root);
                        documented.push(one);
                        continue;
                    }
                    Err(why) => {
                        shaped.degrade(&place, format!("is handed on as it comes: {why}"));
                    }
                }
            } else if content
                .values()
                .filter_map(|media| media.get("schema"))
                .any(|schema| ranges::is_structured(shaped, schema))
            {
                shaped.degrade(&place, "is handed on as it comes: its schema is not applied");
            }
            let mut one = Documented::new(place.clone(), status, description, Body::Raw);
            one.response.accept = accepted(shaped, &place, content.keys());
            documented.push(one);
        }
    }
    documented
}

impl Documented {
    fn new(pointer: String, status: Status, description: &str, body: Body) -> Self {
        let description = description.to_owned();
        let response = Response {
            status,
            description,
            body,
            accept: Vec::new(),
            xml: None,
            or_accept: None,
            only_if: Vec::new(),
        };
        Self { pointer, response, schema: None }
    }
}

/// What a body that the client reads holds, and the schema of its values.
fn body(media_type: &str, media: &Value) -> (Body, Option<Value>) {
    let schema = media.get("schema").cloned();
    if !body_is_stream(media_type) {
        return (Body::Json(None), Some(schema.unwrap_or_else(|| json!({}))));
    }
    // OpenAPI 3.2 says it of each item; before, publishers mean the item, or a list of them.
    let item = media.get("itemSchema").cloned();
    let list = |schema: &Value| schema.get("items").filter(|it| it.is_object()).cloned();
    let item = item.or_else(|| list(schema.as_ref()?)).or(schema);
    if is_lines(media_type) {
        return (Body::Lines(None), item);
    }
    // A schema of the whole event, or of a text, says nothing of what is in the text.
    let of_data = |schema: &Value| {
        let properties = schema.get("properties").and_then(Value::as_object);
        schema.get("type") != Some(&json!("string"))
            && properties.is_none_or(|properties| !properties.contains_key("data"))
    };
    (Body::Events(None), item.filter(of_data))
}

/// The media types that can stand in `Accept`.
fn accepted<'a>(
    shaped: &mut Shaped,
    at: &str,
    media_types: impl IntoIterator<Item = &'a String>,
) -> Vec<String> {
    let (sound, odd): (Vec<&String>, Vec<&String>) = media_types
        .into_iter()
        .partition(|it| it.contains('/') && it.bytes().all(|byte| matches!(byte, b' '..=b'~')));
    for media_type in odd {
        shaped.degrade(at, format!("`{media_type}` is no media type; it is not asked for"));
    }
    sound.into_iter().cloned().collect()
}

/// The success of an operation that documents none: what `default` says of every status, or a
/// body of which nothing is known.
fn assumed_success(documented: &[Documented], bodiless: bool) -> Documented {
    let default = documented.iter().find(|one| one.response.status == Status::Default);
    let unknown = if bodiless { Body::Empty } else { Body::Raw };
    Documented {
        pointer: default.map(|one| one.pointer.clone()).unwrap_or_default(),
        response: Response {
            status: Status::Range(2),
            description: "Success".to_owned(),
            body: default.map_or(unknown, |one| one.response.body.clone()),
            accept: default.map(|one| one.response.accept.clone()).unwrap_or_default(),
            xml: default.and_then(|one| one.response.xml.clone()),
            or_accept: default.and_then(|one| one.response.or_accept.clone()),
            only_if: Vec::new(),
        },
        schema: default.and_then(|one| one.schema.clone()),
    }
}

/// The one response that stands for `documented`, and the enum that it is, if it has to be one.
fn unify(
    shaped: &mut Shaped,
    operation: &str,
    suffix: &str,
    documented: &mut [Documented],
) -> (Option<String>, Option<Value>) {
    let Some(first) = documented.first() else { return (None, None) };
    let same =
        |one: &Documented| one.response.body == first.response.body && one.schema == first.schema;
    if documented.iter().all(same) {
        if matches!(first.response.body, Body::Events(_) | Body::Lines(_)) {
            let schema = reference_to(&stream(shaped, operation, documented));
            let content = json!({ "application/json": { "schema": schema } });
            return (None, Some(json!({ "description": "", "content": content })));
        }
        let response = match (&first.response.body, &first.schema) {
            (Body::Json(_), Some(schema)) => {
                let name = format!("{operation}{suffix}");
                let schema = named(shaped, &name, &first.pointer, schema.clone(), false);
                json!({ "description": "", "content": { "application/json": { "schema": schema } } })
            }
            (Body::Raw, _) => {
                json!({ "description": "", "content": { "application/octet-stream": {} } })
            }
            _ => json!({ "description": "" }),
        };
        return (None, Some(response));
    }
    let enum_name = shaped.take_name(&format!("{operation}{suffix}"));
    for one in documented {
        if one.response.body.is_stream() {
            name_items(shaped, operation, one);
            continue;
        }
        let Some(schema) = one.schema.take() else { continue };
        let name = format!("{operation}{}", one.response.variant());
        let schema = named(shaped, &name, &one.pointer, schema, true);
        one.response.body = Body::Json(schema_reference(&schema).map(str::to_owned));
    }
    let schema = reference_to(&enum_name);
    // Progenitor needs a component behind the reference; the type itself is the pass's to write.
    shaped.components("schemas").insert(enum_name.clone(), json!({}));
    let response =
        json!({ "description": "", "content": { "application/json": { "schema": schema } } });
    (Some(enum_name), Some(response))
}

/// What stands in for the one type of stream that all of `documented` are.
fn stream(shaped: &mut Shaped, operation: &str, documented: &mut [Documented]) -> String {
    let mut item = None;
    let mut bodies = documented.iter_mut();
    if let Some(first) = bodies.next() {
        item = name_items(shaped, operation, first);
        let body = first.response.body.clone();
        bodies.for_each(|other| other.response.body = body.clone());
    }
    let replacement = documented[0].response.body.stream_type("types::").unwrap_or_default();
    shaped.stand_in_for(&format!("{operation}Stream"), &replacement, item.as_deref())
}

/// Gives the items of a stream a type, if the contract says anything of them; its name.
fn name_items(shaped: &mut Shaped, operation: &str, one: &mut Documented) -> Option<String> {
    let schema = named(shaped, &format!("{operation}Item"), &one.pointer, one.schema.take()?, true);
    let name = schema_reference(&schema).map(str::to_owned);
    match &mut one.response.body {
        Body::Events(item) | Body::Lines(item) => item.clone_from(&name),
        _ => {}
    }
    name
}

/// A reference to `schema`, which becomes a component unless it is a reference already; without
/// `always`, only if it needs a name.
fn named(shaped: &mut Shaped, name: &str, place: &str, schema: Value, always: bool) -> Value {
    if schema_reference(&schema).is_some() || !(always || hoist::needs_name(&schema)) {
        return schema;
    }
    let name = shaped.take_name(name);
    shaped.origins.insert(name.clone(), format!("{place}/content"));
    let reference = reference_to(&name);
    shaped.components("schemas").insert(name, schema);
    reference
}
