use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use serde::Deserialize;

use super::*;
use crate::ErrorKind;

#[derive(Debug, Deserialize, PartialEq)]
struct Card {
    id: i64,
}

#[derive(Debug, PartialEq)]
enum Outcome {
    Card(Card),
    Gone,
}

fn response(status: u16, body: &str) -> Response {
    let body = http::Response::builder()
        .status(status)
        .header("retry-after", "5")
        .body(body.to_owned())
        .unwrap();
    let body = reqwest::Response::from(body);
    let head = Box::new(Head {
        call: Call {
            operation: "read_card",
            correlation_id: CorrelationId::new("c-1").ok(),
            tries: 1,
            may_repeat: true,
            before: crate::Outcome::NotSent,
        },
        status: body.status(),
        headers: body.headers().clone().into(),
        retry_after: Some(Duration::from_secs(5)),
        told: Told::Nothing,
        says: None,
    });
    Response(Box::new(Unread {
        head,
        body,
        limit: 64,
        published_message: Some(|_| Some("known".to_owned())),
        #[cfg(feature = "events")]
        again: None,
        span: Span::none(),
    }))
}

#[tokio::test]
async fn a_success_is_decoded_and_keeps_what_came_with_it() {
    let value: Result<_, Error> = response(200, r#"{"id":6743052}"#).json::<Card, _, ()>().await;
    let value = value.unwrap().map(Outcome::Card);
    assert_eq!(*value, Outcome::Card(Card { id: 6_743_052 }));
    assert_eq!(value.status(), 200);
    assert_eq!(value.correlation_id().unwrap().as_str(), "c-1");
    assert_eq!(value.headers()["retry-after"], "5");
}

#[tokio::test]
async fn a_documented_error_is_decoded_as_the_type_of_its_status() {
    let error =
        response(404, r#"{"id":1}"#).error::<_, (), _, ()>(Outcome::Card).await.unwrap_err();
    assert_eq!(error.body(), Some(&Outcome::Card(Card { id: 1 })));
    assert_eq!(error.to_string(), "read_card: known (status 404, correlation id c-1)");
    let error = response(410, "").error_empty::<(), _, ()>(|| Outcome::Gone).await.unwrap_err();
    assert_eq!(error.body(), Some(&Outcome::Gone));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(5)));
}

#[tokio::test]
async fn a_cut_json_says_so() {
    let error: Error = response(200, r#"{"id":"#).json::<Card, _, ()>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Undecodable);
    assert!(error.to_string().contains("cut short"), "{error}");
}

#[tokio::test]
async fn an_undocumented_status_keeps_its_body_unless_it_is_too_long() {
    let kept: Error = response(418, "short").undocumented::<(), _, ()>().await.unwrap_err();
    assert_eq!(kept.failure().unwrap().raw_body().unwrap().bytes(), "short");
    let dropped: Error =
        response(418, &"x".repeat(65)).undocumented::<(), _, ()>().await.unwrap_err();
    assert_eq!(dropped.kind(), ErrorKind::Undocumented);
    assert!(dropped.failure().unwrap().raw_body().is_none());
}

/// A path or query parameter may be personal.
#[test]
fn a_failure_of_the_transport_does_not_print_the_url() {
    let error = reqwest::Client::new().get("http://[").build().unwrap_err();
    let error = error.with_url("https://example.com/customers/secret".parse().unwrap());
    assert!(error.to_string().contains("secret"));
    let failure = Failure::transport(error, response(200, "").0.head.call, None);
    let source = std::error::Error::source(&failure).unwrap();
    let text = format!("{failure} {failure:?} {source} {source:?}");
    assert!(!text.contains("secret"), "{text}");
}

#[test]
fn a_stream_hands_on_the_bytes_without_the_limit_of_bodies() {
    let long = "x".repeat(1_000);
    let mut stream = pin!(response(200, &long).into_stream::<()>().into_inner());
    let mut read = Vec::new();
    let mut context = Context::from_waker(Waker::noop());
    while let Poll::Ready(Some(chunk)) = Pin::as_mut(&mut stream).poll_next(&mut context) {
        read.extend_from_slice(&chunk.unwrap());
    }
    assert_eq!(read, long.as_bytes());
}

/// Callers pass the error up through many frames; it must not make every `Result` large.
#[test]
fn an_error_is_small() {
    assert!(size_of::<Error>() <= 40, "{}", size_of::<Error>());
}

#[test]
fn a_stream_with_a_limit_of_its_own_ends_there() {
    let read = |limit: usize| {
        let mut stream = pin!(response(200, "hello").into_stream::<()>().into_inner().limit(limit));
        let mut context = Context::from_waker(Waker::noop());
        let first = Pin::as_mut(&mut stream).poll_next(&mut context);
        (first, Pin::as_mut(&mut stream).poll_next(&mut context))
    };
    let (whole, end) = read(5);
    assert!(matches!(whole, Poll::Ready(Some(Ok(bytes))) if bytes == "hello"));
    assert!(matches!(end, Poll::Ready(None)));
    let (broken, end) = read(4);
    let Poll::Ready(Some(Err(failure))) = broken else { panic!("nothing is refused") };
    assert_eq!(failure.kind(), ErrorKind::TooLarge);
    assert!(matches!(end, Poll::Ready(None)));
}
