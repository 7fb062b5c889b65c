//! `allOf`, `anyOf`, `oneOf` and `not`: null branches, and what becomes of a choice whose branches
//! got wider.

use serde_json::{Map, Value, json};

use super::{
    Lowering,
    null::is_null_alone,
    schema::{is_annotation, push_all_of},
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
        let lowered = self.schema(value, &join(at, "not"));
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
        let mut rest = Vec::new();
        let mut lowered = Vec::new();
        for (index, branch) in branches.iter().enumerate() {
            if !(is_null_alone(branch) && self.accepts_null(branch)) {
                rest.push(branch);
                lowered.push(self.schema(branch, &format!("{at}/{key}/{index}")));
            }
        }
        let nulls = branches.len() - rest.len();
        let had_null = nulls > 0;

        let mut put_as = key;
        if key == "oneOf" && branches.len() > 1 {
            let several_null =
                nulls > 1 || had_null && rest.iter().any(|branch| self.accepts_null(branch));
            if self.widened != widened || several_null {
                put_as = "anyOf";
                self.widen(at, key, "now `anyOf`: its branches got wider and may overlap");
            }
        }

        if rest.is_empty() {
            return push_all_of(out, null_schema());
        }
        if !had_null {
            return put(put_as, lowered, map, out);
        }
        if !self.keywords_accept_null(map) {
            return match lowered.as_slice() {
                [one] => push_all_of(out, one.clone()),
                _ => put(put_as, lowered, map, out),
            };
        }
        // `nullable` needs a type, and the say of a branch that can take null in, unless all of them
        // refer elsewhere: a component is not made nullable for one that refers to it.
        let refers = |branch: &&Value| branch.get("$ref").is_some();
        let kind = (self.common_type(&rest))
            .filter(|_| lowered.iter_mut().any(admit_null) || rest.iter().all(refers));
        let Some(kind) = kind else {
            lowered.push(null_schema());
            return put(put_as, lowered, map, out);
        };
        if let [Value::Object(one)] = lowered.as_slice()
            && one.contains_key("type")
            && stands_alone(key, map, one)
        {
            out.extend(one.clone());
            return;
        }
        if !map.contains_key("type") {
            out.insert("type".to_owned(), json!(kind));
            out.insert("nullable".to_owned(), json!(true));
        }
        match lowered.as_slice() {
            [one] => push_all_of(out, one.clone()),
            _ => put(put_as, lowered, map, out),
        }
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

/// Whether the choice `key` is all that `map` constrains, so that its one branch can take its place.
fn stands_alone(key: &str, map: &Map<String, Value>, branch: &Map<String, Value>) -> bool {
    (map.keys()).all(|it| it == key || is_annotation(it) && !branch.contains_key(it))
}

/// Puts alternatives where the schema has none of that name, else into `allOf`.
fn put(key: &str, branches: Vec<Value>, map: &Map<String, Value>, out: &mut Map<String, Value>) {
    let moved = key == "anyOf" && map.contains_key("anyOf") && map.contains_key("oneOf");
    if moved || out.contains_key(key) {
        push_all_of(out, json!({key: branches}));
    } else {
        out.insert(key.to_owned(), json!(branches));
    }
}
