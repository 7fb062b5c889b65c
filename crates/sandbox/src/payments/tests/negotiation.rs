//! The media type of an answer.

use super::*;

/// The media type of the answer to a request of this media type with these `Accept` headers.
async fn answered(content_type: &str, accept: &[&str]) -> String {
    let mut headers = vec![("content-type", content_type)];
    headers.extend(accept.iter().map(|accept| ("accept", *accept)));
    let reply = send(&headers, "x").await;
    let (media_type, charset) = reply.content_type.split_once("; ").unwrap();
    assert_eq!(charset, "charset=utf-8");
    media_type.to_owned()
}

#[tokio::test]
async fn without_accept_the_answer_has_the_media_type_of_the_request() {
    for (sent, expected) in [
        ("application/json", "application/json"),
        ("text/json", "text/json"),
        ("application/xml", "application/xml"),
        ("text/xml; charset=utf-8", "text/xml"),
        ("TEXT/XML", "text/xml"),
        ("text/plain", "application/json"),
    ] {
        assert_eq!(answered(sent, &[]).await, expected, "{sent}");
    }
}

#[tokio::test]
async fn accept_goes_before_the_media_type_of_the_request() {
    for (accept, expected) in [
        ("application/json", "application/json"),
        ("text/json", "text/json"),
        ("text/xml", "text/xml"),
        ("application/xml; charset=utf-8", "application/xml"),
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("text/*", "text/json"),
    ] {
        for sent in ["application/json", "text/xml"] {
            assert_eq!(answered(sent, &[accept]).await, expected, "{sent} {accept}");
        }
    }
}

#[tokio::test]
async fn quality_decides_and_then_how_exact_the_range_is() {
    for (accept, expected) in [
        ("application/json;q=0.5, application/xml", "application/xml"),
        ("application/json;q=0.5, text/json, application/xml;q=0.9", "text/json"),
        ("*/*, application/xml;q=0.9", "application/json"),
        ("*/*, text/xml", "text/xml"),
        ("text/*, application/xml", "application/xml"),
        ("text/*;q=0.9, application/xml;q=0.8", "text/json"),
        ("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8", "application/xml"),
        ("application/json;q=0, */*;q=0.1", "application/json"),
        ("application/json, application/xml;q=inf", "application/json"),
    ] {
        assert_eq!(answered("text/plain", &[accept]).await, expected, "{accept}");
    }
}

#[tokio::test]
async fn of_two_that_are_liked_equally_json_wins_whatever_their_order() {
    for accept in ["application/xml, application/json", "application/json, application/xml"] {
        assert_eq!(answered("application/xml", &[accept]).await, "application/json");
    }
    assert_eq!(answered("text/xml", &["text/xml, text/json"]).await, "text/json");
}

#[tokio::test]
async fn several_accept_headers_count_as_one() {
    let accept = ["application/json;q=0.5", "application/xml;q=0.6"];
    assert_eq!(answered("text/plain", &accept).await, "application/xml");
}

#[tokio::test]
async fn what_accept_refuses_or_does_not_know_falls_back() {
    for (sent, accept, expected) in [
        ("application/xml", "text/html", "application/xml"),
        ("text/plain", "text/html", "application/json"),
        ("application/json", "application/json;q=0", "application/json"),
        ("text/xml", "application/json;q=0", "text/xml"),
        ("application/xml", "not a media type, , ;", "application/xml"),
        ("application/json", "nonsense, text/xml", "text/xml"),
    ] {
        assert_eq!(answered(sent, &[accept]).await, expected, "{sent} {accept}");
    }
}
