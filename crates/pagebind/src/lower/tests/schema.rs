//! One test a row of the table, and the traps around it.

use serde_json::json;

use super::{exact, lossy, lower, lower_schemas};

#[test]
fn what_both_versions_say_stays_as_it_is() {
    let schema = json!({
        "title": "t",
        "description": "d",
        "type": "object",
        "required": ["a"],
        "properties": {"a": {"type": "string", "minLength": 1, "x-sensitive": true}},
        "additionalProperties": false,
        "default": {"a": "b"},
    });
    exact(schema.clone(), schema);
}

#[test]
fn a_type_with_null_is_nullable() {
    exact(
        json!({"type": ["string", "null"], "maxLength": 3}),
        json!({"type": "string", "maxLength": 3, "nullable": true}),
    );
}

#[test]
fn a_type_with_null_beside_values_without_it_is_not_nullable() {
    exact(
        json!({"type": ["string", "null"], "enum": ["a"]}),
        json!({"type": "string", "enum": ["a"]}),
    );
    exact(
        json!({"type": ["string", "null"], "enum": ["a", null]}),
        json!({"type": "string", "enum": ["a", null], "nullable": true}),
    );
}

#[test]
fn a_type_without_null_takes_null_out_of_the_values() {
    exact(json!({"type": "string", "enum": ["a", null]}), json!({"type": "string", "enum": ["a"]}));
}

#[test]
fn a_type_with_null_beside_a_reference_that_refuses_null_is_not_nullable() {
    exact(
        json!({"type": ["object", "null"], "allOf": [{"$ref": "#/components/schemas/Object"}]}),
        json!({"type": "object", "allOf": [{"$ref": "#/components/schemas/Object"}]}),
    );
}

#[test]
fn several_types_become_branches_each_with_its_own_keywords() {
    exact(
        json!({"type": ["string", "integer"], "minLength": 1, "minimum": 0, "title": "t"}),
        json!({"title": "t", "anyOf": [
            {"type": "string", "minLength": 1},
            {"type": "integer", "minimum": 0},
        ]}),
    );
    exact(
        json!({"type": ["string", "integer", "null"], "enum": ["a", 1, null]}),
        json!({"anyOf": [
            {"type": "string", "enum": ["a", null], "nullable": true},
            {"type": "integer", "enum": [1, null], "nullable": true},
        ]}),
    );
}

#[test]
fn several_types_beside_any_of_are_one_more_thing_to_fit() {
    exact(
        json!({"type": ["string", "boolean"], "anyOf": [{"maxLength": 1}, {"minLength": 3}]}),
        json!({
            "anyOf": [{"maxLength": 1}, {"minLength": 3}],
            "allOf": [{"anyOf": [{"type": "string"}, {"type": "boolean"}]}],
        }),
    );
}

#[test]
fn a_type_that_no_value_has_makes_no_branch() {
    exact(
        json!({"type": ["string", "integer"], "enum": ["a"]}),
        json!({"type": "string", "enum": ["a"]}),
    );
    exact(json!({"type": "string", "enum": [1]}), json!({"not": {}}));
}

#[test]
fn an_integer_is_a_number_already() {
    exact(json!({"type": ["integer", "number"]}), json!({"type": "number"}));
}

#[test]
fn the_type_null_is_one_value() {
    exact(json!({"type": "null"}), json!({"enum": [null], "nullable": true}));
    exact(json!({"type": ["null"]}), json!({"enum": [null], "nullable": true}));
    exact(json!({"const": null}), json!({"enum": [null], "nullable": true}));
}

#[test]
fn an_unknown_type_is_kept_beside_a_wider_schema() {
    lossy(json!({"type": "file"}), json!({"x-jsonschema-type": "file"}), &["type"]);
}

#[test]
fn a_null_branch_beside_an_inline_schema_makes_it_nullable() {
    for key in ["anyOf", "oneOf"] {
        exact(
            json!({"description": "d", key: [{"type": "string", "maxLength": 3}, {"type": "null"}]}),
            json!({"description": "d", "type": "string", "maxLength": 3, "nullable": true}),
        );
    }
}

#[test]
fn a_null_branch_beside_a_reference_makes_a_nullable_wrapper_with_a_type() {
    exact(
        json!({"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/Object"}]}),
        json!({
            "type": "object",
            "nullable": true,
            "allOf": [{"$ref": "#/components/schemas/Object"}],
        }),
    );
}

