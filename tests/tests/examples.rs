//! Runs each example as its reader would, as a process of its own against a sandbox: how it ends,
//! what it says, and that none of that is personal data. `batch.rs` does so for the batch.
//!
//! `cargo test --workspace` builds the examples; with fewer packages, they are what was built last.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "support/example.rs"]
mod example;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sandbox::{Fault, Sandbox};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use example::{Example, sources};

#[test]
fn the_sources_of_an_example_are_read_with_spaces_in_their_paths() {
    let dep_info = "/my\\ target/errors: /my\\ source/errors.rs /common/mod.rs\n";
    assert_eq!(sources(dep_info), ["/my source/errors.rs", "/common/mod.rs"].map(PathBuf::from));
}

async fn sandbox() -> Sandbox {
    Sandbox::start().await.unwrap()
}

#[tokio::test]
async fn enroll_is_done_once_and_may_be_done_again() {
    let sandbox = sandbox().await;
    let first = Example::new("enroll", &sandbox).run().await;
    assert!(first.out.starts_with("customer 42: accepted as "), "{first:?}");
    assert_eq!((first.status, &*first.err), (0, ""));
    let second = Example::new("enroll", &sandbox).run().await;
    assert_eq!(second.out, "customer 42: enrolled before\n");
    assert_eq!((second.status, &*second.err), (0, ""));
}

#[tokio::test]
async fn enroll_ends_as_what_came_of_the_request() {
    let sandbox = sandbox().await;
    let enroll = || Example::new("enroll", &sandbox);
    let set_up = enroll().without("PASSPORT_URL").run().await;
    assert_eq!(set_up.status, 2);
    assert_eq!(set_up.err, "error: the environment variable PASSPORT_URL is not set\n");

    let wrong = enroll().with("PASSPORT_CLIENT_SECRET", "wrong").run().await;
    assert_eq!(wrong.status, 1, "{wrong:?}");
    assert!(wrong.err.contains(": the token endpoint refused the credentials"), "{wrong:?}");

    sandbox.plan(Fault::ServerError, Some("enroll_customer"), 1).unwrap();
    assert_eq!(enroll().run().await.status, 3, "a server error may come after the work");
    let long = Fault::RateLimited(Duration::from_secs(60));
    sandbox.plan(long, Some("enroll_customer"), 1).unwrap();
    assert_eq!(enroll().run().await.status, 1, "what is rate limited is not carried out");
    sandbox.plan(Fault::Reset, Some("enroll_customer"), 1).unwrap();
    assert_eq!(enroll().run().await.status, 3, "the answer was lost");
    assert_eq!(enroll().run().await.out, "customer 42: enrolled before\n");
}

