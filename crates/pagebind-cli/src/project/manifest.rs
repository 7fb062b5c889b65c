//! `api.toml`: what belongs to an API, where it is published, and what it was when it was vendored.

use std::{
    collections::BTreeSet,
    path::{Component, Path, PathBuf},
};

use clap::ValueEnum;
use pagebind::{
    diagnostic::{Diagnostic, Place},
    merge,
    select::Selection,
};
use pagebind_codegen::{Builders, TypeSettings};
use serde::{Deserialize, Serialize};

use super::{
    files,
    request::{Request, Validators},
    toml_file,
};

/// The manifest of an API.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Manifest {
    /// What its pages are.
    pub(crate) kind: Kind,
    /// The list of all pages of the publisher, where new endpoints show first.
    #[serde(default)]
    pub(crate) index: Option<String>,
    /// Which pages of that list belong to the API: a glob that their slugs or titles match.
    #[serde(default)]
    pub(crate) index_match: Option<String>,
    /// Corrections, in the order in which they are applied; paths from the manifest's folder.
    #[serde(default)]
    pub(crate) overlays: Vec<PathBuf>,
    /// Header parameters that the client fills in, rather than each call.
    #[serde(default)]
    pub(crate) client_headers: Vec<String>,
    /// Whether the crate's own code makes the client, so that the source has no `ClientBuilder`.
    #[serde(default)]
    pub(crate) builder_by_hand: bool,
    /// How lists come page by page, where the pages don't say it.
    #[serde(default)]
    pub(crate) pagination: Vec<Pagination>,
    /// Whether the source has a module `mock`, behind the feature `mock` of its crate.
    #[serde(default)]
    pub(crate) mock: bool,
    /// Which types have builders: `all`, or what is `sent`.
    #[serde(default)]
    pub(crate) builders: Builders,
    /// What stands behind features of the crate: the operations of each of the `tags`.
    #[serde(default)]
    pub(crate) features: Option<Features>,
    /// Whether what can't be generated is left out and told, instead of refusing the whole.
    #[serde(default)]
    pub(crate) keep_going: bool,
    /// How types come out: derives, patch, replace, convert and keep-unknown.
    #[serde(default)]
    pub(crate) types: TypeSettings,
    /// Root fields that may differ from page to page: `info`, `servers`, `security`.
    #[serde(default)]
    pub(crate) per_page: Vec<PerPage>,
    /// What the API is called where its pages say different things [default: the folder's name].
    #[serde(default)]
    pub(crate) title: Option<String>,
    /// The folder that references from page to page and to other files may lead to; a path from the
    /// manifest's folder [default: that folder].
    #[serde(default)]
    pub(crate) references: Option<PathBuf>,
    /// What `suggest` is to know of the names of this publisher.
    #[serde(default)]
    pub(crate) suggest: Names,
    /// The vendored pages.
    pub(crate) pages: Vec<VendoredPage>,
}

/// What names mean at one publisher, however they are written: `ownerBid` is `owner_bid`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Names {
    /// Those of personal or secret values.
    #[serde(default)]
    pub(crate) sensitive: Vec<String>,
    /// Those of values that are neither, whatever they are elsewhere.
    #[serde(default)]
    pub(crate) plain: Vec<String>,
}

/// How lists come page by page, in the words of `x-pagination`.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Pagination {
    /// The operations that it holds for, by their `operationId` [default: all that get something and
    /// have the parameter].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) operations: Vec<String>,
    /// The query parameter that asks for a page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) parameter: Option<String>,
    /// The member of the request's body that asks for a page, in the place of a parameter: a JSON pointer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) body: Option<String>,
    /// The member of a page that says the parameter for the next one, or without a parameter its URL: a
    /// JSON pointer. Without it the parameter counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<String>,
    /// The list in a page: a JSON pointer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) items: Option<String>,
    /// What the parameter counts [default: pages].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) count: Option<Count>,
    /// Where counting begins [default: 1 for pages, 0 for items].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) first: Option<u64>,
    /// The next page stands in the header `Link` (RFC 8288), though no page documents it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) link: Option<bool>,
}

/// What a parameter counts.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Count {
    Pages,
    Items,
}

/// What the pages of an API are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    /// Each holds an OpenAPI document.
    Openapi,
    /// Prose and samples; the client is written by hand.
    HelpPage,
}

/// What stands behind features of the crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Features {
    /// The operations of each tag, and the types that only they need.
    Tags,
}

/// A root field that may differ from page to page. `info` is then what the pages agree on, under a title
/// of its own; the others are pushed down to the operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum PerPage {
    /// What the API is called, its version and its words
    Info,
    /// Where it is called
    Servers,
    /// What credentials it takes
    Security,
}

impl PerPage {
    /// Its name in a manifest.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Servers => "servers",
            Self::Security => "security",
        }
    }
}

/// How pages are merged of which some fields may differ, those of the API called `title` among them.
pub(crate) fn merge_options(per_page: &[PerPage], title: String) -> merge::Options {
    merge::Options {
        info_per_page: per_page.contains(&PerPage::Info).then_some(title),
        servers_per_page: per_page.contains(&PerPage::Servers),
        security_per_page: per_page.contains(&PerPage::Security),
    }
}

