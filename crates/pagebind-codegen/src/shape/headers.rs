//! Headers of responses: what the contract says that they hold goes into the plan.
//!
//! All headers of an operation are one type, whatever the statuses that they come with: each of them
//! may be missing in any case. Operations that document the same ones, as those of rate limits, share
//! that type, so that an API has one of them and not one for each operation.

use serde_json::{Map, Value, json};

use super::{
    flat::{self, is_scalar},
    media_type::is_json,
    operations,
    sensitive::is_sensitive,
    shaped::{Shaped, is_any},
};
use crate::{
    naming,
    plan::{Header, HeaderForm},
};

/// Notes the headers of each operation in the plan.
pub(super) fn shape(shaped: &mut Shaped) {
    let responses = shaped.components("responses").clone();
    let components = std::mem::take(shaped.components("headers"));
    let mut found: Vec<(String, Vec<Header>)> = Vec::new();
    operations::for_each(shaped, |shaped, pointer, name, operation| {
        let published = operation.get("responses").and_then(Value::as_object);
        let read = Read { shaped, components: &components, owner: naming::type_name(name) };
        let headers = read.of(pointer, published.unwrap_or(&Map::new()), &responses);
        if !headers.is_empty() {
            found.push((name.to_owned(), headers));
        }
    });
    for (operation, headers) in &found {
        let known = shaped.plan.headers.iter().find(|(_, known)| *known == headers);
        let name = match known {
            Some((name, _)) => name.clone(),
            None => {
                let shared = found.iter().filter(|(_, other)| other == headers).count() > 1;
                let owner = if shared { "Response" } else { operation };
                shaped.take_name(&format!("{}Headers", naming::type_name(owner)))
            }
        };
        shaped.plan.headers.insert(name.clone(), headers.clone());
        if let Some(plan) = shaped.plan.operations.get_mut(operation) {
            plan.headers = Some(name);
        }
    }
}

/// What reads the headers of one operation.
struct Read<'s> {
    shaped: &'s mut Shaped,
    components: &'s Map<String, Value>,
    /// What a type of this operation is called after.
    owner: String,
}

/// A header as one response documents it.
struct Documented<'a> {
    pointer: String,
    /// The component that it is, if it is one.
    component: Option<String>,
    header: &'a Value,
    statuses: Vec<String>,
}

