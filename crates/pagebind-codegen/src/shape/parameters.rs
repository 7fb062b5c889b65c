//! Parameters: those that the client fills in leave the operation, the others become what progenitor
//! makes the right setters of, and the plan says how they are sent.
//!
//! Progenitor knows two of the four places and two of the seven styles, and takes no struct for a
//! parameter. So it gets to see every parameter that is no part of the path as one of the query,
//! which is set in the same way, and a stand-in for every type of more than one value.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{
    hoist, operations, pages, sensitive,
    shaped::{Shaped, object, reference_to, schema_reference},
    templates,
};
use crate::{
    naming,
    plan::{Parameter, Place, Style},
    settings::Settings,
};

/// A parameter as progenitor gets to see it, and as it is sent.
struct Reduced {
    /// Where it stands.
    at: String,
    shown: Value,
    sent: Parameter,
}

/// Parameters in the form that progenitor takes: inline, in the path or the query, with a schema.
pub(super) fn shape(shaped: &mut Shaped, settings: &Settings) {
    inline(shaped);
    operations::for_each(shaped, |shaped, pointer, name, operation| {
        let published = match operation.remove("parameters") {
            Some(Value::Array(parameters)) => parameters,
            _ => Vec::new(),
        };
        let path = pagebind::pointer::tokens(pointer).nth(1).unwrap_or_default();
        let published = with_path_parameters(shaped, pointer, &path, published);
        let pages = pages::of(shaped, pointer, operation, &published, settings);
        let owner = naming::type_name(name);
        let mut kept = Vec::new();
        let mut client_headers = Vec::new();
        for (index, parameter) in published.into_iter().enumerate() {
            let Value::Object(parameter) = parameter else { continue };
            let place = format!("{pointer}/parameters/{index}");
            match settings.client_header(&parameter) {
                Some(header) => client_headers.push(header),
                None => kept.extend(reduce(shaped, &owner, &place, parameter)),
            }
        }
        tell_apart(&mut kept, &path, operation.contains_key("requestBody"), pages.is_some());
        let plan = shaped.plan.operations.entry(name.to_owned()).or_default();
        plan.client_headers = client_headers;
        plan.pages = pages;
        let mut shown = Vec::new();
        let mut renamed = Vec::new();
        for parameter in kept {
            let (wanted, field) = (naming::field_name(&parameter.sent.name), &parameter.sent.field);
            if wanted != *field {
                let name = &parameter.sent.name;
                let message =
                    format!("the name `{wanted}` is taken; the parameter `{name}` is `{field}`");
                renamed.push((parameter.at, message));
            }
            plan.parameters.push(parameter.sent);
            shown.push(parameter.shown);
        }
        for (at, message) in renamed {
            shaped.degrade(&at, message);
        }
        if !shown.is_empty() {
            operation.insert("parameters".to_owned(), shown.into());
        }
    });
}

/// Resolves references to parameter components, and merges those of a path into its operations.
fn inline(shaped: &mut Shaped) {
    let components = std::mem::take(shaped.components("parameters"));
    let resolve = |parameter: &Value| -> Value {
        let mut parameter = parameter;
        // A chain of references is followed as far as there are components, so a cycle ends.
        for _ in 0..=components.len() {
            let target = parameter.get("$ref").and_then(Value::as_str);
            let named = target.and_then(|target| target.strip_prefix("#/components/parameters/"));
            match named.and_then(|name| components.get(name)) {
                Some(component) => parameter = component,
                None => break,
            }
        }
        parameter.clone()
    };
    let key = |parameter: &Value| (parameter["name"].clone(), parameter["in"].clone());
    let paths = object(&mut shaped.document).get_mut("paths").and_then(Value::as_object_mut);
    for item in paths.into_iter().flat_map(Map::values_mut).filter_map(Value::as_object_mut) {
        let shared: Vec<Value> = match item.remove("parameters") {
            Some(Value::Array(parameters)) => parameters.iter().map(resolve).collect(),
            _ => Vec::new(),
        };
        for operation in item.values_mut().filter_map(Value::as_object_mut) {
            let own: Vec<Value> = match operation.get("parameters") {
                Some(Value::Array(parameters)) => parameters.iter().map(resolve).collect(),
                _ => Vec::new(),
            };
            let inherited =
                shared.iter().filter(|parameter| !own.iter().any(|own| key(own) == key(parameter)));
            let parameters: Vec<Value> = own.iter().chain(inherited).cloned().collect();
            operation.insert("parameters".to_owned(), parameters.into());
        }
    }
}

