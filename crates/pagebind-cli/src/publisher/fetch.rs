//! Fetching pages from where they are published.
//!
//! A publisher is asked as a careful reader asks: only for what the manifests name, with the
//! validators of the vendored copy (RFC 9110, section 13) so that an unchanged page costs no body,
//! at a [pace](host) that nobody notices, and again only where another try can help. Whatever
//! comes of a page is an [`Outcome`]; one that could not be fetched never passes for an unchanged
//! one, and never keeps the others from being fetched.
//!
//! The proxy variables (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`, in either case) are
//! followed, but for loopback addresses; nothing else of the environment is looked at.
//!
//! TLS and HTTP take longer to compile than all that makes a client, so they are behind the feature `network`.
//! Without it no page can be fetched, and each says so.

#[cfg(feature = "network")]
mod exchange;
#[cfg(feature = "network")]
mod host;
#[cfg(feature = "network")]
mod page;
#[cfg(feature = "network")]
mod policy;
#[cfg(test)]
#[cfg(feature = "network")]
mod tests;

use pagebind::diagnostic::{Diagnostic, Place};

#[cfg(feature = "network")]
pub(crate) use self::policy::Policy;
use crate::project::request::{Request, Validators};

/// What came of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(not(feature = "network"), expect(dead_code, reason = "every page has failed"))]
pub(crate) enum Outcome {
    /// It is the one that the validators are of (304).
    Unchanged,
    /// What is published now; whether it is a page of an API is not looked at here.
    Page {
        /// The page, decompressed; not necessarily text.
        bytes: Vec<u8>,
        /// What to ask with next time.
        validators: Validators,
        /// Where it came from, after redirects on the same host to the same slug.
        url: String,
    },
    /// It is no longer published (404, 410).
    Gone {
        /// The status of the answer.
        status: u16,
    },
    /// It is published under another slug, or on another host, which is not followed.
    Moved {
        /// The new place, without a query, which may hold what is nobody else's business.
        to: String,
    },
    /// Could not tell.
    Failed(Diagnostic),
}

/// How much is asked of a publisher that nobody can ask.
#[cfg(not(feature = "network"))]
#[derive(Debug, Default)]
pub(crate) struct Policy {}

/// Tells of each page that it can't be fetched.
#[cfg(not(feature = "network"))]
pub(crate) fn fetch(
    requests: &[Request],
    _: &Policy,
    _: &mut dyn FnMut(&Request, &Outcome),
) -> Vec<Outcome> {
    none(requests, "this program was built without its feature `network`")
}

/// Fetches pages, several at a time, and gives the outcome of each, in the order of `requests`.
/// `settled` hears of each as soon as it is known.
#[cfg(feature = "network")]
pub(crate) fn fetch(
    requests: &[Request],
    policy: &Policy,
    settled: &mut dyn FnMut(&Request, &Outcome),
) -> Vec<Outcome> {
    let publisher = exchange::Publisher::new(policy);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    match (publisher, runtime) {
        (Ok(publisher), Ok(runtime)) => {
            let outcomes = runtime.block_on(page::all(requests, &publisher, settled));
            // A name that is still being looked up after its page was given up is not waited for.
            runtime.shutdown_background();
            outcomes
        }
        (Err(cause), _) => none(requests, &cause.to_string()),
        (_, Err(cause)) => none(requests, &cause.to_string()),
    }
}

/// The outcome where there is no network to speak of.
fn none(requests: &[Request], cause: &str) -> Vec<Outcome> {
    let failed = |request: &Request| {
        let problem = Diagnostic::unreadable(format!("fetching can't be set up: {cause}"));
        Outcome::Failed(problem.place(Place::new(&request.url)))
    };
    requests.iter().map(failed).collect()
}
