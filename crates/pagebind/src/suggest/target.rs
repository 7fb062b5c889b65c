//! The JSONPath (RFC 9535) of places in a document, several of them in one where they differ in one
//! step.

use serde_json::Value;

use crate::pointer;

/// A step down from the root.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
}

/// Pointers that one JSONPath selects, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    steps: Vec<Vec<Step>>,
}

impl Target {
    /// The place at `at` in `document`.
    pub(super) fn of(document: &Value, at: &str) -> Self {
        let mut here = Some(document);
        let steps = pointer::tokens(at)
            .map(|token| {
                let step = match (here, token.parse()) {
                    (Some(Value::Array(_)), Ok(index)) => Step::Index(index),
                    _ => Step::Key(token),
                };
                here = here.and_then(|value| match &step {
                    Step::Key(key) => value.get(key),
                    Step::Index(index) => value.get(index),
                });
                vec![step]
            })
            .collect();
        Self { steps }
    }

    /// Whether it is an item of a list.
    pub(super) fn is_item(&self) -> bool {
        matches!(self.steps.last().map(Vec::as_slice), Some([Step::Index(_)]))
    }

    /// The one step in which two places differ, if that is all.
    pub(super) fn differs(&self, other: &Self) -> Option<usize> {
        if self.steps.len() != other.steps.len() {
            return None;
        }
        let mut differ =
            (0..self.steps.len()).filter(|index| self.steps[*index] != other.steps[*index]);
        let first = differ.next()?;
        differ.next().is_none().then_some(first)
    }

    /// Selects what `other` selects too, which differs in the step `at`.
    pub(super) fn join(&mut self, other: Self, at: usize) {
        self.steps[at].extend(other.steps.into_iter().nth(at).unwrap_or_default());
    }
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("$")?;
        for steps in &self.steps {
            match steps.as_slice() {
                [Step::Key(key)] if is_plain(key) => write!(f, ".{key}")?,
                steps => {
                    let written: Vec<String> = steps
                        .iter()
                        .map(|step| match step {
                            Step::Key(key) => quoted(key),
                            Step::Index(index) => index.to_string(),
                        })
                        .collect();
                    write!(f, "[{}]", written.join(", "))?;
                }
            }
        }
        Ok(())
    }
}

/// Whether a name can stand behind a dot (RFC 9535, section 2.5.1.1; of its letters, those of ASCII).
fn is_plain(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// A name selector in single quotes (RFC 9535, section 2.3.1.1).
fn quoted(name: &str) -> String {
    let mut text = String::from("'");
    for character in name.chars() {
        match character {
            '\'' => text += "\\'",
            '\\' => text += "\\\\",
            control if control < ' ' => text += &format!("\\u{:04x}", u32::from(control)),
            other => text.push(other),
        }
    }
    text + "'"
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use serde_json_path::JsonPath;

    use super::*;

    #[test]
    fn a_target_selects_the_places_that_it_was_made_of() {
        let document = json!({"a b": {"it's": [{"\\": 1}, {"\\": 2}], "\t": {"200": 3}}});
        for at in ["/a b/it's/1/\\", "/a b/\t/200", "/a b/it's"] {
            let target = Target::of(&document, at).to_string();
            let path = JsonPath::parse(&target).unwrap();
            let found = path.query_located(&document);
            let found: Vec<_> = found.locations().map(|at| at.to_json_pointer()).collect();
            assert_eq!(found, [at], "{target}");
        }
        let mut first = Target::of(&document, "/a b/it's/0/\\");
        let second = Target::of(&document, "/a b/it's/1/\\");
        let at = first.differs(&second).unwrap();
        first.join(second, at);
        assert_eq!(first.to_string(), r"$['a b']['it\'s'][0, 1]['\\']");
    }
}
