//! The files that pages refer to in their folder. They come along, and lie beside the copies of the pages as they
//! lie beside the pages; nothing is fetched for a page that is published at an address.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use pagebind::{
    diagnostic::{Diagnostic, Diagnostics, Place},
    page::Page,
};

use super::pages::{PAGES, Vendored};
use crate::project::{files, set};

/// The texts of all that the pages refer to, each under the path of its copy in the folder of the API.
pub(super) fn of(vendored: &[Vendored]) -> Result<BTreeMap<String, String>, Diagnostics> {
    let folders: BTreeSet<&PathBuf> = vendored.iter().filter_map(|it| it.folder.as_ref()).collect();
    let pages = || vendored.iter().flat_map(|it| &it.source.pages);
    let mut taken: BTreeMap<String, Option<String>> =
        pages().map(|page| (page.path.clone(), None)).collect();
    let mut problems = Vec::new();
    for folder in folders {
        let of_folder = vendored.iter().filter(|it| it.folder.as_ref() == Some(folder));
        match gather(folder, of_folder) {
            Ok(texts) => {
                for (path, text) in texts {
                    let there = taken.entry(path).or_insert_with(|| Some(text.clone()));
                    if there.as_ref() != Some(&text) {
                        problems.push(in_one_place(folder));
                    }
                }
            }
            Err(found) => problems.extend(found.iter().cloned()),
        }
    }
    Diagnostics::check(problems)?;
    Ok(taken.into_iter().filter_map(|(path, text)| Some((path, text?))).collect())
}

/// What the pages of one folder refer to in it.
fn gather<'v>(
    folder: &Path,
    vendored: impl Iterator<Item = &'v Vendored>,
) -> Result<BTreeMap<String, String>, Diagnostics> {
    let mut pages: Vec<Page> = Vec::new();
    let mut origins = BTreeMap::new();
    for Vendored { source, origin, .. } in vendored {
        origins.insert(source.name.as_str(), origin);
        pages.extend(source.pages.iter().cloned());
    }
    for page in &mut pages {
        page.path.drain(..PAGES.len());
    }
    let texts = set::referred_to(pages, |path| set::read(folder, path));
    // There are no copies yet, and nobody finds anything there.
    let texts = texts.map_err(|mut problems| {
        for place in problems.iter_mut().flat_map(|problem| &mut problem.places) {
            if let Some(origin) = origins.get(place.source.as_str()) {
                place.source = (*origin).clone();
            }
        }
        problems
    })?;
    Ok(texts.into_iter().map(|(path, text)| (format!("{PAGES}{path}"), text)).collect())
}

fn in_one_place(folder: &Path) -> Diagnostic {
    Diagnostic::unreadable(
        "two files of one name, of which each says something else, are referred to",
    )
    .place(Place::new(files::show(folder)))
    .help("add the pages of each folder by themselves")
}
