//! How a session is set up.

use std::fmt;
use std::sync::Arc;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue, USER_AGENT};

use super::observe::{AnswerInfo, Hooks, RequestInfo};
use super::{Session, Shared};
use crate::credentials::Credentials;
use crate::response::PublishedMessage;
use crate::{
    BaseUrl, BaseUrlError, ClientCredentials, Clock, Credential, Limits, RetryPolicy,
    SecurityScheme, SystemClock,
};

/// Makes of client credentials what fetches tokens for a session.
type Exchange = dyn FnOnce(&Session) -> Result<Credential, BuildError> + Send + Sync;

/// Sets up a [`Session`]. What is wrong with it is told by [`build`](Self::build).
pub struct SessionBuilder {
    base_url: String,
    servers: Vec<(&'static str, String)>,
    plain_hosts: Vec<String>,
    credentials: Result<Credentials, BuildError>,
    exchanges: Vec<(SecurityScheme, Box<Exchange>)>,
    http: Http,
    limits: Limits,
    retry: RetryPolicy,
    clock: Arc<dyn Clock>,
    headers: Result<HeaderMap, BuildError>,
    correlation_header: Option<HeaderName>,
    published_message: Option<PublishedMessage>,
    extra_headers: HeaderMap,
    user_agent: Option<(String, bool)>,
    environment_proxies: bool,
    hooks: Hooks,
}

enum Http {
    Own(Box<reqwest::ClientBuilder>),
    Given(reqwest::Client),
}

/// Why there is no session.
#[derive(Debug)]
#[non_exhaustive]
pub enum BuildError {
    /// The base URL can't be used.
    BaseUrl(BaseUrlError),
    /// A header that every request carries can't be sent.
    Header(&'static str),
    /// Something that the client can't do without was not given to its builder.
    Missing(&'static str),
    /// A credential can't be sent.
    Credential(&'static str),
    /// The HTTP client could not be set up.
    Http(reqwest::Error),
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BaseUrl(error) => error.fmt(f),
            Self::Header(name) => write!(
                f,
                "the value of the header `{name}` is missing, or holds more than visible ASCII \
                 characters"
            ),
            Self::Missing(what) => write!(f, "the builder was given no {what}"),
            Self::Credential(name) => {
                write!(f, "the credential for `{name}` is empty, or holds what can't be sent")
            }
            Self::Http(_) => f.write_str("the HTTP client could not be set up"),
        }
    }
}

impl std::error::Error for BuildError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Http(error) => Some(error),
            _ => None,
        }
    }
}

impl From<BaseUrlError> for BuildError {
    fn from(error: BaseUrlError) -> Self {
        Self::BaseUrl(error)
    }
}

impl From<reqwest::Error> for BuildError {
    fn from(error: reqwest::Error) -> Self {
        Self::Http(error)
    }
}

impl SessionBuilder {
    pub(super) fn new(base_url: &str) -> Self {
        Self {
            base_url: base_url.to_owned(),
            servers: Vec::new(),
            plain_hosts: Vec::new(),
            credentials: Ok(Credentials::default()),
            exchanges: Vec::new(),
            http: Http::Own(Box::default()),
            limits: Limits::default(),
            retry: RetryPolicy::default(),
            clock: Arc::new(SystemClock),
            headers: Ok(HeaderMap::new()),
            correlation_header: None,
            published_message: None,
            extra_headers: HeaderMap::new(),
            user_agent: None,
            environment_proxies: true,
            hooks: Hooks::default(),
        }
    }

