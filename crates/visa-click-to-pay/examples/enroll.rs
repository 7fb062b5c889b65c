//! Enrols a customer with a card: a client, a token source, a look at the request before it is
//! sent, and what to make of the answer.
//!
//! ```text
//! cargo run -p sandbox -- cargo run -p visa-click-to-pay --example enroll
//! ```
//!
//! The sandbox sets the environment variables. Against Pismo, set those that are read here.
//!
//! Exit status: 0 accepted, or enrolled before; 1 not enrolled; 2 not set up; 3 it is not known
//! whether the request was accepted.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to its reader")]

mod common;

use std::error::Error;
use std::process::ExitCode;

use visa_click_to_pay::types::{
    ClickToPayAddress, ClickToPayCardInfo, ClickToPayCustomerInfo, ClickToPayEnrollData,
};
use visa_click_to_pay::{
    CachingTokens, ClickToPayError, Client, CorrelationId, KnownMessage, Outcome, Passport,
};

use common::{SCOPE, tell, variable};

/// Pismo's id of the customer.
const CUSTOMER: i64 = 42;

#[tokio::main]
async fn main() -> ExitCode {
    let (account, enrolment) = match set_up() {
        Ok(set_up) => set_up,
        Err(error) => {
            eprintln!("error: {}", tell(&*error));
            return ExitCode::from(2);
        }
    };
    match account.enroll_customer().x_customer_id(CUSTOMER).body(enrolment).send().await {
        Ok(accepted) => {
            let id = accepted.correlation_id().map_or("nothing", CorrelationId::as_str);
            println!("customer {CUSTOMER}: accepted as {id}");
            println!("an event with this correlation id tells the outcome");
            ExitCode::SUCCESS
        }
        // Nothing is left to do, for example because an earlier request got through whose answer
        // was lost.
        Err(error) if error.known_message() == Some(KnownMessage::CustomerAlreadyEnrolled) => {
            println!("customer {CUSTOMER}: enrolled before");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {}", tell(&error));
            ExitCode::from(if error.outcome() == Outcome::Unknown { 3 } else { 1 })
        }
    }
}

fn set_up() -> Result<(Client, ClickToPayEnrollData), Box<dyn Error>> {
    // Once per program: a connection pool, and where tokens come from.
    let client = Client::builder(variable("CLICK_TO_PAY_URL")?)
        .tenant(variable("CLICK_TO_PAY_TENANT")?)
        .build()?;
    let passport = Passport::new(variable("PASSPORT_URL")?)?;
    let credentials = passport.oauth2(
        variable("PASSPORT_CLIENT_ID")?,
        variable("PASSPORT_CLIENT_SECRET")?,
        SCOPE,
    );

    // Once per account: it shares the pool, and keeps the account's token until that expires.
    let tokens = CachingTokens::new(credentials.account(variable("CLICK_TO_PAY_ACCOUNT")?));
    let account = client.with_token(tokens);

    let enrolment = enrolment()?;
    // Tells at once what the API would tell in an event, minutes later. A list that is too long is
    // an error; a field that is missing is not, because Pismo may hold its value.
    let advice = enrolment.check()?;
    if !advice.is_empty() {
        eprintln!("note: {advice}");
    }
    Ok((account, enrolment))
}

fn enrolment() -> Result<ClickToPayEnrollData, Box<dyn Error>> {
    let address = ClickToPayAddress::builder()
        .address_line1("1000 Market Street")
        .city("San Francisco")
        .state("CA")
        .postal_code("94105")
        .country_code("USA");
    let customer = ClickToPayCustomerInfo::builder()
        .locale("en_US")
        .first_name("Alex")
        .last_name("Miller")
        .emails(["alex.miller@example.com".into()])
        .phones(["5545999999999".into()]);
    let card = ClickToPayCardInfo::builder().card_id(6_743_052).billing_address(address);
    let enrolment = ClickToPayEnrollData::builder()
        .owner_bid("1000052")
        .card_information(card)
        .customer_information(customer);
    Ok(enrolment.try_into()?)
}
