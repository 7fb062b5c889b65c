//! What is sent and understood, held to the page as it is published.
//!
//! A page that changes breaks these tests with the path of the member that differs.

#![allow(clippy::unwrap_used, reason = "a test's helpers fail the test")]

mod support;

use payment_profiles::{Format, ProfileUpdate, UpdateError};
use serde_json::Value;
use support::{Reply, Server, answer, builder, sent, update};

const PAGE: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../openapi/payment-profiles/pages/POST-api-v1-customer-payments-update.txt"
));

/// A sample's members in document order: the path, and the text of those that hold one.
type Members = Vec<(String, Option<String>)>;

/// The sample under the heading of a section, given the media types that stand above it.
fn sample(section: &str, media_types: &str) -> String {
    let (_, after) = PAGE.split_once(section).expect(section);
    let (_, after) = after.split_once(media_types).expect(media_types);
    let (_, after) = after.split_once("Sample:\n").expect("Sample:");
    let end = after.find("\n\n").unwrap_or(after.len());
    after[..end].to_owned()
}

fn request_json() -> String {
    sample("Request Formats", "application/json, text/json")
}

fn response_json() -> Value {
    serde_json::from_str(&sample("Response Formats", "application/json, text/json")).unwrap()
}

fn json_members(text: &str) -> Members {
    fn walk(path: &str, value: &Value, members: &mut Members) {
        let Value::Object(object) = value else { return };
        for (name, value) in object {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            members.push((path.clone(), value.as_str().map(str::to_owned)));
            walk(&path, value, members);
        }
    }
    let mut members = Vec::new();
    walk("", &serde_json::from_str(text).unwrap(), &mut members);
    members
}

/// The update of the sample. `MakeDefault` is null there, which is the same as absent; it is set
/// here so that its place is compared too.
fn update_of_the_sample() -> ProfileUpdate {
    ProfileUpdate::new("123456789", "123456789", "Sierra")
        .expiry_date("12/19".parse().unwrap())
        .cvv("123".parse().unwrap())
        .house_number("123")
        .apartment_number("4A")
        .street("Welling Ave")
        .street2("Houseblocks")
        .city("Saverton")
        .zip("90001")
        .county("King")
        .state("WA")
        .make_default(true)
        .update_date_time("2025-04-19 08:29:17".parse().unwrap())
}

/// Every difference in names, nesting, order and values, each with its path.
fn differences(page: &Members, ours: &Members) -> Vec<String> {
    let mut found = Vec::new();
    let has = |members: &Members, path: &str| members.iter().any(|(other, _)| other == path);
    for (path, _) in page.iter().filter(|(path, _)| !has(ours, path)) {
        found.push(format!("{path} is on the page and not sent"));
    }
    for (path, _) in ours.iter().filter(|(path, _)| !has(page, path)) {
        found.push(format!("{path} is sent and not on the page"));
    }
    if !found.is_empty() {
        return found;
    }
    for ((expected, said), (path, text)) in page.iter().zip(ours) {
        if expected != path {
            found.push(format!("{path} is sent where the page has {expected}"));
        } else if let Some(said) = said
            && path != "Request.UpdateDateTime"
            && without_note(said) != text.as_deref().unwrap_or_default()
        {
            found.push(format!("{path} is sent as {text:?} where the page says {said:?}"));
        }
    }
    found
}

/// The value in a sample's text, such as `123` in `123 (optional)`.
fn without_note(text: &str) -> &str {
    text.split(" (").next().unwrap_or(text)
}

#[tokio::test]
async fn json_has_the_names_nesting_order_and_values_of_the_page() {
    let page = json_members(&request_json());
    let ours = json_members(&sent(Format::Json, &update_of_the_sample()).await.body);
    assert_eq!(differences(&page, &ours), [""; 0]);
}

