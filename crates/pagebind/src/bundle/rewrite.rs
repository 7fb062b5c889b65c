//! Pages as they are once they refer to nothing but themselves.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{
    names::{self, Names},
    part::Part,
    set::{self, Set, Source, Target},
};
use crate::{
    diagnostic::{Diagnostic, Diagnostics},
    document::{
        key_kind::KeyKind,
        limits::{MAX_COPIED, cost},
    },
    page::Brought,
    pointer,
};

/// How deep parts that no component can be may be written out within each other.
const MAX_NESTED: usize = 32;

/// A page that refers to nothing but itself, and what was brought into it.
pub(super) struct Bundled {
    pub(super) document: Value,
    pub(super) brought: Vec<Brought>,
}

/// The pages that referred elsewhere, each at its index. What several of them refer to is brought into
/// the first, since merging makes one document of all.
pub(super) fn pages(set: &Set<'_>, names: &Names) -> Result<Vec<Option<Bundled>>, Diagnostics> {
    let mut done = BTreeSet::new();
    let mut copied = 0;
    let mut rewritten = Vec::new();
    for (page, one) in set.pages.iter().enumerate() {
        if !set::refers_elsewhere(&one.document) {
            rewritten.push(None);
            continue;
        }
        let mut rewriter =
            Rewriter { set, names, open: Vec::new(), brought: Vec::new(), copied, nested: 0 };
        let mut document =
            rewriter.value(Source::Page(page), &one.document, Part::ROOT, "", &mut String::new());
        while let Some(target) = rewriter.open.pop() {
            if done.insert(target.clone()) {
                rewriter.component(&target, &mut document);
            }
        }
        copied = rewriter.copied;
        if copied > MAX_COPIED {
            let problem =
                Diagnostic::finding("references that are written out come to more than 64 MiB");
            return Err(problem.place(one.place("")).help("refer to components instead").into());
        }
        rewritten.push(Some(Bundled { document, brought: rewriter.brought }));
    }
    Ok(rewritten)
}

struct Rewriter<'s, 'a> {
    set: &'s Set<'a>,
    names: &'s Names,
    /// What is to become a component of the page.
    open: Vec<Target>,
    brought: Vec<Brought>,
    /// What writing parts out has cost so far, in bytes.
    copied: usize,
    /// How many parts are being written out within each other.
    nested: usize,
}

impl Rewriter<'_, '_> {
    /// Makes `target` a component of `document`.
    fn component(&mut self, target: &Target, document: &mut Value) {
        let (Some(section), Some(name)) = (target.section(), self.names.get(target)) else {
            return;
        };
        if names::own_name(self.set, target).is_some() || !document.is_object() {
            return;
        }
        let mut at = pointer::join(&format!("/components/{section}"), name);
        if document.pointer(&at).is_none() {
            let content = self.content(target, &mut at);
            let components = object(document, "components");
            object(components, section)[name] = content;
        }
    }

    /// What stands at `target`, which comes to stand at `at`.
    fn content(&mut self, target: &Target, at: &mut String) -> Value {
        let set = self.set;
        let (Some(value), Some(text)) = (set.value(target), set.text(&target.path)) else {
            return Value::Null;
        };
        self.brought.push(Brought {
            pointer: at.clone(),
            text: text.clone(),
            inner: target.pointer.clone(),
        });
        self.value(set.source(&target.path), value, target.part, &target.pointer, at)
    }

    /// `value`, which stands at `from` in `source`, as it is to stand at `at`.
    fn value(
        &mut self,
        source: Source<'_>,
        value: &Value,
        part: Part,
        from: &str,
        at: &mut String,
    ) -> Value {
        match value {
            _ if part.keys == KeyKind::Data => value.clone(),
            Value::Object(members) => {
                let reference = members.get("$ref").and_then(Value::as_str);
                let target = reference.and_then(|it| self.set.target(source, it, part, from));
                match target {
                    Some(target) => self.reference(source, members, &target, from, at),
                    None => Value::Object(self.members(source, members, part, from, at)),
                }
            }
            Value::Array(items) => {
                let items = items.iter().enumerate().map(|(index, item)| {
                    let from = pointer::join(from, &index.to_string());
                    let length = pointer::push(at, &index.to_string());
                    let item = self.value(source, item, part, &from, at);
                    at.truncate(length);
                    item
                });
                items.collect()
            }
            _ => value.clone(),
        }
    }

    fn members(
        &mut self,
        source: Source<'_>,
        members: &Map<String, Value>,
        part: Part,
        from: &str,
        at: &mut String,
    ) -> Map<String, Value> {
        let mut rewritten = Map::new();
        for (key, value) in members {
            let from = pointer::join(from, key);
            let length = pointer::push(at, key);
            let value = match value {
                Value::String(mapped)
                    if set::is_mapping(part, &from) && set::is_reference(mapped) =>
                {
                    let schema = Part { keys: KeyKind::Keywords, section: Some("schemas") };
                    let target = self.set.target(source, mapped, schema, &from);
                    let name = target.and_then(|target| self.refer(target));
                    name.map_or_else(|| value.clone(), Value::from)
                }
                _ => self.value(source, value, part.member(key, value), &from, at),
            };
            at.truncate(length);
            rewritten.insert(key.clone(), value);
        }
        rewritten
    }

    /// An object with a reference to `target`: with a reference to the component that it becomes, or
    /// written out.
    fn reference(
        &mut self,
        source: Source<'_>,
        members: &Map<String, Value>,
        target: &Target,
        from: &str,
        at: &mut String,
    ) -> Value {
        let part = target.part;
        let own = format!("#{at}");
        if let Some(reference) = self.refer(target.clone()) {
            // A component that stands for it is the place to write it.
            if reference == own && members.len() == 1 {
                self.open.pop();
                return self.content(target, at);
            }
            let mut rewritten = self.members(source, members, part, from, at);
            rewritten["$ref"] = json!(reference);
            return Value::Object(rewritten);
        }
        self.copied += self.set.value(target).map_or(0, cost);
        if self.copied > MAX_COPIED || self.nested >= MAX_NESTED {
            self.copied = MAX_COPIED + 1;
            return Value::Object(members.clone());
        }
        self.nested += 1;
        let mut content = self.content(target, at);
        self.nested -= 1;
        let mut rewritten = self.members(source, members, part, from, at);
        rewritten.shift_remove("$ref");
        if let Value::Object(content) = &mut content {
            content.extend(rewritten);
        }
        content
    }

    /// The reference to the component that `target` is or becomes.
    fn refer(&mut self, target: Target) -> Option<String> {
        let section = target.section()?;
        let name = self.names.get(&target)?;
        let reference = format!("#{}", pointer::join(&format!("/components/{section}"), name));
        self.open.push(target);
        Some(reference)
    }
}

/// The object under `key`, made where there is none.
fn object<'a>(parent: &'a mut Value, key: &str) -> &'a mut Value {
    if !parent[key].is_object() {
        parent[key] = json!({});
    }
    &mut parent[key]
}
