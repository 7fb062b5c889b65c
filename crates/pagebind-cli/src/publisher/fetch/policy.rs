//! How much is asked of a publisher, and how long to wait for it.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    time::{Duration, Instant, SystemTime},
};

/// The limits of fetching.
#[derive(Debug)]
pub(crate) struct Policy {
    /// From one request to a host to the next one. Default: 1 s.
    pub(crate) interval: Duration,
    /// How many requests are on their way at a time, over all hosts. Default: 4.
    pub(crate) at_once: usize,
    /// How often a page is tried before it counts as unreachable. Default: 3.
    pub(crate) tries: u32,
    /// The pause after the first try, doubled after each further one. Default: 1 s.
    pub(crate) first_backoff: Duration,
    /// The longest pause that a `Retry-After` is granted. Default: 2 min.
    pub(crate) longest_retry_after: Duration,
    /// From the start of one request to the last byte of its answer. Default: 30 s.
    pub(crate) timeout: Duration,
    /// The size of a page after decompression, in bytes. Default: 16 MiB.
    pub(crate) size: usize,
    /// How many redirects are followed to a page. Default: 5.
    pub(crate) redirects: usize,
    /// The clock that pauses are measured with. Default: the machine's.
    pub(crate) clock: Box<dyn Clock>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            interval: Duration::from_secs(1),
            at_once: 4,
            tries: 3,
            first_backoff: Duration::from_secs(1),
            longest_retry_after: Duration::from_secs(120),
            timeout: Duration::from_secs(30),
            size: 16 << 20,
            redirects: 5,
            clock: Box::new(MachineClock),
        }
    }
}

impl Policy {
    /// The pause after `tried` tries in vain.
    pub(super) fn backoff(&self, tried: u32) -> Duration {
        self.first_backoff.saturating_mul(2_u32.saturating_pow(tried.saturating_sub(1)))
    }
}

/// The time, and waiting for it to pass.
pub(crate) trait Clock: fmt::Debug {
    /// The time to measure pauses with.
    fn now(&self) -> Instant;
    /// The time of day, which a `Retry-After` may give.
    fn date(&self) -> SystemTime;
    /// Waits.
    fn sleep(&self, pause: Duration) -> Pin<Box<dyn Future<Output = ()> + '_>>;
}

/// The clock of this machine.
#[derive(Debug)]
struct MachineClock;

impl Clock for MachineClock {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn date(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep(&self, pause: Duration) -> Pin<Box<dyn Future<Output = ()> + '_>> {
        Box::pin(tokio::time::sleep(pause))
    }
}
