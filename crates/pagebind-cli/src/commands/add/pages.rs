//! The pages that `add` is told of: from their publishers, from files, and from folders of files.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    path::{Path, PathBuf},
    sync::Arc,
};

use pagebind::{
    diagnostic::{Diagnostic, Diagnostics, Place},
    page,
    select::Selection,
};
use pagebind_codegen::PageSource;

use super::Arguments;
use crate::{
    project::{
        files::{self, Output},
        request::{Request, Validators},
        set,
        sources::{self, Source},
    },
    publisher::fetch::{self, Outcome, Policy},
    terminal::console::{Console, count},
};

/// A page as it came.
#[derive(Debug)]
struct Fetched {
    /// What its copy is called.
    file: String,
    /// Where it came from, as it was named.
    origin: String,
    /// The folder that it lies in, if it is a file.
    folder: Option<PathBuf>,
    bytes: Vec<u8>,
    /// Where it is published; nowhere, where its text is empty.
    request: Request,
}

/// A page, and its copy.
#[derive(Debug)]
pub(super) struct Vendored {
    pub(super) output: Output,
    pub(super) source: Source,
    /// Where it came from, as it was named.
    pub(super) origin: String,
    /// The folder that it lies in, if it is a file.
    pub(super) folder: Option<PathBuf>,
}

/// Where the copies lie in the folder of an API.
pub(super) const PAGES: &str = "pages/";

/// Whether a source is an address, rather than a path.
pub(super) fn is_url(source: &str) -> bool {
    source.contains("://")
}

/// Gets all of them, to be vendored in the folder of the API beside those that are there.
pub(super) fn get(
    arguments: &Arguments,
    openapi: &Path,
    there: &[Source],
    policy: &Policy,
    console: &mut Console<'_>,
) -> Result<Vec<Vendored>, Diagnostics> {
    let (urls, paths): (Vec<String>, Vec<String>) =
        arguments.sources.iter().cloned().partition(|source| is_url(source));
    let mut problems = Vec::new();
    let mut fetched = Vec::new();
    match local(&paths) {
        Ok(pages) => fetched.extend(pages),
        Err(found) => problems.extend(found.iter().cloned()),
    }
    let published = file_names(&urls, there).and_then(|files| match &arguments.published {
        Some(folder) => read(folder, &urls, files),
        None => fetch(&urls, files, policy, console),
    });
    match published {
        Ok(pages) => fetched.extend(pages),
        Err(found) => problems.extend(found.iter().cloned()),
    }
    let mut seen = BTreeSet::new();
    for page in &fetched {
        if !seen.insert(page.file.to_ascii_lowercase()) {
            problems.push(
                Diagnostic::unreadable(format!("two pages are called `{}`", page.file)).help(
                    "name each page once, and rename the file of one of two that bear one name",
                ),
            );
        }
    }
    Diagnostics::check(problems)?;
    let mut vendored = Vec::new();
    let mut problems = Vec::new();
    for page in fetched {
        let path = openapi.join(PAGES).join(&page.file);
        match source(&path, &page) {
            Ok(source) => {
                console.detail(format!("{} is {}", page.file, source.pages[0].form));
                let output = Output::new(path, source.text.to_string())?;
                let Fetched { origin, folder, .. } = page;
                vendored.push(Vendored { output, source, origin, folder });
            }
            Err(problem) => problems.push(problem),
        }
    }
    Diagnostics::check(problems)?;
    tell_forms(&vendored, console);
    Ok(vendored)
}

/// Tells in which forms the pages hold their documents.
fn tell_forms(vendored: &[Vendored], console: &mut Console<'_>) {
    let forms = vendored.iter().map(|it| it.source.pages[0].form.to_string());
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    forms.for_each(|form| *counts.entry(form).or_default() += 1);
    for (form, number) in counts {
        match number {
            1 => console.step("Found", form),
            several => console.step("Found", format!("{several} times {form}")),
        }
    }
}

/// Reads pages from files, and from the files in folders that are pages.
fn local(paths: &[String]) -> Result<Vec<Fetched>, Diagnostics> {
    let mut pages = Vec::new();
    let mut problems = Vec::new();
    for path in paths.iter().map(Path::new) {
        let files = if path.is_dir() {
            sources::bare(path, false, &[])
                .map(|api| api.sources.into_iter().map(|source| source.name.into()).collect())
        } else {
            Ok(vec![path.to_owned()])
        };
        let files = files.unwrap_or_else(|found| {
            problems.extend(found.iter().cloned());
            Vec::new()
        });
        for path in files {
            let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let request = Request { url: String::new(), validators: Validators::default() };
            match files::read(&path) {
                Ok(bytes) => {
                    let folder = Some(set::folder_of(&path).to_owned());
                    pages.push(Fetched {
                        file,
                        origin: files::show(&path),
                        folder,
                        bytes,
                        request,
                    });
                }
                Err(problem) if !path.exists() => {
                    problems.push(problem.help("check the path; a URL begins with `https://`"));
                }
                Err(problem) => problems.push(problem),
            }
        }
    }
    Diagnostics::check(problems)?;
    Ok(pages)
}

