//! The client of the payments service: an update in either format, and each error.

use std::error::Error as StdError;
use std::io;
use std::net::TcpListener;
use std::time::Duration;

use payment_profiles::{
    Client, ClientBuilder, Credentials, Error, ErrorKind, Format, Limits, ProfileUpdate,
    RetryPolicy,
};
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

/// One error of each [`ErrorKind`] that the service can make, and of each `UpdateError`.
async fn every_error(sandbox: &Sandbox, stage: &mut Stage<'_>) -> Result<(), Box<dyn StdError>> {
    let client = builder(sandbox, Sandbox::PAYMENTS.1).build()?;
    let update = update()?;
    let struck = async |fault, client: &Client| {
        sandbox.plan(fault, Some("update_payment_profile"), 1)?;
        Ok::<_, Box<dyn StdError>>(client.update(&update).await)
    };
    let mut show = |kind: ErrorKind, sent: &str, came| -> io::Result<()> {
        stage.error(kind, sent, came, |error: &Error| error.kind() == kind)
    };

    let nothing = ProfileUpdate::new(PROFILE, PROFILE, "Sierra");
    show(ErrorKind::InvalidRequest, "an update of nothing", client.update(&nothing).await)?;

    let xml = builder(sandbox, Sandbox::PAYMENTS.1).format(Format::Xml).build()?;
    let bell = ProfileUpdate::new(PROFILE, PROFILE, "Sierra").city("\u{7}");
    let answer = xml.update(&bell).await;
    show(ErrorKind::InvalidRequest, "a city with a control character, in XML", answer)?;

    let closed = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let closed = Client::builder(format!("http://{closed}"))
        .credentials(Credentials::new(Sandbox::PAYMENTS.0, Sandbox::PAYMENTS.1.to_owned()))
        .retry(RetryPolicy::never())
        .build()?;
    let answer = closed.update(&update).await;
    show(ErrorKind::Connection, "an update to where nobody listens", answer)?;

    let hasty = Limits { total: Duration::from_millis(100), ..Limits::default() };
    let hasty = builder(sandbox, Sandbox::PAYMENTS.1).limits(hasty).http_builder(delayed());
    let hasty = hasty.retry(RetryPolicy::never()).build()?;
    show(ErrorKind::Timeout, "an update, given 100 ms", hasty.update(&update).await)?;

    let answer = struck(Fault::Reset, &client).await?;
    show(ErrorKind::Connection, "an update on a connection that breaks", answer)?;

    let answer = struck(Fault::Redirect, &client).await?;
    show(ErrorKind::Undocumented, "an update that is sent elsewhere", answer)?;

    let small = Limits { response_body: 16, ..Limits::default() };
    let small = builder(sandbox, Sandbox::PAYMENTS.1).limits(small).build()?;
    let answer = small.update(&update).await;
    show(ErrorKind::TooLarge, "an update, at most 16 bytes of an answer", answer)?;

    let answer = struck(Fault::Html, &client).await?;
    show(ErrorKind::Undecodable, "an update through a proxy that answers itself", answer)?;

    let unknown = ProfileUpdate::new(PROFILE, "000000000", "Sierra").zip("90001");
    let answer = client.update(&unknown).await;
    show(ErrorKind::Documented, "an update of a profile that is not known", answer)?;

    let stranger = builder(sandbox, "wrong").build()?;
    let answer = stranger.update(&update).await;
    show(ErrorKind::Unauthorized, "an update with a wrong key", answer)?;
    Ok(())
}
