//! The APIs that a command is about, with their pages read and checked.

use std::{
    borrow::Cow,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;
use pagebind::{
    diagnostic::{Diagnostic, Diagnostics, Place, nearest},
    merge,
    overlay::Overlay,
    page::{self, Page},
    select::Selection,
    stack,
};
use pagebind_codegen::{Builders, PageSource, TypeSettings};

use super::{
    files::{self, Output, sha256},
    index::Index,
    manifest::{self, Kind, Manifest, PerPage, VendoredPage},
    page_corrections,
    request::{Request, Validators},
    set::{self, Ahead},
};
use crate::environment::Environment;

/// Where the APIs are described, and which of them are meant.
#[derive(Debug, Default, Args)]
pub(crate) struct Apis {
    /// The APIs, by the names of their folders; all when left out
    #[arg(value_name = "API")]
    pub(crate) names: Vec<String>,
    /// The folder of the manifests [default: openapi/ of the workspace]
    #[arg(long, value_name = "DIR")]
    pub(crate) openapi: Option<PathBuf>,
    /// A bare folder of pages, taken as one API without corrections
    #[arg(long, value_name = "DIR", conflicts_with_all = ["names", "openapi"])]
    pub(crate) pages: Option<PathBuf>,
    /// Take the folders in it, too
    #[arg(long, requires = "pages")]
    pub(crate) recursive: bool,
    /// Let its pages differ in this root field, as `per-page` of a manifest does
    #[arg(long, value_name = "FIELD", requires = "pages")]
    pub(crate) per_page: Vec<PerPage>,
}

/// One API: its pages and corrections, read.
#[derive(Debug)]
pub(crate) struct Api {
    /// The name of its folder, and of its crate.
    pub(crate) name: String,
    /// The folder of its manifest, or of its bare pages.
    pub(crate) folder: PathBuf,
    /// What its pages are.
    pub(crate) kind: Kind,
    /// Where all pages of the publisher are listed.
    pub(crate) index: Option<Index>,
    /// Its pages.
    pub(crate) sources: Vec<Source>,
    /// The folder that references may lead to.
    pub(crate) references: PathBuf,
    /// What counts before the files in that folder.
    pub(crate) ahead: Ahead,
    /// What lies among its pages, and is none.
    pub(crate) passed_over: Vec<String>,
    /// What may differ from page to page.
    pub(crate) merge: merge::Options,
    /// The corrections, in the order in which they are applied.
    pub(crate) overlays: Vec<Overlay>,
    /// Headers that the client fills in.
    pub(crate) client_headers: Vec<String>,
    /// Whether the crate's own code makes the client.
    pub(crate) builder_by_hand: bool,
    /// How lists come page by page, as the contract says it.
    pub(crate) pagination: Vec<serde_json::Value>,
    /// Whether the source has a module for tests.
    pub(crate) mock: bool,
    /// Which types have builders.
    pub(crate) builders: Builders,
    /// Whether the operations of each tag stand behind a feature of the crate.
    pub(crate) features: bool,
    /// Whether what can't be generated is left out and told.
    pub(crate) keep_going: bool,
    /// How types come out.
    pub(crate) types: TypeSettings,
}

impl Api {
    /// The documents on its pages, with what they refer to elsewhere brought in; none on help pages.
    ///
    /// # Errors
    /// What the manifest says of a page and does not fit it, and references that can't be followed.
    pub(crate) fn pages(&self) -> Result<Vec<Cow<'_, Page>>, Diagnostics> {
        let unfit = self.sources.iter().flat_map(|source| source.unfit.iter().cloned());
        Diagnostics::check(unfit.collect())?;
        self.copies()
    }

    /// The same, as far as what the manifest says of each page fits it: it may be stated for what is published
    /// already.
    pub(crate) fn copies(&self) -> Result<Vec<Cow<'_, Page>>, Diagnostics> {
        self.bundle(self.sources.iter().flat_map(|source| &source.pages).map(Cow::Borrowed))
    }

    /// Whether all that the manifest says of each page fits it.
    pub(crate) fn fits(&self) -> bool {
        self.sources.iter().all(|source| source.unfit.is_empty())
    }

    /// `pages` of this API, with what they refer to elsewhere brought in.
    pub(crate) fn bundle<'p>(
        &self,
        pages: impl IntoIterator<Item = Cow<'p, Page>>,
    ) -> Result<Vec<Cow<'p, Page>>, Diagnostics> {
        set::bundle(&self.references, &self.ahead, pages.into_iter().collect())
    }

    /// Published `pages` of this API, with what they refer to elsewhere brought in as it is published in `folder`.
    pub(crate) fn bundle_published<'p>(
        &self,
        folder: Option<&Path>,
        pages: impl IntoIterator<Item = Cow<'p, Page>>,
    ) -> Result<Vec<Cow<'p, Page>>, Diagnostics> {
        let ahead = Ahead { published: self.published(folder), ..Ahead::default() };
        set::bundle(&self.references, &ahead, pages.into_iter().collect())
    }

    /// Takes over what is published in `folder` of the files that the pages refer to.
    pub(crate) fn take_over_files(&mut self, folder: Option<&Path>) -> Result<(), Diagnostics> {
        let published = Ahead { published: self.published(folder), ..Ahead::default() };
        if published.published.is_none() {
            return Ok(());
        }
        let pages = self.sources.iter().flat_map(|source| source.pages.iter().cloned()).collect();
        let mut texts = set::referred_to(pages, |path| published.read(&self.references, path))?;
        let is_there = |path: &String, text: &String| {
            fs::read(self.references.join(path)).is_ok_and(|there| there == text.as_bytes())
        };
        texts.retain(|path, text| !is_there(path, text));
        self.ahead.texts = texts;
        Ok(())
    }

    /// `folder`, where pages lie as their copies do in theirs.
    fn published(&self, folder: Option<&Path>) -> Option<(PathBuf, String)> {
        let page = self.sources.iter().flat_map(|source| &source.pages).next()?;
        let below = page.path.rfind('/').map_or(0, |slash| slash + 1);
        Some((folder?.to_owned(), page.path[..below].to_owned()))
    }

    /// The files that are about to be written where references lead.
    pub(crate) fn files_ahead(&self) -> Result<Vec<Output>, Diagnostic> {
        let texts = self.ahead.texts.iter();
        texts.map(|(path, text)| Output::new(self.references.join(path), text.clone())).collect()
    }
}

