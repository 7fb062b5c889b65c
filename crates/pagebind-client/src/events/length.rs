//! How long the event is that a parser has not handed on yet: it keeps its fields until the event ends.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;

use crate::Failure;
use crate::chunks::Chunks;
use crate::response::Head;

/// A body that ends with an error where one event of it is longer than the limit.
pub(super) struct Bounded {
    body: Chunks,
    length: Length,
    limit: usize,
    head: Box<Head>,
}

impl Bounded {
    pub(super) fn new(body: reqwest::Response, limit: usize, head: Box<Head>) -> Self {
        Self { body: body.into(), length: Length::default(), limit, head }
    }
}

impl Stream for Bounded {
    type Item = Result<Bytes, Broken>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = ready!(Pin::new(&mut self.body).poll_next(cx));
        Poll::Ready(next.map(|chunk| match chunk {
            Ok(chunk) => {
                if self.length.read(&chunk) > self.limit {
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

/// The bytes of the event that is under way. A comment, which servers send so that a quiet connection stays,
/// is of none (HTML, section 9.2.6).
#[derive(Default)]
struct Length {
    /// Its fields that have ended.
    fields: usize,
    /// The line that has not.
    line: usize,
    is_comment: bool,
    /// Whether the last byte was a carriage return, which ends a line together with a line feed behind it.
    returned: bool,
}

impl Length {
    /// Reads on, and gives the length of the longest event that was under way meanwhile.
    fn read(&mut self, chunk: &[u8]) -> usize {
        let mut longest = 0;
        for byte in chunk {
            match byte {
                b'\n' if self.returned => {}
                b'\n' | b'\r' => {
                    longest = longest.max(self.of_event());
                    self.end_line();
                }
                _ => {
                    self.is_comment = if self.line == 0 { *byte == b':' } else { self.is_comment };
                    self.line += 1;
                }
            }
            self.returned = *byte == b'\r';
        }
        longest.max(self.of_event())
    }

    fn end_line(&mut self) {
        if self.line == 0 {
            self.fields = 0;
        } else if !self.is_comment {
            self.fields += self.line;
        }
        self.line = 0;
    }

    fn of_event(&self) -> usize {
        self.fields + self.line
    }
}

/// A failure on its way through a parser that wants an error.
#[derive(Debug)]
pub(super) struct Broken(pub(super) Failure);

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Broken {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_as_long_as_its_fields_wherever_chunks_end() {
        for (stream, length) in [
            ("data: ab\n", 8),
            ("data: ab\r\ndata: c", 15),
            ("data: ab\rid: 1\r", 13),
            ("data: ab\n\n", 0),
            ("data: ab\r\n\r\ndata: c\r\n", 7),
            (": quiet\n", 0),
            ("data: ab\n: quiet\n\n: quiet\n:\n", 0),
            ("data: ab\n: quiet\nid: 1\n", 13),
            // It ends nowhere yet, so the parser holds it.
            (": quiet", 7),
        ] {
            for at in 0..=stream.len() {
                let (first, second) = stream.as_bytes().split_at(at);
                let mut read = Length::default();
                read.read(first);
                read.read(second);
                assert_eq!(read.of_event(), length, "{stream:?} at {at}");
            }
        }
    }

    #[test]
    fn an_event_that_is_whole_in_a_chunk_is_as_long() {
        assert_eq!(Length::default().read(b"data: a\n\ndata: abc\nid: 1\n\ndata: a\n\n"), 14);
    }
}