#[test]
fn a_null_branch_stays_where_no_type_can_be_given() {
    exact(
        json!({"anyOf": [
            {"$ref": "#/components/schemas/Object"},
            {"$ref": "#/components/schemas/Text"},
            {"type": "null"},
        ]}),
        json!({"anyOf": [
            {"$ref": "#/components/schemas/Object"},
            {"$ref": "#/components/schemas/Text"},
            {"enum": [null], "nullable": true},
        ]}),
    );
}

#[test]
fn a_null_branch_beside_several_of_one_type_makes_the_choice_nullable() {
    let branches = json!([
        {"$ref": "#/components/schemas/Text"},
        {"$ref": "#/components/schemas/Text"},
    ]);
    let mut with_null = branches.clone();
    with_null.as_array_mut().unwrap().push(json!({"type": "null"}));
    exact(
        json!({"anyOf": with_null}),
        json!({"type": "string", "nullable": true, "anyOf": branches}),
    );
}

#[test]
fn a_null_branch_that_the_type_refuses_says_nothing() {
    exact(
        json!({"type": "string", "anyOf": [{"maxLength": 3}, {"type": "null"}]}),
        json!({"type": "string", "allOf": [{"maxLength": 3}]}),
    );
}

#[test]
fn a_null_branch_is_found_in_nested_schemas() {
    exact(
        json!({"items": {"anyOf": [{"anyOf": [{"type": "integer"}, {"type": "null"}]}]}}),
        json!({"items": {"anyOf": [{"type": "integer", "nullable": true}]}}),
    );
}

#[test]
fn a_constant_is_one_value_with_its_type() {
    exact(json!({"const": "a"}), json!({"type": "string", "enum": ["a"]}));
    exact(json!({"const": false}), json!({"type": "boolean", "enum": [false]}));
    exact(json!({"const": 0}), json!({"type": "integer", "enum": [0]}));
    exact(json!({"const": 0.5}), json!({"type": "number", "enum": [0.5]}));
    exact(json!({"const": {"const": 1}}), json!({"type": "object", "enum": [{"const": 1}]}));
    exact(
        json!({"type": "string", "const": "a", "title": "t"}),
        json!({"type": "string", "enum": ["a"], "title": "t"}),
    );
}

#[test]
fn a_constant_beside_values_is_what_both_allow() {
    exact(json!({"const": 1, "enum": [1.0, 2]}), json!({"type": "integer", "enum": [1.0]}));
    exact(json!({"const": 3, "enum": [1, 2], "title": "t"}), json!({"title": "t", "not": {}}));
}

#[test]
fn no_values_allow_nothing() {
    exact(json!({"type": "string", "enum": []}), json!({"not": {}}));
    exact(json!({"enum": []}), json!({"not": {}}));
}

#[test]
fn an_exclusive_bound_becomes_a_flag_on_the_bound() {
    exact(
        json!({"exclusiveMinimum": 1, "exclusiveMaximum": 9}),
        json!({"minimum": 1, "exclusiveMinimum": true, "maximum": 9, "exclusiveMaximum": true}),
    );
}

#[test]
fn of_two_bounds_the_tighter_counts() {
    exact(json!({"minimum": 7, "exclusiveMinimum": 5}), json!({"minimum": 7}));
    exact(
        json!({"minimum": 5, "exclusiveMinimum": 5}),
        json!({"minimum": 5, "exclusiveMinimum": true}),
    );
    exact(
        json!({"maximum": 7, "exclusiveMaximum": 5}),
        json!({"maximum": 5, "exclusiveMaximum": true}),
    );
    exact(
        json!({"minimum": 9_007_199_254_740_993_i64, "exclusiveMinimum": 9_007_199_254_740_992_i64}),
        json!({"minimum": 9_007_199_254_740_993_i64}),
    );
}

#[test]
fn a_flag_where_3_1_has_a_number_is_kept_and_binds_nothing() {
    lossy(
        json!({"minimum": 5, "exclusiveMinimum": true}),
        json!({"minimum": 5, "x-jsonschema-exclusiveMinimum": true}),
        &["exclusiveMinimum"],
    );
}

#[test]
fn the_first_example_is_shown_and_all_are_kept() {
    exact(json!({"examples": ["a"]}), json!({"example": "a", "x-jsonschema-examples": ["a"]}));
    lossy(
        json!({"examples": ["a", "b"]}),
        json!({"example": "a", "x-jsonschema-examples": ["a", "b"]}),
        &["examples"],
    );
}

