//! Calls over TLS, with each of the two libraries for it.

#![cfg(any(feature = "rustls", feature = "native-tls"))]
#![allow(clippy::unwrap_used, reason = "a test's helpers fail the test")]

mod support;

use std::error::Error as _;
use std::time::Duration;

use payment_profiles::{ErrorKind, Limits, Outcome, RetryPolicy};
use reqwest::{Certificate, ClientBuilder};
use support::{Reply, Server, builder, success, update};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// HTTP clients that trust this certificate alone, one per TLS library that is built in.
fn trusting(certificate: &[u8]) -> Vec<reqwest::Client> {
    let certificate = Certificate::from_der(certificate).unwrap();
    let http = || ClientBuilder::new().no_proxy().tls_certs_only([certificate.clone()]);
    vec![
        #[cfg(feature = "rustls")]
        http().tls_backend_rustls().build().unwrap(),
        #[cfg(feature = "native-tls")]
        http().tls_backend_native().build().unwrap(),
    ]
}

#[tokio::test]
async fn an_update_goes_through_tls() {
    let (server, certificate) = Server::start_tls(Reply::Answer(success()), "localhost").await;
    for (index, http) in trusting(&certificate).into_iter().enumerate() {
        let base_url = format!("https://localhost:{}", server.address.port());
        let client = builder(base_url).http(http).build().unwrap();
        client.update(&update()).await.unwrap();
        assert_eq!(server.requests().len(), index + 1);
    }
}

#[tokio::test]
async fn nothing_is_sent_to_a_server_with_another_names_certificate() {
    let (server, certificate) = Server::start_tls(Reply::Answer(success()), "other.example").await;
    let mut clients: Vec<_> = trusting(&certificate).into_iter().map(Some).collect();
    // The client's own HTTP client trusts the platform's roots, and so not this certificate.
    clients.push(None);
    for http in clients {
        let mut builder = builder(format!("https://localhost:{}", server.address.port()))
            .retry(RetryPolicy::never());
        if let Some(http) = http {
            builder = builder.http(http);
        }
        let error = builder.build().unwrap().update(&update()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connection, "{error:?}");
        assert_eq!(error.outcome(), Outcome::NotSent);
    }
    assert_eq!(server.requests().len(), 0);
}

#[tokio::test]
async fn nothing_is_sent_to_a_server_that_speaks_no_tls() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let heard = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut heard = Vec::new();
        stream.read_buf(&mut heard).await.unwrap();
        let no_tls = b"HTTP/1.1 400 Bad Request\r\n\r\n";
        stream.write_all(no_tls).await.unwrap();
        // The client closes or resets the connection; either ends what it sends.
        let _ = stream.read_to_end(&mut heard).await;
        heard
    });
    let client = builder(format!("https://{address}")).retry(RetryPolicy::never()).build().unwrap();
    let error = client.update(&update()).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Connection, Outcome::NotSent));
    let heard = heard.await.unwrap();
    assert!(!heard.is_empty());
    for sent in ["467512342123", "90001", "POST"] {
        let parts = heard.windows(sent.len());
        assert_eq!(parts.filter(|part| *part == sent.as_bytes()).count(), 0);
    }
}

#[tokio::test]
async fn a_handshake_that_is_never_answered_is_given_up_and_nothing_was_sent() {
    // It waits for the end of a plain-text head, which no handshake has.
    let server = Server::start(Reply::Answer(success())).await;
    let client = builder(format!("https://{}", server.address))
        .limits(Limits { connect: Duration::from_millis(50), ..Limits::default() })
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    let error = client.update(&update()).await.unwrap_err();
    assert!(error.source().unwrap().downcast_ref::<reqwest::Error>().unwrap().is_timeout());
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Timeout, Outcome::NotSent));
}
