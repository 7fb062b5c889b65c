//! How a client is set up.

use std::fmt;

use pagebind_client::{BuildError, Limits, RetryPolicy, Session, SessionBuilder, TokenSource};

use crate::Client;

impl Client {
    /// Starts a client of the API at `base_url`: `https`, or `http` to loopback.
    pub fn builder(base_url: impl AsRef<str>) -> ClientBuilder {
        ClientBuilder { session: Session::builder(base_url.as_ref()), authorize: None }
    }

    /// The same client with the tokens of `source`; it is cheap, and shares the connection pool.
    #[must_use]
    pub fn with_token(&self, source: impl TokenSource) -> Self {
        Self(self.0.with_token(source))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Client").field(&self.0).finish()
    }
}

/// Sets up a [`Client`]. What is wrong with it is told by [`build`](Self::build).
#[must_use]
pub struct ClientBuilder {
    session: SessionBuilder,
    authorize: Option<Box<dyn FnOnce(Session) -> Session + Send>>,
}

impl ClientBuilder {
    /// Where the token of each request comes from: a [`Token`](crate::Token), a closure, or
    /// [`CachingTokens`](crate::CachingTokens) over any other. Without it, requests carry none.
    pub fn token(mut self, source: impl TokenSource) -> Self {
        self.authorize = Some(Box::new(|session| session.with_token(source)));
        self
    }

    /// Other timeouts and another body limit.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.session = self.session.limits(limits);
        self
    }

    /// Another retry policy.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.session = self.session.retry(policy);
        self
    }

    /// The caller's own settings of the connection pool (proxy, certificates, pool sizes). The
    /// limits, HTTPS and the refusal of redirects are set over them.
    pub fn http_builder(mut self, builder: reqwest::ClientBuilder) -> Self {
        self.session = self.session.http_builder(builder);
        self
    }

    /// The client.
    ///
    /// # Errors
    /// When the base URL can't be used, or TLS can't be set up.
    pub fn build(self) -> Result<Client, BuildError> {
        let session = self.session.build()?;
        Ok(Client(match self.authorize {
            Some(authorize) => authorize(session),
            None => session,
        }))
    }
}
