//! What the steps of shaping share: the document in their hands, and how it refers to its parts.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use serde_json::{Map, Value};

use super::notes;
use crate::{naming, plan::Plan};

/// Keywords that assert something of an instance by putting schemas together.
pub(super) const COMPOSITIONS: [&str; 3] = ["allOf", "oneOf", "anyOf"];

/// Keywords that say something about a schema and assert nothing of an instance.
pub(super) const ANNOTATIONS: [&str; 10] = [
    "description",
    "nullable",
    "deprecated",
    "readOnly",
    "writeOnly",
    "example",
    "x-sensitive",
    "type",
    notes::TITLE,
    notes::TAG,
];

/// Something that the generated client expresses less exactly than the contract does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Degradation {
    /// JSON pointer into the contract.
    pub pointer: String,
    /// What it is reduced to, and why.
    pub message: String,
}

impl fmt::Display for Degradation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.pointer, self.message)
    }
}

/// A document that progenitor takes, and what it no longer says.
#[derive(Debug, Clone)]
pub(crate) struct Shaped {
    /// The document, OpenAPI 3.0.
    pub(crate) document: Value,
    /// What the passes have to restore.
    pub(crate) plan: Plan,
    /// What is lost for good.
    pub(crate) degradations: Vec<Degradation>,
    /// The type names that are in use.
    pub(super) taken: BTreeSet<String>,
    /// Where in the contract a component came from, by its type name.
    pub(crate) origins: BTreeMap<String, String>,
    /// The components that no page publishes, each with the type that it is a part of.
    pub(super) hoisted: BTreeMap<String, String>,
    /// The entries of the manifest on pages that an operation follows.
    pub(crate) paged: BTreeSet<usize>,
    /// The published components that are `allOf` another one and more, by that one.
    pub(super) subtypes: BTreeMap<String, Vec<String>>,
}

impl Shaped {
    /// A document of which nothing has been shaped.
    pub(super) fn new(document: Value) -> Self {
        Self {
            document,
            plan: Plan::default(),
            degradations: Vec::new(),
            taken: BTreeSet::new(),
            origins: BTreeMap::new(),
            hoisted: BTreeMap::new(),
            paged: BTreeSet::new(),
            subtypes: BTreeMap::new(),
        }
    }

    /// Notes that the part at `pointer` is expressed less exactly from now on.
    pub(super) fn degrade(&mut self, pointer: &str, message: impl Into<String>) {
        let pointer = self.origin(pointer);
        // A further body of an operation stands where its operation does.
        let pointer = match pointer.split_once(naming::BODY) {
            Some((path, rest)) => {
                format!("{path}{}", rest.find('/').map_or("", |slash| &rest[slash..]))
            }
            None => pointer,
        };
        let degradation = Degradation { pointer, message: message.into() };
        if !self.degradations.contains(&degradation) {
            self.degradations.push(degradation);
        }
    }

    /// The place in the contract of the part at `pointer`.
    pub(super) fn origin(&self, pointer: &str) -> String {
        let component = pointer
            .strip_prefix("/components/schemas/")
            .map(|rest| rest.split_once('/').unwrap_or((rest, "")));
        let origin = component.and_then(|(name, rest)| Some((self.origins.get(name)?, rest)));
        match origin {
            Some((origin, "")) => origin.clone(),
            Some((origin, rest)) => format!("{origin}/{rest}"),
            None => pointer.to_owned(),
        }
    }

    /// A type name that nothing else has: `wanted`, or with a number behind it.
    pub(super) fn take_name(&mut self, wanted: &str) -> String {
        let mut name = self.renamed(wanted);
        if self.taken.contains(&name) {
            let numbered =
                naming::unique(&name, |name| self.taken.contains(&naming::component_name(name)));
            name = naming::component_name(&numbered);
        }
        self.taken.insert(name.clone());
        name
    }

    /// The type name that `wanted` comes to where nothing else has it: its form in Rust, or what the
    /// settings call it.
    pub(super) fn renamed(&self, wanted: &str) -> String {
        let name = naming::component_name(wanted);
        let patch = self.plan.types.patch.get(&name);
        let rename = patch.and_then(|patch| patch.rename.as_deref());
        rename.map_or(name, naming::component_name)
    }

    /// The object at `section` of the components, made if it is not there.
    pub(super) fn components(&mut self, section: &str) -> &mut Map<String, Value> {
        object_entry(object_entry(object(&mut self.document), "components"), section)
    }
}

/// The object in `value`; anything else is replaced by an empty one.
///
/// Documents come from outside: where an object has to stand and something else does, no client
/// could be made of it anyway.
pub(crate) fn object(value: &mut Value) -> &mut Map<String, Value> {
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    value.as_object_mut().expect("an object was just put there")
}

/// The object at `key` of `map`, made if it is not there.
pub(crate) fn object_entry<'a>(
    map: &'a mut Map<String, Value>,
    key: &str,
) -> &'a mut Map<String, Value> {
    object(map.entry(key).or_insert_with(|| Value::Object(Map::new())))
}

/// The name of the schema component that `value` refers to, if it is a reference to one.
pub(super) fn schema_reference(value: &Value) -> Option<&str> {
    value.get("$ref")?.as_str()?.strip_prefix("#/components/schemas/")
}

/// A reference to the schema component `name`.
pub(super) fn reference_to(name: &str) -> Value {
    serde_json::json!({ "$ref": format!("#/components/schemas/{}", pagebind::pointer::escape(name)) })
}

/// The members of a composition.
pub(super) fn members<'a>(schema: &'a Value, keyword: &str) -> impl Iterator<Item = &'a Value> {
    schema.get(keyword).and_then(Value::as_array).into_iter().flatten()
}

/// The component that `schema` refers to, at its place or as the only member of an `allOf`.
pub(super) fn refers_to(schema: &Value) -> Option<&str> {
    schema_reference(schema).or_else(|| {
        let mut all = members(schema, "allOf");
        all.next().filter(|_| all.next().is_none()).and_then(schema_reference)
    })
}

/// What `schema` is once references alone are followed.
pub(super) fn followed<'a>(schemas: &'a Map<String, Value>, schema: &'a Value) -> &'a Value {
    let mut schema = schema;
    // A cycle of references leads nowhere; the number of components bounds it.
    for _ in 0..=schemas.len() {
        match refers_to(schema).and_then(|name| schemas.get(name)) {
            Some(target) => schema = target,
            None => break,
        }
    }
    schema
}

/// Whether `schema` asserts nothing: any value is one of its instances.
pub(super) fn is_any(schema: &Value) -> bool {
    let keywords = ["type", "$ref", "not", "enum", "allOf", "oneOf", "anyOf"];
    !keywords.iter().any(|keyword| schema.get(keyword).is_some())
}
