//! What is answered, in both formats.

use super::*;

const ACCEPT_XML: (&str, &str) = ("accept", "application/xml");

/// The same body's answers in JSON and in XML, with their common status.
async fn both(body: &str) -> (StatusCode, Value, String) {
    let json = send(&[JSON, ACCEPT_JSON], body.to_owned()).await;
    let xml = send(&[JSON, ACCEPT_XML], body.to_owned()).await;
    assert_eq!(json.status, xml.status);
    assert_eq!(json.content_type, "application/json; charset=utf-8");
    assert_eq!(xml.content_type, "application/xml; charset=utf-8");
    (json.status, json.json(), xml.body)
}

#[tokio::test]
async fn a_success_can_not_be_written_in_xml() {
    let reply = send(&[JSON, ACCEPT_XML], json_sample().to_string()).await;
    assert_eq!(reply.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(reply.content_type, "application/xml; charset=utf-8");
    assert_eq!(reply.body, "<Error><Message>An error has occurred.</Message></Error>");
}

#[tokio::test]
async fn required_members_that_are_missing_are_named() {
    let (status, json, xml) = both(r#"{"Request": {}}"#).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let expected = json!({
        "Message": "The request is invalid.",
        "ModelState": {"model.Authentication": ["The Authentication field is required."]},
    });
    assert_eq!(json, expected);
    assert_eq!(
        xml,
        "<Error><Message>The request is invalid.</Message><ModelState><model.Authentication>\
         The Authentication field is required.\
         </model.Authentication></ModelState></Error>"
    );

    let state = send_json(r#"{"Authentication": {}}"#).await.model_state();
    assert_eq!(state, json!({"model.Request": ["The Request field is required."]}));
}

#[tokio::test]
async fn several_messages_of_a_member_stand_in_one_text_in_xml() {
    let (_, _, xml) = both(r#"{"Authentication": 5, "Request": {}}"#).await;
    assert!(
        xml.contains(
            "<model.Authentication>An error has occurred. The Authentication field is required.</"
        ),
        "{xml}"
    );
}

#[tokio::test]
async fn a_body_that_holds_no_model_lacks_both_members() {
    let both_required = json!({
        "model.Authentication": ["The Authentication field is required."],
        "model.Request": ["The Request field is required."],
    });
    for (headers, body) in [
        (&[JSON][..], "{}"),
        (&[JSON], "null"),
        (&[JSON], ""),
        (&[XML, ACCEPT_JSON], ""),
        (&[], ""),
    ] {
        let reply = send(headers, body).await;
        assert_eq!(reply.model_state(), both_required, "{headers:?} {body}");
    }
}

#[tokio::test]
async fn wrong_or_missing_credentials_are_denied() {
    for (pointer, value) in [
        ("/Authentication/Id", json!("170200124")),
        ("/Authentication/Key", json!("46751234212")),
        ("/Authentication/Key", json!("")),
        ("/Authentication/Id", json!(null)),
        ("/Authentication/Key", json!(null)),
        ("/Authentication", json!({})),
    ] {
        let mut body = json_sample();
        *body.pointer_mut(pointer).unwrap() = value;
        let (status, json, xml) = both(&body.to_string()).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        assert_eq!(json, json!({"Message": "Authorization has been denied for this request."}));
        assert_eq!(
            xml,
            "<Error><Message>Authorization has been denied for this request.</Message></Error>"
        );
    }
}

#[tokio::test]
async fn an_unknown_profile_has_a_code_that_is_told_to_be_invented() {
    for (pointer, value) in [
        ("/Request/PaymentProfileId", json!("987654321")),
        ("/Request/PaymentProfileId", json!(null)),
        ("/Request/CustomerProfileId", json!("987654321")),
        ("/Request/CustomerProfileId", json!("")),
        ("/Request", json!({})),
    ] {
        let mut body = json_sample();
        *body.pointer_mut(pointer).unwrap() = value;
        let (status, json, xml) = both(&body.to_string()).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(json["Message"]["Code"], "99");
        let description = json["Message"]["Description"].as_str().unwrap();
        assert!(description.contains("The sandbox has invented this code"), "{description}");
        assert_eq!(json["Response"], Value::Null);
        assert_eq!(
            xml,
            format!(
                "<ProfileOutgoingModel xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" \
                 xmlns=\"http://schemas.datacontract.org/2004/07/Payments.Api.Models\">\
                 <Message><Code>99</Code><Description>{description}</Description></Message>\
                 <Response i:nil=\"true\"/></ProfileOutgoingModel>"
            )
        );
    }
}

#[tokio::test]
async fn a_profile_that_was_added_is_known_with_its_customer_or_without() {
    for (customer, code) in [(json!("1"), "00"), (json!(null), "00"), (json!("123456789"), "99")] {
        let service = payments();
        service.add_profile("1", "2");
        let mut body = json_sample();
        body["Request"]["PaymentProfileId"] = json!("2");
        body["Request"]["CustomerProfileId"] = customer.clone();
        let reply = send_to(service, &[JSON], body.to_string()).await;
        assert_eq!(reply.code(), code, "{customer}");
        if code == "00" {
            let ids = json!({"CustomerProfileId": customer, "PaymentProfileId": "2"});
            assert_eq!(reply.json()["Response"], ids);
        }
    }
}

#[tokio::test]
async fn another_media_type_is_not_supported() {
    for (sent, said) in [
        ("text/plain", "text/plain"),
        ("Application/X; charset=utf-8", "Application/X"),
        ("application/x-www-form-urlencoded", "application/x-www-form-urlencoded"),
        ("application/vnd.a'b&c+json", "application/vnd.a'b&c+json"),
    ] {
        let message =
            format!("The request entity's media type '{said}' is not supported for this resource.");
        let body = json_sample().to_string();
        let reply = send(&[("content-type", sent), ACCEPT_JSON], body.clone()).await;
        assert_eq!(reply.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        assert_eq!(reply.json(), json!({ "Message": message }));
        let reply = send(&[("content-type", sent), ACCEPT_XML], body).await;
        assert_eq!(reply.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        let message = message.replace('&', "&amp;");
        assert_eq!(reply.body, format!("<Error><Message>{message}</Message></Error>"));
    }
}

#[tokio::test]
async fn a_body_without_a_media_type_is_not_supported() {
    for headers in [&[][..], &[("content-type", "json")]] {
        let reply = send(headers, json_sample().to_string()).await;
        assert_eq!(reply.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        let message = "The request contains an entity body but no Content-Type header. The \
                       inferred media type 'application/octet-stream' is not supported for this \
                       resource.";
        assert_eq!(reply.json(), json!({ "Message": message }));
    }
}

#[tokio::test]
async fn two_mebibytes_are_read_and_no_more() {
    const LIMIT: usize = 2 * 1024 * 1024;
    let sample = json_sample().to_string();
    let padded = |length: usize| format!("{sample}{}", " ".repeat(length - sample.len()));
    assert_eq!(send_json(padded(LIMIT)).await.code(), "00");
    let reply = send_json(padded(LIMIT + 1)).await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn no_answer_repeats_what_is_secret() {
    let mut body = json_sample();
    body["Authentication"]["Key"] = json!("secret-key");
    body["Request"]["Updates"]["Card"]["CVV"] = json!(["987"]);
    for (body, status) in [
        (body.to_string(), StatusCode::BAD_REQUEST),
        (body.to_string().replace("[\"987\"]", "\"987\""), StatusCode::UNAUTHORIZED),
        (body.to_string().replace("}}", ""), StatusCode::BAD_REQUEST),
    ] {
        let reply = send_json(body).await;
        assert_eq!(reply.status, status);
        for secret in ["secret-key", "987", "Saverton", "170200123"] {
            assert!(!reply.body.contains(secret), "{secret}: {}", reply.body);
        }
    }
}
