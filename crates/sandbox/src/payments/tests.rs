//! The service as a caller meets it, through its router.

mod answer;
mod json;
mod negotiation;
mod xml;

use std::sync::Arc;

use axum::{
    body::{Body as RequestBody, Bytes, to_bytes},
    http::{HeaderMap, HeaderName, HeaderValue, Request as HttpRequest, StatusCode},
};
use proptest::prelude::*;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::{Payments, negotiate, router, wipe};

const PAGE: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../openapi/payment-profiles/pages/POST-api-v1-customer-payments-update.txt"
));

const URL: &str = "/api/v1/customer/payments/update";
const JSON: (&str, &str) = ("content-type", "application/json");
const XML: (&str, &str) = ("content-type", "application/xml");
const ACCEPT_JSON: (&str, &str) = ("accept", "application/json");

/// The sample under the heading of a section, given the media types that stand above it.
fn sample(section: &str, media_types: &str) -> String {
    let (_, after) = PAGE.split_once(section).expect(section);
    let (_, after) = after.split_once(media_types).expect(media_types);
    let (_, after) = after.split_once("Sample:\n").expect("Sample:");
    let end = after.find("\n\n").unwrap_or(after.len());
    after[..end].to_owned()
}

fn json_sample() -> Value {
    serde_json::from_str(&sample("Request Formats", "application/json, text/json")).unwrap()
}

fn xml_sample() -> String {
    sample("Request Formats", "application/xml, text/xml")
}

/// A service that takes the credentials of the page's samples.
fn payments() -> Payments {
    Payments::new("170200123", "467512342123")
}

struct Reply {
    status: StatusCode,
    content_type: String,
    body: String,
}

impl Reply {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{}", self.body))
    }

    /// The code of the envelope.
    fn code(&self) -> String {
        assert_eq!(self.status, StatusCode::OK, "{}", self.body);
        self.json()["Message"]["Code"].as_str().unwrap().to_owned()
    }

    /// The messages by member, of an answer that says that the request is invalid.
    fn model_state(&self) -> Value {
        assert_eq!(self.status, StatusCode::BAD_REQUEST, "{}", self.body);
        assert_eq!(self.json()["Message"], "The request is invalid.");
        self.json()["ModelState"].clone()
    }
}

async fn send_to(
    service: Payments,
    headers: &[(&str, &str)],
    body: impl Into<RequestBody>,
) -> Reply {
    let mut request = HttpRequest::post(URL);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(body.into()).unwrap();
    let response = router(Arc::new(service)).oneshot(request).await.unwrap();
    let content_type =
        response.headers()["content-type"].to_str().map(str::to_owned).unwrap_or_default();
    let status = response.status();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    Reply { status, content_type, body: String::from_utf8(body.into()).unwrap() }
}

async fn send(headers: &[(&str, &str)], body: impl Into<RequestBody>) -> Reply {
    send_to(payments(), headers, body).await
}

async fn send_json(body: impl Into<RequestBody>) -> Reply {
    send(&[JSON], body).await
}

/// Sends XML and asks for JSON, as a client has to.
async fn send_xml(body: impl Into<RequestBody>) -> Reply {
    send(&[XML, ACCEPT_JSON], body).await
}

/// What the service calls an exception of a reader.
fn exception(member: &str) -> Value {
    json!({ member: ["An error has occurred."] })
}

#[tokio::test]
async fn the_pages_samples_are_accepted_as_they_stand() {
    let json = sample("Request Formats", "application/json, text/json");
    for (content_type, body) in [
        ("application/json", json.clone()),
        ("text/json", json),
        ("application/xml", xml_sample()),
        ("text/xml", xml_sample()),
    ] {
        let reply = send(&[("content-type", content_type), ACCEPT_JSON], body).await;
        assert_eq!(reply.code(), "00", "{content_type}");
        let ids = json!({"CustomerProfileId": "123456789", "PaymentProfileId": "123456789"});
        assert_eq!(reply.json()["Response"], ids, "{content_type}");
    }
}

#[tokio::test]
async fn a_success_has_the_members_of_the_pages_answer_in_their_order() {
    fn names(value: &Value) -> Vec<String> {
        let members = value.as_object().into_iter().flatten();
        members.flat_map(|(name, value)| [vec![name.clone()], names(value)].concat()).collect()
    }
    let page = sample("Response Formats", "application/json, text/json");
    let page: Value = serde_json::from_str(&page).unwrap();
    let reply = send_json(json_sample().to_string()).await;
    assert_eq!(names(&reply.json()), names(&page));
}

#[test]
fn a_body_that_nobody_else_holds_is_wiped() {
    let wiped = wipe(Bytes::from(b"\"CVV\": \"123\"".to_vec())).unwrap();
    assert_eq!(wiped[..], [0; 12]);
}

#[test]
fn a_part_of_the_servers_buffer_is_left_alone() {
    let buffer = Bytes::from(b"{}GET / HTTP/1.1".to_vec());
    assert_eq!(wipe(buffer.slice(..2)).unwrap_err(), "{}");
    assert_eq!(buffer, "{}GET / HTTP/1.1");
}

/// A sample of the page with a part of it replaced by anything.
fn mangled(sample: String) -> impl Strategy<Value = Vec<u8>> {
    let length = sample.len();
    (0..=length, 0..=length, prop::collection::vec(any::<u8>(), 0..8)).prop_map(
        move |(a, b, with)| {
            let mut body = sample.clone().into_bytes();
            body.splice(a.min(b)..a.max(b), with);
            body
        },
    )
}

fn any_body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        any::<String>().prop_map(String::into_bytes),
        "[\\[\\]{}\":,0-9a-z<>/=& \\\\]{0,60}".prop_map(String::into_bytes),
        mangled(json_sample().to_string()),
        mangled(xml_sample()),
    ]
}

proptest! {
    #[test]
    fn no_body_makes_the_service_fail(
        body in any_body(),
        content_type in prop::sample::select(vec!["application/json", "text/xml", "text/plain"]),
        accept in prop::sample::select(vec!["application/json", "application/xml"]),
    ) {
        let mut headers = HeaderMap::new();
        for (name, value) in [("content-type", content_type), ("accept", accept)] {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        let answer = payments().update(&headers, &body);
        let succeeds = matches!(answer, super::Answer::Updated { .. });
        let status = answer.into_response(negotiate::answer_media_type(&headers)).status();
        if status.is_server_error() {
            prop_assert!(succeeds && accept == "application/xml", "{}", status);
        } else {
            prop_assert!([200, 400, 401, 415].contains(&status.as_u16()), "{}", status);
        }
    }

    #[test]
    fn no_header_makes_the_service_fail(content_type in "\\PC{0,30}", accept in "[ -~]{0,60}") {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", HeaderValue::from_bytes(content_type.as_bytes()).unwrap());
        headers.insert("accept", HeaderValue::from_bytes(accept.as_bytes()).unwrap());
        let answer = payments().update(&headers, b"{}");
        let status = answer.into_response(negotiate::answer_media_type(&headers)).status();
        prop_assert!([400, 415].contains(&status.as_u16()), "{}", status);
    }
}
