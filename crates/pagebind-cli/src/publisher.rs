//! What is on the network: pages as they are published.

pub(crate) mod fetch;
pub(crate) mod published;
