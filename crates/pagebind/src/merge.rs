//! Many pages of one API into one document.
//!
//! Each page says a few operations and all that they need, so the pages say most components over
//! and over. What they say about one part (an operation, a component, the root's `info`) is
//! gathered first and judged once: the same everywhere, different in annotations alone, or a
//! conflict. Nothing is renamed, and no page wins by being first or last: the parts come out
//! sorted, and where spellings of one thing differ, its content decides which is taken.

mod check;
mod claim;
mod compare;
mod push_down;

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use serde_json::{Map, Value};

use self::claim::{Claim, Verdict};
use crate::{
    diagnostic::{Diagnostic, Diagnostics},
    document::{METHODS, key_kind::KeyKind},
    page::Page,
    pointer,
    report::{Report, located},
};

/// The keys of the root that pages must agree on, also in not having them.
const AGREED: [&str; 4] = ["info", "jsonSchemaDialect", "servers", "security"];

/// The keys of the root that are merged in a way of their own, or must be agreed on.
const ROOT: [&str; 9] = [
    "openapi",
    "info",
    "jsonSchemaDialect",
    "servers",
    "security",
    "tags",
    "paths",
    "webhooks",
    "components",
];

/// What the manifest allows to differ from page to page.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Push a page's own `servers` down to its operations where pages disagree.
    pub servers_per_page: bool,
    /// Push a page's own `security` down to its operations where pages disagree.
    pub security_per_page: bool,
    /// Let pages say different things of the API as a whole (`info`): the title is then this one, and
    /// of all else what they agree on, or the first by content, with a warning.
    pub info_per_page: Option<String>,
}

/// One document made of many, and where each part of it was said.
#[derive(Debug, Clone)]
pub struct Merged {
    /// The merged OpenAPI document.
    pub document: Value,
    /// For each operation and component (by JSON pointer) the names of the pages that say it.
    pub provenance: BTreeMap<String, BTreeSet<String>>,
    /// What somebody should look at: differences in annotations alone, each with the pick that was
    /// made, and what a client expresses less exactly than the pages mean it.
    pub warnings: Vec<Diagnostic>,
}

/// How much a merged document holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Operations, those of webhooks included.
    pub operations: usize,
    /// Components of all sections.
    pub components: usize,
    /// How many of the components more than one page says.
    pub shared: usize,
}

impl Merged {
    /// How many operations and components the document holds, and how many were shared.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let (components, operations): (Vec<_>, Vec<_>) =
            self.provenance.iter().partition(|(pointer, _)| pointer.starts_with("/components/"));
        Counts {
            operations: operations.len(),
            components: components.len(),
            shared: components.iter().filter(|(_, pages)| pages.len() > 1).count(),
        }
    }
}

/// Merges the documents of `pages`; their order never changes the result.
///
/// # Errors
/// All that is wrong, in one run: every conflict, with all pages that take part in it; references,
/// and discriminator mappings that lead nowhere; operationIds that stand twice; a method under two
/// paths that differ in parameter names alone.
pub fn merge<'p>(
    pages: impl IntoIterator<Item = &'p Page>,
    options: &Options,
) -> Result<Merged, Diagnostics> {
    let mut pages: Vec<_> = pages.into_iter().collect();
    if pages.is_empty() {
        return Err(Diagnostic::finding("no pages to merge").help("name at least one page").into());
    }
    pages.sort_by(|a, b| a.name.cmp(&b.name));

    let mut documents: Vec<_> = pages.iter().map(|page| Cow::Borrowed(&page.document)).collect();
    if options.servers_per_page {
        push_down::push_down(&mut documents, "servers");
    }
    if options.security_per_page {
        push_down::push_down(&mut documents, "security");
    }
    let documents: Vec<&Value> = documents.iter().map(AsRef::as_ref).collect();

    let mut merger = Merger {
        pages: &pages,
        info_title: options.info_per_page.as_deref(),
        provenance: BTreeMap::new(),
        warnings: Vec::new(),
        problems: Vec::new(),
    };
    let document = Value::Object(merger.root(&documents));
    let checked = check::check(&document, &pages);
    merger.problems.extend(checked.problems);
    merger.warnings.extend(checked.warnings);
    Diagnostics::check(located(merger.problems, &pages))?;
    let mut warnings: Vec<_> =
        pages.iter().flat_map(|page| page.warnings.iter().cloned()).collect();
    warnings.extend(located(merger.warnings, &pages));
    Ok(Merged { document, provenance: merger.provenance, warnings })
}

