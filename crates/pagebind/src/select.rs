//! A part of a document: the operations at some of its paths, with what they refer to.
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

/// Leaves of `document` the paths that one of `patterns` matches.
///
/// A pattern is a path template in which a segment `*` stands for any one segment and `**` for any
/// number of them: `/v1/clicktopay/**`.
///
/// # Errors
/// A pattern that no path matches.
pub fn paths(document: &Value, patterns: &[String]) -> Result<Value, Diagnostic> {
    let none = Map::new();
    let paths = document.get("paths").and_then(Value::as_object).unwrap_or(&none);
    let idle = patterns.iter().find(|pattern| paths.keys().all(|path| !matches(pattern, path)));
    if let Some(pattern) = idle {
        return Err(Diagnostic::finding(format!("no path of the document matches `{pattern}`"))
            .help("look at the paths of the document, and mend `only` in the manifest"));
    }
    let mut selected = document.clone();
    let Some(root) = selected.as_object_mut() else { return Ok(selected) };
    root.shift_remove("webhooks");
    let kept: Map<String, Value> = paths
        .iter()
        .filter(|(path, _)| patterns.iter().any(|pattern| matches(pattern, path)))
        .map(|(path, item)| (path.clone(), item.clone()))
        .collect();
    root.insert("paths".to_owned(), Value::Object(kept));
    let mut used = Used { document, seen: BTreeSet::new() };
    for (key, value) in root.iter().filter(|(key, _)| *key != "components") {
        used.walk(value, KeyKind::Keywords.of_member(key, value));
        used.security(key, value);
    }
    let used = used.seen;
    if let Some(components) = root.get_mut("components").and_then(Value::as_object_mut) {
        for (kind, named) in components.iter_mut() {
            if let Some(named) = named.as_object_mut() {
                named.retain(|name, _| used.contains(&(kind.clone(), name.clone())));
            }
        }
        components.retain(|_, named| named.as_object().is_none_or(|named| !named.is_empty()));
    }
    Ok(selected)
}

/// Whether a path template is one that the pattern stands for.
fn matches(pattern: &str, path: &str) -> bool {
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
    fn walk(&mut self, value: &Value, keys: KeyKind) {
        match value {
            _ if keys == KeyKind::Data => {}
            Value::Object(members) => {
                for (key, member) in members {
                    match (key.as_str(), member) {
                        ("$ref" | "$dynamicRef", Value::String(reference)) => self.refer(reference),
                        ("discriminator", Value::Object(discriminator)) => {
                            let mapping = discriminator.get("mapping").and_then(Value::as_object);
                            for target in mapping.into_iter().flat_map(Map::values) {
                                let target = target.as_str().unwrap_or_default();
                                self.refer(target);
                                self.component("schemas", target);
                            }
                        }
                        _ => self.walk(member, keys.of_member(key, member)),
                    }
                    if METHODS.contains(&key.as_str()) {
                        for (key, value) in member.as_object().into_iter().flatten() {
                            self.security(key, value);
                        }
                    }
                }
            }
            Value::Array(elements) => elements.iter().for_each(|element| self.walk(element, keys)),
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

    #[test]
    fn a_star_is_one_segment_and_two_are_any() {
        assert!(
            matches("/v1/cards/**", "/v1/cards/{id}/limits")
                && matches("/v1/cards/**", "/v1/cards")
        );
        assert!(matches("/v1/*/limits", "/v1/{id}/limits") && matches("/**/limits", "/a/b/limits"));
        assert!(!matches("/v1/*", "/v1/a/b") && !matches("/v1/cards", "/v1/card"));
        assert!(!matches("/v1/cards/**", "/v1/cardsmore"));
    }

    #[test]
    fn what_is_selected_keeps_what_it_refers_to_and_nothing_else() {
        let answer = |name: &str| json!({"responses": {"200": {"content": {"application/json": {"schema": {"$ref": format!("#/components/schemas/{name}")}}}}}});
        let document = json!({
            "openapi": "3.1.0",
            "security": [{"root": []}],
            "paths": {"/v1/a": {"get": answer("A")}, "/v1/b": {"get": answer("B")}},
            "webhooks": {"done": {}},
            "components": {
                "schemas": {
                    "A": {"properties": {"deep": {"items": {"$ref": "#/components/schemas/Deep"}}}},
                    "Deep": {"discriminator": {"propertyName": "kind", "mapping": {"leaf": "Leaf"}}},
                    "Leaf": {}, "B": {},
                },
                "securitySchemes": {"root": {}, "other": {}},
                "headers": {"H": {}},
            },
        });
        let selected = paths(&document, &["/v1/a".to_owned()]).unwrap();
        let names =
            |value: &Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
        assert_eq!(names(&selected["paths"]), ["/v1/a"]);
        assert_eq!(names(&selected["components"]), ["schemas", "securitySchemes"]);
        assert_eq!(names(&selected["components"]["schemas"]), ["A", "Deep", "Leaf"]);
        assert_eq!(names(&selected["components"]["securitySchemes"]), ["root"]);
        assert!(selected.get("webhooks").is_none());
    }

    #[test]
    fn a_pattern_for_nothing_is_an_error() {
        let document = json!({"paths": {"/a": {}}});
        let error = paths(&document, &["/a".into(), "/b/**".into()]).unwrap_err();
        assert!(error.message.contains("`/b/**`"), "{error}");
    }
}
