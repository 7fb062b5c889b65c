//! What a server can't do to a client, however it behaves.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Barrier;
use visa_click_to_pay::{
    BaseUrlError, BuildError, Client, Environment, ErrorKind, Limits, Outcome, RetryPolicy,
};

use crate::support::{Reply, Server, account, builder, deletion, enrolment, soon, token, update};

/// Short enough for a test to wait for, where never answering is the point, and long enough for a request to leave
/// on a busy machine.
const SHORT: Duration = Duration::from_millis(500);

fn limited(server: &Server, limits: Limits) -> Client {
    let client = builder(server).limits(limits).retry(RetryPolicy::never()).build().unwrap();
    client.with_token(token("token"))
}

#[tokio::test]
async fn a_server_that_says_nothing_is_a_timeout() {
    let server = Server::start(|_| Reply::Silence).await;
    for limits in
        [Limits { total: SHORT, ..Limits::default() }, Limits { read: SHORT, ..Limits::default() }]
    {
        let account = limited(&server, limits);
        let sent = account.enroll_customer().x_customer_id(1).body(enrolment());
        let error = soon(sent.send()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout, "{error:?}");
        assert!(error.is_transient() && !error.is_retryable());
        assert!(error.to_string().contains("find out before sending it again"), "{error}");
    }
    // An HTTP client of the caller's own is held to the time for a whole answer, too.
    let limits = Limits { total: SHORT, ..Limits::default() };
    let own = builder(&server).limits(limits).http(reqwest::Client::new()).build().unwrap();
    let account = own.with_token(token("token")).with_retry(RetryPolicy::never());
    let sent = account.enroll_customer().x_customer_id(1).body(enrolment());
    assert_eq!(soon(sent.send()).await.unwrap_err().kind(), ErrorKind::Timeout);
}

#[tokio::test]
async fn the_deadline_cuts_a_try_short() {
    let server = Server::start(|_| Reply::Silence).await;
    let account =
        account(&server).with_retry(RetryPolicy { deadline: SHORT, ..RetryPolicy::never() });
    let sent = account.update_customer().x_customer_id(1).body(update());
    let error = soon(sent.send()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
}

#[tokio::test]
async fn a_body_that_stalls_is_a_timeout_with_its_status() {
    let server =
        Server::start(|_| Reply::HeadOnly("HTTP/1.1 400 X\r\ncontent-length: 10\r\n\r\n")).await;
    let account = limited(&server, Limits { read: SHORT, ..Limits::default() });
    let sent = account.enroll_customer().x_customer_id(1).body(enrolment());
    let error = soon(sent.send()).await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Timeout, 400));
}

#[tokio::test]
async fn a_body_that_never_ends_is_read_up_to_the_limit() {
    const HEAD: &str = "HTTP/1.1 400 X\r\ntransfer-encoding: chunked\r\n\r\n";
    let chunk = format!("1000\r\n{}\r\n", "x".repeat(0x1000));
    let server = Server::start(move |_| Reply::Endless(HEAD, chunk.clone())).await;
    let account = account(&server);
    let sent = account.enroll_customer().x_customer_id(1).body(enrolment());
    let error = sent.send().await.unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::TooLarge, 400));
    assert!(error.to_string().contains("1048576 bytes"), "{error}");
}

#[tokio::test]
async fn a_body_that_is_announced_too_large_is_not_read() {
    let server =
        Server::start(|_| Reply::HeadOnly("HTTP/1.1 400 X\r\ncontent-length: 1048577\r\n\r\n"))
            .await;
    let account = account(&server);
    let sent = account.enroll_customer().x_customer_id(1).body(enrolment());
    assert_eq!(soon(sent.send()).await.unwrap_err().kind(), ErrorKind::TooLarge);
}

#[tokio::test]
async fn memory_is_not_taken_for_what_is_announced_alone() {
    let head = "HTTP/1.1 400 X\r\ncontent-length: 9223372036854775807\r\n\r\n";
    let server = Server::start(move |_| Reply::HeadOnly(head)).await;
    let no_limit = Limits { read: SHORT, response_body: usize::MAX, ..Limits::default() };
    let account = limited(&server, no_limit);
    let sent = account.enroll_customer().x_customer_id(1).body(enrolment());
    assert_eq!(soon(sent.send()).await.unwrap_err().kind(), ErrorKind::Timeout);
}

