//! One schema, keyword by keyword: what 3.0 knows, what a group of rules takes over, what is kept.

use serde_json::{Map, Value, json};

use super::{arrays::limit_items, pass::Lowering};
use crate::pointer::join;

/// Keywords of 2020-12 that constrain and that 3.0 has nothing for: without them a schema is wider.
const LOST_CONSTRAINTS: [&str; 12] = [
    "if",
    "then",
    "else",
    "dependentRequired",
    "dependentSchemas",
    "propertyNames",
    "contains",
    "minContains",
    "maxContains",
    "unevaluatedItems",
    "unevaluatedProperties",
    "$recursiveRef",
];

/// Keywords that 3.0 has with the same meaning (OpenAPI 3.0.3, Schema Object).
const SAME: [&str; 22] = [
    "title",
    "description",
    "default",
    "deprecated",
    "readOnly",
    "writeOnly",
    "example",
    "externalDocs",
    "xml",
    "format",
    "pattern",
    "multipleOf",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "enum",
];

/// Whether a keyword says something about a schema and constrains nothing.
pub(super) fn is_annotation(keyword: &str) -> bool {
    const ANNOTATIONS: [&str; 12] = [
        "title",
        "description",
        "default",
        "deprecated",
        "readOnly",
        "writeOnly",
        "example",
        "examples",
        "externalDocs",
        "xml",
        "$comment",
        "$schema",
    ];
    ANNOTATIONS.contains(&keyword) || keyword.starts_with("x-")
}

