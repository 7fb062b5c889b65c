//! Reading files, and what has to stand in those that are written.

mod out;
mod transaction;

use std::{
    collections::BTreeSet,
    fs,
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use pagebind::{
    diagnostic::{Diagnostic, Diagnostics, Place},
    document::MAX_BYTES,
};
use sha2::{Digest, Sha256};

pub(crate) use out::write_out;
pub(crate) use transaction::{Recovered, recover, write, write_one};

/// A path as reports name it: from the current folder where it lies below it, and with `/` between its parts on
/// every system, as what reads reports wants it.
pub(crate) fn show(path: &Path) -> String {
    let below = std::env::current_dir()
        .ok()
        .and_then(|folder| path.strip_prefix(folder).ok().map(Path::to_owned));
    let shown = below.as_deref().unwrap_or(path).display().to_string();
    if cfg!(windows) { shown.replace('\\', "/") } else { shown }
}

/// The bytes of a file, or of a pipe; of a device without an end, as many as a page may have.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Diagnostic> {
    let most = u64::try_from(MAX_BYTES).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    let file = fs::File::open(path).and_then(|file| {
        let length = file.metadata()?.len();
        if length <= most {
            bytes.reserve_exact(usize::try_from(length).unwrap_or_default());
            file.take(most + 1).read_to_end(&mut bytes)?;
        }
        Ok(length)
    });
    let length = file.map_err(|error| failed("read", path, &error))?;
    if length <= most && bytes.len() <= MAX_BYTES {
        return Ok(bytes);
    }
    Err(Diagnostic::unreadable("the file holds more than 64 MiB")
        .place(Place::new(show(path)))
        .help("check that this is what was meant, or split it into several pages"))
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

/// What stands in a folder, and in the folders in it if asked for, by name; the folders themselves are
/// passed over.
///
/// # Errors
/// A folder that can't be read, and links that lead nowhere.
pub(crate) fn list(folder: &Path, recursive: bool) -> Result<Vec<PathBuf>, Diagnostics> {
    let mut files = Vec::new();
    let mut problems = Vec::new();
    let mut open = vec![folder.to_owned()];
    let mut entered = BTreeSet::new();
    while let Some(folder) = open.pop() {
        // A link may lead back to a folder around it.
        if !entered.insert(fs::canonicalize(&folder).unwrap_or_else(|_| folder.clone())) {
            continue;
        }
        let entries = fs::read_dir(&folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
        for entry in entries.map_err(|error| failed("read", &folder, &error))? {
            let path = entry.path();
            match fs::metadata(&path) {
                Ok(metadata) if metadata.is_dir() && recursive => open.push(path),
                Ok(metadata) if metadata.is_dir() => {}
                Ok(_) => files.push(path),
                Err(error) => problems.push(failed("read", &path, &error)),
            }
        }
    }
    Diagnostics::check(problems)?;
    files.sort();
    Ok(files)
}

/// The SHA-256 of `bytes`, in lowercase hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// `bytes` in lowercase hexadecimal.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn failed(what: &str, path: &Path, error: &io::Error) -> Diagnostic {
    let help = match error.kind() {
        io::ErrorKind::NotFound => "check the path",
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "check the permissions of the file and its folder"
        }
        io::ErrorKind::IsADirectory => "name a file, not a folder",
        io::ErrorKind::NotADirectory => {
            "one of its folders is a file: move it, or name another folder"
        }
        _ => "mend the cause and run the command again; nothing was changed",
    };
    Diagnostic::unreadable(format!("failed to {what} the file: {error}"))
        .place(Place::new(show(path)))
        .help(help)
}

/// Writes what is to stand in a file, the same each time; it goes there as it comes, and is nowhere held whole.
pub(crate) type Content<'c> = &'c dyn Fn(&mut dyn Write) -> io::Result<()>;

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
