//! How a client is set up, and how it becomes the client of one account.

use std::fmt;
use std::sync::Arc;

use pagebind_client::{
    AnswerInfo, BuildError, Clock, CorrelationId, CustomRequest, Limits, RequestInfo, RetryPolicy,
    Session, SessionBuilder, Token, TokenError, TokenSource,
};
use reqwest::Method;
use reqwest::header::{HeaderName, HeaderValue};

use crate::Client;
use crate::message::published_message;

impl Client {
    /// Starts a client of an [`Environment`](crate::Environment), or of any base URL, to which the
    /// operations' paths (`/v1/clicktopay/…`) are appended: `https`, or `http` to loopback, without
    /// a user name, query or fragment. [`ClientBuilder::build`] checks it.
    pub fn builder(base_url: impl AsRef<str>) -> ClientBuilder {
        let session = Session::builder(base_url.as_ref())
            .default_user_agent(USER_AGENT)
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

impl Client {
    /// A client whose requests all carry this header: `traceparent`, or one of your organization's own.
    /// What the operation and the client set themselves comes before it. For a header of one request,
    /// every operation has `header`.
    #[must_use]
    pub fn with_header(&self, name: HeaderName, value: HeaderValue) -> Self {
        Self(self.0.with_header(name, value))
    }

    /// A request to an endpoint that the pages of this client don't describe, at a path below the base
    /// URL: `/v1/…`. It carries the same token, tenant and `x-cid`, and keeps the same limits, retries
    /// and errors.
    ///
    /// ```no_run
    /// # async fn read(account: &visa_click_to_pay::Client) -> Result<(), visa_click_to_pay::Error> {
    /// use visa_click_to_pay::reqwest::Method;
    ///
    /// let request = account.request(Method::GET, "/v1/clicktopay/visa/data");
    /// let answer = request.query("customer", "42").send_json::<serde_json::Value>().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn request(&self, method: Method, path: &str) -> CustomRequest<'_> {
        self.0.custom(method, path)
    }
}

/// What requests are sent as, unless the caller says otherwise.
pub(crate) const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

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

    /// A header that every request carries. What an operation and the client set themselves comes
    /// before it.
    pub fn default_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.session = self.session.default_header(name, value);
        self
    }

    /// The `User-Agent`; this crate's name and version unless set, or what a pool of your own sends.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.session = self.session.user_agent(user_agent);
        self
    }

    /// Takes plain HTTP to the host of this name too, which is compared whole, such as a sandbox in a
    /// private network. Token and body can be read on the way; no proxy is used.
    pub fn allow_http_to(mut self, host: impl Into<String>) -> Self {
        self.session = self.session.allow_http_to(host);
        self
    }

    /// Whether proxies that the environment names (`HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`) are used, on
    /// the way to HTTPS; they are unless set.
    pub fn environment_proxies(mut self, used: bool) -> Self {
        self.session = self.session.environment_proxies(used);
        self
    }

    /// A hook that is called before a request is sent, on each try. It sees no header and no body.
    pub fn before_request(
        mut self,
        hook: impl Fn(&RequestInfo<'_>) + Send + Sync + 'static,
    ) -> Self {
        self.session = self.session.before_request(hook);
        self
    }

    /// A hook that is called after a request was answered, or has failed, on each try: for metrics. It
    /// sees status and time, no header and no body.
    pub fn after_answer(
        mut self,
        hook: impl Fn(&RequestInfo<'_>, &AnswerInfo) + Send + Sync + 'static,
    ) -> Self {
        self.session = self.session.after_answer(hook);
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
