//! Webhooks and callbacks, from the key under which they came here into the plan.

use pagebind::pointer::join;
use serde_json::Value;

use super::shaped::{Shaped, object};
use crate::{plan::Webhook, webhooks::KEY};

/// Takes the key out of the document; components have the names of their types later.
pub(super) fn take(shaped: &mut Shaped) -> Value {
    object(&mut shaped.document).shift_remove(KEY).unwrap_or_default()
}

/// Notes in the plan what `taken` says, by the types that the components are by now.
pub(super) fn shape(shaped: &mut Shaped, taken: &Value) {
    for hook in taken.as_array().into_iter().flatten() {
        let text = |key: &str| hook[key].as_str().unwrap_or_default().to_owned();
        let published = join("/components/schemas", &text("component"));
        let component = shaped.origins.iter().find(|(_, place)| **place == published);
        let Some((component, _)) = component else { continue };
        let component = component.clone();
        if let Some(place) = hook["made_of"].as_str() {
            shaped.origins.insert(component.clone(), place.to_owned());
        }
        shaped.plan.webhooks.push(Webhook {
            function: text("function"),
            published: text("published"),
            description: text("description"),
            component,
        });
    }
}
