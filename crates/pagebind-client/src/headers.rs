//! Response headers that a contract documents, read as the types that it gives them.
//!
//! A header is read when it is asked for and not before: a service that writes one in another way
//! fails no call, only the caller who wants to know.

use std::fmt;
use std::sync::Arc;

use reqwest::header::{HeaderMap, HeaderName, SET_COOKIE};
use serde::de::value::{MapDeserializer, SeqDeserializer, StrDeserializer};
use serde::de::{DeserializeOwned, Deserializer, Error as _, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::Value;

/// The headers of one answer, in which the types of generated code find theirs.
///
/// Headers can hold what nobody may see, so `Debug` shows none.
#[derive(Clone)]
pub struct ResponseHeaders(Arc<HeaderMap>);

/// A header that came and is not what the contract says; its text repeats no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidHeader {
    name: &'static str,
    why: &'static str,
}

impl fmt::Display for InvalidHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, why } = self;
        write!(f, "the response header `{name}` is {why}")
    }
}

impl std::error::Error for InvalidHeader {}

impl InvalidHeader {
    /// The name of the header, as the contract writes it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }
}

impl ResponseHeaders {
    pub(crate) fn new(headers: &Arc<HeaderMap>) -> Self {
        Self(headers.clone())
    }

    /// Reads a header in the style `simple` (OpenAPI 3.1.1, section 4.8.12.2.2), the only one that
    /// headers have: a list is its items with commas between them, on one line or several.
    ///
    /// # Errors
    /// When it came and is no `T`.
    pub fn simple<T: DeserializeOwned>(
        &self,
        name: &'static str,
    ) -> Result<Option<T>, InvalidHeader> {
        self.read(name, Form::Value)
    }

    /// Reads a header that holds an object in the same style: `R,100,G,200`.
    ///
    /// # Errors
    /// When it came and is no `T`.
    pub fn object<T: DeserializeOwned>(
        &self,
        name: &'static str,
    ) -> Result<Option<T>, InvalidHeader> {
        self.read(name, Form::Object)
    }

    /// Reads a header that holds an object in the same style, exploded: `R=100,G=200`.
    ///
    /// # Errors
    /// When it came and is no `T`.
    pub fn exploded_object<T: DeserializeOwned>(
        &self,
        name: &'static str,
    ) -> Result<Option<T>, InvalidHeader> {
        self.read(name, Form::Exploded)
    }

    fn read<T: DeserializeOwned>(
        &self,
        name: &'static str,
        form: Form,
    ) -> Result<Option<T>, InvalidHeader> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let read = T::deserialize(Text { text: &text, form });
        read.map(Some).map_err(|_| InvalidHeader { name, why: "not as the contract says" })
    }

    /// Reads a header that holds JSON (a header with `content`).
    ///
    /// # Errors
    /// When it came and is no `T`.
    pub fn json<T: DeserializeOwned>(
        &self,
        name: &'static str,
    ) -> Result<Option<T>, InvalidHeader> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        // Null is as good as no header.
        let read = serde_json::from_str::<Option<T>>(&text);
        read.map_err(|_| InvalidHeader { name, why: "no JSON as the contract says" })
    }

    /// The value of a header; several lines are one value (RFC 9110, section 5.3).
    #[inline]
    fn text(&self, name: &'static str) -> Result<Option<String>, InvalidHeader> {
        let mut texts = Vec::new();
        for value in self.0.get_all(name) {
            let text = std::str::from_utf8(value.as_bytes());
            texts.push(text.map_err(|_| InvalidHeader { name, why: "no text" })?);
            // The one header whose lines don't add up.
            if HeaderName::from_bytes(name.as_bytes()).is_ok_and(|name| name == SET_COOKIE) {
                break;
            }
        }
        Ok((!texts.is_empty()).then(|| texts.join(", ")))
    }
}

impl fmt::Debug for ResponseHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResponseHeaders")
    }
}

/// The value of a header, or a part of it, as a source of whatever type is wanted.
pub(crate) struct Text<'a> {
    text: &'a str,
    form: Form,
}

/// What a text can be apart from a scalar.
#[derive(Clone, Copy)]
enum Form {
    /// A list, if that is wanted.
    Value,
    /// An object: names and values in turn.
    Object,
    /// An object: a name and a value in each item.
    Exploded,
    /// Nothing: it is an item of a list, or a member of an object.
    Part,
}

impl<'a> Text<'a> {
    pub(crate) fn part(text: &'a str) -> Self {
        Self { text, form: Form::Part }
    }

    fn items(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.text.split(',').map(str::trim)
    }

    /// The members of an object.
    #[inline]
    fn members(&self) -> Result<Vec<(&'a str, Self)>, Unfit> {
        let mut items = self.items();
        let mut members = Vec::new();
        if self.text.trim().is_empty() {
            return Ok(members);
        }
        while let Some(item) = items.next() {
            let member = match self.form {
                Form::Exploded => item.split_once('='),
                _ => items.next().map(|value| (item, value)),
            };
            let (name, value) = member.ok_or_else(|| Unfit::custom("no member"))?;
            members.push((name, Self::part(value)));
        }
        Ok(members)
    }
}

/// A value that is no `T`; the value itself is not told.
pub(crate) type Unfit = serde::de::value::Error;

macro_rules! parsed {
    ($($method:ident => $visit:ident,)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
            let unfit = |_| Unfit::custom("of another kind");
            visitor.$visit(self.text.trim().parse().map_err(unfit)?)
        })*
    };
}

