//! Schemas that are put together: unions, with a tag and without, and `allOf`.

use serde_json::{Value, json};

use super::Schemas;

impl Schemas {
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

    pub(super) fn union(&mut self, depth: usize) -> Value {
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
    pub(super) fn tagged(&mut self, depth: usize) -> Value {
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

    pub(super) fn all_of(&mut self, depth: usize) -> Value {
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
}
