//! How a client is set up, and the rules that no setting can break.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    num::NonZeroU32,
    sync::Arc,
    time::Duration,
};

use reqwest::{Url, header::HeaderValue, redirect};

use crate::{
    BuildError, Client, Credentials, Format,
    client::{Inner, Retry},
};

/// The operation's path below the base URL.
///
/// Source: the help page's title, `POST api/v1/customer/payments/update`.
const PATH: [&str; 5] = ["api", "v1", "customer", "payments", "update"];

/// Sets up a [`Client`]; see [`Client::builder`].
#[must_use]
pub struct ClientBuilder {
    base_url: String,
    credentials: Option<Credentials>,
    format: Format,
    timeout: Duration,
    connect_timeout: Duration,
    retry: Retry,
    max_answer: usize,
    user_agent: Option<String>,
    environment_proxies: bool,
    http: Option<reqwest::Client>,
}

impl ClientBuilder {
    pub(crate) fn new(base_url: String) -> Self {
        Self {
            base_url,
            credentials: None,
            format: Format::default(),
            timeout: Duration::from_secs(30),
            connect_timeout: Duration::from_secs(5),
            retry: Retry {
                tries: NonZeroU32::MIN.saturating_add(2),
                pause: Duration::from_millis(200),
            },
            max_answer: 1 << 20,
            user_agent: None,
            environment_proxies: false,
            http: None,
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

    /// The time for a whole call, with all its tries, to the last byte of the answer; 30 s
    /// unless set. When it runs out that is [`Error::Timeout`](crate::Error::Timeout).
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The time for one try to connect, TLS included; 5 s unless set.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How often a connection is tried, and the pause before the second try, which doubles
    /// before each further one; 3 tries and 200 ms unless set.
    ///
    /// Only what never left is tried again: a call whose connection did not come about. That
    /// takes in a refused connection and a name that does not resolve, which pass, and a
    /// certificate that does not hold, which does not pass but costs no more than the pauses.
    /// Once a connection stands nothing is tried again, because the service publishes no
    /// idempotency key.
    pub fn connect_tries(mut self, tries: NonZeroU32, pause: Duration) -> Self {
        self.retry = Retry { tries, pause };
        self
    }

    /// The longest answer that is read, in bytes; 1 MiB unless set. A longer one is
    /// [`Error::TooLarge`](crate::Error::TooLarge), and reading stops there.
    pub fn max_answer(mut self, bytes: usize) -> Self {
        self.max_answer = bytes;
        self
    }

    /// The `User-Agent` header; this crate's name and version unless set, or what an HTTP client of
    /// your own sends.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// Whether proxies that the environment names (`HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`) are
    /// used; they are not unless set. A plain-text call to loopback never goes over a proxy.
    pub fn environment_proxies(mut self, honoured: bool) -> Self {
        self.environment_proxies = honoured;
        self
    }

    /// Sends over this HTTP client, such as one with a private root certificate or a proxy.
    ///
    /// Its own settings then count, in place of [`connect_timeout`](Self::connect_timeout) and
    /// [`environment_proxies`](Self::environment_proxies). The body still goes to no other
    /// address: it is handed over so that it can be sent once only, and an answer that came by
    /// way of a redirect is an error. Leave its `connection_verbose` off: with it the HTTP
    /// library logs every byte that is sent.
    pub fn http_client(mut self, http: reqwest::Client) -> Self {
        self.http = Some(http);
        self
    }

    /// Builds the client. No connection is made yet.
    ///
    /// # Errors
    /// When the base URL is not `https` (or `http` to `localhost` or a loopback address), holds
    /// a password, a query or a fragment, when there are no credentials, when the user agent
    /// can't be a header's value, or when TLS can't be set up.
    pub fn build(self) -> Result<Client, BuildError> {
        let url = endpoint(&self.base_url)?;
        let credentials = self.credentials.ok_or(BuildError::NoCredentials)?;
        let own_name = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
        let user_agent = match (&self.user_agent, &self.http) {
            (Some(given), _) => Some(given.as_str()),
            (None, None) => Some(own_name),
            (None, Some(_)) => None,
        };
        let user_agent =
            user_agent.map(HeaderValue::from_str).transpose().map_err(|_| BuildError::UserAgent)?;
        let http = match self.http {
            Some(http) => http,
            None => http_client(&url, self.connect_timeout, self.environment_proxies)?,
        };
        Ok(Client(Arc::new(Inner {
            http,
            url,
            credentials,
            format: self.format,
            timeout: self.timeout,
            retry: self.retry,
            max_answer: self.max_answer,
            user_agent,
        })))
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The base URL is not checked yet and may hold a password; a given HTTP client prints
        // its default headers.
        f.debug_struct("ClientBuilder")
            .field("credentials", &self.credentials)
            .field("format", &self.format)
            .finish_non_exhaustive()
    }
}

fn http_client(
    url: &Url,
    connect_timeout: Duration,
    environment_proxies: bool,
) -> Result<reqwest::Client, BuildError> {
    let mut http = reqwest::Client::builder()
        .redirect(redirect::Policy::none())
        .retry(reqwest::retry::never())
        .connection_verbose(false)
        // Another crate of the build may turn these on; requests go out the same all the same.
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate()
        .connect_timeout(connect_timeout);
    if url.scheme() == "https" {
        http = http.https_only(true);
    } else {
        // A resolver may be made to say anything of `localhost`; in plain text it means loopback.
        let loopback = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
        http = http.resolve_to_addrs("localhost", &loopback.map(|ip: IpAddr| (ip, 0).into()));
    }
    if url.scheme() != "https" || !environment_proxies {
        http = http.no_proxy();
    }
    http.build().map_err(BuildError::Http)
}

/// The operation's URL, if the base URL is one that card data may be sent to.
fn endpoint(base_url: &str) -> Result<Url, BuildError> {
    let mut url = Url::parse(base_url).map_err(|_| BuildError::BaseUrl("is no absolute URL"))?;
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        _ => return Err(BuildError::Insecure),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(BuildError::BaseUrl("holds a user name or password"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(BuildError::BaseUrl("holds a query or a fragment"));
    }
    url.path_segments_mut()
        .map_err(|()| BuildError::BaseUrl("has no host"))?
        .pop_if_empty()
        .extend(PATH);
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse().is_ok_and(|ip: IpAddr| ip.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_operation_lies_below_the_base_url() {
        for (base, whole) in [
            (
                "https://payments.example",
                "https://payments.example/api/v1/customer/payments/update",
            ),
            (
                "https://payments.example/",
                "https://payments.example/api/v1/customer/payments/update",
            ),
            (
                "https://gw.example:8443/pay/",
                "https://gw.example:8443/pay/api/v1/customer/payments/update",
            ),
        ] {
            assert_eq!(endpoint(base).unwrap().as_str(), whole);
        }
    }

    #[test]
    fn plain_text_goes_to_loopback_only() {
        for base in [
            "http://localhost:1",
            "http://127.0.0.1:1",
            "http://127.8.9.1",
            "http://[::1]:1",
            "http://[::ffff:127.0.0.1]",
        ] {
            assert!(endpoint(base).is_ok(), "{base}");
        }
        for base in [
            "http://payments.example",
            "http://localhost.example",
            "http://127.0.0.1.example",
            "http://10.0.0.1",
            "http://0.0.0.0",
            "http://[::2]",
            "ftp://localhost",
            "file:///x",
        ] {
            assert!(matches!(endpoint(base), Err(BuildError::Insecure)), "{base}");
        }
    }

    #[test]
    fn a_base_url_that_is_more_than_an_address_is_refused_and_not_repeated() {
        for base in [
            "payments.example",
            "",
            "https://",
            "https://me:secret@payments.example",
            "https://secret@payments.example",
            "https://payments.example?secret",
            "https://payments.example#secret",
        ] {
            let error = endpoint(base).unwrap_err();
            assert!(matches!(error, BuildError::BaseUrl(_)), "{base}");
            assert!(!format!("{error} {error:?}").contains("secret"));
        }
    }

    #[test]
    fn credentials_are_required() {
        let error = Client::builder("https://payments.example").build().unwrap_err();
        assert!(matches!(error, BuildError::NoCredentials));
    }

    #[test]
    fn a_user_agent_with_a_line_break_is_refused() {
        let error = Client::builder("http://localhost")
            .credentials(Credentials::new("1", "2"))
            .user_agent("shop\r\nX-Injected: 1")
            .build()
            .unwrap_err();
        assert!(matches!(error, BuildError::UserAgent));
    }

    #[test]
    fn debug_prints_neither_key_nor_password() {
        let builder = Client::builder("https://me:secret@payments.example")
            .credentials(Credentials::new("170200123", "secret"));
        let printed = format!("{builder:?}");
        assert!(printed.contains("170200123") && !printed.contains("secret"), "{printed}");
    }
}
