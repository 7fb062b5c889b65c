//! Lists that come page by page, where somebody says how: `x-pagination` at an operation, which an
//! overlay can put there, the manifest (`[[pagination]]`, in the same words), Dropshot's
//! `x-dropshot-pagination`, or a documented header `Link`. Nothing is guessed from names.

use pagebind::pointer;
use serde_json::{Map, Value, json};

use super::{headers, media_type::is_json, shaped::Shaped};
use crate::{
    plan::{Asks, Body, Next, Pages, Response, Status},
    settings::Settings,
};

/// What progenitor makes a stream of its own of, which needs a library that clients have not.
const DROPSHOT: &str = "x-dropshot-pagination";

/// How the pages of an operation follow each other, if anybody says it. `parameters` are its own.
pub(super) fn of(
    shaped: &mut Shaped,
    at: &str,
    operation: &mut Map<String, Value>,
    parameters: &[Value],
    settings: &Settings,
) -> Option<Pages> {
    let takes = |name: &str| parameters.iter().any(|it| it["name"] == name && it["in"] == "query");
    let dropshot = operation.remove(DROPSHOT).is_some();
    let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
    let name = shaped.plan.operations.get(id).map_or(id, |planned| planned.id.as_str());
    let of_manifest = settings.pagination.iter().position(|rule| {
        let operations = rule.get("operations").and_then(Value::as_array);
        match operations.filter(|operations| !operations.is_empty()) {
            Some(operations) => operations.iter().any(|it| it == name),
            None => at.ends_with("/get") && rule["parameter"].as_str().is_some_and(takes),
        }
    });
    if let Some(rule) = operation.get("x-pagination").cloned() {
        return read(shaped, at, operation, &rule, takes);
    }
    if let Some(index) = of_manifest {
        shaped.paged.insert(index);
        return read(shaped, at, operation, &settings.pagination[index], takes);
    }
    if dropshot && takes("page_token") {
        let asks = Asks::Parameter("page_token".to_owned());
        let next = Next::Cursor { asks, member: "/next_page".into() };
        let keeping = Some(vec!["limit".to_owned()]);
        return Some(Pages { next, items: Some("/items".to_owned()), keeping });
    }
    let links = at.ends_with("/get") && links(shaped, operation);
    links.then_some(Pages { next: Next::Link, items: Some(String::new()), keeping: None })
}

/// Reads what `x-pagination`, or the manifest, says.
fn read(
    shaped: &mut Shaped,
    at: &str,
    operation: &Map<String, Value>,
    rule: &Value,
    takes: impl Fn(&str) -> bool,
) -> Option<Pages> {
    let text = |key: &str| rule.get(key).and_then(Value::as_str).map(str::to_owned);
    let (parameter, member, items) = (text("parameter"), text("next"), text("items"));
    if let Some(name) = parameter.as_ref().filter(|name| !takes(name)) {
        shaped.degrade(at, format!("has no query parameter `{name}` to ask for a page with"));
        return None;
    }
    let body = text("body");
    let pointers = [&member, &items, &body].into_iter().flatten();
    if let Some(odd) = pointers.into_iter().find(|it| !it.is_empty() && !it.starts_with('/')) {
        shaped.degrade(at, format!("`{odd}` is no JSON pointer; its pages are not followed"));
        return None;
    }
    if let Some(pointer) = body.as_ref().filter(|it| !body_has(shaped, operation, it)) {
        shaped.degrade(at, format!("has no `{pointer}` in a body of JSON to ask for a page with"));
        return None;
    }
    let asks = parameter.map(Asks::Parameter).or_else(|| body.map(Asks::Body));
    let by_items = text("count").as_deref() == Some("items");
    let first = rule.get("first").and_then(Value::as_u64).unwrap_or(u64::from(!by_items));
    let next = match (asks, member) {
        (Some(asks), Some(member)) => Next::Cursor { asks, member },
        (None, Some(member)) => Next::Url { member },
        (Some(asks), None) if items.is_some() => Next::Count { asks, first, by_items },
        (None, None) if rule.get("link") == Some(&json!(true)) => Next::Link,
        _ => {
            let why = "its pagination says neither `next`, nor `items` with `parameter` or `body`, nor `link`";
            shaped.degrade(at, format!("{why}; its pages are not followed"));
            return None;
        }
    };
    // With links alone a page is nothing but its items.
    let items = items.or_else(|| (next == Next::Link).then(String::new));
    Some(Pages { next, items, keeping: None })
}

