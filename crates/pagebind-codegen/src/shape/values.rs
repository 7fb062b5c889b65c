//! The listed values of an enum become variants, each with a name of its own.
//!
//! A service gets new values before its clients are generated anew, so an enum that can come in a response keeps a
//! value that the contract does not list. An enum that is only sent stays closed; one that is both is one type, and
//! open. Where an enum tells the branches of a union apart, the union looks at its listed values before any branch
//! is read, so it may be open as well.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    reach::Reach,
    shaped::{Shaped, object},
};
use crate::{naming, plan::Enum};

/// Takes the values of every enum out of the document, and names them in the plan.
pub(super) fn shape(shaped: &mut Shaped, reach: &Reach) {
    let mut schemas = std::mem::take(shaped.components("schemas"));
    for (name, schema) in &mut schemas {
        let schema = object(schema);
        let lists_text =
            |values: &Value| values.as_array()?.iter().find(|it| it.is_string()).map(drop);
        if schema.get("enum").and_then(lists_text).is_none() {
            continue;
        }
        let Some(Value::Array(values)) = schema.remove("enum") else { continue };
        let description = schema.remove("description");
        let mut texts: Vec<(String, String)> = Vec::with_capacity(values.len());
        let mut taken: BTreeSet<String> = BTreeSet::new();
        for value in values {
            let Value::String(text) = value else { continue };
            let wanted = naming::type_name(&text);
            let is_taken = |name: &str| taken.contains(name);
            let variant = if is_taken(&wanted) {
                // With a number behind it, the underscore of `Self_` would be in the way of lints.
                let settled = naming::component_name;
                settled(&naming::unique(&wanted, |name| is_taken(name) || is_taken(&settled(name))))
            } else {
                wanted.clone()
            };
            if variant != wanted {
                let message =
                    format!("the variant `{wanted}` is taken; the value `{text}` is `{variant}`");
                shaped.degrade(&format!("/components/schemas/{name}/enum"), message);
            }
            taken.insert(variant.clone());
            texts.push((variant, text));
        }
        let unlisted = || naming::unique("UnknownValue", |name| taken.contains(name));
        let unlisted = reach.read.contains(name).then(unlisted);
        let description = description.and_then(|it| it.as_str().map(str::to_owned));
        shaped.plan.enums.insert(name.clone(), Enum { description, texts, unlisted });
    }
    *shaped.components("schemas") = schemas;
}
