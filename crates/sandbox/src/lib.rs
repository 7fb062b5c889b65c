#![doc = include_str!("../README.md")]

mod click_to_pay;
mod control;
mod events;
mod fault;
mod payments;
mod server;
mod tokens;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::http::HeaderMap;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::post;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use click_to_pay::ContractError;
pub use control::UnknownOperation;
pub use events::EventStream;
pub use fault::{Fault, UnknownFault};

use click_to_pay::{ClickToPay, Customers};
use control::Controls;
use events::Events;
use fault::{Plan, Planned, Target};
use payments::Payments;
use tokens::Tokens;

/// How a sandbox is set up.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The port on 127.0.0.1; 0, the default, takes one that is free.
    pub port: u16,
    /// How long a token is good. Default: 600 s, as the token that the guides show.
    pub token_lifetime: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self { port: 0, token_lifetime: Duration::from_secs(600) }
    }
}

/// Why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The port can't be listened on.
    #[error("can't listen on 127.0.0.1:{port}: {error}; port 0 takes a free one")]
    Listen {
        /// The port.
        port: u16,
        /// Why not.
        error: io::Error,
    },
    /// The contract asks for something that can't be served.
    #[error(transparent)]
    Contract(#[from] ContractError),
}

/// A sandbox that runs until it is dropped.
#[derive(Debug)]
pub struct Sandbox {
    address: SocketAddr,
    controls: Controls,
    serving: JoinHandle<()>,
}

impl Sandbox {
    /// The id and the secret for tokens: `client_id` and `client_secret_string`, or `server_key`
    /// and `secret_key`.
    pub const PASSPORT: (&str, &str) = ("sandbox", "sandbox-secret");
    /// The id and the key for the payments service, those of the page's sample.
    pub const PAYMENTS: (&str, &str) = ("170200123", "467512342123");

    /// Starts on a free port.
    ///
    /// # Errors
    /// When there is none.
    pub async fn start() -> Result<Self, StartError> {
        Self::start_with(Settings::default()).await
    }

    /// Starts as the settings say.
    ///
    /// # Errors
    /// When the port is taken, or the contract asks for something that can't be served.
    pub async fn start_with(settings: Settings) -> Result<Self, StartError> {
        let port = settings.port;
        let listen = |error| StartError::Listen { port, error };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let (controls, router) = services(&settings)?;
        let serving = tokio::spawn(server::serve(listener, router));
        Ok(Self { address, controls, serving })
    }

    /// The base URL for the client of Click to Pay.
    #[must_use]
    pub fn click_to_pay_url(&self) -> String {
        format!("http://{}/cards-tokenization", self.address)
    }

    /// The base URL of the token service.
    #[must_use]
    pub fn passport_url(&self) -> String {
        format!("http://{}/passport", self.address)
    }

    /// The base URL for the client of the payments service.
    #[must_use]
    pub fn payments_url(&self) -> String {
        format!("http://{}/payments", self.address)
    }

    /// Where events are delivered as server-sent events.
    #[must_use]
    pub fn events_url(&self) -> String {
        format!("http://{}/sandbox/events", self.address)
    }

    /// The environment variables that point the examples, and any program that reads them, at this
    /// sandbox.
    #[must_use]
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let (client, secret) = Self::PASSPORT;
        let (id, key) = Self::PAYMENTS;
        vec![
            ("CLICK_TO_PAY_URL", self.click_to_pay_url()),
            ("CLICK_TO_PAY_TENANT", "TN-00000000-0000-0000-0000-000000000000".to_owned()),
            ("CLICK_TO_PAY_ACCOUNT", "1234567".to_owned()),
            ("CLICK_TO_PAY_EVENTS_URL", self.events_url()),
            ("PASSPORT_URL", self.passport_url()),
            ("PASSPORT_CLIENT_ID", client.to_owned()),
            ("PASSPORT_CLIENT_SECRET", secret.to_owned()),
            ("PAYMENTS_URL", self.payments_url()),
            ("PAYMENTS_ID", id.to_owned()),
            ("PAYMENTS_KEY", key.to_owned()),
        ]
    }

    /// Every event since the sandbox started, and those to come.
    #[must_use]
    pub fn events(&self) -> EventStream {
        self.controls.events.from(0)
    }

    /// Lets `fault` strike the next so many requests of an operation, or of any. Operations are
    /// the contract's by their `operationId`, `token` and `update_payment_profile`.
    ///
    /// # Errors
    /// When no operation has that name.
    pub fn plan(
        &self,
        fault: Fault,
        operation: Option<&str>,
        times: u32,
    ) -> Result<(), UnknownOperation> {
        self.controls.plan(Planned { fault, operation: operation.map(str::to_owned), times })
    }

    /// Forgets the faults that were planned and struck nothing yet.
    pub fn clear_plan(&self) {
        self.controls.plan.clear();
    }

    /// Ends the life of every token that was issued so far.
    pub fn expire_tokens(&self) {
        self.controls.tokens.expire();
    }

    /// Enables Click to Pay to a tenant, or disables it. Every tenant starts enabled.
    pub fn enable_tenant(&self, tenant: &str, enabled: bool) {
        self.controls.customers.enable(tenant, enabled);
    }

    /// Lets the payments service know another profile.
    pub fn add_payment_profile(&self, customer_profile_id: &str, payment_profile_id: &str) {
        self.controls.payments.add_profile(customer_profile_id, payment_profile_id);
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // The task owns the connections, which end with it.
        self.serving.abort();
    }
}

/// Every service with its faults, and what controls them.
fn services(settings: &Settings) -> Result<(Controls, Router), ContractError> {
    let (client, secret) = Sandbox::PASSPORT;
    let (id, key) = Sandbox::PAYMENTS;
    let tokens = Arc::new(Tokens::new(client, secret, settings.token_lifetime));
    let customers = Arc::new(Customers::default());
    let events = Arc::new(Events::new());
    let payments = Arc::new(Payments::new(id, key));
    let plan = Arc::new(Plan::default());

    let mut operations = Vec::new();
    let mut with_faults = |operation: String,
                           router: Router,
                           has_events: bool,
                           server_error: fn(&HeaderMap) -> Response| {
        operations.push(operation.clone());
        let (plan, operation) = (Arc::clone(&plan), operation.into());
        let target = Target { plan, operation, has_events, server_error };
        router.route_layer(from_fn_with_state(target, fault::strike))
    };

    let passport = Router::new()
        .route("/v2/oauth/token", post(tokens::oauth2))
        .route("/v2/s2s/access-token", post(tokens::basic))
        .with_state(Arc::clone(&tokens));
    let passport = with_faults("token".to_owned(), passport, false, click_to_pay::server_error);
    let payments_router = with_faults(
        "update_payment_profile".to_owned(),
        payments::router(Arc::clone(&payments)),
        false,
        payments::server_error,
    );
    let click_to_pay = click_to_pay::operations(ClickToPay {
        tokens: Arc::clone(&tokens),
        customers: Arc::clone(&customers),
        events: Arc::clone(&events),
    })?
    .into_iter()
    .fold(Router::new(), |all, (operation, router)| {
        all.merge(with_faults(operation, router, true, click_to_pay::server_error))
    });

    let controls =
        Controls { plan, operations: operations.into(), tokens, customers, events, payments };
    let router = Router::new()
        .nest("/passport", passport)
        .nest("/payments", payments_router)
        .nest("/cards-tokenization", click_to_pay)
        .nest("/sandbox", control::router(controls.clone()));
    Ok((controls, router))
}
