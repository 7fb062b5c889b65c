//! Compact: how types are read and written is `pagebind_client`'s, and a macro names their members.
//!
//! A derive of `serde` writes out for each type what is the same for all, and whoever builds a large
//! client waits for it each time. A type for which the caller asked for further derives keeps those of
//! `serde`, since such a derive may go by their attributes.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Attribute, Fields, File, Item, ItemStruct, parse_quote};

use super::source::{derives, holds_numbers, module, without_derives};
use crate::plan::Field;

/// The traits whose derives ask nothing of `serde`'s.
const PLAIN: [&str; 9] =
    ["Clone", "Copy", "Debug", "Default", "Eq", "Hash", "Ord", "PartialEq", "PartialOrd"];

/// How much fits into a tuple of the runtime.
const TUPLE: usize = 12;

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
    let parts = fields.named.len().div_ceil(TUPLE) + usize::from(further.is_some());
    if unplanned.count() != usize::from(further.is_some())
        || parts > TUPLE
        || !take_derives(&mut definition.attrs)
    {
        return None;
    }
    let members = fields.named.iter().filter_map(|field| Some((field, of_plan(field, planned)?)));
    let members = members.map(|(field, Field { wire, required, nullable, .. })| {
        let presence = match (required, nullable) {
            (true, _) => "Required",
            (false, true) => "Nullable",
            (false, false) => "Optional",
        };
        let kind = if holds_numbers(&field.ty) { "Number" } else { "" };
        let (ident, form) = (&field.ident, format_ident!("{presence}{kind}"));
        let name = ident.as_ref().filter(|ident| *ident != wire).map(|_| wire);
        quote!(#ident: #form #name,)
    });
    let members: Vec<TokenStream> = members.collect();
    let groups = members.chunks(TUPLE).map(|members| quote!({ #(#members)* }));
    let further = further.map(|field| {
        let numbers = holds_numbers(&field.ty);
        let kept = if numbers { quote!(FurtherNumbers) } else { quote!(Further) };
        let ident = &field.ident;
        quote!(* #ident: #kept,)
    });
    for field in &mut fields.named {
        field.attrs.retain(|attribute| !is_flat(attribute));
    }
    let name = &definition.ident;
    Some(parse_quote!(::pagebind_client::__private::object! { #name { #(#groups)* #further } }))
}

/// What the plan says of a field.
fn of_plan<'p>(field: &syn::Field, planned: &'p BTreeMap<String, Field>) -> Option<&'p Field> {
    planned.get(&field.ident.as_ref()?.to_string())
}

/// Whether an attribute says that a field holds the members that have no name.
fn is_flat(attribute: &Attribute) -> bool {
    says(attribute, "flatten")
}

/// Whether a word is all that an attribute says to `serde`.
fn says(attribute: &Attribute, said: &str) -> bool {
    attribute.path().is_ident("serde")
        && attribute.parse_args::<syn::Ident>().is_ok_and(|word| word == said)
}

/// Reads and writes each struct that only holds a value.
pub(super) fn run(file: &mut File) {
    let Some(types) = module(&mut file.items, "types") else { return };
    for mut item in std::mem::take(types) {
        let compact = match &mut item {
            Item::Struct(definition) => newtype(definition),
            _ => None,
        };
        types.push(item);
        types.extend(compact);
    }
}

/// Reads and writes a struct by the macro that it gives, if it only holds a value.
fn newtype(definition: &mut ItemStruct) -> Option<Item> {
    let Fields::Unnamed(fields) = &mut definition.fields else { return None };
    let transparent = definition.attrs.iter().any(|attribute| says(attribute, "transparent"));
    if !transparent || fields.unnamed.len() != 1 || !take_derives(&mut definition.attrs) {
        return None;
    }
    let field = fields.unnamed.first_mut()?;
    field.attrs.retain(|attribute| !attribute.path().is_ident("serde"));
    let kind = if holds_numbers(&field.ty) { quote!(number) } else { quote!(value) };
    let name = &definition.ident;
    Some(parse_quote!(::pagebind_client::__private::newtype! { #name: #kind }))
}

/// Takes the derives of `serde` away, unless one is missing, or another may need them.
pub(super) fn take_derives(attributes: &mut Vec<Attribute>) -> bool {
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

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use crate::generate;

    #[test]
    fn an_object_with_more_fields_than_the_runtime_groups_keeps_its_derives() {
        let source = |fields: usize| {
            let fields = (0..fields).map(|it| (format!("f{it}"), json!({ "type": "string" })));
            let properties: Map<String, Value> = fields.collect();
            let generated = generate(&json!({
                "openapi": "3.1.0",
                "info": { "title": "a", "version": "1" },
                "paths": {},
                "components": { "schemas": { "Wide": { "properties": properties, "type": "object" } } },
            }));
            generated.unwrap().source
        };
        let derived = "derive(\n        ::pagebind_client::__private::serde::Deserialize";
        let (grouped, wide) = (source(144), source(145));
        assert!(grouped.contains("object! {") && !grouped.contains(derived));
        assert!(!wide.contains("object! {") && wide.contains(derived));
    }
}