impl Read<'_> {
    fn of(
        mut self,
        operation: &str,
        published: &Map<String, Value>,
        responses: &Map<String, Value>,
    ) -> Vec<Header> {
        let mut documented: Vec<(String, Documented<'_>)> = Vec::new();
        let statuses = published.keys().filter(|key| !key.starts_with("x-")).count();
        for (status, response) in published {
            let response = referred(response, "#/components/responses/", responses).1;
            let headers = response.get("headers").and_then(Value::as_object);
            for (name, header) in headers.into_iter().flatten() {
                // What a body is, is said by its media type (OpenAPI 3.1.1, section 4.8.17.1).
                if name.eq_ignore_ascii_case("content-type") {
                    continue;
                }
                let pointer = || {
                    let headers = format!("{operation}/responses/{status}/headers");
                    pagebind::pointer::join(&headers, name)
                };
                if http::HeaderName::from_bytes(name.as_bytes()).is_err() {
                    let why = format!("`{name}` can't be the name of a header; it is left out");
                    self.shaped.degrade(&pointer(), why);
                    continue;
                }
                let (component, header) =
                    referred(header, "#/components/headers/", self.components);
                let same = |it: &&mut (String, Documented<'_>)| it.0.eq_ignore_ascii_case(name);
                match documented.iter_mut().find(same) {
                    None => {
                        let (pointer, statuses) = (pointer(), vec![status.clone()]);
                        let one = Documented { pointer, component, header, statuses };
                        documented.push((name.clone(), one));
                    }
                    Some((_, known)) => {
                        known.statuses.push(status.clone());
                        let is_same = std::ptr::eq(known.header, header);
                        if !is_same && schema(known.header) != schema(header) {
                            let why = format!(
                                "`{name}` holds something else with other statuses; it is text"
                            );
                            self.shaped.degrade(&pointer(), why);
                            known.header = &TEXT;
                        }
                    }
                }
            }
        }
        let mut taken: Vec<String> = Vec::new();
        let headers = documented.into_iter().map(|(name, one)| {
            let wanted = naming::field_name(&name);
            let method = naming::unique(&wanted, |it| taken.iter().any(|taken| taken == it));
            taken.push(method.clone());
            let all = one.statuses.len() == statuses;
            let description = one.header.get("description").and_then(Value::as_str);
            let (of, component, form) = self.value(&name, &one);
            Header {
                name,
                method,
                description: description.unwrap_or_default().trim().to_owned(),
                of,
                component,
                form,
                statuses: if all { Vec::new() } else { one.statuses },
            }
        });
        headers.collect()
    }

    /// What a header is read as, the component in that, and how it is written.
    fn value(&mut self, name: &str, one: &Documented<'_>) -> (String, Option<String>, HeaderForm) {
        let wanted = match &one.component {
            Some(component) => naming::type_name(component),
            None => format!("{}{}", self.owner, naming::type_name(name)),
        };
        let content = one.header.get("content").and_then(Value::as_object);
        let json = content.and_then(|content| content.iter().find(|(it, _)| is_json(it)));
        if let Some((media_type, media)) = json {
            let schema = media.get("schema").cloned().unwrap_or_default();
            let content = pagebind::pointer::join(&format!("{}/content", one.pointer), media_type);
            let (of, component) = self.json_type_of(&wanted, &content, &schema);
            return (of, component, HeaderForm::Json);
        }
        let schema = schema(one.header).cloned().unwrap_or(json!({ "type": "string" }));
        if flat::values(self.shaped, &schema).is_some_and(|values| {
            !values.is_empty() && values.iter().all(|it| is_scalar(self.shaped, it))
        }) {
            let explode = one.header.get("explode") == Some(&json!(true));
            let form = if explode { HeaderForm::Exploded } else { HeaderForm::Object };
            let name = self.named(&wanted, &one.pointer, &schema);
            return (name.clone(), Some(name), form);
        }
        let (of, component) = self.type_of(&wanted, &one.pointer, &schema);
        (of, component, HeaderForm::Simple)
    }

    fn type_of(&mut self, wanted: &str, at: &str, schema: &Value) -> (String, Option<String>) {
        let resolved = self.shaped.resolve(schema).clone();
        let text = |key: &str| resolved.get(key).and_then(Value::as_str).unwrap_or_default();
        let listed = resolved.get("enum").and_then(Value::as_array);
        let listed = listed.is_some_and(|values| values.iter().all(Value::is_string));
        let personal = is_sensitive(schema) || is_sensitive(&resolved);
        let plain = match (text("type"), text("format")) {
            ("string", _) if listed || personal => {
                let name = self.named(wanted, at, schema);
                return (name.clone(), Some(name));
            }
            ("string", "date-time") => "::pagebind_client::DateTime",
            ("string", "date") => "::pagebind_client::Date",
            ("string", "uuid") => "::pagebind_client::Uuid",
            ("string", _) => "::std::string::String",
            ("integer", "uint64") => "u64",
            ("integer", _) => "i64",
            ("number", _) => "f64",
            ("boolean", _) => "bool",
            ("array", _)
                if resolved.get("items").is_none_or(|items| is_scalar(self.shaped, items)) =>
            {
                let items = resolved.get("items").cloned().unwrap_or_default();
                let (of, component) = self.type_of(&format!("{wanted}Item"), at, &items);
                return (format!("::std::vec::Vec<{of}>"), component);
            }
            ("", _) if !is_any(&resolved) && is_scalar(self.shaped, &resolved) => {
                let name = self.named(wanted, at, schema);
                return (name.clone(), Some(name));
            }
            (kind, _) => {
                if !kind.is_empty() || !is_any(&resolved) {
                    let why = "is no value that a header has a form for; it is read as its text";
                    self.shaped.degrade(at, why);
                }
                "::std::string::String"
            }
        };
        (plain.to_owned(), None)
    }

    /// What JSON of this schema is read as: anything, where nothing is said of it.
    fn json_type_of(&mut self, wanted: &str, at: &str, schema: &Value) -> (String, Option<String>) {
        let resolved = self.shaped.resolve(schema).clone();
        if is_any(&resolved) && resolved.get("properties").is_none() {
            return ("::serde_json::Value".to_owned(), None);
        }
        match resolved.get("type").and_then(Value::as_str) {
            Some("integer" | "number" | "boolean" | "string") => self.type_of(wanted, at, schema),
            Some("array") => {
                let items = resolved.get("items").cloned().unwrap_or_default();
                let (of, component) = self.json_type_of(&format!("{wanted}Item"), at, &items);
                (format!("::std::vec::Vec<{of}>"), component)
            }
            _ => {
                let name = self.named(wanted, at, schema);
                (name.clone(), Some(name))
            }
        }
    }

    /// The component that a schema is; it becomes one if it is none.
    fn named(&mut self, wanted: &str, at: &str, schema: &Value) -> String {
        self.shaped.component_of(schema).unwrap_or_else(|| {
            let mut component = schema.clone();
            super::shaped::object(&mut component).remove("nullable");
            // A component for headers is one type, however many operations have it.
            let known = self.shaped.components("schemas").get(wanted) == Some(&component);
            if known {
                return wanted.to_owned();
            }
            let name = self.shaped.take_name(wanted);
            self.shaped.origins.insert(name.clone(), format!("{at}/schema"));
            self.shaped.components("schemas").insert(name.clone(), component);
            name
        })
    }
}

/// What a header is where its statuses disagree.
static TEXT: Value = Value::Null;

fn schema(header: &Value) -> Option<&Value> {
    header.get("schema").or_else(|| header.get("content"))
}

/// What a reference leads to, and the name of the last component on the way, if there is any.
pub(super) fn referred<'a>(
    value: &'a Value,
    prefix: &str,
    components: &'a Map<String, Value>,
) -> (Option<String>, &'a Value) {
    let (mut name, mut value) = (None, value);
    // A chain of references is followed as far as there are components, so a cycle ends.
    for _ in 0..=components.len() {
        let target = value.get("$ref").and_then(Value::as_str);
        let Some(of) = target.and_then(|target| target.strip_prefix(prefix)) else { break };
        let of = of.replace("~1", "/").replace("~0", "~");
        let Some(component) = components.get(&of) else { break };
        (name, value) = (Some(of), component);
    }
    (name, value)
}
