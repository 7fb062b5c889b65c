//! Every error that a call can end in, and what a caller does about it.
//!
//! [`next_step`] is the part to copy. The rest makes the errors happen in the sandbox, one line
//! each:
//!
//! ```text
//! cargo run -p sandbox -- cargo run -p visa-click-to-pay --example errors
//! ```
//!
//! Two do not happen here: the sandbox has no card of another network (`InvalidNetwork`), and
//! `Redirected` takes a `reqwest::Client` of the caller's own that follows redirects.
//!
//! Exit status: 0 every error was met; 1 a request was accepted that should have failed; 2 not set
//! up, or no sandbox.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to its reader")]

mod common;

use std::fmt;
use std::process::ExitCode;
use std::time::Duration;

use serde_json::json;
use visa_click_to_pay::types::{ClickToPayDeleteCustomerRequest, EnrollCustomerError};
use visa_click_to_pay::{
    BuildError, ClickToPayError, Client, Error, ErrorKind, KnownMessage, Limits, Outcome, Passport,
    ResponseValue, TokenSource, reqwest,
};

use common::{Organization, SCOPE, made_up_enrolment, tell, variable};

/// What a caller does next.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Next {
    /// It is as the caller wanted it.
    Nothing,
    /// The same request will fail again.
    MendRequest,
    /// Every request will fail until somebody has done this.
    MendSetUp(&'static str),
    /// Sending the request again does no harm; do so after a while.
    SendAgain(Option<Duration>),
    /// The request may have been carried out. An enrolment may be sent again, under the same
    /// correlation id, because a second one is refused with
    /// [`KnownMessage::CustomerAlreadyEnrolled`]; for any other POST, wait for its event.
    FindOut,
    /// The API is not as its pages say: look at `Failure::raw_body`, and at the pages.
    CheckContract,
}

/// Decides by the kind of an error, and by the message of a documented one.
fn next_step<E: ClickToPayError>(error: &Error<E>) -> Next {
    match error.kind() {
        ErrorKind::InvalidRequest => Next::MendRequest,
        ErrorKind::Documented => match error.known_message() {
            Some(KnownMessage::CustomerAlreadyEnrolled) => Next::Nothing,
            // To an update: enrol first. To a delete, which may have been done before: nothing.
            Some(KnownMessage::CustomerNotEnrolled) => Next::MendRequest,
            Some(KnownMessage::BadRequest | KnownMessage::InvalidNetwork) => Next::MendRequest,
            Some(KnownMessage::TenantNotEnabled) => {
                Next::MendSetUp("have Pismo enable Click to Pay to the organization")
            }
            Some(KnownMessage::InternalServerError) => Next::FindOut,
            // A message that the pages do not show.
            _ if error.outcome() == Outcome::Refused => Next::MendRequest,
            _ => Next::FindOut,
        },
        ErrorKind::Token if error.is_transient() => Next::SendAgain(None),
        ErrorKind::Token => Next::MendSetUp("mend the credentials of the token source"),
        ErrorKind::Unauthorized => Next::MendSetUp("check that tokens are of this account"),
        // The client has tried again already, where that does no harm and was not to take too long.
        ErrorKind::RateLimited => Next::SendAgain(error.retry_after()),
        ErrorKind::Timeout | ErrorKind::Connection if error.is_retryable() => Next::SendAgain(None),
        // Before anything is mended: the answer is lost, no refusal, or a gateway's own page.
        _ if error.outcome() == Outcome::Unknown => Next::FindOut,
        ErrorKind::TooLarge => Next::MendSetUp("raise `Limits::response_body` if that is right"),
        ErrorKind::Redirected => Next::MendSetUp("build the reqwest client with `Policy::none()`"),
        _ => Next::CheckContract,
    }
}

impl fmt::Display for Next {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("nothing to do"),
            Self::MendRequest => f.write_str("mend the request"),
            Self::MendSetUp(how) => f.write_str(how),
            Self::SendAgain(Some(wait)) => write!(f, "send again after {} s", wait.as_secs()),
            Self::SendAgain(None) => f.write_str("send again later"),
            Self::FindOut => f.write_str("find out first whether it was carried out"),
            Self::CheckContract => f.write_str("compare the answer with the API's pages"),
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    match demonstrate().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(Trouble::Unexpected(what)) => {
            eprintln!("error: {what}: the request was accepted");
            ExitCode::from(1)
        }
        Err(Trouble::SetUp(error)) => {
            eprintln!("error: {}", tell(&*error));
            ExitCode::from(2)
        }
    }
}

