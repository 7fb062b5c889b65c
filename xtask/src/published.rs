//! What is published now, for the pages that were vendored.

use std::path::Path;

use pagebind::diagnostic::{Diagnostic, Place};

use crate::{
    files,
    sources::{Api, Source},
    story::Story,
};

/// What became of one page.
#[derive(Debug)]
pub(crate) enum Published {
    /// It is there, at this address or path, and says this.
    Text { name: String, text: String },
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
    /// The publisher's list of pages, if there is one.
    pub(crate) index: Option<String>,
}

/// Gets what is published of an API: from a folder, or from the publisher.
pub(crate) fn get(api: &Api, folder: Option<&Path>, _story: &mut Story<'_>) -> Publication {
    match folder {
        Some(folder) => from_folder(api, folder),
        None => Publication {
            pages: api
                .sources
                .iter()
                .map(|source| Published::Unknown(not_fetched(source)))
                .collect(),
            index: None,
        },
    }
}

fn not_fetched(source: &Source) -> Diagnostic {
    Diagnostic::unreadable("pages can't be fetched yet")
        .place(Place::new(&source.published.url))
        .help("read them from a folder with --published DIR")
}

/// Reads what is published from a folder, where pages bear the names of the vendored files and
/// the list of them is `llms.txt`.
fn from_folder(api: &Api, folder: &Path) -> Publication {
    let read = |source: &Source| {
        let path = folder.join(Path::new(&source.name).file_name().unwrap_or_default());
        match files::read_text(&path) {
            Ok(text) => Published::Text { name: files::show(&path), text },
            Err(problem) => Published::Unknown(problem),
        }
    };
    let index = api.index.as_ref().and_then(|url| url.rsplit('/').next());
    Publication {
        pages: api.sources.iter().map(read).collect(),
        index: index.and_then(|name| files::read_text(&folder.join(name)).ok()),
    }
}

/// The pages that an `llms.txt` lists beside the vendored ones: title and address.
///
/// The publisher has one list for everything it documents. What belongs to an API is known by its
/// address: the same folder, and a name that begins as all vendored names do, up to a separator.
pub(crate) fn new_pages(index: &str, vendored: &[&str]) -> Vec<(String, String)> {
    let Some(first) = vendored.first() else { return Vec::new() };
    let common = vendored.iter().fold(first.len(), |common, url| {
        let same = first.bytes().zip(url.bytes()).take_while(|(a, b)| a == b).count();
        common.min(same)
    });
    let Some(end) = first[..common].rfind(['/', '-', '_']) else { return Vec::new() };
    let prefix = &first[..=end];
    // A whole host is no API.
    if prefix.ends_with("//") || prefix.matches('/').count() < 4 {
        return Vec::new();
    }
    let entries = index.lines().filter_map(|line| {
        let entry = line.trim().strip_prefix("- [")?;
        let (title, rest) = entry.split_once("](")?;
        let (url, _) = rest.split_once(')')?;
        Some((title.to_owned(), url.to_owned()))
    });
    entries
        .filter(|(_, url)| url.starts_with(prefix) && !vendored.contains(&url.as_str()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_page_is_known_by_the_beginning_of_its_address() {
        let vendored = [
            "https://example.org/reference/post-cards-enroll.md",
            "https://example.org/reference/post-cards-delete.md",
        ];
        let index = "# Pages\n\
            - [Enrol](https://example.org/reference/post-cards-enroll.md): known\n\
            - [Suspend](https://example.org/reference/post-cards-suspend.md): new\n\
            - [Pay](https://example.org/reference/post-payments.md): of another API\n\
            - no entry\n";
        let found = new_pages(index, &vendored);
        let suspend = "https://example.org/reference/post-cards-suspend.md";
        assert_eq!(found, [("Suspend".to_owned(), suspend.to_owned())]);
    }

    #[test]
    fn a_whole_host_is_no_api() {
        let vendored = ["https://example.org/a.md", "https://example.org/b.md"];
        assert_eq!(new_pages("- [C](https://example.org/c.md)", &vendored), []);
    }
}
