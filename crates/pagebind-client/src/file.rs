//! A file as the body of a request, read as it is sent.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame};
use tokio::fs::File;
use tokio::io::{AsyncRead, ReadBuf};

/// How much of a file is read at once.
const ROOM: usize = 64 * 1024;

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
