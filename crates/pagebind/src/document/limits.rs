//! How much a document may ask of whoever reads it.

/// How deep objects and arrays may nest in either format; serde_json's own limit.
pub(super) const MAX_DEPTH: usize = 128;
