//! Webhooks and callbacks: what a service sends to its users' own servers.
//!
//! Whoever runs such a server hands over the headers and the body of a request, of whatever HTTP library;
//! nothing is sent or received here. Reading is lenient, as it is for answers.

use std::fmt;

use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;

use crate::response::without_bom;

type Check = Box<dyn Fn(&HeaderMap, &[u8]) -> bool + Send + Sync>;

/// What reads webhooks, once it is sure of who sent them.
pub struct WebhookReceiver {
    check: Option<Check>,
}

/// Why a webhook is not taken; its text repeats nothing of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum WebhookError {
    /// The check of the receiver says no: answer it with 401, and do nothing of what it says.
    Unsigned,
    /// The body is not what the contract says.
    Undecodable {
        /// The line, from 1.
        line: usize,
        /// The column in bytes, from 1.
        column: usize,
    },
    /// The body is not what the contract says, as a form.
    UndecodableForm,
    /// The body is not what the contract says, in XML.
    #[cfg(feature = "xml")]
    UndecodableXml,
}

impl fmt::Display for WebhookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsigned => f.write_str("the webhook is not signed as it has to be"),
            Self::Undecodable { line, column } => write!(
                f,
                "the webhook is no JSON as the contract says, at line {line}, column {column}"
            ),
            Self::UndecodableForm => f.write_str("the webhook is no form as the contract says"),
            #[cfg(feature = "xml")]
            Self::UndecodableXml => f.write_str("the webhook is no XML as the contract says"),
        }
    }
}

impl std::error::Error for WebhookError {}

impl WebhookReceiver {
    /// Takes what `check` says is signed: it sees the headers, and the body to the byte. How publishers
    /// sign is on their pages. Compare signatures in constant time.
    pub fn checked(check: impl Fn(&HeaderMap, &[u8]) -> bool + Send + Sync + 'static) -> Self {
        Self { check: Some(Box::new(check)) }
    }

    /// Takes what anybody sends, for where something else has made sure of the sender.
    #[must_use]
    pub fn unchecked() -> Self {
        Self { check: None }
    }

    pub(crate) fn check(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), WebhookError> {
        let signed = self.check.as_ref().is_none_or(|check| check(headers, body));
        if signed { Ok(()) } else { Err(WebhookError::Unsigned) }
    }

    /// Reads the JSON of a webhook.
    ///
    /// # Errors
    /// When it is not signed, or no `T`.
    pub fn read<T: DeserializeOwned>(
        &self,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<T, WebhookError> {
        self.check(headers, body)?;
        // The source's message could repeat a value.
        serde_json::from_slice(without_bom(body)).map_err(|error| WebhookError::Undecodable {
            line: error.line(),
            column: error.column(),
        })
    }
}

impl fmt::Debug for WebhookReceiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookReceiver").field("checks", &self.check.is_some()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_signed_is_not_read() {
        let receiver = WebhookReceiver::checked(|headers, body| {
            headers.get("x-length").is_some_and(|it| it == body.len().to_string().as_str())
        });
        let mut headers = HeaderMap::new();
        assert_eq!(receiver.read::<i64>(&headers, b"no json"), Err(WebhookError::Unsigned));
        headers.insert("x-length", 2.into());
        assert_eq!(receiver.read::<i64>(&headers, b"42"), Ok(42));
    }

    #[test]
    fn an_error_tells_the_place_and_no_value() {
        let receiver = WebhookReceiver::unchecked();
        let error = receiver.read::<i64>(&HeaderMap::new(), b"\"s3cret\"").unwrap_err();
        assert_eq!(error, WebhookError::Undecodable { line: 1, column: 8 });
        assert!(!format!("{error} {error:?} {receiver:?}").contains("s3cret"));
    }
}
