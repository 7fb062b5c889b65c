use serde_json::{Value, json};

use super::{losses, lower, lower_schemas, problems, with_components};

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
    assert_eq!(*reference, "#/components/parameters/a_parameters_0");
    let hoisted = &lowered.document["components"]["parameters"]["a_parameters_0"];
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
fn a_dynamic_reference_with_several_anchors_that_nothing_binds_is_a_loss() {
    let lowered = lower_schemas(json!({
        "C": {"$dynamicRef": "#twice"},
        "D": {"$dynamicAnchor": "twice", "type": "string"},
        "E": {"$dynamicAnchor": "twice", "type": "integer"},
    }))
    .unwrap();
    let schemas = &lowered.document["components"]["schemas"];
    assert_eq!(schemas["C"], json!({"x-jsonschema-$dynamicRef": "#twice"}));
    assert_eq!(losses(&lowered), ["/components/schemas/C/$dynamicRef"]);
}

/// A page of items, which leaves open what an item is.
fn page() -> Value {
    json!({
        "$id": "page",
        "$defs": {"Item": {"$dynamicAnchor": "item", "not": {}}},
        "properties": {"items": {"type": "array", "items": {"$dynamicRef": "#item"}}},
    })
}

#[test]
fn a_generic_schema_becomes_one_of_each_kind_that_it_is_used_for() {
    let of = |name: &str| {
        json!({
            "$id": format!("{name}-page"),
            "$defs": {"Item": {
                "$dynamicAnchor": "item",
                "$ref": format!("#/components/schemas/{name}"),
            }},
            "$ref": "page",
        })
    };
    let lowered = schemas(json!({
        "User": {"type": "string"}, "Card": {"type": "integer"},
        "Page": page(), "Users": of("User"), "Cards": of("Card"),
    }));
    let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    for (list, item) in [("Users", "User"), ("Cards", "Card")] {
        let page = format!("{list}_Page");
        assert_eq!(lowered[list], reference(&page));
        let items = &lowered[&page]["properties"]["items"]["items"];
        let bound = items["$ref"].as_str().unwrap().rsplit('/').next().unwrap();
        assert_eq!(lowered[bound], reference(item));
    }
    let own = &lowered["Page"]["properties"]["items"]["items"]["$ref"];
    assert_eq!(lowered[own.as_str().unwrap().rsplit('/').next().unwrap()], json!({"not": {}}));
}

#[test]
fn a_dynamic_reference_to_what_is_not_dynamic_is_a_plain_one() {
    for item in [json!({"$anchor": "item"}), json!({"$anchor": "item", "$dynamicAnchor": "x"})] {
        let lowered = schemas(json!({
            "Users": {
                "$id": "users",
                "$defs": {"User": {"$dynamicAnchor": "item", "type": "string"}},
                "$ref": "page",
            },
            "Page": {"$id": "page", "$defs": {"Item": item}, "items": {"$dynamicRef": "#item"}},
        }));
        assert_eq!(lowered["Users"], json!({"$ref": "#/components/schemas/Page"}));
        assert_eq!(lowered["Page"]["items"], json!({"$ref": "#/components/schemas/Item"}));
        assert_eq!(lowered["Item"], json!({}));
    }
}

#[test]
fn a_dynamic_reference_may_name_its_schema_and_leads_to_who_bound_the_anchor_first() {
    let lowered = schemas(json!({
        "Strict": {
            "$id": "strict", "$dynamicAnchor": "node", "minProperties": 1, "$ref": "tree",
        },
        "Tree": {
            "$id": "tree", "$dynamicAnchor": "node",
            "properties": {"leaf": {"$ref": "leaf"}},
        },
        "Leaf": {"$id": "leaf", "properties": {"up": {"$dynamicRef": "tree#node"}}},
    }));
    let named = |schema: &Value| {
        let reference = schema["$ref"].as_str().unwrap().rsplit('/').next().unwrap();
        lowered[reference].clone()
    };
    let up = |tree: &Value| named(&tree["properties"]["leaf"])["properties"]["up"].clone();
    assert_eq!(up(&lowered["Tree"]), json!({"$ref": "#/components/schemas/Tree"}));
    let strict = &lowered["Strict"];
    let tree = strict["allOf"].as_array().map_or_else(|| named(strict), |all| named(&all[0]));
    assert_eq!(named(&up(&tree)), *strict);
}

#[test]
fn an_inline_schema_binds_what_a_generic_one_leaves_open_and_passes_it_on() {
    let mut document = with_components(json!({"schemas": {
        "User": {"type": "string"},
        "Page": page(),
        "Envelope": {"$id": "envelope", "properties": {"data": {"$ref": "page"}}},
    }}));
    document["paths"] = json!({"/a": {"get": {"responses": {"200": {"content": {"application/json": {
        "schema": {
            "$defs": {"Item": {"$dynamicAnchor": "item", "$ref": "#/components/schemas/User"}},
            "$ref": "envelope",
        },
    }}}}}}});
    let lowered = lower(&document).unwrap().document;
    let follow = |reference: &Value| {
        lowered.pointer(&reference["$ref"].as_str().unwrap()[1..]).unwrap().clone()
    };
    let response = &lowered["paths"]["/a"]["get"]["responses"]["200"];
    let envelope = follow(&response["content"]["application/json"]["schema"]);
    let page = follow(&envelope["properties"]["data"]);
    let item = follow(&page["properties"]["items"]["items"]);
    assert_eq!(follow(&item), json!({"type": "string"}));
}

