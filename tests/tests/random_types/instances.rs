//! Random instances of a schema. Most of them are one; a validator has the last word.
//!
//! Two things are left out, since types don't promise them: a member that nothing names, where the schema
//! names others, is dropped as it is read; and so is a member of one branch beside the tag of another.

use serde_json::{Map, Value, json};

use crate::schemas::Schemas;

/// Makes instances.
pub(crate) struct Instances<'a> {
    /// The components.
    pub(crate) schemas: &'a Map<String, Value>,
    pub(crate) random: &'a mut Schemas,
    /// Whether what is made is a part of something else.
    pub(crate) inside: bool,
}

const KINDS: [&str; 7] = ["null", "boolean", "integer", "number", "string", "array", "object"];

impl Instances<'_> {
    /// A value of `schema`, which stands at this depth; none where it would not end.
    pub(crate) fn of(&mut self, schema: &Value, depth: usize) -> Option<Value> {
        let Some(map) = schema.as_object() else {
            return (schema == &json!(true)).then(|| self.random.any(1));
        };
        if depth > 14 {
            return None;
        }
        let mut parts: Vec<Value> = Vec::new();
        if let Some(target) = map.get("$ref").and_then(Value::as_str) {
            let target = self.schemas.get(target.rsplit('/').next()?)?.clone();
            let inside = self.inside;
            self.inside |=
                map.keys().any(|k| ["allOf", "properties", "required"].contains(&k.as_str()));
            let made = self.of(&target, depth + 1);
            self.inside = inside;
            parts.push(made?);
        }
        if let Some(value) = map.get("const") {
            return Some(value.clone());
        }
        if let Some(values) = map.get("enum").and_then(Value::as_array) {
            return Some(values[self.random.rng.usize(..values.len())].clone());
        }
        let inside = std::mem::replace(&mut self.inside, false);
        for member in map.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.inside = true;
            let made = self.of(member, depth + 1);
            self.inside = false;
            parts.push(made?);
        }
        self.inside = inside;
        let composed =
            inside || map.keys().any(|k| ["type", "properties", "required"].contains(&k.as_str()));
        for keyword in ["oneOf", "anyOf"] {
            let Some(branches) = map.get(keyword).and_then(Value::as_array) else { continue };
            // Of deep ones take a shallow one.
            let index = self.random.rng.usize(..branches.len());
            self.inside = composed || branches.len() > 1;
            let mut made = self.of(&branches[index], depth + 1);
            for branch in branches {
                if made.is_none() {
                    self.inside = composed || branches.len() > 1;
                    made = self.of(branch, depth + 1);
                }
            }
            self.inside = inside;
            parts.push(made?);
            if keyword == "anyOf"
                && self.random.rng.u8(..4) == 0
                && !map.to_owned().contains_key("discriminator")
                && !branches.iter().any(|b| self.tagged(b))
            {
                let index = self.random.rng.usize(..branches.len());
                self.inside = true;
                parts.extend(self.of(&branches[index], depth + 1));
                self.inside = inside;
            }
        }
        let kinds: Vec<&str> = match map.get("type") {
            Some(Value::String(kind)) => vec![kind],
            Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
            _ if ["properties", "required", "additionalProperties", "patternProperties"]
                .iter()
                .any(|k| map.contains_key(*k)) =>
            {
                vec!["object"]
            }
            _ if !parts.is_empty() => vec![],
            _ if map.contains_key("format")
                || map.contains_key("minLength")
                || map.contains_key("not")
                || map.contains_key("if")
                || map.keys().all(|k| {
                    ["description", "title", "deprecated", "default", "readOnly", "writeOnly"]
                        .contains(&k.as_str())
                }) =>
            {
                KINDS.to_vec()
            }
            _ => vec![],
        };
        if !kinds.is_empty() {
            // What a part is, the rest is too.
            let kind = parts
                .first()
                .and_then(kind_of)
                .filter(|k| kinds.contains(k))
                .unwrap_or_else(|| kinds[self.random.rng.usize(..kinds.len())]);
            let alone = parts.is_empty() && !self.inside;
            let own = self.kind(kind, map, depth, alone)?;
            parts.insert(0, own);
        }
        let mut parts = parts.into_iter();
        let mut whole = parts.next()?;
        for part in parts {
            match (&mut whole, part) {
                (Value::Object(whole), Value::Object(part)) => {
                    for (k, v) in part {
                        whole.entry(k).or_insert(v);
                    }
                }
                (Value::Object(_), _) => {}
                (whole, part) => {
                    if self.random.rng.bool() {
                        *whole = part
                    }
                }
            }
        }
        Some(whole)
    }

    fn tagged(&self, branch: &Value) -> bool {
        let mut branch = branch;
        while let Some(target) = branch.get("$ref").and_then(Value::as_str) {
            branch = &self.schemas[target.rsplit('/').next().unwrap()];
        }
        let of = |k: &str| {
            branch.get(k).and_then(Value::as_array).into_iter().flatten().any(|b| self.tagged(b))
        };
        of("anyOf")
            || of("oneOf")
            || of("allOf")
            || branch.get("properties").and_then(Value::as_object).is_some_and(|p| {
                p.values().any(|s| {
                    let mut s = s;
                    for _ in 0..20 {
                        match s.get("$ref").and_then(Value::as_str) {
                            Some(t) => s = &self.schemas[t.rsplit('/').next().unwrap()],
                            None => break,
                        }
                    }
                    s.to_string().contains("\"const\"") || s.to_string().contains("\"enum\"")
                })
            })
    }

    fn kind(
        &mut self,
        kind: &str,
        map: &Map<String, Value>,
        depth: usize,
        alone: bool,
    ) -> Option<Value> {
        self.inside = false;
        let rng = &mut self.random.rng;
        let of = |key: &str| map.get(key).and_then(Value::as_f64);
        Some(match kind {
            "null" => Value::Null,
            "boolean" => rng.bool().into(),
            "integer" => {
                let low = of("minimum").or(of("exclusiveMinimum").map(|x| x + 1.0)).unwrap_or(-5.0);
                let high = of("maximum").map_or(low + 100.0, |most| most.min(low + 100.0));
                let low = low.min(high);
                let mut n = rng.i64(low as i64..=high as i64);
                if let Some(step) = of("multipleOf") {
                    n = n / step as i64 * step as i64;
                }
                if map.get("format").and_then(Value::as_str).is_some_and(|f| f.starts_with("uint"))
                {
                    n = n.abs();
                }
                if rng.u8(..10) == 0 { json!(n as f64) } else { n.into() }
            }
            "number" => {
                let low = of("minimum").unwrap_or(-5.0);
                json!(low.floor() + 1.0 + f64::from(rng.u8(..40)) / 4.0)
            }
            "string" => {
                let long = of("maxLength").unwrap_or(5.0) as usize;
                let least = of("minLength").unwrap_or(0.0) as usize;
                let text = match map.get("format").and_then(Value::as_str) {
                    Some("date-time") => [
                        "2024-05-01T10:00:00Z",
                        "2024-05-01T10:00:00",
                        "2024-05-01T10:00:00.123+02:00",
                    ][rng.usize(..3)],
                    Some("date") => "2024-05-01",
                    Some("uuid") => {
                        ["67e55044-10b1-426f-9247-bb680e5fe0c8", "67E5504410B1426F9247BB680E5FE0C8"]
                            [rng.usize(..2)]
                    }
                    Some("byte") => "aGk=",
                    _ => "",
                };
                if !text.is_empty() {
                    return Some(text.into());
                }
                if map.contains_key("pattern") {
                    return Some(["a", "abc", "1", "ax", "é", ""][rng.usize(..6)].into());
                }
                let n = rng.usize(least..=least.max(long));
                (0..n)
                    .map(|_| ['a', 'é', ' ', '"', '\\', '1', '😀', '\n'][rng.usize(..8)])
                    .collect::<String>()
                    .into()
            }
            "array" => {
                let least = of("minItems").unwrap_or(0.0) as usize;
                let most = of("maxItems").map_or(least + 2, |m| m as usize);
                let prefix =
                    map.get("prefixItems").and_then(Value::as_array).cloned().unwrap_or_default();
                let most =
                    if map.get("items") == Some(&json!(false)) { prefix.len() } else { most };
                let most = if depth > 7 { least } else { most };
                let n = rng.usize(least.min(most)..=most);
                let mut items = Vec::new();
                for i in 0..n {
                    let schema =
                        prefix.get(i).or_else(|| map.get("items")).cloned().unwrap_or(json!(true));
                    match self.of(&schema, depth + 1) {
                        Some(v) => items.push(v),
                        None if items.len() >= least => break,
                        None => return None,
                    }
                }
                items.into()
            }
            "object" => {
                let properties =
                    map.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
                let required: Vec<&str> = map
                    .get("required")
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str)
                    .collect();
                let mut object = Map::new();
                for (name, schema) in &properties {
                    let must = required.contains(&name.as_str());
                    if !must && (depth > 7 || self.random.rng.u8(..3) == 0) {
                        continue;
                    }
                    match self.of(schema, depth + 1) {
                        Some(value) => drop(object.insert(name.clone(), value)),
                        None if must => return None,
                        None => {}
                    }
                }
                for name in required {
                    if !object.contains_key(name) {
                        object.insert(name.into(), self.random.any(0));
                    }
                }
                if let Some(more) = map.get("additionalProperties").filter(|m| **m != json!(false))
                {
                    for name in ["m1", "m 2", "type"] {
                        if self.random.rng.u8(..3) == 0
                            && depth < 8
                            && !properties.contains_key(name)
                            && let Some(v) = self.of(more, depth + 1)
                        {
                            object.insert(name.into(), v);
                        }
                    }
                }
                if let Some(patterns) = map.get("patternProperties").and_then(Value::as_object) {
                    for schema in patterns.values() {
                        if self.random.rng.bool()
                            && let Some(v) = self.of(schema, depth + 1)
                        {
                            object.insert("x-1".into(), v);
                        }
                    }
                }
                if properties.is_empty()
                    && !map.contains_key("additionalProperties")
                    && !map.contains_key("patternProperties")
                    && !map.contains_key("required")
                    && !map.contains_key("anyOf")
                    && alone
                    && self.random.rng.bool()
                {
                    object.insert("free".into(), self.random.any(1));
                }
                Value::Object(object)
            }
            _ => return None,
        })
    }
}

fn kind_of(value: &Value) -> Option<&'static str> {
    Some(match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(n) => {
            if n.is_f64() {
                "number"
            } else {
                "integer"
            }
        }
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    })
}
