//! Parameters: those of the path and those of the operation, which override them.
//!
//! A parameter is known by its place and name (RFC 9110 header names in any case), one in the path
//! by its position in the template, because its name is never sent. `Accept`, `Content-Type` and
//! `Authorization` are no parameters, whoever lists them (OpenAPI 3.1, Parameter Object).

use std::{fmt, sync::LazyLock};

use indexmap::IndexMap;
use serde_json::Value;

use crate::{
    comparison::{At, Comparison, Items, Named},
    lifecycle::Lifecycle,
    node::Node,
    operation::{Operation, Path, template_names},
    rules::{
        Rule, api,
        schema::{self as rows, Subject},
    },
    schema::{Types, View},
};

const NO_PARAMETERS: [&str; 3] = ["accept", "content-type", "authorization"];

#[derive(Debug)]
struct Parameter<'d> {
    name: &'d str,
    location: &'d str,
    node: Node<'d>,
    /// As it is listed, be it as a reference.
    listed: Node<'d>,
}

type Parameters<'d> = IndexMap<(String, String), Parameter<'d>>;

impl<'d> Comparison<'d> {
    pub(crate) fn parameters(&mut self, operation: &Operation<'d>, items: &mut Items) {
        let old = collect(self.old, &operation.old_path, &operation.old);
        let new = collect(self.new, &operation.new_path, &operation.new);
        self.renamed_in_path(operation, items);
        self.each_parameter((old, new), items);
    }

    /// The headers of a part of a request body, which are sent as those of the request are.
    pub(crate) fn sent_headers(&mut self, (old, new): (&Node<'d>, &Node<'d>), items: &mut Items) {
        let (old, new) = (headers(self.old, old), headers(self.new, new));
        // What a call to the caller is answered with, he sends himself.
        let outer = std::mem::replace(&mut self.to_caller, false);
        self.each_parameter((old, new), items);
        self.to_caller = outer;
    }

    fn each_parameter(
        &mut self,
        (mut old, mut new): (Parameters<'d>, Parameters<'d>),
        items: &mut Items,
    ) {
        let keys: Vec<_> = old.keys().filter(|key| new.contains_key(*key)).cloned().collect();
        for key in keys {
            if let (Some(old), Some(new)) = (old.shift_remove(&key), new.shift_remove(&key)) {
                self.parameter(&old, &new, items);
            }
        }
        for old in old.into_values() {
            let moved = new.values().position(|new| new.name == old.name);
            match moved.and_then(|index| new.shift_remove_index(index)) {
                Some((_, new)) => self.parameter_moved(&old, &new, items),
                None => self.parameter_removed(&old, items),
            }
        }
        for new in new.values() {
            self.parameter_added(new, items);
        }
    }

    /// A parameter of a call to the caller is read by him, as the header of a response is.
    const fn parameter_subject(&self) -> Subject {
        if self.to_caller { Subject::ResponseHeader } else { Subject::RequestParameter }
    }

    fn renamed_in_path(&self, operation: &Operation<'d>, items: &mut Items) {
        let old = template_names(operation.old_path.template);
        let new = template_names(operation.new_path.template);
        for (old, new) in old.into_iter().zip(new).filter(|(old, new)| old != new) {
            let message = format!("the path parameter `{old}` is called `{new}` now");
            let values = (Some(old.into()), Some(new.into()));
            let at = At::New(operation.new_path.item.own());
            self.found(items, &api::PATH_PARAMETER_RENAMED, at, message, values);
        }
    }

    fn parameter_moved(&self, old: &Parameter<'d>, new: &Parameter<'d>, items: &mut Items) {
        let message = format!(
            "the parameter `{}` moved from the {} to the {}",
            new.name, old.location, new.location
        );
        let values = (Some(old.location.into()), Some(new.location.into()));
        self.found(items, &api::PARAMETER_MOVED, At::New(&new.node), message, values);
    }

    fn parameter_removed(&self, old: &Parameter<'d>, items: &mut Items) {
        let rule = if self.to_caller {
            &api::OPTIONAL_HEADER_REMOVED
        } else if old.node.flag("deprecated") {
            &api::PARAMETER_REMOVED_DEPRECATED
        } else {
            &api::PARAMETER_REMOVED
        };
        let message = format!("the {} parameter `{}` was removed", old.location, old.name);
        self.found(items, rule, At::Old(&old.node), message, (Some(old.name.into()), None));
    }

    fn parameter_added(&self, new: &Parameter<'d>, items: &mut Items) {
        let (rule, required) = match (new.location, new.node.flag("required")) {
            _ if self.to_caller => (&api::HEADER_ADDED, ""),
            ("path", _) => (&api::NEW_PATH_PARAMETER, ", and required"),
            (_, true) => (&api::NEW_REQUIRED_PARAMETER, ", and required"),
            (_, false) => (&api::NEW_OPTIONAL_PARAMETER, ""),
        };
        let message = format!("the {} parameter `{}` is new{required}", new.location, new.name);
        self.found(items, rule, At::New(&new.node), message, (None, Some(new.name.into())));
    }

