//! What a caller may watch of each request: what goes out and what comes back, without bodies.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Method, StatusCode};

use crate::{CorrelationId, ErrorKind};

/// A request that is about to be sent, for a hook: once for each try.
///
/// It holds no body, no header and no query. The path is as it is sent: think before you log it
/// where an API takes personal data as a path parameter.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct RequestInfo<'a> {
    /// The `operationId` of the contract.
    pub operation: &'static str,
    /// The method.
    pub method: &'a Method,
    /// The path, encoded as it is sent.
    pub path: &'a str,
    /// Which try this is, from 1.
    pub number: u32,
    /// The id of the call, the same on each try, where the API has a header for one.
    pub correlation_id: Option<&'a CorrelationId>,
}

/// What came of a request, for a hook.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct AnswerInfo {
    /// The status, where an answer came.
    pub status: Option<StatusCode>,
    /// Why no answer came, where none did.
    pub failure: Option<ErrorKind>,
    /// From the start of the try to the head of its answer, or to its failure.
    pub time: Duration,
}

type Before = dyn Fn(&RequestInfo<'_>) + Send + Sync;
type After = dyn Fn(&RequestInfo<'_>, &AnswerInfo) + Send + Sync;

/// The hooks of a session, in the order in which they were set.
#[derive(Clone, Default)]
pub(super) struct Hooks {
    before: Vec<Arc<Before>>,
    after: Vec<Arc<After>>,
}

impl Hooks {
    pub(super) fn add_before(&mut self, hook: impl Fn(&RequestInfo<'_>) + Send + Sync + 'static) {
        self.before.push(Arc::new(hook));
    }

    pub(super) fn add_after(
        &mut self,
        hook: impl Fn(&RequestInfo<'_>, &AnswerInfo) + Send + Sync + 'static,
    ) {
        self.after.push(Arc::new(hook));
    }

    /// What it tells is put together for hooks alone, and most sessions have none.
    pub(super) fn before<'a>(&self, request: impl Fn() -> RequestInfo<'a>) {
        self.before.iter().for_each(|hook| hook(&request()));
    }

    /// Each is told the same time, however long the one before it took.
    pub(super) fn after<'a>(&self, came: impl FnOnce() -> (RequestInfo<'a>, AnswerInfo)) {
        if !self.after.is_empty() {
            let (request, answer) = came();
            self.after.iter().for_each(|hook| hook(&request, &answer));
        }
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooks").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[test]
    fn the_time_that_a_hook_takes_is_not_told_to_the_next_one() {
        static TOLD: AtomicU32 = AtomicU32::new(0);
        let mut hooks = Hooks::default();
        for _ in 0..2 {
            hooks.add_after(|_, answer| {
                TOLD.fetch_add(u32::from(answer.time == Duration::from_secs(1)), Ordering::Relaxed);
            });
        }
        let mut clock = Duration::ZERO;
        hooks.after(|| {
            clock += Duration::from_secs(1);
            let method = &Method::GET;
            let path = "/";
            let request =
                RequestInfo { operation: "call", method, path, number: 1, correlation_id: None };
            (request, AnswerInfo { status: None, failure: None, time: clock })
        });
        assert_eq!(TOLD.load(Ordering::Relaxed), 2);
    }
}
