//! The parts of a `multipart` body.

use super::Parameter;

/// One part, as the builder of the body takes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    /// Its name on the wire.
    pub(crate) name: String,
    /// The method that takes it.
    pub(crate) setter: String,
    /// What the publisher says of it.
    pub(crate) description: String,
    pub(crate) required: bool,
    pub(crate) content: PartContent,
    /// Its media type where the contract says one; empty otherwise.
    pub(crate) media_type: String,
    /// How a value is written, where the contract says a style.
    pub(crate) style: Option<Parameter>,
    /// The headers that the caller can set for it.
    pub(crate) headers: Vec<PartHeader>,
}

/// A header of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PartHeader {
    /// Its name on the wire.
    pub(crate) name: String,
    /// The method that takes it.
    pub(crate) setter: String,
    /// What the publisher says of it.
    pub(crate) description: String,
    /// Whether the part can't go without it.
    pub(crate) required: bool,
    /// The type of its value.
    pub(crate) of: &'static str,
}

/// What a part holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PartContent {
    File,
    /// A part for each of several files.
    Files,
    /// A value of this type, as the module of the types names it.
    Value(String),
}
