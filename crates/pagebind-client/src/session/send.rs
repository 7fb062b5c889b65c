//! How a session gets a request answered, and what is told of it.

use reqwest::Request;
use tracing::{Instrument, Span};

use super::Session;
#[cfg(feature = "events")]
use super::again::Again;
use super::tries::Tries;
use crate::outgoing::Outgoing;
use crate::response::Call;
use crate::{CorrelationId, Failure, OperationInfo, Outcome, Response};

impl Session {
    /// Sends `request` with the credentials that its operation takes, a correlation id and the client's
    /// own headers, and sends it again where that is safe and useful, until there is an answer or no
    /// time is left. Of `request`, its method, URL, headers and body are sent; its headers come before the
    /// client's own, but not before credentials and id.
    ///
    /// # Errors
    /// When no answer came; any status is an answer.
    pub fn execute<'a>(
        &'a self,
        request: Request,
        info: &'a OperationInfo,
    ) -> impl Future<Output = Result<Response, Failure>> + Send + 'a {
        self.send(request.into(), info)
    }

    // No `async fn`: that would hold the request twice, and who has many calls in flight pays for it.
    pub(crate) fn send<'a>(
        &'a self,
        outgoing: Outgoing,
        info: &'a OperationInfo,
    ) -> impl Future<Output = Result<Response, Failure>> + Send + 'a {
        let call = Call {
            operation: info.operation_id,
            correlation_id: self.shared.correlation_header.is_some().then(|| {
                match &self.correlation_id {
                    Some(id) => id.clone(),
                    None => CorrelationId::random(),
                }
            }),
            tries: 0,
            may_repeat: self.retry.may_repeat(&outgoing.method),
            before: Outcome::NotSent,
        };
        // The names are OpenTelemetry's, of its conventions for HTTP clients; the last two are ours.
        let span = tracing::info_span!(
            "request",
            otel.name = call.operation,
            otel.kind = "client",
            http.request.method = outgoing.method.as_str(),
            server.address = outgoing.url.host_str(),
            server.port = outgoing.url.port_or_known_default(),
            http.request.resend_count = tracing::field::Empty,
            http.response.status_code = tracing::field::Empty,
            error.type = tracing::field::Empty,
            operation = call.operation,
            correlation_id = call.correlation_id.as_ref().map(CorrelationId::as_str),
        );
        #[cfg(feature = "events")]
        let again = info.streams.then(|| Again::of(self, &outgoing, info)).flatten();
        let mut tries = Tries::new(self, outgoing, info, call);
        let of_answer = span.clone();
        async move {
            let mut answer = tries.answer().await;
            told(&of_answer, &answer);
            if let Ok(response) = &mut answer {
                response.0.span = of_answer;
                #[cfg(feature = "events")]
                {
                    response.0.again = again;
                }
            }
            answer
        }
        .instrument(span)
    }
}

/// Tells what came of a call, in its span.
fn told(span: &Span, answer: &Result<Response, Failure>) {
    let (tries, status, failure) = match answer {
        Ok(response) => (response.0.head.call.tries, Some(response.status()), None),
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
}
