//! From one page to its outcome: tries, redirects, and what counts as another page.

use futures_util::stream::{FuturesUnordered, StreamExt};
use pagebind::diagnostic::{Diagnostic, Place};
use reqwest::Url;

use super::{
    Outcome,
    exchange::{Again, Answer, Publisher, Trouble},
};
use crate::project::request::{Request, Validators};

/// The outcome of each page, in the order of `requests`.
pub(super) async fn all(
    requests: &[Request],
    publisher: &Publisher<'_>,
    settled: &mut dyn FnMut(&Request, &Outcome),
) -> Vec<Outcome> {
    let numbered = requests.iter().enumerate();
    let mut pages: FuturesUnordered<_> = numbered
        .map(|(number, request)| async move { (number, page(request, publisher).await) })
        .collect();
    let mut outcomes = Vec::new();
    while let Some((number, outcome)) = pages.next().await {
        settled(&requests[number], &outcome);
        outcomes.push((number, outcome));
    }
    outcomes.sort_by_key(|(number, _)| *number);
    outcomes.into_iter().map(|(_, outcome)| outcome).collect()
}

/// One page, as often as it takes and the policy allows.
async fn page(request: &Request, publisher: &Publisher<'_>) -> Outcome {
    let url = match published(&request.url) {
        Ok(url) => url,
        Err(problem) => return Outcome::Failed(problem),
    };
    let policy = publisher.policy;
    let mut tried = 0;
    loop {
        tried += 1;
        let trouble = match follow(&url, &request.validators, publisher).await {
            Ok(outcome) => return outcome,
            Err(trouble) => trouble,
        };
        match trouble.again {
            Again::Never => return Outcome::Failed(trouble.problem),
            _ if tried >= policy.tries => return Outcome::Failed(trouble.after(tried)),
            Again::AtRest(pause) if pause > policy.longest_retry_after => {
                return Outcome::Failed(trouble.problem.help(format!(
                    "the publisher asks to come back in {} s; run the command again then",
                    pause.as_secs()
                )));
            }
            // The whole host asks for a rest, not this page alone.
            Again::AtRest(pause) => publisher.rest(&url, pause),
            Again::AfterBackoff => policy.clock.sleep(policy.backoff(tried)).await,
        }
    }
}

/// One try: the page, wherever on its host redirects lead.
async fn follow(
    page: &Url,
    validators: &Validators,
    publisher: &Publisher<'_>,
) -> Result<Outcome, Trouble> {
    let mut url = page.clone();
    for _ in 0..=publisher.policy.redirects {
        match publisher.request(&url, validators).await? {
            Answer::Redirect(to) if !same_host(&url, &to) => {
                return Ok(Outcome::Moved { to: shown(&to) });
            }
            Answer::Redirect(to) => url = to,
            Answer::Gone(status) => return Ok(Outcome::Gone { status }),
            // Another slug is another page: that of a renamed endpoint, or of a login.
            _ if slug(&url) != slug(page) => return Ok(Outcome::Moved { to: shown(&url) }),
            Answer::Unchanged => return Ok(Outcome::Unchanged),
            Answer::Page { bytes, validators } => {
                return Ok(Outcome::Page { bytes, validators, url: url.into() });
            }
        }
    }
    let problem = Diagnostic::unreadable(format!(
        "redirected more than {} times",
        publisher.policy.redirects
    ));
    Err(Trouble {
        problem: problem
            .place(Place::new(page.as_str()))
            .help("open the URL in a browser, and put the place where it ends into the manifest"),
        again: Again::Never,
    })
}

/// A URL at which a page can be published.
fn published(text: &str) -> Result<Url, Diagnostic> {
    let refused = |why: &str| {
        Diagnostic::unreadable(format!("not a URL to fetch: {why}"))
            .help("write it as `https://host/path`")
    };
    let url = Url::parse(text).map_err(|error| refused(&error.to_string()))?;
    if !url.username().is_empty() || url.password().is_some() {
        // Without the place, which would repeat it.
        return Err(refused("it holds a user name or password"));
    }
    match url.scheme() {
        "https" | "http" => Ok(url),
        other => Err(refused(&format!("its scheme is `{other}`")).place(Place::new(text))),
    }
}

/// Whether a redirect stays with its host; from `http` to `https` is the same host made safer.
pub(super) fn same_host(from: &Url, to: &Url) -> bool {
    let same =
        from.scheme() == to.scheme() && from.port_or_known_default() == to.port_or_known_default();
    let safer = from.scheme() == "http" && to.scheme() == "https";
    from.host_str() == to.host_str() && (same || safer)
}

/// The name of a page at its publisher: the last part of its path.
fn slug(url: &Url) -> &str {
    url.path().trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

/// A URL as reports name it.
fn shown(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    // Neither can fail on a URL with a host; one without has neither.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.into()
}
