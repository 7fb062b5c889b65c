//! Visa Click to Pay on Pismo: every operation of the contract.
//!
//! Routes, headers and bodies are those of `openapi.json`. What an operation does to a customer is
//! known by its `operationId`; one that is not known here is checked and accepted, and changes
//! nothing. The outcome is told by an event, as the pages say.

mod contract;
mod customers;

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, on};
use axum::{Extension, Json, Router};
use serde_json::{Value, json};
use uuid::Uuid;

pub use contract::ContractError;
pub(crate) use customers::Customers;

use crate::events::{Events, Outcome};
use crate::fault::Fault;
use crate::tokens::Tokens;
use contract::Operation;
use customers::{Effect, Refusal};

/// What the operations work on.
pub(crate) struct ClickToPay {
    pub(crate) tokens: Arc<Tokens>,
    pub(crate) customers: Arc<Customers>,
    pub(crate) events: Arc<Events>,
}

/// Each operation of the contract by its `operationId`, with its route.
pub(crate) fn operations(service: ClickToPay) -> Result<Vec<(String, Router)>, ContractError> {
    let service = Arc::new(service);
    let mut routes = Vec::new();
    for operation in contract::operations()? {
        let id = operation.id.clone();
        let path = operation.path.clone();
        let method = MethodFilter::try_from(operation.method.clone())
            .map_err(|_| ContractError::new(&id, "a method that can't be served"))?;
        let (service, operation) = (Arc::clone(&service), Arc::new(operation));
        let handler = async move |fault: Option<Extension<Fault>>,
                                  headers: HeaderMap,
                                  body: Result<Bytes, BytesRejection>| {
            match body {
                Ok(body) => service.answer(&operation, fault.map(|fault| fault.0), &headers, &body),
                Err(rejection) => rejection.into_response(),
            }
        };
        routes.push((id, Router::new().route(&path, on(method, handler))));
    }
    Ok(routes)
}

impl ClickToPay {
    fn answer(
        &self,
        operation: &Operation,
        fault: Option<Fault>,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Response {
        let bearer = self.tokens.bearer(headers).filter(|_| fault != Some(Fault::ExpiredToken));
        let Some(bearer) = bearer else { return unauthorized() };
        let Ok(body) = operation.read_body(body) else {
            return bad_request("bad request", &[]);
        };
        let mut details = operation.check(headers, &body);
        if !bearer.has_account {
            details.push("AccountID: cannot be blank".to_owned());
        }
        if operation.id == "enroll_customer" {
            details.extend(blank_where_mandatory(&body));
        }
        if !details.is_empty() {
            return bad_request("bad request", &details);
        }

        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let tenant = text("x-tenant").unwrap_or_default();
        let customer = text("x-customer-id").and_then(|id| id.parse().ok()).unwrap_or_default();
        let fails_later = fault == Some(Fault::FailedEvent);
        let effect = match operation.id.as_str() {
            "enroll_customer" => Effect::Enroll,
            "update_customer" => Effect::Update,
            "delete_customer" => Effect::Delete,
            _ => Effect::None,
        };
        if let Err(refusal) = self.customers.accept(tenant, customer, effect, fails_later) {
            return bad_request(refusal.message(), &[]);
        }

        let generated = Uuid::new_v4().to_string();
        let outcome = Outcome {
            tenant,
            correlation_id: text("x-cid").unwrap_or(&generated),
            data: json!({
                "operation": operation.id,
                "customer_id": customer,
                "status": if fails_later { "FAILURE" } else { "SUCCESS" },
            }),
        };
        self.events.publish(outcome, if fault == Some(Fault::RepeatedEvent) { 2 } else { 1 });
        operation.accepted.into_response()
    }
}

/// The fields that the page of the operation calls mandatory "if not passed and not found
/// internally"; the sandbox finds none internally. `details` of this form are published, for other
/// fields.
fn blank_where_mandatory(body: &Value) -> impl Iterator<Item = String> {
    const MANDATORY: [(&str, &str); 5] = [
        ("/customer_information/first_name", "first_name"),
        ("/customer_information/last_name", "last_name"),
        ("/customer_information/emails", "emails"),
        ("/customer_information/phones", "phones"),
        ("/card_information/billing_address", "billing_address"),
    ];
    let missing = |(pointer, _): &(&str, _)| body.pointer(pointer).is_none();
    MANDATORY.into_iter().filter(missing).map(|(_, name)| format!("{name}: cannot be blank"))
}

/// The error body of status 400 that the pages document.
fn bad_request(message: &str, details: &[String]) -> Response {
    let mut body = json!({"code": 400, "message": message});
    if !details.is_empty() {
        body["details"] = details.into();
    }
    (StatusCode::BAD_REQUEST, Json(body)).into_response()
}

/// The body of a 401 is not published; RFC 6750, section 3, wants the header.
fn unauthorized() -> Response {
    (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, "Bearer")]).into_response()
}

/// The error body of status 500 that the pages document.
pub(crate) fn server_error(_: &HeaderMap) -> Response {
    let body = json!({"code": 500, "message": "internal server error"});
    (StatusCode::INTERNAL_SERVER_ERROR, Json(body)).into_response()
}

impl Refusal {
    /// The message as the pages write it.
    fn message(self) -> &'static str {
        match self {
            Self::AlreadyEnrolled => "customer already on click to pay",
            Self::NotEnrolled => "customer not enabled to click to pay",
            Self::TenantOff => "click to pay is not enabled to tenant",
        }
    }
}
