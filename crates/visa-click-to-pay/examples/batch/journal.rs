//! What a batch has done so far, on the disk.
//!
//! An append-only file of JSON lines. The first says which organization it is of; each further one
//! says of one customer that a request is about to be sent (`intended`), or what came of it
//! (`accepted`, `enrolled_before`), with the customer's id and the correlation id and nothing else.
//! A request is sent only when its intention is on the disk, so every request that may ever have
//! been sent is known by its correlation id.
//!
//! A line counts once its line feed is there. A crash, or a full disk, leaves at most an incomplete
//! line at the end, on which nobody has relied: it is cut off when the journal is opened again.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::sync::mpsc;
use std::{iter, thread};

use fs4::TryLockError;
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;
use visa_click_to_pay::CorrelationId;

/// The first line.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Header {
    /// The base URL of the API.
    pub(crate) url: String,
    pub(crate) tenant: String,
}

/// A further line.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    customer: i64,
    correlation_id: String,
    state: State,
}

/// How far a customer's enrolment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    /// It may have been sent, and is sent again under the same correlation id.
    Intended,
    /// Its event tells the outcome.
    Accepted,
    /// The API refused it because the customer is enrolled. If a request of ours did that, whose
    /// answer was lost, there is an event for it; if somebody else did, there is none.
    EnrolledBefore,
}

/// What is known of a customer.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) correlation_id: CorrelationId,
    pub(crate) state: State,
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum JournalError {
    #[error("the journal can't be opened: {0}")]
    File(#[from] io::Error),
    #[error("another process works with this journal: wait for it to end, or stop it")]
    InUse,
    #[error("the journal is of {tenant} at {url}: give that one's, or the name of a new one")]
    OtherOrganization { url: String, tenant: String },
    #[error("line {0} of the journal can't be read: it is damaged, or no journal")]
    Damaged(usize),
}

/// Writes to the journal. Clones write to the same one.
#[derive(Debug, Clone)]
pub(crate) struct Journal(mpsc::Sender<Pending>);

#[derive(Debug)]
struct Pending {
    line: String,
    written: oneshot::Sender<io::Result<()>>,
}

/// Opens a journal or starts one, and holds it against other processes until it is dropped.
pub(crate) fn open(
    path: &Path,
    header: &Header,
) -> Result<(Journal, HashMap<i64, Entry>), JournalError> {
    let file = File::options().read(true).append(true).create(true).open(path);
    let mut file = file.map_err(JournalError::File)?;
    match fs4::FileExt::try_lock(&file) {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(JournalError::InUse),
        Err(TryLockError::Error(error)) => return Err(JournalError::File(error)),
    }
    let first = format!("{}\n", serde_json::to_string(header).map_err(io::Error::from)?);
    let entries = match read(&file, &first)? {
        Some(entries) => entries,
        None => {
            start(&mut file, path, &first)?;
            HashMap::new()
        }
    };
    let (sender, pending) = mpsc::channel();
    thread::spawn(move || write_all(file, &pending));
    Ok((Journal(sender), entries))
}

/// What the journal holds; nothing if not even its first line is whole. Once it is known to be one,
/// what is incomplete at its end is cut off.
fn read(file: &File, first: &str) -> Result<Option<HashMap<i64, Entry>>, JournalError> {
    let mut lines = BufReader::new(file);
    let mut line = Vec::new();
    let mut whole = lines.read_until(b'\n', &mut line)?;
    if line != first.as_bytes() {
        if first.as_bytes().starts_with(&line) {
            return Ok(None);
        }
        return match serde_json::from_slice::<Header>(&line) {
            Ok(Header { url, tenant }) => Err(JournalError::OtherOrganization { url, tenant }),
            Err(_) => Err(JournalError::Damaged(1)),
        };
    }
    let mut entries = HashMap::new();
    for number in 2.. {
        line.clear();
        let length = lines.read_until(b'\n', &mut line)?;
        if !line.ends_with(b"\n") {
            break;
        }
        whole += length;
        let damaged = || JournalError::Damaged(number);
        let record: Record = serde_json::from_slice(&line).map_err(|_| damaged())?;
        let correlation_id = CorrelationId::new(&record.correlation_id).map_err(|_| damaged())?;
        entries.insert(record.customer, Entry { correlation_id, state: record.state });
    }
    file.set_len(whole as u64)?;
    // What a killed process wrote last may be in memory only, and is relied on from here on.
    file.sync_all()?;
    Ok(Some(entries))
}

fn start(file: &mut File, path: &Path, first: &str) -> io::Result<()> {
    file.set_len(0)?;
    file.write_all(first.as_bytes())?;
    file.sync_all()?;
    // The name of a new file is on the disk once its folder is.
    if cfg!(unix)
        && let Some(folder) = path.canonicalize()?.parent()
    {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

impl Journal {
    /// Writes down how far a customer's enrolment is, and returns when that is on the disk.
    pub(crate) async fn record(
        &self,
        customer: i64,
        correlation_id: &CorrelationId,
        state: State,
    ) -> io::Result<()> {
        let record = Record { customer, correlation_id: correlation_id.to_string(), state };
        let line = serde_json::to_string(&record)?;
        let (written, answer) = oneshot::channel();
        let closed = || io::Error::other("it failed before");
        self.0.send(Pending { line, written }).map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }
}

/// Writes what comes, all that waits in one go: waiting for the disk is what takes time. It ends
/// with the first failure, because what a disk holds after one is anybody's guess.
fn write_all(mut file: File, pending: &mpsc::Receiver<Pending>) {
    while let Ok(first) = pending.recv() {
        let group: Vec<_> = iter::once(first).chain(pending.try_iter()).collect();
        let text: String = group.iter().flat_map(|pending| [&pending.line, "\n"]).collect();
        let result = file.write_all(text.as_bytes()).and_then(|()| file.sync_data());
        let kind = result.err().map(|error| error.kind());
        for Pending { written, .. } in group {
            // Who waited for it may be gone.
            let _ = written.send(kind.map_or(Ok(()), |kind| Err(kind.into())));
        }
        if kind.is_some() {
            return;
        }
    }
}
