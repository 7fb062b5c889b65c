//! The promise of lowering, tried on random schemas and instances: what the 3.1 schema accepts, the
//! 3.0 schema accepts, and where nothing was lost the two accept the same.
//!
//! `jsonschema` judges both; for that, the 3.0 schema is written back as 2020-12 first.

use proptest::{prelude::*, sample::select};
use serde_json::{Map, Value, json};

use crate::lower::lower;

/// How `nullable` is read.
#[derive(Clone, Copy)]
enum Reading {
    /// It adds null to the type beside it, and each keyword has its say (the letter of 3.0.3).
    Type,
    /// It adds null to all that the schema accepts (the reading of generators).
    Schema,
}

fn instance() -> impl Strategy<Value = Value> {
    let leaf = select(vec![
        json!(null),
        json!(true),
        json!(0),
        json!(1),
        json!(1.0),
        json!(1.5),
        json!(-2),
        json!(""),
        json!("a"),
        json!("ab"),
        json!("xyz"),
    ]);
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::hash_map(select(vec!["a", "b", "x1"]), inner, 0..3).prop_map(|map| {
                let entries = map.into_iter().map(|(key, value)| (key.to_owned(), value));
                Value::Object(entries.collect())
            }),
        ]
    })
}

fn pair(
    key: &'static str,
    value: impl Strategy<Value = Value> + 'static,
) -> BoxedStrategy<(&'static str, Value)> {
    value.prop_map(move |value| (key, value)).boxed()
}

/// Keywords that hold no schema.
fn plain_keyword() -> BoxedStrategy<(&'static str, Value)> {
    let types =
        || select(vec!["null", "boolean", "integer", "number", "string", "array", "object"]);
    let number = || select(vec![json!(0), json!(1), json!(2), json!(1.0), json!(1.5)]);
    let count = || (0..3_u8).prop_map(Value::from);
    prop_oneof![
        4 => pair("type", types().prop_map(Value::from)),
        4 => pair("type", prop::collection::vec(types(), 1..4).prop_map(|mut types| {
            types.sort_unstable();
            types.dedup();
            json!(types)
        })),
        2 => pair("enum", prop::collection::vec(instance(), 0..4).prop_map(Value::from)),
        1 => pair("const", instance()),
        1 => pair("minimum", number()),
        1 => pair("maximum", number()),
        1 => pair("exclusiveMinimum", number()),
        1 => pair("exclusiveMaximum", number()),
        1 => pair("minLength", count()),
        1 => pair("maxLength", count()),
        1 => pair("pattern", Just(json!("^a"))),
        1 => pair("minItems", count()),
        1 => pair("maxItems", count()),
        1 => pair("uniqueItems", Just(json!(true))),
        1 => pair("required", select(vec![json!(["a"]), json!(["b"]), json!([])])),
        1 => pair("minProperties", count()),
        1 => pair("dependentRequired", Just(json!({"a": ["b"]}))),
    ]
    .boxed()
}

