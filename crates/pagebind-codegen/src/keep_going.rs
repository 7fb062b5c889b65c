//! Generating what can be generated of a contract, where the rest is refused.
//!
//! An operation that is refused is left out, and a component becomes any JSON, so that what refers to it
//! stays. Each is told with the reason. Another part is refused only after that, so this goes on until
//! nothing is.

use pagebind::{
    diagnostic::{Diagnostic, Diagnostics},
    document::METHODS,
    pointer::tokens,
};
use serde_json::{Value, json};

/// The result of `generate` for what it takes of `contract`, and why the rest is missing.
pub(crate) fn generate<T>(
    contract: &Value,
    generate: impl Fn(&Value) -> Result<T, Diagnostics>,
) -> Result<(T, Vec<Diagnostic>), Diagnostics> {
    let mut contract = contract.clone();
    let mut left_out = Vec::new();
    // Each round takes out at least one part, so they come to an end.
    loop {
        let problems = match generate(&contract) {
            Ok(generated) => return Ok((generated, left_out)),
            Err(problems) => problems,
        };
        let before = left_out.len();
        for problem in problems.iter() {
            let mut pointers = problem.places.iter().filter_map(|place| place.pointer.as_deref());
            if pointers.any(|pointer| take_out(&mut contract, pointer)) {
                left_out.push(problem.clone());
            }
        }
        if left_out.len() == before {
            return Err(problems);
        }
    }
}

/// Takes out the part of the contract that `pointer` leads into; whether there was one.
fn take_out(contract: &mut Value, pointer: &str) -> bool {
    let path: Vec<String> = tokens(pointer).collect();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let mut remove = |keys: &[&str], name: &str| {
        let parent = keys.iter().try_fold(&mut *contract, |value, key| value.get_mut(*key));
        let parent = parent.and_then(Value::as_object_mut);
        parent.is_some_and(|parent| parent.shift_remove(name).is_some())
    };
    match path.as_slice() {
        ["paths", template, method, ..] if METHODS.contains(method) => {
            remove(&["paths", template], method)
        }
        [section @ ("paths" | "webhooks"), name, ..] => remove(&[section], name),
        ["components", "schemas", name, ..] => {
            let schemas = contract.pointer_mut("/components/schemas");
            let schema = schemas.and_then(|schemas| schemas.get_mut(*name));
            let Some(schema) = schema.filter(|schema| **schema != json!({})) else { return false };
            *schema = json!({});
            true
        }
        ["components", section, name, ..] => remove(&["components", section], name),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes no contract in which `bad` stands anywhere.
    fn strict(contract: &Value) -> Result<Value, Diagnostics> {
        fn bad(value: &Value, at: &str, found: &mut Vec<Diagnostic>) {
            if value == "bad" {
                let place = crate::settings::contract_place().pointer(at);
                found.push(Diagnostic::finding("this is bad").place(place));
            }
            for (key, value) in value.as_object().into_iter().flatten() {
                bad(value, &pagebind::pointer::join(at, key), found);
            }
        }
        let mut found = Vec::new();
        bad(contract, "", &mut found);
        Diagnostics::check(found).map(|()| contract.clone())
    }

    #[test]
    fn a_refused_operation_is_left_out_and_a_refused_schema_is_any_json() {
        let contract = json!({
            "paths": { "/a": { "get": { "x": "bad" }, "put": { "x": "good" } } },
            "components": { "schemas": { "A": { "type": "bad" }, "B": { "type": "string" } } },
        });
        let (taken, left_out) = generate(&contract, strict).unwrap();
        assert_eq!(
            taken,
            json!({
                "paths": { "/a": { "put": { "x": "good" } } },
                "components": { "schemas": { "A": {}, "B": { "type": "string" } } },
            })
        );
        assert_eq!(left_out.len(), 2);
    }

    #[test]
    fn what_is_wrong_with_the_whole_stays_an_error() {
        assert!(generate(&json!({ "info": { "title": "bad" } }), strict).is_err());
    }
}
