//! Every rule of the schema grid: a tiny schema, what it became, and the exact changes found, at
//! each place where a schema can stand. Each case is then read backwards and gives the inverses.

use std::collections::BTreeSet;

use pagebind_drift::{
    compare,
    rules::schema::{Row, Subject, rows},
};
use serde_json::{Value, json};

/// Old schema, new schema, the changes found.
fn cases() -> Vec<(Value, Value, Vec<&'static str>)> {
    let string = |more: Value| merged(json!({"type": "string"}), more);
    let array = |more: Value| merged(json!({"type": "array", "items": {"type": "string"}}), more);
    let object = |more: Value| {
        merged(json!({"type": "object", "properties": {"a": {"type": "string"}}}), more)
    };
    let bound = |kind: &str, keyword: &str, change: &str| {
        let schema = |limit: Option<i32>| match limit {
            Some(limit) => json!({"type": kind, keyword: limit}),
            None => json!({"type": kind}),
        };
        let leak =
            |step: &str| -> &'static str { Box::leak(format!("{change}-{step}").into_boxed_str()) };
        vec![
            (schema(Some(2)), schema(Some(3)), vec![leak("increased")]),
            (schema(None), schema(Some(3)), vec![leak("set")]),
        ]
    };
    let keyword = |keyword: &str, change: &str, a: Value, b: Value| {
        let schema = |value: Option<Value>| match value {
            Some(value) => object(json!({keyword: value})),
            None => object(json!({})),
        };
        let leak =
            |step: &str| -> &'static str { Box::leak(format!("{change}-{step}").into_boxed_str()) };
        vec![
            (schema(None), schema(Some(a.clone())), vec![leak("added")]),
            (schema(Some(a)), schema(Some(b)), vec![leak("changed")]),
        ]
    };
    let two = json!({"oneOf": [object(json!({"title": "A"})), array(json!({}))]});
    let one =
        json!({"oneOf": [object(json!({"title": "A"})), array(json!({})), string(json!({}))]});
    let any = |of: &Value| json!({"anyOf": of["oneOf"]});
    let discriminator = |property: &str, mapping: Value| {
        merged(
            two.clone(),
            json!({"discriminator": {"propertyName": property, "mapping": mapping}}),
        )
    };
    let mut cases = vec![
        (json!({"type": "boolean"}), json!({"type": "integer"}), vec!["type-changed"]),
        (
            json!({"type": "string", "format": "date"}),
            json!({"type": "string", "format": "uuid"}),
            vec!["type-changed"],
        ),
        (
            json!({"type": "string", "format": "uuid"}),
            json!({"type": "string", "format": "uri"}),
            vec!["type-changed"],
        ),
        (
            json!({"type": "string", "format": "uuid"}),
            json!({"type": "string"}),
            vec!["type-generalized"],
        ),
        (
            json!({"type": "integer"}),
            json!({"type": "integer", "format": "int64"}),
            vec!["format-changed"],
        ),
        (
            json!({"type": "string", "format": "hostname"}),
            json!({"type": "string", "format": "uri"}),
            vec!["format-changed"],
        ),
        (
            json!({"oneOf": [{"const": 1, "title": "A"}, {"const": 2, "title": "B"}]}),
            json!({"oneOf": [{"const": 1, "title": "A"}, {"const": 2, "title": "B"}, {"const": 3, "title": "C"}]}),
            vec!["enum-value-added"],
        ),
        (
            json!({"oneOf": [{"const": 1, "title": "A"}, {"const": 2, "title": "B"}]}),
            json!({"oneOf": [{"const": 1, "title": "A"}, {"const": 2, "title": "Z"}]}),
            vec!["title-changed"],
        ),
        (
            string(json!({"deprecated": true, "x-sunset": "2030-01-01"})),
            string(json!({"deprecated": true, "x-sunset": "2029-01-01"})),
            vec!["sunset-changed"],
        ),
        (
            string(json!({"deprecated": true, "x-sunset": "2030-01-01"})),
            string(json!({"deprecated": true})),
            vec!["sunset-deleted"],
        ),
        (
            string(json!({})),
            string(json!({"x-stability-level": "beta"})),
            vec!["stability-decreased"],
        ),
        (json!({"type": "integer"}), json!({"type": "number"}), vec!["type-generalized"]),
        (
            json!({"type": "integer", "format": "int32"}),
            json!({"type": "integer", "format": "int64"}),
            vec!["type-generalized"],
        ),
        (
            json!({"type": "boolean"}),
            json!({"type": ["boolean", "integer"]}),
            vec!["list-of-types-widened"],
        ),
        (json!({"type": "string"}), json!({"type": ["string", "null"]}), vec!["became-nullable"]),
        (
            two.clone(),
            json!({"oneOf": [two["oneOf"][0], two["oneOf"][1], {"type": "null"}]}),
            vec!["became-nullable"],
        ),
        (string(json!({})), string(json!({"enum": ["a", "b"]})), vec!["became-enum"]),
        (
            string(json!({"enum": ["a"]})),
            string(json!({"enum": ["b", "a"]})),
            vec!["enum-value-added"],
        ),
        (
            string(json!({"enum": ["a", "b"], "const": "a"})),
            string(json!({"enum": ["a", "b"], "const": "b"})),
            vec!["enum-value-removed", "enum-value-added"],
        ),
        (
            json!({"type": ["string", "null"], "enum": ["a"]}),
            json!({"type": ["string", "null"], "enum": ["a", null]}),
            vec!["became-nullable"],
        ),
        (
            string(json!({"x-extensible-enum": ["a"]})),
            string(json!({"x-extensible-enum": ["a", "b"]})),
            vec!["x-extensible-enum-value-added"],
        ),
        (string(json!({})), string(json!({"const": "a"})), vec!["const-added"]),
        (string(json!({"const": "a"})), string(json!({"const": "b"})), vec!["const-changed"]),
        (string(json!({})), string(json!({"pattern": "^a$"})), vec!["pattern-added"]),
        (
            string(json!({"pattern": "^a$"})),
            string(json!({"pattern": "^b$"})),
            vec!["pattern-changed"],
        ),
        (string(json!({})), string(json!({"default": "a"})), vec!["default-value-added"]),
        (
            string(json!({"default": "a"})),
            string(json!({"default": "b"})),
            vec!["default-value-changed"],
        ),
        (
            json!({"type": "integer", "minimum": 2}),
            json!({"type": "integer", "exclusiveMinimum": 2}),
            vec!["exclusive-min-increased"],
        ),
        (
            json!({"type": "integer", "maximum": 2}),
            json!({"type": "integer", "exclusiveMaximum": 2}),
            vec!["exclusive-max-decreased"],
        ),
        (
            json!({"type": "number"}),
            json!({"type": "number", "multipleOf": 2}),
            vec!["multiple-of-added"],
        ),
        (
            json!({"type": "number", "multipleOf": 2}),
            json!({"type": "number", "multipleOf": 3}),
            vec!["multiple-of-changed"],
        ),
        (
            json!({"type": "number", "multipleOf": 10}),
            json!({"type": "number", "multipleOf": 2.5}),
            vec!["multiple-of-generalized"],
        ),
        (two.clone(), one.clone(), vec!["one-of-added"]),
        (any(&two), any(&one), vec!["any-of-added"]),
        (
            object(json!({})),
            json!({"oneOf": [object(json!({})), array(json!({}))]}),
            vec!["became-one-of-several"],
        ),
        (
            array(json!({"prefixItems": [{"type": "string"}], "items": false})),
            array(
                json!({"prefixItems": [{"type": "string"}, {"type": "integer"}], "items": false}),
            ),
            vec!["prefix-items-added"],
        ),
        (
            object(json!({"additionalProperties": false})),
            object(json!({})),
            vec!["additional-properties-allowed"],
        ),
        (array(json!({})), array(json!({"uniqueItems": true})), vec!["items-became-unique"]),
        (
            two.clone(),
            merged(two.clone(), json!({"discriminator": {"propertyName": "kind"}})),
            vec!["discriminator-added"],
        ),
        (
            discriminator("a", json!({})),
            discriminator("b", json!({})),
            vec!["discriminator-property-name-changed"],
        ),
        (
            discriminator("a", json!({})),
            discriminator("a", json!({"x": "X"})),
            vec!["discriminator-mapping-added"],
        ),
        (
            discriminator("a", json!({"x": "X"})),
            discriminator("a", json!({"x": "Y"})),
            vec!["discriminator-mapping-changed"],
        ),
        (
            string(json!({"contentMediaType": "text/html"})),
            string(json!({"contentMediaType": "text/xml"})),
            vec!["content-media-type-changed"],
        ),
        (
            string(json!({"contentEncoding": "base32"})),
            string(json!({"contentEncoding": "base16"})),
            vec!["content-encoding-changed"],
        ),
        (
            string(json!({"xml": {"name": "a"}})),
            string(json!({"xml": {"name": "b"}})),
            vec!["xml-changed"],
        ),
        (
            json!({"$ref": "https://example.com/a"}),
            json!({"$ref": "https://example.com/b"}),
            vec!["reference-changed"],
        ),
        (json!({"$dynamicRef": "#a"}), json!({"$dynamicRef": "#b"}), vec!["reference-changed"]),
        (
            string(json!({"$schema": "https://json-schema.org/draft/2020-12/schema"})),
            string(json!({"$schema": "https://a.example/dialect"})),
            vec!["dialect-changed"],
        ),
        (
            json!({"allOf": [string(json!({"pattern": "^a"})), {"pattern": "b$"}]}),
            json!({"allOf": [{"pattern": "c$"}, string(json!({"pattern": "^a"}))]}),
            vec!["pattern-changed"],
        ),
        (
            string(json!({"allOf": [{"default": "a"}]})),
            string(json!({"default": "b", "allOf": [{"default": "a"}]})),
            vec!["default-value-changed"],
        ),
        (
            object(json!({"not": {"type": "string", "title": "A"}})),
            object(json!({"not": {"type": "string", "title": "B"}})),
            vec!["title-changed"],
        ),
        (
            string(json!({"examples": ["a", "b"]})),
            string(json!({"examples": ["a", "c"]})),
            vec!["example-changed"],
        ),
        (
            string(json!({"externalDocs": {"url": "https://a.example"}})),
            string(json!({"externalDocs": {"url": "https://b.example"}})),
            vec!["description-changed"],
        ),
        (string(json!({})), string(json!({"deprecated": true})), vec!["deprecated"]),
        (string(json!({"title": "A"})), string(json!({"title": "B"})), vec!["title-changed"]),
        (
            string(json!({"description": "a b"})),
            string(json!({"description": "a c"})),
            vec!["description-changed"],
        ),
        (string(json!({"example": "a"})), string(json!({"example": "b"})), vec!["example-changed"]),
    ];
    for (kind, word, change) in [
        ("integer", "minimum", "min"),
        ("integer", "maximum", "max"),
        ("number", "exclusiveMinimum", "exclusive-min"),
        ("number", "exclusiveMaximum", "exclusive-max"),
        ("string", "minLength", "min-length"),
        ("string", "maxLength", "max-length"),
        ("array", "minItems", "min-items"),
        ("array", "maxItems", "max-items"),
        ("object", "minProperties", "min-properties"),
        ("object", "maxProperties", "max-properties"),
        ("array", "minContains", "min-contains"),
        ("array", "maxContains", "max-contains"),
    ] {
        cases.extend(bound(kind, word, change));
    }
    for (word, change) in [
        ("if", "if"),
        ("then", "then"),
        ("else", "else"),
        ("not", "not"),
        ("contains", "contains"),
        ("propertyNames", "property-names"),
        ("unevaluatedItems", "unevaluated-items"),
        ("unevaluatedProperties", "unevaluated-properties"),
        ("contentSchema", "content-schema"),
    ] {
        cases.extend(keyword(word, change, json!({"type": "string"}), json!({"type": "boolean"})));
    }
    cases.extend(keyword(
        "dependentRequired",
        "dependent-required",
        json!({"a": ["b"]}),
        json!({"a": ["c"]}),
    ));
    let pattern = json!({"^x": {"type": "string"}});
    cases.push((
        object(json!({})),
        object(json!({"patternProperties": pattern})),
        vec!["pattern-property-added"],
    ));
    cases.push((
        object(json!({})),
        object(json!({"dependentSchemas": pattern})),
        vec!["dependent-schema-added"],
    ));
    cases
}

