//! What changed between two OpenAPI documents, and what it does to callers.
//!
//! [`compare`] takes two documents (OpenAPI 3.0 and 3.1, in any mix) and says what differs in
//! *meaning*, as a list of [`Finding`]s in the terms of an API's consumer: does today's client keep
//! working on the wire? What the documents can't tell is added by the caller: the pages themselves
//! ([`publication`]), the public items of the generated source ([`rust_api`]) and what the
//! maintainer has decided already ([`accepted`]). A [`report`] renders the whole.
//!
//! ```text
//! old ─┐
//!      ├─compare→ findings ─accepted→ what is left ─report→ human, JSON, Markdown, GitHub, …
//! new ─┘
//! ```
//!
//! Nothing here touches files, the network or the terminal. The rules, their levels, and the
//! reasons where they differ from a provider's view are in [`rules`].

pub mod accepted;
pub mod aspnet_help_page;
mod callback;
pub mod changelog;
mod compare;
mod comparison;
mod equality;
pub mod finding;
mod inherited;
mod lifecycle;
mod node;
mod operation;
mod operations;
mod parameter;
mod path_item;
mod payload;
mod prose;
pub mod publication;
pub mod references;
pub mod report;
mod response;
pub mod rules;
pub mod rust_api;
mod schema;
mod security;
mod server;
mod unused;

pub use compare::compare;
pub use finding::{Change, Finding, Location, Rust, Severity, Side, Wire};

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
