//! Why an operation has no documented answer.
//!
//! A failure says what happened, to which operation, under which correlation id, and what to do.
//! The bytes of an answer that could not be used are kept for a caller that asks for them by name;
//! they are never printed.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap};

use crate::credentials::MissingCredentials;
use crate::response::{Call, Head};
use crate::retry::is_transient;
use crate::{CorrelationId, Outcome, TokenError};

/// What kind of trouble an error is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A parameter or the body does not fit the contract; nothing was sent.
    InvalidRequest,
    /// The API answered as documented, with an error; the body tells more.
    Documented,
    /// The client has none of the credentials that the operation takes; nothing was sent.
    Credentials,
    /// No token could be had; nothing was sent, or not again.
    Token,
    /// 401, with a renewed token too where the source had one; documented or not.
    Unauthorized,
    /// 429, documented or not; [`Error::retry_after`](crate::Error::retry_after) tells the wait where
    /// the server did.
    RateLimited,
    /// No connection, or no whole answer, in time.
    Timeout,
    /// The connection could not be made, or broke.
    Connection,
    /// The response body is longer than the limit.
    TooLarge,
    /// The body does not fit the type that the contract gives for its status.
    Undecodable,
    /// A status that the contract does not name.
    Undocumented,
    /// The caller's own [`reqwest::Client`] followed a redirect to another address.
    Redirected,
}

impl ErrorKind {
    /// The kind of an answer that means the same whatever its body holds, and whether or not a page
    /// describes that: a publisher who comes to document it changes nothing for callers.
    pub(crate) fn of_status(status: StatusCode) -> Option<Self> {
        match status {
            StatusCode::UNAUTHORIZED => Some(Self::Unauthorized),
            StatusCode::TOO_MANY_REQUESTS => Some(Self::RateLimited),
            _ => None,
        }
    }

    /// The kind in one word, for a span or the label of a metric: `rate_limited`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::Documented => "documented",
            Self::Credentials => "credentials",
            Self::Token => "token",
            Self::Unauthorized => "unauthorized",
            Self::RateLimited => "rate_limited",
            Self::Timeout => "timeout",
            Self::Connection => "connection",
            Self::TooLarge => "too_large",
            Self::Undecodable => "undecodable",
            Self::Undocumented => "undocumented",
            Self::Redirected => "redirected",
        }
    }
}

/// An operation that got no documented answer.
///
/// `Display` and `Debug` show neither the body nor any header.
pub struct Failure(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    call: Call,
    status: Option<StatusCode>,
    retry_after: Option<Duration>,
    /// What it says of its last try.
    last: Outcome,
    /// What went wrong in detail, in words of ours: never text from the body.
    detail: Option<String>,
    body: Option<RawBody>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// A response body that could not be used, for a caller that asks for it.
///
/// It may hold personal data: `Debug` shows its type and length only.
#[derive(Clone)]
pub struct RawBody {
    content_type: Option<String>,
    bytes: Bytes,
}

impl RawBody {
    pub(crate) fn new(headers: &HeaderMap, bytes: Bytes) -> Self {
        // It is printed, so what is no media type, and parameters, which are free text, stay out.
        let content_type = headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(';').next())
            .map(str::trim)
            .filter(|essence| is_media_type(essence))
            .map(str::to_owned);
        Self { content_type, bytes }
    }

    /// The media type that the server gave, without parameters; none where it gave another text.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// The bytes as they came.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }
}

/// Whether `text` is one of the registered top-level types and a short name (RFC 6838, section 4.2).
fn is_media_type(text: &str) -> bool {
    const TYPES: [&str; 8] =
        ["application", "audio", "font", "image", "message", "model", "multipart", "text"];
    let named = |name: &str| {
        let sound = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte);
        (1..=64).contains(&name.len()) && name.bytes().all(sound)
    };
    text.split_once('/').is_some_and(|(kind, name)| {
        TYPES.iter().any(|known| known.eq_ignore_ascii_case(kind)) && named(name)
    })
}

