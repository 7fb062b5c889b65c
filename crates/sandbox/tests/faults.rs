//! What goes wrong on request, seen from the client's side.

#![allow(clippy::unwrap_used, reason = "a test's helpers fail the test")]

mod support;

use std::time::Duration;

use sandbox::{Fault, Sandbox};
use serde_json::json;
use support::{account, enrolment, enrolment_json, raw_enrolment, read};
use visa_click_to_pay::{ClickToPayError, ErrorKind, KnownMessage};

#[tokio::test]
async fn each_fault_is_what_its_name_says_and_strikes_once() {
    let sandbox = Sandbox::start().await.unwrap();
    let account = account(&sandbox);
    let faults = [
        (Fault::RateLimited(Duration::from_secs(7)), ErrorKind::RateLimited, false),
        (Fault::ServerError, ErrorKind::Documented, false),
        (Fault::EmptyServerError, ErrorKind::Undecodable, false),
        (Fault::Html, ErrorKind::Undocumented, false),
        (Fault::Redirect, ErrorKind::Undocumented, false),
        (Fault::Reset, ErrorKind::Connection, true),
    ];
    for (customer, (fault, kind, done)) in (1..).zip(faults) {
        let enrol = async || {
            account.enroll_customer().x_customer_id(customer).body(enrolment()).send().await
        };
        sandbox.plan(fault, Some("enroll_customer"), 1).unwrap();
        let error = enrol().await.unwrap_err();
        assert_eq!(error.kind(), kind, "{fault:?}: {error}");
        if let Fault::RateLimited(wait) = fault {
            assert_eq!(error.retry_after(), Some(wait));
        }
        let again = enrol().await.err().and_then(|error| error.known_message());
        assert_eq!(again, done.then_some(KnownMessage::CustomerAlreadyEnrolled), "{fault:?}");
    }
}

#[tokio::test]
async fn a_reset_is_seen_as_one() {
    let sandbox = Sandbox::start().await.unwrap();
    let request = raw_enrolment(&sandbox).await.header("x-sandbox-fault", "reset");
    let error = request.json(&enrolment_json("Alex")).send().await.unwrap_err();
    let causes = std::iter::successors(Some(&error as &dyn std::error::Error), |e| e.source());
    let reset = causes
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|error| error.kind() == std::io::ErrorKind::ConnectionReset);
    assert!(reset, "{error:?}");
}

#[tokio::test]
async fn a_truncated_answer_has_its_head_and_lacks_some_of_its_body() {
    let sandbox = Sandbox::start().await.unwrap();
    for (body, length) in [(enrolment_json("Alex"), 1), (json!({}), 20)] {
        let request = raw_enrolment(&sandbox).await.header("x-sandbox-fault", "truncated");
        let response = request.json(&body).send().await.unwrap();
        assert!(response.content_length().unwrap() >= length);
        assert!(response.bytes().await.is_err());
    }
}

#[tokio::test]
async fn an_expired_token_is_renewed_by_the_client() {
    let sandbox = Sandbox::start().await.unwrap();
    let account = account(&sandbox);
    sandbox.plan(Fault::ExpiredToken, Some("enroll_customer"), 1).unwrap();
    account.enroll_customer().x_customer_id(1).body(enrolment()).send().await.unwrap();
    sandbox.expire_tokens();
    account.enroll_customer().x_customer_id(2).body(enrolment()).send().await.unwrap();
}

#[tokio::test]
async fn a_delayed_request_holds_up_no_other() {
    let sandbox = Sandbox::start().await.unwrap();
    let account = account(&sandbox);
    sandbox.plan(Fault::Delay(Duration::from_secs(3600)), Some("enroll_customer"), 1).unwrap();
    let enrol =
        |customer: i64| account.enroll_customer().x_customer_id(customer).body(enrolment()).send();
    // Whichever arrives first is struck, so it is the second that is answered, beside it.
    tokio::select! {
        accepted = enrol(1) => accepted,
        accepted = enrol(2) => accepted,
    }
    .unwrap();
}

#[tokio::test]
async fn a_delayed_request_is_carried_out_although_its_sender_is_gone() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut events = sandbox.events();
    let slow = raw_enrolment(&sandbox).await.header("x-sandbox-fault", "delay=200");
    let slow = slow.json(&enrolment_json("Alex")).timeout(Duration::from_millis(100));
    loop {
        let error = slow.try_clone().unwrap().send().await.unwrap_err();
        assert!(error.is_timeout(), "{error:?}");
        // Where the request did not even arrive in its time, there is nothing to see: once more.
        if tokio::time::timeout(Duration::from_secs(2), events.next()).await.is_ok() {
            break;
        }
    }
}

#[tokio::test]
async fn faults_and_tenants_can_be_set_from_elsewhere() {
    let sandbox = Sandbox::start().await.unwrap();
    let http = reqwest::Client::new();
    let control = sandbox.events_url().replace("/events", "");
    let plan = async |body: serde_json::Value| {
        let response = http.post(format!("{control}/faults")).json(&body).send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    };
    let enrol = async || {
        let request = raw_enrolment(&sandbox).await.json(&enrolment_json("Alex"));
        read(request.send().await.unwrap()).await
    };
    let planned = json!({"fault": "rate-limited=3", "operation": "enroll_customer", "times": 2});
    assert_eq!(plan(planned.clone()).await.0, 204);
    assert_eq!([enrol().await.0, enrol().await.0], [429, 429]);
    plan(planned).await;
    http.delete(format!("{control}/faults")).send().await.unwrap();
    assert_eq!(enrol().await.0, 202);

    let (status, why) = plan(json!({"fault": "earthquake"})).await;
    assert_eq!(status, 422);
    assert!(why.contains("rate-limited=SECONDS"), "{why}");
    let (status, why) = plan(json!({"fault": "reset", "operation": "enrol"})).await;
    assert_eq!(status, 400);
    assert!(why.contains("enroll_customer") && why.contains("token"), "{why}");

    let tenant = format!("{control}/tenants/{}", support::TENANT);
    let off = http.put(&tenant).json(&json!({"click_to_pay": false})).send().await.unwrap();
    assert_eq!(off.status(), 204);
    assert_eq!(enrol().await.1["message"], "click to pay is not enabled to tenant");

    http.post(format!("{control}/tokens/expire")).send().await.unwrap();
    let unknown = http.get(format!("{control}/nothing")).send().await.unwrap();
    assert_eq!(unknown.status(), 404);
}

#[tokio::test]
async fn a_fault_that_does_not_exist_is_told_to_who_asked_for_it() {
    let sandbox = Sandbox::start().await.unwrap();
    let request = raw_enrolment(&sandbox).await.header("x-sandbox-fault", "earthquake");
    let response = request.json(&enrolment_json("Alex")).send().await.unwrap();
    assert_eq!(response.status(), 400);
    assert!(response.text().await.unwrap().contains("repeated-event"));
}
