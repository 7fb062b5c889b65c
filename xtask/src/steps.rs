//! `merge`, `overlay` and `lower`: one step of the way, on any document.

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
    Status, cli,
    files::{self, Output},
    generate,
    manifest::Kind,
    sources,
    story::Story,
};

/// `cargo xtask merge`.
pub(crate) fn merge(
    root: &Path,
    arguments: &cli::Merge,
    out: &mut dyn Write,
    story: &mut Story<'_>,
) -> Result<Status, Diagnostics> {
    let mut apis = sources::read(root, &arguments.apis)?;
    apis.retain(|api| api.kind == Kind::Openapi);
    let [api] = apis.as_slice() else {
        let names: Vec<&str> = apis.iter().map(|api| api.name.as_str()).collect();
        story.fail(
            "Failure",
            format!(
                "name the one API to merge; those with OpenAPI pages are: {}",
                names.join(", ")
            ),
        );
        return Ok(Status::Usage);
    };
    let merged = generate::merge(api, story)?;
    deliver(&merged.document, arguments.out.as_ref(), out, story)
}

/// `cargo xtask overlay`.
pub(crate) fn overlay(
    arguments: &cli::Overlay,
    out: &mut dyn Write,
    story: &mut Story<'_>,
) -> Result<Status, Diagnostics> {
    let mut document = document(&arguments.document)?;
    for path in &arguments.overlays {
        let corrected = sources::overlay(path)?.apply(&document)?;
        document = corrected.document;
        story.corrections(&corrected.corrections);
    }
    deliver(&document, arguments.out.as_ref(), out, story)
}

/// `cargo xtask lower`.
pub(crate) fn lower(
    arguments: &cli::Lower,
    out: &mut dyn Write,
    story: &mut Story<'_>,
) -> Result<Status, Diagnostics> {
    let lowered = pagebind::lower::lower(&document(&arguments.document)?)?;
    story.step("Lowered", generate::losses(lowered.losses.len()));
    for loss in &lowered.losses {
        story.detail(format!("{}: `{}` {}", loss.pointer, loss.keyword, loss.outcome));
    }
    deliver(&lowered.document, arguments.out.as_ref(), out, story)
}

/// The document in a page, JSON or YAML file.
fn document(path: &Path) -> Result<Value, Diagnostic> {
    page::extract(&files::show(path), &files::read_text(path)?).map(|page| page.document)
}

/// Writes a document to a file, or to `out`.
fn deliver(
    document: &Value,
    file: Option<&PathBuf>,
    out: &mut dyn Write,
    story: &mut Story<'_>,
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
    story.step(if output.is_fresh() { "Unchanged" } else { "Written" }, files::show(path));
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
            |kind| deliver(&Value::Null, None, &mut Failing(kind), &mut Story::new(&mut told));
        assert_eq!(deliver(ErrorKind::BrokenPipe).unwrap(), Status::Done);
        let problem = deliver(ErrorKind::StorageFull).unwrap_err();
        assert!(problem.to_string().starts_with("failed to write the document: "), "{problem}");
    }
}
