//! What an operation returns: a decoded body with what came around it.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::response::Head;
use crate::{CorrelationId, Failure, ResponseHeaders};

/// A decoded response body with its status, headers and correlation id.
///
/// It dereferences to the body. `H` is the type of the headers that the contract documents for the
/// operation, if it documents any. `Debug` shows the body as its own type prints it, and no headers.
pub struct ResponseValue<T, H = ()> {
    value: T,
    head: Box<Head>,
    documented: PhantomData<fn() -> H>,
}

impl<T, H> ResponseValue<T, H> {
    pub(crate) fn new(value: T, head: Box<Head>) -> Self {
        Self { value, head, documented: PhantomData }
    }

    pub(crate) fn head(&self) -> &Head {
        &self.head
    }

    /// The body alone.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.head.status
    }

    /// The response headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// The headers that the contract documents, each read as its own type when it is asked for.
    #[must_use]
    pub fn typed_headers(&self) -> H
    where
        H: From<ResponseHeaders>,
    {
        ResponseHeaders::new(&self.head.headers).into()
    }

    /// The id that the request carried, where the API has a header for one. What comes of the request
    /// later carries it too.
    #[must_use]
    pub fn correlation_id(&self) -> Option<&CorrelationId> {
        self.head.call.correlation_id.as_ref()
    }

    /// The `operationId` of the contract.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.head.call.operation
    }

    /// How often the request was sent.
    #[must_use]
    pub fn tries(&self) -> u32 {
        self.head.call.tries
    }

    /// The same response with another body.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> ResponseValue<U, H> {
        ResponseValue::new(f(self.value), self.head)
    }
}

impl<T, H> Deref for ResponseValue<T, H> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T, H> DerefMut for ResponseValue<T, H> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

impl<T: fmt::Debug, H> fmt::Debug for ResponseValue<T, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseValue")
            .field("operation", &self.operation())
            .field("status", &self.status().as_u16())
            .field("correlation_id", &self.correlation_id())
            .field("value", &self.value)
            .finish_non_exhaustive()
    }
}

/// A body that is handed on as it arrives; unless it is given a [`limit`](Self::limit), what reads it
/// decides how much that is.
pub struct ByteStream {
    bytes: Pin<Box<dyn Stream<Item = Result<Bytes, Failure>> + Send + Sync>>,
    head: Box<Head>,
    /// The limit, and how many bytes are left of it; none is left for the end after an error.
    limit: Option<(usize, Option<usize>)>,
}

impl ByteStream {
    pub(crate) fn new(
        head: Box<Head>,
        bytes: impl Stream<Item = Result<Bytes, Failure>> + Send + Sync + 'static,
    ) -> Self {
        Self { bytes: Box::pin(bytes), head, limit: None }
    }

    /// The same body, of which no more than this many bytes are handed on: one that is longer ends in
    /// [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge).
    #[must_use]
    pub fn limit(mut self, bytes: usize) -> Self {
        self.limit = Some((bytes, Some(bytes)));
        self
    }
}

impl Stream for ByteStream {
    type Item = Result<Bytes, Failure>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if let Some((_, None)) = this.limit {
            return Poll::Ready(None);
        }
        let chunk = ready!(this.bytes.as_mut().poll_next(cx));
        if let (Some(Ok(chunk)), Some((limit, left))) = (&chunk, &mut this.limit) {
            *left = left.and_then(|left| left.checked_sub(chunk.len()));
            if left.is_none() {
                return Poll::Ready(Some(Err(Failure::too_large(&this.head, *limit))));
            }
        }
        Poll::Ready(chunk)
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ByteStream")
    }
}
