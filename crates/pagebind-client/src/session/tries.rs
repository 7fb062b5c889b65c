//! The tries of one call: credentials, what goes out, when it goes out again, and the waits between.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, Entry, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Request, StatusCode};

use super::observe::{AnswerInfo, RequestInfo};
use super::sent_once::Left;
use super::{Session, Shared};
use crate::outgoing::Outgoing;
use crate::response::{Call, Head, Told, Unread};
use crate::retry::{may_repeat, retry_after};
use crate::{Failure, OperationInfo, Outcome, Response, Token, TokenError};

/// One call, from its first try to the last.
pub(super) struct Tries<'a> {
    session: &'a Session,
    info: &'a OperationInfo,
    outgoing: Outgoing,
    call: Call,
    /// The first token of the call, or the one after it.
    token: Option<Token>,
    started: Duration,
}

/// What comes of a try.
type Answered = Result<reqwest::Response, reqwest::Error>;

/// A try that has begun.
struct Begun<F> {
    answer: F,
    left: Left,
    at: Duration,
}

impl<'a> Tries<'a> {
    pub(super) fn new(
        session: &'a Session,
        outgoing: Outgoing,
        info: &'a OperationInfo,
        call: Call,
    ) -> Self {
        Self { session, info, outgoing, call, token: None, started: Duration::ZERO }
    }

    /// Tries until there is an answer, or none to be had.
    pub(super) async fn answer(&mut self) -> Result<Response, Failure> {
        let Session { shared, retry, credentials, .. } = self.session;
        let clock = &*shared.clock;
        let tokens = credentials.apply(self.info, &mut self.outgoing);
        let tokens = tokens.map_err(|missing| Failure::credentials(missing, self.call.clone()))?;
        self.started = clock.elapsed();
        if let Some(source) = &tokens {
            self.token = match source.at_hand() {
                Some(token) => Some(token),
                None => match Box::pin(self.in_time(retry.deadline, source.token())).await {
                    Ok(token) => Some(token),
                    Err(error) => return Err(Failure::token(error, self.call.clone(), None)),
                },
            };
        }
        let mut renewed = false;

        loop {
            let Begun { answer, left, at } = self.begin();
            let answer = answer.await;
            let answer = self.end(answer, &left, at);
            let repeatable = self.outgoing.payload.is_repeatable();

            if let (Ok(response), Some(source), Some(rejected), false) =
                (&answer, &tokens, &self.token, renewed)
                && response.status() == StatusCode::UNAUTHORIZED
            {
                renewed = true;
                self.call.before = self.call.before.max(Outcome::Refused);
                let status = Some(response.status());
                let renewed = self.in_time(self.left(clock.elapsed()), source.renew(rejected));
                match Box::pin(renewed).await {
                    // The source knows that the token is none, for the next call.
                    _ if !repeatable => return answer,
                    Ok(Some(other)) => {
                        tracing::debug!("the token was refused, trying again with another one");
                        self.token = Some(other);
                        continue;
                    }
                    Ok(None) => return answer,
                    Err(error) => return Err(Failure::token(error, self.call.clone(), status)),
                }
            }

            if !repeatable {
                return answer;
            }
            let asked = match &answer {
                Ok(response) if may_repeat(response.status(), &self.call) => {
                    response.0.head.retry_after
                }
                Err(failure) if failure.is_retryable() => None,
                _ => return answer,
            };
            let spent = self.spent(clock.elapsed());
            let Some(wait) = retry.wait(clock, self.call.tries, spent, asked) else {
                return answer;
            };
            tracing::debug!(
                status = answer.as_ref().ok().map(|response| response.status().as_u16()),
                kind = ?answer.as_ref().err().map(Failure::kind),
                wait_ms = wait.as_millis(),
                "trying again"
            );
            self.call.before = self.call.before.max(match &answer {
                Ok(response) => Outcome::of(response.status()),
                Err(failure) => failure.outcome(),
            });
            // The connection goes back to the pool before the wait.
            drop(answer);
            clock.sleep(wait).await;
        }
    }

    /// How much of the call's time has passed at `now`.
    fn spent(&self, now: Duration) -> Duration {
        now.saturating_sub(self.started)
    }

    /// How much of it is left then.
    fn left(&self, now: Duration) -> Duration {
        self.session.retry.deadline.saturating_sub(self.spent(now))
    }

    /// What a token source gives, unless it takes longer than a try may take, or than is `left`.
    async fn in_time<T>(
        &self,
        left: Duration,
        fetch: impl Future<Output = Result<T, TokenError>>,
    ) -> Result<T, TokenError> {
        let limit = self.session.shared.limits.total.min(left);
        match tokio::time::timeout(limit, fetch).await {
            Ok(fetched) => fetched,
            Err(_) => Err(TokenError::new("the token source gave no token in time").transient()),
        }
    }