#[tokio::test]
async fn a_changed_page_is_told_by_the_member_that_differs() {
    let ours = json_members(&sent(Format::Json, &update_of_the_sample()).await.body);
    for (from, to, told) in [
        (
            "\"Zip\"",
            "\"ZipCode\"",
            "Request.Updates.BillingAddress.ZipCode is on the page and not sent",
        ),
        (
            "\"4A ",
            "\"4B ",
            "Request.Updates.BillingAddress.ApartmentNumber is sent as Some(\"4A\") where the page says \"4B (optional)\"",
        ),
        ("\"Authorizer\": \"Sierra\",\n", "", "Request.Authorizer is sent and not on the page"),
    ] {
        let changed = request_json().replacen(from, to, 1);
        assert_ne!(changed, request_json());
        let told_of = differences(&json_members(&changed), &ours);
        assert!(told_of.iter().any(|line| line == told), "{told_of:?}");
    }
    let mut swapped = json_members(&request_json());
    swapped.swap(1, 2);
    assert_eq!(
        differences(&swapped, &ours)[0],
        "Authentication.Id is sent where the page has Authentication.Key"
    );
}

#[tokio::test]
async fn the_date_and_time_has_the_form_of_the_sample() {
    let page = json_members(&request_json());
    let (_, said) = page.iter().find(|(path, _)| path == "Request.UpdateDateTime").unwrap();
    let said = said.as_deref().unwrap();
    assert!(said.ends_with(" (YYYY-MM-DD HH:MM:SS - UTC format)"), "{said}");
    // The sample's time is the one at which the page was served, so only its form is held to.
    let at: payment_profiles::UpdateDateTime = without_note(said).parse().unwrap();
    let body = sent(Format::Json, &update().update_date_time(at)).await.json();
    assert_eq!(body["Request"]["UpdateDateTime"], without_note(said));
}

#[tokio::test]
async fn method_path_and_media_type_are_the_pages() {
    let request = sent(Format::Json, &update()).await;
    let (method, path) = PAGE.lines().next().unwrap().split_once(' ').unwrap();
    assert!(request.head.starts_with(&format!("{method} /{path} HTTP/1.1")), "{}", request.head);
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.header("accept"), Some("application/json"));
}

#[test]
fn what_can_not_be_changed_is_what_this_crate_leaves_out() {
    assert!(PAGE.contains(
        "The card number, the cardholder name and the billing country cannot be changed; \
         all other fields can be changed."
    ));
}

#[tokio::test]
async fn make_default_is_null_on_the_page_and_absent_when_unset() {
    let page: Value = serde_json::from_str(&request_json()).unwrap();
    assert!(page["Request"]["Updates"].as_object().unwrap()["MakeDefault"].is_null());
    let body = sent(Format::Json, &update()).await.json();
    assert_eq!(body["Request"]["Updates"].get("MakeDefault"), None);
}

#[tokio::test]
async fn the_pages_own_answer_is_understood() {
    let mut page = response_json();
    let as_published = answer("200 OK", "application/json", page.to_string());
    let server = Server::start(Reply::Answer(as_published)).await;
    let error = builder(server.url()).build().unwrap().update(&update()).await.unwrap_err();
    let Some(UpdateError::Refused(refusal)) = error.body() else { panic!("{error:?}") };
    assert_eq!(refusal.code.as_str(), page["Message"]["Code"]);
    assert_eq!(refusal.description.as_str(), page["Message"]["Description"]);

    assert!(page["Message"]["Code"].as_str().unwrap().contains("00 is good"));
    page["Message"]["Code"] = "00".into();
    let good = answer("200 OK", "application/json", page.to_string());
    let server = Server::start(Reply::Answer(good)).await;
    let updated = builder(server.url()).build().unwrap().update(&update()).await.unwrap();
    assert_eq!(
        updated.customer_profile_id.as_deref(),
        page["Response"]["CustomerProfileId"].as_str()
    );
    assert_eq!(updated.payment_profile_id, page["Response"]["PaymentProfileId"]);
    assert_eq!(updated.description.as_str(), page["Message"]["Description"]);
}

#[tokio::test]
async fn every_field_of_the_page_is_named_when_it_is_refused() {
    for (path, _) in json_members(&request_json()) {
        let name = path.rsplit('.').next().unwrap();
        let body = serde_json::json!({
            "Message": "The request is invalid.",
            "ModelState": {format!("model.{path}"): ["is required"]},
        });
        let refused = answer("400 Bad Request", "application/json", body.to_string());
        let server = Server::start(Reply::Answer(refused)).await;
        let error = builder(server.url()).build().unwrap().update(&update()).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "update_payment_profile: refused, its messages say what to change; it names {name} \
                 (status 400)"
            )
        );
    }
}

