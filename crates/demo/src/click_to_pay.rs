//! The client of Click to Pay: a customer's life, a token, a retry, and each kind of error.

use std::error::Error as StdError;
use std::fmt::Debug;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use sandbox::{EventStream, Fault, Sandbox};
use serde_json::Value;
use visa_click_to_pay::reqwest::header::{HeaderName, HeaderValue};
use visa_click_to_pay::types::{
    ClickToPayAddress, ClickToPayCardInfo, ClickToPayCustomerInfo, ClickToPayDeleteCustomerRequest,
    ClickToPayEnrollData, ClickToPayUpdateCustomerRequest, EnrollCustomerError,
};
use visa_click_to_pay::{
    CachingTokens, Client, ClientBuilder, Error, ErrorKind, Event, Limits, Passport, ResponseValue,
    Token, TokenSource, reqwest,
};

use crate::stage::Stage;

const TENANT: &str = "TN-00000000-0000-0000-0000-000000000000";
const ACCOUNT: &str = "1234567";
const CUSTOMER: i64 = 42;

/// What takes longer than this does not come.
const PATIENCE: Duration = Duration::from_secs(5);

pub(crate) async fn show(
    sandbox: &Sandbox,
    stage: &mut Stage<'_>,
) -> Result<(), Box<dyn StdError>> {
    let requests = Requests::new()?;
    life_of_a_customer(sandbox, &requests, stage).await?;
    every_error(sandbox, &requests, stage).await
}

/// What is sent to each operation.
struct Requests {
    enrolment: ClickToPayEnrollData,
    update: ClickToPayUpdateCustomerRequest,
    deletion: ClickToPayDeleteCustomerRequest,
}

impl Requests {
    fn new() -> Result<Self, Box<dyn StdError>> {
        let customer = ClickToPayCustomerInfo::builder()
            .locale("en_US")
            .first_name("Alex")
            .last_name("Miller")
            .emails(["alex@example.com".into()])
            .phones(["5545999999999".into()]);
        let address = ClickToPayAddress::builder().city("San Francisco").country_code("USA");
        let card = ClickToPayCardInfo::builder().card_id(6_743_052).billing_address(address);
        let enrolment = ClickToPayEnrollData::builder().owner_bid("1000052");
        let update = ClickToPayUpdateCustomerRequest::builder().owner_bid("1000052");
        let deletion = ClickToPayDeleteCustomerRequest::builder().owner_bid("1000052");
        Ok(Self {
            enrolment: enrolment
                .card_information(card)
                .customer_information(customer.clone())
                .try_into()?,
            update: update.customer_information(customer).try_into()?,
            deletion: deletion.try_into()?,
        })
    }

    async fn enroll(
        &self,
        client: &Client,
    ) -> Result<ResponseValue<()>, Error<EnrollCustomerError>> {
        let request = client.enroll_customer().x_customer_id(CUSTOMER);
        request.body(self.enrolment.clone()).send().await
    }

    async fn update(&self, client: &Client) -> Result<ResponseValue<()>, String> {
        let request = client.update_customer().x_customer_id(CUSTOMER);
        request.body(self.update.clone()).send().await.map_err(|error| error.to_string())
    }
}

/// The settings of a pool whose requests all bring their delay along. A planned one could be left
/// over for the next request, if this one gives up before it has arrived.
pub(crate) fn delayed() -> reqwest::ClientBuilder {
    let delay = HeaderValue::from_static("delay=5000");
    reqwest::Client::builder().default_headers(
        [(HeaderName::from_static("x-sandbox-fault"), delay)].into_iter().collect(),
    )
}

fn builder(sandbox: &Sandbox) -> ClientBuilder {
    Client::builder(sandbox.click_to_pay_url()).tenant(TENANT)
}

/// Where tokens come from, with this secret.
fn credentials(sandbox: &Sandbox, secret: &str) -> Result<impl TokenSource, Box<dyn StdError>> {
    let passport = Passport::new(sandbox.passport_url())?;
    Ok(passport.oauth2(Sandbox::PASSPORT.0, secret, "scope").account(ACCOUNT))
}

/// Enrolled, updated and deleted; on the way the token expires, and the API is busy.
async fn life_of_a_customer(
    sandbox: &Sandbox,
    requests: &Requests,
    stage: &mut Stage<'_>,
) -> Result<(), Box<dyn StdError>> {
    let tokens = Arc::new(AtomicUsize::new(0));
    let (source, counted) = (Arc::new(credentials(sandbox, Sandbox::PASSPORT.1)?), tokens.clone());
    let source = CachingTokens::new(move || {
        counted.fetch_add(1, Ordering::Relaxed);
        let source = Arc::clone(&source);
        async move { source.token().await }
    });
    let account = builder(sandbox).build()?.with_token(source);
    let mut events = sandbox.events();

    let accepted = requests.enroll(&account).await;
    stage.step("Enrolled", sent("enroll_customer", &requests.enrolment), came(&accepted))?;
    event(stage, &mut events, &accepted).await?;

    let accepted = requests.update(&account).await;
    stage.step("Updated", sent("update_customer", &requests.update), came(&accepted))?;
    event(stage, &mut events, &accepted).await?;

    sandbox.expire_tokens();
    let before = tokens.load(Ordering::Relaxed);
    let accepted = requests.update(&account).await;
    let new = tokens.load(Ordering::Relaxed) - before;
    let answer = match (came(&accepted), new) {
        (Ok(came), 1) => Ok(format!("401, then with a new token {came}")),
        (came, new) => Err(format!("{new} new tokens, {came:?}")),
    };
    stage.step("Token renewed", "update_customer with a token that has expired", answer)?;
    event(stage, &mut events, &accepted).await?;

    sandbox.plan(Fault::RateLimited(Duration::from_secs(1)), Some("update_customer"), 1)?;
    let accepted = requests.update(&account).await;
    let answer = match (came(&accepted), accepted.as_ref().map(ResponseValue::tries)) {
        (Ok(came), Ok(2)) => Ok(format!("429, and after the second that it asks for {came}")),
        (came, tries) => Err(format!("{tries:?} tries, {came:?}")),
    };
    stage.step("Tried again", "update_customer while the API is busy", answer)?;
    event(stage, &mut events, &accepted).await?;

    let request = account.delete_customer().x_customer_id(CUSTOMER);
    let accepted = request.body(requests.deletion.clone()).send().await;
    stage.step("Deleted", sent("delete_customer", &requests.deletion), came(&accepted))?;
    event(stage, &mut events, &accepted).await
}

