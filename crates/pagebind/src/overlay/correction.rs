//! What is told of a correction.

/// One correction that was applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// The action's `description`: what it corrects, and why.
    pub description: String,
    /// The action's `target`, as it was written.
    pub target: String,
    /// The nodes that it matched, at least one, as JSON pointers into the document as it was by then.
    pub places: Vec<String>,
}
