//! What goes wrong on request, so that a caller's handling of it can be tried.
//!
//! A fault comes with the request that it is for, in the header `x-sandbox-fault`, or is planned
//! for the next requests of an operation. A planned one is used up by the requests that it struck,
//! so that a client which tries again gets through.

use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use http_body_util::BodyExt;
use pagebind_mock::{ResetConnection, Truncated};
use serde::{Deserialize, Deserializer};

/// The header that brings a fault along with a request.
pub(crate) const HEADER: &str = "x-sandbox-fault";

/// Something that goes wrong with one request.
///
/// As text, in the header and in the plan, it is `name` or `name=number`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// `delay=250`: the request is carried out after so many milliseconds, whether or not its sender
    /// still waits.
    Delay(Duration),
    /// `rate-limited=2`: status 429 with a `Retry-After` of so many seconds; nothing is carried out.
    RateLimited(Duration),
    /// `server-error`: status 500 with the API's own body; nothing is carried out.
    ServerError,
    /// `empty-server-error`: status 500 without a body; nothing is carried out.
    EmptyServerError,
    /// `html`: status 200 with a page of HTML, as a proxy may answer; nothing is carried out.
    Html,
    /// `redirect`: status 302 to another path of this server; nothing is carried out.
    Redirect,
    /// `expired-token`: status 401, as if the token had just expired; nothing is carried out. This
    /// and the faults of events strike operations of Click to Pay only.
    ExpiredToken,
    /// `reset`: the request is carried out, and the connection reset in place of an answer.
    Reset,
    /// `truncated`: the request is carried out, and its answer breaks off: half of the body is
    /// missing, and where there is none, the head announces a byte that does not come.
    Truncated,
    /// `failed-event`: the request is accepted; its event tells of a failure, and nothing is
    /// carried out.
    FailedEvent,
    /// `repeated-event`: the request is carried out, and its event is delivered twice.
    RepeatedEvent,
}

/// How a fault is written after its name.
enum Form {
    Word(Fault),
    Milliseconds(fn(Duration) -> Fault),
    Seconds(fn(Duration) -> Fault),
}

const FORMS: [(&str, Form); 11] = [
    ("delay", Form::Milliseconds(Fault::Delay)),
    ("rate-limited", Form::Seconds(Fault::RateLimited)),
    ("server-error", Form::Word(Fault::ServerError)),
    ("empty-server-error", Form::Word(Fault::EmptyServerError)),
    ("html", Form::Word(Fault::Html)),
    ("redirect", Form::Word(Fault::Redirect)),
    ("expired-token", Form::Word(Fault::ExpiredToken)),
    ("reset", Form::Word(Fault::Reset)),
    ("truncated", Form::Word(Fault::Truncated)),
    ("failed-event", Form::Word(Fault::FailedEvent)),
    ("repeated-event", Form::Word(Fault::RepeatedEvent)),
];

/// A text that names no fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownFault;

impl fmt::Display for UnknownFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this is no fault: write one of ")?;
        for (index, (name, form)) in FORMS.iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            let number = match form {
                Form::Word(_) => "",
                Form::Milliseconds(_) => "=MILLISECONDS",
                Form::Seconds(_) => "=SECONDS",
            };
            write!(f, "{separator}{name}{number}")?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownFault {}

impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(text: &str) -> Result<Self, UnknownFault> {
        let (name, number) = match text.trim().split_once('=') {
            Some((name, number)) => (name, Some(number.parse::<u32>().map_err(|_| UnknownFault)?)),
            None => (text.trim(), None),
        };
        let (_, form) = FORMS.iter().find(|(known, _)| *known == name).ok_or(UnknownFault)?;
        match (form, number) {
            (Form::Word(fault), None) => Ok(*fault),
            (Form::Milliseconds(fault), Some(number)) => {
                Ok(fault(Duration::from_millis(number.into())))
            }
            (Form::Seconds(fault), Some(number)) => Ok(fault(Duration::from_secs(number.into()))),
            _ => Err(UnknownFault),
        }
    }
}

impl Fault {
    /// Whether it can be true only of an operation that has a token and events.
    fn needs_events(self) -> bool {
        matches!(self, Self::ExpiredToken | Self::FailedEvent | Self::RepeatedEvent)
    }
}

