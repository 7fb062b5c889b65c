//! Which enums stay open: those that can come in a response.
//!
//! A service gets new values before its clients are generated anew, so an enum that is read keeps a
//! value that the contract does not list. An enum that is only sent stays closed; one that is both is
//! one type, and open. Where an enum tells the branches of a union apart, the union looks at its
//! listed values before any branch is read, so it may be open as well.

use super::{reach::Reach, shaped::Shaped};

/// Notes in the plan which enums are open.
pub(super) fn shape(shaped: &mut Shaped, reach: &Reach) {
    let listed = shaped
        .components("schemas")
        .iter()
        .filter(|(name, schema)| reach.read.contains(*name) && schema.get("enum").is_some())
        .map(|(name, _)| name.clone())
        .collect();
    shaped.plan.open_enums = listed;
}
