//! Webhooks and callbacks: requests that come, of which a client needs to know what is in them.
//!
//! OpenAPI 3.0 has no word for webhooks, and progenitor none for either. So their bodies become
//! components before anything else is done, which is all that a type needs, and what they were stands in
//! a key of ours until the plan has it. `x-webhooks` is what documents of 3.0 call them.

use std::{borrow::Cow, collections::BTreeSet};

use pagebind::{document::METHODS, pointer::join};
use serde_json::{Map, Value, json};

use crate::{
    naming,
    shape::{Degradation, is_form, is_json, is_xml, object, object_entry},
};

/// The key at the root of a document under which shaping finds them.
pub(crate) const KEY: &str = "x-pagebind-webhooks";

/// A contract whose webhooks and callbacks are components, and what they don't express.
pub(crate) struct Lifted<'c> {
    pub(crate) contract: Cow<'c, Value>,
    pub(crate) degradations: Vec<Degradation>,
    /// The components that were made, each with the pointer to what it was.
    pub(crate) origins: Vec<(String, String)>,
    found: Vec<Value>,
    taken: BTreeSet<String>,
}

/// Makes components of the bodies of webhooks and callbacks.
pub(crate) fn lift(contract: &Value) -> Lifted<'_> {
    let mut lifted = Lifted {
        contract: Cow::Borrowed(contract),
        degradations: Vec::new(),
        origins: Vec::new(),
        found: Vec::new(),
        taken: BTreeSet::new(),
    };
    for section in ["webhooks", "x-webhooks"] {
        let hooks = contract.get(section).and_then(Value::as_object);
        for (name, item) in hooks.into_iter().flatten() {
            lifted.item(contract, name, name, &join(&format!("/{section}"), name), item);
        }
    }
    let paths = contract.get("paths").and_then(Value::as_object);
    for (path, item) in paths.into_iter().flatten() {
        for method in METHODS {
            let Some(operation) = item.get(method) else { continue };
            let at = join(&join("/paths", path), method);
            let id = operation.get("operationId").and_then(Value::as_str);
            let id = id.map_or_else(|| format!("{method}{path}"), str::to_owned);
            let callbacks = operation.get("callbacks").and_then(Value::as_object);
            for (name, callback) in callbacks.into_iter().flatten() {
                let at = join(&format!("{at}/callbacks"), name);
                let callback = resolve(contract, callback);
                for (expression, item) in callback.as_object().into_iter().flatten() {
                    let published = format!("{name}` of `{id}");
                    let wanted = format!("{id}_{name}");
                    lifted.item(contract, &wanted, &published, &join(&at, expression), item);
                }
            }
        }
    }
    if contract.get("webhooks").is_some() || !lifted.found.is_empty() {
        let root = object(lifted.contract.to_mut());
        root.shift_remove("webhooks");
        root.insert(KEY.to_owned(), std::mem::take(&mut lifted.found).into());
    }
    lifted
}

/// Takes the callbacks out of a document: what they bring is components by now, and progenitor's reader takes none
/// that stands by reference.
pub(crate) fn take_callbacks(document: &mut Value) {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for item in paths.into_iter().flat_map(Map::values_mut) {
        for method in METHODS {
            if let Some(Value::Object(operation)) = item.get_mut(method) {
                operation.shift_remove("callbacks");
            }
        }
    }
    if let Some(Value::Object(components)) = document.get_mut("components") {
        components.shift_remove("callbacks");
    }
}

impl Lifted<'_> {
    /// The requests of one path item.
    fn item(&mut self, contract: &Value, wanted: &str, published: &str, at: &str, item: &Value) {
        let item = resolve(contract, item);
        for method in METHODS {
            let Some(operation) = item.get(method) else { continue };
            let at = join(at, method);
            let words =
                ["description", "summary"].iter().find_map(|key| operation.get(key)?.as_str());
            let words = words.unwrap_or_default().trim().to_owned();
            let body = operation.get("requestBody").map(|body| resolve(contract, body));
            let content = body.and_then(|body| body.get("content")).and_then(Value::as_object);
            let Some(content) = content else {
                self.degrade(&at, "brings no body; nothing is read of it");
                continue;
            };
            let json = content.iter().find(|(it, _)| is_json(it));
            let xml = content.iter().find(|(it, _)| is_xml(it));
            let form = content.iter().find(|(it, _)| is_form(it));
            let Some((media_type, media)) = json.or(xml).or(form) else {
                self.degrade(&at, "brings no JSON, no XML and no form; nothing is read of it");
                continue;
            };
            if form.is_some_and(|(form, _)| form != media_type) {
                self.degrade(&at, &format!("is read as {media_type}; its form is not"));
            }
            let same = |(_, xml): &(&String, &Value)| xml.get("schema") == media.get("schema");
            let schema = media.get("schema").cloned().unwrap_or(json!({}));
            let wanted = naming::method_name(wanted);
            let function = naming::unique(&wanted, |name| self.taken.contains(name));
            if function != wanted {
                let message = format!("the name `{wanted}` is taken; its function is `{function}`");
                self.degrade(&at, &message);
            }
            self.taken.insert(function.clone());
            let place = join(&format!("{at}/requestBody/content"), media_type) + "/schema";
            let made = self.origins.len();
            let component = self.component(&format!("{wanted}_webhook"), &place, schema);
            let made = (self.origins.len() > made).then_some(place);
            self.found.push(json!({
                "function": function,
                "published": published,
                "description": words,
                "component": component,
                "made_of": made,
                "at": at,
                "json": json.is_some(),
                "xml": xml.as_ref().is_some_and(same),
                "form": json.or(xml).is_none(),
            }));
        }
    }

    /// The component that `schema` is; it becomes one if it is none.
    fn component(&mut self, wanted: &str, at: &str, schema: Value) -> String {
        let target = schema.get("$ref").and_then(Value::as_str);
        let alone = schema.as_object().is_some_and(|schema| schema.len() == 1);
        let name = target.and_then(|target| target.strip_prefix("#/components/schemas/"));
        if let Some(name) = name.filter(|name| alone && !name.contains('/')) {
            return name.replace("~1", "/").replace("~0", "~");
        }
        let components = object_entry(object(self.contract.to_mut()), "components");
        let schemas: &mut Map<String, Value> = object_entry(components, "schemas");
        let wanted = naming::type_name(wanted);
        let name = naming::unique(&wanted, |name| schemas.contains_key(name));
        schemas.insert(name.clone(), schema);
        self.origins.push((name.clone(), at.to_owned()));
        name
    }

    fn degrade(&mut self, at: &str, message: &str) {
        self.degradations.push(Degradation { pointer: at.to_owned(), message: message.to_owned() });
    }

    /// The place in the contract of what stands at `pointer` now.
    pub(crate) fn origin(&self, pointer: &str) -> Option<String> {
        self.origins.iter().find_map(|(name, place)| {
            let rest = pointer.strip_prefix(&join("/components/schemas", name))?;
            (rest.is_empty() || rest.starts_with('/')).then(|| format!("{place}{rest}"))
        })
    }
}

/// What a value refers to in the contract, or the value itself.
fn resolve<'a>(contract: &'a Value, value: &'a Value) -> &'a Value {
    let mut value = value;
    // A cycle of references leads nowhere; the number of hops bounds it.
    for _ in 0..16 {
        let target = value.get("$ref").and_then(Value::as_str).and_then(|it| it.strip_prefix('#'));
        match target.and_then(|pointer| contract.pointer(pointer)) {
            Some(referred) => value = referred,
            None => break,
        }
    }
    value
}
