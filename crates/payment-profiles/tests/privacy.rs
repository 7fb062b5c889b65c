//! Nothing private is printed: not by `{:?}`, not by `{}`, not along an error's sources, and not
//! by any log at any level, even when the service sends back what it was sent.

#![allow(clippy::unwrap_used, reason = "a test's helpers fail the test")]

mod support;

use std::{
    error::Error as _,
    fmt::{Debug, Display},
    io,
    sync::{Arc, Mutex},
    time::Duration,
};

use payment_profiles::{
    ClientBuilder, Credentials, Error, ErrorKind, Format, Limits, ProfileUpdate, ResponseValue,
    RetryPolicy, UpdateError, UpdatedProfile,
};
use support::{Reply, Request, Server, answer, success};
use tokio::net::TcpListener;
use tracing_subscriber::filter::LevelFilter;

const KEY: &str = "Key-Marker";
const CVV: &str = "8642";
const STREET: &str = "Street-Marker";

/// Every value that must not show. Digits count where no other digit is beside them, because
/// ports and lengths are logged.
const MARKERS: [&str; 15] = [
    KEY,
    CVV,
    "10/38",
    "Customer-Marker",
    "Profile-Marker",
    "House-Marker",
    "Apartment-Marker",
    STREET,
    "Street2-Marker",
    "City-Marker",
    "Zip-Marker",
    "County-Marker",
    "State-Marker",
    "Description-Marker",
    "Url-Marker",
];

fn update() -> ProfileUpdate {
    ProfileUpdate::new("Customer-Marker", "Profile-Marker", "Sierra")
        .expiry_date("10/38".parse().unwrap())
        .cvv(CVV.parse().unwrap())
        .house_number("House-Marker")
        .apartment_number("Apartment-Marker")
        .street(STREET)
        .street2("Street2-Marker")
        .city("City-Marker")
        .zip("Zip-Marker")
        .county("County-Marker")
        .state("State-Marker")
        .make_default(true)
}

fn builder(base_url: impl AsRef<str>) -> ClientBuilder {
    ClientBuilder::credentials(support::builder(base_url), Credentials::new("170200123", KEY))
        .retry(RetryPolicy { max_tries: 2, first_wait: Duration::ZERO, ..RetryPolicy::default() })
}

/// Everything that was printed or logged.
#[derive(Clone, Default)]
struct Output(Arc<Mutex<Vec<u8>>>);

impl Output {
    fn print(&self, value: &(impl Debug + ?Sized)) {
        self.0.lock().unwrap().extend(format!("{value:?}\n{value:#?}\n").bytes());
    }

    fn show(&self, value: &(impl Display + ?Sized)) {
        self.0.lock().unwrap().extend(format!("{value}\n{value:#}\n").bytes());
    }

    fn print_error(&self, error: &Error) {
        self.print(error);
        self.show(error);
        let mut source = error.source();
        while let Some(error) = source {
            self.print(error);
            self.show(error);
            source = error.source();
        }
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    fn leaked(&self) -> Vec<&'static str> {
        let text = self.text();
        let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
        let leaks = |marker: &&str| {
            text.match_indices(marker).any(|(at, _)| {
                let before = at.checked_sub(1).and_then(|before| text.as_bytes().get(before));
                !is_digit(before) && !is_digit(text.as_bytes().get(at + marker.len()))
            })
        };
        MARKERS.into_iter().filter(leaks).collect()
    }
}

impl io::Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Answers that send back the whole request, each in another place.
const ECHOES: [fn(&Request) -> Vec<u8>; 10] = [
    |request| answer("200 OK", "application/json", &request.body),
    |request| answer("200 OK", "application/json", &request.body[..request.body.len() - 1]),
    |request| answer("502 Bad Gateway", "text/html", format!("<p>{}</p>", request.body)),
    |request| {
        let body = serde_json::json!({"Message": {"Code": "05", "Description": request.body}});
        answer("200 OK", "application/json", body.to_string())
    },
    |_| {
        let body = serde_json::json!({"Message": {"Code": CVV, "Description": STREET}});
        answer("400 Bad Request", "application/json", body.to_string())
    },
    |request| {
        let body = serde_json::json!({
            "Message": request.body,
            "MessageDetail": CVV,
            "ExceptionMessage": STREET,
            "ModelState": {request.body.clone(): [request.body], "model.Card.CVV": [CVV], STREET: STREET},
        });
        answer("400 Bad Request", "application/json", body.to_string())
    },
    |_| {
        let body = serde_json::json!({
            "Message": {"Code": "00", "Description": "Description-Marker"},
            "Response": {"CustomerProfileId": "Customer-Marker", "PaymentProfileId": "Profile-Marker"},
        });
        answer("200 OK", "application/json", body.to_string())
    },
    |_| answer(&format!("500 {STREET}"), STREET, "<Error><Message>Street-Marker</Wrong>"),
    |_| {
        let to = format!("location: http://127.0.0.1:1/{STREET}?{CVV}");
        format!("HTTP/1.1 307 {STREET}\r\n{to}\r\ncontent-length: 0\r\n\r\n").into_bytes()
    },
    |_| format!("HTTP/1.1 200 OK\r\n{STREET}\u{1}: {CVV}\r\n\r\n").into_bytes(),
];

