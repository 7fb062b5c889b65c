//! The second consumer: matches events to the requests whose outcome they tell.

use std::error::Error;
use std::time::Duration;

use async_nats::jetstream::Message;
use async_nats::jetstream::consumer::PullConsumer;
use futures_util::StreamExt;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::watch;
use visa_click_to_pay::Event;

use crate::broker::{Broker, BrokerError, DEAD, EVENTS};
use crate::ledger::{Ledger, State, Told};
use crate::settings;

/// How long to wait where the broker can't be asked.
const PAUSE: Duration = Duration::from_millis(500);

/// What tells success from failure. It is not published: this is the sandbox's; put here the shape
/// that your organization agreed with Pismo.
#[derive(Deserialize)]
struct Data {
    status: String,
}

/// Works until it is asked to stop.
pub(crate) async fn run(
    broker: &Broker,
    mut interrupted: watch::Receiver<bool>,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let consumer = broker.consumer(EVENTS, "matchers").await?;
    let ledger = Ledger::open(broker).await?;
    loop {
        let done = tokio::select! {
            biased;
            _ = interrupted.wait_for(|interrupted| *interrupted) => return Ok(()),
            done = batch(broker, &consumer, &ledger) => done,
        };
        if let Err(error) = done {
            // What was not acknowledged comes again.
            eprintln!("the broker can't be asked: {}", settings::tell(&*error));
            tokio::time::sleep(PAUSE).await;
        }
    }
}

async fn batch(
    broker: &Broker,
    consumer: &PullConsumer,
    ledger: &Ledger,
) -> Result<(), BrokerError> {
    let fetch = consumer.fetch().max_messages(100).expires(Duration::from_secs(5));
    let mut messages = fetch.messages().await?;
    while let Some(message) = messages.next().await {
        note(broker, ledger, &message?).await?;
    }
    Ok(())
}

async fn note(broker: &Broker, ledger: &Ledger, message: &Message) -> Result<(), BrokerError> {
    match Event::<Data>::from_json(&message.payload) {
        Ok(event) => {
            let succeeded = event.data.status == "SUCCESS";
            let state = if succeeded { State::Enrolled } else { State::Failed };
            let event_id = event.event_id.to_string();
            if ledger.tell(&event.cid, &event_id, state).await? == Told::Unknown {
                eprintln!("event {event_id} tells of a request that is none of ours");
            }
        }
        Err(error) => {
            let sequence = message.info()?.stream_sequence;
            let letter = json!({
                "stream": EVENTS.0,
                "sequence": sequence,
                "correlation_id": null,
                "reason": error.to_string(),
            });
            broker.publish(DEAD, &format!("{}-{sequence}", EVENTS.0), &letter).await?;
        }
    }
    message.double_ack().await
}
