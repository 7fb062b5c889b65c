//! Enrols many customers, a few at a time, and survives a crash: started again with the same
//! arguments, it goes on where it was, and enrols nobody twice, as long as the API refuses a second
//! enrolment.
//!
//! ```text
//! cargo run -p visa-click-to-pay --example batch -- sample 1000 > customers.jsonl
//! cargo run -p sandbox -- cargo run -p visa-click-to-pay --example batch -- \
//!     enroll customers.jsonl journal.jsonl
//! ```
//!
//! To see it survive, let the sandbox run in a terminal of its own (`cargo run -p sandbox`), set the
//! variables that it prints in another, and kill the batch there: a journal is of one server.
//!
//! The API has no idempotency key. What takes its place:
//!
//! - Before a request is sent, the *journal* says so, on the disk, with the request's correlation
//!   id. Whatever happens then, the request is known, and its event can be matched.
//! - A request without an answer is sent again, under the same correlation id. If the first one got
//!   through, the second is refused with "customer already on click to pay", which counts as
//!   accepted. Whether the API says so while the first is still being carried out is not published;
//!   if it accepts both, their events have one correlation id.
//! - Within a run and from one run to the next it is the same: a *pass* over the input sends what
//!   the journal does not call done. Passes follow each other, with growing pauses, as long as
//!   something is open.
//!
//! Accepted is not yet enrolled: match the journal's correlation ids with the events (`events.rs`),
//! and take those that failed into a new batch.
//!
//! A customer whose request is refused is told, left alone for the rest of the run, and sent again
//! by the next one, when the input may have been mended. Ctrl-C lets what is under way finish; a
//! second one does not, and is like any other crash. Memory grows with the number of customers
//! (their ids) and of their accounts (a token each), not with their data.
//!
//! Exit status: 0 all are accepted, or were enrolled before; 1 some were refused; 2 the arguments,
//! the environment, the input or the journal is wrong, and nothing was sent; 3 some are open: run
//! it again.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to its reader")]

#[path = "../common/mod.rs"]
mod common;
mod input;
mod journal;
mod run;

use std::error::Error;
use std::io::{BufWriter, stdout};
use std::path::Path;
use std::process::ExitCode;

use tokio::sync::watch;
use visa_click_to_pay::RetryPolicy;

use common::{Organization, tell, variable};
use input::Overview;
use journal::Header;
use run::Run;

const USAGE: &str = "usage: batch sample COUNT | batch enroll INPUT JOURNAL";

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let run = match arguments.as_slice() {
        ["sample", count] => {
            return sample(count).map_or_else(|error| wrong(&*error), |()| ExitCode::SUCCESS);
        }
        ["enroll", input, journal] => set_up(Path::new(input), Path::new(journal)),
        _ => Err(USAGE.into()),
    };
    let mut run = match run {
        Ok(run) => run,
        Err(error) => return wrong(&*error),
    };
    run.finish(&mut interrupts()).await;
    let totals = run.totals();
    println!("{totals}");
    if totals.open > 0 {
        eprintln!("some customers are open: run the same command again");
        return ExitCode::from(3);
    }
    ExitCode::from(if totals.refused > 0 { 1 } else { 0 })
}

fn wrong(error: &dyn Error) -> ExitCode {
    eprintln!("error: {}", tell(error));
    ExitCode::from(2)
}

fn sample(count: &str) -> Result<(), Box<dyn Error>> {
    let count =
        count.parse().map_err(|_| format!("COUNT is not a number of customers; {USAGE}"))?;
    Ok(input::write_sample(count, &mut BufWriter::new(stdout().lock()))?)
}

/// Looks at everything that can be wrong before the first request is sent.
fn set_up(input: &Path, journal: &Path) -> Result<Run, Box<dyn Error>> {
    let overview = Overview::of(input).map_err(|error| format!("INPUT can't be read: {error}"))?;
    for line in &overview.repeated {
        eprintln!("note: line {line}: a customer who has a line before; only the first counts");
    }
    for (advice, count) in &overview.advice {
        eprintln!("note: {count} customers: {advice}");
    }
    for (line, error) in &overview.errors {
        eprintln!("error: line {line}: {error}");
    }
    if !overview.errors.is_empty() {
        return Err("nothing was sent: mend INPUT first".into());
    }

    let organization = Organization::from_environment()?;
    // The client may send an enrolment again by itself: the second is refused if the first got
    // through.
    let retry = RetryPolicy { repeat_non_idempotent: true, ..RetryPolicy::default() };
    let organization =
        Organization { client: organization.client.with_retry(retry), ..organization };
    let account = variable("CLICK_TO_PAY_ACCOUNT")?;

    let header =
        Header { url: variable("CLICK_TO_PAY_URL")?, tenant: variable("CLICK_TO_PAY_TENANT")? };
    let (journal, entries) = journal::open(journal, &header)?;
    if let Some(stranger) = entries.keys().find(|id| !overview.customers.contains(id)) {
        let problem = "the journal is of another batch";
        return Err(format!("{problem}: it has customer {stranger}, INPUT has not").into());
    }
    let customers = overview.customers;
    Ok(Run::new(organization, account, input.to_owned(), customers, journal, entries))
}

/// Becomes true with the first Ctrl-C; with the second, the process ends.
fn interrupts() -> watch::Receiver<bool> {
    let (sender, receiver) = watch::channel(false);
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            eprintln!("stopping once what is under way is finished; Ctrl-C again stops at once");
            sender.send_replace(true);
            let _ = tokio::signal::ctrl_c().await;
            std::process::exit(130);
        }
        // Without the signal there is nothing to wait for.
        std::future::pending::<()>().await;
    });
    receiver
}
