//! `add`: a new API from its pages, with a crate that compiles.
//!
//! The pages are fetched, or read from a folder, then go the same way as those of any API. What
//! `generate` does not write is [made from templates](crate::template). Either all of it is there in the
//! end, or none.

mod name;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;
use pagebind::{
    diagnostic::{Diagnostic, Diagnostics, Place},
    overlay::Overlay,
    page,
    select::Selection,
    suggest::Class,
};
use pagebind_codegen::{PageSource, Setup};

use super::{generate, suggest};
use crate::{
    environment::Environment,
    project::{
        files::{self, Output},
        manifest::{self, Kind, PerPage},
        request::{Request, Validators},
        sources::{Api, Source},
    },
    publisher::fetch::{self, Outcome, Policy},
    status::Status,
    template::Names,
    terminal::console::{Console, count},
};

/// The file of corrections, beside the manifest.
const OVERLAY: &str = "overlay.yaml";

/// A page as it came from its publisher.
#[derive(Debug)]
struct Fetched {
    /// What its copy is called: the last part of its URL.
    file: String,
    bytes: Vec<u8>,
    validators: Validators,
}

/// The arguments.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The name of the API and of its crate: lowercase words with hyphens
    #[arg(value_name = "NAME", value_parser = name::parse)]
    name: String,
    /// Where its pages are published
    #[arg(value_name = "URL", required = true)]
    urls: Vec<String>,
    /// Take the pages from DIR instead; there they bear the names that end their URLs
    #[arg(long, value_name = "DIR")]
    published: Option<PathBuf>,
    /// Let pages differ in these, each for its own operations
    #[arg(long, value_name = "FIELD", value_delimiter = ',')]
    per_page: Vec<PerPage>,
}

/// Runs the command.
pub(super) fn run(
    environment: &Environment,
    arguments: &Arguments,
    policy: &Policy,
    console: &mut Console<'_>,
) -> Result<Status, Diagnostics> {
    let root = &environment.root;
    let folders =
        [environment.openapi.join(&arguments.name), environment.crates.join(&arguments.name)];
    if let Some(taken) = taken(root, &arguments.name, &folders)? {
        console.fail("Failure", format!("the name `{}` is taken: {taken}", arguments.name));
        return Ok(Status::Usage);
    }
    let files = file_names(&arguments.urls)?;
    let fetched = match &arguments.published {
        Some(folder) => read(folder, files)?,
        None => fetch(&arguments.urls, files, policy, console)?,
    };
    let outputs = outputs(environment, arguments, fetched, &folders, console)?;
    if let Err(problem) = files::write(root, &outputs) {
        folders.iter().for_each(|folder| remove_empty(folder));
        return Err(problem.into());
    }
    for output in &outputs {
        console.step("Written", files::show(&output.path));
    }
    console.step("Finished", format!("next: `cargo check --package {}`", arguments.name));
    console.detail("Cargo.lock has to know the new crate before anything runs with --locked");
    Ok(Status::Done)
}

/// What has the name already.
fn taken(root: &Path, name: &str, folders: &[PathBuf]) -> Result<Option<String>, Diagnostic> {
    if let Some(folder) = folders.iter().find(|folder| folder.exists()) {
        return Ok(Some(format!("{} is there", files::show(folder))));
    }
    let path = root.join("Cargo.toml");
    let manifest: toml::Table = toml::from_str(&files::read_text(&path)?).map_err(|error| {
        Diagnostic::unreadable(format!("not a manifest: {}", error.message()))
            .place(Place::new(files::show(&path)))
            .help("mend the workspace first: `cargo metadata` says what is wrong")
    })?;
    let dependencies = manifest
        .get("workspace")
        .and_then(|workspace| workspace.get("dependencies"))
        .and_then(toml::Value::as_table);
    // A generated crate depends on some of them, and can't bear the name of one.
    let is_dependency = dependencies.is_some_and(|dependencies| dependencies.contains_key(name));
    Ok(is_dependency.then(|| format!("{} depends on a crate of that name", files::show(&path))))
}

