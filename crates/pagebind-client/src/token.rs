//! Account tokens, and where they come from.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use reqwest::header::HeaderValue;
use serde::Deserialize;
use zeroize::{Zeroize, Zeroizing};

/// A bearer token. It is never printed, and its memory is wiped when the last clone is dropped.
///
/// (The copies that the HTTP stack makes while it writes a request to the socket are beyond
/// reach.) Two tokens are equal if they are the same text, whenever they are thought to expire.
#[derive(Clone)]
pub struct Token {
    /// `Bearer …`, marked as sensitive; the bytes are shared by all clones.
    header: HeaderValue,
    expires: Option<SystemTime>,
}

impl Token {
    /// The token `value`; where it is a JWT, it expires when its `exp` says (RFC 7519, section
    /// 4.1.4).
    ///
    /// # Errors
    /// When `value` is empty or holds characters that no header can carry.
    pub fn new(value: impl Into<String>) -> Result<Self, TokenError> {
        let mut value = value.into();
        // The exact capacity keeps the buffer from moving and leaving an unwiped copy behind.
        let mut header = Zeroizing::new(Vec::with_capacity("Bearer ".len() + value.len()));
        header.extend_from_slice(b"Bearer ");
        header.extend_from_slice(value.as_bytes());
        let expires = jwt_expiry(&value);
        let sound = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_graphic());
        value.zeroize();
        match HeaderValue::from_maybe_shared(Bytes::from_owner(header)) {
            Ok(mut header) if sound => {
                header.set_sensitive(true);
                Ok(Self { header, expires })
            }
            _ => Err(TokenError::new(
                "the token is empty, or holds more than visible ASCII characters",
            )),
        }
    }

    /// The same token, known to expire at `time`.
    #[must_use]
    pub fn expiring_at(mut self, time: SystemTime) -> Self {
        self.expires = Some(time);
        self
    }

    /// When it expires, as far as known.
    #[must_use]
    pub fn expires(&self) -> Option<SystemTime> {
        self.expires
    }

    pub(crate) fn header_value(&self) -> HeaderValue {
        self.header.clone()
    }
}

impl PartialEq for Token {
    fn eq(&self, other: &Self) -> bool {
        self.header == other.header
    }
}

impl Eq for Token {}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token").field("expires", &self.expires).finish_non_exhaustive()
    }
}

/// The `exp` of a JWT, in seconds since the epoch; nothing else of it is looked at, and nothing is
/// verified: that is the API's part.
fn jwt_expiry(token: &str) -> Option<SystemTime> {
    #[derive(Deserialize)]
    struct Claims {
        exp: f64,
    }

    let payload = token.split('.').nth(1)?;
    let payload = Zeroizing::new(URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?);
    let claims: Claims = serde_json::from_slice(&payload).ok()?;
    let since_epoch = Duration::try_from_secs_f64(claims.exp).ok()?;
    UNIX_EPOCH.checked_add(since_epoch)
}

/// Why there is no token. Its message is printed, so it must not hold a credential.
#[derive(Debug, Clone)]
pub struct TokenError {
    message: Arc<str>,
    transient: bool,
    retry_after: Option<Duration>,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

impl TokenError {
    /// A failure that `message` describes.
    #[must_use]
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into().into(), transient: false, retry_after: None, source: None }
    }

    /// The same failure, caused by `source`, whose text is printed too.
    #[must_use]
    pub fn caused_by(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        self.source = Some(source.into().into());
        self
    }

    /// The same failure, which may be gone at the next try.
    #[must_use]
    pub fn transient(mut self) -> Self {
        self.transient = true;
        self
    }

    /// The same failure, where it is of no use to ask again before `wait` has passed.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// How long to wait before asking again: what the token endpoint wants, or how long
    /// [`CachingTokens`](crate::CachingTokens) waits for its own part.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// Whether it may be gone at the next try.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.transient
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for TokenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let source: &(dyn std::error::Error + 'static) = self.source.as_deref()?;
        Some(source)
    }
}

/// Where the tokens of one account come from.
///
/// A [`Token`] is a source of itself; a closure that returns a future of a token is one too:
/// `|| async { vault.account_token().await }`. [`CachingTokens`](crate::CachingTokens) keeps what
/// another source gives.
pub trait TokenSource: Send + Sync + 'static {
    /// A token to send now; called for each request.
    fn token(&self) -> impl Future<Output = Result<Token, TokenError>> + Send;

    /// A token to send now that is there without a wait; where there is none,
    /// [`token`](Self::token) is asked.
    fn at_hand(&self) -> Option<Token> {
        None
    }

    /// Another token than `rejected`, which the API answered with 401, or `None` if there is no
    /// other one.
    fn renew(
        &self,
        rejected: &Token,
    ) -> impl Future<Output = Result<Option<Token>, TokenError>> + Send {
        async move {
            let token = self.token().await?;
            Ok((token != *rejected).then_some(token))
        }
    }
}

