//! One fetch: a task that belongs to the cache, and the channel on which callers watch for its end.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{Handle, Id};
use tokio::sync::watch;
use tokio::task::AbortHandle;

use super::{Cache, Settings};
use crate::{Token, TokenError, TokenSource};

/// What a fetch brings: no token where a renewal finds no other one.
pub(super) type Outcome = Result<Option<Token>, TokenError>;

/// How long a caller waits for a fetch on a runtime that is not his own before he fetches himself.
/// Nothing tells whether anybody drives that runtime any more.
pub(super) const ELSEWHERE: Duration = Duration::from_secs(2);

/// A fetch under way.
pub(super) struct Fetch {
    runtime: Id,
    rejected: Option<Token>,
    outcome: watch::Receiver<Option<Outcome>>,
    task: AbortHandle,
}

/// A fetch as a caller waits for it.
pub(super) struct Watched {
    elsewhere: bool,
    rejected: Option<Token>,
    outcome: watch::Receiver<Option<Outcome>>,
}

impl Fetch {
    /// Begins to fetch a token, or another one than `rejected`.
    ///
    /// The caller holds the state's lock, which the task takes as it ends; nothing here waits.
    pub(super) fn begin<S: TokenSource>(
        runtime: &Handle,
        cache: &Arc<Cache<S>>,
        settings: Settings,
        rejected: Option<Token>,
    ) -> Self {
        let (sender, outcome) = watch::channel(None);
        let end = End { cache: cache.clone(), settings, sender };
        let task = runtime.spawn(run(end, rejected.clone())).abort_handle();
        Self { runtime: runtime.id(), rejected, outcome, task }
    }

    #[inline]
    pub(super) fn watch(&self, runtime: &Handle) -> Watched {
        Watched {
            elsewhere: runtime.id() != self.runtime,
            rejected: self.rejected.clone(),
            outcome: self.outcome.clone(),
        }
    }

    /// Whether it ended without an outcome, as the tasks of a runtime do that is shut down.
    #[inline]
    pub(super) fn is_lost(&self) -> bool {
        self.outcome.has_changed().is_err()
    }

    #[inline]
    pub(super) fn is(&self, watched: &Watched) -> bool {
        self.outcome.same_channel(&watched.outcome)
    }

    #[inline]
    fn is_fed_by(&self, sender: &watch::Sender<Option<Outcome>>) -> bool {
        self.outcome.same_channel(&sender.subscribe())
    }

    pub(super) fn abort(&self) {
        self.task.abort();
    }
}

impl Watched {
    /// Whether it is to bring another token than `rejected`.
    pub(super) fn renews(&self, rejected: &Token) -> bool {
        self.rejected.as_ref() == Some(rejected)
    }

    /// What it brings, or `None` where that can't be waited for any longer.
    pub(super) async fn outcome(&mut self) -> Option<Outcome> {
        let ended = self.outcome.wait_for(Option::is_some);
        let ended = if self.elsewhere {
            tokio::time::timeout(ELSEWHERE, ended).await.ok()?
        } else {
            ended.await
        };
        ended.ok()?.clone()
    }
}

async fn run<S: TokenSource>(end: End<S>, rejected: Option<Token>) {
    let source = &end.cache.source;
    let fetch = async {
        match &rejected {
            None => source.token().await.map(Some),
            Some(rejected) => source.renew(rejected).await,
        }
    };
    let outcome =
        tokio::time::timeout(end.settings.fetch_timeout, fetch).await.unwrap_or_else(|_| {
            Err(TokenError::new("the token source gave no token in time").transient())
        });
    end.with(outcome);
}

/// How a fetch ends: what it brought is what everybody sees from now on.
struct End<S> {
    cache: Arc<Cache<S>>,
    settings: Settings,
    sender: watch::Sender<Option<Outcome>>,
}

impl<S> End<S> {
    fn with(&self, outcome: Outcome) {
        let now = self.settings.now();
        let mut state = self.cache.state();
        let is_latest = state.fetch.as_ref().is_some_and(|fetch| fetch.is_fed_by(&self.sender));
        let outcome = match outcome {
            Ok(token) => {
                state.succeed(token.clone(), now, self.settings.ahead);
                Ok(token)
            }
            // Another one took its place, because its runtime stood still.
            Err(error) if !is_latest => Err(error),
            Err(error) => Err(state.fail(error, now, &*self.settings.clock)),
        };
        if is_latest {
            state.fetch = None;
        }
        drop(state);
        self.sender.send_replace(Some(outcome));
    }
}

impl<S> Drop for End<S> {
    fn drop(&mut self) {
        // Where the task was merely dropped, the channel closes, and a caller begins anew.
        if std::thread::panicking() {
            self.with(Err(TokenError::new("the token source panicked")));
        }
    }
}