impl Lowering<'_> {
    /// The schema at `at`, in the words of 3.0.
    pub(super) fn schema(&mut self, schema: &Value, at: &str) -> Value {
        let is_reference =
            schema.as_object().is_some_and(|map| map.len() == 1 && map.contains_key("$ref"));
        if self.owner.as_deref() != Some(at) && self.known.shared.contains(at) && !is_reference {
            return json!({"$ref": self.component(at, "schemas")});
        }
        match schema {
            Value::Object(map) if self.known.in_3_0 => self.subschemas(map, at),
            _ if self.known.in_3_0 => schema.clone(),
            Value::Bool(true) => json!({}),
            Value::Bool(false) => json!({"not": {}}),
            Value::Object(map) => self.in_scope(map, at, |this| this.keywords(map, at)),
            _ => {
                self.problem(
                    at,
                    "this stands where a schema must, and is none",
                    "correct it to be an object, `true` or `false`",
                );
                json!({})
            }
        }
    }

    fn keywords(&mut self, map: &Map<String, Value>, at: &str) -> Value {
        let mut out = Map::with_capacity(map.len());
        for (key, value) in map {
            match key.as_str() {
                key if key.starts_with("x-") || SAME.contains(&key) => {
                    out.insert(key.to_owned(), value.clone());
                }
                // What 3.0 takes for granted; it says nothing against a type that is null.
                "nullable" if *value == json!(false) => {}
                // Settled together, once all is there.
                "type" | "const" | "nullable" | "exclusiveMinimum" | "exclusiveMaximum" => {
                    out.insert(key.clone(), value.clone());
                }
                "$ref" | "$dynamicRef" => self.schema_reference(key, value, at, &mut out),
                "$defs" | "definitions" => {
                    let here = join(at, key);
                    for name in value.as_object().into_iter().flat_map(Map::keys) {
                        let target = join(&here, name);
                        let scope = self.scope_of(&target);
                        self.hoist("schemas", &target, scope, name);
                    }
                }
                // Where they lead is resolved.
                "$id" | "$anchor" | "$dynamicAnchor" | "$vocabulary" => {}
                "$schema" => self.dialect(value, at, key),
                "$comment" => self.lose(at, key, "dropped: it is for the authors of the schema"),
                "allOf" => self.all_of(value, at, &mut out),
                "anyOf" | "oneOf" => self.alternatives(key, map, at, &mut out),
                "not" => self.not(value, at, &mut out),
                "properties" => {
                    let properties = self.map(value, &join(at, key), Self::schema);
                    out.insert(key.clone(), properties);
                }
                "required" => {
                    // 3.0 wants at least one name, and none says nothing.
                    if *value != json!([]) {
                        out.insert(key.clone(), value.clone());
                    }
                }
                "additionalProperties" => self.additional_properties(map, at, &mut out),
                "patternProperties" => self.pattern_properties(map, at, &mut out),
                "items" | "prefixItems" => self.items(map, at, &mut out),
                "discriminator" => {
                    let discriminator = self.discriminator(value, at);
                    out.insert(key.clone(), discriminator);
                }
                "examples" => self.examples(map, value, at, &mut out),
                "contentEncoding" | "contentMediaType" => {
                    self.content(key, map, value, at, &mut out);
                }
                _ if LOST_CONSTRAINTS.contains(&key.as_str()) => {
                    self.keep_wider(key, value, at, &mut out);
                }
                _ => self.keep(key, value, at, &mut out),
            }
        }
        limit_items(map, &mut out);
        self.bounds(at, &mut out);
        self.settle_type(map, at, &mut out);
        wrap_reference(&mut out);
        Value::Object(out)
    }

    /// Keeps a keyword that constrains nothing under a name that 3.0 allows, and lists it.
    pub(super) fn keep(
        &mut self,
        key: &str,
        value: &Value,
        at: &str,
        out: &mut Map<String, Value>,
    ) {
        let kept = kept(key);
        self.lose(at, key, format!("kept as `{kept}`"));
        out.insert(kept, value.clone());
    }

    /// Keeps a constraint in the same way: without it the schema accepts more.
    pub(super) fn keep_wider(
        &mut self,
        key: &str,
        value: &Value,
        at: &str,
        out: &mut Map<String, Value>,
    ) {
        let kept = kept(key);
        self.widen(at, key, format!("not enforced; kept as `{kept}`"));
        out.insert(kept, value.clone());
    }

    fn schema_reference(
        &mut self,
        key: &str,
        value: &Value,
        at: &str,
        out: &mut Map<String, Value>,
    ) {
        let Some(reference) = value.as_str() else {
            return self.problem(
                &join(at, key),
                format!("`{key}` is not a string"),
                "correct it to be a reference",
            );
        };
        let lowered = if key == "$ref" {
            self.reference(reference, at, "schemas")
        } else if let Some(target) = self.find_dynamic(reference, at) {
            self.component(&target, "schemas")
        } else {
            // Several schemas bear its anchor, and none of them is on the way here.
            return self.keep_wider(key, value, at, out);
        };
        if out.contains_key("$ref") {
            push_all_of(out, json!({"$ref": lowered}));
        } else {
            out.insert("$ref".to_owned(), json!(lowered));
        }
    }

    /// A schema of 3.0, with references that its tools can follow.
    fn subschemas(&mut self, map: &Map<String, Value>, at: &str) -> Value {
        let mut out = Map::with_capacity(map.len());
        for (key, value) in map {
            let here = join(at, key);
            let lowered = match (key.as_str(), value) {
                ("$ref", Value::String(reference)) => {
                    json!(self.reference(reference, at, "schemas"))
                }
                ("properties" | "patternProperties", _) => self.map(value, &here, Self::schema),
                ("allOf" | "anyOf" | "oneOf", _) => self.list(value, &here, Self::schema),
                ("items" | "not" | "additionalProperties", Value::Object(_)) => {
                    self.schema(value, &here)
                }
                ("discriminator", _) => self.discriminator(value, at),
                // Where they lead is resolved.
                ("$id" | "$anchor" | "$defs" | "definitions", _) => continue,
                _ => value.clone(),
            };
            out.insert(key.clone(), lowered);
        }
        Value::Object(out)
    }

    /// Mapping values that are references, and names that 3.0 does not allow, follow what they name;
    /// other names stay.
    fn discriminator(&mut self, discriminator: &Value, at: &str) -> Value {
        let here = join(at, "discriminator");
        self.object(discriminator, &here, |this, key, value, at| match key {
            "mapping" => Some(this.map(value, at, |this, target, at| match target.as_str() {
                Some(reference) if reference.starts_with('#') => {
                    // Whether the schema meant got wider makes no difference to the mapping.
                    let widened = this.widened;
                    let lowered = json!(this.reference(reference, at, "schemas"));
                    this.widened = widened;
                    lowered
                }
                Some(name) => {
                    let named = this.known.renamed.get(&join("/components/schemas", name));
                    named.map_or_else(|| target.clone(), |named| json!(named))
                }
                None => target.clone(),
            })),
            _ => Some(value.clone()),
        })
    }

    /// The first of several examples is the one that 3.0 has a place for.
    fn examples(
        &mut self,
        map: &Map<String, Value>,
        value: &Value,
        at: &str,
        out: &mut Map<String, Value>,
    ) {
        let examples = value.as_array();
        if let Some(first) = examples.and_then(|examples| examples.first())
            && !map.contains_key("example")
        {
            out.insert("example".to_owned(), first.clone());
        }
        if examples.is_some_and(|examples| examples.len() == 1) && !map.contains_key("example") {
            out.insert(kept("examples"), value.clone());
        } else {
            self.keep("examples", value, at, out);
        }
    }

    /// `contentEncoding` and `contentMediaType`, the two of them that `format` can say.
    fn content(
        &mut self,
        key: &str,
        map: &Map<String, Value>,
        value: &Value,
        at: &str,
        out: &mut Map<String, Value>,
    ) {
        let string = match map.get("type") {
            None => true,
            Some(Value::Array(types)) => types.iter().all(|it| it == "string" || it == "null"),
            Some(one) => one == "string",
        };
        let format = match (key, value.as_str()) {
            ("contentEncoding", Some("base64")) => "byte",
            ("contentMediaType", Some("application/octet-stream"))
                if !map.contains_key("contentEncoding") =>
            {
                "binary"
            }
            _ => return self.keep(key, value, at, out),
        };
        if !string || map.contains_key("format") {
            return self.keep(key, value, at, out);
        }
        out.insert("format".to_owned(), json!(format));
    }
}

