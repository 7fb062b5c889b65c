//! Open structs: one more member breaks no caller.
//!
//! The most ordinary change of an API is a new member in an answer. Callers read fields and set them
//! with builders, and neither minds one that is new; a literal or a pattern that names all of them
//! does. `#[non_exhaustive]` rules these two out outside of the client's crate, so that a new member
//! is a minor step. A struct that wraps one value stays as it is: it has nothing to grow by.

use syn::{Fields, File, Item, parse_quote};

use super::source::module;

/// Opens every struct with named fields in `types`.
pub(super) fn run(file: &mut File) {
    for item in module(&mut file.items, "types").into_iter().flatten() {
        if let Item::Struct(definition) = item
            && matches!(definition.fields, Fields::Named(_))
        {
            definition.attrs.push(parse_quote!(#[non_exhaustive]));
        }
    }
}
