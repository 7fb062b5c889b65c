//! Types of the caller's own: the name that the contract has for one stands for it.
//!
//! Typify writes the path of the type wherever it would have named its own. What passes write, such as the enum
//! of an operation's responses, knows a type by the name in the contract.

use syn::{File, Ident, Item, Type, parse_quote};

use super::source::module;
use crate::plan::Plan;

/// Adds an alias for each type that the settings replace.
pub(super) fn run(file: &mut File, plan: &Plan) {
    let Some(types) = module(&mut file.items, "types") else { return };
    let aliases = plan.types.replace.iter().filter_map(|(name, by)| -> Option<Item> {
        let (ident, by): (Ident, Type) = (syn::parse_str(name).ok()?, syn::parse_str(by).ok()?);
        let doc = format!("`{name}`, for which there is a type already.");
        Some(parse_quote!(#[doc = #doc] pub type #ident = #by;))
    });
    types.extend(aliases);
}
