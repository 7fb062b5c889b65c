//! The client of the payments service: an update in either format, and each error.

use std::error::Error as StdError;
use std::io;
use std::net::TcpListener;
use std::num::NonZeroU32;
use std::time::Duration;

use payment_profiles::{Client, ClientBuilder, Credentials, Error, Format, ProfileUpdate};
use sandbox::{Fault, Sandbox};

use crate::click_to_pay::delayed;
use crate::stage::Stage;

/// The profile of the page's sample, which the sandbox knows.
const PROFILE: &str = "123456789";

pub(crate) async fn show(
    sandbox: &Sandbox,
    stage: &mut Stage<'_>,
) -> Result<(), Box<dyn StdError>> {
    for format in [Format::Json, Format::Xml] {
        let client = builder(sandbox, Sandbox::PAYMENTS.1).format(format).build()?;
        let update = update()?;
        let came = client.update(&update).await.map(|updated| format!("code 00, {updated:?}"));
        stage.step("Updated", format_args!("in {format:?}, {update:?}"), came)?;
    }
    every_error(sandbox, stage).await
}

fn builder(sandbox: &Sandbox, key: &str) -> ClientBuilder {
    Client::builder(sandbox.payments_url())
        .credentials(Credentials::new(Sandbox::PAYMENTS.0, key.to_owned()))
}

fn update() -> Result<ProfileUpdate, Box<dyn StdError>> {
    Ok(ProfileUpdate::new(PROFILE, PROFILE, "Sierra")
        .expiry_date("12/29".parse()?)
        .cvv("123".parse()?)
        .zip("90001")
        .make_default(true))
}

/// One of each variant of [`Error`].
async fn every_error(sandbox: &Sandbox, stage: &mut Stage<'_>) -> Result<(), Box<dyn StdError>> {
    let client = builder(sandbox, Sandbox::PAYMENTS.1).build()?;
    let update = update()?;
    let struck = async |fault, client: &Client| {
        sandbox.plan(fault, Some("update_payment_profile"), 1)?;
        Ok::<_, Box<dyn StdError>>(client.update(&update).await)
    };
    let mut show = |name: &str, sent: &str, came| -> io::Result<()> {
        stage.error(format_args!("{name}"), sent, came, |error: &Error| {
            // The variant's name is what `Debug` begins with.
            format!("{error:?}").starts_with(name)
        })
    };

    let nothing = ProfileUpdate::new(PROFILE, PROFILE, "Sierra");
    show("NothingToChange", "an update of nothing", client.update(&nothing).await)?;

    let xml = builder(sandbox, Sandbox::PAYMENTS.1).format(Format::Xml).build()?;
    let bell = ProfileUpdate::new(PROFILE, PROFILE, "Sierra").city("\u{7}");
    show("NotInXml", "a city with a control character, in XML", xml.update(&bell).await)?;

    let closed = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let closed = Client::builder(format!("http://{closed}"))
        .credentials(Credentials::new(Sandbox::PAYMENTS.0, Sandbox::PAYMENTS.1.to_owned()))
        .connect_tries(NonZeroU32::MIN, Duration::ZERO)
        .build()?;
    show("Connect", "an update to where nobody listens", closed.update(&update).await)?;

    let hasty = builder(sandbox, Sandbox::PAYMENTS.1).timeout(Duration::from_millis(100));
    let hasty = hasty.http_client(delayed().build()?).build()?;
    show("Timeout", "an update, given 100 ms", hasty.update(&update).await)?;

    let answer = struck(Fault::Reset, &client).await?;
    show("Interrupted", "an update on a connection that breaks", answer)?;

    let answer = struck(Fault::Redirect, &client).await?;
    show("Redirected", "an update that is sent elsewhere", answer)?;

    let small = builder(sandbox, Sandbox::PAYMENTS.1).max_answer(16).build()?;
    show("TooLarge", "an update, at most 16 bytes of an answer", small.update(&update).await)?;

    let answer = struck(Fault::Html, &client).await?;
    show("Undecodable", "an update through a proxy that answers itself", answer)?;

    let unknown = ProfileUpdate::new(PROFILE, "000000000", "Sierra").zip("90001");
    show("Refused", "an update of a profile that is not known", client.update(&unknown).await)?;

    let stranger = builder(sandbox, "wrong").build()?;
    show("Service", "an update with a wrong key", stranger.update(&update).await)?;
    Ok(())
}
