//! One runtime, one vocabulary: whatever holds of one client holds of the other, generated or written by
//! hand, in the same words.
//!
//! Each test makes the same call of both, and compares what comes of it.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::any::TypeId;
use std::collections::BTreeSet;
use std::io::{self, Write};
use std::net::TcpListener;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use pagebind_client as runtime;
use pagebind_client::reqwest;
use pagebind_client::reqwest::header::{HeaderName, HeaderValue};
use pagebind_client::{ErrorKind, Limits, Outcome, RetryPolicy, SystemClock};
use pagebind_mock::{Answer, Expect, Expectation, MockServer};
use payment_profiles::{Credentials, ProfileUpdate};
use tracing_subscriber::fmt::format::FmtSpan;
use visa_click_to_pay::{Token, types};

/// What came of a call, in the terms that both clients share.
#[derive(Debug, PartialEq, Eq)]
struct Came {
    kind: ErrorKind,
    outcome: Outcome,
    status: Option<u16>,
    retry_after: Option<Duration>,
    is_transient: bool,
    is_retryable: bool,
}

impl Came {
    fn of<E>(error: &runtime::Error<E>) -> Self {
        Self {
            kind: error.kind(),
            outcome: error.outcome(),
            status: error.status().map(|status| status.as_u16()),
            retry_after: error.retry_after(),
            is_transient: error.is_transient(),
            is_retryable: error.is_retryable(),
        }
    }
}

/// The words of both builders; each takes all of them, with the same types.
macro_rules! set_up {
    ($builder:expr) => {
        $builder
            .limits(Limits { total: Duration::from_secs(20), ..Limits::default() })
            .retry(RetryPolicy::never())
            .clock(Arc::new(SystemClock))
            .http_builder(reqwest::Client::builder())
            .default_header(HeaderName::from_static("x-of-all"), HeaderValue::from_static("1"))
            .user_agent("bank/1")
            .allow_http_to("sandbox")
            .environment_proxies(true)
            .before_request(|_| {})
            .after_answer(|_, _| {})
    };
}

fn click_to_pay(url: &str) -> visa_click_to_pay::ClientBuilder {
    visa_click_to_pay::Client::builder(url).tenant("TN-1").retry(RetryPolicy::never())
}

fn payments(url: &str) -> payment_profiles::ClientBuilder {
    let credentials = Credentials::new("1", "2");
    payment_profiles::Client::builder(url).credentials(credentials).retry(RetryPolicy::never())
}

/// The error of a call of each client.
async fn errors(
    click_to_pay: visa_click_to_pay::ClientBuilder,
    payments: payment_profiles::ClientBuilder,
) -> [Came; 2] {
    let account = click_to_pay.build().unwrap().with_token(Token::new("token").unwrap());
    let body = types::ClickToPayDeleteCustomerRequest::builder().owner_bid("1");
    let call = account.delete_customer().x_customer_id(1).body(body).header("traceparent", "00-1");
    let one = Came::of(&call.send().await.unwrap_err());
    let update = ProfileUpdate::new("1", "2", "Sierra").zip("90001");
    let client = payments.build().unwrap();
    let call = client.update(&update).header("traceparent", "00-1");
    let other = Came::of(&call.send().await.unwrap_err());
    [one, other]
}

async fn both(url: &str) -> [Came; 2] {
    errors(click_to_pay(url), payments(url)).await
}

/// Answers every request of either client.
fn answer_all(server: &MockServer, answer: &Answer) {
    for path in ["/v1/clicktopay/visa/delete/customer", "/api/v1/customer/payments/update"] {
        let operation = Box::leak(Box::new(runtime::OperationInfo::new("any", "POST", path)));
        let _ = Expectation::new(server, operation).answer(answer.clone());
    }
}

