//! OAuth 2 client credentials, exchanged for access tokens (RFC 6749, section 4.4).

use std::fmt;

use bytes::Bytes;
use reqwest::Url;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use zeroize::Zeroizing;

use crate::{
    BuildError, CachingTokens, Credential, Secret, Session, Token, TokenEndpoint, TokenError,
    TokenMember, TokenSource, wiped_form,
};

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
    /// The credentials `id` and `secret`. They ask for the scopes that the operations of the API name, or,
    /// where none does, for those that the server gives by itself.
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

    /// Asks for these scopes, separated by spaces (RFC 6749, section 3.3); for none by name if it is
    /// empty.
    #[must_use]
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scope = Some(scope.into());
        self
    }

    /// Asks for these scopes unless it is said already what to ask for.
    #[must_use]
    pub fn or_scope(mut self, scope: &str) -> Self {
        self.scope.get_or_insert_with(|| scope.to_owned());
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
    endpoint: TokenEndpoint,
}

impl ClientCredentials {
    /// What fetches tokens for `api`, on its connections, from where the contract says as `published`:
    /// that may be relative to the API (OpenAPI 3.1.1, section 4.6).
    ///
    /// # Errors
    /// When it can't be used.
    #[inline]
    pub(crate) fn exchanged(
        self,
        published: &str,
        api: &Session,
    ) -> Result<Credential, BuildError> {
        let url = api.base_url().join(self.token_url.as_deref().unwrap_or(published))?;
        // What is true of the API's own address has to be true of this one.
        let mut checked = url.clone();
        checked.set_query(None);
        api.shared.beside(checked.as_str())?;
        let endpoint = TokenEndpoint::beside(api);
        let tokens = CachingTokens::new(Exchange { credentials: self, url, endpoint });
        Ok(Credential::tokens(tokens.clock(api.shared.clock.clone())))
    }

    /// The body of the token request.
    #[inline]
    fn body(&self) -> Bytes {
        let mut form = vec![("grant_type", "client_credentials")];
        let scope = self.scope.as_deref().filter(|scope| !scope.is_empty());
        form.extend(scope.map(|scope| ("scope", scope)));
        form.extend(self.parameters.iter().map(|(name, value)| (&**name, &**value)));
        if self.in_body {
            form.extend([("client_id", &*self.id), ("client_secret", self.secret.expose())]);
        }
        wiped_form(&form)
    }

    /// `Authorization: Basic` of both, each encoded as in a form.
    #[inline]
    fn authorization(&self) -> Option<HeaderValue> {
        use base64::Engine;

        let encode = |text: &str| -> Zeroizing<String> {
            // With room for all of it, so that no copy is left behind.
            let mut encoded = Zeroizing::new(String::with_capacity(3 * text.len()));
            encoded.extend(form_urlencoded::byte_serialize(text.as_bytes()));
            encoded
        };
        let pair = [&*encode(&self.id), ":", &encode(self.secret.expose())].concat();
        let pair = Zeroizing::new(pair);
        let encoded = base64::engine::general_purpose::STANDARD.encode(pair.as_bytes());
        Secret::header(&["Basic ", &Zeroizing::new(encoded)])
    }
}

impl TokenSource for Exchange {
    async fn token(&self) -> Result<Token, TokenError> {
        let form = "application/x-www-form-urlencoded";
        let body = self.credentials.body();
        let mut request = TokenEndpoint::request(self.url.clone(), form, body);
        if !self.credentials.in_body
            && let Some(authorization) = self.credentials.authorization()
        {
            request.headers_mut().insert(AUTHORIZATION, authorization);
        }
        self.endpoint.fetch(request, TokenMember::AccessToken).await
    }
}
