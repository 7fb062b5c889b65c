//! A value of a document together with the JSON pointer that leads to it.
//!
//! Pointers are only written out for findings, so a [`Node`] carries its way from the root as a
//! shared list of steps: a step down costs one small allocation and no text.

use std::rc::Rc;

use pagebind::pointer;
use percent_encoding::percent_decode_str;
use serde_json::Value;

/// More `$ref`s in a row than any sane document has; a longer chain is a cycle.
const MAX_REF_HOPS: usize = 64;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'d> {
    Key(&'d str),
    Index(usize),
}

#[derive(Debug)]
struct Step<'d> {
    parent: Path<'d>,
    token: Token<'d>,
}

type Path<'d> = Option<Rc<Step<'d>>>;

/// A value and the way to it.
#[derive(Debug, Clone)]
pub(crate) struct Node<'d> {
    pub(crate) value: &'d Value,
    path: Path<'d>,
}

impl<'d> Node<'d> {
    pub(crate) const fn root(value: &'d Value) -> Self {
        Self { value, path: None }
    }

    /// A value without members, for an object that a document does not have.
    pub(crate) fn nothing() -> Self {
        static NOTHING: Value = Value::Null;
        Self::root(&NOTHING)
    }

    fn step(&self, token: Token<'d>, value: &'d Value) -> Self {
        Self { value, path: Some(Rc::new(Step { parent: self.path.clone(), token })) }
    }

    /// The member `key`, if this is an object that has it.
    pub(crate) fn get(&self, key: &str) -> Option<Self> {
        let (key, value) = self.value.as_object()?.get_key_value(key)?;
        Some(self.step(Token::Key(key), value))
    }

    /// The value of the member `key`, where the way to it does not matter.
    pub(crate) fn value_of(&self, key: &str) -> Option<&'d Value> {
        self.value.as_object()?.get(key)
    }

    pub(crate) fn str_of(&self, key: &str) -> Option<&'d str> {
        self.value_of(key)?.as_str()
    }

    /// Whether the member `key` is `true`; an absent one is `false`, as everywhere in OpenAPI.
    pub(crate) fn flag(&self, key: &str) -> bool {
        self.value_of(key).and_then(Value::as_bool) == Some(true)
    }

    /// The members of an object, in document order; extensions (`x-…`) are none of them.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&'d str, Self)> {
        let members = self.value.as_object().into_iter().flatten();
        members
            .filter(|(key, _)| !key.starts_with("x-"))
            .map(|(key, value)| (key.as_str(), self.step(Token::Key(key), value)))
    }

    /// Every member of an object whose keys are names that the API chose (properties, schemas,
    /// headers), where `x-…` is a name like any other.
    pub(crate) fn named(&self) -> impl Iterator<Item = (&'d str, Self)> {
        let members = self.value.as_object().into_iter().flatten();
        members.map(|(key, value)| (key.as_str(), self.step(Token::Key(key), value)))
    }

    /// The elements of an array.
    pub(crate) fn elements(&self) -> impl Iterator<Item = Self> {
        let elements = self.value.as_array().into_iter().flatten();
        elements.enumerate().map(|(index, value)| self.step(Token::Index(index), value))
    }

    /// Where the value lives in memory: its identity as long as the document is borrowed.
    pub(crate) fn address(&self) -> usize {
        std::ptr::from_ref(self.value) as usize
    }

    fn tokens(&self) -> Vec<Token<'d>> {
        let mut tokens = Vec::new();
        let mut path = &self.path;
        while let Some(step) = path {
            tokens.push(step.token);
            path = &step.parent;
        }
        tokens.reverse();
        tokens
    }

    /// The JSON pointer of this value.
    pub(crate) fn pointer(&self) -> String {
        self.tokens().iter().fold(String::new(), |pointer, token| match token {
            Token::Key(key) => pointer::join(&pointer, key),
            Token::Index(index) => format!("{pointer}/{index}"),
        })
    }

    /// What people call the schema at this place: `Card.owner.emails[]` below a component, or the
    /// way of properties below a body; the name of the parameter or header that it belongs to.
    pub(crate) fn label(&self, root: &'d Value) -> String {
        let mut label = String::new();
        let mut at = Node::root(root);
        let mut tokens = self.tokens().into_iter();
        while let Some(token) = tokens.next() {
            let Some(child) = at.child(token) else { break };
            at = child;
            let Token::Key(key) = token else { continue };
            // A keyword whose next token is a name or an index; anything else names nothing.
            let named = matches!(
                key,
                "properties"
                    | "patternProperties"
                    | "parameters"
                    | "headers"
                    | "schemas"
                    | "dependentSchemas"
                    | "prefixItems"
                    | "oneOf"
                    | "anyOf"
            );
            let name = if named { tokens.next() } else { None };
            if let Some(child) = name.and_then(|name| at.child(name)) {
                at = child;
            }
            match (key, name) {
                ("items", _) => label.push_str("[]"),
                ("additionalProperties", _) => label.push_str("{}"),
                ("schemas" | "headers", Some(Token::Key(name))) => label = name.to_owned(),
                ("parameters", Some(_)) => {
                    label = at.str_of("name").unwrap_or_default().to_owned();
                }
                (_, Some(Token::Key(name))) => {
                    let dot = if label.is_empty() { "" } else { "." };
                    label = format!("{label}{dot}{name}");
                }
                ("prefixItems", Some(Token::Index(index))) => label.push_str(&format!("[{index}]")),
                (_, Some(Token::Index(index))) => label.push_str(&format!("({key} {index})")),
                _ => {}
            }
        }
        label
    }

    fn child(&self, token: Token<'d>) -> Option<Self> {
        let value = match token {
            Token::Key(key) => self.value.get(key)?,
            Token::Index(index) => self.value.get(index)?,
        };
        Some(self.step(token, value))
    }

    /// Follows `$ref`s that lead into this document, as often as they do. A reference that leads
    /// nowhere, elsewhere or in a circle stays what it is: an object with a `$ref`.
    pub(crate) fn resolve(&self, root: &'d Value) -> Self {
        let mut at = self.clone();
        for _ in 0..MAX_REF_HOPS {
            match at.str_of("$ref").and_then(|reference| find(root, reference)) {
                Some(target) => at = target,
                None => return at,
            }
        }
        self.clone()
    }
}

