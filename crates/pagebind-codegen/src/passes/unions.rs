//! Unions: an enum that is read by what its branches say, and keeps what none of them describes.
//!
//! `serde` reads an untagged enum by taking the first variant that fits, so that a value of another
//! branch loses what this one does not name, and fails where no variant fits. The enum stays what
//! typify makes of it, with its `From`; how it is read is `pagebind_client::union`'s, and a macro tells its branches apart.

mod accessors;

use std::collections::{BTreeMap, BTreeSet};

use pagebind::diagnostic::Diagnostic;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;
use serde_json::Value;
use syn::{
    Fields, File, Item, ItemEnum, ItemImpl, Type, parse_quote,
    visit_mut::{self, VisitMut},
};

use super::source::{
    expect, holds_numbers, implementers, module, self_type, trait_name, without_derive,
};
use crate::plan::{self, Plan};

/// Rewrites the enum of every union in the plan.
pub(super) fn run(file: &mut File, plan: &Plan) -> Result<(), Diagnostic> {
    let types = module(&mut file.items, "types");
    let Some(types) = types else {
        let missing = plan.unions.keys().next();
        return expect(missing.is_none(), "unions", "the types");
    };
    let mut read_from_text = implementers(types, "FromStr");
    read_from_text.extend(plan.enums.keys().cloned());
    let mut renamed: BTreeMap<String, &plan::Union> = BTreeMap::new();
    let mut more: Vec<Item> = Vec::new();
    for item in types.iter_mut() {
        let Item::Enum(definition) = item else { continue };
        let name = definition.ident.to_string();
        let Some(union) = plan.unions.get(&name) else { continue };
        let found = definition.variants.len() == union.branches.len()
            && definition.variants.iter().enumerate().all(|(index, variant)| {
                variant.ident == format!("V{index}")
                    && matches!(&variant.fields, Fields::Unnamed(fields) if fields.unnamed.len() == 1)
            });
        expect(found, "unions", format!("a variant for each branch of `{name}`"))?;
        // One that is personal data as a whole is redacted as a whole.
        let redact = union.sensitive && !plan.sensitive.contains(&name);
        more.extend(rewrite(definition, union, redact, &read_from_text));
        renamed.insert(name, union);
    }
    if let Some(name) = plan.unions.keys().find(|name| !renamed.contains_key(*name)) {
        return expect(false, "unions", format!("the enum `{name}`"));
    }
    for item in types.iter_mut() {
        if let Item::Impl(block) = item
            && let Some(union) = self_type(block).and_then(|name| renamed.get(&name))
        {
            Variants(union).visit_item_impl_mut(block);
            print_unknown(block, union);
        }
    }
    more.extend(accessors::of(types, &renamed));
    more.extend(from_text(types, &renamed));
    types.extend(more);
    Ok(())
}

