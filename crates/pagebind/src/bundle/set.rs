//! All that the pages of a set refer to elsewhere, followed from file to file.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    part::Part,
    path::{self, Outside},
};
use crate::{
    diagnostic::{Diagnostic, Place},
    document::{self, key_kind::KeyKind},
    page::{self, Page, Text},
    pointer,
    references::References,
    report::Report,
};

/// A file of the set that is no page.
#[derive(Debug, Clone)]
pub struct File {
    /// What diagnostics call it.
    pub name: String,
    /// All that stands in it.
    pub text: String,
}

/// What became of reading a file.
enum Loaded {
    Read(Value, Text),
    Missing,
    /// It is there, and what is wrong with it was told.
    Unreadable,
}

/// A part of a file that something refers to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Target {
    /// What the reference means, which says what the part is.
    pub(super) part: Part,
    /// The path of its file.
    pub(super) path: String,
    /// JSON pointer to it in the document there.
    pub(super) pointer: String,
}

impl Target {
    /// The section of the components that it can be one of. Path items are none in 3.0.
    pub(super) fn section(&self) -> Option<&'static str> {
        let keyword = matches!(self.part.keys, KeyKind::Keywords | KeyKind::Example);
        self.part.section.filter(|section| keyword && *section != "pathItems")
    }
}

/// The pages, and the files that they refer to.
pub(super) struct Set<'a> {
    pub(super) pages: &'a [Page],
    /// The page at each path; the first, where there are several.
    by_path: BTreeMap<&'a str, usize>,
    /// What each page that refers elsewhere says by its own names.
    references: Vec<Option<References<'a>>>,
    read: &'a mut (dyn FnMut(&str) -> Result<Option<File>, Diagnostic> + Send),
    /// The files that are no pages, by their paths.
    files: BTreeMap<String, Loaded>,
    /// Everything that is referred to.
    pub(super) targets: BTreeSet<Target>,
    open: Vec<Target>,
    pub(super) problems: Vec<Report>,
    /// What is wrong in or with files that are no pages.
    pub(super) in_files: Vec<Diagnostic>,
    /// What was read of them otherwise than it is written.
    pub(super) warnings: Vec<Diagnostic>,
}

