//! The whole way from a contract to its client's source.

use std::panic::{self, AssertUnwindSafe};

use pagebind::{
    diagnostic::{Diagnostic, Diagnostics},
    lower::{self, Loss},
    number, stack,
};
use proc_macro2::TokenStream;
use progenitor_impl::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TypeImpl};
use serde_json::{Value, json};

use crate::{
    header::header,
    passes,
    plan::Plan,
    settings::{Settings, contract_place},
    setup::Setup,
    shape::{Degradation, Shaped, security, servers, shape, templates},
};

/// A client's source, and what it does not express.
#[derive(Debug, Clone)]
pub struct Generated {
    /// The source, formatted, with its header.
    pub source: String,
    /// How the client is set up.
    pub setup: Setup,
    /// What OpenAPI 3.0 can't say.
    pub losses: Vec<Loss>,
    /// What the client expresses less exactly than the contract.
    pub degradations: Vec<Degradation>,
}

/// Generates the source of a client from its contract, an OpenAPI 3.1 or 3.0 document.
///
/// The source is one module over `pagebind_client`. Its `Client` is made from a
/// `pagebind_client::Session` inside the crate that holds the module, and has no `Debug`: what of
/// the session may be printed is for the hand-written side to say.
///
/// # Errors
/// A contract that can't be lowered, or that progenitor refuses in spite of shaping.
pub fn generate(contract: &Value) -> Result<Generated, Diagnostics> {
    // Typed readers take more of the stack for each level of a document than walks do.
    stack::roomy(|| generate_here(contract))
}

fn generate_here(contract: &Value) -> Result<Generated, Diagnostics> {
    let settings = Settings::of(contract)?;
    let mut lowered = lower::lower(contract)?;
    // What reads the document for progenitor knows no other numbers.
    number::fit_64_bits(&mut lowered.document);
    templates::check(&lowered.document)?;
    let mut shaped = shape(lowered.document, &settings);
    security::shape(&mut shaped, contract);
    servers::shape(&mut shaped, contract, &settings);
    let Shaped { document, plan, degradations, .. } = shaped;
    let mut file = parsed(tokens(&document, &plan)?)?;
    passes::run(&mut file, &plan)?;
    // These are read from the contract itself, so the client has them although OpenAPI 3.0 has not.
    let of_client = |loss: &Loss| {
        loss.pointer.starts_with("/components/securitySchemes/")
            || loss.pointer.starts_with("/servers/")
            || loss.pointer.contains("/security/")
            || loss.pointer.starts_with("/security/")
    };
    let losses = lowered.losses.into_iter().filter(|loss| !of_client(loss)).collect();
    let source = header(&settings) + "\n" + &prettyplease::unparse(&file);
    Ok(Generated { source, setup: Setup::of(&plan), losses, degradations })
}

/// Generates the source of a client from the text of its contract; `name` is what errors call it.
///
/// # Errors
/// Text that is no OpenAPI document, and all that [`generate`] refuses.
pub fn generate_from_text(name: &str, text: &str) -> Result<Generated, Diagnostics> {
    generate(&pagebind::document::parse(name, text)?)
}

/// The tokens as a file in which every type has a name of its own.
fn parsed(tokens: TokenStream) -> Result<syn::File, Diagnostic> {
    let file: syn::File = syn::parse2(tokens).map_err(|error| {
        Diagnostic::finding(format!("the generated tokens are no Rust: {error}"))
            .place(contract_place())
    })?;
    match passes::duplicate_types(&file).pop_first() {
        None => Ok(file),
        Some(name) => Err(refused(&format!("two types come out as `{name}`"))),
    }
}

/// What progenitor makes of a shaped document.
fn tokens(document: &Value, plan: &Plan) -> Result<TokenStream, Diagnostic> {
    let document: openapiv3::OpenAPI =
        serde_path_to_error::deserialize(document).map_err(|error| {
            let pointer = error.path().iter().fold(String::new(), |pointer, segment| {
                pagebind::pointer::join(&pointer, &segment.to_string())
            });
            Diagnostic::finding(format!("not an OpenAPI 3.0 document: {}", error.inner()))
                .place(contract_place().pointer(pointer))
                .help("correct it with an action in overlay.yaml")
        })?;
    let mut generator = Generator::new(&generation_settings(plan));
    // Progenitor asserts instead of reporting. Shaping knows its traps; for one that it does not
    // know, a report that can be acted on beats a panic in the middle of a build.
    panic::catch_unwind(AssertUnwindSafe(|| generator.generate_tokens(&document)))
        .map_err(|cause| {
            let cause = cause
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| cause.downcast_ref::<&str>().copied());
            refused(cause.unwrap_or("without a message"))
        })?
        .map_err(|error| refused(&error.to_string()))
}

fn refused(cause: &str) -> Diagnostic {
    Diagnostic::finding(format!("progenitor can't generate this contract: {cause}"))
        .place(contract_place())
        .help("shaping does not know this case yet; until it does, correct the contract around it in overlay.yaml")
}

/// The types that text of these formats becomes.
const FORMATS: [(&str, &str); 3] = [
    ("date-time", "::pagebind_client::DateTime"),
    ("date", "::pagebind_client::Date"),
    ("uuid", "::pagebind_client::Uuid"),
];

fn generation_settings(plan: &Plan) -> GenerationSettings {
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote::quote!(pagebind_client::Session));
    for (format, name) in FORMATS {
        let schema = serde_json::from_value(json!({ "type": "string", "format": format }))
            .expect("a type and a format are a schema");
        settings.with_conversion(schema, name, [TypeImpl::Display, TypeImpl::FromStr].into_iter());
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
