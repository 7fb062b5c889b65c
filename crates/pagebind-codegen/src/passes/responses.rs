//! Responses typed by status: each status decodes as its own type, and no other.
//!
//! Progenitor decodes every error of an operation as one type. Here the `match` on the status is
//! written anew from the plan, and an operation with several bodies gets an enum for them, with a
//! variant for each documented status. Publishers document further statuses as they please, so the
//! enums are `#[non_exhaustive]`: no caller has to follow.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::{File, parse_quote};

use super::{source::module, xml};
use crate::plan::{Body, Operation, Plan, Response, Status};

/// Writes the enums.
pub(super) fn types(file: &mut File, plan: &Plan) {
    let Some(types) = module(&mut file.items, "types") else { return };
    for (name, operation) in &plan.operations {
        let enums = [(&operation.success_type, true), (&operation.error_type, false)];
        for (enum_name, of_success) in enums {
            if let Some(enum_name) = enum_name {
                types.push(syn::Item::Enum(definition(name, operation, enum_name, of_success)));
            }
        }
    }
}

/// The responses of an operation that its success type, or its error type, holds.
fn responses(operation: &Operation, of_success: bool) -> impl Iterator<Item = &Response> {
    operation.responses.iter().filter(move |response| response.status.is_success() == of_success)
}

/// The enum that holds any of the successful, or any of the other responses of an operation.
fn definition(method: &str, operation: &Operation, name: &str, of_success: bool) -> syn::ItemEnum {
    let kind = if of_success { "successful" } else { "error" };
    let doc = format!("The {kind} responses of `Client::{method}`, each decoded as its own type.");
    let name = format_ident!("{name}");
    let variants = responses(operation, of_success).map(|response| {
        let variant = format_ident!("{}", response.variant());
        let doc = format!("`{}`: {}", response.status, response.description.trim());
        let body = match &response.body {
            Body::Empty => quote!(),
            Body::Raw => quote!((super::ByteStream)),
            Body::Json(Some(body)) => {
                let body = format_ident!("{body}");
                quote!((#body))
            }
            Body::Json(None) => quote!((::serde_json::Value)),
            Body::Events(_) | Body::Lines(_) => {
                let stream: Option<syn::Type> =
                    response.body.stream_type("").and_then(|it| syn::parse_str(&it).ok());
                quote!((#stream))
            }
        };
        quote!(#[doc = #doc] #variant #body)
    });
    parse_quote! {
        #[doc = #doc]
        #[derive(Debug)]
        #[non_exhaustive]
        pub enum #name { #(#variants,)* }
    }
}

/// What reads the response of an operation: one arm for what each documented status decodes as, and one for all
/// others.
pub(super) fn read(operation: &Operation) -> TokenStream {
    let mut arms: Vec<Arm> = Vec::new();
    for documented in &operation.responses {
        let (pattern, in_range) = pattern(documented.status);
        let came = documented.only_if.iter().map(|media_type| quote!(response.is(#media_type)));
        let only_if = match documented.only_if.len() {
            0 => None,
            several if several > 1 && in_range.is_some() => Some(quote!((#(#came)||*))),
            _ => Some(quote!(#(#came)||*)),
        };
        let conditions: Vec<TokenStream> = in_range.into_iter().chain(only_if).collect();
        let guard = (!conditions.is_empty()).then(|| quote!(if #(#conditions)&&*));
        let arm = Arm { pattern, guard, decode: decode(documented, operation) };
        match arms.last_mut().filter(|last| last.is_like(&arm)) {
            // What is left decodes as those before it do.
            Some(last) if documented.status == Status::Default => *last = arm,
            Some(Arm { pattern: all, .. }) => {
                let another = arm.pattern;
                all.extend(quote!(| #another));
            }
            None => arms.push(arm),
        }
    }
    let arms =
        arms.iter().map(|Arm { pattern, guard, decode }| quote!(#pattern #guard => #decode,));
    let documented = |documented: &Response| documented.status == Status::Default;
    let others = (!operation.responses.iter().any(documented))
        .then(|| quote!(_ => response.undocumented(),));
    quote!(match response.status().as_u16() { #(#arms)* #others })
}

/// An arm of the `match` on the status.
struct Arm {
    pattern: TokenStream,
    guard: Option<TokenStream>,
    decode: TokenStream,
}

impl Arm {
    /// Whether both do the same, without conditions.
    fn is_like(&self, other: &Self) -> bool {
        self.guard.is_none()
            && other.guard.is_none()
            && self.decode.to_string() == other.decode.to_string()
    }
}

/// The pattern of a status, and what must hold besides. A range is no pattern, because it overlaps with
/// those of the statuses in it, which lints of whoever holds the source would say.
fn pattern(status: Status) -> (TokenStream, Option<TokenStream>) {
    match status {
        Status::Code(code) => (quote!(#code), None),
        Status::Range(hundred) => {
            let (first, last) = (hundred * 100, hundred * 100 + 99);
            (quote!(status), Some(quote!((#first..=#last).contains(&status))))
        }
        Status::Default => (quote!(_), None),
    }
}

/// What an arm does with its response; `pagebind_client::Response` has the methods.
fn decode(documented: &Response, operation: &Operation) -> TokenStream {
    let variant = |enum_name: &Option<String>| {
        enum_name.as_ref().map(|name| {
            let name = Ident::new(name, Span::call_site());
            let variant = format_ident!("{}", documented.variant());
            quote!(types::#name::#variant)
        })
    };
    let root = documented.xml.as_deref().map(xml::root);
    let read = match &root {
        Some(root) if documented.or_accept.is_some() => quote!(json_or_xml(#root)),
        Some(root) => quote!(xml(#root)),
        None => quote!(json()),
    };
    if documented.status.is_success() {
        let read = match &documented.body {
            Body::Empty => quote!(empty()),
            Body::Raw => quote!(stream()),
            Body::Events(Some(_)) => quote!(events()),
            Body::Events(None) => quote!(text_events()),
            Body::Lines(_) => quote!(json_lines()),
            Body::Json(_) => read,
        };
        let variant = variant(&operation.success_type);
        let mapped = match &documented.body {
            Body::Empty => variant.map(|variant| quote!(.map(|()| #variant))),
            _ => variant.map(|variant| quote!(.map(#variant))),
        };
        return quote!(response.#read #mapped);
    }
    let variant = variant(&operation.error_type);
    if let Body::Empty = documented.body {
        let variant = variant.unwrap_or_else(|| quote!(()));
        return quote!(response.error_empty(|| #variant));
    }
    let variant = variant.unwrap_or_else(|| quote!(::std::convert::identity));
    match (&documented.body, &root) {
        // The body of an error is no stream of values: it has an end.
        (Body::Raw | Body::Events(_) | Body::Lines(_), _) => {
            quote!(response.error_stream(#variant))
        }
        (_, Some(root)) if documented.or_accept.is_some() => {
            quote!(response.error_json_or_xml(#root, #variant))
        }
        (_, Some(root)) => quote!(response.error_xml(#root, #variant)),
        (_, None) => quote!(response.error(#variant)),
    }
}
