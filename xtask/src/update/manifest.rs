//! New hashes in a manifest, with every comment and blank line where it was.

use std::{ops::Range, path::Path};

use pagebind::diagnostic::Diagnostic;
use serde::Deserialize;
use toml::Spanned;

use crate::{
    files::{self, Output},
    manifest::FILE_NAME,
};

/// Where the hashes stand in a manifest; all else is passed over.
#[derive(Debug, Deserialize)]
struct Hashes {
    pages: Vec<Hash>,
}

#[derive(Debug, Deserialize)]
struct Hash {
    sha256: Spanned<String>,
}

/// The manifest in a folder, with the hash of each page in `hashes` (its index, and what its
/// SHA-256 is now).
pub(super) fn rehashed(folder: &Path, hashes: &[(usize, String)]) -> Result<Output, Diagnostic> {
    let path = folder.join(FILE_NAME);
    let text = files::read_text(&path)?;
    let rehashed = with_hashes(&text, hashes).map_err(|error| {
        Diagnostic::unreadable(format!("not a manifest: {}", error.message()))
            .place(pagebind::diagnostic::Place::new(files::show(&path)))
    })?;
    Output::new(path, rehashed)
}

fn with_hashes(text: &str, hashes: &[(usize, String)]) -> Result<String, toml::de::Error> {
    let places: Vec<Range<usize>> =
        toml::from_str::<Hashes>(text)?.pages.into_iter().map(|page| page.sha256.span()).collect();
    let mut edits: Vec<(Range<usize>, &str)> = hashes
        .iter()
        .filter_map(|(index, hash)| Some((places.get(*index)?.clone(), hash.as_str())))
        .collect();
    // From the end, so that the places before stay where they are.
    edits.sort_by_key(|(place, _)| std::cmp::Reverse(place.start));
    let mut text = text.to_owned();
    for (place, hash) in edits {
        text.replace_range(place, &format!("\"{hash}\""));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_hashes_that_are_named_change() {
        let manifest = "# Two pages.\n\nkind = \"openapi\"\n\n[[pages]]\nsha256 = 'aa' # the same\nurl = \"a\"\n\n[[pages]]\n\
                        url = \"b\"\nsha256   =   \"aa\"   # as well\n";
        let expected = manifest.replace("\"aa\"", "\"bb\"");
        assert_eq!(with_hashes(manifest, &[(1, "bb".to_owned())]).unwrap(), expected);
        let expected = expected.replace("'aa'", "\"cccc\"");
        let both = [(0, "cccc".to_owned()), (1, "bb".to_owned())];
        assert_eq!(with_hashes(manifest, &both).unwrap(), expected);
    }
}
