//! How a session gets a request answered: credentials, tries, waits, and what is told of them.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderMap};
use reqwest::{Request, StatusCode, Url};
use tracing::Instrument;

use super::again::Again;
use super::observe::{AnswerInfo, RequestInfo};
use super::sent_once::Left;
use super::{Session, Shared};
use crate::response::{Call, Head, Told};
use crate::retry::{may_repeat, retry_after};
use crate::{CorrelationId, Failure, OperationInfo, Outcome, Response, TokenError};

impl Session {
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
            correlation_id: self.shared.correlation_header.is_some().then(|| {
                match &self.correlation_id {
                    Some(id) => id.clone(),
                    None => CorrelationId::random(),
                }
            }),
            tries: 0,
            may_repeat: self.retry.may_repeat(request.method()),
            before: Outcome::NotSent,
        };
        // The names are OpenTelemetry's, of its conventions for HTTP clients; the last two are ours.
        let span = tracing::info_span!(
            "request",
            otel.name = call.operation,
            otel.kind = "client",
            http.request.method = request.method().as_str(),
            server.address = request.url().host_str(),
            server.port = request.url().port_or_known_default(),
            http.request.resend_count = tracing::field::Empty,
            http.response.status_code = tracing::field::Empty,
            error.type = tracing::field::Empty,
            operation = call.operation,
            correlation_id = call.correlation_id.as_ref().map(CorrelationId::as_str),
        );
        let again = info.streams.then(|| Again::of(self, &request, info)).flatten();
        let answer = self.send(request, info, call).instrument(span.clone()).await;
        span.in_scope(|| {
            let (tries, status, failure) = match &answer {
                Ok(response) => (response.head.call.tries, Some(response.status()), None),
                Err(failure) => (failure.tries(), failure.status(), Some(failure.kind())),
            };
            if tries > 1 {
                span.record("http.request.resend_count", tries - 1);
            }
            if let Some(status) = status {
                span.record("http.response.status_code", status.as_u16());
            }
            match (failure, status) {
                (Some(kind), _) => {
                    span.record("error.type", kind.name());
                    tracing::debug!(kind = kind.name(), "failed");
                }
                (None, Some(status)) if !status.is_success() => {
                    span.record("error.type", status.as_str());
                    tracing::debug!("refused");
                }
                (None, _) => tracing::debug!("answered"),
            }
        });
        answer.map(|response| Response { span, again, ..response })
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
            Some(source) => match source.at_hand() {
                Some(token) => Some(token),
                None => match self.in_time(self.retry.deadline, source.token()).await {
                    Ok(token) => Some(token),
                    Err(error) => return Err(Failure::token(error, call, None)),
                },
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
            let url = match &again {
                Some(again) => Cow::Borrowed(again.url()),
                None => Cow::Owned(request.url().clone()),
            };
            let answer = self.try_once(request, info, &url, left, &call).await;
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

    /// Sets what every try carries alike; what the operation set already comes before what is extra.
    fn fill_headers(&self, request: &mut HeaderMap, info: &OperationInfo, call: &Call) {
        let Shared { headers, correlation_header, .. } = &*self.shared;
        for (name, value) in &*self.extra_headers {
            if !request.contains_key(name) {
                request.insert(name.clone(), value.clone());
            }
        }
        for name in info.client_headers {
            if let Some(value) = headers.get(*name) {
                request.insert(*name, value.clone());
            }
        }
        if let (Some(name), Some(id)) = (correlation_header, &call.correlation_id) {
            request.insert(name, id.header_value());
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
        operation: &OperationInfo,
        url: &Url,
        left: Duration,
        call: &Call,
    ) -> Result<Response, Failure> {
        let Shared { http, limits, clock, hooks, .. } = &*self.shared;
        // A stream may go on for longer; what bounds it is the time without a byte.
        *request.timeout_mut() = (!operation.streams).then(|| limits.total.min(left));
        let left = Left::watch(&mut request);
        let (method, begun) = (request.method().clone(), clock.elapsed());
        let info = RequestInfo {
            operation: call.operation,
            method: &method,
            path: url.path(),
            number: call.tries,
            correlation_id: call.correlation_id.as_ref(),
        };
        hooks.before(&info);
        let answered = http.execute(request).await.map_err(|error| {
            // The connection that did not come about may be the one after a redirect, to which the
            // caller's own HTTP client took an answer to this request.
            let elsewhere = error.url().is_some_and(|at| at != url);
            let unsent = match left.has_begun() {
                Some(begun) => !begun && (error.is_connect() || error.is_timeout()),
                None => error.is_connect() && !elsewhere,
            };
            if unsent {
                Failure::unsent(error, call.clone())
            } else {
                Failure::transport(error, call.clone(), None)
            }
        });
        hooks.after(
            &info,
            &AnswerInfo {
                status: answered.as_ref().ok().map(reqwest::Response::status),
                failure: answered.as_ref().err().map(Failure::kind),
                time: clock.elapsed().saturating_sub(begun),
            },
        );
        let mut body = answered?;
        let head = Box::new(Head {
            call: call.clone(),
            status: body.status(),
            retry_after: retry_after(body.headers(), clock.now()),
            headers: Arc::new(std::mem::take(body.headers_mut())),
            told: Told::Nothing,
            says: None,
        });
        if body.url() != url {
            return Err(Failure::redirected(&head));
        }
        Ok(Response {
            head,
            body,
            limit: limits.response_body,
            published_message: self.shared.published_message,
            span: tracing::Span::none(),
            again: None,
        })
    }
}
