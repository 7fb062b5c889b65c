//! Whole clients, made with `add`, compiled as they are and called: one for each security scheme, one with
//! parts, one with forms, one with streams, one with XML. What they send is compared byte for byte.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{fs, path::Path, process::Command};

use pagebind_cli::Status;
use pagebind_tests::{lay_tools, run};

#[path = "wire/server.rs"]
#[allow(dead_code)]
mod server;

use server::{DONE, Server, says};

/// The APIs by their security scheme: a scheme in YAML, how the client is set up, and what it sends.
const SCHEMES: [(&str, &str, &str, &[&str]); 9] = [
    (
        "by-header",
        "{ type: apiKey, in: header, name: X-API-Key }",
        ".access(\"k\")",
        &["GET /card", "x-api-key: k"],
    ),
    (
        "by-query",
        "{ type: apiKey, in: query, name: api_key }",
        ".access(\"q&k\")",
        &["GET /card?api_key=q%26k"],
    ),
    (
        "by-cookie",
        "{ type: apiKey, in: cookie, name: sid }",
        ".access(\"c\")",
        &["GET /card", "cookie: sid=c"],
    ),
    (
        "by-basic",
        "{ type: http, scheme: basic }",
        ".access(\"Aladdin\", \"open sesame\")",
        &["GET /card", "authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="],
    ),
    (
        "by-bearer",
        "{ type: http, scheme: bearer }",
        ".access(by_bearer::Token::new(\"b\")?)",
        &["GET /card", "authorization: Bearer b"],
    ),
    (
        "by-http",
        "{ type: http, scheme: HOBA }",
        ".access(\"HOBA result=1\")",
        &["GET /card", "authorization: HOBA result=1"],
    ),
    (
        "by-oauth2",
        "{ type: oauth2, flows: { clientCredentials: { tokenUrl: /token, scopes: {} } } }",
        ".access_client_credentials(by_oauth2::ClientCredentials::new(\"id\", \"secret\"))",
        &["GET /card", "authorization: Bearer fetched"],
    ),
    (
        "by-openid",
        "{ type: openIdConnect, openIdConnectUrl: https://id.example/c }",
        ".access(by_openid::Token::new(\"i\")?)",
        &["GET /card", "authorization: Bearer i"],
    ),
    ("by-certificate", "{ type: mutualTLS }", ".access()", &["GET /card"]),
];

