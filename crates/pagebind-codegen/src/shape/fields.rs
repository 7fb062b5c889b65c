//! The members of each object, as fields: what they are called, and when they have to be there.
//!
//! Typify has one word for a member that may be missing. What the contract says more is noted in the
//! plan: that null is something else than nothing, that a member has to be sent and not to come (or
//! the other way round), and within which limits it is.

use std::collections::{BTreeMap, BTreeSet};

use pagebind::pointer::join;
use serde_json::{Map, Value, json};

use super::{
    notes, operations,
    reach::Reach,
    shaped::{Shaped, followed, is_any, members, refers_to},
};
use crate::{naming, plan::Field};

/// Notes every field of every object, and gives members whose Rust names collide names of their own.
pub(super) fn shape(shaped: &mut Shaped, reach: &Reach) {
    let mut schemas = std::mem::take(shaped.components("schemas"));
    unchecked(shaped, &schemas, reach);
    // What the members of all hold is looked for before the first of them is given another name.
    let held: Vec<Vec<Held>> = schemas
        .values()
        .map(|schema| {
            let members = schema.get("properties").and_then(Value::as_object);
            members.into_iter().flat_map(Map::values).map(|it| Held::of(&schemas, it)).collect()
        })
        .collect();
    for ((name, schema), mut held) in schemas.iter_mut().zip(held) {
        let Some(schema) = schema.as_object_mut() else { continue };
        let required: BTreeSet<String> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|name| name.as_str().map(str::to_owned))
            .collect();
        let open = schema.get("additionalProperties").is_some_and(Value::is_object);
        let Some(Value::Object(mut published)) = schema.remove("properties") else { continue };
        // Typify finds a member that is required and not declared only in some places.
        for name in &required {
            published.entry(name).or_insert_with(|| json!({}));
        }
        held.resize(published.len(), Held { any: true, bounds: None });
        let mut taken: BTreeSet<String> = open.then(|| "extra".to_owned()).into_iter().collect();
        let (mut properties, mut still_required) = (Map::new(), Vec::new());
        let mut fields = BTreeMap::new();
        // A member that has the form of its field keeps it, whatever comes before it.
        let (kept, others): (Vec<_>, Vec<_>) = published
            .into_iter()
            .zip(held)
            .map(|((wire, property), held)| (naming::field_name(&wire), wire, property, held))
            .partition(|(wanted, wire, ..)| wanted == wire);
        for (wanted, wire, property, held) in kept.into_iter().chain(others) {
            let field = naming::unique(&wanted, |name| taken.contains(name));
            taken.insert(field.clone());
            if field != wanted {
                let place = join(&join(&join("/components/schemas", name), "properties"), &wire);
                let message = format!("the field `{wanted}` is taken; it becomes `{field}`");
                shaped.degrade(&place, message);
            }
            let key = if field == wanted { wire.clone() } else { field.clone() };
            let is = |key: &str| property.get(key) == Some(&json!(true));
            let sent = reach.sent.contains(name);
            let read = reach.read.contains(name);
            let required = required.contains(&wire);
            // What the service fills in is not sent, and what it never shows does not come.
            let in_request = required && !is("readOnly");
            let in_response = required && !is("writeOnly");
            let always = match (sent, read) {
                (true, true) => in_request && in_response,
                (true, false) => in_request,
                (false, true) => in_response,
                (false, false) => required,
            };
            if always {
                still_required.push(Value::from(key.clone()));
            }
            let Held { any, bounds } = held;
            let nullable = is("nullable") || any;
            let bounds = bounds.filter(|_| sent);
            fields.insert(
                field,
                Field {
                    wire,
                    required: always,
                    to_build: in_request && sent,
                    nullable,
                    any,
                    bounds,
                    deprecated: is("deprecated"),
                },
            );
            properties.insert(key, property);
        }
        schema.insert("properties".to_owned(), properties.into());
        schema.remove("required");
        if !still_required.is_empty() {
            schema.insert("required".to_owned(), still_required.into());
        }
        shaped.plan.fields.insert(name.clone(), fields);
    }
    *shaped.components("schemas") = schemas;
    parameters(shaped);
}

/// What a member holds, as far as its own type does not say it.
#[derive(Clone)]
struct Held {
    /// Whether it is null, too, though nothing says so.
    any: bool,
    bounds: Option<Map<String, Value>>,
}

impl Held {
    fn of(schemas: &Map<String, Value>, member: &Value) -> Self {
        let any = holds_null(schemas, member, &mut BTreeSet::new());
        Self { any, bounds: bounds(schemas, member) }
    }
}

