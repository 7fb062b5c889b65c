//! One file that the caller names, whatever stands there: a file, a link to one, a pipe or a device.

use std::{
    fs,
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
};

use pagebind::diagnostic::Diagnostic;

use super::{Output, failed, write_one};

/// Writes `content` to `path`; false if it stands there already. A file is written whole or not at all,
/// a link stays one, and what is no file is written to as it is.
pub(crate) fn write_out(path: &Path, content: String) -> Result<bool, Diagnostic> {
    let found = fs::metadata(path);
    // What a process has open is a file at times, and to be written on, not to be replaced.
    let is_open = ["/dev", "/proc"].iter().any(|folder| path.starts_with(folder));
    if found.is_ok_and(|found| is_open || !(found.is_file() || found.is_dir())) {
        let written = fs::File::options()
            .append(true)
            .open(path)
            .and_then(|mut file| file.write_all(content.as_bytes()).and_then(|()| file.flush()));
        return match written {
            // A reader who has seen enough is no trouble.
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(failed("write", path, &error))
            }
            _ => Ok(true),
        };
    }
    let target = target(path).map_err(|error| failed("write", path, &error))?;
    let output = Output::new(target, content)?;
    write_one(&output)?;
    Ok(!output.is_fresh())
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

    #[test]
    fn a_device_is_written_to_and_stays_one() {
        assert_eq!(write_out(Path::new("/dev/null"), "text".to_owned()), Ok(true));
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
        let problem = write_out(Path::new("/dev/full"), "text".to_owned()).unwrap_err();
        assert!(problem.message.starts_with("failed to write the file: "), "{problem}");
    }

    #[test]
    fn a_link_stays_one_and_its_target_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let [target, link, chain] = ["target", "link", "chain"].map(|it| folder.path().join(it));
        symlink("target", &link).unwrap();
        symlink(&link, &chain).unwrap();
        assert_eq!(write_out(&chain, "new".to_owned()), Ok(true));
        assert_eq!(fs::read_to_string(&target).unwrap(), "new");
        assert_eq!(write_out(&link, "new".to_owned()), Ok(false));
        assert_eq!(write_out(&link, "newer".to_owned()), Ok(true));
        assert_eq!(fs::read_to_string(&target).unwrap(), "newer");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
        symlink("round", folder.path().join("round")).unwrap();
        assert!(write_out(&folder.path().join("round"), String::new()).is_err());
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
        assert_eq!(write_out(&pipe, "text".to_owned()), Ok(true));
        assert_eq!(reader.join().unwrap(), "text");
    }
}
