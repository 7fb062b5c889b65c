//! The list of all pages of a publisher (`llms.txt`), and what of it belongs to an API.
//!
//! A publisher has one list for everything it documents, and nothing in it says which API a page
//! belongs to. The manifest says it, with a pattern; without one nobody can tell.

use globset::{GlobBuilder, GlobMatcher};
use pagebind::diagnostic::{Diagnostic, Place};

/// The list of a publisher's pages, as a manifest names it.
#[derive(Debug, Clone)]
pub(crate) struct Index {
    /// Where it is published.
    pub(crate) url: String,
    /// What the slugs or the titles of the API's pages have in common.
    pub(crate) belongs: Option<GlobMatcher>,
}

/// An entry of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) title: String,
    pub(crate) url: String,
}

impl Index {
    /// The list at `url`; `pattern` is a glob (`*clicktopay*`, `{enroll,manage}-*`), in which the case
    /// of letters does not matter.
    ///
    /// # Errors
    /// A pattern that is none.
    pub(crate) fn new(url: String, pattern: Option<&str>) -> Result<Self, Diagnostic> {
        let glob = |pattern| GlobBuilder::new(pattern).case_insensitive(true).build();
        let belongs = pattern.map(glob).transpose().map_err(|error| {
            Diagnostic::unreadable(format!("`index-match` is no pattern: {error}"))
                .help("write a glob that the slugs or the titles of the API's pages match, such as `*cards*`")
        })?;
        Ok(Self { url, belongs: belongs.map(|glob| glob.compile_matcher()) })
    }

    /// The pages of the API that the list in `text` has beside those at `vendored`.
    ///
    /// # Errors
    /// A manifest that does not say which pages belong to the API, and a text that lists none at all
    /// (a page of a login, say): then nobody can tell.
    pub(crate) fn new_pages(
        &self,
        text: &str,
        vendored: &[&str],
    ) -> Result<Vec<Entry>, Diagnostic> {
        let unknown = |message: &str, help: &str| {
            Diagnostic::unreadable(message).place(Place::new(&self.url)).help(help)
        };
        let Some(belongs) = &self.belongs else {
            return Err(unknown(
                "the list of pages was not looked through: the manifest does not say which belong to the API",
                "add `index-match` to api.toml, a glob that their slugs or titles match",
            ));
        };
        let entries: Vec<Entry> = text.lines().filter_map(entry).collect();
        if entries.is_empty() {
            return Err(unknown(
                "the list of pages names none",
                "open the URL in a browser, and put the address of the list into api.toml as `index`",
            ));
        }
        let is_new = |entry: &Entry| {
            let is_its = belongs.is_match(slug(&entry.url)) || belongs.is_match(&entry.title);
            is_its && !vendored.contains(&entry.url.as_str())
        };
        Ok(entries.into_iter().filter(is_new).collect())
    }

    /// What to say of a list that is no longer where the manifest says: nobody can tell.
    pub(crate) fn is_gone(&self) -> Diagnostic {
        Diagnostic::unreadable("the list of pages is no longer published here")
            .place(Place::new(&self.url))
            .help("find its new address, and put it into api.toml as `index`; or remove `index`")
    }
}

/// A line such as `- [title](https://host/slug.md): description`.
fn entry(line: &str) -> Option<Entry> {
    let (title, rest) = line.trim().strip_prefix("- [")?.split_once("](")?;
    let (url, _) = rest.split_once(')')?;
    Some(Entry { title: title.to_owned(), url: url.to_owned() })
}

/// The name of a page at its publisher: the last part of its address, without `.md`.
fn slug(url: &str) -> &str {
    let path = url.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let name = path.rsplit('/').next().unwrap_or_default();
    name.strip_suffix(".md").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "# Pages\n\
        - [Enrol](https://example.org/docs/post-cards-enroll.md): known\n\
        - [Suspend](https://example.org/docs/put-cards-suspend.md?v=1): new\n\
        - [Cards in short](https://example.org/docs/overview.md): new, by its title\n\
        - [Pay](https://example.org/docs/post-payments.md): of another API\n\
        - no entry\n";

    fn new_pages(pattern: &str) -> Vec<String> {
        let url = "https://example.org/llms.txt".to_owned();
        let index = Index::new(url, Some(pattern)).unwrap();
        let vendored = ["https://example.org/docs/post-cards-enroll.md"];
        let pages = index.new_pages(LIST, &vendored).unwrap();
        pages.into_iter().map(|page| page.title).collect()
    }

    #[test]
    fn a_page_belongs_to_an_api_by_its_slug_or_its_title() {
        assert_eq!(new_pages("*cards*"), ["Suspend", "Cards in short"]);
        assert_eq!(new_pages("put-CARDS-*"), ["Suspend"]);
        assert_eq!(new_pages("{post,put}-*"), ["Suspend", "Pay"]);
        assert_eq!(new_pages("cards"), [""; 0]);
    }

    #[test]
    fn without_a_pattern_nobody_can_tell() {
        let index = Index::new("https://example.org/llms.txt".to_owned(), None).unwrap();
        let problem = index.new_pages(LIST, &[]).unwrap_err();
        assert!(problem.message.contains("does not say which belong to the API"), "{problem}");
    }

    #[test]
    fn a_list_without_pages_is_none() {
        let url = "https://example.org/llms.txt".to_owned();
        let index = Index::new(url, Some("*")).unwrap();
        let problem = index.new_pages("<html>Log in</html>", &[]).unwrap_err();
        assert_eq!(problem.message, "the list of pages names none");
    }

    #[test]
    fn a_pattern_that_is_none_is_refused() {
        let problem = Index::new(String::new(), Some("{a")).unwrap_err();
        assert!(problem.message.starts_with("`index-match` is no pattern: "), "{problem}");
    }
}
