//! Click to Pay as the pages describe it, through the client and around it.

#![allow(clippy::unwrap_used, reason = "a test's helpers fail the test")]

mod support;

use sandbox::{Fault, Sandbox};
use serde_json::{Value, json};
use support::{TENANT, account, deletion, enrolment, enrolment_json, raw_enrolment, read, update};
use visa_click_to_pay::{ClickToPayError, CorrelationId, Event, KnownMessage};

#[tokio::test]
async fn a_customer_is_enrolled_updated_and_deleted_and_each_is_told_by_an_event() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut events = sandbox.events();
    let account = account(&sandbox);

    let enrolled = account.enroll_customer().x_customer_id(42).body(enrolment()).send().await;
    let updated = account.update_customer().x_customer_id(42).body(update()).send().await;
    let deleted = account.delete_customer().x_customer_id(42).body(deletion()).send().await;

    for (accepted, operation) in [
        (enrolled.unwrap(), "enroll_customer"),
        (updated.unwrap(), "update_customer"),
        (deleted.unwrap(), "delete_customer"),
    ] {
        assert_eq!(accepted.status().as_u16(), 202);
        let message = events.next().await.unwrap();
        let event = Event::<Value>::from_json(message.as_bytes()).unwrap();
        assert!(event.answers(accepted.correlation_id().unwrap()), "{event:?}");
        assert_eq!((event.domain.as_str(), event.org_id.as_str()), ("cards-tokenization", TENANT));
        assert_eq!(event.data["operation"], operation);
        assert_eq!(event.data["status"], "SUCCESS");
    }
}

#[tokio::test]
async fn a_customer_s_state_decides_and_belongs_to_the_tenant() {
    let sandbox = Sandbox::start().await.unwrap();
    let account = account(&sandbox);
    let enrol = async || account.enroll_customer().x_customer_id(42).body(enrolment()).send().await;
    let known = |error: Option<KnownMessage>| error.unwrap();

    let unknown = account.update_customer().x_customer_id(42).body(update()).send().await;
    assert_eq!(known(unknown.unwrap_err().known_message()), KnownMessage::CustomerNotEnrolled);
    let unknown = account.delete_customer().x_customer_id(42).body(deletion()).send().await;
    assert_eq!(known(unknown.unwrap_err().known_message()), KnownMessage::CustomerNotEnrolled);

    enrol().await.unwrap();
    let twice = enrol().await.unwrap_err();
    assert_eq!(known(twice.known_message()), KnownMessage::CustomerAlreadyEnrolled);

    let raw = async |tenant: &str| {
        let request = raw_enrolment(&sandbox).await.json(&enrolment_json("Alex")).build().unwrap();
        let mut request = request;
        request.headers_mut().insert("x-tenant", tenant.parse().unwrap());
        read(reqwest::Client::new().execute(request).await.unwrap()).await
    };
    assert_eq!(raw("TN-2").await.0, 202);
    sandbox.enable_tenant("TN-3", false);
    let off = json!({"code": 400, "message": "click to pay is not enabled to tenant"});
    assert_eq!(raw("TN-3").await, (400, off));
    sandbox.enable_tenant("TN-3", true);
    assert_eq!(raw("TN-3").await.0, 202);
}

#[tokio::test]
async fn a_request_that_does_not_fit_the_contract_is_refused_with_the_published_lines() {
    let sandbox = Sandbox::start().await.unwrap();
    let url = format!("{}/v1/clicktopay/visa/enroll/customer", sandbox.click_to_pay_url());
    let without_account: Value =
        support::ask_for_token(&sandbox, &[("uid", "")], None).await.json().await.unwrap();
    let request = reqwest::Client::new()
        .post(url)
        .bearer_auth(without_account["access_token"].as_str().unwrap())
        .json(&json!({"owner_bid": "1", "card_information": {}, "customer_information": {"locale": "en_US"}}));
    let (status, body) = read(request.send().await.unwrap()).await;
    assert_eq!((status, &body["message"]), (400, &json!("bad request")));
    // The lines of the page's example `bad_request_detailed`, and what its prose calls mandatory.
    let details: Vec<_> = body["details"].as_array().unwrap().iter().collect();
    for line in [
        "AccountID: cannot be blank",
        "CustomerID: cannot be blank",
        "OrgID: cannot be blank.",
        "cardId: cannot be blank.",
        "first_name: cannot be blank",
        "billing_address: cannot be blank",
    ] {
        assert!(details.contains(&&json!(line)), "{line} is not in {details:?}");
    }
}

