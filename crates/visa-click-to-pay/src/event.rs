//! The events in which the outcome of an accepted request arrives.

use std::fmt;

use pagebind_client::CorrelationId;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
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
    /// The version of the schema of `data`, where the event tells it; published as an integer or a
    /// string, kept as text.
    #[serde(default, deserialize_with = "text_or_number")]
    pub schema_version: Option<String>,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct EventError {
    /// The field of the event that is missing or of another kind; none where the message is no
    /// object, or no JSON.
    pub field: Option<&'static str>,
    /// Where it stops to be one, from 1.
    pub line: usize,
    /// The column in bytes, from 1.
    pub column: usize,
}

impl fmt::Display for EventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the message is not an event of this type")?;
        if let Some(field) = self.field {
            write!(f, ": look at `{field}`")?;
        }
        write!(f, ", at line {}, column {}", self.line, self.column)
    }
}

impl std::error::Error for EventError {}

impl<T: DeserializeOwned> Event<T> {
    /// Reads the event itself, as JSON: what a queue wraps around it (an SNS notification, say)
    /// comes off first. Members that are not listed here are ignored.
    ///
    /// # Errors
    /// When it is not JSON, lacks a field, or `data` is not a `T`; the error tells the field and the
    /// place only.
    pub fn from_json(message: &[u8]) -> Result<Self, EventError> {
        serde_json::from_slice(message).map_err(|error| EventError {
            field: Self::unfit(message),
            line: error.line(),
            column: error.column(),
        })
    }

    /// The first field that keeps a message from being an event.
    fn unfit(message: &[u8]) -> Option<&'static str> {
        let Ok(Value::Object(fields)) = serde_json::from_slice(message) else { return None };
        let fits = |name: &&str| {
            let value = fields.get(*name);
            match *name {
                "event_id" => value.is_some_and(|id| Uuid::deserialize(id).is_ok()),
                "schema_version" => value.is_none_or(|version| text_or_number(version).is_ok()),
                "data" => value.is_some_and(|data| T::deserialize(data.clone()).is_ok()),
                _ => value.is_some_and(Value::is_string),
            }
        };
        FIELDS.into_iter().find(|name| !fits(name))
    }
}

const FIELDS: [&str; 8] =
    ["event_id", "domain", "event_type", "schema_version", "org_id", "cid", "timestamp", "data"];

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

fn text_or_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::String(text) => Ok(Some(text)),
        Value::Number(number) => Ok(Some(number.to_string())),
        Value::Null => Ok(None),
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
        let event = Event::<Value>::from_json(MESSAGE.as_bytes()).unwrap();
        assert_eq!(event.schema_version.as_deref(), Some("1"));
        assert_eq!(event.data["name"], "marker");
        assert!(event.answers(&CorrelationId::new("order-42").unwrap()));
        assert!(!event.answers(&CorrelationId::new("order-43").unwrap()));
    }

    #[test]
    fn the_schema_version_may_be_a_string() {
        let message = MESSAGE.replace("\"schema_version\": 1", "\"schema_version\": \"1.2\"");
        let event = Event::<Value>::from_json(message.as_bytes()).unwrap();
        assert_eq!(event.schema_version.as_deref(), Some("1.2"));
    }

    #[test]
    fn an_event_without_a_schema_version_is_read() {
        for version in ["", "\"schema_version\": null,"] {
            let message = MESSAGE.replace("\"schema_version\": 1,", version);
            let event = Event::<Value>::from_json(message.as_bytes()).unwrap();
            assert_eq!(event.schema_version, None);
        }
    }

    #[test]
    fn an_error_names_the_field_that_is_missing_or_of_another_kind() {
        let message: Value = serde_json::from_str(MESSAGE).unwrap();
        for field in FIELDS {
            let mut missing = message.clone();
            missing.as_object_mut().unwrap().remove(field);
            let error = Event::<Value>::from_json(missing.to_string().as_bytes()).err();
            let expected = (field != "schema_version").then_some(field);
            assert_eq!(error.and_then(|error| error.field), expected);

            let mut other = message.clone();
            other[field] = serde_json::json!(["marker"]);
            let error = Event::<std::collections::BTreeMap<String, String>>::from_json(
                other.to_string().as_bytes(),
            )
            .unwrap_err();
            assert_eq!(error.field, Some(field));
            let text = error.to_string();
            assert!(text.contains(&format!("`{field}`")) && !text.contains("marker"), "{text}");
        }
        for no_event in ["[]", "{", "marker"] {
            assert_eq!(Event::<Value>::from_json(no_event.as_bytes()).unwrap_err().field, None);
        }
    }

    #[test]
    fn neither_an_event_nor_its_error_prints_the_data() {
        let event = Event::<Value>::from_json(MESSAGE.as_bytes()).unwrap();
        assert!(!format!("{event:?}").contains("marker"));
        let error = Event::<Vec<String>>::from_json(MESSAGE.as_bytes()).unwrap_err();
        assert_eq!(error.line, 9);
        assert!(!format!("{error} {error:?}").contains("marker"));
    }
}
