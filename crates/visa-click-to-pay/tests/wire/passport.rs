//! Tokens from Pismo's own token service.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::json;
use visa_click_to_pay::{Failure, Passport, SecretName, TokenSource};

use crate::support::{Reply, Server, jwt, token};

fn passport(server: &Server) -> Passport {
    Passport::new(server.url()).unwrap()
}

#[tokio::test]
async fn oauth2_sends_the_published_form_and_reads_the_standard_answer() {
    let server = Server::start(|_| {
        Reply::json(200, &json!({"access_token": "abc", "expires_in": 600, "token_type": "Bearer"}))
    })
    .await;
    let source = passport(&server).oauth2("id", "s&cret", "pismo-v1:cards:rw").account("1234");
    let asked = SystemTime::now();
    let fetched = source.token().await.unwrap();
    let left = fetched.expires().unwrap().duration_since(asked).unwrap();
    assert!((600..700).contains(&left.as_secs()), "{left:?}");
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
