//! What to ask a publisher for.

/// A page to fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    /// Where it is published: `https` or `http`; empty where nobody said so.
    pub(crate) url: String,
    /// What the publisher said of the copy that is here; none to get the page in any case.
    pub(crate) validators: Validators,
}

/// What a publisher says of a copy, to be asked later whether the copy is still current (RFC 9110,
/// section 8.8): the values of the header fields, as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Validators {
    /// `ETag`, with its quotes.
    pub(crate) etag: Option<String>,
    /// `Last-Modified`.
    pub(crate) last_modified: Option<String>,
}
