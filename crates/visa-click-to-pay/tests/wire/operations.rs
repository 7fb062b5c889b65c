//! The three operations as the contract has them.

use serde_json::{Value, json};
use visa_click_to_pay::types::{EnrollCustomerError, UpdateCustomerError};
use visa_click_to_pay::{ClickToPayError, CorrelationId, ErrorKind, KnownMessage};

use crate::support::{Reply, Server, TENANT, account, deletion, enrolment, enrolment_json, update};

#[tokio::test]
async fn enrolment_sends_what_the_contract_says_and_nothing_else() {
    let server = Server::start(|_| Reply::status(202)).await;
    let account = account(&server);
    let accepted =
        account.enroll_customer().x_customer_id(42).body(enrolment()).send().await.unwrap();
    assert_eq!(accepted.status(), 202);
    assert_eq!(accepted.operation(), "enroll_customer");

    let [received] = &server.received()[..] else { panic!("one request") };
    assert_eq!(received.method, "POST");
    assert_eq!(received.path, "/cards-tokenization/v1/clicktopay/visa/enroll/customer");
    let mut names = received.header_names();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "accept",
            "authorization",
            "content-length",
            "content-type",
            "host",
            "user-agent",
            "x-cid",
            "x-customer-id",
            "x-tenant",
        ]
    );
    assert_eq!(received.header("accept"), Some("application/json"));
    assert_eq!(received.header("content-type"), Some("application/json"));
    assert_eq!(received.header("authorization"), Some("Bearer token"));
    assert_eq!(received.header("x-tenant"), Some(TENANT));
    assert_eq!(received.header("x-customer-id"), Some("42"));
    assert_eq!(received.header("x-cid"), accepted.correlation_id().map(CorrelationId::as_str));
    assert_eq!(received.json(), enrolment_json("Alex"));
    let text = std::str::from_utf8(&received.body).unwrap();
    assert!(text.contains(r#""card_id":6743052"#) && !text.contains("6743052.0"), "{text}");
}

#[tokio::test]
async fn update_is_a_put_and_leaves_out_what_is_not_set() {
    let server = Server::start(|_| Reply::status(202)).await;
    let account = account(&server);
    account.update_customer().x_customer_id(42).body(update()).send().await.unwrap();
    let received = &server.received()[0];
    assert_eq!(received.method, "PUT");
    assert_eq!(received.path, "/cards-tokenization/v1/clicktopay/visa/manage/customer");
    assert_eq!(received.json(), json!({"owner_bid": "1000052"}));
}

#[tokio::test]
async fn deletion_is_a_post() {
    let server = Server::start(|_| Reply::status(202)).await;
    let account = account(&server);
    account.delete_customer().x_customer_id(42).body(deletion()).send().await.unwrap();
    let received = &server.received()[0];
    assert_eq!(received.method, "POST");
    assert_eq!(received.path, "/cards-tokenization/v1/clicktopay/visa/delete/customer");
    assert_eq!(received.json(), json!({"owner_bid": "1000052"}));
}

#[tokio::test]
async fn each_request_has_a_fresh_correlation_id_unless_the_caller_has_one() {
    let server = Server::start(|_| Reply::status(202)).await;
    let account = account(&server);
    let delete = async |account: &visa_click_to_pay::Client| {
        let sent = account.delete_customer().x_customer_id(1).body(deletion());
        sent.send().await.unwrap().correlation_id().unwrap().clone()
    };
    let (first, second) = (delete(&account).await, delete(&account).await);
    assert_ne!(first, second);
    assert_eq!(uuid::Uuid::parse_str(first.as_str()).unwrap().get_version_num(), 4);

    let own = CorrelationId::new("order-42").unwrap();
    let sent = delete(&account.with_correlation_id(own.clone())).await;
    assert_eq!(sent, own);
    assert_eq!(server.received()[2].header("x-cid"), Some("order-42"));
}

/// Every example of a 400 on the three pages.
#[tokio::test]
async fn each_published_bad_request_is_decoded_and_known() {
    let details = ["AccountID: cannot be blank", "cardId: cannot be blank."];
    let examples = [
        (json!({"code": 400, "message": "bad request"}), KnownMessage::BadRequest),
        (
            json!({"code": 400, "message": "bad request", "details": details}),
            KnownMessage::BadRequest,
        ),
        (
            json!({"code": 400, "message": "customer already on click to pay"}),
            KnownMessage::CustomerAlreadyEnrolled,
        ),
        (
            json!({"code": 400, "message": "click to pay is not enabled to tenant"}),
            KnownMessage::TenantNotEnabled,
        ),
        (
            json!({"code": 400, "message": "customer not enabled to click to pay"}),
            KnownMessage::CustomerNotEnrolled,
        ),
        (json!({"code": 400, "message": "invalid network"}), KnownMessage::InvalidNetwork),
    ];
    for (body, known) in examples {
        let server = Server::start(move |_| Reply::json(400, &body)).await;
        let account = account(&server);
        let sent = account.enroll_customer().x_customer_id(1).body(enrolment());
        let error = sent.send().await.unwrap_err();
        assert!(matches!(error.body(), Some(EnrollCustomerError::BadRequest(_))), "{error}");
        assert_eq!(error.known_message(), Some(known));
        assert_eq!(error.kind(), ErrorKind::Documented);
        assert_eq!(error.status().unwrap(), 400);
        assert!(!error.is_transient() && !error.is_retryable());
        assert!(error.to_string().contains(known.text()), "{error}");
        assert_eq!(server.received().len(), 1);
    }
}

#[tokio::test]
async fn blank_fields_of_a_bad_request_are_named() {
    let body = json!({"message": "bad request", "details": ["OrgID: cannot be blank."]});
    let server = Server::start(move |_| Reply::json(400, &body)).await;
    let account = account(&server);
    let sent = account.update_customer().x_customer_id(1).body(update());
    let error = sent.send().await.unwrap_err();
    let Some(UpdateCustomerError::BadRequest(body)) = error.body() else { panic!("{error}") };
    assert_eq!(body.blank_fields().collect::<Vec<_>>(), ["OrgID"]);
}

#[tokio::test]
async fn a_500_decodes_as_the_500_even_where_its_body_fits_the_400() {
    let body = json!({"code": 500, "message": "internal server error", "details": ["x"]});
    let server = Server::start(move |_| Reply::json(500, &body)).await;
    let account = account(&server);
    let sent = account.enroll_customer().x_customer_id(1).body(enrolment());
    let error = sent.send().await.unwrap_err();
    assert!(matches!(error.body(), Some(EnrollCustomerError::InternalServerError(_))), "{error}");
    assert_eq!(error.known_message(), Some(KnownMessage::InternalServerError));
}

#[tokio::test]
async fn a_status_that_is_not_documented_is_an_error_even_when_it_is_a_success() {
    for status in [200, 204, 304, 403, 404, 418, 501] {
        let server = Server::start(move |_| Reply::status(status)).await;
        let account = account(&server);
        let sent = account.delete_customer().x_customer_id(1).body(deletion());
        let error = sent.send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Undocumented, "{status}");
        assert_eq!(error.status().unwrap(), status);
        assert_eq!(error.operation(), Some("delete_customer"));
        let sent_id = server.received()[0].header("x-cid").unwrap().to_owned();
        assert_eq!(error.correlation_id().unwrap().as_str(), sent_id);
        assert!(error.to_string().contains(&sent_id), "{error}");
    }
}

