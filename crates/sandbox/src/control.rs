//! What a test sets up from outside: faults, tenants, profiles, tokens.
//!
//! Each is a method of [`Sandbox`](crate::Sandbox), and a request below `/sandbox` for programs that
//! run elsewhere.

use std::fmt;
use std::sync::Arc;

use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde::Deserialize;

use crate::click_to_pay::Customers;
use crate::events::{self, Events};
use crate::fault::{Plan, Planned};
use crate::payments::Payments;
use crate::tokens::Tokens;

/// What the sandbox is controlled by.
#[derive(Clone)]
pub(crate) struct Controls {
    pub(crate) plan: Arc<Plan>,
    /// The names by which faults can be planned.
    pub(crate) operations: Arc<[String]>,
    pub(crate) tokens: Arc<Tokens>,
    pub(crate) customers: Arc<Customers>,
    pub(crate) events: Arc<Events>,
    pub(crate) payments: Arc<Payments>,
}

impl fmt::Debug for Controls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Controls").field("plan", &self.plan).finish_non_exhaustive()
    }
}

/// A fault was planned for an operation that the sandbox does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no operation has that name: write one of {}", .known.join(", "))]
pub struct UnknownOperation {
    known: Arc<[String]>,
}

impl Controls {
    pub(crate) fn plan(&self, planned: Planned) -> Result<(), UnknownOperation> {
        let known = |name: &String| self.operations.contains(name);
        if !planned.operation.as_ref().is_none_or(known) {
            return Err(UnknownOperation { known: Arc::clone(&self.operations) });
        }
        self.plan.add(planned);
        Ok(())
    }
}

/// The requests that do what the methods of the sandbox do.
pub(crate) fn router(controls: Controls) -> Router {
    let events = get(events::listen).with_state(Arc::clone(&controls.events));
    Router::new()
        .route("/faults", post(plan).delete(clear_plan))
        .route("/tokens/expire", post(expire_tokens))
        .route("/tenants/{tenant}", put(enable_tenant))
        .route("/payment-profiles/{customer}/{profile}", put(add_payment_profile))
        .with_state(controls)
        .route("/events", events)
}

async fn plan(
    State(controls): State<Controls>,
    planned: Result<Json<Planned>, JsonRejection>,
) -> Response {
    let Json(planned) = match planned {
        Ok(planned) => planned,
        Err(rejection) => return rejection.into_response(),
    };
    match controls.plan(planned) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(unknown) => (StatusCode::BAD_REQUEST, format!("{unknown}\n")).into_response(),
    }
}

async fn clear_plan(State(controls): State<Controls>) -> StatusCode {
    controls.plan.clear();
    StatusCode::NO_CONTENT
}

async fn expire_tokens(State(controls): State<Controls>) -> StatusCode {
    controls.tokens.expire();
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tenant {
    click_to_pay: bool,
}

async fn enable_tenant(
    State(controls): State<Controls>,
    Path(tenant): Path<String>,
    Json(settings): Json<Tenant>,
) -> StatusCode {
    controls.customers.enable(&tenant, settings.click_to_pay);
    StatusCode::NO_CONTENT
}

async fn add_payment_profile(
    State(controls): State<Controls>,
    Path((customer, profile)): Path<(String, String)>,
) -> StatusCode {
    controls.payments.add_profile(&customer, &profile);
    StatusCode::NO_CONTENT
}
