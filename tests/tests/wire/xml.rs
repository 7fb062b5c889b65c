//! XML both ways: what is sent is in the table, what comes is read whatever its prefixes and its order.

use pagebind_client::reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use pagebind_client::{ErrorKind, RetryPolicy, WebhookError, WebhookReceiver};
use serde_json::{Value, json};

use super::clients::documents::{Client, ClientBuilder, types, webhooks};
use super::server::Server;

fn client(server: &Server) -> Client {
    ClientBuilder::new(&server.url).retry(RetryPolicy::never()).build().unwrap()
}

/// A client of a server that answers with this status and this document.
fn answered(status: &str, document: &str) -> (Client, Server) {
    answered_as("application/xml", status, document)
}

/// The same, where the document is of this media type.
fn answered_as(media_type: &str, status: &str, document: &str) -> (Client, Server) {
    let head = format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-type: {media_type}\r\n");
    let answer = format!("{head}content-length: {}\r\n\r\n{document}", document.len());
    let server = Server::answering(move |_| answer.clone());
    (client(&server), server)
}

/// What a document is read as.
async fn read(document: &str) -> Value {
    let (client, _server) = answered("200 OK", document);
    let pet = client.get_pet().send().await.unwrap().into_inner();
    serde_json::to_value(pet).unwrap()
}

/// What a pet is sent as.
async fn sent(pet: Value) -> String {
    let server = Server::start();
    let pet: types::Pet = serde_json::from_value(pet).unwrap();
    client(&server).post_pet().body(pet).send().await.unwrap();
    server.last().pop().unwrap()
}

#[tokio::test]
async fn what_is_sent_is_read_again() {
    for pet in [
        json!({ "id": 1, "names": [] }),
        json!({ "id": -7, "names": ["a", ""], "photoUrls": [], "tags": [{ "id": 1, "name": "x" }, {}] }),
        json!({
            "id": 9_007_199_254_740_993_i64, "names": [" <a> & \"b\" ]]> \r\n\t'ü' "],
            "photoUrls": ["p", "q"], "weights": [0.5, 2.5, 1e21], "status": "sold", "ready": false,
            "born": "2026-01-02", "nick": null, "price": { "currency": "a\t\"b\"\n", "amount": 12.5 },
            "parent": { "id": 2, "names": ["m"], "parent": { "id": 3, "names": [] } },
        }),
    ] {
        assert_eq!(read(&sent(pet.clone()).await).await, pet);
    }
}

#[tokio::test]
async fn a_document_is_read_by_local_names_in_any_order_and_what_is_unknown_is_passed_over() {
    let document = "\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- a pet -->\n\
        <p:pet xmlns:p=\"urn:pets\" xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" id=\" 7 \" other=\"x\">\n  \
        <p:ready> 1 </p:ready>\n  <p:name>a<![CDATA[<b>]]>&amp;&#99;<!-- c -->d</p:name>\n  \
        <p:unknown><p:name>not this one</p:name></p:unknown>\n  <p:name/>\n  \
        <p:labels>\n    <p:tag><name>t</name></p:tag>\n  </p:labels>\n  <p:status>lost</p:status>\n  \
        <p:nick i:nil=\"true\"/>\n  <p:weights><p:weights>+3</p:weights></p:weights>\n</p:pet>\n";
    let expected = json!({
        "id": 7, "ready": true, "names": ["a<b>&cd", ""], "tags": [{ "name": "t" }], "status": "lost",
        "nick": null, "weights": [3],
    });
    assert_eq!(read(document).await, expected);
}

#[tokio::test]
async fn an_error_in_xml_is_typed_by_its_status() {
    let (client, _server) = answered(
        "404 Not Found",
        "<fault><code>12</code><message>no pet</message><at>x</at></fault>",
    );
    let error = client.get_pet().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Documented);
    let fault = error.body().unwrap();
    let read = serde_json::to_value(fault).unwrap();
    assert_eq!(read, json!({ "code": 12, "message": "no pet", "at": "x" }));
}

