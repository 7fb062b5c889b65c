//! Account tokens from Pismo's own token service, Passport.
//!
//! Both forms are published in guides, not in a contract of this API. What is assumed where the
//! guides leave something open stands at [`OAuth2`] and [`Basic`], and nothing is assumed beyond it.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use pagebind_client::{
    BuildError, ErrorKind, Failure, OperationInfo, Session, Token, TokenError, TokenSource,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// The token service: one for all credentials and accounts, which share its connection pool.
///
/// Limits and retries are the default ones of [`Limits`](crate::Limits) and
/// [`RetryPolicy`](crate::RetryPolicy).
#[derive(Debug, Clone)]
pub struct Passport {
    session: Session,
}

impl Passport {
    /// The service at `url`, such as `https://sandbox.pismolabs.io/passport`: `https`, or `http` to
    /// loopback. The paths that are appended begin with `/v2/`.
    ///
    /// # Errors
    /// When `url` can't be used, or TLS can't be set up.
    pub fn new(url: impl AsRef<str>) -> Result<Self, BuildError> {
        Self::with_http_builder(url, reqwest::Client::builder())
    }

    /// The service at `url`, reached with the caller's own settings (proxy, certificates).
    ///
    /// # Errors
    /// When `url` can't be used, or TLS can't be set up.
    pub fn with_http_builder(
        url: impl AsRef<str>,
        builder: reqwest::ClientBuilder,
    ) -> Result<Self, BuildError> {
        let session = Session::builder(url.as_ref()).http_builder(builder);
        Ok(Self { session: session.build()? })
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

    fn post(&self, path: &str) -> reqwest::RequestBuilder {
        let url = format!("{}{path}", self.session.base_url());
        self.session.http().post(url)
    }

    async fn fetch<T: DeserializeOwned>(
        &self,
        request: reqwest::RequestBuilder,
    ) -> Result<T, TokenError> {
        const INFO: OperationInfo =
            OperationInfo { operation_id: "fetch_token", client_headers: &[] };
        let request = request
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
/// optionally, `expires_in` in seconds (section 5.1). Where the token is a JWT with an `exp`, that
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
        #[derive(Serialize)]
        struct Request<'a> {
            grant_type: &'a str,
            client_id: &'a str,
            client_secret_string: &'a str,
            scope: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            uid: Option<&'a str>,
        }
        #[derive(Deserialize)]
        struct Response {
            access_token: String,
            expires_in: Option<u64>,
        }

        let form = Request {
            grant_type: "client_credentials",
            client_id: &self.client_id,
            client_secret_string: &self.client_secret,
            scope: &self.scope,
            uid: self.account.as_deref(),
        };
        let asked = SystemTime::now();
        let request = self.passport.post("/v2/oauth/token").form(&form);
        let response: Response = self.passport.fetch(request).await?;
        let token = Token::new(response.access_token)?;
        let expiry =
            response.expires_in.and_then(|seconds| asked.checked_add(Duration::from_secs(seconds)));
        Ok(match (token.expires(), expiry) {
            (None, Some(expiry)) => token.expiring_at(expiry),
            _ => token,
        })
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
            token: String,
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
        let request = self.passport.post("/v2/s2s/access-token").json(&body);
        let response: Response = self.passport.fetch(request).await?;
        Token::new(response.token)
    }
}

impl fmt::Debug for Basic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Basic").finish_non_exhaustive()
    }
}
