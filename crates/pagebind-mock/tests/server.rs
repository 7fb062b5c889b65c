//! What a client sees of a mock server, and what a test learns of the client.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::time::Duration;

use pagebind_client::{
    Error, ErrorKind, OperationInfo, Parameter, RawBody, ResponseValue, RetryPolicy, Session,
};
use pagebind_mock::{Answer, Expect, Expectation, MockServer};
use serde_json::{Value, json};

const PUT_CARD: OperationInfo = OperationInfo::new("put_card", "PUT", "/cards/{id}");

fn session(server: &MockServer) -> Session {
    Session::builder(&server.url()).retry(RetryPolicy::never()).build().unwrap()
}

fn put(server: &MockServer) -> Expectation<'_> {
    Expectation::new(server, &PUT_CARD)
}

fn id(id: i64) -> (Parameter<'static>, Result<i64, ()>) {
    (Parameter::path("id"), Ok(id))
}

/// Calls the operation, and gives its answer's body.
async fn call(session: &Session, id: i64, body: &Value) -> Result<ResponseValue<Value>, Error> {
    let mut request = session.request(&PUT_CARD);
    request.parameter(Parameter::path("id"), &id)?;
    request.parameter(Parameter::query("dry"), &true)?;
    request.json("application/json", body)?;
    session.execute(request.build()?, &PUT_CARD).await?.json().await
}

#[tokio::test]
async fn a_request_is_answered_by_the_first_expectation_that_it_fits() {
    let server = MockServer::start().await.unwrap();
    let (parameter, seven) = id(7);
    let of_seven = put(&server).parameter(parameter, seven).answer(Answer::json(200, &7));
    let twice = put(&server).times(2).answer(Answer::json(200, &"twice"));
    let of_all = put(&server).answer(Answer::json(200, &"all"));
    let session = session(&server);
    let mut came = Vec::new();
    for id in [8, 7, 9, 10, 7] {
        came.push(call(&session, id, &json!({})).await.unwrap().into_inner());
    }
    assert_eq!(came, [json!("twice"), json!(7), json!("twice"), json!("all"), json!(7)]);
    of_seven.assert_requests(2);
    twice.assert_requests(2);
    of_all.assert_requests(1);
    assert_eq!(server.unexpected(), [""; 0]);
}

#[tokio::test]
async fn a_test_reads_what_was_sent() {
    let server = MockServer::start().await.unwrap();
    let mock = put(&server).answer(Answer::json(200, &1));
    call(&session(&server), 7, &json!({ "name": "marker" })).await.unwrap();
    let [request] = mock.requests().try_into().unwrap();
    assert_eq!((request.method().as_str(), request.path()), ("PUT", "/cards/7"));
    assert_eq!(request.query(), Some("dry=true"));
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.json::<Value>().unwrap(), json!({ "name": "marker" }));
    assert!(!format!("{request:?} {mock:?} {server:?}").contains("marker"));
}

#[tokio::test]
async fn what_fits_no_expectation_is_told_by_what_the_nearest_one_has_other() {
    let server = MockServer::start().await.unwrap();
    let session = session(&server);
    let body = json!({ "holder": { "name": "marker" } });
    let error = call(&session, 7, &body).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 501);
    let (parameter, eight) = id(8);
    let _ = put(&server).parameter(parameter, eight).answer(Answer::status(200));
    call(&session, 7, &body).await.unwrap_err();
    let dry = (Parameter::query("dry"), Ok::<_, ()>(false));
    let _ = put(&server).parameter(dry.0, dry.1).answer(Answer::status(200));
    call(&session, 7, &body).await.unwrap_err();
    let _ = put(&server).header("x-note", "other").answer(Answer::status(200));
    call(&session, 7, &body).await.unwrap_err();
    let other = Ok::<_, String>(json!({ "holder": { "name": "other" } }));
    let _ = put(&server).json("application/json", other).answer(Answer::status(200));
    call(&session, 7, &body).await.unwrap_err();
    let _ = put(&server).matching(|request| request.body().is_empty()).answer(Answer::status(200));
    call(&session, 7, &body).await.unwrap_err();
    let spent = put(&server).times(0).answer(Answer::status(200));
    call(&session, 7, &body).await.unwrap_err();
    let told = [
        "nothing is expected",
        "the path is another",
        "the query parameter `dry` is another, or missing",
        "the header `x-note` is another, or missing",
        "the body is another at `/holder/name`",
        "a condition of the test does not hold",
        "it was answered as often as was said",
    ]
    .map(|why| format!("PUT /cards/7: {why}"));
    assert_eq!(server.unexpected(), told);
    let failed = std::panic::catch_unwind(|| spent.assert_requests(1)).unwrap_err();
    let text = failed.downcast_ref::<String>().unwrap();
    assert!(text.starts_with("expected 1 requests, and 0 came; these fit no"), "{text}");
    assert!(text.contains("`/holder/name`") && !text.contains("marker"), "{text}");
}

