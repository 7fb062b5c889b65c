//! The events in which the outcome of an accepted request arrives.

use std::fmt;

use pagebind_client::CorrelationId;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use uuid::Uuid;

/// An event of the platform, whatever queue delivers it.
///
/// The fields are those of Pismo's events guide, "Event data: common fields". The `data` of the
/// Click to Pay event (`cards-tokenization-click-to-pay-1`) is not published; give `T` the shape
/// that your organization agreed with Pismo, or [`serde_json::Value`].
///
/// Delivery is at least once: keep the [`event_id`](Self::event_id) of what is done.
#[derive(Clone, Deserialize)]
#[non_exhaustive]
pub struct Event<T> {
    /// Identifies the event; the same on a repeated delivery.
    pub event_id: Uuid,
    /// The part of the platform that it comes from, such as `cards-tokenization`.
    pub domain: String,
    /// What happened; ends in the schema version.
    pub event_type: String,
    /// The version of the schema of `data`; published as an integer or a string, kept as text.
    #[serde(deserialize_with = "text_or_number")]
    pub schema_version: String,
    /// The organization (`x-tenant` of the request).
    pub org_id: String,
    /// The correlation id (`x-cid` of the request); [`answers`](Self::answers) compares it.
    pub cid: String,
    /// When it happened, in UTC and unread: `2019-07-20T19:03:00.000Z`.
    pub timestamp: String,
    /// What happened in detail. It may hold personal data, so `Debug` does not show it.
    pub data: T,
}

/// Why a message is no event. It does not repeat the message, which may hold personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the message is not an event of this type, at line {line}, column {column}")]
pub struct EventError {
    /// Where it stops to be one, from 1.
    pub line: usize,
    /// The column in bytes, from 1.
    pub column: usize,
}

impl<T: DeserializeOwned> Event<T> {
    /// Reads the event itself, as JSON: what a queue wraps around it (an SNS notification, say)
    /// comes off first. Members that are not listed here are ignored.
    ///
    /// # Errors
    /// When it is not JSON, lacks a field, or `data` is not a `T`; the error tells the place only.
    pub fn from_json(message: &[u8]) -> Result<Self, EventError> {
        serde_json::from_slice(message)
            .map_err(|error| EventError { line: error.line(), column: error.column() })
    }
}

impl<T> Event<T> {
    /// Whether it tells the outcome of the request that was accepted under `id`.
    #[must_use]
    pub fn answers(&self, id: &CorrelationId) -> bool {
        *id == *self.cid
    }
}

impl<T> fmt::Debug for Event<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("event_id", &self.event_id)
            .field("domain", &self.domain)
            .field("event_type", &self.event_type)
            .field("schema_version", &self.schema_version)
            .field("org_id", &self.org_id)
            .field("cid", &self.cid)
            .field("timestamp", &self.timestamp)
            .finish_non_exhaustive()
    }
}

fn text_or_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    match serde_json::Value::deserialize(deserializer)? {
        serde_json::Value::String(text) => Ok(text),
        serde_json::Value::Number(number) => Ok(number.to_string()),
        _ => Err(D::Error::custom("expected an integer or a string")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGE: &str = r#"{
        "event_id": "252212bf-cde2-43f9-b28f-33ea2b452b32",
        "domain": "cards-tokenization",
        "event_type": "click-to-pay-1",
        "schema_version": 1,
        "org_id": "TN-1",
        "cid": "order-42",
        "timestamp": "2019-07-20T19:03:00.000Z",
        "data": {"name": "marker"}
    }"#;

    #[test]
    fn an_event_is_matched_by_the_correlation_id_of_its_request() {
        let event = Event::<serde_json::Value>::from_json(MESSAGE.as_bytes()).unwrap();
        assert_eq!(event.schema_version, "1");
        assert_eq!(event.data["name"], "marker");
        assert!(event.answers(&CorrelationId::new("order-42").unwrap()));
        assert!(!event.answers(&CorrelationId::new("order-43").unwrap()));
    }

    #[test]
    fn the_schema_version_may_be_a_string() {
        let message = MESSAGE.replace("\"schema_version\": 1", "\"schema_version\": \"1.2\"");
        let event = Event::<serde_json::Value>::from_json(message.as_bytes()).unwrap();
        assert_eq!(event.schema_version, "1.2");
    }

    #[test]
    fn neither_an_event_nor_its_error_prints_the_data() {
        let event = Event::<serde_json::Value>::from_json(MESSAGE.as_bytes()).unwrap();
        assert!(!format!("{event:?}").contains("marker"));
        let error = Event::<Vec<String>>::from_json(MESSAGE.as_bytes()).unwrap_err();
        assert_eq!(error.line, 9);
        assert!(!format!("{error} {error:?}").contains("marker"));
    }
}
