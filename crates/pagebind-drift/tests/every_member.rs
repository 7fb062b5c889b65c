//! No change of a document goes unnoticed: of two documents that use every keyword, each member is
//! removed in turn and each value changed, and each time something has to be found, in either
//! direction. What means nothing is listed, with its reason, and nothing else may be.

#![allow(clippy::unwrap_used, reason = "a test's helpers fail the test")]

use std::{collections::BTreeSet, fmt};

use pagebind::pointer;
use pagebind_drift::compare;
use serde_json::{Value, json};

/// What was done to a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Edit {
    Change,
    Removal,
}

use Edit::{Change, Removal};

impl fmt::Display for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Change => "change",
            Removal => "removal",
        })
    }
}

/// A member of which nothing is found when this is done to it, and why that is right.
type Exception = (Edit, &'static str, &'static str);

const VERSION: &str = "documents of either version are compared by what they mean";
const AUTHORS: &str = "a comment is for the authors of the schema alone";
const ID: &str = "the name of a schema that nothing in the document refers to by it";
const PATH: &str = "a path parameter is required, whatever it says";
const IMPLIED: &str = "the values that are listed are of these types";
const VOID: &str = "a tighter bound makes it void";

const EXCEPTIONS_3_1: &[Exception] = &[
    (Change, "/openapi", VERSION),
    (Removal, "/openapi", VERSION),
    (Change, "/components/schemas/Object/$comment", AUTHORS),
    (Removal, "/components/schemas/Object/$comment", AUTHORS),
    (Change, "/components/schemas/Node/$id", ID),
    (Removal, "/components/schemas/Node/$id", ID),
    (Change, "/paths/~1a~1{id}/parameters/0/required", PATH),
    (Removal, "/paths/~1a~1{id}/parameters/0/required", PATH),
    (Removal, "/components/schemas/Object/properties/implied/type", IMPLIED),
    (Removal, "/components/schemas/Object/properties/nullable/type", IMPLIED),
    (Change, "/components/schemas/Object/properties/void/minimum", VOID),
    (Removal, "/components/schemas/Object/properties/void/minimum", VOID),
    (Removal, "/components/headers/H/style", "a header has no other style"),
    (
        Removal,
        "/components/schemas/Object/properties/bytes/contentMediaType",
        "what is encoded in base64 is octets, unless something else is said",
    ),
];

const NULL: &str = "an enum of null takes null, whatever else is said";

const EXCEPTIONS_3_0: &[Exception] = &[
    (Change, "/openapi", VERSION),
    (Removal, "/openapi", VERSION),
    (Change, "/components/schemas/S/properties/nothing/nullable", NULL),
    (Removal, "/components/schemas/S/properties/nothing/nullable", NULL),
];

/// The pointers of all members and elements of `value`, which is at `at` itself.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    let members: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(elements) => {
            elements.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect()
        }
        _ => Vec::new(),
    };
    for (key, value) in members {
        let at = pointer::join(at, &key);
        found.push(at.clone());
        pointers(value, &at, found);
    }
}

/// `document` with the member at `pointer` edited; `None` where there is nothing to change, since a
/// change of an object or array is one of what is in it.
fn edited(document: &Value, pointer: &str, edit: Edit) -> Option<Value> {
    let mut document = document.clone();
    match edit {
        Change => {
            let value = document.pointer_mut(pointer).unwrap();
            *value = match &*value {
                Value::Null => json!("z"),
                Value::Bool(flag) => json!(!flag),
                Value::Number(number) => json!(number.as_i64().unwrap() + 1),
                Value::String(text) => json!(format!("{text}z")),
                Value::Array(_) | Value::Object(_) => return None,
            };
        }
        Removal => {
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            match document.pointer_mut(parent).unwrap() {
                Value::Object(members) => {
                    let key = key.replace("~1", "/").replace("~0", "~");
                    members.shift_remove(&key).unwrap();
                }
                Value::Array(elements) => {
                    elements.remove(key.parse().unwrap());
                }
                _ => unreachable!("only objects and arrays have members"),
            }
        }
    }
    Some(document)
}

fn assert_noticed(name: &str, text: &str, exceptions: &[Exception]) {
    let document = pagebind::document::parse(name, text).unwrap();
    assert_eq!(compare(&document, &document.clone()), [], "{name} and itself");
    let mut all = Vec::new();
    pointers(&document, "", &mut all);
    let mut unnoticed = BTreeSet::new();
    for pointer in &all {
        for edit in [Change, Removal] {
            let Some(new) = edited(&document, pointer, edit) else { continue };
            if compare(&document, &new).is_empty() || compare(&new, &document).is_empty() {
                unnoticed.insert(format!("{edit} of {pointer}"));
            }
        }
    }
    let excepted: BTreeSet<_> =
        exceptions.iter().map(|(edit, pointer, _)| format!("{edit} of {pointer}")).collect();
    let lines =
        |set: Vec<&String>| set.into_iter().map(|line| format!("\n  {line}")).collect::<String>();
    assert!(
        unnoticed == excepted,
        "{name}: unnoticed:{}\nnoticed after all:{}",
        lines(unnoticed.difference(&excepted).collect()),
        lines(excepted.difference(&unnoticed).collect()),
    );
}

#[test]
fn every_member_of_openapi_3_1() {
    let text = include_str!("every_member/openapi-3.1.yaml");
    assert_noticed("openapi-3.1.yaml", text, EXCEPTIONS_3_1);
}

#[test]
fn every_member_that_openapi_3_0_writes_otherwise() {
    let text = include_str!("every_member/openapi-3.0.yaml");
    assert_noticed("openapi-3.0.yaml", text, EXCEPTIONS_3_0);
}
