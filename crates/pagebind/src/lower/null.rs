//! Whether a 3.1 schema accepts null.
//!
//! In 3.1 null is a value like any other, and each keyword has its say; in 3.0 it is a flag on a
//! type. So the question is put to the whole schema.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::pass::Lowering;

/// Whether a branch of `anyOf` or `oneOf` is there for null alone.
pub(super) fn is_null_alone(schema: &Value) -> bool {
    let says = |key: &str, value: Value| schema.get(key) == Some(&value);
    says("type", json!("null"))
        || says("type", json!(["null"]))
        || says("const", Value::Null)
        || says("enum", json!([null]))
}

/// The schemas referred to that have been asked already, so that none is asked twice.
type Known = BTreeMap<String, bool>;

impl Lowering<'_> {
    /// Whether `schema` accepts null. A schema that refers to nothing but itself does.
    pub(super) fn accepts_null(&self, schema: &Value) -> bool {
        match schema {
            Value::Bool(accepts) => *accepts,
            Value::Object(map) => self.map_accepts_null(map, &mut Known::new()),
            _ => true,
        }
    }

    /// The same for the keywords of a schema.
    pub(super) fn keywords_accept_null(&self, map: &Map<String, Value>) -> bool {
        self.map_accepts_null(map, &mut Known::new())
    }

    fn map_accepts_null(&self, map: &Map<String, Value>, known: &mut Known) -> bool {
        map.iter().all(|(key, value)| match (key.as_str(), value) {
            ("type", Value::String(one)) => one == "null",
            ("type", Value::Array(several)) => several.contains(&json!("null")),
            ("const", value) => value.is_null(),
            ("enum", Value::Array(values)) => values.contains(&Value::Null),
            ("$ref" | "$dynamicRef", Value::String(reference)) => {
                self.target_accepts_null(reference, known)
            }
            ("allOf", Value::Array(all)) => all.iter().all(|it| self.accepts(it, known)),
            ("anyOf", Value::Array(any)) => any.iter().any(|it| self.accepts(it, known)),
            ("oneOf", Value::Array(one)) => {
                one.iter().filter(|it| self.accepts(it, known)).count() == 1
            }
            ("not", schema) => !self.accepts(schema, known),
            ("if", schema) => {
                let branch = if self.accepts(schema, known) { "then" } else { "else" };
                (map.get(branch)).is_none_or(|schema| self.accepts(schema, known))
            }
            _ => true,
        })
    }

    fn accepts(&self, schema: &Value, known: &mut Known) -> bool {
        match schema {
            Value::Object(map) => self.map_accepts_null(map, known),
            other => *other != json!(false),
        }
    }

    fn target_accepts_null(&self, reference: &str, known: &mut Known) -> bool {
        let Some(target) = self.find(reference, "") else {
            return true;
        };
        if let Some(accepts) = known.get(&target) {
            return *accepts;
        }
        let Some(schema) = self.source.pointer(&target) else {
            return true;
        };
        // In a cycle nothing refuses null but what stands in it.
        known.insert(target.clone(), true);
        let accepts = self.accepts(schema, known);
        known.insert(target, accepts);
        accepts
    }
}
