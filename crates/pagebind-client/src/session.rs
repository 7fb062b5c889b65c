//! The state behind a generated client, and how it gets a request answered.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName};
use reqwest::{Request, StatusCode};
use tracing::Instrument;

use crate::credentials::Credentials;
use crate::response::{Call, Head, PublishedMessage};
use crate::retry::{may_repeat, retry_after};
use crate::{
    BaseUrl, Clock, CorrelationId, Failure, Limits, OperationInfo, Outcome, Response, RetryPolicy,
    TokenError, TokenSource,
};

pub use builder::{BuildError, SessionBuilder};
use sent_once::Left;

mod builder;
mod sent_once;

/// What a generated client needs at run time. Clones are cheap and share one connection pool.
#[derive(Clone)]
pub struct Session {
    pub(crate) shared: Arc<Shared>,
    credentials: Credentials,
    correlation_id: Option<CorrelationId>,
    retry: Arc<RetryPolicy>,
}

pub(crate) struct Shared {
    base_url: BaseUrl,
    /// What the caller put in the place of the servers that operations have of their own.
    pub(crate) servers: BTreeMap<&'static str, BaseUrl>,
    http: reqwest::Client,
    limits: Limits,
    pub(crate) clock: Arc<dyn Clock>,
    headers: HeaderMap,
    correlation_header: Option<HeaderName>,
    published_message: Option<PublishedMessage>,
}

impl Session {
    /// Starts a session with the API at `base_url`.
    pub fn builder(base_url: &str) -> SessionBuilder {
        SessionBuilder::new(base_url)
    }

    /// The same session with the tokens of `source`, for every scheme that takes a bearer token and
    /// has no credential of its own.
    #[must_use]
    pub fn with_token(&self, source: impl TokenSource) -> Self {
        Self { credentials: self.credentials.with_tokens(source), ..self.clone() }
    }

    /// The same session, whose requests all carry `id`.
    #[must_use]
    pub fn with_correlation_id(&self, id: CorrelationId) -> Self {
        Self { correlation_id: Some(id), ..self.clone() }
    }

    /// The same session with another retry policy.
    #[must_use]
    pub fn with_retry(&self, policy: RetryPolicy) -> Self {
        Self { retry: Arc::new(policy), ..self.clone() }
    }

    /// The URL to which an operation's path is appended.
    #[must_use]
    pub fn base_url(&self) -> &BaseUrl {
        &self.shared.base_url
    }

    /// The connection pool.
    #[must_use]
    pub fn http(&self) -> &reqwest::Client {
        &self.shared.http
    }