#[test]
fn siblings_of_a_reference_move_beside_all_of() {
    exact(
        json!({"$ref": "#/components/schemas/Text", "description": "d", "x-a": 1}),
        json!({"allOf": [{"$ref": "#/components/schemas/Text"}], "description": "d", "x-a": 1}),
    );
    exact(
        json!({"allOf": [{"minLength": 1}], "$ref": "#/components/schemas/Text"}),
        json!({"allOf": [{"$ref": "#/components/schemas/Text"}, {"minLength": 1}]}),
    );
    lossy(
        json!({"$ref": "#/components/schemas/Text", "$comment": "c"}),
        json!({"$ref": "#/components/schemas/Text"}),
        &["$comment"],
    );
}

#[test]
fn content_that_a_format_can_say_becomes_one() {
    exact(
        json!({"type": "string", "contentEncoding": "base64"}),
        json!({"type": "string", "format": "byte"}),
    );
    exact(
        json!({"type": ["null", "string"], "contentMediaType": "application/octet-stream"}),
        json!({"type": "string", "format": "binary", "nullable": true}),
    );
    lossy(
        json!({"type": "integer", "contentEncoding": "base64"}),
        json!({"type": "integer", "x-jsonschema-contentEncoding": "base64"}),
        &["contentEncoding"],
    );
    lossy(
        json!({"contentEncoding": "base64", "contentMediaType": "image/png"}),
        json!({"format": "byte", "x-jsonschema-contentMediaType": "image/png"}),
        &["contentMediaType"],
    );
}

#[test]
fn a_tuple_becomes_items_of_any_of_its_kinds() {
    let prefix = json!([{"type": "string"}, {"const": 1}]);
    lossy(
        json!({"type": "array", "prefixItems": prefix, "items": false, "minItems": 1}),
        json!({
            "type": "array",
            "maxItems": 2,
            "items": {"anyOf": [{"type": "string"}, {"type": "integer", "enum": [1]}]},
            "x-jsonschema-prefixItems": prefix,
            "minItems": 1,
        }),
        &["prefixItems"],
    );
    lossy(
        json!({"prefixItems": [{"type": "string"}]}),
        json!({"items": {}, "x-jsonschema-prefixItems": [{"type": "string"}]}),
        &["prefixItems"],
    );
    lossy(
        json!({"prefixItems": [{"type": "string"}], "items": {"type": "string"}, "maxItems": 9}),
        json!({
            "items": {"type": "string"},
            "x-jsonschema-prefixItems": [{"type": "string"}],
            "maxItems": 9,
        }),
        &["prefixItems"],
    );
}

#[test]
fn an_array_says_what_its_items_are() {
    exact(json!({"type": "array"}), json!({"type": "array", "items": {}}));
    exact(
        json!({"type": "array", "items": false, "maxItems": 3}),
        json!({"type": "array", "maxItems": 0, "items": {}}),
    );
}

#[test]
fn a_boolean_schema_allows_all_or_nothing() {
    exact(json!(true), json!({}));
    exact(json!(false), json!({"not": {}}));
    exact(
        json!({"properties": {"a": true}, "additionalProperties": true}),
        json!({"properties": {"a": {}}, "additionalProperties": true}),
    );
}

#[test]
fn one_pattern_and_nothing_else_describes_all_other_properties() {
    let patterns = json!({"^x-": {"type": ["string", "null"]}});
    lossy(
        json!({"patternProperties": patterns, "additionalProperties": false}),
        json!({
            "additionalProperties": {"type": "string", "nullable": true},
            "x-jsonschema-patternProperties": patterns,
        }),
        &["patternProperties"],
    );
}

#[test]
fn patterns_beside_a_schema_for_all_others_are_lost_together() {
    let patterns = json!({"^x-": {"type": "string"}});
    lossy(
        json!({"patternProperties": patterns, "additionalProperties": {"type": "integer"}}),
        json!({
            "x-jsonschema-additionalProperties": {"type": "integer"},
            "x-jsonschema-patternProperties": patterns,
        }),
        &["patternProperties", "additionalProperties"],
    );
    let two = json!({"^x-": {}, "^y-": {}});
    lossy(
        json!({"patternProperties": two, "additionalProperties": false}),
        json!({
            "x-jsonschema-additionalProperties": false,
            "x-jsonschema-patternProperties": two,
        }),
        &["patternProperties", "additionalProperties"],
    );
}

#[test]
fn constraints_that_3_0_has_no_word_for_are_kept_and_listed() {
    for keyword in [
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
        "contentSchema",
        "madeUp",
    ] {
        lossy(
            json!({keyword: {"type": "null"}}),
            json!({format!("x-jsonschema-{keyword}"): {"type": "null"}}),
            &[keyword],
        );
    }
}

