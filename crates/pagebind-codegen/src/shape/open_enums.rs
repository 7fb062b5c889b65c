//! Which enums stay open: those that can come in a response.
//!
//! A service gets new values before its clients are generated anew, so an enum that is read keeps a
//! value that the contract does not list. An enum that is only sent stays closed; one that is both is
//! one type, and open.
//!
//! The branches of a union are tried in their order, and an enum may be all that tells one branch
//! from the others: `{"kind": "card"}` is a `Card` because its `kind` takes nothing else. An open enum
//! would take every value there: the branches behind it would never be reached, and what is none of
//! them would be read as one. So an enum below a branch stays closed if another branch could be meant,
//! which is listed as a degradation. Of branches that are text, the last one may be open: it takes
//! what the others leave.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{
    operations,
    shaped::{Shaped, reference_to, schema_reference},
};
use crate::{naming, plan::Body};

type Schemas = Map<String, Value>;

/// Notes in the plan which enums are open.
pub(super) fn shape(shaped: &mut Shaped) {
    let mut roots = Vec::new();
    operations::for_each(shaped, |_, _, _, operation| {
        let responses = operation.get("responses").and_then(Value::as_object);
        let schema =
            |response: &Value| response.pointer("/content/application~1json/schema").cloned();
        roots.extend(responses.into_iter().flat_map(Map::values).filter_map(schema));
    });
    let responses = shaped.plan.operations.values().flat_map(|operation| &operation.responses);
    roots.extend(responses.filter_map(|response| match &response.body {
        Body::Json(Some(name)) => Some(reference_to(name)),
        _ => None,
    }));
    let schemas = std::mem::take(shaped.components("schemas"));
    for (name, in_branch) in reached(&schemas, &roots) {
        let Some(schema) = schemas.get(name) else { continue };
        let place = pagebind::pointer::join("/components/schemas", name);
        if has_nameless_enum(schema) {
            let message =
                "lists values in a branch of a union; one that it does not list fails the response";
            shaped.degrade(&place, message);
        }
        if in_branch {
            if is_enum(&schemas, schema, &mut BTreeSet::new()) {
                let message = "tells the branches of a union apart; a value that it does not list fails the response";
                shaped.degrade(&place, message);
            }
            continue;
        }
        if is_listed(schema) {
            shaped.plan.open_enums.insert(name.to_owned());
        } else {
            shaped.plan.open_enum_candidates.insert(name.to_owned());
        }
        // What typify calls the type of a property that members of an `allOf` share.
        if members(schema, "allOf").count() > 1 {
            let properties = Form::of(&schemas, schema).declared;
            let types = properties.iter().map(|property| {
                naming::component_name(&format!("{name}{}", naming::type_name(property)))
            });
            shaped
                .plan
                .open_enum_candidates
                .extend(types.filter(|name| !schemas.contains_key(name)));
        }
    }
    *shaped.components("schemas") = schemas;
}

/// The components that stand anywhere in `roots`, each with whether it stands in a branch of a union
/// in place of which another could be meant.
fn reached<'a>(schemas: &'a Schemas, roots: &'a [Value]) -> BTreeMap<&'a str, bool> {
    let mut reached: BTreeMap<&str, bool> = BTreeMap::new();
    let mut open = Vec::new();
    roots.iter().for_each(|root| references(schemas, root, false, &mut open));
    while let Some((name, in_branch)) = open.pop() {
        // Once for each of the two ways to stand somewhere; the stricter one holds.
        if reached.get(name).is_some_and(|seen| *seen || !in_branch) {
            continue;
        }
        reached.insert(name, in_branch);
        if let Some(schema) = schemas.get(name) {
            references(schemas, schema, in_branch, &mut open);
        }
    }
    reached
}