    /// Begins a try.
    fn begin(&mut self) -> Begun<impl Future<Output = Answered> + use<'a>> {
        let Session { shared, extra_headers, .. } = self.session;
        let Shared { http, http_total, limits, clock, hooks, .. } = &**shared;
        let mut request = self.outgoing.request();
        let headers = request.headers_mut();
        if let Some(token) = &self.token {
            set_header(headers, AUTHORIZATION, token.header_value());
        }
        if let (Some(name), Some(id)) = (&shared.correlation_header, &self.call.correlation_id) {
            set_header(headers, name.clone(), id.header_value());
        }
        add_headers(headers, &shared.headers, &|name| self.info.takes_client_header(name));
        add_headers(headers, extra_headers, &|_| true);
        self.call.tries += 1;
        let at = clock.elapsed();
        // A stream may go on for longer; what bounds it is the time without a byte.
        let total = if self.info.streams { Duration::MAX } else { limits.total.min(self.left(at)) };
        if Some(total) != *http_total {
            bound(&mut request, total);
        }
        let (body, left) = self.outgoing.payload.send();
        *request.body_mut() = body;
        hooks.before(|| self.told());
        Begun { answer: http.execute(request), left, at }
    }

    /// What hooks are told of the try.
    fn told(&self) -> RequestInfo<'_> {
        RequestInfo {
            operation: self.call.operation,
            method: &self.outgoing.method,
            path: self.outgoing.url.path(),
            number: self.call.tries,
            correlation_id: self.call.correlation_id.as_ref(),
        }
    }

    /// Takes what came of a try that began at `begun`.
    fn end(&self, answered: Answered, left: &Left, begun: Duration) -> Result<Response, Failure> {
        let Shared { clock, hooks, .. } = &*self.session.shared;
        let answered = answered.map_err(|error| self.unanswered(error, left));
        hooks.after(|| {
            let answer = AnswerInfo {
                status: answered.as_ref().ok().map(reqwest::Response::status),
                failure: answered.as_ref().err().map(Failure::kind),
                time: clock.elapsed().saturating_sub(begun),
            };
            (self.told(), answer)
        });
        self.answered(answered?)
    }

    /// What it means that no answer came.
    #[cold]
    fn unanswered(&self, error: reqwest::Error, left: &Left) -> Failure {
        // The connection that did not come about may be the one after a redirect, to which the
        // caller's own HTTP client took an answer to this request.
        let elsewhere = error.url().is_some_and(|at| *at != self.outgoing.url);
        // What the HTTP client refuses to send, such as plain HTTP where it takes HTTPS alone.
        let nowhere = error.is_connect() || error.is_builder();
        let unsent = match left.has_begun() {
            Some(begun) => !begun && (nowhere || error.is_timeout()),
            None => nowhere && !elsewhere,
        };
        if unsent {
            Failure::unsent(error, self.call.clone())
        } else {
            Failure::transport(error, self.call.clone(), None)
        }
    }

    fn answered(&self, mut body: reqwest::Response) -> Result<Response, Failure> {
        let Shared { limits, clock, published_message, .. } = &*self.session.shared;
        let head = Box::new(Head {
            call: self.call.clone(),
            status: body.status(),
            retry_after: retry_after(body.headers(), || clock.now()),
            headers: Arc::new(std::mem::take(body.headers_mut())),
            told: Told::Nothing,
            says: None,
        });
        if *body.url() != self.outgoing.url {
            return Err(Failure::redirected(&head));
        }
        Ok(Response(Box::new(Unread {
            head,
            body,
            limit: limits.response_body,
            published_message: *published_message,
            span: tracing::Span::none(),
            #[cfg(feature = "events")]
            again: None,
        })))
    }
}

/// Sets a header as reqwest sets those of its own, through an entry: a call alone finds little of its code in
/// the processor's caches, so that code which is shared is what makes it fast.
fn set_header(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    match headers.entry(name) {
        Entry::Vacant(free) => {
            free.insert(value);
        }
        Entry::Occupied(mut taken) => {
            taken.insert(value);
        }
    }
}

/// Sets those of `further` headers that are taken and not set yet.
#[inline(never)]
fn add_headers(headers: &mut HeaderMap, further: &HeaderMap, takes: &dyn Fn(&HeaderName) -> bool) {
    for (name, value) in further {
        if takes(name)
            && let Entry::Vacant(free) = headers.entry(name.clone())
        {
            free.insert(value.clone());
        }
    }
}

/// Bounds a request in another way than the HTTP client bounds all of them.
#[cold]
fn bound(request: &mut Request, total: Duration) {
    *request.timeout_mut() = Some(total);
}