/// One page of an API.
#[derive(Debug)]
pub(crate) struct Source {
    /// The file, as reports name it.
    pub(crate) name: String,
    /// Where it is published, and the hash of the copy.
    pub(crate) published: PageSource,
    /// What to ask the publisher for.
    pub(crate) request: Request,
    /// What the copy says; nothing of a page without a manifest, which nobody replaces.
    pub(crate) text: Arc<str>,
    /// The documents on it, with the corrections of this page applied; none on a help page.
    pub(crate) pages: Vec<Page>,
    /// What of the selection and the corrections of this page does not fit it.
    pub(crate) unfit: Vec<Diagnostic>,
    /// The operations on it that are part of the API.
    pub(crate) selection: Selection,
    /// The corrections of this page alone.
    pub(crate) overlays: Vec<Overlay>,
}

/// Reads the APIs that the arguments name.
pub(crate) fn read(environment: &Environment, apis: &Apis) -> Result<Vec<Api>, Diagnostics> {
    match &apis.pages {
        Some(folder) => Ok(vec![bare(folder, apis.recursive, &apis.per_page)?]),
        None => read_from(&folders(environment, apis)?),
    }
}

/// The folders of the manifests that the arguments name.
pub(crate) fn folders(environment: &Environment, apis: &Apis) -> Result<Vec<PathBuf>, Diagnostics> {
    let openapi = apis.openapi.clone().unwrap_or_else(|| environment.openapi.clone());
    if apis.names.is_empty() {
        return Ok(manifest_folders(environment, &openapi)?);
    }
    let mut folders = Vec::new();
    for name in &apis.names {
        let folder = openapi.join(name);
        // A name is not a path: another tree is what `--openapi` names.
        let is_name = Path::new(name).file_name().is_some_and(|last| last == name.as_str());
        if !is_name || !folder.join(manifest::FILE_NAME).is_file() {
            let known = manifest_folders(environment, &openapi)?;
            let known: Vec<String> = known.iter().map(|folder| name_of(folder)).collect();
            let near = nearest(name, known.iter().map(String::as_str));
            let near = near.map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
            return Err(Diagnostic::usage(format!("no API is named `{name}`"))
                .place(Place::new(files::show(&openapi)))
                .help(format!("{near}the APIs are: {}", known.join(", ")))
                .into());
        }
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    Ok(folders)
}

/// Reads the APIs whose manifests lie in `folders`.
pub(crate) fn read_from(folders: &[PathBuf]) -> Result<Vec<Api>, Diagnostics> {
    let mut read = Vec::new();
    let mut problems = Vec::new();
    for folder in folders {
        match vendored(folder) {
            Ok(api) => read.push(api),
            Err(api_problems) => problems.extend(api_problems.iter().cloned()),
        }
    }
    Diagnostics::check(problems)?;
    Ok(read)
}

/// The folders below `openapi` that hold a manifest.
fn manifest_folders(environment: &Environment, openapi: &Path) -> Result<Vec<PathBuf>, Diagnostic> {
    let entries = match fs::read_dir(openapi) {
        Ok(entries) => entries.filter_map(Result::ok).map(|entry| entry.path()).collect(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(error) => {
            return Err(Diagnostic::unreadable(format!("failed to read it: {error}"))
                .place(Place::new(files::show(openapi)))
                .help("name a folder of manifests with --openapi"));
        }
    };
    let has_manifest = |folder: &PathBuf| folder.join(manifest::FILE_NAME).is_file();
    let mut folders: Vec<PathBuf> = entries.into_iter().filter(has_manifest).collect();
    folders.sort();
    if folders.is_empty() {
        return Err(Diagnostic::unreadable("no API has a manifest here")
            .place(Place::new(files::show(openapi)))
            .help(format!("add one with `{} add NAME SOURCE…`; manifests that lie elsewhere are found by --openapi", environment.command)));
    }
    Ok(folders)
}

/// The name of an API: that of its folder.
pub(crate) fn name_of(folder: &Path) -> String {
    folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy().into_owned()
}

/// An API with a manifest: every page has to be the one that was vendored.
fn vendored(folder: &Path) -> Result<Api, Diagnostics> {
    let manifest = Manifest::read(folder)?;
    let references = folder.join(manifest.references.as_deref().unwrap_or(Path::new("")));
    let mut problems = Vec::new();
    let mut sources = Vec::new();
    let read = |page| vendored_page(folder, &references, page, manifest.kind);
    for page in stack::each(manifest.pages.iter().collect(), read) {
        match page {
            Ok(source) => sources.push(source),
            Err(page_problems) => problems.extend(page_problems.iter().cloned()),
        }
    }
    let index_match = manifest.index_match.as_deref();
    let index = manifest.index.map(|url| Index::new(url, index_match)).transpose();
    let index = index.map_err(|problem| {
        problems.push(problem.place(Place::new(files::show(&folder.join(manifest::FILE_NAME)))));
    });
    let overlays = overlays(folder, &manifest.overlays);
    let overlays =
        overlays.map_err(|found| problems.extend(found.iter().cloned())).unwrap_or_default();
    Diagnostics::check(problems)?;
    let pagination = manifest.pagination.iter();
    let pagination = pagination.filter_map(|rule| serde_json::to_value(rule).ok());
    let pagination = pagination.collect();
    Ok(Api {
        name: name_of(folder),
        folder: folder.to_owned(),
        kind: manifest.kind,
        index: index.unwrap_or_default(),
        sources,
        merge: manifest::merge_options(
            &manifest.per_page,
            manifest.title.unwrap_or_else(|| name_of(folder)),
        ),
        references,
        ahead: Ahead::default(),
        passed_over: Vec::new(),
        overlays,
        client_headers: manifest.client_headers,
        builder_by_hand: manifest.builder_by_hand,
        pagination,
        mock: manifest.mock,
        builders: manifest.builders,
        features: manifest.features.is_some(),
        keep_going: manifest.keep_going,
        types: manifest.types,
    })
}

/// One vendored page, with the corrections that are its own.
fn vendored_page(
    folder: &Path,
    references: &Path,
    vendored: &VendoredPage,
    kind: Kind,
) -> Result<Source, Diagnostics> {
    let path = folder.join(&vendored.file);
    let bytes = files::read(&path)?;
    check_hash(folder, &path, &bytes, &vendored.sha256)?;
    let name = files::show(&path);
    let text: Arc<str> = files::text(&path, bytes)?.into();
    let overlays = overlays(folder, &vendored.overlays)?;
    let selection = vendored.selection();
    let mut unfit = Vec::new();
    let pages = match kind {
        Kind::Openapi => {
            let mut pages = page::extract_all_held(&name, Arc::clone(&text))?;
            let checked = check_selection(&name, &pages, &selection);
            unfit.extend(checked.and(select(&name, &mut pages, &selection)).err());
            pages.iter_mut().for_each(|page| page.path = set::path_in(references, &path));
            let misfits = page_corrections::apply(&mut pages, &overlays);
            unfit.extend(misfits.into_iter().map(|misfit| misfit.problem));
            pages
        }
        Kind::HelpPage => Vec::new(),
    };
    // What is published at no address is known by its copy.
    let url = if vendored.url.is_empty() {
        vendored.file.display().to_string()
    } else {
        vendored.url.clone()
    };
    let published = PageSource { url, sha256: vendored.sha256.clone() };
    let request = vendored.request();
    Ok(Source { name, published, request, text, pages, unfit, selection, overlays })
}

/// Reads a page: of documents that hold more than the API, the operations that its manifest names. Also gives the
/// pattern that matches none of them, if there is one.
pub(crate) fn extract(
    name: &str,
    text: &str,
    selection: &Selection,
) -> Result<(Vec<Page>, Option<Diagnostic>), Diagnostic> {
    let mut pages = page::extract_all(name, text)?;
    let idle = check_selection(name, &pages, selection).err();
    match select(name, &mut pages, selection) {
        Ok(()) => Ok((pages, idle)),
        Err(nothing) => Err(idle.unwrap_or(nothing)),
    }
}

/// Holds each pattern of a selection against the documents on a page.
fn check_selection(name: &str, pages: &[Page], selection: &Selection) -> Result<(), Diagnostic> {
    let checked = selection.check(pages.iter().map(|page| &page.document));
    checked.map_err(|problem| problem.place(Place::new(name)))
}

/// Leaves what is selected of each of the documents on a page, and none of which nothing is. Where that is nothing
/// at all, they stay as they are.
fn select(name: &str, pages: &mut Vec<Page>, selection: &Selection) -> Result<(), Diagnostic> {
    if selection.is_everything() {
        return Ok(());
    }
    let selected: Vec<_> = pages.iter().map(|page| selection.of(&page.document)).collect();
    if selected.iter().all(Result::is_err) {
        let nothing = selected.into_iter().find_map(Result::err);
        return nothing.map_or(Ok(()), |problem| Err(problem.place(Place::new(name))));
    }
    let mut selected = selected.into_iter();
    pages.retain_mut(|page| {
        let selected = selected.next().and_then(Result::ok);
        selected.map(|document| page.document = document).is_some()
    });
    Ok(())
}

/// The overlays in several files of a folder; every one that can't be read is told.
fn overlays(folder: &Path, paths: &[PathBuf]) -> Result<Vec<Overlay>, Diagnostics> {
    let mut overlays = Vec::new();
    let mut problems = Vec::new();
    for path in paths {
        match overlay(&folder.join(path), false) {
            Ok(overlay) => overlays.push(overlay),
            Err(found) => problems.extend(found.iter().cloned()),
        }
    }
    Diagnostics::check(problems)?;
    Ok(overlays)
}

/// The overlay in a file; one that somebody else has published, if it is taken as it is.
pub(crate) fn overlay(path: &Path, as_published: bool) -> Result<Overlay, Diagnostics> {
    let (name, text) = (files::show(path), files::read_text(path)?);
    if as_published {
        Overlay::parse_as_published(&name, &text)
    } else {
        Overlay::parse(&name, &text)
    }
}

/// A folder of pages without a manifest. What in it is no page is passed over.
pub(crate) fn bare(
    folder: &Path,
    recursive: bool,
    per_page: &[PerPage],
) -> Result<Api, Diagnostics> {
    let mut sources = Vec::new();
    let mut passed_over = Vec::new();
    let mut problems = Vec::new();
    let paths = files::list(folder, recursive)?;
    let pages = stack::each(paths.iter().collect(), |path| bare_page(folder, path));
    // What tells of pages shows one at most, unless it is all that there is.
    let is_readme = |path: &Path| {
        path.file_stem().is_some_and(|stem| stem.to_string_lossy().eq_ignore_ascii_case("readme"))
    };
    let other = |(path, page): (&PathBuf, &Result<Option<Source>, _>)| {
        !is_readme(path) && !matches!(page, Ok(None))
    };
    let has_others = paths.iter().zip(&pages).any(other);
    for (path, page) in paths.iter().zip(pages) {
        match page {
            _ if has_others && is_readme(path) => passed_over.push(set::path_in(folder, path)),
            Ok(Some(source)) => sources.push(source),
            Ok(None) => passed_over.push(set::path_in(folder, path)),
            Err(problem) => problems.push(problem),
        }
    }
    if sources.is_empty() && problems.is_empty() {
        problems.push(
            Diagnostic::unreadable("the folder holds no page")
                .place(Place::new(files::show(folder)))
                .help("name a folder whose files are pages, or JSON or YAML documents"),
        );
    }
    Diagnostics::check(problems)?;
    let named = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let name = name_of(&named);
    Ok(Api {
        merge: manifest::merge_options(per_page, name.clone()),
        name,
        folder: folder.to_owned(),
        kind: Kind::Openapi,
        index: None,
        sources,
        references: folder.to_owned(),
        ahead: Ahead::default(),
        passed_over,
        overlays: Vec::new(),
        client_headers: Vec::new(),
        builder_by_hand: false,
        pagination: Vec::new(),
        mock: false,
        builders: Builders::Sent,
        features: false,
        keep_going: false,
        types: TypeSettings::default(),
    })
}

/// The page at `path`; nothing if what stands there is none.
fn bare_page(folder: &Path, path: &Path) -> Result<Option<Source>, Diagnostic> {
    let name = files::show(path);
    // A pipe would be waited for, and a device read to no end.
    let is_file = fs::metadata(path).is_ok_and(|metadata| metadata.is_file());
    if !is_file || name_of(path).starts_with('.') {
        return Ok(None);
    }
    let bytes = files::read(path)?;
    let published = PageSource { url: name_of(path), sha256: sha256(&bytes) };
    let text = match files::text(path, bytes) {
        Ok(text) => text,
        Err(problem) => return if set::may_be_page(path) { Err(problem) } else { Ok(None) },
    };
    if !page::is_page(&text) {
        return Ok(None);
    }
    let mut pages = page::extract_all_held(&name, text.into())?;
    for page in &mut pages {
        page.path = set::path_in(folder, path);
        // A folder may hold thousands, and few are asked for their text again.
        let (path, sha256) = (path.to_owned(), published.sha256.clone());
        page.let_go_of_text(move || {
            let bytes = files::read(&path).ok().filter(|bytes| files::sha256(bytes) == sha256)?;
            String::from_utf8(bytes).ok()
        });
    }
    let request = Request { url: published.url.clone(), validators: Validators::default() };
    Ok(Some(Source {
        name,
        published,
        request,
        text: "".into(),
        pages,
        unfit: Vec::new(),
        selection: Selection::default(),
        overlays: Vec::new(),
    }))
}

fn check_hash(folder: &Path, path: &Path, bytes: &[u8], expected: &str) -> Result<(), Diagnostic> {
    let actual = sha256(bytes);
    if actual.eq_ignore_ascii_case(expected) {
        return Ok(());
    }
    Err(Diagnostic::finding("the vendored page is not the one in the manifest")
        .place(Place::new(files::show(path)).note(format!("its SHA-256 is {actual}")))
        .place(Place::new(files::show(&folder.join(manifest::FILE_NAME))).note(format!("says {expected}")))
        .help("restore the page from version control; a page that changed at the publisher is vendored with its new hash"))
}
