//! Required members that no schema knows.

use std::collections::HashSet;

use serde_json::Value;

use super::{
    super::{name::Name, survey::Role},
    Decisions, Found, Survey,
};

/// A name in `required` that is none of the `properties`, where no other schema can add any.
pub(super) fn unknown(survey: &Survey<'_>, _: &Decisions) -> Vec<Found> {
    let mut found = Vec::new();
    let composed = composed(survey);
    for site in &survey.sites {
        let Some(Value::Array(names)) = site.get("required") else { continue };
        let Some(Value::Object(properties)) = site.get("properties") else { continue };
        let is_open = ["allOf", "anyOf", "oneOf", "$ref", "patternProperties", "if"]
            .iter()
            .any(|key| site.schema.contains_key(*key))
            || site.get("additionalProperties").is_some_and(|more| *more != Value::Bool(false));
        if is_open || site.role == Role::Member || composed.contains(site.pointer.as_str()) {
            continue;
        }
        // From the end, so that those before stay where they are.
        for (index, name) in names.iter().enumerate().rev() {
            let Some(name) = name.as_str().filter(|name| !properties.contains_key(*name)) else {
                continue;
            };
            let meant = properties.keys().find(|known| Name::of(known) == Name::of(name));
            let why = match meant {
                Some(meant) => {
                    format!("`{name}` is required and no property; the property is `{meant}`.")
                }
                None => format!("`{name}` is required and no property of the schema."),
            };
            let at = format!("{}/required", site.pointer);
            found.push(Found::remove(format!("{at}/{index}"), name.into(), &*why));
            if let Some(meant) =
                meant.filter(|meant| !names.iter().any(|name| name == meant.as_str()))
            {
                let expect =
                    Value::Array(names.iter().filter(|other| *other != name).cloned().collect());
                found.push(Found::update(at, expect, Value::from(vec![meant.as_str()]), why));
            }
        }
    }
    found
}

/// The schemas that a composition takes in: what one requires, another may declare.
fn composed<'d>(survey: &'d Survey<'_>) -> HashSet<&'d str> {
    let members = survey.sites.iter().filter(|site| site.role == Role::Member);
    members.filter_map(|site| site.target.as_deref()).collect()
}
