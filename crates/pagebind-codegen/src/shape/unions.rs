//! A union becomes an enum with a variant for each branch, and one for what no branch describes.
//!
//! Typify makes the enum, of branches that are references or have no name; `serde` would read it by
//! taking the first branch that fits. How it is read instead goes into the plan: by a tag where the
//! branches have one, and otherwise by what each branch says of its values.

use std::collections::BTreeSet;

use pagebind::pointer::{self, join};
use serde_json::{Map, Value, json};

use super::{
    flatten, notes, sensitive,
    shaped::{ANNOTATIONS, Shaped, followed, is_any, members, reference_to, refers_to},
};
use crate::{
    naming,
    plan::{Branch, Union},
};

type Schemas = Map<String, Value>;

/// The kinds of JSON values, in the order of their bits.
const KINDS: [&str; 7] = ["null", "boolean", "integer", "number", "string", "array", "object"];

/// Puts every union into the form that becomes an enum, and notes how it is read.
pub(super) fn shape(shaped: &mut Shaped) {
    let names: Vec<String> = shaped.components("schemas").keys().cloned().collect();
    // Once more: those that were written out inside of others are components by now.
    flatten::shape(shaped.components("schemas"));
    for name in &names {
        settle(shaped, name);
    }
    declare_tags(shaped.components("schemas"));
    let mut schemas = std::mem::take(shaped.components("schemas"));
    for name in &names {
        let Some(schema) = schemas.get(name).filter(|schema| schema.get("oneOf").is_some()) else {
            continue;
        };
        let union = plan(shaped, &schemas, name, schema);
        shaped.plan.unions.insert(name.clone(), union);
    }
    for schema in schemas.values_mut() {
        let branches = schema.get_mut("oneOf").and_then(Value::as_array_mut);
        for (index, branch) in branches.into_iter().flatten().enumerate() {
            let title = format!("V{index}");
            if branch.get("$ref").is_some() {
                *branch = json!({ "allOf": [branch.take()] });
            }
            branch["title"] = title.into();
        }
    }
    *shaped.components("schemas") = schemas;
}

/// Lets each branch have the member that tells it apart, declared or not: it comes, and has to go out.
fn declare_tags(schemas: &mut Schemas) {
    let mut missing = Vec::new();
    for schema in schemas.values() {
        let tag = schema.get(notes::TAG).and_then(|tag| tag.get("propertyName")?.as_str());
        let Some(tag) = tag else { continue };
        for mut name in members(schema, "oneOf").filter_map(refers_to) {
            for _ in 0..schemas.len() {
                let Some(target) = schemas.get(name).and_then(refers_to) else { break };
                name = target;
            }
            missing.push((name.to_owned(), tag.to_owned()));
        }
    }
    for (name, tag) in missing {
        let branch = schemas.get_mut(&name).and_then(Value::as_object_mut);
        let open = |branch: &&mut Schemas| {
            branch.get("additionalProperties").is_some_and(Value::is_object)
        };
        let properties =
            branch.filter(|branch| !open(branch)).and_then(|one| one.get_mut("properties"));
        if let Some(properties) = properties.and_then(Value::as_object_mut) {
            properties.entry(tag).or_insert_with(|| json!({ "type": "string" }));
        }
    }
}

/// Leaves of a union the branches that differ; one alone is no union.
fn settle(shaped: &mut Shaped, name: &str) {
    let schemas = shaped.components("schemas");
    let Some(Value::Object(schema)) = schemas.get(name).cloned() else { return };
    let branches = ["oneOf", "anyOf"].into_iter().find_map(|keyword| schema.get(keyword));
    let Some(published) = branches.and_then(Value::as_array) else { return };
    let mut branches: Vec<Value> = Vec::new();
    for branch in published {
        let bare = bare(branch);
        let itself = refers_to(&bare) == Some(name);
        if !itself && !branches.contains(&bare) {
            branches.push(bare);
        }
    }
    let mut settled = schema;
    settled.retain(|key, _| key != "oneOf" && key != "anyOf");
    let leads_back = |schemas: &Schemas, branch: &Value| {
        let mut branch = branch.clone();
        for _ in 0..=schemas.len() {
            match refers_to(&branch) {
                Some(target) if target == name => return true,
                Some(target) => match schemas.get(target) {
                    Some(target) => branch = target.clone(),
                    None => return false,
                },
                None => return false,
            }
        }
        true
    };
    match branches.as_slice() {
        [] => shaped.degrade(
            &join("/components/schemas", name),
            "is a union without branches; any value is taken",
        ),
        [only] if leads_back(schemas, only) => shaped.degrade(
            &join("/components/schemas", name),
            "is nothing but a part of itself; any value is taken",
        ),
        [only] => {
            settled.remove(notes::TAG);
            if refers_to(only).is_some() {
                settled.insert("allOf".to_owned(), json!([only]));
            } else {
                settled.extend(only.as_object().cloned().unwrap_or_default());
            }
        }
        _ => {
            settled.insert("oneOf".to_owned(), branches.into());
        }
    }
    shaped.components("schemas").insert(name.to_owned(), settled.into());
}

