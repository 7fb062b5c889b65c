//! What must hold of a merged document as a whole, and of no page alone.
//!
//! References, security requirements and discriminator mappings lead somewhere, operationIds are
//! unique in the case that Rust functions are named in, and no two paths differ in the names of
//! their parameters alone.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::{
    diagnostic::{Diagnostic, Place},
    document::{METHODS, key_kind::KeyKind},
    page::Page,
    pointer,
};

/// Everything that is wrong with `document`, which was merged from `pages`.
pub(super) fn check(document: &Value, pages: &[&Page]) -> Vec<Diagnostic> {
    let mut targets = Targets::default();
    targets.gather(document, KeyKind::Keywords);
    let mut checker = Checker { document, pages, targets, problems: Vec::new() };
    checker.walk(document, KeyKind::Keywords, document, &mut String::new());
    checker.operation_ids();
    checker.templates();
    checker.problems
}

/// What references may name other than by a JSON pointer.
#[derive(Default)]
struct Targets<'a> {
    /// `$anchor` and `$dynamicAnchor` (JSON Schema 2020-12, section 8.2.2).
    anchors: BTreeSet<&'a str>,
    /// `$id` (section 8.2.1), as written.
    ids: BTreeSet<&'a str>,
}

impl<'a> Targets<'a> {
    fn gather(&mut self, value: &'a Value, keys: KeyKind) {
        match value {
            Value::Object(members) => {
                for (key, value) in members {
                    match (keys, &**key, value) {
                        (KeyKind::Keywords, "$anchor" | "$dynamicAnchor", Value::String(name)) => {
                            self.anchors.insert(name);
                        }
                        (KeyKind::Keywords, "$id", Value::String(id)) => {
                            self.ids.insert(id);
                        }
                        (KeyKind::Data, ..) => {}
                        _ => self.gather(value, keys.of_member(key, value)),
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.gather(item, keys)),
            _ => {}
        }
    }
}

struct Checker<'a> {
    document: &'a Value,
    pages: &'a [&'a Page],
    targets: Targets<'a>,
    problems: Vec<Diagnostic>,
}

impl<'a> Checker<'a> {
    /// Checks the value at `at`; `base` is what `#` stands for there.
    fn walk(&mut self, value: &'a Value, keys: KeyKind, base: &'a Value, at: &mut String) {
        let length = at.len();
        match value {
            _ if keys == KeyKind::Data => {}
            Value::Object(members) => {
                let base = if members.contains_key("$id") && keys == KeyKind::Keywords {
                    value
                } else {
                    base
                };
                for (key, value) in members {
                    at.push('/');
                    at.push_str(&pointer::escape(key));
                    if keys == KeyKind::Keywords || (keys == KeyKind::Example && key == "$ref") {
                        self.keyword(key, value, base, at);
                    }
                    self.walk(value, keys.of_member(key, value), base, at);
                    at.truncate(length);
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    at.push('/');
                    at.push_str(&index.to_string());
                    self.walk(item, keys, base, at);
                    at.truncate(length);
                }
            }
            _ => {}
        }
    }

    fn keyword(&mut self, key: &str, value: &Value, base: &Value, at: &str) {
        match (key, value) {
            ("$ref" | "$dynamicRef", Value::String(reference)) => {
                if self.resolves(reference, base) {
                    return;
                }
                let message = format!("the reference `{reference}` leads nowhere");
                let help = "correct the reference, or add the page that says what it names";
                self.report(message, at, help);
            }
            ("$ref", _) => {
                let message = "a `$ref` that is not a string".to_owned();
                self.report(message, at, "correct the reference");
            }
            ("discriminator", Value::Object(discriminator)) => {
                let mapping = discriminator.get("mapping").and_then(Value::as_object);
                for (name, target) in mapping.into_iter().flatten() {
                    let target = target.as_str().unwrap_or_default();
                    if !self.is_schema(target) && !self.resolves(target, base) {
                        let message = format!(
                            "the discriminator maps `{name}` to `{target}`, which is nowhere"
                        );
                        let at = pointer::join(&format!("{at}/mapping"), name);
                        self.report(message, &at, "correct the mapping");
                    }
                }
            }
            ("security", Value::Array(requirements)) => {
                for (index, requirement) in requirements.iter().enumerate() {
                    for scheme in requirement.as_object().into_iter().flat_map(Map::keys) {
                        if !self.has_component("securitySchemes", scheme) {
                            let message = format!("the security scheme `{scheme}` is not defined");
                            let at = pointer::join(&format!("{at}/{index}"), scheme);
                            self.report(message, &at, "add it to components/securitySchemes");
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

    /// Whether a discriminator's target is the bare name of a schema.
    fn is_schema(&self, target: &str) -> bool {
        self.has_component("schemas", target)
    }

    /// Whether a reference (a URI reference, RFC 3986) names a part of the document.
    fn resolves(&self, reference: &str, base: &Value) -> bool {
        let (uri, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        if !uri.is_empty() {
            return self.targets.ids.contains(uri) || self.targets.ids.contains(reference);
        }
        let Ok(fragment) = percent_decode_str(fragment).decode_utf8() else {
            return false;
        };
        // `$id` gives a schema a base of its own, which many documents that set it overlook.
        base.pointer(&fragment).is_some()
            || self.document.pointer(&fragment).is_some()
            || self.targets.anchors.contains(&*fragment)
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
        for (name, uses) in by_name {
            if uses.len() > 1 {
                let problem = Diagnostic::finding(format!(
                    "{} operations have an operationId that becomes `{name}` in snake case",
                    uses.len()
                ));
                let problem = uses.into_iter().fold(problem, |problem, (id, at)| {
                    problem.place(self.place(&at).note(format!("says `{id}`")))
                });
                self.problems.push(problem.help("give each operation an operationId of its own"));
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
            let problem = paths.iter().fold(
                Diagnostic::finding("paths that differ in the names of their parameters alone"),
                |problem, path| problem.place(self.place(&pointer::join("/paths", path))),
            );
            self.problems.push(problem.help("correct the pages to use the same parameter names"));
        }
    }

    fn report(&mut self, message: String, at: &str, help: &str) {
        let problem = Diagnostic::finding(message).place(self.place(at)).help(help);
        self.problems.push(problem);
    }

    /// The place of `pointer` on the first page that says what the document says there.
    fn place(&self, pointer: &str) -> Place {
        let said = self.document.pointer(pointer);
        let page = self
            .pages
            .iter()
            .find(|page| said.is_some() && page.document.pointer(pointer) == said)
            .or_else(|| {
                let says = |page: &&&Page| page.document.pointer(pointer).is_some();
                self.pages.iter().find(says)
            });
        match page {
            Some(page) => page.place(pointer),
            None => Place::new("the merged document").pointer(pointer),
        }
    }
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