/// The name under which a keyword of JSON Schema is kept.
pub(super) fn kept(keyword: &str) -> String {
    format!("x-jsonschema-{keyword}")
}

/// An object with one key. Its value is moved: `json!` copies, and gives exponents of numbers a sign.
pub(super) fn only(key: &str, value: impl Into<Value>) -> Value {
    Value::Object(Map::from_iter([(key.to_owned(), value.into())]))
}

/// Adds one more schema that an instance must also fit.
pub(super) fn push_all_of(out: &mut Map<String, Value>, schema: Value) {
    match out.entry("allOf").or_insert_with(|| json!([])) {
        Value::Array(schemas) => schemas.push(schema),
        other => *other = Value::from(vec![schema]),
    }
}

/// Makes a schema that accepts nothing of `out`, whose annotations stay.
pub(super) fn refuse_all(out: &mut Map<String, Value>) {
    out.retain(|key, _| is_annotation(key));
    out.insert("not".to_owned(), json!({}));
}

/// 3.0 reads nothing beside a `$ref`, so the reference moves into `allOf`.
fn wrap_reference(out: &mut Map<String, Value>) {
    if out.len() < 2 {
        return;
    }
    let Some(reference) = out.shift_remove("$ref") else {
        return;
    };
    let reference = json!({"$ref": reference});
    match out.get_mut("allOf") {
        Some(Value::Array(schemas)) => schemas.insert(0, reference),
        _ => {
            out.shift_insert(0, "allOf".to_owned(), json!([reference]));
        }
    }
}