/// Why there is nothing to show.
enum Trouble {
    Unexpected(&'static str),
    SetUp(Box<dyn std::error::Error>),
}

impl<E: Into<Box<dyn std::error::Error>>> From<E> for Trouble {
    fn from(error: E) -> Self {
        Self::SetUp(error.into())
    }
}

/// Makes each error happen.
async fn demonstrate() -> Result<(), Trouble> {
    let sandbox = Sandbox::from_environment()?;
    let organization = Organization::from_environment()?;
    let account_id = variable("CLICK_TO_PAY_ACCOUNT")?;
    let account = organization.account(&account_id);

    let request = account.enroll_customer().body(made_up_enrolment(1)?);
    show("no customer id", request.send().await)?;

    let mut enrolment = made_up_enrolment(1)?;
    enrolment.customer_information.first_name = None;
    let request = account.enroll_customer().x_customer_id(1).body(enrolment);
    show("no first name", request.send().await)?;

    enroll(&account, 1).await?;
    show("enrolled twice", enroll(&account, 1).await)?;

    let body = ClickToPayDeleteCustomerRequest::builder().owner_bid("1000052");
    let request = account.delete_customer().x_customer_id(2).body(body);
    show("nobody to delete", request.send().await)?;

    sandbox.enable_click_to_pay(false).await?;
    let answer = enroll(&account, 2).await;
    sandbox.enable_click_to_pay(true).await?;
    show("tenant not enabled", answer)?;

    sandbox.plan("server-error", 1).await?;
    show("server error", enroll(&account, 2).await)?;

    // One would not be seen: the client renews its token and sends again.
    sandbox.plan("expired-token", 2).await?;
    show("token refused twice", enroll(&account, 2).await)?;

    // A shorter wait would not be seen: the client waits, and sends again.
    sandbox.plan("rate-limited=60", 1).await?;
    show("rate limited", enroll(&account, 2).await)?;

    sandbox.plan("empty-server-error", 1).await?;
    show("answer without a body", enroll(&account, 2).await)?;

    sandbox.plan("html", 1).await?;
    show("answer of a proxy", enroll(&account, 2).await)?;

    sandbox.plan("reset", 1).await?;
    show("answer lost", enroll(&account, 2).await)?;
    show("the same sent again", enroll(&account, 2).await)?;

    // The rest takes clients that are set up otherwise; they share one token.
    let (url, tenant) = (variable("CLICK_TO_PAY_URL")?, variable("CLICK_TO_PAY_TENANT")?);
    let token = organization.credentials.account(&account_id).token().await?;
    let client = |url: &str, limits| {
        let client = Client::builder(url).tenant(&tenant).limits(limits).build()?;
        Ok::<_, BuildError>(client.with_token(token.clone()))
    };

    let limits = Limits { total: Duration::from_secs(1), ..Limits::default() };
    sandbox.plan("delay=60000", 1).await?;
    show("no answer in time", enroll(&client(&url, limits)?, 3).await)?;

    let limits = Limits { response_body: 10, ..Limits::default() };
    show("long answer", enroll(&client(&url, limits)?, 1).await)?;

    let elsewhere = format!("{url}/elsewhere");
    show("wrong base URL", enroll(&client(&elsewhere, Limits::default())?, 3).await)?;

    let passport = Passport::new(variable("PASSPORT_URL")?)?;
    let wrong = passport.oauth2(variable("PASSPORT_CLIENT_ID")?, "a wrong secret", SCOPE);
    let unknown = organization.client.with_token(wrong.account(&account_id));
    show("wrong secret", enroll(&unknown, 3).await)?;
    Ok(())
}

async fn enroll(
    account: &Client,
    customer: i64,
) -> Result<ResponseValue<()>, Error<EnrollCustomerError>> {
    let enrolment = made_up_enrolment(customer).map_err(|_| {
        Error::InvalidRequest("the made-up enrolment does not fit the contract".to_owned())
    })?;
    account.enroll_customer().x_customer_id(customer).body(enrolment).send().await
}

/// Tells what an error is, and what to do next.
fn show<E: ClickToPayError>(
    what: &'static str,
    answer: Result<ResponseValue<()>, Error<E>>,
) -> Result<(), Trouble> {
    let Err(error) = answer else { return Err(Trouble::Unexpected(what)) };
    let kind = match error.known_message() {
        Some(message) => format!("{message:?}"),
        None => format!("{:?}", error.kind()),
    };
    println!("{what:<22} {kind:<24} {}", next_step(&error));
    Ok(())
}

/// The sandbox's own requests, which make it misbehave.
struct Sandbox {
    http: reqwest::Client,
    origin: String,
    tenant: String,
}

impl Sandbox {
    fn from_environment() -> Result<Self, Box<dyn std::error::Error>> {
        let events: reqwest::Url = variable("CLICK_TO_PAY_EVENTS_URL")?.parse()?;
        Ok(Self {
            // A proxy would not reach this machine's loopback.
            http: reqwest::Client::builder().no_proxy().build()?,
            origin: events.origin().ascii_serialization(),
            tenant: variable("CLICK_TO_PAY_TENANT")?,
        })
    }

    /// Lets a fault strike the next enrolments.
    async fn plan(&self, fault: &str, times: u32) -> reqwest::Result<()> {
        let plan = json!({"fault": fault, "operation": "enroll_customer", "times": times});
        let request = self.http.post(format!("{}/sandbox/faults", self.origin)).json(&plan);
        request.send().await?.error_for_status().map(drop)
    }

    async fn enable_click_to_pay(&self, enabled: bool) -> reqwest::Result<()> {
        let url = format!("{}/sandbox/tenants/{}", self.origin, self.tenant);
        let request = self.http.put(url).json(&json!({"click_to_pay": enabled}));
        request.send().await?.error_for_status().map(drop)
    }
}
