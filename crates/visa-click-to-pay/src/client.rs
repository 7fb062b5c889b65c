//! How a client is set up, and how it becomes the client of one account.

use std::fmt;
use std::sync::Arc;

use pagebind_client::{
    BuildError, Clock, CorrelationId, Limits, RetryPolicy, Session, SessionBuilder, Token,
    TokenError, TokenSource,
};
use reqwest::header::HeaderName;

use crate::Client;
use crate::message::published_message;

impl Client {
    /// Starts a client of an [`Environment`](crate::Environment), or of any base URL, to which the
    /// operations' paths (`/v1/clicktopay/…`) are appended: `https`, or `http` to loopback, without
    /// a user name, query or fragment. [`ClientBuilder::build`] checks it.
    pub fn builder(base_url: impl AsRef<str>) -> ClientBuilder {
        let session = Session::builder(base_url.as_ref())
            .correlation_header(HeaderName::from_static("x-cid"))
            .published_message(published_message);
        ClientBuilder { session, tenant: String::new() }
    }

    /// The client of the account whose tokens `source` gives: a [`Token`], a closure, or a
    /// [`CachingTokens`](crate::CachingTokens) over any other, such as [`OAuth2`](crate::OAuth2).
    ///
    /// It is cheap, and shares the connection pool. The source is asked for each request, and once
    /// more where the token is answered with 401.
    #[must_use]
    pub fn with_token(&self, source: impl TokenSource) -> Self {
        Self(self.0.with_token(source))
    }

    /// A client whose requests all carry `id` as their `x-cid`, in place of a fresh UUID v4 each.
    ///
    /// An event tells the outcome of one request, so this is for one call:
    /// `account.with_correlation_id(id).delete_customer()…`.
    #[must_use]
    pub fn with_correlation_id(&self, id: CorrelationId) -> Self {
        Self(self.0.with_correlation_id(id))
    }

    /// A client with another retry policy, say for one call:
    /// [`RetryPolicy::never`] for a single try.
    #[must_use]
    pub fn with_retry(&self, policy: RetryPolicy) -> Self {
        Self(self.0.with_retry(policy))
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
    tenant: String,
}

impl ClientBuilder {
    /// The organization of all requests, as Pismo names it (`TN-` and a UUID). It goes as
    /// `x-tenant`: visible ASCII, not empty. Required.
    pub fn tenant(mut self, tenant: impl Into<String>) -> Self {
        self.tenant = tenant.into();
        self
    }

    /// Other timeouts and another limit on response bodies than the default ones: 10 s to connect,
    /// 30 s without a byte, 60 s for each try, 1 MiB.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.session = self.session.limits(limits);
        self
    }

    /// Another retry policy than the default one: 4 tries in at most 2 min, and a POST again only
    /// on 429 and where it never left this machine.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.session = self.session.retry(policy);
        self
    }

    /// Another clock than the machine's, for tests: it tells the time, waits, and rolls the dice.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.session = self.session.clock(clock);
        self
    }

    /// The caller's own settings of the connection pool (proxy, certificates, pool sizes). The
    /// limits, HTTPS and the refusal of redirects are set over them.
    pub fn http_builder(mut self, builder: reqwest::ClientBuilder) -> Self {
        self.session = self.session.http_builder(builder);
        self
    }

    /// A connection pool that is shared with others, as it is: connect and read timeouts are its
    /// own. Build it with `redirect(Policy::none())`, because a redirect that it follows takes
    /// headers along to another address (never the body or the token), and leave its
    /// `connection_verbose` off, which logs every byte that is sent.
    pub fn http(mut self, client: reqwest::Client) -> Self {
        self.session = self.session.http(client);
        self
    }

    /// The client. It can't call anything before it gets a token:
    /// [`Client::with_token`].
    ///
    /// # Errors
    /// When the base URL or the tenant can't be used, or TLS can't be set up; none repeats the base
    /// URL, which may hold a password.
    pub fn build(self) -> Result<Client, BuildError> {
        let session = self.session.header("x-tenant", &self.tenant).build()?;
        Ok(Client(session.with_token(NoToken)))
    }
}

/// Stands in until the client gets a token source, so that nothing is sent without a token.
struct NoToken;

impl TokenSource for NoToken {
    async fn token(&self) -> Result<Token, TokenError> {
        Err(TokenError::new("the client has no token source: call `with_token` first"))
    }
}