#[tokio::test]
async fn faults_are_what_they_say() {
    let server = MockServer::start().await.unwrap();
    let session = session(&server);
    let once = || put(&server).times(1);
    let _ = once().answer(Answer::rate_limited(Duration::from_secs(7)));
    let _ = once().answer(Answer::reset());
    let _ = once().truncated().answer(Answer::json(200, &json!([1, 2, 3])));
    let _ = once().truncated().answer(Answer::status(200));
    let _ = once().answer(Answer::html());
    let _ = once().answer(Answer::redirect());
    let _ = once().answer_header("content-type", "text/html").answer(Answer::json(200, &1));
    let mut kinds = Vec::new();
    for _ in 0..6 {
        let error = call(&session, 7, &json!({})).await.unwrap_err();
        kinds.push((error.kind(), error.status().map(|it| it.as_u16()), error.retry_after()));
    }
    assert_eq!(
        kinds,
        [
            (ErrorKind::RateLimited, Some(429), Some(Duration::from_secs(7))),
            (ErrorKind::Connection, None, None),
            (ErrorKind::Connection, Some(200), None),
            (ErrorKind::Connection, Some(200), None),
            (ErrorKind::Undecodable, Some(200), None),
            (ErrorKind::Undecodable, Some(302), None),
        ]
    );
    let mut request = session.request(&PUT_CARD);
    request.parameter(Parameter::path("id"), &7).unwrap();
    let answer = session.execute(request.build().unwrap(), &PUT_CARD).await.unwrap();
    assert!(answer.is("text/html"));
}

#[tokio::test(start_paused = true)]
async fn an_answer_comes_as_late_as_was_said() {
    let server = MockServer::start().await.unwrap();
    let late = Duration::from_secs(3);
    let _ = put(&server).delayed(late).answer(Answer::json(200, &1));
    let begun = tokio::time::Instant::now();
    let http = reqwest_without_limits();
    let answer = http.put(server.url() + "/cards/7").send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(begun.elapsed() >= late, "{:?}", begun.elapsed());
}

fn reqwest_without_limits() -> pagebind_client::reqwest::Client {
    pagebind_client::reqwest::Client::builder().no_proxy().build().unwrap()
}

#[tokio::test]
#[should_panic(expected = "no request is like this: the path parameter `id` is empty")]
async fn what_no_request_can_be_is_told_where_it_is_expected() {
    let server = MockServer::start().await.unwrap();
    let _ =
        put(&server).parameter(Parameter::path("id"), Ok::<_, ()>("")).answer(Answer::status(200));
}

#[tokio::test]
async fn an_answer_is_read_whatever_its_media_type() {
    let server = MockServer::start().await.unwrap();
    let session = session(&server);
    let _ = put(&server).answer(Answer::text(200, "text/csv", "a,b"));
    let request = session.custom(pagebind_client::reqwest::Method::PUT, "/cards/7");
    let answer: ResponseValue<RawBody> = request.send().await.unwrap();
    assert_eq!((answer.content_type(), &answer.bytes()[..]), (Some("text/csv"), &b"a,b"[..]));
}