#[tokio::test]
async fn each_constraint_of_the_schema_holds_and_its_complaint_repeats_nothing() {
    let sandbox = Sandbox::start().await.unwrap();
    for (pointer, value, complaint) in [
        ("/owner_bid", json!(987_654_321), "/owner_bid"),
        ("/card_information/card_id", json!("marker"), "/card_information/card_id"),
        ("/card_information/card_id", json!(1.5), "/card_information/card_id"),
        ("/customer_information/first_name", json!(""), "/customer_information/first_name"),
        (
            "/customer_information/last_name",
            json!("marker".repeat(9)),
            "/customer_information/last_name",
        ),
        ("/customer_information/emails", vec!["marker"; 6].into(), "/customer_information/emails"),
        (
            "/customer_information/consent",
            json!({"time_of_consent": "marker"}),
            "/customer_information/consent/time_of_consent",
        ),
        (
            "/customer_information/national_identifiers",
            json!([{"type": "marker", "value": "1"}]),
            "/customer_information/national_identifiers/0/type",
        ),
    ] {
        let mut body = enrolment_json("Alex");
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        body.pointer_mut(parent).unwrap()[name] = value;
        let (status, answer) =
            read(raw_enrolment(&sandbox).await.json(&body).send().await.unwrap()).await;
        assert_eq!(status, 400, "{pointer}");
        let details = answer["details"].to_string();
        assert!(details.contains(complaint), "{pointer}: {details}");
        assert!(!details.contains("marker") && !details.contains("987654321"), "{details}");
    }
}

#[tokio::test]
async fn what_is_no_json_is_a_bad_request() {
    let sandbox = Sandbox::start().await.unwrap();
    let bad = json!({"code": 400, "message": "bad request"});
    for body in ["", "{", "null{}", "\u{feff}{}"] {
        let request = raw_enrolment(&sandbox).await.header("content-type", "application/json");
        assert_eq!(
            read(request.body(body).send().await.unwrap()).await,
            (400, bad.clone()),
            "{body}"
        );
    }
    let request = raw_enrolment(&sandbox).await.header("content-type", "text/plain");
    let body = enrolment_json("Alex").to_string();
    let (status, answer) = read(request.body(body).send().await.unwrap()).await;
    assert_eq!(
        (status, &answer["details"]),
        (400, &json!(["Content-Type: must be application/json"]))
    );
}

#[tokio::test]
async fn a_header_has_to_fit_its_schema() {
    let sandbox = Sandbox::start().await.unwrap();
    for (id, status) in
        [("42", 202), ("-1", 202), ("x", 400), ("4.2", 400), ("99999999999999999999", 400)]
    {
        let mut request =
            raw_enrolment(&sandbox).await.json(&enrolment_json("Alex")).build().unwrap();
        request.headers_mut().insert("x-customer-id", id.parse().unwrap());
        let (answered, body) = read(reqwest::Client::new().execute(request).await.unwrap()).await;
        assert_eq!(answered, status, "{id}: {body}");
        assert!(!body.to_string().contains(id) || id == "x", "{body}");
    }
}