/// Whether the body of an operation is JSON with a member at this pointer.
fn body_has(shaped: &mut Shaped, operation: &Map<String, Value>, pointer: &str) -> bool {
    let Some(body) = operation.get("requestBody") else { return false };
    let components = shaped.components("requestBodies");
    let (_, body) = headers::referred(body, "#/components/requestBodies/", components);
    let content = body.get("content").and_then(Value::as_object);
    let json = content.into_iter().flatten().find(|(media_type, _)| is_json(media_type));
    let schema = json.and_then(|(_, media)| media.get("schema")).cloned();
    schema.is_some_and(|schema| has_member(shaped, &schema, pointer))
}

/// Whether a success documents the header `Link`.
fn links(shaped: &mut Shaped, operation: &Map<String, Value>) -> bool {
    let responses = operation.get("responses").and_then(Value::as_object);
    let components = shaped.components("responses");
    responses.into_iter().flatten().any(|(status, response)| {
        let (_, response) = headers::referred(response, "#/components/responses/", components);
        let headers = response.get("headers").and_then(Value::as_object);
        let links = |name: &String| name.eq_ignore_ascii_case("link");
        Status::parse(status).is_some_and(Status::is_success)
            && headers.into_iter().flat_map(Map::keys).any(links)
    })
}

/// Whether pages can be followed in what the operation answers: JSON of one type, in which the members
/// are that the pages are told by. `schema` is that of a page.
pub(super) fn check(
    shaped: &mut Shaped,
    at: &str,
    mut pages: Pages,
    successes: &[Response],
    enum_of_them: bool,
    schema: Option<&Value>,
) -> Option<Pages> {
    let json = successes.iter().all(|one| matches!(one.body, Body::Json(_))) && !enum_of_them;
    let (true, Some(schema)) = (json, schema) else {
        if pages.next != Next::Link {
            shaped.degrade(at, "its answers are not of one type; its pages are not followed");
        }
        return None;
    };
    let member = match &pages.next {
        Next::Url { member } | Next::Cursor { member, .. } => Some(member),
        Next::Count { .. } => pages.items.as_ref(),
        Next::Link => None,
    };
    if let Some(missing) = member.filter(|it| !has_member(shaped, schema, it)) {
        let why = format!("its answer has no `{missing}`; its pages are not followed");
        shaped.degrade(at, why);
        return None;
    }
    let said = pages.items.clone().filter(|it| !it.is_empty());
    let is_list = |schema: &Value| shaped.resolve(schema).get("type") == Some(&json!("array"));
    if let Some(items) = said
        && !members_at(shaped, schema, &items).iter().any(is_list)
    {
        let why = format!("its answer has no list `{items}`; its pages have no stream of items");
        shaped.degrade(at, why);
        pages.items = None;
    }
    Some(pages)
}

/// Whether values of `schema` have a member at this pointer.
fn has_member(shaped: &Shaped, schema: &Value, pointer: &str) -> bool {
    !members_at(shaped, schema, pointer).is_empty()
}

/// What is said of the member at this pointer in values of `schema`.
fn members_at(shaped: &Shaped, schema: &Value, pointer: &str) -> Vec<Value> {
    let mut schemas = vec![schema.clone()];
    for token in pointer::tokens(pointer) {
        let mut found = Vec::new();
        let mut depth = 0;
        while let Some(schema) = schemas.pop() {
            let schema = shaped.resolve(&schema);
            found.extend(schema.get("properties").and_then(|it| it.get(&token)).cloned());
            // A member may lead back to its owner.
            depth += 1;
            if depth < 64 {
                schemas.extend(super::shaped::members(schema, "allOf").cloned());
            }
        }
        schemas = found;
    }
    schemas
}
