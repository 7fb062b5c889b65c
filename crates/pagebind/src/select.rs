//! A part of a document: some of its operations, with what they refer to.
//!
//! Some publishers keep one document for much more than one client is about. What is selected is
//! whole in itself: components that nothing selected leads to are left out, so that a change of them
//! is none of the client's.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::{
    diagnostic::Diagnostic,
    document::{KeyKind, METHODS},
    pointer,
};

/// Which operations of a document are meant.
///
/// A pattern is a path template in which a segment `*` stands for any one segment and `**` for any
/// number of them (`/v1/clicktopay/**`), with a method before it if only that is meant
/// (`GET /v1/cards/*`), or a tag of operations (`tag:issues`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// The patterns of those that are; all operations, if there is none.
    pub only: Vec<String>,
    /// The patterns of those that are not, whatever `only` says.
    pub except: Vec<String>,
}

impl Selection {
    /// Whether every operation is meant.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.only.is_empty() && self.except.is_empty()
    }

    /// Holds the patterns against the documents that they were written for.
    ///
    /// # Errors
    /// A pattern that no operation matches: it means what is not there.
    pub fn check<'d>(
        &self,
        documents: impl Iterator<Item = &'d Value> + Clone,
    ) -> Result<(), Diagnostic> {
        let idle = |pattern: &&String| {
            !documents
                .clone()
                .flat_map(paths)
                .any(|(path, item)| operations(item).any(|it| matches(pattern, path, it)))
        };
        let Some(pattern) = self.only.iter().chain(&self.except).find(idle) else { return Ok(()) };
        Err(Diagnostic::finding(format!("no operation of the document matches `{pattern}`"))
            .help("look at its paths and tags, and mend `only` or `except` in the manifest"))
    }

    /// Leaves of `document` what is selected.
    ///
    /// # Errors
    /// A selection of nothing.
    pub fn of(&self, document: &Value) -> Result<Value, Diagnostic> {
        let selected: Map<String, Value> = paths(document)
            .filter_map(|(path, item)| Some((path.clone(), self.of_item(path, item)?)))
            .collect();
        if selected.is_empty() {
            return Err(Diagnostic::finding("no operation of the document is selected")
                .help("look at its paths and tags, and mend `only` or `except` in the manifest"));
        }
        let mut used = Used { document, seen: BTreeSet::new() };
        used.walk_paths(&selected);
        let root = || document.as_object().into_iter().flatten();
        for (key, value) in root().filter(|(key, _)| !REPLACED.contains(&key.as_str())) {
            used.walk(value, KeyKind::Keywords.of_member(key, value));
            used.security(key, value);
        }
        let members = root().filter_map(|(key, value)| match key.as_str() {
            "paths" => Some((key.clone(), Value::from(selected.clone()))),
            "components" => Some((key.clone(), used.components(value))),
            // No operation that a client calls.
            "webhooks" | "x-webhooks" => None,
            _ => Some((key.clone(), value.clone())),
        });
        Ok(members.collect::<Map<_, _>>().into())
    }

    /// What is selected of a path item; nothing, if none of its operations is.
    fn of_item(&self, path: &str, item: &Value) -> Option<Value> {
        let is_meant = |operation: Operation<'_>| {
            let any = |patterns: &[String]| patterns.iter().any(|it| matches(it, path, operation));
            (self.only.is_empty() || any(&self.only)) && !any(&self.except)
        };
        if !operations(item).any(is_meant) {
            return None;
        }
        let Value::Object(members) = item else { return Some(item.clone()) };
        let kept = members.iter().filter(|(key, value)| {
            !METHODS.contains(&key.as_str()) || is_meant(Operation { method: key, says: value })
        });
        Some(kept.map(|(key, value)| (key.clone(), value.clone())).collect::<Map<_, _>>().into())
    }
}

/// What of a document's root becomes another.
const REPLACED: [&str; 4] = ["paths", "webhooks", "x-webhooks", "components"];

fn paths(document: &Value) -> impl Iterator<Item = (&String, &Value)> {
    document.get("paths").and_then(Value::as_object).into_iter().flatten()
}

/// An operation of a path item.
#[derive(Debug, Clone, Copy)]
struct Operation<'d> {
    method: &'d str,
    says: &'d Value,
}

