//! Requests in JSON, as Json.NET reads them.

use super::{
    super::model::{ROOT, Shape},
    *,
};

/// The page's sample with the value at a pointer replaced.
fn with(pointer: &str, value: Value) -> String {
    let mut sample = json_sample();
    *sample.pointer_mut(pointer).expect(pointer) = value;
    sample.to_string()
}

/// The members of a shape that hold no others, by pointer.
fn leaves(shape: &'static Shape, pointer: &str) -> Vec<(String, &'static Shape)> {
    let Shape::Object(members) = shape else { return vec![(pointer.to_owned(), shape)] };
    let leaves = |(name, shape)| leaves(shape, &format!("{pointer}/{name}"));
    members.iter().flat_map(|(name, shape)| leaves((name, shape))).collect()
}

#[test]
fn the_model_has_the_members_of_the_pages_sample() {
    fn of_page(value: &Value, pointer: &str) -> Vec<String> {
        let Value::Object(members) = value else { return vec![pointer.to_owned()] };
        let leaves = |(name, value): (&String, _)| of_page(value, &format!("{pointer}/{name}"));
        members.iter().flat_map(leaves).collect()
    }
    let mut page = of_page(&json_sample(), "");
    page.sort();
    let mut model: Vec<_> = leaves(&ROOT, "").into_iter().map(|(pointer, _)| pointer).collect();
    model.sort();
    assert_eq!(model, page);
}

#[tokio::test]
async fn member_order_and_case_do_not_matter() {
    let body = r#"{
        "request": {"PAYMENTPROFILEID": "123456789", "customerProfileId": "123456789"},
        "AUTHENTICATION": {"key": "467512342123", "id": "170200123"}
    }"#;
    let reply = send_json(body).await;
    assert_eq!(reply.code(), "00");
    assert_eq!(reply.json()["Response"]["CustomerProfileId"], "123456789");
}

#[tokio::test]
async fn unknown_members_are_ignored() {
    let mut body = json_sample();
    body["Unknown"] = json!({"Id": [null, {"a": 1.5e3}]});
    body["Request"]["Updates"]["Card"]["Number"] = json!([]);
    assert_eq!(send_json(body.to_string()).await.code(), "00");
}

#[tokio::test]
async fn a_number_is_taken_as_its_text() {
    let reply = send_json(with("/Request/PaymentProfileId", json!(123_456_789))).await;
    assert_eq!(reply.code(), "00");
    assert_eq!(reply.json()["Response"]["PaymentProfileId"], "123456789");
    let body = with("/Request/PaymentProfileId", json!(0)).replace(":0,", ":123456789.0,");
    assert_eq!(send_json(body).await.code(), "99");
}

#[tokio::test]
async fn a_boolean_is_taken_as_its_text() {
    let service = payments();
    service.add_profile("false", "true");
    let mut body = json_sample();
    body["Request"]["PaymentProfileId"] = json!(true);
    body["Request"]["CustomerProfileId"] = json!(false);
    let reply = send_to(service, &[JSON], body.to_string()).await;
    assert_eq!(reply.code(), "00");
    let ids = json!({"CustomerProfileId": "false", "PaymentProfileId": "true"});
    assert_eq!(reply.json()["Response"], ids);
}

#[tokio::test]
async fn an_escaped_text_is_the_text_that_it_stands_for() {
    let body = json_sample().to_string().replace("467512342123", "\\u0034\\u00367512342123");
    assert!(body.contains("\\u0034"));
    assert_eq!(send_json(body).await.code(), "00");
}

#[tokio::test]
async fn null_and_absent_are_alike() {
    let absent = {
        let mut body = json_sample();
        body["Request"].as_object_mut().unwrap().remove("CustomerProfileId");
        body["Request"].as_object_mut().unwrap().remove("Updates");
        body.to_string()
    };
    let mut null = json_sample();
    null["Request"]["CustomerProfileId"] = Value::Null;
    null["Request"]["Updates"] = Value::Null;
    for body in [absent, null.to_string()] {
        let reply = send_json(body).await;
        assert_eq!(reply.code(), "00");
        assert_eq!(reply.json()["Response"]["CustomerProfileId"], Value::Null);
    }
}