/// A branch without what is said about it: a reference, or what it asserts.
fn bare(branch: &Value) -> Value {
    if let Some(name) = refers_to(branch) {
        return reference_to(name);
    }
    let mut bare = branch.clone();
    if let Some(map) = bare.as_object_mut() {
        map.retain(|key, _| key == "type" || !ANNOTATIONS.contains(&key.as_str()));
    }
    bare
}

/// How the union `name` is read.
fn plan(shaped: &Shaped, schemas: &Schemas, name: &str, schema: &Value) -> Union {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut branches: Vec<Branch> = members(schema, "oneOf")
        .map(|branch| {
            let wanted = variant(name, branch);
            let variant = naming::unique(&wanted, |name| taken.contains(name));
            taken.insert(variant.clone());
            let form = Form::of(schemas, branch, &mut BTreeSet::new());
            Branch {
                variant,
                kinds: form.kinds,
                members: form.members,
                open: form.open,
                required: form.required,
                tags: Vec::new(),
                listed: form.listed,
            }
        })
        .collect();
    let targets: Vec<Option<&str>> = members(schema, "oneOf").map(refers_to).collect();
    let tag = tag(shaped, schema, &targets, &mut branches);
    let unknown = if taken.contains("Unknown") { "UnknownValue" } else { "Unknown" };
    let unknown = naming::unique(unknown, |name| taken.contains(name));
    let sensitive = sensitive::reaches(schemas, schema);
    let (tag, closed) = tag.map_or((None, false), |(tag, closed)| (Some(tag), closed));
    Union { tag, closed, branches, unknown, sensitive }
}

/// What the variant of a branch is called: as its type, without the name of the union before it.
fn variant(union: &str, branch: &Value) -> String {
    if let Some(name) = refers_to(branch) {
        let short = name.strip_prefix(union).filter(|rest| {
            rest.starts_with(|c: char| c.is_uppercase()) && naming::type_name(rest) == **rest
        });
        return short.unwrap_or(name).to_owned();
    }
    let format = branch.get("format").and_then(Value::as_str);
    match (branch.get("type").and_then(Value::as_str), format) {
        (Some("string"), Some("date-time")) => "DateTime".to_owned(),
        (Some("string"), Some("date")) => "Date".to_owned(),
        (Some("string"), Some("uuid")) => "Uuid".to_owned(),
        (Some(kind), _) => naming::type_name(kind),
        (None, _) => "Any".to_owned(),
    }
}

/// The member that tells the branches apart, and whether its listed values are all there are. The
/// values that stand for each branch are noted there.
fn tag(
    shaped: &Shaped,
    schema: &Value,
    targets: &[Option<&str>],
    branches: &mut [Branch],
) -> Option<(String, bool)> {
    let objects: Vec<usize> =
        (0..branches.len()).filter(|index| branches[*index].kinds & object_bit() != 0).collect();
    if let Some(published) = schema.get(notes::TAG) {
        let name = published.get("propertyName").and_then(Value::as_str)?;
        let mapping = published.get("mapping").and_then(Value::as_object);
        for (index, branch) in branches.iter_mut().enumerate() {
            let mapped = mapping.into_iter().flatten().filter(|(_, target)| {
                targets[index].is_some() && target.as_str() == targets[index]
            });
            branch.tags.extend(mapped.map(|(value, _)| json!(value)));
            let listed = branch.listed.iter().find(|(member, _)| member == name);
            for value in listed.into_iter().flat_map(|(_, values)| values) {
                if !branch.tags.contains(value) {
                    branch.tags.push(value.clone());
                }
            }
        }
        let closed = branches.iter().any(|branch| !branch.tags.is_empty());
        // Without a mapping, the name of a component stands for it (OpenAPI 3.0.3, section 4.7.25).
        for (index, branch) in
            branches.iter_mut().enumerate().filter(|(_, one)| one.tags.is_empty())
        {
            let Some(target) = targets[index] else { continue };
            let published = shaped.origins.get(target).map_or("", String::as_str);
            let published = pointer::tokens(published).nth(2).unwrap_or_default();
            branch.tags.push(json!(target));
            if published != target && !published.is_empty() {
                branch.tags.push(json!(published));
            }
        }
        return Some((name.to_owned(), closed));
    }
    // Without a discriminator: a member of which no two branches list the same value.
    let first = &branches[*objects.first()?];
    let candidates: Vec<String> = first.listed.iter().map(|(name, _)| name.clone()).collect();
    let tag = candidates.into_iter().find(|name| {
        let mut seen: Vec<&Value> = Vec::new();
        objects.len() > 1
            && objects.iter().all(|index| {
                let listed = branches[*index].listed.iter().find(|(member, _)| member == name);
                listed.is_some_and(|(_, values)| {
                    let disjoint = values.iter().all(|value| !seen.contains(&value));
                    seen.extend(values);
                    disjoint
                })
            })
    })?;
    for index in objects {
        let branch = &mut branches[index];
        let listed = branch.listed.iter().find(|(member, _)| *member == tag);
        branch.tags = listed.map(|(_, values)| values.clone()).unwrap_or_default();
    }
    Some((tag, true))
}

