//! What goes over the wire, and what each answer of the service means to a caller.

#![allow(clippy::unwrap_used, reason = "a test's helpers fail the test")]

mod support;

use payment_profiles::{
    Client, Error, ErrorKind, Format, Outcome, ProfileUpdate, RetryPolicy, ServiceError,
    UpdateError,
};
use support::{Reply, Server, answer, builder, sent, success, update};

/// What a caller gets for this answer.
async fn outcome_of(status: &str, content_type: &str, body: impl AsRef<[u8]>) -> Error {
    let server = Server::start(Reply::Answer(answer(status, content_type, body))).await;
    let error = builder(server.url()).build().unwrap().update(&update()).await.unwrap_err();
    assert_eq!(server.requests().len(), 1, "an answered request is not sent again");
    error
}

/// What of an answer can't be read.
fn undecodable(error: &Error) -> String {
    assert_eq!(
        (error.kind(), error.outcome()),
        (ErrorKind::Undecodable, Outcome::Unknown),
        "{error}"
    );
    error.to_string()
}

async fn service_error(status: &str, content_type: &str, body: &str) -> Box<ServiceError> {
    let error = outcome_of(status, content_type, body).await;
    let Some(UpdateError::Service(service)) = error.body() else { panic!("{error:?}") };
    service.clone()
}

fn texts(texts: &[payment_profiles::ServiceText]) -> Vec<&str> {
    texts.iter().map(|text| text.as_str()).collect()
}

#[tokio::test]
async fn code_00_is_success_with_both_ids() {
    let server = Server::start(Reply::Answer(success())).await;
    let updated = builder(server.url()).build().unwrap().update(&update()).await.unwrap();
    assert_eq!(updated.customer_profile_id.as_deref(), Some("123456789"));
    assert_eq!(updated.payment_profile_id, "987654321");
    assert_eq!(updated.description.as_str(), "Updated");
}

#[tokio::test]
async fn the_customer_id_may_be_null_and_unknown_members_are_ignored() {
    let body = r#"{"New":[1],"Message":{"Code":"00","Description":null,"Also":{}},
        "Response":{"Extra":1,"CustomerProfileId":null,"PaymentProfileId":"987654321"}}"#;
    let server = Server::start(Reply::Answer(answer("200 OK", "text/json", body))).await;
    let updated = builder(server.url()).build().unwrap().update(&update()).await.unwrap();
    assert_eq!(updated.customer_profile_id, None);
    assert_eq!(updated.payment_profile_id, "987654321");
    assert_eq!(updated.description.as_str(), "");
}

#[tokio::test]
async fn a_byte_order_mark_before_the_answer_does_no_harm() {
    let body = "\u{FEFF}{\"Message\":{\"Code\":\"00\"},\"Response\":{\"PaymentProfileId\":\"1\"}}";
    let server = Server::start(Reply::Answer(answer("200 OK", "text/json", body))).await;
    let updated = builder(server.url()).build().unwrap().update(&update()).await.unwrap();
    assert_eq!(updated.payment_profile_id, "1");
}

#[tokio::test]
async fn any_other_code_is_a_refusal_whatever_it_is() {
    for (status, code) in [("200 OK", "05"), ("200 OK", "E-77x"), ("400 Bad Request", "14")] {
        let body = format!(
            r#"{{"Message":{{"Code":"{code}","Description":"Unknown profile"}},"Response":null}}"#
        );
        let error = outcome_of(status, "application/json", body).await;
        assert_eq!(error.outcome(), Outcome::Refused);
        let Some(UpdateError::Refused(refusal)) = error.body() else { panic!("{error:?}") };
        assert_eq!(refusal.code.as_str(), code);
        assert_eq!(refusal.description.as_str(), "Unknown profile");
        assert!(status.starts_with(refusal.status.as_str()));
    }
}

