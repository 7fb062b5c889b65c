//! The customers of a batch: a file of JSON lines, read one at a time.
//!
//! ```json
//! {"customer": 1, "account": "1234567", "enrolment": {"owner_bid": "…", …}}
//! ```
//!
//! The file holds personal data, so what is told of it are line numbers and customers' ids.

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::mem;
use std::path::Path;

use serde::{Deserialize, Serialize};
use visa_click_to_pay::LimitError;
use visa_click_to_pay::types::ClickToPayEnrollData;

use crate::common::made_up_enrolment;

/// One line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Customer {
    /// Pismo's id of the customer.
    #[serde(rename = "customer")]
    pub(crate) id: i64,
    /// The account whose token the request takes; left out, it is the environment's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) account: Option<String>,
    pub(crate) enrolment: ClickToPayEnrollData,
}

/// Why a line is no customer. It repeats nothing of the line.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LineError {
    #[error("it can't be read: {0}")]
    Read(io::ErrorKind),
    // serde's own message may quote a value.
    #[error("it is no customer with an enrolment, at column {0}")]
    Form(usize),
    #[error(transparent)]
    Limit(#[from] LimitError),
}

/// The lines of a file with their numbers, from 1. Empty ones are left out.
pub(crate) fn read(
    path: &Path,
) -> io::Result<impl Iterator<Item = (usize, Result<Customer, LineError>)> + use<>> {
    let lines = BufReader::new(File::open(path)?).lines();
    // A file that can't be read would be tried without end.
    let lines = lines.scan(false, |failed, line| {
        let last = mem::replace(failed, line.as_ref().is_err_and(|error| !is_no_text(error)));
        (!last).then_some(line)
    });
    Ok((1..).zip(lines).filter_map(|(number, line)| match line {
        Ok(line) if line.trim().is_empty() => None,
        Ok(line) => Some((number, parse(&line))),
        Err(error) => Some((number, Err(LineError::Read(error.kind())))),
    }))
}

/// The line is not UTF-8; the next one may be.
fn is_no_text(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::InvalidData
}

fn parse(line: &str) -> Result<Customer, LineError> {
    let customer: Customer =
        serde_json::from_str(line).map_err(|error| LineError::Form(error.column()))?;
    // What is missing is told once for all, by `Overview`.
    let _ = customer.enrolment.check()?;
    Ok(customer)
}

/// What is to be known of the whole input before anything is sent.
#[derive(Default)]
pub(crate) struct Overview {
    pub(crate) customers: HashSet<i64>,
    /// Lines that have to be mended.
    pub(crate) errors: Vec<(usize, LineError)>,
    /// Lines of a customer who has one before.
    pub(crate) repeated: Vec<usize>,
    /// What enrolments lack, and how many lack it.
    pub(crate) advice: BTreeMap<String, usize>,
}

impl Overview {
    pub(crate) fn of(path: &Path) -> io::Result<Self> {
        let mut overview = Self::default();
        for (number, line) in read(path)? {
            match line {
                Err(error) => overview.errors.push((number, error)),
                Ok(customer) if !overview.customers.insert(customer.id) => {
                    overview.repeated.push(number);
                }
                Ok(customer) => {
                    if let Ok(advice) = customer.enrolment.check()
                        && !advice.is_empty()
                    {
                        *overview.advice.entry(advice.to_string()).or_default() += 1;
                    }
                }
            }
        }
        Ok(overview)
    }
}

/// Writes an input of made-up customers.
pub(crate) fn write_sample(count: u32, out: &mut impl Write) -> io::Result<()> {
    for id in 1..=i64::from(count) {
        let customer = Customer { id, account: None, enrolment: made_up_enrolment(id)? };
        serde_json::to_writer(&mut *out, &customer)?;
        out.write_all(b"\n")?;
    }
    out.flush()
}
