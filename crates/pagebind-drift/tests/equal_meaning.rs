//! What is written otherwise and means the same is no finding, in either direction.

use pagebind_drift::compare;
use serde_json::{Value, json};

/// A document whose one operation sends and receives `schema`, beside `components`.
fn document(version: &str, schema: Value, components: Value) -> Value {
    let content = json!({"application/json": {"schema": schema}});
    json!({
        "openapi": version,
        "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"post": {
            "requestBody": {"content": content},
            "responses": {"200": {"description": "ok", "content": content}},
        }}},
        "components": {"schemas": components},
    })
}

fn assert_equal(old: &Value, new: &Value) {
    for (old, new) in [(old, new), (new, old)] {
        let found: Vec<_> = compare(old, new)
            .iter()
            .map(|finding| format!("{}: {}", finding.change.id, finding.change.message))
            .collect();
        assert_eq!(found, Vec::<String>::new(), "{old} → {new}");
    }
}

fn assert_same_schema(old: Value, new: Value) {
    let none = || json!({});
    assert_equal(&document("3.1.0", old, none()), &document("3.0.3", new, none()));
}

#[test]
fn null_that_goes_by_a_sibling_is_no_longer_taken() {
    let v = || json!({"V": {"type": "integer", "enum": [1, 2]}});
    let choice = json!({"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/V"}]});
    let mut beside = choice.clone();
    beside["$ref"] = json!("#/components/schemas/V");
    let old = document("3.1.0", choice.clone(), v());
    let new = document("3.1.0", beside.clone(), v());
    let mut within = old.clone();
    within["components"]["schemas"]["M"] = json!({"properties": {"v": choice}});
    let mut refused = within.clone();
    refused["components"]["schemas"]["M"]["properties"]["v"] = beside;
    for document in [&mut within, &mut refused] {
        let content = json!({"application/json": {"schema": {"$ref": "#/components/schemas/M"}}});
        document["paths"]["/a"]["post"] = json!({"requestBody": {"content": content}});
    }
    let message = compare(&within, &refused)[0].change.message.clone();
    assert_eq!(message, "request property `M.v`: may no longer be null");
    let ids = |old: &Value, new: &Value| -> Vec<String> {
        compare(old, new).iter().map(|finding| finding.change.id.to_string()).collect()
    };
    assert_eq!(
        ids(&old, &new),
        ["request-body-became-not-nullable", "response-body-became-not-nullable"]
    );
    assert_eq!(ids(&new, &old), ["response-body-became-nullable", "request-body-became-nullable"]);
}

#[test]
fn the_order_of_keys_and_of_sets() {
    assert_same_schema(
        json!({"type": "object", "required": ["a", "b"], "properties": {"a": {"enum": ["x", "y"]}, "b": {}}}),
        json!({"properties": {"b": {}, "a": {"enum": ["y", "x"]}}, "required": ["b", "a"], "type": "object"}),
    );
}

#[test]
fn a_reference_and_what_it_leads_to() {
    let card = json!({"type": "object", "properties": {"id": {"type": "string"}}});
    assert_equal(
        &document("3.1.0", json!({"$ref": "#/components/schemas/Card"}), json!({"Card": card})),
        &document("3.1.0", card, json!({})),
    );
}

#[test]
fn a_component_of_another_name_even_if_it_refers_to_itself() {
    let tree = |name: &str| {
        let reference = json!({"$ref": format!("#/components/schemas/{name}")});
        let schema = json!({"type": "object", "properties": {"children": {"type": "array", "items": reference}}});
        document("3.1.0", reference, json!({name: schema}))
    };
    assert_equal(&tree("Tree"), &tree("Node"));
}

#[test]
fn an_all_of_one_and_an_all_of_two_halves() {
    assert_same_schema(
        json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}, "b": {"type": "string"}}}),
        json!({"allOf": [
            {"type": "object", "properties": {"a": {"allOf": [{"type": "string"}]}}},
            {"required": ["a"], "properties": {"b": {"type": "string"}}},
        ]}),
    );
}

#[test]
fn a_position_of_an_array_that_says_what_all_items_say() {
    let strings = |prefix: Value| json!({"type": "array", "items": {"type": "string"}, "prefixItems": prefix});
    assert_same_schema(strings(json!([])), strings(json!([{"type": "string"}])));
    assert_same_schema(
        strings(json!([{"type": "integer"}])),
        strings(json!([{"type": "integer"}, {"type": "string"}])),
    );
    assert_same_schema(json!({"type": "array"}), json!({"type": "array", "prefixItems": [{}]}));
}

