//! New hashes in a manifest, with every comment and blank line where it was.

use std::{ops::Range, path::Path};

use pagebind::diagnostic::{Diagnostic, Place};
use serde::Deserialize;
use toml::Spanned;

use crate::project::{
    files::{self, Output},
    manifest::{FILE_NAME, quoted},
    request::Validators,
};

/// Where the hashes and the validators stand in a manifest; all else is passed over.
#[derive(Debug, Deserialize)]
struct Pages {
    pages: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Entry {
    sha256: Spanned<String>,
    etag: Option<Spanned<String>>,
    last_modified: Option<Spanned<String>>,
}

/// What a manifest has to say of a page now: which one it is, the SHA-256 of its copy, and the
/// validators that came with it.
pub(super) type Hash = (usize, String, Validators);

/// The manifest in a folder, with new hashes. The validators that came with the old copy go: with
/// them, a publisher who takes a change back would be understood to have kept it.
pub(super) fn rehashed(folder: &Path, hashes: &[Hash]) -> Result<Output, Diagnostic> {
    let path = folder.join(FILE_NAME);
    let text = files::read_text(&path)?;
    let rehashed = with_hashes(&text, hashes).map_err(|error| {
        Diagnostic::unreadable(format!("not a manifest: {}", error.message()))
            .place(Place::new(files::show(&path)))
    })?;
    Output::new(path, rehashed)
}

fn with_hashes(text: &str, hashes: &[Hash]) -> Result<String, toml::de::Error> {
    let entries = toml::from_str::<Pages>(text)?.pages;
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    for (index, hash, validators) in hashes {
        let Some(entry) = entries.get(*index) else { continue };
        edits.push((entry.sha256.span(), format!("\"{hash}\"")));
        let below = line(text, &entry.sha256.span());
        // In an inline table there is no line of its own to put them on.
        if text[below.clone()].trim_start().starts_with("sha256") {
            edits.push((below.end..below.end, lines(validators)));
        }
        for validator in [&entry.etag, &entry.last_modified].into_iter().flatten() {
            let line = line(text, &validator.span());
            let key = text[line.clone()].trim_start();
            edits.push(if key.starts_with("etag") || key.starts_with("last-modified") {
                (line, String::new())
            } else {
                // In an inline table the key has to stay; what is empty never matches.
                (validator.span(), "\"\"".to_owned())
            });
        }
    }
    // From the end, so that the places before stay where they are; what goes, goes before something
    // comes in at the same place.
    edits.sort_by_key(|(place, _)| std::cmp::Reverse((place.start, place.end)));
    let mut text = text.to_owned();
    for (place, new) in edits {
        text.replace_range(place, &new);
    }
    Ok(text)
}

/// The lines of a page's validators.
fn lines(validators: &Validators) -> String {
    let lines = [("etag", &validators.etag), ("last-modified", &validators.last_modified)];
    let line = |(key, value): (&str, &Option<String>)| {
        Some(format!("{key} = {}\n", quoted(value.as_deref()?)))
    };
    lines.into_iter().filter_map(line).collect()
}

/// The whole line that a place is on.
fn line(text: &str, place: &Range<usize>) -> Range<usize> {
    let start = text[..place.start].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[place.end..].find('\n').map_or(text.len(), |newline| place.end + newline + 1);
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn none() -> Validators {
        Validators::default()
    }

    #[test]
    fn only_the_hashes_that_are_named_change() {
        let manifest = "# Two pages.\n\nkind = \"openapi\"\n\n[[pages]]\nsha256 = 'aa' # the same\nurl = \"a\"\n\n[[pages]]\n\
                        url = \"b\"\nsha256   =   \"aa\"   # as well\n";
        let expected = manifest.replace("\"aa\"", "\"bb\"");
        assert_eq!(with_hashes(manifest, &[(1, "bb".to_owned(), none())]).unwrap(), expected);
        let expected = expected.replace("'aa'", "\"cccc\"");
        let both = [(0, "cccc".to_owned(), none()), (1, "bb".to_owned(), none())];
        assert_eq!(with_hashes(manifest, &both).unwrap(), expected);
    }

    #[test]
    fn validators_of_the_old_copy_go_with_it() {
        let page =
            "[[pages]]\nsha256 = \"aa\"\netag = '\"1\"'\nlast-modified = \"Mon\"\nurl = \"a\"\n";
        let manifest = format!("{page}\n{page}");
        let expected = format!("{page}\n[[pages]]\nsha256 = \"bb\"\nurl = \"a\"\n");
        assert_eq!(with_hashes(&manifest, &[(1, "bb".to_owned(), none())]).unwrap(), expected);
    }

    #[test]
    fn an_inline_table_keeps_its_form() {
        let manifest = "pages = [{ sha256 = \"aa\", etag = \"1\", url = \"a\" }]\n";
        let expected = "pages = [{ sha256 = \"bb\", etag = \"\", url = \"a\" }]\n";
        assert_eq!(with_hashes(manifest, &[(0, "bb".to_owned(), none())]).unwrap(), expected);
    }

    #[test]
    fn validators_of_the_new_copy_come_with_it() {
        let manifest = "[[pages]]\nsha256 = \"aa\"\netag = \"1\"\nurl = \"a\"";
        let validators = Validators { etag: Some("\"2\"".to_owned()), last_modified: None };
        let expected = "[[pages]]\nsha256 = \"bb\"\netag = \"\\\"2\\\"\"\nurl = \"a\"";
        let hash = (0, "bb".to_owned(), validators);
        assert_eq!(with_hashes(manifest, &[hash]).unwrap(), expected);
    }
}
