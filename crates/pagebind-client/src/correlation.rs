//! The id that ties a request to what comes of it.
//!
//! An asynchronous API answers "accepted" and tells the outcome later, elsewhere, under the id
//! that the request carried. It is on every request, in its span, in its error and on its
//! response, and it stays the same on each try.

use std::borrow::Borrow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use bytes::Bytes;
use reqwest::header::HeaderValue;
use uuid::Uuid;
use uuid::fmt::Hyphenated;

/// A correlation id: visible ASCII, not empty, sent as it is.
///
/// It is printed in logs and errors, so it must not hold personal data.
#[derive(Clone)]
pub struct CorrelationId(Text);

#[derive(Clone)]
enum Text {
    /// One for each request, so it takes no memory of its own.
    Uuid([u8; Hyphenated::LENGTH]),
    Given(Arc<str>),
}

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
        let mut text = [0; Hyphenated::LENGTH];
        Uuid::new_v4().hyphenated().encode_lower(&mut text);
        Self(Text::Uuid(text))
    }

    /// The caller's own id.
    ///
    /// # Errors
    /// When `text` is empty, longer than 256 characters, or holds anything but visible ASCII.
    pub fn new(text: &str) -> Result<Self, InvalidCorrelationId> {
        let sound = (1..=256).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        if sound { Ok(Self(Text::Given(text.into()))) } else { Err(InvalidCorrelationId) }
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Text::Uuid(text) => {
                std::str::from_utf8(text).expect("a UUID is hexadecimal digits and hyphens")
            }
            Text::Given(text) => text,
        }
    }

    pub(crate) fn header_value(&self) -> HeaderValue {
        // Each try carries a clone; an owner's bytes are shared by their clones from the start.
        let bytes = match &self.0 {
            Text::Uuid(text) => Bytes::from_owner(*text),
            Text::Given(text) => Bytes::copy_from_slice(text.as_bytes()),
        };
        HeaderValue::from_maybe_shared(bytes).expect("both constructors take visible ASCII only")
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
