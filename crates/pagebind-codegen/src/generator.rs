//! Progenitor at work on a shaped document, and what it says where it refuses one.
//!
//! It asserts instead of reporting, and names no place. Shaping knows its traps; for one that it does
//! not know, the part of the document that is refused is found by generating parts, so that the report
//! names an operation or a schema.

use std::{
    cell::Cell,
    collections::BTreeMap,
    panic::{self, AssertUnwindSafe},
    sync::Once,
};

use pagebind::{
    diagnostic::{Diagnostic, Diagnostics},
    document::METHODS,
    pointer::join,
};
use proc_macro2::TokenStream;
use progenitor_impl::{
    GenerationSettings, Generator, HooksMode, InterfaceStyle, TypeImpl, TypePatch,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{
    passes,
    plan::Plan,
    settings::contract_place,
    shape::reach::reached,
    write::{self, Unwritten},
};

/// How many refused parts a report names.
const MOST: usize = 10;

/// The source that is made of a shaped document; `origins` tells where in the contract a component
/// came from.
pub(crate) fn run(
    document: &Value,
    plan: &Plan,
    origins: &BTreeMap<String, String>,
) -> Result<String, Diagnostics> {
    let typed = read(document)?;
    match tokens(typed, plan).and_then(|tokens| write::source(tokens, plan)) {
        Ok(source) => Ok(source),
        Err(Unwritten::Unmatched(problem)) => Err(problem.into()),
        Err(Unwritten::Refused(cause)) => {
            let parts = refused_parts(document, plan, origins);
            let problems = if parts.is_empty() { vec![refused(&cause, "")] } else { parts };
            Diagnostics::check(problems)?;
            Err(refused(&cause, "").into())
        }
    }
}

/// A document in the form that progenitor reads.
pub(crate) fn read(document: &Value) -> Result<openapiv3::OpenAPI, Diagnostic> {
    // Where an error stands is looked for once there is one: that takes as long again.
    if let Ok(typed) = openapiv3::OpenAPI::deserialize(document) {
        return Ok(typed);
    }
    serde_path_to_error::deserialize(document).map_err(|error| {
        let pointer = error
            .path()
            .iter()
            .fold(String::new(), |pointer, segment| join(&pointer, &segment.to_string()));
        Diagnostic::finding(format!("not an OpenAPI 3.0 document: {}", error.inner()))
            .place(contract_place().pointer(pointer))
            .help("correct it with an action in overlay.yaml")
    })
}

/// What progenitor makes of a document.
pub(crate) fn tokens(document: openapiv3::OpenAPI, plan: &Plan) -> Result<TokenStream, Unwritten> {
    let mut generator = Generator::new(&settings(plan));
    let tokens = quietly(|| generator.generate_tokens(&document)).and_then(|tokens| {
        let tokens: TokenStream = tokens.map_err(|error| error.to_string())?;
        Ok(tokens)
    });
    // Each as large as what was made of it, and of no more use.
    drop((document, generator));
    tokens.map(passes::without_what_they_write).map_err(Unwritten::Refused)
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
        match read(&part).map(|part| tokens(part, plan).and_then(write::parse)) {
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

thread_local! {
    /// Whether a panic of this thread is caught and reported.
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work`, whose panics are errors and print nothing.
fn quietly<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let others = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !CAUGHT.get() {
                others(info);
            }
        }));
    });
    CAUGHT.set(true);
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    CAUGHT.set(false);
    done.map_err(|cause| {
        let text = cause
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| cause.downcast_ref::<&str>().copied());
        text.unwrap_or("without a message").to_owned()
    })
}

/// The types that text of these formats becomes.
const FORMATS: [(&str, &str); 3] = [
    ("date-time", "::pagebind_client::DateTime"),
    ("date", "::pagebind_client::Date"),
    ("uuid", "::pagebind_client::Uuid"),
];

fn settings(plan: &Plan) -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote::quote!(pagebind_client::Session));
    let types = &plan.types;
    for derive in &types.derives {
        settings.with_derive(derive);
    }
    for (name, patch) in &types.patch {
        let mut derives = TypePatch::default();
        for derive in &patch.derives {
            derives.with_derive(derive);
        }
        settings.with_patch(patch.rename.as_ref().unwrap_or(name), &derives);
    }
    for (name, by) in &types.replace {
        settings.with_replacement(name, by, std::iter::empty());
    }
    let ours = FORMATS.into_iter().filter(|(format, _)| !types.convert.contains_key(*format));
    let theirs = types.convert.iter().map(|(format, path)| (format.as_str(), path.as_str()));
    for (format, name) in ours.chain(theirs) {
        for schema in converted(format) {
            let schema = serde_json::from_value(schema).expect("a type and a format are a schema");
            let claimed = [TypeImpl::Display, TypeImpl::FromStr].into_iter();
            settings.with_conversion(schema, name, claimed);
        }
    }
    for operation in plan.operations.values() {
        for name in [&operation.success_type, &operation.error_type].into_iter().flatten() {
            settings.with_replacement(name, format!("types::{name}"), std::iter::empty());
        }
    }
    for (stand_in, of) in &plan.stand_ins {
        settings.with_replacement(stand_in, of, std::iter::empty());
    }
    settings
}

/// The schemas whose values have a format: text and numbers, or all numbers of a type.
fn converted(format: &str) -> Vec<Value> {
    match format {
        "integer" | "number" => vec![json!({ "type": format })],
        _ => ["string", "integer", "number"]
            .map(|of| json!({ "type": of, "format": format }))
            .to_vec(),
    }
}
