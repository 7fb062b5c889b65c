//! A sandbox that is dropped is gone, with all its connections.

#![allow(clippy::unwrap_used, reason = "a test's helpers fail the test")]

use std::time::Duration;

use sandbox::Sandbox;
use tokio::net::TcpStream;

#[tokio::test]
async fn a_sandbox_stops_when_it_is_dropped() {
    let sandbox = Sandbox::start().await.unwrap();
    let address = sandbox.events_url().replace("http://", "").replace("/sandbox/events", "");
    let mut listening = reqwest::get(sandbox.events_url()).await.unwrap();
    let mut events = sandbox.events();
    drop(sandbox);
    // The open stream breaks off, the channel ends, and nobody listens any more.
    assert!(listening.chunk().await.is_err());
    assert_eq!(events.next().await, None);
    let refused = async { while TcpStream::connect(&address).await.is_ok() {} };
    tokio::time::timeout(Duration::from_secs(20), refused).await.expect("nobody listens any more");
}