#[tokio::test]
async fn json_or_xml_is_read_as_what_came() {
    for (media_type, document) in [
        ("application/json", r#"[{"id":1},{"name":"b"}]"#),
        ("", r#"[{"id":1},{"name":"b"}]"#),
        ("Text/XML; charset=utf-8", "<all><tag><id>1</id></tag><tag><name>b</name></tag></all>"),
        ("application/vnd.tags+xml", "<t><t><id>1</id></t><t><name>b</name></t></t>"),
    ] {
        let (client, _server) = answered_as(media_type, "200 OK", document);
        let tags = client.list_orders().send().await.unwrap().into_inner();
        let read = serde_json::to_value(tags).unwrap();
        assert_eq!(read, json!([{ "id": 1 }, { "name": "b" }]), "{media_type}");
    }
    let order = || types::Tag::builder().id(1);
    for (media_type, document) in
        [("application/json", r#"{"code":7}"#), ("text/xml", "<fault><code>7</code></fault>")]
    {
        let (client, _server) = answered_as(media_type, "400 Bad Request", document);
        let error = client.post_order_xml().body(order()).send().await.unwrap_err();
        let Some(types::PostOrderXmlError::BadRequest(fault)) = error.body() else {
            panic!("{error:?}");
        };
        assert_eq!(fault.code, 7);
    }
    // What is not offered as XML is none, whatever the server says.
    let (client, _server) = answered_as("text/xml", "409 Conflict", "<tag><id>1</id></tag>");
    let error = client.post_order().body(order()).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Undecodable);
}

#[test]
fn webhooks_and_callbacks_in_xml_are_read_as_answers_are() {
    let receiver = WebhookReceiver::checked(|headers, _| !headers.contains_key("forged"));
    let headers = |media_type| {
        let media_type = HeaderValue::from_static(media_type);
        HeaderMap::from_iter([(CONTENT_TYPE, media_type)])
    };
    let xml = headers("application/xml; charset=utf-8");
    let sold = b"<sold at=\"2026-11-26T10:00:00Z\"><x/><pet id=\"1\"><name>A</name></pet></sold>";
    let sold = webhooks::subscribe_sold(&receiver, &xml, sold).unwrap();
    let read = serde_json::to_value(&sold).unwrap();
    let expected = json!({ "at": "2026-11-26T10:00:00Z", "pet": { "id": 1, "names": ["A"] } });
    assert_eq!(read, expected);
    let failed = webhooks::failed(&receiver, &xml, b"<fault><code>7</code></fault>").unwrap();
    assert_eq!(failed.code, 7);
    for (headers, body) in [
        (xml.clone(), &b"<tag><id>1</id></tag>"[..]),
        (headers("application/json"), br#"{"id":1}"#),
        (HeaderMap::new(), br#"{"id":1}"#),
    ] {
        assert_eq!(webhooks::tagged(&receiver, &headers, body).unwrap().id, Some(1));
    }

    let mut forged = xml.clone();
    forged.insert("forged", HeaderValue::from_static("1"));
    let unsigned = webhooks::failed(&receiver, &forged, b"<fault><code>7</code></fault>");
    assert_eq!(unsigned.unwrap_err(), WebhookError::Unsigned);
    for body in [&b"<fault><code>s3cret</code></fault>"[..], b"<s3cret", b"{\"code\":7}", b"\xff"] {
        let error = webhooks::failed(&receiver, &xml, body).unwrap_err();
        assert_eq!(error, WebhookError::UndecodableXml);
        assert!(!format!("{error} {error:?}").contains("s3cret"));
    }
}

#[test]
fn webhooks_that_come_as_forms_are_read_by_their_types() {
    let receiver = WebhookReceiver::unchecked();
    let read = |body: &str| webhooks::messaged(&receiver, &HeaderMap::new(), body.as_bytes());
    let message = read("Body=007+%26+b&NumMedia=2&Urls=a&Urls=b&Other=x").unwrap();
    let expected = json!({ "Body": "007 & b", "NumMedia": 2, "Urls": ["a", "b"] });
    assert_eq!(serde_json::to_value(&message).unwrap(), expected);
    let message = read("Urls=one&Body=").unwrap();
    assert_eq!(serde_json::to_value(&message).unwrap(), json!({ "Body": "", "Urls": ["one"] }));
    assert_eq!(read("NumMedia=2").unwrap_err(), WebhookError::UndecodableForm);
}

#[tokio::test]
async fn xml_beside_parts_has_a_method_of_its_own() {
    let server = Server::start();
    client(&server).post_any().body("<tag/>").send().await.unwrap();
    assert_eq!(server.last(), ["POST /any-xml", "content-type: text/xml", "<tag/>"]);
    let body = types::PostAnyMultipartBody::builder().file("A");
    client(&server).post_any_multipart().body(body).send().await.unwrap();
    assert!(server.last()[1].starts_with("content-type: multipart/form-data"));
}

#[tokio::test]
async fn what_is_no_such_document_is_an_error_that_repeats_nothing() {
    let entity = "<!DOCTYPE p [<!ENTITY e \"s3cret\">]><pet id=\"1\"><name>&e;</name></pet>";
    let deep = "<parent>".repeat(200);
    let deep = format!("<pet id=\"1\">{deep}</pet>");
    for document in [
        "",
        "s3cret",
        "<pet",
        "<pet id=\"1\"></cat>",
        "<pet id=\"1\"/><pet/>",
        "<pet/>",
        entity,
        &deep,
        "<pet id=\"1\"><name>&s3cret;</name></pet>",
        "<pet id=\"s3cret\"/>",
        "{\"id\":1}",
    ] {
        let (client, _server) = answered("200 OK", document);
        let error = client.get_pet().send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Undecodable, "{document}");
        assert!(!format!("{error} {error:?}").contains("s3cret"), "{error}");
    }
}

#[tokio::test]
async fn a_character_that_no_document_can_hold_is_refused_before_anything_is_sent() {
    let server = Server::start();
    let pet = types::Pet::builder().id(1).names(vec!["a\u{0}b".to_owned()]);
    let error = client(&server).post_pet().body(pet).send().await.unwrap_err();
    assert!(error.to_string().contains("U+0000"), "{error}");
    assert_eq!(server.requests(), [] as [&str; 0]);
}

#[tokio::test]
async fn a_union_stays_text_that_the_caller_writes() {
    let server = Server::start();
    let _ = client(&server).post_union().body("<tag/>").send().await;
    let xml = "application/xml";
    let [content_type, accept] = [format!("content-type: {xml}"), format!("accept: {xml}")];
    assert_eq!(server.last(), ["POST /union", &content_type, &accept, "<tag/>"]);
}
