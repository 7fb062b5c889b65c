//! Random schemas of JSON Schema 2020-12: every keyword that documents use, names that clash, references
//! that lead back, and what a publisher should not write and does.

mod compositions;
mod containers;
mod scalars;
mod words;

use fastrand::Rng;
use serde_json::{Value, json};

use self::words::{NAMES, TEXTS};

/// Makes schemas, always the same ones of the same seed.
pub(crate) struct Schemas {
    pub(crate) rng: Rng,
    /// How many components there are.
    pub(crate) count: usize,
    /// The component that is being made; a reference to one before it can't lead back.
    pub(crate) own: usize,
}

fn reference(index: usize) -> Value {
    json!({ "$ref": format!("#/components/schemas/{}", name(index)) })
}

/// The name of a component.
pub(crate) fn name(index: usize) -> String {
    format!("T{index}")
}

impl Schemas {
    fn one_of<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.rng.usize(..from.len())]
    }

    fn chance(&mut self, percent: u8) -> bool {
        self.rng.u8(..100) < percent
    }

    /// A schema with at most so many levels below it.
    pub(crate) fn schema(&mut self, depth: usize) -> Value {
        let mut schema = match self.rng.u8(..if depth == 0 { 9 } else { 20 }) {
            0 => self.text(),
            1 => self.integer(),
            2 => self.number(),
            3 => json!({ "type": "boolean" }),
            4 => self.listed(),
            5 => self.constant(),
            6 => self.scalars(),
            7 => self.odd(),
            8 => return self.refer(),
            9 | 10 => self.array(depth - 1),
            11..=13 => self.object(depth - 1),
            14 => self.map(depth - 1),
            15 | 16 => self.union(depth - 1),
            17 => self.tagged(depth - 1),
            18 => self.all_of(depth - 1),
            _ => self.text(),
        };
        if let Some(map) = schema.as_object_mut() {
            if self.chance(10) {
                map.insert(
                    "description".into(),
                    self.one_of(&[
                        "Words.",
                        "<p>Some <b>HTML</b> &amp; more.</p>",
                        "a\n\n    code\n\n```\nfn x() {}\n```",
                    ])
                    .into(),
                );
            }
            if self.chance(5) {
                map.insert(
                    "title".into(),
                    self.one_of(&["Thing", "A thing", "T1", "String", "😀"]).into(),
                );
            }
            if self.chance(4) {
                map.insert("deprecated".into(), true.into());
            }
            if self.chance(5) {
                map.insert("default".into(), self.any(1));
            }
        }
        if self.chance(10) { self.nullable(schema) } else { schema }
    }

    fn nullable(&mut self, schema: Value) -> Value {
        let nothing = json!({ "type": "null" });
        match schema.get("type").and_then(Value::as_str) {
            Some(kind)
                if self.rng.bool()
                    && schema.get("enum").is_none()
                    && schema.get("const").is_none() =>
            {
                let mut schema = schema.clone();
                schema["type"] = json!([kind, "null"]);
                schema
            }
            _ => {
                let keyword = self.one_of(&["oneOf", "anyOf"]);
                json!({ keyword: [schema, nothing] })
            }
        }
    }

    fn refer(&mut self) -> Value {
        let index = self.rng.usize(..self.count);
        match self.rng.u8(..6) {
            0 => {
                let mut s = reference(index);
                s["description"] = "Said here.".into();
                s
            }
            1 => json!({ "allOf": [reference(index)], "description": "Said here." }),
            2 => json!({ "anyOf": [reference(index), { "type": "null" }] }),
            _ => reference(index),
        }
    }

    /// A reference that can't lead back.
    fn earlier(&mut self) -> Option<Value> {
        (self.own > 0).then(|| reference(self.rng.usize(..self.own)))
    }

    /// Any value.
    pub(crate) fn any(&mut self, depth: usize) -> Value {
        match self.rng.u8(..if depth == 0 { 7 } else { 9 }) {
            0 => Value::Null,
            1 => self.rng.bool().into(),
            2 => self.rng.i16(-3..10).into(),
            3 => json!(f64::from(self.rng.i16(-30..100)) / 4.0),
            4..=6 => self.one_of(&TEXTS).into(),
            7 => (0..self.rng.usize(..3)).map(|_| self.any(depth - 1)).collect(),
            _ => Value::Object(
                (0..self.rng.usize(..3))
                    .map(|_| (self.one_of(&NAMES).to_owned(), self.any(depth - 1)))
                    .collect(),
            ),
        }
    }
}
