use serde_json::{Value, json};

use super::{lower, lower_schemas, problems, with_components};

fn schemas(schemas: Value) -> Value {
    lower_schemas(schemas).unwrap().document["components"]["schemas"].clone()
}

#[test]
fn definitions_are_hoisted_and_references_follow() {
    assert_eq!(
        schemas(json!({"Order": {
            "$defs": {"Item": {"type": ["string", "null"]}},
            "items": {"$ref": "#/components/schemas/Order/$defs/Item"},
        }})),
        json!({
            "Order": {"items": {"$ref": "#/components/schemas/Item"}},
            "Item": {"type": "string", "nullable": true},
        })
    );
}

#[test]
fn a_definition_whose_name_is_taken_gets_its_owners_name_too() {
    let lowered = schemas(json!({
        "A": {"$defs": {"Item": {"type": "string"}}},
        "B": {
            "$defs": {"Item": {"type": "integer"}},
            "$ref": "#/components/schemas/B/$defs/Item",
        },
        "Item": {"type": "boolean"},
    }));
    assert_eq!(lowered["Item"], json!({"type": "boolean"}));
    assert_eq!(lowered["A_Item"], json!({"type": "string"}));
    assert_eq!(lowered["B_Item"], json!({"type": "integer"}));
    assert_eq!(lowered["B"], json!({"$ref": "#/components/schemas/B_Item"}));
}

#[test]
fn a_definition_that_refers_to_itself_is_hoisted_once() {
    let node = "#/components/schemas/Tree/$defs/Node";
    assert_eq!(
        schemas(json!({"Tree": {
            "$defs": {"Node": {"properties": {"next": {"$ref": node}}}},
            "$ref": node,
        }})),
        json!({
            "Tree": {"$ref": "#/components/schemas/Node"},
            "Node": {"properties": {"next": {"$ref": "#/components/schemas/Node"}}},
        })
    );
}

#[test]
fn a_reference_into_another_schema_makes_a_component_of_its_target() {
    let lowered = schemas(json!({
        "A": {"properties": {"a b": {"const": 1}}},
        "B": {"$ref": "#/components/schemas/A/properties/a%20b"},
    }));
    assert_eq!(lowered["B"], json!({"$ref": "#/components/schemas/a_b"}));
    assert_eq!(lowered["a_b"], json!({"type": "integer", "enum": [1]}));
}

#[test]
fn a_reference_to_a_parameter_elsewhere_makes_a_component_of_it() {
    let parameter = json!({"name": "id", "in": "query", "schema": {"const": 1}});
    let lowered = lower(&json!({
        "openapi": "3.1.0",
        "paths": {
            "/a": {"parameters": [parameter]},
            "/b": {"parameters": [{"$ref": "#/paths/~1a/parameters/0"}]},
        },
    }))
    .unwrap();
    let reference = &lowered.document["paths"]["/b"]["parameters"][0]["$ref"];
    assert_eq!(*reference, "#/components/parameters/0");
    let hoisted = &lowered.document["components"]["parameters"]["0"];
    assert_eq!(hoisted["schema"], json!({"type": "integer", "enum": [1]}));
}

#[test]
fn anchors_and_ids_are_resolved() {
    let lowered = schemas(json!({
        "A": {"properties": {"x": {"$anchor": "price", "type": "string"}}},
        "B": {"$ref": "#price"},
        "C": {"$id": "https://example.com/c", "$defs": {"D": {"type": "integer"}}, "$ref": "#/$defs/D"},
        "E": {"$ref": "https://example.com/c#/$defs/D"},
        "F": {"$ref": "https://example.com/c"},
        "G": {"$id": "https://example.com/g", "$ref": "#/components/schemas/A"},
    }));
    assert_eq!(lowered["A"]["properties"]["x"], json!({"type": "string"}));
    assert_eq!(lowered["B"], json!({"$ref": "#/components/schemas/x"}));
    assert_eq!(lowered["C"], json!({"$ref": "#/components/schemas/D"}));
    assert_eq!(lowered["E"], json!({"$ref": "#/components/schemas/D"}));
    assert_eq!(lowered["F"], json!({"$ref": "#/components/schemas/C"}));
    assert_eq!(lowered["G"], json!({"$ref": "#/components/schemas/A"}));
}