#[tokio::test]
async fn a_body_of_exactly_the_limit_is_read() {
    let body = r#"{"code":400}"#;
    let server = Server::start(move |_| Reply::text(400, "application/json", body)).await;
    for (response_body, kind) in
        [(body.len(), ErrorKind::Documented), (body.len() - 1, ErrorKind::TooLarge)]
    {
        let account = limited(&server, Limits { response_body, ..Limits::default() });
        let sent = account.enroll_customer().x_customer_id(1).body(enrolment());
        assert_eq!(sent.send().await.unwrap_err().kind(), kind);
    }
}

/// An accepted request is accepted: the caller must not send it again because of what follows.
#[tokio::test]
async fn an_accepted_request_stays_accepted_whatever_body_comes() {
    const HEAD: &str = "HTTP/1.1 202 X\r\ntransfer-encoding: chunked\r\n\r\n";
    let server = Server::start(|_| Reply::Endless(HEAD, "1\r\nx\r\n".to_owned())).await;
    let account = account(&server);
    let sent = account.enroll_customer().x_customer_id(1).body(enrolment());
    assert_eq!(sent.send().await.unwrap().status(), 202);
}

fn redirect(status: u16, to: &str) -> impl Fn(&crate::support::Received) -> Reply + use<> {
    let location = format!("{to}/elsewhere");
    move |_| Reply::Answer(status, vec![("location", location.clone())], String::new())
}

fn redirect_to(other: &Server) -> impl Fn(&crate::support::Received) -> Reply + use<> {
    redirect(307, &other.url())
}

/// A client of `server` over a pool of the caller's own that follows redirects.
fn following(server: &Server) -> Client {
    let follows = reqwest::Client::builder().no_proxy().build().unwrap();
    builder(server).http(follows).build().unwrap().with_token(token("token"))
}

