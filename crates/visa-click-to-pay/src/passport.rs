//! Account tokens from Pismo's own token service, Passport.
//!
//! Both forms are published in guides, not in a contract of this API. What is assumed where the
//! guides leave something open stands at [`OAuth2`] and [`Basic`], and nothing is assumed beyond it.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use pagebind_client::{
    BuildError, Clock, Limits, RetryPolicy, Session, SessionBuilder, Token, TokenEndpoint,
    TokenError, TokenMember, TokenSource, wiped_form, wiped_json,
};
use reqwest::Url;
use serde::Serialize;
use zeroize::Zeroizing;

use crate::client::USER_AGENT;

/// The token service: one for all credentials and accounts, which share its connection pool.
///
/// A token that is fetched twice does no harm, so its requests are tried again like those of an
/// idempotent method: on connection errors, timeouts, 408, 429 and 5xx, after the `Retry-After` of
/// the service where it sends one.
#[derive(Debug, Clone)]
pub struct Passport {
    endpoint: TokenEndpoint,
}

/// Sets up a [`Passport`]. What is wrong with it is told by [`build`](Self::build).
#[must_use]
pub struct PassportBuilder {
    session: SessionBuilder,
    retry: RetryPolicy,
}

impl Passport {
    /// The service at `url`, such as `https://sandbox.pismolabs.io/passport`: `https`, or `http` to
    /// loopback. The paths that are appended begin with `/v2/`.
    ///
    /// # Errors
    /// When `url` can't be used, or TLS can't be set up.
    pub fn new(url: impl AsRef<str>) -> Result<Self, BuildError> {
        Self::builder(url).build()
    }

    /// Starts a service with other limits, retries or another connection pool.
    pub fn builder(url: impl AsRef<str>) -> PassportBuilder {
        PassportBuilder {
            session: Session::builder(url.as_ref()).default_user_agent(USER_AGENT),
            retry: RetryPolicy::default(),
        }
    }

    /// OAuth2 client credentials, for the tokens of any account: [`OAuth2::account`] says which.
    ///
    /// `scope` lists permission groups, separated by spaces. The secret is wiped from memory with
    /// the last clone; what the caller read it from is the caller's to wipe.
    pub fn oauth2(
        &self,
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
        scope: impl Into<String>,
    ) -> OAuth2 {
        OAuth2 {
            passport: self.clone(),
            client_id: client_id.into(),
            client_secret: Arc::new(Zeroizing::new(client_secret.into())),
            scope: scope.into(),
            account: None,
        }
    }

    /// A server key and its secret, for the tokens of `account`, a Pismo account id.
    ///
    /// The secret is wiped from memory with the last clone.
    pub fn basic(
        &self,
        server_key: impl Into<String>,
        secret: impl Into<String>,
        account: i64,
    ) -> Basic {
        Basic {
            passport: self.clone(),
            server_key: server_key.into(),
            secret: Arc::new(Zeroizing::new(secret.into())),
            secret_name: SecretName::default(),
            account,
        }
    }

    /// Posts `body`, which holds a secret and is wiped once it is sent.
    async fn fetch(
        &self,
        path: &str,
        media_type: &'static str,
        body: Bytes,
        member: TokenMember,
    ) -> Result<Token, TokenError> {
        let url = Url::parse(&format!("{}{path}", self.endpoint.session().base_url()))
            .map_err(|_| TokenError::new(UNWRITABLE))?;
        self.endpoint.fetch(TokenEndpoint::request(url, media_type, body), member).await
    }
}

const UNWRITABLE: &str = "the token request could not be written";

impl PassportBuilder {
    /// Other timeouts and another limit on the answer than the default ones of [`Limits`].
    pub fn limits(mut self, limits: Limits) -> Self {
        self.session = self.session.limits(limits);
        self
    }

    /// Another retry policy than the default one. A fetch is always taken for one that may be
    /// repeated, whatever [`RetryPolicy::repeat_non_idempotent`] says.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Another clock than the machine's, for tests.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.session = self.session.clock(clock);
        self
    }

    /// The `User-Agent`; this crate's name and version unless set.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.session = self.session.user_agent(user_agent);
        self
    }

    /// Takes plain HTTP to the host of this name too: see
    /// [`ClientBuilder::allow_http_to`](crate::ClientBuilder::allow_http_to).
    pub fn allow_http_to(mut self, host: impl Into<String>) -> Self {
        self.session = self.session.allow_http_to(host);
        self
    }

    /// The caller's own settings of the connection pool (proxy, certificates, pool sizes). The
    /// limits, HTTPS and the refusal of redirects are set over them.
    pub fn http_builder(mut self, builder: reqwest::ClientBuilder) -> Self {
        self.session = self.session.http_builder(builder);
        self
    }

    /// A connection pool that is shared with others, as it is: see
    /// [`ClientBuilder::http`](crate::ClientBuilder::http).
    pub fn http(mut self, client: reqwest::Client) -> Self {
        self.session = self.session.http(client);
        self
    }

    /// The token service.
    ///
    /// # Errors
    /// When the URL can't be used, or TLS can't be set up.
    pub fn build(self) -> Result<Passport, BuildError> {
        Ok(Passport { endpoint: TokenEndpoint::new(&self.session.build()?, self.retry) })
    }
}

