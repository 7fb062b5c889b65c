//! Progenitor at work on a shaped document. It asserts instead of reporting, which is taken for an error here.

use std::{
    cell::Cell,
    panic::{self, AssertUnwindSafe},
    sync::Once,
};

use openapiv3::OpenAPI;
use pagebind::{diagnostic::Diagnostic, pointer::join};
use proc_macro2::TokenStream;
use progenitor_impl::{
    GenerationSettings, Generator, HooksMode, InterfaceStyle, TypeImpl, TypePatch,
};
use serde::Deserialize;
use serde_json::{Value, json};
use serde_path_to_error::Segment;

use crate::{plan::Plan, settings::contract_place, shape::structs::Structs, tokens};

/// A document in the form that progenitor reads.
pub(crate) fn read(document: &Value) -> Result<OpenAPI, Diagnostic> {
    // Where an error stands is looked for once there is one: that takes as long again.
    if let Ok(typed) = OpenAPI::deserialize(document) {
        return Ok(typed);
    }
    serde_path_to_error::deserialize(document).map_err(|error| {
        let pointer = error
            .path()
            .iter()
            .map(|segment| match segment {
                // It is shown in brackets, which a pointer does not have (RFC 6901, section 4).
                Segment::Seq { index } => index.to_string(),
                segment => segment.to_string(),
            })
            .fold(String::new(), |pointer, segment| join(&pointer, &segment));
        Diagnostic::finding(format!("not an OpenAPI 3.0 document: {}", error.inner()))
            .place(contract_place().pointer(pointer))
            .help("correct it with an action in overlay.yaml")
    })
}

/// The types that progenitor makes of a document, or why it refuses that. Their builders are ours to write.
pub(crate) fn types(
    document: &OpenAPI,
    structs: &Structs,
    plan: &Plan,
) -> Result<TokenStream, String> {
    let mut settings = settings(plan);
    for name in plan.enums.keys() {
        let claimed = [TypeImpl::Display, TypeImpl::FromStr].into_iter();
        settings.with_replacement(name, name, claimed);
    }
    for name in structs.by_name.keys() {
        settings.with_replacement(name, name, std::iter::empty());
    }
    let (types, _) = apart(document, settings.with_interface(InterfaceStyle::Positional))?;
    Ok(types)
}

/// All that progenitor makes of a document besides types, of which it knows those of `named` by name alone.
pub(crate) fn operations(
    document: &OpenAPI,
    named: &[String],
    plan: &Plan,
) -> Result<TokenStream, String> {
    let mut settings = settings(plan);
    let replaced =
        |name: &String| plan.stand_ins.contains_key(name) || plan.types.replace.contains_key(name);
    for name in named.iter().filter(|name| !replaced(name)).chain(plan.enums.keys()) {
        settings.with_replacement(name, format!("types::{name}"), std::iter::empty());
    }
    let (_, operations) = apart(document, settings.with_interface(InterfaceStyle::Builder))?;
    Ok(operations)
}

/// What progenitor makes of a document: the module of the types, and all else.
fn apart(
    document: &OpenAPI,
    settings: &GenerationSettings,
) -> Result<(TokenStream, TokenStream), String> {
    let mut generator = Generator::new(settings);
    let tokens = quietly(|| generator.generate_tokens(document))?;
    Ok(tokens::apart(tokens.map_err(|error| error.to_string())?, "types"))
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
