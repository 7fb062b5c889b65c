//! Matches events to the requests whose outcome they tell.
//!
//! ```text
//! cargo run -p sandbox -- cargo run -p visa-click-to-pay --example events
//! ```
//!
//! In production the events come from a queue (SNS, EventBridge, Pub/Sub, Service Bus, …). The
//! sandbox delivers them as server-sent events, which ask for the same care: a delivery may come
//! twice, in any order with the answer to its request, and among events of others. What differs is
//! [`Subscription`]; [`Enrolments`] stays, with its collections in a database, and what
//! [`Enrolments::receive`] does to them and to anything else in one transaction.
//!
//! Exit status: 0 every enrolment succeeded; 1 one was refused or failed; 2 not set up; 3 one was
//! not answered in time.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to its reader")]

mod common;

use std::collections::{HashMap, HashSet};
use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use futures_util::StreamExt;
use serde_json::Value;
use sse_stream::{Sse, SseStream};
use tokio::time::{sleep, timeout};
use visa_click_to_pay::types::ClickToPayEnrollData;
use visa_click_to_pay::{Client, CorrelationId, Event, Outcome, reqwest};

use common::{Organization, made_up_enrolment, tell, variable};

type Customer = (i64, ClickToPayEnrollData);

/// How long to wait for the events. Pismo publishes no limit; where it matters, ask.
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::main]
async fn main() -> ExitCode {
    let (account, customers, mut subscription) = match set_up() {
        Ok(set_up) => set_up,
        Err(error) => {
            eprintln!("error: {}", tell(&*error));
            return ExitCode::from(2);
        }
    };
    let mut enrolments = Enrolments::default();
    for (customer, enrolment) in customers {
        enrolments.enroll(&account, customer, enrolment).await;
    }
    let listened = timeout(PATIENCE, async {
        while !enrolments.pending.is_empty() {
            let message = subscription.next().await;
            enrolments.receive(message.as_bytes());
        }
    });
    if listened.await.is_err() {
        for (id, customer) in &enrolments.pending {
            eprintln!("error: customer {customer}: no event for {id}");
        }
        return ExitCode::from(3);
    }
    ExitCode::from(if enrolments.failed { 1 } else { 0 })
}

fn set_up() -> Result<(Client, Vec<Customer>, Subscription), Box<dyn Error>> {
    let account = Organization::from_environment()?.account(&variable("CLICK_TO_PAY_ACCOUNT")?);
    let subscription = Subscription::new(variable("CLICK_TO_PAY_EVENTS_URL")?)?;
    let customers = (1..=3).map(|id| Ok((id, made_up_enrolment(id)?)));
    Ok((account, customers.collect::<serde_json::Result<_>>()?, subscription))
}

/// Which requests wait for their event, and which events are dealt with.
#[derive(Default)]
struct Enrolments {
    /// The customer of each request, by its correlation id.
    pending: HashMap<CorrelationId, i64>,
    /// The ids of the events that are dealt with.
    seen: HashSet<String>,
    /// Whether any was refused or failed.
    failed: bool,
}

impl Enrolments {
    async fn enroll(&mut self, account: &Client, customer: i64, enrolment: ClickToPayEnrollData) {
        // Remembered before the request is sent: its event may be here before its answer is.
        let id = CorrelationId::random();
        self.pending.insert(id.clone(), customer);
        let account = account.with_correlation_id(id.clone());
        match account.enroll_customer().x_customer_id(customer).body(enrolment).send().await {
            Ok(_) => println!("customer {customer}: accepted"),
            Err(error) => {
                eprintln!("error: customer {customer}: {}", tell(&error));
                // Otherwise its event may come yet.
                if error.outcome() != Outcome::Unknown {
                    self.failed = true;
                    self.pending.remove(&id);
                }
            }
        }
    }

    /// Deals with a delivery. One that is no event is told and left behind, because it would not
    /// become one by being delivered again; in production it goes to the dead letters.
    fn receive(&mut self, message: &[u8]) {
        // The `data` of this event is not published, so nothing of it is taken for granted here.
        let event = match Event::<Value>::from_json(message) {
            Ok(event) => event,
            Err(error) => return eprintln!("error: {error}"),
        };
        if !self.seen.insert(event.event_id.to_string()) {
            return println!("event skipped: it was delivered before");
        }
        let Some(customer) = self.pending.remove(event.cid.as_str()) else {
            return println!("event left alone: it answers no request of ours");
        };
        // This is the sandbox's own form. Put in its place what your organization agreed with
        // Pismo, as a type of your own: `Event::<Outcome>::from_json`.
        match event.data["status"].as_str() {
            Some("SUCCESS") => println!("customer {customer}: enrolled"),
            Some("FAILURE") => {
                println!("customer {customer}: failed");
                self.failed = true;
            }
            _ => {
                println!("customer {customer}: answered in a form that is not known");
                self.failed = true;
            }
        }
    }
}

/// The event stream, connected again whenever it breaks.
///
/// Where it goes on is kept in memory: a program that starts again is delivered everything again.
/// A message of a queue is acknowledged once it has been dealt with.
struct Subscription {
    http: reqwest::Client,
    url: String,
    /// The id of the last message that was handed out. A server goes on after it.
    last_id: Option<String>,
    stream: Option<SseStream<reqwest::Body>>,
}

impl Subscription {
    fn new(url: String) -> reqwest::Result<Self> {
        // A connection that says nothing for so long may be dead; another one costs little. No
        // proxy would reach the sandbox.
        let http = reqwest::Client::builder().read_timeout(Duration::from_secs(30)).no_proxy();
        let http = http.build()?;
        Ok(Self { http, url, last_id: None, stream: None })
    }

    /// Waits for the next message, however often the stream breaks.
    async fn next(&mut self) -> String {
        let mut wait = Duration::from_millis(100);
        loop {
            match self.try_next().await {
                Ok(Some(Sse { id, data: Some(data), .. })) => {
                    self.last_id = id.or(self.last_id.take());
                    return data;
                }
                Ok(Some(_)) => {}
                broken => {
                    self.stream = None;
                    match broken {
                        Err(error) => eprintln!("note: connecting again: {}", tell(&*error)),
                        _ => eprintln!("note: connecting again: the stream ended"),
                    }
                    sleep(wait).await;
                    wait = (wait * 2).min(Duration::from_secs(10));
                }
            }
        }
    }

    async fn try_next(&mut self) -> Result<Option<Sse>, Box<dyn Error>> {
        let stream = match &mut self.stream {
            Some(stream) => stream,
            None => {
                let mut request = self.http.get(&self.url).header("accept", "text/event-stream");
                if let Some(id) = &self.last_id {
                    request = request.header("last-event-id", id);
                }
                let response = request.send().await?.error_for_status()?;
                self.stream.insert(SseStream::new(response.into()))
            }
        };
        Ok(stream.next().await.transpose()?)
    }
}
