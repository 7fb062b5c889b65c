//! What a request is answered with: a status, headers and a body, or a fault in place of them.

use std::fmt::Display;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::Response;
use hyper::header::{HeaderMap, HeaderName, HeaderValue, LOCATION, RETRY_AFTER};
use pagebind_client::reqwest::StatusCode;
use serde::Serialize;

use crate::{ResetConnection, Truncated};

/// What a request is answered with. Operations have methods for what their contract documents; this is
/// for what it does not, and for what goes wrong.
#[derive(Debug, Clone)]
pub struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    delay: Duration,
    truncated: bool,
    reset: bool,
}

impl Answer {
    /// An answer of this status, without a body.
    ///
    /// # Panics
    /// Where `status` is none: below 100, or 1000 and more.
    #[must_use]
    #[track_caller]
    pub fn status(status: u16) -> Self {
        let Ok(status) = StatusCode::from_u16(status) else {
            panic!("{status} is no HTTP status");
        };
        let (headers, body) = (HeaderMap::new(), Bytes::new());
        Self { status, headers, body, delay: Duration::ZERO, truncated: false, reset: false }
    }

    /// An answer with this body in JSON.
    ///
    /// # Panics
    /// Where `body` can't be written as JSON, or `status` is none.
    #[must_use]
    #[track_caller]
    pub fn json(status: u16, body: &(impl Serialize + ?Sized)) -> Self {
        match serde_json::to_vec(body) {
            Ok(body) => Self::text(status, "application/json", body),
            Err(error) => panic!("the answer can't be written as JSON: {error}"),
        }
    }

    /// An answer with this body, of this media type.
    ///
    /// # Panics
    /// Where `status` is none, or the media type no header's value.
    #[must_use]
    #[track_caller]
    pub fn text(status: u16, media_type: &str, body: impl Into<Bytes>) -> Self {
        Self { body: body.into(), ..Self::status(status).header("content-type", media_type) }
    }

    /// An answer with this body in JSON, of this media type, if it could be built.
    ///
    /// # Panics
    /// Where it could not, or can't be written as JSON.
    #[must_use]
    #[track_caller]
    pub fn built<E: Display>(
        status: u16,
        media_type: &str,
        body: Result<impl Serialize, E>,
    ) -> Self {
        match body {
            Ok(body) => Self::json(status, &body).header("content-type", media_type),
            Err(error) => panic!("the answer can't be built: {error}"),
        }
    }

    /// An answer with this body in XML, of which `root` describes the root element, if it could be built.
    ///
    /// # Panics
    /// Where it could not, or can't be written as XML.
    #[cfg(feature = "xml")]
    #[must_use]
    #[track_caller]
    pub fn built_xml<E: Display>(
        status: u16,
        media_type: &str,
        body: Result<impl Serialize, E>,
        root: &pagebind_client::xml::Element,
    ) -> Self {
        let body = match body {
            Ok(body) => pagebind_client::xml::to_xml(&body, root).map_err(|it| it.to_string()),
            Err(error) => Err(error.to_string()),
        };
        match body {
            Ok(body) => Self::text(status, media_type, body),
            Err(error) => panic!("the answer can't be built: {error}"),
        }
    }

    /// A stream of values in JSON, each on a line of its own.
    ///
    /// # Panics
    /// Where one of them can't be written as JSON.
    #[must_use]
    #[track_caller]
    pub fn json_lines(status: u16, values: impl IntoIterator<Item = impl Serialize>) -> Self {
        let lines: String = values.into_iter().map(|value| written(&value) + "\n").collect();
        Self::text(status, "application/x-ndjson", lines)
    }

    /// A stream of server-sent events, each with a value in JSON.
    ///
    /// # Panics
    /// Where one of them can't be written as JSON.
    #[must_use]
    #[track_caller]
    pub fn events(status: u16, values: impl IntoIterator<Item = impl Serialize>) -> Self {
        Self::text_events(status, values.into_iter().map(|value| written(&value)))
    }

    /// A stream of server-sent events, each with a text.
    #[must_use]
    #[track_caller]
    pub fn text_events(status: u16, values: impl IntoIterator<Item = String>) -> Self {
        let event = |text: String| {
            let lines: String = text.split('\n').map(|line| format!("data: {line}\n")).collect();
            lines + "\n"
        };
        let events: String = values.into_iter().map(event).collect();
        Self::text(status, "text/event-stream", events)
    }

    /// 429 with a `Retry-After` of so many whole seconds.
    #[must_use]
    pub fn rate_limited(wait: Duration) -> Self {
        let mut answer = Self::status(429);
        answer.headers.insert(RETRY_AFTER, wait.as_secs().into());
        answer
    }

    /// 200 with a page of HTML, as a proxy may answer.
    #[must_use]
    pub fn html() -> Self {
        Self::text(200, "text/html", "<!doctype html><title>Welcome</title>")
    }

    /// 302 to another path of this server.
    #[must_use]
    pub fn redirect() -> Self {
        let mut answer = Self::status(302);
        answer.headers.insert(LOCATION, HeaderValue::from_static("/elsewhere"));
        answer
    }

    /// No answer: the request is received, and the connection reset.
    #[must_use]
    pub fn reset() -> Self {
        Self { reset: true, ..Self::status(500) }
    }

    /// The same answer with this header, in the place of one of that name.
    ///
    /// # Panics
    /// Where it can't be sent.
    #[must_use]
    #[track_caller]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        match (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            (Ok(name), Ok(value)) => self.headers.insert(name, value),
            _ => panic!("the header {name:?} of the answer can't be sent"),
        };
        self
    }

    /// The same answer, so much later.
    #[must_use]
    pub fn delayed(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    /// The same answer, which breaks off: half of its body comes, and where it has none, the head
    /// announces a byte that does not come.
    #[must_use]
    pub fn truncated(self) -> Self {
        Self { truncated: true, ..self }
    }

    /// Sends it.
    pub(crate) async fn send(self) -> Response<Either<Full<Bytes>, Truncated>> {
        if !self.delay.is_zero() {
            tokio::time::sleep(self.delay).await;
        }
        let mut headers = self.headers;
        let body = if self.truncated {
            Either::Right(Truncated::new(&mut headers, &self.body))
        } else {
            Either::Left(Full::new(self.body))
        };
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        *response.headers_mut() = headers;
        if self.reset {
            response.extensions_mut().insert(ResetConnection);
        }
        response
    }
}

#[track_caller]
fn written(value: &impl Serialize) -> String {
    match serde_json::to_string(value) {
        Ok(text) => text,
        Err(error) => panic!("the answer can't be written as JSON: {error}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_takes_the_place_of_one_of_its_name() {
        let answer = Answer::json(200, &[1]).header("Content-Type", "text/html");
        assert_eq!(answer.headers.len(), 1);
        assert_eq!(answer.headers["content-type"], "text/html");
    }

    #[test]
    #[should_panic(expected = "7 is no HTTP status")]
    fn a_status_that_is_none_is_told() {
        let _ = Answer::status(7);
    }
}
