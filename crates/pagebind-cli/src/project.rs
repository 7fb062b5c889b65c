//! What is on disk: manifests and vendored pages, corrections, and how files are written.

pub(crate) mod cargo_manifest;
pub(crate) mod contract;
pub mod failpoints;
pub(crate) mod features;
pub(crate) mod files;
pub(crate) mod index;
pub(crate) mod manifest;
pub(crate) mod module;
pub(crate) mod page_corrections;
pub(crate) mod record;
pub(crate) mod request;
mod runtime;
pub(crate) mod set;
pub(crate) mod sources;
pub(crate) mod target;
pub(crate) mod toml_file;
