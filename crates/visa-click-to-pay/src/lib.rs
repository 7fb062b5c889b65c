//! Typed client for Visa Click to Pay on Pismo.
//!
//! Three operations enrol a customer and a card in Visa Click to Pay, update the customer, and
//! delete the customer with all cards. Each is accepted at once (202) and carried out later; its
//! outcome arrives in an [`Event`] under the [correlation id](ResponseValue::correlation_id) of
//! the accepted request.
//!
//! ```no_run
//! use visa_click_to_pay::types::{ClickToPayCardInfo, ClickToPayCustomerInfo, ClickToPayEnrollData};
//! use visa_click_to_pay::{CachingTokens, Client, Environment, Passport};
//!
//! # async fn enrol() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::builder(Environment::PciTesting)
//!     .tenant("TN-00000000-0000-0000-0000-000000000000")
//!     .build()?;
//!
//! // Once for all accounts: how to reach Pismo's token service, and with which credentials.
//! let passport = Passport::new("https://sandbox.pismolabs.io/passport")?;
//! let credentials = passport.oauth2("id", "secret", "pismo-v1:cards:rw");
//!
//! // One per account; it is cheap and shares the connection pool with `client`.
//! let account = client.with_token(CachingTokens::new(credentials.account("1234567")));
//!
//! let accepted = account
//!     .enroll_customer()
//!     .x_customer_id(42)
//!     .body(
//!         ClickToPayEnrollData::builder()
//!             .owner_bid("1000052")
//!             .card_information(ClickToPayCardInfo::builder().card_id(6743052))
//!             .customer_information(
//!                 ClickToPayCustomerInfo::builder()
//!                     .locale("en_US")
//!                     .first_name("Alex")
//!                     .last_name("Miller")
//!                     .emails(["alex@example.com".into()]),
//!             ),
//!     )
//!     .send()
//!     .await?;
//! println!("accepted as {}", accepted.correlation_id());
//! # Ok(())
//! # }
//! ```
//!
//! What the API document can't say is in the hand-written modules: [tokens](Passport),
//! [events](Event), [known messages](KnownMessage), and the checks on
//! [`types::ClickToPayEnrollData::check`]. How requests are sent, limited and retried is in
//! [`pagebind_client`].

mod check;
mod client;
mod environment;
mod event;
#[cfg(feature = "generate")]
#[allow(unreachable_pub, reason = "what of it is public is re-exported below")]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/generated.rs"));
}
// Formatted by the generator, so that it is the same to the byte as what is generated above.
#[cfg(not(feature = "generate"))]
#[allow(unreachable_pub, reason = "what of it is public is re-exported below")]
#[rustfmt::skip]
mod generated;
mod message;
mod passport;

pub use check::{Advice, LimitError, Violation};
pub use client::ClientBuilder;
pub use environment::Environment;
pub use event::{Event, EventError};
pub use generated::{Client, builder, types};
pub use message::{ClickToPayError, KnownMessage};
pub use pagebind_client::{
    BaseUrlError, BuildError, CachingTokens, Clock, CorrelationId, Error, ErrorKind, Failure,
    InvalidCorrelationId, Limits, RawBody, ResponseValue, RetryPolicy, SystemClock, Token,
    TokenError, TokenSource,
};
pub use passport::{Basic, OAuth2, Passport, SecretName};

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
