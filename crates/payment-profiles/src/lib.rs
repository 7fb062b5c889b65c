#![doc = include_str!("../README.md")]

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
