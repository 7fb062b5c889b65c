//! Sending: what each operation puts on the wire is written from the plan.
//!
//! Progenitor's own `send` encodes a text twice or not at all, sends a header that no document asks
//! for, and knows neither of credentials nor of servers. Here it only gathers what the caller set;
//! the rest is handed to `pagebind_client`, which writes every request of every client.

use std::collections::BTreeSet;

use pagebind::diagnostic::Diagnostic;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{File, Pat, Stmt, parse_quote};

use super::{
    credentials,
    source::{by_builder, sends, unmatched},
    xml,
};
use crate::plan::{BodyForm, Operation, Parameter, Plan, RequestBody, Style};

/// Writes the `send` of every operation, up to the `match` on its answer.
pub(super) fn run(file: &mut File, plan: &Plan) -> Result<(), Diagnostic> {
    let operations = by_builder(plan);
    for (builder, send) in sends(file) {
        let Some(operation) = operations.get(&builder) else { continue };
        let statements = std::mem::take(&mut send.block.stmts);
        let Some(set) = parameters(&statements) else {
            return Err(unmatched("send", format!("the parameters of `{builder}`")));
        };
        let mut statements = statements.into_iter();
        let gathered = statements.by_ref().take(1 + set);
        let info = info(operation, plan);
        let parameters = operation.parameters.iter().map(|parameter| {
            let field = format_ident!("{}", parameter.field);
            let parameter = definition(parameter);
            quote!(request.parameter(#parameter, &#field)?;)
        });
        let body = operation.body.as_ref().map(body);
        let call: syn::Block = parse_quote!({
            const INFO: pagebind_client::OperationInfo = #info;
            let client = self.client;
            // What the caller set is gone before the answer is waited for.
            let request = {
                #(#gathered)*
                let mut request = client.0.request(&INFO);
                #(#parameters)*
                #body
                request.build()?
            };
            let response = client.0.execute(request, &INFO).await?;
        });
        send.block.stmts = call.stmts;
        send.block.stmts.extend(statements.last());
    }
    Ok(())
}

/// How many parameters `let Self { client, … } = self;` takes apart.
fn parameters(statements: &[Stmt]) -> Option<usize> {
    let Some(Stmt::Local(local)) = statements.first() else { return None };
    let Pat::Struct(fields) = &local.pat else { return None };
    let set = fields.fields.len().checked_sub(1)?;
    (statements.len() > 1 + set).then_some(set)
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

/// How the body is set.
fn body(body: &RequestBody) -> TokenStream {
    let RequestBody { media_type, one_of_several, required, form } = body;
    let set = match form {
        BodyForm::Json if *required => quote!(request.json(#media_type, &body)?;),
        BodyForm::Json => quote!(request.json(#media_type, body)?;),
        BodyForm::Xml(root) => {
            let root = xml::root(root);
            let body = if *required { quote!(&body) } else { quote!(body) };
            quote!(request.xml(#media_type, #body, #root)?;)
        }
        BodyForm::Urlencoded { order, fields } => {
            let fields = fields.iter().map(definition);
            let body = if *required { quote!(&body) } else { quote!(body) };
            quote!(request.form(#body, &[#(#order),*], &[#(#fields),*])?;)
        }
        BodyForm::Multipart { parts, .. } => {
            let needed = parts.iter().filter(|part| part.required).map(|part| &part.name);
            quote!(request.multipart(#media_type, body, &[#(#needed),*])?;)
        }
        BodyForm::Raw if *one_of_several => quote!(request.bytes_or(#media_type, body);),
        BodyForm::Raw => quote!(request.bytes(#media_type, body);),
    };
    match (required, form) {
        (true, _) => set,
        (false, BodyForm::Raw | BodyForm::Multipart { .. }) => {
            quote!(if let Some(body) = body { #set })
        }
        (false, _) => quote!(if let Some(body) = &body { #set }),
    }
}
