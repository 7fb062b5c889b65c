//! The listed values of an enum become variants, each with a name of its own.
//!
//! Typify names a variant after its value, and takes two values of one name for a mistake; of `+1` it
//! makes no name that the compiler likes. Where its names would not do, it gets to see ours, and the
//! values themselves go into the plan.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::shaped::Shaped;
use crate::naming;

/// Names the values of every enum that typify would not name well.
pub(super) fn shape(shaped: &mut Shaped) {
    let mut schemas = std::mem::take(shaped.components("schemas"));
    for (name, schema) in &mut schemas {
        let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut) else { continue };
        let published: Vec<String> =
            values.iter().filter_map(|value| value.as_str().map(str::to_owned)).collect();
        let wanted: BTreeSet<String> = published.iter().map(|it| naming::type_name(it)).collect();
        let special = |value: &String| ["+1", "-1"].contains(&value.as_str());
        if wanted.len() == published.len() && !published.iter().any(special) {
            continue;
        }
        let mut named: BTreeMap<String, String> = BTreeMap::new();
        for (place, value) in values.iter_mut().zip(published) {
            // Typify sees the name in the place of the value, and has to leave it alone.
            let wanted = naming::component_name(&value);
            let variant = naming::component_name(&naming::unique(&wanted, |name| {
                named.contains_key(&naming::component_name(name))
            }));
            if variant != wanted {
                let message =
                    format!("the variant `{wanted}` is taken; the value `{value}` is `{variant}`");
                shaped.degrade(&format!("/components/schemas/{name}/enum"), message);
            }
            *place = variant.clone().into();
            named.insert(variant, value);
        }
        shaped.plan.enum_values.insert(name.clone(), named);
    }
    *shaped.components("schemas") = schemas;
}
