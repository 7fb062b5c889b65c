//! Credentials: a constant for each security scheme that the contract names, and the methods of the
//! client's builder that take what it asks for.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{File, Item, parse_quote};

use crate::plan::{ClientCredentials, Plan, Scheme, SchemeKind};

/// Adds the security schemes that the operations name.
pub(super) fn run(file: &mut File, plan: &Plan) {
    if !plan.schemes.is_empty() {
        file.items.push(security(&plan.schemes));
    }
}

/// The security schemes, for the operations to name.
fn security(schemes: &[Scheme]) -> Item {
    let constants = schemes.iter().map(|scheme| {
        let Scheme { name, kind, .. } = scheme;
        let constant = constant(scheme);
        let place = match kind {
            SchemeKind::Header(name) => quote!(Header(#name)),
            SchemeKind::Query(name) => quote!(Query(#name)),
            SchemeKind::Cookie(name) => quote!(Cookie(#name)),
            SchemeKind::Basic => quote!(Basic),
            SchemeKind::Bearer | SchemeKind::OAuth2(_) => quote!(Bearer),
            SchemeKind::Http(_) => quote!(Authorization),
            SchemeKind::Certificate => quote!(Certificate),
        };
        quote! {
            pub(super) const #constant: SecurityScheme =
                SecurityScheme { name: #name, credential: CredentialPlace::#place };
        }
    });
    parse_quote! {
        /// The security schemes of the contract.
        mod security {
            use pagebind_client::{CredentialPlace, SecurityScheme};
            #(#constants)*
        }
    }
}

/// The constant in `mod security` that a scheme is.
pub(super) fn constant(scheme: &Scheme) -> syn::Ident {
    format_ident!("{}", scheme.setter.to_uppercase())
}

/// The methods that take the credential of a scheme.
pub(super) fn setter(scheme: &Scheme) -> TokenStream {
    let setter = format_ident!("{}", scheme.setter);
    let constant = constant(scheme);
    let docs = |ours: String| {
        let words = &scheme.description;
        let about = (!words.is_empty()).then(|| quote!(#[doc = #words] #[doc = ""]));
        quote!(#about #[doc = #ours])
    };
    let name = &scheme.name;
    let method = |docs, arguments: TokenStream, credential: TokenStream| {
        quote! {
            #docs
            pub fn #setter(self, #arguments) -> Self {
                Self(self.0.credential(security::#constant, pagebind_client::Credential::#credential))
            }
        }
    };
    match &scheme.kind {
        SchemeKind::Header(place) => method(
            docs(format!("The key for `{name}`, sent as the header `{place}`.")),
            quote!(key: impl Into<pagebind_client::Secret>),
            quote!(key(key)),
        ),
        SchemeKind::Query(place) => method(
            docs(format!("The key for `{name}`, sent as the query parameter `{place}`.")),
            quote!(key: impl Into<pagebind_client::Secret>),
            quote!(key(key)),
        ),
        SchemeKind::Cookie(place) => method(
            docs(format!("The key for `{name}`, sent as the cookie `{place}`.")),
            quote!(key: impl Into<pagebind_client::Secret>),
            quote!(key(key)),
        ),
        SchemeKind::Basic => method(
            docs(format!("The user and the password for `{name}` (RFC 7617).")),
            quote!(user: impl AsRef<str>, password: impl Into<pagebind_client::Secret>),
            quote!(basic(user.as_ref(), password)),
        ),
        SchemeKind::Http(scheme) => method(
            docs(format!(
                "The credentials for `{name}`: the whole value of `Authorization`, which begins with `{scheme}`."
            )),
            quote!(value: impl Into<pagebind_client::Secret>),
            quote!(authorization(value)),
        ),
        SchemeKind::Certificate => method(
            docs(format!(
                "Says that the HTTP client was given the certificate for `{name}`, by `http_builder` or `http`."
            )),
            quote!(),
            quote!(certificate()),
        ),
        SchemeKind::Bearer => method(
            docs(format!(
                "Where the bearer token for `{name}` comes from: a `Token`, a closure, or `CachingTokens` over any other."
            )),
            quote!(source: impl pagebind_client::TokenSource),
            quote!(tokens(source)),
        ),
        SchemeKind::OAuth2(flow) => {
            let from_source = method(
                docs(format!(
                    "Where the access token for `{name}` comes from: a `Token`, a closure, or `CachingTokens` over any other."
                )),
                quote!(source: impl pagebind_client::TokenSource),
                quote!(tokens(source)),
            );
            let exchanged = flow.as_ref().map(|flow| exchanged(scheme, flow));
            quote!(#from_source #exchanged)
        }
    }
}

/// The method that takes client credentials, and fetches and caches tokens with them.
fn exchanged(scheme: &Scheme, flow: &ClientCredentials) -> TokenStream {
    let setter = format_ident!("{}_client_credentials", scheme.setter);
    let constant = constant(scheme);
    let token_url = &flow.token_url;
    let mut docs = format!(
        "Client credentials for `{}`, which are exchanged for an access token at `{token_url}`; it is kept until shortly before it expires.",
        scheme.name
    );
    let needed = flow.needed.join(" ");
    let asking = (!needed.is_empty()).then(|| {
        docs.push_str(&format!(
            "\n\nIt is asked for `{needed}`, which the operations name, unless the credentials say a scope."
        ));
        quote!(.or_scope(#needed))
    });
    if !flow.scopes.is_empty() {
        docs.push_str("\n\nThe scopes that there are:\n");
        for (name, words) in &flow.scopes {
            docs.push_str(&format!("\n- `{name}`: {}", words.trim().replace('\n', " ")));
        }
    }
    quote! {
        #[doc = #docs]
        pub fn #setter(self, credentials: pagebind_client::ClientCredentials) -> Self {
            Self(self.0.client_credentials(security::#constant, #token_url, credentials #asking))
        }
    }
}
