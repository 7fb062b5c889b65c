//! Servers and networks that misbehave: what the caller gets, how often the request goes out,
//! and where it does not go.

#![allow(clippy::unwrap_used, reason = "a test's helpers fail the test")]

mod support;

use std::{
    error::Error as _,
    io,
    net::SocketAddr,
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use payment_profiles::{Client, Error, Outcome};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use support::{Reply, Server, answer, builder, closed_address, success, update};

const THREE: NonZeroU32 = NonZeroU32::new(3).unwrap();

/// A limit that only a call that hangs can reach.
const LONG: Duration = Duration::from_secs(60);
/// A limit that a call to a server that holds its answer back is meant to reach.
const SHORT: Duration = Duration::from_millis(50);

fn quick(base_url: String) -> Client {
    builder(base_url).timeout(LONG).connect_tries(THREE, Duration::ZERO).build().unwrap()
}

async fn failure(reply: Reply) -> (Error, Server) {
    let server = Server::start(reply).await;
    let error = quick(server.url()).update(&update()).await.unwrap_err();
    (error, server)
}

#[tokio::test]
async fn a_refused_connection_is_tried_again_and_then_an_error() {
    let error = quick(format!("http://{}", closed_address().await)).update(&update()).await;
    let Err(Error::Connect { tries: 3, source }) = error else { panic!("{error:?}") };
    assert!(source.is_connect() && source.url().is_none());
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
    let client = builder("http://localhost")
        .http_client(http)
        .timeout(LONG)
        .connect_tries(THREE, Duration::ZERO)
        .build()
        .unwrap();
    client.update(&update()).await.unwrap();
    assert_eq!((asked.load(Ordering::Relaxed), server.requests().len()), (3, 1));
}

#[tokio::test]
async fn one_try_is_one_try() {
    let client = builder(format!("http://{}", closed_address().await))
        .connect_tries(NonZeroU32::MIN, LONG)
        .build()
        .unwrap();
    let error = client.update(&update()).await;
    assert!(matches!(error, Err(Error::Connect { tries: 1, .. })), "{error:?}");
}

#[tokio::test]
async fn the_whole_calls_time_holds_for_the_pauses_too() {
    let client = builder(format!("http://{}", closed_address().await))
        .timeout(SHORT)
        .connect_tries(THREE, LONG)
        .build()
        .unwrap();
    let error = client.update(&update()).await;
    assert!(matches!(error, Err(Error::Timeout)), "{error:?}");
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up_and_sent_to_once() {
    for begun in ["", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"] {
        let server = Server::start(Reply::AnswerAndHold(begun.into())).await;
        let client = builder(server.url()).timeout(SHORT).build().unwrap();
        let error = client.update(&update()).await.unwrap_err();
        assert!(matches!(error, Error::Timeout), "{error:?}");
        assert_eq!(error.outcome(), Outcome::Unknown);
        assert!(server.requests().len() <= 1);
    }
}

#[tokio::test]
async fn a_connection_that_breaks_after_the_request_is_not_tried_again() {
    for begun in ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{"] {
        let (error, server) = failure(Reply::AnswerAndClose(begun.into())).await;
        let Error::Interrupted(source) = &error else { panic!("{error:?}") };
        assert!(source.url().is_none() && error.source().is_some());
        assert_eq!(error.outcome(), Outcome::Unknown);
        server.request();
    }
}

#[tokio::test]
async fn an_answer_that_is_no_http_is_an_error() {
    let (error, server) = failure(Reply::AnswerAndClose("220 smtp ready\r\n".into())).await;
    assert!(matches!(error, Error::Interrupted(_)), "{error:?}");
    server.request();
}

#[tokio::test]
async fn a_body_that_never_ends_is_read_to_the_limit() {
    for head in
        ["HTTP/1.1 200 OK\r\n\r\n ", "HTTP/1.1 200 OK\r\ncontent-length: 999999999999\r\n\r\n "]
    {
        let (error, _server) = failure(Reply::Endless(head.into())).await;
        let Error::TooLarge { status, limit } = error else { panic!("{error:?}") };
        assert_eq!((status.as_u16(), limit), (200, 1 << 20));
    }
}

#[tokio::test]
async fn the_limit_is_exact() {
    let body = r#"{"Message":{"Code":"00"},"Response":{"PaymentProfileId":"1"}}"#;
    let server = Server::start(Reply::Answer(answer("200 OK", "text/json", body))).await;
    let client = |limit| builder(server.url()).max_answer(limit).build().unwrap();
    client(body.len()).update(&update()).await.unwrap();
    let error = client(body.len() - 1).update(&update()).await.unwrap_err();
    assert!(matches!(error, Error::TooLarge { limit, .. } if limit == body.len() - 1), "{error:?}");
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
        assert!(matches!(error, Error::Redirected { .. }), "{error:?}");
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
        let client = builder(server.url()).http_client(follows).build().unwrap();
        let error = client.update(&update()).await.unwrap_err();
        assert!(matches!(error, Error::Redirected { .. }), "{error:?}");
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
    let client = builder(server.url())
        .http_client(follows)
        .connect_tries(THREE, Duration::ZERO)
        .build()
        .unwrap();
    let error = client.update(&update()).await.unwrap_err();
    server.request();
    assert!(matches!(error, Error::Interrupted(_)), "{error:?}");
    assert_eq!(error.outcome(), Outcome::Unknown);
}
