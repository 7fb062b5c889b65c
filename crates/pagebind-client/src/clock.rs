//! Time and chance, as a client needs them, behind one trait.
//!
//! Expiry, deadlines, waits and jitter all come from a [`Clock`], so that a test can run an hour
//! of retries at once and get the same waits each time.

use std::hash::{BuildHasher, RandomState};
use std::pin::Pin;
use std::sync::LazyLock;
use std::time::{Duration, Instant as StdInstant, SystemTime};

use tokio::time::Instant;

/// What a client takes from its surroundings: what time it is, and how to wait.
pub trait Clock: Send + Sync + 'static {
    /// The wall clock, against which a token's `exp` and an HTTP date are read.
    fn now(&self) -> SystemTime;

    /// Time since some fixed moment that never runs backwards; deadlines are measured with it.
    fn elapsed(&self) -> Duration;

    /// Completes after `duration`.
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;

    /// A random duration from zero to `upper`, both possible.
    fn jitter(&self, upper: Duration) -> Duration;
}

/// The clock of the machine, with the timers of tokio.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn elapsed(&self) -> Duration {
        static START: LazyLock<StdInstant> = LazyLock::new(StdInstant::now);
        // The clock that `sleep` waits by, so that both stand still where a test pauses it.
        Instant::now().saturating_duration_since(Instant::from_std(*START))
    }

    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(tokio::time::sleep(duration))
    }

    fn jitter(&self, upper: Duration) -> Duration {
        // By what the system seeds the hashers of maps with, which differ each time.
        let random = RandomState::new().hash_one(());
        upper.mul_f64(random as f64 / u64::MAX as f64)
    }
}
