//! What is sent again, how often, and after how long.

use std::time::{Duration, SystemTime};

use visa_click_to_pay::{CorrelationId, ErrorKind, Limits, Outcome, RetryPolicy};

use crate::support::{
    FastClock, Reply, Server, account, builder, deletion, enrolment, soon, token, update,
};

fn with_retry_after(status: u16, value: String) -> Reply {
    Reply::Answer(status, vec![("retry-after", value)], String::new())
}

#[tokio::test]
async fn a_put_is_tried_again_on_each_transient_status_with_the_same_correlation_id() {
    for status in [408, 429, 500, 502, 503, 504] {
        let server = Server::start(move |received| {
            Reply::status(if received.number < 2 { status } else { 202 })
        })
        .await;
        let account = account(&server);
        let sent = account.update_customer().x_customer_id(1).body(update());
        let accepted = sent.send().await.unwrap();
        let received = server.received();
        assert_eq!(received.len(), 3, "{status}");
        for request in received {
            let id = request.header("x-cid").unwrap();
            assert_eq!(id, accepted.correlation_id().unwrap().as_str());
            assert_eq!(request.header("authorization"), Some("Bearer token"));
        }
    }
}

#[tokio::test]
async fn a_post_is_sent_once_whatever_the_status_unless_the_caller_opts_in() {
    let server = Server::start(|_| Reply::status(503)).await;
    let account = account(&server);
    let sent = account.enroll_customer().x_customer_id(1).body(enrolment());
    let error = sent.send().await.unwrap_err();
    assert_eq!(server.received().len(), 1);
    assert!(error.is_transient() && !error.is_retryable());

    let account =
        account.with_retry(RetryPolicy { repeat_non_idempotent: true, ..RetryPolicy::default() });
    let sent = account.enroll_customer().x_customer_id(1).body(enrolment());
    let error = sent.send().await.unwrap_err();
    assert_eq!(server.received().len(), 1 + 4);
    assert!(error.is_retryable());
    assert_eq!(error.failure().unwrap().tries(), 4);
}

#[tokio::test]
async fn a_post_that_is_rate_limited_was_not_carried_out_and_is_sent_again() {
    let clock = FastClock::new();
    let server = Server::start(|received| match received.number {
        0 => with_retry_after(429, "7".to_owned()),
        _ => Reply::status(202),
    })
    .await;
    let client = builder(&server).clock(clock.clone()).build().unwrap();
    let patient = client.with_token(token("t"));
    let sent = patient.enroll_customer().x_customer_id(1).body(enrolment());
    assert_eq!(sent.send().await.unwrap().tries(), 2);
    assert!(clock.waits()[0] >= 7_000);

    let server = Server::start(|_| with_retry_after(429, "31".to_owned())).await;
    let account = account(&server);
    let sent = account.enroll_customer().x_customer_id(1).body(enrolment());
    let error = sent.send().await.unwrap_err();
    assert!(error.is_transient() && error.is_retryable());
    assert_eq!((error.outcome(), server.received().len()), (Outcome::Refused, 1));
}

#[tokio::test]
async fn a_post_that_is_rate_limited_waits_as_ever_where_retry_after_says_nothing() {
    let past = httpdate::fmt_http_date(SystemTime::now() - Duration::from_secs(60));
    for (value, wait) in
        [("", 200), ("soon", 200), ("-1", 200), ("1.5", 200), ("0", 200), (past.as_str(), 200)]
    {
        let clock = FastClock::new();
        let value = value.to_owned();
        let server = Server::start(move |received| match received.number {
            0 => with_retry_after(429, value.clone()),
            _ => Reply::status(202),
        })
        .await;
        let client = builder(&server).clock(clock.clone()).build().unwrap();
        let account = client.with_token(token("t"));
        let sent = account.enroll_customer().x_customer_id(1).body(enrolment());
        assert_eq!(sent.send().await.unwrap().tries(), 2);
        assert_eq!(clock.waits(), [wait]);
    }
}

#[tokio::test]
async fn a_post_that_breaks_off_after_a_rate_limit_may_have_been_carried_out() {
    let server = Server::start(|received| match received.number {
        0 => Reply::status(429),
        _ => Reply::Break,
    })
    .await;
    let account = account(&server);
    let sent = account.enroll_customer().x_customer_id(1).body(enrolment());
    let error = sent.send().await.unwrap_err();
    assert_eq!(server.received().len(), 2);
    assert_eq!((error.outcome(), error.is_retryable()), (Outcome::Unknown, false), "{error}");
}