/// What a local reference (`#/…`) leads to, percent-decoded as RFC 6901 section 6 asks.
pub(crate) fn find<'d>(root: &'d Value, reference: &str) -> Option<Node<'d>> {
    let fragment = reference.strip_prefix('#')?;
    let fragment = percent_decode_str(fragment).decode_utf8().ok()?;
    if !fragment.is_empty() && !fragment.starts_with('/') {
        return anchored(root, &fragment);
    }
    let mut at = Node::root(root);
    for token in pointer::tokens(&fragment) {
        at = match at.value {
            Value::Array(elements) => {
                let index = token.parse().ok()?;
                at.step(Token::Index(index), elements.get(index)?)
            }
            _ => at.get(&token)?,
        };
    }
    Some(at)
}

/// The component, or definition in one, that bears the anchor `name`. Schemas elsewhere are not
/// looked through: that would take a walk of the whole document for each reference.
fn anchored<'d>(root: &'d Value, name: &str) -> Option<Node<'d>> {
    let bears = |schema: &Node<'d>| {
        ["$anchor", "$dynamicAnchor"].iter().any(|keyword| schema.str_of(keyword) == Some(name))
    };
    let schemas = Node::root(root).get("components")?.get("schemas")?;
    schemas.named().find_map(|(_, schema)| {
        if bears(&schema) {
            return Some(schema);
        }
        schema.get("$defs")?.named().map(|(_, definition)| definition).find(bears)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_reference_is_followed_and_the_pointer_is_where_it_leads() {
        let root = json!({
            "a": {"$ref": "#/b"},
            "b": {"$ref": "#/c/d~1e%20f/0"},
            "c": {"d/e f": ["here"]},
        });
        let node = Node::root(&root).get("a").unwrap().resolve(&root);
        assert_eq!((node.value, node.pointer()), (&json!("here"), "/c/d~1e f/0".into()));
    }

    #[test]
    fn a_circle_or_a_dangling_reference_stays_what_it_is() {
        let root = json!({"a": {"$ref": "#/b"}, "b": {"$ref": "#/a"}, "c": {"$ref": "#/nowhere"}});
        for key in ["a", "c"] {
            let node = Node::root(&root).get(key).unwrap();
            assert_eq!(node.resolve(&root).pointer(), format!("/{key}"));
        }
    }

    #[test]
    fn a_label_is_what_people_call_the_place() {
        let root = json!({
            "components": {"schemas": {"Card": {"properties": {"owner": {"items": {"properties": {
                "properties": {"oneOf": [{}, {"additionalProperties": {}}]},
            }}}}}}},
            "paths": {"/a": {"get": {"parameters": [{"name": "limit", "schema": {}}]}}},
        });
        let label = |pointer: &str| find(&root, pointer).unwrap().label(&root);
        let card = "#/components/schemas/Card";
        assert_eq!(label(card), "Card");
        assert_eq!(
            label(&format!("{card}/properties/owner/items/properties/properties")),
            "Card.owner[].properties"
        );
        assert_eq!(
            label(&format!(
                "{card}/properties/owner/items/properties/properties/oneOf/1/additionalProperties"
            )),
            "Card.owner[].properties(oneOf 1){}"
        );
        assert_eq!(label("#/paths/~1a/get/parameters/0/schema"), "limit");
    }
}
