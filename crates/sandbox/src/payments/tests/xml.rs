//! Requests in XML, as `DataContractSerializer` reads them.

use super::{
    super::model::{ROOT, Shape},
    *,
};

const PROLOG: &str = "<PaymentProfileUpdateBindingModel \
     xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" \
     xmlns=\"http://schemas.datacontract.org/2004/07/Payments.Api.Models\">";
const AUTHENTICATION: &str =
    "<Authentication><Id>170200123</Id><Key>467512342123</Key></Authentication>";
const IDS: &str = "<CustomerProfileId>123456789</CustomerProfileId>\
     <PaymentProfileId>123456789</PaymentProfileId>";

fn document(members: &str) -> String {
    format!("{PROLOG}{members}</PaymentProfileUpdateBindingModel>")
}

/// A document that has valid credentials and these members in its request.
fn request(members: &str) -> String {
    document(&format!("{AUTHENTICATION}<Request>{members}</Request>"))
}

/// A document that is right but for these members of its updates.
fn updates(members: &str) -> String {
    request(&format!("{IDS}<Updates>{members}</Updates>"))
}

async fn code(body: String) -> String {
    send_xml(body).await.code()
}

async fn is_refused(body: String) {
    assert_eq!(send_xml(body.clone()).await.model_state(), exception("model"), "{body}");
}

#[test]
fn the_members_stand_in_ordinal_order_at_every_level() {
    fn check(shape: &Shape) {
        if let Shape::Object(members) = shape {
            assert!(members.is_sorted_by(|(a, _), (b, _)| a.as_bytes() < b.as_bytes()));
            members.iter().for_each(|(_, shape)| check(shape));
        }
    }
    check(&ROOT);
}

#[tokio::test]
async fn an_element_out_of_order_is_dropped_without_an_error() {
    let reply = send_xml(request(
        "<PaymentProfileId>123456789</PaymentProfileId>\
         <CustomerProfileId>another</CustomerProfileId>",
    ))
    .await;
    assert_eq!(reply.code(), "00");
    assert_eq!(reply.json()["Response"]["CustomerProfileId"], Value::Null);

    let swapped = AUTHENTICATION.replace("<Id>170200123</Id>", "");
    let swapped = swapped.replace("</Key>", "</Key><Id>170200123</Id>");
    let reply = send_xml(document(&format!("{swapped}<Request>{IDS}</Request>"))).await;
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
}

/// What is dropped is not read, so that what would be refused in its place shows that it is.
#[tokio::test]
async fn expiry_date_before_cvv_loses_the_cvv() {
    is_refused(updates("<Card><CVV><x/></CVV><ExpiryDate>12/19</ExpiryDate></Card>")).await;
    let body = updates("<Card><ExpiryDate>12/19</ExpiryDate><CVV><x/></CVV></Card>");
    assert_eq!(code(body).await, "00");
}

#[tokio::test]
async fn the_order_of_the_json_sample_loses_the_authorizer() {
    is_refused(request(&format!("<Authorizer><x/></Authorizer>{IDS}"))).await;
    assert_eq!(code(request(&format!("{IDS}<Authorizer><x/></Authorizer>"))).await, "00");
}

#[tokio::test]
async fn request_before_authentication_loses_the_credentials() {
    let reply = send_xml(document(&format!("<Request>{IDS}</Request>{AUTHENTICATION}"))).await;
    let required = json!(["The Authentication field is required."]);
    assert_eq!(reply.model_state(), json!({"model.Authentication": required}));
}

#[tokio::test]
async fn of_equal_elements_the_first_counts() {
    let body = request(&format!("{IDS}<PaymentProfileId>another</PaymentProfileId>"));
    assert_eq!(code(body).await, "00");
}

#[tokio::test]
async fn unknown_elements_are_ignored_wherever_they_stand() {
    let body = request(&format!("<A><B/></A>{IDS}<Password>x</Password><Updates><Z/></Updates>"));
    assert_eq!(code(body).await, "00");
}

#[tokio::test]
async fn a_root_without_its_namespace_is_refused() {
    let namespace = " xmlns=\"http://schemas.datacontract.org/2004/07/Payments.Api.Models\"";
    is_refused(xml_sample().replace(namespace, "")).await;
    is_refused(xml_sample().replace("Payments.Api.Models\"", "Payments.Api\"")).await;
}

#[tokio::test]
async fn another_root_is_refused() {
    is_refused(xml_sample().replace("PaymentProfileUpdateBindingModel", "Model")).await;
}

#[tokio::test]
async fn an_inner_element_without_the_namespace_is_dropped() {
    let body = xml_sample().replace("<Authentication>", "<Authentication xmlns=\"\">");
    let required = json!(["The Authentication field is required."]);
    let state = send_xml(body).await.model_state();
    assert_eq!(state, json!({"model.Authentication": required}));

    let body = xml_sample().replace("<CVV>", "<CVV xmlns=\"\"><x/>");
    assert_eq!(code(body).await, "00");
}

#[tokio::test]
async fn a_prefix_for_the_namespace_is_as_good() {
    let body = format!(
        "<p:PaymentProfileUpdateBindingModel \
         xmlns:p=\"http://schemas.datacontract.org/2004/07/Payments.Api.Models\">\
         {}</p:PaymentProfileUpdateBindingModel>",
        format!("{AUTHENTICATION}<Request>{IDS}</Request>")
            .replace('<', "<p:")
            .replace("<p:/", "</p:"),
    );
    assert_eq!(code(body).await, "00");
}