#[cfg(feature = "xml")]
mod xml {
    use quick_xml::{NsReader, events::Event, name::ResolveResult};

    use super::*;

    fn request_xml() -> String {
        sample("Request Formats", "application/xml, text/xml")
    }

    /// The members below the root, and the root with its namespace.
    fn xml_members(text: &str) -> (String, Members) {
        let mut reader = NsReader::from_str(text);
        let config = reader.config_mut();
        config.trim_text(true);
        config.expand_empty_elements = true;
        let (mut path, mut members) = (Vec::new(), Members::new());
        let mut root = String::new();
        loop {
            match reader.read_event().unwrap() {
                Event::Start(start) => {
                    let (namespace, name) = reader.resolver().resolve_element(start.name());
                    let ResolveResult::Bound(namespace) = namespace else {
                        panic!("{name:?} is in no namespace")
                    };
                    if root.is_empty() {
                        root = format!("{} of {}", name.into_inner(), namespace.0);
                    } else {
                        assert!(root.ends_with(namespace.0), "{name:?} is in another namespace");
                        path.push(name.into_inner().to_owned());
                        members.push((path.join("."), None));
                    }
                }
                Event::End(_) => drop(path.pop()),
                Event::Text(text) => {
                    members.last_mut().unwrap().1 = Some(text.xml10_content().into_owned());
                }
                Event::Eof => return (root, members),
                other => panic!("{other:?}"),
            }
        }
    }

    #[tokio::test]
    async fn xml_has_the_root_namespace_names_nesting_order_and_values_of_the_page() {
        let (root, page) = xml_members(&request_xml());
        let (our_root, ours) = xml_members(&sent(Format::Xml, &update_of_the_sample()).await.body);
        assert_eq!(our_root, root);
        assert_eq!(differences(&page, &ours), [""; 0]);
    }

    #[tokio::test]
    async fn members_stand_in_ordinal_order_at_every_level() {
        let (_, ours) = xml_members(&sent(Format::Xml, &update_of_the_sample()).await.body);
        for (index, (path, _)) in ours.iter().enumerate() {
            let parent = path.rsplit_once('.').map_or("", |(parent, _)| parent);
            let earlier = ours[..index].iter().map(|(path, _)| path);
            for sibling in
                earlier.filter(|path| path.rsplit_once('.').map_or("", |(p, _)| p) == parent)
            {
                assert!(sibling.as_bytes() < path.as_bytes(), "{sibling} before {path}");
            }
        }
    }

    #[tokio::test]
    async fn a_null_is_nil_as_the_page_writes_it() {
        assert!(request_xml().contains("<MakeDefault i:nil=\"true\" />"));
        let update = ProfileUpdate::without_customer("987654321", "Sierra").zip("90001");
        let body = sent(Format::Xml, &update).await.body;
        assert!(body.contains("<CustomerProfileId i:nil=\"true\"/>"), "{body}");
        let declared = "xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"";
        assert!(body.contains(declared) && request_xml().contains(declared));
    }

    #[tokio::test]
    async fn what_is_not_set_is_absent() {
        let body = sent(Format::Xml, &update().make_default(false)).await.body;
        let (_, members) = xml_members(&body);
        let updates: Vec<_> =
            members.iter().filter(|(path, _)| path.starts_with("Request.Updates.")).collect();
        assert_eq!(updates.len(), 3, "{updates:?}");
        assert!(body.contains("<MakeDefault>false</MakeDefault>"), "{body}");
        assert!(!body.contains("nil"), "{body}");
    }

    #[tokio::test]
    async fn the_media_type_is_the_pages_and_json_is_asked_for() {
        let request = sent(Format::Xml, &update()).await;
        assert_eq!(request.header("content-type"), Some("application/xml"));
        assert_eq!(request.header("accept"), Some("application/json"));
    }
}
