//! Enums of texts: the values that the contract lists, each a variant.
//!
//! All that there is to say of one stands in the plan, so that typify, which would write some fifty lines for each
//! to be parsed, changed and thrown away, knows such an enum by name alone. How it is read and written, parsed and
//! printed, is `pagebind_client`'s, and a macro names its texts.
//!
//! One that can come in a response is open: a value that the contract does not list becomes `UnknownValue(text)`
//! instead of failing the whole response, and goes out again, prints and compares as that text. The form is the
//! one of the Azure SDK for Rust, for what it gives to callers:
//!
//! * Its text is at hand for a log or a fallback, and it is no name that services like to give to a
//!   value of their own, as they do `unknown`.
//! * The enum is `#[non_exhaustive]`, so that a `match` has an arm for all else, and a value that the
//!   contract lists later breaks no caller.
//! * Only reading keeps an unknown value. `FromStr` and `TryFrom` refuse it, and with them every setter: a
//!   typing error is not sent. Who means it writes `Kind::UnknownValue(…)`.
//!
//! With text inside, an open enum is `Clone` and not `Copy`.

use std::collections::BTreeMap;

use quote::{format_ident, quote};
use syn::{Attribute, Item, parse_quote};

use super::{compact, docs::doc, source::derive};
use crate::plan::{Enum, Plan};

/// The enums of the plan, each with the macro that it is read and written by, by their names.
pub(super) fn items(plan: &Plan) -> BTreeMap<String, Vec<Item>> {
    let enums = plan.enums.iter();
    enums.map(|(name, planned)| (name.clone(), written(name, planned, plan))).collect()
}

/// An enum, and the macro that it is read and written by.
fn written(name: &str, planned: &Enum, plan: &Plan) -> Vec<Item> {
    let Enum { description, texts, unlisted } = planned;
    let ident = format_ident!("{name}");
    let mut attributes: Vec<Attribute> = description.iter().map(|words| doc(words)).collect();
    let plain = ["Clone", "Debug", "Eq", "Hash", "Ord", "PartialEq", "PartialOrd"];
    let traits = plain.into_iter().chain(unlisted.is_none().then_some("Copy"));
    attributes.push(derive(traits, plan.types.derives_of(name)));
    let compact = compact::take_derives(&mut attributes);
    let variants = texts.iter().map(|(variant, text)| {
        let words = doc(&format!("`{text}`"));
        let renamed = (!compact && variant != text).then(|| quote!(#[serde(rename = #text)]));
        let variant = format_ident!("{variant}");
        quote!(#words #renamed #variant)
    });
    let unlisted = unlisted.as_ref().map(|variant| format_ident!("{variant}"));
    // Serde tries what is untagged after all that is listed.
    let untagged = (!compact).then(|| quote!(#[serde(untagged)]));
    let further = unlisted.as_ref().map(|variant| {
        quote! {
            /// A value that the contract does not list, as the service sent it.
            #untagged
            #variant(::std::string::String)
        }
    });
    let variants = variants.chain(further);
    let named = texts.iter().map(|(variant, text)| {
        let variant = format_ident!("{variant}");
        quote!(#variant = #text,)
    });
    let unlisted = unlisted.as_ref().map(|variant| quote!(_ = #variant));
    let printed = plan.sensitive.contains(name).then(|| quote!(without Display));
    let derived = (!compact).then(|| quote!(without serde));
    vec![
        parse_quote! {
            #(#attributes)*
            pub enum #ident { #(#variants,)* }
        },
        parse_quote! {
            ::pagebind_client::__private::texts! {
                #ident #printed #derived { #(#named)* #unlisted }
            }
        },
    ]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::generate;

    #[test]
    fn an_enum_with_a_derive_of_another_crate_keeps_those_of_serde_and_is_parsed_as_all_are() {
        let generated = generate(&json!({
            "openapi": "3.1.0",
            "info": { "title": "a", "version": "1" },
            "x-pagebind": { "command": "", "pages": [], "client_headers": [], "types": {
                "patch": { "Kind": { "derives": ["::clap::ValueEnum"] } },
            } },
            "paths": {},
            "components": { "schemas": { "Kind": { "enum": ["on hold"], "type": "string" } } },
        }));
        let source = generated.unwrap().source;
        assert!(source.contains(r#"Kind without serde { OnHold = "on hold", }"#), "{source}");
        assert!(source.contains(r#"#[serde(rename = "on hold")]"#), "{source}");
        assert!(!source.contains("FromStr for Kind"), "{source}");
    }
}
