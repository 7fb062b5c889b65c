//! Shaping: an OpenAPI 3.0 document into one that progenitor takes, and a plan of what to restore.
//!
//! Progenitor panics or goes silently wrong on ordinary documents. Each step here looks for one
//! kind of trap and rewrites it into the nearest thing that comes out right. What a pass can
//! restore afterwards goes into the plan; what is lost for good is a [`Degradation`]. Every
//! operation of the document stays in it.

mod bodies;
mod cycles;
mod hoist;
mod names;
mod open_enums;
mod operations;
mod parameters;
mod responses;
mod schemas;
pub(crate) mod security;
mod sensitive;
mod shaped;
pub(crate) mod templates;

use std::collections::BTreeSet;

use serde_json::Value;

pub use self::shaped::Degradation;
pub(crate) use self::shaped::Shaped;

use crate::settings::Settings;

/// Shapes an OpenAPI 3.0 document; no type gets one of the `reserved` names.
pub(crate) fn shape(document: Value, settings: &Settings, reserved: &BTreeSet<String>) -> Shaped {
    let mut shaped = Shaped::new(document, reserved.clone());
    names::shape(&mut shaped);
    operations::name(&mut shaped);
    parameters::shape(&mut shaped, settings);
    bodies::shape(&mut shaped);
    responses::shape(&mut shaped);
    cycles::shape(&mut shaped);
    schemas::shape(&mut shaped);
    hoist::shape(&mut shaped);
    open_enums::shape(&mut shaped);
    templates::shape(&mut shaped);
    shaped
}

#[cfg(test)]
mod tests;
