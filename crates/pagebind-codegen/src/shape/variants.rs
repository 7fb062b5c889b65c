//! Operations that take bodies of several kinds: a method for each.
//!
//! An operation of OpenAPI is a path and a method, so progenitor gets to see the others at paths of
//! their own, which nothing is sent to: what is sent stands in the plan.

use pagebind::document::METHODS;
use serde_json::{Map, Value};

use super::shaped::{Shaped, object, object_entry};
use crate::naming;

/// Gives each further kind of body an operation of its own. `kind` names the kind of a media type; none
/// for one that says the same as another, in a form that is not written.
pub(super) fn shape(
    shaped: &mut Shaped,
    resolve: impl Fn(&Value) -> Value,
    kind: impl Fn(&str) -> Option<&'static str>,
) {
    let mut paths = std::mem::take(object_entry(object(&mut shaped.document), "paths"));
    let mut added: Vec<(String, &str, Value)> = Vec::new();
    for (path, item) in &mut paths {
        for method in METHODS {
            let Some(operation) = item.get_mut(method).and_then(Value::as_object_mut) else {
                continue;
            };
            let Some(body) = operation.get("requestBody").map(&resolve) else { continue };
            let Some(content) = body.get("content").and_then(Value::as_object) else { continue };
            let kinds: Vec<(&String, Option<&'static str>)> =
                content.keys().map(|media_type| (media_type, kind(media_type))).collect();
            let of = |wanted: Option<&'static str>| -> Map<String, Value> {
                let same = kinds.iter().filter(|(_, kind)| *kind == wanted);
                same.map(|(media_type, _)| ((*media_type).clone(), content[*media_type].clone()))
                    .collect()
            };
            // The order of preference.
            let known =
                ["json", "merge_patch", "json_patch", "form", "xml", "multipart", "text", "bytes"];
            let mut kinds_in_order =
                known.iter().filter(|it| kinds.iter().any(|(_, kind)| *kind == Some(**it)));
            let Some(first) = kinds_in_order.next() else { continue };
            let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
            let id = id.to_owned();
            for other in kinds_in_order {
                let name = naming::unique(&format!("{id}_{other}"), |name| {
                    let name = naming::type_name(name);
                    shaped.plan.operations.keys().any(|it| naming::type_name(it) == name)
                });
                let mut operation = operation.clone();
                let mut body = body.clone();
                body["content"] = of(Some(other)).into();
                operation.insert("requestBody".to_owned(), body);
                operation.insert("operationId".to_owned(), name.clone().into());
                added.push((format!("{path}{}{other}", naming::BODY), method, operation.into()));
                if let Some(plan) = shaped.plan.operations.get(&id).cloned() {
                    shaped.plan.operations.insert(name, plan);
                }
            }
            let mut body = body.clone();
            let mut first = of(Some(first));
            first.extend(of(None));
            body["content"] = first.into();
            operation.insert("requestBody".to_owned(), body);
        }
    }
    for (path, method, operation) in added {
        object_entry(&mut paths, &path).insert(method.to_owned(), operation);
    }
    *object_entry(object(&mut shaped.document), "paths") = paths;
}