fn object_bit() -> u8 {
    1 << 6
}

/// What a value of a branch looks like.
#[derive(Default)]
struct Form {
    kinds: u8,
    /// Whether it keeps members that it does not name.
    open: bool,
    members: Vec<String>,
    required: Vec<String>,
    /// The members that have one of several listed values, with these.
    listed: Vec<(String, Vec<Value>)>,
}

impl Form {
    fn of<'a>(schemas: &'a Schemas, branch: &'a Value, seen: &mut BTreeSet<&'a str>) -> Self {
        if let Some(name) = refers_to(branch)
            && !seen.insert(name)
        {
            return Self::default();
        }
        let schema = followed(schemas, branch);
        if is_any(schema) {
            return Self { kinds: u8::MAX >> 1, open: true, ..Self::default() };
        }
        if schema.get("oneOf").is_some() {
            let inner = members(schema, "oneOf").map(|inner| Self::of(schemas, inner, seen));
            return Self::of_any(inner.collect());
        }
        let Some(kind) = schema.get("type").and_then(Value::as_str) else {
            return Self::default();
        };
        let kinds = KINDS.iter().position(|known| *known == kind).map_or(0, |index| 1 << index);
        if kinds != object_bit() {
            return Self { kinds, ..Self::default() };
        }
        let empty = Map::new();
        let properties = schema.get("properties").and_then(Value::as_object).unwrap_or(&empty);
        let more = schema.get("additionalProperties");
        let required = members(schema, "required").filter_map(Value::as_str);
        let listed = properties.iter().filter_map(|(name, schema)| {
            // The schema of a property may be described at its place.
            let values = listed_values(schemas, schema)
                .or_else(|| listed_values(schemas, members(schema, "allOf").next()?))?;
            Some((name.clone(), values))
        });
        Self {
            kinds,
            open: more.is_some_and(Value::is_object)
                || (properties.is_empty() && more != Some(&json!(false))),
            members: properties.keys().cloned().collect(),
            required: required.map(str::to_owned).collect(),
            listed: listed.collect(),
        }
    }

    /// What a value of a branch that is a union itself looks like: what holds for all objects in it.
    fn of_any(inner: Vec<Self>) -> Self {
        let mut form = Self::default();
        for one in &inner {
            form.kinds |= one.kinds;
            form.open |= one.open;
            for name in &one.members {
                if !form.members.contains(name) {
                    form.members.push(name.clone());
                }
            }
        }
        let mut objects = inner.into_iter().filter(|one| one.kinds & object_bit() != 0);
        let Some(first) = objects.next() else { return form };
        (form.required, form.listed) = (first.required, first.listed);
        for one in objects {
            form.required.retain(|name| one.required.contains(name));
            form.listed.retain_mut(|(name, values)| {
                let more = one.listed.iter().find(|(member, _)| member == name);
                values.extend(more.into_iter().flat_map(|(_, values)| values).cloned());
                more.is_some()
            });
        }
        form
    }
}

/// The values that a schema lists, if all of them can tell branches apart.
fn listed_values(schemas: &Schemas, schema: &Value) -> Option<Vec<Value>> {
    let schema = followed(schemas, schema);
    let of_bounds = schema.get(notes::BOUNDS).and_then(|bounds| bounds.get("values"));
    let values = schema.get("enum").or(of_bounds)?.as_array()?.clone();
    let scalar = |value: &Value| value.is_string() || value.is_i64() || value.is_boolean();
    values.iter().all(scalar).then_some(values)
}
