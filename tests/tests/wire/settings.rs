//! What the builder of a generated client, and the client itself, put on every request.

use std::sync::{Arc, Mutex};

use pagebind_client::reqwest::Method;
use pagebind_client::reqwest::header::{HeaderName, HeaderValue};
use pagebind_client::{
    BaseUrlError, BuildError, ClientCredentials, CorrelationId, Outcome, RetryPolicy, Token,
};

use super::clients::answers::{Client, ClientBuilder};
use super::clients::{credentials, servers};
use super::server::Server;

const DONE: &str = "HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";

fn server() -> Server {
    Server::answering(|_| DONE.to_owned())
}

/// The value of a header of the last request, if it has one.
fn header(server: &Server, name: &str) -> Option<String> {
    let requests = server.requests();
    let value = |line: &str| line.strip_prefix(&format!("{name}: ")).map(str::to_owned);
    requests.last().unwrap().lines().find_map(value)
}

async fn call(client: &Client) {
    client.nothing().send().await.unwrap();
}

#[tokio::test]
async fn a_client_is_called_after_the_crate_that_holds_it_unless_it_says_otherwise() {
    let server = server();
    call(&Client::builder(&server.url).build().unwrap()).await;
    let ours = concat!("pagebind-tests/", env!("CARGO_PKG_VERSION"));
    assert_eq!(header(&server, "user-agent").as_deref(), Some(ours));
    call(&Client::builder(&server.url).user_agent("shop/7").build().unwrap()).await;
    assert_eq!(header(&server, "user-agent").as_deref(), Some("shop/7"));
}

#[tokio::test]
async fn a_header_goes_with_every_request_of_a_client_or_of_its_copy_for_one_call() {
    let server = server();
    let (name, value) = (HeaderName::from_static("x-org"), HeaderValue::from_static("a"));
    let client = Client::builder(&server.url).default_header(name.clone(), value).build().unwrap();
    call(&client).await;
    assert_eq!(header(&server, "x-org").as_deref(), Some("a"));
    call(&client.with_header(name, HeaderValue::from_static("b"))).await;
    assert_eq!(header(&server, "x-org").as_deref(), Some("b"));
    call(&client).await;
    assert_eq!(header(&server, "x-org").as_deref(), Some("a"));
}

#[tokio::test]
async fn a_correlation_id_is_fresh_for_each_call_or_the_one_that_was_set() {
    let server = server();
    let name = HeaderName::from_static("x-cid");
    let client = Client::builder(&server.url).correlation_header(name).build().unwrap();
    call(&client).await;
    let first = header(&server, "x-cid").unwrap();
    call(&client).await;
    assert_ne!(header(&server, "x-cid").unwrap(), first);
    let id = CorrelationId::new(&first).unwrap();
    call(&client.with_correlation_id(id)).await;
    assert_eq!(header(&server, "x-cid").unwrap(), first);
}

#[tokio::test]
async fn hooks_see_each_request_and_what_came_of_it() {
    let server = server();
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let (before, after) = (seen.clone(), seen.clone());
    let client = Client::builder(&server.url)
        .before_request(move |request| {
            before.lock().unwrap().push(format!("{} {}", request.method, request.path));
        })
        .after_answer(move |request, answer| {
            let status = answer.status.map(|status| status.as_u16());
            after.lock().unwrap().push(format!("{} {status:?}", request.operation));
        })
        .build()
        .unwrap();
    call(&client).await;
    assert_eq!(*seen.lock().unwrap(), ["GET /nothing", "nothing Some(204)"]);
}

#[tokio::test]
async fn an_endpoint_without_a_page_is_called_with_the_same_token() {
    let server = server();
    let client = Client::builder(&server.url).build().unwrap();
    let client = client.with_token(Token::new("secret").unwrap()).with_retry(RetryPolicy::never());
    client.request(Method::PUT, "/elsewhere").query("a", "1").send().await.unwrap();
    assert_eq!(server.last()[0], "PUT /elsewhere?a=1");
    assert_eq!(header(&server, "authorization").as_deref(), Some("Bearer secret"));
}

#[test]
fn plain_http_is_for_loopback_and_for_hosts_that_are_named() {
    let client = || ClientBuilder::new("http://sandbox:8080");
    client().build().unwrap_err();
    client().allow_http_to("sandbox").build().unwrap();
}

#[tokio::test]
async fn a_named_host_is_taken_for_a_server_that_the_contract_puts_beside_it_as_well() {
    let server = server();
    let address = server.url.trim_start_matches("http://").parse().unwrap();
    let http = reqwest::Client::builder().resolve("sandbox", address);
    let url = server.url.replace("127.0.0.1", "sandbox");
    let client = servers::ClientBuilder::new(&url).allow_http_to("sandbox").http_builder(http);
    client.build().unwrap().list_reports().send().await.unwrap();
    assert_eq!(server.last()[0], "GET /reports/v2/reports");
}

#[test]
fn plain_http_beside_https_is_refused_at_once_unless_the_http_client_is_the_callers() {
    let tokens = ClientCredentials::new("id", "secret").token_url("http://localhost:8200/token");
    let client = || {
        let client = credentials::ClientBuilder::new("https://api.example.com");
        client.oauth2_client_credentials(tokens.clone())
    };
    let refused = client().build().unwrap_err();
    assert!(matches!(refused, BuildError::BaseUrl(BaseUrlError::Mixed)), "{refused}");
    client().http(reqwest::Client::new()).build().unwrap();

    let client = servers::ClientBuilder::new("https://api.example.com");
    let refused = client.uploads_example_server("http://127.0.0.1:9").build().unwrap_err();
    assert!(matches!(refused, BuildError::BaseUrl(BaseUrlError::Mixed)), "{refused}");
}

#[tokio::test]
async fn what_the_http_client_refuses_to_send_was_not_sent() {
    let server = server();
    let http = reqwest::Client::builder().https_only(true).build().unwrap();
    let client = Client::builder(&server.url).http(http).build().unwrap();
    for method in [Method::POST, Method::GET] {
        let unsent = client.request(method, "/elsewhere").send().await.unwrap_err();
        assert_eq!(unsent.outcome(), Outcome::NotSent, "{unsent}");
    }
    let unsent = client.request(Method::POST, "/elsewhere").json("a").send().await.unwrap_err();
    assert_eq!(unsent.outcome(), Outcome::NotSent, "{unsent}");
    assert!(server.requests().is_empty());
}

#[test]
fn a_client_shows_where_it_goes_and_no_token() {
    let client = Client::builder("https://api.example.com").build().unwrap();
    let shown = format!("{:?}", client.with_token(Token::new("secret").unwrap()));
    assert!(shown.contains("https://api.example.com") && !shown.contains("secret"), "{shown}");
}
