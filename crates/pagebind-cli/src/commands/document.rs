//! Where a single step takes its document from, and where it delivers what became of it.

use std::{
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use pagebind::{
    diagnostic::{Diagnostic, Diagnostics, Place},
    page,
};
use serde_json::Value;

use crate::{
    project::files::{self, Output},
    status::Status,
    terminal::console::Console,
};

/// The document in a page, JSON or YAML file.
pub(super) fn read(path: &Path) -> Result<Value, Diagnostic> {
    page::extract(&files::show(path), &files::read_text(path)?).map(|page| page.document)
}

/// Writes a document to a file, or to `out`.
pub(super) fn deliver(
    document: &Value,
    file: Option<&PathBuf>,
    out: &mut dyn Write,
    console: &mut Console<'_>,
) -> Result<Status, Diagnostics> {
    let mut text = serde_json::to_string_pretty(document).map_err(|error| {
        Diagnostic::finding(format!("the document can't be written as JSON: {error}"))
    })?;
    text.push('\n');
    let Some(path) = file else {
        return match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Ok(()) => Ok(Status::Done),
            // A reader who has seen enough, such as `head`, is no trouble.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(Status::Done),
            Err(error) => {
                Err(Diagnostic::unreadable(format!("failed to write the document: {error}"))
                    .place(Place::new("standard output"))
                    .into())
            }
        };
    };
    let output = Output::new(path.clone(), text)?;
    files::write_one(&output)?;
    console.step(if output.is_fresh() { "Unchanged" } else { "Written" }, files::show(path));
    Ok(Status::Done)
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    /// Standard output that fails in one way.
    struct Failing(ErrorKind);

    impl Write for Failing {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_who_has_seen_enough_is_no_trouble_and_a_full_disk_is() {
        let mut told = Vec::new();
        let mut deliver =
            |kind| deliver(&Value::Null, None, &mut Failing(kind), &mut Console::new(&mut told));
        assert_eq!(deliver(ErrorKind::BrokenPipe).unwrap(), Status::Done);
        let problem = deliver(ErrorKind::StorageFull).unwrap_err();
        assert!(problem.to_string().starts_with("failed to write the document: "), "{problem}");
    }
}
