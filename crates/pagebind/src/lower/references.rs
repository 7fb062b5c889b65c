//! References: making a component of what they lead to, where 3.0 needs one.
//!
//! 3.1 lets a reference point anywhere. 3.0's tools follow references to components and nothing else,
//! so whatever else is referred to is hoisted into `components`.

use std::{collections::BTreeMap, rc::Rc};

use serde_json::{Map, Value, json};

use super::pass::{Hoisted, Lowering};
use crate::{document::component_name, pointer};

/// What to call what stands at `target`: its last token, from a name on, and below `paths` all that
/// leads to it.
fn wish(target: &str) -> String {
    let mut tokens = pointer::tokens(target);
    if !target.starts_with("/paths/") {
        let tokens: Vec<_> = tokens.collect();
        let name = tokens.iter().rposition(|token| !token.bytes().all(|it| it.is_ascii_digit()));
        return tokens[name.unwrap_or_default()..].join("_");
    }
    let path = tokens.by_ref().nth(1).unwrap_or_default();
    let means_little =
        |token: &String| matches!(&**token, "content" | "schema") || token.contains('/');
    let tokens = tokens.filter(|token| !means_little(token)).map(|token| component_name(&token));
    let words = path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_owned).chain(tokens).collect::<Vec<_>>().join("_")
}

/// The reference that `value` is, if it is one.
pub(super) fn is_reference(value: &Value) -> Option<&str> {
    value.get("$ref")?.as_str()
}

impl Lowering<'_> {
    /// The reference of 3.0 for `reference`, which stands in the object `at` and means something
    /// that belongs in `section` of the components.
    pub(super) fn reference(&mut self, reference: &str, at: &str, section: &'static str) -> String {
        match self.resolve(reference, at) {
            Some(target) => self.component(&target, section),
            None => reference.to_owned(),
        }
    }

    /// The reference of 3.0 to what stands at `target`, a component of `section` or what is to
    /// become one.
    pub(super) fn component(&mut self, target: &str, section: &'static str) -> String {
        let scope = self.scope_of(target);
        let root = format!("/components/{section}/");
        let published = target.strip_prefix(&root).filter(|name| !name.contains('/'));
        let (key, name) = match published {
            Some(name) if scope.is_empty() => {
                let renamed = self.known.renamed.get(target);
                (target.to_owned(), renamed.cloned().unwrap_or_else(|| name.to_owned()))
            }
            _ => {
                let last = wish(target);
                let owner = self.owner.as_deref().filter(|_| !scope.is_empty());
                let owner = owner.and_then(|owner| pointer::tokens(owner).last());
                let wish = owner.map_or_else(|| last.clone(), |owner| format!("{owner}_{last}"));
                self.hoist(section, target, scope, &wish)
            }
        };
        if section == "schemas" {
            if self.wider.contains(&key) {
                self.widened += 1;
            }
            if self.choices > 0 {
                self.decisive.insert(key.clone());
            }
            if let Some(owner) = &self.owner {
                self.referred.insert((owner.clone(), key));
            }
        }
        format!("#{root}{name}")
    }

    /// JSON pointer of what `reference` points at, or `None` with the problem noted.
    pub(super) fn resolve(&mut self, reference: &str, at: &str) -> Option<String> {
        let found = self.known.references.find(reference, at);
        if found.is_none() {
            self.problem(
                at,
                format!("the reference `{reference}` can't be resolved"),
                "correct it to point at something in this document, by JSON pointer, or by an \
                 `$anchor` or `$id` that stands in it once",
            );
        }
        found
    }

    /// Makes what stands at `target` a component of `section`; says what it is known by, and its
    /// name.
    pub(super) fn hoist(
        &mut self,
        section: &'static str,
        target: &str,
        scope: Rc<BTreeMap<String, String>>,
        wish: &str,
    ) -> (String, String) {
        let key = scope
            .iter()
            .fold(target.to_owned(), |key, (anchor, bearer)| format!("{key} {anchor}={bearer}"));
        if let Some(name) = self.hoisted_names.get(&(section, key.clone())) {
            return (key, name.clone());
        }
        let name = self.free_name(section, target, wish);
        self.taken.insert((section, name.clone()));
        self.hoisted_names.insert((section, key.clone()), name.clone());
        self.hoisted.push(Hoisted {
            section,
            name: name.clone(),
            pointer: target.to_owned(),
            key: key.clone(),
            scope,
        });
        (key, name)
    }

    /// A name that no other component has: the wish, with its owner's name, or with a number.
    fn free_name(&self, section: &'static str, target: &str, wish: &str) -> String {
        let wish = component_name(wish);
        let owner = match pointer::tokens(target).collect::<Vec<_>>().as_slice() {
            [root, _, owner, ..] if root == "components" => {
                format!("{}_{wish}", component_name(owner))
            }
            _ => wish.clone(),
        };
        let numbered = (2_usize..).map(|number| format!("{owner}_{number}"));
        let free =
            |name: &String| !name.is_empty() && !self.taken.contains(&(section, name.clone()));
        let mut wishes = [wish, owner.clone()].into_iter().chain(numbered);
        wishes.find(free).unwrap_or(owner)
    }

    /// Notes the names that components have already.
    pub(super) fn take_published_names(&mut self) {
        for section in super::knowledge::SECTIONS {
            let root = format!("/components/{section}");
            let names = self.source.pointer(&root).and_then(Value::as_object);
            for name in names.into_iter().flat_map(Map::keys) {
                let renamed = self.known.renamed.get(&pointer::join(&root, name));
                self.taken.insert((section, renamed.unwrap_or(name).clone()));
            }
        }
    }

    /// Lowers all that was hoisted, and what that hoists in turn, into the components.
    pub(super) fn hoist_into(&mut self, document: &mut Value) {
        let source = self.source;
        let mut next = 0;
        while let Some(Hoisted { section, name, pointer, key, scope }) = self.hoisted.get(next) {
            let (section, name, pointer) = (*section, name.clone(), pointer.clone());
            let (key, scope) = (key.clone(), Rc::clone(scope));
            next += 1;
            let Some(value) = source.pointer(&pointer) else {
                continue;
            };
            let lowered = match section {
                "schemas" => {
                    self.scope = scope;
                    let lowered = self.owned(&key, |this| this.schema(value, &pointer));
                    self.scope = Rc::default();
                    lowered
                }
                "responses" => self.response(value, &pointer),
                "parameters" => self.parameter(value, &pointer),
                "requestBodies" => self.request_body(value, &pointer),
                "headers" => self.header(value, &pointer),
                "links" => self.link(value, &pointer),
                "callbacks" => self.callback(value, &pointer),
                "examples" => self.example(value, &pointer),
                _ => value.clone(),
            };
            if !document["components"].is_object() {
                document["components"] = json!({});
            }
            if !document["components"][section].is_object() {
                document["components"][section] = json!({});
            }
            document["components"][section][name] = self.part(lowered, 3);
        }
    }
}
