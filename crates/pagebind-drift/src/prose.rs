//! What is said in words: titles, summaries, descriptions, examples.
//!
//! Changed prose touches no call, and is still worth knowing: that is where publishers write what
//! a schema can't say. White space is no part of it.

use std::{cmp::Ordering, fmt::Display};

use indexmap::IndexMap;
use serde_json::Value;

use crate::{
    comparison::{At, Comparison, Items},
    node::Node,
    rules::{Rule, api},
};

/// Whether two texts (or examples) say the same; an empty one is none.
pub(crate) fn same(old: Option<&Node<'_>>, new: Option<&Node<'_>>) -> bool {
    let words = |value: &str| value.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    match (old.map(|node| node.value), new.map(|node| node.value)) {
        (None, None) => true,
        (Some(Value::String(text)), None) | (None, Some(Value::String(text))) => {
            words(text).is_empty()
        }
        (Some(Value::String(old)), Some(Value::String(new))) => {
            old == new || words(old) == words(new)
        }
        (Some(old), Some(new)) => old == new,
        _ => false,
    }
}

impl<'d> Comparison<'d> {
    /// Notes a change of the member `keyword` of an object, if there is one.
    pub(crate) fn text(
        &self,
        items: &mut Items,
        rule: &Rule,
        keyword: &str,
        (old_object, new_object): (&Node<'d>, &Node<'d>),
        whose: &str,
    ) {
        let words = (old_object.get(keyword), new_object.get(keyword));
        if !same(words.0.as_ref(), words.1.as_ref()) {
            self.found_words(items, rule, keyword, words, whose);
        }
    }

    /// Notes a change of the words that stand beside a `$ref`: they are said in place of those
    /// that it leads to (OpenAPI 3.1, section 4.8.23).
    pub(crate) fn text_beside_reference(
        &self,
        items: &mut Items,
        rule: impl FnOnce() -> Rule,
        (old, new): (&Node<'d>, &Node<'d>),
        whose: impl Display,
    ) {
        let own = |node: &Node<'d>| node.value_of("$ref").map(|_| node.clone());
        let (old, new) = (own(old), own(new));
        if old.is_none() && new.is_none() {
            return;
        }
        let (old, new) = (old.unwrap_or_else(Node::nothing), new.unwrap_or_else(Node::nothing));
        let (rule, whose) = (rule(), whose.to_string());
        for keyword in ["summary", "description"] {
            self.text(items, &rule, keyword, (&old, &new), &whose);
        }
    }

    /// Notes a change of what a media type, parameter or header gives as an example.
    pub(crate) fn examples(
        &self,
        items: &mut Items,
        rule: &Rule,
        (old, new): (&Node<'d>, &Node<'d>),
        whose: &str,
    ) {
        let one = (old.get("example"), new.get("example"));
        let several = (old.get("examples"), new.get("examples"));
        let words = if !same(one.0.as_ref(), one.1.as_ref()) {
            (one.0.or(several.0), one.1.or(several.1))
        } else if !self.same_entries(several.0.as_ref(), several.1.as_ref()) {
            several
        } else {
            return;
        };
        self.found_words(items, rule, "example", words, whose);
    }

    fn found_words(
        &self,
        items: &mut Items,
        rule: &Rule,
        keyword: &str,
        (old, new): (Option<Node<'d>>, Option<Node<'d>>),
        whose: &str,
    ) {
        let at = match (&old, &new) {
            (_, Some(new)) => At::New(new),
            (Some(old), None) => At::Old(old),
            (None, None) => return,
        };
        let value = |node: &Option<Node<'d>>| node.as_ref().map(|node| node.value.clone());
        let message = format!("the {keyword} of {whose} changed");
        self.found(items, rule, at, message, (value(&old), value(&new)));
    }
}