#[test]
fn null_as_a_type_as_a_branch_and_as_nullable() {
    for new in [
        json!({"type": "string", "nullable": true}),
        json!({"anyOf": [{"type": "string"}, {"type": "null"}]}),
        json!({"oneOf": [{"type": "null"}, {"type": "string"}]}),
        json!({"type": "string", "nullable": true, "allOf": [{"type": "string"}]}),
    ] {
        assert_same_schema(json!({"type": ["string", "null"]}), new);
    }
    assert_same_schema(json!({"type": "null"}), json!({"enum": [null], "nullable": true}));
}

#[test]
fn a_choice_between_single_values_and_an_enum() {
    for new in [
        json!({"type": "integer", "enum": [2, 1]}),
        json!({"oneOf": [{"const": 1}, {"const": 2}]}),
        json!({"type": "integer", "anyOf": [{"type": "integer", "const": 1}, {"const": 2}]}),
    ] {
        assert_same_schema(json!({"type": "integer", "oneOf": [{"const": 1}, {"const": 2}]}), new);
    }
    assert_same_schema(
        json!({"oneOf": [{"const": "a"}, {"const": "b"}, {"type": "null"}]}),
        json!({"type": ["string", "null"], "enum": ["a", "b", null]}),
    );
}

#[test]
fn null_that_a_sibling_refuses_and_no_null() {
    let v = || json!({"V": {"type": "integer", "enum": [1, 2]}});
    let refer = || json!({"$ref": "#/components/schemas/V"});
    let beside = json!({"oneOf": [{"type": "null"}, refer()], "$ref": "#/components/schemas/V"});
    assert_equal(&document("3.1.0", refer(), v()), &document("3.1.0", beside, v()));
    let object = || json!({"type": "object", "title": "A"});
    let two = |more: Value| {
        let mut two =
            json!({"type": "object", "oneOf": [object(), {"type": "object", "title": "B"}]});
        if !more.is_null() {
            two["oneOf"].as_array_mut().unwrap().push(more);
        }
        document("3.1.0", two, json!({}))
    };
    assert_equal(&two(json!({"type": "null"})), &two(Value::Null));
}

#[test]
fn null_among_the_values_and_beside_them() {
    assert_same_schema(
        json!({"type": ["string", "null"], "enum": ["a", null]}),
        json!({"anyOf": [{"type": "string", "enum": ["a"]}, {"type": "null"}]}),
    );
}

#[test]
fn a_list_of_types_and_a_choice_between_them() {
    assert_same_schema(
        json!({"type": ["string", "integer", "null"], "maxLength": 5, "minimum": 1}),
        json!({"anyOf": [
            {"type": "string", "maxLength": 5, "nullable": true},
            {"type": "integer", "minimum": 1, "nullable": true},
        ]}),
    );
}

#[test]
fn exclusive_bounds_as_numbers_and_as_flags() {
    assert_same_schema(
        json!({"type": "integer", "exclusiveMinimum": 1, "exclusiveMaximum": 9}),
        json!({"type": "integer", "minimum": 1, "exclusiveMinimum": true, "maximum": 9.0, "exclusiveMaximum": true}),
    );
}

#[test]
fn a_const_and_an_enum_of_one() {
    assert_same_schema(
        json!({"type": "string", "const": "a"}),
        json!({"type": "string", "enum": ["a"]}),
    );
}

#[test]
fn encoded_content_and_the_formats_of_before() {
    assert_same_schema(
        json!({"type": "string", "contentEncoding": "base64"}),
        json!({"type": "string", "format": "byte"}),
    );
}

#[test]
fn bounds_that_bind_nothing() {
    assert_same_schema(json!({"type": "string"}), json!({"type": "string", "minLength": 0}));
    assert_same_schema(
        json!({"type": "object"}),
        json!({"type": "object", "additionalProperties": {}, "required": []}),
    );
}

#[test]
fn white_space_in_prose_and_extensions_anywhere() {
    let mut new = document("3.1.0", json!({"description": "a\n b"}), json!({}));
    let old = document("3.1.0", json!({"description": "a b", "x-order": 1}), json!({}));
    new["x-readme"] = json!({"explorer-enabled": true});
    new["paths"]["/a"]["post"]["x-internal"] = json!(true);
    assert_equal(&old, &new);
}

#[test]
fn the_order_of_the_parts_of_a_schema_and_a_part_that_is_there_twice() {
    let (a, b) = (
        json!({"type": "string", "pattern": "^a", "description": "a"}),
        json!({"pattern": "b$", "title": "b"}),
    );
    assert_same_schema(json!({"allOf": [a, b]}), json!({"allOf": [b, a, a]}));
}

