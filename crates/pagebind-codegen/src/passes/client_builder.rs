//! The builder of the client: a method for each security scheme that the contract names.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{File, Item, parse_quote};

use super::servers;
use crate::plan::{ClientCredentials, Plan, Scheme, SchemeKind};

/// Adds `ClientBuilder`, and the security schemes that the operations name.
pub(super) fn run(file: &mut File, plan: &Plan) {
    if !plan.schemes.is_empty() {
        file.items.push(security(&plan.schemes));
    }
    file.items.push(parse_quote! {
        /// Sets up a [`Client`]. What is wrong with it is told by [`build`](Self::build).
        #[must_use = "nothing is set up before `build`"]
        pub struct ClientBuilder(pagebind_client::SessionBuilder);
    });
    let schemes = plan.schemes.iter().map(setter);
    let headers = headers(plan);
    let own_servers = servers::setters(plan);
    let of = if plan.servers.is_empty() { "" } else { " a [`Server`], or any other URL," };
    let new = format!(
        "Starts a client of the API at `base_url`, to which the operations' paths are appended:{of} `https`, or `http` to loopback."
    );
    file.items.push(parse_quote! {
        impl ClientBuilder {
            #[doc = #new]
            pub fn new(base_url: impl Into<String>) -> Self {
                Self(pagebind_client::Session::builder(&base_url.into()))
            }

            #(#schemes)*

            #(#headers)*

            #(#own_servers)*

            /// Other timeouts and another limit on response bodies than the default ones.
            pub fn limits(self, limits: pagebind_client::Limits) -> Self {
                Self(self.0.limits(limits))
            }

            /// Another retry policy than the default one.
            pub fn retry(self, policy: pagebind_client::RetryPolicy) -> Self {
                Self(self.0.retry(policy))
            }

            /// Another clock than the machine's, for tests.
            pub fn clock(self, clock: ::std::sync::Arc<dyn pagebind_client::Clock>) -> Self {
                Self(self.0.clock(clock))
            }

            /// The caller's own settings of the connection pool (proxy, certificates, pool sizes). The
            /// limits, HTTPS and the refusal of redirects are set over them.
            pub fn http_builder(self, builder: pagebind_client::reqwest::ClientBuilder) -> Self {
                Self(self.0.http_builder(builder))
            }

            /// A connection pool that is shared with others, as it is. Build it with a redirect policy
            /// of none.
            pub fn http(self, client: pagebind_client::reqwest::Client) -> Self {
                Self(self.0.http(client))
            }

            /// The client.
            ///
            /// # Errors
            /// When the base URL or a credential can't be used, or TLS can't be set up.
            pub fn build(self) -> Result<Client, pagebind_client::BuildError> {
                Ok(Client(self.0.build()?))
            }
        }
    });
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
fn setter(scheme: &Scheme) -> TokenStream {
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
    if !flow.scopes.is_empty() {
        docs.push_str("\n\nThe scopes that there are:\n");
        for (name, words) in &flow.scopes {
            docs.push_str(&format!("\n- `{name}`: {}", words.trim().replace('\n', " ")));
        }
    }
    quote! {
        #[doc = #docs]
        pub fn #setter(self, credentials: pagebind_client::ClientCredentials) -> Self {
            Self(self.0.client_credentials(security::#constant, #token_url, credentials))
        }
    }
}

/// A method for each header that the client fills in place of the caller.
fn headers(plan: &Plan) -> impl Iterator<Item = TokenStream> {
    let mut names: Vec<&String> = Vec::new();
    for operation in plan.operations.values() {
        for name in &operation.client_headers {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    let taken: Vec<String> = plan.schemes.iter().map(|scheme| scheme.setter.clone()).collect();
    names.into_iter().map(move |name| {
        let setter = crate::naming::unique(&crate::naming::method_name(name), |it| {
            taken.iter().any(|taken| taken == it)
        });
        let setter = format_ident!("{setter}");
        let docs = format!("The value of the header `{name}`, with every operation that has it.");
        quote! {
            #[doc = #docs]
            pub fn #setter(self, value: impl AsRef<str>) -> Self {
                Self(self.0.header(#name, value.as_ref()))
            }
        }
    })
}
