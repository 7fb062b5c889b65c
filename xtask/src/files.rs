//! Reading files, and writing several of them whole or not at all.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use pagebind::diagnostic::{Diagnostic, Place};
use tempfile::{Builder, NamedTempFile};

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

/// Writes the outputs that are not fresh: all of them, or none.
///
/// Every file is first written whole beside its place. Only when that went well for all of them
/// are they moved there, and if one move fails, those before it are taken back.
pub(crate) fn write(outputs: &[Output]) -> Result<(), Diagnostic> {
    let stale: Vec<&Output> = outputs.iter().filter(|output| !output.is_fresh()).collect();
    let mut ready = Vec::new();
    for output in &stale {
        let staged = stage(&output.path, output.content.as_bytes());
        ready.push(staged.map_err(|error| failed("write", &output.path, &error))?);
    }
    for (index, file) in ready.into_iter().enumerate() {
        if let Err(error) = file.persist(&stale[index].path) {
            let undone = stale[..index].iter().try_for_each(|output| restore(output));
            let problem = failed("write", &stale[index].path, &error.error);
            return Err(match undone {
                Ok(()) => problem,
                Err(undo) => problem.help(format!(
                    "what was written before could not be taken back ({undo}): `git checkout` it"
                )),
            });
        }
    }
    Ok(())
}

/// A temporary file beside `path` that holds `content`, on the disk.
fn stage(path: &Path, content: &[u8]) -> io::Result<NamedTempFile> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut builder = Builder::new();
    builder.prefix(".pagebind-");
    // The default is for secrets; these are sources, for whomever the umask lets read them.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// Puts back what stood in a file before.
fn restore(output: &Output) -> io::Result<()> {
    match &output.before {
        Some(before) => stage(&output.path, before)?
            .persist(&output.path)
            .map(drop)
            .map_err(|error| error.error),
        None => fs::remove_file(&output.path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(folder: &Path, name: &str, content: &str) -> Output {
        Output::new(folder.join(name), content.to_owned()).unwrap()
    }

    fn names(folder: &Path) -> Vec<String> {
        list(folder)
            .unwrap()
            .iter()
            .map(|path| path.file_name().unwrap().display().to_string())
            .collect()
    }

    #[test]
    fn all_files_are_written_whole_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a"), "old").unwrap();
        write(&[output(folder.path(), "a", "new"), output(folder.path(), "b", "b")]).unwrap();
        assert_eq!(fs::read_to_string(folder.path().join("a")).unwrap(), "new");
        assert_eq!(names(folder.path()), ["a", "b"]);
    }

    #[test]
    fn a_fresh_file_is_not_touched() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        fs::write(&path, "same").unwrap();
        let long_ago = std::time::SystemTime::UNIX_EPOCH;
        fs::File::options().write(true).open(&path).unwrap().set_modified(long_ago).unwrap();
        write(&[output(folder.path(), "a", "same")]).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), long_ago);
    }

    #[test]
    fn when_one_file_can_t_be_moved_into_place_the_others_are_as_they_were() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a"), "old").unwrap();
        let outputs = [
            output(folder.path(), "a", "new"),
            output(folder.path(), "b", "b"),
            output(folder.path(), "c", "c"),
        ];
        // A folder that is not empty can't be replaced by a file.
        fs::create_dir_all(folder.path().join("c/full")).unwrap();
        let problem = write(&outputs).unwrap_err().to_string();
        assert!(problem.starts_with("failed to write the file: "), "{problem}");
        assert_eq!(fs::read_to_string(folder.path().join("a")).unwrap(), "old");
        assert_eq!(names(folder.path()), ["a"]);
    }

    #[test]
    fn bytes_that_are_no_text_are_placed() {
        let problem = text(Path::new("page.md"), b"ab\nc\xff".to_vec()).unwrap_err();
        assert_eq!(problem.places[0].to_string(), "page.md:2:2");
    }
}