fn schema(references: &[&'static str]) -> BoxedStrategy<Value> {
    let plain = || prop::collection::vec(plain_keyword(), 0..4).prop_map(object);
    let mut leaves =
        vec![plain().boxed(), plain().boxed(), any::<bool>().prop_map(Value::from).boxed()];
    leaves.extend(
        references
            .iter()
            .map(|name| Just(json!({"$ref": format!("#/components/schemas/{name}")})).boxed()),
    );
    // A reference with siblings, where there is something to refer to.
    let beside = match references {
        [] => plain_keyword(),
        [.., name] => pair("$ref", Just(json!(format!("#/components/schemas/{name}")))),
    };
    let leaf = prop::strategy::Union::new(leaves);
    leaf.prop_recursive(3, 24, 3, move |inner| {
        let several = || prop::collection::vec(inner.clone(), 1..4).prop_map(Value::from);
        let named = || {
            prop::collection::btree_map(select(vec!["a", "b"]), inner.clone(), 1..3)
                .prop_map(|map| json!(map))
        };
        let nullable = prop::collection::vec(inner.clone(), 1..3).prop_map(|mut branches| {
            branches.push(json!({"type": "null"}));
            json!(branches)
        });
        let patterns = prop::collection::btree_map(select(vec!["^x", "^a"]), inner.clone(), 1..3)
            .prop_map(|map| json!(map));
        let keyword = prop_oneof![
            3 => plain_keyword(),
            1 => beside.clone(),
            1 => pair("allOf", several()),
            1 => pair("anyOf", several()),
            1 => pair("oneOf", several()),
            1 => pair("anyOf", nullable.clone()),
            1 => pair("oneOf", nullable),
            1 => pair("not", inner.clone()),
            1 => pair("items", inner.clone()),
            1 => pair("items", Just(json!(false))),
            1 => pair("prefixItems", several()),
            1 => pair("contains", inner.clone()),
            1 => pair("properties", named()),
            1 => pair("additionalProperties", inner.clone()),
            1 => pair("patternProperties", patterns),
            1 => pair("propertyNames", inner.clone()),
            1 => pair("unevaluatedProperties", inner.clone()),
            1 => pair("if", inner.clone()),
            1 => pair("then", inner.clone()),
            1 => pair("else", inner.clone()),
        ];
        prop::collection::vec(keyword, 1..5).prop_map(object)
    })
    .boxed()
}

fn object(keywords: Vec<(&'static str, Value)>) -> Value {
    let entries = keywords.into_iter().map(|(key, value)| (key.to_owned(), value));
    Value::Object(entries.collect())
}

/// A 3.0 schema in the words of 2020-12.
fn written_back(schema: &Value, reading: Reading) -> Value {
    let Value::Object(map) = schema else {
        return schema.clone();
    };
    if let Some(reference) = map.get("$ref") {
        assert_eq!(map.len(), 1, "3.0 reads nothing beside a reference: {schema}");
        return json!({"$ref": reference});
    }
    let each = |value: &Value| -> Value {
        let schemas = value.as_array().unwrap().iter();
        schemas.map(|schema| written_back(schema, reading)).collect()
    };
    let mut out = Map::new();
    for (key, value) in map {
        let written = match key.as_str() {
            _ if key.starts_with("x-") => continue,
            "nullable" | "exclusiveMinimum" | "exclusiveMaximum" => continue,
            "type" => {
                assert!(value.is_string(), "3.0 has one type: {schema}");
                value.clone()
            }
            "enum" => {
                assert!(!value.as_array().unwrap().is_empty(), "empty enum: {schema}");
                value.clone()
            }
            "allOf" | "anyOf" | "oneOf" => each(value),
            "not" | "items" => written_back(value, reading),
            "additionalProperties" if value.is_boolean() => value.clone(),
            "additionalProperties" => written_back(value, reading),
            "properties" => {
                let properties = value.as_object().unwrap().iter();
                properties
                    .map(|(name, schema)| (name.clone(), written_back(schema, reading)))
                    .collect::<Map<_, _>>()
                    .into()
            }
            "minimum" | "maximum" | "minLength" | "maxLength" | "pattern" | "minItems"
            | "maxItems" | "uniqueItems" | "required" | "minProperties" => value.clone(),
            other => panic!("3.0 has no {other}: {schema}"),
        };
        out.insert(key.clone(), written);
    }
    for (bound, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        if map.get(exclusive) == Some(&json!(true)) {
            let limit = out.remove(bound).expect("the flag stands beside its bound");
            out.insert(exclusive.to_owned(), limit);
        }
    }
    if map.get("nullable") != Some(&json!(true)) || !map.contains_key("type") {
        return Value::Object(out);
    }
    match reading {
        Reading::Type => {
            out.insert("type".to_owned(), json!([map["type"], "null"]));
            Value::Object(out)
        }
        Reading::Schema => json!({"anyOf": [{"type": "null"}, out]}),
    }
}

fn accepts(schemas: &Map<String, Value>) -> impl Fn(&Value) -> bool {
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$ref": "#/components/schemas/Root",
        "components": {"schemas": schemas},
    });
    let validator = jsonschema::validator_for(&schema).unwrap();
    move |instance| validator.is_valid(instance)
}

fn check(schemas: &Value, instances: &[Value], reading: Reading) -> Result<(), TestCaseError> {
    let source = json!({
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "components": {"schemas": schemas},
    });
    let lowered = lower(&source).unwrap();
    let rewritten: Map<_, _> = lowered.document["components"]["schemas"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, schema)| (name.clone(), written_back(schema, reading)))
        .collect();
    let before = accepts(schemas.as_object().unwrap());
    let after = accepts(&rewritten);
    for instance in instances {
        if before(instance) || lowered.losses.is_empty() {
            prop_assert_eq!(
                before(instance),
                after(instance),
                "{} under {:#}",
                instance,
                lowered.document
            );
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_a_schema_accepts_its_lowered_form_accepts(
        root in schema(&["Part", "Leaf"]),
        part in schema(&["Leaf"]),
        leaf in schema(&[]),
        instances in prop::collection::vec(instance(), 12),
    ) {
        check(&json!({"Root": root, "Part": part, "Leaf": leaf}), &instances, Reading::Schema)?;
    }

    #[test]
    fn by_the_letter_of_nullable_too_as_long_as_nothing_is_referred_to(
        root in schema(&[]),
        instances in prop::collection::vec(instance(), 12),
    ) {
        check(&json!({"Root": root, "Leaf": {}}), &instances, Reading::Type)?;
    }
}
