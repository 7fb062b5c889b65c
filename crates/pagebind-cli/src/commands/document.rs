//! Where a single step takes its document from, and where it delivers what became of it.

use std::{
    borrow::Cow,
    io::{BufWriter, ErrorKind, Write},
    path::{Path, PathBuf},
};

use pagebind::{
    diagnostic::{Diagnostic, Diagnostics, Place},
    page::{self, Page},
};
use serde_json::Value;

use crate::{
    project::{
        files,
        set::{self, Ahead},
    },
    status::Status,
    terminal::console::Console,
};

/// The document of the page, JSON or YAML file at `path`, with what it refers to in its folder brought in; tells
/// what was read otherwise than it is written.
pub(super) fn read(path: &Path, console: &mut Console<'_>) -> Result<Value, Diagnostics> {
    let page = read_page(path)?;
    for warning in &page.warnings {
        console.warn("Warning", warning);
    }
    Ok(page.document)
}

/// The page, JSON or YAML file at `path`, with what it refers to in its folder brought in.
pub(super) fn read_page(path: &Path) -> Result<Page, Diagnostics> {
    let page = page::extract_held(&files::show(path), files::read_text(path)?.into())?;
    with_references(page, path)
}

/// The same, with references that lead nowhere left as they are: two documents can be compared all the
/// same.
pub(super) fn read_for_comparing(path: &Path) -> Result<Page, Diagnostics> {
    let page = page::extract_held(&files::show(path), files::read_text(path)?.into())?;
    Ok(with_references(page.clone(), path).unwrap_or(page))
}

/// Where the values at `pointers` stand in the document at `path`, or its references. The file is read once
/// more for it, since nobody holds its text as long as there is nothing to tell; one that can be read only
/// once, such as a pipe, has pointers alone.
pub(super) fn places(path: &Path, pointers: &[&str]) -> Vec<Place> {
    match read_page(path) {
        Ok(page) => page.places(pointers),
        Err(_) => pointers.iter().map(|it| Place::new(files::show(path)).pointer(*it)).collect(),
    }
}

/// A page with what it refers to in the folder of its file brought in.
fn with_references(mut page: Page, path: &Path) -> Result<Page, Diagnostics> {
    let folder = set::folder_of(path);
    page.path = set::path_in(folder, path);
    let mut pages = set::bundle(folder, &Ahead::default(), vec![Cow::Owned(page)])?;
    Ok(pages.pop().map(Cow::into_owned).expect("as many as went in"))
}

/// Writes a document to a file, or to `out`.
pub(super) fn deliver(
    document: &Value,
    file: Option<&PathBuf>,
    out: &mut dyn Write,
    console: &mut Console<'_>,
) -> Result<Status, Diagnostics> {
    let content = |out: &mut dyn Write| {
        let mut out = BufWriter::new(out);
        serde_json::to_writer_pretty(&mut out, document)?;
        out.write_all(b"\n")?;
        out.flush()
    };
    // Opened by its name it would be another one, which knows nothing of what was written to this one so far.
    let Some(path) = file.filter(|path| *path != Path::new("/dev/stdout")) else {
        return match content(out) {
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
    let written = files::write_out(path, &content)?;
    console.step(if written { "Written" } else { "Unchanged" }, files::show(path));
    Ok(Status::Done)
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;
    use crate::terminal::console::Verbosity;

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
        let mut deliver = |kind| {
            deliver(
                &Value::Null,
                None,
                &mut Failing(kind),
                &mut Console::new(&mut told, Verbosity::default()),
            )
        };
        assert_eq!(deliver(ErrorKind::BrokenPipe).unwrap(), Status::Done);
        let problem = deliver(ErrorKind::StorageFull).unwrap_err();
        assert!(problem.to_string().starts_with("failed to write the document: "), "{problem}");
    }
}
