//! An answer before it is decoded, and the ways to decode it.
//!
//! Generated code matches on [`Response::status`] and names the decoder of that status's own type.
//! A body is read under its limit, and only where the contract gives it a type: an accepted
//! request is accepted, whatever comes after its status line.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use serde::de::DeserializeOwned;
use tracing::{Instrument, Span};
use zeroize::Zeroizing;

use crate::chunks::Chunks;
#[cfg(feature = "events")]
use crate::session::Again;
use crate::{
    ByteStream, CorrelationId, Error, Failure, Outcome, RawBody, Reading, ResponseValue, wiped,
};

/// What every answer and error of one call has in common.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) operation: &'static str,
    /// What the API is told, where it has a header for it.
    pub(crate) correlation_id: Option<CorrelationId>,
    /// How often the request has been sent.
    pub(crate) tries: u32,
    /// Whether sending it again can't do its work twice.
    pub(crate) may_repeat: bool,
    /// What became of the tries before the last one.
    pub(crate) before: Outcome,
}

/// A response without its body.
#[derive(Clone)]
pub(crate) struct Head {
    pub(crate) call: Call,
    pub(crate) status: StatusCode,
    pub(crate) headers: Arc<HeaderMap>,
    pub(crate) retry_after: Option<Duration>,
    /// What of an error body may be printed.
    pub(crate) told: Told,
    /// What the answer says of the request, where its status says it not.
    pub(crate) says: Option<Outcome>,
}

impl Head {
    pub(crate) fn outcome(&self) -> Outcome {
        self.says.unwrap_or_else(|| Outcome::of(self.status))
    }
}

/// What of an error body may be printed: it is looked for when somebody prints it.
#[derive(Clone)]
pub(crate) enum Told {
    Nothing,
    Text(String),
    Found(PublishedMessage, Bytes),
}

impl Told {
    pub(crate) fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Nothing => None,
            Self::Text(text) => Some(Cow::Borrowed(text)),
            Self::Found(find, body) => find(without_bom(body)).map(Cow::Owned),
        }
    }
}

/// Finds in an error body a message that the API's publisher documents, which may be printed.
pub(crate) type PublishedMessage = fn(&[u8]) -> Option<String>;

/// An answer whose body is not read yet.
pub struct Response(pub(crate) Box<Unread>);

/// What an answer is. It is handed on from step to step, as a pointer.
pub(crate) struct Unread {
    pub(crate) head: Box<Head>,
    pub(crate) body: reqwest::Response,
    pub(crate) limit: usize,
    pub(crate) published_message: Option<PublishedMessage>,
    pub(crate) span: Span,
    /// What asks for the same stream again.
    #[cfg(feature = "events")]
    pub(crate) again: Option<Box<Again>>,
}

impl Response {
    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.head.status
    }

    /// A success without a body; one that comes nevertheless is not read.
    pub fn empty<E, H>(self) -> Reading<(), E, H> {
        Reading::as_it_comes(self, |it| Ok(ResponseValue::new((), it.0.head)))
    }

    /// A success with a JSON body; an error when the body breaks off, is longer than the limit, or is no `T`.
    pub fn json<T: DeserializeOwned, E, H>(self) -> Reading<T, E, H> {
        Reading::whole(self, |answer| {
            let (value, answer) = answer.decode_json()?;
            Ok(ResponseValue::new(value, answer.head))
        })
    }

    /// Whether the body is of this media type, as the server says.
    #[must_use]
    pub fn is(&self, media_type: &str) -> bool {
        let came = self.0.head.headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok());
        let essence = came.and_then(|it| it.split(';').next()).unwrap_or_default().trim();
        essence.eq_ignore_ascii_case(media_type)
    }

    /// A success whose body is handed on as it arrives.
    pub fn stream<E, H>(self) -> Reading<ByteStream, E, H> {
        Reading::as_it_comes(self, |it| Ok(it.into_stream()))
    }

    fn into_stream<H>(self) -> ResponseValue<ByteStream, H> {
        let Unread { head, body, .. } = *self.0;
        let inner = Box::pin(Chunks::from(body));
        let bytes = ByteStream::new(head.clone(), Unprinted { inner, call: head.call.clone() });
        ResponseValue::new(bytes, head)
    }

    /// A documented error with a JSON body, which `variant` wraps.
    pub fn error<B: DeserializeOwned, T, E, H>(
        self,
        variant: impl FnOnce(B) -> E + Send + 'static,
    ) -> Reading<T, E, H> {
        Reading::whole(self, |answer| {
            let (value, answer) = answer.decode_json()?;
            let body = answer.body.clone();
            let told = answer.published_message.map_or(Told::Nothing, |it| Told::Found(it, body));
            Err(answer.documented_as(variant(value), told))
        })
    }

    /// A documented error without a body.
    pub fn error_empty<T, E, H>(
        self,
        variant: impl FnOnce() -> E + Send + 'static,
    ) -> Reading<T, E, H> {
        Reading::as_it_comes(self, |it| {
            Err(Error::Documented(ResponseValue::new(variant(), it.0.head)))
        })
    }

    /// A documented error whose body is handed on as it arrives, without a limit.
    pub fn error_stream<T, E, H>(
        self,
        variant: impl FnOnce(ByteStream) -> E + Send + 'static,
    ) -> Reading<T, E, H> {
        Reading::as_it_comes(self, |it| Err(Error::Documented(it.into_stream().map(variant))))
    }

    /// A status that the contract does not name. The body is kept where it can be read; the status
    /// is the error either way.
    pub fn undocumented<T, E, H>(self) -> Reading<T, E, H> {
        Reading::undocumented(self)
    }

    pub(crate) async fn into_undocumented(self) -> Failure {
        let Unread { head, body, limit, span, .. } = *self.0;
        let body = read(&head, body, limit).instrument(span).await.ok();
        Failure::undocumented(&head, body)
    }

    /// The answer with its body, for whoever decodes it in a way of his own.
    ///
    /// # Errors
    /// When the body breaks off, or is longer than the limit.
    pub async fn read(self) -> Result<Answer, Failure> {
        let Unread { head, body, limit, span, published_message, .. } = *self.0;
        let body = read(&head, body, limit).instrument(span).await?;
        Ok(Answer { head, body, published_message })
    }
}

