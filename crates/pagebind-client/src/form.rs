//! Forms that come (`application/x-www-form-urlencoded`, URL Standard, section 5): webhooks of services that
//! send them.
//!
//! All of a form is text. What a text is, the type that is wanted says, and a name that comes several times is
//! a list where one is wanted.

use std::borrow::Cow;
use std::collections::BTreeMap;

use reqwest::header::HeaderMap;
use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, Deserializer, IntoDeserializer, Visitor};

use crate::headers::{Text, Unfit};
use crate::{WebhookError, WebhookReceiver};

impl WebhookReceiver {
    /// Reads the form of a webhook.
    ///
    /// # Errors
    /// When it is not signed, or no `T`.
    pub fn read_form<T: DeserializeOwned>(
        &self,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<T, WebhookError> {
        self.check(headers, body)?;
        let mut members: BTreeMap<Cow<'_, str>, Texts<'_>> = BTreeMap::new();
        for (name, text) in form_urlencoded::parse(body) {
            members.entry(name).or_default().0.push(text);
        }
        // The message could repeat a value.
        T::deserialize(MapDeserializer::new(members.into_iter()))
            .map_err(|_| WebhookError::UndecodableForm)
    }
}

/// All that a form says under one name.
#[derive(Default)]
struct Texts<'a>(Vec<Cow<'a, str>>);

impl Texts<'_> {
    /// What counts where one value is wanted.
    fn last(&self) -> Text<'_> {
        Text::part(self.0.last().map_or("", |text| text))
    }
}

macro_rules! of_the_last {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
            self.last().$method(visitor)
        })*
    };
}

impl<'de> Deserializer<'de> for Texts<'_> {
    type Error = Unfit;

    of_the_last! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128 deserialize_f32
        deserialize_f64 deserialize_char deserialize_str deserialize_string deserialize_bytes
        deserialize_byte_buf deserialize_unit deserialize_map deserialize_identifier
        deserialize_ignored_any
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self.0.len() {
            1 => self.last().deserialize_any(visitor),
            _ => self.deserialize_seq(visitor),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_seq(SeqDeserializer::new(self.0.iter().map(|text| Text::part(text))))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Unfit> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        self.last().deserialize_unit_struct(name, visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        self.last().deserialize_struct(name, fields, visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        self.last().deserialize_enum(name, variants, visitor)
    }
}

impl<'de> IntoDeserializer<'de, Unfit> for Texts<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Message {
        #[serde(rename = "Body")]
        body: String,
        #[serde(rename = "NumMedia", with = "crate::numbers")]
        media: i64,
        #[serde(default)]
        sent: Option<bool>,
        #[serde(default, rename = "to[]")]
        to: Vec<String>,
    }

    fn read(body: &str) -> Result<Message, WebhookError> {
        WebhookReceiver::unchecked().read_form(&HeaderMap::new(), body.as_bytes())
    }

    #[test]
    fn texts_become_what_the_type_says_and_repeated_names_lists() {
        let message =
            read("Body=007+%26+b&NumMedia=2&sent=true&to%5B%5D=1&to%5B%5D=b&other=x").unwrap();
        let to = vec!["1".to_owned(), "b".to_owned()];
        let expected = Message { body: "007 & b".to_owned(), media: 2, sent: Some(true), to };
        assert_eq!(message, expected);
        let least = read("NumMedia=0&Body=").unwrap();
        assert_eq!((least.body.as_str(), least.sent, least.to.len()), ("", None, 0));
        assert_eq!(read("Body=a&NumMedia=1&Body=b&to%5B%5D=one").unwrap().body, "b");
    }

    #[test]
    fn what_is_no_such_form_is_an_error_without_its_values() {
        for body in [
            "",
            "Body=s3cret",
            "Body=a&NumMedia=s3cret",
            "\u{0}s3cret",
            "Body=a&NumMedia=1&sent=s3cret",
        ] {
            let error = read(body).unwrap_err();
            assert_eq!(error, WebhookError::UndecodableForm);
            assert!(!format!("{error} {error:?}").contains("s3cret"), "{body}");
        }
    }

    #[test]
    fn what_is_not_signed_is_not_read() {
        let receiver = WebhookReceiver::checked(|_, body| body.starts_with(b"signed=1"));
        let of =
            |body: &[u8]| receiver.read_form::<BTreeMap<String, String>>(&HeaderMap::new(), body);
        assert_eq!(of(b"a=1"), Err(WebhookError::Unsigned));
        assert_eq!(of(b"signed=1&a=1").unwrap()["a"], "1");
    }
}
