//! What a call costs, beside the same call written by hand over reqwest.
//!
//! Both send the same headers and body, with token, tenant, customer and a fresh `x-cid`, over the same kind of
//! connection pool; both hold to the same timeouts and to a limit on the answer, and decode it by its
//! status. The server is a process of its own.
//!
//! ```text
//! cargo bench -p visa-click-to-pay --bench calls
//! ```
//!
//! prints the ratios, ours to hand-written: of time with 1, 64 and 1,000 calls in flight, and of
//! allocations. For instructions, count those of some calls more and divide:
//!
//! ```text
//! valgrind --tool=callgrind target/release/deps/calls-* calls ours accepted 1000
//! ```
//!
//! Instructions for each call, as callgrind counts them: 0.89 times those by hand of the enrolment, and 0.91
//! of the refused update. Allocations: 78 to 89, and 78 to 88. What ours has more is what is kept for another
//! try, the flag that tells whether the body left, the answer's head, which errors share, and the call's future
//! in its span; what it has less are the names and values of headers, which are static or shared, the URL's
//! host, which is read once for all calls, and the time for a whole answer, which the HTTP client knows.
//!
//! A call that is alone finds little of what it needs in the processor's caches, because the kernel and the
//! server had them last: it is not what it counts in instructions that makes it slow, but in lines of 64 bytes
//! of code and data. It takes 2,490 and 946 of them, by hand 2,240 and 912 (the last call of
//! `valgrind --tool=lackey --trace-mem=yes`), on 170 and 91 pages of 4 KB, by hand 155 and 97.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark stops at what is unexpected, and prints what it measures"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Method, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use uuid::Uuid;
use visa_click_to_pay::types::{
    ClickToPayBadRequest, ClickToPayEnrollData, ClickToPayUpdateCustomerRequest,
};
use visa_click_to_pay::{Client, ErrorKind, Token};

const TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl";
const TENANT: &str = "TN-00000000-0000-0000-0000-000000000000";
const LIMIT: usize = 1024 * 1024;

#[derive(Clone, Copy, PartialEq)]
enum Who {
    Ours,
    ByHand,
}

/// What the server answers.
#[derive(Clone, Copy)]
enum Case {
    /// An enrolment: 202, without a body.
    Accepted,
    /// An update: 400, with a body that is decoded.
    Refused,
}

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).filter(|it| it != "--bench").collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve"] => runtime().block_on(serve()),
        ["calls", who, case, number, ref in_flight @ ..] => {
            let who = if who == "ours" { Who::Ours } else { Who::ByHand };
            let case = if case == "accepted" { Case::Accepted } else { Case::Refused };
            let in_flight = in_flight.first().unwrap_or(&"1").parse().unwrap();
            let number = number.parse().unwrap();
            let server = Server::start();
            let callers = async { Callers::new(&server).round(who, case, in_flight, number).await };
            runtime().block_on(callers);
            server.leave();
        }
        _ => {
            compare(&Server::start());
        }
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// Prints the ratios.
fn compare(server: &Server) {
    const ROUNDS: usize = 15;
    let runtime = runtime();
    let callers = runtime.block_on(async { Callers::new(server) });
    for (case, name) in [(Case::Accepted, "202, no body"), (Case::Refused, "400, decoded")] {
        for (in_flight, calls) in [(1, 400), (64, 2_000), (1_000, 3_000)] {
            let mut times = [Vec::new(), Vec::new()];
            for round in 0..=ROUNDS {
                for (who, times) in [Who::Ours, Who::ByHand].into_iter().zip(&mut times) {
                    let started = Instant::now();
                    runtime.block_on(callers.round(who, case, in_flight, calls));
                    // The first round opens the connections.
                    if round > 0 {
                        times.push(started.elapsed());
                    }
                }
            }
            let [ours, by_hand] = times.map(|mut times| {
                times.sort_unstable();
                times[times.len() / 2].as_secs_f64() / f64::from(calls) * 1e6
            });
            println!(
                "{name}, {in_flight:>5} in flight: {ours:6.1} µs to {by_hand:6.1} µs, {:.3} ×",
                ours / by_hand
            );
        }
        let [ours, by_hand] = [Who::Ours, Who::ByHand].map(|who| {
            let calls = || runtime.block_on(callers.round(who, case, 1, 100));
            calls();
            allocation_counter::measure(calls).count_total / 100
        });
        println!("{name}: {ours} allocations to {by_hand}");
    }
}

/// Both ways to call, over a pool each.
struct Callers {
    account: Client,
    by_hand: ByHand,
    enrolment: ClickToPayEnrollData,
    update: ClickToPayUpdateCustomerRequest,
}

impl Callers {
    fn new(server: &Server) -> Self {
        let customer = json!({
            "locale": "en_US", "first_name": "Alex", "last_name": "Miller",
            "emails": ["alex@example.com"], "phones": ["5545999999999"],
        });
        let enrolment = json!({
            "owner_bid": "1000052",
            "card_information": {"card_id": 6_743_052, "billing_address": {
                "address_line1": "1000 Market Street", "city": "San Francisco", "state": "CA",
                "postal_code": "94105", "country_code": "USA",
            }},
            "customer_information": customer,
        });
        let update = json!({"owner_bid": "1000052", "customer_information": customer});
        let client = Client::builder(&server.url).tenant(TENANT).build().unwrap();
        Self {
            account: client.with_token(Token::new(TOKEN).unwrap()),
            by_hand: ByHand::new(&server.url),
            enrolment: serde_json::from_value(enrolment).unwrap(),
            update: serde_json::from_value(update).unwrap(),
        }
    }

