//! A request's body that goes out once, and tells whether it went.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

/// A body that can't be cloned, so that neither a redirect nor a retry policy of the caller's own
/// HTTP client can send it a second time.
struct SentOnce {
    body: reqwest::Body,
    left: Arc<AtomicBool>,
}

/// Whether a body has begun to leave this machine. A connection asks for the body as it writes the
/// head, so that what nobody asked for was not sent at all.
pub(super) struct Left(Option<Arc<AtomicBool>>);

impl Left {
    /// Puts a body in the place of that of `request`, and watches it.
    pub(super) fn watch(request: &mut reqwest::Request) -> Self {
        let Some(body) = request.body_mut().take() else { return Self(None) };
        if body.is_end_stream() {
            *request.body_mut() = Some(body);
            return Self(None);
        }
        let left = Arc::new(AtomicBool::new(false));
        *request.body_mut() = Some(reqwest::Body::wrap(SentOnce { body, left: left.clone() }));
        Self(Some(left))
    }

    /// Whether it did; nobody can say where there is no body.
    pub(super) fn has_begun(&self) -> Option<bool> {
        self.0.as_ref().map(|left| left.load(Ordering::Relaxed))
    }
}

impl Body for SentOnce {
    type Data = Bytes;
    type Error = reqwest::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, reqwest::Error>>> {
        self.left.store(true, Ordering::Relaxed);
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
