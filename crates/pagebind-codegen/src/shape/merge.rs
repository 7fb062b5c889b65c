//! The members of an `allOf` become one schema.
//!
//! Typify merges them too, and names what it has to merge after its place, whoever has that name
//! already; of two declarations that contradict each other it makes an empty struct, and a member
//! that is required in one and declared in another it does not find. So it never sees an `allOf`
//! but one that is nothing but a reference.
//!
//! This comes after hoisting: what members declare are references by then, and types stay shared.
//! A union among the members is spread: each of its branches takes in what stands beside it.

use std::collections::{BTreeMap, BTreeSet};

use pagebind::pointer::join;
use serde_json::{Map, Value, json};

use super::{
    bounds, hoist, notes,
    sensitive::is_sensitive,
    shaped::{
        ANNOTATIONS, COMPOSITIONS, Shaped, followed, is_any, members, reference_to, refers_to,
        schema_reference,
    },
};
use crate::naming;

type Schema = Map<String, Value>;

/// How many types may come of merging. Unions of unions multiply, and end here.
const MOST: usize = 4_000;

/// How long a name may be to say of what it is made, in bytes. Of unions within unions, it doubles with each level.
const LONGEST_NAME: usize = 120;

/// Merges every `allOf` of the components.
pub(super) fn shape(shaped: &mut Shaped) {
    let schemas = std::mem::take(shaped.components("schemas"));
    let names: Vec<String> = schemas.keys().cloned().collect();
    let mut merger = Merger {
        shaped,
        schemas,
        done: BTreeSet::new(),
        open: BTreeSet::new(),
        made: BTreeMap::new(),
    };
    for name in &names {
        merger.component(name);
    }
    let schemas = merger.schemas;
    *shaped.components("schemas") = schemas;
}

struct Merger<'a> {
    shaped: &'a mut Shaped,
    schemas: Map<String, Value>,
    /// The components without an `allOf` to merge.
    done: BTreeSet<String>,
    /// Those that are being merged.
    open: BTreeSet<String>,
    /// The components that were made, by the members that they are made of.
    made: BTreeMap<String, String>,
}

/// What the members seen so far come to.
#[derive(Default)]
struct Whole {
    /// What they assert, unions aside.
    asserted: Schema,
    /// What is said about them.
    annotations: Schema,
    unions: Vec<Schema>,
    /// The types that exclude each other.
    excluded: BTreeSet<String>,
}

