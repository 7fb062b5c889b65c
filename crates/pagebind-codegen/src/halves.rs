//! A document in two halves: one of which types are made, and one of which operations are.
//!
//! Progenitor makes both one after the other, and what it makes can't leave its thread. But operations say no
//! more of types than their names, and of those of bodies that they are built: with outlines of the components
//! they come out the same, on a thread of their own.

use std::collections::BTreeSet;

use openapiv3::{
    AdditionalProperties, AnySchema, Components, ObjectType, OpenAPI, ReferenceOr, Schema,
    SchemaData, SchemaKind, Type,
};

use crate::shape::structs::Structs;

/// Both halves, each a document.
pub(crate) struct Halves {
    /// All components, and no operations.
    pub(crate) types: OpenAPI,
    /// All operations, and outlines of the components.
    pub(crate) operations: OpenAPI,
    /// The components of which operations say no more than the name.
    pub(crate) named: Vec<String>,
}

/// Takes a shaped document apart.
pub(crate) fn of(mut document: OpenAPI, structs: &Structs) -> Halves {
    let bodies = bodies(&document);
    let mut named = Vec::new();
    let components = document.components.get_or_insert_default();
    let of_operations = components.schemas.iter().filter(|(name, _)| **name != structs.types);
    let outlines = of_operations.map(|(name, schema)| {
        let is_struct = |schema: &Schema| structs.by_name.contains_key(name) || is_struct(schema);
        let outline = match schema {
            ReferenceOr::Item(schema) if is_struct(schema) && bodies.contains(name) => {
                empty_struct()
            }
            ReferenceOr::Item(schema) if is_struct(schema) || is_union(schema) => {
                named.push(name.clone());
                SchemaKind::Any(AnySchema::default())
            }
            _ => return (name.clone(), schema.clone()),
        };
        let outline = Schema { schema_data: SchemaData::default(), schema_kind: outline };
        (name.clone(), ReferenceOr::Item(outline))
    });
    let outlines = outlines.collect();
    let schemas = std::mem::replace(&mut components.schemas, outlines);
    let types = OpenAPI {
        openapi: document.openapi.clone(),
        info: document.info.clone(),
        components: Some(Components { schemas, ..Components::default() }),
        ..OpenAPI::default()
    };
    Halves { types, operations: document, named }
}

/// The components that bodies of requests are.
fn bodies(document: &OpenAPI) -> BTreeSet<String> {
    let bodies = document.operations().filter_map(|(_, _, it)| it.request_body.as_ref()?.as_item());
    let schemas = bodies.flat_map(|body| body.content.values()).filter_map(|it| it.schema.as_ref());
    schemas.filter_map(component).map(str::to_owned).collect()
}

/// The component that a schema is; words of its own stand beside an `allOf` of that alone.
fn component(schema: &ReferenceOr<Schema>) -> Option<&str> {
    match schema {
        ReferenceOr::Reference { reference } => Some(reference.rsplit_once('/')?.1),
        ReferenceOr::Item(schema) => match &schema.schema_kind {
            SchemaKind::AllOf { all_of } if all_of.len() == 1 => component(&all_of[0]),
            _ => None,
        },
    }
}

/// Whether a component becomes a struct, for which there is a builder.
fn is_struct(schema: &Schema) -> bool {
    matches!(&schema.schema_kind, SchemaKind::Type(Type::Object(it)) if !it.properties.is_empty())
}

fn is_union(schema: &Schema) -> bool {
    matches!(schema.schema_kind, SchemaKind::OneOf { .. })
}

fn empty_struct() -> SchemaKind {
    let nothing = Some(AdditionalProperties::Any(false));
    let object = ObjectType { additional_properties: nothing, ..ObjectType::default() };
    SchemaKind::Type(Type::Object(object))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::{Value, json};

    /// The names behind each `before` in `source`.
    fn names<'a>(source: &'a str, before: &'a str) -> impl Iterator<Item = &'a str> {
        let pieces = source.split(before).skip(1);
        pieces.map(|piece| piece.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default())
    }

    #[test]
    fn operations_name_no_type_that_the_other_half_lacks() {
        let card = json!({ "$ref": "#/components/schemas/Card" });
        let schemas = [
            json!({ "not": {} }),
            json!({ "enum": ["a", null] }),
            json!({ "enum": [1, "a", true] }),
            json!({ "type": "string", "format": "uuid", "maxLength": 36 }),
            json!({ "type": "integer", "minimum": 1, "maximum": 9 }),
            json!({ "type": "array", "items": { "not": {} } }),
            json!({ "type": "array", "items": { "enum": ["a"] }, "maxItems": 2 }),
            json!({ "type": "object", "required": ["a"] }),
            json!({ "type": "object", "additionalProperties": { "properties": { "a": card } } }),
            json!({ "type": ["object", "null"], "properties": { "a": card } }),
            json!({ "oneOf": [card, { "not": {} }, { "type": "string" }] }),
            json!({ "allOf": [card], "description": "The card." }),
            json!({ "$ref": "#/components/schemas/Uuid" }),
            json!({ "$ref": "#/components/schemas/Alias" }),
        ];
        let operation = |schema: &Value| {
            let content = json!({ "application/json": { "schema": schema } });
            json!({ "post": {
                "parameters": [{ "name": "a", "in": "query", "schema": schema }],
                "requestBody": { "content": content },
                "responses": { "200": { "description": "", "content": content } },
            } })
        };
        let paths = schemas.iter().enumerate();
        let paths = paths.map(|(index, schema)| (format!("/{index}"), operation(schema)));
        let source = crate::generate(&json!({
            "openapi": "3.1.0",
            "info": { "title": "a", "version": "1" },
            "paths": paths.collect::<serde_json::Map<_, _>>(),
            "components": { "schemas": {
                "Card": { "type": "object", "properties": { "a": { "type": "string" } } },
                "Alias": card,
                "Uuid": { "type": "string", "format": "uuid" },
            } },
        }));
        let source = source.unwrap().source;
        let of_types = ["pub struct ", "pub enum ", "pub type "];
        let made: BTreeSet<&str> =
            of_types.into_iter().flat_map(|before| names(&source, before)).collect();
        let named: BTreeSet<&str> =
            names(&source, "types::").filter(|name| *name != "builder").collect();
        assert!(named.len() > 10 && named.is_subset(&made), "{:?}", &named - &made);
    }
}
