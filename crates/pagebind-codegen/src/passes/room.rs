//! Room: one more member, and one more value, break no caller.
//!
//! The most ordinary changes of an API are a new member in an answer, and a new value of an enum.
//! Callers read fields and set them with builders, and neither minds one that is new; a literal or a
//! pattern that names all of them does, and so does a `match` on all values. `#[non_exhaustive]` rules
//! these out outside of the client's crate, so that what is new is a minor step. A struct that wraps
//! one value stays as it is: it has nothing to grow by.

use syn::{Attribute, Fields, File, Item, parse_quote};

use super::source::module;

/// Leaves room in every struct with named fields, and in every enum, of `types`.
pub(super) fn run(file: &mut File) {
    for item in module(&mut file.items, "types").into_iter().flatten() {
        let attributes = match item {
            Item::Struct(definition) if matches!(definition.fields, Fields::Named(_)) => {
                &mut definition.attrs
            }
            Item::Enum(definition) => &mut definition.attrs,
            _ => continue,
        };
        let has_room = |attribute: &Attribute| attribute.path().is_ident("non_exhaustive");
        if !attributes.iter().any(has_room) {
            attributes.push(parse_quote!(#[non_exhaustive]));
        }
    }
}