#[tokio::test]
async fn an_object_or_array_is_no_text_and_no_flag() {
    for (pointer, _) in leaves(&ROOT, "") {
        for value in [json!({}), json!([]), json!({"Zip": "90001"})] {
            let state = send_json(with(&pointer, value)).await.model_state();
            let key = format!("model{}", pointer.replace('/', "."));
            assert_eq!(state, exception(&key));
        }
    }
}

#[tokio::test]
async fn anything_but_an_object_is_no_object() {
    for value in [json!([]), json!("text"), json!(1), json!(true)] {
        let state = send_json(with("/Request/Updates/Card", value.clone())).await.model_state();
        assert_eq!(state, exception("model.Request.Updates.Card"), "{value}");
    }
}

#[tokio::test]
async fn an_empty_text_is_a_null_object() {
    assert_eq!(send_json(with("/Request/Updates", json!(""))).await.code(), "00");
    let state = send_json(with("/Authentication", json!(""))).await.model_state();
    let required = json!(["The Authentication field is required."]);
    assert_eq!(state, json!({"model.Authentication": required}));
}

#[tokio::test]
async fn make_default_is_what_json_net_makes_a_boolean_or_null_of() {
    for value in [json!(true), json!(null), json!(1), json!("False"), json!(" true "), json!("")] {
        let body = with("/Request/Updates/MakeDefault", value.clone());
        assert_eq!(send_json(body).await.code(), "00", "{value}");
    }
    for value in [json!("yes"), json!("1"), json!(" "), json!([true])] {
        let body = with("/Request/Updates/MakeDefault", value.clone());
        let state = send_json(body).await.model_state();
        assert_eq!(state, exception("model.Request.Updates.MakeDefault"), "{value}");
    }
}

#[tokio::test]
async fn of_equal_texts_the_last_counts_and_equal_objects_become_one() {
    let body = r#"{
        "Authentication": {"Id": "nobody", "id": "170200123"},
        "Authentication": {"Key": "467512342123"},
        "Request": {"PaymentProfileId": "123456789"}
    }"#;
    assert_eq!(send_json(body).await.code(), "00");
    let body = body.replace("nobody", "170200123").replace(r#""id": "170200123""#, r#""id": null"#);
    assert_eq!(send_json(body).await.status, StatusCode::UNAUTHORIZED);

    let sample = json_sample().to_string();
    let nulled = sample.replacen(r#","Request""#, r#","Authentication":null,"Request""#, 1);
    let required = json!(["The Authentication field is required."]);
    assert_eq!(send_json(nulled).await.model_state(), json!({"model.Authentication": required}));
}

#[tokio::test]
async fn every_error_is_told_and_not_only_the_first() {
    let body = json!({"Authentication": 5, "Request": {"PaymentProfileId": [], "Authorizer": {}}});
    let reply = send_json(body.to_string()).await;
    let expected = json!({
        "model.Authentication": ["An error has occurred.", "The Authentication field is required."],
        "model.Request.PaymentProfileId": ["An error has occurred."],
        "model.Request.Authorizer": ["An error has occurred."],
    });
    assert_eq!(reply.model_state(), expected);
}

#[tokio::test]
async fn broken_json_is_refused() {
    let sample = json_sample().to_string();
    let truncated = sample[..sample.len() - 1].to_owned();
    let lone_quote = sample.replacen("\"Id\"", "Id\"", 1);
    for body in [truncated, lone_quote, "<a/>".to_owned(), " ".to_owned(), "{".repeat(100_000)] {
        assert_eq!(send_json(body).await.model_state(), exception("model"));
    }
    let invalid_utf8 = send_json(b"{\"Authentication\": \"\xFF\"}".to_vec()).await;
    assert_eq!(invalid_utf8.model_state(), exception("model"));
}

#[tokio::test]
async fn deeply_nested_json_is_no_danger() {
    let nested = format!("{{\"Unknown\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(send_json(nested).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn another_json_value_is_no_model() {
    for body in ["[]", "1", "\"text\"", "true"] {
        let state = send_json(body).await.model_state();
        assert_eq!(state["model"], json!(["An error has occurred."]), "{body}");
    }
}

#[tokio::test]
async fn what_follows_the_value_is_not_looked_at() {
    let body = format!("\u{FEFF} {} and more", json_sample());
    assert_eq!(send_json(body).await.code(), "00");
}
