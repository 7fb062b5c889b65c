//! The whole way from a contract to its client's source.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use pagebind::{
    diagnostic::{Diagnostic, Diagnostics, nearest},
    lower::{self, Loss, Lowered},
    number,
    pointer::join,
    stack,
};
use serde_json::Value;

use crate::{
    header::header,
    keep_going, listed_null, passes,
    plan::{Place, Plan},
    refusals,
    settings::{CONTRACT, Settings, contract_place},
    setup::Setup,
    shape::{Degradation, Shaped, language, security, servers, shape, templates},
    webhooks::{self, Lifted},
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
    /// The types whose values print as `[redacted]`.
    pub redacted: Vec<String>,
    /// The header parameters that are set once on the client, in lower case.
    pub client_headers: Vec<String>,
    /// One feature for each tag, which the source has parts behind if the settings ask for it.
    pub features: Vec<String>,
    /// Where in the contract each type and each method of the client comes from, by its name in Rust (`CardId`,
    /// `get_card`), as JSON pointers.
    pub origins: BTreeMap<String, String>,
    /// What in the settings names nothing in the contract.
    pub misnamed: Vec<Diagnostic>,
    /// Why parts of the contract are not in the client, where the settings allow that
    /// ([`Settings::keep_going`]).
    pub left_out: Vec<Diagnostic>,
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
    settings.types.check()?;
    if !settings.keep_going {
        return generate_all(contract, &settings);
    }
    let (generated, left_out) =
        keep_going::generate(contract, |contract| generate_all(contract, &settings))?;
    Ok(Generated { left_out, ..generated })
}

fn generate_all(contract: &Value, settings: &Settings) -> Result<Generated, Diagnostics> {
    let (shaped, lifted, losses) = shaped(contract, settings)?;
    all_followed(&shaped, settings)?;
    language::check(&shaped)?;
    let Shaped { document, mut plan, mut degradations, origins, .. } = shaped;
    degradations.extend(lifted.degradations.iter().cloned());
    plan.builder_by_hand = settings.builder_by_hand;
    plan.paths = settings.types.paths();
    plan.mock = settings.mock;
    plan.features = settings.features;
    let origins: BTreeMap<String, String> = places(&document, &plan, origins)
        .into_iter()
        .map(|(name, place)| (name, lifted.origin(&place).unwrap_or(place)))
        .collect();
    let again = || Ok(self::shaped(contract, settings)?.0.document);
    let mut source = refusals::source(document, again, &plan, &origins)?;
    source.insert_str(0, &(header(settings) + "\n"));
    // These are read from the contract itself, so the client has them although OpenAPI 3.0 has not.
    let of_client = |loss: &Loss| {
        loss.pointer.starts_with("/components/securitySchemes/")
            || loss.pointer.starts_with("/servers/")
            || loss.pointer.contains("/security/")
            || loss.pointer.starts_with("/security/")
    };
    let losses = losses.into_iter().filter(|loss| !of_client(loss));
    let losses = losses
        .map(|loss| Loss { pointer: lifted.origin(&loss.pointer).unwrap_or(loss.pointer), ..loss });
    let losses = losses.collect();
    let client_headers: BTreeSet<&String> =
        plan.operations.values().flat_map(|operation| &operation.client_headers).collect();
    let client_headers: Vec<String> = client_headers.into_iter().cloned().collect();
    let mut misnamed = misnamed(settings, &plan, &client_headers);
    misnamed.extend(misnamed_types(&plan, &origins));
    Ok(Generated {
        setup: Setup::of(&plan, &source),
        source,
        losses,
        degradations,
        origins,
        features: passes::features::of_tags(&plan).into_iter().collect(),
        redacted: plan.sensitive.iter().cloned().collect(),
        misnamed,
        client_headers,
        left_out: Vec::new(),
    })
}

/// What progenitor takes of a contract, what became of its webhooks, and what OpenAPI 3.0 can't say.
fn shaped<'c>(
    contract: &'c Value,
    settings: &Settings,
) -> Result<(Shaped, Lifted<'c>, Vec<Loss>), Diagnostics> {
    let mut lifted = webhooks::lift(contract);
    listed_null::allow(&mut lifted.contract);
    let Lowered { mut document, losses } = lower::lower(&lifted.contract)?;
    // Trees as large as the contract are let go of as soon as nobody looks at them.
    lifted.contract = Cow::Owned(Value::Null);
    webhooks::take_callbacks(&mut document);
    // What reads the document for progenitor knows no other numbers.
    number::fit_64_bits(&mut document);
    templates::check(&document)?;
    let mut shaped = shape(document, settings);
    security::shape(&mut shaped, contract);
    servers::shape(&mut shaped, contract, settings);
    Ok((shaped, lifted, losses))
}

/// The places of types, of which `known` are not those of their names, and of methods.
fn places(
    document: &Value,
    plan: &Plan,
    known: BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
    let schemas = schemas.into_iter().flat_map(|schemas| schemas.keys());
    let types = schemas.map(|name| (name.clone(), join("/components/schemas", name)));
    let methods = plan.operations.iter().map(|(name, operation)| {
        (name.clone(), join(&join("/paths", &operation.path), &operation.method.to_lowercase()))
    });
    types.chain(methods).chain(known).collect()
}

/// The headers of the settings that no operation has.
fn misnamed(settings: &Settings, plan: &Plan, found: &[String]) -> Vec<Diagnostic> {
    let parameters = plan.operations.values().flat_map(|operation| &operation.parameters);
    let headers = parameters.filter(|parameter| parameter.place == Place::Header);
    let names: BTreeSet<&str> = headers
        .map(|parameter| parameter.name.as_str())
        .chain(found.iter().map(String::as_str))
        .collect();
    let unknown = settings
        .client_headers
        .iter()
        .filter(|name| !found.iter().any(|found| found.eq_ignore_ascii_case(name)));
    let problem = |name: &String| {
        let help = match nearest(name, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if names.is_empty() => {
                "take it out: no operation has a header parameter".to_owned()
            }
            None => {
                let names: Vec<&str> = names.iter().copied().collect();
                format!("the header parameters are: {}", names.join(", "))
            }
        };
        Diagnostic::finding(format!(
            "no operation has the header parameter `{name}`, which the client is to set"
        ))
        .help(help)
    };
    unknown.map(problem).collect()
}

/// The types of the settings that the client does not have.
fn misnamed_types(plan: &Plan, origins: &BTreeMap<String, String>) -> Vec<Diagnostic> {
    let renamed = |name: &String| plan.types.patch.get(name)?.rename.clone();
    let known = |name: &String| origins.contains_key(&renamed(name).unwrap_or(name.clone()));
    let unknown = plan.types.named().filter(|(_, name)| !known(name));
    let problem = |(setting, name): (&str, &String)| {
        let help = match nearest(name, origins.keys().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "take it out, or name a type as the source does".to_owned(),
        };
        Diagnostic::finding(format!("there is no type `{name}`, which `{setting}` is for"))
            .help(help)
    };
    unknown.map(problem).collect()
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
