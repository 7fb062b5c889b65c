//! Open enums: one that can come in a response keeps a value that the contract does not list.
//!
//! Such a value becomes `UnknownValue(text)` instead of failing the whole response, and goes out
//! again, prints and compares as that text. The form is the one of the Azure SDK for Rust, for what
//! it gives to callers:
//!
//! * Its text is at hand for a log or a fallback, and it is no name that services like to give to a
//!   value of their own, as they do `unknown`.
//! * The enum is `#[non_exhaustive]`, so that a `match` has an arm for all else, and a value that the
//!   contract lists later breaks no caller.
//! * Only reading keeps an unknown value. `FromStr` and `TryFrom` refuse it as before, and with them
//!   every setter: a typing error is not sent. Who means it writes `Kind::UnknownValue(…)`.
//!
//! With text inside, an open enum is `Clone` and no longer `Copy`.

use std::collections::BTreeSet;

use pagebind::diagnostic::Diagnostic;
use syn::{Attribute, File, Ident, Item, ItemEnum, parse_quote};

use super::source::{module, unmatched, without_derive};
use crate::{naming, plan::Plan};

/// Opens the enums of the plan.
pub(super) fn run(file: &mut File, plan: &Plan) -> Result<(), Diagnostic> {
    let types = module(&mut file.items, "types").map(Vec::as_mut_slice).unwrap_or_default();
    let mut opened = BTreeSet::new();
    for item in types {
        let Item::Enum(definition) = item else { continue };
        let name = definition.ident.to_string();
        if plan.open_enums.contains(&name) && is_text(definition) {
            open(definition);
            opened.insert(name);
        }
    }
    match plan.open_enums.iter().find(|name| !opened.contains(*name)) {
        Some(name) => Err(unmatched("open_enums", format!("the enum `{name}`"))),
        None => Ok(()),
    }
}

/// Whether an enum is written as one text for each variant.
fn is_text(definition: &ItemEnum) -> bool {
    let of_serde = |attribute: &Attribute| attribute.path().is_ident("serde");
    !definition.variants.is_empty()
        && definition.variants.iter().all(|variant| variant.fields.is_empty())
        && !definition.attrs.iter().any(of_serde)
}

/// Adds the variant for all other text.
fn open(definition: &mut ItemEnum) {
    let taken = |name: &str| definition.variants.iter().any(|variant| variant.ident == name);
    let variant = Ident::new(&naming::unique("UnknownValue", taken), definition.ident.span());
    // Serde tries what is untagged after all that is listed.
    definition.variants.push(parse_quote! {
        /// A value that the contract does not list, as the service sent it.
        #[serde(untagged)]
        #variant(::std::string::String)
    });
    for attribute in &mut definition.attrs {
        without_derive(attribute, "Copy");
    }
    definition.attrs.push(parse_quote!(#[non_exhaustive]));
}
