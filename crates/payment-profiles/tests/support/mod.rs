//! A server that answers as each test says, misbehaves where it says so, and keeps what it was
//! sent.
//!
//! It speaks raw TCP, because no HTTP library can be made to break off, to never end and to
//! answer in halves.

#![allow(dead_code, reason = "each test binary uses a part of it")]

#[cfg(target_os = "linux")]
pub(crate) mod memory;

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use payment_profiles::{Client, ClientBuilder, Credentials, Format, ProfileUpdate};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
    task::JoinHandle,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, pki_types::PrivateKeyDer},
};

/// What the server does once it has read a request.
#[derive(Clone)]
pub(crate) enum Reply {
    /// Writes these bytes, and reads the next request of the connection.
    Answer(Vec<u8>),
    /// Writes these bytes and closes the connection.
    AnswerAndClose(Vec<u8>),
    /// Writes these bytes and keeps the connection open without another byte.
    AnswerAndHold(Vec<u8>),
    /// Writes these bytes and then the last of them, over and over.
    Endless(Vec<u8>),
    /// Makes an answer of what was asked, writes it and closes the connection.
    Echo(fn(&Request) -> Vec<u8>),
}

/// What arrived: the head, line breaks as sent, and the body.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

#[derive(Default)]
struct Seen {
    requests: Vec<Request>,
    connections: usize,
}

/// Runs until it is dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
    accepting: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(reply: Reply) -> Self {
        Self::listen(reply, None).await
    }

    /// The same over TLS, and the certificate of this name that it shows, in DER.
    pub(crate) async fn start_tls(reply: Reply, name: &str) -> (Self, Vec<u8>) {
        let certified = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
        let certificate = certified.cert.der().clone();
        let key = PrivateKeyDer::try_from(certified.signing_key.serialize_der()).unwrap();
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.clone()], key)
            .unwrap();
        let server = Self::listen(reply, Some(TlsAcceptor::from(Arc::new(config)))).await;
        (server, certificate.to_vec())
    }

    async fn listen(reply: Reply, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let shared = seen.clone();
        let accepting = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                shared.lock().unwrap().connections += 1;
                let (tls, reply, seen) = (tls.clone(), reply.clone(), shared.clone());
                tokio::spawn(async move {
                    match tls {
                        None => serve(stream, reply, seen).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                serve(stream, reply, seen).await;
                            }
                        }
                    }
                });
            }
        });
        Self { address, seen, accepting }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.seen.lock().unwrap().requests.clone()
    }

    pub(crate) fn connections(&self) -> usize {
        self.seen.lock().unwrap().connections
    }

    /// The one request that arrived.
    pub(crate) fn request(&self) -> Request {
        let requests = self.requests();
        assert_eq!(requests.len(), 1, "requests that arrived");
        requests[0].clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn serve(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    reply: Reply,
    seen: Arc<Mutex<Seen>>,
) {
    let mut pending = Vec::new();
    while let Some(request) = read_request(&mut stream, &mut pending).await {
        seen.lock().unwrap().requests.push(request.clone());
        match &reply {
            Reply::Echo(made) => {
                stream.write_all(&made(&request)).await.unwrap();
                return;
            }
            Reply::Answer(bytes) => stream.write_all(bytes).await.unwrap(),
            Reply::AnswerAndClose(bytes) => {
                stream.write_all(bytes).await.unwrap();
                return;
            }
            Reply::AnswerAndHold(bytes) => {
                stream.write_all(bytes).await.unwrap();
                std::future::pending::<()>().await;
            }
            Reply::Endless(bytes) => {
                stream.write_all(bytes).await.unwrap();
                let more = [*bytes.last().unwrap(); 1024];
                while stream.write_all(&more).await.is_ok() {}
                return;
            }
        }
    }
}

async fn read_request(
    stream: &mut (impl AsyncRead + Unpin),
    pending: &mut Vec<u8>,
) -> Option<Request> {
    loop {
        if let Some(end) = pending.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8(pending[..end].to_vec()).unwrap();
            let request = Request { head, body: String::new() };
            let length: usize =
                request.header("content-length").map_or(0, |length| length.parse().unwrap());
            let start = end + 4;
            while pending.len() < start + length {
                if stream.read_buf(pending).await.unwrap() == 0 {
                    return None;
                }
            }
            let body = String::from_utf8(pending[start..start + length].to_vec()).unwrap();
            pending.drain(..start + length);
            return Some(Request { body, ..request });
        }
        // A client that goes away, cleanly or not, ends the connection.
        if !matches!(stream.read_buf(pending).await, Ok(1..)) {
            return None;
        }
    }
}

/// An answer with this status line, content type and body.
pub(crate) fn answer(status: &str, content_type: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// The published answer of success.
pub(crate) fn success() -> Vec<u8> {
    answer(
        "200 OK",
        "application/json; charset=utf-8",
        r#"{"Message":{"Code":"00","Description":"Updated"},
            "Response":{"CustomerProfileId":"123456789","PaymentProfileId":"987654321"}}"#,
    )
}

pub(crate) fn credentials() -> Credentials {
    Credentials::new("170200123", "467512342123")
}

pub(crate) fn builder(base_url: impl AsRef<str>) -> ClientBuilder {
    Client::builder(base_url).credentials(credentials())
}

/// A small update, for tests whose point is the answer.
pub(crate) fn update() -> ProfileUpdate {
    ProfileUpdate::new("123456789", "987654321", "Sierra").zip("90001")
}

/// What is sent for an update.
pub(crate) async fn sent(format: Format, update: &ProfileUpdate) -> Request {
    let server = Server::start(Reply::Answer(success())).await;
    let client = builder(server.url()).format(format).build().unwrap();
    client.update(update).await.unwrap();
    server.request()
}

/// An address of this machine where nobody listens.
pub(crate) async fn closed_address() -> SocketAddr {
    TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap()
}
