//! Webhooks and callbacks, from the key under which they came here into the plan.

use pagebind::pointer::join;
use serde_json::Value;

use super::{
    shaped::{Shaped, object, reference_to},
    xml,
};
use crate::{
    plan::{Webhook, WebhookForm},
    webhooks::KEY,
};

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
        let made_of = hook["made_of"].as_str();
        if let Some(place) = made_of {
            shaped.origins.insert(component.clone(), place.to_owned());
        }
        let json = hook["json"] == true;
        let root = (hook["xml"] == true).then(|| root(shaped, &component));
        let form = match root {
            None => WebhookForm::Json,
            Some(Ok(root)) if json => WebhookForm::JsonOrXml(root),
            Some(Ok(root)) => WebhookForm::Xml(root),
            Some(Err(why)) if json => {
                shaped.degrade(&text("at"), format!("is read as JSON alone: {why}"));
                WebhookForm::Json
            }
            Some(Err(why)) => {
                shaped.degrade(&text("at"), format!("nothing is read of it: {why}"));
                // A type of its own is nobody's then.
                let alone = made_of.map(|_| (component, String::new()));
                shaped.hoisted.extend(alone);
                continue;
            }
        };
        shaped.plan.webhooks.push(Webhook {
            function: text("function"),
            published: text("published"),
            description: text("description"),
            component,
            form,
        });
    }
}

/// The root element of a component in XML, or why there is none.
fn root(shaped: &mut Shaped, component: &str) -> Result<String, &'static str> {
    let schema = reference_to(component);
    match xml::is_described(shaped, &schema) {
        true => xml::root_of_read(shaped, &schema),
        false => Err("its XML has no schema"),
    }
}
