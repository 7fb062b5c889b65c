//! When a request is sent again, and after how long.
//!
//! A repeat must be safe before it is useful. PUT and the other idempotent methods may be repeated
//! (RFC 9110, section 9.2.2); POST only where the request provably was not carried out (it
//! never left this machine, or was answered with 429), or where the caller says that a repeat does
//! no harm. Waits grow exponentially with full jitter, a `Retry-After` of the server comes first and
//! is never cut short, and no wait begins that ends past the deadline.

use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Method, StatusCode};

use crate::Clock;
use crate::response::Call;

/// How often and how patiently a request is tried.
///
/// Tried again are requests whose connection failed or timed out, and those that were answered with
/// 408, 429, 500, 502, 503 or 504. Where nothing left this machine, and on 429, that holds for every
/// method, otherwise for the idempotent ones. An answer has come with its head: one whose body breaks off is
/// not asked for again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Tries in all, the first one included. Default: 4.
    pub max_tries: u32,
    /// The upper bound of the first wait; it doubles with each further one. Default: 200 ms.
    pub first_wait: Duration,
    /// The upper bound of any wait that the server did not ask for. Default: 10 s.
    pub longest_wait: Duration,
    /// The longest `Retry-After` that is waited for; a longer one ends the tries, and the error
    /// tells it. Up to a quarter is waited on top, so that not all callers come back at once.
    /// Default: 30 s.
    pub longest_retry_after: Duration,
    /// From the start of the first try to the end of the last one. Default: 2 min.
    pub deadline: Duration,
    /// Whether POST and PATCH are repeated like PUT. Default: no, because the first one may have
    /// been carried out although its answer was lost.
    pub repeat_non_idempotent: bool,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_tries: 4,
            first_wait: Duration::from_millis(200),
            longest_wait: Duration::from_secs(10),
            longest_retry_after: Duration::from_secs(30),
            deadline: Duration::from_secs(120),
            repeat_non_idempotent: false,
        }
    }
}

impl RetryPolicy {
    /// One try, whatever comes of it; a token is still renewed once.
    #[must_use]
    pub fn never() -> Self {
        Self { max_tries: 1, ..Self::default() }
    }

    /// Whether sending a request of `method` twice can't do its work twice, whatever came of it.
    pub(crate) fn may_repeat(&self, method: &Method) -> bool {
        self.repeat_non_idempotent || method.is_idempotent()
    }

    /// How long to wait before the next try, or `None` to give up: after `tries` tries and
    /// `spent` time, where the server asked for `retry_after`.
    pub(crate) fn wait(
        &self,
        clock: &dyn Clock,
        tries: u32,
        spent: Duration,
        retry_after: Option<Duration>,
    ) -> Option<Duration> {
        if tries >= self.max_tries {
            return None;
        }
        let doubled = 2_u32.saturating_pow(tries.saturating_sub(1));
        let upper = self.first_wait.saturating_mul(doubled).min(self.longest_wait);
        let wait = match retry_after {
            Some(wait) if wait > self.longest_retry_after => return None,
            Some(wait) => wait.saturating_add(clock.jitter(upper.max(wait / 4))),
            None => clock.jitter(upper),
        };
        (spent.saturating_add(wait) < self.deadline).then_some(wait)
    }
}

/// Whether a status says that the same request may succeed later.
pub(crate) fn is_transient(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 429 | 500 | 502..=504)
}

/// Whether a request that was answered with `status` may succeed when it is sent again, and can't do
/// its work twice: 429 says that it was not carried out.
pub(crate) fn may_repeat(status: StatusCode, call: &Call) -> bool {
    is_transient(status) && (call.may_repeat || status == StatusCode::TOO_MANY_REQUESTS)
}

/// The wait that `Retry-After` asks for, in seconds or as an HTTP date (RFC 9110, section 10.2.3).
/// A date that is past asks for none; what is neither is ignored.
pub(crate) fn retry_after(
    headers: &HeaderMap,
    now: impl FnOnce() -> SystemTime,
) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than a number holds are a long wait, not none.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::time::UNIX_EPOCH;

    use super::*;

    /// Answers every question about chance with the longest wait.
    struct Unlucky;

    impl Clock for Unlucky {
        fn now(&self) -> SystemTime {
            UNIX_EPOCH
        }
        fn elapsed(&self) -> Duration {
            Duration::ZERO
        }
        fn sleep(&self, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
            Box::pin(std::future::ready(()))
        }
        fn jitter(&self, upper: Duration) -> Duration {
            upper
        }
    }

    fn wait(policy: &RetryPolicy, tries: u32, retry_after: Option<u64>) -> Option<Duration> {
        let asked = retry_after.map(Duration::from_secs);
        policy.wait(&Unlucky, tries, Duration::ZERO, asked)
    }

    #[test]
    fn waits_double_up_to_the_longest() {
        let policy = RetryPolicy { max_tries: u32::MAX, ..RetryPolicy::default() };
        let waits: Vec<_> = [1, 2, 3, 6, 7, 1_000_000]
            .map(|tries| wait(&policy, tries, None).unwrap().as_millis())
            .into();
        assert_eq!(waits, [200, 400, 800, 6_400, 10_000, 10_000]);
    }

    #[test]
    fn the_last_try_is_the_last() {
        assert!(wait(&RetryPolicy::default(), 3, None).is_some());
        assert_eq!(wait(&RetryPolicy::default(), 4, None), None);
        assert_eq!(wait(&RetryPolicy::never(), 1, None), None);
    }

    #[test]
    fn the_server_s_wait_comes_first_up_to_its_limit_and_is_spread_out() {
        let policy = RetryPolicy::default();
        assert_eq!(wait(&policy, 1, Some(0)), Some(Duration::from_millis(200)));
        assert_eq!(wait(&policy, 1, Some(30)), Some(Duration::from_millis(37_500)));
        assert_eq!(wait(&policy, 1, Some(31)), None);
        let any = RetryPolicy { longest_retry_after: Duration::MAX, ..policy };
        assert_eq!(wait(&any, 1, Some(u64::MAX)), None);
    }

    #[test]
    fn no_wait_ends_past_the_deadline() {
        let policy = RetryPolicy::default();
        let spent = policy.deadline - Duration::from_millis(200);
        assert_eq!(policy.wait(&Unlucky, 1, spent, None), None);
        let spent = spent - Duration::from_millis(1);
        assert!(policy.wait(&Unlucky, 1, spent, None).is_some());
    }

    #[test]
    fn only_idempotent_methods_repeat_unasked() {
        let policy = RetryPolicy::default();
        assert!(policy.may_repeat(&Method::PUT) && policy.may_repeat(&Method::DELETE));
        assert!(!policy.may_repeat(&Method::POST) && !policy.may_repeat(&Method::PATCH));
    }

    #[test]
    fn retry_after_is_read_in_both_forms() {
        let read = |text: &str| {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, text.parse().unwrap())]);
            retry_after(&headers, || UNIX_EPOCH + Duration::from_secs(784_111_767))
        };
        assert_eq!(read("120"), Some(Duration::from_secs(120)));
        assert_eq!(read("Sun, 06 Nov 1994 08:49:37 GMT"), Some(Duration::from_secs(10)));
        assert_eq!(read("Sun, 06 Nov 1994 08:49:00 GMT"), Some(Duration::ZERO));
        assert_eq!(read("99999999999999999999"), Some(Duration::from_secs(u64::MAX)));
        for neither in ["", "soon", "-1", "+1", "1.5"] {
            assert_eq!(read(neither), None, "{neither:?}");
        }
    }
}