    fn parameter(&mut self, old: &Parameter<'d>, new: &Parameter<'d>, items: &mut Items) {
        let subject = self.parameter_subject();
        let rule = || rows::DESCRIPTION_CHANGED.rule(subject);
        self.text_beside_reference(
            items,
            rule,
            (&old.listed, &new.listed),
            format_args!("the {} parameter `{}`", new.location, new.name),
        );
        if self.same(&old.node, &new.node) {
            return;
        }
        let addresses = (vec![old.node.address()], vec![new.node.address()]);
        let number = self.shared(addresses.0, addresses.1, subject, |this, items| {
            this.parameter_object(old, new, items);
        });
        self.include(number, items);
    }

    fn parameter_object(&mut self, old: &Parameter<'d>, new: &Parameter<'d>, items: &mut Items) {
        let subject = self.parameter_subject();
        let (name, location) = (new.name, new.location);
        let (old, new) = (&old.node, &new.node);
        // A path parameter is required, whether or not it says so.
        let required = |node: &Node<'d>| location == "path" || node.flag("required");
        let (was, is) = (required(old), required(new));
        if was != is {
            let (row, what) = if is {
                (&rows::BECAME_REQUIRED, "is now required")
            } else {
                (&rows::BECAME_OPTIONAL, "is no longer required")
            };
            let message = format!("the {location} parameter `{name}` {what}");
            self.found(
                items,
                &row.rule(subject),
                At::New(new),
                message,
                (Some(was.into()), Some(is.into())),
            );
        }
        let whose = format!("the {location} parameter `{name}`");
        if location == "query" {
            self.empty_value((old, new), &whose, items);
        }
        self.annotated(subject, (old, new), &whose, items);
        self.style((old, new), (&api::PARAMETER_STYLE_CHANGED, location), &whose, items);
        let (old_schema, new_schema): (Vec<_>, Vec<_>) =
            (schema(old).collect(), schema(new).collect());
        self.parameter = Some(Named { name, old: old_schema.clone(), new: new_schema.clone() });
        // In a query, a list of one is written as that one value, unless its style says otherwise.
        if location == "query"
            && style(new, location).writes_one_plainly()
            && let Some(listed) = list_of_one((self.old, &old_schema), (self.new, &new_schema))
        {
            let what = "may now be given several times";
            let row = &rows::TYPE_GENERALIZED;
            self.found_in_schema(items, row, subject, At::New(new), what, (None, None));
            self.schema(&old_schema, &listed, subject, items);
        } else {
            self.schema(&old_schema, &new_schema, subject, items);
        }
        self.parameter = None;
    }

    fn empty_value(&self, (old, new): (&Node<'d>, &Node<'d>), whose: &str, items: &mut Items) {
        let (was, is) = (old.flag("allowEmptyValue"), new.flag("allowEmptyValue"));
        let (rule, what) = match (was, is) {
            (false, true) => (&api::EMPTY_VALUE_ALLOWED, "may now be empty"),
            (true, false) => (&api::EMPTY_VALUE_FORBIDDEN, "may no longer be empty"),
            _ => return,
        };
        let values = (Some(was.into()), Some(is.into()));
        self.found(items, rule, At::New(new), format!("{whose} {what}"), values);
    }

    /// What a parameter or header says beside its schema: deprecation, a description, examples.
    pub(crate) fn annotated(
        &self,
        subject: Subject,
        (old, new): (&Node<'d>, &Node<'d>),
        whose: &str,
        items: &mut Items,
    ) {
        for (row, what, values) in Lifecycle::of(old).became(Lifecycle::of(new)) {
            let message = format!("{whose} {what}");
            self.found(items, &row.rule(subject), At::New(new), message, values);
        }
        let rule = rows::DESCRIPTION_CHANGED.rule(subject);
        self.text(items, &rule, "description", (old, new), whose);
        let rule = rows::EXAMPLE_CHANGED.rule(subject);
        self.examples(items, &rule, (old, new), whose);
        let content = |node: &Node<'d>| media_type(node).unwrap_or_else(Node::nothing);
        self.examples(items, &rule, (&content(old), &content(new)), whose);
    }

    /// How the value of a parameter or header is written.
    pub(crate) fn style(
        &self,
        (old, new): (&Node<'d>, &Node<'d>),
        (rule, location): (&Rule, &str),
        whose: &str,
        items: &mut Items,
    ) {
        let (was, is) = (style(old, location), style(new, location));
        // One value is written alike whether lists of it would be exploded or not.
        let lists = is_list(self.old, old) && is_list(self.new, new);
        let exploded = lists && was.exploded != is.exploded;
        if was.name != is.name || was.reserved != is.reserved || exploded {
            let message = format!("{whose} is written in style {is} instead of {was}");
            let values = (Some(was.to_string().into()), Some(is.to_string().into()));
            self.found(items, rule, At::New(new), message, values);
        }
    }
}

