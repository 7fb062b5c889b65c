//! Shaping: an OpenAPI 3.0 document into one that progenitor takes, and a plan of what to restore.
//!
//! Progenitor panics or goes silently wrong on ordinary documents. Each step here looks for one
//! kind of trap and rewrites it into the nearest thing that comes out right. What a pass can
//! restore afterwards goes into the plan; what is lost for good is a [`Degradation`]. Every
//! operation of the document stays in it.

mod bases;
mod bodies;
mod bounds;
mod branches;
mod custom;
mod cycles;
mod deprecated;
mod enums;
mod fields;
mod flat;
mod flatten;
mod headers;
mod hoist;
pub(crate) mod language;
mod media_type;
mod merge;
mod multipart;
mod names;
mod notes;
mod nulls;
mod operations;
mod pages;
mod parameters;
mod ranges;
pub(crate) mod reach;
mod responses;
mod schemas;
pub(crate) mod security;
mod sensitive;
pub(crate) mod servers;
mod settled;
mod shaped;
pub(crate) mod structs;
pub(crate) mod templates;
mod unions;
mod values;
mod variants;
mod webhooks;
mod words;
mod xml;

use serde_json::Value;

pub(crate) use self::media_type::{is_form, is_json, is_xml};
pub use self::shaped::Degradation;
pub(crate) use self::shaped::{Shaped, object, object_entry};

use self::reach::Reach;
use crate::settings::Settings;

/// Shapes an OpenAPI 3.0 document.
pub(crate) fn shape(document: Value, settings: &Settings) -> Shaped {
    let mut shaped = Shaped::new(document);
    shaped.plan.types = custom::settled(settings.types.clone());
    let hooks = webhooks::take(&mut shaped);
    notes::strip(&mut shaped.document);
    security::take_out(&mut shaped.document);
    names::shape(&mut shaped);
    webhooks::shape(&mut shaped, &hooks);
    operations::name(&mut shaped);
    media_type::shape(&mut shaped);
    parameters::shape(&mut shaped, settings);
    ranges::shape(&mut shaped);
    bodies::shape(&mut shaped);
    headers::shape(&mut shaped);
    responses::shape(&mut shaped);
    flatten::shape(shaped.components("schemas"));
    cycles::shape(&mut shaped);
    schemas::shape(&mut shaped);
    nulls::shape(&mut shaped);
    hoist::shape(&mut shaped);
    merge::shape(&mut shaped);
    settled::shape(&mut shaped);
    bases::shape(&mut shaped);
    custom::shape(&mut shaped);
    sensitive::further_members(&mut shaped);
    reach::drop_unused(&mut shaped);
    unions::shape(&mut shaped);
    let reach = Reach::of(&mut shaped);
    fields::shape(&mut shaped, &reach);
    (shaped.plan.built, shaped.plan.built_by_mock) = reach.built(&mut shaped, settings);
    values::shape(&mut shaped, &reach);
    sensitive::shape(&mut shaped);
    deprecated::shape(&mut shaped);
    notes::strip(&mut shaped.document);
    templates::shape(&mut shaped);
    shaped
}

#[cfg(test)]
mod tests;