#[tokio::test]
async fn absent_and_nil_both_are_null() {
    let payment = "<PaymentProfileId>123456789</PaymentProfileId>";
    let nil = "<CustomerProfileId i:nil=\"true\" />";
    for members in [payment.to_owned(), format!("{nil}{payment}")] {
        let reply = send_xml(request(&members)).await;
        assert_eq!(reply.code(), "00");
        assert_eq!(reply.json()["Response"]["CustomerProfileId"], Value::Null);
    }
    for members in ["<MakeDefault i:nil=\"1\"/>", "<Card i:nil=\"true\"/>", ""] {
        assert_eq!(code(updates(members)).await, "00", "{members}");
    }
}

#[tokio::test]
async fn an_object_that_is_nil_is_missing() {
    let nil = "<Authentication i:nil=\"true\"/>";
    let reply = send_xml(document(&format!("{nil}<Request>{IDS}</Request>"))).await;
    let required = json!(["The Authentication field is required."]);
    assert_eq!(reply.model_state(), json!({"model.Authentication": required}));
}

#[tokio::test]
async fn the_prefix_of_nil_has_to_be_declared() {
    is_refused(xml_sample().replace("xmlns:i=", "xmlns:j=")).await;
}

#[tokio::test]
async fn nil_of_another_namespace_is_no_null() {
    let payment = "<PaymentProfileId>123456789</PaymentProfileId>";
    let body =
        request(&format!("<CustomerProfileId nil=\"true\">another</CustomerProfileId>{payment}"));
    assert_eq!(code(body).await, "99");
}

#[tokio::test]
async fn nil_is_a_boolean() {
    is_refused(updates("<MakeDefault i:nil=\"yes\">true</MakeDefault>")).await;
    assert_eq!(code(updates("<MakeDefault i:nil=\"false\">true</MakeDefault>")).await, "00");
}

#[tokio::test]
async fn an_empty_element_is_the_empty_text() {
    assert_eq!(code(updates("<BillingAddress><Zip/></BillingAddress>")).await, "00");
    let payment = "<PaymentProfileId>123456789</PaymentProfileId>";
    // The empty text is no null, which would match every customer.
    assert_eq!(code(request(&format!("<CustomerProfileId/>{payment}"))).await, "99");
    let service = payments();
    service.add_profile("", "1");
    let body = request("<CustomerProfileId/><PaymentProfileId>1</PaymentProfileId>");
    let reply = send_to(service, &[XML, ACCEPT_JSON], body).await;
    assert_eq!(reply.json()["Response"]["CustomerProfileId"], "");
}

#[tokio::test]
async fn make_default_is_true_or_false_and_nothing_else() {
    for flag in ["true", "false", " true\n"] {
        let body = updates(&format!("<MakeDefault>{flag}</MakeDefault>"));
        assert_eq!(code(body).await, "00", "{flag}");
    }
    for flag in ["True", "FALSE", "1", "0", "yes", "", "<x/>"] {
        is_refused(updates(&format!("<MakeDefault>{flag}</MakeDefault>"))).await;
    }
    is_refused(updates("<MakeDefault/>")).await;
}

#[tokio::test]
async fn text_may_be_escaped_in_sections_and_interrupted_by_comments() {
    let body =
        request("<PaymentProfileId>1<![CDATA[2345]]><!-- x -->6&#x37;8<?pi?>9</PaymentProfileId>");
    assert_eq!(code(body).await, "00");
}

#[tokio::test]
async fn text_between_members_and_elements_in_text_are_refused() {
    is_refused(request(&format!("{IDS}text"))).await;
    is_refused(request(&format!("<![CDATA[text]]>{IDS}"))).await;
    is_refused(request("<PaymentProfileId>1<x/></PaymentProfileId>")).await;
    let body = request(&format!("\n <!-- comment --> <?pi?>{IDS}"));
    assert_eq!(code(body).await, "00");
}

#[tokio::test]
async fn a_document_type_is_refused() {
    is_refused(format!("<!DOCTYPE a>{}", xml_sample())).await;
    is_refused(format!("<!DOCTYPE a [<!ENTITY b \"x\">]>{}", xml_sample())).await;
}

#[tokio::test]
async fn broken_xml_is_refused() {
    let sample = xml_sample();
    for body in [
        sample[..sample.len() - 2].to_owned(),
        sample.replace("</Id>", "</ID>"),
        sample.replace("Sierra", "&unknown;"),
        json_sample().to_string(),
        " ".to_owned(),
        "<a>".repeat(100_000),
    ] {
        is_refused(body).await;
    }
    let invalid_utf8 = send_xml(b"<a>\xFF</a>".to_vec()).await;
    assert_eq!(invalid_utf8.model_state(), exception("model"));
}

#[tokio::test]
async fn deeply_nested_xml_is_no_danger() {
    let nested = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
    assert_eq!(code(request(&format!("{nested}{IDS}"))).await, "00");
}

#[tokio::test]
async fn a_declaration_and_a_byte_order_mark_are_passed_over() {
    let body = format!("\u{FEFF}<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{}", xml_sample());
    assert_eq!(code(body).await, "00");
}
