//! Typed client for Visa Click to Pay on Pismo.
//!
//! Three operations enrol a customer and a card, update the customer, and delete the customer with
//! all cards. Each is accepted at once (202) and carried out later; its outcome arrives in an
//! event. The types and operations are generated from the API's published pages; what no page can
//! say (tokens, correlation, retries, limits, privacy) is written by hand, once for all operations.
//!
//! ```no_run
//! use visa_click_to_pay::types::{
//!     ClickToPayAddress, ClickToPayCardInfo, ClickToPayCustomerInfo, ClickToPayEnrollData,
//! };
//! use visa_click_to_pay::{CachingTokens, Client, Environment, Passport};
//!
//! #[tokio::main]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     // Once: a connection pool, and the token service with the credentials for it.
//!     let client = Client::builder(Environment::PciTesting)
//!         .tenant("TN-00000000-0000-0000-0000-000000000000")
//!         .build()?;
//!     let passport = Passport::new("https://sandbox.pismolabs.io/passport")?;
//!     let secret = std::env::var("PISMO_CLIENT_SECRET")?;
//!     let credentials = passport.oauth2("client id", secret, "pismo-v1:cards:rw");
//!
//!     // Once per account: it is cheap and shares the connection pool with `client`.
//!     let account = client.with_token(CachingTokens::new(credentials.account("1234567")));
//!
//!     // All that the page calls mandatory.
//!     let enrolment: ClickToPayEnrollData = ClickToPayEnrollData::builder()
//!         .owner_bid("1000052")
//!         .card_information(
//!             ClickToPayCardInfo::builder().card_id(6743052).billing_address(
//!                 ClickToPayAddress::builder()
//!                     .address_line1("1000 Market Street")
//!                     .city("San Francisco")
//!                     .state("CA")
//!                     .postal_code("94105")
//!                     .country_code("USA"),
//!             ),
//!         )
//!         .customer_information(
//!             ClickToPayCustomerInfo::builder()
//!                 .locale("en_US")
//!                 .first_name("Alex")
//!                 .last_name("Miller")
//!                 .emails(["alex@example.com".into()])
//!                 .phones(["5545999999999".into()]),
//!         )
//!         .try_into()?;
//!
//!     let accepted = account.enroll_customer().x_customer_id(42).body(enrolment).send().await?;
//!     // Keep this id: the outcome arrives in an event under it.
//!     if let Some(id) = accepted.correlation_id() {
//!         println!("accepted as {id}");
//!     }
//!     Ok(())
//! }
//! ```
//!
//! # Set up
//!
//! [`Client::builder`] takes an [`Environment`] or any other base URL, because the production host
//! is not published: Pismo tells it to each customer. The URL must be `https`, or `http` to
//! loopback and to the hosts that [`allow_http_to`](ClientBuilder::allow_http_to) names. [`tenant`](ClientBuilder::tenant) is the organization, sent as `x-tenant` with every
//! request, and required.
//!
//! One `Client` serves all accounts. [`Client::with_token`] makes the client of one account from
//! it, [`with_correlation_id`](Client::with_correlation_id), [`with_header`](Client::with_header) and
//! [`with_retry`](Client::with_retry) one with other settings for a call or two; all are cheap and
//! share one connection pool. It runs
//! on tokio; its futures are `Send`. Dropping one ends the call, which may have been carried out then.
//!
//! # Account tokens
//!
//! The endpoints take an *account* token: a JWT that holds one Pismo account id, so every account
//! has its own. Whatever gives one is a [`TokenSource`]:
//!
//! | source | for |
//! |---|---|
//! | [`Passport::oauth2`], [`Passport::basic`] | credentials that Pismo issued; fetches on each call, and again after 429, 5xx and what breaks on the way |
//! | a closure that returns a future of a [`Token`] | a vault, or a token service of your own |
//! | [`Token`] | one token, as long as it is good |
//! | [`CachingTokens`] over any of them | fetches once for all callers, in a task of its own that no caller's leaving ends; refreshes 60 s before the token expires while callers go on with it; remembers a refusal for a growing pause |
//!
//! A request that is answered with 401 is sent once more with a renewed token. `Passport` does what
//! Pismo's guides publish, and where they leave something open what the standard says; [`OAuth2`]
//! and [`Basic`] say which. If your organization's token service differs, take a closure:
//!
//! ```no_run
//! # use visa_click_to_pay::{CachingTokens, Client, Token};
//! # async fn from_vault(account: &str) -> String { String::new() }
//! # fn account(client: &Client) -> Client {
//! client.with_token(CachingTokens::new(|| async { Token::new(from_vault("1234567").await) }))
//! # }
//! ```
//!
//! # Send
//!
//! | call | does | body |
//! |---|---|---|
//! | [`Client::enroll_customer`] | enrols a customer and a card | [`ClickToPayEnrollData`](types::ClickToPayEnrollData) |
//! | [`Client::update_customer`] | changes the fields that are sent | [`ClickToPayUpdateCustomerRequest`](types::ClickToPayUpdateCustomerRequest) |
//! | [`Client::delete_customer`] | deletes the customer and all cards | [`ClickToPayDeleteCustomerRequest`](types::ClickToPayDeleteCustomerRequest) |
//!
//! Each returns a builder; `x_customer_id` and `body` are required, `send` sends. A body is built
//! in any order of its fields. Texts are held to the contract's lengths and patterns as they are
//! set (the time of a consent is set as a
//! [`SystemTime`](std::time::SystemTime) too), and what does not fit is an [`InvalidRequest`](ErrorKind::InvalidRequest) at `send` (or an
//! error of `try_into`): nothing is sent then.
//!
//! What no type can say, [`ClickToPayEnrollData::check`](types::ClickToPayEnrollData::check) tells
//! before sending: a list of more than five items is an error; a field that the page calls mandatory
//! "if not found internally" is [`Advice`], because you may know what Pismo holds already.
//!
//! An endpoint of the API that the pages of this client don't describe is reached with
//! [`Client::request`], with the same token, headers, limits, retries and errors. What goes out and
//! what comes back can be watched, for metrics, with
//! [`before_request`](ClientBuilder::before_request) and [`after_answer`](ClientBuilder::after_answer);
//! they see no header and no body.
//!
//! # What comes back
//!
//! `send` gives a [`ResponseValue`]: accepted, and not yet done. Its
//! [`correlation_id`](ResponseValue::correlation_id) is the `x-cid` of the request, a fresh UUID v4
//! unless set, and the same on each try. The outcome arrives in an [`Event`] under this id, over the
//! queue that your organization agreed with Pismo:
//!
//! ```
//! use visa_click_to_pay::{CorrelationId, Event, EventError};
//!
//! /// Whether this message tells what became of the request.
//! fn is_outcome(message: &[u8], id: &CorrelationId) -> Result<bool, EventError> {
//!     let event = Event::<serde_json::Value>::from_json(message)?;
//!     // Delivery is at least once: skip an `event_id` that was seen before.
//!     Ok(event.answers(id))
//! }
//! # let message = br#"{"event_id": "252212bf-cde2-43f9-b28f-33ea2b452b32", "domain": "d",
//! #     "event_type": "t", "schema_version": 1, "org_id": "TN-1", "cid": "order-42",
//! #     "timestamp": "2019-07-20T19:03:00.000Z", "data": {}}"#;
//! # assert!(is_outcome(message, &CorrelationId::new("order-42").unwrap()).unwrap());
//! ```
//!
//! # Errors
//!
//! Each operation fails with an [`Error`], which names the operation, the status and the correlation
//! id, and says in its [`kind`](Error::kind) what to do:
//!
//! | [`ErrorKind`] | what happened | what to do |
//! |---|---|---|
//! | `InvalidRequest` | a value does not fit the contract; nothing was sent | mend the request; the text names the field |
//! | `Documented` | 400 or 500 with the body that the pages describe | decide by [`known_message`](ClickToPayError::known_message) or [`body`](Error::body) |
//! | `Token` | the source gave no token, or there is none | check the credentials; later, if [`is_transient`](Error::is_transient) |
//! | `Unauthorized` | 401, with a renewed token too | check that the token is of this account and tenant |
//! | `RateLimited` | 429; it was not carried out | wait for [`retry_after`](Error::retry_after), and send less often |
//! | `Timeout`, `Connection` | no answer, or not the whole of it | send again if [`is_retryable`](Error::is_retryable), otherwise find out first what became of it |
//! | `TooLarge` | the answer is longer than [`Limits::response_body`] | raise it if that is right |
//! | `Undecodable`, `Undocumented` | an answer that the contract does not give, such as 503 | later, if [`is_transient`](Error::is_transient); otherwise see [`Failure::raw_body`], and whether the pages have changed |
//! | `Redirected` | an HTTP client of your own followed a redirect | build it with `redirect(Policy::none())` |
//!
//! Whatever the kind, [`outcome`](Error::outcome) says whether the request may have been carried out all
//! the same: then find out before sending it again. `is_transient` says that the same request may succeed later,
//! and `is_retryable` that sending it again can't do its work twice either.
//!
//! ```no_run
//! use visa_click_to_pay::types::ClickToPayEnrollData;
//! use visa_click_to_pay::{ClickToPayError, Client, ErrorKind, KnownMessage};
//!
//! # async fn enrol(account: &Client, enrolment: ClickToPayEnrollData) -> Result<(), Box<dyn std::error::Error>> {
//! match account.enroll_customer().x_customer_id(42).body(enrolment).send().await {
//!     Ok(accepted) => println!("accepted as {:?}", accepted.correlation_id()),
//!     Err(error) if error.known_message() == Some(KnownMessage::CustomerAlreadyEnrolled) => {
//!         println!("nothing to do");
//!     }
//!     Err(error) if error.kind() == ErrorKind::RateLimited => {
//!         println!("wait for {:?}", error.retry_after());
//!     }
//!     Err(error) => return Err(error.into()),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Limits and retries
//!
//! | | default | set with |
//! |---|---|---|
//! | connect, TLS included | 10 s | [`Limits::connect`] |
//! | no byte from the server | 30 s | [`Limits::read`] |
//! | each try, to the last byte | 60 s | [`Limits::total`] |
//! | response body | 1 MiB, enforced while reading | [`Limits::response_body`] |
//! | tries | 4 | [`RetryPolicy::max_tries`] |
//! | waits between them | random, up to 200 ms, doubling to 10 s | [`RetryPolicy::first_wait`], [`longest_wait`](RetryPolicy::longest_wait) |
//! | `Retry-After` of the server | followed up to 30 s, and up to a quarter longer | [`RetryPolicy::longest_retry_after`] |
//! | all tries and waits together | 2 min | [`RetryPolicy::deadline`] |
//!
//! Tried again are connection errors, timeouts, 408, 429, 500, 502, 503 and 504: for a PUT always, for
//! a POST only on 429 and where nothing of it left this machine, because no idempotency key is published.
//! [`repeat_non_idempotent`](RetryPolicy::repeat_non_idempotent) lets POST repeat too. Tests set a
//! [`Clock`] of their own, and wait for nothing.
//!
//! # Features
//!
//! | feature | default | what for | cost |
//! |---|---|---|---|
//! | `rustls` | yes | TLS by rustls, with aws-lc-rs for the cryptography | 20 packages, and a C compiler |
//! | `native-tls` | no | TLS by the platform: SChannel, Secure Transport or OpenSSL | 16 packages, and OpenSSL's headers on Linux |
//! | `chrono` | no | a `chrono::DateTime` as the time of a consent, which takes a `SystemTime` without it | 3 packages |
//! | `generate` | yes | generates the client from `openapi.json` as it is built | 30 packages, at build time only |
//!
//! With neither of the first two, only plain HTTP to loopback works. Without `generate` the
//! committed source is compiled, which is the same to the byte:
//! `default-features = false, features = ["rustls"]`. (Packages counted on Linux.)
//!
//! # Security
//!
//! - Names, email addresses, phone numbers, identity numbers, address lines, cities, postal codes
//!   and the words of an error are of types that print as `[redacted]` in `Debug` and have no
//!   `Display`. Ids, states, countries and consents are printed.
//! - No error and no `tracing` event, at any level, shows a body, a header or a token. Of an error
//!   body, errors print only a [`KnownMessage`], as the pages publish it, and of its details the
//!   fields of the contract (`last_name: cannot be blank`); the rest is in
//!   [`Error::body`] and [`Failure::raw_body`] for who asks.
//! - Client secrets are wiped from memory with their last clone, and so are the requests that carry
//!   them. Tokens are wiped with their last clone too, and with the answer that brought them; copies
//!   that the HTTP and TLS libraries make as they read that answer, and as they send a token, are
//!   beyond reach. The README says what was measured.
//! - HTTPS only, but for loopback. Redirects are not followed: they would take token and body along.
//!   Proxies of the environment are used, but not on the way to loopback;
//!   [`http_builder`](ClientBuilder::http_builder) sets others or none.
//! - Each request is one `tracing` span, `request`, under the names of OpenTelemetry's conventions for
//!   HTTP clients (`http.request.method`, `server.address`, `http.response.status_code`,
//!   `http.request.resend_count`, `error.type`), with the operation and the correlation id. Do not put personal data into a correlation id of your own.
//!
//! # What is not published
//!
//! The production host of the PCI endpoints, the `data` of the Click to Pay event, the bodies of
//! 401, 403 and 429, rate limits, idempotency keys, and the OAuth response in full. Nothing of it is
//! guessed: a base URL is yours to give, `data` is of a type of yours, and an answer that no page
//! describes is an error with its status and body.