fn merged(mut base: Value, more: Value) -> Value {
    if let (Some(base), Value::Object(more)) = (base.as_object_mut(), more) {
        base.extend(more);
    }
    base
}

/// A document with `schema` at the place that `subject` is.
fn document(subject: Subject, schema: &Value) -> Value {
    let hidden = |flag: &str| json!({"type": "object", "properties": {"p": {flag: true, "allOf": [schema]}}});
    let property = json!({"type": "object", "properties": {"p": schema}});
    let mut operation = json!({"responses": {"200": {"description": "ok"}}});
    let body = |schema: Value| json!({"application/json": {"schema": schema}});
    match subject {
        Subject::RequestParameter => {
            operation["parameters"] = json!([{"in": "query", "name": "p", "schema": schema}])
        }
        Subject::RequestParameterProperty => {
            operation["parameters"] = json!([{"in": "query", "name": "p", "schema": property}])
        }
        Subject::RequestBody => operation["requestBody"]["content"] = body(schema.clone()),
        Subject::RequestProperty => operation["requestBody"]["content"] = body(property),
        Subject::RequestReadOnlyProperty => {
            operation["requestBody"]["content"] = body(hidden("readOnly"))
        }
        Subject::ResponseBody => operation["responses"]["200"]["content"] = body(schema.clone()),
        Subject::ResponseProperty => operation["responses"]["200"]["content"] = body(property),
        Subject::ResponseWriteOnlyProperty => {
            operation["responses"]["200"]["content"] = body(hidden("writeOnly"))
        }
        Subject::ResponseHeader => {
            operation["responses"]["200"]["headers"] = json!({"X-A": {"schema": schema}})
        }
    }
    json!({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/a": {"post": operation}}})
}

/// What is found, as changes with their levels.
fn found(subject: Subject, old: &Value, new: &Value) -> BTreeSet<(String, String)> {
    let findings = compare(&document(subject, old), &document(subject, new));
    findings
        .iter()
        .map(|finding| (finding.change.id.to_string(), finding.change.severity.to_string()))
        .collect()
}

fn row(change: &str) -> &'static Row {
    rows().find(|row| row.change == change).unwrap_or_else(|| panic!("no row {change}"))
}

fn expected<'c>(
    subject: Subject,
    changes: impl Iterator<Item = &'c str>,
) -> BTreeSet<(String, String)> {
    // A narrowed type in a request has the name under which users know it.
    let specialized = matches!(
        subject,
        Subject::ResponseBody
            | Subject::ResponseProperty
            | Subject::ResponseHeader
            | Subject::ResponseWriteOnlyProperty
            | Subject::RequestParameterProperty
    );
    let name = |change| {
        if change == "type-specialized" && !specialized { "type-changed" } else { change }
    };
    changes
        .map(|change| row(name(change)).rule(subject))
        .map(|rule| (rule.id.to_string(), rule.severity.to_string()))
        .collect()
}

