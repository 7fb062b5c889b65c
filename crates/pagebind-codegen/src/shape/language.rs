//! The forms that are left after shaping: those that typify gets right.
//!
//! A component is an object, a map, a list, a scalar, text with limits, an enum, an alias, or a union
//! of references and of schemas without a name. Below it stand references and what has no name. Each
//! step of shaping takes some other form away; this says where one has been left.

use pagebind::{
    diagnostic::{Diagnostic, Diagnostics},
    pointer::join,
};
use serde_json::Value;

use super::{
    hoist,
    shaped::{Shaped, is_any, members, refers_to},
};
use crate::settings::contract_place;

/// Every component has one of these forms.
///
/// # Errors
/// The places with any other.
pub(crate) fn check(shaped: &Shaped) -> Result<(), Diagnostics> {
    let schemas = shaped.document.pointer("/components/schemas").and_then(Value::as_object);
    let mut problems = Vec::new();
    for (name, schema) in schemas.into_iter().flatten() {
        let place = join("/components/schemas", name);
        let fault = component(schema, &place).or_else(|| {
            schema.get("nullable").map(|_| (place.clone(), "a component that may be null"))
        });
        if let Some((place, what)) = fault {
            problems.push(
                Diagnostic::finding(format!("shaping has left {what}"))
                    .place(contract_place().pointer(shaped.origin(&place)))
                    .help("correct the contract there in overlay.yaml, and report this"),
            );
        }
    }
    Diagnostics::check(problems)
}

type Fault = Option<(String, &'static str)>;

/// What is wrong with a component, and where.
fn component(schema: &Value, place: &str) -> Fault {
    if refers_to(schema).is_some() {
        return None;
    }
    if schema.get("allOf").is_some() {
        return Some((place.to_owned(), "an `allOf` that is more than a reference"));
    }
    if schema.get("anyOf").is_some() {
        return Some((place.to_owned(), "an `anyOf`"));
    }
    for (index, branch) in members(schema, "oneOf").enumerate() {
        let fault = nameless(branch, &format!("{place}/oneOf/{index}"));
        if fault.is_some() {
            return fault;
        }
    }
    below(schema, place)
}

/// What is wrong below a schema.
fn below(schema: &Value, place: &str) -> Fault {
    let kind = schema.get("type").and_then(Value::as_str);
    if schema.get("format").is_some() && !matches!(kind, Some("string" | "integer" | "number")) {
        return Some((place.to_owned(), "a format beside a type that has none"));
    }
    let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    let properties =
        properties.map(|(name, child)| (join(&format!("{place}/properties"), name), child));
    let others = ["items", "additionalProperties"].into_iter().filter_map(|key| {
        let child = schema.get(key).filter(|child| child.is_object())?;
        Some((join(place, key), child))
    });
    properties.chain(others).find_map(|(place, child)| nameless(child, &place))
}

/// What is wrong with a schema that is no component.
fn nameless(schema: &Value, place: &str) -> Fault {
    if refers_to(schema).is_some() || is_any(schema) {
        return None;
    }
    if hoist::needs_name(schema) {
        return Some((place.to_owned(), "a schema that needs a name and has none"));
    }
    below(schema, place)
}
