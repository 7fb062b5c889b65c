//! The demo does what it says, and says so when it does not.

#![allow(clippy::unwrap_used, reason = "a test's helpers fail the test")]

use sandbox::{Fault, Sandbox};

async fn shown(sandbox: &Sandbox) -> (bool, String) {
    let mut out = Vec::new();
    let good = demo::run(sandbox, &mut out).await.unwrap();
    (good, anstream::adapter::strip_str(std::str::from_utf8(&out).unwrap()).to_string())
}

#[tokio::test]
async fn every_step_does_what_it_says_and_nothing_personal_is_shown() {
    let (good, text) = shown(&Sandbox::start().await.unwrap()).await;
    assert!(good, "{text}");
    let verbs: Vec<&str> = text.lines().map(|line| line[..15].trim()).collect();
    let expected = [
        &["Sandbox", "Enrolled", "Event", "Updated", "Event", "Token renewed", "Event"][..],
        &["Tried again", "Event", "Deleted", "Event"],
        // One error of each kind.
        &["InvalidRequest", "Documented", "Token", "Unauthorized", "RateLimited", "Timeout"],
        &["Connection", "TooLarge", "Undecodable", "Undocumented", "Redirected"],
        // The payments service, in JSON and XML, and each of its errors.
        &["Updated", "Updated", "InvalidRequest", "InvalidRequest", "Connection", "Timeout"],
        &["Connection", "Undocumented", "TooLarge", "Undecodable", "Documented", "Unauthorized"],
        &["Finished"],
    ]
    .concat();
    assert_eq!(verbs, expected, "{text}");
    for personal in ["Alex", "Miller", "alex@", "5545", "San Francisco", "12/29", "90001"] {
        assert!(!text.contains(personal), "{personal} is shown:\n{text}");
    }
    let secrets = [Sandbox::PASSPORT.1, Sandbox::PAYMENTS.1, "eyJ"];
    assert!(secrets.iter().all(|secret| !text.contains(secret)), "{text}");
}

#[tokio::test]
async fn a_step_that_does_not_do_what_it_says_is_told_and_counted() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.plan(Fault::FailedEvent, Some("delete_customer"), 1).unwrap();
    sandbox.plan(Fault::Html, Some("update_payment_profile"), 1).unwrap();
    let (good, text) = shown(&sandbox).await;
    assert!(!good);
    assert!(text.contains("Failed Event: "), "{text}");
    assert!(text.contains("Failed Updated: in Json"), "{text}");
    assert!(text.lines().last().unwrap().contains("Failed"), "{text}");
}
