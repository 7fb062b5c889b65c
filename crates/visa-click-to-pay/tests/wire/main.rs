//! What goes over the wire and what comes of each answer, against a local server.

#![allow(
    clippy::unwrap_used,
    reason = "clippy spares functions that are tests themselves, not their helpers"
)]

mod limits;
mod operations;
mod passport;
mod retries;
mod settings;
mod tokens;

#[path = "../support/mod.rs"]
mod support;