#[tokio::test]
async fn errors_meets_every_error_that_the_sandbox_can_make() {
    let sandbox = sandbox().await;
    let errors = Example::new("errors", &sandbox).run().await;
    assert_eq!((errors.status, &*errors.err), (0, ""));
    insta::assert_snapshot!(errors.out, @r"
    no customer id         InvalidRequest           mend the request
    no first name          BadRequest               mend the request
    enrolled twice         CustomerAlreadyEnrolled  nothing to do
    nobody to delete       CustomerNotEnrolled      mend the request
    tenant not enabled     TenantNotEnabled         have Pismo enable Click to Pay to the organization
    server error           InternalServerError      find out first whether it was carried out
    token refused twice    Unauthorized             check that tokens are of this account
    rate limited           RateLimited              send again after 60 s
    answer without a body  Undecodable              find out first whether it was carried out
    answer of a proxy      Undocumented             find out first whether it was carried out
    answer lost            Connection               find out first whether it was carried out
    the same sent again    CustomerAlreadyEnrolled  nothing to do
    no answer in time      Timeout                  find out first whether it was carried out
    long answer            TooLarge                 raise `Limits::response_body` if that is right
    wrong base URL         Undocumented             compare the answer with the API's pages
    wrong secret           Token                    mend the credentials of the token source
    ");
}

#[tokio::test]
async fn events_are_matched_to_their_requests_once() {
    let sandbox = sandbox().await;
    // Its event comes first, and answers no request of the example under test.
    Example::new("enroll", &sandbox).run().await;
    sandbox.plan(Fault::RepeatedEvent, Some("enroll_customer"), 1).unwrap();
    sandbox.plan(Fault::FailedEvent, Some("enroll_customer"), 1).unwrap();
    let events = Example::new("events", &sandbox).run().await;
    assert_eq!((events.status, &*events.err), (1, ""));
    insta::assert_snapshot!(events.out, @r"
    customer 1: accepted
    customer 2: accepted
    customer 3: accepted
    event left alone: it answers no request of ours
    customer 1: enrolled
    event skipped: it was delivered before
    customer 2: failed
    customer 3: enrolled
    ");
}

#[tokio::test]
async fn an_event_tells_the_outcome_of_a_request_whose_answer_was_lost() {
    let sandbox = sandbox().await;
    sandbox.plan(Fault::Reset, Some("enroll_customer"), 1).unwrap();
    let events = Example::new("events", &sandbox).run().await;
    assert_eq!(events.status, 0, "{events:?}");
    assert!(events.err.starts_with("error: customer 1: enroll_customer: the connection broke"));
    assert!(events.out.contains("customer 1: enrolled\n"), "{events:?}");
}

#[tokio::test]
async fn events_go_on_where_a_connection_broke() {
    let sandbox = sandbox().await;
    let (url, requests) = breaking_after_the_first_event(&sandbox).await;
    let events = Example::new("events", &sandbox).with("CLICK_TO_PAY_EVENTS_URL", &url).run().await;
    assert_eq!(events.status, 0, "{events:?}");
    insta::assert_snapshot!(events.out, @r"
    customer 1: accepted
    customer 2: accepted
    customer 3: accepted
    customer 1: enrolled
    customer 2: enrolled
    customer 3: enrolled
    ");
    assert!(events.err.starts_with("note: connecting again: "), "{events:?}");
    let requests = requests.lock().unwrap();
    let goes_on = |request: &String| request.to_lowercase().contains("last-event-id: 0\r\n");
    assert_eq!(requests.iter().map(goes_on).collect::<Vec<_>>(), [false, true]);
}

/// The address of the event stream behind a server in between, which breaks the first connection
/// after one event, and the heads of the requests that it passed on.
async fn breaking_after_the_first_event(sandbox: &Sandbox) -> (String, Arc<Mutex<Vec<String>>>) {
    let target = sandbox.events_url();
    let (authority, path) = target.trim_start_matches("http://").split_once('/').unwrap();
    let authority = authority.to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/{path}", listener.local_addr().unwrap());
    let requests = Arc::new(Mutex::new(Vec::new()));
    let received = Arc::clone(&requests);
    tokio::spawn(async move {
        for breaks in [true, false] {
            let (mut client, _) = listener.accept().await.unwrap();
            let mut server = TcpStream::connect(&authority).await.unwrap();
            let head = read_until(&mut client, "\r\n\r\n").await;
            server.write_all(head.as_bytes()).await.unwrap();
            received.lock().unwrap().push(head);
            if breaks {
                let event = read_until(&mut server, "\n\n").await;
                client.write_all(event.as_bytes()).await.unwrap();
            } else {
                // It ends when the example does.
                let _ = tokio::io::copy(&mut server, &mut client).await;
            }
        }
    });
    (url, requests)
}

/// Reads up to the end of a text, and not a byte more.
async fn read_until(stream: &mut TcpStream, end: &str) -> String {
    let mut text = String::new();
    while !text.ends_with(end) {
        text.push(stream.read_u8().await.unwrap().into());
    }
    text
}

#[tokio::test]
async fn update_changes_a_profile() {
    let sandbox = sandbox().await;
    let update = Example::new("update", &sandbox).arguments(&["123456789", "123456789"]);
    let done = update.input("90001\n").run().await;
    assert_eq!((done.status, &*done.out, &*done.err), (0, "updated\n", ""));
}

#[tokio::test]
async fn update_ends_as_what_came_of_the_request() {
    let sandbox = sandbox().await;
    let update =
        || Example::new("update", &sandbox).arguments(&["123456789", "123456789"]).input("90001\n");
    let set_up = update().without("PAYMENTS_KEY").run().await;
    assert_eq!(set_up.status, 2);
    assert_eq!(set_up.err, "error: set the environment variable PAYMENTS_KEY\n");

    let nothing = update().input("\n").run().await;
    assert_eq!(nothing.status, 2, "{nothing:?}");

    let wrong = update().with("PAYMENTS_KEY", "wrong").run().await;
    assert_eq!((wrong.status, &*wrong.out), (1, ""), "{wrong:?}");

    sandbox.plan(Fault::Reset, Some("update_payment_profile"), 1).unwrap();
    let lost = update().run().await;
    assert_eq!((lost.status, &*lost.out), (3, ""), "{lost:?}");
}