impl fmt::Debug for RawBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawBody")
            .field("content_type", &self.content_type)
            .field("length", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

impl Failure {
    /// One that leaves it open whether the request was carried out.
    fn new(kind: ErrorKind, call: Call) -> Self {
        Self(Box::new(Inner {
            kind,
            call,
            status: None,
            retry_after: None,
            last: Outcome::Unknown,
            detail: None,
            body: None,
            source: None,
        }))
    }

    /// The transport failed, with `head` when the status had come already.
    #[cold]
    pub(crate) fn transport(error: reqwest::Error, call: Call, head: Option<&Head>) -> Self {
        let kind = if error.is_timeout() { ErrorKind::Timeout } else { ErrorKind::Connection };
        let mut failure = Self::new(kind, call);
        if let Some(head) = head {
            failure.0.status = Some(head.status);
            failure.0.retry_after = head.retry_after;
            failure.0.last = head.outcome();
        }
        // A URL could hold a parameter that is personal.
        failure.0.source = Some(error.without_url().into());
        failure
    }

    /// The transport failed before anything of the request left this machine.
    #[cold]
    pub(crate) fn unsent(error: reqwest::Error, call: Call) -> Self {
        let mut failure = Self::transport(error, call, None);
        failure.0.last = Outcome::NotSent;
        failure
    }

    /// The client has the credentials of none of the operation's alternatives.
    #[cold]
    pub(crate) fn credentials(missing: MissingCredentials, call: Call) -> Self {
        let mut failure = Self::new(ErrorKind::Credentials, call);
        failure.0.last = Outcome::NotSent;
        failure.0.detail = Some(missing.to_string());
        failure
    }

    #[cold]
    pub(crate) fn token(error: TokenError, call: Call, status: Option<StatusCode>) -> Self {
        let mut failure = Self::new(ErrorKind::Token, call);
        failure.0.status = status;
        failure.0.last = Outcome::NotSent;
        failure.0.retry_after = error.retry_after();
        failure.0.source = Some(error.into());
        failure
    }

    /// The status is that of the address that the redirect led to.
    #[cold]
    pub(crate) fn redirected(head: &Head) -> Self {
        let mut failure = Self::answered(ErrorKind::Redirected, head);
        failure.0.last = Outcome::Unknown;
        failure
    }

    pub(crate) fn too_large(head: &Head, limit: usize) -> Self {
        let mut failure = Self::answered(ErrorKind::TooLarge, head);
        failure.0.detail = Some(format!("{limit} bytes"));
        failure
    }

    /// serde's own message could repeat a value, so only the place and the kind are kept.
    pub(crate) fn undecodable(head: &Head, error: &serde_json::Error, body: Bytes) -> Self {
        use serde_json::error::Category;

        let what = match error.classify() {
            Category::Data => "JSON of another shape than the contract's",
            Category::Eof => "JSON that is cut short",
            Category::Syntax | Category::Io => "not JSON",
        };
        let (line, column) = (error.line(), error.column());
        Self::unfit(head, format!("{what}, at line {line}, column {column}"), body)
    }

    /// The body is not as it should be, but `what`: words of ours.
    pub(crate) fn unfit(head: &Head, what: String, body: Bytes) -> Self {
        let kind = ErrorKind::of_status(head.status).unwrap_or(ErrorKind::Undecodable);
        let mut failure = Self::answered(kind, head);
        failure.0.detail = Some(what);
        failure.0.body = Some(RawBody::new(&head.headers, body));
        failure
    }

    /// The body is no stream of events.
    #[cfg(feature = "events")]
    pub(crate) fn not_events(head: &Head) -> Self {
        let mut failure = Self::answered(ErrorKind::Undecodable, head);
        failure.0.detail = Some("no stream of events in UTF-8".to_owned());
        failure
    }

    pub(crate) fn undocumented(head: &Head, body: Option<Bytes>) -> Self {
        let kind = ErrorKind::of_status(head.status).unwrap_or(ErrorKind::Undocumented);
        let mut failure = Self::answered(kind, head);
        failure.0.body = body.map(|bytes| RawBody::new(&head.headers, bytes));
        failure
    }

    fn answered(kind: ErrorKind, head: &Head) -> Self {
        let mut failure = Self::new(kind, head.call.clone());
        failure.0.status = Some(head.status);
        failure.0.retry_after = head.retry_after;
        failure.0.last = head.outcome();
        failure
    }

    /// What kind of trouble this is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The `operationId` of the contract.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.0.call.operation
    }

    /// The id that the request carried, where the API has a header for one.
    #[must_use]
    pub fn correlation_id(&self) -> Option<&CorrelationId> {
        self.0.call.correlation_id.as_ref()
    }

    /// The HTTP status, where an answer came.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// How often the request was sent.
    #[must_use]
    pub fn tries(&self) -> u32 {
        self.0.call.tries
    }

    /// How long the server asks to wait, counted from its answer.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// The body of an answer that could not be used, where it was read. It may hold personal data.
    #[must_use]
    pub fn raw_body(&self) -> Option<&RawBody> {
        self.0.body.as_ref()
    }

    /// The same failure without the body, for where even a caller that asks must not see it.
    #[must_use]
    pub fn without_body(mut self) -> Self {
        self.0.body = None;
        self
    }

    /// Whether the request may have been carried out.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.0.last.max(self.0.call.before)
    }

    /// Whether the same request may succeed later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self.0.kind {
            ErrorKind::Timeout | ErrorKind::Connection | ErrorKind::RateLimited => true,
            ErrorKind::Token => self
                .source()
                .and_then(|source| source.downcast_ref::<TokenError>())
                .is_some_and(TokenError::is_transient),
            ErrorKind::Redirected => false,
            _ => self.0.status.is_some_and(is_transient),
        }
    }

    /// Whether sending the same request again may succeed and can't do its work twice.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        let never_left = self.0.last == Outcome::NotSent;
        let refused = self.0.status == Some(StatusCode::TOO_MANY_REQUESTS);
        self.is_transient() && (never_left || refused || self.0.call.may_repeat)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        write!(f, "{}: ", inner.call.operation)?;
        let detail = inner.detail.as_deref().unwrap_or_default();
        let never_left = inner.last == Outcome::NotSent;
        match inner.kind {
            ErrorKind::Credentials => write!(
                f,
                "no credentials: it takes those of {detail}, set them as the client is built"
            )?,
            ErrorKind::Token => write!(f, "no token: check the token source")?,
            ErrorKind::Unauthorized => {
                write!(f, "the credentials were refused: check that they are good for this call")?
            }
            ErrorKind::RateLimited => match inner.retry_after {
                Some(wait) => write!(f, "rate limited: try again in {} s", wait.as_secs())?,
                None => write!(f, "rate limited: try again later, and less often")?,
            },
            ErrorKind::Timeout if never_left => write!(f, "no connection in time")?,
            ErrorKind::Timeout => write!(f, "no whole answer in time")?,
            ErrorKind::Connection if never_left => {
                write!(f, "no connection: check the base URL and the network")?;
            }
            ErrorKind::Connection => write!(f, "the connection broke")?,
            ErrorKind::TooLarge => write!(
                f,
                "the response body is longer than the limit of {detail}: raise it if that is right"
            )?,
            ErrorKind::Undecodable => {
                write!(f, "the response body is {detail}: `raw_body` has it")?;
            }
            ErrorKind::Redirected => write!(
                f,
                "the given reqwest client followed a redirect: build it with `Policy::none()`"
            )?,
            _ if inner.status.is_some_and(|status| status.is_redirection()) => write!(
                f,
                "redirects are not followed, they would take the token along: check the base URL"
            )?,
            _ if self.is_transient() => write!(f, "the service can't answer now: try again later")?,
            _ => write!(
                f,
                "a status that the contract does not name: see `raw_body`, and whether the \
                 contract has changed"
            )?,
        }
        f.write_str(self.outcome().advice(self.is_retryable()))?;
        let mut facts = Facts::default();
        if let Some(status) = inner.status {
            facts.add(f, format_args!("status {}", status.as_u16()))?;
        }
        if let Some(body) = &inner.body {
            let media_type = body.content_type().unwrap_or("no content type");
            facts.add(f, format_args!("{media_type}, {} bytes", body.bytes.len()))?;
        }
        if inner.call.tries > 1 {
            facts.add(f, format_args!("{} tries", inner.call.tries))?;
        }
        if let Some(id) = &inner.call.correlation_id {
            facts.add(f, format_args!("correlation id {id}"))?;
        }
        facts.end(f)
    }
}

