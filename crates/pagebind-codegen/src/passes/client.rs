//! The client: on our runtime instead of progenitor's.
//!
//! Progenitor's own constructor panics when TLS can't be set up and follows redirects, its errors
//! print what a body held, and its `Debug` prints the state of the client. Here the client is a
//! session of `pagebind_client` and nothing else, with what a caller may change for one call.

use pagebind::diagnostic::Diagnostic;
use syn::{File, ImplItem, Item, ItemUse, UseTree, Visibility, parse_quote};

use super::source::{expect, module, self_type};
use crate::plan::Plan;

/// The methods of every client, besides its operations. An operation of one of these names gets another.
pub(crate) const METHODS: [&str; 7] =
    ["builder", "new", "request", "with_correlation_id", "with_header", "with_retry", "with_token"];

/// Makes a client of a session, and imports what the source needs of the runtime.
pub(super) fn run(file: &mut File, plan: &Plan) -> Result<(), Diagnostic> {
    let mut closed = 0;
    file.items.retain_mut(|item| match item {
        Item::Struct(client) if client.ident == "Client" => {
            closed += 1;
            let words = client.attrs.iter().filter(|it| it.path().is_ident("doc"));
            *client = parse_quote! {
                #(#words)*
                #[derive(Clone)]
                pub struct Client(pub(crate) pagebind_client::Session);
            };
            true
        }
        Item::Impl(block) if self_type(block).is_some_and(|name| name == "Client") => {
            let constructs = |item: &ImplItem| matches!(item, ImplItem::Fn(it) if it.sig.ident == "new_with_client");
            let constructor = block.items.iter().any(constructs);
            closed += usize::from(constructor);
            // What progenitor's runtime needs to know of a client is in the session.
            block.trait_.is_none() && !constructor
        }
        // The hooks of progenitor's runtime, which is not there.
        Item::Impl(block) => block.trait_.is_none(),
        // The prelude holds the client alone, which stands at the top already; the constant asserts
        // that there are hooks.
        Item::Mod(module) => module.ident != "prelude",
        Item::Const(_) => false,
        _ => true,
    });
    expect(closed == 2, "client", "the struct `Client` and its constructors")?;
    if !plan.builder_by_hand {
        file.items.extend(shared());
    }
    let mut imported = false;
    file.items.retain_mut(|item| match item {
        Item::Use(import) if of_runtime(import, "progenitor_client") => {
            imported = true;
            // What the source needs of it is not what its callers need.
            matches!(import.vis, Visibility::Public(_)) && {
                import.tree = parse_quote!(pagebind_client::{ByteStream, Error, ResponseValue});
                true
            }
        }
        _ => true,
    });
    expect(imported, "client", "what the source imports of the runtime")?;
    for item in module(&mut file.items, "builder").into_iter().flatten() {
        if let Item::Use(import) = item
            && matches!(&import.tree, UseTree::Path(path) if matches!(&*path.tree, UseTree::Group(_)))
        {
            import.tree = parse_quote!(super::{ByteStream, Error, ResponseValue});
        }
    }
    Ok(())
}

/// What every client has, whatever its operations.
fn shared() -> [Item; 2] {
    let methods = parse_quote! {
        impl Client {
            /// Starts a client of the API at `base_url`; [`ClientBuilder::new`] says what can be one.
            pub fn builder(base_url: impl Into<String>) -> ClientBuilder {
                ClientBuilder::new(base_url)
            }

            /// The same client with the tokens of `source`, for every scheme that takes a bearer token
            /// and has no credential of its own. It shares the connection pool.
            #[must_use]
            pub fn with_token(&self, source: impl pagebind_client::TokenSource) -> Self {
                Self(self.0.with_token(source))
            }

            /// The same client, whose requests all carry this header, say for one call: `traceparent`, or
            /// one of your organization's own. What the operation and the client set comes before it.
            #[must_use]
            pub fn with_header(
                &self,
                name: pagebind_client::reqwest::header::HeaderName,
                value: pagebind_client::reqwest::header::HeaderValue,
            ) -> Self {
                Self(self.0.with_header(name, value))
            }

            /// The same client with another retry policy, say for one call.
            #[must_use]
            pub fn with_retry(&self, policy: pagebind_client::RetryPolicy) -> Self {
                Self(self.0.with_retry(policy))
            }

            /// The same client, whose requests all carry `id` in the header that
            /// [`correlation_header`](ClientBuilder::correlation_header) names.
            #[must_use]
            pub fn with_correlation_id(&self, id: pagebind_client::CorrelationId) -> Self {
                Self(self.0.with_correlation_id(id))
            }

            /// A request to an endpoint that the contract does not describe, at a path below the base URL.
            /// It carries the same credentials and headers, and keeps the same limits, retries and errors.
            #[inline]
            pub fn request(
                &self,
                method: pagebind_client::reqwest::Method,
                path: &str,
            ) -> pagebind_client::CustomRequest<'_> {
                self.0.custom(method, path)
            }
        }
    };
    let debug = parse_quote! {
        impl ::std::fmt::Debug for Client {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_tuple("Client").field(&self.0).finish()
            }
        }
    };
    [methods, debug]
}

/// Whether an import is one of the crate `name`.
fn of_runtime(import: &ItemUse, name: &str) -> bool {
    matches!(&import.tree, UseTree::Path(path) if path.ident == name)
}
