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
    /// Whether it is published as JSON.
    pub(crate) json: bool,
    /// The statuses that it comes with, unless it comes with all that the operation documents.
    pub(crate) statuses: Vec<String>,
}
