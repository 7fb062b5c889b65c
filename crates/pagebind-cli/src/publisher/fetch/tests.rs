mod publisher;

use std::{
    cell::RefCell,
    future::Future,
    io::Write,
    net::TcpListener,
    pin::Pin,
    rc::Rc,
    time::{Duration, Instant, SystemTime},
};

use pagebind::diagnostic::Kind;
use reqwest::Url;

use self::publisher::{Publisher, Reply, answer};
use super::{page::same_host, policy::Clock, *};

/// 15 November 1994, 08:12:31 GMT.
const TODAY: Duration = Duration::from_secs(784_887_151);
const SECOND: Duration = Duration::from_secs(1);

/// A clock that stands still but for the pauses that are made, and keeps a record of them.
#[derive(Debug, Clone)]
pub(super) struct Record {
    start: Instant,
    pauses: Rc<RefCell<Vec<Duration>>>,
}

impl Record {
    pub(super) fn new() -> Self {
        Self { start: Instant::now(), pauses: Rc::default() }
    }

    pub(super) fn pauses(&self) -> Vec<Duration> {
        self.pauses.borrow().clone()
    }
}

impl Clock for Record {
    fn now(&self) -> Instant {
        self.start + self.pauses.borrow().iter().sum::<Duration>()
    }

    fn date(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + TODAY
    }

    fn sleep(&self, pause: Duration) -> Pin<Box<dyn Future<Output = ()> + '_>> {
        self.pauses.borrow_mut().push(pause);
        Box::pin(std::future::ready(()))
    }
}

/// The outcome of one page, and the pauses that were made on the way to it.
fn one(url: String, validators: Validators, policy: Policy) -> (Outcome, Vec<Duration>) {
    let record = Record::new();
    let policy = Policy { clock: Box::new(record.clone()), ..policy };
    let mut outcomes = fetch(&[Request { url, validators }], &policy, &mut |_, _| {});
    assert_eq!(outcomes.len(), 1);
    (outcomes.remove(0), record.pauses())
}

fn get(publisher: &Publisher, path: &str) -> Outcome {
    one(publisher.url(path), Validators::default(), Policy::default()).0
}

#[track_caller]
fn bytes(outcome: Outcome) -> Vec<u8> {
    match outcome {
        Outcome::Page { bytes, .. } => bytes,
        other => panic!("no page: {other:?}"),
    }
}

/// The message of a page that could not be fetched; it has to count as unreadable.
#[track_caller]
fn failure(outcome: Outcome) -> String {
    match outcome {
        Outcome::Failed(problem) => {
            assert_eq!(problem.kind, Kind::Unreadable);
            assert!(problem.help.is_some(), "{problem}");
            problem.message
        }
        other => panic!("no failure: {other:?}"),
    }
}

fn both_validators() -> Validators {
    Validators {
        etag: Some("W/\"7\"".to_owned()),
        last_modified: Some("Tue, 15 Nov 1994 08:12:31 GMT".to_owned()),
    }
}

#[test]
fn a_page_comes_with_its_bytes_and_validators() {
    let fields = "ETag: W/\"7\"\r\nLast-Modified: Tue, 15 Nov 1994 08:12:31 GMT\r\n";
    let publisher = Publisher::answering([answer("200 OK", fields, "# A page")]);
    assert_eq!(
        get(&publisher, "/docs/a.md"),
        Outcome::Page {
            bytes: b"# A page".to_vec(),
            validators: both_validators(),
            url: publisher.url("/docs/a.md"),
        }
    );
    let head = &publisher.heads()[0];
    assert!(head.starts_with("get /docs/a.md http/1.1\r\n"), "{head}");
    assert!(head.contains("accept-encoding: gzip\r\n"), "{head}");
    assert!(head.contains("user-agent: pagebind/"), "{head}");
    assert!(!head.contains("if-"), "{head}");
}

#[test]
fn an_unchanged_page_is_asked_for_by_its_validators() {
    let publisher = Publisher::answering([answer("304 Not Modified", "", "")]);
    let (outcome, _) = one(publisher.url("/a.md"), both_validators(), Policy::default());
    assert_eq!(outcome, Outcome::Unchanged);
    let head = &publisher.heads()[0];
    assert!(head.contains("if-none-match: w/\"7\"\r\n"), "{head}");
    assert!(head.contains("if-modified-since: tue, 15 nov 1994 08:12:31 gmt\r\n"), "{head}");
}

#[test]
fn an_answer_that_nobody_asked_for_is_no_unchanged_page() {
    let publisher = Publisher::answering([answer("304 Not Modified", "", "")]);
    let message = failure(get(&publisher, "/a.md"));
    assert_eq!(message, "failed to fetch the page: the publisher answered 304 Not Modified");
}

#[test]
fn what_the_page_holds_is_not_looked_at() {
    let publisher = Publisher::new(|_, _| {
        Reply::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n<\xff>".to_vec())
    });
    assert_eq!(bytes(get(&publisher, "/a.md")), b"<\xff>");
}

