//! What a cache knows: the token at hand, how the last fetch failed, and the fetch under way.

use std::time::{Duration, SystemTime};

use super::fetch::{Fetch, Watched};
use crate::{Clock, Token, TokenError};

/// The first and the longest pause after a failure that may be gone at the next try.
const TRANSIENT: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(30));

/// The same after a refusal, which asking again makes no better: it may lock the account.
const REFUSED: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(300));

#[derive(Default)]
pub(super) struct State {
    token: Option<Token>,
    /// What is known of how long it is good; none if that is until it is refused.
    life: Option<Life>,
    refusal: Option<Refusal>,
    /// How many fetches have failed in a row.
    failures: u32,
    pub(super) fetch: Option<Fetch>,
}

struct Life {
    refresh: Moment,
    end: Moment,
}

struct Refusal {
    error: TokenError,
    until: Moment,
}

/// A moment on both clocks. It has come when either says so: the wall clock passes over the time
/// that a machine sleeps, and the other one is not set.
#[derive(Clone, Copy)]
pub(super) struct Moment {
    pub(super) wall: SystemTime,
    pub(super) elapsed: Duration,
}

impl Moment {
    fn has_come(self, now: Self) -> bool {
        self.wall <= now.wall || self.elapsed <= now.elapsed
    }

    fn after(self, duration: Duration) -> Option<Self> {
        let (wall, elapsed) =
            (self.wall.checked_add(duration)?, self.elapsed.checked_add(duration)?);
        Some(Self { wall, elapsed })
    }
}

impl Life {
    /// Of a token that came at `now` and is to be refreshed `ahead` of its end, or half way where
    /// it lives too shortly for that.
    #[inline]
    fn new(token: &Token, now: Moment, ahead: Duration) -> Option<Self> {
        let left = token.expires()?.duration_since(now.wall).ok().filter(|left| !left.is_zero())?;
        Some(Self { refresh: now.after(left - ahead.min(left / 2))?, end: now.after(left)? })
    }
}

impl State {
    /// The token, if it is good at `now`.
    #[inline]
    pub(super) fn good(&self, now: Moment) -> Option<Token> {
        let expired = self.life.as_ref().is_some_and(|life| life.end.has_come(now));
        self.token.clone().filter(|_| !expired)
    }

    /// Whether the token that is still good is to be refreshed by now.
    pub(super) fn is_due(&self, now: Moment) -> bool {
        self.life.as_ref().is_some_and(|life| life.refresh.has_come(now))
            && self.refusal(now).is_none()
    }

    /// How the last fetch failed, until the source is asked again.
    #[inline]
    pub(super) fn refusal(&self, now: Moment) -> Option<TokenError> {
        let refusal = self.refusal.as_ref().filter(|refusal| !refusal.until.has_come(now))?;
        let left = refusal.until.elapsed.saturating_sub(now.elapsed);
        Some(refusal.error.clone().with_retry_after(left))
    }

    /// The fetch that callers may wait for.
    pub(super) fn under_way(&self) -> Option<&Fetch> {
        self.fetch.as_ref().filter(|fetch| !fetch.is_lost())
    }

    /// Lets the next caller begin another fetch, if this one is still the one to wait for.
    pub(super) fn forget(&mut self, lost: &Watched) {
        self.fetch.take_if(|fetch| fetch.is(lost));
    }

    #[inline]
    pub(super) fn succeed(&mut self, token: Option<Token>, now: Moment, ahead: Duration) {
        self.refusal = None;
        self.failures = 0;
        if let Some(token) = token {
            self.life = Life::new(&token, now, ahead);
            self.token = Some(token);
        }
    }

    /// Remembers `error`; gives it with the pause in it, where the server asked for none.
    #[inline]
    pub(super) fn fail(&mut self, error: TokenError, now: Moment, clock: &dyn Clock) -> TokenError {
        let (first, longest) = if error.is_transient() { TRANSIENT } else { REFUSED };
        let doubled = first.saturating_mul(2_u32.saturating_pow(self.failures)).min(longest);
        let pause = doubled / 2 + clock.jitter(doubled / 2);
        let asked = error.retry_after().unwrap_or_default().min(REFUSED.1);
        let pause = pause.max(asked);
        self.failures = self.failures.saturating_add(1);
        let told = match error.retry_after() {
            Some(_) => error.clone(),
            None => error.clone().with_retry_after(pause),
        };
        self.refusal = now.after(pause).map(|until| Refusal { error, until });
        told
    }
}
