//! References: what they point at, and making a component of it where 3.0 needs one.
//!
//! 3.1 lets a reference point anywhere (RFC 3986, JSON Schema 2020-12 sections 8.2 and 8.3): at any
//! pointer, at an `$anchor`, at an embedded schema with an `$id`. 3.0's tools follow references to
//! components and nothing else, so whatever else is referred to is hoisted into `components`.

use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::pass::{Hoisted, Lowering};
use crate::pointer;

/// The reference that `value` is, if it is one.
pub(super) fn is_reference(value: &Value) -> Option<&str> {
    value.get("$ref")?.as_str()
}

impl Lowering<'_> {
    /// The reference of 3.0 for `reference`, which stands in the object `at` and means something
    /// that belongs in `section` of the components.
    pub(super) fn reference(&mut self, reference: &str, at: &str, section: &'static str) -> String {
        let Some(target) = self.resolve(reference, at) else {
            return reference.to_owned();
        };
        let component = format!("/components/{section}/");
        if (target.strip_prefix(&component)).is_some_and(|name| !name.contains('/')) {
            if section == "schemas" && self.wider.contains(&target) {
                self.widened += 1;
            }
            return if reference.starts_with("#/") {
                reference.to_owned()
            } else {
                format!("#{target}")
            };
        }
        let last = pointer::tokens(&target).last().unwrap_or_default();
        let name = self.hoist(section, &target, &last);
        let lowered = format!("{component}{name}");
        if self.wider.contains(&lowered) {
            self.widened += 1;
        }
        format!("#{lowered}")
    }

    /// JSON pointer of what `reference` points at, or `None` with the problem noted.
    pub(super) fn resolve(&mut self, reference: &str, at: &str) -> Option<String> {
        let found = self.find(reference, at);
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

    /// JSON pointer of what `reference` points at, if it is in the document.
    pub(super) fn find(&self, reference: &str, at: &str) -> Option<String> {
        let (base, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let fragment = percent_decode_str(fragment).decode_utf8().ok()?;
        // A fragment belongs to the schema with an `$id` around it. Many a publisher gives an `$id`
        // and means the document all the same, so that is where to look next.
        let resources = if base.is_empty() {
            vec![self.resource(at), String::new()]
        } else {
            vec![self.find_named(&["$id"], base, "")?]
        };
        resources.into_iter().find_map(|resource| {
            if fragment.is_empty() {
                // The document itself is no schema.
                return (!resource.is_empty()).then_some(resource);
            }
            if fragment.starts_with('/') {
                let target = format!("{resource}{fragment}");
                return self.source.pointer(&target).map(|_| target);
            }
            self.find_named(&["$anchor", "$dynamicAnchor"], &fragment, &resource)
        })
    }

    /// The innermost schema around `at` that has an `$id`; the document if there is none.
    fn resource(&self, at: &str) -> String {
        let mut at = at;
        loop {
            let node = self.source.pointer(at);
            if node.is_some_and(|node| node.get("$id").is_some_and(Value::is_string)) {
                return at.to_owned();
            }
            match at.rsplit_once('/') {
                Some((parent, _)) => at = parent,
                None => return String::new(),
            }
        }
    }

    /// The one object under `within` that says `name` with one of `keys`; `None` if several do.
    fn find_named(&self, keys: &[&str], name: &str, within: &str) -> Option<String> {
        let mut found = Vec::new();
        let mut open = vec![(within.to_owned(), self.source.pointer(within)?)];
        while let Some((at, node)) = open.pop() {
            match node {
                Value::Object(map) => {
                    let says = |key: &&str| map.get(*key).and_then(Value::as_str) == Some(name);
                    if keys.iter().any(says) {
                        found.push(at.clone());
                    }
                    open.extend(map.iter().map(|(key, node)| (pointer::join(&at, key), node)));
                }
                Value::Array(items) => {
                    let items = items.iter().enumerate();
                    open.extend(items.map(|(index, node)| (format!("{at}/{index}"), node)));
                }
                _ => {}
            }
        }
        (found.len() == 1).then(|| found.remove(0))
    }

    /// Makes what stands at `target` a component of `section`, and says under which name.
    pub(super) fn hoist(&mut self, section: &'static str, target: &str, wish: &str) -> String {
        let known = |it: &&Hoisted| it.section == section && it.pointer == target;
        if let Some(hoisted) = self.hoisted.iter().find(known) {
            return hoisted.name.clone();
        }
        let name = self.free_name(section, target, wish);
        self.hoisted.push(Hoisted { section, name: name.clone(), pointer: target.to_owned() });
        name
    }

    /// A name that no other component has: the wish, with its owner's name, or with a number.
    fn free_name(&self, section: &str, target: &str, wish: &str) -> String {
        let clean = |name: &str| -> String {
            (name.chars())
                .map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' })
                .collect()
        };
        let wish = clean(wish);
        let owner = match pointer::tokens(target).collect::<Vec<_>>().as_slice() {
            [root, _, owner, ..] if root == "components" => format!("{}_{wish}", clean(owner)),
            _ => wish.clone(),
        };
        let numbered = (2_usize..).map(|number| format!("{owner}_{number}"));
        let components = self.source.pointer(&format!("/components/{section}"));
        let taken = |name: &String| {
            components.is_some_and(|components| components.get(name).is_some())
                || (self.hoisted.iter()).any(|it| it.section == section && it.name == *name)
        };
        [wish, owner.clone()]
            .into_iter()
            .chain(numbered)
            .find(|name| !name.is_empty() && !taken(name))
            .unwrap_or(owner)
    }

    /// Lowers all that was hoisted, and what that hoists in turn, into the components.
    pub(super) fn hoist_into(&mut self, document: &mut Value) {
        let source = self.source;
        let mut next = 0;
        while let Some(Hoisted { section, name, pointer }) = self.hoisted.get(next) {
            let (section, name, pointer) = (*section, name.clone(), pointer.clone());
            next += 1;
            let Some(value) = source.pointer(&pointer) else {
                continue;
            };
            let before = self.widened;
            let lowered = match section {
                "schemas" => self.schema(value, &pointer),
                "responses" => self.response(value, &pointer),
                "parameters" => self.parameter(value, &pointer),
                "requestBodies" => self.request_body(value, &pointer),
                "headers" => self.header(value, &pointer),
                "links" => self.link(value, &pointer),
                "callbacks" => self.callback(value, &pointer),
                _ => value.clone(),
            };
            if self.widened != before {
                let name = pointer::escape(&name);
                self.found_wider.insert(format!("/components/{section}/{name}"));
            }
            if !document["components"].is_object() {
                document["components"] = json!({});
            }
            if !document["components"][section].is_object() {
                document["components"][section] = json!({});
            }
            document["components"][section][name] = lowered;
        }
    }
}