impl<'de> Deserialize<'de> for Fault {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A fault that strikes the next requests of an operation.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Planned {
    pub(crate) fault: Fault,
    pub(crate) operation: Option<String>,
    #[serde(default = "once")]
    pub(crate) times: u32,
}

fn once() -> u32 {
    1
}

/// The faults to come, in the order in which they were planned.
#[derive(Debug, Default)]
pub(crate) struct Plan(Mutex<Vec<Planned>>);

impl Plan {
    pub(crate) fn add(&self, planned: Planned) {
        if planned.times > 0 {
            self.lock().push(planned);
        }
    }

    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    /// The fault that strikes this request, which thereby is used up by one.
    fn take(&self, operation: &str, has_events: bool) -> Option<Fault> {
        let mut plan = self.lock();
        let index = plan.iter().position(|planned| {
            planned.operation.as_deref().is_none_or(|meant| meant == operation)
                && (has_events || !planned.fault.needs_events())
        })?;
        let planned = plan.get_mut(index)?;
        planned.times -= 1;
        let fault = planned.fault;
        if planned.times == 0 {
            plan.remove(index);
        }
        Some(fault)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Planned>> {
        // Every change leaves the plan whole, so a panic elsewhere doesn't spoil it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the faults of one operation need to know.
#[derive(Clone)]
pub(crate) struct Target {
    pub(crate) plan: Arc<Plan>,
    /// The name by which faults are planned for it.
    pub(crate) operation: Arc<str>,
    /// Whether it takes an account token and is told by an event.
    pub(crate) has_events: bool,
    /// The 500 of its API, with the body that it has there.
    pub(crate) server_error: fn(&HeaderMap) -> Response,
}

/// Strikes a request with its fault, if it has one. Those that only the operation itself can make
/// true go on to it among the request's extensions.
pub(crate) async fn strike(
    State(target): State<Target>,
    mut request: Request,
    next: Next,
) -> Response {
    let fault = match request.headers().get(HEADER) {
        Some(value) => match value.to_str().map_err(|_| UnknownFault).and_then(str::parse) {
            Ok(fault) => Some(fault),
            Err(unknown) => {
                let problem = format!("{HEADER}: {unknown}\n");
                return (StatusCode::BAD_REQUEST, problem).into_response();
            }
        },
        None => target.plan.take(&target.operation, target.has_events),
    };
    let Some(fault) = fault else { return next.run(request).await };
    tracing::info!(operation = &*target.operation, ?fault, "struck");
    match fault {
        Fault::Delay(time) => {
            // In a task of its own, which goes on when the sender hangs up.
            let late = tokio::spawn(async move {
                tokio::time::sleep(time).await;
                next.run(request).await
            });
            late.await.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
        }
        Fault::RateLimited(wait) => {
            let retry_after = [(header::RETRY_AFTER, wait.as_secs())];
            (StatusCode::TOO_MANY_REQUESTS, retry_after).into_response()
        }
        Fault::ServerError => (target.server_error)(request.headers()),
        Fault::EmptyServerError => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Fault::Html => Html("<!doctype html><title>Welcome</title>").into_response(),
        Fault::Redirect => (StatusCode::FOUND, [(header::LOCATION, "/elsewhere")]).into_response(),
        Fault::Reset => {
            let mut response = next.run(request).await;
            response.extensions_mut().insert(ResetConnection);
            response
        }
        Fault::Truncated => truncated(next.run(request).await).await,
        Fault::ExpiredToken | Fault::FailedEvent | Fault::RepeatedEvent => {
            request.extensions_mut().insert(fault);
            next.run(request).await
        }
    }
}

/// The same response, whose body breaks off.
async fn truncated(response: Response) -> Response {
    let (mut head, body) = response.into_parts();
    // The body is in memory already: no operation streams one.
    let whole = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    let body = Truncated::new(&mut head.headers, &whole);
    Response::from_parts(head, Body::new(body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_read_from_what_the_message_of_an_unknown_one_offers() {
        let offered = UnknownFault.to_string();
        let (_, list) = offered.split_once("one of ").unwrap();
        let mut read = Vec::new();
        for text in list.split(", ") {
            let text = text.replace("MILLISECONDS", "7").replace("SECONDS", "7");
            read.push(text.parse::<Fault>().unwrap());
        }
        assert_eq!(read.len(), FORMS.len());
        assert_eq!(read[0], Fault::Delay(Duration::from_millis(7)));
        assert_eq!(read[1], Fault::RateLimited(Duration::from_secs(7)));
    }

    #[test]
    fn what_is_no_fault_is_refused() {
        for text in ["", "delay", "delay=", "delay=-1", "delay=soon", "reset=1", "Reset", "reset,"]
        {
            assert_eq!(text.parse::<Fault>(), Err(UnknownFault), "{text}");
        }
    }

    #[test]
    fn a_planned_fault_strikes_its_operation_as_often_as_was_planned() {
        let plan = Plan::default();
        let plan_for = |fault, operation: Option<&str>, times| {
            plan.add(Planned { fault, operation: operation.map(str::to_owned), times });
        };
        plan_for(Fault::Reset, Some("a"), 2);
        plan_for(Fault::Truncated, None, 1);
        plan_for(Fault::ServerError, Some("a"), 0);
        assert_eq!(plan.take("b", true), Some(Fault::Truncated));
        assert_eq!(plan.take("b", true), None);
        assert_eq!(plan.take("a", true), Some(Fault::Reset));
        assert_eq!(plan.take("a", true), Some(Fault::Reset));
        assert_eq!(plan.take("a", true), None);
        plan_for(Fault::ExpiredToken, None, 1);
        assert_eq!(plan.take("a", false), None);
        assert_eq!(plan.take("a", true), Some(Fault::ExpiredToken));
    }
}
