//! What is measured on: documents that the repository does not hold, and pages made of them.
//!
//! A publisher who has a page for each operation is not to be had as a package, but whole documents are.
//! So the pages are made of one: each holds one operation with the components that it reaches, as those of
//! Pismo and DigitalOcean do.

use std::{
    error::Error,
    fs,
    path::{Path, PathBuf},
};

use pagebind::{document::METHODS, page, select::Selection};
use serde_json::Value;
use tempfile::TempDir;

/// The inputs, and a folder for what is made of them.
#[derive(Debug)]
pub(crate) struct Inputs {
    folder: PathBuf,
    scratch: TempDir,
}

impl Inputs {
    pub(crate) fn new(folder: PathBuf) -> Result<Self, Box<dyn Error>> {
        Ok(Self { folder, scratch: TempDir::with_prefix("pagebind-bench-")? })
    }

    /// The input of a name, if it is there.
    pub(crate) fn find(&self, name: &str) -> Option<PathBuf> {
        let path = self.folder.join(name);
        path.exists().then_some(path)
    }

    /// Whether the input of a name is there, as a document or as pages.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.find(name).or_else(|| self.find(&format!("{name}.json"))).is_some()
    }

    /// A path for what a row writes.
    pub(crate) fn scratch(&self, name: &str) -> PathBuf {
        self.scratch.path().join(name)
    }

    /// The pages of the input `name`: that folder, or one made of the document `name.json`.
    pub(crate) fn pages(&self, name: &str) -> Result<Option<PathBuf>, Box<dyn Error>> {
        if let Some(folder) = self.find(name) {
            return Ok(Some(folder));
        }
        let Some(document) = self.find(&format!("{name}.json")) else { return Ok(None) };
        let pages = self.scratch(name);
        if !pages.exists() {
            split(&document, &pages)?;
        }
        Ok(Some(pages))
    }

    /// `count` pages made of those in `folder`: the first ones, and when they are used up the same again
    /// under other paths and names of operations. Components stay the same.
    pub(crate) fn as_many(&self, folder: &Path, count: usize) -> Result<PathBuf, Box<dyn Error>> {
        let made = self.scratch(&format!("{count}-pages"));
        if made.exists() {
            return Ok(made);
        }
        fs::create_dir(&made)?;
        let mut pages: Vec<PathBuf> = fs::read_dir(folder)?
            .map(|entry| Ok(entry?.path()))
            .collect::<Result<_, std::io::Error>>()?;
        pages.sort();
        for index in 0..count {
            let (round, page) = (index / pages.len(), &pages[index % pages.len()]);
            let document =
                page::extract(&page.to_string_lossy(), &fs::read_to_string(page)?)?.document;
            write(&made.join(format!("{index:05}.json")), &renamed(document, round))?;
        }
        Ok(made)
    }
}

/// Makes a page of each operation of a document.
fn split(document: &Path, folder: &Path) -> Result<(), Box<dyn Error>> {
    let document =
        page::extract(&document.to_string_lossy(), &fs::read_to_string(document)?)?.document;
    fs::create_dir(folder)?;
    let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    let operations = paths.flat_map(|(path, item)| {
        let methods = item.as_object().into_iter().flat_map(|item| item.keys());
        methods.filter(|key| METHODS.contains(&key.as_str())).map(move |method| (method, path))
    });
    for (index, (method, path)) in operations.enumerate() {
        let only = vec![format!("{method} {path}")];
        let page = Selection { only, except: Vec::new() }.of(&document)?;
        write(&folder.join(format!("{index:05}.json")), &page)?;
    }
    Ok(())
}

/// The document with its paths and operations named anew, as those of round 0 are.
fn renamed(mut document: Value, round: usize) -> Value {
    if round == 0 {
        return document;
    }
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else {
        return document;
    };
    *paths = std::mem::take(paths)
        .into_iter()
        .map(|(path, mut item)| {
            for method in METHODS {
                if let Some(Value::String(id)) = item.pointer_mut(&format!("/{method}/operationId"))
                {
                    *id = format!("{id}_{round}");
                }
            }
            (format!("/{round}{path}"), item)
        })
        .collect();
    document
}

fn write(path: &Path, document: &Value) -> Result<(), Box<dyn Error>> {
    Ok(fs::write(path, serde_json::to_vec_pretty(document)?)?)
}