impl<'de> Deserializer<'de> for Text<'_> {
    type Error = Unfit;

    parsed! {
        deserialize_bool => visit_bool,
        deserialize_i8 => visit_i8,
        deserialize_i16 => visit_i16,
        deserialize_i32 => visit_i32,
        deserialize_i64 => visit_i64,
        deserialize_u8 => visit_u8,
        deserialize_u16 => visit_u16,
        deserialize_u32 => visit_u32,
        deserialize_u64 => visit_u64,
        deserialize_f32 => visit_f32,
        deserialize_f64 => visit_f64,
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self.form {
            Form::Object | Form::Exploded => {
                visitor.visit_map(MapDeserializer::new(self.members()?.into_iter()))
            }
            // Where no kind is asked for, what JSON has as a number or a boolean is one.
            Form::Value | Form::Part => match serde_json::from_str(self.text.trim()) {
                Ok(scalar @ (Value::Number(_) | Value::Bool(_))) => {
                    scalar.deserialize_any(visitor).map_err(|_| Unfit::custom("of another kind"))
                }
                _ => visitor.visit_str(self.text),
            },
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_str(self.text)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        visitor.visit_str(self.text)
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

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unfit> {
        visitor.visit_enum(StrDeserializer::new(self.text))
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        if !matches!(self.form, Form::Value) {
            return self.deserialize_any(visitor);
        }
        let items = self.items().filter(|item| !item.is_empty());
        visitor.visit_seq(SeqDeserializer::new(items.map(Text::part)))
    }

    forward_to_deserialize_any! {
        char bytes byte_buf unit unit_struct tuple tuple_struct map struct identifier
        ignored_any i128 u128
    }
}

impl<'de> IntoDeserializer<'de, Unfit> for Text<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers<const N: usize>(lines: [(&'static str, &'static str); N]) -> ResponseHeaders {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(name, reqwest::header::HeaderValue::from_static(value));
        }
        ResponseHeaders(Arc::new(headers))
    }

    #[test]
    fn a_header_is_read_as_the_type_that_is_asked_for() {
        let headers = headers([
            ("x-total", "42"),
            ("x-last", "true"),
            ("x-share", "0.5"),
            ("x-name", "a, b"),
            ("x-tags", "a , b"),
            ("x-tags", "c"),
            ("x-sizes", "1,2"),
            ("x-page", r#"{"next":3}"#),
            ("x-null", "null"),
        ]);
        assert_eq!(headers.simple("X-Total"), Ok(Some(42_i64)));
        assert_eq!(headers.simple("x-last"), Ok(Some(true)));
        assert_eq!(headers.simple("x-share"), Ok(Some(0.5)));
        assert_eq!(headers.simple("x-name"), Ok(Some("a, b".to_owned())));
        assert_eq!(headers.simple("x-tags"), Ok(Some(["a", "b", "c"].map(str::to_owned).to_vec())));
        assert_eq!(headers.simple("x-sizes"), Ok(Some(vec![1_i64, 2])));
        assert_eq!(headers.json("x-page"), Ok(Some(serde_json::json!({ "next": 3 }))));
        assert_eq!(headers.simple::<i64>("x-none"), Ok(None));
        assert_eq!(headers.json::<i64>("x-null"), Ok(None));
    }

    #[test]
    fn an_object_is_read_in_both_forms_and_keeps_a_text_that_looks_like_a_number() {
        #[derive(Debug, PartialEq, serde::Deserialize)]
        struct Rate {
            #[serde(with = "crate::numbers")]
            limit: i64,
            #[serde(default)]
            policy: Option<String>,
            last: bool,
        }
        let rate = |policy: Option<&str>| {
            Ok(Some(Rate { limit: 100, policy: policy.map(str::to_owned), last: true }))
        };
        let headers = headers([
            ("x-rate", "limit,100,policy,007"),
            ("x-rate", "other,x,last,true"),
            ("x-exploded", "policy=1;w=60, limit=100,last=true"),
            ("x-least", "last,true,limit,1e2"),
            ("x-empty", ""),
            ("x-odd", "limit,100,last"),
            ("x-map", "a=1,b=2"),
        ]);
        assert_eq!(headers.object("x-rate"), rate(Some("007")));
        assert_eq!(headers.exploded_object("x-exploded"), rate(Some("1;w=60")));
        assert_eq!(headers.object("x-least"), rate(None));
        for unfit in ["x-empty", "x-odd", "x-map"] {
            assert!(headers.object::<Rate>(unfit).is_err(), "{unfit}");
        }
        let map = headers.exploded_object::<std::collections::BTreeMap<String, Value>>("x-map");
        assert_eq!(serde_json::json!(map.unwrap()), serde_json::json!({ "a": 1, "b": 2 }));
        let empty = headers.object::<Value>("x-empty");
        assert_eq!(empty, Ok(Some(serde_json::json!({}))));
    }

    #[test]
    fn a_header_that_is_something_else_is_an_error_without_its_value() {
        let headers = headers([("x-total", "s3cret"), ("x-page", "s3cret")]);
        let total = headers.simple::<i64>("x-total").unwrap_err();
        assert_eq!(total.to_string(), "the response header `x-total` is not as the contract says");
        let page = headers.json::<i64>("x-page").unwrap_err();
        assert!(!format!("{page} {page:?} {headers:?}").contains("s3cret"));
    }

    #[test]
    fn cookies_are_not_joined() {
        let headers = headers([("set-cookie", "a=1"), ("set-cookie", "b=2")]);
        assert_eq!(headers.simple("Set-Cookie"), Ok(Some("a=1".to_owned())));
    }
}
