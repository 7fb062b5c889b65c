//! The values that a schema takes: enums, patterns, defaults, and how they are written.

use pagebind::number::is_multiple;
use serde_json::{Number, Value};

use super::{both::Both, equal::equal, view::View};
use crate::{
    comparison::{At, Comparison, Items},
    node::Node,
    rules::schema as rows,
};

fn same_value(a: &Node<'_>, b: &Node<'_>) -> bool {
    equal(a.value, b.value)
}

pub(super) fn value(node: Option<&Node<'_>>) -> Option<Value> {
    node.map(|node| node.value.clone())
}

impl<'d> Comparison<'d> {
    /// Compares what narrows the values of a type.
    pub(super) fn values(&mut self, both: &Both<'_, 'd>, items: &mut Items) {
        self.listed_values(both, items);
        self.words_of_values(both, items);
        self.extensible_values(both, items);
        self.pattern(both, items);
        self.default(both, items);
        self.multiple_of(both, items);
        self.embedded(both, items);
    }

    fn listed_values(&self, both: &Both<'_, 'd>, items: &mut Items) {
        let node = |view: &View<'d>| {
            let listing = view.listing.as_ref().map(|listing| listing.node.clone());
            view.first("enum").or_else(|| view.first("const")).or(listing)
        };
        let (old_node, new_node) = (node(both.old), node(both.new));
        let Some(at) = both.keyword(old_node.as_ref(), new_node.as_ref()) else {
            return;
        };
        let found = |items: &mut Items, row, at, what: String, old, new| {
            self.found_in_schema(items, row, both.subject, at, what, (old, new));
        };
        let constant = |view: &View<'d>| {
            let only = view.first("enum").is_none() && view.listing.is_none();
            only.then(|| view.first("const")).flatten()
        };
        match (both.old.values(), both.new.values()) {
            (None, None) => {}
            (None, Some(values)) => {
                let (row, what) = match constant(both.new) {
                    Some(node) => (&rows::CONST_ADDED, format!("may now only be {}", node.value)),
                    None => (
                        &rows::BECAME_ENUM,
                        format!("may now only be one of {} values", values.len()),
                    ),
                };
                found(items, row, at, what, None, value(new_node.as_ref()));
            }
            (Some(values), None) => {
                let (row, what) = match constant(both.old) {
                    Some(node) => {
                        (&rows::CONST_REMOVED, format!("is no longer always {}", node.value))
                    }
                    None => (
                        &rows::NO_LONGER_ENUM,
                        format!("is no longer one of {} values", values.len()),
                    ),
                };
                found(items, row, at, what, value(old_node.as_ref()), None);
            }
            (Some(old), Some(new)) => {
                if let (Some(old), Some(new)) = (constant(both.old), constant(both.new)) {
                    if !equal(old.value, new.value) {
                        let what =
                            format!("changed from always {} to always {}", old.value, new.value);
                        found(
                            items,
                            &rows::CONST_CHANGED,
                            at,
                            what,
                            value(Some(&old)),
                            value(Some(&new)),
                        );
                    }
                    return;
                }
                let missing =
                    |from: &[&Value], value: &Value| !from.iter().any(|other| equal(other, value));
                for value in old.iter().filter(|value| missing(&new, value)) {
                    let what = format!("the value {value} was removed");
                    found(items, &rows::ENUM_VALUE_REMOVED, at, what, Some((*value).clone()), None);
                }
                for value in new.iter().filter(|value| missing(&old, value)) {
                    let what = format!("the value {value} was added");
                    found(items, &rows::ENUM_VALUE_ADDED, at, what, None, Some((*value).clone()));
                }
                if both.lists_of_nullable() {
                    let null = Some(Value::Null);
                    match (both.old.leaves_null_out(), both.new.leaves_null_out()) {
                        (false, true) => {
                            let what = "the value null was removed".to_owned();
                            found(items, &rows::ENUM_VALUE_REMOVED, at, what, null, None);
                        }
                        (true, false) => {
                            let what = "the value null was added".to_owned();
                            found(items, &rows::ENUM_VALUE_ADDED, at, what, None, null);
                        }
                        _ => {}
                    }
                }
            }
        }
    }

    /// What is said of values that are listed as branches, each of its own.
    fn words_of_values(&mut self, both: &Both<'_, 'd>, items: &mut Items) {
        let (Some(old), Some(new)) = (&both.old.listing, &both.new.listing) else { return };
        for (value, old) in &old.values {
            let new = new.values.iter().find(|(other, _)| equal(value, other));
            if let Some((_, new)) = new {
                let (old, new) = (std::slice::from_ref(old), std::slice::from_ref(new));
                self.schema(old, new, both.subject, items);
            }
        }
    }

    /// `x-extensible-enum`: values that may grow at any time.
    fn extensible_values(&self, both: &Both<'_, 'd>, items: &mut Items) {
        let found = |items: &mut Items, row, at, what: String, old, new| {
            self.found_in_schema(items, row, both.subject, at, what, (old, new));
        };
        let extensible = |view: &View<'d>| -> Vec<Node<'d>> {
            let lists = view.all("x-extensible-enum");
            lists.iter().flat_map(|list| list.elements().collect::<Vec<_>>()).collect()
        };
        let (old, new) = (extensible(both.old), extensible(both.new));
        let missing = |from: &[Node<'d>], value: &Node<'d>| {
            !from.iter().any(|other| equal(other.value, value.value))
        };
        if !old.is_empty() && !new.is_empty() {
            for gone in old.iter().filter(|value| missing(&new, value)) {
                let what = format!("the extensible value {} was removed", gone.value);
                found(
                    items,
                    &rows::EXTENSIBLE_ENUM_VALUE_REMOVED,
                    At::Old(gone),
                    what,
                    value(Some(gone)),
                    None,
                );
            }
            for added in new.iter().filter(|value| missing(&old, value)) {
                let what = format!("the extensible value {} was added", added.value);
                found(
                    items,
                    &rows::EXTENSIBLE_ENUM_VALUE_ADDED,
                    At::New(added),
                    what,
                    None,
                    value(Some(added)),
                );
            }
        }
    }

    fn pattern(&self, both: &Both<'_, 'd>, items: &mut Items) {
        let Some((old, new)) = both.differing("pattern", |old, new| old.value == new.value) else {
            return;
        };
        let (row, what) = match (&old, &new) {
            (None, Some(new)) => {
                (&rows::PATTERN_ADDED, format!("the pattern {} was set", new.value))
            }
            (Some(old), None) => {
                (&rows::PATTERN_REMOVED, format!("the pattern {} was lifted", old.value))
            }
            (Some(old), Some(new)) => {
                let everything =
                    matches!(new.value.as_str(), Some("" | ".*" | "^.*$" | "^.*" | ".*$"));
                let row =
                    if everything { &rows::PATTERN_GENERALIZED } else { &rows::PATTERN_CHANGED };
                (row, format!("the pattern changed from {} to {}", old.value, new.value))
            }
            (None, None) => return,
        };
        if let Some(at) = both.keyword(old.as_ref(), new.as_ref()) {
            let values = (value(old.as_ref()), value(new.as_ref()));
            self.found_in_schema(items, row, both.subject, at, what, values);
        }
    }

    fn default(&self, both: &Both<'_, 'd>, items: &mut Items) {
        let Some((old, new)) = both.differing_word("default", same_value) else { return };
        let (row, what) = match (&old, &new) {
            (None, Some(new)) => {
                (&rows::DEFAULT_ADDED, format!("the default {} was set", new.value))
            }
            (Some(old), None) => {
                (&rows::DEFAULT_REMOVED, format!("the default {} was removed", old.value))
            }
            (Some(old), Some(new)) => (
                &rows::DEFAULT_CHANGED,
                format!("the default changed from {} to {}", old.value, new.value),
            ),
            (None, None) => return,
        };
        if let Some(at) = both.keyword(old.as_ref(), new.as_ref()) {
            let values = (value(old.as_ref()), value(new.as_ref()));
            self.found_in_schema(items, row, both.subject, at, what, values);
        }
    }

    fn multiple_of(&self, both: &Both<'_, 'd>, items: &mut Items) {
        let Some((old, new)) = both.differing("multipleOf", same_value) else { return };
        let rows = &rows::MULTIPLE_OF;
        // Every multiple of ten is one of five: what each number asks for may follow from others.
        let numbers = |view: &View<'d>| -> Vec<&'d Number> {
            view.all("multipleOf").iter().filter_map(|node| node.value.as_number()).collect()
        };
        let follows = |of: &[&Number], from: &[&Number]| {
            of.iter().all(|number| from.iter().any(|other| is_multiple(other, number)))
        };
        let all = (numbers(both.old), numbers(both.new));
        let changed = match (follows(&all.1, &all.0), follows(&all.0, &all.1)) {
            (true, true) => return,
            (true, false) => &rows::MULTIPLE_OF_GENERALIZED,
            (false, true) => &rows::MULTIPLE_OF_SPECIALIZED,
            (false, false) => &rows.changed,
        };
        let (row, what) = match (&old, &new) {
            (None, Some(new)) => (&rows.added, format!("has to be a multiple of {}", new.value)),
            (Some(old), None) => {
                (&rows.removed, format!("no longer has to be a multiple of {}", old.value))
            }
            (Some(old), Some(new)) => {
                (changed, format!("has to be a multiple of {} instead of {}", new.value, old.value))
            }
            (None, None) => return,
        };
        if let Some(at) = both.keyword(old.as_ref(), new.as_ref()) {
            let values = (value(old.as_ref()), value(new.as_ref()));
            self.found_in_schema(items, row, both.subject, at, what, values);
        }
    }

    /// How text carries other content, and how a value is written in XML.
    fn embedded(&self, both: &Both<'_, 'd>, items: &mut Items) {
        let keywords = [
            (
                "contentMediaType",
                &rows::CONTENT_MEDIA_TYPE_CHANGED,
                "application/octet-stream",
                "the media type of the content",
            ),
            (
                "contentEncoding",
                &rows::CONTENT_ENCODING_CHANGED,
                "base64",
                "the encoding of the content",
            ),
            ("xml", &rows::XML_CHANGED, "", "the form in XML"),
        ];
        for (keyword, row, is_format, words) in keywords {
            // What 3.0 says by `format` is compared as that.
            let node = |view: &View<'d>| view.first(keyword).filter(|node| node.value != is_format);
            let (old, new) = (node(both.old), node(both.new));
            if old.as_ref().map(|node| node.value) == new.as_ref().map(|node| node.value) {
                continue;
            }
            if let Some(at) = both.keyword(old.as_ref(), new.as_ref()) {
                let values = (value(old.as_ref()), value(new.as_ref()));
                self.found_in_schema(
                    items,
                    row,
                    both.subject,
                    at,
                    format!("{words} changed"),
                    values,
                );
            }
        }
    }
}
