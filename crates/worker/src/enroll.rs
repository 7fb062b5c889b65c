//! A worker: takes requests from their stream, so many at a time, and sends each on.
//!
//! It has as many lanes as requests may be in flight. A lane asks the broker for one message, works on
//! it, says what became of it, and asks for the next; so no message waits in a worker that is busy, and
//! one that dies holds up as many as it has lanes, until the broker hands them to others.

use std::collections::HashMap;
use std::error::Error;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use async_nats::jetstream::consumer::PullConsumer;
use async_nats::jetstream::{AckKind, Message};
use futures_util::StreamExt;
use serde_json::json;
use tokio::sync::watch;
use tokio::task::JoinSet;
use visa_click_to_pay::{CachingTokens, Client, CorrelationId, OAuth2};

use crate::broker::{Broker, BrokerError, DEAD, REQUESTS};
use crate::judge::{Verdict, judge, pause};
use crate::ledger::{Ledger, State};
use crate::request::Request;
use crate::settings;

/// How long a lane waits for a message before it asks again.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long a lane waits where the broker can't be asked.
const PAUSE: Duration = Duration::from_millis(500);

/// How long a request is tried: so long before its stream lets go of it that its dead letter can be read, and the
/// request behind it mended.
const TRIED: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// What the lanes of one worker share.
struct Worker {
    broker: Broker,
    consumer: PullConsumer,
    ledger: Ledger,
    client: Client,
    credentials: OAuth2,
    /// The client of each account, which holds its token.
    accounts: Mutex<HashMap<String, Client>>,
    /// Whether its credentials have got a token, for whatever account.
    admitted: AtomicBool,
    /// How often it says of a message that it is still at it.
    progress: Duration,
}

/// Works until it is asked to stop, or no message can succeed.
pub(crate) async fn run(
    broker: &Broker,
    interrupted: watch::Receiver<bool>,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let (client, credentials) = settings::organization()?;
    let worker = Arc::new(Worker {
        broker: Broker { jetstream: broker.jetstream.clone() },
        consumer: broker.consumer(REQUESTS, "workers").await?,
        ledger: Ledger::open(broker).await?,
        client,
        credentials,
        accounts: Mutex::default(),
        admitted: AtomicBool::new(false),
        progress: settings::ack_wait()? / 3,
    });
    let mut lanes = JoinSet::new();
    for _ in 0..settings::or("WORKER_IN_FLIGHT", 16)? {
        let (worker, mut interrupted) = (worker.clone(), interrupted.clone());
        lanes.spawn(async move { worker.lane(&mut interrupted).await });
    }
    while let Some(ended) = lanes.join_next().await {
        // What other lanes have under way comes again.
        ended??;
    }
    Ok(())
}

/// Whether a message has been tried for too long.
fn is_late(message: &Message) -> Result<bool, BrokerError> {
    let published = SystemTime::from(message.info()?.published);
    Ok(published.elapsed().is_ok_and(|age| age > TRIED))
}

impl Worker {
    /// Takes message after message; ends with the reason for which no further one can succeed.
    async fn lane(&self, interrupted: &mut watch::Receiver<bool>) -> Result<(), String> {
        loop {
            let next = tokio::select! {
                biased;
                _ = interrupted.wait_for(|interrupted| *interrupted) => return Ok(()),
                next = self.next() => next,
            };
            let done = match next {
                Ok(None) => continue,
                Ok(Some(message)) => self.work(&message).await,
                Err(error) => Err(error),
            };
            match done {
                Ok(None) => {}
                Ok(Some(why)) => return Err(why),
                // What was not acknowledged comes again, to whoever asks.
                Err(error) => {
                    eprintln!("the broker can't be asked: {}", settings::tell(&*error));
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    async fn next(&self) -> Result<Option<Message>, BrokerError> {
        let mut batch = self.consumer.fetch().max_messages(1).expires(PATIENCE).messages().await?;
        batch.next().await.transpose()
    }

    /// Carries a message out and says so; gives the reason for which none can succeed.
    async fn work(&self, message: &Message) -> Result<Option<String>, BrokerError> {
        let (request, id) = match Request::read(&message.payload) {
            Ok(read) => read,
            Err(error) => {
                self.bury(message, None, &error.to_string()).await?;
                return Ok(None);
            }
        };
        let customer = request.customer;
        if self.ledger.begin(id.as_str(), customer).await?.is_done() {
            // The acknowledgement was lost.
            message.double_ack().await?;
            return Ok(None);
        }
        let verdict = {
            let mut sent = std::pin::pin!(self.send(request, &id));
            loop {
                tokio::select! {
                    verdict = &mut sent => break verdict,
                    () = tokio::time::sleep(self.progress) => {
                        // If that does not get through, somebody else is handed the message too, and
                        // the API refuses the second of two enrolments.
                        let _ = message.ack_with(AckKind::Progress).await;
                    }
                }
            }
        };
        match verdict {
            Verdict::Accepted => self.settle(message, &id, State::Accepted).await?,
            Verdict::EnrolledBefore => self.settle(message, &id, State::EnrolledBefore).await?,
            Verdict::Dead(why) => self.bury(message, Some(&id), &why).await?,
            Verdict::Later(why, _) if is_late(message)? => {
                self.bury(message, Some(&id), &format!("it was tried for days: {why}")).await?;
            }
            Verdict::Later(why, asked) => {
                let deliveries = message.info().map_or(1, |info| info.delivered);
                let pause = pause(deliveries, asked);
                eprintln!("customer {customer}, again in {pause:.1?}: {why}");
                message.ack_with(AckKind::Nak(Some(pause))).await?;
            }
            Verdict::Stop(why) => {
                message.ack_with(AckKind::Nak(Some(PATIENCE))).await?;
                return Ok(Some(why));
            }
        }
        Ok(None)
    }

    async fn send(&self, request: Request, id: &CorrelationId) -> Verdict {
        let account = self.account(&request.account).with_correlation_id(id.clone());
        let call = account.enroll_customer().x_customer_id(request.customer);
        let answer = call.body(request.enrolment).send().await;
        let had_token = answer.as_ref().map_or_else(|error| error.status().is_some(), |_| true);
        self.admitted.fetch_or(had_token, Ordering::Relaxed);
        match answer {
            Ok(_) => Verdict::Accepted,
            Err(error) => judge(&error, self.admitted.load(Ordering::Relaxed)),
        }
    }

    async fn settle(
        &self,
        message: &Message,
        id: &CorrelationId,
        state: State,
    ) -> Result<(), BrokerError> {
        self.ledger.note(id.as_str(), state).await?;
        // Twice, so that the broker has it before the next message is taken.
        message.double_ack().await
    }

    /// Puts a message among the dead letters, which say where in its stream it lies, and acknowledges
    /// it.
    async fn bury(
        &self,
        message: &Message,
        id: Option<&CorrelationId>,
        why: &str,
    ) -> Result<(), BrokerError> {
        let sequence = message.info()?.stream_sequence;
        let letter = json!({
            "stream": REQUESTS.0,
            "sequence": sequence,
            "correlation_id": id.map(CorrelationId::as_str),
            "reason": why,
        });
        self.broker.publish(DEAD, &format!("{}-{sequence}", REQUESTS.0), &letter).await?;
        match id {
            Some(id) => self.settle(message, id, State::Dead).await,
            None => message.double_ack().await,
        }
    }

    fn account(&self, account: &str) -> Client {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || {
            let tokens = CachingTokens::new(self.credentials.account(account));
            self.client.with_token(tokens)
        };
        accounts.entry(account.to_owned()).or_insert_with(new).clone()
    }
}