#[tokio::test]
async fn a_put_whose_rate_limits_use_up_all_tries_was_never_carried_out() {
    let server = Server::start(|_| Reply::status(429)).await;
    let account = account(&server);
    let sent = account.update_customer().x_customer_id(1).body(update());
    let error = sent.send().await.unwrap_err();
    assert_eq!(server.received().len(), 4);
    assert_eq!((error.outcome(), error.is_retryable()), (Outcome::Refused, true), "{error}");
    assert!(!error.to_string().contains("may have been carried out"), "{error}");
}

#[tokio::test]
async fn an_error_says_the_same_in_its_text_as_to_a_program() {
    for status in [200, 302, 400, 404, 408, 429, 500, 501, 503] {
        let body = serde_json::json!({"code": status, "message": "x"});
        let server = Server::start(move |_| Reply::json(status, &body)).await;
        let account = account(&server).with_retry(RetryPolicy::never());
        let put = account.update_customer().x_customer_id(1).body(update()).send().await;
        let post = account.enroll_customer().x_customer_id(1).body(enrolment()).send().await;
        let post = post.unwrap_err();
        let put = put.unwrap_err();
        for (text, outcome, retryable) in [
            (put.to_string(), put.outcome(), put.is_retryable()),
            (post.to_string(), post.outcome(), post.is_retryable()),
        ] {
            let unknown = outcome == Outcome::Unknown;
            assert_eq!(text.contains("may have been carried out"), unknown, "{text}");
            assert_eq!(text.contains("can be sent again"), unknown && retryable, "{text}");
        }
    }
}

/// The connection stands, and TLS does not: nothing of the request leaves.
#[tokio::test]
async fn a_timeout_before_anything_left_is_not_sent() {
    let server = Server::start(|_| Reply::Silence).await;
    let https = server.url().replace("http://", "https://");
    let limits = Limits { total: Duration::from_millis(100), ..Limits::default() };
    let client = visa_click_to_pay::Client::builder(https).tenant("TN-1").limits(limits);
    let account = client.clock(FastClock::new()).build().unwrap().with_token(token("t"));
    let sent = account.enroll_customer().x_customer_id(1).body(enrolment());
    let error = soon(sent.send()).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::Timeout, Outcome::NotSent), "{error}");
    assert!(error.is_retryable() && !error.to_string().contains("carried out"), "{error}");
}

#[tokio::test]
async fn retry_after_is_waited_for_in_seconds_and_as_a_date() {
    let clock = FastClock::new();
    let date = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(25));
    let server = Server::start(move |received| match received.number {
        0 => with_retry_after(429, "7".to_owned()),
        1 => with_retry_after(429, date.clone()),
        _ => Reply::status(202),
    })
    .await;
    let client = builder(&server).clock(clock.clone()).build().unwrap();
    let account = client.with_token(token("t"));
    let sent = account.update_customer().x_customer_id(1).body(update());
    sent.send().await.unwrap();
    let [seconds, date] = clock.waits()[..] else { panic!("two waits") };
    // A quarter on top, with the unluckiest of dice.
    assert_eq!(seconds, 8_750);
    // The date lies 25 s after the start, of which the clock has passed 8.75; it has no fractions.
    let asked = date * 4 / 5;
    assert!((14_250..=16_250).contains(&asked), "{asked}");
}

#[tokio::test]
async fn a_retry_after_beyond_the_limit_ends_the_tries_and_is_told() {
    let server = Server::start(|_| with_retry_after(429, "31".to_owned())).await;
    let account = account(&server);
    let sent = account.update_customer().x_customer_id(1).body(update());
    let error = sent.send().await.unwrap_err();
    assert_eq!(server.received().len(), 1);
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(31)));
    assert!(error.to_string().contains("31 s"), "{error}");
}

#[tokio::test]
async fn waits_grow_until_the_deadline() {
    let server = Server::start(|_| Reply::status(503)).await;
    let clock = FastClock::new();
    let client = builder(&server)
        .clock(clock.clone())
        .retry(RetryPolicy {
            max_tries: u32::MAX,
            deadline: Duration::from_secs(30),
            ..RetryPolicy::default()
        })
        .build()
        .unwrap();
    let account = client.with_token(token("t"));
    let sent = account.update_customer().x_customer_id(1).body(update());
    let error = sent.send().await.unwrap_err();
    // 200 ms, doubled each time up to 10 s; another 10 s would end past 30 s.
    assert_eq!(clock.waits(), [200, 400, 800, 1_600, 3_200, 6_400, 10_000]);
    assert_eq!(server.received().len(), 8);
    assert_eq!(error.status().unwrap(), 503);
    assert!(error.is_retryable());
}

