//! Account tokens, as Pismo's guides describe them: issued for credentials, good for a while.
//!
//! The forms of the requests are published; the answers follow RFC 6749 where the guides leave them
//! open. A token looks like a JWT whose claims hold the account and the expiry, and is good because
//! the sandbox issued it: nothing is signed.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::extract::State;
use axum::extract::rejection::{FormRejection, JsonRejection};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Form, Json};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

/// The header of a token request that asks for a token of so many seconds.
pub(crate) const LIFETIME_HEADER: &str = "x-sandbox-token-lifetime";

/// The credentials that tokens are issued for, and the tokens that are good now.
pub(crate) struct Tokens {
    id: String,
    secret: String,
    lifetime: Duration,
    issued: Mutex<HashMap<String, Bearer>>,
}

/// What a token is good for, and how long.
#[derive(Clone, Copy)]
pub(crate) struct Bearer {
    /// The Click to Pay endpoints refuse a token of no account.
    pub(crate) has_account: bool,
    /// `None` for one that never does.
    expires: Option<SystemTime>,
}

impl Bearer {
    fn is_good(&self, now: SystemTime) -> bool {
        self.expires.is_none_or(|end| now < end)
    }
}

impl Tokens {
    pub(crate) fn new(id: &str, secret: &str, lifetime: Duration) -> Self {
        let issued = Mutex::default();
        Self { id: id.to_owned(), secret: secret.to_owned(), lifetime, issued }
    }

    /// What the request's bearer token is good for; `None` where there is none that is good.
    pub(crate) fn bearer(&self, headers: &HeaderMap) -> Option<Bearer> {
        let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
        // The scheme's case does not matter (RFC 9110, section 11.1).
        let (scheme, token) = value.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let now = SystemTime::now();
        self.lock().get(token.trim()).copied().filter(|token| token.is_good(now))
    }

    /// Ends the life of every token that was issued so far.
    pub(crate) fn expire(&self) {
        self.lock().clear();
    }

    fn accepts(&self, id: &str, secret: &str) -> bool {
        self.id == id && self.secret == secret
    }

    fn issue(&self, account: Option<String>, lifetime: Duration) -> String {
        let now = SystemTime::now();
        let expires = now.checked_add(lifetime);
        let seconds = expires.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let seconds = seconds.map(|time| time.as_secs());
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let token = format!(
            "{}.{}.{}",
            part(json!({"alg": "none", "typ": "JWT"})),
            part(json!({"iss": "sandbox", "uid": account, "exp": seconds})),
            URL_SAFE_NO_PAD.encode(Uuid::new_v4().as_bytes()),
        );
        let mut issued = self.lock();
        issued.retain(|_, token| token.is_good(now));
        issued.insert(token.clone(), Bearer { has_account: account.is_some(), expires });
        token
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Bearer>> {
        // Every change leaves the map whole, so a panic elsewhere doesn't spoil it.
        self.issued.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long a token is to live: as the request asks, or as usual.
    fn lifetime(&self, headers: &HeaderMap) -> Result<Duration, Response> {
        let Some(value) = headers.get(LIFETIME_HEADER) else { return Ok(self.lifetime) };
        value.to_str().ok().and_then(|text| text.parse::<u32>().ok()).map_or_else(
            || Err(refused(StatusCode::BAD_REQUEST, "invalid_request")),
            |seconds| Ok(Duration::from_secs(seconds.into())),
        )
    }
}

/// A request for a token with OAuth2 client credentials, as the guide "Authentication with OAuth2"
/// names its parameters.
#[derive(Deserialize)]
pub(crate) struct OAuth2 {
    grant_type: String,
    client_id: String,
    client_secret_string: String,
    /// Permission groups; the sandbox permits everything.
    #[serde(rename = "scope")]
    _scope: String,
    uid: Option<String>,
}

/// `POST …/v2/oauth/token`: a form in, JSON out (RFC 6749, sections 4.4.2, 5.1 and 5.2).
pub(crate) async fn oauth2(
    State(tokens): State<Arc<Tokens>>,
    headers: HeaderMap,
    request: Result<Form<OAuth2>, FormRejection>,
) -> Response {
    let Ok(Form(request)) = request else {
        return refused(StatusCode::BAD_REQUEST, "invalid_request");
    };
    if request.grant_type != "client_credentials" {
        return refused(StatusCode::BAD_REQUEST, "unsupported_grant_type");
    }
    if !tokens.accepts(&request.client_id, &request.client_secret_string) {
        return refused(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    let lifetime = match tokens.lifetime(&headers) {
        Ok(lifetime) => lifetime,
        Err(response) => return response,
    };
    let token = tokens.issue(request.uid.filter(|account| !account.is_empty()), lifetime);
    answer(json!({
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": lifetime.as_secs(),
    }))
}

/// A request for a token with a server key, as the guide "Basic authentication with client
/// credentials" has it; its secret was published under both names.
#[derive(Deserialize)]
pub(crate) struct Basic {
    server_key: String,
    #[serde(alias = "server_secret")]
    secret_key: String,
    account_id: i64,
}

/// `POST …/v2/s2s/access-token`: JSON in and out.
pub(crate) async fn basic(
    State(tokens): State<Arc<Tokens>>,
    headers: HeaderMap,
    request: Result<Json<Basic>, JsonRejection>,
) -> Response {
    let Ok(Json(request)) = request else {
        return refused(StatusCode::BAD_REQUEST, "invalid_request");
    };
    if !tokens.accepts(&request.server_key, &request.secret_key) {
        return refused(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    match tokens.lifetime(&headers) {
        Ok(lifetime) => {
            answer(json!({"token": tokens.issue(Some(request.account_id.to_string()), lifetime)}))
        }
        Err(response) => response,
    }
}

fn answer(body: Value) -> Response {
    // RFC 6749, section 5.1: a token is not for caches.
    ([(header::CACHE_CONTROL, "no-store")], Json(body)).into_response()
}

fn refused(status: StatusCode, error: &str) -> Response {
    (status, Json(json!({"error": error}))).into_response()
}
