//! The structs of a shaped document, taken out of it.
//!
//! All that there is to say of a struct stands in the document and the plan, but for what Rust calls the types of
//! its fields. So typify, which would write each struct to be parsed and changed, gets to see each of these types
//! once, as a field of one struct that has all of them; a struct of the document it knows by name alone.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Map, Value, json};

use super::{
    cycles::{self, Parts, parts_of},
    shaped::{object, object_entry},
};
use crate::{naming, plan::Plan};

/// The structs of a document.
#[derive(Debug, Default)]
pub(crate) struct Structs {
    /// What each is made of, by its name.
    pub(crate) by_name: BTreeMap<String, Struct>,
    /// The component that has a field of each type, called `t` and a number; no other's name begins like this.
    pub(crate) types: String,
}

/// A struct.
#[derive(Debug)]
pub(crate) struct Struct {
    /// What the publisher says of it.
    pub(crate) description: Option<String>,
    /// Its members, by the names of their fields.
    pub(crate) members: BTreeMap<String, Member>,
    /// The number of the type that holds the members without a name, if it keeps any.
    pub(crate) further: Option<usize>,
}

/// A member of a struct.
#[derive(Debug)]
pub(crate) struct Member {
    /// What the publisher says of it.
    pub(crate) description: Option<String>,
    /// The number of its type.
    pub(crate) of: usize,
    /// Whether it holds its struct again, for which there is no room but on the heap.
    pub(crate) boxed: bool,
}

impl Structs {
    /// Takes the structs of the plan out of a document, where names alone are left.
    pub(crate) fn take(document: &mut Value, plan: &Plan) -> Self {
        let components = object_entry(object(document), "components");
        let schemas = object_entry(components, "schemas");
        let held: Parts = schemas.iter().map(|(name, one)| (name.clone(), held(one))).collect();
        let cycles = cycles::on_cycles(&held);
        let holds_itself = |name: &str, member: &Value| {
            let cycle = cycles.get(name);
            let of_itself = |part: &String| cycles.get(part.as_str()) == cycle;
            cycle.is_some() && parts_of(member).iter().any(of_itself)
        };
        let mut types = Types::default();
        let mut by_name = BTreeMap::new();
        for (name, fields) in &plan.fields {
            let schema = schemas.get_mut(name).filter(|schema| is_struct(schema));
            let Some(schema) = schema.filter(|_| !plan.stand_ins.contains_key(name)) else {
                continue;
            };
            let members = schema.get("properties").and_then(Value::as_object);
            let members = fields.iter().map(|(field, planned)| {
                let member = members?.get(&planned.wire).or_else(|| members?.get(field))?;
                let boxed = holds_itself(name, member);
                let member =
                    Member { description: description(member), of: types.number(member), boxed };
                Some((field.clone(), member))
            });
            let Some(members) = members.collect() else { continue };
            let further = schema.get("additionalProperties").filter(|it| it.is_object());
            let further = further.map(|more| {
                types.number(&json!({ "type": "object", "additionalProperties": more }))
            });
            by_name.insert(
                name.clone(),
                Struct { description: description(schema), members, further },
            );
            *schema = json!({});
        }
        let begins_one = |name: &str| schemas.keys().any(|other| other.starts_with(name));
        let of_fields = naming::unique("Fields", begins_one);
        if !types.schemas.is_empty() {
            schemas.insert(of_fields.clone(), types.into_component());
        }
        Self { by_name, types: of_fields }
    }
}

/// Whether typify would make a struct of a component, and nothing else.
fn is_struct(schema: &Value) -> bool {
    let has = |key: &str| schema.get(key).is_some();
    let members = schema.get("properties").and_then(Value::as_object);
    let closed = schema.get("additionalProperties") == Some(&json!(false));
    schema.get("type").and_then(Value::as_str) == Some("object")
        && members.is_some_and(|members| closed || !members.is_empty())
        && !["nullable", "enum", "not", "allOf", "anyOf", "oneOf"].into_iter().any(has)
}

/// The components that a value of a component holds, and not on the heap.
fn held(schema: &Value) -> BTreeSet<String> {
    let members = schema.get("properties").and_then(Value::as_object);
    let members = members.into_iter().flat_map(Map::values);
    std::iter::once(schema).chain(members).flat_map(parts_of).collect()
}

fn description(schema: &Value) -> Option<String> {
    schema.get("description").and_then(Value::as_str).map(str::to_owned)
}