#[test]
fn a_dynamic_reference_with_one_anchor_is_a_plain_one() {
    let lowered = schemas(json!({
        "Tree": {"$dynamicAnchor": "node", "items": {"$dynamicRef": "#node"}},
    }));
    assert_eq!(lowered["Tree"], json!({"items": {"$ref": "#/components/schemas/Tree"}}));
}

#[test]
fn what_cannot_be_resolved_is_named_with_its_place() {
    let document = with_components(json!({"schemas": {
        "A": {"items": {"$ref": "#/components/schemas/Gone"}},
        "B": {"$ref": "other.yaml#/X"},
        "C": {"$dynamicRef": "#twice"},
        "D": {"$dynamicAnchor": "twice"},
        "E": {"$dynamicAnchor": "twice"},
        "F": {"$ref": "#"},
    }}));
    assert_eq!(
        problems(&document),
        [
            "/components/schemas/A/items: the reference `#/components/schemas/Gone` can't be resolved",
            "/components/schemas/B: the reference `other.yaml#/X` can't be resolved",
            "/components/schemas/C: the reference `#twice` can't be resolved",
            "/components/schemas/F: the reference `#` can't be resolved",
        ]
    );
}

#[test]
fn the_mapping_of_a_discriminator_follows_what_was_hoisted() {
    let lowered = schemas(json!({"Pet": {
        "$defs": {"Dog": {"type": "object"}},
        "oneOf": [{"$ref": "#/components/schemas/Pet/$defs/Dog"}],
        "discriminator": {
            "propertyName": "kind",
            "mapping": {"dog": "#/components/schemas/Pet/$defs/Dog", "cat": "Cat"},
        },
    }}));
    assert_eq!(
        lowered["Pet"]["discriminator"]["mapping"],
        json!({"dog": "#/components/schemas/Dog", "cat": "Cat"})
    );
}

#[test]
fn schemas_that_refer_in_a_cycle_are_lowered() {
    let cycle = json!({
        "A": {"anyOf": [{"$ref": "#/components/schemas/B"}, {"type": "null"}]},
        "B": {"allOf": [{"$ref": "#/components/schemas/A"}]},
    });
    let lowered = schemas(cycle);
    assert_eq!(
        lowered["A"],
        json!({"anyOf": [
            {"$ref": "#/components/schemas/B"},
            {"enum": [null], "nullable": true},
        ]})
    );
}

#[test]
fn a_schema_that_is_reached_in_very_many_ways_is_asked_once() {
    let mut all = serde_json::Map::new();
    for level in 0..100 {
        let next = json!({"$ref": format!("#/components/schemas/L{}", level + 1)});
        all.insert(format!("L{level}"), json!({"allOf": [next, next]}));
    }
    all.insert("L100".to_owned(), json!({"minLength": 1}));
    let top = json!({"type": ["string", "null"], "$ref": "#/components/schemas/L0"});
    all.insert("Top".to_owned(), top);
    let choice = json!({"anyOf": [{"$ref": "#/components/schemas/L0"}, {"type": "null"}]});
    all.insert("Choice".to_owned(), choice);
    let lowered = schemas(Value::Object(all));
    assert_eq!(lowered["Top"]["nullable"], json!(true));
    let null = json!({"enum": [null], "nullable": true});
    assert_eq!(lowered["Choice"]["anyOf"][1], null);
}

#[test]
fn schemas_nested_as_deep_as_documents_go_are_lowered() {
    let mut schema = json!({"type": "null"});
    for _ in 0..60 {
        schema = json!({"anyOf": [schema, {"type": "null"}]});
    }
    let text = schemas(json!({"Deep": schema})).to_string();
    assert!(!text.contains(r#""null""#), "{text}");
}
