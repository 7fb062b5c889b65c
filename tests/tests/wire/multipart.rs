//! Bodies of several parts: what is missing, what is streamed, and what is sent again.

use pagebind_client::{FilePart, RetryPolicy};

use super::clients::multipart::{Client, ClientBuilder, types};
use super::server::{DONE, Server};

fn client(server: &Server) -> Client {
    let retry = RetryPolicy {
        repeat_non_idempotent: true,
        first_wait: std::time::Duration::ZERO,
        ..RetryPolicy::default()
    };
    ClientBuilder::new(&server.url).retry(retry).build().unwrap()
}

#[tokio::test]
async fn a_part_with_parts_that_is_not_json_is_written_by_the_caller() {
    let server = Server::start();
    let client = ClientBuilder::new(&server.url).build().unwrap();
    let body = types::ByCallerBody::builder().meta("<Meta/>").rows(["size\n1"]).scan("PDF");
    client.by_caller().body(body).send().await.unwrap();
    let sent = server.last().pop().unwrap();
    for (media_type, text) in
        [("application/xml", "<Meta/>"), ("text/csv", "size\n1"), ("application/pdf", "PDF")]
    {
        assert!(sent.contains(&format!("Content-Type: {media_type}\r\n\r\n{text}\r\n")), "{sent}");
    }
}

#[tokio::test]
async fn a_part_without_a_header_that_it_needs_is_not_sent() {
    let server = Server::start();
    let client = ClientBuilder::new(&server.url).build().unwrap();
    let body = types::EncodedBody::builder().meta(types::Meta::builder().size(1));
    let error = client.encoded().body(body).send().await.unwrap_err();
    assert!(error.to_string().contains("the header `X-Trace` of the part `meta`"), "{error}");
    assert_eq!(server.requests(), [] as [&str; 0]);
    // Where the part is not sent, nor need its header be.
    client.encoded().body(types::EncodedBody::builder().ids(vec![1])).send().await.unwrap();
}

#[tokio::test]
async fn a_body_without_a_part_that_it_needs_is_not_sent() {
    let server = Server::start();
    let body = types::UploadBody::builder().caption("a");
    let error = client(&server).upload().body(body).send().await.unwrap_err();
    assert!(error.to_string().contains("the part `file` of the body is missing"), "{error}");
    assert_eq!(server.requests(), [] as [&str; 0]);
}

#[tokio::test]
async fn a_file_is_sent_as_a_stream_of_known_length_under_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("note \"1\".txt");
    std::fs::write(&path, "hello").unwrap();
    let server = Server::start();
    let file = FilePart::path(&path).await.unwrap();
    let body = types::UploadBody::builder().file(file);
    client(&server).upload().body(body.clone()).send().await.unwrap();
    let request = server.requests().pop().unwrap();
    let (head, sent) = request.split_once("\r\n\r\n").unwrap();
    assert!(head.contains(&format!("content-length: {}\r\n", sent.len())), "{head}");
    assert!(sent.contains("filename=\"note %221%22.txt\"\r\n"), "{sent}");
    assert!(sent.contains("\r\n\r\nhello\r\n--"), "{sent}");
    // A clone shares the stream, which is at its end.
    let error = client(&server).upload().body(body).send().await.unwrap_err();
    assert!(error.to_string().contains("is sent already"), "{error}");
    assert!(FilePart::path(folder.path().join("none")).await.is_err());
}

#[tokio::test]
async fn only_what_can_be_sent_again_is() {
    let busy = "HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
    let answers = std::sync::Mutex::new(vec![DONE, busy, busy]);
    let server = Server::answering(move |_| answers.lock().unwrap().pop().unwrap().to_owned());
    let stream = FilePart::stream("hello").length(5);
    let body = types::UploadBody::builder().file(stream);
    assert!(client(&server).upload().body(body).send().await.is_err());
    assert_eq!(server.requests().len(), 1);
    let body = types::UploadBody::builder().file("hello");
    client(&server).upload().body(body).send().await.unwrap();
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    assert_eq!(requests[1], requests[2]);
}

#[tokio::test]
async fn nothing_of_the_parts_is_printed() {
    let body = types::UploadBody::builder().file("s3cret").caption("s3cret");
    let printed = format!("{body:?} {:?}", FilePart::from("s3cret"));
    assert!(!printed.contains("s3cret") && printed.contains("caption"), "{printed}");
}
