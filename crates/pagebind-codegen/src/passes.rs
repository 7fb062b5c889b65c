//! Passes: each puts one thing into the generated source that progenitor can't express.
//!
//! A pass knows the form of progenitor's output. Where it does not find what it has to change, the
//! form is another one, and the run ends: a client without redaction, or with the errors of
//! progenitor, would compile all the same.
//!
//! None changes both types and operations: each half of a source has those of its own, and a thread to run on.

mod builders;
pub(crate) mod client;
pub(crate) mod client_builder;
mod compact;
mod credentials;
mod definitions;
mod dependencies;
mod deprecated;
mod docs;
mod enums;
pub(crate) mod features;
mod headers;
mod lenient;
mod markup;
mod mock;
mod multipart;
mod operations;
mod pages;
mod patterns;
mod redaction;
mod replaced;
mod responses;
mod room;
mod send;
mod servers;
mod setters;
pub(crate) mod source;
mod structs;
mod unions;
mod webhooks;
mod xml;

use std::collections::BTreeSet;

use pagebind::diagnostic::Diagnostic;
use syn::File;

use self::source::{by_builder, insert, module, sends, unmatched};
pub(crate) use self::{
    definitions::Definitions,
    features::{Needs, operations as gate_operations, types as gate_types},
    operations::without_methods,
};
use crate::{plan::Plan, shape::structs::Structs};

/// Runs every pass over what a source has of types; gives what operations have to know of them.
///
/// # Errors
/// A source in which a pass does not find what it has to change.
pub(crate) fn types(
    file: &mut File,
    structs: &Structs,
    plan: &Plan,
) -> Result<Definitions, Diagnostic> {
    let mut own = structs::items(file, structs, plan)?;
    own.append(&mut enums::items(plan));
    if let Some(types) = module(&mut file.items, "types") {
        insert(types, own)?;
    }
    replaced::run(file, plan);
    responses::types(file, plan);
    headers::types(file, plan);
    multipart::run(file, plan);
    deprecated::types(file, plan)?;
    lenient::run(file);
    unions::run(file, plan)?;
    builders::run(file, plan);
    compact::run(file);
    room::run(file);
    redaction::run(file, plan)?;
    setters::types(file);
    Ok(Definitions::of(file, plan))
}

/// Runs every pass over what a source has besides types. `types` gives what there is to know of these, or
/// nothing if there will be no source.
///
/// # Errors
/// A source in which a pass does not find what it has to change.
pub(crate) fn operations(
    file: &mut File,
    plan: &Plan,
    types: impl FnOnce() -> Option<Definitions>,
) -> Result<(), Diagnostic> {
    operations_are_there(file, plan)?;
    headers::run(file, plan)?;
    xml::run(file, plan);
    operations::run(file, plan)?;
    send::run(file, plan)?;
    client::run(file, plan)?;
    credentials::run(file, plan);
    client_builder::run(file, plan);
    servers::run(file, plan);
    deprecated::run(file, plan)?;
    mock::run(file, plan)?;
    let Some(types) = types() else { return Ok(()) };
    pages::run(file, plan, &types)?;
    webhooks::run(file, plan);
    Ok(())
}

/// Runs the passes over whatever a source has, once all others have run.
///
/// # Errors
/// A source in which a pass does not find what it has to change.
pub(crate) fn last(file: &mut File, plan: &Plan) -> Result<(), Diagnostic> {
    patterns::run(file);
    dependencies::run(file, plan)?;
    docs::run(file);
    Ok(())
}

/// Every operation of the plan has a builder that sends it, and none besides.
fn operations_are_there(file: &mut File, plan: &Plan) -> Result<(), Diagnostic> {
    let planned: BTreeSet<String> = by_builder(plan).into_keys().collect();
    let generated: BTreeSet<String> = sends(file).map(|(builder, _)| builder).collect();
    match planned.symmetric_difference(&generated).next() {
        Some(builder) => {
            Err(unmatched("operations", format!("a `send` of `{builder}`, or too many")))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