/// Notes the limits of parameters.
fn parameters(shaped: &mut Shaped) {
    let schemas = std::mem::take(shaped.components("schemas"));
    operations::for_each(shaped, |shaped, _, name, operation| {
        let parameters = operation.get("parameters").and_then(Value::as_array);
        for parameter in parameters.into_iter().flatten() {
            let Some(published) = parameter["name"].as_str() else { continue };
            if let Some(bounds) = bounds(&schemas, &parameter["schema"]) {
                let plan = shaped.plan.operations.entry(name.to_owned()).or_default();
                plan.bounds.insert(naming::field_name(published), bounds);
            }
        }
    });
    *shaped.components("schemas") = schemas;
}

/// Lists the limits that no setter holds to: those of what is no field and no parameter.
fn unchecked(shaped: &mut Shaped, schemas: &Map<String, Value>, reach: &Reach) {
    let mut found = Vec::new();
    for (name, schema) in schemas.iter().filter(|(name, _)| reach.sent.contains(*name)) {
        let place = join("/components/schemas", name);
        for (index, branch) in members(schema, "oneOf").enumerate() {
            found.push((format!("{place}/oneOf/{index}"), bounds(schemas, branch)));
        }
        if schema.get("properties").is_some() {
            let more = schema.get("additionalProperties").filter(|more| more.is_object());
            let more = more.and_then(|more| bounds(schemas, more));
            found.push((format!("{place}/additionalProperties"), more));
            found.push((place, schema.get(notes::BOUNDS).and_then(Value::as_object).cloned()));
        }
    }
    operations::for_each(shaped, |_, pointer, _, operation| {
        let body = operation.get("requestBody").and_then(|body| body.get("content"));
        for media in body.and_then(Value::as_object).into_iter().flat_map(Map::values) {
            // A struct is listed where it is declared, and its members are fields.
            let is_struct = followed(schemas, &media["schema"]).get("properties").is_some();
            let limits = bounds(schemas, &media["schema"]).filter(|_| !is_struct);
            found.push((format!("{pointer}/requestBody/content"), limits));
        }
    });
    for (place, limits) in found {
        if let Some(limits) = limits {
            shaped.degrade(&place, format!("{} is not checked here", in_words(&limits)));
        }
    }
}

/// Limits as the contract writes them.
fn in_words(limits: &Map<String, Value>) -> String {
    let words = limits.iter().map(|(key, value)| match (key.as_str(), value.as_object()) {
        ("each", Some(each)) => format!("of each part {}", in_words(each)),
        ("values", _) => format!("`enum: {value}`"),
        _ => format!("`{key}: {value}`"),
    });
    words.collect::<Vec<_>>().join(" and ")
}

/// The limits of a value that typify does not check, by their keywords: `each` has those of the items of
/// a list, and of the members of a map.
fn bounds(schemas: &Map<String, Value>, schema: &Value) -> Option<Map<String, Value>> {
    fn within<'a>(
        schemas: &'a Map<String, Value>,
        schema: &'a Value,
        seen: &mut BTreeSet<&'a str>,
    ) -> Option<Map<String, Value>> {
        // A list of itself says nothing new.
        if refers_to(schema).is_some_and(|name| !seen.insert(name)) {
            return None;
        }
        let of = |schema: &Value| schema.get(notes::BOUNDS).and_then(Value::as_object).cloned();
        let target = followed(schemas, schema);
        let mut bounds = of(schema).or_else(|| of(target)).unwrap_or_default();
        let part = target.get("items").or_else(|| target.get("additionalProperties"));
        let part = part.filter(|part| part.is_object() && target.get("properties").is_none());
        if let Some(each) = part.and_then(|part| within(schemas, part, seen)) {
            bounds.insert("each".to_owned(), each.into());
        }
        (!bounds.is_empty()).then_some(bounds)
    }
    within(schemas, schema, &mut BTreeSet::new())
}

/// Whether null is a value of what is not said to be nullable: anything, or a union with anything.
fn holds_null<'a>(
    schemas: &'a Map<String, Value>,
    schema: &'a Value,
    seen: &mut BTreeSet<&'a str>,
) -> bool {
    // A union that is a branch of itself says nothing new.
    let new = refers_to(schema).is_none_or(|name| seen.insert(name));
    let schema = followed(schemas, schema);
    new && (is_any(schema)
        || members(schema, "oneOf").any(|branch| holds_null(schemas, branch, seen)))
}
