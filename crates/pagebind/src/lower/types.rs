//! `type`, `enum`, `const` and `nullable`, which only mean something together.

use serde_json::{Map, Value, json};

use super::{
    compose::null_schema,
    kinds::{is_of, type_of_values, values},
    pass::Lowering,
    schema::{only, push_all_of, refuse_all},
};

/// The types of 3.0, each with the keywords that constrain it alone.
const TYPES: [(&str, &[&str]); 6] = [
    ("string", &["minLength", "maxLength", "pattern"]),
    ("number", NUMERIC),
    ("integer", NUMERIC),
    ("boolean", &[]),
    ("array", &["items", "minItems", "maxItems", "uniqueItems"]),
    (
        "object",
        &["properties", "additionalProperties", "required", "minProperties", "maxProperties"],
    ),
];

const NUMERIC: &[&str] =
    &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];

/// Formats of numbers; all others are formats of strings.
const NUMERIC_FORMATS: [&str; 4] = ["int32", "int64", "float", "double"];

impl Lowering<'_> {
    /// Settles the type of the schema `map`, whose other keywords stand lowered in `out`.
    pub(super) fn settle_type(
        &mut self,
        map: &Map<String, Value>,
        at: &str,
        out: &mut Map<String, Value>,
    ) {
        self.published_nullable(map, at);
        let values = values(map);
        if map.contains_key("const") {
            rename(out, "const", "enum");
        }
        let Some(types) = self.types(map, at, out) else {
            return untyped(map, values, out);
        };
        let null = types.contains(&"null") && self.known.keywords_accept_null(map, at);
        let types: Vec<_> = types.into_iter().filter(|it| *it != "null").collect();
        let fitting = |kind: &str| -> Option<Vec<Value>> {
            let values = values.as_ref()?.iter();
            let mut fitting: Vec<_> = values.filter(|it| is_of(it, kind)).cloned().collect();
            if null && !fitting.is_empty() {
                fitting.push(Value::Null);
            }
            Some(fitting)
        };
        // A type for which the enumeration has no value is never met.
        let met: Vec<_> = (types.iter().copied())
            .filter(|kind| fitting(kind).is_none_or(|values| !values.is_empty()))
            .collect();
        match met.as_slice() {
            [] if null => {
                out.shift_remove("type");
                let Value::Object(schema) = null_schema() else {
                    return;
                };
                out.extend(schema);
            }
            [] => refuse_all(out),
            [kind] => {
                out.insert("type".to_owned(), json!(kind));
                set(out, "enum", fitting(kind));
                if null {
                    out.insert("nullable".to_owned(), json!(true));
                }
                if *kind == "array" {
                    out.entry("items").or_insert_with(|| json!({}));
                }
            }
            several => {
                let format = out.shift_remove("format");
                let branches = several.iter().map(|kind| {
                    let mut branch = branch(kind, format.as_ref(), out);
                    set(&mut branch, "enum", fitting(kind));
                    if null {
                        branch.insert("nullable".to_owned(), json!(true));
                    }
                    Value::Object(branch)
                });
                let branches = branches.collect();
                split(branches, out);
            }
        }
    }

    /// `nullable` is no keyword of 3.1, but it is plain what the publisher means by it.
    fn published_nullable(&mut self, map: &Map<String, Value>, at: &str) {
        if map.get("nullable") == Some(&json!(true)) && !self.known.keywords_accept_null(map, at) {
            let outcome = "kept: 3.1 does not know it, and 3.0 lets null through by it";
            self.widen(at, "nullable", outcome);
        }
    }

    /// The types that a schema names, each once and `integer` only without `number`; nothing where
    /// it names none.
    fn types<'m>(
        &mut self,
        map: &'m Map<String, Value>,
        at: &str,
        out: &mut Map<String, Value>,
    ) -> Option<Vec<&'m str>> {
        let named = map.get("type")?;
        let mut types: Vec<&str> = Vec::new();
        let all = match named {
            Value::String(one) => vec![Some(one.as_str())],
            Value::Array(several) => several.iter().map(Value::as_str).collect(),
            _ => vec![None],
        };
        for name in &all {
            match name {
                Some(name) if *name == "null" || TYPES.iter().any(|(it, _)| it == name) => {
                    if !types.contains(name) {
                        types.push(name);
                    }
                }
                _ => {
                    out.shift_remove("type");
                    self.keep_wider("type", named, at, out);
                    return None;
                }
            }
        }
        if types.contains(&"number") {
            types.retain(|it| *it != "integer");
        }
        Some(types)
    }
}

/// A schema that names no type: one value has a type of its own, and null needs one beside it.
fn untyped(map: &Map<String, Value>, values: Option<Vec<Value>>, out: &mut Map<String, Value>) {
    let Some(values) = values else {
        return;
    };
    if values.is_empty() {
        return refuse_all(out);
    }
    let null = values.contains(&Value::Null);
    if (null || map.contains_key("const"))
        && !out.contains_key("type")
        && let Some(kind) = type_of_values(&values)
    {
        out.insert("type".to_owned(), json!(kind));
    }
    if null {
        out.insert("nullable".to_owned(), json!(true));
    }
    out.insert("enum".to_owned(), Value::from(values));
}

/// One type of several, with the keywords of `out` that constrain it.
fn branch(kind: &str, format: Option<&Value>, out: &Map<String, Value>) -> Map<String, Value> {
    let mut branch = Map::new();
    branch.insert("type".to_owned(), json!(kind));
    let numeric = matches!(kind, "number" | "integer");
    if let Some(format) = format {
        let of_numbers = format.as_str().is_some_and(|it| NUMERIC_FORMATS.contains(&it));
        if numeric && of_numbers || kind == "string" && !of_numbers {
            branch.insert("format".to_owned(), format.clone());
        }
    }
    let keywords = TYPES.iter().find(|(it, _)| *it == kind);
    for keyword in keywords.into_iter().flat_map(|(_, keywords)| *keywords) {
        if let Some(value) = out.get(*keyword) {
            branch.insert((*keyword).to_owned(), value.clone());
        }
    }
    if kind == "array" {
        branch.entry("items").or_insert_with(|| json!({}));
    }
    branch
}

/// Puts branches in the place of what they took over from `out`, and of what binds none of them: a
/// keyword of a type that is not listed.
fn split(branches: Vec<Value>, out: &mut Map<String, Value>) {
    let of_types = TYPES.iter().flat_map(|(_, keywords)| *keywords);
    for keyword in of_types.chain(&["type", "enum"]) {
        out.shift_remove(*keyword);
    }
    if out.contains_key("anyOf") {
        push_all_of(out, only("anyOf", branches));
    } else {
        out.insert("anyOf".to_owned(), Value::from(branches));
    }
}

fn set(out: &mut Map<String, Value>, key: &str, values: Option<Vec<Value>>) {
    if let Some(values) = values {
        out.insert(key.to_owned(), Value::from(values));
    }
}

/// Gives a key another name, in its place.
fn rename(out: &mut Map<String, Value>, from: &str, to: &str) {
    if out.contains_key(to) {
        out.shift_remove(from);
        return;
    }
    *out = std::mem::take(out)
        .into_iter()
        .map(|(key, value)| (if key == from { to.to_owned() } else { key }, value))
        .collect();
}
