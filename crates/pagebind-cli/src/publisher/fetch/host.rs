//! The pace at which each host is asked: one request after the other, with a pause between them,
//! and none before a rest is over that the host asked for.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    net::IpAddr,
    rc::Rc,
    time::{Duration, Instant},
};

use reqwest::Url;
use tokio::sync::{Mutex, Semaphore, SemaphorePermit};

use super::policy::Policy;

/// All hosts, and how many requests may be on their way to them.
#[derive(Debug)]
pub(super) struct Hosts {
    hosts: RefCell<HashMap<String, Rc<Host>>>,
    at_once: Semaphore,
}

#[derive(Debug, Default)]
struct Host {
    /// Held by the request that is next; the others stand in line for it.
    line: Mutex<()>,
    /// No request before this.
    free: Cell<Option<Instant>>,
}

impl Host {
    fn not_before(&self, time: Instant) {
        self.free.set(self.free.get().max(Some(time)));
    }
}

impl Hosts {
    pub(super) fn new(at_once: usize) -> Self {
        Self { hosts: RefCell::default(), at_once: Semaphore::new(at_once) }
    }

    /// Waits until the host of `url` may be asked; the request is over when the permit is dropped.
    ///
    /// Only the first in the line of a host waits for a permit, so that a host with many pages
    /// does not hold up the others.
    pub(super) async fn turn(&self, url: &Url, policy: &Policy) -> SemaphorePermit<'_> {
        let host = self.host(url);
        let _first = host.line.lock().await;
        let permit = loop {
            // A rest may be asked for while this one waits.
            while let Some(pause) = host.free.get().and_then(|free| pause_until(free, policy)) {
                policy.clock.sleep(pause).await;
            }
            let permit = self.at_once.acquire().await.expect("the semaphore is never closed");
            if host.free.get().is_none_or(|free| pause_until(free, policy).is_none()) {
                break permit;
            }
        };
        host.not_before(policy.clock.now() + policy.interval);
        permit
    }

    /// No request to the host of `url` for the length of `pause`.
    pub(super) fn rest(&self, url: &Url, pause: Duration, policy: &Policy) {
        self.host(url).not_before(policy.clock.now() + pause);
    }

    fn host(&self, url: &Url) -> Rc<Host> {
        self.hosts.borrow_mut().entry(url.authority().to_owned()).or_default().clone()
    }
}

fn pause_until(time: Instant, policy: &Policy) -> Option<Duration> {
    let pause = time.saturating_duration_since(policy.clock.now());
    (!pause.is_zero()).then_some(pause)
}

/// Whether `url` names this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::{super::tests::Record, *};

    const SECOND: Duration = Duration::from_secs(1);

    fn policy(record: &Record) -> Policy {
        Policy { clock: Box::new(record.clone()), ..Policy::default() }
    }

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn a_host_is_asked_once_a_second_and_another_one_at_once() {
        let record = Record::new();
        let policy = policy(&record);
        let hosts = Hosts::new(4);
        let turn = |text| hosts.turn(&url(text), &policy).now_or_never().unwrap();
        let _permits = [turn("https://a.example/1"), turn("https://b.example/1")];
        assert_eq!(record.pauses(), []);
        let _permits = [turn("https://a.example/2"), turn("https://a.example/3")];
        assert_eq!(record.pauses(), [SECOND, SECOND]);
    }

    #[test]
    fn no_more_requests_are_on_their_way_than_the_policy_says() {
        let record = Record::new();
        let policy = policy(&record);
        let hosts = Hosts::new(2);
        let url = url("https://a.example/1");
        let turn = || hosts.turn(&url, &policy).now_or_never();
        let first = turn().unwrap();
        let _second = turn().unwrap();
        assert!(turn().is_none());
        drop(first);
        assert!(turn().is_some());
    }

    #[test]
    fn a_rest_is_for_the_whole_host_and_never_makes_it_busier() {
        let record = Record::new();
        let policy = policy(&record);
        let hosts = Hosts::new(4);
        let page = url("https://a.example/1");
        drop(hosts.turn(&page, &policy).now_or_never().unwrap());
        hosts.rest(&page, 7 * SECOND, &policy);
        hosts.rest(&page, Duration::ZERO, &policy);
        drop(hosts.turn(&url("https://a.example/2"), &policy).now_or_never().unwrap());
        assert_eq!(record.pauses(), [7 * SECOND]);
    }

    #[test]
    fn loopback_is_known_by_name_and_address() {
        for text in ["http://localhost/", "http://127.0.0.2:8080/", "https://[::1]/"] {
            assert!(is_loopback(&url(text)), "{text}");
        }
        assert!(!is_loopback(&url("https://localhost.example/")));
    }
}
