//! From an OpenAPI 3.1 contract to the source of a typed Rust client.
//!
//! ```text
//! contract ─lower→ OpenAPI 3.0 ─shape→ what progenitor takes, and a plan
//!          ─generate→ tokens ─passes→ formatted source
//! ```
//!
//! [`generate`] is the whole of it: the command line and the build script of a client ([`Builder`]) call
//! the same function on the same contract, so both get the same bytes.

mod builder;
mod generate;
mod generator;
mod halves;
mod header;
mod keep_going;
mod listed_null;
mod naming;
mod passes;
mod plan;
mod public_api;
mod refusals;
mod settings;
mod setup;
mod shape;
mod tokens;
mod webhooks;
mod write;

pub use builder::Builder;
pub use generate::{Generated, generate, generate_from_text};
pub use passes::features::ALL_TAGS;
pub use public_api::{public_items, reexported_items};
pub use settings::{Builders, PageSource, Settings, TypePatch, TypeSettings};
pub use setup::Setup;
pub use shape::Degradation;

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
