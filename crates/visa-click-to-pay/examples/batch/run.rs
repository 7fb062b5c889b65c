//! A run: passes over the input until nothing is open, nothing moves any more, or it is stopped.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::sync::watch;
use visa_click_to_pay::types::EnrollCustomerError;
use visa_click_to_pay::{ClickToPayError, Client, CorrelationId, Error, ErrorKind, KnownMessage};

use crate::common::{Organization, tell};
use crate::input::{self, Customer};
use crate::journal::{Entry, Journal, State};

/// How many requests are under way at once. Pismo publishes no rate limit; agree on one.
const AT_ONCE: usize = 16;

/// After so many failures in a row a pass ends early: the service is down, or wants fewer requests.
const FAILURES_IN_A_ROW: u32 = 10;

/// After so many passes in a row that settled nobody, the run ends.
const FRUITLESS_PASSES: u32 = 4;

/// The pause after a pass that settled somebody; it doubles with each one that did not.
const PAUSE: Duration = Duration::from_secs(1);

/// The longest pause that is waited for at the service's wish; a longer one ends the run.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

/// What came of one request.
enum Outcome {
    Settled(State),
    /// It will be refused again.
    Refused(String),
    /// It may get through later. The service may have said when.
    Open(String, Option<Duration>),
    /// No request will get through.
    Fatal(String),
}

pub(crate) struct Run {
    organization: Organization,
    /// The account of customers that name none.
    account: String,
    /// The clients of the accounts that were met: each holds its account's token.
    accounts: HashMap<String, Client>,
    input: PathBuf,
    customers: HashSet<i64>,
    journal: Journal,
    entries: HashMap<i64, Entry>,
    refused: HashSet<i64>,
}

/// How a pass ended.
struct Pass {
    settled: usize,
    /// The longest wait that the service asked for.
    asked: Duration,
    /// Whether another one is of no use.
    last: bool,
}

/// How many customers are how far, over all runs.
pub(crate) struct Totals {
    accepted: usize,
    enrolled_before: usize,
    pub(crate) refused: usize,
    pub(crate) open: usize,
}

impl Run {
    pub(crate) fn new(
        organization: Organization,
        account: String,
        input: PathBuf,
        customers: HashSet<i64>,
        journal: Journal,
        entries: HashMap<i64, Entry>,
    ) -> Self {
        let (accounts, refused) = (HashMap::new(), HashSet::new());
        Self { organization, account, accounts, input, customers, journal, entries, refused }
    }

