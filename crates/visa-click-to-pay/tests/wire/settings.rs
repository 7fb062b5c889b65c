//! What a caller sets on a client, watches of it, and sends beside its operations.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::Method;
use reqwest::header::{HeaderName, HeaderValue};
use serde_json::json;
use visa_click_to_pay::{
    BuildError, Client, CorrelationId, ErrorKind, Limits, Passport, TokenSource,
};

use crate::support::{FastClock, Reply, Server, account, builder, deletion, token, update};

const TRACE: HeaderName = HeaderName::from_static("traceparent");

fn value(text: &'static str) -> HeaderValue {
    HeaderValue::from_static(text)
}

#[tokio::test]
async fn the_user_agent_is_this_crate_or_what_the_caller_says() {
    let own = concat!("visa-click-to-pay/", env!("CARGO_PKG_VERSION"));
    for (said, expected) in [(None, own), (Some("bank/2"), "bank/2")] {
        let server = Server::start(|_| Reply::status(202)).await;
        let builder = builder(&server);
        let builder = match said {
            Some(said) => builder.user_agent(said),
            None => builder,
        };
        let account = builder.build().unwrap().with_token(token("t"));
        account.delete_customer().x_customer_id(1).body(deletion()).send().await.unwrap();
        assert_eq!(server.received()[0].header("user-agent"), Some(expected));
    }
    let refused =
        Client::builder("http://localhost").tenant("TN-1").user_agent("a\r\nb: c").build();
    assert!(matches!(refused, Err(BuildError::Header("user-agent"))));

    let server = Server::start(|_| Reply::json(200, &json!({"access_token": "abc"}))).await;
    let passport = Passport::new(server.url()).unwrap();
    passport.oauth2("id", "secret", "s").token().await.unwrap();
    assert_eq!(server.received()[0].header("user-agent"), Some(own));
}

#[tokio::test]
async fn a_pool_of_the_caller_s_keeps_its_own_user_agent() {
    let server = Server::start(|_| Reply::status(202)).await;
    let http = reqwest::Client::builder().user_agent("own").no_proxy().build().unwrap();
    let account = builder(&server).http(http).build().unwrap().with_token(token("t"));
    account.delete_customer().x_customer_id(1).body(deletion()).send().await.unwrap();
    assert_eq!(server.received()[0].header("user-agent"), Some("own"));
}

#[tokio::test]
async fn headers_go_with_every_request_or_with_those_of_one_call() {
    let server = Server::start(|_| Reply::status(202)).await;
    let client = builder(&server)
        .default_header(HeaderName::from_static("x-region"), value("eu"))
        .build()
        .unwrap();
    let account = client.with_token(token("t"));
    for account in [&account, &account.with_header(TRACE, value("00-1")), &account] {
        account.delete_customer().x_customer_id(1).body(deletion()).send().await.unwrap();
    }
    let traces: Vec<_> = server
        .received()
        .iter()
        .map(|request| {
            assert_eq!(request.header("x-region"), Some("eu"));
            request.header("traceparent").map(str::to_owned)
        })
        .collect();
    assert_eq!(traces, [None, Some("00-1".to_owned()), None]);
}

#[tokio::test]
async fn no_header_of_the_caller_s_takes_the_place_of_the_client_s_own() {
    let server = Server::start(|_| Reply::status(202)).await;
    let mut account = account(&server);
    for name in ["authorization", "x-tenant", "x-cid", "x-customer-id", "content-type"] {
        account = account.with_header(HeaderName::from_static(name), value("mine"));
    }
    account.delete_customer().x_customer_id(1).body(deletion()).send().await.unwrap();
    let received = &server.received()[0];
    assert_eq!(received.header("authorization"), Some("Bearer token"));
    assert_eq!(received.header("x-tenant"), Some("TN-1"));
    assert_ne!(received.header("x-cid"), Some("mine"));
    assert_eq!(received.header("x-customer-id"), Some("1"));
    assert_eq!(received.header("content-type"), Some("application/json"));
}

#[tokio::test]
async fn a_header_of_one_request_is_on_each_try_of_it_and_on_no_other() {
    let server = Server::start(|received| match received.number {
        0 => Reply::status(503),
        _ => Reply::status(202),
    })
    .await;
    let client = builder(&server).clock(FastClock::new()).default_header(TRACE, value("all"));
    let account = client.build().unwrap().with_token(token("t"));
    let update = || account.update_customer().x_customer_id(1).body(update());
    update().header("Traceparent", "00-1").header("x-note", "a b").send().await.unwrap();
    update().send().await.unwrap();
    let received = server.received();
    let traces: Vec<_> = received
        .iter()
        .map(|request| (request.header("traceparent"), request.header("x-note")))
        .collect();
    let of_it = (Some("00-1"), Some("a b"));
    assert_eq!(traces, [of_it, of_it, (Some("all"), None)]);
}

