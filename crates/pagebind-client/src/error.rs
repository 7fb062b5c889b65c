//! The one error of every operation.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use reqwest::StatusCode;

use crate::failure::Facts;
use crate::retry::{is_transient, may_repeat};
use crate::{CorrelationId, ErrorKind, Failure, Outcome, ResponseHeaders, ResponseValue};

/// Why an operation did not succeed; `E` is its documented error body.
///
/// `Display` and `Debug` print no body: an API may repeat in it what it was sent. What a caller
/// wants of it is in [`body`](Self::body).
#[non_exhaustive]
pub enum Error<E = ()> {
    /// A parameter or the body does not fit the contract; nothing was sent.
    InvalidRequest(String),
    /// The API answered with an error as documented, decoded by its status.
    Documented(ResponseValue<E>),
    /// There is no documented answer; [`Failure::kind`] says why.
    Failed(Failure),
}

impl<E> Error<E> {
    /// What kind of trouble this is. A 401 and a 429 are of their own kinds, also where they are
    /// documented and [`body`](Self::body) holds what they say.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::InvalidRequest(_) => ErrorKind::InvalidRequest,
            Self::Documented(response) => {
                ErrorKind::of_status(response.status()).unwrap_or(ErrorKind::Documented)
            }
            Self::Failed(failure) => failure.kind(),
        }
    }

    /// The documented error body.
    #[must_use]
    pub fn body(&self) -> Option<&E> {
        match self {
            Self::Documented(response) => Some(response),
            _ => None,
        }
    }

    /// The failure, where there is no documented answer.
    #[must_use]
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Failed(failure) => Some(failure),
            _ => None,
        }
    }

    /// The failure itself, where there is no documented answer.
    #[must_use]
    pub fn into_failure(self) -> Option<Failure> {
        match self {
            Self::Failed(failure) => Some(failure),
            _ => None,
        }
    }

    /// The HTTP status, where an answer came.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::InvalidRequest(_) => None,
            Self::Documented(response) => Some(response.status()),
            Self::Failed(failure) => failure.status(),
        }
    }

    /// The headers of a documented error, as the type that generated code has for those of its
    /// operation: `error.typed_headers::<types::ListCardsHeaders>()`.
    #[must_use]
    pub fn typed_headers<H: From<ResponseHeaders>>(&self) -> Option<H> {
        match self {
            Self::Documented(response) => {
                Some(ResponseHeaders::new(&response.head().headers).into())
            }
            _ => None,
        }
    }

    /// The `operationId` of the contract, unless the request could not be built.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        match self {
            Self::InvalidRequest(_) => None,
            Self::Documented(response) => Some(response.operation()),
            Self::Failed(failure) => Some(failure.operation()),
        }
    }

    /// The id that the request carried, where the API has a header for one.
    #[must_use]
    pub fn correlation_id(&self) -> Option<&CorrelationId> {
        match self {
            Self::InvalidRequest(_) => None,
            Self::Documented(response) => response.correlation_id(),
            Self::Failed(failure) => failure.correlation_id(),
        }
    }

    /// How long the server asks to wait, counted from its answer.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::InvalidRequest(_) => None,
            Self::Documented(response) => response.head().retry_after,
            Self::Failed(failure) => failure.retry_after(),
        }
    }

    /// Whether the request may have been carried out.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::InvalidRequest(_) => Outcome::NotSent,
            Self::Documented(response) => {
                response.head().outcome().max(response.head().call.before)
            }
            Self::Failed(failure) => failure.outcome(),
        }
    }

    /// Whether the same request may succeed later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::InvalidRequest(_) => false,
            Self::Documented(response) => is_transient(response.status()),
            Self::Failed(failure) => failure.is_transient(),
        }
    }

    /// Whether sending the same request again may succeed and can't do its work twice: it is
    /// transient, and the method is idempotent, or the request never left or was answered with 429, or
    /// the [`RetryPolicy`](crate::RetryPolicy) lets other methods repeat.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::InvalidRequest(_) => false,
            Self::Documented(response) => may_repeat(response.status(), &response.head().call),
            Self::Failed(failure) => failure.is_retryable(),
        }
    }
}

impl<E> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidRequest(why) => write!(f, "the request was not sent: {why}"),
            Self::Documented(response) => {
                let operation = response.operation();
                match response.head().told.text() {
                    Some(message) => write!(f, "{operation}: {message}")?,
                    None => write!(f, "{operation}: refused, its body tells why")?,
                }
                f.write_str(self.outcome().advice(self.is_retryable()))?;
                let mut facts = Facts::default();
                facts.add(f, format_args!("status {}", response.status().as_u16()))?;
                if response.tries() > 1 {
                    facts.add(f, format_args!("{} tries", response.tries()))?;
                }
                if let Some(id) = response.correlation_id() {
                    facts.add(f, format_args!("correlation id {id}"))?;
                }
                facts.end(f)
            }
            Self::Failed(failure) => failure.fmt(f),
        }
    }
}

impl<E> fmt::Debug for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidRequest(why) => f.debug_tuple("InvalidRequest").field(why).finish(),
            Self::Documented(response) => f
                .debug_struct("Documented")
                .field("operation", &response.operation())
                .field("status", &response.status().as_u16())
                .field("correlation_id", &response.correlation_id())
                .field("published_message", &response.head().told.text())
                .finish_non_exhaustive(),
            Self::Failed(failure) => failure.fmt(f),
        }
    }
}

impl<E> StdError for Error<E> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.failure()?.source()
    }
}

impl<E> From<Failure> for Error<E> {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}
