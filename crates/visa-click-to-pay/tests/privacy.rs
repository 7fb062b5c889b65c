//! Nothing sensitive is printed: not by any type, not by any error, not at any log level.
//!
//! Every sensitive field holds a marker, and so do the token and the credentials; the server sends
//! the marker back wherever it can. Then everything is printed, with all logs of all crates
//! captured at the finest level, and no marker may be found.

#![allow(
    clippy::unwrap_used,
    reason = "clippy spares functions that are tests themselves, not their helpers"
)]

mod support;

use std::error::Error as StdError;
use std::fmt::{Debug, Write as _};
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use support::{Reply, Server, builder, customer_json, enrolment_json, soon};
use tracing_subscriber::fmt::format::FmtSpan;
use visa_click_to_pay::{
    CachingTokens, Client, Error, ErrorKind, Event, Limits, Passport, RetryPolicy, Token,
    TokenError, TokenSource, types,
};

const MARKER: &str = "Zq7Marker";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Everything that was printed.
#[derive(Default)]
struct Printed(String);

impl Printed {
    fn debug(&mut self, value: &impl Debug) {
        writeln!(self.0, "{value:?} {value:#?}").unwrap();
    }

    /// An error as callers print it, with all that caused it.
    fn error(&mut self, error: &(dyn StdError + 'static)) {
        let mut next = Some(error);
        while let Some(error) = next {
            writeln!(self.0, "{error} {error:#} {error:?} {error:#?}").unwrap();
            next = error.source();
        }
    }
}

/// What the server answers, and what becomes of it.
fn answers() -> Vec<(Reply, Option<ErrorKind>)> {
    let echo = json!({"code": 400, "message": MARKER, "details": [MARKER]});
    let other_shape = json!({"code": MARKER, "message": 1});
    let location = |status| {
        let headers = vec![("location", format!("http://127.0.0.1:9/{MARKER}"))];
        Reply::Answer(status, headers, MARKER.to_owned())
    };
    let page = format!("<html>{MARKER}</html>");
    let endless = Reply::Endless(
        "HTTP/1.1 400 X\r\ntransfer-encoding: chunked\r\n\r\n",
        "9\r\nZq7Marker\r\n".repeat(100),
    );
    vec![
        (Reply::status(202), None),
        (Reply::json(400, &echo), Some(ErrorKind::Documented)),
        (Reply::json(500, &echo), Some(ErrorKind::Documented)),
        (Reply::json(400, &other_shape), Some(ErrorKind::Undecodable)),
        (Reply::json(500, &json!(MARKER)), Some(ErrorKind::Undecodable)),
        (Reply::text(400, "text/html", page), Some(ErrorKind::Undecodable)),
        (Reply::json(200, &echo), Some(ErrorKind::Undocumented)),
        (Reply::json(403, &echo), Some(ErrorKind::Undocumented)),
        (Reply::json(503, &echo), Some(ErrorKind::Undocumented)),
        (Reply::json(401, &echo), Some(ErrorKind::Unauthorized)),
        (Reply::json(429, &echo), Some(ErrorKind::RateLimited)),
        (location(307), Some(ErrorKind::Undocumented)),
        (Reply::Break, Some(ErrorKind::Connection)),
        (Reply::Silence, Some(ErrorKind::Timeout)),
        (endless, Some(ErrorKind::TooLarge)),
    ]
}

#[tokio::test]
async fn no_marker_is_found_in_anything_that_is_printed() {
    let log = Log::default();
    let writer = log.clone();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(FmtSpan::FULL)
        .with_writer(move || writer.clone())
        .init();
    let mut printed = Printed::default();
    let mut sent = Vec::new();

    for (reply, kind) in answers() {
        for idempotent in [false, true] {
            let reply = reply.clone();
            let server = Server::start(move |_| reply.clone()).await;
            let client = client(&server, kind);
            printed.debug(&client);
            let error = if idempotent {
                update(&client, &mut printed).await
            } else {
                enrol(&client, &mut printed).await
            };
            assert_eq!(error, kind, "{}", printed.0);
            sent.extend(server.received());
        }
    }
    unfit(&mut printed).await;
    tokens(&mut printed).await;
    events(&mut printed);

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    // The log is captured: ours with the correlation id of each request, and through the `log` crate that of the HTTP client.
    assert!(log.contains("enroll_customer") && log.contains("reqwest"), "{log}");
    for request in &sent {
        let id = request.header("x-cid").unwrap();
        assert!(log.contains(id) && printed.0.contains(id), "{id}");
    }
    for text in [&printed.0, &log] {
        if let Some(at) = text.find(MARKER) {
            panic!("{}", &text[at.saturating_sub(300)..]);
        }
    }
}

fn client(server: &Server, expected: Option<ErrorKind>) -> Client {
    let total = match expected {
        Some(ErrorKind::Timeout) => Duration::from_millis(100),
        _ => Limits::default().total,
    };
    let limits = Limits { total, response_body: 4096, ..Limits::default() };
    let talkative = reqwest::Client::builder().connection_verbose(true);
    let client = builder(server)
        .limits(limits)
        .http_builder(talkative)
        .retry(RetryPolicy { max_tries: 2, ..RetryPolicy::default() })
        .build()
        .unwrap();
    client.with_token(Token::new(MARKER).unwrap())
}

async fn enrol(client: &Client, printed: &mut Printed) -> Option<ErrorKind> {
    let data: types::ClickToPayEnrollData = serde_json::from_value(enrolment_json(MARKER)).unwrap();
    printed.debug(&data);
    let sent = client.enroll_customer().x_customer_id(1).body(data);
    outcome(soon(sent.send()).await, printed)
}

/// A value that does not fit is not repeated by the error that says so.
async fn unfit(printed: &mut Printed) {
    let server = Server::start(|_| Reply::status(202)).await;
    let customer = types::ClickToPayCustomerInfo::builder()
        .locale("en_US".to_owned())
        .first_name(MARKER.repeat(10));
    let data = types::ClickToPayUpdateCustomerRequest::builder()
        .owner_bid("1000052".to_owned())
        .customer_information(customer);
    let client = client(&server, None);
    let sent = client.update_customer().x_customer_id(1).body(data);
    assert_eq!(outcome(sent.send().await, printed), Some(ErrorKind::InvalidRequest));
}

async fn update(client: &Client, printed: &mut Printed) -> Option<ErrorKind> {
    let data = json!({"owner_bid": "1", "customer_information": customer_json(MARKER)});
    let data: types::ClickToPayUpdateCustomerRequest = serde_json::from_value(data).unwrap();
    printed.debug(&data);
    let sent = client.update_customer().x_customer_id(1).body(data);
    outcome(soon(sent.send()).await, printed)
}

fn outcome<T: Debug, E: 'static>(
    result: Result<T, Error<E>>,
    printed: &mut Printed,
) -> Option<ErrorKind> {
    match result {
        Ok(accepted) => {
            printed.debug(&accepted);
            None
        }
        Err(error) => {
            printed.error(&error);
            Some(error.kind())
        }
    }
}

