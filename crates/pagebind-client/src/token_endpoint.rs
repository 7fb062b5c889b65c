//! A token endpoint: a request with credentials, answered with a token.
//!
//! A token that is fetched twice does no harm, so its requests are tried again like those of an
//! idempotent method. What can't be read beside the token costs no token.

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Request, Url};
use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

use crate::response::without_bom;
use crate::{ErrorKind, Failure, OperationInfo, RetryPolicy, Session, Token, TokenError};

/// Where credentials are exchanged for tokens.
#[derive(Debug, Clone)]
pub struct TokenEndpoint {
    session: Session,
}

/// The member of an answer that holds the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenMember {
    /// `access_token` (RFC 6749, section 5.1).
    AccessToken,
    /// `token`.
    Token,
}

/// What is read of an answer that has its token in `access_token`, whatever stands in `token`.
#[derive(Deserialize)]
struct OfAccessToken {
    access_token: Option<Secret>,
    #[serde(default)]
    expires_in: Lifetime,
}

/// The same the other way round.
#[derive(Deserialize)]
struct OfToken {
    token: Option<Secret>,
    #[serde(default)]
    expires_in: Lifetime,
}

impl TokenEndpoint {
    /// The endpoint that `session` reaches, with its limits and its retry policy, which takes every
    /// request for one that may be repeated.
    #[inline]
    #[must_use]
    pub fn new(session: &Session, retry: RetryPolicy) -> Self {
        let retry = RetryPolicy { repeat_non_idempotent: true, ..retry };
        Self { session: session.with_retry(retry) }
    }

    /// An endpoint that is reached as `api` is, by requests that carry nothing of what its calls carry.
    #[inline]
    pub(crate) fn beside(api: &Session) -> Self {
        Self::new(&api.bare(), (*api.retry).clone())
    }

    /// The session.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// A request to `url` with `body`, which holds a secret: see [`wiped_form`](crate::wiped_form) and
    /// [`wiped_json`](crate::wiped_json).
    #[inline]
    #[must_use]
    pub fn request(url: Url, media_type: &'static str, body: Bytes) -> Request {
        let mut request = Request::new(Method::POST, url);
        let headers = request.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        *request.body_mut() = Some(body.into());
        request
    }

    /// Sends `request`, and reads the token from `member` of its answer, a JSON object.
    ///
    /// A JWT expires when its `exp` says; any other token after `expires_in` seconds, a number or a
    /// text, counted from the request.
    ///
    /// # Errors
    /// A [`TokenError`]: lasting where the credentials are refused (400, 401, 403) or the answer holds no
    /// token, transient where the same request may succeed later.
    pub async fn fetch(&self, request: Request, member: TokenMember) -> Result<Token, TokenError> {
        const INFO: OperationInfo = OperationInfo::new("fetch_token", "POST", "");
        let asked = self.session.clock().now();
        let response = self.session.execute(request, &INFO).await.map_err(explain)?;
        if !response.status().is_success() {
            return Err(explain(response.into_undocumented().await));
        }
        let answer = response.read().await.map_err(explain)?;
        let body = without_bom(answer.body());
        let read = match member {
            TokenMember::AccessToken => serde_json::from_slice(body)
                .map(|OfAccessToken { access_token, expires_in }| (access_token, expires_in)),
            TokenMember::Token => serde_json::from_slice(body)
                .map(|OfToken { token, expires_in }| (token, expires_in)),
        };
        let Ok((found, expires_in)) = read else {
            return Err(explain(answer.undecodable("not the JSON of a token")));
        };
        let Some(Secret(mut text)) = found else {
            return Err(explain(answer.undecodable("JSON without a token where one is expected")));
        };
        let token = Token::new(std::mem::take(&mut *text))?;
        let expiry = expires_in.0.and_then(|lifetime| asked.checked_add(lifetime));
        Ok(match (token.expires(), expiry) {
            (None, Some(expiry)) => token.expiring_at(expiry),
            _ => token,
        })
    }
}

const NO_TOKEN: &str = "the token endpoint gave no token";

/// A failure of the token endpoint in terms of credentials. Its body is left behind: it may hold a
/// token.
#[inline]
fn explain(failure: Failure) -> TokenError {
    let status = failure.status().map(|status| status.as_u16());
    let message = match (status, failure.kind()) {
        (Some(status @ (400 | 401 | 403)), _) => {
            format!("the token endpoint refused the credentials (status {status})")
        }
        (_, ErrorKind::Undecodable) => {
            "the token endpoint's answer holds no token where one is expected".to_owned()
        }
        _ => NO_TOKEN.to_owned(),
    };
    let error = TokenError::new(message);
    let error = if failure.is_transient() { error.transient() } else { error };
    let error = match failure.retry_after() {
        Some(wait) => error.with_retry_after(wait),
        None => error,
    };
    error.caused_by(failure.without_body())
}

/// A token as it is read: wiped, whatever else of the answer can't be read.
struct Secret(Zeroizing<String>);

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(Zeroizing::new(text)))
    }
}

/// Seconds, as a number or a text. Anything else says nothing.
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
