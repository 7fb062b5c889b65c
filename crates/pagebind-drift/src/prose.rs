//! What is said in words: titles, summaries, descriptions, examples.
//!
//! Changed prose touches no call, and is still worth knowing: that is where publishers write what
//! a schema can't say. White space is no part of it.

use std::cmp::Ordering;

use serde_json::Value;

use crate::{
    comparison::{At, Comparison, Items},
    node::Node,
    rules::{Rule, api},
};

/// Whether a rule is about words alone.
pub(crate) fn is_prose(id: &str) -> bool {
    ["-description-changed", "-title-changed", "-summary-changed", "-example-changed"]
        .iter()
        .any(|end| id.ends_with(end))
}

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
        let (old, new) = (old_object.get(keyword), new_object.get(keyword));
        if same(old.as_ref(), new.as_ref()) {
            return;
        }
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
    let (Some(old_info), Some(new_info)) = (old.get("info"), new.get("info")) else {
        return;
    };
    for keyword in ["title", "summary", "description", "termsOfService", "contact", "license"] {
        let info = (&old_info, &new_info);
        comparison.text(items, &api::API_PROSE_CHANGED, keyword, info, "the API");
    }
    comparison.text(items, &api::API_PROSE_CHANGED, "externalDocs", (&old, &new), "the API");
    tags(comparison, (&old, &new), items);
    let (old, new) = (old_info.get("version"), new_info.get("version"));
    let (Some(old), Some(new)) = (old, new) else {
        return;
    };
    if old.value != new.value {
        let decreased = version(old.value).cmp(&version(new.value)) == Ordering::Greater;
        let rule = if decreased { &api::API_VERSION_DECREASED } else { &api::API_VERSION_CHANGED };
        let message = format!("the API's version changed from {} to {}", old.value, new.value);
        let values = (Some(old.value.clone()), Some(new.value.clone()));
        comparison.found(items, rule, At::New(&new), message, values);
    }
}

fn tags<'d>(comparison: &Comparison<'d>, (old, new): (&Node<'d>, &Node<'d>), items: &mut Items) {
    let (Some(old), Some(new)) = (old.get("tags"), new.get("tags")) else {
        return;
    };
    for old in old.elements() {
        let name = old.str_of("name");
        if let Some(new) = new.elements().find(|new| new.str_of("name") == name) {
            let whose = format!("the tag `{}`", name.unwrap_or_default());
            comparison.text(items, &api::API_PROSE_CHANGED, "description", (&old, &new), &whose);
        }
    }
}

/// The numbers in a version, so that `1.10` comes after `1.9`.
fn version(value: &Value) -> Vec<u64> {
    let text = value.as_str().unwrap_or_default();
    let numbers = text.split(|c: char| !c.is_ascii_digit());
    numbers.filter_map(|number| number.parse().ok()).collect()
}
