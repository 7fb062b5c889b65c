//! Texts: enums of which each variant is a text, as they are read and written.
//!
//! As with [objects](crate::object), what a derive of `serde` writes for each is long, and shared here. An
//! enum is open if it has a variant that keeps what the contract does not list.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::Deserializer;
use serde::de::{Error, Visitor};

/// An enum of which each variant is a text, and which is parsed of those that it lists.
pub trait Texts: FromStr + 'static {
    /// The texts that it lists.
    const LISTED: &'static [&'static str];
    /// What keeps a text that is not listed, if anything does.
    const UNLISTED: &'static [fn(String) -> Self];
}

/// Implements `Serialize` and `Deserialize` for an enum: the variants with their texts, and for `_` the
/// one that keeps what is not listed.
#[doc(hidden)]
#[macro_export]
macro_rules! __texts {
    ($texts:ident { $($variant:ident = $text:literal,)* $(_ = $unlisted:ident)? }) => {
        impl $crate::__private::texts::Texts for $texts {
            const LISTED: &'static [&'static str] = &[$($text),*];
            const UNLISTED: &'static [fn(::std::string::String) -> Self] = &[$(Self::$unlisted)?];
        }

        impl $crate::__private::serde::Serialize for $texts {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(match self {
                    $(Self::$variant => $text,)*
                    $(Self::$unlisted(text) => text,)?
                })
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
        let read = text.parse().ok().or_else(unlisted);
        read.ok_or_else(|| E::unknown_variant(text, T::LISTED))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    enum Closed {
        Debit,
        Credit,
    }

    #[derive(Debug, PartialEq)]
    enum Open {
        Debit,
        UnknownValue(String),
    }

    impl FromStr for Closed {
        type Err = ();

        fn from_str(text: &str) -> Result<Self, ()> {
            match text {
                "debit" => Ok(Self::Debit),
                "credit \"card\"" => Ok(Self::Credit),
                _ => Err(()),
            }
        }
    }

    impl FromStr for Open {
        type Err = ();

        fn from_str(text: &str) -> Result<Self, ()> {
            if text == "debit" { Ok(Self::Debit) } else { Err(()) }
        }
    }

    crate::__texts!(Closed { Debit = "debit", Credit = "credit \"card\"", });
    crate::__texts!(Open { Debit = "debit", _ = UnknownValue });

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
}
