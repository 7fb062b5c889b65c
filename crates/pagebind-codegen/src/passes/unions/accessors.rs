//! `as_…` and `into_…` for what a union holds, where a `match` would be one arm and a wildcard.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Item, ItemEnum, Type, parse_quote};

use super::super::source::argument;
use crate::{naming, plan};

/// The accessors of each union: for variants that hold a scalar, or a type of the contract.
pub(super) fn of(types: &[Item], unions: &BTreeMap<String, &plan::Union>) -> Vec<Item> {
    let unions = types.iter().filter_map(|item| match item {
        Item::Enum(definition) if unions.contains_key(&definition.ident.to_string()) => {
            Some(definition)
        }
        _ => None,
    });
    unions.filter_map(of_union).collect()
}

fn of_union(definition: &ItemEnum) -> Option<Item> {
    let mut taken = BTreeSet::new();
    let methods: Vec<TokenStream> = definition
        .variants
        .iter()
        .filter_map(|variant| {
            let held = Held::of(&variant.fields.iter().next()?.ty)?;
            let wanted = naming::field_name(&variant.ident.to_string());
            let name = naming::unique(wanted.trim_end_matches('_'), |name| taken.contains(name));
            taken.insert(name.clone());
            let (by_reference, by_value) =
                (format_ident!("as_{name}"), format_ident!("into_{name}"));
            let Held { lent, lend, owned, own } = held;
            let variant = &variant.ident;
            let doc = format!("What [`Self::{variant}`] holds, if it is this one.");
            Some(quote! {
                #[doc = #doc]
                #[must_use]
                pub fn #by_reference(&self) -> ::std::option::Option<#lent> {
                    if let Self::#variant(value) = self { Some(#lend) } else { None }
                }

                #[doc = #doc]
                #[must_use]
                pub fn #by_value(self) -> ::std::option::Option<#owned> {
                    if let Self::#variant(value) = self { Some(#own) } else { None }
                }
            })
        })
        .collect();
    let name = &definition.ident;
    (!methods.is_empty()).then(|| parse_quote!(impl #name { #(#methods)* }))
}

/// How what a variant holds is lent and handed over.
struct Held {
    lent: TokenStream,
    lend: TokenStream,
    owned: TokenStream,
    own: TokenStream,
}

impl Held {
    /// None for lists, maps and any JSON: whoever wants these looks at all of the union.
    fn of(payload: &Type) -> Option<Self> {
        let boxed = argument(payload, "Box");
        let inner = boxed.unwrap_or(payload);
        let Type::Path(path) = inner else { return None };
        let last = path.path.segments.last()?;
        let name = last.ident.to_string();
        let (lent, lend) = match name.as_str() {
            "Vec" | "Option" | "HashMap" | "Map" | "Value" if path.path.segments.len() > 1 => {
                return None;
            }
            "String" if path.path.segments.len() > 1 => (quote!(&str), quote!(value.as_str())),
            "bool" | "f64" | "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" => {
                (quote!(#inner), quote!(*value))
            }
            _ if boxed.is_some() => (quote!(&#inner), quote!(value.as_ref())),
            _ => (quote!(&#inner), quote!(value)),
        };
        let own = if boxed.is_some() { quote!(*value) } else { quote!(value) };
        Some(Self { lent, lend, owned: quote!(#inner), own })
    }
}
