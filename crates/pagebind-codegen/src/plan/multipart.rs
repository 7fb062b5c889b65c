//! The parts of a `multipart` body.

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
