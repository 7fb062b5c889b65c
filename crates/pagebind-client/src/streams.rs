//! Answers that are streams of values: server-sent events, and JSON line by line.
//!
//! Such an answer has no end that is known before, so no time limit holds for the whole of it: what
//! bounds it is [`Limits::read`](crate::Limits::read), the time without a single byte, and
//! [`Limits::response_body`](crate::Limits::response_body), the length of one value.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use futures_core::Stream;
use serde::de::DeserializeOwned;
use sse_stream::SseByteStream;

use crate::response::Head;
use crate::{Failure, ResponseValue};

/// One event of a stream (HTML, section 9.2: server-sent events).
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServerEvent<T> {
    /// The type of the event; without one it is a `message`.
    pub event: Option<String>,
    /// The id of this event, under which a stream can be resumed (`Last-Event-ID`).
    pub id: Option<String>,
    /// How long the server asks to wait before a stream that ended is asked for again.
    pub retry: Option<Duration>,
    /// What the event tells.
    pub data: T,
}

impl<T: fmt::Debug> fmt::Debug for ServerEvent<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut event = f.debug_struct("ServerEvent");
        event.field("event", &self.event).field("id", &self.id);
        event.field("retry", &self.retry).field("data", &self.data).finish()
    }
}

/// How the text of a value is read.
type Read<T> = fn(&Head, &[u8]) -> Result<T, Failure>;

fn read_json<T: DeserializeOwned>(head: &Head, text: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(text)
        .map_err(|error| Failure::undecodable(head, &error, Bytes::copy_from_slice(text)))
}

fn read_text(_: &Head, text: &[u8]) -> Result<String, Failure> {
    Ok(String::from_utf8_lossy(text).into_owned())
}

/// The events of an answer as they arrive. It ends as the answer does; an event that can't be read is
/// an error, and the next one follows.
pub struct EventStream<T> {
    events: SseByteStream<Counted>,
    taken: Arc<AtomicUsize>,
    head: Box<Head>,
    last_id: Option<String>,
    read: Read<T>,
}

impl<T> EventStream<T> {
    /// The id of the last event that had one: a later call can go on after it, where the operation has
    /// a parameter `Last-Event-ID`.
    #[must_use]
    pub fn last_event_id(&self) -> Option<&str> {
        self.last_id.as_deref()
    }
}

impl EventStream<String> {
    pub(crate) fn of_text(head: Box<Head>, body: reqwest::Response, limit: usize) -> Self {
        Self::new(head, body, limit, read_text)
    }
}

impl<T: DeserializeOwned> EventStream<T> {
    pub(crate) fn of_json(head: Box<Head>, body: reqwest::Response, limit: usize) -> Self {
        Self::new(head, body, limit, read_json)
    }
}

impl<T> EventStream<T> {
    fn new(head: Box<Head>, body: reqwest::Response, limit: usize, read: Read<T>) -> Self {
        let taken = Arc::new(AtomicUsize::new(0));
        let body = Counted {
            inner: Box::pin(body.bytes_stream()),
            taken: taken.clone(),
            limit,
            head: head.clone(),
        };
        Self { events: SseByteStream::new(body), taken, head, last_id: None, read }
    }
}

impl<T> Stream for EventStream<T> {
    type Item = Result<ServerEvent<T>, Failure>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            let event = match ready!(Pin::new(&mut this.events).poll_next(cx)) {
                None => return Poll::Ready(None),
                Some(Ok(event)) => event,
                Some(Err(sse_stream::Error::Body(error))) => {
                    let failure = match error.downcast::<Broken>() {
                        Ok(broken) => broken.0,
                        Err(_) => Failure::not_events(&this.head),
                    };
                    return Poll::Ready(Some(Err(failure)));
                }
                Some(Err(_)) => return Poll::Ready(Some(Err(Failure::not_events(&this.head)))),
            };
            this.taken.store(0, Ordering::Relaxed);
            if event.id.is_some() {
                this.last_id.clone_from(&event.id);
            }
            // A block without data tells nothing (HTML, section 9.2.6).
            let Some(data) = event.data.filter(|data| !data.is_empty()) else { continue };
            return Poll::Ready(Some((this.read)(&this.head, data.as_bytes()).map(|data| {
                let retry = event.retry.map(Duration::from_millis);
                ServerEvent { event: event.event, id: event.id, retry, data }
            })));
        }
    }
}

