//! Reading an overlay strictly: an unknown key is a typing error, not something to pass over.

use serde_json::{Map, Value};
use serde_json_path::JsonPath;

use super::action::{Action, Change, Query};
use crate::{
    diagnostic::{Diagnostic, Diagnostics, Place},
    document, pointer,
};

/// The actions of the overlay in `text`.
pub(super) fn actions(name: &str, text: &str) -> Result<Vec<Action>, Diagnostics> {
    let overlay = document::parse(name, text)?;
    let mut reader = Reader { name, text, copies: true, problems: Vec::new() };
    let actions = reader.overlay(&overlay);
    Diagnostics::check(reader.problems)?;
    Ok(actions.unwrap_or_default())
}

struct Reader<'a> {
    name: &'a str,
    text: &'a str,
    /// Whether this version of Overlay knows `copy`.
    copies: bool,
    problems: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn overlay(&mut self, overlay: &Value) -> Option<Vec<Action>> {
        let root = self.object(overlay, "")?;
        self.version(root);
        self.keys(root, "", &["overlay", "info", "extends", "actions"]);
        if root.contains_key("extends") {
            self.string(root, "", "extends");
        }
        if let Some(info) = self.required(root, "", "info")
            && let Some(info) = self.object(info, "/info")
        {
            self.keys(info, "/info", &["title", "version", "description"]);
            self.string(info, "/info", "title");
            self.string(info, "/info", "version");
        }
        let actions = self.required(root, "", "actions")?;
        let Some(actions) = actions.as_array().filter(|actions| !actions.is_empty()) else {
            self.problem("/actions", "`actions` is not a list with at least one action");
            return None;
        };
        let mut read = Vec::new();
        for (index, action) in actions.iter().enumerate() {
            read.extend(self.action(action, &format!("/actions/{index}")));
        }
        Some(read)
    }

    fn version(&mut self, root: &Map<String, Value>) {
        let Some(version) = self.string(root, "", "overlay") else {
            return;
        };
        let mut parts = version.split('.');
        match (parts.next(), parts.next()) {
            (Some("1"), Some("0")) => self.copies = false,
            (Some("1"), Some("1")) => {}
            _ => self
                .problem("/overlay", format!("overlay version `{version}` is neither 1.0 nor 1.1")),
        }
    }

    fn action(&mut self, action: &Value, at: &str) -> Option<Action> {
        let action = self.object(action, at)?;
        let known: &[&str] = if self.copies {
            &["target", "description", "update", "remove", "copy"]
        } else {
            &["target", "description", "update", "remove"]
        };
        self.keys(action, at, known);
        let description = self.string(action, at, "description");
        let target = self.query(action, at, "target");
        let expect = self.required(action, at, "x-expect");
        let matches = action.get("x-matches").and_then(|matches| {
            let count = matches.as_u64().and_then(|count| usize::try_from(count).ok());
            if count.is_none_or(|count| count == 0) {
                let message = "`x-matches` is not a number of nodes, 1 or more";
                self.problem(&pointer::join(at, "x-matches"), message);
            }
            count
        });
        let change = self.change(action, at);
        Some(Action {
            matches,
            description: description?.to_owned(),
            target: target?,
            change: change?,
            expect: expect?.clone(),
        })
    }

    /// The one thing that an action does.
    fn change(&mut self, action: &Map<String, Value>, at: &str) -> Option<Change> {
        let mut changes = Vec::new();
        if let Some(update) = action.get("update") {
            changes.push(Change::Update(update.clone()));
        }
        if self.copies && action.contains_key("copy") {
            changes.push(Change::Copy(self.query(action, at, "copy")?));
        }
        match action.get("remove") {
            None | Some(Value::Bool(false)) => {}
            Some(Value::Bool(true)) => changes.push(Change::Remove),
            Some(_) => {
                self.problem(&pointer::join(at, "remove"), "`remove` is not true or false");
                return None;
            }
        }
        if action.contains_key("x-component") {
            let name = self.string(action, at, "x-component")?;
            if !is_component_name(name) {
                self.problem(
                    &pointer::join(at, "x-component"),
                    format!(
                        "`{name}` can't name a component: letters, digits, `.`, `-` and `_` can"
                    ),
                );
            }
            changes.push(Change::Component(name.to_owned()));
        }
        if changes.len() != 1 {
            self.problem(
                at,
                format!(
                    "an action does {} things, and must do one: update, copy, remove or x-component",
                    changes.len()
                ),
            );
        }
        changes.pop()
    }

    fn query(&mut self, map: &Map<String, Value>, at: &str, key: &str) -> Option<Query> {
        let text = self.string(map, at, key)?;
        match JsonPath::parse(text) {
            Ok(path) => Some(Query { text: text.to_owned(), path }),
            Err(error) => {
                self.problem(
                    &pointer::join(at, key),
                    format!("`{text}` is not a JSONPath (RFC 9535): {error}"),
                );
                None
            }
        }
    }

    /// A required string that says something.
    fn string<'v>(&mut self, map: &'v Map<String, Value>, at: &str, key: &str) -> Option<&'v str> {
        let text = self.required(map, at, key)?.as_str();
        let text = text.filter(|text| !text.trim().is_empty());
        if text.is_none() {
            self.problem(
                &pointer::join(at, key),
                format!("`{key}` is not a string with something in it"),
            );
        }
        text
    }

    fn required<'v>(
        &mut self,
        map: &'v Map<String, Value>,
        at: &str,
        key: &str,
    ) -> Option<&'v Value> {
        let value = map.get(key);
        if value.is_none() {
            self.problem(at, format!("`{key}` is missing"));
        }
        value
    }

    fn object<'v>(&mut self, value: &'v Value, at: &str) -> Option<&'v Map<String, Value>> {
        let object = value.as_object();
        if object.is_none() {
            self.problem(at, "this is not an object");
        }
        object
    }

    fn keys(&mut self, map: &Map<String, Value>, at: &str, known: &[&str]) {
        for key in map.keys() {
            if !known.contains(&key.as_str()) && !key.starts_with("x-") {
                self.problem(
                    &pointer::join(at, key),
                    format!("unknown key `{key}`: known here are {}", known.join(", ")),
                );
            }
        }
    }

    fn problem(&mut self, at: &str, message: impl Into<String>) {
        let place = Place::new(self.name).at(document::locate(self.text, at)).pointer(at);
        self.problems.push(
            Diagnostic::unreadable(message)
                .place(place)
                .help("see the Overlay Specification 1.1.0, and the docs of `pagebind::overlay`"),
        );
    }
}

fn is_component_name(name: &str) -> bool {
    (name.chars()).all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
}
