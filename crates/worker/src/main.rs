#![doc = include_str!("../README.md")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to its reader")]

mod broker;
mod enroll;
mod events;
mod judge;
mod ledger;
mod request;
mod settings;

use std::error::Error;
use std::process::ExitCode;

use tokio::sync::watch;

use broker::Broker;
use ledger::Ledger;
use settings::tell;

const USAGE: &str = "usage: worker setup | submit COUNT | enroll | match | report";

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    match run(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", tell(&*error));
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &[&str]) -> Result<(), Box<dyn Error + Send + Sync>> {
    let broker = Broker::connect().await?;
    match arguments {
        ["setup"] => broker.set_up().await?,
        ["submit", count] => request::submit_made_up(&broker, count.parse()?).await?,
        ["enroll"] => enroll::run(&broker, interrupted()).await?,
        ["match"] => events::run(&broker, interrupted()).await?,
        ["report"] => println!("{}", Ledger::open(&broker).await?.report().await?),
        _ => return Err(USAGE.into()),
    }
    Ok(())
}

/// Turns true once the process is asked to stop: what is under way is finished.
fn interrupted() -> watch::Receiver<bool> {
    let (sender, interrupted) = watch::channel(false);
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            let _ = sender.send(true);
        }
    });
    interrupted
}
