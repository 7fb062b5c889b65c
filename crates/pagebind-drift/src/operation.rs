//! An operation: a method of a path, and what is said of it as a whole.

use indexmap::IndexSet;
use serde_json::Value;

use crate::{
    comparison::{At, Comparison, Items},
    lifecycle::{Lifecycle, Step},
    node::Node,
    path_item::PathItem,
    rules::api,
};

const METHODS: [&str; 9] =
    ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

/// A path item with the way it is written in its document.
#[derive(Debug, Clone)]
pub(crate) struct Path<'d> {
    pub(crate) template: &'d str,
    pub(crate) item: PathItem<'d>,
}

/// An operation on both sides.
pub(crate) struct Operation<'d> {
    pub(crate) old_path: Path<'d>,
    pub(crate) new_path: Path<'d>,
    pub(crate) old: Node<'d>,
    pub(crate) new: Node<'d>,
}

/// The names of a template's parameters, in their order.
pub(crate) fn template_names(template: &str) -> Vec<&str> {
    let parts = template.split('{').skip(1);
    parts.filter_map(|part| Some(part.split_once('}')?.0)).collect()
}

pub(crate) fn methods<'d>(item: &PathItem<'d>) -> Vec<(&'static str, Node<'d>)> {
    let methods = METHODS.iter();
    methods.filter_map(|method| Some((*method, item.get(method)?))).collect()
}

/// What is said in words of a path as a whole.
pub(crate) fn path_words<'d>(
    comparison: &Comparison<'d>,
    (old, new): (&Path<'d>, &Path<'d>),
    whose: &str,
    items: &mut Items,
) {
    for keyword in ["summary", "description"] {
        let both = (old.item.saying(keyword), new.item.saying(keyword));
        comparison.text(items, &api::API_PROSE_CHANGED, keyword, both, whose);
    }
}

impl<'d> Comparison<'d> {
    pub(crate) fn operation(&mut self, operation: &Operation<'d>, items: &mut Items) {
        // Parameters and servers of the path are the operation's too.
        if self.same(&operation.old, &operation.new)
            && operation.old_path.item.same(&operation.new_path.item, self)
            && operation.old_path.template == operation.new_path.template
        {
            return;
        }
        self.identity(operation, items);
        self.lifecycle(operation, items);
        let both = (&operation.old, &operation.new);
        for (keyword, rule) in [
            ("summary", &api::OPERATION_SUMMARY_CHANGED),
            ("description", &api::OPERATION_DESCRIPTION_CHANGED),
            ("externalDocs", &api::OPERATION_DESCRIPTION_CHANGED),
        ] {
            self.text(items, rule, keyword, both, "the operation");
        }
        self.parameters(operation, items);
        self.request_body(operation, items);
        self.responses(operation, items);
    }

    /// The name of an operation, and its tags.
    fn identity(&self, operation: &Operation<'d>, items: &mut Items) {
        let (old, new) = (operation.old.get("operationId"), operation.new.get("operationId"));
        let value = |node: &Option<Node<'d>>| node.as_ref().map(|node| node.value.clone());
        let values = (value(&old), value(&new));
        match (&old, &new) {
            (Some(old), Some(new)) if old.value != new.value => {
                let message =
                    format!("the operationId changed from {} to {}", old.value, new.value);
                self.found(items, &api::OPERATION_ID_REMOVED, At::New(new), message, values);
            }
            (Some(old), None) => {
                let message = format!("the operationId {} was removed", old.value);
                self.found(items, &api::OPERATION_ID_REMOVED, At::Old(old), message, values);
            }
            (None, Some(new)) => {
                let message = format!("the operationId {} was added", new.value);
                self.found(items, &api::OPERATION_ID_ADDED, At::New(new), message, values);
            }
            _ => {}
        }
        let tags = |operation: &Node<'d>| -> IndexSet<&'d str> {
            let tags = operation.value_of("tags").and_then(Value::as_array);
            tags.into_iter().flatten().filter_map(Value::as_str).collect()
        };
        let (old, new) = (tags(&operation.old), tags(&operation.new));
        for tag in old.difference(&new) {
            let message = format!("the tag `{tag}` was removed");
            self.found(
                items,
                &api::TAG_REMOVED,
                At::Old(&operation.old),
                message,
                (Some((*tag).into()), None),
            );
        }
        for tag in new.difference(&old) {
            let message = format!("the tag `{tag}` was added");
            self.found(
                items,
                &api::TAG_ADDED,
                At::New(&operation.new),
                message,
                (None, Some((*tag).into())),
            );
        }
    }

    /// How long the operation is to be there, and what is promised of it.
    fn lifecycle(&self, operation: &Operation<'d>, items: &mut Items) {
        let (old, new) = (Lifecycle::of(&operation.old), Lifecycle::of(&operation.new));
        let at = At::New(&operation.new);
        let flags = (Some(old.deprecated.into()), Some(new.deprecated.into()));
        let dates = (old.sunset.cloned(), new.sunset.cloned());
        let found = match (old.deprecated, new.deprecated, new.sunset) {
            (true, false, _) => {
                let message = "the operation is no longer deprecated".to_owned();
                Some((&api::ENDPOINT_REACTIVATED, message, flags))
            }
            (false, true, None) => {
                let message = "the operation was deprecated".to_owned();
                Some((&api::ENDPOINT_DEPRECATED, message, flags))
            }
            (false, true, Some(date)) => {
                let message = format!("the operation was deprecated, and goes on {date}");
                Some((&api::ENDPOINT_DEPRECATED_WITH_SUNSET, message, flags))
            }
            _ if old.sunset == new.sunset => None,
            (_, _, Some(date)) => {
                let message = format!("the operation now goes on {date}");
                Some((&api::SUNSET_CHANGED, message, dates))
            }
            (_, _, None) => {
                let message = "no date is named any more on which the operation goes".to_owned();
                Some((&api::SUNSET_DELETED, message, dates))
            }
        };
        if let Some((rule, message, values)) = found {
            self.found(items, rule, at, message, values);
        }
        if let Some((step, what)) = old.stability_became(new) {
            let rule = match step {
                Step::Decreased => &api::STABILITY_DECREASED,
                Step::Increased => &api::STABILITY_INCREASED,
            };
            let values = (old.stability.cloned(), new.stability.cloned());
            self.found(items, rule, at, format!("the operation {what}"), values);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parameters_of_a_template_come_in_their_order() {
        assert_eq!(template_names("/a/{x}/b/{y}.json"), ["x", "y"]);
    }
}
