//! Where the references of a document lead.
//!
//! OpenAPI 3.1 lets a reference point anywhere (RFC 3986; JSON Schema 2020-12, sections 8.2 and
//! 9.1): at any JSON pointer, at an `$anchor`, at an embedded schema with an `$id`, absolute or
//! relative to the one around it. Publishers write names with and without percent-encoding, and give
//! a schema an `$id` while they mean the document; both are found.

use std::collections::{BTreeMap, HashMap};

use iri_string::types::{IriAbsoluteStr, IriReferenceStr, IriStr};
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::{document::key_kind::KeyKind, pointer};

/// What a document is taken to be published at, so that a relative `$id` has something to be
/// relative to; no host is ever named so (RFC 2606, section 2).
const BASE: &str = "https://document.invalid/";

/// The parts of a document that references can name, gathered once.
pub(crate) struct References<'a> {
    document: &'a Value,
    /// The schemas with an `$id`, by their pointers.
    resources: BTreeMap<String, Resource<'a>>,
    /// The pointers of the schemas that bear an anchor, by its name.
    anchors: HashMap<&'a str, Vec<String>>,
    /// Whether any of the anchors is a dynamic one.
    has_dynamic: bool,
}

/// An embedded schema resource (JSON Schema 2020-12, section 8.2.1).
struct Resource<'a> {
    /// Its `$id`, as it is written.
    written: &'a str,
    /// The same, made absolute.
    iri: String,
}

impl<'a> References<'a> {
    /// Gathers what `document` says by `$id`, `$anchor` and `$dynamicAnchor`.
    pub(crate) fn of(document: &'a Value) -> Self {
        let mut references = Self {
            document,
            resources: BTreeMap::new(),
            anchors: HashMap::new(),
            has_dynamic: false,
        };
        references.gather(document, KeyKind::Keywords, BASE, &mut String::new());
        references
    }

    fn gather(&mut self, value: &'a Value, keys: KeyKind, base: &str, at: &mut String) {
        match value {
            _ if keys == KeyKind::Data => {}
            Value::Object(members) => {
                let text = |key: &str| members.get(key).and_then(Value::as_str);
                let mut own = None;
                if keys == KeyKind::Keywords && says_of_references(members) {
                    if let Some(written) = text("$id") {
                        let iri = absolute(base, written);
                        self.resources.insert(at.clone(), Resource { written, iri: iri.clone() });
                        own = Some(iri);
                    }
                    self.has_dynamic |= text("$dynamicAnchor").is_some();
                    for name in ["$anchor", "$dynamicAnchor"].into_iter().filter_map(text) {
                        self.anchors.entry(name).or_default().push(at.clone());
                    }
                }
                let base = own.as_deref().unwrap_or(base);
                for (key, value) in members.iter().filter(|(_, value)| is_container(value)) {
                    let length = pointer::push(at, key);
                    self.gather(value, keys.of_member(key, value), base, at);
                    at.truncate(length);
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate().filter(|(_, item)| is_container(item))
                {
                    let length = pointer::push(at, &index.to_string());
                    self.gather(item, keys, base, at);
                    at.truncate(length);
                }
            }
            _ => {}
        }
    }

    /// JSON pointer of what `reference` points at, if it is in the document; `at` is a pointer to
    /// the reference, or to the object that holds it. The document as a whole is no target.
    pub(crate) fn find(&self, reference: &str, at: &str) -> Option<String> {
        let (iri, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        if !iri.is_empty() {
            return self.within(self.named(iri, at)?, fragment);
        }
        // A fragment belongs to the schema with an `$id` around it. Many a publisher gives an `$id`
        // and means the document all the same, so that is where to look next.
        let resource = self.resource(at);
        self.within(resource, fragment)
            .or_else(|| (!resource.is_empty()).then(|| self.within("", fragment)).flatten())
    }

    /// JSON pointer of what `fragment` names within the resource at `resource`.
    fn within(&self, resource: &str, fragment: &str) -> Option<String> {
        if fragment.is_empty() {
            return (!resource.is_empty()).then(|| resource.to_owned());
        }
        let decoded = percent_decode_str(fragment).decode_utf8().ok();
        // A name that holds a `%` is found where nobody has encoded it, too.
        [decoded.as_deref(), Some(fragment)].into_iter().flatten().find_map(|fragment| {
            if fragment.starts_with('/') {
                let target = format!("{resource}{fragment}");
                return self.document.pointer(&target).map(|_| target);
            }
            // A schema with an `$id` within this one has anchors of its own; where a publisher gave an
            // `$id` without meaning that, they are found all the same.
            let within = || self.bearers(fragment).filter(|at| is_within(at, resource));
            the_one(within().filter(|at| self.resource(at) == resource))
                .or_else(|| the_one(within()))
                .map(str::to_owned)
        })
    }

    /// JSON pointer of what `fragment` names in `document`, a file of its own.
    pub(crate) fn of_fragment(document: &'a Value, fragment: &str) -> Option<String> {
        let decoded = percent_decode_str(fragment).decode_utf8().ok()?;
        if decoded.starts_with('/') {
            return document.pointer(&decoded).map(|_| decoded.into_owned());
        }
        Self::of(document).within("", fragment)
    }

    /// The pointers of all schemas that bear the anchor `name`.
    pub(crate) fn bearers(&self, name: &str) -> impl Iterator<Item = &str> {
        self.anchors.get(name).into_iter().flatten().map(String::as_str)
    }

    /// The anchor that the dynamic reference `reference`, which stands at `at`, leaves to be bound by
    /// those on the way; none where what it names bears that anchor as one that is not dynamic (JSON
    /// Schema 2020-12, section 8.2.3.2).
    pub(crate) fn open_anchor<'r>(&self, reference: &'r str, at: &str) -> Option<&'r str> {
        let (iri, anchor) = reference.split_once('#')?;
        let is_open = match self.find(reference, at) {
            Some(named) => {
                let bears = self.document.pointer(&named)?.get("$dynamicAnchor");
                bears.and_then(Value::as_str) == Some(anchor)
            }
            None => iri.is_empty(),
        };
        is_open.then_some(anchor)
    }

