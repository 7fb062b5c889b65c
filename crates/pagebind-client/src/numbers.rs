//! Numbers as JSON has them, for which 1, 1.0 and 1e0 are one number.
//!
//! A field of whole numbers reads `1.0`, which some services write, and a field of floating-point
//! numbers writes a whole one as `1`, since others take nothing else for an integer. Generated code
//! names this module in `#[serde(with = "…")]` of every field with numbers, in lists and maps too.

use std::collections::HashMap;

use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
// Not a visitor of our own: a dependency may turn on `serde_json/arbitrary_precision`, which hands
// numbers over in another form.
use serde_json::Number;

use crate::Nullable;

/// A number, or what holds numbers.
pub trait Numbers: Sized {
    /// Reads it.
    ///
    /// # Errors
    /// When it is no number, or one that the type has no room for.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;

    /// Writes it.
    ///
    /// # Errors
    /// For what is no number in JSON: infinity, and `NaN`.
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

/// Writes numbers.
///
/// # Errors
/// See [`Numbers::write`].
pub fn serialize<T: Numbers, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    value.write(serializer)
}

/// Reads numbers.
///
/// # Errors
/// See [`Numbers::read`].
pub fn deserialize<'de, T: Numbers, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::read(deserializer)
}

/// Reads numbers of a member that is there, so that null is not taken for one that is not.
///
/// # Errors
/// See [`Numbers::read`].
pub fn present<'de, T: Numbers, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::read(deserializer).map(Some)
}

/// Lets `serde` read what is in a container.
pub(crate) struct Read<T>(pub(crate) T);

impl<'de, T: Numbers> Deserialize<'de> for Read<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(Self)
    }
}

/// Lets `serde` write what is in a container.
pub(crate) struct Write<'a, T>(pub(crate) &'a T);

impl<T: Numbers> Serialize for Write<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer)
    }
}

impl<T: Numbers> Numbers for Option<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::<Read<T>>::deserialize(deserializer)?.map(|read| read.0))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_ref().map(Write).serialize(serializer)
    }
}

impl<T: Numbers> Numbers for Nullable<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::read(deserializer).map(Self::from)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().map(Write).serialize(serializer)
    }
}

impl<T: Numbers> Numbers for Box<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(Self::new)
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        T::write(self, serializer)
    }
}

impl<T: Numbers> Numbers for Vec<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = Vec::<Read<T>>::deserialize(deserializer)?;
        Ok(read.into_iter().map(|read| read.0).collect())
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Write))
    }
}

impl<T: Numbers> Numbers for HashMap<String, T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = HashMap::<String, Read<T>>::deserialize(deserializer)?;
        Ok(read.into_iter().map(|(name, read)| (name, read.0)).collect())
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(name, value)| (name, Write(value))))
    }
}

/// Every whole number below 2^53 is exact in an `f64`.
const EXACT: f64 = 9_007_199_254_740_992.0;

macro_rules! whole {
    ($($number:ty),*) => {$(
        impl Numbers for $number {
            fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let number = Number::deserialize(deserializer)?;
                // Of a float, what is below the bound is exact.
                let whole = number.as_i64().map(Self::try_from).map(Result::ok)
                    .or_else(|| number.as_u64().map(|number| Self::try_from(number).ok()))
                    .unwrap_or_else(|| {
                        let float = number.as_f64()?;
                        let exact = float.fract() == 0.0 && float.abs() < EXACT;
                        exact.then(|| Self::try_from(float as i64).ok()).flatten()
                    });
                whole.ok_or_else(|| {
                    D::Error::custom(concat!(
                        "expected a whole number with room in `", stringify!($number), "`"
                    ))
                })
            }

            fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.serialize(serializer)
            }
        }
    )*};
}

whole!(i8, i16, i32, i64, u8, u16, u32, u64);

impl Numbers for f64 {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = Number::deserialize(deserializer)?;
        number.as_f64().ok_or_else(|| D::Error::custom("expected a number with room in `f64`"))
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !self.is_finite() {
            return Err(S::Error::custom("neither infinity nor NaN is a number in JSON"));
        }
        if self.fract() == 0.0 && self.abs() < EXACT {
            // Exact, as the bound says.
            serializer.serialize_i64(*self as i64)
        } else {
            serializer.serialize_f64(*self)
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct All {
        #[serde(with = "super")]
        whole: i64,
        #[serde(with = "super")]
        float: Vec<f64>,
        #[serde(default, skip_serializing_if = "Option::is_none", with = "super")]
        maybe: Option<HashMap<String, u8>>,
    }

    #[test]
    fn a_whole_number_may_be_written_with_a_fraction_and_a_float_without() {
        let all: All = serde_json::from_value(
            json!({ "whole": 1.0, "float": [2, 2.5, -0.25], "maybe": { "a": 3.0 } }),
        )
        .unwrap();
        assert_eq!(all.whole, 1);
        assert_eq!(
            serde_json::to_string(&all).unwrap(),
            r#"{"whole":1,"float":[2,2.5,-0.25],"maybe":{"a":3}}"#
        );
    }

    #[test]
    fn a_number_without_room_or_with_a_fraction_is_refused() {
        let read = |whole: serde_json::Value| {
            serde_json::from_value::<All>(json!({ "whole": whole, "float": [] }))
        };
        assert!(read(json!(1.5)).is_err());
        assert!(read(json!(u64::MAX)).is_err());
        assert!(read(json!("1")).is_err());
        assert!(
            serde_json::to_string(&All { whole: 1, float: vec![f64::NAN], maybe: None }).is_err()
        );
    }

    #[test]
    fn every_integer_keeps_all_of_its_digits() {
        let all: All = serde_json::from_value(json!({ "whole": i64::MAX, "float": [] })).unwrap();
        assert_eq!(all.whole, i64::MAX);
    }
}
