//! Answers that are values of JSON line by line (NDJSON, JSON Lines, RFC 7464).

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::BytesMut;
use futures_core::Stream;
use serde::de::DeserializeOwned;

use crate::chunks::Chunks;
use crate::response::{Head, Unread};
use crate::streams::read_json;
use crate::{Failure, Reading, Response, ResponseValue};

/// Values of JSON, one on each line (NDJSON, JSON Lines), or after a record separator (RFC 7464), as
/// they arrive. A line that can't be read is an error, and the next one follows.
pub struct JsonLines<T> {
    body: Chunks,
    head: Box<Head>,
    limit: usize,
    line: BytesMut,
    ended: bool,
    value: PhantomData<fn() -> T>,
}

impl<T> JsonLines<T> {
    pub(crate) fn new(head: Box<Head>, body: reqwest::Response, limit: usize) -> Self {
        let line = BytesMut::new();
        Self { body: body.into(), head, limit, line, ended: false, value: PhantomData }
    }

    /// Nothing follows a failure of the body.
    fn end(&mut self, failure: Failure) -> Poll<Option<Result<T, Failure>>> {
        self.ended = true;
        self.line.clear();
        Poll::Ready(Some(Err(failure)))
    }
}

impl<T: DeserializeOwned> Stream for JsonLines<T> {
    type Item = Result<T, Failure>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            let end = this.line.iter().position(|byte| *byte == b'\n');
            if end.unwrap_or(this.line.len()) > this.limit {
                return this.end(Failure::too_large(&this.head, this.limit));
            }
            let line = match end {
                Some(end) => this.line.split_to(end + 1),
                None if this.ended => this.line.split(),
                None => {
                    match ready!(Pin::new(&mut this.body).poll_next(cx)) {
                        Some(Ok(chunk)) => this.line.extend_from_slice(&chunk),
                        Some(Err(error)) => {
                            let call = this.head.call.clone();
                            return this.end(Failure::transport(error, call, Some(&this.head)));
                        }
                        None => this.ended = true,
                    }
                    continue;
                }
            };
            let text = line.trim_ascii();
            let text = text.strip_prefix(b"\x1e").unwrap_or(text);
            if !text.is_empty() {
                return Poll::Ready(Some(read_json(&this.head, text)));
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
