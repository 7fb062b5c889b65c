//! The source of a shaped document, and which part of one progenitor refuses.
//!
//! It asserts instead of reporting, and names no place. Shaping knows its traps; for one that it does
//! not know, the part of the document that is refused is found by generating parts, so that the report
//! names an operation or a schema.

use std::collections::BTreeMap;

use openapiv3::OpenAPI;
use pagebind::{
    diagnostic::{Diagnostic, Diagnostics},
    document::METHODS,
    pointer::join,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{
    generator,
    plan::Plan,
    settings::contract_place,
    shape::{reach::reached, structs::Structs},
    write::{self, Unwritten},
};

/// How many refused parts a report names.
const MOST: usize = 10;

/// The source that is made of a shaped document, which `again` gives once more where it is refused: until then
/// nobody needs it. `origins` tells where in the contract a component came from.
pub(crate) fn source(
    mut document: Value,
    again: impl Fn() -> Result<Value, Diagnostics>,
    plan: &Plan,
    origins: &BTreeMap<String, String>,
) -> Result<String, Diagnostics> {
    let structs = Structs::take(&mut document, plan);
    let written = match OpenAPI::deserialize(document) {
        Ok(document) => write::source(document, &structs, plan),
        Err(_) => write::source(generator::read(&again()?)?, &Structs::default(), plan),
    };
    match written {
        Ok(source) => Ok(source),
        Err(Unwritten::Unmatched(problem)) => Err(problem.into()),
        Err(Unwritten::Refused(cause)) => {
            let parts = refused_parts(&again()?, plan, origins);
            let problems = if parts.is_empty() { vec![refused(&cause, "")] } else { parts };
            Diagnostics::check(problems)?;
            Err(refused(&cause, "").into())
        }
    }
}

fn refused(cause: &str, pointer: &str) -> Diagnostic {
    let place =
        if pointer.is_empty() { contract_place() } else { contract_place().pointer(pointer) };
    Diagnostic::finding(format!("progenitor can't generate this: {cause}"))
        .place(place)
        .help("shaping does not know this case yet; until it does, correct the contract there in overlay.yaml")
}

/// The schemas that are refused on their own; if there is none, the operations.
fn refused_parts(
    document: &Value,
    plan: &Plan,
    origins: &BTreeMap<String, String>,
) -> Vec<Diagnostic> {
    let empty = Map::new();
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
    let schemas = schemas.unwrap_or(&empty);
    let cause = |paths: Value, roots: &[Value]| {
        let used = reached(schemas, roots);
        let used: Map<String, Value> = schemas
            .iter()
            .filter(|(name, _)| used.contains(*name))
            .map(|(name, schema)| (name.clone(), schema.clone()))
            .collect();
        let mut part = document.clone();
        part["paths"] = paths;
        part["components"] = json!({ "schemas": used });
        match generator::read(&part).map(|part| write::parsed(part, &Structs::default(), plan)) {
            Err(problem) => Some(problem.message),
            Ok(Err(Unwritten::Refused(cause))) => Some(cause),
            Ok(_) => None,
        }
    };
    let of_schemas = schemas.keys().filter_map(|name| {
        let root = json!({ "$ref": format!("#/components/schemas/{name}") });
        let cause = cause(json!({}), &[root])?;
        let place = join("/components/schemas", name);
        Some(refused(&cause, origins.get(name).unwrap_or(&place)))
    });
    let of_schemas: Vec<Diagnostic> = of_schemas.take(MOST).collect();
    if !of_schemas.is_empty() {
        return of_schemas;
    }
    let paths = document.get("paths").and_then(Value::as_object).unwrap_or(&empty);
    let operations = paths.iter().flat_map(|(path, item)| {
        METHODS.into_iter().filter_map(move |method| Some((path, method, item.get(method)?)))
    });
    let of_operations = operations.filter_map(|(path, method, operation)| {
        let cause = cause(json!({ path: { method: operation } }), std::slice::from_ref(operation))?;
        Some(refused(&cause, &join(&join("/paths", path), method)))
    });
    of_operations.take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// What is said of a shaped document that no source comes of.
    fn said(document: &Value, origins: &[(&str, &str)]) -> String {
        let origins = origins.iter().map(|(name, at)| ((*name).to_owned(), (*at).to_owned()));
        let again = || Ok(document.clone());
        let source = source(document.clone(), again, &Plan::default(), &origins.collect());
        source.unwrap_err().to_string()
    }

    #[test]
    fn a_schema_that_progenitor_refuses_is_named_where_the_contract_has_it() {
        let missing = json!({ "$ref": "#/components/schemas/Missing" });
        let document = json!({
            "openapi": "3.0.3",
            "info": { "title": "a", "version": "1" },
            "paths": {},
            "components": { "schemas": {
                "Card": { "type": "object", "properties": { "a": { "type": "string" } } },
                "Order": { "type": "object", "properties": { "a": missing } },
            } },
        });
        let said = said(&document, &[("Order", "/paths/~1orders/post/requestBody")]);
        assert!(said.contains("/paths/~1orders/post/requestBody"), "{said}");
        assert!(
            said.contains("progenitor can't generate this") && !said.contains("Card"),
            "{said}"
        );
    }

    #[test]
    fn what_is_no_document_is_refused_with_its_place() {
        let said = said(&json!({ "openapi": "3.0.3", "info": { "title": 1 }, "paths": {} }), &[]);
        assert!(said.contains("/info/title"), "{said}");
        assert!(said.contains("not an OpenAPI 3.0 document: invalid type"), "{said}");
        let info = json!({ "title": "a", "version": "1" });
        let document =
            json!({ "openapi": "3.0.3", "info": info, "paths": {}, "tags": [{ "name": 1 }] });
        let said = self::said(&document, &[]);
        assert!(said.contains("the contract at /tags/0/name"), "{said}");
    }
}
