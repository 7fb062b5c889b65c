//! How parameters become text: path segments, query parameters and form bodies.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::RequestBuilder;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::Value;
use serde_urlencoded::ser::Error as FormError;

/// All but the unreserved characters of RFC 3986, section 2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Percent-encodes one segment of a path, slashes included.
///
/// `.` and `..` can't be a segment: URL parsers resolve them, encoded or not, and the request
/// would reach another operation. They are encoded twice, so that the API finds no such thing.
#[must_use]
pub fn encode_path(segment: &str) -> String {
    match segment {
        "." => "%252E".to_owned(),
        ".." => "%252E%252E".to_owned(),
        _ => utf8_percent_encode(segment, RESERVED).to_string(),
    }
}

/// What [`RequestBuilder`] lacks.
pub trait RequestBuilderExt: Sized {
    /// Sets `body` as `application/x-www-form-urlencoded`.
    ///
    /// # Errors
    /// When `body` is not a list or map of scalars.
    fn form_urlencoded<T: Serialize + ?Sized>(self, body: &T) -> Result<Self, FormError>;
}

impl RequestBuilderExt for RequestBuilder {
    fn form_urlencoded<T: Serialize + ?Sized>(self, body: &T) -> Result<Self, FormError> {
        let body = serde_urlencoded::to_string(body)?;
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        Ok(self.header(CONTENT_TYPE, form).body(body))
    }
}

/// One query parameter in OpenAPI's default style: `form`, exploded.
///
/// A scalar gives `name=value`, a list one such pair for each item, an object one pair for each
/// member under the member's own name, and null nothing.
#[derive(Clone, Copy)]
pub struct QueryParam<'a, T> {
    name: &'a str,
    value: &'a T,
}

impl<'a, T> QueryParam<'a, T> {
    /// The parameter `name` with `value`.
    pub fn new(name: &'a str, value: &'a T) -> Self {
        Self { name, value }
    }
}

impl<T: Serialize> Serialize for QueryParam<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // The source's message could repeat the value, so it is not passed on.
        let value = serde_json::to_value(self.value)
            .map_err(|_| S::Error::custom("the value can't be written as a query parameter"))?;
        let pairs: Option<Vec<_>> = match value {
            Value::Null => Some(Vec::new()),
            Value::Array(items) => {
                items.into_iter().map(|item| Some((self.name.to_owned(), scalar(item)?))).collect()
            }
            Value::Object(members) => members
                .into_iter()
                .filter(|(_, member)| !member.is_null())
                .map(|(name, member)| Some((name, scalar(member)?)))
                .collect(),
            value => scalar(value).map(|value| vec![(self.name.to_owned(), value)]),
        };
        pairs
            .ok_or_else(|| {
                S::Error::custom("a query parameter holds scalars, or one level of them")
            })?
            .serialize(serializer)
    }
}

fn scalar(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query<T: Serialize>(value: T) -> Result<String, serde_urlencoded::ser::Error> {
        serde_urlencoded::to_string(QueryParam::new("q", &value))
    }

    #[test]
    fn a_segment_stays_one_segment() {
        assert_eq!(encode_path("a/b?c#d %é"), "a%2Fb%3Fc%23d%20%25%C3%A9");
        assert_eq!(encode_path("v1.0_a-b~c"), "v1.0_a-b~c");
        for dots in [".", ".."] {
            let url = format!("https://example.com/a/{}/b", encode_path(dots));
            let segments = reqwest::Url::parse(&url).unwrap();
            assert_eq!(segments.path_segments().unwrap().count(), 3, "{segments}");
        }
    }

    #[test]
    fn query_parameters_follow_the_exploded_form_style() {
        assert_eq!(query("a b").unwrap(), "q=a+b");
        assert_eq!(query(6_743_052_i64).unwrap(), "q=6743052");
        assert_eq!(query(vec!["x", "y"]).unwrap(), "q=x&q=y");
        assert_eq!(query(None::<i64>).unwrap(), "");
        assert_eq!(query(serde_json::json!({"a": 1, "b": null, "c": true})).unwrap(), "a=1&c=true");
    }

    #[test]
    fn nested_values_are_refused_without_being_repeated() {
        let error = query(serde_json::json!({"a": {"b": "secret"}})).unwrap_err();
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}