/// Calls that fail on the way, and one that is answered as published.
async fn on_the_way(format: Format) -> Vec<Result<ResponseValue<UpdatedProfile>, Error>> {
    let client = |base_url| builder(base_url).format(format).build().unwrap();
    let mut results = Vec::new();
    for reply in [
        Reply::Answer(success()),
        Reply::AnswerAndClose(Vec::new()),
        Reply::AnswerAndClose("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{".into()),
        Reply::Endless("HTTP/1.1 200 OK\r\n\r\n ".into()),
    ] {
        let server = Server::start(reply).await;
        results.push(client(server.url()).update(&update()).await);
    }
    let held = Server::start(Reply::AnswerAndHold(Vec::new())).await;
    let hasty = Limits { total: Duration::from_millis(50), ..Limits::default() };
    let hasty = builder(held.url()).format(format).limits(hasty).build();
    results.push(hasty.unwrap().update(&update()).await);
    let closed = TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap();
    for scheme in ["http", "https"] {
        results.push(client(format!("{scheme}://{closed}")).update(&update()).await);
    }
    let (tls, _) = Server::start_tls(Reply::Answer(success()), "localhost").await;
    results.push(client(format!("https://{}", tls.address)).update(&update()).await);
    let changes_nothing = ProfileUpdate::new("Customer-Marker", "Profile-Marker", "Sierra");
    results.push(client(held.url()).update(&changes_nothing).await);
    if format != Format::Json {
        let update = update().city("City-Marker\u{1}");
        results.push(client(held.url()).update(&update).await);
    }
    results
}

#[tokio::test]
async fn card_data_key_address_and_ids_are_printed_nowhere() {
    let output = Output::default();
    let writer = output.clone();
    tracing_subscriber::fmt()
        .with_max_level(LevelFilter::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .init();

    // What is looked for is found where it is.
    tracing::trace!("{STREET}");
    output.print(CVV);
    assert_eq!(output.leaked(), [CVV, STREET]);
    output.0.lock().unwrap().clear();

    output.print(&update());
    output.print(&CVV.parse::<payment_profiles::Cvv>().unwrap());
    output.print(&Credentials::new("170200123", KEY));
    output.print(&builder("https://Url-Marker@payments.example"));
    output.print(&builder("https://payments.example").build().unwrap());
    let not_built = builder("https://Url-Marker@payments.example").build().unwrap_err();
    output.print(&not_built);
    output.show(&not_built);
    output.print(&"864x".parse::<payment_profiles::Cvv>().unwrap_err());

    let formats = [
        Format::Json,
        #[cfg(feature = "xml")]
        Format::Xml,
    ];
    let mut kinds = std::collections::BTreeSet::new();
    for format in formats {
        let mut results = on_the_way(format).await;
        for echo in ECHOES {
            let server = Server::start(Reply::Echo(echo)).await;
            let client = builder(server.url()).format(format).build().unwrap();
            results.push(client.update(&update()).await);
            assert!(server.request().body.contains(STREET));
        }
        for result in results {
            match result {
                Ok(updated) => output.print(&updated),
                Err(error) => {
                    kinds.insert(match error.body() {
                        Some(UpdateError::Refused(_)) => "refused",
                        Some(_) => "service",
                        None => error.kind().name(),
                    });
                    output.print(&error.body());
                    output.print(&error.kind());
                    output.print_error(&error);
                }
            }
        }
    }

    // Every kind of error came up, and the libraries below were heard.
    let expected = [
        ErrorKind::Connection.name(),
        ErrorKind::InvalidRequest.name(),
        "refused",
        "service",
        ErrorKind::Timeout.name(),
        ErrorKind::TooLarge.name(),
        ErrorKind::Undecodable.name(),
        ErrorKind::Undocumented.name(),
    ];
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), expected);
    let text = output.text();
    for heard in [
        "update_payment_profile",
        "TRACE hyper_util",
        // By way of the `log` crate.
        "starting new connection",
        "trying again",
    ] {
        assert!(text.contains(heard), "{heard} is not in what was logged");
    }
    assert_eq!(output.leaked(), [""; 0]);
}