/// Gathers and judges part after part.
struct Merger<'p> {
    /// Sorted by name; a page is known by its index.
    pages: &'p [&'p Page],
    /// The title where pages may disagree on `info`.
    info_title: Option<&'p str>,
    provenance: BTreeMap<String, BTreeSet<String>>,
    warnings: Vec<Report>,
    problems: Vec<Report>,
}

impl Merger<'_> {
    fn root(&mut self, documents: &[&Value]) -> Map<String, Value> {
        let mut root = Map::new();
        let version = self.version(documents);
        insert_present(&mut root, "openapi", version);
        for key in AGREED {
            if let ("info", Some(title)) = (key, self.info_title) {
                let info = self.info(documents, title);
                insert_present(&mut root, key, info);
                continue;
            }
            let values = documents.iter().enumerate();
            let values = values.filter(|(_, document)| push_down::takes_part(document, key));
            let values = values.map(|(page, document)| (page, document.get(key)));
            let value = self.agreed(&pointer::join("", key), values);
            insert_present(&mut root, key, value);
        }
        let tags = self.tags(documents);
        insert_present(&mut root, "tags", tags);
        for section in ["paths", "webhooks"] {
            let items = self.items(section, documents);
            insert_present(&mut root, section, items);
        }
        let components = self.components(documents);
        insert_present(&mut root, "components", components);
        self.said(documents, "", &mut root);
        root
    }

    /// What pages say of the API, each of which may say it in its own way.
    fn info(&mut self, documents: &[&Value], title: &str) -> Option<Value> {
        let mut members = BTreeMap::<_, Claim<'_>>::new();
        let mut all = Claim::default();
        for (page, document) in documents.iter().enumerate() {
            all.add(page, document.get("info"));
            let info = document.get("info").and_then(Value::as_object);
            for (key, value) in info.into_iter().flatten() {
                members.entry(&**key).or_default().add(page, value);
            }
        }
        if matches!(all.verdict(KeyKind::Data), Verdict::Agreed) {
            return all.pick().cloned();
        }
        let mut info = Map::new();
        for (key, claim) in members {
            let verdict = claim.verdict(KeyKind::Data);
            if key == "title" && !matches!(verdict, Verdict::Agreed) {
                info.insert(key.to_owned(), Value::from(title));
                continue;
            }
            let value = self.settle(&pointer::join("/info", key), &claim, verdict.of_annotation());
            insert_present(&mut info, key, value);
        }
        Some(Value::Object(info))
    }

    /// The newest patch of the version; the minor version must be the same on all pages.
    fn version(&mut self, documents: &[&Value]) -> Option<Value> {
        let mut claim = Claim::default();
        let mut versions = BTreeMap::new();
        for (page, document) in documents.iter().enumerate() {
            let version = document.get("openapi");
            claim.add(page, version);
            let text = version.and_then(Value::as_str).unwrap_or_default();
            let (minor, patch) = text.rsplit_once('.').unwrap_or((text, ""));
            versions.insert((minor, patch.parse::<u32>().ok()), version);
        }
        let minors: BTreeSet<_> = versions.keys().map(|(minor, _)| minor).collect();
        if minors.len() > 1 {
            let problem = Diagnostic::finding("pages are of different OpenAPI versions")
                .help("convert the older pages, or bind them as an API of their own");
            let base = |_| "/openapi".to_owned();
            self.problems.push(claim.report(problem, base, ""));
        }
        versions.pop_last()?.1.cloned()
    }

    /// A part that every page must say alike, or not at all.
    fn agreed<'a>(
        &mut self,
        pointer: &str,
        values: impl Iterator<Item = (usize, Option<&'a Value>)>,
    ) -> Option<Value> {
        let mut claim = Claim::default();
        for (page, value) in values {
            claim.add(page, value);
        }
        self.settle(pointer, &claim, claim.verdict(KeyKind::Data))
    }

    /// The other keys of the objects at `at`: extensions, and at the root `externalDocs`. A page
    /// without one says nothing against it; those that have one must agree.
    fn said(&mut self, documents: &[&Value], at: &str, into: &mut Map<String, Value>) {
        let mut claims = BTreeMap::<_, Claim<'_>>::new();
        for (page, document) in documents.iter().enumerate() {
            let members = document.pointer(at).and_then(Value::as_object);
            for (key, value) in members.into_iter().flatten() {
                if key.starts_with("x-") || (at.is_empty() && !ROOT.contains(&&**key)) {
                    claims.entry(&**key).or_default().add(page, value);
                }
            }
        }
        for (key, claim) in claims {
            let mut verdict = claim.verdict(KeyKind::Data);
            if KeyKind::Keywords.is_annotation(key) {
                verdict = verdict.of_annotation();
            }
            let value = self.settle(&pointer::join(at, key), &claim, verdict);
            insert_present(into, key, value);
        }
    }

    /// The root's tags, by name.
    fn tags(&mut self, documents: &[&Value]) -> Option<Value> {
        let tags = |page: usize| documents[page].get("tags").and_then(Value::as_array);
        let mut claims = BTreeMap::<_, Claim<'_>>::new();
        for page in 0..documents.len() {
            for (index, tag) in tags(page).into_iter().flatten().enumerate() {
                match tag.get("name").and_then(Value::as_str) {
                    Some(name) => claims.entry(name).or_default().add(page, tag),
                    None => self.misshapen(page, &format!("/tags/{index}"), "a tag with a name"),
                }
            }
        }
        let merged = claims.into_iter().filter_map(|(name, claim)| {
            let place = |page| {
                let named = |tag: &Value| tag.get("name").and_then(Value::as_str) == Some(name);
                let index = tags(page).and_then(|tags| tags.iter().position(named));
                format!("/tags/{}", index.unwrap_or_default())
            };
            let subject = format!("tag `{name}`");
            self.settle_at(&subject, &claim, claim.verdict(KeyKind::Keywords), place)
        });
        let merged: Vec<_> = merged.collect();
        (0..documents.len()).any(|page| tags(page).is_some()).then_some(Value::Array(merged))
    }

    /// The path items under `paths` or `webhooks`: operations by method, which must be equal
    /// where several pages say one, and the fields beside them, on which pages must agree.
    fn items(&mut self, section: &str, documents: &[&Value]) -> Option<Value> {
        let root = pointer::join("", section);
        let mut said = false;
        let mut by_name = BTreeMap::<&str, Vec<(usize, &Map<String, Value>)>>::new();
        for (page, document) in documents.iter().enumerate() {
            let Some(items) = self.object(page, document, &root) else {
                continue;
            };
            said = true;
            for name in items.keys().filter(|name| !name.starts_with("x-")) {
                let pointer = pointer::join(&root, name);
                if let Some(item) = self.object(page, document, &pointer) {
                    by_name.entry(name).or_default().push((page, item));
                }
            }
        }
        let mut merged = Map::new();
        for (name, items) in by_name {
            let item = self.item(&pointer::join(&root, name), &items);
            merged.insert(name.to_owned(), Value::Object(item));
        }
        self.said(documents, &root, &mut merged);
        said.then_some(Value::Object(merged))
    }

    fn item(&mut self, at: &str, items: &[(usize, &Map<String, Value>)]) -> Map<String, Value> {
        let mut merged = Map::new();
        let fields: BTreeSet<_> = items
            .iter()
            .flat_map(|(_, item)| item.keys())
            .filter(|key| !METHODS.contains(&&***key))
            .collect();
        for key in fields {
            self.no_method(at, key, items);
            let values = items.iter().map(|(page, item)| (*page, item.get(key)));
            let value = self.agreed(&pointer::join(at, key), values);
            insert_present(&mut merged, key, value);
        }
        for method in METHODS {
            let mut claim = Claim::default();
            for (page, item) in items {
                match item.get(method) {
                    Some(operation) if !operation.is_object() => {
                        self.misshapen(*page, &pointer::join(at, method), "an operation");
                    }
                    operation => {
                        if let Some(operation) = operation {
                            claim.add(*page, operation);
                        }
                    }
                }
            }
            let pointer = pointer::join(at, method);
            let operation = self.settle(&pointer, &claim, claim.verdict(KeyKind::Data));
            insert_present(&mut merged, method, operation);
            self.note_provenance(pointer, &claim);
        }
        merged
    }

    /// Tells of what stands where an operation may and has no method that is known: no client comes of it.
    fn no_method(&mut self, at: &str, key: &str, items: &[(usize, &Map<String, Value>)]) {
        let is_object = |(_, item): &&(usize, &Map<String, Value>)| item[key].is_object();
        let said = items.iter().filter(|(_, item)| item.contains_key(key)).find(is_object);
        let Some((page, _)) = said.filter(|_| !key.starts_with("x-")) else { return };
        let lower = key.to_ascii_lowercase();
        let report = |problem| Report::new(problem).seen(*page, pointer::join(at, key), None);
        if METHODS.contains(&&*lower) {
            let problem = Diagnostic::finding(format!("`{key}` is no method"));
            self.problems.push(report(problem.help(format!("write it as `{lower}`"))));
        } else {
            let problem =
                Diagnostic::finding(format!("`{key}` is no method, so no operation comes of it"));
            self.warnings.push(report(problem.help("correct the page if it means an operation")));
        }
    }

    fn components(&mut self, documents: &[&Value]) -> Option<Value> {
        const ROOT: &str = "/components";
        let mut said = false;
        let mut sections = BTreeMap::<&str, BTreeMap<&str, Claim<'_>>>::new();
        for (page, document) in documents.iter().enumerate() {
            let Some(components) = self.object(page, document, ROOT) else {
                continue;
            };
            said = true;
            for section in components.keys().filter(|key| !key.starts_with("x-")) {
                let pointer = pointer::join(ROOT, section);
                let members = self.object(page, document, &pointer);
                for (name, component) in members.into_iter().flatten() {
                    let claims = sections.entry(section).or_default();
                    claims.entry(name).or_default().add(page, component);
                }
            }
        }
        let mut merged = Map::new();
        for (section, claims) in sections {
            let mut components = Map::new();
            for (name, claim) in claims {
                let pointer = pointer::join(&pointer::join(ROOT, section), name);
                let mut verdict = claim.verdict(KeyKind::Keywords);
                // An Example Object says nothing that an inline `example` does not.
                if KeyKind::Keywords.is_annotation(section) {
                    verdict = verdict.of_annotation();
                }
                let component = self.settle(&pointer, &claim, verdict);
                insert_present(&mut components, name, component);
                self.note_provenance(pointer, &claim);
            }
            merged.insert(section.to_owned(), Value::Object(components));
        }
        self.said(documents, ROOT, &mut merged);
        said.then_some(Value::Object(merged))
    }

    /// The object at `pointer` of a page's document, if the page has one there.
    fn object<'a>(
        &mut self,
        page: usize,
        document: &'a Value,
        pointer: &str,
    ) -> Option<&'a Map<String, Value>> {
        let value = document.pointer(pointer)?;
        if !value.is_object() {
            self.misshapen(page, pointer, "an object");
        }
        value.as_object()
    }

    fn misshapen(&mut self, page: usize, pointer: &str, expected: &str) {
        let said = self.pages[page].document.pointer(pointer);
        let what = if said.is_some_and(Value::is_null) { "null, not" } else { "not" };
        let problem = Diagnostic::finding(format!("{what} {expected}")).help("correct the page");
        self.problems.push(Report::new(problem).seen(page, pointer.to_owned(), None));
    }

    fn note_provenance(&mut self, pointer: String, claim: &Claim<'_>) {
        let said_by = |page: usize| self.pages[page].said_by(&pointer).to_owned();
        let names: BTreeSet<_> = claim.pages().map(said_by).collect();
        if !names.is_empty() {
            self.provenance.insert(pointer, names);
        }
    }

    /// Takes the pick of a claim on the part at `pointer`, and reports what the verdict found.
    fn settle(&mut self, pointer: &str, claim: &Claim<'_>, verdict: Verdict) -> Option<Value> {
        let subject = match pointer::tokens(pointer).collect::<Vec<_>>().as_slice() {
            [_, section, name] if pointer.starts_with("/components/") => {
                format!("`{name}` in components/{section}")
            }
            [_, path, method] if METHODS.contains(&&**method) => format!("`{method} {path}`"),
            [_, path, field] => format!("`{field}` of `{path}`"),
            tokens => format!("`{}`", tokens.join("/")),
        };
        self.settle_at(&subject, claim, verdict, |_| pointer.to_owned())
    }

    /// [`settle`](Self::settle) for a part that stands elsewhere on each page.
    fn settle_at(
        &mut self,
        subject: &str,
        claim: &Claim<'_>,
        verdict: Verdict,
        pointer: impl Fn(usize) -> String,
    ) -> Option<Value> {
        match verdict {
            Verdict::Agreed => {}
            Verdict::Annotation(inner) => {
                let problem = Diagnostic::finding(format!(
                    "pages describe {subject} differently, the first of these is taken"
                ))
                .help("correct the pages if another of them describes it better");
                let warning = claim.report(problem, pointer, &inner);
                self.warnings.push(warning);
            }
            Verdict::Conflict(inner) => {
                let problem = Diagnostic::finding(format!(
                    "pages contradict each other on {subject}"
                ))
                .help(match subject {
                    "`info`" | "`servers`" | "`security`" => {
                        "correct the pages, or let it differ per page in the manifest"
                    }
                    _ => "find out which of them is right, and correct the others before they are merged: `overlays` at their entries in the manifest",
                });
                let conflict = claim.report(problem, pointer, &inner);
                self.problems.push(conflict);
            }
        }
        claim.pick().cloned()
    }
}

fn insert_present(object: &mut Map<String, Value>, key: &str, value: Option<Value>) {
    if let Some(value) = value {
        object.insert(key.to_owned(), value);
    }
}

#[cfg(test)]
mod tests;