/// An answer whose body was read, and is decoded by hand-written code.
pub struct Answer {
    head: Box<Head>,
    body: Bytes,
    published_message: Option<PublishedMessage>,
}

impl Answer {
    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.head.status
    }

    /// The body as it came. It is wiped when the answer, and what is made of it, is dropped.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The same answer, which says `outcome` of the request, whatever its status says.
    #[must_use]
    pub fn saying(mut self, outcome: Outcome) -> Self {
        self.head.says = Some(outcome);
        self
    }

    /// A success.
    #[must_use]
    pub fn success<T>(self, value: T) -> ResponseValue<T> {
        ResponseValue::new(value, self.head)
    }

    /// A documented error; `told` is what its text tells, which must not repeat what was sent.
    #[must_use]
    pub fn documented<E>(self, body: E, told: Option<String>) -> Error<E> {
        self.documented_as(body, told.map_or(Told::Nothing, Told::Text))
    }

    fn decode_json<T: DeserializeOwned>(self) -> Result<(T, Self), Failure> {
        match serde_json::from_slice(without_bom(&self.body)) {
            Ok(value) => Ok((value, self)),
            Err(error) => Err(Failure::undecodable(&self.head, &error, self.body)),
        }
    }

    fn documented_as<E>(mut self, body: E, told: Told) -> Error<E> {
        self.head.told = told;
        Error::Documented(ResponseValue::new(body, self.head))
    }

    /// A body that is not as documented; `what` it is instead, in words of one's own.
    #[must_use]
    pub fn undecodable(self, what: impl Into<String>) -> Failure {
        Failure::unfit(&self.head, what.into(), self.body)
    }

    /// A status that is not documented.
    #[must_use]
    pub fn undocumented(self) -> Failure {
        Failure::undocumented(&self.head, Some(self.body))
    }

    #[cfg(feature = "xml")]
    pub(crate) fn into_head(self) -> Box<Head> {
        self.head
    }

    pub(crate) fn into_raw(self) -> ResponseValue<RawBody> {
        let body = RawBody::new(&self.head.headers, self.body);
        ResponseValue::new(body, self.head)
    }
}

/// JSON without the byte order mark that some servers put before it (RFC 8259, section 8.1).
pub(crate) fn without_bom(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

/// Reads a body up to `limit` bytes and not one further.
async fn read(head: &Head, mut body: reqwest::Response, limit: usize) -> Result<Bytes, Failure> {
    // What the server announces is refused before it is read, and saves growing the buffer.
    let announced = body.content_length().unwrap_or_default();
    if announced > limit as u64 {
        return Err(refuse(Failure::too_large(head, limit)));
    }
    // It may hold a token, so it is wiped when the last reader drops it. Where the caller's limit is
    // high, no more room is made than the default limit's before anything has come.
    let room = usize::try_from(announced).unwrap_or(usize::MAX).min(1024 * 1024);
    let mut bytes = Zeroizing::new(Vec::with_capacity(room));
    loop {
        match body.chunk().await {
            Ok(Some(chunk)) if chunk.len() > limit - bytes.len() => {
                return Err(refuse(Failure::too_large(head, limit)));
            }
            Ok(Some(chunk)) => wiped::append(&mut bytes, &chunk),
            Ok(None) => return Ok(Bytes::from_owner(bytes)),
            Err(error) => {
                return Err(refuse(Failure::transport(error, head.call.clone(), Some(head))));
            }
        }
    }
}

fn refuse(failure: Failure) -> Failure {
    tracing::debug!(kind = ?failure.kind(), "the response body could not be read");
    failure
}

/// The body of `inner` with its errors stripped of the URL.
struct Unprinted<S> {
    inner: std::pin::Pin<Box<S>>,
    call: Call,
}

impl<S: Stream<Item = reqwest::Result<Bytes>>> Stream for Unprinted<S> {
    type Item = Result<Bytes, Failure>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        let this = &mut *self;
        this.inner.as_mut().poll_next(cx).map(|next| {
            next.map(|chunk| chunk.map_err(|e| Failure::transport(e, this.call.clone(), None)))
        })
    }
}

#[cfg(test)]
mod tests;
