//! Random schemas of JSON Schema 2020-12: every keyword that documents use, names that clash, references
//! that lead back, and what a publisher should not write and does.

use fastrand::Rng;
use serde_json::{Map, Value, json};

const NAMES: [&str; 34] = [
    "a",
    "b",
    "c",
    "type",
    "Type",
    "_type",
    "$type",
    "@type",
    "1st",
    "",
    "😀",
    "value",
    "build",
    "builder",
    "try_from",
    "default",
    "self",
    "Self",
    "extra",
    "user-name",
    "userName",
    "user_name",
    "x",
    "X",
    "class",
    "fn",
    "gen",
    "await",
    "+1",
    "-1",
    "from",
    "into",
    "éa",
    "a.b",
];
const TEXTS: [&str; 20] = [
    "",
    "a",
    "A",
    "b",
    "a-b",
    "a_b",
    "a b",
    "+1",
    "-1",
    "1",
    "null",
    "true",
    "Unknown",
    "UnknownValue",
    "self",
    "Self",
    "é",
    "😀",
    "*",
    "a/b",
];
const FORMATS: [&str; 22] = [
    "date-time",
    "date",
    "time",
    "duration",
    "uuid",
    "uri",
    "byte",
    "binary",
    "decimal",
    "email",
    "int32",
    "int64",
    "float",
    "double",
    "password",
    "ipv4",
    "hostname",
    "uint64",
    "uint8",
    "int8",
    "regex",
    "made-up",
];

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

    fn text(&mut self) -> Value {
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

    fn integer(&mut self) -> Value {
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

    fn number(&mut self) -> Value {
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

    fn listed(&mut self) -> Value {
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

    fn constant(&mut self) -> Value {
        let value = match self.rng.u8(..4) {
            0 => self.any(2),
            1 => self.rng.u8(..3).into(),
            2 => json!(self.rng.bool()),
            _ => self.one_of(&TEXTS).into(),
        };
        json!({ "const": value })
    }

    fn scalars(&mut self) -> Value {
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

    fn odd(&mut self) -> Value {
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

    fn array(&mut self, depth: usize) -> Value {
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

    fn properties(&mut self, depth: usize, most: usize) -> Map<String, Value> {
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

    fn object(&mut self, depth: usize) -> Value {
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

    fn map(&mut self, depth: usize) -> Value {
        let mut s = json!({ "type": "object", "additionalProperties": self.schema(depth) });
        if self.chance(20) {
            s["propertyNames"] = json!({ "maxLength": 4 });
        }
        if self.chance(20) {
            s["maxProperties"] = 2.into();
        }
        s
    }

    fn branch(&mut self, depth: usize) -> Value {
        if self.chance(40)
            && let Some(r) = self.earlier()
        {
            return r;
        }
        if self.chance(40) {
            return self.object(depth.saturating_sub(1));
        }
        self.schema(depth)
    }

    fn union(&mut self, depth: usize) -> Value {
        let keyword = self.one_of(&["oneOf", "anyOf"]);
        let mut branches: Vec<Value> =
            (0..self.rng.usize(1..5)).map(|_| self.branch(depth)).collect();
        if self.chance(15) {
            branches.push(json!({ "type": "null" }));
        }
        let mut s = json!({ keyword: branches });
        if self.chance(15) {
            s["type"] = "object".into();
            s["properties"] = self.properties(depth, 2).into();
            if self.rng.bool() {
                s["required"] = json!(["a"]);
            }
        }
        s
    }

    /// A union whose branches a member tells apart.
    fn tagged(&mut self, depth: usize) -> Value {
        let keyword = self.one_of(&["oneOf", "anyOf"]);
        let tag = self.one_of(&["type", "kind", "a"]);
        let form = self.rng.u8(..4);
        let count = self.rng.usize(2..5);
        let branches: Vec<Value> = (0..count).map(|index| {
            let mut object = json!({ "type": "object", "properties": self.properties(depth, 3) });
            let value = match form {
                0 => json!({ "const": index }),
                1 => json!({ "const": format!("k{index}") }),
                2 => json!({ "type": "string", "enum": [format!("k{index}"), format!("l{index}")] }),
                _ => json!({ "const": index % 2 == 0 }),
            };
            object["properties"][tag] = value;
            if self.chance(70) { object["required"] = json!([tag]); }
            object
        }).collect();
        let mut s = json!({ keyword: branches });
        if form == 1 && self.rng.bool() {
            s["discriminator"] = json!({ "propertyName": tag });
        }
        s
    }

    fn all_of(&mut self, depth: usize) -> Value {
        let mut parts: Vec<Value> = (0..self.rng.usize(1..4))
            .map(|_| {
                if self.chance(50)
                    && let Some(r) = self.earlier()
                {
                    return r;
                }
                if self.chance(10) {
                    return self.union(depth);
                }
                self.object(depth)
            })
            .collect();
        if self.chance(20) {
            parts.push(json!({ "required": ["a"] }));
        }
        let mut s = json!({ "allOf": parts });
        if self.chance(20) {
            s["properties"] = self.properties(depth, 2).into();
        }
        if self.chance(20) {
            s["type"] = "object".into();
        }
        s
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