/// The operations of a path item. One that stands elsewhere, or has none, counts as a single one that no
/// method and no tag tells anything of.
fn operations(item: &Value) -> impl Iterator<Item = Operation<'_>> {
    let members = item.as_object().into_iter().flatten();
    let mut found = members
        .filter(|(key, _)| METHODS.contains(&key.as_str()))
        .map(|(method, says)| Operation { method, says })
        .peekable();
    let unknown = found.peek().is_none().then_some(Operation { method: "", says: &Value::Null });
    found.chain(unknown)
}

/// Whether an operation is one that the pattern stands for.
fn matches(pattern: &str, path: &str, operation: Operation<'_>) -> bool {
    if let Some(tag) = pattern.strip_prefix("tag:") {
        let tags = operation.says.get("tags").and_then(Value::as_array);
        return tags.into_iter().flatten().any(|it| it == tag.trim());
    }
    match pattern.split_once(' ') {
        Some((method, pattern)) if !method.contains('/') => {
            method.eq_ignore_ascii_case(operation.method) && matches_path(pattern.trim(), path)
        }
        _ => matches_path(pattern, path),
    }
}

/// Whether a path template is one that the pattern stands for.
fn matches_path(pattern: &str, path: &str) -> bool {
    fn segments(pattern: &[&str], path: &[&str]) -> bool {
        match (pattern, path) {
            ([], []) => true,
            (["**", rest @ ..], _) => (0..=path.len()).any(|skip| segments(rest, &path[skip..])),
            ([first, pattern @ ..], [segment, path @ ..]) => {
                (*first == "*" || first == segment) && segments(pattern, path)
            }
            _ => false,
        }
    }
    let pattern: Vec<&str> = pattern.split('/').collect();
    let path: Vec<&str> = path.split('/').collect();
    segments(&pattern, &path)
}

/// The components that something leads to, by kind and name.
struct Used<'d> {
    document: &'d Value,
    seen: BTreeSet<(String, String)>,
}

