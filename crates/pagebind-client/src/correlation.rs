//! The id that ties a request to what comes of it.
//!
//! An asynchronous API answers "accepted" and tells the outcome later, elsewhere, under the id
//! that the request carried. It is on every request, in its span, in its error and on its
//! response, and it stays the same on each try.

use std::borrow::Borrow;
use std::fmt;
use std::hash::{Hash, Hasher};

use reqwest::header::HeaderValue;
use uuid::Uuid;

/// A correlation id: visible ASCII, not empty, sent as it is.
///
/// It is printed in logs and errors, so it must not hold personal data.
#[derive(Clone)]
pub struct CorrelationId(HeaderValue);

/// The text can't be a correlation id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidCorrelationId;

impl fmt::Display for InvalidCorrelationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a correlation id needs 1 to 256 visible ASCII characters, without spaces")
    }
}

impl std::error::Error for InvalidCorrelationId {}

impl CorrelationId {
    /// A fresh UUID v4.
    #[must_use]
    pub fn random() -> Self {
        let value = HeaderValue::try_from(Uuid::new_v4().to_string());
        Self(value.expect("a UUID is hexadecimal digits and hyphens"))
    }

    /// The caller's own id.
    ///
    /// # Errors
    /// When `text` is empty, longer than 256 characters, or holds anything but visible ASCII.
    pub fn new(text: &str) -> Result<Self, InvalidCorrelationId> {
        let sound = (1..=256).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        let value = HeaderValue::from_str(text).ok().filter(|_| sound);
        value.map(Self).ok_or(InvalidCorrelationId)
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.to_str().expect("both constructors take visible ASCII only")
    }

    pub(crate) fn header_value(&self) -> HeaderValue {
        self.0.clone()
    }
}

impl PartialEq for CorrelationId {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for CorrelationId {}

/// As its text, by which a map of requests is asked for that of an event.
impl Hash for CorrelationId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl Borrow<str> for CorrelationId {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for CorrelationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for CorrelationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.as_str())
    }
}

impl PartialEq<str> for CorrelationId {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_random_id_is_a_uuid_and_differs_each_time() {
        let (one, two) = (CorrelationId::random(), CorrelationId::random());
        assert_ne!(one, two);
        let uuid = Uuid::parse_str(one.as_str()).unwrap();
        assert_eq!(uuid.get_version_num(), 4);
    }

    #[test]
    fn a_map_of_ids_is_asked_for_a_text() {
        let ids = HashSet::from([CorrelationId::new("order-42").unwrap()]);
        assert!(ids.contains("order-42"));
        assert!(!ids.contains("order-43"));
    }

    #[test]
    fn only_what_a_header_can_carry_unchanged_is_taken() {
        assert_eq!(CorrelationId::new("order-42").unwrap().as_str(), "order-42");
        for text in ["", "two words", "line\nbreak", "naïve", &"x".repeat(257)] {
            assert_eq!(CorrelationId::new(text), Err(InvalidCorrelationId), "{text:?}");
        }
    }
}
