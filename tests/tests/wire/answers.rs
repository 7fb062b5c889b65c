//! Answers: none where there is none, by what came where there are several, and as they arrive.

use futures_util::StreamExt;
use pagebind_client::ErrorKind;

use super::clients::answers::{Client, ClientBuilder, types};
use super::server::Server;

/// A client of a server that gives this answer to every request.
fn answered(answer: &str) -> (Client, Server) {
    let answer = answer.to_owned();
    let server = Server::answering(move |_| answer.clone());
    (ClientBuilder::new(&server.url).build().unwrap(), server)
}

/// An answer with this body.
fn body(status: &str, media_type: &str, body: &str) -> String {
    let head = format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-type: {media_type}\r\n");
    format!("{head}content-length: {}\r\n\r\n{body}", body.len())
}

#[tokio::test]
async fn a_status_without_a_body_has_none_whatever_is_declared() {
    let (client, _server) = answered("HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n");
    let () = client.nothing().send().await.unwrap().into_inner();
    let (client, _server) = answered("HTTP/1.1 304 Not Modified\r\nconnection: close\r\n\r\n");
    assert_eq!(client.nothing().send().await.unwrap_err().kind(), ErrorKind::Documented);
    let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 12\r\n\r\n";
    let (client, server) = answered(head);
    let () = client.is_there().send().await.unwrap().into_inner();
    assert_eq!(server.last(), ["HEAD /nothing"]);
}

#[tokio::test]
async fn a_byte_order_mark_before_json_is_read_over() {
    let (client, _server) =
        answered(&body("200 OK", "application/json", "\u{feff}{\"name\":\"A\"}"));
    assert_eq!(client.json().send().await.unwrap().name.as_deref(), Some("A"));
    let (client, _server) =
        answered(&body("200 OK", "application/x-ndjson", "\u{feff}{\"name\":\"A\"}\n"));
    let mut lines = client.lines().send().await.unwrap().into_inner();
    assert_eq!(lines.next().await.unwrap().unwrap().name.as_deref(), Some("A"));
}

#[tokio::test]
async fn a_problem_is_typed_though_no_page_documents_it() {
    let problem = r#"{"type":"https://example.com/probs/credit","title":"No credit","status":409}"#;
    let (client, _server) = answered(&body("409 Conflict", "application/problem+json", problem));
    let error = client.json().send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Undocumented);
    let problem = error.problem().unwrap();
    assert_eq!(problem.type_uri, "https://example.com/probs/credit");
    assert_eq!((problem.title.as_deref(), problem.status), (Some("No credit"), Some(409)));
}

