//! Each test counts the fetches; time is tokio's, and stands still but for what is waited for.

use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::SystemTime;

use tokio::runtime::Runtime;
use tokio::time::{Instant, advance, sleep, timeout};

use super::*;

const MS: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);

/// Gives what `answer` makes of the number of the fetch, from 1, after `takes`.
#[derive(Clone)]
struct Counted {
    fetches: Arc<AtomicUsize>,
    takes: Duration,
    answer: fn(usize) -> Result<Token, TokenError>,
}

impl Counted {
    fn new(takes: Duration, answer: fn(usize) -> Result<Token, TokenError>) -> Self {
        Self { fetches: Arc::default(), takes, answer }
    }

    fn fetches(&self) -> usize {
        self.fetches.load(Ordering::SeqCst)
    }
}

impl TokenSource for Counted {
    async fn token(&self) -> Result<Token, TokenError> {
        let number = self.fetches.fetch_add(1, Ordering::SeqCst) + 1;
        sleep(self.takes).await;
        (self.answer)(number)
    }
}

fn numbered(number: usize) -> Result<Token, TokenError> {
    Token::new(format!("token-{number}"))
}

fn lives(number: usize, life: Duration) -> Result<Token, TokenError> {
    Ok(numbered(number)?.expiring_at(SystemTime::now() + life))
}

fn token(number: usize) -> Token {
    numbered(number).unwrap()
}

/// Lets what has been spawned run, without a wait.
async fn settle() {
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
}

fn poll_once<T>(future: Pin<&mut impl Future<Output = T>>) -> Poll<T> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[tokio::test(start_paused = true)]
async fn a_fetch_survives_callers_that_give_up_before_it_ends() {
    let source = Counted::new(150 * MS, numbered);
    let cached = Arc::new(CachingTokens::new(source.clone()));
    let started = Instant::now();
    let mut served = Vec::new();
    for _ in 0..50 {
        let cached = cached.clone();
        let asked = Instant::now() - started;
        served.push((asked, tokio::spawn(async move { timeout(100 * MS, cached.token()).await })));
        sleep(20 * MS).await;
    }
    for (asked, caller) in served {
        // Who asks at least 50 ms after the first is there when the token comes.
        assert_eq!(caller.await.unwrap().is_ok(), asked >= 50 * MS, "{asked:?}");
    }
    assert_eq!(source.fetches(), 1);
}

#[tokio::test(start_paused = true)]
async fn cancellation_at_any_await_changes_nothing() {
    for awaits in 0..20 {
        let source = Counted::new(10 * MS, numbered);
        let cached = CachingTokens::new(source.clone());
        {
            let mut caller = pin!(cached.token());
            for _ in 0..awaits {
                if poll_once(caller.as_mut()).is_ready() {
                    break;
                }
                advance(MS).await;
                settle().await;
            }
        }
        assert_eq!(cached.token().await.unwrap(), token(1), "after {awaits} polls");
        assert_eq!(source.fetches(), 1);

        {
            let first = token(1);
            let mut caller = pin!(cached.renew(&first));
            for _ in 0..awaits {
                if poll_once(caller.as_mut()).is_ready() {
                    break;
                }
                advance(MS).await;
                settle().await;
            }
        }
        assert_eq!(cached.renew(&token(1)).await.unwrap(), Some(token(2)), "after {awaits} polls");
        assert_eq!(source.fetches(), 2);
    }
}

/// `select!` and `buffer_unordered` keep futures that they don't poll.
#[tokio::test(start_paused = true)]
async fn a_caller_that_is_not_polled_any_more_holds_nobody_up() {
    let cached = CachingTokens::new(Counted::new(300 * MS, numbered));
    let mut kept = pin!(cached.token());
    assert!(poll_once(kept.as_mut()).is_pending());
    let started = Instant::now();
    assert_eq!(cached.token().await.unwrap(), token(1));
    assert_eq!(started.elapsed(), 300 * MS);
    assert_eq!(cached.renew(&token(1)).await.unwrap(), Some(token(2)));
    assert_eq!(kept.await.unwrap(), token(1));
}