/// What stands in brackets at the end of an error, separated by commas.
#[derive(Default)]
pub(crate) struct Facts {
    any: bool,
}

impl Facts {
    pub(crate) fn add(
        &mut self,
        f: &mut fmt::Formatter<'_>,
        fact: fmt::Arguments<'_>,
    ) -> fmt::Result {
        f.write_str(if self.any { ", " } else { " (" })?;
        self.any = true;
        f.write_fmt(fact)
    }

    pub(crate) fn end(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.any { ")" } else { "" })
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Failure")
            .field("kind", &self.0.kind)
            .field("operation", &self.0.call.operation)
            .field("status", &self.0.status.map(|status| status.as_u16()))
            .field("correlation_id", &self.0.call.correlation_id)
            .field("tries", &self.0.call.tries)
            .field("retry_after", &self.0.retry_after)
            .field("detail", &self.0.detail)
            .field("body", &self.0.body)
            .field("source", &self.0.source)
            .finish()
    }
}

impl StdError for Failure {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let source: &(dyn StdError + 'static) = self.0.source.as_deref()?;
        Some(source)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_media_type_is_printed_of_what_the_server_calls_its_answer() {
        let printed = |content_type: &str| {
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, content_type.parse().unwrap())]);
            let body = RawBody::new(&headers, Bytes::from_static(b"secret"));
            body.content_type().map(str::to_owned)
        };
        assert_eq!(printed("text/html; charset=utf-8").as_deref(), Some("text/html"));
        let problem = "application/problem+json";
        assert_eq!(printed(problem).as_deref(), Some(problem));
        for text in ["Alex Miller", "alex@example.com", "text/", "alex/text", "text/a b", ""] {
            assert_eq!(printed(text), None, "{text}");
        }
    }
}