#[tokio::test]
async fn events_are_typed_and_one_that_is_none_does_not_end_the_stream() {
    let events = ": hello\n\nid: 7\nevent: card\nretry: 50\ndata: {\"name\":\ndata: \"A\"}\n\n\
                  data: [DONE]\n\ndata: {\"name\":\"B\"}\n\n";
    let (client, _server) = answered(&body("200 OK", "text/event-stream", events));
    let mut events = client.events().send().await.unwrap().into_inner();
    let first = events.next().await.unwrap().unwrap();
    assert_eq!(first.data.name.as_deref(), Some("A"));
    assert_eq!((first.event.as_deref(), first.id.as_deref()), (Some("card"), Some("7")));
    assert_eq!(first.retry, Some(std::time::Duration::from_millis(50)));
    let second = events.next().await.unwrap().unwrap_err();
    assert_eq!(second.kind(), ErrorKind::Undecodable);
    assert_eq!(&second.raw_body().unwrap().bytes()[..], b"[DONE]");
    assert_eq!(events.next().await.unwrap().unwrap().data.name.as_deref(), Some("B"));
    assert_eq!(events.last_event_id(), Some("7"));
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn events_of_which_nothing_is_known_are_text() {
    let (client, _server) = answered(&body("200 OK", "text/event-stream", "data: a\ndata: b\n\n"));
    let mut events = client.text_events().send().await.unwrap().into_inner();
    assert_eq!(events.next().await.unwrap().unwrap().data, "a\nb");
}

#[tokio::test]
async fn lines_of_json_are_values_and_the_last_needs_no_end() {
    let lines = "{\"name\":\"A\"}\r\n\n{\"name\":\"B\"}\n\u{1e}{\"name\":\"C\"}";
    let (client, _server) = answered(&body("200 OK", "application/x-ndjson", lines));
    let lines = client.lines().send().await.unwrap().into_inner();
    let names: Vec<_> = lines.map(|line| line.unwrap().name.unwrap()).collect().await;
    assert_eq!(names, ["A", "B", "C"]);
}

#[tokio::test]
async fn a_value_of_a_stream_that_is_too_long_ends_it() {
    let lines = format!("{{\"name\":\"{}\"}}\n", "x".repeat(200_000));
    let server = Server::answering(move |_| body("200 OK", "application/x-ndjson", &lines));
    let limits = pagebind_client::Limits { response_body: 1_000, ..Default::default() };
    let client = ClientBuilder::new(&server.url).limits(limits).build().unwrap();
    let mut lines = client.lines().send().await.unwrap().into_inner();
    let error = lines.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert!(lines.next().await.is_none());

    let event = format!("data: {}\n\n", "x".repeat(2_000));
    let server = Server::answering(move |_| body("200 OK", "text/event-stream", &event));
    let client = ClientBuilder::new(&server.url).limits(limits).build().unwrap();
    let mut events = client.text_events().send().await.unwrap().into_inner();
    assert_eq!(events.next().await.unwrap().unwrap_err().kind(), ErrorKind::TooLarge);
}

#[tokio::test]
async fn what_keeps_a_quiet_stream_open_is_of_no_value() {
    let limits = pagebind_client::Limits { response_body: 1_000, ..Default::default() };
    let quiet = ": still here\n".repeat(200);
    let events = format!("{quiet}data: {{\"name\":\"A\"}}\n{quiet}\n{quiet}");
    let server = Server::answering(move |_| body("200 OK", "text/event-stream", &events));
    let client = ClientBuilder::new(&server.url).limits(limits).build().unwrap();
    let mut events = client.events().send().await.unwrap().into_inner();
    assert_eq!(events.next().await.unwrap().unwrap().data.name.as_deref(), Some("A"));
    assert!(events.next().await.is_none());

    let lines = format!("{}{{\"name\":\"A\"}}\n", "\r\n".repeat(2_000));
    let server = Server::answering(move |_| body("200 OK", "application/x-ndjson", &lines));
    let client = ClientBuilder::new(&server.url).limits(limits).build().unwrap();
    let mut lines = client.lines().send().await.unwrap().into_inner();
    assert_eq!(lines.next().await.unwrap().unwrap().name.as_deref(), Some("A"));
}

#[tokio::test]
async fn one_operation_answers_json_or_a_stream_by_what_came() {
    let (client, _server) = answered(&body("200 OK", "application/json", r#"{"name":"A"}"#));
    match client.either().send().await.unwrap().into_inner() {
        types::EitherResponse::Ok(card) => assert_eq!(card.name.as_deref(), Some("A")),
        other => panic!("{other:?}"),
    }
    let events = body("200 OK", "text/event-stream; charset=utf-8", "data: {\"delta\":\"x\"}\n\n");
    let (client, _server) = answered(&events);
    match client.either().send().await.unwrap().into_inner() {
        types::EitherResponse::OkStream(mut chunks) => {
            assert_eq!(chunks.next().await.unwrap().unwrap().data.delta, "x");
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn one_operation_answers_json_or_bytes_by_what_came() {
    let (client, server) = answered(&body("200 OK", "application/json", r#"{"name":"A"}"#));
    match client.report().send().await.unwrap().into_inner() {
        types::ReportResponse::Ok(card) => assert_eq!(card.name.as_deref(), Some("A")),
        other => panic!("{other:?}"),
    }
    let accept = "accept: application/json; charset=utf-8, text/csv, application/pdf";
    assert!(server.last().iter().any(|line| line == accept), "{:?}", server.last());
    for (media_type, bytes) in
        [("text/csv; header=present", "name\nA\n"), ("application/PDF", "%PDF")]
    {
        let (client, _server) = answered(&body("200 OK", media_type, bytes));
        match client.report().send().await.unwrap().into_inner() {
            types::ReportResponse::OkStream(mut came) => {
                assert_eq!(came.next().await.unwrap().unwrap(), bytes);
                assert!(came.next().await.is_none());
            }
            other => panic!("{other:?}"),
        }
    }
    // Who wants one of them asks for it.
    let (client, server) = answered(&body("200 OK", "text/csv", ""));
    client.report().header("accept", "text/csv").send().await.unwrap();
    assert_eq!(server.last(), ["GET /report", "accept: text/csv"]);
    assert!(client.report().header("accept", "text/html").send().await.is_err());
    // What the contract does not name is no bytes of its own.
    let (client, _server) = answered(&body("200 OK", "text/html", "<html>"));
    assert!(client.report().send().await.is_err());
}

#[tokio::test]
async fn headers_of_an_answer_are_typed_and_one_that_is_none_fails_only_who_asks() {
    let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 12\r\n";
    let headers = "x-total-count: many\r\nX-Tags: a,b\r\nx-tags: c\r\nx-state: paused\r\n\
                   x-page: {\"next\":3}\r\nx-cards: [{\"name\":\"B\"}]\r\n";
    let (client, _server) = answered(&format!("{head}{headers}\r\n{{\"name\":\"A\"}}"));
    let answer = client.headers().send().await.unwrap();
    assert_eq!(answer.name.as_deref(), Some("A"));
    let headers = answer.typed_headers();
    assert_eq!(headers.x_tags().unwrap().unwrap(), ["a", "b", "c"]);
    let state = types::HeadersXState::UnknownValue("paused".to_owned());
    assert_eq!(headers.x_state(), Ok(Some(state)));
    assert_eq!(headers.x_reset(), Ok(None));
    assert_eq!(headers.x_page().unwrap().unwrap().next, 3);
    assert_eq!(headers.x_cards().unwrap().unwrap()[0].name.as_deref(), Some("B"));
    let wrong = headers.x_total_count().unwrap_err();
    assert!(!wrong.to_string().contains("many"), "{wrong}");

    let head = "HTTP/1.1 429 Too Many Requests\r\nconnection: close\r\ncontent-length: 0\r\n";
    let server = Server::answering(move |_| format!("{head}x-reset: 2026-11-26T10:00:00Z\r\n\r\n"));
    let client = ClientBuilder::new(&server.url).retry(pagebind_client::RetryPolicy::never());
    let error = client.build().unwrap().headers().send().await.unwrap_err();
    let headers = error.typed_headers::<types::HeadersHeaders>().unwrap();
    assert_eq!(headers.x_reset().unwrap().unwrap().as_str(), "2026-11-26T10:00:00Z");
}

#[tokio::test]
async fn an_object_in_a_header_has_the_fields_that_the_contract_names() {
    let head = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 12\r\n";
    let headers = "x-rate: limit,100,policy,007,unit,day,until,2026-11-26T10:00:00Z\r\n\
                   x-rate: left,5,soft,true,of,all,unknown,1\r\n\
                   x-exploded: limit=7, window-s=0.5\r\nx-counts: a=1,b=2\r\n\
                   x-either: 007\r\nx-nested: card,name,A\r\nx-listed: name,A\r\n";
    let (client, _server) = answered(&format!("{head}{headers}\r\n{{\"name\":\"A\"}}"));
    let answer = client.headers().send().await.unwrap();
    let headers = answer.typed_headers();
    let rate = headers.x_rate().unwrap().unwrap();
    let read = serde_json::to_value(&rate).unwrap();
    let expected = serde_json::json!({
        "limit": 100, "policy": "007", "unit": "day", "until": "2026-11-26T10:00:00Z", "left": 5,
        "soft": true, "of": "all",
    });
    assert_eq!(read, expected);
    let exploded = headers.x_exploded().unwrap().unwrap();
    assert_eq!((exploded.limit, exploded.window_s), (7, Some(0.5)));
    assert_eq!(headers.x_counts().unwrap().unwrap().get("b"), Some(&2));
    let either = headers.x_either().unwrap().unwrap();
    assert!(matches!(&either, types::HeadersXEither::String(text) if text == "007"), "{either:?}");
    // There is no form for what has parts inside: these are the text that came.
    assert_eq!(headers.x_nested(), Ok(Some("card,name,A".to_owned())));
    assert_eq!(headers.x_listed(), Ok(Some("name,A".to_owned())));

    let head =
        "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 12\r\nx-rate: limit,s3cret\r\n";
    let (client, _server) = answered(&format!("{head}\r\n{{\"name\":\"A\"}}"));
    let wrong = client.headers().send().await.unwrap().typed_headers().x_rate().unwrap_err();
    assert!(!wrong.to_string().contains("s3cret"), "{wrong}");
}

#[tokio::test]
async fn headers_of_a_range_of_statuses_and_of_all_others_are_typed() {
    let error = async |status: &str, header: &str| {
        let head = format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: 0\r\n");
        let answer = format!("{head}{header}\r\n\r\n");
        let server = Server::answering(move |_| answer.clone());
        let client = ClientBuilder::new(&server.url).retry(pagebind_client::RetryPolicy::never());
        let error = client.build().unwrap().headers().send().await.unwrap_err();
        error.typed_headers::<types::HeadersHeaders>().unwrap()
    };
    assert_eq!(error("502 Bad", "x-node: 7").await.x_node(), Ok(Some(7)));
    let locked = error("423 Locked", "x-code: locked").await.x_code();
    assert_eq!(locked, Ok(Some(types::HeadersXCode::Locked)));
}

/// A server of events that gives these answers in turn.
fn events_in_turn<const N: usize>(answers: [String; N]) -> Server {
    let answers = std::sync::Mutex::new(answers.into_iter());
    Server::answering(move |_| answers.lock().unwrap().next().unwrap())
}

#[tokio::test]
async fn a_stream_is_asked_for_again_behind_its_last_event_where_the_caller_wants_it() {
    let events = |text: &str| body("200 OK", "text/event-stream", text);
    let cut = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: text/event-stream\r\n\
               content-length: 999\r\n\r\ndata: {\"name\":\"B\"}\n\n";
    let answers = [
        events("retry: 0\n\nid: 7\ndata: {\"name\":\"A\"}\n\n"),
        cut.to_owned(),
        super::server::DONE.to_owned(),
    ];
    let server = events_in_turn(answers);
    let client = ClientBuilder::new(&server.url).build().unwrap();
    let events = client.events().send().await.unwrap().into_inner().reconnecting();
    let names: Vec<_> = events.map(|event| event.unwrap().data.name.unwrap()).collect().await;
    assert_eq!(names, ["A", "B"]);
    let requests: Vec<_> = server.requests().iter().map(|it| super::server::says(it)).collect();
    let first = vec!["GET /events", "accept: text/event-stream"];
    let again = vec!["GET /events", "accept: text/event-stream", "last-event-id: 7"];
    assert_eq!(requests, [first, again.clone(), again]);
}

#[tokio::test]
async fn a_stream_that_is_refused_when_it_is_asked_for_again_ends_with_that_once() {
    let first = body("200 OK", "text/event-stream", "retry: 0\ndata: {}\n\n");
    let server = events_in_turn([first, body("403 Forbidden", "text/plain", "no")]);
    let client = ClientBuilder::new(&server.url).build().unwrap();
    let mut events = client.events().send().await.unwrap().into_inner().reconnecting();
    assert!(events.next().await.unwrap().is_ok());
    let error = events.next().await.unwrap().unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 403);
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn a_stream_is_not_cut_at_the_time_for_a_whole_answer() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let total = std::time::Duration::from_millis(20);
    let limits = pagebind_client::Limits { total, ..Default::default() };
    let client = ClientBuilder::new(url).limits(limits);
    let client = client.retry(pagebind_client::RetryPolicy::never()).build().unwrap();
    let (ended, has_ended) = tokio::sync::oneshot::channel();
    let call = async {
        let mut lines = client.lines().send().await.unwrap().into_inner();
        assert!(lines.next().await.unwrap().is_ok());
        // The time is over when another call has ended with it.
        assert_eq!(client.json().send().await.unwrap_err().kind(), ErrorKind::Timeout);
        ended.send(()).unwrap();
        assert_eq!(lines.count().await, 1);
    };
    let serve = async {
        let mut stream = begun(&listener, "application/x-ndjson", "{}\n").await;
        has_ended.await.unwrap();
        tokio::io::AsyncWriteExt::write_all(&mut stream, b"{}").await.unwrap();
    };
    tokio::join!(call, serve);
}

/// A connection on which an answer has begun.
async fn begun(
    listener: &tokio::net::TcpListener,
    kind: &str,
    text: &str,
) -> tokio::net::TcpStream {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut request = [0; 1024];
    assert_ne!(tokio::io::AsyncReadExt::read(&mut stream, &mut request).await.unwrap(), 0);
    let head =
        format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: {kind}\r\n\r\n{text}");
    tokio::io::AsyncWriteExt::write_all(&mut stream, head.as_bytes()).await.unwrap();
    stream
}

#[tokio::test]
async fn a_stream_without_a_byte_is_cut_at_the_time_for_reading() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let read = std::time::Duration::from_millis(200);
    let limits = pagebind_client::Limits { read, ..Default::default() };
    let client = ClientBuilder::new(url).limits(limits);
    let client = client.retry(pagebind_client::RetryPolicy::never()).build().unwrap();
    let call = async {
        // On a machine that is busy the first byte may be too late already.
        let mut events = match client.events().send().await {
            Ok(answer) => answer.into_inner(),
            Err(error) => return error.kind(),
        };
        assert!(events.next().await.unwrap().is_ok());
        events.next().await.unwrap().unwrap_err().kind()
    };
    let serve = begun(&listener, "text/event-stream", "data: {}\n\n");
    let (kind, _held_open) = tokio::join!(call, serve);
    assert_eq!(kind, ErrorKind::Timeout);
}

#[tokio::test]
async fn a_download_ends_at_the_limit_of_its_call() {
    let (client, _server) = answered(&body("200 OK", "image/png", "PNG"));
    let whole: Vec<_> = client.image().send().await.unwrap().into_inner().limit(3).collect().await;
    assert!(whole.iter().all(|chunk| chunk.is_ok()));
    let image = client.image().send().await.unwrap().into_inner().limit(2);
    let chunks: Vec<_> = image.collect().await;
    assert_eq!(chunks.last().unwrap().as_ref().unwrap_err().kind(), ErrorKind::TooLarge);
}
