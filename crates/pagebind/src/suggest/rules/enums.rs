//! Enums that refuse null, or say a value twice.

use serde_json::{Value, json};

use super::{super::survey::Site, Decisions, Found, Survey};

/// A type that takes null, and an enum that doesn't.
pub(super) fn without_null(survey: &Survey<'_>, _: &Decisions) -> Vec<Found> {
    let mut found = Vec::new();
    for site in &survey.sites {
        let Some(Value::Array(values)) = site.get("enum") else { continue };
        if takes_null(site) && !values.contains(&Value::Null) {
            let why = "The value may be null, and the enum doesn't list it.";
            let expect = json!({ "enum": values });
            found.push(Found::update(&site.pointer, expect, json!({ "enum": [null] }), why));
        }
    }
    found
}

/// `nullable` is a keyword of OpenAPI 3.0 alone, and many a publisher writes it in 3.1.
fn takes_null(site: &Site<'_>) -> bool {
    let kinds = site.get("type").and_then(Value::as_array);
    site.get("nullable") == Some(&Value::Bool(true))
        || kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind == "null"))
}

/// A value that stands twice.
pub(super) fn duplicates(survey: &Survey<'_>, _: &Decisions) -> Vec<Found> {
    let mut found = Vec::new();
    for site in &survey.sites {
        let Some(Value::Array(values)) = site.get("enum") else { continue };
        // From the end, so that those before stay where they are.
        for (index, value) in values.iter().enumerate().rev() {
            if values[..index].contains(value) {
                let why = format!("The value {value} stands twice.");
                found.push(Found::remove(
                    format!("{}/enum/{index}", site.pointer),
                    value.clone(),
                    why,
                ));
            }
        }
    }
    found
}
