//! Several files, written whole or not at all, even by a process that dies on the way.
//!
//! Before anything is touched, a *journal* at the root of what is written holds what stands in each
//! file; it is removed once the last file is in place. A journal that is found later tells of a
//! command that died, and putting back what it holds gives the tree as it was. A write that fails
//! takes the same way back. Going it twice does no harm, so that a death on the way back is none
//! either. A journal that is cut short was never relied on: nothing is touched before all of it is
//! on the disk.

use std::{
    fs,
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use fs4::{FileExt, TryLockError};
use pagebind::diagnostic::{Diagnostic, Place};
use serde::{Deserialize, Serialize};

use super::{Content, Output, failed, sha256, show};
use crate::project::failpoints;

/// The name of the journal, at the root of what is written.
const JOURNAL: &str = ".pagebind-journal";

/// A new file is written whole under this prefix beside its place, before it is moved there.
const STAGED: &str = ".pagebind-new-";

/// One file in a journal.
#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    /// The file; from the root where it lies below it, so that a tree can be moved.
    path: PathBuf,
    /// What stood in it; nothing if it was not there.
    before: Option<Vec<u8>>,
    /// The SHA-256 of what it was to become.
    after: String,
}

/// What was put back of a command that died.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Recovered {
    /// Files that are as they were.
    pub(crate) restored: Vec<PathBuf>,
    /// Files that someone has changed since; they are left alone.
    pub(crate) changed_since: Vec<PathBuf>,
}

/// Writes the outputs that are not fresh: all of them, or none. `root` is where a journal is
/// looked for by [`recover`].
///
/// Every file is first written whole beside its place. Only when that went well for all of them
/// are they moved there, and if one move fails, those before it are taken back.
pub(crate) fn write(root: &Path, outputs: &[Output]) -> Result<(), Diagnostic> {
    let stale: Vec<&Output> = outputs.iter().filter(|output| !output.is_fresh()).collect();
    if stale.is_empty() {
        return Ok(());
    }
    for output in &stale {
        check_untouched(output)?;
    }
    let entries = entries(root, &stale)?;
    let _journal = open_journal(root, &entries)?;
    let written = move_into_place(&stale).and_then(|()| {
        close_journal(root).map_err(|error| failed("remove", &root.join(JOURNAL), &error))
    });
    written.map_err(|problem| {
        let undone = put_back(root, &entries).and_then(|_| close_journal(root));
        match undone {
            Ok(()) => problem,
            Err(undo) => problem.help(format!(
                "what was written before could not be taken back ({undo}): mend the cause, and the next command puts it back"
            )),
        }
    })
}

/// Writes one file, whole or not at all: a single move needs no journal.
pub(crate) fn write_one(path: &Path, content: Content<'_>) -> Result<(), Diagnostic> {
    let moved = stage(path, content).and_then(|staged| fs::rename(staged, path));
    moved.map_err(|error| {
        // The error that matters is the first one.
        let _ = remove(&staged(path));
        failed("write", path, &error)
    })
}

/// Puts back what a command that died has left at `root`; nothing if there was none.
pub(crate) fn recover(root: &Path) -> Result<Option<Recovered>, Diagnostic> {
    let path = root.join(JOURNAL);
    let mut journal = match fs::File::options().read(true).write(true).open(&path) {
        Ok(journal) => journal,
        Err(error) if is_absent(&error) => return Ok(None),
        Err(error) => return Err(failed("read", &path, &error)),
    };
    lock(&journal, &path)?;
    if !path.exists() {
        // The command ended well between the two lines above.
        return Ok(None);
    }
    let mut text = Vec::new();
    journal.read_to_end(&mut text).map_err(|error| failed("read", &path, &error))?;
    // One that is cut short says that nothing was touched yet.
    let entries: Vec<Entry> = serde_json::from_slice(&text).unwrap_or_default();
    let recovered = put_back(root, &entries)
        .and_then(|recovered| close_journal(root).map(|()| recovered))
        .map_err(|error| {
            failed("take back what an interrupted command has left of", &path, &error)
        })?;
    Ok(Some(recovered))
}

/// Refuses to overwrite what someone has changed since it was read.
fn check_untouched(output: &Output) -> Result<(), Diagnostic> {
    let now = read(&output.path).map_err(|error| failed("read", &output.path, &error))?;
    if now == output.before {
        return Ok(());
    }
    Err(Diagnostic::finding("the file was changed while the command ran")
        .place(Place::new(show(&output.path)))
        .help("run the command again; nothing was changed"))
}

