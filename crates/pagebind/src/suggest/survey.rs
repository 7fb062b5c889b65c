//! The places of a document that rules look at: its schemas, with what they are called and who
//! reaches them, its operations and its request bodies.
//!
//! Whether a caller writes a schema or only an error holds it depends on who refers to it, so the
//! survey follows every reference once from each operation.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use super::name::{Name, singular};
use crate::{document::METHODS, pointer, references::References};

/// Where a schema stands in what is around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// In `components/schemas`, under a name of its own.
    Component,
    /// A property of the schema around it.
    Property,
    /// The items of an array.
    Items,
    /// The values of a map.
    Values,
    /// A member of a composition.
    Member,
    /// The schema of a parameter or a header.
    Parameter,
    /// A request or response body as a whole.
    Body,
}

/// Who reaches a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Reach {
    /// A request: a caller writes it.
    pub(super) request: bool,
    /// A response that is no error.
    pub(super) success: bool,
    /// The response of an error.
    pub(super) error: bool,
}

impl Reach {
    const REQUEST: Self = Self { request: true, success: false, error: false };
    const SUCCESS: Self = Self { request: false, success: true, error: false };
    const ERROR: Self = Self { request: false, success: false, error: true };

    fn holds(self, other: Self) -> bool {
        (self.request || !other.request)
            && (self.success || !other.success)
            && (self.error || !other.error)
    }

    fn add(&mut self, other: Self) {
        self.request |= other.request;
        self.success |= other.success;
        self.error |= other.error;
    }

    /// Whether nothing but an error holds it.
    pub(super) fn is_error_only(self) -> bool {
        self == Self::ERROR
    }
}

/// A schema, and what is known about it.
#[derive(Debug)]
pub(super) struct Site<'d> {
    /// JSON pointer to it.
    pub(super) pointer: String,
    /// The schema.
    pub(super) schema: &'d Map<String, Value>,
    /// The parameter, header or media type that it belongs to.
    pub(super) owner: Option<&'d Map<String, Value>>,
    pub(super) role: Role,
    /// What it is called where it stands: as a component, a property, a parameter; items are called
    /// one of what their array is called.
    pub(super) called: String,
    /// The words of that.
    pub(super) name: Name,
    /// The numbers of those who refer to it from where they give it a name.
    pub(super) referrers: Vec<usize>,
    /// The schema around it, by its number.
    pub(super) parent: Option<usize>,
    /// The schemas in it.
    children: Vec<usize>,
    /// The pointer of what it refers to.
    pub(super) target: Option<String>,
    pub(super) reach: Reach,
}

impl<'d> Site<'d> {
    /// The value of a keyword.
    pub(super) fn get(&self, key: &str) -> Option<&'d Value> {
        self.schema.get(key)
    }

    /// Whether it says no more than what it refers to.
    pub(super) fn is_reference(&self) -> bool {
        self.schema.contains_key("$ref")
    }

    /// Whether `kind` is its type, null aside.
    pub(super) fn is(&self, kind: &str) -> bool {
        match self.get("type") {
            Some(Value::String(is)) => is == kind,
            Some(Value::Array(kinds)) => {
                let mut kinds = kinds.iter().filter(|is| *is != "null");
                kinds.next().is_some_and(|is| is == kind) && kinds.next().is_none()
            }
            _ => false,
        }
    }

    /// What the publisher says of it: of the schema, or of the parameter that it is of.
    pub(super) fn words(&self) -> &'d str {
        let text = |map: &'d Map<String, Value>| map.get("description").and_then(Value::as_str);
        text(self.schema).or_else(|| self.owner.and_then(text)).unwrap_or_default()
    }

    /// The values that the publisher shows for it.
    pub(super) fn examples(&self) -> impl Iterator<Item = &'d Value> {
        [Some(self.schema), self.owner].into_iter().flatten().flat_map(|map| {
            let examples = map.get("examples");
            let list = examples.and_then(Value::as_array).into_iter().flatten();
            // Those of a parameter or a media type are Example Objects.
            let named = examples.and_then(Value::as_object).into_iter().flat_map(Map::values);
            map.get("example")
                .into_iter()
                .chain(list)
                .chain(named.filter_map(|named| named.get("value")))
        })
    }

    /// The numbers of its schemas, in the order in which they stand.
    pub(super) fn children(&self) -> &[usize] {
        &self.children
    }
}

