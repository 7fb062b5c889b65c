//! Texts: enums of which each variant is a text, as they are read and written, parsed and printed.
//!
//! As with [objects](crate::object), what a derive of `serde` writes for each is long, and shared here. An
//! enum is open if it has a variant that keeps what the contract does not list.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::{Error, Visitor};

/// An enum of which each variant is a text.
pub trait Texts: Clone + 'static {
    /// The texts that it lists.
    const LISTED: &'static [&'static str];
    /// The variants of these, in the same order.
    const VARIANTS: &'static [Self];
    /// What keeps a text that is not listed, if anything does.
    const UNLISTED: &'static [fn(String) -> Self];

    /// The text of a variant.
    fn text(&self) -> &str;
}

/// What an enum of texts is read from and written as: the variants with their texts, and for `_` the one that
/// keeps what is not listed. `without Display` leaves out what prints it, `without serde` what derives write. It
/// stands beside the module `error`.
#[doc(hidden)]
#[macro_export]
macro_rules! __texts {
    ($texts:ident $listed:tt) => {
        $crate::__texts!(@listed $texts $listed);
        $crate::__texts!(@Display $texts);
        $crate::__texts!(@serde $texts);
    };
    ($texts:ident without Display $listed:tt) => {
        $crate::__texts!(@listed $texts $listed);
        $crate::__texts!(@serde $texts);
    };
    ($texts:ident without serde $listed:tt) => {
        $crate::__texts!(@listed $texts $listed);
        $crate::__texts!(@Display $texts);
    };
    ($texts:ident without Display without serde $listed:tt) => {
        $crate::__texts!(@listed $texts $listed);
    };
    (@listed $texts:ident { $($variant:ident = $text:literal,)* $(_ = $unlisted:ident)? }) => {
        impl $crate::__private::texts::Texts for $texts {
            const LISTED: &'static [&'static str] = &[$($text),*];
            const VARIANTS: &'static [Self] = &[$(Self::$variant),*];
            const UNLISTED: &'static [fn(::std::string::String) -> Self] = &[$(Self::$unlisted)?];

            fn text(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    $(Self::$unlisted(text) => text,)?
                }
            }
        }

        // A variant may be called `Err` or `Error`, so that neither is said of `Self`.
        impl ::std::str::FromStr for $texts {
            type Err = self::error::ConversionError;

            fn from_str(text: &str) -> ::std::result::Result<Self, self::error::ConversionError> {
                $crate::__private::texts::parse(text)
            }
        }

        impl ::std::convert::TryFrom<&str> for $texts {
            type Error = self::error::ConversionError;

            fn try_from(text: &str) -> ::std::result::Result<Self, self::error::ConversionError> {
                $crate::__private::texts::parse(text)
            }
        }

        impl ::std::convert::TryFrom<::std::string::String> for $texts {
            type Error = self::error::ConversionError;

            fn try_from(text: ::std::string::String) -> ::std::result::Result<Self, self::error::ConversionError> {
                $crate::__private::texts::parse(&text)
            }
        }
    };
    (@Display $texts:ident) => {
        impl ::std::fmt::Display for $texts {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str($crate::__private::texts::Texts::text(self))
            }
        }
    };
    (@serde $texts:ident) => {
        impl $crate::__private::serde::Serialize for $texts {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str($crate::__private::texts::Texts::text(self))
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $texts {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                $crate::__private::texts::deserialize(deserializer)
            }
        }
    };
}

/// The variant of a text that an enum lists.
fn listed<T: Texts>(text: &str) -> Option<T> {
    T::VARIANTS.get(position(T::LISTED, text)?).cloned()
}

/// Where a text stands; compiled once, and not for each enum.
fn position(listed: &[&str], text: &str) -> Option<usize> {
    listed.iter().position(|listed| *listed == text)
}

/// The variant of a text.
///
/// # Errors
/// A text that the enum does not list, also where it is open: a typing error is not sent.
pub fn parse<T: Texts, E: From<&'static str>>(text: &str) -> Result<T, E> {
    match listed(text) {
        Some(variant) => Ok(variant),
        None => Err("invalid value".into()),
    }
}