#[tokio::test]
async fn without_a_good_token_nothing_is_done() {
    let sandbox = Sandbox::start().await.unwrap();
    let enrol = async |token: Option<&str>| {
        let mut request =
            raw_enrolment(&sandbox).await.json(&enrolment_json("Alex")).build().unwrap();
        request.headers_mut().remove("authorization");
        if let Some(token) = token {
            request.headers_mut().insert("authorization", token.parse().unwrap());
        }
        reqwest::Client::new().execute(request).await.unwrap().status().as_u16()
    };
    let good = support::token(&sandbox).await;
    let short = support::ask_for_token(&sandbox, &[], Some("0")).await;
    let short: Value = short.json().await.unwrap();
    assert_eq!(short["expires_in"], 0);
    let short = short["access_token"].as_str().unwrap();
    assert_eq!(enrol(None).await, 401);
    assert_eq!(enrol(Some("Bearer unknown")).await, 401);
    assert_eq!(enrol(Some(&format!("Basic {good}"))).await, 401);
    assert_eq!(enrol(Some(&format!("Bearer {short}"))).await, 401);
    assert_eq!(enrol(Some(&format!("bearer {good}"))).await, 202);
    sandbox.expire_tokens();
    assert_eq!(enrol(Some(&format!("Bearer {good}"))).await, 401);
}

#[tokio::test]
async fn tokens_are_issued_for_the_right_credentials_only() {
    let sandbox = Sandbox::start().await.unwrap();
    for (parameter, status, error) in [
        (("client_secret_string", "wrong"), 401, "invalid_client"),
        (("client_id", "wrong"), 401, "invalid_client"),
        (("grant_type", "password"), 400, "unsupported_grant_type"),
    ] {
        let answer = read(support::ask_for_token(&sandbox, &[parameter], None).await).await;
        assert_eq!(answer, (status, json!({"error": error})), "{parameter:?}");
    }
    let url = format!("{}/v2/s2s/access-token", sandbox.passport_url());
    let (id, secret) = Sandbox::PASSPORT;
    for (name, secret, status) in [
        ("secret_key", secret, 200),
        ("server_secret", secret, 200),
        ("secret_key", "wrong", 401),
        ("other", secret, 400),
    ] {
        let body = json!({"server_key": id, name: secret, "account_id": 1});
        let answer = reqwest::Client::new().post(&url).json(&body).send().await.unwrap();
        let (answered, body) = read(answer).await;
        assert_eq!((answered, body["token"].is_string()), (status, status == 200), "{name}");
    }
}

#[tokio::test]
async fn events_are_served_as_server_sent_events_from_where_a_listener_left_off() {
    let sandbox = Sandbox::start().await.unwrap();
    let account = account(&sandbox);
    for customer in 1..=3 {
        let id = CorrelationId::new(&format!("call-{customer}")).unwrap();
        let account = account.with_correlation_id(id);
        account.enroll_customer().x_customer_id(customer).body(enrolment()).send().await.unwrap();
    }
    let request = reqwest::Client::new().get(sandbox.events_url()).header("last-event-id", "0");
    let mut response = request.send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut text = String::new();
    while text.matches("\n\n").count() < 2 {
        text += std::str::from_utf8(&response.chunk().await.unwrap().unwrap()).unwrap();
    }
    let field = |name: &str| {
        text.lines()
            .filter_map(|line| line.strip_prefix(name))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(field("id: "), ["1", "2"]);
    let mut channel = sandbox.events();
    channel.next().await.unwrap();
    for data in field("data: ") {
        assert_eq!(data, *channel.next().await.unwrap());
    }
}

#[tokio::test]
async fn an_event_may_tell_of_a_failure_and_come_twice() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut events = sandbox.events();
    let account = account(&sandbox);
    let mut event = async || {
        let message = events.next().await.unwrap();
        Event::<Value>::from_json(message.as_bytes()).unwrap()
    };
    sandbox.plan(Fault::FailedEvent, Some("enroll_customer"), 1).unwrap();
    account.enroll_customer().x_customer_id(42).body(enrolment()).send().await.unwrap();
    assert_eq!(event().await.data["status"], "FAILURE");
    // It was not done, so it can be done now.
    sandbox.plan(Fault::RepeatedEvent, Some("enroll_customer"), 1).unwrap();
    account.enroll_customer().x_customer_id(42).body(enrolment()).send().await.unwrap();
    assert_eq!(event().await.event_id, event().await.event_id);
}