/// Only `00` is published, and only as good; what contradicts that says nothing of the update.
#[tokio::test]
async fn a_code_that_can_not_be_relied_on_leaves_open_whether_the_update_was_made() {
    for (status, code) in [
        ("400 Bad Request", "00"),
        ("404 Not Found", "00"),
        ("200 OK", " 00 "),
        ("200 OK", "05 "),
        ("200 OK", "\\t05"),
        ("200 OK", "\u{a0}05"),
        ("400 Bad Request", " 05"),
        ("200 OK", ""),
        ("200 OK", "0"),
        ("200 OK", "000"),
        ("200 OK", "\u{ff10}\u{ff10}"),
    ] {
        let body =
            format!(r#"{{"Message":{{"Code":"{code}"}},"Response":{{"PaymentProfileId":"2"}}}}"#);
        let error = outcome_of(status, "application/json", body).await;
        let text = undecodable(&error);
        assert!(text.contains("find out before sending it again"), "{text}");
    }
    for status in ["500 Internal Server Error", "502 Bad Gateway", "504 Gateway Timeout"] {
        for code in ["00", "05", "96", " 96 "] {
            let body = format!(
                r#"{{"Message":{{"Code":"{code}","Description":"Why"}},"Response":{{"PaymentProfileId":"2"}}}}"#
            );
            let error = outcome_of(status, "application/json", body).await;
            assert_eq!(error.outcome(), Outcome::Unknown, "{status} {code}");
            let Some(UpdateError::Service(service)) = error.body() else { panic!("{error:?}") };
            assert_eq!(service.code.as_ref().unwrap().as_str(), code);
            assert_eq!(texts(&service.messages), ["Why"]);
        }
    }
}

#[tokio::test]
async fn what_is_rate_limited_was_not_made_and_is_sent_again() {
    let reply = Reply::Answer(answer("429 Too Many Requests", "text/plain", ""));
    let server = Server::start(reply).await;
    let twice = RetryPolicy { max_tries: 2, ..RetryPolicy::default() };
    let client = builder(server.url()).retry(twice).build().unwrap();
    let error = client.update(&update()).await.unwrap_err();
    assert_eq!(server.requests().len(), 2);
    assert_eq!(error.outcome(), Outcome::Refused);
    assert!(error.is_transient() && error.is_retryable());
}

#[tokio::test]
async fn a_400_names_the_fields_and_says_why() {
    let error = service_error(
        "400 Bad Request",
        "application/json; charset=utf-8",
        r#"{"Message":"The request is invalid.","ModelState":{
            "model.Request.Updates.Card.CVV":["too short","not a number"],
            "model.Somewhere":["odd"]}}"#,
    )
    .await;
    assert_eq!(error.status, 400);
    assert_eq!(texts(&error.messages), ["The request is invalid."]);
    assert_eq!(error.invalid_fields[0].name.as_str(), "model.Request.Updates.Card.CVV");
    assert_eq!(texts(&error.invalid_fields[0].messages), ["too short", "not a number"]);
    assert_eq!(error.invalid_fields[1].name.as_str(), "model.Somewhere");
    assert_eq!(error.to_string(), "refused, its messages say what to change; it names CVV");
}

#[tokio::test]
async fn a_401_says_to_check_the_credentials() {
    let said = r#"{"Message":"Authorization has been denied for this request."}"#;
    let error = service_error("401 Unauthorized", "application/json", said).await;
    assert_eq!(texts(&error.messages), ["Authorization has been denied for this request."]);
    assert!(error.to_string().ends_with(", check the id and the key"), "{error}");
}

#[tokio::test]
async fn a_415_says_to_send_the_other_format() {
    let said = r#"{"Message":"The request entity's media type 'application/json' is not supported for this resource."}"#;
    let error = service_error("415 Unsupported Media Type", "application/json", said).await;
    assert_eq!(error.messages.len(), 1);
    assert!(error.to_string().ends_with(", send the other format"), "{error}");
}

#[tokio::test]
async fn a_500_may_have_a_body_or_none_and_the_update_may_have_been_made() {
    let said = r#"{"Message":"An error has occurred.","ExceptionMessage":"Timeout expired.",
        "ExceptionType":"System.Data.SqlClient.SqlException","StackTrace":"at …",
        "InnerException":{"Message":"inner"}}"#;
    let with = service_error("500 Internal Server Error", "application/json", said).await;
    assert_eq!(
        texts(&with.messages),
        ["An error has occurred.", "Timeout expired.", "System.Data.SqlClient.SqlException"]
    );
    let without = outcome_of("500 Internal Server Error", "text/plain", "").await;
    assert_eq!(without.outcome(), Outcome::Unknown);
    assert_eq!(without.status().unwrap(), 500);
    let Some(UpdateError::Service(without)) = without.body() else { panic!("{without:?}") };
    assert_eq!((without.messages.len(), without.invalid_fields.len()), (0, 0));
}

