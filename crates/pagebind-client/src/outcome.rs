//! Whether a request may have been carried out in spite of its error.
//!
//! It is what a caller has to know before the same request is sent again, and more than the kind of
//! an error tells: a 429 was not carried out, a 500 may have been.

use reqwest::StatusCode;

/// What an error says about the request itself, over all its tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It never left this machine.
    NotSent,
    /// It was answered with a refusal (4xx), and not carried out.
    Refused,
    /// It may have been carried out: an answer is lost, can't be read, or is no refusal. For an
    /// operation whose outcome an event tells, that event tells this too.
    Unknown,
}

impl Outcome {
    /// What a status says that is no documented success.
    pub(crate) fn of(status: StatusCode) -> Self {
        if status.is_client_error() { Self::Refused } else { Self::Unknown }
    }

    /// What an error's text says of it, after what happened.
    pub(crate) fn advice(self, is_retryable: bool) -> &'static str {
        match (self, is_retryable) {
            (Self::NotSent | Self::Refused, _) => "",
            (Self::Unknown, true) => {
                "; the request may have been carried out, and can be sent again"
            }
            (Self::Unknown, false) => {
                "; the request may have been carried out, find out before sending it again"
            }
        }
    }
}