#[test]
fn a_page_that_is_no_longer_published_is_gone() {
    for (status, expected) in [("404 Not Found", 404), ("410 Gone", 410)] {
        let publisher = Publisher::answering([answer(status, "", "not here")]);
        assert_eq!(get(&publisher, "/a.md"), Outcome::Gone { status: expected });
    }
}

#[test]
fn a_redirect_to_the_same_slug_on_the_same_host_is_followed() {
    let publisher = Publisher::answering([
        answer("301 Moved Permanently", "Location: /v2/a.md\r\n", ""),
        answer("302 Found", "Location: ../v3/a.md/\r\n", ""),
        answer("200 OK", "", "here"),
    ]);
    let outcome = get(&publisher, "/v1/a.md");
    assert!(
        matches!(&outcome, Outcome::Page { url, .. } if *url == publisher.url("/v3/a.md/")),
        "{outcome:?}"
    );
}

#[test]
fn a_page_under_a_new_slug_has_moved() {
    let publisher = Publisher::answering([
        answer("308 Permanent Redirect", "Location: /b.md?session=s3cret\r\n", ""),
        answer("200 OK", "", "another page"),
    ]);
    assert_eq!(get(&publisher, "/a.md"), Outcome::Moved { to: publisher.url("/b.md") });
}

#[test]
fn a_redirect_to_a_page_that_is_gone_is_gone() {
    let publisher = Publisher::answering([
        answer("301 Moved Permanently", "Location: /b.md\r\n", ""),
        answer("404 Not Found", "", ""),
    ]);
    assert_eq!(get(&publisher, "/a.md"), Outcome::Gone { status: 404 });
}

#[test]
fn another_host_is_told_of_and_not_asked() {
    let other = Publisher::answering([]);
    let location = format!("Location: {}\r\n", other.url("/a.md?session=s3cret#there"));
    let publisher = Publisher::answering([answer("302 Found", &location, "")]);
    assert_eq!(get(&publisher, "/a.md"), Outcome::Moved { to: other.url("/a.md") });
    assert_eq!(other.heads(), Vec::<String>::new());
}

#[test]
fn a_redirect_leaves_its_host_with_another_name_or_port_and_when_it_becomes_less_safe() {
    let stays = |from, to| same_host(&Url::parse(from).unwrap(), &Url::parse(to).unwrap());
    assert!(stays("https://a.example/1", "https://a.example:443/2"));
    assert!(stays("http://a.example/1", "https://a.example/1"));
    assert!(!stays("https://a.example/1", "http://a.example/1"));
    assert!(!stays("https://a.example/1", "https://a.example:8443/1"));
    assert!(!stays("https://a.example/1", "https://docs.a.example/1"));
}

#[test]
fn redirects_come_to_an_end() {
    let publisher = Publisher::new(|_, _| {
        Reply::Bytes(answer("302 Found", "Location: a.md\r\n", "").into_bytes())
    });
    assert_eq!(failure(get(&publisher, "/a.md")), "redirected more than 5 times");
    assert_eq!(publisher.heads().len(), 6);
}

#[test]
fn a_host_that_asks_for_a_rest_gets_it() {
    for retry_after in ["7", "Tue, 15 Nov 1994 08:12:38 GMT"] {
        let publisher = Publisher::answering([
            answer("429 Too Many Requests", &format!("Retry-After: {retry_after}\r\n"), ""),
            answer("200 OK", "", "fine"),
        ]);
        let (outcome, pauses) =
            one(publisher.url("/a.md"), Validators::default(), Policy::default());
        assert_eq!(bytes(outcome), b"fine");
        assert_eq!(pauses, [7 * SECOND], "{retry_after}");
    }
}

#[test]
fn a_rest_that_is_too_long_is_left_to_the_maintainer() {
    let fields = "Retry-After: 3600\r\n";
    let publisher = Publisher::answering([answer("503 Service Unavailable", fields, "")]);
    let (outcome, pauses) = one(publisher.url("/a.md"), Validators::default(), Policy::default());
    let Outcome::Failed(problem) = outcome else { panic!("{outcome:?}") };
    assert!(problem.help.unwrap().contains("come back in 3600 s"));
    assert_eq!(pauses, []);
}

#[test]
fn a_publisher_in_trouble_gets_another_try() {
    let publisher = Publisher::answering([
        answer("500 Internal Server Error", "", ""),
        answer("200 OK", "", "fine"),
    ]);
    assert_eq!(bytes(get(&publisher, "/a.md")), b"fine");
}

#[test]
fn a_publisher_that_stays_in_trouble_is_left_alone_after_three_tries() {
    let publisher =
        Publisher::new(|_, _| Reply::Bytes(answer("502 Bad Gateway", "", "").into_bytes()));
    let (outcome, pauses) = one(publisher.url("/a.md"), Validators::default(), Policy::default());
    assert_eq!(
        failure(outcome),
        "failed to fetch the page: the publisher answered 502 Bad Gateway, at each of 3 tries"
    );
    assert_eq!(publisher.heads().len(), 3);
    assert_eq!(pauses, [SECOND, 2 * SECOND]);
}