    /// Whether a dynamic reference may lead to one place or another.
    pub(crate) fn has_dynamic(&self) -> bool {
        self.has_dynamic
    }

    /// The innermost schema around `at` that has an `$id`; the document if there is none.
    fn resource<'p>(&self, at: &'p str) -> &'p str {
        if self.resources.is_empty() {
            return "";
        }
        let mut at = at;
        while !self.resources.contains_key(at) {
            match at.rsplit_once('/') {
                Some((parent, _)) => at = parent,
                None => return "",
            }
        }
        at
    }

    /// The pointer of the one schema with an `$id` that `iri`, which stands at `at`, names.
    fn named(&self, iri: &str, at: &str) -> Option<&str> {
        let base = self.resources.get(self.resource(at)).map_or(BASE, |around| &around.iri);
        let iri_there = absolute(base, iri);
        let says = |same: &dyn Fn(&Resource<'_>) -> bool| {
            let named = self.resources.iter().filter(|(_, resource)| same(resource));
            the_one(named.map(|(pointer, _)| pointer.as_str()))
        };
        says(&|resource| resource.iri == iri_there).or_else(|| says(&|it| it.written == iri))
    }
}

/// `reference` against `base` (RFC 3986, section 5.2), or as it is where it is none.
fn absolute(base: &str, reference: &str) -> String {
    let reference = reference.trim_end_matches('#');
    let resolved =
        IriStr::new(base).ok().map(IriStr::to_absolute).and_then(|base: &IriAbsoluteStr| {
            Some(IriReferenceStr::new(reference).ok()?.resolve_against(base).to_string())
        });
    resolved.unwrap_or_else(|| reference.to_owned())
}

/// What `all` hold, if that is one.
fn the_one<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
    all.next().filter(|_| all.next().is_none())
}

/// Whether an object may say where it or another one is: most don't, and nobody has to ask them by each name.
pub(crate) fn says_of_references(members: &Map<String, Value>) -> bool {
    members.keys().any(|key| key.starts_with('$'))
}

fn is_container(value: &Value) -> bool {
    value.is_object() || value.is_array()
}