#[test]
fn the_default_dialect_by_name_or_not() {
    let old = document("3.1.0", json!({"type": "string"}), json!({}));
    let mut new = old.clone();
    new["jsonSchemaDialect"] = json!("https://spec.openapis.org/oas/3.1/dialect/base");
    assert_equal(&old, &new);
}

#[test]
fn an_anchor_and_a_pointer_to_the_same_schema() {
    let components = json!({"Card": {"$anchor": "card", "type": "string"}});
    let by = |reference: &str| document("3.1.0", json!({"$ref": reference}), components.clone());
    assert_equal(&by("#card"), &by("#/components/schemas/Card"));
}

#[test]
fn an_example_and_a_reference_to_it() {
    let (mut old, mut new) =
        (document("3.1.0", json!({}), json!({})), document("3.1.0", json!({}), json!({})));
    let example = json!({"value": {"$ref": "#/paths/no/reference/but/data"}});
    let media_type = "/paths/~1a/post/requestBody/content/application~1json";
    old.pointer_mut(media_type).unwrap()["examples"] = json!({"one": example});
    new.pointer_mut(media_type).unwrap()["examples"] =
        json!({"one": {"$ref": "#/components/examples/One"}});
    new["components"]["examples"] = json!({"One": example});
    assert_equal(&old, &new);
}

#[test]
fn parameters_of_the_path_and_of_the_operation() {
    let parameters = json!([{"name": "X-A", "in": "header", "schema": {"type": "string"}}]);
    let (mut old, mut new) =
        (document("3.1.0", json!({}), json!({})), document("3.1.0", json!({}), json!({})));
    old["paths"]["/a"]["parameters"] = parameters.clone();
    new["paths"]["/a"]["post"]["parameters"] = parameters;
    new["paths"]["/a"]["post"]["parameters"][0]["name"] = json!("x-a");
    new["paths"]["/a"]["post"]["parameters"][0]["style"] = json!("simple");
    assert_equal(&old, &new);
}

#[test]
fn security_of_the_api_and_of_each_operation_and_a_scheme_of_another_name() {
    let (mut old, mut new) =
        (document("3.1.0", json!({}), json!({})), document("3.1.0", json!({}), json!({})));
    old["security"] = json!([{"key": []}]);
    new["paths"]["/a"]["post"]["security"] = json!([{"apiKey": []}]);
    let scheme = json!({"type": "apiKey", "in": "header", "name": "k"});
    old["components"]["securitySchemes"] = json!({"key": scheme});
    new["components"]["securitySchemes"] = json!({"apiKey": scheme});
    assert_equal(&old, &new);
}

#[test]
fn a_status_range_in_lower_case() {
    let (mut old, mut new) =
        (document("3.1.0", json!({}), json!({})), document("3.1.0", json!({}), json!({})));
    old["paths"]["/a"]["post"]["responses"]["4XX"] = json!({"description": "no"});
    new["paths"]["/a"]["post"]["responses"]["4xx"] = json!({"description": "no"});
    assert_equal(&old, &new);
}

#[test]
fn what_is_no_document_is_compared_as_far_as_it_goes() {
    for junk in [
        json!(null),
        json!([]),
        json!("x"),
        json!({"paths": []}),
        json!({"paths": {"/a": {"get": 1}}}),
    ] {
        let document = document("3.1.0", json!({}), json!({}));
        let _ = compare(&junk, &document);
        let _ = compare(&document, &junk);
        assert!(compare(&junk, &junk).is_empty());
    }
}

#[test]
fn chains_of_references_across_deep_values_end_well() {
    // Sixty components, each twenty levels deep, each leading to the next.
    let document = |leaf: &str| {
        let mut schemas = serde_json::Map::new();
        for index in 0..60 {
            let end = match index {
                59 => json!({"type": leaf}),
                _ => json!({"$ref": format!("#/components/schemas/S{}", index + 1)}),
            };
            let schema = (0..20).fold(end, |inner, _| json!({"properties": {"p": inner}}));
            schemas.insert(format!("S{index}"), schema);
        }
        document("3.1.0", json!({"$ref": "#/components/schemas/S0"}), schemas.into())
    };
    let findings = compare(&document("string"), &document("boolean"));
    assert!(findings.iter().all(|finding| finding.change.id.ends_with("-too-deep")));
    assert!(!findings.is_empty());
    assert!(compare(&document("string"), &document("string")).is_empty());
}
