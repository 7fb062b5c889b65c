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

    pub(super) fn after<'a>(&self, came: impl Fn() -> (RequestInfo<'a>, AnswerInfo)) {
        for hook in &self.after {
            let (request, answer) = came();
            hook(&request, &answer);
        }
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooks").finish_non_exhaustive()
    }
}