/// One operation.
#[derive(Debug)]
pub(super) struct Operation<'d> {
    pub(super) pointer: String,
    pub(super) method: &'static str,
    pub(super) path: &'d str,
    pub(super) value: &'d Map<String, Value>,
}

/// Whose operations those of a path item are.
#[derive(Debug, Clone, Copy)]
enum Whose<'d> {
    /// The API's, at this path.
    Api(&'d str),
    /// The caller's: what a webhook or a callback calls.
    Caller,
    /// Those of whoever refers to them.
    Referrer,
}

/// All that rules look at.
pub(super) struct Survey<'d> {
    pub(super) document: &'d Value,
    pub(super) references: References<'d>,
    pub(super) sites: Vec<Site<'d>>,
    pub(super) operations: Vec<Operation<'d>>,
    /// The operations that webhooks and callbacks call, by pointer.
    calls: BTreeMap<String, &'d Map<String, Value>>,
    /// Request bodies by pointer, each where it is written out.
    pub(super) bodies: BTreeMap<String, &'d Map<String, Value>>,
    by_pointer: HashMap<String, usize>,
}

impl<'d> Survey<'d> {
    /// Surveys a document.
    pub(super) fn of(document: &'d Value) -> Self {
        let mut survey = Self {
            document,
            references: References::of(document),
            sites: Vec::new(),
            operations: Vec::new(),
            calls: BTreeMap::new(),
            bodies: BTreeMap::new(),
            by_pointer: HashMap::new(),
        };
        survey.components();
        survey.paths();
        survey.note_referrers();
        survey.follow_operations();
        survey
    }

