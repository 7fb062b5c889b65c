//! The payments service through the client; its forms are tested where they are written.

#![allow(clippy::unwrap_used, reason = "a test's helpers fail the test")]

use payment_profiles::{Client, Credentials, Format, ProfileUpdate, UpdateError};
use sandbox::{Fault, Sandbox};

fn client(sandbox: &Sandbox, key: &str, format: Format) -> Client {
    let credentials = Credentials::new(Sandbox::PAYMENTS.0, key.to_owned());
    let builder = Client::builder(sandbox.payments_url()).credentials(credentials);
    builder.format(format).build().unwrap()
}

fn update(customer: &str, profile: &str) -> ProfileUpdate {
    ProfileUpdate::new(customer, profile, "Sierra").cvv("123".parse().unwrap()).zip("90001")
}

#[tokio::test]
async fn a_known_profile_is_updated_in_either_format() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.add_payment_profile("1", "2");
    for format in [Format::Json, Format::Xml] {
        let client = client(&sandbox, Sandbox::PAYMENTS.1, format);
        for (customer, profile) in [("123456789", "123456789"), ("1", "2")] {
            let updated = client.update(&update(customer, profile)).await.unwrap();
            assert_eq!(updated.payment_profile_id, profile);
        }
        let refused = client.update(&update("123456789", "2")).await.unwrap_err();
        let Some(UpdateError::Refused(refusal)) = refused.body() else { panic!("{refused}") };
        assert_ne!(refusal.code.as_str(), "00");
        assert!(refusal.description.as_str().contains("invented"));
    }
}

#[tokio::test]
async fn a_wrong_key_and_a_server_error_are_those_of_the_framework() {
    let sandbox = Sandbox::start().await.unwrap();
    let said = async |client: Client| {
        let error = client.update(&update("1", "1")).await.unwrap_err();
        let Some(UpdateError::Service(said)) = error.body() else { panic!("{error}") };
        (said.status.as_u16(), said.messages[0].as_str().to_owned())
    };
    let wrong = said(client(&sandbox, "wrong", Format::Json)).await;
    assert_eq!(wrong, (401, "Authorization has been denied for this request.".to_owned()));
    sandbox.plan(Fault::ServerError, Some("update_payment_profile"), 1).unwrap();
    let failed = said(client(&sandbox, Sandbox::PAYMENTS.1, Format::Xml)).await;
    assert_eq!(failed, (500, "An error has occurred.".to_owned()));
}

#[tokio::test]
async fn a_profile_can_be_added_from_elsewhere() {
    let sandbox = Sandbox::start().await.unwrap();
    let control = sandbox.events_url().replace("/events", "/payment-profiles/1/2");
    assert_eq!(reqwest::Client::new().put(control).send().await.unwrap().status(), 204);
    let client = client(&sandbox, Sandbox::PAYMENTS.1, Format::Json);
    client.update(&update("1", "2")).await.unwrap();
}
