//! Lists page by page: each page is a call like any other, and only the contract says where it is.

use futures_util::StreamExt;
use pagebind_client::{ErrorKind, RetryPolicy};
use serde_json::{Value, json};

use super::clients::pages::{Client, ClientBuilder, types};
use super::server::{Server, says};

/// A client of a server that gives these answers in turn: headers, and a body of JSON.
fn answered(answers: &[(&str, &str)]) -> (Client, Server) {
    let answers: Vec<String> =
        answers.iter().map(|(headers, body)| answer(headers, body)).collect();
    let answers = std::sync::Mutex::new(answers.into_iter());
    let server = Server::answering(move |_| answers.lock().unwrap().next().unwrap());
    let retry = RetryPolicy { first_wait: std::time::Duration::ZERO, ..RetryPolicy::default() };
    let client = ClientBuilder::new(&server.url).key("k").retry(retry).build().unwrap();
    (client, server)
}

fn answer(headers: &str, body: &str) -> String {
    let status = if body.is_empty() { "503 Busy" } else { "200 OK" };
    let head = format!("HTTP/1.1 {status}\r\nconnection: close\r\n{headers}");
    format!("{head}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

/// The first lines of what was asked for.
fn asked(server: &Server) -> Vec<String> {
    server.requests().iter().map(|request| says(request).remove(0)).collect()
}

#[tokio::test]
async fn pages_are_followed_by_the_header_link_with_credentials_and_retries() {
    let link = "link: </first>; rel=prev, </elsewhere?page=2&per_page=1>; rel=\"next\"\r\n";
    let (client, server) =
        answered(&[(link, r#"[{"name":"A"}]"#), ("", ""), ("", r#"[{"name":"B"},{}]"#)]);
    let cards = client.by_link().per_page(1).stream();
    let names: Vec<_> = cards.map(|card| card.unwrap().name).collect().await;
    assert_eq!(names, [Some("A".to_owned()), Some("B".to_owned()), None]);
    assert_eq!(
        asked(&server),
        [
            "GET /by-link?per_page=1",
            "GET /elsewhere?page=2&per_page=1",
            "GET /elsewhere?page=2&per_page=1"
        ]
    );
    assert!(server.requests().iter().all(|request| request.contains("x-key: k\r\n")));
}

#[tokio::test]
async fn credentials_go_to_no_other_server_whatever_a_page_says() {
    let link = "link: <http://127.0.0.1:1/c?page=2>; rel=next\r\n";
    let (client, server) = answered(&[(link, "[]")]);
    let mut pages = client.by_link().pages();
    assert!(pages.next().await.unwrap().is_ok());
    let error = pages.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("another server") && !error.to_string().contains("127"));
    assert!(pages.next().await.is_none());
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn an_empty_cursor_ends_a_list_and_the_other_parameters_stay() {
    let (client, server) = answered(&[
        ("", r#"{"data":[{"name":"A"}],"meta":{"next":"a b&c"}}"#),
        ("", r#"{"data":[],"meta":{"next":"z"}}"#),
        ("", r#"{"meta":{"next":""}}"#),
    ]);
    let pages: Vec<_> = client.by_cursor().name("x y").after("0").pages().collect().await;
    assert_eq!(pages.len(), 3);
    assert!(pages.into_iter().all(|page| page.is_ok()));
    assert_eq!(
        asked(&server),
        [
            "GET /by-cursor?after=0&name=x%20y",
            "GET /by-cursor?name=x%20y&after=a%20b%26c",
            "GET /by-cursor?name=x%20y&after=z"
        ]
    );
}

#[tokio::test]
async fn a_page_that_leads_to_itself_ends_a_list_with_an_error() {
    let same = r#"{"data":[{"name":"A"}],"meta":{"next":"z"}}"#;
    let (client, server) = answered(&[("", same), ("", same)]);
    let cards: Vec<_> = client.by_cursor().stream().collect().await;
    assert_eq!(cards.len(), 3);
    assert_eq!(cards[2].as_ref().unwrap_err().kind(), ErrorKind::Undecodable);
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_url_in_a_page_is_followed() {
    let (client, server) =
        answered(&[("", r#"{"meta":{"next":"?cursor=2"}}"#), ("", r#"{"meta":{"next":null}}"#)]);
    assert_eq!(client.by_url().pages().count().await, 2);
    assert_eq!(asked(&server), ["GET /by-url", "GET /by-url?cursor=2"]);
}

#[tokio::test]
async fn what_the_manifest_says_of_counting_holds_from_where_the_caller_begins() {
    let full = r#"{"data":[{},{}]}"#;
    let (client, server) = answered(&[("", full), ("", full), ("", r#"{"data":[]}"#)]);
    assert_eq!(client.by_page().stream().count().await, 4);
    assert_eq!(asked(&server), ["GET /by-page", "GET /by-page?page=2", "GET /by-page?page=3"]);
    let (client, server) = answered(&[("", full), ("", r#"{"data":[]}"#)]);
    assert_eq!(client.by_offset().offset(10).stream2("a").stream().count().await, 2);
    assert_eq!(
        asked(&server),
        ["GET /by-offset?offset=10&stream=a", "GET /by-offset?stream=a&offset=12"]
    );
}

/// The bodies of what was asked for.
fn bodies(server: &Server) -> Value {
    let bodies = server.requests().into_iter().map(|request| says(&request).pop().unwrap());
    bodies.map(|body| serde_json::from_str::<Value>(&body).unwrap()).collect()
}

#[tokio::test]
async fn a_page_is_asked_for_in_the_body_beside_what_the_caller_set() {
    let answers = [
        ("", r#"{"data":[{"name":"A"}],"meta":{"next":"x\"y"}}"#),
        ("", r#"{"data":[{"name":"B"}],"meta":{"next":null}}"#),
    ];
    let (client, server) = answered(&answers);
    let page = types::ByBodyBodyPage::builder().limit(1);
    let body = types::ByBodyBody::builder().name("N").page(page);
    let cards = client.by_body().body(body).stream();
    let names: Vec<_> = cards.map(|card| card.unwrap().name.unwrap()).collect().await;
    assert_eq!(names, ["A", "B"]);
    let first = json!({ "name": "N", "page": { "limit": 1 } });
    let second = json!({ "name": "N", "page": { "limit": 1, "after": "x\"y" } });
    assert_eq!(bodies(&server), json!([first, second]));

    let (client, server) = answered(&answers);
    assert_eq!(client.by_body().pages().count().await, 2);
    let second = says(&server.requests()[1]);
    assert!(second.iter().any(|line| line == "content-type: application/json"), "{second:?}");
    assert_eq!(second.last().unwrap(), r#"{"page":{"after":"x\"y"}}"#);
}

#[tokio::test]
async fn items_are_counted_in_the_body_from_where_the_caller_begins() {
    let full = r#"{"data":[{},{}]}"#;
    let body = types::ByBodyCountBody::builder;
    for (body, sent) in [
        (body(), json!([{}, { "offset": 2 }, { "offset": 4 }])),
        (body().offset(10), json!([{ "offset": 10 }, { "offset": 12 }, { "offset": 14 }])),
    ] {
        let (client, server) = answered(&[("", full), ("", full), ("", r#"{"data":[]}"#)]);
        assert_eq!(client.by_body_count().body(body).stream().count().await, 4);
        assert_eq!(bodies(&server), sent);
    }
}

#[tokio::test]
async fn a_page_that_is_nothing_but_its_items_is_counted_too() {
    let (client, server) = answered(&[("", r#"[{"name":"A"}]"#), ("", "[]")]);
    assert_eq!(client.by_page_of_items().stream().count().await, 1);
    assert_eq!(asked(&server), ["GET /by-page-of-items", "GET /by-page-of-items?page=1"]);
}

#[tokio::test]
async fn the_items_of_a_page_stand_as_deep_as_the_contract_says() {
    let (client, server) = answered(&[
        ("", r#"{"data":{"result":{"items":[{"name":"A"},{"name":"B"}],"next":"x"}}}"#),
        ("", r#"{"data":{"result":{"items":null,"next":"y"}}}"#),
        ("", r#"{"data":{"result":{"items":[{"name":"C"}],"next":"z"}}}"#),
        ("", r#"{"data":{"result":null}}"#),
    ]);
    let names: Vec<_> = client.deep().stream().map(|it| it.unwrap().name.unwrap()).collect().await;
    assert_eq!(names, ["A", "B", "C"]);
    let urls = ["/deep", "/deep?after=x", "/deep?after=y", "/deep?after=z"];
    assert_eq!(asked(&server), urls.map(|url| format!("GET {url}")));

    let (client, _server) = answered(&[
        ("", r#"{"a/b":{"list":{"entries":[{"name":"A"},{}]}}}"#),
        ("", r#"{"a/b":{"list":{"entries":[]}}}"#),
    ]);
    assert_eq!(client.deep_count().stream().count().await, 2);
}

#[tokio::test]
async fn dropshot_s_token_goes_out_with_the_limit_alone() {
    let (client, server) = answered(&[
        ("", r#"{"items":[{"name":"A"}],"next_page":"t"}"#),
        ("", r#"{"items":[{"name":"B"}],"next_page":null}"#),
    ]);
    let cards = client.by_dropshot().limit(1).sort("name").stream();
    assert_eq!(cards.count().await, 2);
    assert_eq!(
        asked(&server),
        ["GET /by-dropshot?limit=1&sort=name", "GET /by-dropshot?limit=1&page_token=t"]
    );
}

#[tokio::test]
async fn an_error_ends_a_list_once() {
    let (client, _server) = answered(&[("", "{")]);
    let mut cards = client.by_page().stream();
    assert_eq!(cards.next().await.unwrap().unwrap_err().kind(), ErrorKind::Undecodable);
    assert!(cards.next().await.is_none());
    assert!(cards.next().await.is_none());
}
