//! What the environment says, and how an error is told.

use std::env;
use std::error::Error;
use std::str::FromStr;
use std::time::Duration;

use visa_click_to_pay::{Client, OAuth2, Passport};

/// The permissions that a token is asked for.
const SCOPE: &str = "pismo-v1:cards:rw";

/// A variable that a worker can't do without.
pub(crate) fn variable(name: &str) -> Result<String, String> {
    env::var(name).map_err(|_| format!("the environment variable {name} is not set"))
}

/// A variable with a default; one that can't be read is an error, since it was meant.
pub(crate) fn or<T: FromStr>(name: &str, default: T) -> Result<T, String> {
    match env::var(name) {
        Ok(text) => text.parse().map_err(|_| format!("{name} is no value that can be read")),
        Err(_) => Ok(default),
    }
}

/// How long a message may be with a worker that does not say that it is still at it.
pub(crate) fn ack_wait() -> Result<Duration, String> {
    or("WORKER_ACK_WAIT_MS", 30_000).map(Duration::from_millis)
}

/// The organization's client without a token, and its credentials for the tokens of accounts.
pub(crate) fn organization() -> Result<(Client, OAuth2), Box<dyn Error + Send + Sync>> {
    let client = Client::builder(variable("CLICK_TO_PAY_URL")?);
    let client = client.tenant(variable("CLICK_TO_PAY_TENANT")?).build()?;
    let passport = Passport::new(variable("PASSPORT_URL")?)?;
    let (id, secret) = (variable("PASSPORT_CLIENT_ID")?, variable("PASSPORT_CLIENT_SECRET")?);
    Ok((client, passport.oauth2(id, secret, SCOPE)))
}

/// An error with what caused it, on one line. An error of the client repeats nothing of what was sent.
pub(crate) fn tell(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
