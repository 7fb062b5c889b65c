//! Bytes of bodies as they come: of answers, and of files that are sent.
//!
//! The HTTP library has both behind its feature `stream`, which brings two more crates and the macros of
//! futures into the build of everyone who has a client, also of those whose API streams nothing.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use http_body::{Body, Frame};
use tokio::fs::File;
use tokio::io::{AsyncRead, ReadBuf};

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

/// How much of a file is read at once.
const ROOM: usize = 64 * 1024;

/// A file as the body of a request, read as it is sent.
pub(crate) struct FileBody {
    file: File,
    room: Box<[u8]>,
}

impl FileBody {
    pub(crate) fn new(file: File) -> Self {
        Self { file, room: vec![0; ROOM].into() }
    }
}

impl Body for FileBody {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<std::io::Result<Frame<Bytes>>>> {
        let Self { file, room } = &mut *self;
        let mut read = ReadBuf::new(room);
        ready!(Pin::new(file).poll_read(cx, &mut read))?;
        let read = read.filled();
        let end = read.is_empty();
        Poll::Ready((!end).then(|| Ok(Frame::data(Bytes::copy_from_slice(read)))))
    }
}
