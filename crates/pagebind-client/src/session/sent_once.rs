//! A request's body: each try sends it once, and tells whether it went.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

/// What a call sends, as it is kept for the next try.
pub(crate) enum Payload {
    Nothing,
    Bytes(Bytes),
    /// It can be sent once, and is gone then.
    Stream(Option<reqwest::Body>),
}

impl Payload {
    pub(crate) fn of(body: Option<reqwest::Body>) -> Self {
        let Some(mut body) = body else { return Self::Nothing };
        // What is in memory is handed out at once, and is not copied.
        let mut at_once = Context::from_waker(Waker::noop());
        let frame = match body.as_bytes() {
            None => return Self::Stream(Some(body)),
            Some([]) => return Self::Nothing,
            Some(_) => Pin::new(&mut body).poll_frame(&mut at_once),
        };
        match frame {
            Poll::Ready(Some(Ok(frame))) => frame.into_data().map_or(Self::Nothing, Self::Bytes),
            // Should it not be handed out, it goes out as it comes.
            _ => Self::Stream(Some(body)),
        }
    }

    /// The same once more; nothing where it can be sent once.
    #[cfg(feature = "events")]
    pub(crate) fn again(&self) -> Option<Self> {
        match self {
            Self::Nothing => Some(Self::Nothing),
            Self::Bytes(bytes) => Some(Self::Bytes(bytes.clone())),
            Self::Stream(_) => None,
        }
    }

    /// Whether it can go out another time.
    pub(crate) fn is_repeatable(&self) -> bool {
        !matches!(self, Self::Stream(_))
    }

    /// The body of a try, and what tells whether it left.
    pub(super) fn send(&mut self) -> (Option<reqwest::Body>, Left) {
        let body = match self {
            Self::Nothing => return (None, Left(None)),
            Self::Bytes(bytes) => Sent::Bytes(bytes.clone()),
            Self::Stream(body) => match body.take() {
                Some(body) if !body.is_end_stream() => Sent::Stream(body),
                body => return (body, Left(None)),
            },
        };
        let left = Arc::new(AtomicBool::new(false));
        let body = reqwest::Body::wrap(SentOnce { body, left: left.clone() });
        (Some(body), Left(Some(left)))
    }
}

/// Whether a body has begun to leave this machine. A connection asks for the body as it writes the
/// head, so that what nobody asked for was not sent at all.
pub(super) struct Left(Option<Arc<AtomicBool>>);

impl Left {
    /// Whether it did; nobody can say where there is no body.
    pub(super) fn has_begun(&self) -> Option<bool> {
        self.0.as_ref().map(|left| left.load(Ordering::Relaxed))
    }
}

/// A body that can't be cloned, so that neither a redirect nor a retry policy of the caller's own
/// HTTP client can send it a second time.
struct SentOnce {
    body: Sent,
    left: Arc<AtomicBool>,
}

enum Sent {
    /// Empty once they went.
    Bytes(Bytes),
    Stream(reqwest::Body),
}

impl Body for SentOnce {
    type Data = Bytes;
    type Error = reqwest::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, reqwest::Error>>> {
        self.left.store(true, Ordering::Relaxed);
        match &mut self.body {
            Sent::Bytes(bytes) if bytes.is_empty() => Poll::Ready(None),
            Sent::Bytes(bytes) => Poll::Ready(Some(Ok(Frame::data(std::mem::take(bytes))))),
            Sent::Stream(body) => Pin::new(body).poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.body {
            Sent::Bytes(bytes) => bytes.is_empty(),
            Sent::Stream(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.body {
            Sent::Bytes(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Sent::Stream(body) => body.size_hint(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a connection takes of a body that is there.
    fn taken(body: &mut reqwest::Body) -> Option<Bytes> {
        let frame = Pin::new(body).poll_frame(&mut Context::from_waker(Waker::noop()));
        let Poll::Ready(frame) = frame else { panic!("it is there") };
        frame.map(|frame| frame.unwrap().into_data().unwrap())
    }

    #[test]
    fn bytes_go_out_the_same_on_each_try_and_are_not_copied() {
        let bytes = Bytes::from_static(b"{}");
        let mut payload = Payload::of(Some(bytes.clone().into()));
        for _ in 0..2 {
            assert!(payload.is_repeatable());
            let (body, left) = payload.send();
            let mut body = body.unwrap();
            assert_eq!(body.size_hint().exact(), Some(2));
            assert_eq!(left.has_begun(), Some(false));
            assert_eq!(taken(&mut body).unwrap().as_ptr(), bytes.as_ptr());
            assert_eq!(left.has_begun(), Some(true));
            assert!(body.is_end_stream() && taken(&mut body).is_none());
        }
    }

    #[test]
    fn a_stream_goes_out_once() {
        let stream = SentOnce { body: Sent::Bytes("{}".into()), left: Arc::default() };
        let mut payload = Payload::of(Some(reqwest::Body::wrap(stream)));
        assert!(!payload.is_repeatable());
        let (body, left) = payload.send();
        assert_eq!(taken(&mut body.unwrap()).unwrap(), "{}");
        assert_eq!(left.has_begun(), Some(true));
        assert!(payload.send().0.is_none());
    }

    #[test]
    fn of_a_body_of_nothing_nobody_can_say_whether_it_left() {
        for body in [None, Some("".into())] {
            let mut payload = Payload::of(body);
            let (body, left) = payload.send();
            assert!(body.is_none() && payload.is_repeatable());
            assert_eq!(left.has_begun(), None);
        }
    }
}
