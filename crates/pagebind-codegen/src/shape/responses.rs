//! Responses: progenitor takes one success type and one error type, the plan keeps the rest.
//!
//! The shaped operation has one response of each kind. Where the contract documents several
//! different bodies, that one stands for an enum, which the passes write, with a variant for each.

use pagebind::pointer;
use serde_json::{Map, Value, json};

use super::{
    hoist, operations,
    shaped::{Shaped, is_json, reference_to, schema_reference},
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
        let mut documented = read(shaped, pointer, &published, &components);
        if !documented.iter().any(|one| one.response.status.is_success()) {
            documented.push(assumed_success(&documented));
        }
        documented.sort_by_key(|one| one.response.status);
        let (mut successes, mut errors): (Vec<_>, Vec<_>) =
            documented.into_iter().partition(|one| one.response.status.is_success());
        let type_name = naming::type_name(name);
        let (success_type, success) = unify(shaped, &type_name, "Response", &mut successes);
        let (error_type, error) = unify(shaped, &type_name, "Error", &mut errors);
        let mut responses = Map::new();
        responses.extend(success.map(|success| ("200".to_owned(), success)));
        responses.extend(error.map(|error| ("400".to_owned(), error)));
        operation.insert("responses".to_owned(), responses.into());
        let plan = shaped.plan.operations.entry(name.to_owned()).or_default();
        plan.success_type = success_type;
        plan.error_type = error_type;
        plan.responses = successes.into_iter().chain(errors).map(|one| one.response).collect();
        plan.responses.sort_by_key(|response| response.status);
    });
}

/// Reads an OpenAPI responses object.
fn read(
    shaped: &mut Shaped,
    operation: &str,
    published: &Value,
    components: &Map<String, Value>,
) -> Vec<Documented> {
    let mut documented = Vec::new();
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
        let content = published.get("content").and_then(Value::as_object);
        let json =
            content.and_then(|content| content.iter().find(|(media_type, _)| is_json(media_type)));
        if let (Some(content), Some((media_type, _))) = (content, json)
            && content.len() > 1
        {
            shaped
                .degrade(&place, format!("is read as {media_type}; its other media types are not"));
        }
        let (body, schema) = match (content, json) {
            (_, Some((_, media))) => {
                let schema = media.get("schema").cloned().unwrap_or_else(|| json!({}));
                (Body::Json(None), Some(schema))
            }
            (Some(content), None) if !content.is_empty() => (Body::Raw, None),
            _ => (Body::Empty, None),
        };
        let response = Response { status, description: description.to_owned(), body };
        documented.push(Documented { pointer: place, response, schema });
    }
    documented
}

/// The success of an operation that documents none: what `default` says of every status, or a
/// body of which nothing is known.
fn assumed_success(documented: &[Documented]) -> Documented {
    let default = documented.iter().find(|one| one.response.status == Status::Default);
    Documented {
        pointer: default.map(|one| one.pointer.clone()).unwrap_or_default(),
        response: Response {
            status: Status::Range(2),
            description: "Success".to_owned(),
            body: default.map_or(Body::Raw, |one| one.response.body.clone()),
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
        let Some(schema) = one.schema.take() else { continue };
        let name = format!("{operation}{}", one.response.status.variant());
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
