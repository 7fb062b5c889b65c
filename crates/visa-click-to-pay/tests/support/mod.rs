//! A server that misbehaves on purpose, a clock that never waits, and a request to send.

#![allow(dead_code, reason = "each test binary uses its own part")]
#![allow(
    clippy::unwrap_used,
    reason = "clippy spares functions that are tests themselves, not their helpers"
)]

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use visa_click_to_pay::{Client, ClientBuilder, Clock, Token, types};

pub(crate) const TENANT: &str = "TN-1";

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    /// How many requests came before it, on all connections.
    pub(crate) number: usize,
    /// The number of its connection.
    pub(crate) connection: usize,
    pub(crate) method: String,
    pub(crate) path: String,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Received {
    /// The only value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.iter().filter(|(key, _)| key == name);
        let value = values.next().map(|(_, value)| value.as_str());
        assert!(values.next().is_none(), "`{name}` was sent twice");
        value
    }

    pub(crate) fn header_names(&self) -> Vec<&str> {
        self.headers.iter().map(|(name, _)| name.as_str()).collect()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// What the server does with a request.
#[derive(Clone)]
pub(crate) enum Reply {
    /// Answers, and keeps the connection.
    Answer(u16, Vec<(&'static str, String)>, String),
    /// Answers, and closes the connection without having said so.
    AnswerAndClose(u16),
    /// Breaks the connection.
    Break,
    /// Says nothing until the client gives up.
    Silence,
    /// Sends a head and then this, again and again, until the client gives up.
    Endless(&'static str, String),
    /// Sends a head and nothing more, until the client gives up.
    HeadOnly(&'static str),
}

impl Reply {
    pub(crate) fn status(status: u16) -> Self {
        Self::Answer(status, Vec::new(), String::new())
    }

    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::text(status, "application/json", body.to_string())
    }

    pub(crate) fn text(status: u16, media_type: &str, body: impl Into<String>) -> Self {
        let headers = vec![("content-type", media_type.to_owned())];
        Self::Answer(status, headers, body.into())
    }
}

pub(crate) struct Server {
    address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
    connections: Arc<Mutex<usize>>,
}

impl Server {
    /// Answers each request as `handler` says.
    pub(crate) async fn start(
        handler: impl Fn(&Received) -> Reply + Send + Sync + 'static,
    ) -> Self {
        Self::start_async(move |received| {
            let reply = handler(&received);
            async move { reply }
        })
        .await
    }

    /// Answers each request as `handler` says, once it says so.
    pub(crate) async fn start_async<F>(
        handler: impl Fn(Received) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Reply> + Send,
    {
        let handler = Arc::new(handler);
        Self::serve(move |mut stream, connection, received| {
            let handler = Arc::clone(&handler);
            async move {
                while let Some(request) = read_request(&mut stream, connection, &received).await {
                    if !reply(&mut stream, handler(request).await).await {
                        break;
                    }
                }
            }
        })
        .await
    }

    /// Breaks each connection before it reads anything.
    pub(crate) async fn start_breaking_unread() -> Self {
        Self::serve(|stream, _, _| async move { drop(stream) }).await
    }

    async fn serve<F>(
        connected: impl Fn(TcpStream, usize, Arc<Mutex<Vec<Received>>>) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let received = Arc::new(Mutex::new(Vec::new()));
        let connections = Arc::new(Mutex::new(0));
        let (all, count) = (Arc::clone(&received), Arc::clone(&connections));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let connection = {
                    let mut count = count.lock().unwrap();
                    *count += 1;
                    *count
                };
                tokio::spawn(connected(stream, connection, Arc::clone(&all)));
            }
        });
        Self { address, received, connections }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/cards-tokenization", self.address)
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    pub(crate) fn connections(&self) -> usize {
        *self.connections.lock().unwrap()
    }
}

/// The next request, or `None` when the client has closed the connection.
async fn read_request(
    stream: &mut TcpStream,
    connection: usize,
    all: &Mutex<Vec<Received>>,
) -> Option<Received> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..head_end].to_vec()).unwrap();
    let mut lines = head.lines();
    let mut start = lines.next().unwrap().split(' ').map(str::to_owned);
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let length = headers
        .iter()
        .find(|(name, _)| name == "content-length")
        .map_or(0, |(_, value)| value.parse().unwrap());
    let mut body = bytes.split_off(head_end);
    while body.len() < length {
        if stream.read_buf(&mut body).await.ok()? == 0 {
            return None;
        }
    }
    let mut all = all.lock().unwrap();
    let received = Received {
        number: all.len(),
        connection,
        method: start.next().unwrap(),
        path: start.next().unwrap(),
        headers,
        body,
    };
    all.push(received.clone());
    Some(received)
}

