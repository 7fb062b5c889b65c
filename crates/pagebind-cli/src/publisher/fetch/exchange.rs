//! One request and its answer.

use std::{error::Error, io, time::Duration};

use pagebind::diagnostic::{Diagnostic, Place};
use reqwest::{
    Client, ClientBuilder, Response, StatusCode, Url,
    header::{
        ETAG, HeaderMap, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION,
        RETRY_AFTER,
    },
    redirect,
};

use super::{
    Validators,
    host::{Hosts, is_loopback},
    policy::Policy,
};

/// What is told of a request by its `User-Agent`.
const USER_AGENT: &str = concat!("pagebind/", env!("CARGO_PKG_VERSION"));

/// The way to all hosts.
#[derive(Debug)]
pub(super) struct Publisher<'a> {
    pub(super) policy: &'a Policy,
    hosts: Hosts,
    client: Client,
    /// For loopback, which no proxy can reach.
    direct: Client,
}

/// What a host answered.
#[derive(Debug)]
pub(super) enum Answer {
    Unchanged,
    Page { bytes: Vec<u8>, validators: Validators },
    Redirect(Url),
    Gone(u16),
}

/// Why there is no answer, and whether there may be one later.
#[derive(Debug)]
pub(super) struct Trouble {
    pub(super) problem: Diagnostic,
    pub(super) again: Again,
}

/// When the same request may do better.
#[derive(Debug)]
pub(super) enum Again {
    Never,
    AfterBackoff,
    /// After a rest that the host asked for.
    AtRest(Duration),
}

impl Trouble {
    fn new(url: &Url, message: impl AsRef<str>, again: Again) -> Self {
        let problem =
            Diagnostic::unreadable(format!("failed to fetch the page: {}", message.as_ref()))
                .place(Place::new(url.as_str()))
                .help("open the URL in a browser; if the page is there, run the command again");
        Self { problem, again }
    }

    /// The problem, after it has not gone away.
    pub(super) fn after(mut self, tries: u32) -> Diagnostic {
        self.problem.message += &format!(", at each of {tries} tries");
        self.problem
    }
}

impl<'a> Publisher<'a> {
    pub(super) fn new(policy: &'a Policy) -> reqwest::Result<Self> {
        // Where a redirect leads has to be looked at before it is followed.
        let builder =
            || ClientBuilder::new().user_agent(USER_AGENT).redirect(redirect::Policy::none());
        Ok(Self {
            policy,
            hosts: Hosts::new(policy.at_once),
            client: builder().build()?,
            direct: builder().no_proxy().build()?,
        })
    }

    /// No request to the host of `url` for the length of `pause`.
    pub(super) fn rest(&self, url: &Url, pause: Duration) {
        self.hosts.rest(url, pause, self.policy);
    }

    /// Sends one request, when its host may be asked, and reads the answer.
    pub(super) async fn request(
        &self,
        url: &Url,
        validators: &Validators,
    ) -> Result<Answer, Trouble> {
        let _permit = self.hosts.turn(url, self.policy).await;
        let client = if is_loopback(url) { &self.direct } else { &self.client };
        let mut request = client.get(url.clone()).timeout(self.policy.timeout);
        for (name, value) in
            [(IF_NONE_MATCH, &validators.etag), (IF_MODIFIED_SINCE, &validators.last_modified)]
        {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        let response = request.send().await.map_err(|error| self.unreachable(url, error))?;
        let status = response.status();
        match status.as_u16() {
            200 => self.page(url, response).await,
            304 if *validators != Validators::default() => Ok(Answer::Unchanged),
            301 | 302 | 303 | 307 | 308 => redirect_of(url, response.headers()),
            404 | 410 => Ok(Answer::Gone(status.as_u16())),
            429 | 500..=599 => {
                let again = match retry_after(response.headers(), self.policy) {
                    Some(pause) => Again::AtRest(pause),
                    None => Again::AfterBackoff,
                };
                Err(answered(url, status, again))
            }
            _ => Err(answered(url, status, Again::Never)),
        }
    }

    /// Reads a page, no further than to the limit: a small compressed body can hold a large page.
    async fn page(&self, url: &Url, mut response: Response) -> Result<Answer, Trouble> {
        let text = |name: HeaderName| {
            response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
        };
        let validators = Validators { etag: text(ETAG), last_modified: text(LAST_MODIFIED) };
        let mut bytes = Vec::new();
        while let Some(chunk) =
            response.chunk().await.map_err(|error| self.unreachable(url, error))?
        {
            if bytes.len() + chunk.len() > self.policy.size {
                let message = format!("it is larger than {} bytes", self.policy.size);
                return Err(Trouble::new(url, message, Again::Never));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(Answer::Page { bytes, validators })
    }

    /// What kept an answer from coming, or from being complete.
    fn unreachable(&self, url: &Url, error: reqwest::Error) -> Trouble {
        if error.is_timeout() {
            let message = format!("no complete answer within {:?}", self.policy.timeout);
            return Trouble::new(url, message, Again::Never);
        }
        let mut cause: &(dyn Error + 'static) = &error;
        // What rustls refuses reaches this side as invalid data.
        let mut is_refused = false;
        while let Some(inner) = inner(cause) {
            cause = inner;
            is_refused |= cause
                .downcast_ref::<io::Error>()
                .is_some_and(|error| error.kind() == io::ErrorKind::InvalidData);
        }
        if url.scheme() == "https" && error.is_connect() && is_refused {
            return Trouble::new(url, format!("no secure connection: {cause}"), Again::Never);
        }
        // The innermost cause says it best; those around it say where in the client it came up.
        let cause = cause.to_string();
        let again = if error.is_builder() { Again::Never } else { Again::AfterBackoff };
        Trouble::new(url, cause, again)
    }
}

fn answered(url: &Url, status: StatusCode, again: Again) -> Trouble {
    Trouble::new(url, format!("the publisher answered {status}"), again)
}

fn redirect_of(url: &Url, headers: &HeaderMap) -> Result<Answer, Trouble> {
    let location = headers.get(LOCATION).and_then(|location| location.to_str().ok());
    match location.map(|location| url.join(location)) {
        Some(Ok(to)) => Ok(Answer::Redirect(to)),
        _ => Err(Trouble::new(url, "it redirects to nowhere", Again::Never)),
    }
}

/// How long the host asks to be left alone (RFC 9110, section 10.2.3): seconds, or a date.
fn retry_after(headers: &HeaderMap, policy: &Policy) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(policy.clock.date()).unwrap_or_default())
}

/// What is behind an error. An I/O error passes over the error that it holds, in favour of what is
/// behind that one.
fn inner<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(held) => Some(held),
        None => error.source(),
    }
}
