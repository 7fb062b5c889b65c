//! What a request has other than was expected, in the terms of HTTP and without its values.
//!
//! An expected request is written as a client writes it, so that parts are compared as they are sent.
//! What was not said of it may be anything: another query parameter, another header.

use std::fmt::Write;

use bytes::Bytes;
use pagebind_client::reqwest::header::{CONTENT_TYPE, COOKIE, HeaderMap};
use pagebind_client::reqwest::{self, Method};
use serde_json::Value;

use crate::Request;

/// What is expected of a request.
pub(crate) struct Expected {
    method: Method,
    /// What stands between parameters that may be anything.
    path: Vec<String>,
    query: Vec<String>,
    headers: HeaderMap,
    body: Option<Bytes>,
}

/// How near a request comes, by what is the first to be other: the method is farthest.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Difference {
    Method,
    Path,
    Query(String),
    Header(String),
    Body(String),
    Condition,
    Spent,
}

impl Difference {
    pub(crate) fn words(&self) -> String {
        match self {
            Self::Method => "the method is another".to_owned(),
            Self::Path => "the path is another".to_owned(),
            Self::Query(name) => format!("the query parameter `{name}` is another, or missing"),
            Self::Header(name) => format!("the header `{name}` is another, or missing"),
            Self::Body(place) if place.is_empty() => "the body is another".to_owned(),
            Self::Body(place) => format!("the body is another at `{place}`"),
            Self::Condition => "a condition of the test does not hold".to_owned(),
            Self::Spent => "it was answered as often as was said".to_owned(),
        }
    }
}

impl Expected {
    /// Of a request as a client would send it; a path parameter that is not set is still `{name}`.
    pub(crate) fn new(request: &reqwest::Request) -> Self {
        let url = request.url();
        let query = url.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
        Self {
            method: request.method().clone(),
            path: fixed_parts(url.path()),
            query: query.map(str::to_owned).collect(),
            headers: request.headers().clone(),
            body: request.body().and_then(reqwest::Body::as_bytes).map(Bytes::copy_from_slice),
        }
    }

    /// The first thing that `request` has other than is expected.
    pub(crate) fn difference(&self, request: &Request) -> Option<Difference> {
        if request.method != self.method {
            return Some(Difference::Method);
        }
        if !fits(&self.path, &request.path) {
            return Some(Difference::Path);
        }
        let came: Vec<&str> = request.query().unwrap_or_default().split('&').collect();
        let missing = self.query.iter().find(|pair| !came.contains(&pair.as_str()));
        if let Some(pair) = missing {
            return Some(Difference::Query(name_of(pair)));
        }
        for (name, value) in &self.headers {
            let same = if *name == COOKIE {
                let cookies = |of: &str| of.split("; ").map(str::to_owned).collect::<Vec<_>>();
                let came = cookies(request.header("cookie").unwrap_or_default());
                value.to_str().is_ok_and(|it| cookies(it).iter().all(|it| came.contains(it)))
            } else {
                request.headers.get(name) == Some(value)
            };
            if !same {
                return Some(Difference::Header(name.to_string()));
            }
        }
        let body = self.body.as_ref()?;
        let media_type = self.headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok());
        body_difference(media_type.unwrap_or_default(), body, &request.body).map(Difference::Body)
    }
}

/// Parts a path where it has a parameter, whose braces a URL encodes.
fn fixed_parts(path: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = path;
    while let Some((before, parameter)) = rest.split_once("%7B") {
        let Some((_, after)) = parameter.split_once("%7D") else { break };
        parts.push(before.to_owned());
        rest = after;
    }
    parts.push(rest.to_owned());
    parts
}

/// Whether `path` is these parts, with something other than a slash between each two.
fn fits(parts: &[String], path: &str) -> bool {
    let Some((first, rest)) = parts.split_first() else { return path.is_empty() };
    let Some(path) = path.strip_prefix(first.as_str()) else { return false };
    if rest.is_empty() {
        return path.is_empty();
    }
    let segment = path.split('/').next().unwrap_or_default();
    let mut ends = segment.char_indices().map(|(at, c)| at + c.len_utf8());
    ends.any(|end| path.get(end..).is_some_and(|after| fits(rest, after)))
}

