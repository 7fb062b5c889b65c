//! A publisher on this machine: an HTTP server that answers as a test tells it to.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// A server on a port of its own, which answers one connection after the other until the tests end.
pub(super) struct Publisher {
    address: String,
    heads: Arc<Mutex<Vec<String>>>,
}

/// What it answers.
pub(super) enum Reply {
    /// These bytes, and the end of the connection.
    Bytes(Vec<u8>),
    /// A page whose end never comes, byte by byte, for as long as somebody reads it.
    Trickle,
}

impl Publisher {
    /// Answers each request as `answer` says, which gets the path, and the number of the request.
    pub(super) fn new(answer: impl Fn(&str, usize) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let heads = Arc::new(Mutex::new(Vec::new()));
        let publisher = Self { address, heads: heads.clone() };
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                // A client that hangs up before its request is none.
                let Some(head) = head(&stream) else { continue };
                let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
                let number = {
                    let mut heads = heads.lock().unwrap();
                    heads.push(head);
                    heads.len()
                };
                // A client that hangs up is what some tests are about.
                let _ = reply(&mut stream, answer(&path, number));
            }
        });
        publisher
    }

    /// Gives these answers one after the other, whatever is asked.
    pub(super) fn answering<const N: usize>(answers: [String; N]) -> Self {
        Self::new(move |_, number| Reply::Bytes(answers[number - 1].clone().into()))
    }

    /// The URL of a path.
    pub(super) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The heads of the requests so far, in lower case.
    pub(super) fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

/// The head of a request, or `None` where there is none.
fn head(stream: &TcpStream) -> Option<String> {
    let mut head = String::new();
    let mut reader = BufReader::new(stream);
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    Some(head.to_lowercase())
}

fn reply(stream: &mut TcpStream, reply: Reply) -> std::io::Result<()> {
    match reply {
        Reply::Bytes(bytes) => stream.write_all(&bytes),
        Reply::Trickle => {
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
            loop {
                stream.write_all(b".")?;
            }
        }
    }
}

/// An answer with a status line (`200 OK`), header fields, each with its line end, and a body.
pub(super) fn answer(status: &str, fields: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\n{fields}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}
