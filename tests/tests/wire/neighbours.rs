//! What stands beside the rows of the table: names that the source uses itself, and the odd ones of each
//! kind.

use pagebind_client::{ErrorKind, FilePart, Token};
use serde_json::json;

use super::clients::neighbours::{Client, ClientBuilder, types};
use super::server::Server;

fn client(server: &Server) -> Client {
    ClientBuilder::new(&server.url).build().unwrap()
}

#[tokio::test]
async fn a_key_in_a_cookie_stands_behind_the_cookies_that_are_parameters() {
    let server = Server::start();
    let client = ClientBuilder::new(&server.url).session("k").build().unwrap();
    client.cookie_beside_parameter().theme("a b").sizes(vec![1, 2]).send().await.unwrap();
    let sent = ["GET /cookie-beside-parameter", "cookie: theme=a%20b; sizes=1,2; sid=k"];
    assert_eq!(server.last(), sent);
    client.cookie_beside_parameter().send().await.unwrap();
    assert_eq!(server.last(), ["GET /cookie-beside-parameter", "cookie: sid=k"]);
}

#[tokio::test]
async fn of_two_requirements_with_scopes_the_first_is_taken_for_which_all_is_there() {
    let server = Server::start();
    let token = || Token::new("t").unwrap();
    let client = ClientBuilder::new(&server.url).oauth(token()).build().unwrap();
    client.scopes().send().await.unwrap();
    assert_eq!(server.last(), ["GET /scopes", "authorization: Bearer t"]);
    let client = ClientBuilder::new(&server.url).oauth(token()).key("k").build().unwrap();
    client.scopes().send().await.unwrap();
    assert_eq!(server.last(), ["GET /scopes", "x-key: k", "authorization: Bearer t"]);
    client.open_by_empty().send().await.unwrap();
    assert_eq!(server.last(), ["GET /open-by-empty"]);
}

#[tokio::test]
async fn deep_objects_go_as_deep_as_they_are_and_a_header_with_content_is_json() {
    let server = Server::start();
    let filter = json!({ "name": "é", "tags": [["a"], ["b", "c"]], "price": { "gte": 3 } });
    let filter: types::DeepFilter = serde_json::from_value(filter).unwrap();
    let place: types::DeepXWhere = serde_json::from_value(json!({ "a": "é", "b": 1 })).unwrap();
    let client = client(&server);
    let call = client.deep().filter(filter).path(vec!["/a b".to_owned(), "c".to_owned()]);
    call.x_where(place).x_maybe(5).send().await.unwrap();
    let query = "filter[tags][0][0]=a&filter[tags][1][0]=b&filter[tags][1][1]=c\
                 &filter[price][gte]=3&filter[name]=%C3%A9&path=/a%20b&path=c";
    assert_eq!(
        server.last(),
        [&format!("GET /deep?{query}"), "x-where: {\"b\":1,\"a\":\"\\u00e9\"}", "x-maybe: 5"]
    );
}

#[tokio::test]
async fn a_matrix_of_an_object_names_its_members() {
    let server = Server::start();
    let point: types::MatrixOfObjectPoint =
        serde_json::from_value(json!({ "x": 1, "y": 2 })).unwrap();
    client(&server).matrix_of_object().point(point).flag("a/b").send().await.unwrap();
    assert_eq!(server.last(), ["GET /matrix/;y=2;x=1/a%2Fb"]);
}

#[tokio::test]
async fn what_has_no_body_is_read_without_one() {
    let unchanged = "HTTP/1.1 304 Not Modified\r\nconnection: close\r\n\r\n";
    let server = Server::answering(move |_| unchanged.to_owned());
    let error = client(&server).unchanged().send().await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Documented, 304));
    let yes = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 7\r\n\r\n";
    let server = Server::answering(move |_| yes.to_owned());
    let () = client(&server).unchanged_head().send().await.unwrap().into_inner();
    assert_eq!(server.last(), ["HEAD /unchanged"]);
}