/// The other APIs: what stands in their document, what a program does with the client, and what is sent.
const BODIES: [(&str, &str, &str, &[&str]); 4] = [
    (
        "with-parts",
        "/files:
    post:
      operationId: upload
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema: { type: object, required: [file], properties: { file: { type: string, format: binary }, note: { type: string } } }
      responses: { '204': { description: Done } }",
        "let body = with_parts::types::UploadBody::builder().file(\"A\").note(\"é\");
    client.upload().body(body).send().await?;",
        &[
            "POST /files",
            "content-type: multipart/form-data; boundary=BOUNDARY",
            "--BOUNDARY\r\nContent-Disposition: form-data; name=\"file\"; filename=\"file\"\r\n\
             Content-Type: application/octet-stream\r\n\r\nA\r\n--BOUNDARY\r\n\
             Content-Disposition: form-data; name=\"note\"\r\n\r\né\r\n--BOUNDARY--\r\n",
        ],
    ),
    (
        "with-forms",
        "/messages:
    post:
      operationId: sendMessage
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded:
            schema: { type: object, required: [To], properties: { To: { type: string }, MediaUrl: { type: array, items: { type: string } } } }
      responses: { '204': { description: Done } }",
        "let body = with_forms::types::SendMessageBody::builder().to(\"+1\");
    let body = body.media_url(vec![\"a\".to_owned(), \"b c\".to_owned()]);
    client.send_message().body(body).send().await?;",
        &[
            "POST /messages",
            "content-type: application/x-www-form-urlencoded",
            "To=%2B1&MediaUrl=a&MediaUrl=b+c",
        ],
    ),
    (
        "with-streams",
        "/events:
    get:
      operationId: events
      responses: { '200': { description: Events, content: { text/event-stream: { schema: { type: object, properties: { n: { type: integer } } } } } } }",
        "let events = client.events().send().await?.into_inner();
    let numbers: Vec<_> = events.map(|event| event.map(|it| it.data.n)).collect().await;
    assert_eq!(numbers.into_iter().collect::<Result<Vec<_>, _>>()?, [Some(1), Some(2)]);",
        &["GET /events", "accept: text/event-stream"],
    ),
    (
        "with-xml",
        "/cards:
    put:
      operationId: putCard
      requestBody:
        required: true
        content:
          application/xml:
            schema: { $ref: '#/components/schemas/card' }
      responses: { '204': { description: Done } }
    get:
      operationId: getCard
      responses: { '200': { description: The card, content: { application/xml: { schema: { $ref: '#/components/schemas/card' } } } } }
components:
  schemas:
    card: { type: object, properties: { id: { type: integer, xml: { attribute: true } }, tags: { type: array, items: { type: string, xml: { name: tag } } } } }",
        "let body = with_xml::types::Card::builder().id(7);
    let body = body.tags(vec![\"a\".to_owned(), \"<b>\".to_owned()]);
    client.put_card().body(body.clone()).send().await?;

    // The same in the place of a service, as the tests of a caller have it.
    use with_xml::mock::{MockServer, Operations as _};
    let server = MockServer::start().await?;
    let client = with_xml::Client::builder(server.url()).build()?;
    let put = server.put_card().body(body.clone()).no_content();
    client.put_card().body(body.clone()).send().await?;
    put.assert_requests(1);
    server.get_card().ok(body);
    assert_eq!(client.get_card().send().await?.tags.as_deref().unwrap_or_default(), [\"a\", \"<b>\"]);",
        &[
            "PUT /cards",
            "content-type: application/xml",
            "<card id=\"7\"><tag>a</tag><tag>&lt;b&gt;</tag></card>",
        ],
    ),
];

/// Answers as all of these APIs do.
fn answer(request: &str) -> String {
    let (kind, body) = match request.split(' ').nth(1).unwrap_or_default() {
        "/token" => ("application/json", r#"{"access_token":"fetched","expires_in":600}"#),
        "/events" => ("text/event-stream", "data: {\"n\":1}\n\ndata: {\"n\":2}\n\n"),
        _ => return DONE.to_owned(),
    };
    let head = format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: {kind}\r\n");
    format!("{head}content-length: {}\r\n\r\n{body}", body.len())
}

#[test]
fn whole_clients_send_what_their_contracts_say() {
    // The same place each time, so that what was built there is found again.
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("added");
    lay_tools(&root);
    let mut program = String::new();
    let mut expected: Vec<&[&str]> = Vec::new();
    let mut dependencies = String::new();
    for (name, scheme, setup, sent) in SCHEMES {
        let rest = format!(
            "/card: {{ get: {{ operationId: getCard, responses: {{ '204': {{ description: Done }} }} }} }}\n\
             security: [{{ access: [] }}]\ncomponents: {{ securitySchemes: {{ access: {scheme} }} }}"
        );
        add(&root, name, &rest);
        program += &call(name, setup, "client.get_card().send().await?;");
        dependencies += &dependency(name);
        expected.push(sent);
    }
    for (name, paths, calls, sent) in BODIES {
        add(&root, name, paths);
        program += &call(name, "", calls);
        dependencies += &dependency(name);
        expected.push(sent);
    }
    let caller = root.join("crates/caller");
    fs::create_dir_all(caller.join("src")).unwrap();
    let main = format!(
        "//! Calls all of them.\n\nuse futures_util::StreamExt as _;\n\n\
         #[tokio::main(flavor = \"current_thread\")]\n\
         async fn main() -> Result<(), Box<dyn std::error::Error>> {{\n    \
         let url = std::env::args().nth(1).ok_or(\"no URL\")?;\n{program}    Ok(())\n}}\n"
    );
    fs::write(caller.join("src/main.rs"), main).unwrap();
    let manifest = format!(
        "[package]\nname = \"caller\"\nversion = \"0.1.0\"\nedition = \"2024\"\npublish = false\n\n\
         [dependencies]\nfutures-util.workspace = true\n\
         tokio = {{ workspace = true, features = [\"macros\", \"rt\"] }}\n{dependencies}"
    );
    fs::write(caller.join("Cargo.toml"), manifest).unwrap();

    let server = Server::answering(answer);
    let output = Command::new(env!("CARGO"))
        .args(["run", "--offline", "--quiet", "--color=never", "--package", "caller", "--"])
        .arg(&server.url)
        .current_dir(&root)
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap())
        .output()
        .unwrap();
    let report = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && !report.contains("warning"), "{report}");
    let requests: Vec<_> = server.requests().iter().map(|request| says(request)).collect();
    let tokens = requests.iter().filter(|request| request[0] == "POST /token").count();
    assert_eq!(tokens, 1, "the token is fetched once");
    let calls = requests.into_iter().filter(|request| request[0] != "POST /token");
    // Each crate names itself.
    let calls = calls.map(|mut request| {
        request.retain(|line| !line.starts_with("user-agent: "));
        request
    });
    assert_eq!(calls.collect::<Vec<_>>(), expected);
}

/// Adds an API whose document has these paths.
#[track_caller]
fn add(root: &Path, name: &str, paths: &str) {
    let document =
        format!("openapi: 3.1.0\ninfo: {{ title: {name}, version: '1' }}\npaths:\n  {paths}\n");
    fs::create_dir_all(root.join("published")).unwrap();
    fs::write(root.join(format!("published/{name}.yaml")), document).unwrap();
    let source = format!("https://example.org/{name}.yaml");
    let published = format!("--published={}", root.join("published").display());
    let added = run(root, ["add", name, &source, &published]);
    assert_eq!(added.status, Status::Done, "{}", added.err);
}

/// What a program does with the client of the crate `name`.
fn call(name: &str, setup: &str, calls: &str) -> String {
    let name = name.replace('-', "_");
    format!("    let client = {name}::Client::builder(url.clone()){setup}.build()?;\n    {calls}\n")
}

fn dependency(name: &str) -> String {
    // One of them answers too.
    let features = if name == "with-xml" { ", features = [\"mock\"]" } else { "" };
    format!("{name} = {{ path = \"../{name}\", default-features = false{features} }}\n")
}
