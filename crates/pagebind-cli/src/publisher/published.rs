//! What is published now, for the pages that were vendored.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
};

use pagebind::diagnostic::{Diagnostic, Place};

use super::fetch::{self, Outcome, Policy};
use crate::{
    project::{
        files,
        index::Index,
        request::{Request, Validators},
        sources::{Api, Source},
    },
    terminal::console::{Console, count},
};

/// What became of one page.
#[derive(Debug)]
pub(crate) enum Published {
    /// It is there, at this address or path, and says this.
    Text { name: String, text: String, validators: Validators },
    /// The publisher says that there is no such page, with this status.
    Gone(u16),
    /// It is published at another address.
    Moved(String),
    /// Nobody can tell.
    Unknown(Diagnostic),
}

/// What is published of an API.
#[derive(Debug)]
pub(crate) struct Publication {
    /// What became of each page, in the order of the API's sources.
    pub(crate) pages: Vec<Published>,
    /// What became of the publisher's list of pages, where the manifest names one.
    pub(crate) index: Option<Published>,
    /// The folder that all of it was read from.
    pub(crate) folder: Option<PathBuf>,
}

/// Gets what is published of several APIs: from a folder, or from their publishers.
///
/// # Errors
/// A folder that is not there.
pub(crate) fn get(
    apis: &[Api],
    folder: Option<&Path>,
    console: &mut Console<'_>,
) -> Result<Vec<Publication>, Diagnostic> {
    match folder {
        // Once, rather than for each page in it.
        Some(folder) if !folder.is_dir() => Err(Diagnostic::unreadable("there is no such folder")
            .place(Place::new(files::show(folder)))
            .help("give --published the folder that holds what is published")),
        Some(folder) => Ok(apis.iter().map(|api| from_folder(api, folder)).collect()),
        None => Ok(from_publishers(apis, console)),
    }
}

/// Reads what is published from a folder, where pages bear the names of the vendored files. The
/// list of pages is looked for as well, under the last part of its address.
fn from_folder(api: &Api, folder: &Path) -> Publication {
    let read = |name: &OsStr| {
        let path = folder.join(name);
        match files::read_text(&path) {
            Ok(text) => Published::Text {
                name: files::show(&path),
                text,
                validators: Validators::default(),
            },
            Err(problem) => Published::Unknown(problem),
        }
    };
    let file_name = |source: &Source| Path::new(&source.name).file_name().map(OsStr::to_owned);
    let index = api.index.as_ref().and_then(|index| index.url.rsplit('/').next()).map(OsStr::new);
    Publication {
        pages: api
            .sources
            .iter()
            .map(|source| read(&file_name(source).unwrap_or_default()))
            .collect(),
        index: index.filter(|name| folder.join(name).is_file()).map(read),
        folder: Some(folder.to_owned()),
    }
}

/// Asks the publishers, all in one go so that the pace of a host holds for all APIs on it, and
/// tells of each page as soon as it is known.
fn from_publishers(apis: &[Api], console: &mut Console<'_>) -> Vec<Publication> {
    let index =
        |index: &Index| Request { url: index.url.clone(), validators: Validators::default() };
    let requests: Vec<Request> = apis
        .iter()
        .flat_map(|api| {
            let pages = api.sources.iter().map(|source| source.request.clone());
            pages.chain(api.index.iter().map(index))
        })
        .collect();
    let mut settled = 0;
    console.progress("Fetching", settled, requests.len());
    let outcomes = fetch::fetch(&requests, &Policy::default(), &mut |request, outcome| {
        let verb = match outcome {
            Outcome::Unchanged => "Unchanged",
            Outcome::Page { .. } => "Fetched",
            Outcome::Gone { .. } => "Gone",
            Outcome::Moved { .. } => "Moved",
            Outcome::Failed(_) => "Unknown",
        };
        if !request.url.is_empty() {
            console.step(verb, &request.url);
        }
        settled += 1;
        console.progress("Fetching", settled, requests.len());
    });
    let mut outcomes = outcomes.into_iter();
    apis.iter()
        .map(|api| {
            let nowhere = nowhere(api);
            let page = |source: &Source| {
                let outcome = outcomes.next()?;
                Some(match &nowhere {
                    Some(problem) if source.request.url.is_empty() => {
                        Published::Unknown(problem.clone())
                    }
                    _ => settle(outcome, Some(source)),
                })
            };
            let pages = api.sources.iter().filter_map(page).collect();
            let index = api.index.as_ref().and_then(|_| outcomes.next());
            let index = index.map(|outcome| settle(outcome, None));
            Publication { pages, index, folder: None }
        })
        .collect()
}

/// What there is to say of the pages whose places nobody knows: one problem, however many they are.
fn nowhere(api: &Api) -> Option<Diagnostic> {
    let mut pages = api.sources.iter().filter(|source| source.request.url.is_empty());
    let first = pages.next()?;
    let what = match pages.count() {
        0 => "this page is".to_owned(),
        more => format!("this page and {} are", count(more, "other")),
    };
    let message = format!("the manifest does not say where {what} published");
    Some(
        Diagnostic::unreadable(message)
            .place(Place::new(&first.name))
            .help("write it as `url` in api.toml, or compare with a folder by --published DIR"),
    )
}

/// What an outcome says of a page, of which `vendored` is the copy.
fn settle(outcome: Outcome, vendored: Option<&Source>) -> Published {
    match outcome {
        Outcome::Unchanged => match vendored {
            Some(source) => Published::Text {
                name: source.name.clone(),
                text: source.text.to_string(),
                validators: source.request.validators.clone(),
            },
            None => {
                Published::Unknown(Diagnostic::unreadable("unchanged, but there is no copy of it"))
            }
        },
        Outcome::Page { bytes, url, validators } => match files::text(Path::new(&url), bytes) {
            Ok(text) => Published::Text { name: url, text, validators },
            Err(problem) => Published::Unknown(problem),
        },
        Outcome::Gone { status } => Published::Gone(status),
        Outcome::Moved { to } => Published::Moved(to),
        Outcome::Failed(problem) => Published::Unknown(problem),
    }
}
