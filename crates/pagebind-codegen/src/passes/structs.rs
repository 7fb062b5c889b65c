//! Structs: the objects of the contract, with a field for each member.
//!
//! Typify leaves an empty list out, and takes null for a member that is not there. Here a member that
//! may be missing is an `Option`, whatever it holds; one that may be null besides, an
//! `Option<Nullable<…>>`: absent, null and empty are three things, and stay apart in both directions. What a
//! builder needs follows the contract's words on requests, which are not those on responses.

use std::collections::BTreeMap;

use pagebind::diagnostic::Diagnostic;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Attribute, File, Item, ItemStruct, Type, Visibility, parse_quote};

use super::{
    compact,
    docs::doc,
    source::{argument, derive, expect, holds_numbers, module},
};
use crate::{
    plan::{Field, Plan},
    shape::structs::{Struct, Structs},
};

/// The structs, each with the macro that it is read and written by, by their names. What typify made for the types
/// of their fields is taken out of `file`.
pub(super) fn items(
    file: &mut File,
    structs: &Structs,
    plan: &Plan,
) -> Result<BTreeMap<String, Vec<Item>>, Diagnostic> {
    let Some(items) = module(&mut file.items, "types") else { return Ok(BTreeMap::new()) };
    let of_fields = items.iter().position(
        |item| matches!(item, Item::Struct(definition) if definition.ident == structs.types),
    );
    let of_fields = match of_fields.map(|at| items.remove(at)) {
        Some(Item::Struct(definition)) => definition.fields,
        _ => syn::Fields::Unit,
    };
    let name = |item: &Item| match item {
        Item::Struct(definition) => Some(definition.ident.to_string()),
        Item::Enum(definition) => Some(definition.ident.to_string()),
        _ => None,
    };
    // One that typify named itself would be called after a number.
    let unnamed = items.iter().filter_map(name).find(|name| name.starts_with(&structs.types));
    let named = unnamed.is_none() || structs.types.is_empty();
    expect(named, "structs", format!("what `{}` is called", unnamed.unwrap_or_default()))?;
    let types: BTreeMap<String, Type> = of_fields
        .into_iter()
        .filter_map(|field| Some((field.ident?.to_string(), field.ty)))
        .collect();
    let of = |number: usize| types.get(&format!("t{number}"));
    let written = structs.by_name.iter().map(|(name, planned)| {
        let items =
            plan.fields.get(name).and_then(|fields| written(name, planned, fields, of, plan));
        let found = items.is_some();
        expect(found, "structs", format!("the type of every field of `{name}`"))?;
        Ok((name.clone(), items.unwrap_or_default()))
    });
    written.collect()
}

/// A struct, `of` whose fields the types are known by their numbers.
fn written<'t>(
    name: &str,
    planned: &Struct,
    fields: &BTreeMap<String, Field>,
    of: impl Fn(usize) -> Option<&'t Type>,
    plan: &Plan,
) -> Option<Vec<Item>> {
    let needs_nothing = planned.further.is_none() && !fields.values().any(|field| field.required);
    let traits = ["Clone", "Debug"].into_iter().chain(needs_nothing.then_some("Default"));
    let mut attributes: Vec<Attribute> = planned.description.iter().map(|it| doc(it)).collect();
    attributes.push(derive(traits, plan.types.derives_of(name)));
    let ident = format_ident!("{name}");
    let mut definition: ItemStruct = parse_quote!(#(#attributes)* pub struct #ident {});
    let syn::Fields::Named(named) = &mut definition.fields else { return None };
    for (ident, field) in fields {
        let member = planned.members.get(ident)?;
        let mut attributes: Vec<Attribute> = member.description.iter().map(|it| doc(it)).collect();
        if field.deprecated {
            attributes.push(parse_quote!(#[deprecated = "the publisher says so"]));
        }
        let of = field_type(of(member.of)?, member.boxed, field);
        named.named.push(of_struct(ident, attributes, of));
    }
    if let Some(further) = planned.further {
        let flat = parse_quote!(#[serde(flatten)]);
        named.named.push(of_struct("extra", vec![flat], of(further)?.clone()));
    }
    let object = compact::object(&mut definition, fields);
    if object.is_none() {
        with_options(&mut definition, fields);
    }
    Some([Item::Struct(definition)].into_iter().chain(object).collect())
}

/// A public field, put together: there are too many to have each parsed.
fn of_struct(ident: &str, attributes: Vec<Attribute>, of: Type) -> syn::Field {
    syn::Field {
        attrs: attributes,
        vis: Visibility::Public(Default::default()),
        modifiers: Default::default(),
        ident: Some(format_ident!("{ident}")),
        colon_token: Some(Default::default()),
        ty: of,
        default: None,
    }
}

/// The type of a field: typify's, on the heap where it has to be, and in an `Option` where it may be missing.
fn field_type(published: &Type, boxed: bool, field: &Field) -> Type {
    let in_option = argument(published, "Option");
    let inner = in_option.unwrap_or(published);
    let inner = if boxed { parse_quote!(::std::boxed::Box<#inner>) } else { inner.clone() };
    if field.required {
        return match in_option {
            Some(_) => parse_quote!(::std::option::Option<#inner>),
            None => inner,
        };
    }
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
