//! Keywords of a schema: what is kept, what is checked as it is set, and what is neither.

use serde_json::{Value, json};

use super::{has, limits, sent, source_of, types};

#[test]
fn a_default_stays_the_service_s() {
    let (items, said) = types(json!({
        "Card": { "type": "object", "properties": { "limit": { "type": "integer", "default": "not a number" } } },
    }));
    has(&items, "types::Card::limit = Option<i64>");
    assert_eq!(said, [] as [&str; 0]);
}

#[test]
fn bounds_that_are_none_are_not_checked() {
    let (items, said) = types(json!({
        "Name": { "type": "string", "minLength": 1.0, "maxLength": -1 },
        "Count": { "type": "integer", "maximum": 1.5 },
    }));
    has(&items, "types::Name: Deref = impl");
    has(&items, "types::Count::0 = i64");
    assert_eq!(
        said,
        [
            "/components/schemas/Name: `maxLength: -1` can't be expressed and is not checked",
            "/components/schemas/Count: `maximum: 1.5` can't be expressed and is not checked",
        ]
    );
}

#[test]
fn a_pattern_that_is_no_regular_expression_is_not_checked() {
    let (items, said) = types(json!({ "Name": { "type": "string", "pattern": "(" } }));
    has(&items, "types::Name::0 = String");
    assert!(
        said[0].starts_with("/components/schemas/Name: the pattern `(` is no regular expression"),
        "{said:?}"
    );
}

#[test]
fn what_a_value_must_not_be_is_not_checked() {
    let (items, said) = types(json!({ "Name": { "type": "string", "not": { "pattern": "^x" } } }));
    has(&items, "types::Name::0 = String");
    assert_eq!(said, ["/components/schemas/Name: what it must not be (`not`) is not checked"]);
}

#[test]
fn a_nullable_reference_is_optional() {
    let (items, said) = types(json!({
        "Id": { "type": "integer" },
        "Card": { "type": "object", "required": ["id"], "properties": { "id": { "allOf": [{ "$ref": "#/components/schemas/Id" }], "nullable": true, "type": "integer" } } },
    }));
    has(&items, "types::Card::id = Option<types::Id>");
    assert_eq!(said, [] as [&str; 0]);
}

#[test]
fn an_unknown_type_is_any_value() {
    let (items, said) = types(json!({ "File": { "type": "file" } }));
    has(&items, "types::File::0 = serde_json::Value");
    assert_eq!(
        said,
        ["/components/schemas/File: the type \"file\" is not one of OpenAPI; any value is taken"]
    );
}

#[test]
fn a_schema_that_is_a_part_of_itself_ends() {
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let (items, said) = types(json!({
        "Pet": { "type": "object", "properties": { "name": { "type": "string" } }, "oneOf": [reference("Cat"), reference("Dog")] },
        "Cat": { "allOf": [reference("Pet"), { "type": "object", "properties": { "lives": { "type": "integer" } } }] },
        "Dog": { "type": "object", "properties": { "barks": { "type": "boolean" } } },
        "Loop": reference("Pool"),
        "Pool": reference("Loop"),
    }));
    for field in ["name", "lives"] {
        assert!(items.contains(&format!("types::Cat::{field} = ")), "{items}");
    }
    let message = "is a part of itself; the inner one is reduced to what it says by itself";
    assert!(said.contains(&format!("/components/schemas/Cat: {message}")), "{said:?}");
    assert!(said.contains(&format!("/components/schemas/Loop: {message}")), "{said:?}");
}

#[test]
fn a_deprecated_schema_is_a_deprecated_type_and_what_only_holds_it_is_not() {
    let old = json!({ "type": "object", "deprecated": true });
    let both = json!({ "type": "object", "properties": { "old": { "$ref": "#/components/schemas/Old" } } });
    let components = json!({ "schemas": { "Old": old, "Both": both } });
    let (source, _) = source_of(json!({ "components": components }), json!({}));
    let before = |item: &str| {
        let (before, _) = source.split_once(item).unwrap();
        before.rsplit_once("\n    }").map_or(before, |(_, attributes)| attributes)
    };
    assert!(before("pub struct Old").contains("#[deprecated"), "{source}");
    assert!(!before("pub struct Both").contains("#[deprecated"), "{source}");
}

#[test]
fn a_multiple_of_two_numbers_is_one_of_their_least_common_multiple() {
    let members = json!({
        "both": { "type": "integer", "multipleOf": 4, "allOf": [{ "multipleOf": 6 }] },
        "price": { "type": "number", "multipleOf": 0.5, "allOf": [{ "multipleOf": 0.75 }] },
        "vast": { "type": "integer", "multipleOf": 9007199254740881_i64, "allOf": [{ "multipleOf": 1000003 }] },
    });
    let (source, said) = sent(json!({ "Sent": { "type": "object", "properties": members } }));
    assert_eq!(limits(&source, "both"), "multiple_of: Some(12.0),");
    assert_eq!(limits(&source, "price"), "multiple_of: Some(1.5),");
    assert_eq!(said.len(), 1, "{said:?}");
    assert!(said[0].ends_with("`multipleOf: 9007199254740881` is not checked"), "{said:?}");
}

#[test]
fn a_step_that_has_no_multiples_is_not_checked() {
    for step in [json!(0), json!(-2), json!(0.0)] {
        let (items, said) = types(json!({ "Count": { "type": "number", "multipleOf": step } }));
        has(&items, "types::Count::0 = f64");
        let why = format!("`multipleOf: {step}` can't be expressed and is not checked");
        assert_eq!(said, [format!("/components/schemas/Count: {why}")]);
    }
}

#[test]
fn a_limit_that_a_float_does_not_hold_is_listed() {
    let count = |limits: Value| types(json!({ "Count": limits })).1;
    let said = count(json!({ "type": "integer", "minimum": 9007199254740993_i64 }));
    let why = "`minimum: 9007199254740993` is checked as 9007199254740992, the nearest that can be";
    assert_eq!(said, [format!("/components/schemas/Count: {why}")]);
    let limits = json!({ "type": "integer", "minimum": i64::MIN, "maximum": i64::MAX });
    assert_eq!(count(limits), [] as [&str; 0]);
}
