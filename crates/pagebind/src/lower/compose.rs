//! `allOf`, `anyOf`, `oneOf` and `not`: null branches, and what becomes of a choice whose branches
//! got wider.

use serde_json::{Map, Value, json};

use super::{
    null::is_null_alone,
    pass::Lowering,
    schema::{is_annotation, kept, only, push_all_of},
};
use crate::pointer::join;

impl Lowering<'_> {
    pub(super) fn all_of(&mut self, value: &Value, at: &str, out: &mut Map<String, Value>) {
        for (index, schema) in value.as_array().into_iter().flatten().enumerate() {
            let lowered = self.schema(schema, &format!("{at}/allOf/{index}"));
            push_all_of(out, lowered);
        }
    }

    /// `not` can only stand as long as what it refuses did not get wider.
    pub(super) fn not(&mut self, value: &Value, at: &str, out: &mut Map<String, Value>) {
        let (widened, losses) = (self.widened, self.losses.len());
        self.choices += 1;
        let lowered = self.schema(value, &join(at, "not"));
        self.choices -= 1;
        if self.widened == widened {
            out.insert("not".to_owned(), lowered);
        } else {
            self.losses.truncate(losses);
            self.keep_wider("not", value, at, out);
        }
    }

    /// `anyOf` and `oneOf`. Null branches become `nullable` where a type can be given, because 3.0
    /// reads `nullable` only beside one; otherwise they stay, in the words of 3.0.
    pub(super) fn alternatives(
        &mut self,
        key: &str,
        map: &Map<String, Value>,
        at: &str,
        out: &mut Map<String, Value>,
    ) {
        let branches = match map.get(key) {
            Some(Value::Array(branches)) if !branches.is_empty() => branches,
            Some(other) => return self.keep_wider(key, other, at, out),
            None => return,
        };
        let widened = self.widened;
        let chooses = key == "oneOf" && branches.len() > 1;
        self.choices += usize::from(chooses);
        let mut rest = Vec::new();
        let mut lowered = Vec::new();
        for (index, branch) in branches.iter().enumerate() {
            let here = format!("{at}/{key}/{index}");
            // What others refer to stays where they find it.
            let is_null = is_null_alone(branch) && !self.known.shared.contains(&here);
            if !(is_null && self.known.accepts_null(branch, at)) {
                rest.push(branch);
                lowered.push(self.schema(branch, &here));
            }
        }
        self.choices -= usize::from(chooses);
        let nulls = branches.len() - rest.len();
        let mut choice = Choice { key, map, rest, lowered };
        if chooses {
            let several_take_null = match nulls {
                0 => false,
                1 => choice.rest.iter().any(|branch| self.known.accepts_null(branch, at)),
                _ => true,
            };
            if self.widened != widened || several_take_null {
                choice.key = "anyOf";
                let outcome = "now `anyOf`, as its branches got wider and may overlap; \
                               kept as `x-jsonschema-oneOf`";
                self.widen(at, key, outcome);
                out.insert(kept(key), Value::from(branches.to_vec()));
            }
        }
        if nulls == 0 {
            choice.put(out);
        } else {
            self.null_branch(choice, at, out);
        }
    }

    /// Says in the words of 3.0 that null is one of the alternatives.
    fn null_branch(&mut self, mut choice: Choice<'_>, at: &str, out: &mut Map<String, Value>) {
        if choice.rest.is_empty() {
            return push_all_of(out, null_schema());
        }
        if !self.known.keywords_accept_null(choice.map, at) {
            return choice.put_inline(out);
        }
        // `nullable` needs a type, and the say of a branch that can take null in, unless all of them
        // refer elsewhere: a component is not made nullable for one that refers to it.
        let refers = |branch: &&Value| branch.get("$ref").is_some();
        let kind = self.known.common_type(&choice.rest, at).filter(|_| {
            choice.lowered.iter_mut().any(admit_null) || choice.rest.iter().all(refers)
        });
        let Some(kind) = kind else {
            choice.lowered.push(null_schema());
            return choice.put(out);
        };
        if let Some(one) = choice.standing_alone() {
            return out.extend(one.clone());
        }
        if !choice.map.contains_key("type") {
            out.insert("type".to_owned(), json!(kind));
            out.insert("nullable".to_owned(), json!(true));
        }
        choice.put_inline(out);
    }
}

/// `anyOf` or `oneOf` of a schema, without the branches that are there for null alone.
struct Choice<'m> {
    /// What it becomes: `anyOf` or `oneOf`.
    key: &'m str,
    /// The schema that it is part of.
    map: &'m Map<String, Value>,
    /// The branches as published, and the same lowered.
    rest: Vec<&'m Value>,
    lowered: Vec<Value>,
}

impl Choice<'_> {
    /// Puts the alternatives where the schema has none of that name, else into `allOf`.
    fn put(self, out: &mut Map<String, Value>) {
        let moved =
            self.key == "anyOf" && ["anyOf", "oneOf"].iter().all(|it| self.map.contains_key(*it));
        if moved || out.contains_key(self.key) {
            push_all_of(out, only(self.key, self.lowered));
        } else {
            out.insert(self.key.to_owned(), Value::from(self.lowered));
        }
    }

    /// The same, but a single branch is no choice.
    fn put_inline(mut self, out: &mut Map<String, Value>) {
        match self.lowered.pop() {
            Some(one) if self.lowered.is_empty() => push_all_of(out, one),
            last => {
                self.lowered.extend(last);
                self.put(out);
            }
        }
    }

    /// The one branch that can take the place of the schema, which constrains nothing else.
    fn standing_alone(&self) -> Option<&Map<String, Value>> {
        let [Value::Object(one)] = self.lowered.as_slice() else {
            return None;
        };
        let mut others = self.map.keys().filter(|it| !matches!(it.as_str(), "anyOf" | "oneOf"));
        let choices = self.map.len() - others.clone().count();
        let free = others.all(|it| is_annotation(it) && !one.contains_key(it));
        (one.contains_key("type") && choices == 1 && free).then_some(one)
    }
}

/// Lets null through a lowered branch, if nothing in it but its type and values stands against it.
fn admit_null(branch: &mut Value) -> bool {
    let Value::Object(branch) = branch else {
        return false;
    };
    let other = ["allOf", "anyOf", "oneOf", "not"];
    if !branch.contains_key("type") || other.iter().any(|key| branch.contains_key(*key)) {
        return false;
    }
    branch.insert("nullable".to_owned(), json!(true));
    if let Some(Value::Array(values)) = branch.get_mut("enum")
        && !values.contains(&Value::Null)
    {
        values.push(Value::Null);
    }
    true
}

/// The schema of null, in 3.0.
pub(super) fn null_schema() -> Value {
    json!({"enum": [null], "nullable": true})
}
