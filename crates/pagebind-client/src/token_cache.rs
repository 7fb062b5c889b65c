//! A token source that fetches once for all callers.
//!
//! One fetch is under way at a time. Who waits for it shares what comes of it, a token or an
//! error; only who asks afterwards starts another. While the token at hand is about to expire but
//! still good, one caller refreshes it and all others go on with it.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use crate::{Clock, SystemClock, Token, TokenError, TokenSource};

/// After a failed refresh, how long the token at hand is used before the next one.
const PAUSE_AFTER_FAILURE: Duration = Duration::from_secs(5);

/// How long a caller that has a good token waits for the next one.
const REFRESH_PATIENCE: Duration = Duration::from_secs(10);

/// Keeps the token of another source until shortly before it expires, or until the API refuses it.
///
/// A token without a known expiry is kept until it is refused. So is one that has expired already
/// when it comes: the clocks differ then, and asking again would bring no other.
pub struct CachingTokens<S> {
    source: S,
    ahead: Duration,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
    fetching: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    /// What is known of how long it is good; none if that is until it is refused.
    life: Option<Life>,
    /// How the last fetch failed, if it did.
    failure: Option<TokenError>,
    /// How many fetches have ended; a change tells a waiting caller that one ended meanwhile.
    fetches: u64,
    /// No refresh ahead of expiry before this.
    paused_until: Option<SystemTime>,
}

struct Life {
    refresh: SystemTime,
    end: SystemTime,
}

impl Life {
    /// Of a token that came at `now` and is to be refreshed `ahead` of its end, or half way where
    /// it lives too shortly for that.
    fn new(token: &Token, now: SystemTime, ahead: Duration) -> Option<Self> {
        let end = token.expires()?;
        let left = end.duration_since(now).ok().filter(|left| !left.is_zero())?;
        Some(Self { refresh: end.checked_sub(ahead.min(left / 2))?, end })
    }
}

impl<S: TokenSource> CachingTokens<S> {
    /// Keeps what `source` gives, and refreshes it 60 s before it expires, or half way there if
    /// it lives less than two minutes.
    pub fn new(source: S) -> Self {
        Self {
            source,
            ahead: Duration::from_secs(60),
            clock: Arc::new(SystemClock),
            state: Mutex::default(),
            fetching: tokio::sync::Mutex::default(),
        }
    }

    /// Refreshes `ahead` of expiry, or half way there if the token lives less than twice as long.
    #[must_use]
    pub fn refresh_ahead(mut self, ahead: Duration) -> Self {
        self.ahead = ahead;
        self
    }

    /// Reads the time from `clock`.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Every write leaves the state whole, so a panic elsewhere doesn't spoil it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends a fetch: what it gave is what everybody sees from now on.
    fn finish(&self, result: Result<Option<Token>, TokenError>) {
        let mut state = self.state();
        state.fetches += 1;
        match result {
            Ok(token) => {
                state.failure = None;
                state.paused_until = None;
                if let Some(token) = token {
                    state.life = Life::new(&token, self.clock.now(), self.ahead);
                    state.token = Some(token);
                }
            }
            Err(failure) => {
                state.failure = Some(failure);
                state.paused_until = self.clock.now().checked_add(PAUSE_AFTER_FAILURE);
            }
        }
    }
}

impl State {
    /// What the last fetch gave to those who waited for it.
    fn outcome(&self) -> Option<Result<Token, TokenError>> {
        match (&self.failure, &self.token) {
            (Some(failure), _) => Some(Err(failure.clone())),
            (None, token) => token.clone().map(Ok),
        }
    }

    /// The token if it is good at `now`, and whether it is time to refresh it.
    fn usable(&self, now: SystemTime) -> Option<(Token, bool)> {
        let token = self.token.clone()?;
        let Some(life) = &self.life else {
            return Some((token, false));
        };
        let paused = self.paused_until.is_some_and(|until| now < until);
        (now < life.end).then_some((token, life.refresh <= now && !paused))
    }
}

impl<S: TokenSource> TokenSource for CachingTokens<S> {
    async fn token(&self) -> Result<Token, TokenError> {
        let (usable, seen) = {
            let state = self.state();
            (state.usable(self.clock.now()), state.fetches)
        };
        let fetching = match &usable {
            Some((token, false)) => return Ok(token.clone()),
            Some((token, true)) => match self.fetching.try_lock() {
                Ok(fetching) => fetching,
                Err(_) => return Ok(token.clone()),
            },
            None => self.fetching.lock().await,
        };
        let ended_meanwhile = {
            let state = self.state();
            (state.fetches != seen).then(|| state.outcome()).flatten()
        };
        let result = match ended_meanwhile {
            Some(outcome) => outcome,
            None => {
                let fetch = self.source.token();
                let result = match &usable {
                    Some(_) => tokio::time::timeout(REFRESH_PATIENCE, fetch)
                        .await
                        .unwrap_or_else(|_| Err(TokenError::new("no token came in time"))),
                    None => fetch.await,
                };
                self.finish(result.clone().map(Some));
                result
            }
        };
        drop(fetching);
        match (result, usable) {
            // A refresh that failed is no reason to refuse a token that is still good.
            (Err(_), Some((token, _))) => Ok(token),
            (result, _) => result,
        }
    }

    async fn renew(&self, rejected: &Token) -> Result<Option<Token>, TokenError> {
        let seen = {
            let state = self.state();
            match &state.token {
                Some(token) if token != rejected => return Ok(Some(token.clone())),
                _ => state.fetches,
            }
        };
        let _fetching = self.fetching.lock().await;
        let ended_meanwhile = {
            let state = self.state();
            (state.fetches != seen).then(|| state.outcome()).flatten()
        };
        if let Some(outcome) = ended_meanwhile {
            return outcome.map(|token| (token != *rejected).then_some(token));
        }
        let result = self.source.renew(rejected).await;
        self.finish(result.clone());
        result
    }
}

impl<S> fmt::Debug for CachingTokens<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CachingTokens").field("ahead", &self.ahead).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_refresh_that_hangs_does_not_take_a_good_token_from_its_caller() {
        let hangs = AtomicBool::new(false);
        let good = Token::new("good").unwrap();
        let good = good.expiring_at(SystemTime::now() + Duration::from_secs(60));
        let source = {
            let good = good.clone();
            move || {
                let (hang, good) = (hangs.swap(true, Ordering::Relaxed), good.clone());
                async move {
                    if hang {
                        std::future::pending::<()>().await;
                    }
                    Ok(good)
                }
            }
        };
        // Every moment of its life is one to refresh it, and the first refresh hangs.
        let mut cached = CachingTokens::new(source);
        cached.token().await.unwrap();
        cached.state.get_mut().unwrap().life.as_mut().unwrap().refresh = SystemTime::UNIX_EPOCH;
        let started = tokio::time::Instant::now();
        let soon = tokio::time::timeout(REFRESH_PATIENCE * 2, cached.token());
        assert_eq!(soon.await.unwrap().unwrap(), good);
        assert_eq!(started.elapsed(), REFRESH_PATIENCE);
        // After the failure there is a pause.
        assert_eq!(cached.token().await.unwrap(), good);
        assert_eq!(started.elapsed(), REFRESH_PATIENCE);
    }
}
