//! The builder of the client: what the contract leaves to the caller (credentials, headers, servers), and
//! all that a session of `pagebind_client` can be set up with.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{File, parse_quote};

use super::{credentials, servers};
use crate::{naming, plan::Plan};

/// The methods of every builder of a client. What the contract adds gets other names.
pub(crate) const METHODS: [&str; 15] = [
    "after_answer",
    "allow_http_to",
    "before_request",
    "build",
    "clock",
    "correlation_header",
    "default_header",
    "environment_proxies",
    "http",
    "http_builder",
    "limits",
    "new",
    "retry",
    "server",
    "user_agent",
];

/// Adds `ClientBuilder`, unless it is written by hand.
pub(super) fn run(file: &mut File, plan: &Plan) {
    if plan.builder_by_hand {
        return;
    }
    file.items.push(parse_quote! {
        /// Sets up a [`Client`]. What is wrong with it is told by [`build`](Self::build).
        #[must_use = "nothing is set up before `build`"]
        pub struct ClientBuilder(pagebind_client::SessionBuilder);
    });
    let schemes = plan.schemes.iter().map(credentials::setter);
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
                let user_agent = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
                Self(pagebind_client::Session::builder(&base_url.into()).default_user_agent(user_agent))
            }

            #(#schemes)*

            #(#headers)*

            #(#own_servers)*

            /// A header that every request carries. What an operation and the client set themselves comes
            /// before it.
            pub fn default_header(
                self,
                name: pagebind_client::reqwest::header::HeaderName,
                value: pagebind_client::reqwest::header::HeaderValue,
            ) -> Self {
                Self(self.0.default_header(name, value))
            }

            /// The header in which every request carries an id of its own, a fresh UUID v4 unless
            /// [`Client::with_correlation_id`] sets it. Errors and hooks name it.
            pub fn correlation_header(
                self,
                name: pagebind_client::reqwest::header::HeaderName,
            ) -> Self {
                Self(self.0.correlation_header(name))
            }

            /// The `User-Agent`; the name and version of this crate unless set, or what a pool of the
            /// caller's own sends.
            pub fn user_agent(self, user_agent: impl Into<String>) -> Self {
                Self(self.0.user_agent(user_agent))
            }

            /// Takes plain HTTP to the host of this name too, which is compared whole. What is sent there
            /// can be read on the way, tokens too; no proxy is used.
            pub fn allow_http_to(self, host: impl Into<String>) -> Self {
                Self(self.0.allow_http_to(host))
            }

            /// Whether proxies that the environment names (`HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`) are
            /// used, on the way to HTTPS; they are unless set.
            pub fn environment_proxies(self, used: bool) -> Self {
                Self(self.0.environment_proxies(used))
            }

            /// A hook that is called before a request is sent, on each try. It sees no header and no body.
            pub fn before_request(
                self,
                hook: impl Fn(&pagebind_client::RequestInfo<'_>) + Send + Sync + 'static,
            ) -> Self {
                Self(self.0.before_request(hook))
            }

            /// A hook that is called after a request was answered, or has failed, on each try: for
            /// metrics. It sees status and time, no header and no body.
            pub fn after_answer(
                self,
                hook: impl Fn(&pagebind_client::RequestInfo<'_>, &pagebind_client::AnswerInfo)
                    + Send + Sync + 'static,
            ) -> Self {
                Self(self.0.after_answer(hook))
            }

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
    let mut taken: Vec<String> = plan.schemes.iter().map(|scheme| scheme.setter.clone()).collect();
    taken.extend(METHODS.map(str::to_owned));
    names.into_iter().map(move |name| {
        let setter =
            naming::unique(&naming::method_name(name), |it| taken.iter().any(|taken| taken == it));
        taken.push(setter.clone());
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
