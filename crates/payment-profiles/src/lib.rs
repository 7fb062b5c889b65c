//! Typed client for one operation of a payments service: changing a stored payment profile with
//! `POST api/v1/customer/payments/update`.
//!
//! The service publishes a help page and no OpenAPI, so this client is written by hand, and its
//! tests hold it to the page.
//!
//! ```no_run
//! use payment_profiles::{Client, Credentials, ProfileUpdate};
//!
//! #[tokio::main]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let key = std::env::var("PAYMENTS_KEY")?;
//!     let client = Client::builder("https://payments.example")
//!         .credentials(Credentials::new("170200123", key))
//!         .build()?;
//!     let update = ProfileUpdate::new("123456789", "987654321", "Sierra")
//!         .expiry_date("12/29".parse()?)
//!         .zip("90001")
//!         .make_default(true);
//!     let updated = client.update(&update).await?;
//!     println!("{}", updated.payment_profile_id);
//!     Ok(())
//! }
//! ```
//!
//! # Set up
//!
//! [`Client::builder`] takes the base URL that the service's operator gives out; none is published.
//! It must be `https`, or `http` to loopback and to the hosts that
//! [`allow_http_to`](ClientBuilder::allow_http_to) names. [`Credentials`] are the merchant's `Id` and
//! `Key`; they travel in the body of each request, and there is no token to fetch or renew.
//!
//! One [`Client`] serves all calls: it is cheap to clone, and all clones share one connection pool.
//! It runs on tokio. Settings of your own, such as a private root certificate or a proxy, go to
//! [`http_builder`](ClientBuilder::http_builder), and a whole `reqwest::Client` to
//! [`http`](ClientBuilder::http). How requests are sent, limited, retried and watched is that of every
//! client of [`pagebind_client`], in the same words.
//!
//! # Send
//!
//! A [`ProfileUpdate`] names the profile and what to change in it. Only what is set is sent, and
//! only what is sent is changed; an update that changes nothing is an error before anything is
//! sent. The card number, the cardholder's name and the billing country can't be changed by the
//! service, so they can't be set here.
//!
//! | what | form |
//! |---|---|
//! | [`expiry_date`](ProfileUpdate::expiry_date) | [`ExpiryDate`], written `MM/YY`; whether it has passed is the service's to judge |
//! | [`cvv`](ProfileUpdate::cvv) | [`Cvv`], 3 or 4 digits |
//! | [`house_number`](ProfileUpdate::house_number), [`apartment_number`](ProfileUpdate::apartment_number), [`street`](ProfileUpdate::street), [`street2`](ProfileUpdate::street2), [`city`](ProfileUpdate::city), [`zip`](ProfileUpdate::zip), [`county`](ProfileUpdate::county), [`state`](ProfileUpdate::state) | any text; no limits are published |
//! | [`make_default`](ProfileUpdate::make_default) | unset, true or false |
//! | [`update_date_time`](ProfileUpdate::update_date_time) | [`UpdateDateTime`], written `YYYY-MM-DD HH:MM:SS` in UTC; the time of the call unless set |
//!
//! Requests are JSON, or with the feature `xml` and [`ClientBuilder::format`] XML as .NET's
//! `DataContractSerializer` reads it. Answers are asked for in JSON either way, because the service
//! can't write this one in XML.
//!
//! # What comes back
//!
//! [`Client::update`] gives an [`UpdatedProfile`] once the service has answered success with the code
//! `00`: the update is made, and there is no event to wait for. Any other code is an error, whatever
//! the HTTP status. It comes in a [`ResponseValue`], with status, headers and the number of tries.
//!
//! # Errors
//!
//! [`Error::outcome`] says what to know first: whether the update may have been made. Where it is
//! [`Unknown`](Outcome::Unknown), find out before you send it again, because the service publishes
//! no idempotency key. [`Error::kind`] says what happened:
//!
//! | [`ErrorKind`] | what happened | outcome | what to do |
//! |---|---|---|---|
//! | `InvalidRequest` | no field is set, or a text that XML can't hold | not sent | mend the update |
//! | `Documented`: [`UpdateError::Refused`] | a code other than `00` | refused | read [`Refusal::description`]; no other codes are published |
//! | `Documented`, or `Unauthorized` (401) and `RateLimited` (429): [`UpdateError::Service`], 4xx | refused fields, wrong credentials, a format not taken, too many requests | refused | read [`ServiceError::invalid_fields`] and [`messages`](ServiceError::messages) |
//! | `Documented`: [`UpdateError::Service`], 5xx | a fault of the service, or a proxy's page | unknown | find out, then later again |
//! | `Connection`, `Timeout` | no connection, or not the whole of an answer | not sent, or unknown | send again if [`is_retryable`](Error::is_retryable), otherwise find out first |
//! | `TooLarge` | the answer is longer than [`Limits::response_body`] | unknown under 2xx and 5xx | find out; raise the limit if that is right |
//! | `Undecodable` | an answer that the page does not describe, or that contradicts itself | unknown | find out, and whether the page has changed |
//! | `Undocumented` | a redirect, which is never followed | unknown | give the service's own address as the base URL |
//! | `Redirected` | an HTTP client of your own followed a redirect | unknown | build it with `redirect(Policy::none())` |
//!
//! ```
//! use payment_profiles::{Error, Outcome, UpdateError};
//!
//! fn report(error: &Error) -> String {
//!     match (error.body(), error.outcome()) {
//!         (Some(UpdateError::Refused(refusal)), _) => {
//!             format!("refused with code {}", refusal.code.as_str())
//!         }
//!         (Some(UpdateError::Service(error)), Outcome::Refused) => {
//!             format!("{}, {} fields", error.status, error.invalid_fields.len())
//!         }
//!         (_, Outcome::NotSent) => format!("can be sent again: {error}"),
//!         (_, Outcome::Refused) => format!("refused: {error}"),
//!         (_, Outcome::Unknown) => format!("may have been made: {error}"),
//!     }
//! }
//!
//! let nothing_set = Error::InvalidRequest("the update changes nothing".to_owned());
//! assert!(report(&nothing_set).starts_with("can be sent again"));
//! ```
//!
//! # Limits and retries
//!
//! | | default | set with |
//! |---|---|---|
//! | connect, TLS included | 10 s | [`Limits::connect`] |
//! | no byte from the service | 30 s | [`Limits::read`] |
//! | each try, to the last byte | 60 s | [`Limits::total`] |
//! | length of the answer | 1 MiB, enforced while reading | [`Limits::response_body`] |
//! | tries | 4 | [`RetryPolicy::max_tries`] |
//! | waits between them | random, up to 200 ms, doubling to 10 s | [`RetryPolicy::first_wait`], [`longest_wait`](RetryPolicy::longest_wait) |
//! | `Retry-After` of the service | followed up to 30 s, and up to a quarter longer | [`RetryPolicy::longest_retry_after`] |
//! | all tries and waits together | 2 min | [`RetryPolicy::deadline`] |
//!
//! A request is tried again only if nothing of it left this machine, or if it was answered with 429.
//! Nothing that may have been made is sent twice, unless
//! [`repeat_non_idempotent`](RetryPolicy::repeat_non_idempotent) says so.
//!
//! # Features
//!
//! | feature | default | what for | cost |
//! |---|---|---|---|
//! | `rustls` | yes | TLS by rustls, cryptography by aws-lc-rs, roots of the platform | 20 packages, and a C compiler |
//! | `native-tls` | no | TLS by the platform; where both are on, this one is used | 17 packages, and OpenSSL's headers on Linux |
//! | `xml` | no | requests in XML; answers in XML are understood | 1 package |
//! | `mock` | no | `mock`: a server with expectations of the update, for your own tests | 1 package besides this workspace's |
//!
//! With neither of the first two, only plain-text calls to loopback work. (Packages counted on
//! Linux.)
//!
//! # Security
//!
//! - The CVV and the key are wiped from memory when they are dropped, and the request's buffer when
//!   it has been sent. Drop a [`ProfileUpdate`] with a CVV as soon as the call is done. What the
//!   platform's TLS, a proxy, a swapped page or a core dump keeps is beyond reach; the README says
//!   what was measured.
//! - No `Debug`, `Display`, error or log at any level shows card data, the key, an address or a
//!   profile's id. The merchant's own id and the authorizer are shown in `Debug`.
//! - The service's own texts may quote what was sent. They are in the errors to be read
//!   ([`ServiceText::as_str`]), and in nothing that is printed. Think before you log them.
//! - TLS only, but for loopback and hosts that you name. No redirect is followed. Proxies of the
//!   environment are used on the way to HTTPS, where they see the host alone, and never for plain
//!   HTTP; [`environment_proxies(false)`](ClientBuilder::environment_proxies) leaves them alone.
//! - Over an HTTP client of your own the body still goes to one address and once only; its proxies,
//!   certificates and timeouts are yours. Leave its `connection_verbose` off: it logs every byte.
//! - Each call is one `tracing` span, `request`, under the names of OpenTelemetry's conventions for HTTP
//!   clients: `http.request.method`, `server.address`, `http.response.status_code`,
//!   `http.request.resend_count`, `error.type`.
//!
//! # What is not published
//!
//! A base URL, message codes but `00`, limits of the texts, what the authorizer means, rate limits,
//! and idempotency keys. Nothing of it is guessed: texts go as they are given, and a code is kept as
//! it came.