impl Merger<'_> {
    /// Merges the `allOf` of a component, and of all that it is made of.
    fn component(&mut self, name: &str) {
        if self.done.contains(name) || !self.open.insert(name.to_owned()) {
            return;
        }
        if let Some(schema) = self.schemas.get(name)
            && schema.get("allOf").is_some()
            && refers_to(schema).is_none()
        {
            let schema = schema.clone();
            let merged = self.merge(name, &schema);
            self.schemas.insert(name.to_owned(), merged);
        }
        self.open.remove(name);
        self.done.insert(name.to_owned());
    }

    fn merge(&mut self, owner: &str, schema: &Value) -> Value {
        if let Some(alias) = alias(schema) {
            return alias;
        }
        let mut whole = Whole::default();
        self.add(owner, &mut whole, schema, true);
        if !whole.excluded.is_empty() {
            let types: Vec<&str> = whole.excluded.iter().map(String::as_str).collect();
            let message = format!("no value is all of {}; any value is taken", types.join(", "));
            self.shaped.degrade(&join("/components/schemas", owner), message);
            return whole.annotations.into();
        }
        let merged = self.spread(owner, whole.asserted, whole.unions);
        let mut merged = match merged {
            Value::Object(merged) => merged,
            _ => Map::new(),
        };
        for (key, value) in whole.annotations {
            merged.entry(key).or_insert(value);
        }
        merged.into()
    }

    /// Adds a member; `own` says whether it stands in the schema itself, not in one it refers to.
    fn add(&mut self, owner: &str, whole: &mut Whole, member: &Value, own: bool) {
        if let Some(name) = schema_reference(member) {
            let name = name.to_owned();
            // Merging it is under way where a cycle leads back to it; it adds nothing to itself.
            if self.open.contains(&name) {
                return;
            }
            self.component(&name);
            if let Some(target) = self.schemas.get(&name).cloned() {
                if !self.shaped.hoisted.contains_key(owner) {
                    let subtypes = self.shaped.subtypes.entry(name).or_default();
                    if !subtypes.iter().any(|known| known == owner) {
                        subtypes.push(owner.to_owned());
                    }
                }
                self.add(owner, whole, &target, false);
            }
            return;
        }
        let Some(member) = member.as_object() else { return };
        for (key, value) in member {
            let of_place = ["nullable", "readOnly", "writeOnly", "deprecated"];
            let inherited = match key.as_str() {
                "x-sensitive" => true,
                notes::TAG => own,
                key if of_place.contains(&key) => own,
                key => key != "type" && ANNOTATIONS.contains(&key),
            };
            if inherited && !whole.annotations.contains_key(key) {
                whole.annotations.insert(key.clone(), value.clone());
            }
        }
        for part in member.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.add(owner, whole, part, own);
        }
        for keyword in ["oneOf", "anyOf"] {
            let Some(branches) = member.get(keyword) else { continue };
            let mut union = Map::new();
            union.insert("oneOf".to_owned(), branches.clone());
            union.extend(member.get(notes::TAG).map(|tag| (notes::TAG.to_owned(), tag.clone())));
            whole.unions.push(union);
            whole.annotations.remove(notes::TAG);
        }
        for (key, value) in member {
            let composes = ["allOf", "oneOf", "anyOf"].contains(&key.as_str());
            if !composes && (key == "type" || !ANNOTATIONS.contains(&key.as_str())) {
                self.assert(owner, whole, key, value);
            }
        }
    }

    /// Adds what one keyword asserts.
    fn assert(&mut self, owner: &str, whole: &mut Whole, key: &str, value: &Value) {
        let Some(present) = whole.asserted.get(key).cloned() else {
            whole.asserted.insert(key.to_owned(), value.clone());
            return;
        };
        if &present == value {
            return;
        }
        let place = join("/components/schemas", owner);
        let both = match key {
            "type" => match (present.as_str(), value.as_str()) {
                (Some("number"), Some("integer")) | (Some("integer"), Some("number")) => {
                    json!("integer")
                }
                _ => {
                    let types = [present.as_str(), value.as_str()];
                    whole.excluded.extend(types.into_iter().flatten().map(str::to_owned));
                    present
                }
            },
            "required" => {
                let mut names = present.as_array().cloned().unwrap_or_default();
                let more = value.as_array().into_iter().flatten();
                for name in more {
                    if !names.contains(name) {
                        names.push(name.clone());
                    }
                }
                names.into()
            }
            "properties" => {
                let mut properties = present.as_object().cloned().unwrap_or_default();
                for (name, declared) in value.as_object().into_iter().flatten() {
                    let both = match properties.get(name) {
                        Some(present) => {
                            let part = naming::type_name(name);
                            let place = join(&join(&place, "properties"), name);
                            self.both(owner, &part, &place, present, declared)
                        }
                        None => declared.clone(),
                    };
                    properties.insert(name.clone(), both);
                }
                properties.into()
            }
            // What one member closes, another opens again for what it declares itself.
            "additionalProperties" => match (&present, value) {
                (Value::Object(_), Value::Object(_)) => {
                    self.both(owner, "Value", &join(&place, key), &present, value)
                }
                (Value::Object(_), _) | (_, Value::Bool(false)) => present,
                _ => value.clone(),
            },
            "items" => self.both(owner, "Item", &join(&place, key), &present, value),
            "enum" => {
                let listed = value.as_array().cloned().unwrap_or_default();
                let mut common = present.as_array().cloned().unwrap_or_default();
                common.retain(|one| listed.contains(one));
                if common.is_empty() { present } else { common.into() }
            }
            "minLength" => tighter(&present, value, true),
            "maxLength" => tighter(&present, value, false),
            notes::BOUNDS => {
                let mut limits = present.as_object().cloned().unwrap_or_default();
                for (key, value) in value.as_object().into_iter().flatten() {
                    let both = match limits.get(key) {
                        Some(present) if key.to_lowercase().contains("min") => {
                            tighter(present, value, true)
                        }
                        Some(present) if key.to_lowercase().contains("max") => {
                            tighter(present, value, false)
                        }
                        Some(present) if key == "multipleOf" => {
                            bounds::least_common(present, value).unwrap_or_else(|| {
                                let message = format!(
                                    "`multipleOf: {present}` is said as well; `multipleOf: {value}` is not checked"
                                );
                                self.shaped.degrade(&place, message);
                                present.clone()
                            })
                        }
                        Some(present) => present.clone(),
                        None => value.clone(),
                    };
                    limits.insert(key.clone(), both);
                }
                limits.into()
            }
            _ => {
                let message = format!("`{key}` is said twice; {value} is not checked");
                self.shaped.degrade(&place, message);
                present
            }
        };
        whole.asserted.insert(key.to_owned(), both);
    }

    /// What is both `a` and `b`, for the part `part` of the type `owner`.
    fn both(&mut self, owner: &str, part: &str, place: &str, a: &Value, b: &Value) -> Value {
        let (a_core, mut annotations) = split(a);
        let (b_core, more) = split(b);
        let nullable = |one: &Schema| one.get("nullable") == Some(&json!(true));
        if nullable(&annotations) && !nullable(&more) && !is_any(&b_core) {
            annotations.remove("nullable");
        }
        let not_null = !nullable(&annotations) && !is_any(&a_core);
        for (key, value) in more {
            if !(key == "nullable" && not_null) {
                annotations.entry(key).or_insert(value);
            }
        }
        let a_target = followed(&self.schemas, &a_core).clone();
        let b_target = followed(&self.schemas, &b_core).clone();
        let sensitive = self.marks(&a_core) || self.marks(&b_core);
        let core = if a_core == b_core || binds_nothing(&b_target) {
            a_core
        } else if binds_nothing(&a_target) {
            b_core
        } else if let Some(limited) = self.limited(owner, &a_core, &b_core) {
            limited
        } else {
            match (kind(&a_target), kind(&b_target)) {
                (Some(a), Some(b)) if a != b && !(is_number(a) && is_number(b)) => {
                    let message = format!("is declared as {a} and as {b}; any value is taken");
                    self.shaped.degrade(place, message);
                    json!({})
                }
                _ if says_no_more(&b_core, &a_target) => a_core,
                _ if says_no_more(&a_core, &b_target) => b_core,
                _ => self.made_of(owner, part, place, vec![a_core, b_core]),
            }
        };
        let core = if sensitive && !self.marks(&core) {
            let name =
                self.make(owner, part, place, json!({ "x-sensitive": true, "allOf": [core] }));
            reference_to(&name)
        } else {
            core
        };
        joined(core, annotations)
    }

    /// What is both `a` and `b` where one of them is limits without a type, as those of a type that stands
    /// elsewhere: no type of its own comes of it, unless it needs one.
    fn limited(&mut self, owner: &str, a: &Value, b: &Value) -> Option<Value> {
        let composes = |schema: &Value| {
            let others = COMPOSITIONS.iter().chain(&["$ref"]);
            others.into_iter().any(|key| schema.get(key).is_some())
        };
        if [a, b].into_iter().any(composes) || (kind(a).is_some() && kind(b).is_some()) {
            return None;
        }
        let mut whole = Whole::default();
        self.add(owner, &mut whole, a, true);
        self.add(owner, &mut whole, b, true);
        let limited = Value::from(whole.asserted);
        (!hoist::needs_name(&limited)).then_some(limited)
    }

    /// Whether `schema`, or the component that it refers to, is personal data.
    fn marks(&self, schema: &Value) -> bool {
        let mut schema = schema;
        for _ in 0..=self.schemas.len() {
            if is_sensitive(schema) {
                return true;
            }
            match refers_to(schema).and_then(|name| self.schemas.get(name)) {
                Some(target) => schema = target,
                None => return false,
            }
        }
        false
    }

    /// A reference to what is all of `parts`; the same parts are one type wherever they meet.
    fn made_of(&mut self, owner: &str, part: &str, place: &str, parts: Vec<Value>) -> Value {
        let mut texts: Vec<String> = parts.iter().map(Value::to_string).collect();
        texts.sort();
        let key = texts.join(" ");
        if let Some(name) = self.made.get(&key) {
            return reference_to(name);
        }
        if self.made.len() >= MOST {
            let message = "is put together of too many unions; only the first of its parts is kept";
            self.shaped.degrade(place, message);
            return parts.into_iter().next().unwrap_or_default();
        }
        // A part that was hoisted for this owner alone takes in the others at its place.
        let own = parts
            .iter()
            .filter_map(refers_to)
            .find(|name| self.shaped.hoisted.get(*name).is_some_and(|of| of == owner));
        if let Some(name) = own.map(str::to_owned) {
            self.made.insert(key, name.clone());
            self.take_in(&name, parts);
            return reference_to(&name);
        }
        let name = self.shaped.take_name(&format!("{owner}{part}"));
        self.made.insert(key, name.clone());
        self.put(owner, &name, place, json!({ "allOf": parts }));
        reference_to(&name)
    }

    /// Lets a component take in the rest of `parts`, one of which refers to it.
    fn take_in(&mut self, name: &str, mut parts: Vec<Value>) {
        let own = self.schemas.get(name).cloned().unwrap_or_default();
        let about = |key: &str| key != "type" && ANNOTATIONS.contains(&key);
        let mut schema: Schema = own
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(key, _)| about(key))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        for part in parts.iter_mut().filter(|part| refers_to(part) == Some(name)) {
            *part = own.clone();
        }
        schema.insert("allOf".to_owned(), parts.into());
        self.schemas.insert(name.to_owned(), schema.into());
        self.done.remove(name);
        self.component(name);
    }

    /// A new component.
    fn make(&mut self, owner: &str, part: &str, place: &str, schema: Value) -> String {
        let name = self.shaped.take_name(&format!("{owner}{part}"));
        self.put(owner, &name, place, schema);
        name
    }

    fn put(&mut self, owner: &str, name: &str, place: &str, schema: Value) {
        let origin = self.shaped.origin(place);
        self.shaped.origins.insert(name.to_owned(), origin);
        self.shaped.hoisted.insert(name.to_owned(), owner.to_owned());
        self.schemas.insert(name.to_owned(), schema);
        self.component(name);
    }

    /// What is asserted, with each branch of the unions that stand beside it.
    fn spread(&mut self, owner: &str, asserted: Schema, mut unions: Vec<Schema>) -> Value {
        if unions.is_empty() {
            return asserted.into();
        }
        let mut union = unions.remove(0);
        let says_nothing = asserted.iter().all(|(key, value)| key == "type" && value == "object");
        if says_nothing && unions.is_empty() {
            return union.into();
        }
        let mut beside: Vec<Value> = Vec::new();
        if !asserted.is_empty() {
            beside.push(asserted.into());
        }
        beside.extend(unions.into_iter().map(Value::from));
        let branches = union.get("oneOf").and_then(Value::as_array).cloned().unwrap_or_default();
        let mut spread = Vec::new();
        for (index, branch) in branches.into_iter().enumerate() {
            let target = followed(&self.schemas, &branch);
            let excluded = beside.iter().any(|part| {
                let kinds = (kind(part), kind(target));
                matches!(kinds, (Some(a), Some(b)) if a != b && !(is_number(a) && is_number(b)))
            });
            // No value is such a branch and what stands beside it.
            if excluded {
                continue;
            }
            let named = refers_to(&branch).map(str::to_owned);
            let part = match &named {
                Some(name) if owner.len() + name.len() <= LONGEST_NAME => {
                    name.strip_prefix(owner).unwrap_or(name).to_owned()
                }
                _ => format!("Variant{index}"),
            };
            let place = join(&join("/components/schemas", owner), "oneOf");
            let mut parts = beside.clone();
            parts.push(branch.clone());
            let whole = self.made_of(owner, &part, &place, parts);
            // A mapping names the branch; it means what the branch has become.
            if let (Some(from), Some(to)) = (refers_to(&branch), schema_reference(&whole)) {
                remap(&mut union, from, to);
            }
            spread.push(whole);
        }
        union.insert("oneOf".to_owned(), spread.into());
        union.into()
    }
}