    /// The schema at `pointer`, or the one that it refers to, however many references that takes.
    pub(super) fn resolve(&self, pointer: &str) -> Option<&Site<'d>> {
        let mut site = self.site(pointer)?;
        // More references in a row than any sane document has are a circle.
        for _ in 0..64 {
            let Some(target) = &site.target else { return Some(site) };
            site = self.site(target)?;
        }
        None
    }

    /// The schema at `pointer`.
    pub(super) fn site(&self, pointer: &str) -> Option<&Site<'d>> {
        self.by_pointer.get(pointer).map(|index| &self.sites[*index])
    }

    /// The schema around `site`.
    pub(super) fn around(&self, site: &Site<'d>) -> Option<&Site<'d>> {
        site.parent.map(|parent| &self.sites[parent])
    }

    /// What those who refer to `site` call it.
    pub(super) fn aliases(&self, site: &Site<'d>) -> impl Iterator<Item = &Name> {
        site.referrers.iter().map(|referrer| &self.sites[*referrer].name)
    }

    /// The operation in which `pointer` leads.
    pub(super) fn operation_of(&self, pointer: &str) -> Option<&Operation<'d>> {
        self.operations.iter().find(|operation| {
            let rest = pointer.strip_prefix(operation.pointer.as_str());
            rest.is_some_and(|rest| rest.starts_with('/'))
        })
    }

    /// An object, or the one that it refers to, with the pointer to where it is written out.
    fn written_out(&self, value: &'d Value, at: &str) -> Option<(&'d Map<String, Value>, String)> {
        let map = value.as_object()?;
        let Some(reference) = map.get("$ref").and_then(Value::as_str) else {
            return Some((map, at.to_owned()));
        };
        let target = self.references.find(reference, at)?;
        Some((self.document.pointer(&target)?.as_object()?, target))
    }

    fn components(&mut self) {
        let document = self.document;
        let section = |name: &str| {
            let at = format!("/components/{name}");
            let section = document.pointer(&at).and_then(Value::as_object);
            section
                .into_iter()
                .flatten()
                .map(move |(key, value)| (key, value, pointer::join(&at, key)))
        };
        for (key, schema, at) in section("schemas") {
            self.schema(schema, at, key, Role::Component, None, None);
        }
        for (key, parameter, at) in section("parameters").chain(section("headers")) {
            self.parameter(parameter, &at, key);
        }
        for (_, body, at) in section("requestBodies") {
            self.body(body, &at);
        }
        for (_, response, at) in section("responses") {
            self.response(response, &at);
        }
        for (_, item, at) in section("pathItems") {
            self.path_item(item, &at, Whose::Referrer);
        }
        for (_, callback, at) in section("callbacks") {
            self.callback(callback, &at);
        }
    }

    fn paths(&mut self) {
        let paths = self.document.get("paths").and_then(Value::as_object);
        for (path, item) in paths.into_iter().flatten() {
            self.path_item(item, &pointer::join("/paths", path), Whose::Api(path));
        }
        let hooks = self.document.get("webhooks").and_then(Value::as_object);
        for (name, item) in hooks.into_iter().flatten() {
            self.path_item(item, &pointer::join("/webhooks", name), Whose::Caller);
        }
    }

    /// The path items of a callback, by the expressions that give their URLs.
    fn callback(&mut self, callback: &'d Value, at: &str) {
        let items = callback.as_object().filter(|map| !map.contains_key("$ref"));
        for (expression, item) in items.into_iter().flatten() {
            self.path_item(item, &pointer::join(at, expression), Whose::Caller);
        }
    }

    fn path_item(&mut self, item: &'d Value, at: &str, whose: Whose<'d>) {
        self.parameters(item, at);
        for method in METHODS {
            let Some(operation) = item.get(method).and_then(Value::as_object) else { continue };
            let at = format!("{at}/{method}");
            self.parameters(&item[method], &at);
            if let Some(body) = operation.get("requestBody") {
                self.body(body, &format!("{at}/requestBody"));
            }
            let responses = operation.get("responses").and_then(Value::as_object);
            for (status, response) in responses.into_iter().flatten() {
                self.response(response, &pointer::join(&format!("{at}/responses"), status));
            }
            let callbacks = operation.get("callbacks").and_then(Value::as_object);
            for (name, callback) in callbacks.into_iter().flatten() {
                self.callback(callback, &pointer::join(&format!("{at}/callbacks"), name));
            }
            match whose {
                Whose::Api(path) => {
                    self.operations.push(Operation { pointer: at, method, path, value: operation });
                }
                Whose::Caller => drop(self.calls.insert(at, operation)),
                Whose::Referrer => {}
            }
        }
    }

    fn parameters(&mut self, owner: &'d Value, at: &str) {
        let parameters = owner.get("parameters").and_then(Value::as_array);
        for (index, parameter) in parameters.into_iter().flatten().enumerate() {
            self.parameter(parameter, &format!("{at}/parameters/{index}"), "");
        }
    }

    fn parameter(&mut self, parameter: &'d Value, at: &str, key: &str) {
        let Some(map) = parameter.as_object().filter(|map| !map.contains_key("$ref")) else {
            return;
        };
        let name = map.get("name").and_then(Value::as_str).unwrap_or(key);
        if let Some(schema) = map.get("schema") {
            self.schema(schema, format!("{at}/schema"), name, Role::Parameter, None, Some(map));
        }
        self.content(parameter, at);
    }

    fn body(&mut self, body: &'d Value, at: &str) {
        if let Some(map) = body.as_object().filter(|map| !map.contains_key("$ref")) {
            self.bodies.insert(at.to_owned(), map);
            self.content(body, at);
        }
    }

    fn response(&mut self, response: &'d Value, at: &str) {
        self.content(response, at);
        let headers = response.get("headers").and_then(Value::as_object);
        for (name, header) in headers.into_iter().flatten() {
            self.parameter(header, &pointer::join(&format!("{at}/headers"), name), name);
        }
    }

    fn content(&mut self, owner: &'d Value, at: &str) {
        let content = owner.get("content").and_then(Value::as_object);
        for (media, value) in content.into_iter().flatten() {
            if let Some(schema) = value.get("schema") {
                let at = format!("{}/schema", pointer::join(&format!("{at}/content"), media));
                // What is sent in another form is shown as text.
                let owner = value.as_object().filter(|_| media.contains("json"));
                self.schema(schema, at, "", Role::Body, None, owner);
            }
        }
    }

    /// Surveys a schema and all that stands in it, and gives its number.
    fn schema(
        &mut self,
        schema: &'d Value,
        at: String,
        called: &str,
        role: Role,
        parent: Option<usize>,
        owner: Option<&'d Map<String, Value>>,
    ) -> Option<usize> {
        let map = schema.as_object()?;
        let reference = map.get("$ref").and_then(Value::as_str);
        let target = reference.and_then(|reference| self.references.find(reference, &at));
        let number = self.sites.len();
        self.by_pointer.insert(at.clone(), number);
        self.sites.push(Site {
            pointer: at.clone(),
            schema: map,
            owner,
            role,
            called: called.to_owned(),
            name: Name::of(called),
            referrers: Vec::new(),
            parent,
            children: Vec::new(),
            target,
            reach: Reach::default(),
        });
        let one = singular(called);
        let mut children = Vec::new();
        let mut child = |value: &'d Value, at: String, called: &str, role: Role| {
            children.extend(self.schema(value, at, called, role, Some(number), None));
        };
        for key in ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"] {
            let role = if key == "properties" { Role::Property } else { Role::Member };
            for (name, value) in map.get(key).and_then(Value::as_object).into_iter().flatten() {
                child(value, pointer::join(&format!("{at}/{key}"), name), name, role);
            }
        }
        for (key, role) in [
            ("items", Role::Items),
            ("additionalProperties", Role::Values),
            ("contains", Role::Member),
            ("not", Role::Member),
            ("if", Role::Member),
            ("then", Role::Member),
            ("else", Role::Member),
        ] {
            if let Some(value) = map.get(key) {
                child(value, format!("{at}/{key}"), &one, role);
            }
        }
        for key in ["allOf", "anyOf", "oneOf", "prefixItems"] {
            let members = map.get(key).and_then(Value::as_array);
            for (index, value) in members.into_iter().flatten().enumerate() {
                child(value, format!("{at}/{key}/{index}"), called, Role::Member);
            }
        }
        self.sites[number].children = children;
        Some(number)
    }

    /// Tells each component who refers to it.
    fn note_referrers(&mut self) {
        for number in 0..self.sites.len() {
            let site = &self.sites[number];
            let gives_name = !matches!(site.role, Role::Component | Role::Member | Role::Body);
            let target = site.target.as_ref().and_then(|at| self.by_pointer.get(at));
            if let Some(target) = target.copied().filter(|_| gives_name) {
                self.sites[target].referrers.push(number);
            }
        }
    }

    /// Follows every operation to the schemas that it reaches.
    fn follow_operations(&mut self) {
        let mut starts: Vec<(String, Reach)> = Vec::new();
        let own = self.operations.iter().map(|it| (&it.pointer, it.value, false));
        let calls = self.calls.iter().map(|(at, value)| (at, *value, true));
        for (at, operation, to_caller) in own.chain(calls) {
            // The caller reads what a webhook or a callback sends, and writes its answer.
            let sent = if to_caller { Reach::SUCCESS } else { Reach::REQUEST };
            let item = at.rsplit_once('/').map_or("", |(item, _)| item);
            for owner in [item, at] {
                let parameters = self.document.pointer(&format!("{owner}/parameters"));
                let parameters = parameters.and_then(Value::as_array).into_iter().flatten();
                for (index, parameter) in parameters.enumerate() {
                    let at = format!("{owner}/parameters/{index}");
                    let written = self.written_out(parameter, &at);
                    starts.extend(written.map(|(_, at)| (at, sent)));
                }
            }
            let body = operation.get("requestBody");
            let body = body.and_then(|body| self.written_out(body, &format!("{at}/requestBody")));
            starts.extend(body.map(|(_, at)| (at, sent)));
            let responses = operation.get("responses").and_then(Value::as_object);
            for (status, response) in responses.into_iter().flatten() {
                let at = pointer::join(&format!("{at}/responses"), status);
                let reach = match status.starts_with(['1', '2', '3']) {
                    _ if to_caller => Reach::REQUEST,
                    true => Reach::SUCCESS,
                    false => Reach::ERROR,
                };
                starts.extend(self.written_out(response, &at).map(|(_, at)| (at, reach)));
            }
        }
        for (at, reach) in starts {
            let Some(owner) = self.document.pointer(&at) else { continue };
            let mut schemas = vec![format!("{at}/schema")];
            for media in
                owner.get("content").and_then(Value::as_object).into_iter().flat_map(Map::keys)
            {
                schemas.push(format!("{}/schema", pointer::join(&format!("{at}/content"), media)));
            }
            for at in schemas {
                self.reached(&at, reach);
            }
        }
    }

    fn reached(&mut self, at: &str, reach: Reach) {
        let mut open: Vec<usize> = self.by_pointer.get(at).copied().into_iter().collect();
        while let Some(number) = open.pop() {
            let site = &mut self.sites[number];
            if site.reach.holds(reach) {
                continue;
            }
            site.reach.add(reach);
            open.extend(&site.children);
            open.extend(site.target.as_ref().and_then(|at| self.by_pointer.get(at)));
        }
    }
}
