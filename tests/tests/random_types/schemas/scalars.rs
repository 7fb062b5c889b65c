//! Schemas of single values: text, numbers, lists of values, and what is hardly a schema.

use serde_json::{Value, json};

use super::{
    Schemas,
    words::{FORMATS, TEXTS},
};

impl Schemas {
    pub(super) fn text(&mut self) -> Value {
        let mut s = json!({ "type": "string" });
        match self.rng.u8(..6) {
            0 => s["format"] = self.one_of(&FORMATS).into(),
            1 => s["maxLength"] = self.rng.u8(..4).into(),
            2 => s["minLength"] = self.rng.u8(..3).into(),
            3 => {
                s["pattern"] =
                    self.one_of(&["^[a-z]*$", "^a", "\\d+", "^(?=.*x)", "^\\p{L}+$"]).into()
            }
            _ => {}
        }
        s
    }

    pub(super) fn integer(&mut self) -> Value {
        let mut s = json!({ "type": "integer" });
        match self.rng.u8(..10) {
            0 => s["format"] = self.one_of(&FORMATS).into(),
            1 => s["minimum"] = json!(0),
            2 => s["minimum"] = json!(1),
            3 => s["maximum"] = json!(9),
            4 => {
                s["exclusiveMinimum"] = json!(0);
                s["maximum"] = json!(1000)
            }
            5 => s["multipleOf"] = json!(5),
            6 => s["maximum"] = json!(18446744073709551615u64),
            _ => {}
        }
        s
    }

    pub(super) fn number(&mut self) -> Value {
        let mut s = json!({ "type": "number" });
        match self.rng.u8(..8) {
            0 => s["format"] = self.one_of(&FORMATS).into(),
            1 => s["minimum"] = json!(0.5),
            2 => s["exclusiveMaximum"] = json!(100),
            3 => s["multipleOf"] = json!(0.01),
            _ => {}
        }
        s
    }

    pub(super) fn listed(&mut self) -> Value {
        let count = self.rng.usize(1..5);
        match self.rng.u8(..7) {
            0..=2 => {
                let values: Vec<Value> = (0..count).map(|_| self.one_of(&TEXTS).into()).collect();
                let mut s = json!({ "enum": values });
                if self.chance(80) {
                    s["type"] = "string".into();
                }
                if self.chance(10) {
                    s["maxLength"] = 1.into();
                }
                s
            }
            3 => {
                let values: Vec<Value> = (0..count).map(|_| self.rng.i8(-2..5).into()).collect();
                json!({ "type": "integer", "enum": values })
            }
            4 => {
                let mut values: Vec<Value> =
                    (0..count).map(|_| self.one_of(&TEXTS).into()).collect();
                values.push(Value::Null);
                json!({ "type": ["string", "null"], "enum": values })
            }
            _ => {
                let values: Vec<Value> = (0..count).map(|_| self.any(1)).collect();
                json!({ "enum": values })
            }
        }
    }

    pub(super) fn constant(&mut self) -> Value {
        let value = match self.rng.u8(..4) {
            0 => self.any(2),
            1 => self.rng.u8(..3).into(),
            2 => json!(self.rng.bool()),
            _ => self.one_of(&TEXTS).into(),
        };
        json!({ "const": value })
    }

    pub(super) fn scalars(&mut self) -> Value {
        let mut kinds = vec!["string", "integer", "number", "boolean", "null", "array", "object"];
        self.rng.shuffle(&mut kinds);
        kinds.truncate(self.rng.usize(1..4));
        let mut s = json!({ "type": kinds });
        match self.rng.u8(..4) {
            0 => s["format"] = self.one_of(&FORMATS).into(),
            1 => s["maxLength"] = 3.into(),
            2 => s["minimum"] = 1.into(),
            _ => {}
        }
        s
    }

    pub(super) fn odd(&mut self) -> Value {
        match self.rng.u8(..8) {
            0 => json!({}),
            1 => json!(true),
            2 => json!({ "not": { "type": "string" } }),
            3 => json!({ "type": "string", "not": { "enum": ["a"] } }),
            4 => json!({ "type": "null" }),
            5 => json!({ "format": self.one_of(&FORMATS) }),
            6 => json!({ "minLength": 1, "minimum": 1 }),
            _ => {
                json!({ "if": { "type": "string" }, "then": { "maxLength": 2 }, "else": { "type": "integer" } })
            }
        }
    }
}
