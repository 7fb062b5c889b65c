//! Every row of the table in `docs/wire.md`.

use std::collections::BTreeMap;

use pagebind_tests::workspace;
use serde_json::json;

use super::clients::{answers, bodies, documents, multipart, parameters, servers};
use super::server::Server;

/// The rows of the table: what they are about, and what goes over the wire.
fn rows() -> BTreeMap<String, Vec<String>> {
    let table = std::fs::read_to_string(workspace().join("docs/wire.md")).unwrap();
    let rows = table.lines().filter(|line| line.starts_with("| ") && line.contains('`'));
    let rows = rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let spans = cells[1].split('`').skip(1).step_by(2);
        let spans = spans.map(|span| span.replace("\\n", "\n").replace("\\r", "\r"));
        (cells[0].to_owned(), spans.collect())
    });
    rows.collect()
}

#[tokio::test]
async fn every_row_of_the_table_is_what_goes_over_the_wire() {
    let rows = rows();
    assert!(rows.len() > 30, "the table is not found");
    // One for all: what takes the time of a client to be built is its TLS.
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let http = http.no_proxy().no_gzip().build().unwrap();
    for (about, expected) in rows {
        let server = Server::start();
        call(&about, &server, &http).await;
        assert_eq!(server.last(), expected, "{about}");
    }
}

fn color() -> parameters::types::Color {
    serde_json::from_value(json!({ "R": 100, "G": 200 })).unwrap()
}

fn card() -> bodies::types::Card {
    serde_json::from_value(json!({ "limit": 5, "name": "A" })).unwrap()
}

