//! New inputs out of old ones.
//!
//! A step that wants OpenAPI learns little from random bytes: most are refused by the first parser. So
//! documents are taken apart and put together anew, and only now and then is a text damaged.

use fastrand::Rng;
use serde_json::{Map, Value, json};

use crate::{SEPARATOR, Target};

/// Words that mean something to some step.
const WORDS: [&str; 44] = [
    "$ref",
    "$id",
    "$anchor",
    "$dynamicRef",
    "$dynamicAnchor",
    "$defs",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "then",
    "type",
    "null",
    "const",
    "enum",
    "items",
    "prefixItems",
    "properties",
    "required",
    "additionalProperties",
    "patternProperties",
    "discriminator",
    "mapping",
    "nullable",
    "format",
    "default",
    "example",
    "examples",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "pattern",
    "parameters",
    "requestBody",
    "responses",
    "content",
    "application/json",
    "headers",
    "callbacks",
    "security",
    "servers",
    "operationId",
    "x-sensitive",
];

/// Makes inputs, always the same ones of the same seed.
pub struct Mutator {
    random: Rng,
    /// What parts are taken from.
    pool: Vec<Value>,
    overlays: Vec<String>,
}

impl Mutator {
    /// A mutator of these documents and overlays; of the first there is at least one.
    #[must_use]
    pub fn new(seed: u64, pool: Vec<Value>, overlays: Vec<String>) -> Self {
        Self { random: Rng::with_seed(seed), pool, overlays }
    }

    /// The next input for a target.
    pub fn next(&mut self, target: Target) -> String {
        let first = self.document();
        let mut text = match target {
            Target::Merge | Target::Diff => {
                let mut second = first.clone();
                self.mutate(&mut second);
                format!("{first}{SEPARATOR}{second}")
            }
            Target::Overlay => {
                let overlay = if self.overlays.is_empty() {
                    String::new()
                } else {
                    self.overlays[self.random.usize(..self.overlays.len())].clone()
                };
                format!("{first}{SEPARATOR}{}", self.damage(overlay))
            }
            Target::Extract => match self.random.u8(..4) {
                0 => format!("# Title\n# OpenAPI definition\n```json\n{first:#}\n```\n"),
                1 => format!("# Title # OpenAPI definition ```json {first} ```"),
                2 => format!("## GET /\n\n```json\n{first}\n```\n\n~~~\n{first:#}\n~~~\n"),
                _ => first.to_string(),
            },
            Target::Lower | Target::Generate => first.to_string(),
        };
        if matches!(target, Target::Extract) || self.random.u8(..16) == 0 {
            text = self.damage(text);
        }
        text
    }

    fn document(&mut self) -> Value {
        let mut document = self.pool[self.random.usize(..self.pool.len())].clone();
        for _ in 0..self.random.usize(1..5) {
            self.mutate(&mut document);
        }
        document
    }

    /// Changes one place of a document.
    fn mutate(&mut self, document: &mut Value) {
        let pointers = pointers(document);
        let target = pointers[self.random.usize(..pointers.len())].clone();
        let other = &self.pool[self.random.usize(..self.pool.len())];
        let others = self::pointers(other);
        let part = other.pointer(&others[self.random.usize(..others.len())]).cloned();
        let reference = pointers[self.random.usize(..pointers.len())].clone();
        let word = WORDS[self.random.usize(..WORDS.len())];
        let Some(node) = document.pointer_mut(&target) else {
            return;
        };
        match self.random.u8(..9) {
            0 => *node = part.unwrap_or_default(),
            1 => *node = odd(self.random.u8(..)),
            2 => *node = json!({"$ref": format!("#{reference}")}),
            3 => *node = json!({word: node.take()}),
            4 => *node = json!({word: [node.take(), part]}),
            5 => {
                if let Value::Object(members) = node {
                    members.insert(word.to_owned(), part.unwrap_or_default());
                }
            }
            6 => {
                if let Value::Object(members) = node
                    && let Some(key) = members.keys().next().cloned()
                {
                    let value = members.shift_remove(&key).unwrap_or_default();
                    members.insert(word.to_owned(), value);
                }
            }
            7 => match node {
                Value::Object(members) => {
                    let keys: Vec<String> = members.keys().cloned().collect();
                    if !keys.is_empty() {
                        members.shift_remove(&keys[self.random.usize(..keys.len())]);
                    }
                }
                Value::Array(items) if !items.is_empty() => {
                    items.remove(self.random.usize(..items.len()));
                }
                _ => {}
            },
            _ => match node {
                Value::Array(items) => items.extend(part),
                Value::String(text) => {
                    text.push_str(["%20", "/", "~1", "{", "«", "#"][self.random.usize(..6)])
                }
                _ => *node = Value::Object(Map::new()),
            },
        }
    }

    /// Changes a few characters of a text.
    fn damage(&mut self, mut text: String) -> String {
        for _ in 0..self.random.usize(..3) {
            let mut at = self.random.usize(..=text.len());
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            match self.random.u8(..4) {
                0 => text.truncate(at),
                1 => text.insert_str(
                    at,
                    &["\"", "{", "]", "\n", "```", "<<: ", "&a ", "*a", "- "]
                        [self.random.usize(..9)]
                    .repeat(self.random.usize(1..3)),
                ),
                2 => text.insert_str(at, WORDS[self.random.usize(..WORDS.len())]),
                _ => {
                    if at < text.len() {
                        text.remove(at);
                    }
                }
            }
        }
        text
    }
}

/// A value that few expect.
fn odd(which: u8) -> Value {
    match which % 12 {
        0 => Value::Null,
        1 => json!(""),
        2 => json!([]),
        3 => json!({}),
        4 => json!(true),
        5 => json!(-1),
        6 => serde_json::from_str("1e400").unwrap_or_default(),
        7 => serde_json::from_str("123456789012345678901234567890").unwrap_or_default(),
        8 => json!("a".repeat(300)),
        9 => json!(["null"]),
        10 => (0..200).fold(json!({}), |inner, _| json!({"items": inner})),
        _ => json!(0.5),
    }
}

/// The pointers of all that is in a value.
fn pointers(value: &Value) -> Vec<String> {
    let mut pointers = Vec::new();
    let mut open = vec![(String::new(), value)];
    while let Some((at, value)) = open.pop() {
        match value {
            Value::Object(members) => {
                open.extend(
                    members.iter().map(|(key, value)| (pagebind::pointer::join(&at, key), value)),
                );
            }
            Value::Array(items) => {
                open.extend(
                    items.iter().enumerate().map(|(index, item)| (format!("{at}/{index}"), item)),
                );
            }
            _ => {}
        }
        pointers.push(at);
    }
    pointers
}
