//! Answers that are streams of server-sent events (HTML, section 9.2).

use std::fmt;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_core::Stream;
use reqwest::StatusCode;
use serde::de::DeserializeOwned;
use sse_stream::SseByteStream;

use crate::response::{Head, Unread};
use crate::session::{Again, Opening};
use crate::streams::read_json;
use crate::{ErrorKind, Failure, Reading, Response, ResponseValue};

use length::{Bounded, Broken};

mod length;

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

fn read_text(_: &Head, text: &[u8]) -> Result<String, Failure> {
    Ok(String::from_utf8_lossy(text).into_owned())
}

/// How long a stream waits before it is asked for again, unless the server says so.
const RETRY: Duration = Duration::from_secs(3);

/// The events of an answer as they arrive. It ends as the answer does, unless it is
/// [`reconnecting`](Self::reconnecting); an event that can't be read is an error, and the next one
/// follows.
pub struct EventStream<T> {
    events: SseByteStream<Bounded>,
    head: Box<Head>,
    limit: usize,
    last_id: Option<String>,
    read: Read<T>,
    again: Option<Box<Again>>,
    reconnects: bool,
    retry: Duration,
    /// Only its owner polls it, so that nobody waits for the lock.
    opening: Option<Mutex<Opening>>,
}

impl<T> EventStream<T> {
    /// The id of the last event that had one: a later call can go on after it, where the operation has
    /// a parameter `Last-Event-ID`.
    #[must_use]
    pub fn last_event_id(&self) -> Option<&str> {
        self.last_id.as_deref()
    }

    /// The same stream, which is asked for again where it ends or breaks off (HTML, section 9.2.3): after
    /// the time that the server asks for (`retry`), 3 s otherwise, and with the id of the last event
    /// (`Last-Event-ID`). It ends with a 204, with any answer that is no stream, and when the tries of
    /// the client's [`RetryPolicy`](crate::RetryPolicy) are used up; a request whose body is a stream
    /// itself is not sent again.
    #[must_use]
    pub fn reconnecting(mut self) -> Self {
        self.reconnects = true;
        self
    }

    /// Asks for what comes behind the last event, where that is wanted and possible.
    fn reopen(&mut self) -> bool {
        let again = self.again.as_ref().filter(|_| self.reconnects);
        self.opening =
            again.and_then(|again| again.open(self.last_id.as_deref(), self.retry)).map(Mutex::new);
        self.opening.is_some()
    }

    /// Goes on with an answer, or says why not.
    fn go_on(&mut self, opened: Result<Response, Failure>) -> Result<bool, Failure> {
        let response = opened.inspect_err(|_| self.reconnects = false)?;
        if response.status() == StatusCode::OK && response.is("text/event-stream") {
            let Unread { head, body, .. } = *response.0;
            self.head = head;
            self.events = events(&self.head, body, self.limit);
            return Ok(true);
        }
        self.reconnects = false;
        match response.status() {
            StatusCode::NO_CONTENT => Ok(false),
            StatusCode::OK => Err(Failure::not_events(&response.0.head)),
            _ => Err(Failure::undocumented(&response.0.head, None)),
        }
    }

    fn new(response: Response, read: Read<T>) -> Self {
        let Unread { head, body, limit, again, .. } = *response.0;
        Self {
            events: events(&head, body, limit),
            head,
            limit,
            last_id: None,
            read,
            again,
            reconnects: false,
            retry: RETRY,
            opening: None,
        }
    }
}

/// The events in a body.
fn events(head: &Head, body: reqwest::Response, limit: usize) -> SseByteStream<Bounded> {
    SseByteStream::new(Bounded::new(body, limit, Box::new(head.clone())))
}

impl<T> Stream for EventStream<T> {
    type Item = Result<ServerEvent<T>, Failure>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            if let Some(opening) = &mut this.opening {
                let opening = opening.get_mut().unwrap_or_else(PoisonError::into_inner);
                let opened = ready!(opening.as_mut().poll(cx));
                this.opening = None;
                match this.go_on(opened) {
                    Ok(true) => {}
                    Ok(false) => return Poll::Ready(None),
                    Err(failure) => return Poll::Ready(Some(Err(failure))),
                }
            }
            let event = match ready!(Pin::new(&mut this.events).poll_next(cx)) {
                None if this.reopen() => continue,
                None => return Poll::Ready(None),
                Some(Ok(event)) => event,
                Some(Err(sse_stream::Error::Body(error))) => {
                    let failure = match error.downcast::<Broken>() {
                        Ok(broken) => broken.0,
                        Err(_) => Failure::not_events(&this.head),
                    };
                    let broke =
                        [ErrorKind::Connection, ErrorKind::Timeout].contains(&failure.kind());
                    if broke && this.reopen() {
                        continue;
                    }
                    this.reconnects = false;
                    return Poll::Ready(Some(Err(failure)));
                }
                Some(Err(_)) => return Poll::Ready(Some(Err(Failure::not_events(&this.head)))),
            };
            if event.id.is_some() {
                this.last_id.clone_from(&event.id);
            }
            let retry = event.retry.map(Duration::from_millis);
            this.retry = retry.unwrap_or(this.retry);
            // A block without data tells nothing (HTML, section 9.2.6).
            let Some(data) = event.data.filter(|data| !data.is_empty()) else { continue };
            return Poll::Ready(Some(
                (this.read)(&this.head, data.as_bytes()).map(|data| ServerEvent {
                    event: event.event,
                    id: event.id,
                    retry,
                    data,
                }),
            ));
        }
    }
}

impl<T> Unpin for EventStream<T> {}

impl<T> fmt::Debug for EventStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EventStream")
    }
}

impl Response {
    /// A success whose body is a stream of events with JSON in them.
    pub fn events<T: DeserializeOwned, E, H>(self) -> Reading<EventStream<T>, E, H> {
        Reading::as_it_comes(self, |it| Ok(it.into_events(read_json)))
    }

    /// A success whose body is a stream of events with text in them.
    pub fn text_events<E, H>(self) -> Reading<EventStream<String>, E, H> {
        Reading::as_it_comes(self, |it| Ok(it.into_events(read_text)))
    }

    fn into_events<T, H>(self, read: Read<T>) -> ResponseValue<EventStream<T>, H> {
        let head = self.0.head.clone();
        ResponseValue::new(EventStream::new(self, read), head)
    }
}
