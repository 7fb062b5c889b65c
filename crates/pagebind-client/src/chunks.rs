//! Bytes of bodies as they come.
//!
//! The HTTP library has them behind its feature `stream`, which brings two more crates and the macros of
//! futures into the build of everyone who has a client, also of those whose API streams nothing.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use http_body::Body;

/// The data of a body; trailers are passed over.
pub(crate) struct Chunks(reqwest::Body);

impl From<reqwest::Body> for Chunks {
    fn from(body: reqwest::Body) -> Self {
        Self(body)
    }
}

impl From<reqwest::Response> for Chunks {
    fn from(response: reqwest::Response) -> Self {
        Self(response.into())
    }
}

impl Stream for Chunks {
    type Item = reqwest::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match ready!(Pin::new(&mut self.0).poll_frame(cx)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        return Poll::Ready(Some(Ok(data)));
                    }
                }
            }
        }
    }
}