/// A request, with its body as its type prints it.
fn sent(operation: &str, body: &impl Debug) -> String {
    format!("{operation}, x-customer-id {CUSTOMER}, {body:?}")
}

/// An answer, where it is the one that the pages document.
fn came<E: ToString>(accepted: &Result<ResponseValue<()>, E>) -> Result<String, String> {
    match accepted {
        Ok(response) => match response.correlation_id() {
            Some(id) => Ok(format!("{}, x-cid {id}", response.status())),
            None => Err("the answer has no x-cid".to_owned()),
        },
        Err(error) => Err(error.to_string()),
    }
}

/// The event of an accepted request, which tells of its success.
async fn event<E>(
    stage: &mut Stage<'_>,
    events: &mut EventStream,
    accepted: &Result<ResponseValue<()>, E>,
) -> Result<(), Box<dyn StdError>> {
    let Some(id) = accepted.as_ref().ok().and_then(ResponseValue::correlation_id) else {
        return Ok(());
    };
    let came = match tokio::time::timeout(PATIENCE, events.next()).await {
        Ok(Some(message)) => match Event::<Value>::from_json(message.as_bytes()) {
            Ok(event) if event.answers(id) && event.data["status"] == "SUCCESS" => {
                Ok(format!("{}, {}", event.event_type, event.data))
            }
            Ok(event) => Err(format!("another event: {event:?}")),
            Err(error) => Err(error.to_string()),
        },
        Ok(None) | Err(_) => Err("no event".to_owned()),
    };
    Ok(stage.step("Event", format_args!("x-cid {id}"), came)?)
}

/// One error of each [`ErrorKind`]; the customer is deleted.
async fn every_error(
    sandbox: &Sandbox,
    requests: &Requests,
    stage: &mut Stage<'_>,
) -> Result<(), Box<dyn StdError>> {
    let good = Arc::new(CachingTokens::new(credentials(sandbox, Sandbox::PASSPORT.1)?));
    let account = builder(sandbox).build()?.with_token(Arc::clone(&good));
    let struck = async |fault, client: &Client| {
        sandbox.plan(fault, Some("enroll_customer"), 1)?;
        Ok::<_, Box<dyn StdError>>(requests.enroll(client).await)
    };
    let mut show = |kind: ErrorKind, sent: &str, came| -> io::Result<()> {
        stage.error(kind, sent, came, |error: &Error<_>| error.kind() == kind)
    };

    let bare = ClickToPayEnrollData::builder().owner_bid("1000052");
    let answer = account.enroll_customer().x_customer_id(CUSTOMER).body(bare).send().await;
    show(ErrorKind::InvalidRequest, "enroll_customer without a card", answer)?;

    // Where the customer is enrolled still, this is the second time already.
    requests.enroll(&account).await.ok();
    let answer = requests.enroll(&account).await;
    show(ErrorKind::Documented, "enroll_customer a second time", answer)?;

    let wrong = account.with_token(credentials(sandbox, "wrong")?);
    show(ErrorKind::Token, "enroll_customer with a wrong secret", requests.enroll(&wrong).await)?;

    let stale = account.with_token(Token::new("stale")?);
    let answer = requests.enroll(&stale).await;
    show(ErrorKind::Unauthorized, "enroll_customer with a token that is not good", answer)?;

    let answer = struck(Fault::RateLimited(Duration::from_secs(60)), &account).await?;
    show(ErrorKind::RateLimited, "enroll_customer while the API is busy for a minute", answer)?;

    let hasty = Limits { total: Duration::from_millis(100), ..Limits::default() };
    let hasty = builder(sandbox).limits(hasty).http_builder(delayed());
    let hasty = hasty.build()?.with_token(Arc::clone(&good));
    show(ErrorKind::Timeout, "enroll_customer, given 100 ms", requests.enroll(&hasty).await)?;

    let answer = struck(Fault::Reset, &account).await?;
    show(ErrorKind::Connection, "enroll_customer on a connection that breaks", answer)?;

    let small = Limits { response_body: 16, ..Limits::default() };
    let small = builder(sandbox).limits(small).build()?.with_token(Arc::clone(&good));
    let answer = struck(Fault::ServerError, &small).await?;
    show(ErrorKind::TooLarge, "enroll_customer, at most 16 bytes of an answer", answer)?;

    let answer = struck(Fault::EmptyServerError, &account).await?;
    show(ErrorKind::Undecodable, "enroll_customer, status 500 without a body", answer)?;

    let answer = struck(Fault::Html, &account).await?;
    show(ErrorKind::Undocumented, "enroll_customer through a proxy that answers itself", answer)?;

    let following = builder(sandbox).http(reqwest::Client::new()).build()?.with_token(good);
    let answer = struck(Fault::Redirect, &following).await?;
    show(ErrorKind::Redirected, "enroll_customer on a pool that follows redirects", answer)?;
    Ok(())
}
