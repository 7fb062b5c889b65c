//! OAuth 2 client credentials, exchanged for access tokens (RFC 6749, section 4.4).

use std::fmt;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::{BaseUrl, BuildError, Secret, Session, Token, TokenError, TokenSource};

/// The credentials of a client at an OAuth 2 token endpoint, and what it asks for with them.
#[derive(Clone)]
pub struct ClientCredentials {
    id: String,
    secret: Secret,
    scope: Option<String>,
    token_url: Option<String>,
    in_body: bool,
    parameters: Vec<(String, String)>,
}

impl ClientCredentials {
    /// The credentials `id` and `secret`, which ask for the scopes that the server gives by itself.
    pub fn new(id: impl Into<String>, secret: impl Into<Secret>) -> Self {
        Self {
            id: id.into(),
            secret: secret.into(),
            scope: None,
            token_url: None,
            in_body: false,
            parameters: Vec::new(),
        }
    }

    /// Asks for these scopes, separated by spaces (RFC 6749, section 3.3).
    #[must_use]
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scope = Some(scope.into());
        self
    }

    /// Another token endpoint than the contract's.
    #[must_use]
    pub fn token_url(mut self, url: impl Into<String>) -> Self {
        self.token_url = Some(url.into());
        self
    }

    /// Sends the credentials in the body of the token request, as some servers want them, in place of
    /// `Authorization: Basic` (RFC 6749, section 2.3.1).
    #[must_use]
    pub fn in_body(mut self) -> Self {
        self.in_body = true;
        self
    }

    /// One more parameter of the token request, such as `audience`.
    #[must_use]
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }
}

impl fmt::Debug for ClientCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCredentials").field("scope", &self.scope).finish_non_exhaustive()
    }
}

/// Fetches a token at each call.
pub(crate) struct Exchange {
    credentials: ClientCredentials,
    /// Where the endpoint is.
    url: Url,
    session: Session,
}

impl ClientCredentials {
    /// Where these credentials are exchanged, which the contract says as `published`: it may be
    /// relative to the API (OpenAPI 3.1.1, section 4.6).
    ///
    /// # Errors
    /// When it can't be used.
    pub(crate) fn endpoint(&self, published: &str, api: &BaseUrl) -> Result<Url, BuildError> {
        let url = self.token_url.as_deref().unwrap_or(published);
        let url = api.join(url)?;
        // What is true of the API's own address has to be true of this one.
        let mut checked = url.clone();
        checked.set_query(None);
        BaseUrl::parse(checked.as_str())?;
        Ok(url)
    }

    pub(crate) fn exchanged_at(self, url: Url, session: Session) -> Exchange {
        Exchange { credentials: self, url, session }
    }

    /// The body of the token request.
    fn body(&self) -> Zeroizing<String> {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "client_credentials");
        if let Some(scope) = &self.scope {
            form.append_pair("scope", scope);
        }
        for (name, value) in &self.parameters {
            form.append_pair(name, value);
        }
        if self.in_body {
            form.append_pair("client_id", &self.id);
            form.append_pair("client_secret", self.secret.expose());
        }
        Zeroizing::new(form.finish())
    }

    /// `Authorization: Basic` of both, each encoded as in a form.
    fn authorization(&self) -> Option<HeaderValue> {
        use base64::Engine;

        let encode = |text: &str| -> Zeroizing<String> {
            Zeroizing::new(form_urlencoded::byte_serialize(text.as_bytes()).collect())
        };
        let pair = [&*encode(&self.id), ":", &encode(self.secret.expose())].concat();
        let pair = Zeroizing::new(pair);
        let encoded = base64::engine::general_purpose::STANDARD.encode(pair.as_bytes());
        Secret::header(&["Basic ", &Zeroizing::new(encoded)])
    }
}

impl TokenSource for Exchange {
    async fn token(&self) -> Result<Token, TokenError> {
        const INFO: crate::OperationInfo = crate::OperationInfo::new("fetch_token", "POST", "");

        /// What is read of the answer (RFC 6749, section 5.1).
        #[derive(Deserialize)]
        struct Answer {
            access_token: String,
            expires_in: Option<f64>,
        }

        let mut request = reqwest::Request::new(reqwest::Method::POST, self.url.clone());
        let headers = request.headers_mut();
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        headers.insert(CONTENT_TYPE, form);
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if !self.credentials.in_body
            && let Some(authorization) = self.credentials.authorization()
        {
            headers.insert(AUTHORIZATION, authorization);
        }
        let body = bytes::Bytes::from_owner(Wiped(self.credentials.body()));
        *request.body_mut() = Some(body.into());
        let response = self.session.execute(request, &INFO).await.map_err(explain)?;
        let status = response.status();
        if !status.is_success() {
            let failure = response.undocumented::<()>().await.into_failure();
            let message = format!("the token endpoint gave no token (status {})", status.as_u16());
            return Err(failure.map_or_else(|| TokenError::new(message), explain));
        }
        let answer = match response.json::<Answer, ()>().await {
            Ok(answer) => answer.into_inner(),
            Err(error) => {
                let message = "the answer of the token endpoint holds no token";
                return Err(error.into_failure().map_or(TokenError::new(message), explain));
            }
        };
        let token = Token::new(answer.access_token)?;
        let lifetime = answer.expires_in.and_then(|it| Duration::try_from_secs_f64(it).ok());
        let end = lifetime.and_then(|it| self.session.shared.clock.now().checked_add(it));
        Ok(match end {
            Some(end) => token.expiring_at(end),
            None => token,
        })
    }
}

/// Bytes that are wiped when the last reader drops them.
struct Wiped(Zeroizing<String>);

impl AsRef<[u8]> for Wiped {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// A failure of the token endpoint. Its body is left behind: it may hold a token.
fn explain(failure: crate::Failure) -> TokenError {
    let status = failure.status().map(|status| status.as_u16());
    let error = TokenError::new(match status {
        Some(status @ (400 | 401 | 403)) => {
            format!("the token endpoint refused the credentials (status {status})")
        }
        _ => "the token endpoint gave no token".to_owned(),
    });
    let error = if failure.is_transient() { error.transient() } else { error };
    error.caused_by(failure.without_body())
}
