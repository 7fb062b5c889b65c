//! The headers that the contract documents for the answers of an operation.

/// One header, as the type that holds those of an operation reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    /// Its name on the wire.
    pub(crate) name: String,
    /// The method that reads it.
    pub(crate) method: String,
    /// What the publisher says of it.
    pub(crate) description: String,
    /// What it is read as, as the module of the types names it.
    pub(crate) of: String,
    /// The component that stands in `of`, if one does.
    pub(crate) component: Option<String>,
    /// How it is written.
    pub(crate) form: HeaderForm,
    /// The statuses that it comes with, unless it comes with all that the operation documents.
    pub(crate) statuses: Vec<String>,
}

/// How a header is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HeaderForm {
    /// A value without parts, or a list of such.
    Simple,
    /// An object: names and values in turn.
    Object,
    /// An object: a name and a value in each item.
    Exploded,
    Json,
}

impl HeaderForm {
    /// The method of `pagebind_client::ResponseHeaders` that reads it.
    pub(crate) fn method(self) -> &'static str {
        match self {
            Self::Simple => "simple",
            Self::Object => "object",
            Self::Exploded => "exploded_object",
            Self::Json => "json",
        }
    }
}