    /// A header that is sent with the operations that name it; `name` in lower case.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers = self.headers.and_then(|mut headers| {
            let sound = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_graphic());
            match HeaderValue::from_str(value) {
                Ok(value) if sound => {
                    headers.insert(HeaderName::from_static(name), value);
                    Ok(headers)
                }
                _ => Err(BuildError::Header(name)),
            }
        });
        self
    }

    /// The credential for one security scheme of the contract.
    #[must_use]
    pub fn credential(mut self, scheme: SecurityScheme, credential: Credential) -> Self {
        self.credentials = self.credentials.and_then(|mut credentials| {
            credentials.set(scheme, credential)?;
            Ok(credentials)
        });
        self
    }

    /// Another URL in the place of a server that operations have of their own, by its published one.
    #[must_use]
    pub fn server(mut self, published: &'static str, url: &str) -> Self {
        self.servers.push((published, url.to_owned()));
        self
    }

    /// Takes plain HTTP to the host of this name, which is compared whole: `sandbox`, `10.0.0.7`. What
    /// is sent there can be read on the way, tokens too; no proxy is used.
    #[must_use]
    pub fn allow_http_to(mut self, host: impl Into<String>) -> Self {
        self.plain_hosts.push(host.into());
        self
    }

    /// A header that every request carries, such as `traceparent`. The headers that an operation or
    /// the session itself sets come before it.
    #[must_use]
    pub fn default_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.extra_headers.insert(name, value);
        self
    }

    /// The `User-Agent` header.
    #[must_use]
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some((user_agent.into(), true));
        self
    }

    /// The `User-Agent` header where the caller sets none and gives no HTTP client of his own.
    #[must_use]
    pub fn default_user_agent(mut self, user_agent: &'static str) -> Self {
        self.user_agent.get_or_insert((user_agent.to_owned(), false));
        self
    }

    /// Whether proxies that the environment names (`HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`) are used, on
    /// the way to HTTPS; they are unless set. An HTTP client of the caller's own has its own rule.
    #[must_use]
    pub fn environment_proxies(mut self, used: bool) -> Self {
        self.environment_proxies = used;
        self
    }

    /// A hook that is called before a request is sent, on each try. It must not take long.
    #[must_use]
    pub fn before_request(
        mut self,
        hook: impl Fn(&RequestInfo<'_>) + Send + Sync + 'static,
    ) -> Self {
        self.hooks.add_before(hook);
        self
    }

    /// A hook that is called after a request was answered, or has failed, on each try. It must not
    /// take long. A caller that gives up is not told.
    #[must_use]
    pub fn after_answer(
        mut self,
        hook: impl Fn(&RequestInfo<'_>, &AnswerInfo) + Send + Sync + 'static,
    ) -> Self {
        self.hooks.add_after(hook);
        self
    }

    /// The header in which every request carries its correlation id.
    #[must_use]
    pub fn correlation_header(mut self, name: HeaderName) -> Self {
        self.correlation_header = Some(name);
        self
    }

    /// Other limits than the default ones.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Another retry policy than the default one.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Another clock than the machine's.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// A connection pool of the caller's settings (proxy, certificates, pool sizes); the limits,
    /// and what keeps a request at its destination, are set over them.
    #[must_use]
    pub fn http_builder(mut self, builder: reqwest::ClientBuilder) -> Self {
        self.http = Http::Own(Box::new(builder));
        self
    }

    /// A connection pool that is shared with others, as it is.
    ///
    /// [`Limits::connect`] and [`Limits::read`] don't apply to it. Build it with
    /// [`Policy::none`](reqwest::redirect::Policy::none): a redirect that it follows takes headers
    /// along to another address, and is an error only afterwards. The body goes to one address and
    /// once only, whatever its redirect and retry policies say. Leave its `connection_verbose`
    /// off: with it the HTTP library logs every byte that is sent.
    #[must_use]
    pub fn http(mut self, client: reqwest::Client) -> Self {
        self.http = Http::Given(client);
        self
    }

    /// How to find, in an error body, a message that the publisher documents and that errors may
    /// therefore print.
    #[must_use]
    pub fn published_message(mut self, find: fn(&[u8]) -> Option<String>) -> Self {
        self.published_message = Some(find);
        self
    }

    /// Client credentials for one security scheme of the contract, which says that they are exchanged
    /// for tokens at `token_url`.
    #[inline]
    #[must_use]
    pub fn client_credentials(
        mut self,
        scheme: SecurityScheme,
        token_url: &'static str,
        credentials: ClientCredentials,
    ) -> Self {
        let exchange = |session: &Session| credentials.exchanged(token_url, session);
        self.exchanges.push((scheme, Box::new(exchange)));
        self
    }

    /// The session.
    ///
    /// # Errors
    /// See [`BuildError`].
    pub fn build(self) -> Result<Session, BuildError> {
        let base_url = BaseUrl::parse_allowing(&self.base_url, &self.plain_hosts)?;
        let mut extra_headers = self.extra_headers;
        let own_pool = matches!(self.http, Http::Own(_));
        if let Some((user_agent, _)) = self.user_agent.filter(|(_, set)| *set || own_pool) {
            let value = HeaderValue::from_str(&user_agent);
            extra_headers.insert(USER_AGENT, value.map_err(|_| BuildError::Header("user-agent"))?);
        }
        let http_total = matches!(self.http, Http::Own(_)).then_some(self.limits.total);
        let http = match self.http {
            Http::Own(builder) if self.environment_proxies => {
                self.limits.http_client(*builder, &base_url)?
            }
            Http::Own(builder) => self.limits.http_client(builder.no_proxy(), &base_url)?,
            Http::Given(client) => client,
        };
        let mut shared = Shared {
            base_url,
            plain_hosts: self.plain_hosts,
            servers: Vec::new(),
            http,
            http_total,
            limits: self.limits,
            clock: self.clock,
            headers: self.headers?,
            correlation_header: self.correlation_header,
            published_message: self.published_message,
            hooks: self.hooks,
        };
        for (published, url) in self.servers {
            let url = shared.beside(&url)?;
            shared.servers.push((published, url));
        }
        let mut session = Session {
            shared: Arc::new(shared),
            credentials: self.credentials?,
            correlation_id: None,
            extra_headers: Arc::new(extra_headers),
            retry: Arc::new(self.retry),
        };
        for (scheme, exchange) in self.exchanges {
            let tokens = exchange(&session)?;
            session.credentials.set(scheme, tokens)?;
        }
        Ok(session)
    }
}
