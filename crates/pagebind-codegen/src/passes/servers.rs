//! The published servers, by name: what the builder of a client takes in the place of a base URL.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{File, parse_quote};

use crate::{
    naming,
    plan::{Plan, Server, Variable},
};

/// Adds `Server`, unless the contract names none.
pub(super) fn run(file: &mut File, plan: &Plan) {
    if plan.servers.is_empty() {
        return;
    }
    let variants = plan.servers.iter().map(|server| {
        let name = format_ident!("{}", server.name);
        let doc = doc(server);
        let holds = (!server.variables.is_empty()).then(|| {
            let variables = variables_name(server);
            quote!((#variables))
        });
        quote!(#[doc = #doc] #name #holds)
    });
    file.items.push(parse_quote! {
        /// The published servers of the API. Any other base URL can take the place of one.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Server { #(#variants,)* }
    });
    let arms = plan.servers.iter().map(|server| {
        let name = format_ident!("{}", server.name);
        let url = &server.url;
        if server.variables.is_empty() {
            return quote!(Self::#name => #url.to_owned());
        }
        let values = server.variables.iter().map(|variable| {
            let field = format_ident!("{}", variable.field);
            if variable.values.is_empty() { quote!(of.#field) } else { quote!(of.#field.as_str()) }
        });
        // What stands last may be empty, or end in a slash.
        let trimmed = url.ends_with("{}").then(|| quote!(.trim_end_matches('/').to_owned()));
        quote!(Self::#name(of) => format!(#url, #(#values),*) #trimmed)
    });
    file.items.push(parse_quote! {
        impl Server {
            /// The base URL, without a slash at its end.
            pub fn base_url(&self) -> String {
                match self { #(#arms,)* }
            }
        }
    });
    file.items.push(parse_quote! {
        impl From<Server> for String {
            fn from(server: Server) -> Self {
                server.base_url()
            }
        }
    });
    for server in plan.servers.iter().filter(|server| !server.variables.is_empty()) {
        variables(file, server);
    }
}

/// What the contract says of a server, and its URL.
fn doc(server: &Server) -> String {
    let url = server.variables.iter().fold(server.url.clone(), |url, variable| {
        url.replacen("{}", &format!("{{{}}}", variable.field), 1)
    });
    match server.description.trim() {
        "" => format!("`{url}`"),
        words => format!("{words}: `{url}`"),
    }
}

fn variables_name(server: &Server) -> syn::Ident {
    format_ident!("{}Server", server.name)
}

/// The struct of a server's variables, with their defaults, and an enum for each whose values are
/// listed.
fn variables(file: &mut File, server: &Server) {
    let name = variables_name(server);
    let field_type = |variable: &Variable| -> TokenStream {
        if variable.values.is_empty() {
            return quote!(::std::string::String);
        }
        let name = format_ident!("{name}{}", naming::type_name(&variable.field));
        quote!(#name)
    };
    let variant = |value: &str| format_ident!("{}", naming::type_name(value));
    let doc =
        format!("The variables of [`Server::{}`], and what they are by default.", server.name);
    // One variable can stand in several places of a URL.
    let mut distinct: Vec<&Variable> = Vec::new();
    for variable in &server.variables {
        if !distinct.iter().any(|it| it.field == variable.field) {
            distinct.push(variable);
        }
    }
    let fields = distinct.iter().map(|variable| {
        let (field, of) = (format_ident!("{}", variable.field), field_type(variable));
        let doc = match variable.description.as_str() {
            "" => format!("By default `{}`.", variable.default),
            words => format!("{words}. By default `{}`.", words_end(&variable.default)),
        };
        quote!(#[doc = #doc] pub #field: #of)
    });
    let defaults = distinct.iter().map(|variable| {
        let field = format_ident!("{}", variable.field);
        let default = &variable.default;
        if variable.values.is_empty() {
            return quote!(#field: #default.to_owned());
        }
        let of = field_type(variable);
        // A default that is not listed would be none; the first that is takes its place.
        let listed = variable.values.iter().find(|it| *it == default);
        let listed = variant(listed.unwrap_or(&variable.values[0]));
        quote!(#field: #of::#listed)
    });
    file.items.push(parse_quote! {
        #[doc = #doc]
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct #name { #(#fields,)* }
    });
    file.items.push(parse_quote! {
        impl Default for #name {
            fn default() -> Self {
                Self { #(#defaults,)* }
            }
        }
    });
    for variable in distinct.iter().filter(|variable| !variable.values.is_empty()) {
        let of = field_type(variable);
        let values: Vec<&String> = variable.values.iter().collect();
        let names: Vec<syn::Ident> = values.iter().map(|value| variant(value)).collect();
        let docs = values.iter().map(|value| format!("`{value}`"));
        let doc = format!("The values of [`{name}::{}`].", variable.field);
        file.items.push(parse_quote! {
            #[doc = #doc]
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            #[non_exhaustive]
            pub enum #of { #(#[doc = #docs] #names,)* }
        });
        file.items.push(parse_quote! {
            impl #of {
                /// The value as it stands in the URL.
                pub fn as_str(self) -> &'static str {
                    match self { #(Self::#names => #values,)* }
                }
            }
        });
    }
}

fn words_end(text: &str) -> &str {
    text.trim_end_matches('.')
}

/// The methods of the client's builder that put another URL in the place of a server which operations
/// have of their own.
pub(super) fn setters(plan: &Plan) -> impl Iterator<Item = TokenStream> {
    plan.own_servers.iter().map(|server| {
        let setter = format_ident!("{}_server", naming::method_name(&server.name));
        let url = server.default_url();
        let operations = plan.operations.iter().filter(|(_, it)| it.server.as_ref() == Some(&url));
        let operations: Vec<String> =
            operations.map(|(name, _)| format!("[`Client::{name}`]")).collect();
        let doc = format!(
            "Another URL in the place of `{url}`, to which these operations go: {}.",
            operations.join(", ")
        );
        quote! {
            #[doc = #doc]
            pub fn #setter(self, url: impl Into<String>) -> Self {
                Self(self.0.server(#url, &url.into()))
            }
        }
    })
}
