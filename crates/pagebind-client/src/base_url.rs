//! Where requests go: checked once, when a client is built.
//!
//! Card data and tokens travel to this address, so it must be HTTPS, and it must not carry a
//! password that a log line could repeat. Plain HTTP is taken only for loopback, where a local
//! server or a sandbox listens and nothing leaves the machine, and for the hosts that the caller
//! names, such as those of a private network.

use std::fmt;
use std::net::IpAddr;

use reqwest::Url;

/// An absolute URL, without a slash at its end, to which an operation's path is appended.
#[derive(Clone, PartialEq, Eq)]
pub struct BaseUrl(Url);

/// Why a text can't be a [`BaseUrl`]; none of them repeats the text, which may hold a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BaseUrlError {
    /// It is not an absolute URL with a host.
    Malformed,
    /// It is neither HTTPS nor loopback.
    Insecure,
    /// It holds a user name or a password.
    Credentials,
    /// It holds a query or a fragment, to which no path can be appended.
    Query,
    /// It is plain HTTP beside a base URL whose HTTP client speaks HTTPS alone.
    Mixed,
}

impl fmt::Display for BaseUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Malformed => {
                "the base URL is not an absolute URL: write it as `https://host/path`"
            }
            Self::Insecure => {
                "the base URL is not https: plain http is taken for loopback only, and for a host \
                 that `allow_http_to` names"
            }
            Self::Credentials => {
                "the base URL holds a user name or password: give credentials to a token source"
            }
            Self::Query => {
                "the base URL holds a query or a fragment: leave out what follows the path"
            }
            Self::Mixed => {
                "a server or token endpoint is plain http, and the base URL https: a client speaks one \
                 of them, unless it is given an HTTP client of your own"
            }
        })
    }
}

impl std::error::Error for BaseUrlError {}

impl BaseUrl {
    /// Checks `text` and takes it as a base URL: `https`, or `http` to loopback.
    ///
    /// # Errors
    /// See [`BaseUrlError`].
    pub fn parse(text: &str) -> Result<Self, BaseUrlError> {
        Self::parse_allowing(text, &[])
    }

    /// The same, with plain HTTP to the hosts of these names too.
    ///
    /// # Errors
    /// See [`BaseUrlError`].
    pub fn parse_allowing(text: &str, plain_hosts: &[String]) -> Result<Self, BaseUrlError> {
        let url = Url::parse(text.trim_end_matches('/')).map_err(|_| BaseUrlError::Malformed)?;
        if url.host_str().is_none() {
            return Err(BaseUrlError::Malformed);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BaseUrlError::Credentials);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(BaseUrlError::Query);
        }
        let base = Self(url);
        match base.0.scheme() {
            "https" => Ok(base),
            "http" if base.is_loopback() || base.is_one_of(plain_hosts) => Ok(base),
            _ => Err(BaseUrlError::Insecure),
        }
    }

    /// The URL without a slash at its end, as generated code appends paths to it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    /// The URL with an operation's path appended, which is encoded, and may hold a query.
    ///
    /// # Errors
    /// When it is no URL.
    pub(crate) fn with_path(&self, path: &str) -> Result<Url, BaseUrlError> {
        if path.contains(['?', '#']) {
            return Url::parse(&format!("{self}{path}")).map_err(|_| BaseUrlError::Malformed);
        }
        // Once for each call: the host, which is known to be one, is not read again.
        let mut url = self.0.clone();
        match self.0.path().trim_end_matches('/') {
            "" => url.set_path(path),
            folder => {
                let mut whole = String::with_capacity(folder.len() + path.len());
                whole.push_str(folder);
                whole.push_str(path);
                url.set_path(&whole);
            }
        }
        Ok(url)
    }

    /// What `reference` means as seen from this URL, as if it were a folder (RFC 3986, section 5).
    ///
    /// # Errors
    /// When it is no URL.
    pub(crate) fn join(&self, reference: &str) -> Result<Url, BaseUrlError> {
        let folder = Url::parse(&format!("{}/", self.as_str()));
        folder.and_then(|it| it.join(reference)).map_err(|_| BaseUrlError::Malformed)
    }

    /// Whether the HTTP client for it takes plain HTTP, and uses no proxy: what is sent there stays on this
    /// machine, or can be read on the way.
    pub(crate) fn takes_plain_http(&self) -> bool {
        self.is_plain() || self.is_loopback()
    }

    /// Whether what is sent there can be read on the way.
    pub(crate) fn is_plain(&self) -> bool {
        self.0.scheme() == "http"
    }

    /// The host, without the brackets of an IPv6 address.
    pub(crate) fn host(&self) -> &str {
        let host = self.0.host_str().unwrap_or_default();
        host.trim_start_matches('[').trim_end_matches(']')
    }

    /// Whether it names this machine: `localhost`, `127.0.0.0/8` or `::1`.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        let is_loopback = |address: IpAddr| address.to_canonical().is_loopback();
        self.host() == "localhost" || self.host().parse().is_ok_and(is_loopback)
    }

    fn is_one_of(&self, hosts: &[String]) -> bool {
        hosts.iter().any(|host| host.eq_ignore_ascii_case(self.host()))
    }
}

impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slash_at_the_end_is_not_doubled_by_a_path() {
        for text in ["https://example.com/", "https://example.com"] {
            assert_eq!(BaseUrl::parse(text).unwrap().as_str(), "https://example.com");
        }
        let with_path = BaseUrl::parse("https://example.com/cards//").unwrap();
        assert_eq!(with_path.as_str(), "https://example.com/cards");
    }

    #[test]
    fn a_path_is_appended_as_it_would_be_read_in_a_text() {
        for base in ["http://localhost:8080", "https://example.com/a%2Fb/c/", "https://[::1]:9//"] {
            let base = BaseUrl::parse(base).unwrap();
            for path in
                ["/v1/x", "/v1/a%20b/c;d=1,2", "//x/", "/x?y=1", "/x#y", "/a b/ä\"<>`{}|^[]@:"]
            {
                let parsed = Url::parse(&format!("{base}{path}")).unwrap();
                assert_eq!(base.with_path(path).unwrap(), parsed, "{base} {path}");
            }
        }
    }

    #[test]
    fn plain_http_is_taken_for_loopback_only() {
        for text in [
            "http://localhost:1",
            "http://127.0.0.1:8080/api",
            "http://127.8.9.1",
            "http://[::1]:9",
            "http://[::ffff:127.0.0.1]",
        ] {
            assert!(BaseUrl::parse(text).is_ok(), "{text}");
        }
        for text in [
            "http://example.com",
            "http://localhost.example.com",
            "http://127.0.0.1.example",
            "http://10.0.0.1",
            "http://0.0.0.0",
            "http://[::2]",
            "ftp://127.0.0.1",
        ] {
            assert_eq!(BaseUrl::parse(text), Err(BaseUrlError::Insecure), "{text}");
        }
    }

    #[test]
    fn plain_http_is_taken_for_a_host_that_the_caller_names_and_for_no_other() {
        let named = ["sandbox".to_owned(), "10.0.0.1".to_owned(), "fd00::1".to_owned()];
        for text in
            ["http://sandbox:8080/api", "http://SANDBOX", "http://10.0.0.1", "http://[fd00::1]"]
        {
            assert!(BaseUrl::parse_allowing(text, &named).is_ok(), "{text}");
        }
        for text in
            ["http://sandbox.example.com", "http://my-sandbox", "http://10.0.0.2", "ftp://sandbox"]
        {
            let refused = BaseUrl::parse_allowing(text, &named);
            assert_eq!(refused, Err(BaseUrlError::Insecure), "{text}");
        }
        let password = BaseUrl::parse_allowing("http://me:secret@sandbox", &named);
        assert_eq!(password, Err(BaseUrlError::Credentials));
    }

    #[test]
    fn what_a_log_line_should_not_repeat_is_refused() {
        assert_eq!(
            BaseUrl::parse("https://user:secret@example.com"),
            Err(BaseUrlError::Credentials)
        );
        assert_eq!(BaseUrl::parse("https://example.com?key=1"), Err(BaseUrlError::Query));
        assert_eq!(BaseUrl::parse("example.com"), Err(BaseUrlError::Malformed));
    }
}
