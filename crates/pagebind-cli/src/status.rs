//! How a command ended.

use pagebind::diagnostic::{Diagnostics, Kind};

/// How a command ended, as its exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Status {
    /// Nothing to do, or done.
    Done = 0,
    /// Findings: something is stale, in conflict, or drifted.
    Findings = 1,
    /// The arguments are not of the command's form.
    Usage = 2,
    /// Could not tell: something was unreachable or unreadable.
    CouldNotTell = 3,
}

impl Status {
    /// How a command ends that met problems.
    pub(crate) fn of(problems: &Diagnostics) -> Self {
        match problems.kind() {
            Kind::Usage => Self::Usage,
            Kind::Unreadable => Self::CouldNotTell,
            _ => Self::Findings,
        }
    }
}