/// Collects the references in `schema`, each with whether it stands in such a branch.
fn references<'a>(
    schemas: &'a Schemas,
    schema: &'a Value,
    in_branch: bool,
    found: &mut Vec<(&'a str, bool)>,
) {
    if let Some(name) = schema_reference(schema) {
        found.push((name, in_branch));
        return;
    }
    let properties = schema.get("properties").and_then(Value::as_object);
    let below = properties.into_iter().flat_map(Map::values);
    let below = below
        .chain(["items", "additionalProperties"].into_iter().filter_map(|key| schema.get(key)));
    for child in below.chain(members(schema, "allOf")) {
        references(schemas, child, in_branch, found);
    }
    for union in unions(schema) {
        let branches: Vec<(&Value, Form)> =
            union.map(|member| (member, Form::of(schemas, member))).collect();
        for (index, (member, form)) in branches.iter().enumerate() {
            let first = if form.kind == Some("string") { index + 1 } else { 0 };
            let tells_apart = (first..branches.len())
                .any(|other| other != index && form.could_be(&branches[other].1));
            references(schemas, member, in_branch || tells_apart, found);
        }
    }
}

/// Whether typify makes an enum of text of `schema`.
fn is_enum<'a>(schemas: &'a Schemas, schema: &'a Value, seen: &mut BTreeSet<&'a str>) -> bool {
    if let Some(name) = schema_reference(schema) {
        // A cycle of references says nothing new.
        return seen.insert(name)
            && schemas.get(name).is_some_and(|target| is_enum(schemas, target, seen));
    }
    is_listed(schema)
        || members(schema, "allOf").any(|member| is_enum(schemas, member, seen))
        || unions(schema).any(|mut union| union.all(is_listed))
}

/// Whether a branch of a union in `schema` lists values in its place, which typify makes a type of
/// that nothing here can name.
fn has_nameless_enum(schema: &Value) -> bool {
    members(schema, "allOf").any(has_nameless_enum)
        || unions(schema).any(|union| {
            let (listed, others): (Vec<_>, Vec<_>) = union.partition(|member| is_listed(member));
            (!listed.is_empty() && !others.is_empty()) || others.into_iter().any(has_nameless_enum)
        })
}

fn is_listed(schema: &Value) -> bool {
    schema.get("enum").is_some()
}

/// The members of each union that `schema` is.
fn unions(schema: &Value) -> impl Iterator<Item = impl Iterator<Item = &Value>> {
    let keywords = ["oneOf", "anyOf"].into_iter().filter(|keyword| schema.get(keyword).is_some());
    keywords.map(|keyword| members(schema, keyword))
}

/// What a value of a schema looks like, as far as it tells the branches of a union apart.
#[derive(Debug, Default)]
struct Form<'a> {
    /// Its type, where one is told.
    kind: Option<&'a str>,
    /// The properties that it may have.
    declared: BTreeSet<&'a str>,
    /// Those of them that it must have.
    required: BTreeSet<&'a str>,
}

impl<'a> Form<'a> {
    /// The form of `schema`, with its references and the members of its `allOf`.
    fn of(schemas: &'a Schemas, schema: &'a Value) -> Self {
        let mut form = Self::default();
        let mut seen = BTreeSet::new();
        let mut open = vec![schema];
        while let Some(schema) = open.pop() {
            if let Some(name) = schema_reference(schema) {
                open.extend(schemas.get(name).filter(|_| seen.insert(name)));
                continue;
            }
            form.kind = form.kind.or(schema.get("type").and_then(Value::as_str));
            let properties = schema.get("properties").and_then(Value::as_object);
            form.declared.extend(properties.into_iter().flat_map(Map::keys).map(String::as_str));
            let required = schema.get("required").and_then(Value::as_array);
            form.required.extend(required.into_iter().flatten().filter_map(Value::as_str));
            open.extend(members(schema, "allOf"));
        }
        form
    }

    /// Whether a value of `other` could be read as this, its enums aside.
    fn could_be(&self, other: &Self) -> bool {
        let number = |kind| if kind == Some("integer") { Some("number") } else { kind };
        let same_kind =
            self.kind.is_none() || other.kind.is_none() || number(self.kind) == number(other.kind);
        // What this must have, and the other never says that it has, keeps them apart already. One
        // of which nothing is known may have anything.
        let apart = !other.declared.is_empty() && !self.required.is_subset(&other.declared);
        same_kind && !apart
    }
}

fn members<'a>(schema: &'a Value, keyword: &str) -> impl Iterator<Item = &'a Value> {
    schema.get(keyword).and_then(Value::as_array).into_iter().flatten()
}