#[tokio::test]
async fn a_connection_that_breaks_before_the_request_is_read_sends_a_post_once_and_a_put_twice() {
    let twice = RetryPolicy { max_tries: 2, ..RetryPolicy::default() };
    let server = Server::start_breaking_unread().await;
    let account = account(&server).with_retry(twice);
    let sent = account.delete_customer().x_customer_id(1).body(deletion());
    let error = sent.send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(error.is_transient() && !error.is_retryable(), "{error}");
    assert_eq!(server.connections(), 1);

    let sent = account.update_customer().x_customer_id(1).body(update());
    let error = sent.send().await.unwrap_err();
    assert!(error.is_retryable(), "{error}");
    assert_eq!(server.connections(), 1 + 2);
}

#[tokio::test]
async fn a_connection_that_breaks_after_the_request_was_read_sends_a_post_once_and_a_put_twice() {
    let server = Server::start(|received| match received.number {
        0 | 1 => Reply::Break,
        _ => Reply::status(202),
    })
    .await;
    let account = account(&server);
    let sent = account.enroll_customer().x_customer_id(1).body(enrolment());
    let error = sent.send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(error.to_string().contains("may have been carried out"), "{error}");
    assert_eq!(server.received().len(), 1);

    let sent = account.update_customer().x_customer_id(1).body(update());
    sent.send().await.unwrap();
    assert_eq!(server.received().len(), 1 + 2);
}

#[tokio::test]
async fn a_post_that_never_left_is_tried_again() {
    // A port that was free a moment ago: nobody listens there.
    let unused = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    let clock = FastClock::new();
    let client = visa_click_to_pay::Client::builder(format!("http://{unused}"))
        .tenant("TN-1")
        .clock(clock.clone())
        .build()
        .unwrap();
    let account =
        client.with_token(token("t")).with_correlation_id(CorrelationId::new("order-42").unwrap());
    let sent = account.enroll_customer().x_customer_id(1).body(enrolment());
    let error = sent.send().await.unwrap_err();
    assert_eq!(clock.waits(), [200, 400, 800]);
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(error.is_retryable());
    assert_eq!(
        error.to_string(),
        "enroll_customer: no connection: check the base URL and the network \
         (4 tries, correlation id order-42)"
    );
}

#[tokio::test]
async fn a_policy_of_one_try_tries_once() {
    let server = Server::start(|_| Reply::status(503)).await;
    let account = account(&server).with_retry(RetryPolicy::never());
    let sent = account.update_customer().x_customer_id(1).body(update());
    sent.send().await.unwrap_err();
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn an_error_says_whether_the_request_may_have_been_carried_out() {
    for (replies, outcome) in [
        (vec![Reply::status(429)], Outcome::Refused),
        (vec![Reply::status(404)], Outcome::Refused),
        (vec![Reply::status(302)], Outcome::Unknown),
        (vec![Reply::status(500)], Outcome::Unknown),
        (vec![Reply::status(200)], Outcome::Unknown),
        (vec![Reply::Break], Outcome::Unknown),
        // What an earlier try may have done, a later refusal does not undo.
        (vec![Reply::status(503), Reply::status(404)], Outcome::Unknown),
        (vec![Reply::Break, Reply::status(404)], Outcome::Unknown),
        (vec![Reply::status(429), Reply::status(404)], Outcome::Refused),
    ] {
        let tries = replies.len();
        let server =
            Server::start(move |received| replies[received.number.min(replies.len() - 1)].clone())
                .await;
        let policy = RetryPolicy { max_tries: tries as u32, ..RetryPolicy::default() };
        let account = account(&server).with_retry(policy);
        let error = account.update_customer().x_customer_id(1).body(update()).send().await;
        let error = error.unwrap_err();
        assert_eq!(server.received().len(), tries, "{error}");
        assert_eq!(error.outcome(), outcome, "{error}");
    }

    let server = Server::start_breaking_unread().await;
    let unsent = account(&server).enroll_customer().body(enrolment()).send().await.unwrap_err();
    assert_eq!(unsent.outcome(), Outcome::NotSent);
    assert_eq!(server.connections(), 0);
}