    /// Sends what is open, as long as that is of use.
    pub(crate) async fn finish(&mut self, stop: &mut watch::Receiver<bool>) {
        let mut fruitless = 0;
        while self.totals().open > 0 {
            let pass = match self.pass(stop).await {
                Ok(pass) => pass,
                Err(error) => return eprintln!("error: INPUT can't be read: {error}"),
            };
            let open = self.totals().open;
            fruitless = if pass.settled > 0 { 0 } else { fruitless + 1 };
            if open == 0 || pass.last || fruitless == FRUITLESS_PASSES {
                return;
            }
            let pause = pass.asked.max(PAUSE * 2_u32.pow(fruitless));
            if pause > LONGEST_PAUSE {
                return eprintln!("the service asks to come back in {} s", pause.as_secs());
            }
            eprintln!("{open} open, next pass in {} s", pause.as_secs());
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                _ = stop.wait_for(|stop| *stop) => return,
            }
        }
    }

    /// Goes through the input once and sends what is open. Whatever ends it, what is under way is
    /// finished first.
    async fn pass(&mut self, stop: &mut watch::Receiver<bool>) -> io::Result<Pass> {
        let mut pass = Pass { settled: 0, asked: Duration::ZERO, last: false };
        let mut lines = input::read(&self.input)?;
        let mut seen = HashSet::new();
        let mut failures = 0;
        let mut under_way = FuturesUnordered::new();
        let changed = |number: usize, how: &dyn fmt::Display| {
            eprintln!("error: INPUT has changed since the start: line {number}: {how}");
        };
        loop {
            let stopped = *stop.borrow();
            pass.last |= stopped;
            while under_way.len() < AT_ONCE && !pass.last && failures < FAILURES_IN_A_ROW {
                match lines.next() {
                    // From here on it counts as open, for the next run.
                    Some((number, Ok(customer))) if self.customers.insert(customer.id) => {
                        changed(number, &"a new customer");
                        pass.last = true;
                    }
                    Some((_, Ok(customer))) => {
                        if self.is_open(customer.id) && seen.insert(customer.id) {
                            under_way.push(self.enroll(customer));
                        }
                    }
                    Some((number, Err(error))) => {
                        changed(number, &error);
                        pass.last = true;
                    }
                    None => break,
                }
            }
            let Some((id, correlation_id, outcome)) = under_way.next().await else {
                return Ok(pass);
            };
            failures = if matches!(outcome, Outcome::Open(..)) { failures + 1 } else { 0 };
            match outcome {
                Outcome::Settled(state) => {
                    pass.settled += 1;
                    self.entries.insert(id, Entry { correlation_id, state });
                }
                Outcome::Refused(why) => {
                    eprintln!("customer {id}: refused: {why}");
                    self.refused.insert(id);
                }
                Outcome::Open(why, asked) => {
                    eprintln!("customer {id}: open: {why}");
                    pass.asked = pass.asked.max(asked.unwrap_or_default());
                    self.entries.insert(id, Entry { correlation_id, state: State::Intended });
                }
                Outcome::Fatal(why) => {
                    eprintln!("error: customer {id}: {why}");
                    pass.last = true;
                }
            }
        }
    }

    fn is_open(&self, id: i64) -> bool {
        let state = self.entries.get(&id).map_or(State::Intended, |entry| entry.state);
        state == State::Intended && !self.refused.contains(&id)
    }

    /// Enrols a customer: writes down that it is about to, does, and writes down that it has.
    fn enroll(
        &mut self,
        customer: Customer,
    ) -> impl Future<Output = (i64, CorrelationId, Outcome)> + use<> {
        let Customer { id, account, enrolment } = customer;
        let known = self.entries.get(&id).map(|entry| entry.correlation_id.clone());
        let account = account.unwrap_or_else(|| self.account.clone());
        let new = || self.organization.account(&account);
        let account = self.accounts.entry(account.clone()).or_insert_with(new).clone();
        let journal = self.journal.clone();
        async move {
            let correlation_id = known.clone().unwrap_or_else(CorrelationId::random);
            let lost = |error| Outcome::Fatal(format!("the journal can't be written: {error}"));
            if known.is_none()
                && let Err(error) = journal.record(id, &correlation_id, State::Intended).await
            {
                return (id, correlation_id, lost(error));
            }
            let account = account.with_correlation_id(correlation_id.clone());
            let answer = account.enroll_customer().x_customer_id(id).body(enrolment).send().await;
            let outcome = match answer {
                Ok(_) => Outcome::Settled(State::Accepted),
                Err(error) => judge(&error),
            };
            if let Outcome::Settled(state) = outcome
                && let Err(error) = journal.record(id, &correlation_id, state).await
            {
                return (id, correlation_id, lost(error));
            }
            (id, correlation_id, outcome)
        }
    }

    pub(crate) fn totals(&self) -> Totals {
        let count = |state| self.entries.values().filter(|entry| entry.state == state).count();
        let (accepted, enrolled_before) = (count(State::Accepted), count(State::EnrolledBefore));
        let refused = self.refused.len();
        let open = self.customers.iter().filter(|id| self.is_open(**id)).count();
        Totals { accepted, enrolled_before, refused, open }
    }
}

/// What an error means to a batch. The client has already sent the request several times where
/// that could help, and has renewed the token.
fn judge(error: &Error<EnrollCustomerError>) -> Outcome {
    match (error.kind(), error.known_message(), error.bad_request()) {
        (_, Some(KnownMessage::CustomerAlreadyEnrolled), _) => {
            Outcome::Settled(State::EnrolledBefore)
        }
        (_, Some(KnownMessage::TenantNotEnabled), _) => Outcome::Fatal(tell(error)),
        (ErrorKind::Token, ..) if !error.is_transient() => Outcome::Fatal(tell(error)),
        (ErrorKind::InvalidRequest, ..) => Outcome::Refused(tell(error)),
        (_, _, Some(_)) => Outcome::Refused(tell(error)),
        // A token that is refused although it was renewed, a limit on the rate, a service or a
        // gateway that is down: all of it may pass, or else the passes without effect end the run.
        _ => Outcome::Open(tell(error), error.retry_after()),
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { accepted, enrolled_before, refused, open } = self;
        write!(f, "{accepted} accepted, {enrolled_before} enrolled before, ")?;
        write!(f, "{refused} refused, {open} open")
    }
}
