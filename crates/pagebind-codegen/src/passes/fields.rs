//! Fields: absent, null and empty are three things, and stay apart in both directions.
//!
//! Typify leaves an empty list out, and takes null for a member that is not there. Here a member that
//! may be missing is an `Option`, whatever it holds; one that may be null besides, an
//! `Option<Nullable<…>>`. What a builder needs follows the contract's words on requests, which
//! are not those on responses.

use std::collections::BTreeMap;

use pagebind::diagnostic::Diagnostic;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Fields, File, Item, ItemStruct, Type, parse_quote};

use super::compact;
use super::source::{argument, expect, holds_numbers, module};
use crate::plan::{Field, Plan};

/// Rewrites the fields of every struct in the plan.
pub(super) fn run(file: &mut File, plan: &Plan) -> Result<(), Diagnostic> {
    let Some(types) = module(&mut file.items, "types") else { return Ok(()) };
    for item in std::mem::take(types) {
        types.push(item);
        let Some(Item::Struct(definition)) = types.last_mut() else { continue };
        let name = definition.ident.to_string();
        let Some(planned) = plan.fields.get(&name) else { continue };
        let Fields::Named(fields) = &mut definition.fields else { continue };
        let mut found = 0;
        for field in &mut fields.named {
            let Some(planned) = planned.get(&name_of(field)) else { continue };
            found += 1;
            field.ty = field_type(&field.ty, planned);
            field.attrs.retain(|attribute| !attribute.path().is_ident("serde"));
            if planned.deprecated {
                field.attrs.push(parse_quote!(#[deprecated = "the publisher says so"]));
            }
        }
        expect(found == planned.len(), "fields", format!("every field of `{name}`"))?;
        match compact::object(definition, planned) {
            Some(object) => types.push(object),
            None => with_options(definition, planned),
        }
    }
    Ok(())
}

/// The type of a field: typify's, in an `Option` where it may be missing.
fn field_type(published: &Type, field: &Field) -> Type {
    if field.required {
        return published.clone();
    }
    let inner = argument(published, "Option").unwrap_or(published);
    if field.nullable && !field.any {
        parse_quote!(::std::option::Option<::pagebind_client::Nullable<#inner>>)
    } else {
        parse_quote!(::std::option::Option<#inner>)
    }
}

/// Tells the derives of `serde` what they have to know of each field.
fn with_options(definition: &mut ItemStruct, planned: &BTreeMap<String, Field>) {
    for field in &mut definition.fields {
        let options = match planned.get(&name_of(field)) {
            Some(planned) => options(&name_of(field), &field.ty, planned),
            // What comes beside the members that are named.
            None if holds_numbers(&field.ty) => vec![quote!(with = "::pagebind_client::numbers")],
            None => continue,
        };
        if !options.is_empty() {
            field.attrs.push(parse_quote!(#[serde(#(#options),*)]));
        }
    }
}

fn name_of(field: &syn::Field) -> String {
    field.ident.as_ref().map(ToString::to_string).unwrap_or_default()
}

/// What `serde` has to know of a field.
fn options(ident: &str, ty: &Type, field: &Field) -> Vec<TokenStream> {
    let mut options = Vec::new();
    let (ident, wire) = (ident.trim_start_matches("r#"), &field.wire);
    if ident != wire {
        options.push(quote!(rename = #wire));
    }
    let numbers = holds_numbers(ty);
    if field.required {
        if numbers {
            options.push(quote!(with = "::pagebind_client::numbers"));
        } else if argument(ty, "Option").is_some() {
            // Without it, a member that is missing would be read as null.
            options.push(quote!(deserialize_with = "::std::option::Option::deserialize"));
        }
        return options;
    }
    // A function of our own takes away that a missing `Option` is `None`.
    if numbers || field.nullable {
        options.push(quote!(default));
    }
    options.push(quote!(skip_serializing_if = "::std::option::Option::is_none"));
    match (numbers, field.nullable) {
        (true, true) => {
            options.push(quote!(serialize_with = "::pagebind_client::numbers::serialize"));
            options.push(quote!(deserialize_with = "::pagebind_client::numbers::present"));
        }
        (true, false) => options.push(quote!(with = "::pagebind_client::numbers")),
        (false, true) => options.push(quote!(deserialize_with = "::pagebind_client::present")),
        (false, false) => {}
    }
    options
}
