//! A client of one account in a sandbox, and requests that it can send.

#![allow(dead_code, reason = "each test binary uses its own part")]
#![allow(clippy::unwrap_used, reason = "a test's helpers fail the test")]

use sandbox::Sandbox;
use serde_json::{Value, json};
use visa_click_to_pay::{CachingTokens, Client, Passport, RetryPolicy, types};

pub(crate) const TENANT: &str = "TN-1";

/// A client of an account, which gets its tokens from the sandbox and never tries again.
pub(crate) fn account(sandbox: &Sandbox) -> Client {
    let passport = Passport::new(sandbox.passport_url()).unwrap();
    let (id, secret) = Sandbox::PASSPORT;
    Client::builder(sandbox.click_to_pay_url())
        .tenant(TENANT)
        .retry(RetryPolicy::never())
        .build()
        .unwrap()
        .with_token(CachingTokens::new(passport.oauth2(id, secret, "scope").account("1")))
}

/// An enrolment whose personal fields all hold `marker`.
pub(crate) fn enrolment_json(marker: &str) -> Value {
    json!({
        "owner_bid": "1000052",
        "card_information": {"card_id": 6_743_052, "billing_address": {"city": marker}},
        "customer_information": {
            "locale": "en_US",
            "first_name": marker,
            "last_name": marker,
            "emails": [marker],
            "phones": [marker],
        },
    })
}

pub(crate) fn enrolment() -> types::ClickToPayEnrollData {
    serde_json::from_value(enrolment_json("Alex")).unwrap()
}

pub(crate) fn update() -> types::ClickToPayUpdateCustomerRequest {
    serde_json::from_value(json!({"owner_bid": "1000052"})).unwrap()
}

pub(crate) fn deletion() -> types::ClickToPayDeleteCustomerRequest {
    serde_json::from_value(json!({"owner_bid": "1000052"})).unwrap()
}

/// Asks the token endpoint with these parameters in place of, or beside, the right ones.
pub(crate) async fn ask_for_token(
    sandbox: &Sandbox,
    other: &[(&str, &str)],
    lifetime: Option<&str>,
) -> reqwest::Response {
    let (id, secret) = Sandbox::PASSPORT;
    let mut form = std::collections::BTreeMap::from([
        ("grant_type", "client_credentials"),
        ("client_id", id),
        ("client_secret_string", secret),
        ("scope", "scope"),
        ("uid", "1"),
    ]);
    form.extend(other.iter().copied());
    let url = format!("{}/v2/oauth/token", sandbox.passport_url());
    let request = reqwest::Client::new().post(url).form(&form);
    let request = match lifetime {
        Some(seconds) => request.header("x-sandbox-token-lifetime", seconds),
        None => request,
    };
    request.send().await.unwrap()
}

pub(crate) async fn token(sandbox: &Sandbox) -> String {
    let answer: Value = ask_for_token(sandbox, &[], None).await.json().await.unwrap();
    answer["access_token"].as_str().unwrap().to_owned()
}

/// A request to enrol that no client of ours would write: with a good token and all headers, and
/// whatever else is added to it.
pub(crate) async fn raw_enrolment(sandbox: &Sandbox) -> reqwest::RequestBuilder {
    let url = format!("{}/v1/clicktopay/visa/enroll/customer", sandbox.click_to_pay_url());
    reqwest::Client::new()
        .post(url)
        .bearer_auth(token(sandbox).await)
        .header("x-tenant", TENANT)
        .header("x-customer-id", "42")
}

/// The status of an answer, and its body as JSON; null where it has none.
pub(crate) async fn read(response: reqwest::Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let body = response.bytes().await.unwrap();
    (status, serde_json::from_slice(&body).unwrap_or_default())
}