    /// The time that its requests go by.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        &*self.shared.clock
    }

    /// Sends `request` with the credentials that its operation takes, a correlation id and the client's
    /// own headers, and sends it again where that is safe and useful, until there is an answer or no
    /// time is left.
    ///
    /// # Errors
    /// When no answer came; any status is an answer.
    pub async fn execute(
        &self,
        request: Request,
        info: &OperationInfo,
    ) -> Result<Response, Failure> {
        let call = Call {
            operation: info.operation_id,
            correlation_id: match &self.correlation_id {
                Some(id) => id.clone(),
                None => CorrelationId::random(),
            },
            tries: 0,
            may_repeat: self.retry.may_repeat(request.method()),
            before: Outcome::NotSent,
        };
        let span = tracing::info_span!(
            "request",
            operation = call.operation,
            correlation_id = call.correlation_id.as_str(),
            status = tracing::field::Empty,
            tries = tracing::field::Empty,
        );
        let answer = self.send(request, info, call).instrument(span.clone()).await;
        span.in_scope(|| match &answer {
            Ok(response) => {
                span.record("status", response.status().as_u16());
                span.record("tries", response.head.call.tries);
                tracing::debug!("answered");
            }
            Err(failure) => {
                span.record("tries", failure.tries());
                tracing::debug!(kind = ?failure.kind(), "failed");
            }
        });
        answer.map(|response| Response { span, ..response })
    }

    async fn send(
        &self,
        mut request: Request,
        info: &OperationInfo,
        mut call: Call,
    ) -> Result<Response, Failure> {
        let clock = &*self.shared.clock;
        let started = clock.elapsed();
        self.fill_headers(request.headers_mut(), info, &call);
        let credentials = match self.credentials.choose(info) {
            Ok(credentials) => credentials,
            Err(missing) => return Err(Failure::credentials(missing, call)),
        };
        credentials.apply(&mut request);
        let tokens = credentials.tokens();
        let mut token = match &tokens {
            Some(source) => match self.in_time(self.retry.deadline, source.token()).await {
                Ok(token) => Some(token),
                Err(error) => return Err(Failure::token(error, call, None)),
            },
            None => None,
        };
        let mut renewed = false;

        loop {
            // `None` for a body that is a stream: such a request is sent once.
            let again = request.try_clone();
            if let Some(token) = &token {
                request.headers_mut().insert(AUTHORIZATION, token.header_value());
            }
            call.tries += 1;
            let spent = clock.elapsed().saturating_sub(started);
            let left = self.retry.deadline.saturating_sub(spent);
            let answer = self.try_once(request, left, &call).await;
            let Some(next) = again else {
                return answer;
            };
            request = next;

            if let (Ok(response), Some(source), Some(rejected), false) =
                (&answer, &tokens, &token, renewed)
                && response.status() == StatusCode::UNAUTHORIZED
            {
                renewed = true;
                call.before = call.before.max(Outcome::Refused);
                let status = Some(response.status());
                let spent = clock.elapsed().saturating_sub(started);
                let left = self.retry.deadline.saturating_sub(spent);
                match self.in_time(left, source.renew(rejected)).await {
                    Ok(Some(other)) => {
                        tracing::debug!("the token was refused, trying again with another one");
                        token = Some(other);
                        continue;
                    }
                    Ok(None) => return answer,
                    Err(error) => return Err(Failure::token(error, call, status)),
                }
            }

            let asked = match &answer {
                Ok(response) if may_repeat(response.status(), &call) => response.head.retry_after,
                Err(failure) if failure.is_retryable() => None,
                _ => return answer,
            };
            let spent = clock.elapsed().saturating_sub(started);
            let Some(wait) = self.retry.wait(clock, call.tries, spent, asked) else {
                return answer;
            };
            tracing::debug!(
                status = answer.as_ref().ok().map(|response| response.status().as_u16()),
                kind = ?answer.as_ref().err().map(Failure::kind),
                wait_ms = wait.as_millis(),
                "trying again"
            );
            call.before = call.before.max(match &answer {
                Ok(response) => Outcome::of(response.status()),
                Err(failure) => failure.outcome(),
            });
            // The connection goes back to the pool before the wait.
            drop(answer);
            clock.sleep(wait).await;
        }
    }

    /// Sets what every try carries alike.
    fn fill_headers(&self, request: &mut HeaderMap, info: &OperationInfo, call: &Call) {
        let Shared { headers, correlation_header, .. } = &*self.shared;
        for name in info.client_headers {
            if let Some(value) = headers.get(*name) {
                request.insert(*name, value.clone());
            }
        }
        if let Some(name) = correlation_header {
            request.insert(name, call.correlation_id.header_value());
        }
    }

    /// What a token source gives, unless it takes longer than a try may take, or than is `left`.
    async fn in_time<T>(
        &self,
        left: Duration,
        fetch: impl Future<Output = Result<T, TokenError>>,
    ) -> Result<T, TokenError> {
        match tokio::time::timeout(self.shared.limits.total.min(left), fetch).await {
            Ok(fetched) => fetched,
            Err(_) => Err(TokenError::new("the token source gave no token in time").transient()),
        }
    }

    async fn try_once(
        &self,
        mut request: Request,
        left: Duration,
        call: &Call,
    ) -> Result<Response, Failure> {
        let Shared { http, limits, clock, .. } = &*self.shared;
        *request.timeout_mut() = Some(limits.total.min(left));
        let url = request.url().clone();
        let left = Left::watch(&mut request);
        let body = http.execute(request).await.map_err(|error| {
            // The connection that did not come about may be the one after a redirect, to which the
            // caller's own HTTP client took an answer to this request.
            let elsewhere = error.url().is_some_and(|at| *at != url);
            let unsent = match left.has_begun() {
                Some(begun) => !begun && (error.is_connect() || error.is_timeout()),
                None => error.is_connect() && !elsewhere,
            };
            if unsent {
                Failure::unsent(error, call.clone())
            } else {
                Failure::transport(error, call.clone(), None)
            }
        })?;
        let head = Box::new(Head {
            call: call.clone(),
            status: body.status(),
            retry_after: retry_after(body.headers(), clock.now()),
            headers: body.headers().clone(),
            published_message: None,
        });
        if *body.url() != url {
            return Err(Failure::redirected(&head));
        }
        Ok(Response {
            head,
            body,
            limit: limits.response_body,
            published_message: self.shared.published_message,
            span: tracing::Span::none(),
        })
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("base_url", &self.shared.base_url)
            .field("limits", &self.shared.limits)
            .field("retry", &self.retry)
            .field("has_credentials", &!self.credentials.is_empty())
            .finish_non_exhaustive()
    }
}
