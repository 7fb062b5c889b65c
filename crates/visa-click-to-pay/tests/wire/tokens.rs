//! Where tokens come from, and when they are fetched.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use visa_click_to_pay::{
    CachingTokens, Clock, ErrorKind, Limits, RetryPolicy, Token, TokenError, TokenSource,
};

use crate::support::{
    FastClock, Received, Reply, Server, account, builder, enrolment, jwt, soon, update,
};

/// Gives `token-1`, `token-2` and so on, and counts.
#[derive(Clone, Default)]
struct Counting(Arc<AtomicUsize>);

impl Counting {
    fn fetches(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

impl TokenSource for Counting {
    async fn token(&self) -> Result<Token, TokenError> {
        let number = self.0.fetch_add(1, Ordering::SeqCst) + 1;
        // Lets every other caller come in between.
        tokio::task::yield_now().await;
        Token::new(format!("token-{number}"))
    }
}

fn accepts(good: &'static str) -> impl Fn(&Received) -> Reply {
    move |received| match received.header("authorization") {
        Some(token) if token == good => Reply::status(202),
        _ => Reply::status(401),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_refresh_serves_fifty_concurrent_callers() {
    let server = Server::start(accepts("Bearer token-2")).await;
    let source = Counting::default();
    let client = builder(&server).build().unwrap();
    let account = client.with_token(CachingTokens::new(source.clone()));
    let calls: Vec<_> = (0..50)
        .map(|_| {
            let account = account.clone();
            tokio::spawn(async move {
                let sent = account.enroll_customer().x_customer_id(1).body(enrolment());
                sent.send().await
            })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap().status(), 202);
    }
    // The first for all, and one refresh for all.
    assert_eq!(source.fetches(), 2);
}

#[tokio::test]
async fn a_401_is_answered_with_another_token_once_and_the_same_correlation_id() {
    let server = Server::start(accepts("Bearer token-2")).await;
    let source = Counting::default();
    let account = builder(&server).build().unwrap().with_token(source.clone());
    let sent = account.enroll_customer().x_customer_id(1).body(enrolment());
    sent.send().await.unwrap();
    let received = server.received();
    assert_eq!(received.len(), 2);
    assert_eq!(received[0].header("x-cid"), received[1].header("x-cid"));
    assert_eq!(received[0].body, received[1].body);
}

#[tokio::test]
async fn a_second_401_is_the_error() {
    let server = Server::start(|_| Reply::status(401)).await;
    let source = Counting::default();
    let account = builder(&server).build().unwrap().with_token(source.clone());
    let sent = account.update_customer().x_customer_id(1).body(update());
    let error = soon(sent.send()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert_eq!(error.status().unwrap(), 401);
    assert!(!error.is_retryable());
    assert_eq!((server.received().len(), source.fetches()), (2, 2));
}

#[tokio::test]
async fn a_fixed_token_is_not_sent_again_after_a_401() {
    let server = Server::start(|_| Reply::status(401)).await;
    let account = account(&server);
    let sent = account.update_customer().x_customer_id(1).body(update());
    assert_eq!(sent.send().await.unwrap_err().kind(), ErrorKind::Unauthorized);
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn a_closure_is_a_source() {
    let server = Server::start(accepts("Bearer from-a-vault")).await;
    let client = builder(&server).build().unwrap();
    let account = client.with_token(|| async { Token::new("from-a-vault") });
    let sent = account.update_customer().x_customer_id(1).body(update());
    sent.send().await.unwrap();
}

#[tokio::test]
async fn nothing_is_sent_without_a_token() {
    let server = Server::start(|_| Reply::status(202)).await;
    let client = builder(&server).build().unwrap();
    let sent = client.update_customer().x_customer_id(1).body(update());
    let error = sent.send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Token);
    let source = std::error::Error::source(&error).unwrap();
    assert!(source.to_string().contains("with_token"), "{source}");
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_token_is_refreshed_a_minute_before_it_expires() {
    let clock = FastClock::new();
    let fetches = Arc::new(AtomicUsize::new(0));
    let cached = {
        let (clock, fetches) = (clock.clone(), fetches.clone());
        CachingTokens::new(move || {
            fetches.fetch_add(1, Ordering::SeqCst);
            std::future::ready(Token::new(jwt(clock.now() + Duration::from_secs(600))))
        })
    }
    .clock(clock.clone());

    let first = cached.token().await.unwrap();
    clock.advance(Duration::from_secs(538));
    assert_eq!(cached.token().await.unwrap(), first);
    assert_eq!(fetches.load(Ordering::SeqCst), 1);
    clock.advance(Duration::from_secs(2));
    // Behind the back of the caller, who has a good one.
    assert_eq!(cached.token().await.unwrap(), first);
    settle().await;
    assert_ne!(cached.token().await.unwrap(), first);
    assert_eq!(fetches.load(Ordering::SeqCst), 2);
}

/// Lets a fetch that was begun come to its end.
async fn settle() {
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
}

/// Counts what is fetched by a cache on `clock` whose tokens expire `life` seconds after it.
fn jwts_of(clock: &Arc<FastClock>, life: i64) -> (impl TokenSource + use<>, Arc<AtomicUsize>) {
    let fetches = Arc::new(AtomicUsize::new(0));
    let source = {
        let (clock, fetches) = (clock.clone(), fetches.clone());
        move || {
            fetches.fetch_add(1, Ordering::SeqCst);
            let distance = Duration::from_secs(life.unsigned_abs());
            let expiry = if life < 0 { clock.now() - distance } else { clock.now() + distance };
            std::future::ready(Token::new(jwt(expiry)))
        }
    };
    (CachingTokens::new(source).clock(clock.clone()), fetches)
}

#[tokio::test]
async fn a_token_that_lives_shorter_than_it_is_refreshed_ahead_serves_half_of_its_life() {
    let clock = FastClock::new();
    let (cached, fetches) = jwts_of(&clock, 40);
    for (second, fetched) in [(0, 1), (18, 1), (19, 1), (20, 2), (30, 2)] {
        clock.advance(Duration::from_secs(second) - clock.elapsed());
        cached.token().await.unwrap();
        settle().await;
        assert_eq!(fetches.load(Ordering::SeqCst), fetched, "after {second} s");
    }
}

#[tokio::test]
async fn a_clock_that_is_ahead_does_not_fetch_a_token_for_each_request() {
    let clock = FastClock::new();
    let (cached, fetches) = jwts_of(&clock, -60);
    let first = cached.token().await.unwrap();
    clock.advance(Duration::from_secs(30));
    assert_eq!(cached.token().await.unwrap(), first);
    assert_eq!(fetches.load(Ordering::SeqCst), 1);
    // Only the API knows that it has expired, and says so.
    assert_ne!(cached.renew(&first).await.unwrap().unwrap(), first);
    assert_eq!(fetches.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_refresh_that_fails_leaves_the_token_in_use_until_it_expires() {
    let clock = FastClock::new();
    let fetches = Arc::new(AtomicUsize::new(0));
    let cached = {
        let (clock, fetches) = (clock.clone(), fetches.clone());
        CachingTokens::new(move || {
            std::future::ready(match fetches.fetch_add(1, Ordering::SeqCst) {
                0 => Token::new(jwt(clock.now() + Duration::from_secs(600))),
                _ => Err(TokenError::new("out of order").transient()),
            })
        })
    }
    .clock(clock.clone());

    let first = cached.token().await.unwrap();
    clock.advance(Duration::from_secs(550));
    for _ in 0..3 {
        assert_eq!(cached.token().await.unwrap(), first);
        settle().await;
    }
    // One failed refresh is followed by a pause, not by another for each request.
    assert_eq!(fetches.load(Ordering::SeqCst), 2);
    clock.advance(Duration::from_secs(50));
    let error = cached.token().await.unwrap_err();
    assert!(error.is_transient());
    assert_eq!(error.to_string(), "out of order");
}

#[tokio::test]
async fn callers_that_wait_for_a_fetch_share_its_failure() {
    let fetches = Arc::new(AtomicUsize::new(0));
    let cached = {
        let fetches = fetches.clone();
        CachingTokens::new(move || {
            fetches.fetch_add(1, Ordering::SeqCst);
            async {
                tokio::task::yield_now().await;
                Err(TokenError::new("out of order"))
            }
        })
    };
    let (one, two, three) = tokio::join!(cached.token(), cached.token(), cached.token());
    assert!(one.is_err() && two.is_err() && three.is_err());
    // A refusal is remembered: asking again at once could lock the account.
    cached.token().await.unwrap_err();
    assert_eq!(fetches.load(Ordering::SeqCst), 1);
}

/// Every caller gives up before the token comes; what was asked for is there for those after them.
#[tokio::test]
async fn callers_that_give_up_before_the_token_comes_cost_one_fetch_in_all() {
    let server = Server::start(accepts("Bearer token-1")).await;
    let source = Counting::default();
    let slow = Arc::new(tokio::sync::Notify::new());
    let account = {
        let (source, slow) = (source.clone(), slow.clone());
        let slowly = move || {
            let (source, slow) = (source.clone(), slow.clone());
            async move {
                slow.notified().await;
                source.token().await
            }
        };
        builder(&server).build().unwrap().with_token(CachingTokens::new(slowly))
    };
    for _ in 0..20 {
        let mut call =
            Box::pin(account.enroll_customer().x_customer_id(1).body(enrolment()).send());
        tokio::select! {
            biased;
            _ = &mut call => panic!("the token has not come"),
            () = settle() => {}
        }
    }
    slow.notify_one();
    account.enroll_customer().x_customer_id(1).body(enrolment()).send().await.unwrap();
    assert_eq!((source.fetches(), server.received().len()), (1, 1));
}

/// `select!` keeps the future that it does not poll any more.
#[tokio::test]
async fn a_call_that_is_not_polled_any_more_holds_no_other_one_up() {
    let server = Server::start(|_| Reply::status(202)).await;
    let account = builder(&server).build().unwrap();
    let account = account.with_token(CachingTokens::new(Counting::default()));
    let mut kept = Box::pin(account.enroll_customer().x_customer_id(1).body(enrolment()).send());
    tokio::select! {
        biased;
        _ = &mut kept => panic!("it waits for its token"),
        () = std::future::ready(()) => {}
    }
    let sent = account.enroll_customer().x_customer_id(2).body(enrolment());
    soon(sent.send()).await.unwrap();
    kept.await.unwrap();
}

/// The deadline is of no use if a token source can hang a call.
#[tokio::test]
async fn a_source_that_hangs_is_given_up() {
    let server = Server::start(|_| Reply::status(202)).await;
    let limits = Limits { total: Duration::from_millis(50), ..Limits::default() };
    let client = builder(&server).limits(limits).build().unwrap();
    let account = client.with_token(std::future::pending);
    let sent = account.update_customer().x_customer_id(1).body(update());
    let error = soon(sent.send()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Token);
    assert!(error.is_retryable());
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_source_that_hangs_is_given_up_at_the_deadline_too() {
    let server = Server::start(|_| Reply::status(202)).await;
    let deadline = Duration::from_millis(50);
    let client = builder(&server).retry(RetryPolicy { deadline, ..RetryPolicy::default() });
    let account = client.build().unwrap().with_token(std::future::pending);
    let sent = account.update_customer().x_customer_id(1).body(update());
    assert_eq!(soon(sent.send()).await.unwrap_err().kind(), ErrorKind::Token);
}

#[tokio::test]
async fn two_clients_share_the_cache_of_one_account() {
    let server = Server::start(|_| Reply::status(202)).await;
    let source = Counting::default();
    let cache = Arc::new(CachingTokens::new(source.clone()));
    for _ in 0..2 {
        let client = builder(&server).build().unwrap();
        let account = client.with_token(Arc::clone(&cache));
        let sent = account.update_customer().x_customer_id(1).body(update());
        sent.send().await.unwrap();
    }
    assert_eq!(source.fetches(), 1);
}