#[test]
fn the_types_of_the_vocabulary_are_the_runtime_s_in_both() {
    macro_rules! same {
        ($($name:ident),* $(,)?) => {
            $(
                assert_eq!(TypeId::of::<visa_click_to_pay::$name>(), TypeId::of::<runtime::$name>());
                assert_eq!(TypeId::of::<payment_profiles::$name>(), TypeId::of::<runtime::$name>());
            )*
        };
    }
    same!(
        BaseUrlError,
        BuildError,
        ErrorKind,
        Failure,
        Limits,
        Outcome,
        RawBody,
        RetryPolicy,
        SystemClock,
    );
    type OfPayments = runtime::Error<payment_profiles::UpdateError>;
    assert_eq!(TypeId::of::<payment_profiles::Error>(), TypeId::of::<OfPayments>());
    assert_eq!(TypeId::of::<visa_click_to_pay::Error>(), TypeId::of::<runtime::Error>());
}

#[tokio::test]
async fn both_builders_take_the_same_words_and_send_what_they_say() {
    let server = MockServer::start().await.unwrap();
    let set = [
        errors(set_up!(click_to_pay(&server.url())), set_up!(payments(&server.url()))).await,
        errors(
            set_up!(click_to_pay(&server.url())).http(reqwest::Client::new()),
            set_up!(payments(&server.url())).http(reqwest::Client::new()),
        )
        .await,
        both(&server.url()).await,
    ];
    // Nothing is expected, so that each is answered with 501.
    for [one, other] in set {
        assert_eq!((one.status, other.status), (Some(501), Some(501)));
    }
    let own = [
        concat!("visa-click-to-pay/", env!("CARGO_PKG_VERSION")),
        concat!("payment-profiles/", env!("CARGO_PKG_VERSION")),
    ];
    let server = MockServer::start().await.unwrap();
    let all = runtime::OperationInfo::new("any", "POST", "/v1/clicktopay/visa/delete/customer");
    let update = runtime::OperationInfo::new("any", "POST", "/api/v1/customer/payments/update");
    let (all, update) = (Box::leak(Box::new(all)), Box::leak(Box::new(update)));
    let mocks = [all, update].map(|it| Expectation::new(&server, it).answer(Answer::status(500)));
    both(&server.url()).await;
    errors(set_up!(click_to_pay(&server.url())), set_up!(payments(&server.url()))).await;
    for (mock, own) in mocks.iter().zip(own) {
        let [plain, set] = mock.requests().try_into().unwrap();
        assert_eq!(plain.header("user-agent"), Some(own));
        assert_eq!(set.header("user-agent"), Some("bank/1"));
        assert_eq!((plain.header("x-of-all"), set.header("x-of-all")), (None, Some("1")));
        assert_eq!(plain.header("traceparent"), Some("00-1"));
    }
}

#[tokio::test]
async fn what_goes_wrong_on_the_way_is_called_the_same_by_both() {
    // Nobody listens there any more.
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let [one, other] = both(&format!("http://{closed}")).await;
    assert_eq!(one, other);
    assert_eq!((one.kind, one.outcome), (ErrorKind::Connection, Outcome::NotSent));
    for (answer, kind, outcome) in [
        (Answer::reset(), ErrorKind::Connection, Outcome::Unknown),
        (Answer::redirect(), ErrorKind::Undocumented, Outcome::Unknown),
        (Answer::rate_limited(Duration::from_secs(7)), ErrorKind::RateLimited, Outcome::Refused),
    ] {
        let server = MockServer::start().await.unwrap();
        answer_all(&server, &answer);
        let [one, other] = both(&server.url()).await;
        assert_eq!(one, other, "{answer:?}");
        assert_eq!((one.kind, one.outcome), (kind, outcome), "{answer:?}");
        assert_eq!(server.unexpected(), [""; 0], "a redirect is not followed");
    }
    let server = MockServer::start().await.unwrap();
    answer_all(&server, &Answer::status(200).delayed(Duration::from_secs(60)));
    let limits = Limits { total: Duration::from_millis(50), ..Limits::default() };
    let [one, other] =
        errors(click_to_pay(&server.url()).limits(limits), payments(&server.url()).limits(limits))
            .await;
    assert_eq!(one, other);
    assert_eq!((one.kind, one.outcome), (ErrorKind::Timeout, Outcome::Unknown));
}

