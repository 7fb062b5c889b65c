//! Path templates: each `{name}` is one parameter, under a name that the source has free.
//!
//! A path parameter is named in two places, its declaration and its path, and nothing of either goes
//! out on the wire. Where its Rust name is another parameter's or one of the builder's own, both
//! places take a new name; every operation of the path takes the same.

use std::collections::{BTreeMap, BTreeSet};

use pagebind::{
    diagnostic::{Diagnostic, Diagnostics},
    pointer,
};
use serde_json::{Map, Value};

use super::shaped::{Shaped, object, object_entry};
use crate::{naming, settings::contract_place};

/// What the builder of an operation has besides its parameters: methods, and names that its `send`
/// uses. Those of the body stand here even for an operation without one, since the path is shared.
const TAKEN: [&str; 9] =
    ["body", "body_map", "client", "header", "headers", "new", "request", "response", "send"];

/// Every path template can be read.
///
/// # Errors
/// The paths whose braces do not pair up around names.
pub(crate) fn check(document: &Value) -> Result<(), Diagnostics> {
    let paths = document.get("paths").and_then(Value::as_object).into_iter().flat_map(Map::keys);
    let malformed: Vec<Diagnostic> = paths
        .filter(|path| !path.starts_with("x-"))
        .filter_map(|path| Some((path, fault(path)?)))
        .map(|(path, fault)| {
            Diagnostic::finding(format!("the path `{path}` has {fault}"))
                .place(contract_place().pointer(pointer::join("/paths", path)))
                .help(
                    "enclose the name of each parameter in one pair of braces, as in \
                     `/cards/{id}`; correct the path with an action in overlay.yaml",
                )
        })
        .collect();
    Diagnostics::check(malformed)
}

/// What is wrong with the braces of `path`.
fn fault(path: &str) -> Option<&'static str> {
    let mut inside = false;
    for c in path.chars() {
        match (c, inside) {
            ('{', false) => inside = true,
            ('{', true) => return Some("an opening brace inside a parameter"),
            ('/', true) => return Some("a slash inside a parameter, or no brace to close it"),
            ('}', false) => return Some("a closing brace without an opening one"),
            ('}', true) => inside = false,
            _ => {}
        }
    }
    inside.then_some("an opening brace without a closing one")
}

/// The names of the parameters in `path`, in their order.
pub(super) fn names(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split('}').next())
}

/// The path parameters that can't keep their names, each with its new one.
pub(super) fn renamed(path: &str) -> BTreeMap<&str, String> {
    let mut taken: BTreeSet<String> = TAKEN.map(str::to_owned).into();
    let mut renamed = BTreeMap::new();
    let published: BTreeSet<&str> = names(path).collect();
    // Collected first, so that no new name is one that a later parameter has already.
    let colliding: Vec<&str> =
        published.into_iter().filter(|name| !taken.insert(naming::field_name(name))).collect();
    for name in colliding {
        let unique = naming::unique(&naming::field_name(name), |name| taken.contains(name));
        taken.insert(unique.clone());
        renamed.insert(name, unique);
    }
    renamed
}

/// Writes the new names of path parameters into the paths. The last step: until then, a path is also
/// the place that a degradation names.
pub(super) fn shape(shaped: &mut Shaped) {
    let paths = object_entry(object(&mut shaped.document), "paths");
    *paths = std::mem::take(paths)
        .into_iter()
        .map(|(path, item)| {
            let mut template = path.clone();
            for (published, name) in renamed(&path) {
                template = template.replace(&format!("{{{published}}}"), &format!("{{{name}}}"));
            }
            (template, item)
        })
        .collect();
}