/// Changes the enum itself; gives what it needs besides.
fn rewrite(
    definition: &mut ItemEnum,
    union: &plan::Union,
    redact: bool,
    read_from_text: &BTreeSet<String>,
) -> Vec<Item> {
    let name = definition.ident.clone();
    let payloads: Vec<Type> = definition
        .variants
        .iter()
        .filter_map(|variant| variant.fields.iter().next().map(|field| field.ty.clone()))
        .collect();
    for (variant, branch) in definition.variants.iter_mut().zip(&union.branches) {
        variant.ident = ident(&branch.variant);
        for field in variant.fields.iter_mut().filter(|field| holds_numbers(&field.ty)) {
            field.attrs.push(
                parse_quote!(#[serde(serialize_with = "::pagebind_client::numbers::serialize")]),
            );
        }
    }
    let unknown = ident(&union.unknown);
    definition.variants.push(parse_quote! {
        /// A value that no branch of the contract describes, as it came.
        #unknown(::serde_json::Value)
    });
    for attribute in &mut definition.attrs {
        without_derive(attribute, "Deserialize");
        if redact {
            without_derive(attribute, "Debug");
        }
    }
    definition.attrs.push(parse_quote!(#[non_exhaustive]));
    let variants: Vec<Ident> = union.branches.iter().map(|one| ident(&one.variant)).collect();
    let branches = payloads.iter().zip(&union.branches).enumerate();
    let branches = branches.map(|(index, (payload, branch))| {
        let index = Literal::usize_unsuffixed(index);
        let variant = ident(&branch.variant);
        let read = if holds_numbers(payload) { quote!(number) } else { quote!(value) };
        let parsed = is_parsed(payload, branch, read_from_text).then(|| quote!(parsed #payload));
        let described = described(branch);
        quote!(#index #variant: #read #parsed { #described })
    });
    let tag = union.tag.iter().map(|tag| quote!(tag: Some(#tag),));
    let closed = union.closed.then(|| quote!(closed: true,));
    let mut items: Vec<Item> = vec![parse_quote! {
        ::pagebind_client::__private::union! {
            #name { #(#tag)* #closed } { #(#branches)* _ = #unknown }
        }
    }];
    if redact {
        let names = variants.iter().map(ToString::to_string);
        let unread = format!("{unknown}([redacted])");
        items.push(parse_quote! {
            impl ::std::fmt::Debug for #name {
                fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                    match self {
                        #(Self::#variants(value) => f.debug_tuple(#names).field(value).finish(),)*
                        Self::#unknown(_) => f.write_str(#unread),
                    }
                }
            }
        });
    }
    items
}

/// Whether text is of a branch only if it can be parsed as what the branch holds.
fn is_parsed(payload: &Type, branch: &plan::Branch, read_from_text: &BTreeSet<String>) -> bool {
    let Type::Path(path) = payload else { return false };
    let name = path.path.segments.last().map(|last| last.ident.to_string());
    let of_client = |name: &String| ["DateTime", "Date", "Uuid"].contains(&name.as_str());
    branch.kinds == 1 << 4
        && name.is_some_and(|name| of_client(&name) || read_from_text.contains(&name))
}

/// What tells a branch from others; what holds of most is left out.
fn described(branch: &plan::Branch) -> TokenStream {
    let plan::Branch { members, required, tags, listed, .. } = branch;
    let kinds = Literal::u8_unsuffixed(branch.kinds);
    let members = (!members.is_empty()).then(|| quote!(members: &[#(#members),*],));
    let open = branch.open.then(|| quote!(open: true,));
    let required = (!required.is_empty()).then(|| quote!(required: &[#(#required),*],));
    let scalars = |values: &[Value]| {
        let values = values.iter().map(scalar);
        quote!(&[#(#values),*])
    };
    let tags = (!tags.is_empty()).then(|| {
        let tags = scalars(tags);
        quote!(tags: #tags,)
    });
    let listed = (!listed.is_empty()).then(|| {
        let listed = listed.iter().map(|(name, values)| {
            let values = scalars(values);
            quote!((#name, #values))
        });
        quote!(listed: &[#(#listed),*],)
    });
    quote!(kinds: #kinds, #members #open #required #tags #listed)
}

fn scalar(value: &Value) -> TokenStream {
    match value {
        Value::Bool(boolean) => quote!(Boolean(#boolean)),
        Value::Number(number) => {
            let number = Literal::i64_unsuffixed(number.as_i64().unwrap_or_default());
            quote!(Integer(#number))
        }
        value => {
            let text = value.as_str().unwrap_or_default();
            quote!(Text(#text))
        }
    }
}

/// Renames the variants where typify's own code names them.
struct Variants<'a>(&'a plan::Union);

impl VisitMut for Variants<'_> {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        visit_mut::visit_path_mut(self, path);
        if path.segments.len() != 2 || path.segments[0].ident != "Self" {
            return;
        }
        let index = path.segments[1].ident.to_string();
        let index = index.strip_prefix('V').and_then(|index| index.parse::<usize>().ok());
        if let Some(branch) = index.and_then(|index| self.0.branches.get(index)) {
            path.segments[1].ident = ident(&branch.variant);
        }
    }
}

/// Adds the arm that prints what no branch describes.
fn print_unknown(block: &mut ItemImpl, union: &plan::Union) {
    struct Arm<'a>(&'a plan::Union);
    impl VisitMut for Arm<'_> {
        fn visit_expr_match_mut(&mut self, expression: &mut syn::ExprMatch) {
            let unknown = ident(&self.0.unknown);
            expression.arms.push(if self.0.sensitive {
                parse_quote!(Self::#unknown(_) => f.write_str("[redacted]"),)
            } else {
                // JSON text stands in quotes; as a parameter, it goes out without them.
                parse_quote! {
                    Self::#unknown(value) => match value.as_str() {
                        Some(text) => f.write_str(text),
                        None => value.fmt(f),
                    },
                }
            });
        }
    }
    if trait_name(block).as_deref() == Some("Display") {
        Arm(union).visit_item_impl_mut(block);
    }
}

/// `From<String>` and `From<&str>` for each union that has one branch of plain text, where typify has
/// not made a way from text already.
fn from_text(types: &[Item], unions: &BTreeMap<String, &plan::Union>) -> Vec<Item> {
    let mut made: BTreeMap<String, bool> = BTreeMap::new();
    for item in types {
        let Item::Impl(block) = item else { continue };
        let Some(name) = self_type(block).filter(|name| unions.contains_key(name)) else {
            continue;
        };
        let Some((path, _)) = &block.trait_ else { continue };
        let text = quote!(#path).to_string();
        let from_text = text.contains("String >") || text.contains("& str >");
        *made.entry(name).or_default() |=
            from_text || trait_name(block).as_deref() == Some("FromStr");
    }
    let mut items = Vec::new();
    for item in types {
        let Item::Enum(definition) = item else { continue };
        let name = &definition.ident;
        if !unions.contains_key(&name.to_string()) || made.get(&name.to_string()) == Some(&true) {
            continue;
        }
        let mut plain = definition.variants.iter().filter(|variant| {
            let Some(Type::Path(path)) = variant.fields.iter().next().map(|field| &field.ty) else {
                return false;
            };
            path.path.segments.last().is_some_and(|last| last.ident == "String")
                && path.path.segments.len() > 1
        });
        let (Some(variant), None) = (plain.next(), plain.next()) else { continue };
        let variant = &variant.ident;
        items.push(parse_quote! {
            impl ::std::convert::From<::std::string::String> for #name {
                fn from(value: ::std::string::String) -> Self {
                    Self::#variant(value)
                }
            }
        });
        items.push(parse_quote! {
            impl ::std::convert::From<&str> for #name {
                fn from(value: &str) -> Self {
                    Self::#variant(value.to_owned())
                }
            }
        });
    }
    items
}

fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}
