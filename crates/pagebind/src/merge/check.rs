//! What must hold of a merged document as a whole, and of no page alone.
//!
//! References and discriminator mappings lead somewhere, no operationId stands twice, and no method
//! stands under two paths that differ in the names of their parameters alone. What a client can be
//! made of all the same is a warning: a security scheme that is not defined, operationIds that are
//! alike only as names of Rust functions, and such paths whose methods differ.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase;
use serde_json::{Map, Value};

use crate::{
    diagnostic::Diagnostic,
    document::{METHODS, key_kind::KeyKind},
    page::Page,
    pointer,
    references::References,
    report::Report,
};

/// What is wrong with a document.
#[derive(Default)]
pub(super) struct Checked {
    pub(super) problems: Vec<Report>,
    pub(super) warnings: Vec<Report>,
}

/// Everything that is wrong with `document`, which was merged from `pages`.
pub(super) fn check(document: &Value, pages: &[&Page]) -> Checked {
    let references = References::of(document);
    let mut checker = Checker { document, pages, references, checked: Checked::default() };
    checker.walk(document, KeyKind::Keywords, &mut String::new());
    checker.cycles();
    checker.operation_ids();
    checker.templates();
    checker.checked
}

struct Checker<'a> {
    document: &'a Value,
    pages: &'a [&'a Page],
    references: References<'a>,
    checked: Checked,
}

impl<'a> Checker<'a> {
    fn walk(&mut self, value: &'a Value, keys: KeyKind, at: &mut String) {
        match value {
            _ if keys == KeyKind::Data => {}
            Value::Object(members) => {
                for (key, value) in members {
                    let length = pointer::push(at, key);
                    if value.is_null() && holds_members(keys, key, &at[..length]) {
                        let problem = Diagnostic::finding(format!("`{key}` is null"));
                        self.problem(problem.help("say what belongs there, or leave it out"), at);
                    }
                    if keys.is_keyword(key) {
                        self.keyword(key, value, at);
                    }
                    self.walk(value, keys.of_member(key, value), at);
                    at.truncate(length);
                }
            }
            Value::Array(items) => {
                let (_, key) = at.rsplit_once('/').unwrap_or_default();
                let no_null = keys == KeyKind::Keywords && holds_objects(key);
                for (index, item) in items.iter().enumerate() {
                    let length = pointer::push(at, &index.to_string());
                    if no_null && item.is_null() {
                        let problem = Diagnostic::finding("an item of a list is null");
                        self.problem(problem.help("say what belongs there, or leave it out"), at);
                    }
                    self.walk(item, keys, at);
                    at.truncate(length);
                }
            }
            _ => {}
        }
    }

    fn keyword(&mut self, key: &str, value: &Value, at: &str) {
        match (key, value) {
            ("$ref" | "$dynamicRef", Value::String(reference)) => {
                // Several schemas may bear the anchor of a dynamic reference; which one is meant
                // depends on the way there.
                let borne = || {
                    let (_, anchor) = reference.split_once('#').unwrap_or_default();
                    key == "$dynamicRef" && self.references.bearers(anchor).next().is_some()
                };
                if self.references.find(reference, at).is_none() && !borne() {
                    self.problem(leads_nowhere(reference), at);
                }
            }
            ("$ref" | "$dynamicRef", _) => {
                let problem = Diagnostic::finding(format!("a `{key}` that is not a string"));
                self.problem(problem.help("correct the reference"), at);
            }
            ("discriminator", Value::Object(discriminator)) => {
                let mapping = discriminator.get("mapping").and_then(Value::as_object);
                for (name, target) in mapping.into_iter().flatten() {
                    let target = target.as_str().unwrap_or_default();
                    if !self.has_component("schemas", target)
                        && self.references.find(target, at).is_none()
                    {
                        let problem = Diagnostic::finding(format!(
                            "the discriminator maps `{name}` to `{target}`, which is nowhere"
                        ));
                        let at = pointer::join(&format!("{at}/mapping"), name);
                        self.problem(problem.help("correct the mapping"), &at);
                    }
                }
            }
            ("security", Value::Array(requirements)) => {
                for (index, requirement) in requirements.iter().enumerate() {
                    for scheme in requirement.as_object().into_iter().flat_map(Map::keys) {
                        if !self.has_component("securitySchemes", scheme) {
                            let warning = Diagnostic::finding(format!(
                                "the security scheme `{scheme}` is not defined, so nothing is sent \
                                 for it"
                            ))
                            .help("add it to components/securitySchemes");
                            let at = pointer::join(&format!("{at}/{index}"), scheme);
                            let warning = self.seen(Report::new(warning), at, None);
                            self.checked.warnings.push(warning);
                        }
                    }
                }
            }
            _ => {}
        }
    }

