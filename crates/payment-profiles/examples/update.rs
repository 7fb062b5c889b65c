//! Changes the postal code of a payment profile, and tells what became of it.
//!
//! ```text
//! PAYMENTS_URL=https://payments.example PAYMENTS_ID=170200123 PAYMENTS_KEY=… \
//!     cargo run --package payment-profiles --example update -- 123456789 987654321 90001
//! ```
//!
//! The arguments are the customer's profile, the payment profile and the new postal code. The
//! URL may be that of a local server, `http://localhost:…`. Exit status 0 means updated, 1 not
//! updated, 2 wrong use, 3 that the update may have been made.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to its reader")]

use std::{env, error::Error as _, process::ExitCode};

use payment_profiles::{Client, Credentials, Error, Outcome, ProfileUpdate};

#[tokio::main]
async fn main() -> ExitCode {
    let (client, update) = match read_call() {
        Ok(call) => call,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::from(2);
        }
    };
    match client.update(&update).await {
        Ok(updated) => {
            println!("updated {}", updated.payment_profile_id);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            tell_what_was_said(&error);
            match error.outcome() {
                Outcome::NotSent | Outcome::Refused => ExitCode::from(1),
                Outcome::Unknown => ExitCode::from(3),
            }
        }
    }
}

fn read_call() -> Result<(Client, ProfileUpdate), Box<dyn std::error::Error>> {
    let set = |name| env::var(name).map_err(|_| format!("set {name}"));
    let credentials = Credentials::new(set("PAYMENTS_ID")?, set("PAYMENTS_KEY")?);
    let client = Client::builder(set("PAYMENTS_URL")?).credentials(credentials).build()?;
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [customer, profile, zip] = arguments.as_slice() else {
        return Err("give customer profile, payment profile and postal code".into());
    };
    Ok((client, ProfileUpdate::new(customer, profile, "Sierra").zip(zip)))
}

/// The service's own words may quote what was sent, so errors do not print them by themselves.
/// Here they go to the person who typed it.
fn tell_what_was_said(error: &Error) {
    match error {
        Error::Refused(refusal) => eprintln!("  {}", refusal.description.as_str()),
        Error::Service(error) => {
            for message in &error.messages {
                eprintln!("  {}", message.as_str());
            }
            for field in &error.invalid_fields {
                for message in &field.messages {
                    eprintln!("  {}: {}", field.name.as_str(), message.as_str());
                }
            }
        }
        _ => {
            let mut cause = error.source();
            while let Some(source) = cause {
                eprintln!("  {source}");
                cause = source.source();
            }
        }
    }
}