#[tokio::test(start_paused = true)]
async fn who_has_a_good_token_never_waits_for_its_refresh() {
    let source = Counted::new(150 * MS, |number| lives(number, 4 * SECOND));
    let cached = CachingTokens::new(source.clone()).refresh_ahead(2 * SECOND);
    cached.token().await.unwrap();
    for _ in 0..500 {
        let asked = Instant::now();
        cached.token().await.unwrap();
        assert_eq!(asked.elapsed(), Duration::ZERO);
        sleep(20 * MS).await;
    }
    // One for each two seconds of the ten.
    assert!((4..=6).contains(&source.fetches()), "{}", source.fetches());
}

#[tokio::test(start_paused = true)]
async fn a_refresh_that_hangs_is_given_up_and_begun_again() {
    let source = Counted::new(Duration::ZERO, |number| lives(number, 600 * SECOND));
    let fetches = source.fetches.clone();
    let hangs = move || {
        let source = source.clone();
        async move {
            if source.fetches() == 1 {
                source.fetches.fetch_add(1, Ordering::SeqCst);
                std::future::pending::<()>().await;
            }
            source.token().await
        }
    };
    let cached = CachingTokens::new(hangs).fetch_timeout(10 * SECOND);
    let first = cached.token().await.unwrap();
    sleep(541 * SECOND).await;
    assert_eq!(cached.token().await.unwrap(), first);
    sleep(9 * SECOND).await;
    assert_eq!(cached.token().await.unwrap(), first);
    assert_eq!(fetches.load(Ordering::SeqCst), 2);
    sleep(2 * SECOND).await;
    assert_eq!(cached.token().await.unwrap(), first);
    settle().await;
    assert_eq!(cached.token().await.unwrap(), token(3));
}