fn collect<'d>(document: &'d Value, path: &Path<'d>, operation: &Node<'d>) -> Parameters<'d> {
    let positions = template_names(path.template);
    let mut parameters = Parameters::new();
    let lists = [path.item.get("parameters"), operation.get("parameters")];
    for listed in lists.iter().flatten().flat_map(Node::elements) {
        let node = listed.resolve(document);
        let (Some(name), Some(location)) = (node.str_of("name"), node.str_of("in")) else {
            continue;
        };
        let key = match location {
            "path" => positions
                .iter()
                .position(|position| *position == name)
                .map_or_else(|| name.to_owned(), |position| format!("{{{position}}}")),
            "header" => name.to_ascii_lowercase(),
            _ => name.to_owned(),
        };
        if location == "header" && NO_PARAMETERS.contains(&&*key) {
            continue;
        }
        let parameter = Parameter { name, location, node, listed };
        parameters.insert((location.to_owned(), key), parameter);
    }
    parameters
}

/// The headers of a part, of which `Content-Type` is none (OpenAPI 3.1, Encoding Object).
fn headers<'d>(document: &'d Value, part: &Node<'d>) -> Parameters<'d> {
    let headers = part.get("headers");
    let named = headers.iter().flat_map(|headers| headers.named().collect::<Vec<_>>());
    let parameters = named.map(|(name, listed)| {
        let node = listed.resolve(document);
        let key = ("header".to_owned(), name.to_ascii_lowercase());
        (key, Parameter { name, location: "header", node, listed })
    });
    parameters.filter(|((_, name), _)| name != "content-type").collect()
}

/// The schema of a parameter or header: its own, or that of its one media type.
pub(crate) fn schema<'d>(object: &Node<'d>) -> impl Iterator<Item = Node<'d>> + use<'d> {
    let of_content = || media_type(object)?.get("schema");
    object.get("schema").or_else(of_content).into_iter()
}

/// The one media type of a parameter or header that has content instead of a schema.
fn media_type<'d>(object: &Node<'d>) -> Option<Node<'d>> {
    Some(object.get("content")?.members().next()?.1)
}

/// How a value is written, with OpenAPI's defaults spelt out.
#[derive(Debug)]
struct Style<'d> {
    /// The style, or the media type of its content.
    name: &'d str,
    exploded: bool,
    reserved: bool,
}

impl Style<'_> {
    /// Whether a list of one value is written as that value alone.
    fn writes_one_plainly(&self) -> bool {
        matches!(self.name, "form" | "spaceDelimited" | "pipeDelimited")
    }
}

impl fmt::Display for Style<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)?;
        f.write_str(if self.exploded { ", exploded" } else { "" })?;
        f.write_str(if self.reserved { ", reserved characters as they are" } else { "" })
    }
}

fn style<'d>(parameter: &Node<'d>, location: &str) -> Style<'d> {
    let content = parameter.get("content");
    if let Some((name, _)) = content.as_ref().and_then(|content| content.members().next()) {
        return Style { name, exploded: false, reserved: false };
    }
    let default = if matches!(location, "query" | "cookie") { "form" } else { "simple" };
    let name = parameter.str_of("style").unwrap_or(default);
    let exploded = parameter.value_of("explode").and_then(Value::as_bool);
    Style {
        name,
        exploded: exploded.unwrap_or(name == "form"),
        reserved: parameter.flag("allowReserved"),
    }
}

fn types<'d>(root: &'d Value, parameter: &Node<'d>) -> Option<&'d Value> {
    let schema = schema(parameter).next()?;
    schema.resolve(root).value_of("type")
}

/// Whether a parameter may hold several values, so that exploding it means something.
fn is_list<'d>(root: &'d Value, parameter: &Node<'d>) -> bool {
    types(root, parameter)
        .is_none_or(|name| matches!(name.as_str(), None | Some("array" | "object")))
}

static NULLABLE: LazyLock<Value> = LazyLock::new(|| serde_json::json!({"nullable": true}));

/// The schema of the elements, where one value has become a list of such.
fn list_of_one<'d>(
    (old_root, old): (&'d Value, &[Node<'d>]),
    (new_root, new): (&'d Value, &[Node<'d>]),
) -> Option<Vec<Node<'d>>> {
    let (old, new) = (View::new(old_root, old), View::new(new_root, new));
    let mut elements = new.all("items");
    let more_than_one =
        new.bound("minItems", None, true).is_some_and(|bound| bound.limit.as_u64() > Some(1));
    let is_list = new.types().is(Types::ARRAY) && !elements.is_empty() && !more_than_one;
    // Who leaves the list out, leaves each element out.
    if new.is_nullable() {
        elements.push(Node::root(&NULLABLE));
    }
    (is_list && old.types().is_scalar()).then_some(elements)
}