/// What the document says about the API as a whole.
pub(crate) fn api<'d>(comparison: &Comparison<'d>, items: &mut Items) {
    let (old, new) = (Node::root(comparison.old), Node::root(comparison.new));
    let info = |root: &Node<'d>| root.get("info").unwrap_or_else(Node::nothing);
    let (old_info, new_info) = (info(&old), info(&new));
    for keyword in ["title", "summary", "description", "termsOfService", "contact", "license"] {
        let info = (&old_info, &new_info);
        comparison.text(items, &api::API_PROSE_CHANGED, keyword, info, "the API");
    }
    comparison.text(items, &api::API_PROSE_CHANGED, "externalDocs", (&old, &new), "the API");
    tags(comparison, (&old, &new), items);
    version(comparison, (old_info.get("version"), new_info.get("version")), items);
    let dialects = (old.get("jsonSchemaDialect"), new.get("jsonSchemaDialect"));
    if foreign_dialect(dialects.0.as_ref()) != foreign_dialect(dialects.1.as_ref()) {
        let rule = &api::API_DIALECT_CHANGED;
        comparison.found_words(items, rule, "schema dialect", dialects, "the API");
    }
}

/// The dialect of schemas that `node` names, unless it is one that OpenAPI 3.1 itself speaks.
pub(crate) fn foreign_dialect<'d>(node: Option<&Node<'d>>) -> Option<&'d Value> {
    const OWN: [&str; 2] = [
        "https://spec.openapis.org/oas/3.1/dialect/base",
        "https://json-schema.org/draft/2020-12/schema",
    ];
    let name = node?.value;
    let own = name.as_str().is_some_and(|name| OWN.contains(&name.trim_end_matches('#')));
    (!own).then_some(name)
}

fn tags<'d>(comparison: &Comparison<'d>, (old, new): (&Node<'d>, &Node<'d>), items: &mut Items) {
    let tags = |root: &Node<'d>| -> IndexMap<&'d str, Node<'d>> {
        let tags = root.get("tags");
        let tags = tags.iter().flat_map(|tags| tags.elements().collect::<Vec<_>>());
        tags.map(|tag| (tag.str_of("name").unwrap_or_default(), tag)).collect()
    };
    let (old, new) = (tags(old), tags(new));
    for (name, old) in &old {
        let Some(new) = new.get(name) else {
            let message = format!("the API no longer lists the tag `{name}`");
            let values = (Some((*name).into()), None);
            comparison.found(items, &api::TAG_REMOVED, At::Old(old), message, values);
            continue;
        };
        let whose = format!("the tag `{name}`");
        for keyword in ["description", "externalDocs"] {
            comparison.text(items, &api::API_PROSE_CHANGED, keyword, (old, new), &whose);
        }
    }
    for (name, new) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
        let message = format!("the API now lists the tag `{name}`");
        let values = (None, Some((*name).into()));
        comparison.found(items, &api::TAG_ADDED, At::New(new), message, values);
    }
}

fn version<'d>(
    comparison: &Comparison<'d>,
    (old, new): (Option<Node<'d>>, Option<Node<'d>>),
    items: &mut Items,
) {
    let value = |node: &Option<Node<'d>>| node.as_ref().map(|node| node.value.clone());
    let values = (value(&old), value(&new));
    let (at, message) = match (&old, &new) {
        (Some(old), Some(new)) if old.value != new.value => {
            let message = format!("the API's version changed from {} to {}", old.value, new.value);
            (At::New(new), message)
        }
        (Some(old), None) => (At::Old(old), format!("the API's version {} was removed", old.value)),
        (None, Some(new)) => (At::New(new), format!("the API's version {} was added", new.value)),
        _ => return,
    };
    let decreased = match (&values.0, &values.1) {
        (Some(old), Some(new)) => numbers(old).cmp(&numbers(new)) == Ordering::Greater,
        _ => false,
    };
    let rule = if decreased { &api::API_VERSION_DECREASED } else { &api::API_VERSION_CHANGED };
    comparison.found(items, rule, at, message, values);
}

/// The numbers in a version, so that `1.10` comes after `1.9`.
fn numbers(value: &Value) -> Vec<u64> {
    let text = value.as_str().unwrap_or_default();
    let numbers = text.split(|c: char| !c.is_ascii_digit());
    numbers.filter_map(|number| number.parse().ok()).collect()
}