#[test]
fn plain_http_goes_to_loopback_and_to_a_host_that_the_caller_names() {
    for (url, named, taken) in [
        ("http://127.0.0.1:1", None, true),
        ("http://sandbox:1", None, false),
        ("http://sandbox:1", Some("sandbox"), true),
        ("https://payments.example", None, true),
        ("https://me:secret@payments.example", None, false),
    ] {
        let (mut one, mut other) = (click_to_pay(url), payments(url));
        if let Some(named) = named {
            (one, other) = (one.allow_http_to(named), other.allow_http_to(named));
        }
        let (one, other) = (one.build().map(drop), other.build().map(drop));
        assert_eq!((one.is_ok(), other.is_ok()), (taken, taken), "{url}");
        assert_eq!(format!("{one:?}"), format!("{other:?}"));
    }
}

/// Tells the child process of a test to call there, in place of the test.
const CHILD: &str = "PAGEBIND_TESTS_CALL";

/// The environment belongs to the whole process, so a second process makes the calls: this test again.
#[tokio::test]
async fn proxies_of_the_environment_are_used_for_https_alone_and_unless_the_caller_says_otherwise()
{
    if let Ok(call) = std::env::var(CHILD) {
        let (url, used) = call.split_once(' ').unwrap();
        let used = used == "true";
        errors(
            click_to_pay(url).environment_proxies(used),
            payments(url).environment_proxies(used),
        )
        .await;
        return;
    }
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (url, used, asked) in [
        ("https://payments.example".to_owned(), true, 2),
        ("https://payments.example".to_owned(), false, 0),
        (format!("http://{closed}"), true, 0),
        (format!("https://{closed}"), true, 0),
    ] {
        let proxy = MockServer::start().await.unwrap();
        let mut child = Command::new(std::env::current_exe().unwrap());
        child
            .args(["--exact", "proxies_of_the_environment_are_used_for_https_alone_and_unless_the_caller_says_otherwise"])
            .env(CHILD, format!("{url} {used}"))
            .env_remove("NO_PROXY")
            .env_remove("no_proxy");
        for name in
            ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
        {
            child.env(name, proxy.url());
        }
        let output = tokio::task::spawn_blocking(move || child.output().unwrap()).await.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        let came = proxy.unexpected();
        assert_eq!(came.len(), asked, "{url} {used}: {came:?}");
        assert!(came.iter().all(|it| it.starts_with("CONNECT ")), "{came:?}");
    }
}

/// What is written to a log.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The names of the fields of each span called `request`, as it closes.
fn spans(log: &Log) -> Vec<BTreeSet<String>> {
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let closed = text.lines().filter(|line| line.contains(": close"));
    let fields = closed.filter_map(|line| line.split_once("request{")?.1.split_once('}'));
    let names = |(fields, _): (&str, &str)| {
        let pairs = fields.split(' ').filter_map(|pair| pair.split_once('='));
        pairs.map(|(name, _)| name.to_owned()).collect()
    };
    fields.map(names).collect()
}

#[tokio::test]
async fn spans_have_the_names_of_opentelemetry_s_conventions_in_both() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::INFO)
        .with_span_events(FmtSpan::CLOSE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let server = MockServer::start().await.unwrap();
    both(&server.url()).await;
    let [one, other] = spans(&log).try_into().unwrap();
    let common = [
        "error.type",
        "http.request.method",
        "http.response.status_code",
        "operation",
        "otel.kind",
        "otel.name",
        "server.address",
        "server.port",
    ];
    assert_eq!(other, common.map(str::to_owned).into());
    // The API of the other takes no correlation id.
    let own: Vec<_> = one.difference(&other).collect();
    assert_eq!(own, ["correlation_id"]);
}