impl<'a> Set<'a> {
    pub(super) fn new(
        pages: &'a [Page],
        read: &'a mut (dyn FnMut(&str) -> Result<Option<File>, Diagnostic> + Send),
    ) -> Self {
        let mut by_path = BTreeMap::new();
        for (index, page) in pages.iter().enumerate() {
            by_path.entry(page.path.as_str()).or_insert(index);
        }
        let references = |page: &'a Page| {
            refers_elsewhere(&page.document).then(|| References::of(&page.document))
        };
        Self {
            pages,
            by_path,
            references: pages.iter().map(references).collect(),
            read,
            files: BTreeMap::new(),
            targets: BTreeSet::new(),
            open: Vec::new(),
            problems: Vec::new(),
            in_files: Vec::new(),
            warnings: Vec::new(),
        }
    }

    /// Follows every reference to its end, and notes those that have none.
    pub(super) fn explore(&mut self) {
        let pages = self.pages;
        for (page, one) in pages.iter().enumerate() {
            if self.references[page].is_some() {
                self.walk(Source::Page(page), &one.document, Part::ROOT, &mut String::new());
            }
        }
        while let Some(target) = self.open.pop() {
            let source = self.source(&target.path);
            let mut at = target.pointer.clone();
            // On a page, its own walk has been there.
            if let Source::File(_) = source
                && let Some(value) = self.value(&target).cloned()
            {
                self.walk(source, &value, target.part, &mut at);
            }
        }
    }

    fn walk(&mut self, source: Source<'_>, value: &Value, part: Part, at: &mut String) {
        match value {
            _ if part.keys == KeyKind::Data => {}
            Value::Object(members) => {
                for (key, value) in members {
                    let length = pointer::push(at, key);
                    match value {
                        Value::String(reference) if key == "$ref" => {
                            self.follow(source, reference, part, at);
                        }
                        Value::String(reference) if is_mapping(part, at) => {
                            let schema = Part { keys: KeyKind::Keywords, section: Some("schemas") };
                            if is_reference(reference) {
                                self.follow(source, reference, schema, at);
                            }
                        }
                        Value::Object(_) | Value::Array(_) => {
                            self.walk(source, value, part.member(key, value), at);
                        }
                        _ => {}
                    }
                    at.truncate(length);
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    let length = pointer::push(at, &index.to_string());
                    self.walk(source, item, part, at);
                    at.truncate(length);
                }
            }
            _ => {}
        }
    }

    fn follow(&mut self, source: Source<'_>, reference: &str, part: Part, at: &str) {
        let (iri, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        if self.is_internal(source, reference, at) {
            return;
        }
        let from = self.path(source).to_owned();
        let path = if iri.is_empty() { Ok(from) } else { path::resolve(&from, iri) };
        let path = match path {
            Ok(path) => path,
            Err(outside) => {
                let message = match outside {
                    Outside::Above => {
                        format!("the reference `{reference}` leads out of the folder")
                    }
                    Outside::Elsewhere => {
                        format!("the reference `{reference}` leads elsewhere than to a file")
                    }
                };
                let help = "save what it names in the folder and correct the reference; nothing else is read";
                return self.problem(source, Diagnostic::finding(message).help(help), at);
            }
        };
        if let Err(problem) = self.load(&path) {
            return self.problem(source, problem, at);
        }
        if matches!(self.files.get(&path), Some(Loaded::Unreadable)) {
            return;
        }
        let Some(document) = self.document(&path) else {
            let problem = Diagnostic::finding(format!("the reference `{reference}` names no file"))
                .help("correct the reference, or add the file to the folder");
            return self.problem(source, problem, at);
        };
        let Some(pointer) = pointer_of(document, fragment) else {
            let message = format!("the reference `{reference}` names nothing in its file");
            let problem = Diagnostic::finding(message).help("correct the reference");
            return self.problem(source, problem, at);
        };
        let target = Target { part, path, pointer };
        if self.targets.insert(target.clone()) {
            self.open.push(target);
        }
    }

    /// Whether a reference on a page leads to the same page.
    fn is_internal(&self, source: Source<'_>, reference: &str, at: &str) -> bool {
        let Source::Page(page) = source else {
            return false;
        };
        reference.is_empty()
            || reference.starts_with('#')
            || self.references[page].as_ref().is_some_and(|it| it.find(reference, at).is_some())
    }

    /// What `reference` means, if it leads to another file, or from one that is no page.
    pub(super) fn target(
        &self,
        source: Source<'_>,
        reference: &str,
        part: Part,
        at: &str,
    ) -> Option<Target> {
        if self.is_internal(source, reference, at) {
            return None;
        }
        let (iri, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let from = self.path(source);
        let path = if iri.is_empty() { from.to_owned() } else { path::resolve(from, iri).ok()? };
        let pointer = pointer_of(self.document(&path)?, fragment)?;
        Some(Target { part, path, pointer })
    }

    fn path<'s>(&'s self, source: Source<'s>) -> &'s str {
        match source {
            Source::Page(page) => &self.pages[page].path,
            Source::File(path) => path,
        }
    }

    /// What stands at a path.
    pub(super) fn source<'s>(&self, path: &'s str) -> Source<'s> {
        self.by_path.get(path).map_or(Source::File(path), |page| Source::Page(*page))
    }

    /// The document at a path, if it was read.
    fn document(&self, path: &str) -> Option<&Value> {
        match self.source(path) {
            Source::Page(page) => Some(&self.pages[page].document),
            Source::File(path) => self.file(path).map(|(document, _)| document),
        }
    }

    pub(super) fn value(&self, target: &Target) -> Option<&Value> {
        self.document(&target.path)?.pointer(&target.pointer)
    }

    /// The text of the file at a path, if it was read.
    pub(super) fn text(&self, path: &str) -> Option<&Text> {
        match self.source(path) {
            Source::Page(page) => Some(self.pages[page].source()),
            Source::File(path) => self.file(path).map(|(_, text)| text),
        }
    }

    fn file(&self, path: &str) -> Option<(&Value, &Text)> {
        match self.files.get(path)? {
            Loaded::Read(document, text) => Some((document, text)),
            Loaded::Missing | Loaded::Unreadable => None,
        }
    }

    /// Reads the file at `path`, unless that was done; says once what is wrong with it.
    fn load(&mut self, path: &str) -> Result<(), Diagnostic> {
        if self.by_path.contains_key(path) || self.files.contains_key(path) {
            return Ok(());
        }
        let loaded = (self.read)(path).and_then(|file| file.map(|file| parse(&file)).transpose());
        let (loaded, told) = match loaded {
            Ok(Some((document, text, warnings))) => {
                self.warnings.extend(warnings);
                (Loaded::Read(document, text), Ok(()))
            }
            Ok(None) => (Loaded::Missing, Ok(())),
            Err(problem) => (Loaded::Unreadable, Err(problem)),
        };
        self.files.insert(path.to_owned(), loaded);
        told
    }

    fn problem(&mut self, source: Source<'_>, problem: Diagnostic, at: &str) {
        match source {
            Source::Page(page) => {
                self.problems.push(Report::new(problem).seen(page, at.to_owned(), None));
            }
            Source::File(path) => {
                let place = self.text(path).map(|text| {
                    let position = text.positions(&[at]).pop().flatten();
                    Place::new(&*text.name).at(position).pointer(at)
                });
                self.in_files.push(place.into_iter().fold(problem, Diagnostic::place));
            }
        }
    }
}

