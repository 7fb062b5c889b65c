//! What every client shares at run time, generated or written by hand.
//!
//! A client puts a [`reqwest::Request`] together for each operation, hands it to
//! [`Session::execute`], and decodes the [`Response`] by its status. Everything between those two
//! points happens here, once for all operations: credentials and their renewal, the correlation id
//! of an API that takes one, retries, limits, and errors that tell what to do without repeating what
//! was sent.
//!
//! ```text
//! builder.send() ── OperationCall ──▶ Session::execute ── Response ──▶ json / error / undocumented
//!                                 │ credentials, headers              │ body limit
//!                                 │ try, wait, try again              ▼
//!                                 ▼                            ResponseValue / Error
//!                               Failure ──────────────────────────────▶
//! ```
//!
//! What many clients do without is `#[inline]`, and named only where it is asked for: so it is compiled with
//! the clients that call it, and with no other.
//!
//! Nothing in this crate prints a body, a header or a token: not in `Debug`, not in `Display`, not
//! through `tracing`.

mod base_url;
mod bounds;
#[doc(hidden)]
pub mod building;
mod call;
mod chunks;
mod client_credentials;
mod clock;
mod correlation;
mod credentials;
mod error;
#[cfg(feature = "events")]
mod events;
mod failure;
#[cfg(feature = "multipart")]
mod file;
mod form;
mod headers;
mod limits;
mod lines;
mod link;
#[cfg(feature = "multipart")]
mod multipart;
mod newtype;
mod nullable;
pub mod numbers;
#[doc(hidden)]
pub mod object;
mod operation;
mod outcome;
mod outgoing;
mod pages;
mod pattern;
mod problem;
mod reading;
mod request;
mod request_headers;
mod response;
mod retry;
mod secret;
mod server;
mod session;
mod streams;
mod style;
mod text;
#[doc(hidden)]
pub mod texts;
mod token;
mod token_cache;
mod token_endpoint;
pub mod union;
mod value;
mod webhook;
mod wiped;
#[cfg(feature = "xml")]
pub mod xml;

pub use base_url::{BaseUrl, BaseUrlError};
pub use bounds::Bounds;
pub use call::OperationCall;
pub use client_credentials::ClientCredentials;
pub use clock::{Clock, SystemClock};
pub use correlation::{CorrelationId, InvalidCorrelationId};
pub use credentials::{Credential, CredentialPlace, SecurityScheme};
pub use error::Error;
#[cfg(feature = "events")]
pub use events::{EventStream, ServerEvent};
pub use failure::{ErrorKind, Failure, RawBody};
pub use headers::{InvalidHeader, ResponseHeaders};
pub use limits::Limits;
pub use lines::JsonLines;
#[cfg(feature = "multipart")]
pub use multipart::{FilePart, Multipart};
pub use nullable::{Nullable, present};
pub use operation::OperationInfo;
pub use outcome::Outcome;
pub use pages::{Items, PageAt, Pages, Paging};
pub use problem::Problem;
pub use reading::{Read, Reading};
pub use request::{InvalidRequest, OperationRequest};
pub use request_headers::RequestHeaders;
/// The HTTP library in whose terms statuses, headers and a connection pool are given.
pub use reqwest;
pub use response::{Answer, Response};
pub use retry::RetryPolicy;
pub use secret::Secret;
pub use session::{AnswerInfo, BuildError, CustomRequest, RequestInfo, Session, SessionBuilder};
pub use style::{Parameter, Style};
pub use text::{Date, DateTime, Uuid, WrongFormat};
pub use token::{Token, TokenError, TokenSource};
pub use token_cache::CachingTokens;
pub use token_endpoint::{TokenEndpoint, TokenMember};
pub use value::{ByteStream, ResponseValue};
pub use webhook::{WebhookError, WebhookReceiver};
pub use wiped::{wiped, wiped_form, wiped_json};

/// The crates that generated source names, in the versions that it fits: so whoever holds it depends on
/// this crate alone. For nobody else: what is here follows the generator, and no version.
#[doc(hidden)]
pub mod __private {
    #[cfg(feature = "patterns")]
    pub use regress;
    pub use {reqwest, serde, serde_json};

    pub use crate::pattern::{Part, Pattern};
    pub use crate::{
        __builder as builder, __newtype as newtype, __object as object, __operation as operation,
        __texts as texts, __union as union,
    };
    pub use crate::{building, object, texts};
}

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