#[tokio::test]
async fn html_of_a_proxy_is_an_error_with_its_status() {
    let html = "<!DOCTYPE html><html><body><h1>Bad gateway</h1></body></html>";
    let error = service_error("502 Bad Gateway", "text/html", html).await;
    assert_eq!((error.status.as_u16(), error.messages.len()), (502, 0));

    let error = outcome_of("200 OK", "Text/HTML; charset=utf-8", html).await;
    let text = undecodable(&error);
    assert!(text.contains(&format!("Text/HTML, {} bytes", html.len())), "{text}");
}

#[tokio::test]
async fn an_answer_of_success_that_lacks_what_the_page_promises_is_undecodable() {
    for (body, reason) in [
        ("", "neither JSON nor XML"),
        (r#"{"Message":{"Code":"00","Desc"#, "neither JSON nor XML"),
        ("[]", "neither JSON nor XML"),
        ("{}", "no Message with a Code"),
        (r#"{"Message":"An error has occurred."}"#, "no Message with a Code"),
        (r#"{"Message":{"Code":0}}"#, "no Message with a Code"),
        (r#"{"Message":{"Code":"00"}}"#, "code 00 without a PaymentProfileId"),
        (r#"{"Message":{"Code":"00"},"Response":7}"#, "code 00 without a PaymentProfileId"),
    ] {
        let error = outcome_of("200 OK", "application/json", body).await;
        let text = undecodable(&error);
        assert!(text.contains(reason), "{body}: {text}");
    }
}

#[tokio::test]
async fn a_header_of_the_answer_that_is_no_text_does_no_harm() {
    let reply = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\ncontent-type: \xFF\xFE\r\n\r\n".to_vec();
    let server = Server::start(Reply::Answer(reply)).await;
    let error = builder(server.url()).build().unwrap().update(&update()).await.unwrap_err();
    assert!(undecodable(&error).contains("no content type"), "{error}");
}

#[tokio::test]
async fn texts_arrive_as_they_were_set() {
    let text = "1 \"Rue\" <de> l'Été & Söhne\r\n\tこんにちは 🏠 \u{1}\u{7F}\u{2028}";
    let update = ProfileUpdate::new(text, text, text).street(text).state("");
    let body = sent(Format::Json, &update).await.json();
    let request = &body["Request"];
    for member in ["CustomerProfileId", "PaymentProfileId", "Authorizer"] {
        assert_eq!(request[member], text);
    }
    assert_eq!(request["Updates"]["BillingAddress"]["Street"], text);
    assert_eq!(request["Updates"]["BillingAddress"]["State"], "");
}

#[tokio::test]
async fn the_body_goes_in_one_piece_of_known_length() {
    let request = sent(Format::Json, &update()).await;
    assert_eq!(request.header("content-length"), Some(&*request.body.len().to_string()));
    assert_eq!(request.header("transfer-encoding"), None);
}

#[tokio::test]
async fn the_user_agent_is_this_crate_or_what_the_caller_says() {
    let request = sent(Format::Json, &update()).await;
    let own = concat!("payment-profiles/", env!("CARGO_PKG_VERSION"));
    assert_eq!(request.header("user-agent"), Some(own));

    let server = Server::start(Reply::Answer(success())).await;
    let client = builder(server.url()).user_agent("shop/2 (é)").build().unwrap();
    client.update(&update()).await.unwrap();
    assert_eq!(server.request().header("user-agent"), Some("shop/2 (é)"));
}

#[tokio::test]
async fn deep_bodies_are_refused_like_any_other_that_can_not_be_read() {
    for body in [r#"{"Message":"#.repeat(50_000), "<Message>".repeat(50_000)] {
        undecodable(&outcome_of("200 OK", "application/json", body).await);
    }
}

#[tokio::test]
async fn clones_share_one_connection_pool() {
    let server = Server::start(Reply::Answer(success())).await;
    let client = builder(server.url()).build().unwrap();
    for _ in 0..3 {
        client.clone().update(&update()).await.unwrap();
    }
    assert_eq!((server.requests().len(), server.connections()), (3, 1));
}

#[tokio::test]
async fn localhost_is_loopback() {
    let server = Server::start(Reply::Answer(success())).await;
    let base_url = format!("http://localhost:{}", server.address.port());
    let client = builder(base_url).build().unwrap();
    client.update(&update()).await.unwrap();
    server.request();
}

#[tokio::test]
async fn a_clients_own_http_client_is_used() {
    let server = Server::start(Reply::Answer(success())).await;
    let http = reqwest::Client::builder().user_agent("own").no_proxy().build().unwrap();
    let client = builder(server.url()).http(http).build().unwrap();
    client.update(&update()).await.unwrap();
    assert_eq!(server.request().header("user-agent"), Some("own"));
}

#[tokio::test]
async fn calls_run_on_any_thread() {
    fn assert_shareable<T: Clone + Send + Sync + 'static>(_: &T) {}
    let server = Server::start(Reply::Answer(success())).await;
    let client = builder(server.url()).build().unwrap();
    assert_shareable::<Client>(&client);
    let spawned = tokio::spawn(async move { client.update(&update()).await });
    spawned.await.unwrap().unwrap();
}

#[cfg(feature = "xml")]
mod xml {
    use payment_profiles::{ResponseValue, UpdatedProfile};

    use super::*;

    async fn call(status: &str, body: &str) -> Result<ResponseValue<UpdatedProfile>, Error> {
        let server = Server::start(Reply::Answer(answer(status, "application/xml", body))).await;
        builder(server.url()).format(Format::Xml).build().unwrap().update(&update()).await
    }

    #[tokio::test]
    async fn texts_arrive_as_they_were_set() {
        let street = "1 \"Rue\" <de> l'Été & Söhne\r\n\tこんにちは 🏠 ]]>\u{7F}";
        let body = sent(Format::Xml, &update().street(street)).await.body;
        let expected = "<Street>1 &quot;Rue&quot; &lt;de&gt; l'Été &amp; Söhne&#xD;\n\tこんにちは 🏠 \
                        ]]&gt;\u{7F}</Street>";
        assert!(body.contains(expected), "{body}");
    }

    #[tokio::test]
    async fn a_character_that_xml_can_not_hold_is_refused_before_anything_is_sent() {
        let server = Server::start(Reply::Answer(success())).await;
        let client = builder(server.url()).format(Format::Xml).build().unwrap();
        for character in ['\0', '\u{1}', '\u{B}', '\u{1F}', '\u{FFFE}', '\u{FFFF}'] {
            let error =
                client.update(&update().county(format!("King{character}"))).await.unwrap_err();
            assert_eq!(error.outcome(), Outcome::NotSent);
            let found = format!("County holds the character U+{:04X}", u32::from(character));
            assert!(error.to_string().contains(&found), "{error}");
        }
        assert_eq!(server.connections(), 0);
    }

    #[tokio::test]
    async fn an_answer_in_xml_is_understood() {
        let updated = call(
            "200 OK",
            r#"<?xml version="1.0"?>
            <ProfileOutgoingModel xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns="urn:any">
              <Message><Code>00</Code><Description>A &amp; B<![CDATA[ <c>]]></Description></Message>
              <Response><CustomerProfileId i:nil="true" /><PaymentProfileId>9876&#53;4321</PaymentProfileId></Response>
            </ProfileOutgoingModel>"#,
        )
        .await
        .unwrap();
        assert_eq!(updated.customer_profile_id, None);
        assert_eq!(updated.payment_profile_id, "987654321");
        assert_eq!(updated.description.as_str(), "A & B <c>");
    }

    #[tokio::test]
    async fn a_refusal_in_xml_is_understood() {
        let body = "<P><Message><Code>05</Code><Description>No</Description></Message></P>";
        let error = call("200 OK", body).await.unwrap_err();
        let Some(UpdateError::Refused(refusal)) = error.body() else { panic!("{error:?}") };
        assert_eq!((refusal.code.as_str(), refusal.description.as_str()), ("05", "No"));
    }

    #[tokio::test]
    async fn the_frameworks_error_in_xml_is_understood() {
        let body = "<Error><Message>The request is invalid.</Message><ModelState>\
                    <model.Request.Updates.Card.CVV>too short</model.Request.Updates.Card.CVV>\
                    <model.Items_x005B_0_x005D_>odd</model.Items_x005B_0_x005D_></ModelState></Error>";
        let error = call("400 Bad Request", body).await.unwrap_err();
        let Some(UpdateError::Service(error)) = error.body() else { panic!("{error:?}") };
        assert_eq!(texts(&error.messages), ["The request is invalid."]);
        assert_eq!(error.invalid_fields[0].name.as_str(), "model.Request.Updates.Card.CVV");
        assert_eq!(texts(&error.invalid_fields[0].messages), ["too short"]);
        assert_eq!(error.invalid_fields[1].name.as_str(), "model.Items[0]");
    }
}
