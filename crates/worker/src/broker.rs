//! The broker: which streams there are, and what they keep.
//!
//! | stream | subject | holds |
//! |---|---|---|
//! | `ENROLMENTS` | `enrolments.requests` | requests, also once they are done: a dead letter refers to its request |
//! | `ENROLMENTS_DEAD` | `enrolments.dead` | what can't be carried out, with the reason and without personal data |
//! | `EVENTS` | `events.click-to-pay` | what tells the outcomes, as Pismo's queue delivers it |
//!
//! All of it is on disk before the broker says that it has it.

use std::time::Duration;

use async_nats::jetstream::consumer::{AckPolicy, PullConsumer, pull};
use async_nats::jetstream::stream::{Config, StorageType};
use async_nats::jetstream::{self, Context};
use async_nats::{ConnectOptions, HeaderMap};
use serde::Serialize;

use crate::ledger;
use crate::settings;

pub(crate) const REQUESTS: (&str, &str) = ("ENROLMENTS", "enrolments.requests");
pub(crate) const DEAD: (&str, &str) = ("ENROLMENTS_DEAD", "enrolments.dead");
pub(crate) const EVENTS: (&str, &str) = ("EVENTS", "events.click-to-pay");

/// How long the broker keeps what is done. Requests hold personal data: no longer than needed.
const KEPT: Duration = Duration::from_secs(14 * 24 * 60 * 60);

/// Within this time a message that is published twice under one id is one message.
const DUPLICATES: Duration = Duration::from_secs(2 * 60 * 60);

/// What the broker refused, or could not be asked.
pub(crate) type BrokerError = async_nats::Error;

/// A connection, which is made again whenever it breaks.
pub(crate) struct Broker {
    pub(crate) jetstream: Context,
}

impl Broker {
    /// Connects to `NATS_URL`, and waits for a broker that is not there yet.
    pub(crate) async fn connect() -> Result<Self, BrokerError> {
        let options = ConnectOptions::new().name("worker").retry_on_initial_connect();
        let client = options.connect(settings::variable("NATS_URL")?).await?;
        Ok(Self { jetstream: jetstream::new(client) })
    }

    /// Makes the streams, the consumers and the ledger; those that are there stay.
    pub(crate) async fn set_up(&self) -> Result<(), BrokerError> {
        for (name, subject) in [REQUESTS, DEAD, EVENTS] {
            let config = Config {
                name: name.to_owned(),
                subjects: vec![subject.to_owned()],
                storage: StorageType::File,
                max_age: KEPT,
                duplicate_window: DUPLICATES,
                ..Config::default()
            };
            self.jetstream.get_or_create_stream(config).await?;
        }
        ledger::set_up(&self.jetstream, KEPT).await?;
        self.consumer(REQUESTS, "workers").await?;
        self.consumer(EVENTS, "matchers").await?;
        Ok(())
    }

    /// What hands the messages of a stream out, each to one of those who ask, until it is acknowledged.
    pub(crate) async fn consumer(
        &self,
        (stream, _): (&str, &str),
        name: &str,
    ) -> Result<PullConsumer, BrokerError> {
        let stream = self.jetstream.get_stream(stream).await?;
        let config = pull::Config {
            durable_name: Some(name.to_owned()),
            ack_policy: AckPolicy::Explicit,
            ack_wait: settings::ack_wait()?,
            // Who gives up on a message is the worker, with a reason, and not the broker.
            max_deliver: -1,
            ..pull::Config::default()
        };
        Ok(stream.get_or_create_consumer(name, config).await?)
    }

    /// Publishes a message, and returns when it is on disk. One that is published again under the
    /// same id is not there twice.
    pub(crate) async fn publish(
        &self,
        (_, subject): (&'static str, &'static str),
        id: &str,
        message: &impl Serialize,
    ) -> Result<(), BrokerError> {
        let mut headers = HeaderMap::new();
        headers.insert("Nats-Msg-Id", id);
        let message = serde_json::to_vec(message)?;
        let sent = self.jetstream.publish_with_headers(subject, headers, message.into());
        sent.await?.await?;
        Ok(())
    }
}
