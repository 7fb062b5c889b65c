//! The members of an `allOf`.

use serde_json::{Value, json};

use super::{has, limits, sent, types};

#[test]
fn members_of_an_all_of_that_share_a_property_define_no_type_twice() {
    let object = |properties: Value| json!({ "type": "object", "properties": { "metrics": { "type": "object", "properties": properties } } });
    let (items, said) = types(json!({
        "Base": object(json!({ "cpu": { "type": "integer" } })),
        "Service": { "allOf": [{ "$ref": "#/components/schemas/Base" }, object(json!({ "rps": { "type": "integer" } }))] },
    }));
    has(&items, "types::ServiceMetrics::cpu = Option<i64>");
    assert_eq!(said, [] as [&str; 0]);
}

#[test]
fn parts_of_types_that_exclude_each_other_are_any_value() {
    let (items, said) =
        types(json!({ "Odd": { "allOf": [{ "type": "string" }, { "type": "object" }] } }));
    has(&items, "types::Odd::0 = serde_json::Value");
    assert_eq!(
        said,
        ["/components/schemas/Odd: no value is all of object, string; any value is taken"]
    );
}

#[test]
fn properties_beside_an_all_of_are_one_more_part_of_it() {
    let (items, said) = types(json!({
        "Base": { "type": "object", "properties": { "id": { "type": "integer" } } },
        "Card": { "allOf": [{ "$ref": "#/components/schemas/Base" }], "type": "object", "properties": { "name": { "type": "string" } } },
    }));
    has(&items, "types::Card::id = Option<i64>");
    has(&items, "types::Card::name = Option<String>");
    assert_eq!(said, [] as [&str; 0]);
}

#[test]
fn names_of_unions_within_parts_of_unions_do_not_double_with_each_level() {
    let level = |index: usize| {
        let below = json!({ "$ref": format!("#/components/schemas/L{}", index + 1) });
        let own = format!("a{index}");
        let object =
            json!({ "type": "object", "properties": { own.as_str(): { "type": "string" } } });
        let schema = json!({ "oneOf": [{ "allOf": [below, object] }, { "type": "string" }] });
        (format!("L{index}"), schema)
    };
    let mut schemas: serde_json::Map<_, _> = (0..26).map(level).collect();
    schemas.insert("L26".into(), json!({ "type": "object", "properties": {} }));
    let (items, _) = types(schemas.into());
    has(&items, "types::L0Variant0::0 = types::L0Variant0L1Variant0");
    assert!(items.contains("::a25 = Option<String>"));
    let longest = items.split(|c: char| !c.is_alphanumeric()).map(str::len).max().unwrap();
    assert!(longest < 350, "{longest}");
}

#[test]
fn a_limit_without_a_type_binds_what_another_member_declares() {
    let base = json!({ "type": "object", "properties": {
        "day": { "type": "string" },
        "id": { "type": "integer" },
        "name": { "type": "string", "maxLength": 9 },
        "number": { "type": "integer", "minimum": 1 },
        "sizes": { "type": "object", "additionalProperties": { "type": "integer" } },
        "tags": { "type": "array", "items": { "type": "string", "maxLength": 9 }, "maxItems": 9 },
        "top": { "type": "integer", "maximum": 10 },
    } });
    let finer = json!({
        "day": { "format": "date" },
        "id": { "format": "int32" },
        "name": { "maxLength": 3 },
        "number": { "minimum": 3 },
        "sizes": { "additionalProperties": { "minimum": 4 } },
        "tags": { "items": { "maxLength": 4 }, "maxItems": 2 },
        "top": { "exclusiveMaximum": 10 },
    });
    let base_first =
        json!({ "allOf": [{ "$ref": "#/components/schemas/Base" }, { "properties": finer }] });
    let base_last =
        json!({ "allOf": [{ "properties": finer }, { "$ref": "#/components/schemas/Base" }] });
    let beside = json!({ "allOf": [{ "$ref": "#/components/schemas/Base" }], "properties": finer });
    for schema in [base_first, base_last, beside] {
        let (source, said) = sent(json!({ "Base": base, "Sent": schema }));
        for (field, expected) in [
            ("id", "maximum: Some(2147483647.0), minimum: Some(-2147483648.0),"),
            ("number", "minimum: Some(3.0),"),
            ("sizes", "each: Some( &::pagebind_client::Bounds { minimum: Some(4.0),"),
            ("tags", "max_items: Some(2),"),
            ("top", "exclusive_maximum: Some(10.0), maximum: Some(10.0),"),
        ] {
            let found = limits(&source, field);
            let mut limits: Vec<&str> = found.split_inclusive("),").map(str::trim).collect();
            limits.sort_unstable();
            assert_eq!(limits.join(" "), expected, "{field}");
        }
        for line in [
            "pub day: ::std::option::Option<::pagebind_client::Date>,",
            "pub number: ::std::option::Option<i64>,",
            "pub name: ::std::option::Option<SentName>,",
            "\"longer than 3 characters\"",
            "\"longer than 4 characters\"",
        ] {
            assert!(source.contains(line), "no `{line}` in\n{source}");
        }
        assert_eq!(said, [] as [&str; 0]);
    }
}

#[test]
fn a_limit_that_no_member_gives_a_type_is_listed() {
    let free = json!({ "properties": { "a": { "maxLength": 3 }, "b": { "maxLength": 4 } } });
    let (items, said) = types(json!({
        "Base": { "type": "object", "properties": { "a": { "minLength": 1 } } },
        "Child": { "allOf": [{ "$ref": "#/components/schemas/Base" }, free] },
    }));
    has(&items, "types::Child::a = Option<serde_json::Value>");
    has(&items, "types::Child::b = Option<serde_json::Value>");
    let untyped = |place: &str, limit: &str| {
        format!("/components/schemas/{place}: `{limit}` stands without a type; any value is taken")
    };
    assert_eq!(
        said,
        [
            untyped("Base/properties/a", "minLength: 1"),
            untyped("Child/properties/a", "minLength: 1"),
            untyped("Child/properties/a", "maxLength: 3"),
            untyped("Child/properties/b", "maxLength: 4"),
        ]
    );
}