#[test]
fn a_refusal_is_not_argued_with() {
    let publisher = Publisher::answering([answer("403 Forbidden", "", "")]);
    let message = failure(get(&publisher, "/a.md"));
    assert_eq!(message, "failed to fetch the page: the publisher answered 403 Forbidden");
}

#[test]
fn a_page_without_an_end_is_given_up() {
    let publisher = Publisher::new(|_, _| Reply::Trickle);
    let policy =
        Policy { timeout: Duration::from_millis(50), size: usize::MAX, ..Policy::default() };
    let (outcome, _) = one(publisher.url("/a.md"), Validators::default(), policy);
    assert_eq!(failure(outcome), "failed to fetch the page: no complete answer within 50ms");
}

#[test]
fn a_truncated_page_is_fetched_again_and_never_taken() {
    let publisher = Publisher::new(|_, _| {
        Reply::Bytes(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n# A page".to_vec())
    });
    let message = failure(get(&publisher, "/a.md"));
    assert!(message.ends_with(", at each of 3 tries"), "{message}");
    assert_eq!(publisher.heads().len(), 3);
}

/// An answer whose compressed body holds `size` zeros.
fn compressed(size: usize) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(&vec![0; size]).unwrap();
    let body = encoder.finish().unwrap();
    let mut answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    answer.extend(body);
    answer
}

#[test]
fn a_page_may_be_as_large_as_the_limit_once_it_is_decompressed_and_no_larger() {
    let policy = || Policy { size: 100_000, ..Policy::default() };
    let publisher = Publisher::new(|path, _| {
        Reply::Bytes(compressed(if path == "/fits.md" { 100_000 } else { 100_001 }))
    });
    let (outcome, _) = one(publisher.url("/fits.md"), Validators::default(), policy());
    assert_eq!(bytes(outcome), vec![0; 100_000]);
    let (outcome, _) = one(publisher.url("/bomb.md"), Validators::default(), policy());
    assert_eq!(failure(outcome), "failed to fetch the page: it is larger than 100000 bytes");
}

#[test]
fn a_host_that_refuses_connections_could_not_be_asked() {
    // It has an address, which nobody else can get, and does not listen there.
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = format!("http://{}/a.md", socket.local_addr().unwrap());
    let (outcome, pauses) = one(url, Validators::default(), Policy::default());
    let message = failure(outcome);
    assert!(message.contains("refused") && message.ends_with(", at each of 3 tries"), "{message}");
    assert_eq!(pauses, [SECOND, 2 * SECOND]);
}

#[test]
fn a_host_without_tls_is_not_spoken_to_in_the_clear() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/a.md", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            // What such a server says of a handshake; it hangs up after the client.
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
            let _ = std::io::copy(&mut stream, &mut std::io::sink());
        }
    });
    let (outcome, _) = one(url, Validators::default(), Policy::default());
    let message = failure(outcome);
    assert!(message.starts_with("failed to fetch the page: no secure connection: "), "{message}");
}

#[test]
fn only_web_addresses_are_fetched_and_a_password_is_not_repeated() {
    for (url, expected) in [
        ("file:///etc/passwd", "not a URL to fetch: its scheme is `file`"),
        ("page.md", "not a URL to fetch: relative URL without a base"),
        ("http://u:s3cret@127.0.0.1/", "not a URL to fetch: it holds a user name or password"),
    ] {
        let (outcome, _) = one(url.to_owned(), Validators::default(), Policy::default());
        let report = format!("{outcome:?}");
        assert_eq!(failure(outcome), expected);
        assert!(!report.contains("s3cret"), "{report}");
    }
}

#[test]
fn each_page_has_its_outcome_and_trouble_with_one_leaves_the_others() {
    let publisher = Publisher::new(|path, _| {
        Reply::Bytes(
            match path {
                "/gone.md" => answer("404 Not Found", "", ""),
                "/down.md" => answer("500 Internal Server Error", "", ""),
                _ => answer("200 OK", "", path),
            }
            .into_bytes(),
        )
    });
    let requests = ["/down.md", "/a.md", "/gone.md", "/b.md"]
        .map(|path| Request { url: publisher.url(path), validators: Validators::default() });
    let policy = Policy { clock: Box::new(Record::new()), ..Policy::default() };
    let mut settled = Vec::new();
    let outcomes = fetch(&requests, &policy, &mut |request, _| settled.push(request.url.clone()));
    let [down, a, gone, b] = outcomes.try_into().unwrap();
    failure(down);
    assert_eq!(bytes(a), b"/a.md");
    assert_eq!(gone, Outcome::Gone { status: 404 });
    assert_eq!(bytes(b), b"/b.md");
    settled.sort();
    let mut all = requests.map(|request| request.url);
    all.sort();
    assert_eq!(settled, all);
}