    fn has_component(&self, section: &str, name: &str) -> bool {
        let section = self.document.get("components").and_then(|all| all.get(section));
        section.is_some_and(|section| section.get(name).is_some())
    }

    /// Components and path items that are nothing but a reference and in the end lead back to themselves. A schema
    /// may: it says nothing then, which is something to say.
    fn cycles(&mut self) {
        let components = self.document.get("components").and_then(Value::as_object);
        let components = components.into_iter().flatten();
        let components = components.filter(|(section, _)| *section != "schemas");
        let sections = components
            .map(|(section, members)| (pointer::join("/components", section), members))
            .chain(self.document.get("paths").map(|paths| ("/paths".to_owned(), paths)));
        let mut known = BTreeSet::new();
        for (section, members) in sections {
            for name in members.as_object().into_iter().flat_map(Map::keys) {
                let start = pointer::join(&section, name);
                let mut way = vec![start];
                while let Some(here) = way.last()
                    && !known.contains(here)
                    && let Some(reference) =
                        self.document.pointer(here).and_then(|it| it.get("$ref"))
                    && let Some(next) =
                        self.references.find(reference.as_str().unwrap_or_default(), here)
                {
                    if let Some(first) = way.iter().position(|passed| *passed == next) {
                        let cycle = way.split_off(first);
                        self.cycle(&cycle);
                        known.extend(cycle);
                        break;
                    }
                    way.push(next);
                }
                known.extend(way);
            }
        }
    }

    fn cycle(&mut self, cycle: &[String]) {
        let are_paths = cycle.iter().all(|at| at.starts_with("/paths/"));
        let what = if are_paths { "paths" } else { "components" };
        let problem =
            Diagnostic::finding(format!("{what} that refer to each other, and to nothing else"))
                .help("write out in one of them what they stand for");
        let report = cycle.iter().fold(Report::new(problem), |report, at| {
            self.seen(report, pointer::join(at, "$ref"), None)
        });
        self.checked.problems.push(report);
    }

    /// operationIds that are not unique, or no longer are as names of Rust functions.
    fn operation_ids(&mut self) {
        let mut by_name = BTreeMap::<String, Vec<(&str, String)>>::new();
        for section in ["paths", "webhooks"] {
            let items = self.document.get(section).and_then(Value::as_object);
            for (path, item) in items.into_iter().flatten() {
                for method in METHODS {
                    let id = item.get(method).and_then(|operation| operation.get("operationId"));
                    if let Some(id) = id.and_then(Value::as_str) {
                        let at = [section, path, method, "operationId"]
                            .iter()
                            .fold(String::new(), |at, token| pointer::join(&at, token));
                        by_name.entry(id.to_snake_case()).or_default().push((id, at));
                    }
                }
            }
        }
        for (name, uses) in by_name.into_iter().filter(|(_, uses)| uses.len() > 1) {
            let ids: BTreeSet<_> = uses.iter().map(|(id, _)| id).collect();
            let twice = ids.len() < uses.len();
            let problem = if twice {
                Diagnostic::finding(format!("{} operations share an operationId", uses.len()))
            } else {
                Diagnostic::finding(format!(
                    "{} operations have an operationId that becomes `{name}` in snake case; all \
                     but the first are numbered",
                    uses.len()
                ))
            };
            let problem = problem.help("give each operation an operationId of its own");
            let report = uses.into_iter().fold(Report::new(problem), |report, (id, at)| {
                self.seen(report, at, Some(format!("says `{id}`")))
            });
            if twice {
                self.checked.problems.push(report);
            } else {
                self.checked.warnings.push(report);
            }
        }
    }

