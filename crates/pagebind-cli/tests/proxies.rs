//! Which way the program takes to a publisher, as its environment says.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener},
    process::Command,
    thread::{self, JoinHandle},
};

/// A server that answers one request with 404, and gives its first line.
fn server() -> (SocketAddr, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let request = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let lines = BufReader::new(stream.try_clone().unwrap()).lines().map(Result::unwrap);
        let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
        stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n").unwrap();
        head[0].clone()
    });
    (address, request)
}

/// Requests a page behind a proxy, and gets as far as to hear that it is not there.
#[track_caller]
fn request(url: &str, proxy: &str) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("Cargo.toml"), "[workspace]\n").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-pagebind"))
        .args(["add", "an-api-that-is-not-there", url])
        .current_dir(folder.path())
        .env_clear()
        // Without it, Windows has no network.
        .envs(std::env::var_os("SystemRoot").map(|root| ("SystemRoot", root)))
        .env("HTTP_PROXY", proxy)
        .output()
        .unwrap();
    let report = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(3), "{report}");
    assert!(report.contains("no page is published here (status 404)"), "{report}");
}

#[test]
fn a_publisher_is_asked_through_the_proxy_of_the_environment() {
    let (address, requested) = server();
    request("http://publisher.invalid/a.md", &format!("http://{address}"));
    assert_eq!(requested.join().unwrap(), "GET http://publisher.invalid/a.md HTTP/1.1");
}

#[test]
fn loopback_is_asked_directly() {
    let (address, requested) = server();
    request(&format!("http://{address}/a.md"), "http://proxy.invalid:1");
    assert_eq!(requested.join().unwrap(), "GET /a.md HTTP/1.1");
}
