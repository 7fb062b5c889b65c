//! Headers of responses: a type for those that an operation documents, and `send` gives it along.
//!
//! A header is read when it is asked for, so one that is not as the contract says fails no response.

use pagebind::diagnostic::Diagnostic;
use quote::{format_ident, quote};
use syn::{
    File, GenericArgument, Item, PathArguments, PathSegment, parse_quote,
    visit_mut::{self, VisitMut},
};

use super::source::{by_builder, expect, module, sends};
use crate::plan::{Header, Plan};

/// Adds the types.
pub(super) fn types(file: &mut File, plan: &Plan) {
    if let Some(types) = module(&mut file.items, "types") {
        types.extend(plan.headers.iter().flat_map(|(name, headers)| items(name, headers)));
    }
}

/// Names the types in what operations return.
pub(super) fn run(file: &mut File, plan: &Plan) -> Result<(), Diagnostic> {
    let operations = by_builder(plan);
    for (builder, send) in sends(file) {
        let named = operations.get(&builder).and_then(|operation| operation.headers.as_ref());
        if let Some(name) = named {
            let mut returned = Returned { name, found: false };
            returned.visit_return_type_mut(&mut send.sig.output);
            expect(returned.found, "headers", format!("what `{builder}` returns"))?;
        }
    }
    Ok(())
}

fn items(name: &str, headers: &[Header]) -> [Item; 3] {
    let name = format_ident!("{name}");
    let methods = headers.iter().map(|header| {
        let Header { name, form, .. } = header;
        let method = format_ident!("{}", header.method);
        let of: Option<syn::Type> = syn::parse_str(&header.of).ok();
        let read = format_ident!("{}", form.method());
        let statuses = header.statuses.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>();
        let of_statuses = match statuses.as_slice() {
            [] => String::new(),
            statuses => format!(", which comes with {}", statuses.join(", ")),
        };
        let what = format!("The header `{name}`{of_statuses}; `None` where it did not come.");
        let words = match header.description.as_str() {
            "" => what,
            words => format!("{words}\n\n{what}"),
        };
        let doc = format!("{words}\n\n# Errors\nWhen it came and is something else.");
        quote! {
            #[doc = #doc]
            pub fn #method(
                &self,
            ) -> ::std::result::Result<::std::option::Option<#of>, ::pagebind_client::InvalidHeader>
            {
                self.0.#read(#name)
            }
        }
    });
    [
        parse_quote! {
            /// Response headers that the contract documents, each read when it is asked for.
            #[derive(Debug, Clone)]
            pub struct #name(::pagebind_client::ResponseHeaders);
        },
        parse_quote! {
            impl #name { #(#methods)* }
        },
        parse_quote! {
            impl ::std::convert::From<::pagebind_client::ResponseHeaders> for #name {
                fn from(headers: ::pagebind_client::ResponseHeaders) -> Self {
                    Self(headers)
                }
            }
        },
    ]
}

/// `ResponseValue<T>` becomes `ResponseValue<T, types::Headers>`.
struct Returned<'a> {
    name: &'a str,
    found: bool,
}

impl VisitMut for Returned<'_> {
    fn visit_path_segment_mut(&mut self, segment: &mut PathSegment) {
        if segment.ident == "ResponseValue"
            && let PathArguments::AngleBracketed(arguments) = &mut segment.arguments
        {
            let name = format_ident!("{}", self.name);
            let of: GenericArgument = parse_quote!(types::#name);
            arguments.args.push(of);
            self.found = true;
            return;
        }
        visit_mut::visit_path_segment_mut(self, segment);
    }
}
