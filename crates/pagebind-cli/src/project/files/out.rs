//! One file that the caller names, whatever stands there: a file, a link to one, a pipe or a device.

use std::{
    fs,
    io::{self, BufRead, BufReader, ErrorKind, Write},
    path::{Path, PathBuf},
};

use pagebind::diagnostic::Diagnostic;

use super::{Content, failed, write_one};

/// Writes `content` to `path`; false if it stands there already. A file is written whole or not at all,
/// a link stays one, and what is no file is written to as it is.
pub(crate) fn write_out(path: &Path, content: Content<'_>) -> Result<bool, Diagnostic> {
    let found = fs::metadata(path);
    // What a process has open is a file at times, and to be written on, not to be replaced.
    let is_open = ["/dev", "/proc"].iter().any(|folder| path.starts_with(folder));
    if found.is_ok_and(|found| is_open || !(found.is_file() || found.is_dir())) {
        let written = fs::File::options()
            .append(true)
            .open(path)
            .and_then(|mut file| content(&mut file).and_then(|()| file.flush()));
        return match written {
            // A reader who has seen enough is no trouble.
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(failed("write", path, &error))
            }
            _ => Ok(true),
        };
    }
    let target = target(path).map_err(|error| failed("write", path, &error))?;
    if holds(&target, content).map_err(|error| failed("read", &target, &error))? {
        return Ok(false);
    }
    write_one(&target, content)?;
    Ok(true)
}

/// Whether `content` is what stands in a file.
fn holds(path: &Path, content: Content<'_>) -> io::Result<bool> {
    let file = match fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    let mut beside = Beside { file: BufReader::new(file), differs: false };
    match content(&mut beside) {
        Ok(()) => Ok(beside.file.fill_buf()?.is_empty()),
        Err(_) if beside.differs => Ok(false),
        Err(error) => Err(error),
    }
}

/// Compares what is written with a file, up to the first difference.
struct Beside {
    file: BufReader<fs::File>,
    differs: bool,
}

impl Write for Beside {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let there = self.file.fill_buf()?;
        let length = there.len().min(bytes.len());
        if length == 0 || there[..length] != bytes[..length] {
            self.differs = true;
            return Err(io::Error::other("the file holds something else"));
        }
        self.file.consume(length);
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The file that `path` leads to by links, whether it is there or not.
fn target(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    // As many as Linux follows.
    for _ in 0..40 {
        match fs::read_link(&path) {
            Ok(next) => path = path.parent().unwrap_or(Path::new("")).join(next),
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("the links lead in a cycle"))
}

#[cfg(all(test, unix))]
mod tests {
    use std::{os::unix::fs::symlink, thread};

    use super::*;

    fn write(path: &Path, content: &str) -> Result<bool, Diagnostic> {
        write_out(path, &|out| out.write_all(content.as_bytes()))
    }

    #[test]
    fn a_file_is_written_where_it_holds_anything_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        for content in ["ab", "abc", "ab", "ac", ""] {
            assert_eq!(write(&path, content), Ok(true), "{content}");
            let long_ago = std::time::SystemTime::UNIX_EPOCH;
            fs::File::options().write(true).open(&path).unwrap().set_modified(long_ago).unwrap();
            assert_eq!(write(&path, content), Ok(false), "{content}");
            assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), long_ago);
            assert_eq!(fs::read_to_string(&path).unwrap(), content);
        }
        let problem = write_out(&path, &|_| Err(io::Error::other("no more"))).unwrap_err();
        assert!(problem.message.ends_with("no more"), "{problem}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_device_is_written_to_and_stays_one() {
        assert_eq!(write(Path::new("/dev/null"), "text"), Ok(true));
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
        let problem = write(Path::new("/dev/full"), "text").unwrap_err();
        assert!(problem.message.starts_with("failed to write the file: "), "{problem}");
    }

    #[test]
    fn a_link_stays_one_and_its_target_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let [target, link, chain] = ["target", "link", "chain"].map(|it| folder.path().join(it));
        symlink("target", &link).unwrap();
        symlink(&link, &chain).unwrap();
        assert_eq!(write(&chain, "new"), Ok(true));
        assert_eq!(fs::read_to_string(&target).unwrap(), "new");
        assert_eq!(write(&link, "new"), Ok(false));
        assert_eq!(write(&link, "newer"), Ok(true));
        assert_eq!(fs::read_to_string(&target).unwrap(), "newer");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
        symlink("round", folder.path().join("round")).unwrap();
        assert!(write(&folder.path().join("round"), "").is_err());
    }

    #[test]
    fn a_pipe_is_written_to() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let reader = thread::spawn({
            let pipe = pipe.clone();
            move || fs::read_to_string(pipe).unwrap()
        });
        assert_eq!(write(&pipe, "text"), Ok(true));
        assert_eq!(reader.join().unwrap(), "text");
    }
}
