//! The key is gone from this process's memory once the call is over.
//!
//! Types that wipe themselves say little of the copies that are made on the way, by the HTTP
//! and the TLS library too. This looks at what counts: the memory itself.

#![cfg(all(target_os = "linux", feature = "rustls"))]
#![allow(clippy::unwrap_used, reason = "a test's helpers fail the test")]
#![allow(clippy::print_stdout, reason = "the second process tells its address")]

mod support;

use std::{
    io::{BufRead, BufReader, Lines, Read},
    process::{Child, ChildStdout, Command, Stdio},
};

use payment_profiles::{Client, Credentials, Format, ProfileUpdate};
use reqwest::Certificate;
use support::{Reply, Server, memory::Masked, success};

static KEY: Masked = Masked::new(0);

const CHILD: &str = "PAYMENT_PROFILES_TEST_SERVER";

/// The server, in a process of its own, because it holds what it was sent.
struct Elsewhere {
    process: Child,
    /// Held open, because the child has a last line to write.
    _output: Lines<BufReader<ChildStdout>>,
    url: String,
    certificate: Certificate,
}

impl Elsewhere {
    fn start(scheme: &str) -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "the_key_is_gone_once_the_call_is_over", "--nocapture"])
            .env(CHILD, scheme)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let said = lines.find_map(|line| line.unwrap().strip_prefix("serving ").map(str::to_owned));
        let said = said.unwrap();
        let (url, certificate) = said.split_once(' ').unwrap();
        let byte = |at| u8::from_str_radix(&certificate[at..at + 2], 16).unwrap();
        let certificate: Vec<u8> = (0..certificate.len()).step_by(2).map(byte).collect();
        let certificate = Certificate::from_der(&certificate).unwrap();
        Self { process, _output: lines, url: url.to_owned(), certificate }
    }
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        self.process.wait().unwrap();
    }
}

async fn serve(scheme: &str) {
    let (tls, certificate) = Server::start_tls(Reply::Answer(success()), "localhost").await;
    let plain = Server::start(Reply::Answer(success())).await;
    let server = if scheme == "https" { tls } else { plain };
    let certificate: String = certificate.iter().map(|byte| format!("{byte:02x}")).collect();
    println!("\nserving {scheme}://localhost:{} {certificate}", server.address.port());
    // Ends when the parent lets go of this process, however it ended itself.
    let wait = || drop(std::io::stdin().read_to_end(&mut Vec::new()));
    tokio::task::spawn_blocking(wait).await.unwrap();
}

#[tokio::test]
async fn the_key_is_gone_once_the_call_is_over() {
    if let Ok(scheme) = std::env::var(CHILD) {
        return serve(&scheme).await;
    }
    for (scheme, format) in [
        ("http", Format::Json),
        #[cfg(feature = "xml")]
        ("http", Format::Xml),
        ("https", Format::Json),
    ] {
        let server = Elsewhere::start(scheme);
        let http = reqwest::Client::builder()
            .no_proxy()
            .tls_backend_rustls()
            .tls_certs_only([server.certificate.clone()]);
        let client = Client::builder(&*server.url)
            .credentials(Credentials::new("170200123", KEY.text().as_str()))
            .format(format)
            .http(http.build().unwrap())
            .build()
            .unwrap();
        assert_eq!(KEY.copies(), 1, "the client's own is found");

        // The address is escaped and so written anew; the key beside it must not be copied.
        let update = ProfileUpdate::new("123456789", "987654321", "Sierra").street("<&>\"");
        client.update(&update).await.unwrap();
        assert_eq!(KEY.copies(), 1, "{scheme}, {format:?}: the call left copies");

        drop(client);
        assert_eq!(KEY.copies(), 0, "{scheme}, {format:?}: the client left its own");
    }
}