/// What the copy of each page is called: the last part of its URL.
fn file_names(urls: &[String]) -> Result<Vec<String>, Diagnostics> {
    let mut seen = BTreeSet::new();
    let mut problems = Vec::new();
    let mut names = Vec::new();
    for url in urls {
        let path = url.split(['?', '#']).next().unwrap_or_default();
        let path = path.split_once("://").map_or(path, |(_, path)| path);
        let name = path.trim_end_matches('/').split('/').skip(1).last().unwrap_or_default();
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte);
        // The URL is not repeated: it may be anything.
        if name.is_empty() || name.starts_with('.') || !name.bytes().all(fits) {
            problems.push(
                Diagnostic::unreadable("the URL names no page")
                    .help("write it as `https://host/path/page.md`; its last part names the copy"),
            );
        } else if !seen.insert(name.to_ascii_lowercase()) {
            problems.push(
                Diagnostic::unreadable(format!("two pages are called `{name}`"))
                    .help("add the API with one of them; the manifest takes the other one under another file name"),
            );
        }
        names.push(name.to_owned());
    }
    Diagnostics::check(problems)?;
    Ok(names)
}

/// Reads pages from a folder in place of their publisher.
fn read(folder: &Path, files: Vec<String>) -> Result<Vec<Fetched>, Diagnostics> {
    let mut pages = Vec::new();
    let mut problems = Vec::new();
    for file in files {
        match files::read(&folder.join(&file)) {
            Ok(bytes) => pages.push(Fetched { file, bytes, validators: Validators::default() }),
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
                pages.push(Fetched { file, bytes, validators });
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

/// Every file of the new API.
fn outputs(
    environment: &Environment,
    arguments: &Arguments,
    fetched: Vec<Fetched>,
    [openapi, package]: &[PathBuf; 2],
    console: &mut Console<'_>,
) -> Result<Vec<Output>, Diagnostics> {
    let mut outputs = Vec::new();
    let mut sources = Vec::new();
    let mut problems = Vec::new();
    for (page, url) in fetched.iter().zip(&arguments.urls) {
        let path = openapi.join("pages").join(&page.file);
        match source(&path, page, url) {
            Ok(source) => {
                console.detail(format!("{} is {}", page.file, source.pages[0].form));
                outputs.push(Output::new(path, source.text.to_string())?);
                sources.push(source);
            }
            Err(problem) => problems.push(problem),
        }
    }
    Diagnostics::check(problems)?;
    let mut api = Api {
        name: arguments.name.clone(),
        folder: openapi.clone(),
        kind: Kind::Openapi,
        index: None,
        sources,
        merge: manifest::merge_options(&arguments.per_page, arguments.name.clone()),
        references: openapi.clone(),
        passed_over: Vec::new(),
        overlays: Vec::new(),
        client_headers: Vec::new(),
        builder_by_hand: false,
        pagination: Vec::new(),
        mock: false,
    };
    let Made { generated, setup, overlay } = make(environment, &mut api, package, console)?;
    let names = Names::new(environment, &api, setup);
    for (name, content) in names.crate_files() {
        outputs.push(Output::new(package.join(name), content)?);
    }
    outputs.extend(generated);
    let manifest = names.api_toml(&api, &arguments.per_page);
    outputs.push(Output::new(openapi.join(manifest::FILE_NAME), manifest)?);
    let overlay = overlay.unwrap_or_else(|| names.overlay());
    outputs.push(Output::new(openapi.join(OVERLAY), overlay)?);
    Ok(outputs)
}

/// What is made of the pages of a new API.
struct Made {
    /// The contract and the source of the client.
    generated: Vec<Output>,
    setup: Setup,
    /// The corrections, if any are called for.
    overlay: Option<String>,
}

/// Makes the client of a new API, with the corrections that its pages call for: with all that are
/// certain or likely, or, where no client comes of that, with fewer.
fn make(
    environment: &Environment,
    api: &mut Api,
    package: &Path,
    console: &mut Console<'_>,
) -> Result<Made, Diagnostics> {
    let suggested = suggest::vendored(environment, api, None)?;
    let head = Names::new(environment, api, Setup::default()).overlay_head();
    let name = files::show(&api.folder.join(OVERLAY));
    let mut failed: Option<Diagnostics> = None;
    for written in [&[Class::Certain, Class::Likely][..], &[Class::Certain], &[]] {
        let overlay = suggested.overlay(&head, written);
        api.overlays.clear();
        if suggested.has(written) {
            match Overlay::parse(&name, &overlay) {
                Ok(overlay) => api.overlays.push(overlay),
                Err(problems) => {
                    failed = Some(problems);
                    continue;
                }
            }
        }
        match generate::one(environment, api, package, console) {
            Ok((generated, setup)) => {
                if let Some(problem) = failed.iter().flat_map(Diagnostics::iter).next() {
                    let what =
                        "no client comes of all that is suggested, so some stands as comments";
                    console.warn("Warning", format!("{what}: {}", problem.message));
                }
                suggest::tell_written(environment, &suggested, written, console);
                let overlay = suggested.has(&[Class::Certain, Class::Likely]).then_some(overlay);
                return Ok(Made { generated, setup, overlay });
            }
            Err(problems) => failed = Some(problems),
        }
    }
    // Without corrections, it is the pages that no client comes of.
    Err(failed.unwrap_or_else(|| Diagnostic::finding("no client was made").into()))
}

/// A page as it is read once it is vendored at `path`.
fn source(path: &Path, page: &Fetched, url: &str) -> Result<Source, Diagnostic> {
    let name = files::show(path);
    let extracted =
        files::text(path, page.bytes.clone()).and_then(|text| page::extract_all(&name, &text));
    let mut pages = extracted
        .map_err(|problem| problem.place(Place::new(url).note("it was published here")))?;
    for one in &mut pages {
        one.path = format!("pages/{}", page.file);
    }
    Ok(Source {
        selection: Selection::default(),
        name,
        published: PageSource { url: url.to_owned(), sha256: files::sha256(&page.bytes) },
        request: Request { url: url.to_owned(), validators: page.validators.clone() },
        text: Arc::clone(pages[0].text()),
        pages,
        overlays: Vec::new(),
    })
}

/// Removes the folders that a write in vain has left; none of them was there before.
fn remove_empty(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        remove_empty(&entry.path());
    }
    // One that holds anything stays.
    let _ = fs::remove_dir(folder);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_called_after_the_last_part_of_its_url() {
        let names = |urls: &[&str]| {
            file_names(&urls.iter().map(|url| (*url).to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(
            names(&["https://a.example/docs/get.md?v=1#top", "https://a.example/list/"]),
            Ok(vec!["get.md".to_owned(), "list".to_owned()])
        );
        for url in ["", "https://a.example", "https://a.example/", "https://a.example/.."] {
            assert!(names(&[url]).is_err(), "{url}");
        }
        for url in ["https://a.example/..\\a.md", "https://a.example/a\u{e9}.md"] {
            assert!(names(&[url]).is_err(), "{url}");
        }
        let problem = names(&["https://a.example/v1/get.md", "https://a.example/v2/Get.md"]);
        assert!(problem.unwrap_err().to_string().starts_with("two pages are called `Get.md`"));
    }

    #[test]
    fn folders_that_a_write_in_vain_has_made_are_removed_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("empty/pages")).unwrap();
        fs::create_dir_all(folder.path().join("full/src")).unwrap();
        fs::write(folder.path().join("full/src/lib.rs"), "").unwrap();
        remove_empty(&folder.path().join("empty"));
        remove_empty(&folder.path().join("full"));
        remove_empty(&folder.path().join("missing"));
        assert!(!folder.path().join("empty").exists());
        assert!(folder.path().join("full/src/lib.rs").exists());
    }
}
