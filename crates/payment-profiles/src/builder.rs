//! How a client is set up; the words are those of every client of `pagebind-client`.

use std::fmt;
use std::sync::Arc;

use pagebind_client::{
    AnswerInfo, BuildError, Clock, Limits, RequestInfo, RetryPolicy, Session, SessionBuilder,
};
use reqwest::header::{HeaderName, HeaderValue};

use crate::{Client, Credentials, Format};

/// Sets up a [`Client`]. What is wrong with it is told by [`build`](Self::build).
#[must_use]
pub struct ClientBuilder {
    session: SessionBuilder,
    credentials: Option<Credentials>,
    format: Format,
}

impl ClientBuilder {
    pub(crate) fn new(base_url: &str) -> Self {
        let own_name = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
        Self {
            session: Session::builder(base_url).default_user_agent(own_name),
            credentials: None,
            format: Format::default(),
        }
    }

    /// Who calls: the merchant's id and key, sent in the body of every request. Required.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// The format of requests; JSON unless set. Answers are asked for in JSON either way.
    pub fn format(mut self, format: Format) -> Self {
        self.format = format;
        self
    }

    /// Other timeouts and another limit on answers than the default ones: 10 s to connect, 30 s
    /// without a byte, 60 s for each try, 1 MiB.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.session = self.session.limits(limits);
        self
    }

    /// Another retry policy than the default one: 4 tries in at most 2 min, and an update again only
    /// on 429 and where it never left this machine, because the service publishes no idempotency key.
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

    /// A connection pool that is shared with others, as it is: connect and read timeouts, proxies and
    /// certificates are its own.
    ///
    /// The body still goes to no other address: it is handed over so that it can be sent once only,
    /// and an answer that came by way of a redirect is an error. Leave its `connection_verbose` off:
    /// with it the HTTP library logs every byte that is sent.
    pub fn http(mut self, client: reqwest::Client) -> Self {
        self.session = self.session.http(client);
        self
    }

    /// A header that every request carries. What the client sets itself comes before it.
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
    /// private network. Key and card data can be read on the way; no proxy is used.
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

    /// Builds the client. No connection is made yet.
    ///
    /// # Errors
    /// When the base URL can't be used, when there are no credentials, when the user agent can't be
    /// a header's value, or when TLS can't be set up; none repeats the base URL, which may hold a
    /// password.
    pub fn build(self) -> Result<Client, BuildError> {
        let session = self.session.build()?;
        let credentials = self.credentials.ok_or(BuildError::Missing("credentials"))?;
        Ok(Client { session, credentials, format: self.format })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The base URL is not checked yet and may hold a password.
        f.debug_struct("ClientBuilder")
            .field("credentials", &self.credentials)
            .field("format", &self.format)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_required() {
        let error = Client::builder("https://payments.example").build().unwrap_err();
        assert!(matches!(error, BuildError::Missing("credentials")));
    }

    #[test]
    fn a_user_agent_with_a_line_break_is_refused() {
        let error = Client::builder("http://localhost")
            .credentials(Credentials::new("1", "2"))
            .user_agent("shop\r\nX-Injected: 1")
            .build()
            .unwrap_err();
        assert!(matches!(error, BuildError::Header("user-agent")));
    }

    #[test]
    fn a_base_url_that_holds_a_password_is_refused_and_not_repeated() {
        let error = Client::builder("https://me:secret@payments.example")
            .credentials(Credentials::new("1", "2"))
            .build()
            .unwrap_err();
        assert!(!format!("{error} {error:?}").contains("secret"));
    }

    #[test]
    fn debug_prints_neither_key_nor_password() {
        let builder = Client::builder("https://me:secret@payments.example")
            .credentials(Credentials::new("170200123", "secret"));
        let printed = format!("{builder:?}");
        assert!(printed.contains("170200123") && !printed.contains("secret"), "{printed}");
    }
}