fn entries(root: &Path, outputs: &[&Output]) -> Result<Vec<Entry>, Diagnostic> {
    let absolute =
        |path: &Path| std::path::absolute(path).map_err(|error| failed("find", path, &error));
    let root = absolute(root)?;
    let entry = |output: &&Output| {
        let path = absolute(&output.path)?;
        Ok(Entry {
            path: path.strip_prefix(&root).map(Path::to_owned).unwrap_or(path),
            before: output.before.clone(),
            after: sha256(output.content.as_bytes()),
        })
    };
    outputs.iter().map(entry).collect()
}

/// Puts the journal on the disk, and only then comes back. It stays locked as long as it is open.
fn open_journal(root: &Path, entries: &[Entry]) -> Result<fs::File, Diagnostic> {
    let path = root.join(JOURNAL);
    let text =
        serde_json::to_vec(entries).map_err(|error| failed("write", &path, &error.into()))?;
    let created = failpoints::step()
        .and_then(|()| fs::create_dir_all(root))
        .and_then(|()| fs::File::create_new(&path));
    let mut journal = created.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => busy(&path),
        _ => failed("write", &path, &error),
    })?;
    lock(&journal, &path)?;
    let mut fill = || {
        failpoints::step()?;
        journal.write_all(&text)?;
        failpoints::step()?;
        journal.sync_all()?;
        sync_folder(root)
    };
    fill().map_err(|error| {
        // Nothing was touched, so a journal that stays is harmless.
        let _ = remove(&path);
        failed("write", &path, &error)
    })?;
    Ok(journal)
}

/// Holds the journal of a command that is alive against one that takes it for dead. Where a file
/// system has no locks, none is held.
fn lock(journal: &fs::File, path: &Path) -> Result<(), Diagnostic> {
    match FileExt::try_lock(journal) {
        Err(TryLockError::WouldBlock) => Err(busy(path)),
        _ => Ok(()),
    }
}

fn busy(path: &Path) -> Diagnostic {
    Diagnostic::unreadable("another command is writing to this tree")
        .place(Place::new(show(path)))
        .help("wait for it to end, and run this one again; nothing was changed")
}

/// Removes the journal: from here on, the tree is what it is.
fn close_journal(root: &Path) -> io::Result<()> {
    failpoints::step()?;
    remove(&root.join(JOURNAL))?;
    sync_folder(root)
}

/// Stages every output, and then moves every one to its place.
fn move_into_place(outputs: &[&Output]) -> Result<(), Diagnostic> {
    for output in outputs {
        stage(&output.path, &|file| file.write_all(output.content.as_bytes()))
            .map_err(|error| failed("write", &output.path, &error))?;
    }
    for output in outputs {
        let moved = failpoints::step()
            .and_then(|()| fs::rename(staged(&output.path), &output.path))
            .and_then(|()| sync_folder(folder(&output.path)));
        moved.map_err(|error| failed("write", &output.path, &error))?;
    }
    Ok(())
}

/// Puts back what stood in each file, unless someone has changed it since.
fn put_back(root: &Path, entries: &[Entry]) -> io::Result<Recovered> {
    let mut recovered = Recovered::default();
    for Entry { path, before, after } in entries {
        let path = root.join(path);
        failpoints::step()?;
        remove(&staged(&path))?;
        let now = read(&path)?;
        if now == *before {
            continue;
        }
        if now.is_some_and(|now| sha256(&now) != *after) {
            recovered.changed_since.push(path);
            continue;
        }
        match before {
            Some(before) => {
                fs::rename(stage(&path, &|file| file.write_all(before))?, &path)?;
            }
            None => remove(&path)?,
        }
        sync_folder(folder(&path))?;
        recovered.restored.push(path);
    }
    Ok(recovered)
}

/// Writes `content` beside `path`, on the disk, and says where.
fn stage(path: &Path, content: Content<'_>) -> io::Result<PathBuf> {
    failpoints::step()?;
    fs::create_dir_all(folder(path))?;
    let staged = staged(path);
    let mut file = fs::File::create(&staged)?;
    content(&mut file)?;
    file.sync_all()?;
    Ok(staged)
}

/// Where the new file for `path` is written.
fn staged(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{STAGED}{name}"))
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The bytes of a file; nothing if it is not there, or something else stands in its place.
fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Removes a file, if it is there.
fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if !is_absent(&error) => Err(error),
        _ => Ok(()),
    }
}

fn is_absent(error: &io::Error) -> bool {
    use io::ErrorKind::{IsADirectory, NotADirectory, NotFound};
    matches!(error.kind(), NotFound | IsADirectory | NotADirectory)
}

/// Has the disk keep what was moved into a folder. Elsewhere than on Unix, a folder can't be
/// opened for that.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { fs::File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests;
