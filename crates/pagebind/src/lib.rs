//! From published API pages to one corrected OpenAPI document, and down to OpenAPI 3.0.
//!
//! Every step is a pure function over a [`serde_json::Value`], in a module of its own; nothing
//! here touches files, the network or the terminal. [`diagnostic`] holds the terms in which all
//! of them report what they can't take.

pub mod bundle;
pub mod diagnostic;
pub mod document;
pub mod html;
pub mod lower;
pub mod merge;
pub mod number;
pub mod overlay;
pub mod page;
pub mod pointer;
mod references;
mod report;
pub mod select;
pub mod stack;
pub mod suggest;

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