/// Where a reference stands.
#[derive(Debug, Clone, Copy)]
pub(super) enum Source<'s> {
    /// On a page, by its index.
    Page(usize),
    /// In a file that is no page, by its path.
    File(&'s str),
}

/// A file that is no page of the set: a document of its own, or parts of one. Gives what was read otherwise than
/// it is written, too.
fn parse(file: &File) -> Result<(Value, Text, Vec<Diagnostic>), Diagnostic> {
    if let Ok(page) = page::extract(&file.name, &file.text) {
        let text = page.source().clone();
        return Ok((page.document, text, page.warnings));
    }
    let (mut value, merge_keys) = document::parse_telling(&file.name, &file.text)?;
    let text = Text::whole(&file.name, &file.text);
    let mut warnings: Vec<_> =
        merge_keys.into_iter().map(|at| page::merge_key(&file.name, at)).collect();
    if !text.is_json() {
        warnings.extend(page::unquoted(&mut value, &text));
    }
    Ok((value, text, warnings))
}

/// JSON pointer of what `fragment` names in `document`; it may name the whole.
fn pointer_of(document: &Value, fragment: &str) -> Option<String> {
    if fragment.is_empty() {
        return Some(String::new());
    }
    References::of_fragment(document, fragment)
}

/// Whether anything in a document refers to what is not in it, by the look of it.
pub(super) fn refers_elsewhere(document: &Value) -> bool {
    fn refers(value: &Value, keys: KeyKind) -> bool {
        match value {
            _ if keys == KeyKind::Data => false,
            Value::Object(members) => members.iter().any(|(key, value)| match value {
                Value::String(reference) if key == "$ref" => {
                    !reference.is_empty() && !reference.starts_with('#')
                }
                Value::String(reference) => keys == KeyKind::Names && is_path(reference),
                _ => refers(value, keys.of_member(key, value)),
            }),
            Value::Array(items) => items.iter().any(|item| refers(item, keys)),
            _ => false,
        }
    }
    refers(document, KeyKind::Keywords)
}

/// Whether the value at `at`, whose keys are of `part`, is a mapping of a discriminator.
pub(super) fn is_mapping(part: Part, at: &str) -> bool {
    part.keys == KeyKind::Names
        && at.rsplit('/').nth(1) == Some("mapping")
        && at.rsplit('/').nth(2) == Some("discriminator")
}

/// Whether the target of a mapping leads somewhere by itself, in its own file or another, rather than by the name
/// of a schema.
pub(super) fn is_reference(target: &str) -> bool {
    target.starts_with('#') || is_path(target)
}

/// Whether the target of a mapping is a file rather than the name of a schema.
pub(super) fn is_path(target: &str) -> bool {
    let (iri, _) = target.split_once('#').unwrap_or((target, ""));
    let ending = iri.rsplit_once('.').map(|(_, ending)| ending);
    matches!(ending, Some("json" | "md" | "yaml" | "yml")) && !iri.contains("://")
}