/// What the copy of each page is called: the last part of its URL, with as many before it as tell it from
/// the others and from those that are there.
fn file_names(urls: &[String], there: &[Source]) -> Result<Vec<String>, Diagnostics> {
    let mut taken: HashMap<String, &str> = there
        .iter()
        .filter_map(|source| {
            let name = Path::new(&source.name).file_name()?.to_string_lossy();
            Some((name.to_ascii_lowercase(), source.request.url.as_str()))
        })
        .collect();
    let mut problems = Vec::new();
    let mut names = Vec::new();
    for url in urls {
        let path = url.split(['?', '#']).next().unwrap_or_default();
        let path = path.split_once("://").map_or(path, |(_, path)| path);
        let parts: Vec<&str> = path.trim_end_matches('/').split('/').skip(1).collect();
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte);
        let is_name =
            |name: &String| !name.is_empty() && !name.starts_with('.') && name.bytes().all(fits);
        // Whoever names a page that is there already is told so later.
        let is_free = |name: &String| {
            taken.get(&name.to_ascii_lowercase()).is_none_or(|other| *other == url.as_str())
        };
        let mut longer = (0..parts.len()).rev().map(|first| parts[first..].join("-"));
        match longer.find(is_free).filter(is_name) {
            Some(name) => {
                taken.insert(name.to_ascii_lowercase(), url);
                names.push(name);
            }
            // The URL is not repeated: it may be anything.
            None => problems.push(
                Diagnostic::unreadable("the URL names no page")
                    .help("write it as `https://host/path/page.md`; its last part names the copy"),
            ),
        }
    }
    Diagnostics::check(problems)?;
    Ok(names)
}

/// Reads pages from a folder in place of their publisher.
fn read(folder: &Path, urls: &[String], files: Vec<String>) -> Result<Vec<Fetched>, Diagnostics> {
    let mut pages = Vec::new();
    let mut problems = Vec::new();
    for (url, file) in urls.iter().zip(files) {
        let request = Request { url: url.clone(), validators: Validators::default() };
        let path = folder.join(&file);
        match files::read(&path) {
            Ok(bytes) => {
                let origin = files::show(&path);
                pages.push(Fetched { file, origin, folder: None, bytes, request });
            }
            Err(problem) => problems.push(problem),
        }
    }
    Diagnostics::check(problems)?;
    Ok(pages)
}

fn fetch(
    urls: &[String],
    files: Vec<String>,
    policy: &Policy,
    console: &mut Console<'_>,
) -> Result<Vec<Fetched>, Diagnostics> {
    let requests: Vec<Request> = urls
        .iter()
        .map(|url| Request { url: url.clone(), validators: Validators::default() })
        .collect();
    let mut settled = 0;
    console.progress("Fetching", settled, requests.len());
    let outcomes = fetch::fetch(&requests, policy, &mut |request, outcome| {
        if let Outcome::Page { bytes, .. } = outcome {
            console.step("Fetched", format!("{} ({})", request.url, count(bytes.len(), "byte")));
        }
        settled += 1;
        console.progress("Fetching", settled, requests.len());
    });
    let mut pages = Vec::new();
    let mut problems = Vec::new();
    for ((outcome, url), file) in outcomes.into_iter().zip(urls).zip(files) {
        let problem = |message: &str, help: String| {
            Diagnostic::unreadable(message).place(Place::new(url)).help(help)
        };
        problems.push(match outcome {
            Outcome::Page { bytes, validators, .. } => {
                pages.push(Fetched {
                    file,
                    origin: url.clone(),
                    folder: None,
                    bytes,
                    request: Request { url: url.clone(), validators },
                });
                continue;
            }
            Outcome::Failed(problem) => problem,
            Outcome::Moved { to } => problem("the page has moved", format!("name it as {to}")),
            Outcome::Gone { status } => problem(
                &format!("no page is published here (status {status})"),
                "check the URL".to_owned(),
            ),
            Outcome::Unchanged => {
                problem("the publisher sent no page", "run the command again".to_owned())
            }
        });
    }
    Diagnostics::check(problems)?;
    Ok(pages)
}

/// A page as it is read once it is vendored at `path`.
fn source(path: &Path, page: &Fetched) -> Result<Source, Diagnostic> {
    let name = files::show(path);
    let extracted = files::text(path, page.bytes.clone())
        .map(Arc::from)
        .and_then(|text| Ok((page::extract_all_held(&name, Arc::clone(&text))?, text)));
    let url = &page.request.url;
    // There is no copy yet, and nobody finds anything there.
    let (mut pages, text) = extracted.map_err(|mut problem| {
        let places = problem.places.iter_mut().filter(|place| place.source == name);
        places.for_each(|place| place.source.clone_from(&page.origin));
        match url.as_str() {
            "" => problem,
            url if url == page.origin => problem,
            url => problem.place(Place::new(url).note("it is published here")),
        }
    })?;
    for one in &mut pages {
        one.path = format!("{PAGES}{}", page.file);
    }
    Ok(Source {
        selection: Selection::default(),
        name,
        published: PageSource {
            url: if url.is_empty() { format!("pages/{}", page.file) } else { url.clone() },
            sha256: files::sha256(&page.bytes),
        },
        request: page.request.clone(),
        text,
        pages,
        unfit: Vec::new(),
        overlays: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_called_after_the_last_part_of_its_url() {
        let names = |urls: &[&str]| {
            file_names(&urls.iter().map(|url| (*url).to_owned()).collect::<Vec<_>>(), &[])
        };
        assert_eq!(
            names(&["https://a.example/docs/get.md?v=1#top", "https://a.example/list/"]),
            Ok(vec!["get.md".to_owned(), "list".to_owned()])
        );
        assert_eq!(
            names(&["https://a.example/cards/get", "https://a.example/lists/get"]),
            Ok(vec!["get".to_owned(), "lists-get".to_owned()])
        );
        for url in ["", "https://a.example", "https://a.example/", "https://a.example/.."] {
            assert!(names(&[url]).is_err(), "{url}");
        }
        for url in ["https://a.example/..\\a.md", "https://a.example/a\u{e9}.md"] {
            assert!(names(&[url]).is_err(), "{url}");
        }
    }
}