#[test]
fn each_change_is_found_everywhere_and_backwards_it_is_its_inverse() {
    for (old, new, changes) in cases() {
        for subject in Subject::ALL {
            let forwards = expected(subject, changes.iter().copied());
            assert_eq!(found(subject, &old, &new), forwards, "{subject:?}: {old} → {new}");
            let inverses = changes.iter().map(|change| row(change).inverse);
            let backwards = expected(subject, inverses);
            assert_eq!(found(subject, &new, &old), backwards, "{subject:?}: {new} → {old}");
        }
    }
}

#[test]
fn nothing_is_found_between_a_schema_and_itself() {
    for (old, new, _) in cases() {
        for subject in Subject::ALL {
            for schema in [&old, &new] {
                assert_eq!(found(subject, schema, schema), BTreeSet::new(), "{schema}");
            }
        }
    }
}

#[test]
fn every_row_has_a_case() {
    let mut covered: BTreeSet<&str> = BTreeSet::new();
    for (_, _, changes) in cases() {
        covered.extend(changes.iter().flat_map(|change| [*change, row(change).inverse]));
    }
    // Each has a test of its own: they depend on more than one schema.
    let elsewhere = [
        "became-required",
        "became-optional",
        "deprecated-with-sunset",
        "pattern-generalized",
        "too-deep",
    ];
    let missing: Vec<_> = rows()
        .map(|row| row.change)
        .filter(|change| !covered.contains(change) && !elsewhere.contains(change))
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn a_pattern_that_takes_everything_is_known_as_wider() {
    let schema = |pattern: &str| json!({"type": "string", "pattern": pattern});
    let found = found(Subject::RequestProperty, &schema("^a$"), &schema(".*"));
    assert_eq!(found, expected(Subject::RequestProperty, ["pattern-generalized"].into_iter()));
}

#[test]
fn a_deprecated_property_with_a_date_weighs_more() {
    let new = json!({"type": "string", "deprecated": true, "x-sunset": "2030-01-01"});
    let found = found(Subject::ResponseProperty, &json!({"type": "string"}), &new);
    assert_eq!(found, expected(Subject::ResponseProperty, ["deprecated-with-sunset"].into_iter()));
}

#[test]
fn what_is_nested_too_deep_is_said_and_not_called_equal() {
    let nested = |leaf: &str| {
        (0..300).fold(json!({"type": leaf}), |inner, _| json!({"type": "array", "items": inner}))
    };
    let found = found(Subject::ResponseBody, &nested("string"), &nested("boolean"));
    assert_eq!(found, expected(Subject::ResponseProperty, ["too-deep"].into_iter()));
}

#[test]
fn one_value_as_text_is_a_string_whatever_it_was() {
    let (old, new) = (json!({"type": "integer"}), json!({"type": "string"}));
    for subject in Subject::ALL {
        let change = if subject.is_text() { "type-generalized" } else { "type-changed" };
        assert_eq!(found(subject, &old, &new), expected(subject, [change].into_iter()));
    }
}

#[test]
fn a_position_without_a_schema_of_its_own_is_described_by_that_of_the_items() {
    let of = |schema: Value| merged(json!({"type": "array"}), schema);
    let strings = json!({"items": {"type": "string"}});
    let first = |schema: Value| merged(strings.clone(), json!({"prefixItems": [schema]}));
    // What is old, what is new, and what is found in a request and in a response.
    let cases = [
        (strings.clone(), first(json!({"type": "integer"})), "type-changed", "type-changed"),
        (
            strings.clone(),
            first(json!({"type": "string", "const": "z"})),
            "const-added",
            "const-added",
        ),
        (
            first(json!({"type": "string", "const": "z"})),
            strings.clone(),
            "const-removed",
            "const-removed",
        ),
        (first(json!({})), strings.clone(), "type-changed", "type-specialized"),
        (
            json!({}),
            json!({"prefixItems": [{"type": "string"}]}),
            "type-changed",
            "type-specialized",
        ),
        (
            json!({"prefixItems": [{"type": "string"}]}),
            json!({}),
            "type-generalized",
            "type-generalized",
        ),
    ];
    for (old, new, sent, received) in cases {
        for (subject, change) in
            [(Subject::RequestProperty, sent), (Subject::ResponseProperty, received)]
        {
            let found = found(subject, &of(old.clone()), &of(new.clone()));
            let expected = expected(subject, [change].into_iter());
            assert_eq!(found, expected, "{subject:?}: {old} → {new}");
        }
    }
}

#[test]
fn the_parts_of_a_conjunction_describe_a_position_each_for_itself() {
    let list =
        |prefix: Value| json!({"type": "array", "allOf": [{"items": {"type": "string"}}, prefix]});
    let (old, new) = (list(json!({})), list(json!({"prefixItems": [{"maxLength": 5}]})));
    let subject = Subject::RequestProperty;
    assert_eq!(found(subject, &old, &new), expected(subject, ["max-length-set"].into_iter()));
}

#[test]
fn a_union_that_has_one_branch_left_is_that_branch_whatever_discriminates() {
    let a =
        |more: &str| json!({"type": "object", "properties": {"t": {"type": "string"}, more: {}}});
    let document = |subject: Subject, schema: Value, of_a: &str| {
        let mut document = document(subject, &schema);
        document["components"] = json!({"schemas": {"A": a(of_a), "B": a("y")}});
        document
    };
    let union = |names: &[&str], discriminates: bool, null: bool| {
        let reference = |name: &&str| json!({"$ref": format!("#/components/schemas/{name}")});
        let mut branches: Vec<Value> = names.iter().map(reference).collect();
        branches.extend(null.then(|| json!({"type": "null"})));
        let mut union = json!({"oneOf": branches});
        if discriminates {
            let target = |name: &&str| (name.to_lowercase(), json!(name));
            let mapping: serde_json::Map<String, Value> = names.iter().map(target).collect();
            union["discriminator"] = json!({"propertyName": "t", "mapping": mapping});
        }
        union
    };
    let told = |old: &Value, new: &Value| -> BTreeSet<String> {
        let findings = compare(old, new);
        let told =
            |change: &pagebind_drift::Change| format!("{} {}", change.severity, change.message);
        findings.iter().map(|finding| told(&finding.change)).collect()
    };
    for (discriminates, null) in [(false, false), (true, false), (true, true)] {
        for (subject, gone, new) in [
            (Subject::RequestProperty, "breaking request", "info request"),
            (Subject::ResponseProperty, "info response", "breaking response"),
        ] {
            let one = document(subject, union(&["A"], discriminates, null), "x");
            let two = document(subject, union(&["A", "B"], discriminates, null), "x");
            let gone = format!("{gone} property `p(oneOf 1)`: may no longer be `B`");
            let new = format!("{new} property `p(oneOf 1)`: may now be `B`");
            assert_eq!(told(&two, &one), BTreeSet::from([gone.clone()]));
            assert_eq!(told(&one, &two), BTreeSet::from([new]));
            // What else becomes of the one that is left is said of it.
            let changed = document(subject, union(&["A"], discriminates, null), "z");
            let messages = told(&two, &changed);
            assert!(messages.len() == 3 && messages.contains(&gone), "{messages:?}");
            assert!(messages.iter().any(|message| message.ends_with("property `A.z`: is new")));
        }
    }
}

#[test]
fn null_that_comes_to_be_taken_is_found_once_and_weighs_the_same_however_it_is_written() {
    let nullable = |more: Value| merged(json!({"type": ["string", "null"]}), more);
    let new = json!({"enum": ["a", null]});
    for (old, new) in [
        (json!({"enum": ["a"]}), new.clone()),
        (nullable(json!({"enum": ["a"]})), new.clone()),
        (nullable(json!({"enum": ["a"]})), nullable(new.clone())),
        (json!({"type": "string", "enum": ["a"]}), nullable(new.clone())),
        (json!({"type": "string", "enum": ["a", null]}), nullable(new.clone())),
        (json!({"const": "a"}), new.clone()),
        (nullable(json!({"const": "a"})), new),
        (nullable(json!({"const": "a"})), json!({"oneOf": [{"const": "a"}, {"type": "null"}]})),
    ] {
        for subject in [Subject::RequestProperty, Subject::ResponseProperty] {
            let nullable = expected(subject, ["became-nullable"].into_iter());
            assert_eq!(found(subject, &old, &new), nullable, "{subject:?}: {old} → {new}");
            let not = expected(subject, ["became-not-nullable"].into_iter());
            assert_eq!(found(subject, &new, &old), not, "{subject:?}: {new} → {old}");
        }
    }
}

#[test]
fn null_that_is_listed_beside_a_nullable_is_but_a_value() {
    // Many leave it out, and mean it: what is generated of such a schema takes null.
    let schema = |values: Value| json!({"type": "string", "nullable": true, "enum": values});
    let (old, new) = (schema(json!(["a"])), schema(json!(["a", null])));
    let subject = Subject::ResponseProperty;
    assert_eq!(found(subject, &old, &new), expected(subject, ["enum-value-added"].into_iter()));
    assert_eq!(found(subject, &new, &old), expected(subject, ["enum-value-removed"].into_iter()));
}

#[test]
fn what_a_multiple_asks_for_may_follow_from_others() {
    let of = |numbers: &[f64]| {
        let each = |number: &f64| json!({"multipleOf": number});
        json!({"type": "number", "allOf": numbers.iter().map(each).collect::<Vec<_>>()})
    };
    let cases: [(&[f64], &[f64], &[&str]); 4] = [
        (&[10.0, 5.0], &[10.0], &[]),
        (&[10.0, 6.0], &[5.0, 6.0], &["multiple-of-generalized"]),
        (&[0.1, 7.0], &[0.3, 7.0], &["multiple-of-specialized"]),
        (&[10.0, 6.0], &[5.0, 7.0], &["multiple-of-changed"]),
    ];
    for subject in [Subject::RequestProperty, Subject::ResponseProperty] {
        for (old, new, changes) in cases {
            let expected = expected(subject, changes.iter().copied());
            assert_eq!(found(subject, &of(old), &of(new)), expected, "{old:?} → {new:?}");
        }
    }
}