/// An `allOf` of one reference and of members that say nothing, as a reference alone.
fn alias(schema: &Value) -> Option<Value> {
    let says_nothing = |member: &&Value| {
        let mut keys = member.as_object().into_iter().flat_map(Map::keys);
        keys.all(|key| key != "x-sensitive" && key != "type" && ANNOTATIONS.contains(&key.as_str()))
    };
    let (silent, others): (Vec<&Value>, Vec<&Value>) =
        members(schema, "allOf").partition(says_nothing);
    let [only] = others.as_slice() else { return None };
    schema_reference(only)?;
    let mut alias = schema.as_object()?.clone();
    for (key, value) in silent.into_iter().filter_map(Value::as_object).flatten() {
        alias.entry(key).or_insert_with(|| value.clone());
    }
    alias.insert("allOf".to_owned(), json!([only]));
    Some(alias.into())
}

/// Lets the mapping of a union's discriminator name another component.
fn remap(union: &mut Schema, from: &str, to: &str) {
    let Some(tag) = union.get_mut(notes::TAG) else { return };
    let mapping = tag.get_mut("mapping").and_then(Value::as_object_mut);
    for target in mapping.into_iter().flat_map(Map::values_mut) {
        if target == from {
            *target = to.into();
        }
    }
}

/// The tighter one of two bounds.
fn tighter(a: &Value, b: &Value, lower: bool) -> Value {
    let a_is_less = a.as_f64().unwrap_or_default() < b.as_f64().unwrap_or_default();
    if a_is_less == lower { b.clone() } else { a.clone() }
}

