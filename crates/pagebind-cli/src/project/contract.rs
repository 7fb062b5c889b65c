//! The contract of an API: its pages merged, corrected, and with the settings of its client.

use pagebind::{
    diagnostic::{Diagnostic, Diagnostics, Place},
    merge,
    overlay::{Corrected, Correction, Misfit},
};
use pagebind_codegen::Settings;
use serde_json::Value;

use super::{manifest::Kind, sources::Api};
use crate::environment::Environment;

/// Applies the corrections of an API to its merged document, and puts the settings of its client
/// into it.
///
/// # Errors
/// Every correction that no longer fits.
pub(crate) fn correct(
    environment: &Environment,
    api: &Api,
    merged: Value,
) -> Result<(Value, Vec<Correction>), Diagnostics> {
    let (contract, corrections, misfits) = attempt(environment, api, merged)?;
    Diagnostics::check(misfits.into_iter().map(|misfit| misfit.problem).collect())?;
    Ok((contract, corrections))
}

/// The contract that the pages of an API make as they are vendored, as far as what corrects them fits, which may
/// be stated for what is published already; none of help pages, and none where the copies make one only with what
/// corrected them before.
///
/// # Errors
/// Pages that make no contract.
pub(crate) fn of_copies(
    environment: &Environment,
    api: &Api,
) -> Result<Option<Value>, Diagnostics> {
    if api.kind != Kind::Openapi {
        return Ok(None);
    }
    let pages = api.copies()?;
    match merge::merge(pages.iter().map(AsRef::as_ref), &api.merge) {
        Err(_) if !api.fits() => Ok(None),
        merged => Ok(Some(attempt(environment, api, merged?.document)?.0)),
    }
}

/// The same as [`correct`], for a document that the corrections were not made for: those that no longer fit are
/// told, and the others applied.
pub(crate) fn attempt(
    environment: &Environment,
    api: &Api,
    merged: Value,
) -> Result<(Value, Vec<Correction>, Vec<Misfit>), Diagnostic> {
    let mut contract = merged;
    let mut corrections = Vec::new();
    let mut misfits = Vec::new();
    for overlay in &api.overlays {
        let (Corrected { document, corrections: applied, .. }, unfit) = overlay.attempt(&contract);
        contract = document;
        corrections.extend(applied);
        misfits.extend(unfit);
    }
    let settings = Settings {
        command: format!("{} generate {}", environment.command, api.name),
        pages: api.sources.iter().map(|source| source.published.clone()).collect(),
        client_headers: api.client_headers.clone(),
        builder_by_hand: api.builder_by_hand,
        pagination: api.pagination.clone(),
        mock: api.mock,
        builders: api.builders,
        features: api.features,
        keep_going: api.keep_going,
        types: api.types.clone(),
    };
    let Some(root) = contract.as_object_mut() else {
        return Err(Diagnostic::finding("the corrections left no document")
            .place(Place::new(&api.name))
            .help("an action of the overlay replaces or removes the root; mend its target"));
    };
    settings.write_to(root);
    Ok((contract, corrections, misfits))
}
