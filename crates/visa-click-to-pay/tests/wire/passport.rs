//! Tokens from Pismo's own token service.

use std::time::{Duration, UNIX_EPOCH};

use serde_json::json;
use visa_click_to_pay::{
    CachingTokens, Clock, ErrorKind, Failure, Limits, Passport, RetryPolicy, SecretName,
    TokenSource,
};

use crate::support::{FastClock, Reply, Server, builder, jwt, soon, token, update};

fn passport(server: &Server) -> Passport {
    Passport::builder(server.url()).clock(FastClock::new()).build().unwrap()
}

#[tokio::test]
async fn oauth2_sends_the_published_form_and_reads_the_standard_answer() {
    let server = Server::start(|_| {
        Reply::json(200, &json!({"access_token": "abc", "expires_in": 600, "token_type": "Bearer"}))
    })
    .await;
    let clock = FastClock::new();
    let passport = Passport::builder(server.url()).clock(clock.clone()).build().unwrap();
    let source = passport.oauth2("id", "s&cret", "pismo-v1:cards:rw").account("1234");
    let fetched = source.token().await.unwrap();
    assert_eq!(fetched.expires(), Some(clock.now() + Duration::from_secs(600)));
    let received = &server.received()[0];
    assert_eq!(
        (&*received.method, &*received.path),
        ("POST", "/cards-tokenization/v2/oauth/token")
    );
    assert_eq!(received.header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(
        std::str::from_utf8(&received.body).unwrap(),
        "grant_type=client_credentials&client_id=id&client_secret_string=s%26cret\
         &scope=pismo-v1%3Acards%3Arw&uid=1234"
    );
}

#[tokio::test]
async fn basic_sends_the_key_under_the_name_that_is_asked_for() {
    let server = Server::start(|_| Reply::json(200, &json!({"token": "abc", "tenant": "t"}))).await;
    let source = passport(&server).basic("key", "secret", 1234);
    assert_eq!(source.token().await.unwrap(), token("abc"));
    source.secret_name(SecretName::ServerSecret).token().await.unwrap();
    let received = server.received();
    assert_eq!(received[0].path, "/cards-tokenization/v2/s2s/access-token");
    assert_eq!(
        received[0].json(),
        json!({"server_key": "key", "secret_key": "secret", "account_id": 1234})
    );
    assert_eq!(
        received[1].json(),
        json!({"server_key": "key", "server_secret": "secret", "account_id": 1234})
    );
}

#[tokio::test]
async fn a_token_endpoint_that_gives_no_token_is_explained_without_its_answer() {
    let cases = [
        (Reply::json as fn(u16, &_) -> _, 401, json!({"secret": 1}), "refused the credentials"),
        (Reply::json, 200, json!({"token": "secret"}), "holds no token"),
        (Reply::json, 503, json!("secret"), "gave no token"),
    ];
    for (reply, status, body, expected) in cases {
        let server = Server::start(move |_| reply(status, &body)).await;
        let source = passport(&server).oauth2("id", "secret", "s");
        let error = source.token().await.unwrap_err();
        let text = format!("{error} {error:?}");
        assert!(text.contains(expected) && !text.contains("secret"), "{text}");
        assert_eq!(error.is_transient(), status == 503);
        let cause = std::error::Error::source(&error).unwrap();
        let failure = cause.downcast_ref::<Failure>().unwrap();
        assert!(failure.raw_body().is_none());
    }
}

#[tokio::test]
async fn the_expiry_of_a_jwt_comes_before_that_of_its_answer() {
    let expiry = UNIX_EPOCH + Duration::from_secs(4_000_000_000);
    let body = json!({"access_token": jwt(expiry), "expires_in": 600});
    let server = Server::start(move |_| Reply::json(200, &body)).await;
    let fetched = passport(&server).oauth2("id", "secret", "s").token().await.unwrap();
    assert_eq!(fetched.expires(), Some(expiry));
}

#[tokio::test]
async fn all_accounts_share_one_connection_pool() {
    let server = Server::start(|_| Reply::json(200, &json!({"access_token": "abc"}))).await;
    let credentials = passport(&server).oauth2("id", "secret", "s");
    for account in ["1", "2", "3"] {
        credentials.account(account).token().await.unwrap();
    }
    assert_eq!((server.received().len(), server.connections()), (3, 1));
}

/// A token that is fetched twice does no harm.
#[tokio::test]
async fn a_token_endpoint_that_is_in_trouble_is_asked_again() {
    let good = json!({"access_token": "abc"});
    let soon = vec![("retry-after", "7".to_owned())];
    for trouble in [
        Reply::status(500),
        Reply::status(503),
        Reply::Answer(429, soon, String::new()),
        Reply::Break,
        Reply::Silence,
    ] {
        let good = good.clone();
        let asks_to_wait = matches!(trouble, Reply::Answer(429, ..));
        let server = Server::start(move |received| match received.number {
            0 => trouble.clone(),
            _ => Reply::json(200, &good),
        })
        .await;
        let clock = FastClock::new();
        let passport = Passport::builder(server.url())
            .limits(Limits { read: Duration::from_millis(100), ..Limits::default() })
            .clock(clock.clone());
        let source = passport.build().unwrap().oauth2("id", "secret", "s");
        assert_eq!(source.token().await.unwrap(), token("abc"));
        assert_eq!(server.received().len(), 2);
        assert!(!asks_to_wait || clock.waits()[0] >= 7_000, "{:?}", clock.waits());
    }
}

#[tokio::test]
async fn how_often_a_token_endpoint_is_asked_is_the_caller_s_to_say() {
    let server = Server::start(|_| Reply::status(503)).await;
    let passport = Passport::builder(server.url()).retry(RetryPolicy::never()).build().unwrap();
    assert!(passport.basic("key", "secret", 1).token().await.unwrap_err().is_transient());
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn a_wait_that_the_token_endpoint_asks_for_reaches_the_caller_of_the_api() {
    let server = Server::start(|_| {
        Reply::Answer(429, vec![("retry-after", "31".to_owned())], String::new())
    })
    .await;
    let source = passport(&server).oauth2("id", "secret", "s");
    let account = builder(&server).build().unwrap().with_token(CachingTokens::new(source));
    for _ in 0..2 {
        let sent = account.update_customer().x_customer_id(1).body(update());
        let error = soon(sent.send()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Token);
        assert!(error.is_transient());
        let wait = error.retry_after().unwrap().as_secs_f64();
        assert!((30.0..=31.0).contains(&wait), "{wait}");
    }
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn what_stands_around_the_token_costs_no_token() {
    for body in [
        "\u{feff}{\"access_token\":\"abc\"}",
        "{\"access_token\":\"abc\",\"token\":{\"kind\":1},\"scope\":7}",
    ] {
        let server = Server::start(move |_| Reply::text(200, "text/html", body)).await;
        let passport = Passport::new(server.url()).unwrap();
        assert_eq!(passport.oauth2("id", "secret", "s").token().await.unwrap(), token("abc"));
    }
}

#[tokio::test]
async fn an_expiry_that_can_not_be_read_costs_no_token() {
    let cases = [
        (json!(600), Some(600)),
        (json!("600"), Some(600)),
        (json!(" 600 "), Some(600)),
        (json!(600.0), Some(600)),
        (json!("600.5"), Some(600)),
        (json!(-1), None),
        (json!("-1"), None),
        (json!("soon"), None),
        (json!("inf"), None),
        (json!(1e300), None),
        (json!(u64::MAX), None),
        (json!(null), None),
        (json!(true), None),
        (json!([600]), None),
        (json!({"seconds": 600}), None),
    ];
    for (expires_in, seconds) in cases {
        let body = json!({"access_token": "abc", "expires_in": expires_in});
        let server = Server::start(move |_| Reply::json(200, &body)).await;
        let clock = FastClock::new();
        let passport = Passport::builder(server.url()).clock(clock.clone()).build().unwrap();
        let fetched = passport.oauth2("id", "secret", "s").token().await.unwrap();
        let left = fetched.expires().map(|end| end.duration_since(clock.now()).unwrap());
        assert_eq!(left.map(|left| left.as_secs()), seconds, "{expires_in}");
        assert_eq!(fetched, token("abc"));
    }
}
