//! `cargo xtask drift` against a publisher: a real HTTP server on loopback, one answer a test.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    thread,
};

use pagebind_cli::Status;
use pagebind_tests::{Run, Tree, document, page};

const CARD: &str = r#"{ "type": "object", "properties": { "id": { "type": "integer" } } }"#;

/// Runs `drift` on a vendored page whose publisher gives this answer to each request.
fn drift(answer: String) -> (Run, bool) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { break };
            let mut request = BufReader::new(stream.try_clone().unwrap()).lines();
            while request.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
            // A client that has what it wants may be gone already.
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    let tree = Tree::of_pages(&[("get.md", page(&document("/cards", CARD)))]);
    let manifest = tree.read("openapi/cards/api.toml");
    let manifest = manifest.replace("https://example.org", &format!("http://{address}"));
    tree.write("openapi/cards/api.toml", manifest + "etag = '\"1\"'\n");
    let before = tree.files();
    let run = tree.run(&["drift"]);
    let untouched = tree.files() == before;
    (run, untouched)
}

fn ok(body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}")
}

fn bare(status: &str, more: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n{more}\r\n")
}

#[test]
fn each_answer_of_a_publisher_ends_in_its_own_way_and_leaves_the_tree_alone() {
    let published = page(&document("/cards", CARD));
    let collapsed = published.split_whitespace().collect::<Vec<_>>().join(" ");
    let cases = [
        (ok(&published), Status::Done, "no changes"),
        (ok(&collapsed), Status::Done, "no changes"),
        (
            ok(&published.replace("\"200\"", "\"201\"")),
            Status::Findings,
            "response-success-status-removed",
        ),
        (bare("304 Not Modified", ""), Status::Done, "no changes"),
        (bare("404 Not Found", ""), Status::Findings, "page-vanished"),
        (bare("410 Gone", ""), Status::Findings, "page-vanished"),
        (
            bare("302 Found", "location: http://other.example/get.md\r\n"),
            Status::CouldNotTell,
            "page-moved",
        ),
        (ok("<html><body>Try later</body></html>"), Status::CouldNotTell, "page-unreadable"),
        (bare("403 Forbidden", ""), Status::CouldNotTell, "403"),
        (
            ok("\u{fffd}").replace('\u{fffd}', "\u{1}").replace("200 OK", "999 Odd"),
            Status::CouldNotTell,
            "999",
        ),
    ];
    for (answer, status, said) in cases {
        let shown = answer.lines().next().unwrap_or_default().to_owned();
        let (run, untouched) = drift(answer);
        assert_eq!(run.status, status, "{said}: {} {}", run.out, run.err);
        assert!(
            run.out.contains(said) || run.err.contains(said),
            "{shown}: {} {}",
            run.out,
            run.err
        );
        assert!(untouched, "{shown}");
    }
}