impl<T> Unpin for EventStream<T> {}

impl<T> fmt::Debug for EventStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EventStream")
    }
}

/// Values of JSON, one on each line (NDJSON, JSON Lines), or after a record separator (RFC 7464), as
/// they arrive. A line that can't be read is an error, and the next one follows.
pub struct JsonLines<T> {
    body: Counted,
    line: BytesMut,
    ended: bool,
    value: PhantomData<fn() -> T>,
}

impl<T> JsonLines<T> {
    pub(crate) fn new(head: Box<Head>, body: reqwest::Response, limit: usize) -> Self {
        let taken = Arc::default();
        let body = Counted { inner: Box::pin(body.bytes_stream()), taken, limit, head };
        Self { body, line: BytesMut::new(), ended: false, value: PhantomData }
    }
}

impl<T: DeserializeOwned> Stream for JsonLines<T> {
    type Item = Result<T, Failure>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            let end = this.line.iter().position(|byte| *byte == b'\n');
            let line = match end {
                Some(end) => this.line.split_to(end + 1),
                None if this.ended => this.line.split(),
                None => {
                    match ready!(Pin::new(&mut this.body).poll_next(cx)) {
                        Some(Ok(chunk)) => this.line.extend_from_slice(&chunk),
                        Some(Err(broken)) => {
                            this.ended = true;
                            this.line.clear();
                            return Poll::Ready(Some(Err(broken.0)));
                        }
                        None => this.ended = true,
                    }
                    continue;
                }
            };
            let text = line.trim_ascii();
            let text = text.strip_prefix(b"\x1e").unwrap_or(text);
            if !text.is_empty() {
                this.body.taken.store(this.line.remaining(), Ordering::Relaxed);
                return Poll::Ready(Some(read_json(&this.body.head, text)));
            }
            if end.is_none() {
                return Poll::Ready(None);
            }
        }
    }
}

impl<T> fmt::Debug for JsonLines<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JsonLines")
    }
}

/// A body that ends with an error where one value of it is longer than the limit.
struct Counted {
    inner: Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send + Sync>>,
    /// Bytes since the last value.
    taken: Arc<AtomicUsize>,
    limit: usize,
    head: Box<Head>,
}

impl Stream for Counted {
    type Item = Result<Bytes, Broken>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = ready!(self.inner.as_mut().poll_next(cx));
        Poll::Ready(next.map(|chunk| match chunk {
            Ok(chunk) => {
                let before = self.taken.fetch_add(chunk.len(), Ordering::Relaxed);
                // A chunk may hold the ends of many values; only what came before it is known to be
                // of one.
                if before > self.limit {
                    Err(Broken(Failure::too_large(&self.head, self.limit)))
                } else {
                    Ok(chunk)
                }
            }
            Err(error) => {
                let call = self.head.call.clone();
                Err(Broken(Failure::transport(error, call, Some(&self.head))))
            }
        }))
    }
}

/// A failure on its way through a parser that wants an error.
#[derive(Debug)]
struct Broken(Failure);

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Broken {}

impl crate::Response {
    /// A success whose body is a stream of events with JSON in them.
    #[must_use]
    pub fn events<T: DeserializeOwned, H>(self) -> ResponseValue<EventStream<T>, H> {
        let events = EventStream::of_json(self.head.clone(), self.body, self.limit);
        ResponseValue::new(events, self.head)
    }

    /// A success whose body is a stream of events with text in them.
    #[must_use]
    pub fn text_events<H>(self) -> ResponseValue<EventStream<String>, H> {
        let events = EventStream::of_text(self.head.clone(), self.body, self.limit);
        ResponseValue::new(events, self.head)
    }

    /// A success whose body is JSON line by line.
    #[must_use]
    pub fn json_lines<T: DeserializeOwned, H>(self) -> ResponseValue<JsonLines<T>, H> {
        let lines = JsonLines::new(self.head.clone(), self.body, self.limit);
        ResponseValue::new(lines, self.head)
    }
}