#[test]
fn a_refusal_of_what_got_wider_is_lost_whole() {
    exact(json!({"not": {"const": 1}}), json!({"not": {"type": "integer", "enum": [1]}}));
    let not = json!({"propertyNames": {"maxLength": 3}});
    lossy(json!({"not": not}), json!({"x-jsonschema-not": not}), &["not"]);
}

#[test]
fn one_of_branches_that_got_wider_becomes_any_of() {
    let branches = json!([
        {"type": "object", "propertyNames": {"maxLength": 3}},
        {"type": "object"},
    ]);
    lossy(
        json!({"oneOf": branches}),
        json!({
            "x-jsonschema-oneOf": branches,
            "anyOf": [
                {"type": "object", "x-jsonschema-propertyNames": {"maxLength": 3}},
                {"type": "object"},
            ],
        }),
        &["oneOf", "propertyNames"],
    );
}

#[test]
fn a_component_that_got_wider_tells_on_those_that_refuse_it() {
    let lowered = lower_schemas(json!({
        "User": {"not": {"$ref": "#/components/schemas/Between"}},
        "Between": {"allOf": [{"$ref": "#/components/schemas/Wider"}]},
        "Wider": {"propertyNames": {"maxLength": 3}},
    }))
    .unwrap();
    let user = &lowered.document["components"]["schemas"]["User"];
    assert_eq!(*user, json!({"x-jsonschema-not": {"$ref": "#/components/schemas/Between"}}));
}

#[test]
fn data_is_not_taken_for_keywords() {
    let schema = json!({
        "type": "object",
        "properties": {
            "const": {"type": "string"},
            "type": {"type": "string"},
            "$ref": {"type": "string"},
            "x-like": {"type": "integer"},
        },
        "example": {"type": ["string", "null"], "$ref": "#/nowhere"},
        "default": {"const": 1},
        "enum": [{"type": ["string", "null"]}],
        "x-data": {"const": 1},
    });
    exact(schema.clone(), schema);
    exact(
        json!({"properties": {"x-like": {"const": 1}}}),
        json!({"properties": {"x-like": {"type": "integer", "enum": [1]}}}),
    );
}

#[test]
fn nullable_in_a_3_1_document_is_taken_at_its_word() {
    lossy(
        json!({"type": "string", "nullable": true}),
        json!({"type": "string", "nullable": true}),
        &["nullable"],
    );
}

#[test]
fn an_empty_list_of_required_properties_says_nothing() {
    exact(json!({"required": []}), json!({}));
}

#[test]
fn nullable_false_takes_nothing_away_wherever_it_stands() {
    let list = json!({"type": "array", "items": {"type": "string"}});
    let choice = json!([list, {"type": "null"}]);
    for schema in
        [json!({"anyOf": choice, "nullable": false}), json!({"nullable": false, "anyOf": choice})]
    {
        let (lowered, losses) = super::lowered(schema);
        assert_eq!(lowered["nullable"], true, "{lowered}");
        assert_eq!(losses, [""; 0]);
    }
    for schema in [
        json!({"type": ["string", "null"], "nullable": false}),
        json!({"nullable": false, "type": ["string", "null"]}),
    ] {
        exact(schema, json!({"type": "string", "nullable": true}));
    }
    exact(json!({"type": "string", "nullable": false}), json!({"type": "string"}));
}

#[test]
fn numbers_stay_as_they_are_written_wherever_a_schema_puts_them() {
    let text = r#"{"openapi": "3.1.0", "components": {"schemas": {"S": {"allOf": [
        {"enum": [1e2, null]}, {"const": 1E400}, {"type": ["number", "string"], "enum": [1e3, "a"], "maximum": 1e4},
        {"prefixItems": [{"maximum": 1e5}, {"minimum": 1e6}], "items": {"default": 1e7}},
        {"anyOf": [{"maximum": 1e8}, {"minimum": 1e9}], "oneOf": [{"default": 1e10}, {"if": {"default": 1e11}}]}
    ]}}}}"#;
    let document = crate::document::parse("a.json", text).unwrap();
    let lowered = lower(&document).unwrap().document.to_string();
    assert!(!lowered.contains("e+"), "{lowered}");
    for exponent in 2..=11 {
        assert!(lowered.contains(&format!("1e{exponent}")), "{exponent}: {lowered}");
    }
    assert!(lowered.contains("1E400"), "{lowered}");
}
