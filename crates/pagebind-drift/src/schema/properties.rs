//! Properties: which there are, which are required, and which travel in which direction.

use indexmap::IndexSet;
use serde_json::Value;

use super::{both::Both, view::View};
use crate::{
    comparison::{At, Comparison, Items},
    node::Node,
    rules::{
        Rule, api,
        schema::{self as rows, Subject},
    },
};

/// One property, seen from both sides of the comparison.
struct Property<'a, 'd> {
    name: &'d str,
    schemas: &'a [Node<'d>],
    required: bool,
}

impl<'d> Comparison<'d> {
    pub(super) fn objects(&mut self, both: &Both<'_, 'd>, items: &mut Items) {
        let (old, new) = (both.old.properties(), both.new.properties());
        let (old_required, new_required) = (both.old.required(), both.new.required());
        for (name, schemas) in &old {
            let property = Property { name, schemas, required: old_required.contains(name) };
            match new.get(name) {
                None => self.property_removed(both, &property, items),
                Some(schemas) => {
                    let new = Property { name, schemas, required: new_required.contains(name) };
                    self.property(both.subject, &property, &new, items);
                }
            }
        }
        for (name, schemas) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
            // A name that was required before anything described it was always asked for.
            let was_required = old_required.contains(name);
            let required = new_required.contains(name);
            let property = Property { name, schemas, required: required && !was_required };
            self.property_added(both, &property, items);
            if was_required && !required {
                let rule = rows::BECAME_OPTIONAL.rule(both.subject.below());
                let at = At::New(&schemas[0]);
                let values = (Some(true.into()), Some(false.into()));
                self.found_property(
                    items,
                    &rule,
                    both.subject,
                    at,
                    "is no longer required",
                    values,
                );
            }
        }
        let undeclared = |name: &&&str| !old.contains_key(**name) && !new.contains_key(**name);
        self.undeclared(both, (&old_required, &new_required), undeclared, items);
        self.additional_properties(both, items);
        self.named_schemas(
            both,
            "patternProperties",
            (&rows::PATTERN_PROPERTY_ADDED, &rows::PATTERN_PROPERTY_REMOVED),
            both.subject.below(),
            items,
        );
    }

    /// Names that are required though nothing describes them.
    fn undeclared(
        &self,
        both: &Both<'_, 'd>,
        (old, new): (&IndexSet<&'d str>, &IndexSet<&'d str>),
        undeclared: impl Fn(&&&str) -> bool,
        items: &mut Items,
    ) {
        let (old_node, new_node) = (both.old.first("required"), both.new.first("required"));
        let Some(at) = both.keyword(old_node.as_ref(), new_node.as_ref()) else {
            return;
        };
        let sides = [
            (new.difference(old), &rows::BECAME_REQUIRED, "is now required"),
            (old.difference(new), &rows::BECAME_OPTIONAL, "is no longer required"),
        ];
        for (names, row, words) in sides {
            for name in names.filter(&undeclared) {
                let subject = both.subject.below();
                let message = format!("{}: `{name}` {words}", self.place(both.subject, at));
                self.found(items, &row.rule(subject), at, message, (None, None));
            }
        }
    }

    fn property_removed(
        &self,
        both: &Both<'_, 'd>,
        property: &Property<'_, 'd>,
        items: &mut Items,
    ) {
        let subject = both.subject;
        let view = View::new(self.old, property.schemas);
        let rule: &Rule = if subject.is_request() {
            if subject.is_absent() || view.flag("readOnly") {
                &api::REQUEST_READ_ONLY_PROPERTY_REMOVED
            } else {
                &api::REQUEST_PROPERTY_REMOVED
            }
        } else {
            match (property.required, subject.is_absent() || view.flag("writeOnly")) {
                (true, false) => &api::RESPONSE_REQUIRED_PROPERTY_REMOVED,
                (true, true) => &api::RESPONSE_REQUIRED_WRITE_ONLY_PROPERTY_REMOVED,
                (false, false) => &api::RESPONSE_OPTIONAL_PROPERTY_REMOVED,
                (false, true) => &api::RESPONSE_OPTIONAL_WRITE_ONLY_PROPERTY_REMOVED,
            }
        };
        let at = &property.schemas[0];
        // What is said elsewhere in the document still is, though no longer of this schema.
        let message = match both.new.site.as_ref() {
            Some(site) if self.new.pointer(&at.pointer()).is_some() => {
                let place = self.place(subject, At::New(site));
                format!("{place}: no longer has `{}`", property.name)
            }
            _ => format!("{}: was removed", self.place(subject.below(), At::Old(at))),
        };
        self.found(items, rule, At::Old(at), message, (Some(property.name.into()), None));
    }

    fn property_added(&self, both: &Both<'_, 'd>, property: &Property<'_, 'd>, items: &mut Items) {
        let subject = both.subject;
        let view = View::new(self.new, property.schemas);
        let read_only = subject.is_absent() || view.flag("readOnly");
        let write_only = subject.is_absent() || view.flag("writeOnly");
        let rule: &Rule = match (subject.is_request(), property.required) {
            (true, true) if !read_only => {
                if view.first("default").is_some() {
                    &api::NEW_REQUIRED_PROPERTY_WITH_DEFAULT
                } else {
                    &api::NEW_REQUIRED_PROPERTY
                }
            }
            (true, _) => &api::NEW_OPTIONAL_PROPERTY,
            (false, true) if write_only => &api::RESPONSE_REQUIRED_WRITE_ONLY_PROPERTY_ADDED,
            (false, true) => &api::RESPONSE_REQUIRED_PROPERTY_ADDED,
            (false, false) if write_only => &api::RESPONSE_OPTIONAL_WRITE_ONLY_PROPERTY_ADDED,
            (false, false) => &api::RESPONSE_OPTIONAL_PROPERTY_ADDED,
        };
        let at = &property.schemas[0];
        let required = if property.required { ", and required" } else { "" };
        let message = match both.new.site.as_ref() {
            Some(site) if self.old.pointer(&at.pointer()).is_some() => {
                let place = self.place(subject, At::New(site));
                format!("{place}: now has `{}`{required}", property.name)
            }
            _ => format!("{}: is new{required}", self.place(subject.below(), At::New(at))),
        };
        self.found(items, rule, At::New(at), message, (None, Some(property.name.into())));
    }

    fn found_property(
        &self,
        items: &mut Items,
        rule: &Rule,
        subject: Subject,
        at: At<'_, 'd>,
        what: &str,
        values: (Option<Value>, Option<Value>),
    ) {
        let message = format!("{}: {what}", self.place(subject.below(), at));
        self.found(items, rule, at, message, values);
    }

    /// Compares a property that is on both sides.
    fn property(
        &mut self,
        subject: Subject,
        old: &Property<'_, 'd>,
        new: &Property<'_, 'd>,
        items: &mut Items,
    ) {
        if let ([a], [b]) = (old.schemas, new.schemas)
            && old.required == new.required
            && self.same(a, b)
        {
            return;
        }
        let (old_view, new_view) =
            (View::new(self.old, old.schemas), View::new(self.new, new.schemas));
        // Read-only on one side is enough: what was never sent, or no longer is, can't be refused.
        let keyword = if subject.is_request() { "readOnly" } else { "writeOnly" };
        let below = match (old_view.flag(keyword) || new_view.flag(keyword), subject.is_request()) {
            (false, _) => subject.below(),
            (true, true) => Subject::RequestReadOnlyProperty,
            (true, false) => Subject::ResponseWriteOnlyProperty,
        };
        let at = At::New(&new.schemas[0]);
        if old.required != new.required {
            let values = (Some(old.required.into()), Some(new.required.into()));
            if new.required {
                let with_default =
                    below == Subject::RequestProperty && new_view.first("default").is_some();
                let rule = if with_default {
                    api::BECAME_REQUIRED_WITH_DEFAULT.clone()
                } else {
                    rows::BECAME_REQUIRED.rule(below)
                };
                self.found_property(items, &rule, subject, at, "is now required", values);
            } else {
                let rule = rows::BECAME_OPTIONAL.rule(below);
                self.found_property(items, &rule, subject, at, "is no longer required", values);
            }
        }
        for (keyword, words) in [("readOnly", "read-only"), ("writeOnly", "write-only")] {
            let (was, is) = (old_view.flag(keyword), new_view.flag(keyword));
            if was != is && !subject.is_absent() {
                let rule = mutability(subject.is_request(), new.required, keyword, is);
                let what = format!("is {} {words}", if is { "now" } else { "no longer" });
                self.found_property(
                    items,
                    rule,
                    subject,
                    at,
                    &what,
                    (Some(was.into()), Some(is.into())),
                );
            }
        }
        self.schema(old.schemas, new.schemas, below, items);
    }

    fn additional_properties(&mut self, both: &Both<'_, 'd>, items: &mut Items) {
        let keyword = "additionalProperties";
        let (old, new) = (both.old.all(keyword), both.new.all(keyword));
        let forbid =
            |nodes: &[Node<'_>]| nodes.iter().any(|node| node.value == &Value::Bool(false));
        let Some(at) = both.keyword(old.first(), new.first()) else {
            return;
        };
        let (row, what) = match (forbid(&old), forbid(&new)) {
            (false, false) => return self.schema(&old, &new, both.subject.below(), items),
            (true, true) => return,
            (false, true) => {
                (&rows::ADDITIONAL_PROPERTIES_FORBIDDEN, "other properties are no longer allowed")
            }
            (true, false) => {
                (&rows::ADDITIONAL_PROPERTIES_ALLOWED, "other properties are now allowed")
            }
        };
        self.found_in_schema(items, row, both.subject, at, what, (None, None));
    }
}