/// Whether the pointer `at` leads to the part at `whole`, or into it.
fn is_within(at: &str, whole: &str) -> bool {
    at.strip_prefix(whole).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn leads(document: &Value, reference: &str, at: &str, expected: Option<&str>) {
        assert_eq!(
            References::of(document).find(reference, at).as_deref(),
            expected,
            "{reference}"
        );
    }

    #[test]
    fn names_are_found_with_and_without_percent_encoding() {
        let document = json!({"components": {"schemas": {
            "Page<Item>": {}, "Page«User»": {}, "PagedList`1": {}, "A%2Db": {}, "a/b": {},
        }}});
        for (reference, name) in [
            ("#/components/schemas/Page%3CItem%3E", "Page<Item>"),
            ("#/components/schemas/Page<Item>", "Page<Item>"),
            ("#/components/schemas/Page%C2%ABUser%C2%BB", "Page«User»"),
            ("#/components/schemas/PagedList`1", "PagedList`1"),
            ("#/components/schemas/PagedList%601", "PagedList`1"),
            ("#/components/schemas/A%2Db", "A%2Db"),
            ("#/components/schemas/A%252Db", "A%2Db"),
            ("#/components/schemas/a~1b", "a~1b"),
        ] {
            leads(&document, reference, "", Some(&format!("/components/schemas/{name}")));
        }
        leads(&document, "#/components/schemas/B", "", None);
        leads(&document, "#", "", None);
    }

    #[test]
    fn an_id_may_be_relative_to_the_one_around_it() {
        let document = json!({"components": {"schemas": {
            "Shop": {"$id": "https://shop.example/schemas/shop", "$defs": {
                "Item": {"$id": "item", "$defs": {"Size": {"$anchor": "size"}}},
            }},
            "Card": {"$id": "./cards/card"},
        }}});
        let shop = "/components/schemas/Shop";
        let item = "/components/schemas/Shop/$defs/Item";
        leads(&document, "item", &format!("{shop}/properties/a/$ref"), Some(item));
        leads(&document, "/schemas/item", shop, Some(item));
        leads(&document, "https://shop.example/schemas/item", "/paths", Some(item));
        leads(&document, "item", "/paths", Some(item));
        let size = Some("/components/schemas/Shop/$defs/Item/$defs/Size");
        leads(&document, "item#size", shop, size);
        leads(&document, "#/$defs/Size", item, size);
        leads(&document, "cards/card", "/paths", Some("/components/schemas/Card"));
        leads(&document, "card", "/paths", None);
    }

    #[test]
    fn an_anchor_is_that_of_the_schema_around_it_and_counts_if_it_is_the_only_one() {
        let document = json!({"components": {"schemas": {
            "A": {"$id": "a", "$defs": {"X": {"$anchor": "x"}}},
            "B": {"$id": "b", "$defs": {"X": {"$anchor": "x"}, "Y": {"$anchor": "y"}}},
        }, "examples": {"E": {"value": {"$anchor": "z"}}}}});
        let b = "/components/schemas/B";
        leads(&document, "#x", b, Some("/components/schemas/B/$defs/X"));
        leads(&document, "#y", "/components/schemas/A", Some("/components/schemas/B/$defs/Y"));
        leads(&document, "#x", "/paths", None);
        leads(&document, "#z", "/paths", None);
    }

    #[test]
    fn an_anchor_of_a_schema_with_an_id_within_is_not_that_of_the_one_around() {
        let document = json!({"components": {"schemas": {"A": {
            "$id": "a",
            "$defs": {"X": {"$anchor": "x"}, "B": {"$id": "b", "$anchor": "x"}},
            "allOf": [{"$id": "c", "$anchor": "y"}],
        }}}});
        let a = "/components/schemas/A";
        leads(&document, "#x", a, Some("/components/schemas/A/$defs/X"));
        leads(&document, "a#x", "/paths", Some("/components/schemas/A/$defs/X"));
        leads(
            &document,
            "#x",
            "/components/schemas/A/$defs/B",
            Some("/components/schemas/A/$defs/B"),
        );
        leads(&document, "#y", a, Some("/components/schemas/A/allOf/0"));
    }
}