/// One parameter in a form that progenitor takes, and how it is sent; none if it can't be.
fn reduce(
    shaped: &mut Shaped,
    owner: &str,
    at: &str,
    mut parameter: Map<String, Value>,
) -> Option<Reduced> {
    let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
    let location = parameter.get("in").and_then(Value::as_str).unwrap_or_default();
    let Some(place) = Place::parse(location) else {
        shaped.degrade(at, format!("a parameter in `{location}` is none; `{name}` is left out"));
        return None;
    };
    // These three say nothing as parameters (OpenAPI 3.0.3, section 4.7.12.1).
    let ignored = ["accept", "content-type", "authorization"];
    if place == Place::Header && ignored.iter().any(|it| name.eq_ignore_ascii_case(it)) {
        return None;
    }
    // The name of a cookie is a token as that of a header is (RFC 6265, section 4.1.1).
    let (is_token, what) = match place {
        Place::Header => (http::HeaderName::from_bytes(name.as_bytes()).is_ok(), "header"),
        Place::Cookie => (http::HeaderName::from_bytes(name.as_bytes()).is_ok(), "cookie"),
        Place::Path | Place::Query => (true, ""),
    };
    if !is_token {
        shaped.degrade(at, format!("`{name}` can't be the name of a {what}; it is left out"));
        return None;
    }
    let content = parameter.remove("content");
    let (style, schema) = match content.as_ref().and_then(Value::as_object) {
        Some(content) => content_of(shaped, at, &name, content),
        None => {
            let text = || json!({ "type": "string" });
            (
                None,
                parameter.get("schema").filter(|it| it.is_object()).cloned().unwrap_or_else(text),
            )
        }
    };
    let style = style.unwrap_or_else(|| {
        let published = parameter.get("style").and_then(Value::as_str);
        let style = published.map_or(Some(place.default_style()), |it| Style::parse(it, place));
        style.unwrap_or_else(|| {
            let style = published.unwrap_or_default();
            let why = format!("there is no style `{style}` there; `{name}` has the default one");
            shaped.degrade(at, why);
            place.default_style()
        })
    });
    let explode = parameter.get("explode").and_then(Value::as_bool);
    let sent = Parameter {
        field: String::new(),
        name: name.clone(),
        place,
        style,
        explode: explode.unwrap_or(style.explodes()),
        allow_reserved: place == Place::Query
            && parameter.get("allowReserved") == Some(&json!(true)),
        order: shaped.order(&schema),
    };
    // The mark may stand at the parameter as well as at its schema.
    let mut schema = schema;
    if parameter.get("x-sensitive") == Some(&json!(true)) {
        if schema_reference(&schema).is_some() {
            schema = json!({ "allOf": [schema] });
        }
        schema["x-sensitive"] = true.into();
    }
    if style != Style::Json && style != Style::DeepObject && shaped.is_nested(&schema) {
        shaped.degrade(
            at,
            format!("the style of `{name}` does not say how a list or an object inside of its value is written; it is sent as its JSON"),
        );
    }
    if place == Place::Path
        && let Some(schema) = schema.as_object_mut()
    {
        // There is no path without a value of it.
        schema.remove("nullable");
    }
    let mut shown = json!({
        "name": name,
        "in": if place == Place::Path { "path" } else { "query" },
        "required": place == Place::Path || parameter.get("required") == Some(&json!(true)),
        "schema": shaped.stand_in(&format!("{owner}{}", naming::type_name(&name)), at, schema),
    });
    if let Some(description) = parameter.remove("description").filter(Value::is_string) {
        shown["description"] = description;
    }
    Some(Reduced { at: at.to_owned(), shown, sent })
}

