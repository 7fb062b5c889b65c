//! The module `mock`: for each operation what a test expects of its request, and the answers that the
//! contract documents, both typed.
//!
//! It stands behind the feature `mock` of the crate that holds the source, because what a test needs is
//! no part of a program. `pagebind_mock` does the work; here are the names and types.

use std::collections::{BTreeMap, BTreeSet};

use pagebind::diagnostic::Diagnostic;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{File, ImplItemFn, Item, Type, parse_quote};

use super::source::{argument, by_builder, expect, sends};
use super::{
    operations::{self, Given},
    send, source, xml,
};
use crate::naming;
use crate::plan::{Body, BodyForm, Operation, Plan, RequestBody, Response, Status};
use crate::shape::is_json;

/// Adds the module, where the settings ask for it.
pub(super) fn run(file: &mut File, plan: &Plan) -> Result<(), Diagnostic> {
    if !plan.mock {
        return Ok(());
    }
    let mut given = operations::given(file);
    let mut returned = returned(file);
    let mut operations = Vec::new();
    for (builder, operation) in by_builder(plan) {
        let given = given.remove(&builder).unwrap_or_default();
        let returned = returned.remove(&builder);
        expect(returned.is_some(), "mock", format!("what the `send` of `{builder}` returns"))?;
        let returned = returned.unwrap_or_else(|| (parse_quote!(()), parse_quote!(())));
        operations.push(Mocked { builder, operation, given, returned });
    }
    let methods: BTreeSet<&String> = plan.operations.keys().collect();
    let builders: BTreeSet<&String> = operations.iter().map(|it| &it.builder).collect();
    let of_server = naming::unique("Operations", |name| builders.iter().any(|it| *it == name));
    let of_server = format_ident!("{of_server}");
    let (declared, defined): (Vec<_>, Vec<_>) =
        methods.into_iter().map(|method| entrance(method)).unzip();
    let items = operations.iter().flat_map(Mocked::items);
    file.items.push(parse_quote! {
        /// Expectations and answers of each operation, for tests against a
        /// [`MockServer`](pagebind_mock::MockServer).
        #[cfg(feature = "mock")]
        pub mod mock {
            use super::types;
            // A glob, so that an operation of one of these names takes precedence.
            pub use pagebind_mock::*;

            /// What a server can be told to expect: a request of any operation.
            pub trait #of_server {
                #(#declared)*
            }

            impl #of_server for pagebind_mock::MockServer {
                #(#defined)*
            }

            #(#items)*
        }
    });
    Ok(())
}

/// The method of a server for an operation: its declaration, and its definition.
fn entrance(method: &str) -> (TokenStream, TokenStream) {
    let builder = format_ident!("{}", naming::type_name(method));
    let name = format_ident!("{method}");
    let doc = format!("Expects a request of [`Client::{method}`](super::Client::{method}).");
    let declared = quote! {
        #[doc = #doc]
        fn #name(&self) -> #builder<'_>;
    };
    let defined = quote! {
        fn #name(&self) -> #builder<'_> {
            #builder(pagebind_mock::Expectation::new(self, &#builder::INFO))
        }
    };
    (declared, defined)
}

/// The types of the success and of the documented error of each operation, by its builder.
fn returned(file: &mut File) -> BTreeMap<String, (Type, Type)> {
    let both = |send: &ImplItemFn| {
        let [success, error] =
            source::arguments_of(source::awaited(&send.sig)?, "Result").try_into().ok()?;
        Some((argument(&success, "ResponseValue")?.clone(), argument(&error, "Error")?.clone()))
    };
    sends(file).filter_map(|(builder, send)| Some((builder, both(send)?))).collect()
}

/// What the module has of one operation.
struct Mocked<'p> {
    builder: String,
    operation: &'p Operation,
    given: Vec<Given>,
    returned: (Type, Type),
}