#[tokio::test]
async fn a_redirect_to_another_host_gets_neither_token_nor_body() {
    let other = Server::start(|_| Reply::status(202)).await;
    let server = Server::start(redirect_to(&other)).await;
    let account = account(&server);
    let sent = account.enroll_customer().x_customer_id(1).body(enrolment());
    let error = sent.send().await.unwrap_err();
    assert_eq!(error.status().unwrap(), 307);
    assert!(error.to_string().contains("redirects are not followed"), "{error}");
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn a_redirect_is_not_followed_with_the_caller_s_own_settings_either() {
    let other = Server::start(|_| Reply::status(202)).await;
    let server = Server::start(redirect_to(&other)).await;
    let settings = reqwest::Client::builder().redirect(reqwest::redirect::Policy::limited(5));
    let client = builder(&server).http_builder(settings).build().unwrap();
    let account = client.with_token(token("token"));
    let sent = account.enroll_customer().x_customer_id(1).body(enrolment());
    assert_eq!(sent.send().await.unwrap_err().status().unwrap(), 307);
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn what_stands_at_the_end_of_a_redirect_is_neither_success_nor_refusal() {
    for status in [202, 404, 503] {
        let other = Server::start(move |_| Reply::status(status)).await;
        let server = Server::start(redirect(303, &other.url())).await;
        let account = following(&server);
        let sent = account.enroll_customer().x_customer_id(1).body(enrolment());
        let error = sent.send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Redirected);
        assert_eq!((error.outcome(), error.is_transient()), (Outcome::Unknown, false), "{status}");
        assert!(error.to_string().contains("Policy::none()"), "{error}");
    }
}

#[tokio::test]
async fn no_pool_of_the_caller_s_takes_body_or_token_to_another_address() {
    for status in [301, 302, 303, 307, 308] {
        let other = Server::start(|_| Reply::status(202)).await;
        let server = Server::start(redirect(status, &other.url())).await;
        let account = following(&server);
        let sent = account.enroll_customer().x_customer_id(1).body(enrolment());
        sent.send().await.unwrap_err();
        assert_eq!(server.received().len(), 1, "{status}");
        for request in other.received() {
            assert_eq!((request.method.as_str(), request.body.len()), ("GET", 0), "{status}");
            assert_eq!(request.header("authorization"), None, "{status}");
        }
    }
}

/// A connection that fails behind a redirect says nothing of the request that was redirected.
#[tokio::test]
async fn a_redirect_to_where_nobody_listens_does_not_repeat_a_post() {
    let unused = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    let server = Server::start(redirect(303, &format!("http://{unused}"))).await;
    let account = following(&server);
    let sent = account.enroll_customer().x_customer_id(1).body(enrolment());
    let error = sent.send().await.unwrap_err();
    assert_eq!(server.received().len(), 1);
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(!error.is_retryable());
    assert!(error.to_string().contains("may have been carried out"), "{error}");
}

/// Knows no name, and so shows who is asked.
struct NoNames;

impl reqwest::dns::Resolve for NoNames {
    fn resolve(&self, _: reqwest::dns::Name) -> reqwest::dns::Resolving {
        Box::pin(std::future::ready(Err("no such name".into())))
    }
}

#[tokio::test]
async fn localhost_is_loopback_whatever_a_resolver_says() {
    let server = Server::start(|_| Reply::status(202)).await;
    let base_url = server.url().replace("127.0.0.1", "localhost");
    let client = Client::builder(base_url)
        .tenant("TN-1")
        .http_builder(reqwest::Client::builder().dns_resolver(NoNames))
        .build()
        .unwrap();
    let account = client.with_token(token("token"));
    let sent = account.delete_customer().x_customer_id(1).body(deletion());
    sent.send().await.unwrap();
}

#[tokio::test]
async fn a_server_that_closes_idle_connections_costs_nothing() {
    let server = Server::start(|_| Reply::AnswerAndClose(202)).await;
    let account = account(&server);
    for _ in 0..20 {
        let sent = account.delete_customer().x_customer_id(1).body(deletion());
        sent.send().await.unwrap();
    }
    assert_eq!(server.received().len(), 20);
}

#[tokio::test]
async fn a_connection_is_used_again() {
    let server = Server::start(|_| Reply::status(202)).await;
    let account = account(&server);
    for _ in 0..3 {
        let sent = account.clone().with_token(token("other"));
        let sent = sent.delete_customer().x_customer_id(1).body(deletion());
        sent.send().await.unwrap();
    }
    assert_eq!((server.received().len(), server.connections()), (3, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_requests_are_in_flight_through_one_client() {
    const REQUESTS: usize = 1_000;
    // Both ends of each connection are in this process.
    rlimit::increase_nofile_limit(4_096).unwrap();
    let all_here = Arc::new(Barrier::new(REQUESTS));
    let server = Server::start_async(move |_| {
        let all_here = Arc::clone(&all_here);
        async move {
            all_here.wait().await;
            Reply::status(202)
        }
    })
    .await;
    let account = account(&server);
    let calls: Vec<_> = (0..REQUESTS)
        .map(|_| {
            let account = account.clone();
            tokio::spawn(async move {
                let sent = account.delete_customer().x_customer_id(1).body(deletion());
                sent.send().await.map(|accepted| accepted.correlation_id().unwrap().clone())
            })
        })
        .collect();
    let mut ids = std::collections::HashSet::new();
    for call in calls {
        ids.insert(call.await.unwrap().unwrap());
    }
    assert_eq!(ids.len(), REQUESTS);
}

#[test]
fn a_base_url_that_would_leak_is_refused_when_the_client_is_built() {
    let refused = |url: &str| match Client::builder(url).tenant("TN-1").build() {
        Err(BuildError::BaseUrl(why)) => why,
        other => panic!("{url}: {other:?}"),
    };
    assert_eq!(refused("http://gw-pci.pismolabs.io"), BaseUrlError::Insecure);
    assert_eq!(refused("https://user:pass@example.com"), BaseUrlError::Credentials);
    assert!(Client::builder(Environment::PciTesting).tenant("TN-1").build().is_ok());
}

#[test]
fn a_client_needs_a_tenant_that_a_header_can_carry() {
    for tenant in ["", "TN 1", "TN-1\r\nx-cid: 2"] {
        let built = Client::builder(Environment::Sandbox).tenant(tenant).build();
        assert!(matches!(built, Err(BuildError::Header("x-tenant"))), "{tenant:?}");
    }
}

#[test]
fn a_client_goes_wherever_a_task_goes() {
    fn shared<T: Clone + Send + Sync + 'static>() {}
    fn sent<T: Send>(_: T) {}
    shared::<Client>();
    let client = Client::builder(Environment::Sandbox).tenant("TN-1").build().unwrap();
    sent(client.enroll_customer().x_customer_id(1).body(enrolment()).send());
}
