//! The folder that a set of pages lies in, and what they may refer to in it.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    fs, io,
    path::{Component, Path, PathBuf},
};

use pagebind::{
    bundle::{self, File},
    diagnostic::{Diagnostic, Diagnostics, Place},
    page::Page,
};

use super::files;

/// The path of a file from the folder of its set, with `/` between the parts; that of a file elsewhere
/// is its name.
pub(crate) fn path_in(folder: &Path, path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    // Most lie in the folder itself, and nobody has to ask where that is.
    if path.parent() == Some(folder) {
        return name.into_owned();
    }
    let absolute = |path: &Path| fs::canonicalize(path.parent().unwrap_or(path)).ok();
    let parent = match (fs::canonicalize(folder).ok(), absolute(path)) {
        (Some(folder), Some(parent)) => parent.strip_prefix(folder).map(Path::to_owned).ok(),
        _ => path.parent().and_then(|parent| Some(parent.strip_prefix(folder).ok()?.to_owned())),
    };
    let parent = parent.unwrap_or_default();
    let parts = parent.components().filter_map(|part| match part {
        Component::Normal(part) => Some(part.to_string_lossy().into_owned()),
        _ => None,
    });
    parts.chain([name.into_owned()]).collect::<Vec<_>>().join("/")
}

/// The folder that a file lies in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// Whether a file is a page by the end of its name, so that something is wrong if it can't be read.
pub(crate) fn may_be_page(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    ["json", "md", "txt", "yaml", "yml"].iter().any(|known| ending.eq_ignore_ascii_case(known))
}

/// The files of a set that count before those in its folder.
#[derive(Debug, Default)]
pub(crate) struct Ahead {
    /// The texts of those that are about to be written there, by their paths.
    pub(crate) texts: BTreeMap<String, String>,
    /// A folder that holds what is published of those below a path, and that path.
    pub(crate) published: Option<(PathBuf, String)>,
}

impl Ahead {
    /// The file at `path` of the set in `folder`.
    pub(crate) fn read(&self, folder: &Path, path: &str) -> Result<Option<File>, Diagnostic> {
        if let Some(text) = self.texts.get(path) {
            return Ok(Some(File { name: files::show(&folder.join(path)), text: text.clone() }));
        }
        match self.published(path)? {
            Some(file) => Ok(Some(file)),
            None => read(folder, path),
        }
    }

    /// What is published of the file at `path`.
    fn published(&self, path: &str) -> Result<Option<File>, Diagnostic> {
        let Some((folder, below)) = &self.published else { return Ok(None) };
        path.strip_prefix(below).map_or(Ok(None), |path| read(folder, path))
    }
}

/// `pages` with what they refer to elsewhere in `folder` brought in; each as it is, where none does.
pub(crate) fn bundle<'p>(
    folder: &Path,
    ahead: &Ahead,
    pages: Vec<Cow<'p, Page>>,
) -> Result<Vec<Cow<'p, Page>>, Diagnostics> {
    if !bundle::is_needed(pages.iter().map(AsRef::as_ref)) {
        return Ok(pages);
    }
    let mut pages: Vec<Page> = pages.into_iter().map(Cow::into_owned).collect();
    bundle::bundle(&mut pages, &mut |path| ahead.read(folder, path))?;
    Ok(pages.into_iter().map(Cow::Owned).collect())
}

/// What `pages` refer to elsewhere and `read` finds: the text of each file, by its path.
pub(crate) fn referred_to(
    mut pages: Vec<Page>,
    mut read: impl FnMut(&str) -> Result<Option<File>, Diagnostic> + Send,
) -> Result<BTreeMap<String, String>, Diagnostics> {
    let mut texts = BTreeMap::new();
    bundle::bundle(&mut pages, &mut |path| {
        let file = read(path)?;
        texts.extend(file.iter().map(|file| (path.to_owned(), file.text.clone())));
        Ok(file)
    })?;
    Ok(texts)
}

/// The file at `path` in the folder of a set; nothing if there is none. A link may not lead out of it.
pub(crate) fn read(folder: &Path, path: &str) -> Result<Option<File>, Diagnostic> {
    let path = folder.join(path);
    let real = match fs::canonicalize(&path) {
        Ok(real) => real,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(_) => path.clone(),
    };
    let inside = fs::canonicalize(folder).is_ok_and(|folder| real.starts_with(folder));
    if !inside || !real.is_file() {
        let message = if inside { "this is no file" } else { "the link leads out of the folder" };
        return Err(Diagnostic::unreadable(message)
            .place(Place::new(files::show(&path)))
            .help("copy what is meant into the folder"));
    }
    let text = files::read_text(&path)?;
    Ok(Some(File { name: files::show(&path), text }))
}
