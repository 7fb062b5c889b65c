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
//! It must be `https`, or `http` to loopback. [`Credentials`] are the merchant's `Id` and `Key`;
//! they travel in the body of each request, and there is no token to fetch or renew.
//!
//! One [`Client`] serves all calls: it is cheap to clone, and all clones share one connection pool.
//! It runs on tokio. A `reqwest::Client` of your own, with a private root certificate or a proxy,
//! goes to [`ClientBuilder::http_client`].
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
//! the HTTP status.
//!
//! # Errors
//!
//! [`Error::outcome`] says what to know first: whether the update may have been made. Where it is
//! [`Unknown`](Outcome::Unknown), find out before you send it again, because the service publishes
//! no idempotency key.
//!
//! | [`Error`] | what happened | outcome | what to do |
//! |---|---|---|---|
//! | `NothingToChange` | no field is set | not sent | set at least one |
//! | `NotInXml` | a character that XML can't hold | not sent | remove it, or send JSON |
//! | `Connect` | no connection, in any of the tries | not sent | check base URL, network and certificate; send again |
//! | `Refused` | a code other than `00` | refused | read [`Refusal::description`]; no other codes are published |
//! | `Service`, 4xx | refused fields, wrong credentials, a format not taken | refused | read [`ServiceError::invalid_fields`] and [`messages`](ServiceError::messages) |
//! | `Service`, 5xx | a fault of the service, or a proxy's page | unknown | find out, then later again |
//! | `Timeout`, `Interrupted` | no answer, or not the whole of it | unknown | find out first |
//! | `TooLarge` | the answer is longer than [`ClientBuilder::max_answer`] | unknown | find out; raise the limit if that is right |
//! | `Undecodable` | success, in a form that the page does not describe | unknown | find out, and whether the page has changed |
//! | `Redirected` | a redirect, which is never followed | unknown | give the service's own address as the base URL |
//!
//! ```
//! use payment_profiles::{Error, Outcome};
//!
//! fn report(error: &Error) -> String {
//!     match error {
//!         Error::Refused(refusal) => format!("refused with code {}", refusal.code.as_str()),
//!         Error::Service(error) => {
//!             format!("{}, {} fields", error.status, error.invalid_fields.len())
//!         }
//!         other => match other.outcome() {
//!             Outcome::NotSent => format!("can be sent again: {other}"),
//!             Outcome::Refused => format!("refused: {other}"),
//!             Outcome::Unknown => format!("may have been made: {other}"),
//!         },
//!     }
//! }
//!
//! assert!(report(&Error::NothingToChange).starts_with("can be sent again"));
//! ```
//!
//! # Limits and retries
//!
//! | | default | set with |
//! |---|---|---|
//! | whole call, all tries included | 30 s | [`ClientBuilder::timeout`] |
//! | one try to connect, TLS included | 5 s | [`ClientBuilder::connect_timeout`] |
//! | tries to connect | 3 | [`ClientBuilder::connect_tries`] |
//! | pause before the second, which doubles | 200 ms | [`ClientBuilder::connect_tries`] |
//! | length of the answer | 1 MiB, enforced while reading | [`ClientBuilder::max_answer`] |
//!
//! A request is tried again only if no connection came about. Once a connection stands nothing is
//! sent twice.
//!
//! # Features
//!
//! | feature | default | what for | cost |
//! |---|---|---|---|
//! | `rustls` | yes | TLS by rustls, cryptography by aws-lc-rs, roots of the platform | 20 packages, and a C compiler |
//! | `native-tls` | no | TLS by the platform; where both are on, this one is used | 17 packages, and OpenSSL's headers on Linux |
//! | `xml` | no | requests in XML; answers in XML are understood | 1 package |
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
//! - TLS only, but for loopback. No redirect is followed. Proxies of the environment are used only
//!   after [`environment_proxies(true)`](ClientBuilder::environment_proxies), and never for plain
//!   text.
//! - Over an HTTP client of your own the body still goes to one address and once only; its proxies,
//!   certificates and timeouts are yours. Leave its `connection_verbose` off: it logs every byte.
//! - Each call is one `tracing` span, `payment_profiles.update`, with the host, the status, the kind
//!   of error and how often the connection was tried again.
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
mod private;
mod request;
mod update;
mod update_date_time;
#[cfg(feature = "xml")]
mod xml;

pub use answer::UpdatedProfile;
pub use body::Format;
pub use builder::ClientBuilder;
pub use client::Client;
pub use credentials::Credentials;
pub use cvv::{Cvv, InvalidCvv};
pub use error::{
    BuildError, Error, InvalidField, MessageCode, Outcome, Refusal, ServiceError, ServiceText,
    Undecodable,
};
pub use expiry_date::{ExpiryDate, InvalidExpiryDate};
pub use update::ProfileUpdate;
pub use update_date_time::{InvalidUpdateDateTime, UpdateDateTime};

/// The HTTP library in whose terms statuses and a client of one's own are given.
pub use reqwest;
/// The type that holds the key, and wipes it.
pub use secrecy::SecretString;

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