mod answer;
mod body;
mod builder;
mod client;
mod credentials;
mod cvv;
mod error;
mod expiry_date;
#[cfg(feature = "mock")]
pub mod mock;
mod private;
mod request;
mod update;
mod update_date_time;
#[cfg(feature = "xml")]
mod xml;

pub use answer::UpdatedProfile;
pub use body::Format;
pub use builder::ClientBuilder;
pub use client::{Client, UpdateCall};
pub use credentials::Credentials;
pub use cvv::{Cvv, InvalidCvv};
pub use error::{
    Error, InvalidField, MessageCode, Refusal, ServiceError, ServiceText, UpdateError,
};
pub use expiry_date::{ExpiryDate, InvalidExpiryDate};
pub use update::ProfileUpdate;
pub use update_date_time::{InvalidUpdateDateTime, UpdateDateTime};

#[doc(inline)]
pub use pagebind_client::{
    AnswerInfo, BaseUrlError, BuildError, Clock, CustomRequest, ErrorKind, Failure, Limits,
    Outcome, RawBody, RequestInfo, ResponseValue, RetryPolicy, SystemClock,
};
/// The HTTP library in whose terms statuses and a client of one's own are given.
pub use reqwest;
/// The type that holds the key, and wipes it.
pub use secrecy::SecretString;

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