async fn tokens(printed: &mut Printed) {
    printed.debug(&Token::new(MARKER).unwrap());
    printed.error(&Token::new(format!("{MARKER}\n")).unwrap_err());
    let body = json!({"access_token": MARKER, "token": MARKER, "message": MARKER});
    let broken = json!({"access_token": [MARKER], "token": [MARKER]});
    for (status, body) in [(200, &body), (200, &broken), (401, &body), (500, &body)] {
        let body = body.clone();
        let server = Server::start(move |_| Reply::json(status, &body)).await;
        let passport = Passport::new(server.url()).unwrap();
        let oauth2 = passport.oauth2(MARKER, MARKER, MARKER).account(MARKER);
        let basic = passport.basic(MARKER, MARKER, 1);
        printed.debug(&(&passport, &oauth2, &basic));
        fetched(CachingTokens::new(oauth2).token().await, printed);
        fetched(basic.token().await, printed);
    }
}

fn fetched(result: Result<Token, TokenError>, printed: &mut Printed) {
    match result {
        Ok(token) => printed.debug(&token),
        Err(error) => printed.error(&error),
    }
}

fn events(printed: &mut Printed) {
    let message = json!({
        "event_id": "252212bf-cde2-43f9-b28f-33ea2b452b32", "domain": "cards-tokenization",
        "event_type": "click-to-pay-1", "schema_version": 1, "org_id": "TN-1", "cid": "1",
        "timestamp": "2019-07-20T19:03:00.000Z", "data": {"name": MARKER},
    });
    let message = message.to_string();
    printed.debug(&Event::<Value>::from_json(message.as_bytes()).unwrap());
    printed.error(&Event::<u8>::from_json(message.as_bytes()).unwrap_err());
}
