//! What the examples share: clients from the environment, a made-up enrolment, and what is common to
//! all errors.
//!
//! The sandbox sets the variables (`cargo run -p sandbox -- COMMAND`). Against Pismo they are
//! `CLICK_TO_PAY_URL`, `CLICK_TO_PAY_TENANT` and `CLICK_TO_PAY_ACCOUNT` for the API, `PASSPORT_URL`,
//! `PASSPORT_CLIENT_ID` and `PASSPORT_CLIENT_SECRET` for its tokens.

#![allow(dead_code, reason = "each example uses its own part")]

use std::env;
use std::error::Error;

use serde_json::json;
use visa_click_to_pay::types::ClickToPayEnrollData;
use visa_click_to_pay::{CachingTokens, Client, OAuth2, Passport};

/// The permissions that a token is asked for.
pub(crate) const SCOPE: &str = "pismo-v1:cards:rw";

/// An environment variable that an example can't do without.
pub(crate) fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("the environment variable {name} is not set"))
}

/// One organization: its connection pool and its credentials, from which the clients of its
/// accounts are made.
pub(crate) struct Organization {
    pub(crate) client: Client,
    pub(crate) credentials: OAuth2,
}

impl Organization {
    pub(crate) fn from_environment() -> Result<Self, Box<dyn Error>> {
        let client = Client::builder(variable("CLICK_TO_PAY_URL")?);
        let client = client.tenant(variable("CLICK_TO_PAY_TENANT")?).build()?;
        let passport = Passport::new(variable("PASSPORT_URL")?)?;
        let (id, secret) = (variable("PASSPORT_CLIENT_ID")?, variable("PASSPORT_CLIENT_SECRET")?);
        Ok(Self { client, credentials: passport.oauth2(id, secret, SCOPE) })
    }

    /// The client of one account. Keep it as long as the account is worked with: it holds the
    /// account's token.
    pub(crate) fn account(&self, account: &str) -> Client {
        self.client.with_token(CachingTokens::new(self.credentials.account(account)))
    }
}

/// The enrolment of a customer who does not exist, as it may come from a file or a queue.
pub(crate) fn made_up_enrolment(customer: i64) -> Result<ClickToPayEnrollData, serde_json::Error> {
    serde_json::from_value(json!({
        "owner_bid": "1000052",
        "card_information": {
            "card_id": 6_000_000 + customer,
            "billing_address": {
                "address_line1": "1000 Market Street",
                "city": "San Francisco",
                "state": "CA",
                "postal_code": "94105",
                "country_code": "USA",
            },
        },
        "customer_information": {
            "locale": "en_US",
            "first_name": "Alex",
            "last_name": "Miller",
            "emails": [format!("alex.miller.{customer}@example.com")],
            "phones": ["5545999999999"],
        },
    }))
}

/// An error with what caused it, on one line. An error of the client repeats nothing of what was
/// sent.
pub(crate) fn tell(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