#[tokio::test(start_paused = true)]
async fn a_thousand_callers_cost_one_fetch_and_a_wrong_password_few() {
    let source = Counted::new(50 * MS, numbered);
    let refusing = Counted::new(50 * MS, |_| Err(TokenError::new("refused")));
    for (source, succeeds) in [(source, true), (refusing, false)] {
        let cached = Arc::new(CachingTokens::new(source.clone()));
        let callers: Vec<_> = (0..1_000)
            .map(|number| {
                let cached = cached.clone();
                tokio::spawn(async move {
                    sleep(number * MS).await;
                    cached.token().await
                })
            })
            .collect();
        for caller in callers {
            assert_eq!(caller.await.unwrap().is_ok(), succeeds);
        }
        assert_eq!(source.fetches(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_told_for_a_pause_that_grows_and_forgotten_with_the_first_success() {
    let source = Counted::new(Duration::ZERO, |number| match number {
        6 => numbered(number),
        _ => Err(TokenError::new("refused")),
    });
    let cached = CachingTokens::new(source.clone());
    let started = Instant::now();
    let mut pauses = Vec::new();
    for fetch in 1..=5 {
        let error = cached.token().await.unwrap_err();
        assert_eq!((error.to_string().as_str(), source.fetches()), ("refused", fetch));
        let wait = error.retry_after().unwrap();
        sleep(wait / 2).await;
        let told = cached.token().await.unwrap_err();
        assert!(told.retry_after().unwrap() <= wait - wait / 2);
        assert_eq!(source.fetches(), fetch);
        sleep(wait - wait / 2 + MS).await;
        pauses.push(wait);
    }
    for (pause, longest) in pauses.iter().zip([5, 10, 20, 40, 80]) {
        let longest = longest * SECOND;
        assert!((longest / 2..=longest).contains(pause), "{pause:?} of {longest:?}");
    }
    assert!(started.elapsed() < 160 * SECOND);
    assert_eq!(cached.token().await.unwrap(), token(6));
    let error = cached.renew(&token(6)).await.unwrap_err();
    assert!(error.retry_after().unwrap() <= 5 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_transient_failure_is_soon_asked_about_again_but_not_before_the_server_wants_it() {
    let source = Counted::new(Duration::ZERO, |number| match number {
        1 => Err(TokenError::new("busy").transient()),
        2 => Err(TokenError::new("busy").transient().with_retry_after(20 * SECOND)),
        _ => numbered(number),
    });
    let cached = CachingTokens::new(source.clone());
    assert!(cached.token().await.unwrap_err().is_transient());
    sleep(501 * MS).await;
    assert_eq!(cached.token().await.unwrap_err().retry_after(), Some(20 * SECOND));
    sleep(19 * SECOND).await;
    assert_eq!(cached.token().await.unwrap_err().retry_after(), Some(SECOND));
    assert_eq!(source.fetches(), 2);
    sleep(2 * SECOND).await;
    assert_eq!(cached.token().await.unwrap(), token(3));
}

#[tokio::test(start_paused = true)]
async fn a_refresh_that_fails_leaves_the_good_token_in_use() {
    let source = Counted::new(Duration::ZERO, |number| match number {
        1 => lives(1, 600 * SECOND),
        _ => Err(TokenError::new("refused")),
    });
    let cached = CachingTokens::new(source.clone());
    cached.token().await.unwrap();
    for _ in 0..598 {
        sleep(SECOND).await;
        assert_eq!(cached.token().await.unwrap(), token(1));
    }
    // In the last minute, with pauses of up to 5, 10, 20 and 40 s.
    assert!((2..=7).contains(&source.fetches()), "{}", source.fetches());
    sleep(3 * SECOND).await;
    cached.token().await.unwrap_err();
}

#[tokio::test(start_paused = true)]
async fn a_source_that_panics_has_failed_and_is_asked_again() {
    let source = Counted::new(Duration::ZERO, |number| match number {
        1 => panic!("on purpose"),
        _ => numbered(number),
    });
    let cached = CachingTokens::new(source.clone());
    let (one, two) = tokio::join!(cached.token(), cached.token());
    assert_eq!(one.unwrap_err().to_string(), "the token source panicked");
    assert_eq!(two.unwrap_err().to_string(), "the token source panicked");
    cached.token().await.unwrap_err();
    assert_eq!(source.fetches(), 1);
    sleep(6 * SECOND).await;
    assert_eq!(cached.token().await.unwrap(), token(2));
}

#[tokio::test(start_paused = true)]
async fn a_source_that_hangs_is_a_transient_failure_for_all_who_wait() {
    let cached = CachingTokens::new(std::future::pending).fetch_timeout(10 * SECOND);
    let (started, refused) = (Instant::now(), token(1));
    let (one, two) = tokio::join!(cached.token(), cached.renew(&refused));
    assert!(one.unwrap_err().is_transient() && two.unwrap_err().is_transient());
    assert_eq!(started.elapsed(), 10 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn renewing_never_gives_a_token_that_has_expired() {
    let source = Counted::new(Duration::ZERO, |number| lives(number, 100 * MS));
    let cached = CachingTokens::new(source.clone());
    let first = cached.token().await.unwrap();
    sleep(101 * MS).await;
    cached.token().await.unwrap();
    sleep(101 * MS).await;
    assert_eq!(cached.renew(&first).await.unwrap(), Some(token(3)));
    // While it is good, whoever had an older one refused gets it without a fetch.
    assert_eq!(cached.renew(&first).await.unwrap(), Some(token(3)));
    assert_eq!(source.fetches(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_renewal_does_not_take_the_answer_to_an_earlier_question_for_its_own() {
    // The source keeps a token for itself, as a vault does, and gives another only later.
    let source = Counted::new(50 * MS, |number| numbered(number.max(2)));
    let cached = CachingTokens::new(source.clone());
    let mut asked = pin!(cached.token());
    assert!(poll_once(asked.as_mut()).is_pending());
    assert_eq!(cached.renew(&token(2)).await.unwrap(), None);
    assert_eq!(asked.await.unwrap(), token(2));
    assert_eq!(source.fetches(), 2);
    assert_eq!(cached.renew(&token(2)).await.unwrap(), Some(token(3)));
}

/// A wall clock that is set, beside one that is not.
#[derive(Default)]
struct Stepping(Mutex<i64>);

impl Clock for Stepping {
    fn now(&self) -> SystemTime {
        let seconds = *self.0.lock().unwrap();
        let step = Duration::from_secs(seconds.unsigned_abs());
        let now = SystemTime::UNIX_EPOCH + 1_000_000 * SECOND + SystemClock.elapsed();
        if seconds < 0 { now - step } else { now + step }
    }
    fn elapsed(&self) -> Duration {
        SystemClock.elapsed()
    }
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(sleep(duration))
    }
    fn jitter(&self, upper: Duration) -> Duration {
        upper
    }
}

#[tokio::test(start_paused = true)]
async fn a_wall_clock_that_is_set_costs_a_fetch_at_most_and_lets_no_token_live_longer() {
    for step in [-3_600, 3_600] {
        let clock = Arc::new(Stepping::default());
        let fetches = Arc::new(AtomicUsize::new(0));
        let cached = {
            let (true_time, fetches) = (Stepping::default(), fetches.clone());
            CachingTokens::new(move || {
                let number = fetches.fetch_add(1, Ordering::SeqCst) + 1;
                let end = true_time.now() + 600 * SECOND;
                std::future::ready(Ok(token(number).expiring_at(end)))
            })
            .clock(clock.clone())
        };
        cached.token().await.unwrap();
        *clock.0.lock().unwrap() = step;
        for _ in 0..9 {
            sleep(59 * SECOND).await;
            cached.token().await.unwrap();
        }
        let expected = if step < 0 { 1 } else { 2 };
        assert_eq!(fetches.load(Ordering::SeqCst), expected, "{step}");
        if step < 0 {
            // By the wall clock, the first token is good for another hour.
            sleep(70 * SECOND).await;
            assert_eq!(cached.token().await.unwrap(), token(2));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_cache_that_is_dropped_stops_its_fetch() {
    let source = Counted::new(SECOND, numbered);
    let cached = CachingTokens::new(source.clone());
    assert!(timeout(MS, cached.token()).await.is_err());
    let held = Arc::downgrade(&cached.cache);
    drop(cached);
    settle().await;
    assert!(held.upgrade().is_none(), "the task holds the source and its secret");
}

fn single() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap()
}

/// A fetch as the first runtime leaves it: begun, and not ended.
fn begun_on(runtime: &Runtime, cached: &CachingTokens<Counted>) {
    runtime.block_on(async {
        assert!(poll_once(pin!(cached.token())).is_pending());
        settle().await;
    });
}

#[test]
fn a_runtime_that_is_gone_takes_its_fetch_along_and_the_next_caller_begins_another() {
    let source = Counted::new(MS, numbered);
    let cached = CachingTokens::new(source.clone());
    let first = single();
    begun_on(&first, &cached);
    drop(first);
    assert_eq!(single().block_on(cached.token()).unwrap(), token(2));
    assert_eq!(source.fetches(), 2);
}

#[test]
fn a_runtime_that_nobody_drives_holds_up_no_other_one_for_long() {
    let source = Counted::new(MS, numbered);
    let cached = CachingTokens::new(source.clone());
    let first = single();
    begun_on(&first, &cached);
    let second = single();
    second.block_on(async {
        tokio::time::pause();
        let started = Instant::now();
        assert_eq!(cached.token().await.unwrap(), token(2));
        let waited = fetch::ELSEWHERE..fetch::ELSEWHERE + 10 * MS;
        assert!(waited.contains(&started.elapsed()), "{:?}", started.elapsed());
    });
    // What the first one brings when it runs again is a token like any other.
    first.block_on(async { sleep(2 * MS).await });
    second.block_on(cached.token()).unwrap();
    assert_eq!(source.fetches(), 2);
}

#[test]
fn two_runtimes_that_both_run_share_a_fetch() {
    let source = Counted::new(100 * MS, numbered);
    let cached = Arc::new(CachingTokens::new(source.clone()));
    let (first, second) = (Runtime::new().unwrap(), Runtime::new().unwrap());
    let calls = [&first, &second].map(|runtime| {
        let cached = cached.clone();
        runtime.spawn(async move { cached.token().await })
    });
    for call in calls {
        assert_eq!(first.block_on(call).unwrap().unwrap(), token(1));
    }
    assert_eq!(source.fetches(), 1);
}

#[test]
fn without_a_runtime_there_is_an_error_and_no_panic() {
    let cached = CachingTokens::new(token(1));
    let Poll::Ready(Err(error)) = poll_once(pin!(cached.token())) else {
        panic!("it has nothing to wait for")
    };
    assert!(error.to_string().contains("runtime"), "{error}");
}