#[tokio::test]
async fn bodies_of_any_media_type_and_of_vendors() {
    let server = Server::start();
    let _ = client(&server).any_body().send().await;
    assert_eq!(server.last(), ["POST /any"]);
    let _ = client(&server).any_body().body("x").send().await;
    assert_eq!(server.last(), ["POST /any", "content-type: application/octet-stream", "x"]);
    let _ = client(&server).json_api().body(types::Card::builder().name("A")).send().await;
    let json_api = "application/vnd.api+json";
    assert_eq!(
        server.last(),
        [
            "PATCH /json-api",
            &format!("content-type: {json_api}"),
            &format!("accept: {json_api}"),
            r#"{"name":"A"}"#,
        ]
    );
    client(&server).optional_json().send().await.unwrap();
    assert_eq!(server.last(), ["POST /optional"]);
}

#[tokio::test]
async fn what_has_a_structure_is_json_where_any_media_type_will_do() {
    let answer =
        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 12\r\n\r\n{\"name\":\"B\"}";
    let server = Server::answering(move |_| answer.to_owned());
    let card = client(&server).any_json().body(types::Card::builder().name("A")).send().await;
    assert_eq!(card.unwrap().name.as_deref(), Some("B"));
    let json = "application/json";
    let [content_type, accept] = [format!("content-type: {json}"), format!("accept: {json}")];
    assert_eq!(server.last(), ["POST /any-json", &content_type, &accept, r#"{"name":"A"}"#]);
}

#[tokio::test]
async fn a_form_with_nested_objects_is_written_as_its_encoding_says() {
    let server = Server::start();
    let body = json!({ "note": "a b", "card": { "number": "4+2", "exp": { "year": 30 } } });
    let body: types::NestedFormBody = serde_json::from_value(body).unwrap();
    client(&server).nested_form().body(body).send().await.unwrap();
    let form = "card[number]=4%2B2&card[exp][year]=30&note=a+b";
    let media_type = "content-type: application/x-www-form-urlencoded";
    assert_eq!(server.last(), ["POST /form", media_type, form]);
}

#[tokio::test]
async fn names_of_parts_and_files_are_quoted_as_browsers_do() {
    let server = Server::start();
    let file = FilePart::from("x").name("ü \"1\"\r\n.txt");
    let body = types::FileNamesBody::builder().file_x(file);
    client(&server).file_names().body(body).send().await.unwrap();
    let sent = server.last().pop().unwrap();
    let disposition = "Content-Disposition: form-data; name=\"file %22x%22\"; \
                       filename=\"ü %221%22%0D%0A.txt\"\r\n";
    assert!(sent.contains(disposition), "{sent}");
}

#[tokio::test]
async fn names_that_the_source_uses_itself_are_parameters_and_operations_as_any() {
    let server = Server::start();
    let card = types::Card::builder().name("A");
    let client = client(&server);
    let call = client.names().body2("a").client2("b").self_("c").value("d").type_("e");
    let call = call.request2("f").response2("g").header2("h").send2("i").new2("j");
    let call = call.content_type("k").info("l").clone("m").a(vec!["n".to_owned()]).top(1);
    call.body3("o").body(card).send().await.unwrap();
    assert_eq!(
        server.last(),
        [
            "POST /names?body=a&client=b&self=c&value=d&type=e&request=f&response=g&header=h&send=i\
             &new=j&content_type=k&info=l&clone=m&a[]=n&%24top=1",
            "body: o",
            "content-type: application/json",
            r#"{"name":"A"}"#,
        ]
    );
    client.new2().send().await.unwrap();
    client.builder2().send().await.unwrap();
    client.client2().send().await.unwrap();
    client.send().send().await.unwrap();
    client.body().body("x").send().await.unwrap();
    client.webhooks().send().await.unwrap();
    client.execute().send().await.unwrap();
    let _ = client.types().send().await;
    assert_eq!(server.last(), ["GET /types", "accept: application/json"]);
}

#[tokio::test]
async fn a_server_of_a_path_with_variables_is_called_as_they_are_by_default_or_replaced() {
    let server = Server::start();
    let client = ClientBuilder::new(&server.url).host_port_server(format!("{}/mine", server.url));
    client.build().unwrap().own_server().send().await.unwrap();
    assert_eq!(server.last(), ["GET /mine/own-server"]);
}