    /// Path templates that match the same paths (OpenAPI 3.1.1, section 4.8.8.1).
    fn templates(&mut self) {
        let mut by_shape = BTreeMap::<String, Vec<&str>>::new();
        let paths = self.document.get("paths").and_then(Value::as_object);
        for path in paths.into_iter().flat_map(Map::keys) {
            by_shape.entry(shape(path)).or_default().push(path);
        }
        for paths in by_shape.into_values().filter(|paths| paths.len() > 1) {
            let mut contested = Vec::new();
            for method in METHODS {
                let says = |path: &&&str| self.says(path, method);
                let of_method: Vec<_> = paths.iter().filter(says).collect();
                if of_method.len() > 1 {
                    contested.push((method, of_method));
                }
            }
            let mut reports = contested.into_iter().map(|(method, paths)| {
                let problem = Diagnostic::finding(format!(
                    "`{method}` stands under paths that differ in the names of their parameters \
                     alone"
                ))
                .help("correct the pages to use the same parameter names");
                paths.into_iter().fold(Report::new(problem), |report, path| {
                    self.seen(report, pointer::join(&pointer::join("/paths", path), method), None)
                })
            });
            let problems: Vec<_> = reports.by_ref().collect();
            if !problems.is_empty() {
                self.checked.problems.extend(problems);
                continue;
            }
            let warning = Diagnostic::finding(
                "paths that differ in the names of their parameters alone; as their methods differ, \
                 each keeps its own",
            )
            .help("correct the pages if they mean one path");
            let warning = paths.iter().fold(Report::new(warning), |report, path| {
                self.seen(report, pointer::join("/paths", path), None)
            });
            self.checked.warnings.push(warning);
        }
    }

    /// Whether the path item `path`, or one that it refers to, has `method`.
    fn says(&self, path: &str, method: &str) -> bool {
        let mut at = pointer::join("/paths", path);
        let mut passed = BTreeSet::new();
        while let Some(item) = self.document.pointer(&at) {
            if item.get(method).is_some() {
                return true;
            }
            let reference = item.get("$ref").and_then(Value::as_str);
            let target = reference.and_then(|reference| self.references.find(reference, &at));
            match target {
                Some(target) if passed.insert(at) => at = target,
                _ => return false,
            }
        }
        false
    }

    fn problem(&mut self, problem: Diagnostic, at: &str) {
        let report = self.seen(Report::new(problem), at.to_owned(), None);
        self.checked.problems.push(report);
    }

    /// `report`, seen at `pointer` on the first page that says what the document says there; on the
    /// first that says what is around it, where it was moved there from elsewhere.
    fn seen(&self, report: Report, pointer: String, note: Option<String>) -> Report {
        let said = self.document.pointer(&pointer);
        let mut page = self
            .pages
            .iter()
            .position(|page| said.is_some() && page.document.pointer(&pointer) == said);
        let mut around = pointer.as_str();
        while page.is_none() {
            page = self.pages.iter().position(|page| page.document.pointer(around).is_some());
            around = around.rsplit_once('/').map_or("", |(around, _)| around);
        }
        report.seen(page.unwrap_or_default(), pointer, note)
    }
}

/// Whether the value under a key of the object `around` has members or items, so that null is no way to say that there is none.
fn holds_members(keys: KeyKind, key: &str, around: &str) -> bool {
    match keys {
        // These name texts.
        KeyKind::Names => !around.ends_with("/mapping") && !around.ends_with("/scopes"),
        KeyKind::Keywords => matches!(
            key,
            "additionalProperties"
                | "allOf"
                | "anyOf"
                | "callbacks"
                | "components"
                | "content"
                | "headers"
                | "info"
                | "items"
                | "links"
                | "not"
                | "oneOf"
                | "parameters"
                | "properties"
                | "requestBody"
                | "responses"
                | "schema"
                | "schemas"
                | "security"
                | "securitySchemes"
                | "servers"
                | "tags"
        ),
        _ => false,
    }
}

/// Whether the items of the list under a key are objects, or texts that name something.
fn holds_objects(key: &str) -> bool {
    matches!(key, "allOf" | "anyOf" | "oneOf" | "parameters" | "servers" | "tags")
}

fn leads_nowhere(reference: &str) -> Diagnostic {
    let (iri, _) = reference.split_once('#').unwrap_or((reference, ""));
    if iri.is_empty() {
        return Diagnostic::finding(format!("the reference `{reference}` leads nowhere"))
            .help("correct the reference, or add the page that says what it names");
    }
    Diagnostic::finding(format!("the reference `{reference}` leads out of the document"))
        .help("correct the reference, or take in what it names as a component")
}

/// A path template with its parameters' names taken out.
fn shape(path: &str) -> String {
    let mut parts = path.split('{');
    let mut shape = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        shape.push_str("{}");
        shape.push_str(part.split_once('}').map_or(part, |(_, rest)| rest));
    }
    shape
}
