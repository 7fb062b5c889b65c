//! Reading files, and what has to stand in those that are written.

mod transaction;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use pagebind::diagnostic::{Diagnostic, Place};
use sha2::{Digest, Sha256};

pub(crate) use transaction::{Recovered, recover, write, write_one};

/// A path as reports name it: from the current folder where it lies below it.
pub(crate) fn show(path: &Path) -> String {
    let below = std::env::current_dir()
        .ok()
        .and_then(|folder| path.strip_prefix(folder).ok().map(Path::to_owned));
    below.as_deref().unwrap_or(path).display().to_string()
}

/// The bytes of a file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Diagnostic> {
    fs::read(path).map_err(|error| failed("read", path, &error))
}

/// The text of a file.
pub(crate) fn read_text(path: &Path) -> Result<String, Diagnostic> {
    text(path, read(path)?)
}

/// `bytes` as text; `path` is where they were read.
pub(crate) fn text(path: &Path, bytes: Vec<u8>) -> Result<String, Diagnostic> {
    String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let position = std::str::from_utf8(valid)
            .map(|valid| pagebind::diagnostic::Position::of_offset(valid, valid.len()));
        Diagnostic::unreadable("not UTF-8 text")
            .place(Place::new(show(path)).at(position.ok()))
            .help("get the file again from where it is published")
    })
}

/// The files of a folder, by name; folders in it are passed over.
pub(crate) fn list(folder: &Path) -> Result<Vec<PathBuf>, Diagnostic> {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let entries = entries.map_err(|error| failed("read", folder, &error))?;
    let mut files: Vec<PathBuf> =
        entries.into_iter().map(|entry| entry.path()).filter(|path| path.is_file()).collect();
    files.sort();
    Ok(files)
}

/// The SHA-256 of `bytes`, in lowercase hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn failed(what: &str, path: &Path, error: &io::Error) -> Diagnostic {
    let help = match error.kind() {
        io::ErrorKind::NotFound => "check the path",
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "check the permissions of the file and its folder"
        }
        _ => "mend the cause and run the command again; nothing was changed",
    };
    Diagnostic::unreadable(format!("failed to {what} the file: {error}"))
        .place(Place::new(show(path)))
        .help(help)
}

/// A file as it has to be.
#[derive(Debug)]
pub(crate) struct Output {
    /// Where it belongs.
    pub(crate) path: PathBuf,
    /// All of what has to stand in it.
    pub(crate) content: String,
    /// What stands in it now, if it is there.
    pub(crate) before: Option<Vec<u8>>,
}

impl Output {
    /// A file as it has to be, beside what it is now.
    pub(crate) fn new(path: PathBuf, content: String) -> Result<Self, Diagnostic> {
        let before = match fs::read(&path) {
            Ok(before) => Some(before),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(failed("read", &path, &error)),
        };
        Ok(Self { path, content, before })
    }

    /// Whether the file is already what it has to be.
    pub(crate) fn is_fresh(&self) -> bool {
        self.before.as_deref() == Some(self.content.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_text_are_placed() {
        let problem = text(Path::new("page.md"), b"ab\nc\xff".to_vec()).unwrap_err();
        assert_eq!(problem.places[0].to_string(), "page.md:2:2");
    }
}
