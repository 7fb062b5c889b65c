//! The state behind a generated client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, USER_AGENT};

use crate::credentials::Credentials;
use crate::response::PublishedMessage;
use crate::{
    BaseUrl, BaseUrlError, Clock, CorrelationId, Limits, OperationInfo, RetryPolicy, TokenSource,
};

#[cfg(feature = "events")]
pub(crate) use again::{Again, Opening};
pub use builder::{BuildError, SessionBuilder};
pub use custom::CustomRequest;
use observe::Hooks;
pub use observe::{AnswerInfo, RequestInfo};
pub(crate) use sent_once::Payload;

#[cfg(feature = "events")]
mod again;
mod builder;
mod custom;
mod observe;
mod send;
mod sent_once;
mod tries;

/// What a generated client needs at run time. Clones are cheap and share one connection pool.
#[derive(Clone)]
pub struct Session {
    pub(crate) shared: Arc<Shared>,
    credentials: Credentials,
    correlation_id: Option<CorrelationId>,
    /// What every request carries beside what its operation names.
    extra_headers: Arc<HeaderMap>,
    pub(crate) retry: Arc<RetryPolicy>,
}

pub(crate) struct Shared {
    base_url: BaseUrl,
    /// The hosts that may be reached in the clear.
    plain_hosts: Vec<String>,
    /// What the caller put in the place of the servers that operations have of their own.
    pub(crate) servers: Vec<(&'static str, BaseUrl)>,
    http: reqwest::Client,
    /// How long the HTTP client lets each request take by itself, where it is known.
    http_total: Option<Duration>,
    limits: Limits,
    pub(crate) clock: Arc<dyn Clock>,
    headers: HeaderMap,
    correlation_header: Option<HeaderName>,
    published_message: Option<PublishedMessage>,
    hooks: Hooks,
}

impl Shared {
    /// An address beside the base URL, to which what is true of that has to be true as well.
    ///
    /// # Errors
    /// See [`BaseUrlError`].
    pub(crate) fn beside(&self, url: &str) -> Result<BaseUrl, BaseUrlError> {
        let url = BaseUrl::parse_allowing(url, &self.plain_hosts)?;
        let is_own = self.http_total.is_some();
        if is_own && url.is_plain() && !self.base_url.takes_plain_http() {
            return Err(BaseUrlError::Mixed);
        }
        Ok(url)
    }
}

impl Session {
    /// Starts a session with the API at `base_url`.
    pub fn builder(base_url: &str) -> SessionBuilder {
        SessionBuilder::new(base_url)
    }

    /// The same session with the tokens of `source`, for every scheme that takes a bearer token and
    /// has no credential of its own.
    #[must_use]
    pub fn with_token(&self, source: impl TokenSource) -> Self {
        Self { credentials: self.credentials.with_tokens(source), ..self.clone() }
    }

    /// The same session, whose requests all carry `id`.
    #[must_use]
    pub fn with_correlation_id(&self, id: CorrelationId) -> Self {
        Self { correlation_id: Some(id), ..self.clone() }
    }

    /// The same session with another retry policy.
    #[must_use]
    pub fn with_retry(&self, policy: RetryPolicy) -> Self {
        Self { retry: Arc::new(policy), ..self.clone() }
    }

    /// The same session, whose requests all carry this header, such as `traceparent`. The headers that
    /// an operation or the session itself sets come before it.
    #[must_use]
    pub fn with_header(&self, name: HeaderName, value: HeaderValue) -> Self {
        let mut headers = (*self.extra_headers).clone();
        headers.insert(name, value);
        Self { extra_headers: Arc::new(headers), ..self.clone() }
    }

    /// The same server and connections, for requests that carry nothing but the `User-Agent`.
    #[inline]
    pub(crate) fn bare(&self) -> Self {
        let Shared { base_url, plain_hosts, http, http_total, limits, clock, .. } = &*self.shared;
        let user_agent = self.extra_headers.get(USER_AGENT).map(|it| (USER_AGENT, it.clone()));
        Self {
            shared: Arc::new(Shared {
                base_url: base_url.clone(),
                plain_hosts: plain_hosts.clone(),
                servers: Vec::new(),
                http: http.clone(),
                http_total: *http_total,
                limits: *limits,
                clock: clock.clone(),
                headers: HeaderMap::new(),
                correlation_header: None,
                published_message: None,
                hooks: Hooks::default(),
            }),
            credentials: Credentials::default(),
            correlation_id: None,
            extra_headers: Arc::new(HeaderMap::from_iter(user_agent)),
            retry: self.retry.clone(),
        }
    }

    /// Whether a call of this operation carries this header without the caller's doing.
    pub(crate) fn sets(&self, name: &HeaderName, info: &OperationInfo) -> bool {
        let of_client = info.takes_client_header(name) && self.shared.headers.contains_key(name);
        of_client
            || (*name == ACCEPT && info.accept.is_some())
            || self.shared.correlation_header.as_ref() == Some(name)
            || (*name == AUTHORIZATION && !info.security.is_empty())
    }

    /// The URL to which an operation's path is appended.
    #[must_use]
    pub fn base_url(&self) -> &BaseUrl {
        &self.shared.base_url
    }

    /// The connection pool.
    #[must_use]
    pub fn http(&self) -> &reqwest::Client {
        &self.shared.http
    }

    /// The time that its requests go by.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        &*self.shared.clock
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("base_url", &self.shared.base_url)
            .field("limits", &self.shared.limits)
            .field("retry", &self.retry)
            .field("has_credentials", &!self.credentials.is_empty())
            .finish_non_exhaustive()
    }
}
