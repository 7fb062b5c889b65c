mod document;
mod property;
mod references;
mod schema;

use serde_json::{Value, json};

use super::{Lowered, lower};
use crate::diagnostic::Diagnostics;

/// A 3.1 document with these components.
fn with_components(components: Value) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {},
        "components": components,
    })
}

fn lower_schemas(schemas: Value) -> Result<Lowered, Diagnostics> {
    lower(&with_components(json!({"schemas": schemas})))
}

/// What becomes of one schema, and the keywords that it lost.
fn lowered(schema: Value) -> (Value, Vec<String>) {
    let lowered = lower_schemas(json!({
        "S": schema,
        "Object": {"type": "object"},
        "Text": {"type": "string"},
        "Any": {},
    }))
    .unwrap();
    let losses = lowered.losses.into_iter().map(|loss| loss.keyword).collect();
    (lowered.document["components"]["schemas"]["S"].clone(), losses)
}

/// The schema becomes `expected`, and nothing is lost.
#[track_caller]
fn exact(schema: Value, expected: Value) {
    assert_eq!(lowered(schema), (expected, Vec::new()));
}

/// The schema becomes `expected`, and loses these keywords.
#[track_caller]
fn lossy(schema: Value, expected: Value, lost: &[&str]) {
    let lost = lost.iter().map(ToString::to_string).collect();
    assert_eq!(lowered(schema), (expected, lost));
}

/// Where the problems of a document are, and what they say.
fn problems(document: &Value) -> Vec<String> {
    let tell = |problem: &crate::diagnostic::Diagnostic| {
        let pointer = problem.places[0].pointer.clone().unwrap();
        format!("{pointer}: {}", problem.message)
    };
    lower(document).unwrap_err().iter().map(tell).collect()
}

/// Where the losses of a document are.
fn losses(lowered: &Lowered) -> Vec<&str> {
    lowered.losses.iter().map(|loss| loss.pointer.as_str()).collect()
}