fn mutability(request: bool, required: bool, keyword: &str, is: bool) -> &'static Rule {
    match (request, required, keyword == "readOnly", is) {
        (true, false, true, true) => &api::REQUEST_OPTIONAL_BECAME_READ_ONLY,
        (true, false, true, false) => &api::REQUEST_OPTIONAL_BECAME_NOT_READ_ONLY,
        (true, true, true, true) => &api::REQUEST_REQUIRED_BECAME_READ_ONLY,
        (true, true, true, false) => &api::REQUEST_REQUIRED_BECAME_NOT_READ_ONLY,
        (true, false, false, true) => &api::REQUEST_OPTIONAL_BECAME_WRITE_ONLY,
        (true, false, false, false) => &api::REQUEST_OPTIONAL_BECAME_NOT_WRITE_ONLY,
        (true, true, false, true) => &api::REQUEST_REQUIRED_BECAME_WRITE_ONLY,
        (true, true, false, false) => &api::REQUEST_REQUIRED_BECAME_NOT_WRITE_ONLY,
        (false, false, false, true) => &api::RESPONSE_OPTIONAL_BECAME_WRITE_ONLY,
        (false, false, false, false) => &api::RESPONSE_OPTIONAL_BECAME_NOT_WRITE_ONLY,
        (false, true, false, true) => &api::RESPONSE_REQUIRED_BECAME_WRITE_ONLY,
        (false, true, false, false) => &api::RESPONSE_REQUIRED_BECAME_NOT_WRITE_ONLY,
        (false, false, true, true) => &api::RESPONSE_OPTIONAL_BECAME_READ_ONLY,
        (false, false, true, false) => &api::RESPONSE_OPTIONAL_BECAME_NOT_READ_ONLY,
        (false, true, true, true) => &api::RESPONSE_REQUIRED_BECAME_READ_ONLY,
        (false, true, true, false) => &api::RESPONSE_REQUIRED_BECAME_NOT_READ_ONLY,
    }
}