#[tokio::test]
async fn an_error_in_html_tells_its_type_and_length_and_keeps_its_bytes_for_who_asks() {
    let page = "<html>secret</html>";
    let server = Server::start(move |_| Reply::text(400, "text/html; charset=utf-8", page)).await;
    let account = account(&server);
    let sent = account.enroll_customer().x_customer_id(1).body(enrolment());
    let error = sent.send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Undecodable);
    assert_eq!(error.status().unwrap(), 400);
    let text = format!("{error} {error:?} {error:#?}");
    assert!(text.contains("text/html, 19 bytes") && !text.contains("secret"), "{text}");
    let body = error.failure().unwrap().raw_body().unwrap();
    assert_eq!(body.content_type(), Some("text/html"));
    assert_eq!(body.bytes(), page.as_bytes());
}

#[tokio::test]
async fn a_body_of_another_shape_is_not_repeated_by_its_error() {
    let body: Value = json!({"code": "secret", "message": "bad request"});
    let server = Server::start(move |_| Reply::json(400, &body)).await;
    let account = account(&server);
    let sent = account.enroll_customer().x_customer_id(1).body(enrolment());
    let error = sent.send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Undecodable);
    let text = format!("{error} {error:?}");
    assert!(text.contains("line 1, column") && !text.contains("secret"), "{text}");
}

#[tokio::test]
async fn what_does_not_fit_the_contract_is_not_sent() {
    let server = Server::start(|_| Reply::status(202)).await;
    let account = account(&server);
    let error = account.enroll_customer().body(enrolment()).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("x_customer_id"), "{error}");
    assert_eq!(server.connections(), 0);
}
