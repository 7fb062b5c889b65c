//! Properties by pattern: 3.0 has a schema for each named property and one for all others.

use serde_json::{Map, Value, json};

use super::{pass::Lowering, schema::kept};
use crate::pointer::join;

impl Lowering<'_> {
    /// `additionalProperties`; beside patterns it is up to [`Self::pattern_properties`].
    pub(super) fn additional_properties(
        &mut self,
        map: &Map<String, Value>,
        at: &str,
        out: &mut Map<String, Value>,
    ) {
        let key = "additionalProperties";
        if !patterns(map).is_empty() {
            return;
        }
        match map.get(key) {
            None => {}
            // Here, and only here, 3.0 knows a boolean.
            Some(Value::Bool(allowed)) => {
                out.insert(key.to_owned(), json!(allowed));
            }
            Some(schema) => {
                let lowered = self.schema(schema, &join(at, key));
                out.insert(key.to_owned(), lowered);
            }
        }
    }

    /// `patternProperties`. A single pattern beside `additionalProperties: false` leaves its schema
    /// for all properties that have no name. Otherwise the schema for the others must go as well:
    /// in 3.0 it would hold for what matches a pattern, too.
    pub(super) fn pattern_properties(
        &mut self,
        map: &Map<String, Value>,
        at: &str,
        out: &mut Map<String, Value>,
    ) {
        let others = map.get("additionalProperties");
        match (patterns(map).as_slice(), others) {
            ([], _) => return,
            ([(pattern, schema)], Some(Value::Bool(false))) => {
                let here = join(&join(at, "patternProperties"), pattern);
                let lowered = self.schema(schema, &here);
                out.insert("additionalProperties".to_owned(), lowered);
            }
            (_, None | Some(Value::Bool(true))) => {}
            (_, Some(others)) => {
                out.insert(kept("additionalProperties"), others.clone());
                let outcome =
                    "not enforced beside patterns; kept as `x-jsonschema-additionalProperties`";
                self.widen(at, "additionalProperties", outcome);
            }
        }
        if let Some(patterns) = map.get("patternProperties") {
            self.keep_wider("patternProperties", patterns, at, out);
        }
    }
}

fn patterns(map: &Map<String, Value>) -> Vec<(&String, &Value)> {
    let patterns = map.get("patternProperties").and_then(Value::as_object);
    patterns.into_iter().flatten().collect()
}