/// Fetches account tokens with OAuth2 client credentials: `POST …/v2/oauth/token`.
///
/// Each call fetches; wrap it in [`CachingTokens`](crate::CachingTokens). `Debug` shows nothing of
/// the credentials.
///
/// Source: Pismo's guide "Authentication with OAuth2". It leaves the encoding and the response
/// open; RFC 6749 is followed there. The parameters go as a form (section 4.4.2), with the secret as
/// `client_secret_string`, as the guide says; the response is JSON with `access_token` and,
/// optionally, `expires_in` in seconds (section 5.1), read as a number or a text. Where the token is a JWT with an `exp`, that
/// is its expiry.
///
/// # Errors
/// A [`TokenError`](crate::TokenError): lasting where the credentials are refused (400, 401, 403) or
/// the answer holds no token, transient where the same request may succeed later.
#[derive(Clone)]
pub struct OAuth2 {
    passport: Passport,
    client_id: String,
    /// Shared, so that there is one buffer to wipe, however many accounts there are.
    client_secret: Arc<Zeroizing<String>>,
    scope: String,
    account: Option<String>,
}

impl OAuth2 {
    /// The same credentials, for the tokens of one account: its Pismo account id, sent as `uid`.
    /// The Click to Pay endpoints need one.
    #[must_use]
    pub fn account(&self, account: impl Into<String>) -> Self {
        Self { account: Some(account.into()), ..self.clone() }
    }
}

impl TokenSource for OAuth2 {
    async fn token(&self) -> Result<Token, TokenError> {
        let mut form = vec![
            ("grant_type", "client_credentials"),
            ("client_id", &self.client_id),
            ("client_secret_string", &self.client_secret),
            ("scope", &self.scope),
        ];
        form.extend(self.account.as_deref().map(|account| ("uid", account)));
        let media_type = "application/x-www-form-urlencoded";
        let body = wiped_form(&form);
        self.passport.fetch("/v2/oauth/token", media_type, body, TokenMember::AccessToken).await
    }
}

impl fmt::Debug for OAuth2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuth2").finish_non_exhaustive()
    }
}

/// Fetches account tokens with a server key and its secret: `POST …/v2/s2s/access-token`.
///
/// Each call fetches; wrap it in [`CachingTokens`](crate::CachingTokens). `Debug` shows nothing of
/// the credentials, and the errors are those of [`OAuth2`].
///
/// Source: Pismo's guide "Basic authentication with client credentials". The request is a JSON
/// object with `server_key`, the secret ([`SecretName`] says under which name) and `account_id`;
/// the response is one with `token`, which is read as a JWT for its expiry.
#[derive(Clone)]
pub struct Basic {
    passport: Passport,
    server_key: String,
    secret: Arc<Zeroizing<String>>,
    secret_name: SecretName,
    account: i64,
}

/// What the secret is called in the request of [`Basic`]. The guide was published with either
/// name at different times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SecretName {
    /// `secret_key`.
    #[default]
    SecretKey,
    /// `server_secret`.
    ServerSecret,
}

impl Basic {
    /// What the secret is called in the request; `secret_key` unless set.
    #[must_use]
    pub fn secret_name(mut self, name: SecretName) -> Self {
        self.secret_name = name;
        self
    }
}

impl TokenSource for Basic {
    async fn token(&self) -> Result<Token, TokenError> {
        #[derive(Serialize)]
        struct Request<'a> {
            server_key: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            secret_key: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            server_secret: Option<&'a str>,
            account_id: i64,
        }
        let secret = Some(self.secret.as_str());
        let (secret_key, server_secret) = match self.secret_name {
            SecretName::SecretKey => (secret, None),
            SecretName::ServerSecret => (None, secret),
        };
        let body = Request {
            server_key: &self.server_key,
            secret_key,
            server_secret,
            account_id: self.account,
        };
        let body = wiped_json(&body).map_err(|_| TokenError::new(UNWRITABLE))?;
        let path = "/v2/s2s/access-token";
        self.passport.fetch(path, "application/json", body, TokenMember::Token).await
    }
}

impl fmt::Debug for Basic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Basic").finish_non_exhaustive()
    }
}