fn name_of(pair: &str) -> String {
    let name = form_urlencoded::parse(pair.as_bytes()).next();
    name.map(|(name, _)| name.into_owned()).unwrap_or_default()
}

/// The place where a body is another, if it is.
fn body_difference(media_type: &str, expected: &[u8], came: &[u8]) -> Option<String> {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    if essence == "application/json" || essence.ends_with("+json") {
        let read = |body| serde_json::from_slice::<Value>(body).ok();
        return match (read(expected), read(came)) {
            (Some(expected), Some(came)) => {
                let mut place = String::new();
                json_difference(&expected, &came, &mut place).then_some(place)
            }
            _ => Some(String::new()),
        };
    }
    if essence == "application/x-www-form-urlencoded" {
        let pairs = |body| {
            let mut pairs: Vec<_> = form_urlencoded::parse(body).collect();
            pairs.sort();
            pairs
        };
        return (pairs(expected) != pairs(came)).then(String::new);
    }
    (expected != came).then(String::new)
}

/// Whether two values differ, and at which pointer.
fn json_difference(expected: &Value, came: &Value, place: &mut String) -> bool {
    let at = place.len();
    let mut descend = |name: &str, one: Option<&Value>, other: Option<&Value>| {
        let _ = write!(place, "/{}", name.replace('~', "~0").replace('/', "~1"));
        let differs = match (one, other) {
            (Some(one), Some(other)) => json_difference(one, other, place),
            _ => true,
        };
        if !differs {
            place.truncate(at);
        }
        differs
    };
    match (expected, came) {
        (Value::Object(expected), Value::Object(came)) => {
            let names = expected.keys().chain(came.keys().filter(|it| !expected.contains_key(*it)));
            names.into_iter().any(|name| descend(name, expected.get(name), came.get(name)))
        }
        (Value::Array(expected), Value::Array(came)) => (0..expected.len().max(came.len()))
            .any(|index| descend(&index.to_string(), expected.get(index), came.get(index))),
        (Value::Number(expected), Value::Number(came)) => {
            expected != came && expected.as_f64() != came.as_f64()
        }
        _ => expected != came,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_parameter_that_is_not_set_is_any_part_of_one_segment() {
        let parts = fixed_parts("/cards/%7Bid%7D/%7Byear%7D-%7Bmonth%7D.pdf");
        for path in ["/cards/7/2026-11.pdf", "/cards/a-b/2026-11-2.pdf"] {
            assert!(fits(&parts, path), "{path}");
        }
        for path in ["/cards//2026-11.pdf", "/cards/7/8/2026-11.pdf", "/cards/7/202611.pdf", "/x"] {
            assert!(!fits(&parts, path), "{path}");
        }
        assert!(fits(&fixed_parts("/cards"), "/cards"));
        assert!(!fits(&fixed_parts("/cards"), "/cards/7"));
    }

    #[test]
    fn a_body_is_compared_by_what_it_says() {
        let json = |one: &str, other: &str| {
            body_difference("application/json", one.as_bytes(), other.as_bytes())
        };
        assert_eq!(json(r#"{"a":1,"b":[1.0]}"#, r#"{"b":[1],"a":1}"#), None);
        assert_eq!(json(r#"{"a":{"b/c":[1]}}"#, r#"{"a":{"b/c":[2]}}"#), Some("/a/b~1c/0".into()));
        assert_eq!(json(r#"{"a":1}"#, r#"{"a":1,"b":2}"#), Some("/b".into()));
        assert_eq!(json("{}", "no JSON"), Some(String::new()));
        let form = "application/x-www-form-urlencoded";
        assert_eq!(body_difference(form, b"a=1&b=x+y", b"b=x%20y&a=1"), None);
        assert_eq!(body_difference("text/plain", b"a", b"b"), Some(String::new()));
    }
}
