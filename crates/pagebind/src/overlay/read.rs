//! Reading an overlay strictly: an unknown key is a typing error, not something to pass over, unless it
//! is somebody else's.

use serde_json::{Map, Value};
use serde_json_path::JsonPath;

use super::action::{Action, Change, Query};
use crate::{
    diagnostic::{Diagnostic, Diagnostics, Place, nearest},
    document, pointer,
};

/// The keys of ours in an action, and in what it writes into a document.
const OURS: [&str; 4] = ["x-component", "x-expect", "x-matches", "x-sensitive"];

/// The actions of the overlay in `text`, and what is passed over in one that is applied as it was
/// published.
pub(super) fn actions(
    name: &str,
    text: &str,
    as_published: bool,
) -> Result<(Vec<Action>, Vec<Diagnostic>), Diagnostics> {
    let overlay = document::parse(name, text)?;
    let mut reader =
        Reader { name, as_published, copies: true, problems: Vec::new(), skipped: Vec::new() };
    let actions = reader.overlay(&overlay);
    Diagnostics::check(located(text, reader.problems))?;
    Ok((actions.unwrap_or_default(), located(text, reader.skipped)))
}

/// The problems with their places, the text read once for all of them.
fn located(text: &str, problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let pointer = |problem: &Diagnostic| problem.places[0].pointer.clone().unwrap_or_default();
    let pointers: Vec<String> = problems.iter().map(pointer).collect();
    let pointers: Vec<&str> = pointers.iter().map(String::as_str).collect();
    let mut positions = document::locate_all(text, &pointers).into_iter();
    let placed = problems.into_iter().map(|mut problem| {
        problem.places[0].position = positions.next().flatten();
        problem
    });
    placed.collect()
}

struct Reader<'a> {
    name: &'a str,
    /// Whether somebody else has published it.
    as_published: bool,
    /// Whether this version of Overlay knows `copy`.
    copies: bool,
    problems: Vec<Diagnostic>,
    /// What is passed over.
    skipped: Vec<Diagnostic>,
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
            read.extend(self.action(action, index));
        }
        Some(read)
    }

    fn version(&mut self, root: &Map<String, Value>) {
        let version = match root.get("overlay") {
            // How YAML reads a version of two parts.
            Some(Value::Number(version)) => version.to_string(),
            _ => match self.string(root, "", "overlay") {
                Some(version) => version.to_owned(),
                None => return,
            },
        };
        match version.split('.').collect::<Vec<_>>()[..] {
            ["1", "0", patch] if patch.parse::<u32>().is_ok() => self.copies = false,
            ["1", "1", patch] if patch.parse::<u32>().is_ok() => {}
            ["1", "0" | "1"] => self.problem(
                "/overlay",
                format!(
                    "overlay version `{version}` has two parts, and must have three: `{version}.0`"
                ),
            ),
            _ => self
                .problem("/overlay", format!("overlay version `{version}` is neither 1.0 nor 1.1")),
        }
    }

    fn action(&mut self, action: &Value, index: usize) -> Option<Action> {
        let at = &format!("/actions/{index}");
        let action = self.object(action, at)?;
        let known: &[&str] = if self.copies {
            &["target", "description", "update", "remove", "copy"]
        } else {
            &["target", "description", "update", "remove"]
        };
        self.keys(action, at, known);
        self.extensions(action, at);
        if let Some(update) = action.get("update") {
            self.misspelt(update, &pointer::join(at, "update"));
        }
        let description = match action.get("description") {
            None if self.as_published => Some(""),
            _ => self.string(action, at, "description"),
        };
        let target = self.query(action, at, "target");
        let expect = match self.as_published {
            true => None,
            false => Some(self.required(action, at, "x-expect")?.clone()),
        };
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
            index,
            matches,
            description: description?.to_owned(),
            target: target?,
            change: change?,
            expect,
            written: action.clone(),
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
        if self.as_published && matches!(changes.last(), Some(Change::Remove)) {
            // Beside `remove`, the standard takes no notice of `update`.
            return changes.pop();
        }
        if self.as_published && changes.is_empty() {
            self.skip(at, "an action does nothing");
            return None;
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
                let message = format!("`{text}` is not a JSONPath (RFC 9535): {error}");
                self.skip_published(&pointer::join(at, key), message);
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
                let message = format!("unknown key `{key}`: known here are {}", known.join(", "));
                self.skip_published(&pointer::join(at, key), message);
            }
        }
    }

    /// Keys of ours that are spelt in another way would be taken for somebody else's, and do nothing.
    fn extensions(&mut self, map: &Map<String, Value>, at: &str) {
        for key in map.keys().filter(|key| key.starts_with("x-") && !self.as_published) {
            if let Some(meant) = nearest(key, OURS).filter(|_| !OURS.contains(&key.as_str())) {
                self.problems.push(
                    Diagnostic::unreadable(format!("`{key}` is no key that means something here"))
                        .place(Place::new(self.name).pointer(pointer::join(at, key)))
                        .help(format!("did you mean `{meant}`?")),
                );
            }
        }
    }

    /// The same of all objects in a value.
    fn misspelt(&mut self, value: &Value, at: &str) {
        match value {
            Value::Object(map) => {
                self.extensions(map, at);
                map.iter().for_each(|(key, value)| self.misspelt(value, &pointer::join(at, key)));
            }
            Value::Array(values) => {
                let values = values.iter().enumerate();
                values.for_each(|(index, it)| {
                    self.misspelt(it, &pointer::join(at, &index.to_string()));
                });
            }
            _ => {}
        }
    }

    fn problem(&mut self, at: &str, message: impl Into<String>) {
        self.problems.push(
            Diagnostic::unreadable(message)
                .place(Place::new(self.name).pointer(at))
                .help("see the Overlay Specification 1.1.0, and the docs of `pagebind::overlay`"),
        );
    }

    /// Passes over what somebody else has published; of our own it is a problem.
    fn skip_published(&mut self, at: &str, message: String) {
        if self.as_published {
            self.skip(at, message);
        } else {
            self.problem(at, message);
        }
    }

    fn skip(&mut self, at: &str, message: impl Into<String>) {
        self.skipped.push(
            Diagnostic::finding(message)
                .place(Place::new(self.name).pointer(at))
                .help("it is passed over; see the Overlay Specification 1.1.0"),
        );
    }
}

fn is_component_name(name: &str) -> bool {
    (name.chars()).all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
}