/// The schema of a parameter that is published with a media type, and JSON as its style if it is.
fn content_of(
    shaped: &mut Shaped,
    at: &str,
    name: &str,
    content: &Map<String, Value>,
) -> (Option<Style>, Value) {
    let json = content.iter().find(|(media_type, _)| super::media_type::is_json(media_type));
    let Some((media_type, media)) = json.or_else(|| content.iter().next()) else {
        return (None, json!({ "type": "string" }));
    };
    let published = media.get("schema").cloned().unwrap_or_else(|| json!({}));
    if json.is_some() {
        return (Some(Style::Json), published);
    }
    shaped.degrade(
        at,
        format!("`{name}` is published as {media_type}; it is taken as text in that form"),
    );
    (None, shaped.text_for(&published))
}

/// The parameters with those that the template names and the operation doesn't declare, and without
/// declared ones that the template does not name.
fn with_path_parameters(
    shaped: &mut Shaped,
    pointer: &str,
    path: &str,
    mut parameters: Vec<Value>,
) -> Vec<Value> {
    let named: Vec<&str> = templates::names(path).collect();
    let in_path = |parameter: &Value| parameter["in"] == "path";
    parameters.retain(|parameter| {
        let keep = !in_path(parameter) || named.iter().any(|name| parameter["name"] == *name);
        if !keep {
            shaped.degrade(
                pointer,
                format!(
                    "the path does not name its parameter {}; it is left out",
                    parameter["name"]
                ),
            );
        }
        keep
    });
    for name in named {
        if !parameters.iter().any(|parameter| in_path(parameter) && parameter["name"] == name) {
            shaped.degrade(
                pointer,
                format!("does not declare its path parameter `{name}`; it is taken as text"),
            );
            parameters.push(json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }));
        }
    }
    parameters
}

/// Gives each parameter a name of its own in the source: two can collide with each other (`id` in the
/// path and in the query, which progenitor would take for one), with the body, or with what the
/// builder has besides.
fn tell_apart(parameters: &mut [Reduced], path: &str, has_body: bool, has_pages: bool) {
    // Fields, variables of `send`, and methods of the builder.
    let mut taken: BTreeSet<String> =
        ["client", "header", "headers", "request", "response", "new", "send"]
            .map(str::to_owned)
            .into();
    taken.extend(["body", "body_map"].into_iter().filter(|_| has_body).map(str::to_owned));
    let of_pages = ["pages", "stream", "send_page", "page_at"];
    taken.extend(of_pages.into_iter().filter(|_| has_pages).map(str::to_owned));
    let (in_path, others): (Vec<_>, Vec<_>) =
        parameters.iter_mut().partition(|parameter| parameter.sent.place == Place::Path);
    let renamed_in_path = templates::renamed(path);
    for parameter in in_path {
        let name = renamed_in_path.get(&*parameter.sent.name).cloned();
        let name = name.unwrap_or_else(|| parameter.sent.name.clone());
        parameter.sent.field = naming::field_name(&name);
        parameter.shown["name"] = name.into();
        taken.insert(parameter.sent.field.clone());
    }
    for parameter in others {
        let wanted = naming::field_name(&parameter.sent.name);
        let name = naming::unique(&wanted, |name| taken.contains(name));
        taken.insert(name.clone());
        parameter.shown["name"] = name.clone().into();
        parameter.sent.field = name;
    }
}

/// What a value looks like on the wire outside a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One piece of text: a string, number, boolean, or one of several of these.
    Scalar,
    /// A list.
    Array,
    /// Anything with members, or of unknown shape.
    Object,
}

impl Shaped {
    /// The schema itself where progenitor takes it for a parameter. It takes no struct: in the place of
    /// a component that may be one, there is another whose type is replaced by that of the first.
    fn stand_in(&mut self, wanted: &str, at: &str, schema: Value) -> Value {
        if self.kind_of(&schema) != Kind::Object {
            return schema;
        }
        let nullable = schema.get("nullable") == Some(&json!(true));
        let name = match self.component_of(&schema) {
            Some(name) => name,
            None if hoist::needs_name(&schema) => {
                let name = self.take_name(wanted);
                self.origins.insert(name.clone(), format!("{at}/schema"));
                let mut component = schema;
                object(&mut component).remove("nullable");
                self.components("schemas").insert(name.clone(), component);
                name
            }
            None => return schema,
        };
        let stand_in =
            self.stand_in_for(&format!("{name}Parameter"), &format!("types::{name}"), Some(&name));
        if nullable {
            json!({ "nullable": true, "allOf": [reference_to(&stand_in)] })
        } else {
            reference_to(&stand_in)
        }
    }