/// One page as it was vendored.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct VendoredPage {
    /// The copy; a path from the manifest's folder.
    pub(crate) file: PathBuf,
    /// Where it is published; empty where nobody said so, and nobody can be asked.
    #[serde(default)]
    pub(crate) url: String,
    /// The SHA-256 of the copy, in hexadecimal.
    pub(crate) sha256: String,
    /// The `ETag` with which the publisher sent the copy, as it is.
    pub(crate) etag: Option<String>,
    /// The `Last-Modified` with which the publisher sent the copy, as it is.
    pub(crate) last_modified: Option<String>,
    /// Where the page holds more than this API: the operations that are part of it, as
    /// [`Selection`] writes them.
    #[serde(default)]
    pub(crate) only: Vec<String>,
    /// Those that are not.
    #[serde(default)]
    pub(crate) except: Vec<String>,
    /// Corrections to this page alone, before it is merged: the way out of a conflict.
    #[serde(default)]
    pub(crate) overlays: Vec<PathBuf>,
}

impl VendoredPage {
    /// Which of its operations are part of the API.
    pub(crate) fn selection(&self) -> Selection {
        Selection { only: self.only.clone(), except: self.except.clone() }
    }

    /// What to ask the publisher: for the page, unless it is still the copy.
    pub(crate) fn request(&self) -> Request {
        Request {
            url: self.url.clone(),
            validators: Validators {
                etag: self.etag.clone(),
                last_modified: self.last_modified.clone(),
            },
        }
    }
}

/// The name of a manifest in the folder of its API.
pub(crate) const FILE_NAME: &str = "api.toml";

impl Manifest {
    /// Reads the manifest in the folder of an API.
    pub(crate) fn read(folder: &Path) -> Result<Self, Diagnostic> {
        let path = folder.join(FILE_NAME);
        let text = files::read_text(&path)?;
        let keys = "a manifest has, above all of its tables, kind, index, index-match, overlays, client-headers, builder-by-hand, mock, builders, features, keep-going, per-page, title and references; then [[pagination]], [types] with derives, patch, replace, convert and keep-unknown, [suggest] with sensitive and plain, and [[pages]] with file, url, sha256, etag, last-modified, only, except and overlays";
        let manifest: Self = toml_file::read("not a manifest", &files::show(&path), &text, keys)?;
        manifest.check().map_err(|problem| problem.place(Place::new(files::show(&path))))?;
        Ok(manifest)
    }

    /// A manifest names at least one page, each once, and each in its own folder, where a page that
    /// is vendored anew may be written.
    fn check(&self) -> Result<(), Diagnostic> {
        if self.pages.is_empty() {
            return Err(Diagnostic::unreadable("the manifest names no page")
                .help("add a [[pages]] entry with file, url and sha256"));
        }
        let mut files = BTreeSet::new();
        for page in &self.pages {
            let shown = page.file.display();
            let named: PathBuf =
                page.file.components().filter(|part| *part != Component::CurDir).collect();
            let inside = named.components().all(|part| matches!(part, Component::Normal(_)));
            if !inside || named.as_os_str().is_empty() {
                return Err(Diagnostic::unreadable(format!(
                    "the page `{shown}` is not in the folder of the manifest"
                ))
                .help("move it there, and write `file` as a path from that folder, without `..`"));
            }
            if !files.insert(named) {
                return Err(Diagnostic::unreadable(format!("the page `{shown}` is named twice"))
                    .help("remove one of the two [[pages]] entries, or name another file in it"));
            }
        }
        Ok(())
    }
}

/// The entry of a page in a manifest, with the empty line before it.
pub(crate) fn entry(file: &str, request: &Request, sha256: &str) -> String {
    let mut text = format!("\n[[pages]]\nfile = {}\n", quoted(file));
    if !request.url.is_empty() {
        text += &format!("url = {}\n", quoted(&request.url));
    }
    text += &format!("sha256 = {}\n", quoted(sha256));
    let Validators { etag, last_modified } = &request.validators;
    for (key, value) in [("etag", etag), ("last-modified", last_modified)] {
        if let Some(value) = value {
            text += &format!("{key} = {}\n", quoted(value));
        }
    }
    text
}

/// A string as TOML writes it. What JSON escapes, TOML escapes in the same way.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(pages: &[&str]) -> String {
        let folder = tempfile::tempdir().unwrap();
        let pages: String = pages
            .iter()
            .map(|file| format!("[[pages]]\nfile = \"{file}\"\nurl = \"\"\nsha256 = \"\"\n"))
            .collect();
        let pages = if pages.is_empty() { "pages = []".to_owned() } else { pages };
        std::fs::write(folder.path().join(FILE_NAME), format!("kind = \"openapi\"\n{pages}"))
            .unwrap();
        let problem = Manifest::read(folder.path()).unwrap_err();
        assert!(problem.places[0].to_string().ends_with(FILE_NAME), "{problem}");
        problem.message
    }

    #[test]
    fn pages_are_at_least_one_each_once_and_in_the_folder() {
        assert_eq!(refused(&[]), "the manifest names no page");
        assert_eq!(
            refused(&["pages/a.md", "./pages/a.md"]),
            "the page `./pages/a.md` is named twice"
        );
        for outside in ["../a.md", "/a.md", "pages/../../a.md", ""] {
            let said = refused(&[outside]);
            assert_eq!(said, format!("the page `{outside}` is not in the folder of the manifest"));
        }
    }

    #[test]
    fn a_page_is_asked_for_by_what_the_publisher_said_of_the_copy() {
        let page: VendoredPage = toml::from_str(
            r#"
            file = "pages/a.md"
            url = "https://example.org/a.md"
            sha256 = ""
            etag = 'W/"7"'
            last-modified = "Tue, 15 Nov 1994 08:12:31 GMT"
            "#,
        )
        .unwrap();
        assert_eq!(
            page.request(),
            Request {
                url: "https://example.org/a.md".to_owned(),
                validators: Validators {
                    etag: Some("W/\"7\"".to_owned()),
                    last_modified: Some("Tue, 15 Nov 1994 08:12:31 GMT".to_owned()),
                },
            }
        );
    }
}