#[test]
fn names_that_3_0_does_not_allow_are_renamed_wherever_they_stand() {
    for version in ["3.0.3", "3.1.0"] {
        let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let mut document = with_components(json!({
            "schemas": {
                "Page«User»": {"type": "string"}, "Page<Item>": {"type": "string"},
                "PagedList`1": {"type": "string"}, "Foo Bar": {"type": "string"},
                "Page_Item_": {"type": "integer"},
                "All": {"anyOf": [
                    reference("Page«User»"), reference("Page%C2%ABUser%C2%BB"),
                    reference("Page%3CItem%3E"), reference("PagedList%601"),
                    reference("Foo%20Bar"), reference("Page_Item_"),
                ], "discriminator": {"propertyName": "k", "mapping": {"a": "Foo Bar"}}},
            },
            "responses": {"Not found": {"description": "d"}},
        }));
        document["openapi"] = json!(version);
        document["paths"] = json!({"/a": {"get": {"responses": {
            "404": {"$ref": "#/components/responses/Not%20found"},
        }}}});
        let lowered = lower(&document).unwrap();
        let schemas = &lowered.document["components"]["schemas"];
        let names: Vec<_> = schemas.as_object().unwrap().keys().map(String::as_str).collect();
        let expected =
            ["Page_User_", "Page_Item__2", "PagedList_1", "Foo_Bar", "Page_Item_", "All"];
        assert_eq!(names, expected);
        let branches: Vec<_> = schemas["All"]["anyOf"].as_array().unwrap().iter().collect();
        for (branch, name) in branches.iter().zip([0, 0, 1, 2, 3, 4].map(|at| expected[at])) {
            assert_eq!(**branch, reference(name));
        }
        assert_eq!(schemas["All"]["discriminator"]["mapping"]["a"], "Foo_Bar");
        let response = &lowered.document["paths"]["/a"]["get"]["responses"]["404"];
        assert_eq!(*response, json!({"$ref": "#/components/responses/Not_found"}));
        assert_eq!(losses(&lowered).len(), 5);
    }
}

#[test]
fn a_reference_into_paths_makes_one_component_of_what_stands_there() {
    for version in ["3.0.3", "3.1.0"] {
        let deep = "#/paths/~1a~1{id}/post/requestBody/content/application~1json/schema";
        let document = json!({
            "openapi": version,
            "paths": {"/a/{id}": {"post": {
                "requestBody": {"content": {"application/json": {"schema": {
                    "type": "object", "properties": {"next": {"$ref": deep}},
                }}}},
                "responses": {
                    "200": {"description": "d"},
                    "201": {"$ref": "#/paths/~1a~1{id}/post/responses/200"},
                },
            }}},
        });
        let lowered = lower(&document).unwrap().document;
        let post = &lowered["paths"]["/a/{id}"]["post"];
        let reference = json!({"$ref": "#/components/schemas/a_id_post_requestBody"});
        assert_eq!(post["requestBody"]["content"]["application/json"]["schema"], reference);
        let schema = &lowered["components"]["schemas"]["a_id_post_requestBody"];
        assert_eq!(schema["properties"]["next"], reference);
        let response = &lowered["components"]["responses"]["a_id_post_responses_200"];
        assert_eq!(*response, json!({"description": "d"}));
    }
}

#[test]
fn chains_of_references_may_be_as_long_as_they_like() {
    let length = 10_000;
    for link in [
        |next: Value| next,
        |next: Value| json!({"allOf": [next]}),
        |next: Value| json!({"anyOf": [next, {"type": "null"}]}),
    ] {
        let mut all = serde_json::Map::new();
        for index in 0..length {
            let next = json!({"$ref": format!("#/components/schemas/L{}", index + 1)});
            all.insert(format!("L{index}"), link(next));
        }
        // A loss at the end of the chain reaches its beginning.
        all.insert(format!("L{length}"), json!({"type": "string", "if": {}}));
        let first = json!({"$ref": "#/components/schemas/L0"});
        all.insert("Not".to_owned(), json!({"not": first}));
        let lowered = schemas(Value::Object(all));
        assert_eq!(lowered["Not"], json!({"x-jsonschema-not": first}));
    }
}

#[test]
fn what_cannot_be_resolved_is_named_with_its_place() {
    let document = with_components(json!({"schemas": {
        "A": {"items": {"$ref": "#/components/schemas/Gone"}},
        "B": {"$ref": "other.yaml#/X"},
        "F": {"$ref": "#"},
    }}));
    assert_eq!(
        problems(&document),
        [
            "/components/schemas/A/items: the reference `#/components/schemas/Gone` can't be resolved",
            "/components/schemas/B: the reference `other.yaml#/X` can't be resolved",
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
