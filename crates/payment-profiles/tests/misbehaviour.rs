//! Servers and networks that misbehave: what the caller gets, how often the request goes out,
//! and where it does not go.

#![allow(clippy::unwrap_used, reason = "a test's helpers fail the test")]

mod support;

use std::{
    error::Error as _,
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use payment_profiles::{Client, Error, ErrorKind, Limits, Outcome, RetryPolicy};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use support::{Reply, Server, answer, builder, closed_address, success, update};

/// A limit that a call to a server that holds its answer back is meant to reach.
const SHORT: Duration = Duration::from_millis(500);

fn three_tries() -> RetryPolicy {
    RetryPolicy { max_tries: 3, first_wait: Duration::ZERO, ..RetryPolicy::default() }
}

fn quick(base_url: String) -> Client {
    builder(base_url).retry(three_tries()).build().unwrap()
}

fn transport(error: &Error) -> &reqwest::Error {
    error.source().unwrap().downcast_ref().unwrap()
}

async fn failure(reply: Reply) -> (Error, Server) {
    let server = Server::start(reply).await;
    let error = quick(server.url()).update(&update()).await.unwrap_err();
    (error, server)
}

#[tokio::test]
async fn a_refused_connection_is_tried_again_and_then_an_error() {
    let error = quick(format!("http://{}", closed_address().await)).update(&update()).await;
    let error = error.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Connection, Outcome::NotSent));
    assert_eq!(error.failure().unwrap().tries(), 3);
    assert!(transport(&error).is_connect() && transport(&error).url().is_none());
}

/// Answers the first question with no address, the second with a closed port, and the third
/// with the server.
struct Flaky {
    asked: Arc<AtomicUsize>,
    closed: SocketAddr,
    server: SocketAddr,
}

impl Resolve for Flaky {
    fn resolve(&self, _: Name) -> Resolving {
        let address = match self.asked.fetch_add(1, Ordering::Relaxed) {
            0 => Err(io::Error::other("no such host").into()),
            1 => Ok(Box::new([self.closed].into_iter()) as Addrs),
            _ => Ok(Box::new([self.server].into_iter()) as Addrs),
        };
        Box::pin(async { address })
    }
}

#[tokio::test]
async fn a_name_that_does_not_resolve_and_a_refused_connection_are_tried_again() {
    let server = Server::start(Reply::Answer(success())).await;
    let asked = Arc::new(AtomicUsize::new(0));
    let resolver =
        Flaky { asked: asked.clone(), closed: closed_address().await, server: server.address };
    let http = reqwest::Client::builder().dns_resolver(resolver).no_proxy().build().unwrap();
    let client = builder("http://localhost").http(http).retry(three_tries()).build().unwrap();
    client.update(&update()).await.unwrap();
    assert_eq!((asked.load(Ordering::Relaxed), server.requests().len()), (3, 1));
}

#[tokio::test]
async fn one_try_is_one_try() {
    let client = builder(format!("http://{}", closed_address().await))
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    let error = client.update(&update()).await.unwrap_err();
    assert_eq!(error.failure().unwrap().tries(), 1);
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up_and_sent_to_once() {
    for begun in ["", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"] {
        let server = Server::start(Reply::AnswerAndHold(begun.into())).await;
        let limits = Limits { total: SHORT, ..Limits::default() };
        let client = builder(server.url()).limits(limits).build().unwrap();
        let error = client.update(&update()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout, "{error:?}");
        assert_eq!(error.outcome(), Outcome::Unknown);
        assert!(server.requests().len() <= 1);
    }
}

#[tokio::test]
async fn a_connection_that_breaks_after_the_request_is_not_tried_again() {
    for begun in ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"] {
        let (error, server) = failure(Reply::AnswerAndClose(begun.into())).await;
        assert_eq!(error.kind(), ErrorKind::Connection, "{error:?}");
        assert!(transport(&error).url().is_none());
        assert_eq!(error.outcome(), Outcome::Unknown);
        server.request();
    }
}

#[tokio::test]
async fn an_answer_that_is_no_http_is_an_error() {
    let (error, server) = failure(Reply::AnswerAndClose("220 smtp ready\r\n".into())).await;
    assert_eq!(error.kind(), ErrorKind::Connection, "{error:?}");
    server.request();
}

#[tokio::test]
async fn a_body_that_never_ends_is_read_to_the_limit() {
    for head in
        ["HTTP/1.1 200 OK\r\n\r\n ", "HTTP/1.1 200 OK\r\ncontent-length: 999999999999\r\n\r\n "]
    {
        let (error, _server) = failure(Reply::Endless(head.into())).await;
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::TooLarge, Outcome::Unknown));
        assert!(error.to_string().contains("1048576 bytes"), "{error}");
    }
}

#[tokio::test]
async fn the_limit_is_exact() {
    let body = r#"{"Message":{"Code":"00"},"Response":{"PaymentProfileId":"1"}}"#;
    let server = Server::start(Reply::Answer(answer("200 OK", "text/json", body))).await;
    let client = |response_body| {
        let limits = Limits { response_body, ..Limits::default() };
        builder(server.url()).limits(limits).build().unwrap()
    };
    client(body.len()).update(&update()).await.unwrap();
    let error = client(body.len() - 1).update(&update()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
}

fn redirect(status: &str, to: SocketAddr) -> Reply {
    let head = format!("HTTP/1.1 {status}\r\nlocation: http://{to}/\r\ncontent-length: 0\r\n\r\n");
    Reply::Answer(head.into_bytes())
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Server::start(Reply::Answer(success())).await;
    for status in [
        "301 Moved Permanently",
        "302 Found",
        "303 See Other",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let (error, _server) = failure(redirect(status, elsewhere.address)).await;
        assert_eq!((error.kind(), error.outcome()), (ErrorKind::Undocumented, Outcome::Unknown));
        assert!(error.to_string().contains("redirects are not followed"), "{error}");
    }
    assert_eq!(elsewhere.connections(), 0);
}

#[tokio::test]
async fn not_even_a_clients_own_http_client_takes_the_body_elsewhere() {
    for status in [
        "301 Moved Permanently",
        "302 Found",
        "303 See Other",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let elsewhere = Server::start(Reply::Answer(success())).await;
        let server = Server::start(redirect(status, elsewhere.address)).await;
        let follows = reqwest::Client::builder().no_proxy().build().unwrap();
        let client = builder(server.url()).http(follows).build().unwrap();
        let error = client.update(&update()).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown, "{error:?}");
        assert!(error.to_string().contains("redirect"), "{error}");
        server.request();
        for request in elsewhere.requests() {
            assert!(request.head.starts_with("GET "), "{request:?}");
            assert_eq!(request.body, "");
        }
    }
}

/// A connection that fails behind a redirect says nothing of the update that was redirected.
#[tokio::test]
async fn a_redirect_to_where_nobody_listens_does_not_repeat_the_update() {
    let server = Server::start(redirect("303 See Other", closed_address().await)).await;
    let follows = reqwest::Client::builder().no_proxy().build().unwrap();
    let client = builder(server.url()).http(follows).retry(three_tries()).build().unwrap();
    let error = client.update(&update()).await.unwrap_err();
    server.request();
    assert_eq!(error.kind(), ErrorKind::Connection, "{error:?}");
    assert_eq!(error.outcome(), Outcome::Unknown);
}
