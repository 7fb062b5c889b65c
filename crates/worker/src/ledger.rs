//! What is known of each request, by its correlation id: one entry, changed by who knows its revision.
//!
//! A worker makes the entry before it sends the request, so that an event, which may overtake the answer,
//! always finds it. The `event_id` of the event that told the outcome is part of the entry: an event that
//! is delivered again changes nothing, whoever it is delivered to, and however much later.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use async_nats::jetstream::Context;
use async_nats::jetstream::kv::{CreateErrorKind, Store, UpdateErrorKind};
use async_nats::jetstream::stream::{Config, DiscardPolicy, StorageType};
use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};

use crate::broker::{Broker, BrokerError};

/// The bucket of the entries.
const BUCKET: &str = "enrolments";

/// The key of a request's entry. A correlation id may hold any visible character, and that of an event may be
/// any text at all; a key may not.
fn key(id: &str) -> String {
    id.bytes().fold("id-".to_owned(), |key, byte| key + &format!("{byte:02x}"))
}

/// How far a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    /// It may have been sent, and is sent again under the same correlation id.
    Sent,
    /// Its event tells the outcome.
    Accepted,
    /// The customer was enrolled; if by an earlier delivery of the request, its event tells.
    EnrolledBefore,
    /// It can't be carried out; the dead letters say why.
    Dead,
    /// Its event told of success.
    Enrolled,
    /// Its event told of a failure.
    Failed,
}

impl State {
    /// Whether a worker has nothing left to do for it.
    pub(crate) fn is_done(self) -> bool {
        self != Self::Sent
    }

    /// Whether its event has come.
    fn is_settled(self) -> bool {
        matches!(self, Self::Enrolled | Self::Failed)
    }
}

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) customer: i64,
    pub(crate) state: State,
    /// The event that told the outcome.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) event_id: Option<String>,
}

/// What came of telling the ledger of an event.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// The first event of its request.
    Noted,
    /// It was told before.
    Before,
    /// The request is none of ours.
    Unknown,
}

/// The entries.
#[derive(Clone)]
pub(crate) struct Ledger(Store);

/// Makes the bucket as what it is, a stream (NATS ADR-8): `create_key_value` asks about the account first,
/// and does not understand what a broker before 2.10 answers.
pub(crate) async fn set_up(jetstream: &Context, kept: Duration) -> Result<(), BrokerError> {
    let config = Config {
        name: format!("KV_{BUCKET}"),
        subjects: vec![format!("$KV.{BUCKET}.>")],
        max_messages_per_subject: 1,
        max_age: kept,
        storage: StorageType::File,
        discard: DiscardPolicy::New,
        allow_rollup: true,
        allow_direct: true,
        deny_delete: true,
        ..Config::default()
    };
    jetstream.get_or_create_stream(config).await?;
    Ok(())
}

impl Ledger {
    pub(crate) async fn open(broker: &Broker) -> Result<Self, BrokerError> {
        Ok(Self(broker.jetstream.get_key_value(BUCKET).await?))
    }

    /// Notes that a request is about to be sent; gives how far it is already.
    pub(crate) async fn begin(&self, id: &str, customer: i64) -> Result<State, BrokerError> {
        let entry = Entry { customer, state: State::Sent, event_id: None };
        match self.0.create(key(id), serde_json::to_vec(&entry)?.into()).await {
            Ok(_) => Ok(State::Sent),
            Err(error) if error.kind() == CreateErrorKind::AlreadyExists => {
                Ok(self.read(&key(id)).await?.map_or(State::Sent, |(entry, _)| entry.state))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Notes what a worker knows of a request, unless its event has told more.
    pub(crate) async fn note(&self, id: &str, state: State) -> Result<(), BrokerError> {
        self.change(id, |entry| (!entry.state.is_settled()).then(|| entry.state = state)).await?;
        Ok(())
    }

    /// Notes the outcome that an event tells.
    pub(crate) async fn tell(
        &self,
        id: &str,
        event_id: &str,
        state: State,
    ) -> Result<Told, BrokerError> {
        let first = |entry: &mut Entry| {
            entry.event_id.is_none().then(|| {
                entry.event_id = Some(event_id.to_owned());
                entry.state = state;
            })
        };
        Ok(match self.change(id, first).await? {
            Some(true) => Told::Noted,
            Some(false) => Told::Before,
            None => Told::Unknown,
        })
    }

    /// Changes an entry, again if somebody else was quicker. Gives whether there was something to
    /// change; nothing where there is no entry.
    async fn change(
        &self,
        id: &str,
        change: impl Fn(&mut Entry) -> Option<()>,
    ) -> Result<Option<bool>, BrokerError> {
        let key = key(id);
        loop {
            let Some((mut entry, revision)) = self.read(&key).await? else { return Ok(None) };
            if change(&mut entry).is_none() {
                return Ok(Some(false));
            }
            match self.0.update(&key, serde_json::to_vec(&entry)?.into(), revision).await {
                Ok(_) => return Ok(Some(true)),
                Err(error) if error.kind() == UpdateErrorKind::WrongLastRevision => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    async fn read(&self, key: &str) -> Result<Option<(Entry, u64)>, BrokerError> {
        match self.0.entry(key).await? {
            Some(found) => Ok(Some((serde_json::from_slice(&found.value)?, found.revision))),
            None => Ok(None),
        }
    }

    /// How many requests are how far.
    pub(crate) async fn report(&self) -> Result<Report, BrokerError> {
        let mut report = Report::default();
        let mut keys = self.0.keys().await?;
        while let Some(key) = keys.try_next().await? {
            if let Some((entry, _)) = self.read(&key).await? {
                *report.0.entry(entry.state).or_default() += 1;
            }
        }
        Ok(report)
    }
}

/// How many requests are how far.
#[derive(Default)]
pub(crate) struct Report(BTreeMap<State, usize>);

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |state| self.0.get(&state).copied().unwrap_or_default();
        write!(
            f,
            "{} sent, {} accepted, {} enrolled before, {} dead, {} enrolled, {} failed",
            count(State::Sent),
            count(State::Accepted),
            count(State::EnrolledBefore),
            count(State::Dead),
            count(State::Enrolled),
            count(State::Failed),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_id_has_a_key_of_its_own() {
        let ids =
            ["", "order:42", ".a.", "a b", "é", "id-", "7c9e6679-7425-40de-944b-e07fc1f90ae7"];
        let keys: std::collections::BTreeSet<_> = ids.into_iter().map(key).collect();
        assert_eq!(keys.len(), ids.len());
        let allowed = |c: char| c == '-' || c.is_ascii_alphanumeric();
        assert!(keys.iter().all(|key| key.chars().all(allowed)), "{keys:?}");
    }
}
