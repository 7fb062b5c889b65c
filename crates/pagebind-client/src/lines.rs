//! Answers that are values of JSON line by line (NDJSON, JSON Lines, RFC 7464).

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, ready};

use bytes::{Buf, BytesMut};
use futures_core::Stream;
use serde::de::DeserializeOwned;

use crate::response::{Head, Unread};
use crate::streams::{Counted, read_json};
use crate::{Failure, Reading, Response, ResponseValue};

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
        let body = Counted::new(body, Arc::default(), limit, head);
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

impl Response {
    /// A success whose body is JSON line by line.
    pub fn json_lines<T: DeserializeOwned, E, H>(self) -> Reading<JsonLines<T>, E, H> {
        Reading::as_it_comes(self, |it| {
            let Unread { head, body, limit, .. } = *it.0;
            Ok(ResponseValue::new(JsonLines::new(head.clone(), body, limit), head))
        })
    }
}
