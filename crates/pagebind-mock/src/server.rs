//! The server, and what it remembers of the requests that it received.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http_body_util::{BodyExt, Either, Full};
use hyper::Response;
use hyper::body::Incoming;
use pagebind_client::Session;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::difference::{Difference, Expected};
use crate::expectation::Condition;
use crate::{Answer, Request, Truncated, serve};

/// A server on loopback that answers what it was told to expect, until it is dropped.
///
/// Of the expectations that a request fits, the first answers, as long as it has times left. A request
/// that fits none is answered with 501, and told of by [`unexpected`](Self::unexpected).
pub struct MockServer {
    address: SocketAddr,
    /// Writes expected requests as a client writes them.
    pub(crate) session: Session,
    pub(crate) shared: Arc<Shared>,
    serving: JoinHandle<()>,
}

impl MockServer {
    /// Starts on a free port, in the tokio runtime that calls.
    ///
    /// # Errors
    /// When no port can be listened on.
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let session = Session::builder(&format!("http://{address}")).build();
        let session = session.map_err(io::Error::other)?;
        let shared = Arc::new(Shared::default());
        let answering = shared.clone();
        let serving = tokio::spawn(serve(listener, move |request| {
            let shared = answering.clone();
            async move { shared.answer(request).await }
        }));
        Ok(Self { address, session, shared, serving })
    }

    /// The base URL for a client: `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests that fitted no expectation: method, path, and what the nearest one has other, in
    /// words that repeat neither header, query nor body.
    #[must_use]
    pub fn unexpected(&self) -> Vec<String> {
        self.shared.lock().unexpected.clone()
    }
}

impl Drop for MockServer {
    fn drop(&mut self) {
        // The task owns the connections, which end with it.
        self.serving.abort();
    }
}

impl fmt::Debug for MockServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockServer").field("address", &self.address).finish_non_exhaustive()
    }
}

/// An expectation that is in force.
#[derive(Clone)]
pub struct Mock {
    shared: Arc<Shared>,
    index: usize,
}

impl Mock {
    /// The requests that it answered, in their order.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        let state = self.shared.lock();
        state.mounted.get(self.index).map(|mounted| mounted.requests.clone()).unwrap_or_default()
    }

    /// Fails the test unless it answered so many requests.
    ///
    /// # Panics
    /// Where it answered more or fewer; the text tells what came that fits no expectation.
    #[track_caller]
    pub fn assert_requests(&self, expected: usize) {
        let came = self.requests().len();
        if came == expected {
            return;
        }
        let unexpected = self.shared.lock().unexpected.clone();
        let others = match unexpected.as_slice() {
            [] => String::new(),
            others => format!("; these fit no expectation:\n  {}", others.join("\n  ")),
        };
        panic!("expected {expected} requests, and {came} came{others}");
    }
}

impl fmt::Debug for Mock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mock").field("requests", &self.requests().len()).finish_non_exhaustive()
    }
}

/// What server and expectations have in common.
#[derive(Default)]
pub(crate) struct Shared(Mutex<State>);

#[derive(Default)]
struct State {
    mounted: Vec<Mounted>,
    unexpected: Vec<String>,
}

pub(crate) struct Mounted {
    expected: Expected,
    conditions: Vec<Condition>,
    left: Option<u32>,
    answer: Answer,
    requests: Vec<Request>,
}

impl Mounted {
    pub(crate) fn new(
        expected: Expected,
        conditions: Vec<Condition>,
        left: Option<u32>,
        answer: Answer,
    ) -> Self {
        Self { expected, conditions, left, answer, requests: Vec::new() }
    }

    fn difference(&self, request: &Request) -> Option<Difference> {
        let holds = || self.conditions.iter().all(|condition| condition(request));
        self.expected
            .difference(request)
            .or_else(|| (!holds()).then_some(Difference::Condition))
            .or_else(|| (self.left == Some(0)).then_some(Difference::Spent))
    }
}

impl Shared {
    pub(crate) fn mount(self: &Arc<Self>, mounted: Mounted) -> Mock {
        let mut state = self.lock();
        state.mounted.push(mounted);
        Mock { shared: self.clone(), index: state.mounted.len() - 1 }
    }

    async fn answer(
        &self,
        request: hyper::Request<Incoming>,
    ) -> Response<Either<Full<Bytes>, Truncated>> {
        let (head, body) = request.into_parts();
        // A body that breaks off is none: its sender waits for no answer.
        let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
        let request = Request {
            method: head.method,
            path: head.uri.path().to_owned(),
            query: head.uri.query().map(str::to_owned),
            headers: head.headers,
            body,
        };
        let answer = self.lock().choose(request);
        answer.send().await
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // A condition that panics leaves the state whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn choose(&mut self, request: Request) -> Answer {
        let mut nearest: Option<Difference> = None;
        for mounted in &mut self.mounted {
            match mounted.difference(&request) {
                None => {
                    mounted.left = mounted.left.map(|left| left - 1);
                    mounted.requests.push(request);
                    return mounted.answer.clone();
                }
                Some(difference) => nearest = nearest.max(Some(difference)),
            }
        }
        let why = match nearest {
            None => "nothing is expected".to_owned(),
            Some(difference) => difference.words(),
        };
        let told = format!("{} {}: {why}", request.method, request.path);
        let answer = Answer::text(501, "text/plain", format!("{told}\n"));
        self.unexpected.push(told);
        answer
    }
}
