//! What is left of a client secret, and of a token, in the memory of a process that is done with
//! them.
//!
//! Types that wipe themselves say little of the copies that are made on the way, by the HTTP and
//! the TLS library too. This looks at what counts: the memory itself, freed memory included. Each
//! measurement is a process of its own, and so is the server, because it holds what it is sent.
//!
//! A received token passes through buffers of the HTTP and the TLS library, which don't wipe them.
//! What is asked here is that nothing is left beyond what is left of any answer that these libraries
//! read.

#![cfg(all(target_os = "linux", feature = "rustls"))]
#![allow(
    clippy::unwrap_used,
    reason = "clippy spares functions that are tests themselves, not their helpers"
)]
#![allow(clippy::print_stdout, reason = "the other processes tell what they found")]

#[path = "../../payment-profiles/tests/support/memory.rs"]
mod memory;

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use memory::Masked;
use reqwest::Certificate;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::{ServerConfig, pki_types::PrivateKeyDer};
use visa_click_to_pay::{CachingTokens, Passport, TokenSource};

static SECRET: Masked = Masked::new(1);
static TOKEN: Masked = Masked::new(2);

/// What this process is there for: `serve`, or `URL CERTIFICATE WHO`.
const PART: &str = "CLICK_TO_PAY_TEST_PART";

#[test]
fn nothing_is_left_of_a_secret_and_no_copy_of_a_token_but_those_of_the_libraries() {
    match std::env::var(PART).ok().as_deref() {
        Some("serve") => return block_on(serve()),
        Some(measured) => return measure(measured),
        None => {}
    }
    let server = Another::start("serve");
    let [certificate, urls @ ..] = &server.told.split(' ').collect::<Vec<_>>()[..] else {
        panic!("{}", server.told)
    };
    for url in urls {
        let framings = ["plain", "chunked"];
        let left = |framing: &str, who: &str| -> (usize, usize) {
            let measured = Another::start(&format!("{url}/{framing} {certificate} {who}"));
            let (secret, token) = measured.told.split_once(' ').unwrap();
            (secret.parse().unwrap(), token.parse().unwrap())
        };
        // What the libraries leave depends on how the answer happens to arrive, so theirs is the most of
        // several measurements.
        let of_the_libraries =
            framings.iter().cycle().take(6).map(|framing| left(framing, "reqwest").1);
        let of_the_libraries = of_the_libraries.max().unwrap();
        // What is refused, or can't be read, leaves no more than what is taken.
        for framing in framings.into_iter().chain(["refused", "unreadable"]) {
            for who in ["oauth2", "basic"] {
                let (secret, token) = left(framing, who);
                let what = format!("{who} at {url}/{framing}");
                println!(
                    "{what}: {secret} and {token}, at most {of_the_libraries} by the libraries"
                );
                assert_eq!(secret, 0, "{what}: copies of the secret");
                assert!(token <= of_the_libraries, "{what}: {token} copies of the token");
            }
        }
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// This test again, in a process that is told its part, and what it tells in its turn.
struct Another {
    process: Child,
    told: String,
}

impl Another {
    fn start(part: &str) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .arg("--nocapture")
            .env(PART, part)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.as_mut().unwrap()).lines();
        let told = lines.find_map(|line| line.unwrap().strip_prefix("told: ").map(str::to_owned));
        let told = told.expect("it tells something");
        Self { process, told }
    }
}

impl Drop for Another {
    fn drop(&mut self) {
        // A server ends with its standard input; the others have ended.
        drop(self.process.stdin.take());
        self.process.stdout.take().unwrap().read_to_end(&mut Vec::new()).unwrap();
        self.process.wait().unwrap();
    }
}

