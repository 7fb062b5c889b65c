//! The command line: pages on disk and on the network, and what people read of the work on them.
//!
//! What the steps do is in the tool crates (`pagebind`, `pagebind-codegen`, `pagebind-drift`); here
//! is what connects them to files, to publishers and to a terminal. Results go to `out`, progress
//! and problems to `err`, and both are plain writers, so that tests see what a terminal sees.
//!
//! ```text
//! commands   one module a command, with its own arguments
//!    ↓
//! template   what `add` writes            terminal   what people read
//! publisher  what is on the network
//!    ↓
//! project    what is on disk
//! ```

mod check;
mod commands;
mod environment;
mod project;
mod publisher;
mod status;
mod template;
mod terminal;

pub use check::{check, check_around};
pub use commands::{Command, fail, parse, run};
pub use environment::{Environment, NewCrate};
#[doc(hidden)]
pub use project::failpoints;
pub use status::Status;
pub use terminal::console::{Stream, Verbosity};

/// Compiles the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