#[tokio::test]
async fn a_header_that_can_t_be_sent_or_is_not_the_caller_s_is_told_before_anything_is_sent() {
    let server = Server::start(|_| Reply::status(202)).await;
    let account = account(&server);
    for (name, value, told) in [
        ("x-note", "line\r\nmarker: 1", "the value of the header `x-note` holds more than"),
        ("x note", "marker", "the name of a header"),
        ("content-length", "1", "the header `content-length` belongs to the connection"),
        ("Authorization", "marker", "the header `authorization` is set by the operation or by"),
        ("x-tenant", "marker", "the header `x-tenant` is set by the operation or by the client"),
        ("x-cid", "marker", "the header `x-cid` is set by the operation or by the client"),
        ("x-customer-id", "2", "the header `x-customer-id` is set by the operation or by"),
        ("content-type", "marker", "the header `content-type` is set by the operation or by"),
        ("accept", "marker", "the header `accept` is set by the operation or by the client"),
    ] {
        let sent = account.delete_customer().x_customer_id(1).body(deletion()).header(name, value);
        assert!(!format!("{sent:?}").contains("marker"), "{sent:?}");
        let error = sent.send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        let text = error.to_string();
        assert!(text.contains(told) && !text.contains("marker"), "{text}");
    }
    assert_eq!(server.received().len(), 0);
}

#[tokio::test]
async fn hooks_see_each_try_and_what_came_of_it() {
    let server = Server::start(|received| match received.number {
        0 => Reply::status(503),
        1 => Reply::Break,
        _ => Reply::status(202),
    })
    .await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let clock = FastClock::new();
    let (before, after) = (seen.clone(), seen.clone());
    let client = builder(&server)
        .clock(clock.clone())
        .before_request(move |request| {
            assert_eq!(request.operation, "update_customer");
            let text = format!("{} {} {}", request.method, request.path, request.number);
            before.lock().unwrap().push(text);
        })
        .after_answer(move |_, answer| {
            let status = answer.status.map(|status| status.as_u16());
            after.lock().unwrap().push(format!("{status:?} {:?}", answer.failure));
            assert_eq!(answer.time, Duration::ZERO, "this clock passes in waits alone");
        })
        .build()
        .unwrap();
    let sent = client.with_token(token("t"));
    sent.update_customer().x_customer_id(1).body(update()).send().await.unwrap();
    let path = "PUT /cards-tokenization/v1/clicktopay/visa/manage/customer";
    let expected = [
        format!("{path} 1"),
        "Some(503) None".to_owned(),
        format!("{path} 2"),
        "None Some(Connection)".to_owned(),
        format!("{path} 3"),
        "Some(202) None".to_owned(),
    ];
    assert_eq!(*seen.lock().unwrap(), expected);
}

#[tokio::test]
async fn an_endpoint_that_no_page_describes_gets_what_an_operation_gets() {
    let server = Server::start(|received| match received.number {
        0 => Reply::status(503),
        1 => Reply::status(401),
        _ => Reply::json(200, &json!({"path": received.path, "body": received.json()})),
    })
    .await;
    let numbered = std::sync::atomic::AtomicUsize::new(1);
    let next = move || {
        let number = numbered.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        std::future::ready(visa_click_to_pay::Token::new(format!("token-{number}")))
    };
    let account = builder(&server).build().unwrap().with_token(next);
    let request = account.request(Method::PUT, "/v2/x").query("a b", "c&d").json(&json!([1]));
    let request = ["x-tenant", "x-cid", "x-note"].into_iter().fold(request, |request, name| {
        request.header(HeaderName::from_static(name), value("mine"))
    });
    let answer = request.send_json::<serde_json::Value>().await.unwrap();
    assert_eq!(answer["path"], "/cards-tokenization/v2/x?a+b=c%26d");
    assert_eq!(answer["body"], json!([1]));
    let received = server.received();
    assert_eq!(received.len(), 3);
    assert_eq!(received[2].header("authorization"), Some("Bearer token-2"));
    assert_eq!(received[2].header("x-tenant"), Some("TN-1"));
    assert_eq!(received[2].header("x-note"), Some("mine"));
    assert_eq!(received[2].header("x-cid"), answer.correlation_id().map(CorrelationId::as_str));
}

#[tokio::test]
async fn an_endpoint_that_no_page_describes_fails_as_an_operation_fails() {
    let server = Server::start(|_| Reply::json(404, &json!({"secret": 1}))).await;
    let error = account(&server).request(Method::GET, "/v2/x").send().await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Undocumented, 404));
    assert_eq!(error.failure().unwrap().raw_body().unwrap().bytes(), r#"{"secret":1}"#);
    assert!(!error.to_string().contains("secret"), "{error}");

    let limits = Limits { response_body: 3, ..Limits::default() };
    let small = builder(&server).limits(limits).build().unwrap().with_token(token("t"));
    let server = Server::start(|_| Reply::text(200, "text/plain", "long")).await;
    let large = builder(&server).limits(limits).build().unwrap().with_token(token("t"));
    let error = large.request(Method::GET, "/v2/x").send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);

    let outside = small.request(Method::GET, "@127.0.0.1:1/").send().await.unwrap_err();
    assert_eq!(outside.kind(), ErrorKind::InvalidRequest);
}

#[test]
fn plain_http_goes_to_a_host_that_the_caller_names() {
    let built = |host| Client::builder("http://sandbox:8080").tenant("TN-1").allow_http_to(host);
    assert!(built("sandbox").build().is_ok());
    assert!(matches!(built("other").build(), Err(BuildError::BaseUrl(_))));
    assert!(Passport::builder("http://sandbox").allow_http_to("sandbox").build().is_ok());
    assert!(Passport::new("http://sandbox").is_err());
}