impl Used<'_> {
    fn walk_paths(&mut self, paths: &Map<String, Value>) {
        for item in paths.values() {
            self.walk(item, KeyKind::Keywords);
        }
    }

    /// Those of a document's components that something leads to.
    fn components(&self, components: &Value) -> Value {
        let Value::Object(kinds) = components else { return components.clone() };
        let of_kind = |(kind, named): (&String, &Value)| {
            let Value::Object(named) = named else { return Some((kind.clone(), named.clone())) };
            let used = named
                .iter()
                .filter(|(name, _)| self.seen.contains(&(kind.clone(), (*name).clone())))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect::<Map<_, _>>();
            (!used.is_empty()).then(|| (kind.clone(), used.into()))
        };
        kinds.iter().filter_map(of_kind).collect::<Map<_, _>>().into()
    }

    fn walk(&mut self, value: &Value, keys: KeyKind) {
        match value {
            _ if keys == KeyKind::Data => {}
            Value::Object(members) => {
                for (key, member) in members {
                    if keys.is_keyword(key) {
                        self.keyword(key, member);
                    }
                    self.walk(member, keys.of_member(key, member));
                }
            }
            Value::Array(elements) => elements.iter().for_each(|element| self.walk(element, keys)),
            _ => {}
        }
    }

    /// What a keyword leads to by itself.
    fn keyword(&mut self, key: &str, value: &Value) {
        match (key, value) {
            ("$ref" | "$dynamicRef", Value::String(reference)) => self.refer(reference),
            ("discriminator", Value::Object(discriminator)) => {
                let mapping = discriminator.get("mapping").and_then(Value::as_object);
                for target in mapping.into_iter().flat_map(Map::values) {
                    let target = target.as_str().unwrap_or_default();
                    self.refer(target);
                    self.component("schemas", target);
                }
            }
            (_, Value::Object(operation)) if METHODS.contains(&key) => {
                operation.iter().for_each(|(key, value)| self.security(key, value));
            }
            _ => {}
        }
    }

    /// What requirements name is a security scheme.
    fn security(&mut self, key: &str, value: &Value) {
        let requirements = value.as_array().filter(|_| key == "security").into_iter().flatten();
        for name in requirements.filter_map(Value::as_object).flat_map(Map::keys) {
            self.component("securitySchemes", name);
        }
    }

    fn refer(&mut self, reference: &str) {
        let Some(fragment) = reference.strip_prefix('#') else { return };
        let tokens: Vec<_> = pointer::tokens(fragment).collect();
        if let [components, kind, name, ..] = &tokens[..]
            && components == "components"
        {
            self.component(kind, name);
        }
    }

    fn component(&mut self, kind: &str, name: &str) {
        let all = self.document.get("components").and_then(|all| all.get(kind));
        let Some(component) = all.and_then(|named| named.get(name)) else { return };
        if self.seen.insert((kind.to_owned(), name.to_owned())) {
            self.walk(component, KeyKind::Keywords);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn only(patterns: &[&str]) -> Selection {
        let only = patterns.iter().copied().map(Into::into).collect();
        Selection { only, except: Vec::new() }
    }

    fn names(value: &Value) -> Vec<String> {
        value.as_object().unwrap().keys().cloned().collect()
    }

    #[test]
    fn a_star_is_one_segment_and_two_are_any() {
        assert!(
            matches_path("/v1/cards/**", "/v1/cards/{id}/limits")
                && matches_path("/v1/cards/**", "/v1/cards")
        );
        assert!(matches_path("/v1/*/limits", "/v1/{id}/limits"));
        assert!(matches_path("/**/limits", "/a/b/limits"));
        assert!(!matches_path("/v1/*", "/v1/a/b") && !matches_path("/v1/cards", "/v1/card"));
        assert!(!matches_path("/v1/cards/**", "/v1/cardsmore"));
    }

    #[test]
    fn what_is_selected_keeps_what_it_refers_to_and_nothing_else() {
        let answer = |name: &str| json!({"responses": {"200": {"content": {"application/json": {"schema": {"$ref": format!("#/components/schemas/{name}")}}}}}});
        let document = json!({
            "openapi": "3.1.0",
            "security": [{"root": []}],
            "paths": {"/v1/a": {"get": answer("A")}, "/v1/b": {"get": answer("B")}},
            "webhooks": {"done": {}},
            "x-webhooks": {"done": {}},
            "components": {
                "schemas": {
                    "A": {"properties": {
                        "deep": {"items": {"$ref": "#/components/schemas/Deep"}},
                        "discriminator": {"$ref": "#/components/schemas/Named"},
                    }},
                    "Named": {"properties": {"get": {"security": [{"other": []}]}}},
                    "Deep": {"discriminator": {"propertyName": "kind", "mapping": {"leaf": "Leaf"}}},
                    "Leaf": {}, "B": {},
                },
                "securitySchemes": {"root": {}, "other": {}},
                "headers": {"H": {}},
            },
        });
        let selected = only(&["/v1/a"]).of(&document).unwrap();
        assert_eq!(names(&selected["paths"]), ["/v1/a"]);
        assert_eq!(names(&selected["components"]), ["schemas", "securitySchemes"]);
        assert_eq!(names(&selected["components"]["schemas"]), ["A", "Named", "Deep", "Leaf"]);
        assert_eq!(names(&selected["components"]["securitySchemes"]), ["root"]);
        assert_eq!(names(&selected), ["openapi", "security", "paths", "components"]);
    }

    #[test]
    fn a_pattern_may_name_a_method_or_a_tag_and_exceptions_come_last() {
        let document = json!({"paths": {
            "/a": {"summary": "A", "get": {"tags": ["read"]}, "post": {"tags": ["write"]}},
            "/b": {"get": {"tags": ["read", "beta"]}},
            "/c": {"$ref": "#/components/pathItems/C"},
        }});
        let select = |only: &[&str], except: &[&str]| {
            let lists = [only, except].map(|list| list.iter().copied().map(Into::into).collect());
            let [only, except] = lists;
            Selection { only, except }.of(&document).map(|selected| selected["paths"].clone())
        };
        assert_eq!(
            select(&["post /a", "tag:beta"], &[]).unwrap(),
            json!({"/a": {"summary": "A", "post": {"tags": ["write"]}}, "/b": {"get": {"tags": ["read", "beta"]}}})
        );
        assert_eq!(names(&select(&["tag:read"], &["tag:beta"]).unwrap()), ["/a"]);
        assert_eq!(names(&select(&[], &["tag:read", "tag:write"]).unwrap()), ["/c"]);
        let nothing = select(&["/b"], &["tag:beta"]).unwrap_err();
        assert_eq!(nothing.message, "no operation of the document is selected");
    }

    #[test]
    fn a_pattern_for_nothing_is_an_error() {
        let document = json!({"paths": {"/a": {"get": {}}}});
        for pattern in ["/b/**", "put /a", "tag:none"] {
            let error = only(&["/a", pattern]).check([&document].into_iter()).unwrap_err();
            assert!(error.message.contains(&format!("`{pattern}`")), "{error}");
        }
    }
}
