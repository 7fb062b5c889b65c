//! Account tokens from Pismo's own token service, Passport.
//!
//! Both forms are published in guides, not in a contract of this API. What is assumed where the
//! guides leave something open stands at [`OAuth2`] and [`Basic`], and nothing is assumed beyond it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use pagebind_client::{
    BuildError, Clock, ErrorKind, Failure, Limits, OperationInfo, RetryPolicy, Session,
    SessionBuilder, Token, TokenError, TokenSource, wiped_form, wiped_json,
};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use zeroize::Zeroizing;

use crate::client::USER_AGENT;

/// The token service: one for all credentials and accounts, which share its connection pool.
///
/// A token that is fetched twice does no harm, so its requests are tried again like those of an
/// idempotent method: on connection errors, timeouts, 408, 429 and 5xx, after the `Retry-After` of
/// the service where it sends one.
#[derive(Debug, Clone)]
pub struct Passport {
    session: Session,
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
    async fn fetch<T: DeserializeOwned>(
        &self,
        path: &str,
        media_type: &'static str,
        body: Bytes,
    ) -> Result<T, TokenError> {
        const INFO: OperationInfo = OperationInfo::new("fetch_token", "POST", "/");
        let request = self
            .session
            .http()
            .post(format!("{}{path}", self.session.base_url()))
            .header(CONTENT_TYPE, HeaderValue::from_static(media_type))
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .body(body)
            .build()
            .map_err(|_| TokenError::new("the token request could not be written"))?;
        let response = self.session.execute(request, &INFO).await.map_err(explain)?;
        let error = if response.status().is_success() {
            match response.json::<T, ()>().await {
                Ok(decoded) => return Ok(decoded.into_inner()),
                Err(error) => error,
            }
        } else {
            response.undocumented().await
        };
        Err(match error.into_failure() {
            Some(failure) => explain(failure),
            None => TokenError::new("the token endpoint gave no token"),
        })
    }
}

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
        let retry = RetryPolicy { repeat_non_idempotent: true, ..self.retry };
        Ok(Passport { session: self.session.retry(retry).build()? })
    }
}

/// A failure of the token endpoint in terms of credentials. Its body is left behind: it may hold a
/// token.
fn explain(failure: Failure) -> TokenError {
    let status = failure.status().map(|status| status.as_u16());
    let message = match (status, failure.kind()) {
        (Some(status @ (400 | 401 | 403)), _) => {
            format!("the token endpoint refused the credentials (status {status})")
        }
        (_, ErrorKind::Undecodable) => {
            "the token endpoint's answer holds no token where one is expected".to_owned()
        }
        _ => "the token endpoint gave no token".to_owned(),
    };
    let error = TokenError::new(message);
    let error = if failure.is_transient() { error.transient() } else { error };
    let error = match failure.retry_after() {
        Some(wait) => error.with_retry_after(wait),
        None => error,
    };
    error.caused_by(failure.without_body())
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
        #[derive(Deserialize)]
        struct Response {
            access_token: Secret,
            #[serde(default)]
            expires_in: Lifetime,
        }

        let mut form = vec![
            ("grant_type", "client_credentials"),
            ("client_id", &self.client_id),
            ("client_secret_string", &self.client_secret),
            ("scope", &self.scope),
        ];
        form.extend(self.account.as_deref().map(|account| ("uid", account)));
        let asked = self.passport.session.clock().now();
        let media_type = "application/x-www-form-urlencoded";
        let body = wiped_form(&form);
        let response: Response = self.passport.fetch("/v2/oauth/token", media_type, body).await?;
        let token = response.access_token.into_token()?;
        let expiry = response.expires_in.0.and_then(|lifetime| asked.checked_add(lifetime));
        Ok(match (token.expires(), expiry) {
            (None, Some(expiry)) => token.expiring_at(expiry),
            _ => token,
        })
    }
}

/// A token as it is read: wiped, whatever else of the answer can't be read.
struct Secret(Zeroizing<String>);

impl Secret {
    fn into_token(mut self) -> Result<Token, TokenError> {
        Token::new(std::mem::take(&mut *self.0))
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(Zeroizing::new(text)))
    }
}

/// `expires_in`: seconds, as a number or a text. Anything else says nothing, and costs no token.
#[derive(Default)]
struct Lifetime(Option<Duration>);

impl<'de> Deserialize<'de> for Lifetime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let seconds = match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::Number(number) => number.as_f64(),
            serde_json::Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        Ok(Self(seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())))
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
        #[derive(Deserialize)]
        struct Response {
            token: Secret,
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
        let body = wiped_json(&body)
            .map_err(|_| TokenError::new("the token request could not be written"))?;
        let response: Response =
            self.passport.fetch("/v2/s2s/access-token", "application/json", body).await?;
        response.token.into_token()
    }
}

impl fmt::Debug for Basic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Basic").finish_non_exhaustive()
    }
}
