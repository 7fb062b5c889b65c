//! `x-component`: schemas that stand inline become one component that each of them refers to.

use serde_json::{Map, Value, json};

use super::{expect, trouble::Trouble};
use crate::pointer;

/// Keywords that say something about a schema and constrain nothing; they may stand beside a
/// `$ref`.
const ANNOTATIONS: [&str; 6] =
    ["title", "description", "example", "examples", "deprecated", "externalDocs"];

/// Moves the schemas at `matched` into `components/schemas/{name}`.
pub(super) fn extract(name: &str, matched: &[String], document: &mut Value) -> Result<(), Trouble> {
    let mut shared: Option<(&String, Map<String, Value>)> = None;
    for pointer in matched {
        let Some(Value::Object(schema)) = document.pointer(pointer) else {
            return Err(Trouble {
                mended: false,
                what: format!("makes {name} of what is not a schema object"),
                place: Some((
                    pointer.clone(),
                    format!("this is {}", expect::brief(document.pointer(pointer))),
                )),
                help: "let the target select schema objects only".into(),
            });
        };
        match &mut shared {
            None => shared = Some((pointer, schema.clone())),
            Some((first, shared)) => {
                if !same_but_for_annotations(shared, schema) {
                    return Err(Trouble {
                        mended: false,
                        what: format!("makes one {name} of schemas that differ"),
                        place: Some((
                            pointer.clone(),
                            format!("differs from {first} in more than annotations"),
                        )),
                        help: "give each its own component, or correct them to be equal first"
                            .into(),
                    });
                }
                shared.retain(|key, value| schema.get(key) == Some(value));
            }
        }
    }
    let Some((_, shared)) = shared else {
        return Ok(());
    };

    let target = format!("/components/schemas/{}", pointer::escape(name));
    // Schemas that no one target selects become one component in several actions.
    let is_there = document.pointer(&target).and_then(Value::as_object);
    let mut shared = shared;
    if let Some(there) = is_there {
        if !same_but_for_annotations(there, &shared) {
            return Err(Trouble {
                mended: false,
                what: format!("makes a component {name}, and there is one"),
                place: Some((target, "this stands here already, and is another".to_owned())),
                help: "choose another name".into(),
            });
        }
        shared.retain(|key, value| there.get(key) == Some(value));
    }
    let is_new = is_there.is_none();
    let reference = format!("#{target}");
    for pointer in matched {
        if let Some(Value::Object(schema)) = document.pointer_mut(pointer) {
            schema.retain(|key, value| shared.get(key) != Some(value));
            schema.shift_insert(0, "$ref".to_owned(), json!(reference));
        }
    }
    if is_new {
        object(object(document, "components"), "schemas")[name] = Value::Object(shared);
    }
    Ok(())
}

fn same_but_for_annotations(one: &Map<String, Value>, other: &Map<String, Value>) -> bool {
    let says = |key: &String| !ANNOTATIONS.contains(&key.as_str());
    let holds = |a: &Map<String, Value>, b: &Map<String, Value>| {
        (a.iter()).all(|(key, value)| !says(key) || b.get(key) == Some(value))
    };
    holds(one, other) && holds(other, one)
}

/// The object under `key`, made where there is none.
fn object<'a>(parent: &'a mut Value, key: &str) -> &'a mut Value {
    if !parent.get(key).is_some_and(Value::is_object) {
        if !parent.is_object() {
            *parent = json!({});
        }
        parent[key] = json!({});
    }
    &mut parent[key]
}
