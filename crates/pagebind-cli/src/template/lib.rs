//! Typed client for {{title}}.
//!
//! ```no_run
//! use {{crate}}::Client;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::builder({{base_url}})
//! {{setup}}
//!         .build()?;
//! # Ok(())
//! # }
//! ```
//!
//! Each operation is a method of [`Client`]. How requests are sent, limited and retried is in
//! [`pagebind_client`].

#[cfg(feature = "generate")]
#[allow(unreachable_pub, reason = "what of it is public is re-exported below")]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/openapi.rs"));
}
// Formatted by the generator, so that it is the same to the byte as what is generated above.
#[cfg(not(feature = "generate"))]
#[allow(unreachable_pub, reason = "what of it is public is re-exported below")]
#[rustfmt::skip]
mod generated;

#[cfg(feature = "mock")]
pub use generated::mock;
pub use generated::{{{items}}};
pub use pagebind_client::{
    BaseUrlError, BuildError, ByteStream, CachingTokens, ClientCredentials, CorrelationId, Error,
    ErrorKind, Failure, InvalidHeader, Items, JsonLines, Limits, Outcome, Pages, Problem, RawBody,
    ResponseValue, RetryPolicy, Secret, Token, TokenError, TokenSource, WebhookError,
    WebhookReceiver, reqwest,
};
{{events}}
