//! What is told of a correction.

/// One correction that was applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// The action's `description`: what it corrects, and why.
    pub description: String,
    /// The action's `target`, as it was written.
    pub target: String,
    /// How many nodes it matched; never 0.
    pub matches: usize,
}