/// The schemas of all fields, each once.
#[derive(Default)]
struct Types {
    schemas: Vec<Value>,
    numbers: HashMap<String, usize>,
}

impl Types {
    /// The number of the type of a member with this schema.
    fn number(&mut self, schema: &Value) -> usize {
        let mut schema = schema.clone();
        // What is said of a member is nothing of its type.
        let said = ["description", "deprecated", "readOnly", "writeOnly"];
        object(&mut schema)
            .retain(|key, _| !said.contains(&key.as_str()) && !key.starts_with("x-"));
        *self.numbers.entry(schema.to_string()).or_insert_with(|| {
            self.schemas.push(schema);
            self.schemas.len() - 1
        })
    }

    fn into_component(self) -> Value {
        let members = self.schemas.into_iter().enumerate();
        let members: Map<String, Value> =
            members.map(|(number, schema)| (format!("t{number}"), schema)).collect();
        let required: Vec<&String> = members.keys().collect();
        json!({ "type": "object", "required": required, "properties": members })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::generate;

    /// The source of a client with these objects, by their members.
    fn source(objects: &Value) -> String {
        let objects = objects.as_object().unwrap().iter();
        let schemas: serde_json::Map<String, Value> = objects
            .map(|(name, members)| {
                (name.clone(), json!({ "type": "object", "properties": members }))
            })
            .collect();
        let generated = generate(&json!({
            "openapi": "3.1.0",
            "info": { "title": "a", "version": "1" },
            "paths": {},
            "components": { "schemas": schemas },
        }));
        generated.unwrap().source
    }

    #[test]
    fn a_member_is_on_the_heap_where_it_holds_its_struct_again_and_nowhere_else() {
        let of = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
        let source = source(&json!({
            "Tree": {
                "parent": of("Tree"),
                "list": { "type": "array", "items": of("Tree") },
                "leaf": of("Leaf"),
                "either": { "oneOf": [of("Tree"), of("Leaf")] },
            },
            "Leaf": { "text": { "type": "string" } },
            "Owner": { "tree": of("Tree") },
            "Odd": { "even": of("Even") },
            "Even": { "odd": of("Odd") },
        }));
        for field in [
            "parent: ::std::option::Option<::std::boxed::Box<Tree>>",
            "list: ::std::option::Option<::std::vec::Vec<Tree>>",
            "leaf: ::std::option::Option<Leaf>",
            "either: ::std::option::Option<::std::boxed::Box<TreeEither>>",
            "tree: ::std::option::Option<Tree>",
            "even: ::std::option::Option<::std::boxed::Box<Even>>",
            "odd: ::std::option::Option<::std::boxed::Box<Odd>>",
        ] {
            assert!(source.contains(&format!("pub {field},")), "{field}\n{source}");
        }
    }

    #[test]
    fn an_object_of_no_members_is_an_empty_struct_and_one_of_any_a_map() {
        let closed = json!({ "type": "object", "additionalProperties": false });
        let generated = generate(&json!({
            "openapi": "3.1.0",
            "info": { "title": "a", "version": "1" },
            "paths": {},
            "components": { "schemas": {
                "Closed": closed,
                "ClosedToo": { "type": "object", "properties": {}, "additionalProperties": false },
                "Open": { "type": "object", "properties": {} },
                "Owner": { "type": "object", "properties": { "a": closed } },
            } },
        }));
        let source = generated.unwrap().source;
        for definition in [
            "pub struct Closed {}",
            "pub struct ClosedToo {}",
            "pub struct OwnerA {}",
            "pub a: ::std::option::Option<OwnerA>,",
            "pub struct Open(\n        pub ::pagebind_client::__private::serde_json::Map<",
        ] {
            assert!(source.contains(definition), "{definition}\n{source}");
        }
    }

    #[test]
    fn a_component_may_be_called_as_what_holds_the_types_of_fields() {
        let source = source(&json!({
            "Fields": { "a": { "type": "string" } },
            "FieldsT0": { "a": { "type": "integer" } },
        }));
        assert!(
            source.contains(
                "pub struct Fields {\n        pub a: ::std::option::Option<::std::string::String>,"
            ),
            "{source}"
        );
        assert!(
            source.contains("pub struct FieldsT0 {\n        pub a: ::std::option::Option<i64>,"),
            "{source}"
        );
        assert!(!source.contains("Fields2"), "{source}");
    }
}
