//! Text in the formats that contracts name: as it was read, checked as it is built.
//!
//! Services write more than RFC 3339 allows: ASP.NET leaves out the offset, others the seconds. So a
//! value read is kept as it came, and goes out again the same way; a value that is built has to be
//! in the format.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Text that is not in the format of its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrongFormat(&'static str);

impl fmt::Display for WrongFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not in the format `{}`", self.0)
    }
}

impl std::error::Error for WrongFormat {}

macro_rules! text {
    ($name:ident, $format:literal, $is:expr, $doc:literal) => {
        #[doc = $doc]
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Whether the text is in the format; what was read may be in another.
            #[inline]
            #[must_use]
            pub fn is_well_formed(&self) -> bool {
                $is(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = WrongFormat;

            #[inline]
            fn from_str(text: &str) -> Result<Self, WrongFormat> {
                if $is(text) { Ok(Self(text.to_owned())) } else { Err(WrongFormat($format)) }
            }
        }

        impl TryFrom<&str> for $name {
            type Error = WrongFormat;

            #[inline]
            fn try_from(text: &str) -> Result<Self, WrongFormat> {
                text.parse()
            }
        }

        impl TryFrom<String> for $name {
            type Error = WrongFormat;

            #[inline]
            fn try_from(text: String) -> Result<Self, WrongFormat> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text!(
    DateTime,
    "date-time",
    is_date_time,
    "A point in time, as in RFC 3339, section 5.6: `2024-05-01T10:00:00Z`.\n\nOne that was read may lack the offset. `as_str().parse()` gives the type of a library; two of them are equal if they are written the same."
);
text!(Date, "date", is_date, "A day, as in RFC 3339, section 5.6: `2024-05-01`.");
text!(
    Uuid,
    "uuid",
    is_uuid,
    "A UUID, as in RFC 9562, section 4: 32 hexadecimal digits in five groups."
);

impl From<uuid::Uuid> for Uuid {
    fn from(uuid: uuid::Uuid) -> Self {
        Self(uuid.to_string())
    }
}

#[inline]
fn is_uuid(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()
}

#[inline]
fn is_date_time(text: &str) -> bool {
    // RFC 3339 allows a small `t`, and a space for those who want to read it.
    let Some((date, time)) = text.split_at_checked(10) else { return false };
    let Some(time) = time.strip_prefix(['T', 't', ' ']) else { return false };
    is_date(date) && is_time(time)
}

#[inline]
fn is_date(text: &str) -> bool {
    let [Some(year), Some(month), Some(day)] = parts(text, '-', [4, 2, 2]) else { return false };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(leap),
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// Whether `text` is a time of day with an offset.
#[inline]
fn is_time(text: &str) -> bool {
    let Some((clock, rest)) = text.split_at_checked(8) else { return false };
    let [Some(hour), Some(minute), Some(second)] = parts(clock, ':', [2, 2, 2]) else {
        return false;
    };
    let offset = match rest.strip_prefix('.') {
        Some(fraction) => {
            let offset = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            if offset.len() == fraction.len() {
                return false;
            }
            offset
        }
        None => rest,
    };
    let is_offset = matches!(offset, "Z" | "z")
        || offset.strip_prefix(['+', '-']).is_some_and(|offset| {
            let parts: [Option<u32>; 2] = parts(offset, ':', [2, 2]);
            matches!(parts, [Some(0..=23), Some(0..=59)])
        });
    // The 60th second is a leap second.
    hour < 24 && minute < 60 && second <= 60 && is_offset
}

/// The numbers in `text`, which have this many digits each.
fn parts<const N: usize>(text: &str, separator: char, digits: [usize; N]) -> [Option<u32>; N] {
    let mut parts = text.split(separator);
    let numbers = digits.map(|digits| {
        parts
            .next()
            .filter(|part| part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|part| part.parse().ok())
    });
    if parts.next().is_some() { [None; N] } else { numbers }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_built_is_in_its_format() {
        for text in [
            "2024-05-01T10:00:00Z",
            "2024-02-29t23:59:60.123456789+05:30",
            "2000-02-29 00:00:00-00:00",
        ] {
            assert!(DateTime::try_from(text).is_ok(), "{text}");
        }
        for text in [
            "2024-05-01T10:00:00",
            "2024-05-01",
            "2023-02-29T10:00:00Z",
            "1900-02-29T10:00:00Z",
            "2024-13-01T10:00:00Z",
            "2024-05-01T24:00:00Z",
            "2024-05-01T10:00:00.Z",
            "2024-05-01T10:00:00+5:30",
            "2024-05-01T1O:00:00Z",
            "2024-05-0é",
            "",
        ] {
            assert!(DateTime::try_from(text).is_err(), "{text}");
        }
        assert!("2024-02-30".parse::<Date>().is_err());
        assert!("2024-02-28".parse::<Date>().is_ok());
        assert!("2024-2-28".parse::<Date>().is_err());
        assert!("67e55044-10b1-426f-9247-bb680e5fe0c8".parse::<Uuid>().is_ok());
        assert_eq!(
            "67e5504410b1426f9247bb680e5fe0c8".parse::<Uuid>().unwrap_err().to_string(),
            "not in the format `uuid`"
        );
    }

    #[test]
    fn what_is_read_is_kept_as_it_came() {
        for text in ["2024-05-01T10:00:00", "2024-05-01T10:00:00.000+02:00", "soon"] {
            let json = format!("{text:?}");
            let read: DateTime = serde_json::from_str(&json).unwrap();
            assert_eq!(read.to_string(), text);
            assert_eq!(serde_json::to_string(&read).unwrap(), json);
        }
        let read: DateTime = serde_json::from_str("\"2024-05-01T10:00:00\"").unwrap();
        assert!(!read.is_well_formed());
    }
}