impl TokenSource for Token {
    async fn token(&self) -> Result<Token, TokenError> {
        Ok(self.clone())
    }

    fn at_hand(&self) -> Option<Token> {
        Some(self.clone())
    }
}

impl<S: TokenSource> TokenSource for Arc<S> {
    fn token(&self) -> impl Future<Output = Result<Token, TokenError>> + Send {
        TokenSource::token(&**self)
    }

    fn at_hand(&self) -> Option<Token> {
        TokenSource::at_hand(&**self)
    }

    fn renew(
        &self,
        rejected: &Token,
    ) -> impl Future<Output = Result<Option<Token>, TokenError>> + Send {
        TokenSource::renew(&**self, rejected)
    }
}

impl<F, R> TokenSource for F
where
    F: Fn() -> R + Send + Sync + 'static,
    R: Future<Output = Result<Token, TokenError>> + Send,
{
    async fn token(&self) -> Result<Token, TokenError> {
        self().await
    }
}

type Boxed<'a, T> = Pin<Box<dyn Future<Output = Result<T, TokenError>> + Send + 'a>>;

/// A [`TokenSource`] whose type is forgotten, so that clients of all accounts are of one type.
pub(crate) trait AnyTokenSource: Send + Sync {
    fn at_hand(&self) -> Option<Token>;
    fn token(&self) -> Boxed<'_, Token>;
    fn renew<'a>(&'a self, rejected: &'a Token) -> Boxed<'a, Option<Token>>;
}

impl<S: TokenSource> AnyTokenSource for S {
    fn at_hand(&self) -> Option<Token> {
        TokenSource::at_hand(self)
    }

    fn token(&self) -> Boxed<'_, Token> {
        Box::pin(TokenSource::token(self))
    }

    fn renew<'a>(&'a self, rejected: &'a Token) -> Boxed<'a, Option<Token>> {
        Box::pin(TokenSource::renew(self, rejected))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jwt(payload: &str) -> String {
        format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(payload))
    }

    #[test]
    fn a_jwt_expires_when_it_says() {
        let expiry = |payload| Token::new(jwt(payload)).unwrap().expires();
        let at = |seconds| Some(UNIX_EPOCH + Duration::from_secs(seconds));
        assert_eq!(expiry(r#"{"exp":1643821003,"iat":1643820403}"#), at(1_643_821_003));
        assert_eq!(expiry(r#"{"exp":1643821003.0}"#), at(1_643_821_003));
        assert_eq!(expiry(r#"{"exp":-1}"#), None);
        assert_eq!(expiry(r#"{"exp":1e300}"#), None);
        assert_eq!(expiry("{}"), None);
        assert_eq!(Token::new("opaque").unwrap().expires(), None);
        assert_eq!(Token::new("a.!.c").unwrap().expires(), None);
    }

    #[test]
    fn a_token_is_not_printed() {
        let token = Token::new("s3cret").unwrap();
        assert!(!format!("{token:?} {:?}", token.header_value()).contains("s3cret"));
        let error = Token::new("s3cret\n").unwrap_err();
        assert!(!format!("{error} {error:?}").contains("s3cret"));
    }

    /// A source that counts from its answer gives the same token with another expiry each time;
    /// sending that again after a 401 would be of no use.
    #[tokio::test]
    async fn the_same_token_with_another_expiry_is_no_other_token() {
        let rejected = Token::new("opaque").unwrap().expiring_at(UNIX_EPOCH);
        let same = Token::new("opaque").unwrap().expiring_at(SystemTime::now());
        assert_eq!(TokenSource::renew(&same, &rejected).await.unwrap(), None);
        let other = Token::new("another").unwrap();
        assert_eq!(TokenSource::renew(&other, &rejected).await.unwrap(), Some(other));
    }

    /// There is one buffer to wipe, however many requests carry the token.
    #[test]
    fn clones_share_one_buffer() {
        let token = Token::new("s3cret").unwrap();
        let copy = token.clone().header_value();
        assert_eq!(copy.as_bytes().as_ptr(), token.header.as_bytes().as_ptr());
    }

    #[test]
    fn what_no_header_can_carry_is_no_token() {
        for text in ["", "two words", "naïve", "a\r\nx-tenant: b"] {
            assert!(Token::new(text).is_err(), "{text:?}");
        }
    }
}