/// Fetches a token, lets go of all, and tells how often secret and token are found afterwards.
fn measure(measured: &str) {
    let [url, certificate, who] = measured.split(' ').collect::<Vec<_>>()[..] else {
        panic!("{measured}")
    };
    let byte = |at| u8::from_str_radix(&certificate[at..at + 2], 16).unwrap();
    let certificate: Vec<u8> = (0..certificate.len()).step_by(2).map(byte).collect();
    let http = reqwest::Client::builder()
        .no_proxy()
        .tls_backend_rustls()
        .tls_certs_only([Certificate::from_der(&certificate).unwrap()])
        .build()
        .unwrap();
    block_on(async {
        if who == "reqwest" {
            let mut answer = http.post(url).body("}").send().await.unwrap();
            while answer.chunk().await.unwrap().is_some() {}
            return;
        }
        let passport = Passport::builder(url).http(http).build().unwrap();
        let fetched = if who == "oauth2" {
            let source = passport.oauth2("id", SECRET.text().as_str(), "scope");
            CachingTokens::new(source.account("1")).token().await
        } else {
            CachingTokens::new(passport.basic("key", SECRET.text().as_str(), 1)).token().await
        };
        assert!(SECRET.copies() <= 1, "only the source's own");
        let taken = ["plain", "chunked"].iter().any(|framing| url.ends_with(framing));
        assert_eq!(fetched.is_ok(), taken);
        assert!(TOKEN.copies() > 0 || !taken, "the token is found");
        drop(fetched);
    });
    println!("\ntold: {} {}", SECRET.copies(), TOKEN.copies());
}

/// Answers each request with the token, on a port without and one with TLS.
async fn serve() {
    let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let certificate = certified.cert.der().clone();
    let key = PrivateKeyDer::try_from(certified.signing_key.serialize_der()).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let plain = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let tls = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let ports = [&plain, &tls].map(|listener| listener.local_addr().unwrap().port());
    let certificate: String = certificate.iter().map(|byte| format!("{byte:02x}")).collect();
    let [plain_port, tls_port] = ports;
    println!("\ntold: {certificate} http://localhost:{plain_port} https://localhost:{tls_port}");
    tokio::spawn(async move {
        while let Ok((stream, _)) = plain.accept().await {
            tokio::spawn(answer(stream));
        }
    });
    tokio::spawn(async move {
        while let Ok((stream, _)) = tls.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move { answer(acceptor.accept(stream).await.unwrap()).await });
        }
    });
    let wait = || drop(std::io::stdin().read_to_end(&mut Vec::new()));
    tokio::task::spawn_blocking(wait).await.unwrap();
}

async fn answer(mut stream: impl AsyncRead + AsyncWrite + Unpin) {
    let mut request = Vec::new();
    let ended = |request: &[u8]| request.ends_with(b"uid=1") || request.ends_with(b"}");
    while !ended(&request) {
        if stream.read_buf(&mut request).await.unwrap() == 0 {
            return;
        }
    }
    let token = TOKEN.text();
    let body = format!("{{\"access_token\": \"{}\", \"token\": \"{}\"}}", *token, *token);
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
    let (head, body) = if contains(&request, b" /refused") {
        (head.replace("200 OK", "401 Unauthorized"), body)
    } else if contains(&request, b" /unreadable") {
        (head.to_owned(), body.replace('}', ""))
    } else {
        (head.to_owned(), body)
    };
    if contains(&request, b" /chunked") {
        stream
            .write_all(format!("{head}transfer-encoding: chunked\r\n\r\n").as_bytes())
            .await
            .unwrap();
        for part in body.as_bytes().chunks(60) {
            stream.write_all(format!("{:x}\r\n", part.len()).as_bytes()).await.unwrap();
            stream.write_all(part).await.unwrap();
            stream.write_all(b"\r\n").await.unwrap();
            stream.flush().await.unwrap();
        }
        stream.write_all(b"0\r\n\r\n").await.unwrap();
    } else {
        stream
            .write_all(format!("{head}content-length: {}\r\n\r\n{body}", body.len()).as_bytes())
            .await
            .unwrap();
    }
    stream.flush().await.unwrap();
    // Until the client closes the connection.
    let _ = stream.read_to_end(&mut Vec::new()).await;
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
