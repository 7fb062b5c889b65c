//! Connections: what accepts them, answers what they ask, and breaks them where an answer wants it.

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame};
use hyper::body::Incoming;
use hyper::header::{CONTENT_LENGTH, HeaderMap};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// How long to wait where no connection can be accepted: mostly because too many are open.
const PAUSE: Duration = Duration::from_millis(100);

/// Marks, among its extensions, a response in whose place the connection is reset.
#[derive(Debug, Clone, Copy)]
pub struct ResetConnection;

/// Answers every request of every connection with what `answer` gives, in HTTP/1.1, until it is
/// dropped; then every connection ends.
pub async fn serve<F, A, B>(listener: TcpListener, answer: F)
where
    F: Fn(Request<Incoming>) -> A + Clone + Send + 'static,
    A: Future<Output = Response<B>> + Send + 'static,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(converse(stream, answer.clone()));
                }
                Err(_) => tokio::time::sleep(PAUSE).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Answers the requests of one connection.
async fn converse<F, A, B>(stream: TcpStream, answer: F)
where
    F: Fn(Request<Incoming>) -> A + Send + 'static,
    A: Future<Output = Response<B>> + Send + 'static,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    let service = service_fn(move |request| {
        let answered = answer(request);
        Box::pin(async move {
            let response = answered.await;
            match response.extensions().get::<ResetConnection>() {
                Some(_) => Err(Reset),
                None => Ok(response),
            }
        })
    });
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let Err(error) = (&mut connection).await else { return };
    if error.source().is_some_and(|cause| cause.is::<Reset>()) {
        // Closed like this it is reset, where it would else be shut down in good order.
        let _ = connection.into_parts().io.into_inner().set_zero_linger();
    }
}

/// Ends a connection without an answer.
#[derive(Debug)]
struct Reset;

impl fmt::Display for Reset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an answer resets the connection")
    }
}

impl StdError for Reset {}

/// A body that breaks off: half of it comes, and where there is none, the head announces a byte that
/// does not come.
#[derive(Debug)]
pub struct Truncated {
    half: Option<Bytes>,
    waited: bool,
}

impl Truncated {
    /// Breaks off `whole`, whose length `headers` announce.
    pub fn new(headers: &mut HeaderMap, whole: &Bytes) -> Self {
        headers.insert(CONTENT_LENGTH, whole.len().max(1).into());
        Self { half: Some(whole.slice(..whole.len() / 2)), waited: false }
    }
}

impl Body for Truncated {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(half) = self.half.take() {
            return Poll::Ready(Some(Ok(Frame::data(half))));
        }
        if self.waited {
            return Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into())));
        }
        // What was written before goes out while this waits; an error at once would keep it back.
        self.waited = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}
