//! `multipart` bodies: the type that holds the parts, with a method for each.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{File, Item, parse_quote};

use super::{send, source::module};
use crate::plan::{BodyForm, Part, PartContent, PartHeader, Plan};

/// Adds the types that hold the parts of bodies.
pub(super) fn run(file: &mut File, plan: &Plan) {
    let Some(types) = module(&mut file.items, "types") else { return };
    for (method, operation) in &plan.operations {
        if let Some(body) = &operation.body
            && let BodyForm::Multipart { holder: Some(holder), parts } = &body.form
        {
            types.extend(items(method, holder, parts));
        }
    }
}

fn items(method: &str, holder: &str, parts: &[Part]) -> [Item; 3] {
    let name = format_ident!("{holder}");
    let doc = format!("The parts of the body of `Client::{method}`.");
    let needed = parts.iter().flat_map(|part| {
        let headers = part.headers.iter().filter(|header| header.required);
        headers.map(|PartHeader { name, .. }| {
            let part = &part.name;
            quote!(.needing_header(#part, #name))
        })
    });
    let setters = parts.iter().flat_map(|part| {
        std::iter::once(setter(part)).chain(part.headers.iter().map(|it| header(part, it)))
    });
    [
        parse_quote! {
            #[doc = #doc]
            #[derive(Debug, Clone, Default)]
            pub struct #name(::pagebind_client::Multipart);
        },
        parse_quote! {
            impl #name {
                /// No parts yet.
                pub fn builder() -> Self {
                    Self(::std::default::Default::default())
                }

                #(#setters)*
            }
        },
        parse_quote! {
            impl ::std::convert::From<#name> for ::pagebind_client::Multipart {
                fn from(body: #name) -> Self {
                    body.0 #(#needed)*
                }
            }
        },
    ]
}

fn setter(part: &Part) -> TokenStream {
    let Part { name, media_type, content, .. } = part;
    let setter = format_ident!("{}", part.setter);
    let required = if part.required { "; required" } else { "" };
    let doc = match part.description.as_str() {
        "" => format!("The part `{name}`{required}."),
        words => format!("{words}\n\nThe part `{name}`{required}."),
    };
    match content {
        PartContent::File => quote! {
            #[doc = #doc]
            pub fn #setter(self, file: impl Into<::pagebind_client::FilePart>) -> Self {
                Self(self.0.file(#name, file, #media_type))
            }
        },
        PartContent::Files => quote! {
            #[doc = #doc]
            pub fn #setter<F: Into<::pagebind_client::FilePart>>(
                self,
                files: impl IntoIterator<Item = F>,
            ) -> Self {
                let files = files.into_iter();
                Self(files.fold(self.0, |parts, file| parts.file(#name, file, #media_type)))
            }
        },
        PartContent::Value(of) => {
            let of: Option<syn::Type> = syn::parse_str(of).ok();
            let written = match &part.style {
                Some(style) => {
                    let style = send::definition(style);
                    quote!(styled(#style, &value))
                }
                None => quote!(value(#name, &value, #media_type)),
            };
            let refused = format!("the part `{name}` does not fit its type");
            quote! {
                #[doc = #doc]
                pub fn #setter<V: ::std::convert::TryInto<#of>>(self, value: V) -> Self {
                    let value: ::std::result::Result<#of, _> = value.try_into();
                    Self(match value {
                        Ok(value) => self.0.#written,
                        Err(_) => self.0.refuse(#refused),
                    })
                }
            }
        }
    }
}

/// What sets a header of a part.
fn header(part: &Part, header: &PartHeader) -> TokenStream {
    let (part, PartHeader { name, description, .. }) = (&part.name, header);
    let setter = format_ident!("{}", header.setter);
    let of: Option<syn::Type> = syn::parse_str(header.of).ok();
    let required = if header.required { "; required" } else { "" };
    let what = format!("The header `{name}` of the part `{part}`{required}.");
    let doc = match description.as_str() {
        "" => what,
        words => format!("{words}\n\n{what}"),
    };
    quote! {
        #[doc = #doc]
        pub fn #setter(self, value: impl Into<#of>) -> Self {
            let value: #of = value.into();
            Self(self.0.header(#part, #name, &value))
        }
    }
}
