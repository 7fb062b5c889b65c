//! Changes the postal code of a payment profile, and tells what became of it.
//!
//! ```text
//! echo 90001 | cargo run -p sandbox -- \
//!     cargo run -p payment-profiles --example update -- 123456789 123456789
//! ```
//!
//! The arguments are the customer's profile and the payment profile; the new postal code comes from
//! standard input, because every user of a machine can read the arguments of its processes. The
//! sandbox sets the environment variables, and has this profile. Against the service, set those that
//! are read here.
//!
//! Exit status: 0 updated; 1 not updated; 2 not set up, or wrong arguments; 3 it is not known
//! whether the update was made.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to its reader")]

use std::env;
use std::error::Error as _;
use std::io::{IsTerminal, stderr, stdin};
use std::process::ExitCode;

use payment_profiles::{
    Client, Credentials, Error, Outcome, ProfileUpdate, ServiceText, UpdateError,
};

#[tokio::main]
async fn main() -> ExitCode {
    let (client, update) = match set_up() {
        Ok(set_up) => set_up,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::from(2);
        }
    };
    match client.update(&update).await {
        Ok(_) => {
            println!("updated");
            ExitCode::SUCCESS
        }
        Err(error) => {
            tell(&error);
            ExitCode::from(match error.outcome() {
                Outcome::NotSent | Outcome::Refused => 1,
                Outcome::Unknown => 3,
            })
        }
    }
}

fn set_up() -> Result<(Client, ProfileUpdate), Box<dyn std::error::Error>> {
    let set = |name| env::var(name).map_err(|_| format!("set the environment variable {name}"));
    let credentials = Credentials::new(set("PAYMENTS_ID")?, set("PAYMENTS_KEY")?);
    let client = Client::builder(set("PAYMENTS_URL")?).credentials(credentials).build()?;

    let arguments: Vec<_> = env::args().skip(1).collect();
    let [customer, profile] = arguments.as_slice() else {
        return Err("give the customer's profile and the payment profile".into());
    };
    let mut zip = String::new();
    stdin().read_line(&mut zip)?;
    if zip.trim().is_empty() {
        return Err("give the new postal code on standard input".into());
    }
    // The authorizer of the published samples. What it means is not published: ask the operator of
    // the service for yours.
    Ok((client, ProfileUpdate::new(customer, profile, "Sierra").zip(zip.trim())))
}

/// Tells an error and its causes. The service's own words may quote what was sent, so they go to a
/// person at a terminal and to no log.
fn tell(error: &Error) {
    eprintln!("error: {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        eprintln!("  because: {error}");
        cause = error.source();
    }
    if stderr().is_terminal() {
        for text in said(error) {
            eprintln!("  the service says: {}", text.as_str());
        }
    }
}

/// What the service says of an error.
fn said(error: &Error) -> Vec<&ServiceText> {
    match error.body() {
        Some(UpdateError::Refused(refusal)) => vec![&refusal.description],
        Some(UpdateError::Service(error)) => {
            let fields = error.invalid_fields.iter();
            let fields = fields.flat_map(|field| [&field.name].into_iter().chain(&field.messages));
            error.messages.iter().chain(fields).collect()
        }
        _ => Vec::new(),
    }
}