/// Whether the connection lives on.
async fn reply(stream: &mut TcpStream, reply: Reply) -> bool {
    match reply {
        Reply::Answer(status, headers, body) => {
            let mut head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n", body.len());
            for (name, value) in headers {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
            let whole = format!("{head}\r\n{body}");
            stream.write_all(whole.as_bytes()).await.is_ok()
        }
        Reply::AnswerAndClose(status) => {
            let head = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\n\r\n");
            stream.write_all(head.as_bytes()).await.unwrap();
            false
        }
        Reply::Break => false,
        Reply::Silence => {
            until_closed(stream).await;
            false
        }
        Reply::Endless(head, chunk) => {
            stream.write_all(head.as_bytes()).await.unwrap();
            while stream.write_all(chunk.as_bytes()).await.is_ok() {}
            false
        }
        Reply::HeadOnly(head) => {
            stream.write_all(head.as_bytes()).await.unwrap();
            until_closed(stream).await;
            false
        }
    }
}

async fn until_closed(stream: &mut TcpStream) {
    let mut rest = [0; 64];
    while stream.read(&mut rest).await.is_ok_and(|read| read > 0) {}
}

/// A clock on which waiting takes no time, and jitter is always the longest.
pub(crate) struct FastClock {
    start: SystemTime,
    elapsed: Mutex<Duration>,
    waits: Mutex<Vec<Duration>>,
}

impl FastClock {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self {
            start: SystemTime::now(),
            elapsed: Mutex::default(),
            waits: Mutex::default(),
        })
    }

    pub(crate) fn advance(&self, duration: Duration) {
        *self.elapsed.lock().unwrap() += duration;
    }

    /// Every wait so far, in milliseconds.
    pub(crate) fn waits(&self) -> Vec<u128> {
        let waits = self.waits.lock().unwrap();
        waits.iter().map(Duration::as_millis).collect()
    }
}

impl Clock for FastClock {
    fn now(&self) -> SystemTime {
        self.start + self.elapsed()
    }

    fn elapsed(&self) -> Duration {
        *self.elapsed.lock().unwrap()
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.waits.lock().unwrap().push(duration);
        self.advance(duration);
        Box::pin(std::future::ready(()))
    }

    fn jitter(&self, upper: Duration) -> Duration {
        upper
    }
}

pub(crate) fn builder(server: &Server) -> ClientBuilder {
    Client::builder(server.url()).tenant(TENANT).clock(FastClock::new())
}

/// A client of `server` with a fixed token.
pub(crate) fn account(server: &Server) -> Client {
    builder(server).build().unwrap().with_token(token("token"))
}

pub(crate) fn token(text: &str) -> Token {
    Token::new(text).unwrap()
}

/// What `future` gives, which must not take anywhere near as long as the default limits: a test of
/// a limit that is not applied fails here and does not hang.
pub(crate) async fn soon<T>(future: impl Future<Output = T>) -> T {
    let long = Duration::from_secs(20);
    tokio::time::timeout(long, future).await.expect("it takes no longer than its limit")
}

/// A JWT that expires at `time`, in whole seconds.
pub(crate) fn jwt(time: SystemTime) -> String {
    let seconds = time.duration_since(UNIX_EPOCH).unwrap().as_secs();
    let payload = URL_SAFE_NO_PAD.encode(json!({"exp": seconds}).to_string());
    format!("e30.{payload}.c2ln")
}

/// An enrolment with every field set, those that the contract marks sensitive to `marker`.
pub(crate) fn enrolment_json(marker: &str) -> Value {
    json!({
        "owner_bid": "1000052",
        "card_information": {
            "card_id": 6_743_052,
            "billing_address": {
                "city": marker,
                "state": "RJ",
                "postal_code": "94105",
                "country_code": "USA",
                "address_line1": marker,
                "address_line2": marker,
                "address_line3": marker,
            },
        },
        "customer_information": customer_json(marker),
    })
}

pub(crate) fn customer_json(marker: &str) -> Value {
    json!({
        "locale": "en_US",
        "first_name": marker,
        "middle_name": marker,
        "last_name": marker,
        "country_code": "USA",
        "emails": [marker],
        "phones": [marker],
        "national_identifiers": [{"type": "NATIONAL_IDENTITY", "value": marker}],
        "consent": {
            "time_of_consent": "2020-05-05T12:12:12.000Z",
            "version": "1.0",
            "presenter": "Acme Bank",
        },
    })
}

pub(crate) fn enrolment() -> types::ClickToPayEnrollData {
    serde_json::from_value(enrolment_json("Alex")).unwrap()
}

pub(crate) fn update() -> types::ClickToPayUpdateCustomerRequest {
    serde_json::from_value(json!({"owner_bid": "1000052"})).unwrap()
}

pub(crate) fn deletion() -> types::ClickToPayDeleteCustomerRequest {
    serde_json::from_value(json!({"owner_bid": "1000052"})).unwrap()
}
