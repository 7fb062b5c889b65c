//! The whole way from a contract to its client's source.

use pagebind::{
    diagnostic::{Diagnostic, Diagnostics},
    lower::{self, Loss},
    number, stack,
};
use serde_json::Value;

use crate::{
    generator,
    header::header,
    passes,
    settings::{CONTRACT, Settings, contract_place},
    setup::Setup,
    shape::{Degradation, Shaped, language, security, servers, shape, templates},
    webhooks,
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
/// The source is one module over `pagebind_client`, and needs no other crate. Its `Client` is set up with
/// `Client::builder`, unless the [settings](Settings::builder_by_hand) say that this is written by hand.
///
/// # Errors
/// A contract that can't be lowered, or that progenitor refuses in spite of shaping.
pub fn generate(contract: &Value) -> Result<Generated, Diagnostics> {
    // Typed readers take more of the stack for each level of a document than walks do.
    stack::roomy(|| generate_here(contract))
}

fn generate_here(contract: &Value) -> Result<Generated, Diagnostics> {
    let settings = Settings::of(contract)?;
    let lifted = webhooks::lift(contract);
    let mut lowered = lower::lower(&lifted.contract)?;
    // What reads the document for progenitor knows no other numbers.
    number::fit_64_bits(&mut lowered.document);
    templates::check(&lowered.document)?;
    let mut shaped = shape(lowered.document, &settings);
    all_followed(&shaped, &settings)?;
    security::shape(&mut shaped, contract);
    servers::shape(&mut shaped, contract, &settings);
    language::check(&shaped)?;
    let Shaped { document, mut plan, mut degradations, origins, .. } = shaped;
    degradations.extend(lifted.degradations.iter().cloned());
    plan.builder_by_hand = settings.builder_by_hand;
    plan.mock = settings.mock;
    let mut file = generator::run(&document, &plan, &origins)?;
    passes::run(&mut file, &plan)?;
    // These are read from the contract itself, so the client has them although OpenAPI 3.0 has not.
    let of_client = |loss: &Loss| {
        loss.pointer.starts_with("/components/securitySchemes/")
            || loss.pointer.starts_with("/servers/")
            || loss.pointer.contains("/security/")
            || loss.pointer.starts_with("/security/")
    };
    let losses = lowered.losses.into_iter().filter(|loss| !of_client(loss));
    let losses = losses
        .map(|loss| Loss { pointer: lifted.origin(&loss.pointer).unwrap_or(loss.pointer), ..loss });
    let losses = losses.collect();
    let source = header(&settings) + "\n" + &prettyplease::unparse(&file);
    Ok(Generated { source, setup: Setup::of(&plan), losses, degradations })
}

/// What the manifest says of pages holds for some operation.
fn all_followed(shaped: &Shaped, settings: &Settings) -> Result<(), Diagnostics> {
    let unused = (0..settings.pagination.len()).find(|index| !shaped.paged.contains(index));
    let Some(unused) = unused else { return Ok(()) };
    let pointer = format!("/x-pagebind/pagination/{unused}");
    Err(Diagnostic::finding("no operation has pages as the manifest says it")
        .place(contract_place().pointer(pointer))
        .help(
            "mend `operations` or `parameter` of this `[[pagination]]` in api.toml, or take it out",
        )
        .into())
}

/// Generates the source of a client from the text of its contract; `name` is what errors call it.
///
/// # Errors
/// Text that is no OpenAPI document, and all that [`generate`] refuses.
pub fn generate_from_text(name: &str, text: &str) -> Result<Generated, Diagnostics> {
    generate_named(name, &pagebind::document::parse(name, text)?)
}

/// Generates the source of a client from its contract, which errors call `name`.
pub(crate) fn generate_named(name: &str, contract: &Value) -> Result<Generated, Diagnostics> {
    generate(contract).map_err(|mut problems| {
        let places = problems.iter_mut().flat_map(|problem| &mut problem.places);
        for place in places.filter(|place| place.source == CONTRACT) {
            name.clone_into(&mut place.source);
        }
        problems
    })
}
