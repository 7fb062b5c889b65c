//! What answers that are streams of values have in common: server-sent events, and JSON line by line.
//!
//! Such an answer has no end that is known before, so no time limit holds for the whole of it: what
//! bounds it is [`Limits::read`](crate::Limits::read), the time without a single byte, and
//! [`Limits::response_body`](crate::Limits::response_body), the length of one value.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use serde::de::DeserializeOwned;

use crate::Failure;
use crate::chunks::Chunks;
use crate::response::Head;

pub(crate) fn read_json<T: DeserializeOwned>(head: &Head, text: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(text)
        .map_err(|error| Failure::undecodable(head, &error, Bytes::copy_from_slice(text)))
}

/// A body that ends with an error where one value of it is longer than the limit.
pub(crate) struct Counted {
    inner: Chunks,
    /// Bytes since the last value.
    pub(crate) taken: Arc<AtomicUsize>,
    limit: usize,
    pub(crate) head: Box<Head>,
}

impl Counted {
    pub(crate) fn new(
        body: reqwest::Response,
        taken: Arc<AtomicUsize>,
        limit: usize,
        head: Box<Head>,
    ) -> Self {
        Self { inner: body.into(), taken, limit, head }
    }
}

impl Stream for Counted {
    type Item = Result<Bytes, Broken>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = ready!(Pin::new(&mut self.inner).poll_next(cx));
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
pub(crate) struct Broken(pub(crate) Failure);