    /// So many calls, of which so many are in flight.
    async fn round(&self, who: Who, case: Case, in_flight: usize, calls: u32) {
        let mut left = calls;
        let mut running = FuturesUnordered::new();
        loop {
            while left > 0 && running.len() < in_flight {
                running.push(self.call(who, case));
                left -= 1;
            }
            if running.next().await.is_none() {
                return;
            }
        }
    }

    async fn call(&self, who: Who, case: Case) {
        match (who, case) {
            (Who::Ours, Case::Accepted) => {
                let request = self.account.enroll_customer().x_customer_id(42);
                request.body(self.enrolment.clone()).send().await.unwrap();
            }
            (Who::Ours, Case::Refused) => {
                let request = self.account.update_customer().x_customer_id(42);
                let error = request.body(self.update.clone()).send().await.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Documented);
            }
            (Who::ByHand, Case::Accepted) => {
                let path = "/v1/clicktopay/visa/enroll/customer";
                let body = self.enrolment.clone();
                let answer = self.by_hand.call::<ClickToPayBadRequest>(Method::POST, path, body);
                answer.await.unwrap();
            }
            (Who::ByHand, Case::Refused) => {
                let path = "/v1/clicktopay/visa/manage/customer";
                let body = self.update.clone();
                let answer = self.by_hand.call::<ClickToPayBadRequest>(Method::PUT, path, body);
                assert!(matches!(answer.await, Err(Failed::Refused(_))));
            }
        }
    }
}

/// What a careful team writes for itself.
struct ByHand {
    http: reqwest::Client,
    base_url: String,
    token: HeaderValue,
}

#[derive(Debug)]
#[allow(dead_code, reason = "a caller would read them")]
enum Failed<E> {
    Http(reqwest::Error),
    TooLarge,
    Json(serde_json::Error),
    Status(StatusCode),
    Refused(E),
}

impl ByHand {
    fn new(base_url: &str) -> Self {
        let http = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(10))
            .read_timeout(Duration::from_secs(30))
            .user_agent(concat!("visa-click-to-pay/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .no_proxy()
            .build();
        let mut token = HeaderValue::try_from(format!("Bearer {TOKEN}")).unwrap();
        token.set_sensitive(true);
        Self { http: http.unwrap(), base_url: base_url.to_owned(), token }
    }

    async fn call<E: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: impl Serialize,
    ) -> Result<String, Failed<E>> {
        let cid = Uuid::new_v4().to_string();
        let mut answer = self
            .http
            .request(method, format!("{}{path}", self.base_url))
            .header(AUTHORIZATION, self.token.clone())
            .header("accept", "application/json")
            .header("x-tenant", TENANT)
            .header("x-customer-id", 42)
            .header("x-cid", &cid)
            .timeout(Duration::from_secs(60))
            .header("content-type", "application/json")
            .body(serde_json::to_vec(&body).map_err(Failed::Json)?)
            .send()
            .await
            .map_err(Failed::Http)?;
        match answer.status() {
            StatusCode::ACCEPTED => Ok(cid),
            StatusCode::BAD_REQUEST => {
                let mut read = Vec::new();
                while let Some(chunk) = answer.chunk().await.map_err(Failed::Http)? {
                    if read.len() + chunk.len() > LIMIT {
                        return Err(Failed::TooLarge);
                    }
                    read.extend_from_slice(&chunk);
                }
                Err(Failed::Refused(serde_json::from_slice(&read).map_err(Failed::Json)?))
            }
            status => Err(Failed::Status(status)),
        }
    }
}

/// This program again, as the server.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    fn start() -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .arg("serve")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut url = String::new();
        BufReader::new(process.stdout.as_mut().unwrap()).read_line(&mut url).unwrap();
        Self { process, url: url.trim().to_owned() }
    }
}

impl Server {
    /// Lets it end by itself, so that what it cost is not counted as ours.
    fn leave(mut self) {
        drop(self.process.stdin.take());
        std::mem::forget(self);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        self.process.wait().unwrap();
    }
}

async fn serve() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("http://{}", listener.local_addr().unwrap());
    std::io::stdout().flush().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            stream.set_nodelay(true).unwrap();
            tokio::spawn(answer(stream));
        }
    });
    // Ends with the process that started it.
    let wait = || drop(std::io::stdin().read_to_end(&mut Vec::new()));
    tokio::task::spawn_blocking(wait).await.unwrap();
}

async fn answer(mut stream: TcpStream) {
    const ACCEPTED: &[u8] = b"HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\n\r\n";
    const REFUSED: &[u8] = b"HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\n\
        content-length: 80\r\n\r\n\
        {\"code\": 400, \"message\": \"bad request\", \"details\": [\"OrgID: cannot be blank.\"] }";
    let mut request = Vec::with_capacity(8192);
    while stream.read_buf(&mut request).await.is_ok_and(|read| read > 0) {
        // Each body is an object, and nothing follows it.
        if !request.ends_with(b"}") {
            continue;
        }
        let reply = if request.starts_with(b"POST") { ACCEPTED } else { REFUSED };
        stream.write_all(reply).await.unwrap();
        request.clear();
    }
}