/// The call that a row is about.
async fn call(about: &str, server: &Server, http: &reqwest::Client) {
    let url = server.url.as_str();
    let parameters = parameters::ClientBuilder::new(url).http(http.clone()).build().unwrap();
    let bodies = bodies::ClientBuilder::new(url).http(http.clone()).build().unwrap();
    let answers = answers::ClientBuilder::new(url).http(http.clone()).build().unwrap();
    let parts = multipart::ClientBuilder::new(url).http(http.clone()).build().unwrap();
    let xml = documents::ClientBuilder::new(url).http(http.clone()).build().unwrap();
    let query = parameters.query();
    let texts = |texts: [&str; 2]| texts.map(str::to_owned).to_vec();
    match about {
        "path, `simple`" => {
            let call = parameters.simple().value("a b/ü").list(vec![3, 4]).object(color());
            call.send().await.unwrap();
        }
        "path, `simple`, exploded" => {
            parameters.simple_exploded().object(color()).send().await.unwrap();
        }
        "path, `label`" => {
            let call = parameters.label().list(vec![3, 4]).exploded(color());
            call.send().await.unwrap();
        }
        "path, `matrix`" => {
            let call = parameters.matrix().id("5").list(vec![3, 4]).exploded(vec![3, 4]);
            call.send().await.unwrap();
        }
        "query, a text" => drop(query.value("a b&c=d+é").send().await.unwrap()),
        "query, an empty text" => drop(query.value("").send().await.unwrap()),
        "query, nothing" => drop(query.form(Vec::<String>::new()).send().await.unwrap()),
        "query, a number" => drop(query.amount(6_743_052.0).send().await.unwrap()),
        "query, a time" => {
            let at: pagebind_client::DateTime = "2026-11-26T10:00:00Z".parse().unwrap();
            query.at(at).send().await.unwrap();
        }
        "query, `form`, a list" => drop(query.form(texts(["a", "b,c"])).send().await.unwrap()),
        "query, `form`, an object" => drop(query.object(color()).send().await.unwrap()),
        "query, `form`, not exploded" => {
            query.joined(texts(["a", "b,c"])).whole(color()).send().await.unwrap();
        }
        "query, `spaceDelimited`" => drop(query.spaced(vec![3, 4]).send().await.unwrap()),
        "query, `pipeDelimited`" => drop(query.piped(vec![3, 4]).send().await.unwrap()),
        "query, `deepObject`" => {
            let filter = json!({ "price": { "gte": 3 }, "tags": ["a b"] });
            let filter: parameters::types::QueryFilter = serde_json::from_value(filter).unwrap();
            query.filter(filter).send().await.unwrap();
        }
        "query, JSON `content`" => drop(query.where_(color()).send().await.unwrap()),
        "query, `allowReserved`" => drop(query.path("/a?b=c&d").send().await.unwrap()),
        "headers, `simple`" => {
            let call = parameters.headers().x_list(vec![3, 4]).x_object(color());
            call.x_exploded(color()).send().await.unwrap();
        }
        "header that may be null" => {
            parameters.headers().x_token("t".to_owned()).send().await.unwrap();
        }
        "cookies, `form`" => {
            let call = parameters.cookies().session("a=b; c").flags(texts(["x", "y"]));
            call.seen(vec![1, 2]).send().await.unwrap();
        }
        "body, JSON" => drop(bodies.post_json().body(card()).send().await.unwrap()),
        "body, merge patch" => drop(bodies.merge_patch().body(card()).send().await.unwrap()),
        "body, JSON of a vendor" => drop(bodies.post_vendor().body(card()).send().await.unwrap()),
        "body, optional and left out" => drop(bodies.post_optional().send().await.unwrap()),
        "body, optional and given" => {
            bodies.post_optional().body(card()).send().await.unwrap();
        }
        "form" => {
            let body = json!({ "To": "+1", "MediaUrl": ["a", "b c"], "Address": { "city": "é" } });
            let body: bodies::types::SendSmsBody = serde_json::from_value(body).unwrap();
            bodies.send_sms().body(body).send().await.unwrap();
        }
        "form, `encoding`" => {
            let body = json!({ "expand": ["a", "b"], "metadata": { "k": "v w" }, "ids": [1, 2] });
            let body: bodies::types::EncodedFormBody = serde_json::from_value(body).unwrap();
            bodies.encoded_form().body(body).send().await.unwrap();
        }
        "parts" => {
            let meta = json!({ "kind": "text", "size": 1 });
            let meta: multipart::types::Meta = serde_json::from_value(meta).unwrap();
            let body = multipart::types::UploadBody::builder().file("A").caption("é").count(3);
            let body = body.tags(texts(["x", "y"])).meta(meta);
            parts.upload().body(body).send().await.unwrap();
        }
        "parts, several files" => {
            let pages = ["1", "2"].map(|text| pagebind_client::FilePart::from(text).name("p"));
            let body = multipart::types::UploadBody::builder().file("A").pages(pages);
            parts.upload().body(body).send().await.unwrap();
        }
        "parts, `encoding`" => {
            let preview = pagebind_client::FilePart::from("PNG").name("a.png");
            let body = multipart::types::UploadBody::builder().file("A").preview(preview);
            parts.upload().body(body).send().await.unwrap();
        }
        "parts, `encoding` with styles and headers" => {
            let place = json!({ "b": "x&y", "a": 1 });
            let place: multipart::types::EncodedBodyWhere = serde_json::from_value(place).unwrap();
            let body = multipart::types::EncodedBody::builder().ids(vec![1, 2]);
            let body = body.words(texts(["a", "b"])).where_(place);
            let meta = multipart::types::Meta::builder().size(1);
            let body = body.meta(meta).meta_x_trace("t").file("A").file_x_size(1);
            parts.encoded().body(body).send().await.unwrap();
        }
        "body, XML" => {
            let meta = multipart::types::Meta::builder().size(1);
            drop(parts.send_xml().body(meta).send().await);
        }
        "body, XML with attributes and lists" => {
            let pet = json!({
                "id": 7, "names": ["A", "<B>"], "photoUrls": ["p"], "tags": [{ "id": 1 }], "nick": null,
                "price": { "currency": "EUR", "amount": 12 }, "ready": true,
            });
            let pet: documents::types::Pet = serde_json::from_value(pet).unwrap();
            xml.post_pet().body(pet).send().await.unwrap();
        }
        "body, XML with namespaces" => {
            let person = json!({ "id": 1, "name": "é", "home": { "city": "C" } });
            let person: documents::types::Person = serde_json::from_value(person).unwrap();
            xml.post_person().body(person).send().await.unwrap();
        }
        "body, XML, a list" => {
            let tags = ["a", "b"].map(|name| documents::types::Tag::builder().name(name));
            let tags = tags.map(|tag| tag.try_into().unwrap()).to_vec();
            xml.put_pets().body(tags).send().await.unwrap();
        }
        "parts that no one names" => {
            let body = pagebind_client::Multipart::new().value("a", &1, "").file("b", "B", "");
            parts.upload_any().body(body).send().await.unwrap();
        }
        "several kinds of body, JSON" => {
            let meta = multipart::types::Meta::builder().size(1);
            parts.create_note().body(meta).send().await.unwrap();
        }
        "several kinds of body, a form" => {
            let meta = multipart::types::Meta::builder().size(1);
            parts.create_note_form().body(meta).send().await.unwrap();
        }
        "several kinds of body, XML" => {
            let tag = documents::types::Tag::builder().id(1);
            xml.post_order_xml().body(tag).send().await.unwrap_err();
        }
        "several kinds of body, parts" => {
            let body = multipart::types::CreateNoteMultipartBody::builder().file("A");
            parts.create_note_multipart().body(body).send().await.unwrap();
        }
        "body, text" => drop(bodies.post_text().body("a b").send().await.unwrap()),
        "body, bytes" => drop(bodies.put_image().body("PNG").send().await.unwrap()),
        "body, any media type, and the caller says which" => {
            let call = bodies.put_any().header("content-type", "image/webp");
            call.body("x").send().await.unwrap();
        }
        "body, any media type" => drop(bodies.put_any().body("x").send().await.unwrap()),
        "`Accept`, JSON" => drop(answers.json().send().await.unwrap_err()),
        "`Accept`, bytes" => drop(answers.image().send().await.unwrap_err()),
        "`Accept`, JSON or XML" => drop(xml.list_orders().send().await.unwrap_err()),
        "`Accept`, JSON or XML, and the caller says which" => {
            let call = xml.list_orders().header("accept", "application/xml");
            call.send().await.unwrap_err();
        }
        "`Accept`, JSON or a stream" => drop(answers.either().send().await.unwrap_err()),
        "server of an operation" => {
            let client = servers::ClientBuilder::new("http://127.0.0.1:9");
            let client = client
                .uploads_example_server(format!("{url}/own"))
                .http(http.clone())
                .build()
                .unwrap();
            client.upload_card().send().await.unwrap();
        }
        "server of a path, relative" => {
            let client = servers::ClientBuilder::new(format!("{url}/v1"))
                .http(http.clone())
                .build()
                .unwrap();
            client.list_reports().send().await.unwrap();
        }
        "server of the document" => {
            let client = servers::ClientBuilder::new(format!("{url}/v1/"))
                .http(http.clone())
                .build()
                .unwrap();
            client.list_cards().send().await.unwrap();
        }
        other => super::credentials::call(other, url, http).await,
    }
}

#[tokio::test]
async fn a_path_parameter_that_would_reach_another_operation_is_refused() {
    let server = Server::start();
    let client = parameters::ClientBuilder::new(&server.url).build().unwrap();
    for id in ["", ".", ".."] {
        let error = client.delete_user().id(id).send().await.unwrap_err();
        assert_eq!(error.kind(), pagebind_client::ErrorKind::InvalidRequest);
        assert!(error.to_string().contains("another operation"), "{error}");
    }
    assert_eq!(server.requests(), [] as [&str; 0]);
    client.delete_user().id("...").send().await.unwrap();
}

#[test]
fn a_published_server_is_a_base_url() {
    assert_eq!(servers::Server::Example.base_url(), "https://api.example.com/v1");
    let mut variables = servers::RegionExampleServer::default();
    let url = |variables: &servers::RegionExampleServer| {
        servers::Server::RegionExample(variables.clone()).base_url()
    };
    assert_eq!(url(&variables), "https://eu.example.com:443/v1");
    variables.region = servers::RegionExampleServerRegion::UsEast;
    variables.base = "v2".to_owned();
    assert_eq!(url(&variables), "https://us-east.example.com:443/v2");
    assert!(servers::ClientBuilder::new(servers::Server::Example).build().is_ok());
}