mod check;
mod client;
mod consent;
mod environment;
mod event;
#[cfg(feature = "generate")]
#[allow(unreachable_pub, dead_code, reason = "what of it is public is re-exported below")]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/openapi.rs"));
}
// Formatted by the generator, so that it is the same to the byte as what is generated above.
#[cfg(not(feature = "generate"))]
#[allow(unreachable_pub, dead_code, reason = "what of it is public is re-exported below")]
#[rustfmt::skip]
mod generated;
mod message;
mod passport;

pub use check::{Advice, LimitError, Violation};
pub use client::ClientBuilder;
pub use consent::InvalidConsentTime;
pub use environment::Environment;
pub use event::{Event, EventError};
#[cfg(feature = "mock")]
pub use generated::mock;
pub use generated::{Client, builder, types};
pub use message::{ClickToPayError, KnownMessage};
#[doc(inline)]
pub use pagebind_client::{
    AnswerInfo, BaseUrlError, BuildError, CachingTokens, Clock, CorrelationId, CustomRequest,
    Error, ErrorKind, Failure, InvalidCorrelationId, Limits, Outcome, RawBody, RequestInfo,
    ResponseValue, RetryPolicy, SystemClock, Token, TokenError, TokenSource,
};
pub use passport::{Basic, OAuth2, Passport, PassportBuilder, SecretName};
/// The HTTP library in whose terms statuses, headers and a connection pool are given.
pub use reqwest;

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