/// Reads one of the texts of an enum, or any where it is open.
///
/// # Errors
/// When it is no text, or one that a closed enum does not list.
pub fn deserialize<'de, T: Texts, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_str(TextVisitor(PhantomData))
}

struct TextVisitor<T>(PhantomData<T>);

impl<T: Texts> Visitor<'_> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        let unlisted = || T::UNLISTED.first().map(|keep| keep(text.to_owned()));
        let read = listed(text).or_else(unlisted);
        read.ok_or_else(|| E::unknown_variant(text, T::LISTED))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    mod error {
        #[derive(Debug)]
        pub(super) struct ConversionError(pub(super) &'static str);

        impl From<&'static str> for ConversionError {
            fn from(said: &'static str) -> Self {
                Self(said)
            }
        }
    }

    #[derive(Clone, Debug, PartialEq)]
    enum Closed {
        Debit,
        Credit,
    }

    #[derive(Clone, Debug, PartialEq)]
    enum Severity {
        None,
        Some,
        Ok,
        Err,
        Error,
    }

    #[derive(Clone, Debug, PartialEq)]
    enum Open {
        Debit,
        UnknownValue(String),
    }

    crate::__texts!(Closed { Debit = "debit", Credit = "credit \"card\"", });
    crate::__texts!(Severity {
        None = "none",
        Some = "some",
        Ok = "ok",
        Err = "err",
        Error = "error",
    });
    crate::__texts!(Open { Debit = "debit", _ = UnknownValue });

    #[derive(Clone, Debug, PartialEq, serde::Deserialize, serde::Serialize)]
    enum Derived {
        #[serde(rename = "on hold")]
        OnHold,
    }

    crate::__texts!(Derived without serde { OnHold = "on hold", });

    fn refused<'de, T: serde::Deserialize<'de> + fmt::Debug>(text: &'de str) -> String {
        serde_json::from_str::<T>(text).unwrap_err().to_string()
    }

    #[test]
    fn each_variant_is_its_text_in_both_directions() {
        let text = r#"["debit","credit \"card\""]"#;
        let read: Vec<Closed> = serde_json::from_str(text).unwrap();
        assert_eq!(read, [Closed::Debit, Closed::Credit]);
        assert_eq!(serde_json::to_string(&read).unwrap(), text);
    }

    #[test]
    fn only_an_open_enum_keeps_what_is_not_listed() {
        let read: Vec<Open> = serde_json::from_str(r#"["debit","\u0061"]"#).unwrap();
        assert_eq!(read, [Open::Debit, Open::UnknownValue("a".to_owned())]);
        assert_eq!(serde_json::to_string(&read).unwrap(), r#"["debit","a"]"#);
        let said = refused::<Closed>(r#""cash""#);
        assert!(said.contains("unknown variant `cash`, expected `debit` or `credit"), "{said}");
        for said in [refused::<Open>("5"), refused::<Closed>("null")] {
            assert!(said.contains("expected a string"), "{said}");
        }
    }

    #[test]
    fn what_a_caller_hands_over_is_one_of_the_listed_even_where_an_enum_is_open() {
        assert_eq!("credit \"card\"".parse::<Closed>().unwrap(), Closed::Credit);
        assert_eq!(Open::try_from("debit".to_owned()).unwrap(), Open::Debit);
        assert_eq!(Derived::try_from("on hold").unwrap(), Derived::OnHold);
        for refused in [Open::try_from("Debit"), "".parse(), Open::try_from("cash".to_owned())] {
            assert_eq!(refused.unwrap_err().0, "invalid value");
        }
    }

    #[test]
    fn a_variant_may_have_any_name() {
        for text in Severity::LISTED {
            let read: Severity = text.parse().unwrap();
            assert_eq!(read.to_string(), *text);
            assert_eq!(serde_json::to_value(read).unwrap(), *text);
        }
    }

    #[test]
    fn a_variant_prints_as_its_text() {
        assert_eq!(Closed::Credit.to_string(), "credit \"card\"");
        assert_eq!(Open::UnknownValue("a".to_owned()).to_string(), "a");
        assert_eq!(Derived::OnHold.to_string(), "on hold");
    }
}
