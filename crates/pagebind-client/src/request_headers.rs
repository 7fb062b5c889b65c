//! Headers that a caller adds to one request, such as `traceparent`.
//!
//! They are checked as they are set and told of as the request is built, because a builder's methods
//! give no result. What frames a message on the connection is the HTTP library's to say: a caller's
//! `Content-Length` could make two requests of one (RFC 9112, section 11.2).

use std::fmt;

use reqwest::header::{
    CONNECTION, CONTENT_LENGTH, HOST, HeaderMap, HeaderName, HeaderValue, TE, TRAILER,
    TRANSFER_ENCODING, UPGRADE,
};

use crate::InvalidRequest;

/// What belongs to the connection, and so to the HTTP library.
const OF_THE_CONNECTION: [HeaderName; 7] =
    [CONNECTION, CONTENT_LENGTH, HOST, TE, TRAILER, TRANSFER_ENCODING, UPGRADE];

/// Headers of one request, which the caller sets. `Debug` shows their names alone.
#[derive(Clone, Default)]
pub struct RequestHeaders(Option<Box<Result<HeaderMap, InvalidRequest>>>);

impl RequestHeaders {
    /// Sets a header, in the place of one that was set before; a value is visible ASCII, spaces and
    /// tabs. What is wrong with it is told as the request is built, in place of sending it.
    pub fn set(&mut self, name: &str, value: &str) {
        let headers = self.0.get_or_insert_with(|| Box::new(Ok(HeaderMap::new())));
        if let Ok(map) = &mut **headers
            && let Err(invalid) = insert(map, name, value)
        {
            **headers = Err(invalid);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    pub(crate) fn finish(self) -> Result<HeaderMap, InvalidRequest> {
        self.0.map_or_else(|| Ok(HeaderMap::new()), |headers| *headers)
    }
}

fn insert(headers: &mut HeaderMap, name: &str, value: &str) -> Result<(), InvalidRequest> {
    let Ok(name) = HeaderName::try_from(name) else {
        return Err(InvalidRequest::new(
            "the name of a header is empty or holds other characters \
                                        than letters, digits and `!#$%&'*+-.^_`|~`",
        ));
    };
    if OF_THE_CONNECTION.contains(&name) {
        let why = "belongs to the connection, and can't be set";
        return Err(InvalidRequest::new(format!("the header `{name}` {why}")));
    }
    let sound = value.bytes().all(|byte| matches!(byte, b'\t' | b' '..=b'~'));
    match HeaderValue::try_from(value) {
        Ok(mut value) if sound => {
            // It may be a secret; the HTTP library prints none that is marked.
            value.set_sensitive(true);
            headers.insert(name, value);
            Ok(())
        }
        _ => {
            let why = "holds more than visible ASCII characters, spaces and tabs";
            Err(InvalidRequest::new(format!("the value of the header `{name}` {why}")))
        }
    }
}

impl fmt::Debug for RequestHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_deref() {
            Some(Ok(headers)) => f.debug_set().entries(headers.keys()).finish(),
            Some(Err(invalid)) => f.debug_tuple("InvalidRequest").field(&invalid.0).finish(),
            None => f.debug_set().finish(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(name: &str, value: &str) -> String {
        let mut headers = RequestHeaders::default();
        headers.set("traceparent", "00-1-2-01");
        headers.set(name, value);
        headers.set("tracestate", "a=1");
        headers.finish().unwrap_err().to_string()
    }

    #[test]
    fn a_header_that_is_set_twice_has_its_last_value() {
        let mut headers = RequestHeaders::default();
        headers.set("Traceparent", "00-1-2-01");
        headers.set("traceparent", "00-1-3-01");
        let headers = headers.finish().unwrap();
        assert_eq!(headers.len(), 1);
        assert_eq!(headers["traceparent"], "00-1-3-01");
    }

    #[test]
    fn what_can_t_be_sent_is_told_by_name_and_no_value_is_repeated() {
        for value in ["line\r\nbreak: marker", "marker\0", "naïve marker", "marker\x7f"] {
            let told = refused("x-note", value);
            assert!(told.contains("`x-note`") && !told.contains("marker"), "{told}");
        }
        for name in ["", "x note", "x:note", "x-nöte", "x\nnote"] {
            assert!(refused(name, "1").starts_with("the name of a header"), "{name:?}");
        }
    }

    #[test]
    fn what_frames_the_message_is_not_the_caller_s() {
        for name in ["Content-Length", "transfer-encoding", "Host", "connection"] {
            let told = refused(name, "1");
            assert!(told.contains("belongs to the connection"), "{told}");
        }
    }

    #[test]
    fn debug_shows_names_and_no_values() {
        let mut headers = RequestHeaders::default();
        headers.set("x-api-key", "marker");
        assert_eq!(format!("{headers:?}"), r#"{"x-api-key"}"#);
    }
}
