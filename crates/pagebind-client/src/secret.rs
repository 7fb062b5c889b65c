//! Texts that nobody may see.

use std::fmt;

use bytes::Bytes;
use reqwest::header::HeaderValue;
use zeroize::Zeroizing;

/// A key or a password. It is never printed, and its memory is wiped when it is dropped.
///
/// (The copies that the HTTP stack makes while it writes a request to the socket are beyond reach,
/// and so is what the caller made it from.)
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// The parts put together as the value of a header, marked as sensitive and wiped with its last
    /// clone; `None` if it is empty or holds what no header can carry.
    pub(crate) fn header(parts: &[&str]) -> Option<HeaderValue> {
        // The exact capacity keeps the buffer from moving and leaving an unwiped copy behind.
        let length = parts.iter().map(|part| part.len()).sum();
        let mut text = Zeroizing::new(Vec::with_capacity(length));
        parts.iter().for_each(|part| text.extend_from_slice(part.as_bytes()));
        let sound = !text.is_empty() && text.iter().all(|byte| matches!(byte, b' '..=b'~'));
        let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(text)).ok()?;
        value.set_sensitive(true);
        sound.then_some(value)
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(Zeroizing::new(text))
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(Zeroizing::new(text.to_owned()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}
