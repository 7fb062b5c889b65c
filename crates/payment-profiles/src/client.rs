//! One call: the body is built, sent once, and the answer read within its limits.

use std::{
    fmt,
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use reqwest::{
    Response, Url,
    header::{ACCEPT, CONTENT_TYPE, HeaderValue, USER_AGENT},
};
use tracing::{Instrument, Span, debug, field, info_span};

use crate::{
    ClientBuilder, Credentials, Error, Format, ProfileUpdate, UpdatedProfile, answer, body,
};

/// Calls the service. Cheap to clone; all clones share one connection pool.
#[derive(Clone)]
pub struct Client(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) http: reqwest::Client,
    pub(crate) url: Url,
    pub(crate) credentials: Credentials,
    pub(crate) format: Format,
    pub(crate) timeout: Duration,
    pub(crate) retry: Retry,
    pub(crate) max_answer: usize,
    pub(crate) user_agent: Option<HeaderValue>,
}

/// When a connection that did not come about is tried again.
#[derive(Clone, Copy)]
pub(crate) struct Retry {
    pub(crate) tries: NonZeroU32,
    pub(crate) pause: Duration,
}

impl Client {
    /// Sets up a client of the service at this base URL, without `api/v1/…`.
    ///
    /// The URL is the one that the service's operator gives out; none is published.
    pub fn builder(base_url: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(base_url.into())
    }

    /// Updates a payment profile: `POST api/v1/customer/payments/update`.
    ///
    /// The future is `Send`. Dropping it ends the call; the update may have been made then.
    ///
    /// # Errors
    /// [`Error`] lists them; [`Error::outcome`] says whether the update may have been made.
    pub async fn update(&self, update: &ProfileUpdate) -> Result<UpdatedProfile, Error> {
        let inner = &*self.0;
        let body = body::build(inner.format, &inner.credentials, update)?;
        let span = info_span!(
            "payment_profiles.update",
            http.request.method = "POST",
            server.address = inner.url.host_str(),
            http.request.resend_count = field::Empty,
            http.response.status_code = field::Empty,
            error.kind = field::Empty,
        );
        let answer = tokio::time::timeout(inner.timeout, inner.call(body))
            .instrument(span.clone())
            .await
            .unwrap_or(Err(Error::Timeout));
        if let Err(error) = &answer {
            span.record("error.kind", error.kind());
        }
        answer
    }
}

impl Inner {
    async fn call(&self, body: Bytes) -> Result<UpdatedProfile, Error> {
        let response = self.connect_and_send(body).await?;
        let status = response.status();
        Span::current().record("http.response.status_code", status.as_u16());
        // A caller's own HTTP client may follow redirects: the answer is then another page's.
        if status.is_redirection() || *response.url() != self.url {
            return Err(Error::Redirected { status });
        }
        let media_type = response
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| answer::known_media_type(value.to_str().ok()?));
        let body = self.read(response).await?;
        answer::decode(status, media_type, &body)
    }

    /// Sends the request, again where no connection came about.
    async fn connect_and_send(&self, body: Bytes) -> Result<Response, Error> {
        let mut pause = self.retry.pause;
        let mut tries = 1;
        let left = Arc::new(AtomicBool::new(false));
        loop {
            let error = match self.send(body.clone(), left.clone()).await {
                Ok(response) => return Ok(response),
                Err(error) => error.without_url(),
            };
            // The connection that did not come about may be the one after a redirect, to which
            // the caller's own HTTP client took an answer to this very request.
            if !error.is_connect() || left.load(Ordering::Relaxed) {
                return Err(broken_off(error));
            }
            if tries >= self.retry.tries.get() {
                return Err(Error::Connect { tries, source: error });
            }
            debug!(tries, ?pause, "could not connect, trying again");
            tokio::time::sleep(pause).await;
            pause = pause.saturating_mul(2);
            Span::current().record("http.request.resend_count", tries);
            tries += 1;
        }
    }

    /// Sends the request once; `left` is set as soon as the body is on its way.
    async fn send(&self, body: Bytes, left: Arc<AtomicBool>) -> reqwest::Result<Response> {
        // A body of known bytes could be sent again, after a redirect or by a retry policy of
        // the caller's HTTP client. A wrapped one can be sent once only.
        let body = Full::new(body).inspect_frame(move |_| left.store(true, Ordering::Relaxed));
        let body = reqwest::Body::wrap(body);
        let mut request = self
            .http
            .post(self.url.clone())
            .header(CONTENT_TYPE, self.format.media_type())
            .header(ACCEPT, "application/json")
            .body(body);
        if let Some(user_agent) = &self.user_agent {
            request = request.header(USER_AGENT, user_agent);
        }
        request.send().await
    }

    /// Reads the body, and stops at the limit.
    async fn read(&self, mut response: Response) -> Result<Vec<u8>, Error> {
        let (status, limit) = (response.status(), self.max_answer);
        let mut body = Vec::new();
        while let Some(chunk) =
            response.chunk().await.map_err(|error| broken_off(error.without_url()))?
        {
            if chunk.len() > limit - body.len() {
                return Err(Error::TooLarge { status, limit });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

fn broken_off(error: reqwest::Error) -> Error {
    if error.is_timeout() { Error::Timeout } else { Error::Interrupted(error) }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The HTTP client may have been given headers or proxies with secrets, and prints them.
        f.debug_struct("Client")
            .field("url", &self.0.url.as_str())
            .field("credentials", &self.0.credentials)
            .field("format", &self.0.format)
            .finish_non_exhaustive()
    }
}