impl Mocked<'_> {
    fn items(&self) -> [Item; 4] {
        let Operation { id, method, path, .. } = self.operation;
        let name = format_ident!("{}", self.builder);
        let doc =
            format!("An expected request of `{method} {path}`; what is not said may be anything.");
        let mut taken: BTreeSet<String> = BTreeSet::new();
        let parameters: Vec<_> = self.parameters(&mut taken).collect();
        let body = self.operation.body.as_ref().and_then(|body| self.body(body, &mut taken));
        let answers: Vec<_> =
            self.operation.responses.iter().map(|it| self.answer(it, &mut taken)).collect();
        [
            parse_quote! {
                #[doc = #doc]
                #[must_use = "nothing is expected before it is said how it is answered"]
                pub struct #name<'a>(pagebind_mock::Expectation<'a>);
            },
            parse_quote! {
                impl<'a> ::std::convert::From<pagebind_mock::Expectation<'a>> for #name<'a> {
                    fn from(expectation: pagebind_mock::Expectation<'a>) -> Self {
                        Self(expectation)
                    }
                }
            },
            parse_quote! {
                impl<'a> ::std::convert::From<#name<'a>> for pagebind_mock::Expectation<'a> {
                    fn from(expected: #name<'a>) -> Self {
                        expected.0
                    }
                }
            },
            parse_quote! {
                impl<'a> #name<'a> {
                    const INFO: pagebind_client::OperationInfo =
                        pagebind_client::OperationInfo::new(#id, #method, #path);

                    #(#parameters)*

                    #body

                    #(#answers)*
                }
            },
        ]
    }

    /// The type of what a caller sets a field to.
    fn type_of(&self, field: &str) -> Option<Type> {
        self.given.iter().find(|given| given.ident == field).map(Given::of)
    }

    fn parameters(&self, taken: &mut BTreeSet<String>) -> impl Iterator<Item = TokenStream> {
        self.operation.parameters.iter().filter_map(move |parameter| {
            let of = self.type_of(&parameter.field)?;
            taken.insert(parameter.field.clone());
            let name = format_ident!("{}", parameter.field);
            let definition = send::definition(parameter);
            let doc = format!("Only requests with this `{}`.", parameter.name);
            Some(quote! {
                #[doc = #doc]
                pub fn #name<V: ::std::convert::TryInto<#of>>(self, value: V) -> Self {
                    let value: ::std::result::Result<#of, _> = value.try_into();
                    Self(self.0.parameter(#definition, value))
                }
            })
        })
    }

    fn body(&self, body: &RequestBody, taken: &mut BTreeSet<String>) -> Option<TokenStream> {
        let RequestBody { media_type, form, .. } = body;
        let compared = match form {
            BodyForm::Json => quote!(json(#media_type, body)),
            BodyForm::Xml(root) => {
                let root = xml::root(root);
                quote!(xml(#media_type, body, #root))
            }
            BodyForm::Urlencoded { order, fields } => {
                let fields = fields.iter().map(send::definition);
                quote!(form(body, &[#(#order),*], &[#(#fields),*]))
            }
            BodyForm::Raw => {
                taken.insert("body".to_owned());
                return Some(quote! {
                    /// Only requests with this body, byte for byte.
                    pub fn body(self, body: impl Into<pagebind_mock::Bytes>) -> Self {
                        Self(self.0.bytes(#media_type, body))
                    }
                });
            }
            // The delimiter is another one each time.
            BodyForm::Multipart { .. } => return None,
        };
        taken.insert("body".to_owned());
        let of = self.type_of("body")?;
        Some(quote! {
            /// Only requests with this body, however it is written.
            pub fn body<V>(self, body: V) -> Self
            where
                V: ::std::convert::TryInto<#of>,
                V::Error: ::std::fmt::Display,
            {
                let body: ::std::result::Result<#of, V::Error> = body.try_into();
                Self(self.0.#compared)
            }
        })
    }

    fn answer(&self, response: &Response, taken: &mut BTreeSet<String>) -> TokenStream {
        let wanted = naming::method_name(&response.variant());
        let name = naming::unique(&wanted, |name| taken.contains(name));
        taken.insert(name.clone());
        let name = format_ident!("{name}");
        let description = response.description.trim();
        let doc = format!("Answers `{}`: {description}", response.status);
        let (status, argument) = match response.status {
            Status::Code(code) => (quote!(#code), None),
            Status::Range(_) | Status::Default => (quote!(status), Some(quote!(status: u16,))),
        };
        let answer = |arguments: TokenStream, made: TokenStream| {
            quote! {
                #[doc = #doc]
                #[track_caller]
                pub fn #name #arguments -> pagebind_mock::Mock #made
            }
        };
        let media_type = |or: &str| response.accept.first().map_or(or, String::as_str).to_owned();
        let of_success = response.status.is_success();
        let stream_of = |name: &Option<String>, or: Type| match name {
            Some(name) => syn::parse_str(&format!("types::{name}")).unwrap_or(or),
            None => or,
        };
        match &response.body {
            Body::Empty => answer(
                quote!((self, #argument)),
                quote!({ pagebind_mock::Expect::answer(self, pagebind_mock::Answer::status(#status)) }),
            ),
            Body::Raw => {
                let media_type = media_type("application/octet-stream");
                answer(
                    quote!((self, #argument body: impl Into<pagebind_mock::Bytes>)),
                    quote!({
                        let answer = pagebind_mock::Answer::text(#status, #media_type, body);
                        pagebind_mock::Expect::answer(self, answer)
                    }),
                )
            }
            Body::Events(of) | Body::Lines(of) => {
                let events = matches!(response.body, Body::Events(_));
                let of = match events {
                    true => stream_of(of, parse_quote!(::std::string::String)),
                    false => stream_of(of, parse_quote!(::serde_json::Value)),
                };
                let write = match (events, &response.body) {
                    (true, Body::Events(None)) => quote!(text_events),
                    (true, _) => quote!(events),
                    _ => quote!(json_lines),
                };
                answer(
                    quote!((self, #argument values: impl IntoIterator<Item = #of>)),
                    quote!({
                        let answer = pagebind_mock::Answer::#write(#status, values);
                        pagebind_mock::Expect::answer(self, answer)
                    }),
                )
            }
            Body::Json(of) => {
                let several = match of_success {
                    true => self.operation.success_type.is_some(),
                    false => self.operation.error_type.is_some(),
                };
                let of = match (several, of_success) {
                    (true, _) => stream_of(of, parse_quote!(::serde_json::Value)),
                    (false, true) => self.returned.0.clone(),
                    (false, false) => self.returned.1.clone(),
                };
                let media_type = media_type("application/json");
                let is_json = response.or_accept.is_some() && is_json(&media_type);
                let root = response.xml.as_deref().filter(|_| !is_json);
                let built = match root.map(xml::root) {
                    Some(root) => quote!(built_xml(#status, #media_type, body, #root)),
                    None => quote!(built(#status, #media_type, body)),
                };
                answer(
                    quote!(<V>(self, #argument body: V)),
                    quote! {
                        where
                            V: ::std::convert::TryInto<#of>,
                            V::Error: ::std::fmt::Display,
                        {
                            let body: ::std::result::Result<#of, V::Error> = body.try_into();
                            let answer = pagebind_mock::Answer::#built;
                            pagebind_mock::Expect::answer(self, answer)
                        }
                    },
                )
            }
        }
    }
}
