//! The members of an `allOf`.

use serde_json::{Value, json};

use super::{has, types};

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
