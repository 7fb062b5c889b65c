//! What tells the outcome of accepted requests: the events, and who listens to them.
//!
//! Events are kept in the order in which they happened. A listener that comes late reads them all,
//! and one that comes back goes on where it left off, so that nobody has to be there in time.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{self, Sse};
use futures_util::Stream;
use futures_util::stream;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::watch;
use uuid::Uuid;

/// How many events are kept; older ones are forgotten.
const KEPT: usize = 100_000;

/// Where events come together.
#[derive(Debug)]
pub(crate) struct Events(watch::Sender<Log>);

#[derive(Debug, Default)]
struct Log {
    /// How many events came before those that are kept.
    forgotten: u64,
    kept: VecDeque<Arc<str>>,
}

/// What the published envelope holds of one event.
pub(crate) struct Outcome<'a> {
    pub(crate) tenant: &'a str,
    pub(crate) correlation_id: &'a str,
    /// Not published, so it is the sandbox's own.
    pub(crate) data: Value,
}

impl Events {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(Log::default()))
    }

    /// Delivers one event so many times, in the envelope of Pismo's events guide ("Event data:
    /// common fields").
    pub(crate) fn publish(&self, outcome: Outcome<'_>, times: usize) {
        let event: Arc<str> = json!({
            "event_id": Uuid::new_v4().to_string(),
            "domain": "cards-tokenization",
            "event_type": "click-to-pay-1",
            "schema_version": 1,
            "org_id": outcome.tenant,
            "cid": outcome.correlation_id,
            "timestamp": Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string(),
            "data": outcome.data,
        })
        .to_string()
        .into();
        self.0.send_modify(|log| {
            for _ in 0..times {
                log.kept.push_back(Arc::clone(&event));
                if log.kept.len() > KEPT {
                    log.kept.pop_front();
                    log.forgotten += 1;
                }
            }
        });
    }

    /// The events from number `first` on, which counts from 0.
    pub(crate) fn from(&self, first: u64) -> EventStream {
        EventStream { next: first, log: self.0.subscribe() }
    }
}

/// The events of a sandbox, from its first one on, or from the oldest that is kept.
pub struct EventStream {
    next: u64,
    log: watch::Receiver<Log>,
}

impl EventStream {
    /// Waits for the next event: the JSON text that a queue would deliver, for
    /// `visa_click_to_pay::Event::from_json`. `None` once the sandbox has stopped and all are read.
    pub async fn next(&mut self) -> Option<Arc<str>> {
        self.numbered().await.map(|(_, event)| event)
    }

    async fn numbered(&mut self) -> Option<(u64, Arc<str>)> {
        loop {
            {
                let log = self.log.borrow_and_update();
                let number = self.next.max(log.forgotten);
                let index = usize::try_from(number - log.forgotten).unwrap_or(usize::MAX);
                if let Some(event) = log.kept.get(index) {
                    self.next = number + 1;
                    return Some((number, Arc::clone(event)));
                }
            }
            self.log.changed().await.ok()?;
        }
    }
}

impl fmt::Debug for EventStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventStream").field("next", &self.next).finish_non_exhaustive()
    }
}

/// The events as server-sent events (WHATWG HTML, section 9.2): those after `Last-Event-ID`, or all
/// where there is none.
pub(crate) async fn listen(
    State(events): State<Arc<Events>>,
    headers: HeaderMap,
) -> Sse<impl Stream<Item = Result<sse::Event, Infallible>>> {
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse::<u64>().ok());
    let events = events.from(last.map_or(0, |last| last.saturating_add(1)));
    let stream = stream::unfold(events, async |mut events| {
        let (number, event) = events.numbered().await?;
        let event = sse::Event::default().id(number.to_string()).data(&*event);
        Some((Ok(event), events))
    });
    Sse::new(stream)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn publish(events: &Events, name: &str, times: usize) {
        let outcome = Outcome { tenant: "TN-1", correlation_id: name, data: Value::Null };
        events.publish(outcome, times);
    }

    async fn cid(stream: &mut EventStream) -> String {
        let event: Value = serde_json::from_str(&stream.next().await.unwrap()).unwrap();
        event["cid"].as_str().unwrap().to_owned()
    }

    #[tokio::test]
    async fn who_comes_late_reads_all_and_who_comes_back_the_rest() {
        let events = Events::new();
        publish(&events, "a", 1);
        publish(&events, "b", 1);
        let mut late = events.from(0);
        assert_eq!([cid(&mut late).await, cid(&mut late).await], ["a", "b"]);
        publish(&events, "c", 1);
        let mut back = events.from(1);
        assert_eq!([cid(&mut back).await, cid(&mut back).await], ["b", "c"]);
        drop(events);
        assert_eq!(cid(&mut late).await, "c");
        assert_eq!(late.next().await, None);
    }

    #[tokio::test]
    async fn a_repeated_event_has_one_event_id() {
        let events = Events::new();
        publish(&events, "a", 2);
        let mut stream = events.from(0);
        assert_eq!(stream.next().await, stream.next().await);
    }

    #[tokio::test]
    async fn the_oldest_events_are_forgotten_first() {
        let events = Events::new();
        publish(&events, "old", 3);
        publish(&events, "new", KEPT);
        assert_eq!(cid(&mut events.from(0)).await, "new");
        assert_eq!(events.from(0).numbered().await.unwrap().0, 3);
    }
}