/// The type that all values of `schema` have, where one is told.
fn kind(schema: &Value) -> Option<&str> {
    schema.get("type").and_then(Value::as_str)
}

fn is_number(kind: &str) -> bool {
    matches!(kind, "integer" | "number")
}

/// Whether `schema` says nothing of its values, not even in limits of a type that it does not name.
fn binds_nothing(schema: &Value) -> bool {
    let annotates = |key: &String| key != "type" && ANNOTATIONS.contains(&key.as_str());
    is_any(schema) && schema.as_object().is_none_or(|schema| schema.keys().all(annotates))
}

/// Whether `schema` says no more than its type, where `other` has that type too.
fn says_no_more(schema: &Value, other: &Value) -> bool {
    let more = |key: &String| key != "type" && !ANNOTATIONS.contains(&key.as_str());
    let only_type = schema.as_object().is_some_and(|schema| !schema.keys().any(more));
    let kinds = (kind(schema), kind(other));
    only_type && (kinds.0 == kinds.1 || kinds == (Some("number"), Some("integer")))
}

/// A schema at a place: what it is, and what is said about it there.
fn split(schema: &Value) -> (Value, Schema) {
    if schema_reference(schema).is_some() {
        return (schema.clone(), Map::new());
    }
    let Some(map) = schema.as_object() else { return (json!({}), Map::new()) };
    let about = |key: &str| key != "type" && key != "x-sensitive" && ANNOTATIONS.contains(&key);
    let (annotations, core): (Schema, Schema) =
        map.clone().into_iter().partition(|(key, _)| about(key));
    let core = Value::from(core);
    let alone = refers_to(&core).filter(|_| core.as_object().is_some_and(|core| core.len() == 1));
    (alone.map_or_else(|| core.clone(), reference_to), annotations)
}

/// The inverse of [`split`].
fn joined(core: Value, mut annotations: Schema) -> Value {
    if annotations.is_empty() {
        return core;
    }
    match core {
        Value::Object(core) if !core.contains_key("$ref") => annotations.extend(core),
        core => drop(annotations.insert("allOf".to_owned(), json!([core]))),
    }
    annotations.into()
}
