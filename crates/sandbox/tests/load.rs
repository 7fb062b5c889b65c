//! Many customers, and many requests at a time.

#![allow(clippy::unwrap_used, reason = "a test's helpers fail the test")]

mod support;

use std::collections::HashSet;

use futures_util::StreamExt;
use futures_util::stream;
use sandbox::Sandbox;
use serde_json::Value;
use support::{account, enrolment};

const CUSTOMERS: i64 = 10_000;
const AT_A_TIME: usize = 1_000;

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_customers_are_enrolled_a_thousand_at_a_time() {
    // Both ends of every connection are in this process.
    let files = rlimit::increase_nofile_limit(u64::MAX).unwrap();
    assert!(files > 2 * AT_A_TIME as u64 + 100, "{files} open files are too few for this test");

    let sandbox = Sandbox::start().await.unwrap();
    let account = account(&sandbox);
    let answers: Vec<_> = stream::iter(1..=CUSTOMERS)
        .map(|customer| account.enroll_customer().x_customer_id(customer).body(enrolment()).send())
        .buffer_unordered(AT_A_TIME)
        .collect()
        .await;
    for answer in answers {
        answer.unwrap();
    }

    let mut events = sandbox.events();
    let mut customers = HashSet::new();
    for _ in 1..=CUSTOMERS {
        let event: Value = serde_json::from_str(&events.next().await.unwrap()).unwrap();
        assert_eq!(event["data"]["status"], "SUCCESS");
        customers.insert(event["data"]["customer_id"].as_i64().unwrap());
    }
    assert_eq!(customers, (1..=CUSTOMERS).collect());
}
