//! A token source that fetches once for all callers.
//!
//! A fetch belongs to the cache and runs in a task of its own: callers only watch what comes of it.
//! Whoever gives up changes nothing for the others, nobody waits for a future that is not polled,
//! and no lock is held while anything is awaited. Who has a good token never waits: it is refreshed
//! behind his back. What the source answers is remembered, a refusal too, so that a wrong password
//! is not asked about by each request.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;

use crate::{Clock, SystemClock, Token, TokenError, TokenSource};

use fetch::{Fetch, Watched};
use state::{Moment, State};

mod fetch;
mod state;

/// How often a caller begins anew after a runtime took the fetch with it that he waited for.
const LOST_FETCHES: u32 = 3;

/// Keeps the token of another source until shortly before it expires, or until the API refuses it.
///
/// One fetch is under way at a time, in a task on the runtime of the caller that finds it due, and
/// it goes on when that caller gives up. Who waits for it shares what comes of it.
///
/// - A token that is good is given at once, also while the next one is fetched.
/// - A token without a known expiry is kept until it is refused. So is one that has expired already
///   when it comes: the clocks differ then, and asking again would bring no other. A token counts
///   as expired as soon as either the wall clock or the time that has passed says so.
/// - A failure is told to every caller for a pause, after which the source is asked again: 5 s at
///   first where the token was refused, 500 ms where the failure [is
///   transient](TokenError::is_transient), twice as long each further time up to 5 min and 30 s,
///   and never sooner than its [`retry_after`](TokenError::retry_after) (5 min at most). The pauses
///   vary by half. A token that is still good is given meanwhile.
/// - A source that gives nothing within [`fetch_timeout`](Self::fetch_timeout), or that panics, has
///   failed.
///
/// # Errors
/// Those of the source, and one where there is no tokio runtime to fetch on.
pub struct CachingTokens<S> {
    settings: Settings,
    cache: Arc<Cache<S>>,
}

#[derive(Clone)]
struct Settings {
    ahead: Duration,
    fetch_timeout: Duration,
    clock: Arc<dyn Clock>,
}

/// What the callers share with the task that fetches.
struct Cache<S> {
    source: S,
    state: Mutex<State>,
}

impl<S: TokenSource> CachingTokens<S> {
    /// Keeps what `source` gives, and refreshes it 60 s before it expires, or half way there if
    /// it lives less than two minutes.
    pub fn new(source: S) -> Self {
        Self {
            settings: Settings {
                ahead: Duration::from_secs(60),
                fetch_timeout: Duration::from_secs(60),
                clock: Arc::new(SystemClock),
            },
            cache: Arc::new(Cache { source, state: Mutex::default() }),
        }
    }

    /// Refreshes `ahead` of expiry, or half way there if the token lives less than twice as long.
    #[must_use]
    pub fn refresh_ahead(mut self, ahead: Duration) -> Self {
        self.settings.ahead = ahead;
        self
    }

    /// Gives up a fetch that takes longer than `timeout`; 60 s unless set. How long a caller waits
    /// for it is bounded by the limits of his own call.
    #[must_use]
    pub fn fetch_timeout(mut self, timeout: Duration) -> Self {
        self.settings.fetch_timeout = timeout;
        self
    }

    /// Reads the time from `clock`.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.settings.clock = clock;
        self
    }

    /// The token, if it is good; where it is due, a refresh begins behind its caller's back.
    fn good(&self, state: &mut State) -> Option<Token> {
        let now = self.settings.now();
        let token = state.good(now)?;
        if state.is_due(now) {
            // Without a runtime there is no refresh; the token is good all the same.
            let _ = self.join(state, None);
        }
        Some(token)
    }

    /// The fetch to wait for: the one that is under way, or a new one.
    fn join(&self, state: &mut State, rejected: Option<&Token>) -> Result<Watched, TokenError> {
        let runtime = Handle::try_current().map_err(|_| {
            TokenError::new("tokens are fetched by tokio: call this inside of its runtime")
        })?;
        if let Some(fetch) = state.under_way() {
            return Ok(fetch.watch(&runtime));
        }
        let fetch = Fetch::begin(&runtime, &self.cache, self.settings.clone(), rejected.cloned());
        Ok(state.fetch.insert(fetch).watch(&runtime))
    }

    /// Waits for a fetch, `None` where it is lost: its runtime is gone, or stands still.
    async fn outcome(&self, mut watched: Watched) -> Option<fetch::Outcome> {
        let outcome = watched.outcome().await;
        if outcome.is_none() {
            self.cache.state().forget(&watched);
        }
        outcome
    }
}

impl<S> Cache<S> {
    fn state(&self) -> MutexGuard<'_, State> {
        // Every write leaves the state whole, so a panic elsewhere doesn't spoil it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Settings {
    fn now(&self) -> Moment {
        Moment { wall: self.clock.now(), elapsed: self.clock.elapsed() }
    }
}

impl<S: TokenSource> TokenSource for CachingTokens<S> {
    fn at_hand(&self) -> Option<Token> {
        self.good(&mut self.cache.state())
    }

    async fn token(&self) -> Result<Token, TokenError> {
        for _ in 0..LOST_FETCHES {
            let watched = {
                let mut state = self.cache.state();
                if let Some(token) = self.good(&mut state) {
                    return Ok(token);
                }
                if let Some(error) = state.refusal(self.settings.now()) {
                    return Err(error);
                }
                self.join(&mut state, None)?
            };
            match self.outcome(watched).await {
                Some(Ok(Some(token))) => return Ok(token),
                Some(Err(error)) => return Err(error),
                // It renewed a token of which there is no other, or it is lost.
                Some(Ok(None)) | None => {}
            }
        }
        Err(lost())
    }

    async fn renew(&self, rejected: &Token) -> Result<Option<Token>, TokenError> {
        for _ in 0..LOST_FETCHES {
            let watched = {
                let mut state = self.cache.state();
                let now = self.settings.now();
                if let Some(token) = state.good(now).filter(|token| token != rejected) {
                    return Ok(Some(token));
                }
                if let Some(error) = state.refusal(now) {
                    return Err(error);
                }
                self.join(&mut state, Some(rejected))?
            };
            let renews_it = watched.renews(rejected);
            match self.outcome(watched).await {
                Some(Ok(Some(token))) if token != *rejected => return Ok(Some(token)),
                Some(Ok(_)) if renews_it => return Ok(None),
                Some(Err(error)) => return Err(error),
                // What it brought was asked for before the rejection, or it is lost.
                Some(Ok(_)) | None => {}
            }
        }
        Err(lost())
    }
}

fn lost() -> TokenError {
    TokenError::new("no token: the runtime on which it is fetched shuts down").transient()
}

/// Nobody is left to use what a fetch would bring.
impl<S> Drop for CachingTokens<S> {
    fn drop(&mut self) {
        if let Some(fetch) = self.cache.state().fetch.take() {
            fetch.abort();
        }
    }
}

impl<S> fmt::Debug for CachingTokens<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CachingTokens")
            .field("ahead", &self.settings.ahead)
            .field("fetch_timeout", &self.settings.fetch_timeout)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
