//! Credentials: the rows of the table that are about them, and what happens without them.

use pagebind_client::{CachingTokens, ClientCredentials, ErrorKind, Token, TokenError};

use super::clients::credentials::{Client, ClientBuilder};
use super::server::{DONE, Server};

fn token(text: &str) -> Token {
    Token::new(text).unwrap()
}

/// A client that has every credential.
fn client(url: &str, http: &reqwest::Client) -> Client {
    let builder = ClientBuilder::new(url)
        .header_key("k")
        .query_key("q&k")
        .cookie_key("c")
        .basic_auth("Aladdin", "open sesame")
        .bearer_auth(token("b"))
        .bot_token("Bot t")
        .hoba("HOBA result=\"x\"")
        .oauth2(token("o"))
        .open_id(token("i"))
        .mtls();
    builder.http(http.clone()).build().unwrap()
}

/// The call that a row is about.
pub(super) async fn call(about: &str, url: &str, http: &reqwest::Client) {
    let client = client(url, http);
    match about {
        "`apiKey` in a header" => drop(client.header().send().await.unwrap()),
        "`apiKey` in the query" => drop(client.query().send().await.unwrap()),
        "`apiKey` in a cookie" => drop(client.cookie().theme("dark").send().await.unwrap()),
        "`http`, basic" => drop(client.basic().send().await.unwrap()),
        "`http`, bearer" => drop(client.bearer().send().await.unwrap()),
        "`http`, any other scheme" => drop(client.digest().send().await.unwrap()),
        "`apiKey` as `Authorization`" => drop(client.bot().send().await.unwrap()),
        "`oauth2`" => drop(client.oauth().send().await.unwrap()),
        "`openIdConnect`" => drop(client.openid().send().await.unwrap()),
        "`mutualTLS`" => drop(client.certificate().send().await.unwrap()),
        "several together" => drop(client.both().send().await.unwrap()),
        "alternatives" => {
            let client = ClientBuilder::new(url).http(http.clone()).query_key("k").build().unwrap();
            client.either().send().await.unwrap();
        }
        "alternatives, one of them none" => drop(client.optional().send().await.unwrap()),
        "none, `security: []`" => drop(client.open().send().await.unwrap()),
        other => panic!("no test for the row {other:?} of docs/wire.md"),
    }
}

#[tokio::test]
async fn a_call_without_its_credentials_is_not_sent_and_names_the_schemes() {
    let server = Server::start();
    let client = ClientBuilder::new(&server.url).header_key("s3cret").build().unwrap();
    let error = client.basic().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert_eq!(error.operation(), Some("basic"));
    assert!(error.to_string().contains("`basicAuth`"), "{error}");
    let error = client.either().send().await.unwrap_err();
    assert!(error.to_string().contains("`bearerAuth`, or `queryKey`"), "{error}");
    let error = client.both().send().await.unwrap_err();
    assert!(error.to_string().contains("`headerKey` and `basicAuth`"), "{error}");
    assert!(!format!("{error:?}").contains("s3cret"));
    assert_eq!(server.requests(), [] as [&str; 0]);
    client.optional().send().await.unwrap();
    client.open().send().await.unwrap();
}

/// No connection comes about to this port, and its error knows the URL.
#[tokio::test]
async fn a_key_in_the_query_is_in_no_error() {
    let client = ClientBuilder::new("http://127.0.0.1:1").query_key("s3cret");
    let client = client.retry(pagebind_client::RetryPolicy::never()).build().unwrap();
    let error = client.query().send().await.unwrap_err();
    let mut told = format!("{error} {error:?}");
    let mut source = std::error::Error::source(&error);
    while let Some(error) = source {
        told += &format!(" {error} {error:?}");
        source = error.source();
    }
    assert!(!told.contains("s3cret"), "{told}");
}

#[tokio::test]
async fn client_credentials_are_exchanged_once_where_the_contract_says() {
    let server = Server::answering(|request| {
        if !request.starts_with("POST /api/oauth/token ") {
            return DONE.to_owned();
        }
        let body = r#"{"access_token":"fetched","token_type":"Bearer","expires_in":600}"#;
        format!(
            "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
    });
    // What they ask for is what the operations name, since they say nothing of it themselves.
    let credentials = ClientCredentials::new("id", "se:cret");
    // The token endpoint is relative to the API, which is at a path here.
    let credentials = credentials.token_url("oauth/token");
    let client = ClientBuilder::new(format!("{}/api", server.url));
    let client = client.oauth2_client_credentials(credentials).build().unwrap();
    client.oauth().send().await.unwrap();
    client.oauth().send().await.unwrap();
    let requests: Vec<_> = server.requests().iter().map(|it| super::server::says(it)).collect();
    assert_eq!(
        requests,
        [
            vec![
                "POST /api/oauth/token",
                "content-type: application/x-www-form-urlencoded",
                "accept: application/json",
                // `id:se%3Acret`
                "authorization: Basic aWQ6c2UlM0FjcmV0",
                "grant_type=client_credentials&scope=cards",
            ],
            vec!["GET /api/oauth", "authorization: Bearer fetched"],
            vec!["GET /api/oauth", "authorization: Bearer fetched"],
        ]
    );
}

#[tokio::test]
async fn a_body_that_can_t_go_out_twice_makes_its_401_known_for_the_next_call() {
    let server = Server::answering(|request| {
        let status = if request.contains("Bearer second") { "204 No Content" } else { "401 No" };
        format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n")
    });
    let fetched = std::sync::atomic::AtomicUsize::new(0);
    // It says nothing of when it ends: what ends it is the refusal.
    let tokens = CachingTokens::new(move || {
        let texts = ["first", "second"];
        let next = texts[fetched.fetch_add(1, std::sync::atomic::Ordering::Relaxed)];
        async move { Ok::<_, TokenError>(token(next)) }
    });
    let client = ClientBuilder::new(&server.url).build().unwrap().with_token(tokens);
    let upload = || {
        let file =
            reqwest::Body::wrap_stream(futures_util::stream::iter([Ok::<_, TokenError>("a")]));
        client.request(reqwest::Method::POST, "/uploads").body(file).send()
    };
    assert_eq!(upload().await.unwrap_err().kind(), ErrorKind::Unauthorized);
    assert_eq!(server.requests().len(), 1);
    upload().await.unwrap();
}
