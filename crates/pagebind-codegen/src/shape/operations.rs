//! Every operation gets an identifier of its own, in the form of the method it becomes.

use std::collections::BTreeSet;

use pagebind::document::METHODS;
use serde_json::{Map, Value, json};

use super::shaped::{Shaped, object, object_entry};
use crate::{naming, passes::client, plan::Operation};

/// Builders that would hide what the source uses without a path.
const TAKEN: [&str; 15] = [
    "ByteStream",
    "Client",
    "Clone",
    "Default",
    "Err",
    "Error",
    "From",
    "Into",
    "None",
    "Ok",
    "Option",
    "ResponseValue",
    "Result",
    "Some",
    "String",
];

/// Calls `visit` with the pointer and the method name of each operation; path-level parameters
/// must be merged into the operations by then.
pub(super) fn for_each(
    shaped: &mut Shaped,
    mut visit: impl FnMut(&mut Shaped, &str, &str, &mut Map<String, Value>),
) {
    // The paths leave the document for the visit, so that a visitor can reach its components.
    let document = object(&mut shaped.document);
    let mut paths = std::mem::take(object_entry(document, "paths"));
    for (path, item) in &mut paths {
        let Some(item) = item.as_object_mut() else { continue };
        for method in METHODS {
            let Some(operation) = item.get_mut(method).and_then(Value::as_object_mut) else {
                continue;
            };
            let pointer = pagebind::pointer::join(&pagebind::pointer::join("/paths", path), method);
            let name =
                operation.get("operationId").and_then(Value::as_str).unwrap_or_default().to_owned();
            visit(shaped, &pointer, &name, operation);
        }
    }
    *object_entry(object(&mut shaped.document), "paths") = paths;
}

/// Gives each operation the name of its method as its operationId, and a place in the plan.
pub(super) fn name(shaped: &mut Shaped) {
    let mut taken: BTreeSet<String> = TAKEN.map(str::to_owned).into();
    taken.extend(client::METHODS.map(naming::type_name));
    begin_with_slash(shaped);
    for_each(shaped, |shaped, pointer, published, operation| {
        let wanted = if published.is_empty() {
            // `/paths/~1v1~1cards/get` reads as `get_v1_cards`.
            let mut tokens: Vec<String> = pagebind::pointer::tokens(pointer).collect();
            tokens.rotate_right(1);
            shaped.degrade(pointer, "has no operationId; its method and path name it");
            naming::method_name(&[&tokens[0], tokens[2].as_str()].join("-"))
        } else {
            naming::method_name(published)
        };
        // Two methods can part in their names only by case or underscores, and their types then
        // not at all: `get_2fa` and `get2fa`.
        let name = naming::unique(&wanted, |name| taken.contains(&naming::type_name(name)));
        if name != wanted {
            shaped
                .degrade(pointer, format!("the name `{wanted}` is taken; its method is `{name}`"));
        }
        taken.insert(naming::type_name(&name));
        operation.insert("operationId".to_owned(), name.clone().into());
        let mut tokens = pagebind::pointer::tokens(pointer).skip(1);
        let tags = operation.get("tags").and_then(Value::as_array).into_iter().flatten();
        let planned = Operation {
            tags: tags.filter_map(|tag| tag.as_str().map(str::to_owned)).collect(),
            id: if published.is_empty() { name.clone() } else { published.to_owned() },
            path: tokens.next().unwrap_or_default(),
            method: tokens.next().unwrap_or_default().to_ascii_uppercase(),
            deprecated: operation.get("deprecated") == Some(&json!(true)),
            ..Operation::default()
        };
        shaped.plan.operations.insert(name, planned);
    });
}

/// Paths begin with a slash (OpenAPI 3.0.3, section 4.7.8.1); any other is passed over by what reads
/// the document for progenitor, with its operations. Extensions beside them hold none, whatever they
/// look like.
fn begin_with_slash(shaped: &mut Shaped) {
    let document = object(&mut shaped.document);
    let paths = std::mem::take(object_entry(document, "paths"));
    let taken: BTreeSet<String> = paths.keys().cloned().collect();
    let mut mended = Map::new();
    for (path, item) in paths {
        if path.starts_with("x-") {
            continue;
        }
        let with_slash = format!("/{path}");
        if path.starts_with('/') || taken.contains(&with_slash) {
            mended.insert(path, item);
            continue;
        }
        shaped.degrade(
            &pagebind::pointer::join("/paths", &path),
            format!("the path does not begin with a slash; it is taken as `{with_slash}`"),
        );
        mended.insert(with_slash, item);
    }
    *object_entry(object(&mut shaped.document), "paths") = mended;
}
