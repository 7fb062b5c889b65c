//! Compact: how types are read and written is `pagebind_client`'s, and a macro names their members.
//!
//! A derive of `serde` writes out for each type what is the same for all, and whoever builds a large
//! client waits for it each time. A type for which the caller asked for further derives keeps those of
//! `serde`, since such a derive may go by their attributes.

use std::collections::BTreeMap;

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};
use syn::{Attribute, Fields, File, Item, ItemStruct, parse_quote};

use super::{
    docs,
    source::{derives, holds_numbers, implementers, module, without_derives},
};
use crate::plan::{Field, Plan};

/// The traits whose derives ask nothing of `serde`'s.
const PLAIN: [&str; 9] =
    ["Clone", "Copy", "Debug", "Default", "Eq", "Hash", "Ord", "PartialEq", "PartialOrd"];

/// Reads and writes a struct by the macro that it gives, if it can: one whose fields are all planned, but for
/// that of the members without a name.
pub(super) fn object(
    definition: &mut ItemStruct,
    planned: &BTreeMap<String, Field>,
) -> Option<Item> {
    let Fields::Named(fields) = &mut definition.fields else { return None };
    let unplanned = fields.named.iter().filter(|field| of_plan(field, planned).is_none());
    let flat = |field: &syn::Field| field.attrs.iter().any(is_flat);
    let further = unplanned.clone().next().filter(|field| flat(field)).cloned();
    if unplanned.count() != usize::from(further.is_some()) || !take_derives(&mut definition.attrs) {
        return None;
    }
    let members = fields.named.iter().filter_map(|field| Some((field, of_plan(field, planned)?)));
    let members =
        members.enumerate().map(|(at, (field, Field { wire, required, nullable, .. }))| {
            let presence = match (required, nullable) {
                (true, _) => "required",
                (false, true) => "nullable",
                (false, false) => "optional",
            };
            let presence = format_ident!("{presence}");
            let kind = if holds_numbers(&field.ty) { quote!(number) } else { quote!(value) };
            let (at, ident) = (Literal::usize_unsuffixed(at), &field.ident);
            quote!(#at #ident: #presence #kind #wire,)
        });
    let members: Vec<TokenStream> = members.collect();
    let further = further.map(|field| {
        let numbers = holds_numbers(&field.ty);
        let kept = if numbers { quote!(further_numbers) } else { quote!(further) };
        let ident = &field.ident;
        quote!(* #ident: #kept,)
    });
    for field in &mut fields.named {
        field.attrs.retain(|attribute| !is_flat(attribute));
    }
    let name = &definition.ident;
    Some(parse_quote!(::pagebind_client::__private::object! { #name { #(#members)* #further } }))
}

/// What the plan says of a field.
fn of_plan<'p>(field: &syn::Field, planned: &'p BTreeMap<String, Field>) -> Option<&'p Field> {
    planned.get(&field.ident.as_ref()?.to_string())
}

/// Whether an attribute says that a field holds the members that have no name.
fn is_flat(attribute: &Attribute) -> bool {
    attribute.path().is_ident("serde")
        && attribute.parse_args::<syn::Ident>().is_ok_and(|word| word == "flatten")
}

/// Reads and writes each enum of texts.
pub(super) fn run(file: &mut File, plan: &Plan) {
    let Some(types) = module(&mut file.items, "types") else { return };
    let parsed = implementers(types, "FromStr");
    for item in std::mem::take(types) {
        let Item::Enum(mut definition) = item else {
            types.push(item);
            continue;
        };
        let name = definition.ident.to_string();
        let open = plan.open_enums.contains(&name);
        let listed = definition.variants.len() - usize::from(open);
        let of_texts = parsed.contains(&name)
            && definition.variants.iter().take(listed).all(|variant| variant.fields.is_empty());
        if !of_texts || !take_derives(&mut definition.attrs) {
            types.push(Item::Enum(definition));
            continue;
        }
        let texts = definition.variants.iter_mut().take(listed).map(|variant| {
            let text = docs::wire_name(variant);
            docs::describe(&mut variant.attrs, &text);
            let name = &variant.ident;
            quote!(#name = #text,)
        });
        let texts: Vec<_> = texts.collect();
        let unlisted = definition.variants.iter().skip(listed).map(|variant| &variant.ident);
        let ident = &definition.ident;
        let compact = parse_quote! {
            ::pagebind_client::__private::texts! { #ident { #(#texts)* #(_ = #unlisted)* } }
        };
        for variant in &mut definition.variants {
            variant.attrs.retain(|attribute| !attribute.path().is_ident("serde"));
        }
        types.extend([Item::Enum(definition), compact]);
    }
}

/// Takes the derives of `serde` away, unless one is missing, or another may need them.
fn take_derives(attributes: &mut Vec<Attribute>) -> bool {
    let all: Vec<String> = attributes.iter().flat_map(derives).map(|derive| derive.name).collect();
    let serde = ["Deserialize", "Serialize"];
    let has = |name: &&str| all.iter().any(|derived| derived == name);
    let plain = |name: &String| [&serde[..], &PLAIN].concat().contains(&name.as_str());
    if !serde.iter().all(has) || !all.iter().all(plain) {
        return false;
    }
    for attribute in attributes.iter_mut() {
        without_derives(attribute, &serde);
    }
    attributes.retain(|attribute| !attribute.path().is_ident("serde"));
    true
}
