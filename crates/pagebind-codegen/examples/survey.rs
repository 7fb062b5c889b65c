//! What becomes of a folder of documents: a table of the documents, and one of what their clients can't say.
//!
//! `cargo run --release -p pagebind-codegen --example survey -- FOLDER [SOURCES]`
//!
//! Prints Markdown; `docs/survey.md` holds what was printed last. The documents are their publishers' and no part
//! of this project. With `SOURCES` the source of each client is written there, to be compiled.

#![allow(clippy::print_stdout, reason = "printing is what it is for")]

use std::{
    collections::BTreeMap,
    env,
    error::Error,
    fs,
    panic::catch_unwind,
    path::{Path, PathBuf},
};

use pagebind::document::{self, METHODS};
use pagebind_codegen::{Generated, generate};
use serde_json::Value;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args().nth(1).ok_or("name a folder of documents")?;
    let sources = env::args().nth(2).map(PathBuf::from);
    let mut paths = Vec::new();
    files(Path::new(&folder), &mut paths)?;
    paths.sort();
    let mut kinds: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut refused = Vec::new();
    let (mut documents, mut operations) = (0, 0);
    println!("| document | version | operations | degradations | losses |\n|---|---|--:|--:|--:|");
    for path in &paths {
        let name = path.strip_prefix(&folder)?.with_extension("");
        let name = name.to_string_lossy().into_owned();
        let contract = match document::parse(&name, &fs::read_to_string(path)?) {
            Ok(contract) => contract,
            Err(error) => {
                refused.push((name, error.to_string()));
                continue;
            }
        };
        let version = contract.pointer("/info/version").and_then(Value::as_str).unwrap_or_default();
        let count = count(&contract);
        let generated = match catch_unwind(|| generate(&contract)) {
            Ok(Ok(generated)) => generated,
            Ok(Err(problems)) => {
                refused.push((name, problems.to_string()));
                continue;
            }
            Err(_) => {
                refused.push((name, "panicked".to_owned()));
                continue;
            }
        };
        documents += 1;
        operations += count;
        let Generated { source, degradations, losses, .. } = generated;
        println!("| {name} | {version} | {count} | {} | {} |", degradations.len(), losses.len());
        if let Some(sources) = &sources {
            fs::create_dir_all(sources)?;
            let file = name.replace(|c: char| !c.is_ascii_alphanumeric(), "_").to_lowercase();
            fs::write(sources.join(file + ".rs"), source)?;
        }
        let mut of_document: BTreeMap<String, usize> = BTreeMap::new();
        for degradation in degradations {
            *of_document.entry(kind(&degradation.message)).or_default() += 1;
        }
        for (kind, count) in of_document {
            let (places, documents) = kinds.entry(kind).or_default();
            *places += count;
            *documents += 1;
        }
    }
    println!("\n{documents} documents, {operations} operations; {} refused", refused.len());
    for (name, problems) in &refused {
        println!("\n- {name}: {}", problems.lines().next().unwrap_or_default());
    }
    println!("\n| degradation | places | documents |\n|---|--:|--:|");
    let mut kinds: Vec<(String, (usize, usize))> = kinds.into_iter().collect();
    kinds.sort_by_key(|(_, (places, _))| std::cmp::Reverse(*places));
    for (kind, (places, documents)) in kinds {
        println!("| {kind} | {places} | {documents} |");
    }
    Ok(())
}

/// Every document below `folder`.
fn files(folder: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files(&path, found)?;
        } else if path
            .extension()
            .is_some_and(|it| ["json", "yaml", "yml", "md"].iter().any(|known| it == *known))
        {
            found.push(path);
        }
    }
    Ok(())
}

/// How many operations a document has.
fn count(document: &Value) -> usize {
    let paths = document.get("paths").and_then(Value::as_object);
    let methods =
        |item: &Value| METHODS.iter().filter(|method| item.get(**method).is_some()).count();
    paths.into_iter().flat_map(|paths| paths.values()).map(methods).sum()
}

/// A message without what is of one document alone: names, numbers and values.
fn kind(message: &str) -> String {
    if message.starts_with("that it has ") && message.ends_with(" is not checked") {
        return "that it has … or … is not checked".to_owned();
    }
    let mut kind = String::new();
    for (index, part) in message.split('`').enumerate() {
        kind.push_str(if index % 2 == 1 { "…" } else { part });
    }
    kind
}
