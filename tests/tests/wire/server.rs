//! A server that gives one answer to each connection, and keeps what it was sent.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

/// A server on loopback, which stops with the test.
pub(super) struct Server {
    pub(super) url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

/// An answer without a body.
pub(super) const DONE: &str = "HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";

impl Server {
    /// Answers every request without a body.
    pub(super) fn start() -> Self {
        Self::answering(|_| DONE.to_owned())
    }

    /// Answers each request by what it is.
    pub(super) fn answering(answer: impl Fn(&str) -> String + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let kept = requests.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let request = read(&mut stream);
                let answer = answer(&request);
                kept.lock().unwrap().push(request);
                // The client may have what it needs of the answer before the end of it.
                let _ = stream.write_all(answer.as_bytes());
            }
        });
        Self { url, requests }
    }

    /// What was received, as text.
    pub(super) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// What says something of the last request: its first line, the headers that this request has and
    /// others have not, and the body.
    pub(super) fn last(&self) -> Vec<String> {
        says(self.requests().last().expect("nothing was received"))
    }
}

/// See [`Server::last`].
pub(super) fn says(request: &str) -> Vec<String> {
    // What parts the parts is drawn by lot.
    let boundary = request.split_once("; boundary=").and_then(|(_, it)| it.split_once("\r\n"));
    let request = match boundary {
        Some((boundary, _)) => &request.replace(boundary, "BOUNDARY"),
        None => request,
    };
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let of_every_request = |line: &str| {
        line.starts_with("host: ")
            || line.starts_with("content-length: ")
            || line.starts_with("user-agent: pagebind-tests/")
            || line == "accept: */*"
    };
    let head = head.split("\r\n").filter(|line| !of_every_request(line));
    let head = head.map(|line| line.trim_end_matches(" HTTP/1.1").to_owned());
    head.chain((!body.is_empty()).then(|| body.to_owned())).collect()
}

/// Reads a request to its end.
fn read(stream: &mut impl Read) -> String {
    let mut bytes = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        let length = stream.read(&mut chunk).unwrap();
        bytes.extend_from_slice(&chunk[..length]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let whole = text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            match length {
                Some(length) => body.len() >= length.parse().unwrap(),
                None if head.contains("transfer-encoding: chunked") => body.ends_with("0\r\n\r\n"),
                None => true,
            }
        });
        if whole || length == 0 {
            return text;
        }
    }
}
