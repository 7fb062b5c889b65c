//! Schemas with others inside: lists, objects and maps.

use serde_json::{Map, Value, json};

use super::{Schemas, words::NAMES};

impl Schemas {
    pub(super) fn array(&mut self, depth: usize) -> Value {
        let mut s = json!({ "type": "array" });
        match self.rng.u8(..10) {
            0 => {}
            1 => {
                let items: Vec<Value> =
                    (0..self.rng.usize(1..4)).map(|_| self.schema(depth)).collect();
                s["prefixItems"] = items.into();
                if self.rng.bool() {
                    s["items"] = false.into();
                }
            }
            2 => {
                s["items"] = self.schema(depth);
                s["minItems"] = 2.into();
                s["maxItems"] = 2.into();
            }
            3 => {
                s["items"] = self.schema(depth);
                s["uniqueItems"] = true.into();
            }
            4 => {
                s["items"] = self.schema(depth);
                s["maxItems"] = 1.into();
            }
            _ => s["items"] = self.schema(depth),
        }
        s
    }

    pub(super) fn properties(&mut self, depth: usize, most: usize) -> Map<String, Value> {
        let count = self.rng.usize(..=most);
        let mut map = Map::new();
        for _ in 0..count {
            let name = if self.chance(60) { self.one_of(&NAMES[..3]) } else { self.one_of(&NAMES) };
            let mut schema = self.schema(depth);
            if let Some(o) = schema.as_object_mut() {
                if self.chance(5) {
                    o.insert("readOnly".into(), true.into());
                } else if self.chance(5) {
                    o.insert("writeOnly".into(), true.into());
                }
            }
            map.insert(name.to_owned(), schema);
        }
        map
    }

    pub(super) fn object(&mut self, depth: usize) -> Value {
        let most = if self.chance(20) { 8 } else { 3 };
        let properties = self.properties(depth, most);
        let mut required: Vec<Value> =
            properties.keys().filter(|_| self.rng.u8(..3) == 0).map(|k| k.clone().into()).collect();
        if self.chance(3) {
            required.push("undeclared".into());
        }
        let mut s = json!({ "type": "object" });
        if !properties.is_empty() || self.rng.bool() {
            s["properties"] = properties.into();
        }
        if !required.is_empty() {
            s["required"] = required.into();
        }
        match self.rng.u8(..12) {
            0 => s["additionalProperties"] = false.into(),
            1 => s["additionalProperties"] = true.into(),
            2 => s["additionalProperties"] = self.schema(depth),
            3 => s["patternProperties"] = json!({ "^x-": self.schema(depth) }),
            4 => {
                s["patternProperties"] = json!({ "^x-": self.schema(depth) });
                s["additionalProperties"] = false.into()
            }
            5 => s["minProperties"] = 1.into(),
            6 => {
                s.as_object_mut().unwrap().remove("type");
            }
            7 => s["dependentRequired"] = json!({ "a": ["b"] }),
            8 if self.own > 0 => {
                s["anyOf"] = json!([{ "required": ["a"] }, { "required": ["b"] }]);
            }
            _ => {}
        }
        s
    }

    pub(super) fn map(&mut self, depth: usize) -> Value {
        let mut s = json!({ "type": "object", "additionalProperties": self.schema(depth) });
        if self.chance(20) {
            s["propertyNames"] = json!({ "maxLength": 4 });
        }
        if self.chance(20) {
            s["maxProperties"] = 2.into();
        }
        s
    }
}
