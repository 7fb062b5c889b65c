//! Null as a value of its own, beside a member that is left out.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A value that may be null, in a place where null is something else than nothing.
///
/// A member that is both optional and nullable is an `Option<Nullable<T>>`: `None` leaves it out,
/// `Some(Nullable::Null)` sends `null`, which in a merge patch (RFC 7396) removes the member.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Nullable<T> {
    /// `null`.
    Null,
    /// A value.
    Value(T),
}

impl<T> Nullable<T> {
    /// The value, unless it is null.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Null => None,
            Self::Value(value) => Some(value),
        }
    }

    /// The value itself, unless it is null.
    pub fn into_value(self) -> Option<T> {
        match self {
            Self::Null => None,
            Self::Value(value) => Some(value),
        }
    }

    /// Whether it is null.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

impl<T> From<T> for Nullable<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T> From<Option<T>> for Nullable<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Value)
    }
}

impl<T: Serialize> Serialize for Nullable<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Nullable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Self::from)
    }
}

/// Reads a member that is there, so that null is not taken for one that is not. Generated code names
/// it in `#[serde(deserialize_with = "…")]`.
///
/// # Errors
/// When it is no `T`.
pub fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Patch {
        #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
        name: Option<Nullable<String>>,
    }

    #[test]
    fn absent_null_and_empty_are_three_things_in_both_directions() {
        for (text, name) in [
            ("{}", None),
            (r#"{"name":null}"#, Some(Nullable::Null)),
            (r#"{"name":""}"#, Some(Nullable::Value(String::new()))),
        ] {
            let patch: Patch = serde_json::from_str(text).unwrap();
            assert_eq!(patch.name, name);
            assert_eq!(serde_json::to_string(&patch).unwrap(), text);
        }
    }
}