    /// The component whose type is replaced by the type `replacement`, which is made of the component
    /// `of`, if of any.
    pub(super) fn stand_in_for(
        &mut self,
        wanted: &str,
        replacement: &str,
        of: Option<&str>,
    ) -> String {
        let known = self.plan.stand_ins.iter().find(|(_, it)| *it == replacement);
        if let Some((stand_in, _)) = known {
            return stand_in.clone();
        }
        let stand_in = self.take_name(wanted);
        // What it is made of never comes out; it says what is reached by way of it.
        let component = match of {
            Some(of) => json!({ "type": "object", "properties": { "of": reference_to(of) } }),
            None => json!({}),
        };
        self.components("schemas").insert(stand_in.clone(), component);
        self.plan.stand_ins.insert(stand_in.clone(), replacement.to_owned());
        stand_in
    }

    /// The component that a schema is nothing but a reference to, the last of a chain.
    pub(super) fn component_of(&self, schema: &Value) -> Option<String> {
        let alone = schema.get("allOf").and_then(Value::as_array).filter(|all| all.len() == 1);
        let alone =
            alone.filter(|_| !sensitive::is_sensitive(schema)).map_or(schema, |all| &all[0]);
        Some(schema_reference(alone)?.replace("~1", "/").replace("~0", "~"))
    }

    /// The members of an object in the order in which the contract has them, unless that is theirs anyway:
    /// the fields of types are sorted.
    pub(super) fn order(&self, schema: &Value) -> Vec<String> {
        let members = self.resolve(schema).get("properties").and_then(Value::as_object);
        let members: Vec<String> = members.into_iter().flat_map(Map::keys).cloned().collect();
        if members.is_sorted() { Vec::new() } else { members }
    }

    /// Whether values of `schema` hold lists or objects inside of a list or an object.
    fn is_nested(&self, schema: &Value) -> bool {
        let schema = self.resolve(schema);
        let parts = schema.get("properties").and_then(Value::as_object).into_iter();
        let parts = parts.flat_map(Map::values);
        let parts =
            parts.chain(["items", "additionalProperties"].iter().filter_map(|key| schema.get(key)));
        parts.filter(|part| part.is_object()).any(|part| {
            let part = self.resolve(part);
            let of_parts = ["properties", "items", "additionalProperties"];
            of_parts.iter().any(|key| part.get(key).is_some_and(|it| *it != json!(false)))
        })
    }

    /// Text in the place of `schema`; what was personal data still is.
    pub(super) fn text_for(&self, schema: &Value) -> Value {
        let mut text = json!({ "type": "string" });
        sensitive::carry(schema, &mut text);
        sensitive::carry(self.resolve(schema), &mut text);
        text
    }

    /// The schema itself, or what it refers to.
    pub(super) fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let mut schema = schema;
        // A cycle of references leads nowhere; the number of hops bounds it.
        for _ in 0..64 {
            let alone = schema.get("allOf").and_then(Value::as_array).filter(|all| all.len() == 1);
            let schema_or_only = alone.map_or(schema, |all| &all[0]);
            let Some(name) = schema_reference(schema_or_only) else { return schema_or_only };
            let name = name.replace("~1", "/").replace("~0", "~");
            match self
                .document
                .pointer("/components/schemas")
                .and_then(|schemas| schemas.get(&name))
            {
                Some(target) => schema = target,
                None => return schema,
            }
        }
        schema
    }

    /// What values of `schema` look like on the wire outside a body.
    pub(super) fn kind_of(&self, schema: &Value) -> Kind {
        let schema = self.resolve(schema);
        match schema.get("type").and_then(Value::as_str) {
            Some("string" | "integer" | "number" | "boolean") => Kind::Scalar,
            Some("array") => {
                let scalar =
                    schema.get("items").is_some_and(|items| self.kind_of(items) == Kind::Scalar);
                if scalar { Kind::Array } else { Kind::Object }
            }
            Some(_) => Kind::Object,
            None if schema.get("enum").is_some() => Kind::Scalar,
            None => Kind::Object,
        }
    }
}
