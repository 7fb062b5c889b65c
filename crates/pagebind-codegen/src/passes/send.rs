//! Sending: what each operation puts on the wire is written from the plan.
//!
//! Progenitor's own `send` encodes a text twice or not at all, sends a header that no document asks
//! for, and knows neither of credentials nor of servers. Here it only gathers what the caller set;
//! the rest is handed to `pagebind_client`, which writes every request of every client.

use std::collections::BTreeSet;

use pagebind::diagnostic::Diagnostic;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{File, ReturnType, parse_quote};

use super::{
    credentials,
    operations::{self, Given},
    responses,
    source::{by_builder, expect, sends},
    xml,
};
use crate::plan::{BodyForm, Operation, Parameter, Plan, RequestBody, Style};

/// Writes the `send` of every operation.
///
/// It is no `async fn`, of which the compiler would have to check a state machine for each operation, and
/// `#[inline]`: what nobody calls is not compiled, nor how its types are read and written.
pub(super) fn run(file: &mut File, plan: &Plan) -> Result<(), Diagnostic> {
    let given = operations::given(file);
    let operations = by_builder(plan);
    for (builder, send) in sends(file) {
        let Some(operation) = operations.get(&builder) else { continue };
        let given = given.get(&builder).map(Vec::as_slice).unwrap_or_default();
        let info = info(operation, plan);
        let given = |name: &str| given.iter().find(|it| it.ident == name);
        for Parameter { name, field, .. } in &operation.parameters {
            let found = given(field).is_some();
            expect(found, "send", format!("the parameter `{name}` of `{builder}`"))?;
        }
        let parameters = operation.parameters.iter().map(|parameter| {
            let field = format_ident!("{}", parameter.field);
            let parameter = definition(parameter);
            quote!(call.parameter(#parameter, self.#field);)
        });
        let body = operation.body.as_ref().map(|body| {
            let built = given("body").and_then(Given::built);
            let built = built.map(|built| quote!(.and_then(building::build::<#built, _>)));
            match body.required {
                true => set_body(body, quote!(self.body #built)),
                false => {
                    let set = set_body(body, quote!(body #built));
                    quote!(if let Some(body) = self.body.transpose() { #set })
                }
            }
        });
        let read = responses::read(operation);
        send.block = parse_quote!({
            const INFO: pagebind_client::OperationInfo = #info;
            let mut call = self.client.0.call(&INFO);
            #(#parameters)*
            #body
            call.headers(self.headers);
            call.send(|response| #read)
        });
        send.attrs.push(parse_quote!(#[inline]));
        send.sig.asyncness = None;
        if let ReturnType::Type(_, returned) = &mut send.sig.output {
            *returned = parse_quote!(
                impl ::std::future::Future<Output = #returned> + ::std::marker::Send + 'a
            );
        }
    }
    Ok(())
}

/// What the client knows of an operation when it is called.
fn info(operation: &Operation, plan: &Plan) -> TokenStream {
    let Operation { id, method, path, client_headers, .. } = operation;
    let headers =
        (!client_headers.is_empty()).then(|| quote!(.client_headers(&[#(#client_headers),*])));
    let scheme = |name: &String| {
        let scheme = plan.schemes.iter().find(|scheme| scheme.name == *name)?;
        let constant = credentials::constant(scheme);
        Some(quote!(super::security::#constant))
    };
    let alternatives = operation.security.iter().map(|schemes| {
        let schemes = schemes.iter().filter_map(scheme);
        quote!(&[#(#schemes),*])
    });
    let security =
        (!operation.security.is_empty()).then(|| quote!(.security(&[#(#alternatives),*])));
    let server = operation.server.iter().map(|url| quote!(.server(#url)));
    let accept = accept(operation).map(|media_types| quote!(.accept(#media_types)));
    let others = operation.responses.iter().filter_map(|response| response.or_accept.as_deref());
    let others: BTreeSet<&str> = others.collect();
    let others = others.into_iter();
    let or_accept = (others.len() > 0).then(|| quote!(.or_accept(&[#(#others),*])));
    let streams =
        operation.responses.iter().any(|it| it.status.is_success() && it.body.is_stream());
    let streams = streams.then(|| quote!(.streams()));
    quote! {
        pagebind_client::OperationInfo::new(#id, #method, #path)
            #(#server)* #security #headers #accept #or_accept #streams
    }
}

/// The media types that the client reads of the operation's answers, those of successes first, and of these
/// what is whole before what is a stream.
fn accept(operation: &Operation) -> Option<String> {
    let (mut successes, errors): (Vec<_>, Vec<_>) =
        operation.responses.iter().partition(|response| response.status.is_success());
    successes.sort_by_key(|response| !response.only_if.is_empty());
    let mut media_types: Vec<&str> = Vec::new();
    for response in successes.iter().chain(&errors) {
        for media_type in &response.accept {
            if !media_types.contains(&media_type.as_str()) {
                media_types.push(media_type);
            }
        }
    }
    (!media_types.is_empty()).then(|| media_types.join(", "))
}

/// A parameter as `pagebind_client` knows it; what it says by default is left out.
pub(super) fn definition(parameter: &Parameter) -> TokenStream {
    let Parameter { name, place, style, explode, allow_reserved, order, .. } = parameter;
    let constructor = format_ident!("{}", place.constructor());
    let by_default = place.default_style();
    let styled = (*style != by_default).then(|| {
        let style = format_ident!("{style:?}");
        quote!(.style(pagebind_client::Style::#style))
    });
    let exploded = (*style != Style::Json && *explode != by_default.explodes())
        .then(|| quote!(.explode(#explode)));
    let reserved = allow_reserved.then(|| quote!(.allow_reserved()));
    let ordered = (!order.is_empty()).then(|| quote!(.order(&[#(#order),*])));
    quote!(pagebind_client::Parameter::#constructor(#name) #styled #exploded #reserved #ordered)
}

/// The call that sets the body, which is `made`.
fn set_body(body: &RequestBody, made: TokenStream) -> TokenStream {
    let RequestBody { media_type, one_of_several, form, .. } = body;
    let set = match form {
        BodyForm::Json => quote!(json(#media_type, #made)),
        BodyForm::Xml(root) => {
            let root = xml::root(root);
            quote!(xml(#media_type, #made, #root))
        }
        BodyForm::Urlencoded { order, fields } => {
            let fields = fields.iter().map(definition);
            quote!(form(#made, &[#(#order),*], &[#(#fields),*]))
        }
        BodyForm::Multipart { parts, .. } => {
            let needed = parts.iter().filter(|part| part.required).map(|part| &part.name);
            quote!(multipart(#media_type, #made, &[#(#needed),*]))
        }
        BodyForm::Raw if *one_of_several => quote!(bytes_or(#media_type, #made)),
        BodyForm::Raw => quote!(bytes(#media_type, #made)),
    };
    quote!(call.#set;)
}
