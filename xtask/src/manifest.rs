//! `api.toml`: what belongs to an API, where it is published, and what it was when it was vendored.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use pagebind::{
    diagnostic::{Diagnostic, Place, Position},
    merge,
};
use serde::Deserialize;

use crate::{
    fetch::{Request, Validators},
    files,
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
    /// Corrections, in the order in which they are applied; paths from the manifest's folder.
    #[serde(default)]
    pub(crate) overlays: Vec<PathBuf>,
    /// Header parameters that the client fills in, rather than each call.
    #[serde(default)]
    pub(crate) client_headers: Vec<String>,
    /// Root fields that may differ from page to page: `servers`, `security`.
    #[serde(default)]
    pub(crate) per_page: Vec<PerPage>,
    /// The vendored pages.
    pub(crate) pages: Vec<VendoredPage>,
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

/// A root field that may differ from page to page, and is then pushed down to the operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum PerPage {
    Servers,
    Security,
}

impl PerPage {
    /// Its name in a manifest.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Servers => "servers",
            Self::Security => "security",
        }
    }
}

/// How pages are merged of which some fields may differ.
pub(crate) fn merge_options(per_page: &[PerPage]) -> merge::Options {
    merge::Options {
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
    /// Where it is published.
    pub(crate) url: String,
    /// The SHA-256 of the copy, in hexadecimal.
    pub(crate) sha256: String,
    /// The `ETag` with which the publisher sent the copy, as it is.
    pub(crate) etag: Option<String>,
    /// The `Last-Modified` with which the publisher sent the copy, as it is.
    pub(crate) last_modified: Option<String>,
    /// Corrections to this page alone, before it is merged: the way out of a conflict.
    #[serde(default)]
    pub(crate) overlays: Vec<PathBuf>,
}

impl VendoredPage {
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
        toml::from_str(&text).map_err(|error| {
            let position = error.span().map(|span| Position::of_offset(&text, span.start));
            Diagnostic::unreadable(format!("not a manifest: {}", error.message()))
                .place(Place::new(files::show(&path)).at(position))
                .help("a manifest has kind, index, overlays, client-headers, per-page and [[pages]] with file, url, sha256, etag, last-modified and overlays")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
