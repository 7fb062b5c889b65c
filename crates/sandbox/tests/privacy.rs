//! What the sandbox logs, at the finest level: never what was sent.

#![allow(clippy::unwrap_used, reason = "a test's helpers fail the test")]

mod support;

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use sandbox::Sandbox;
use support::{enrolment_json, raw_enrolment};
use tracing::Level;

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_log_line_holds_anything_of_a_request_but_its_route() {
    let captured = Captured::default();
    let writer = captured.clone();
    // For the whole process, so that no thread escapes; this binary has this one test.
    tracing_subscriber::fmt()
        .with_max_level(Level::TRACE)
        .with_writer(move || writer.clone())
        .init();

    let sandbox = Sandbox::start().await.unwrap();
    let token = support::token(&sandbox).await;
    let send = async |request: reqwest::RequestBuilder| request.send().await.unwrap().status();
    for body in [enrolment_json("marker"), serde_json::json!(["marker"])] {
        let request = raw_enrolment(&sandbox).await;
        send(request.header("x-cid", "marker-cid").json(&body)).await;
    }
    let payments = format!("{}/api/v1/customer/payments/update", sandbox.payments_url());
    let http = reqwest::Client::new();
    let xml = "<marker>marker</marker>";
    for (media_type, body) in [
        (
            "application/json",
            r#"{"Authentication":{"Key":"marker"},"Request":{"PaymentProfileId":"marker"}}"#,
        ),
        ("application/xml", xml),
        ("text/marker", "marker"),
    ] {
        send(http.post(&payments).header("content-type", media_type).body(body)).await;
    }
    send(http.get(format!("{}/marker?marker=marker", sandbox.click_to_pay_url()))).await;
    send(raw_enrolment(&sandbox).await.header("x-sandbox-fault", "marker")).await;

    let log = String::from_utf8(captured.0.lock().unwrap().clone()).unwrap();
    // The client of this test logs the URLs that it asks; the sandbox is what is looked at.
    let lines =
        log.lines().filter(|line| !line.contains("hyper_util") && !line.contains("reqwest"));
    let lines: Vec<_> = lines.collect();
    assert!(lines.iter().any(|line| line.contains("enroll/customer")), "{log}");
    for line in &lines {
        assert!(!line.contains("marker") && !line.contains(&token), "{line}");
    }
}
