use serde_json::{Value, json};

use super::{losses, lower, problems, with_components};
use crate::lower::lower_to_write;

#[test]
fn a_3_0_document_comes_back_as_it_was() {
    let document = json!({
        "openapi": "3.0.1",
        "paths": {"/a": {"get": {"security": [{"tls": ["x"]}], "parameters": [
            {"$ref": "#/components/parameters/P", "name": "p"},
        ]}}},
        "components": {
            "schemas": {"A": {"$ref": "#/components/schemas/A", "x": {"const": 1}}, "B": {
                "nullable": true, "examples": [1], "additionalProperties": true, "type": "null",
                "discriminator": {"propertyName": "k", "mapping": {"a": "A"}},
            }},
            "parameters": {"P": {"name": "p", "in": "query", "schema": true}},
        },
    });
    let lowered = lower(&document).unwrap();
    assert_eq!(lowered.document, document);
    assert_eq!(losses(&lowered), [""; 0]);
}

#[test]
fn a_version_other_than_3_0_and_3_1_is_refused() {
    for version in [json!("2.0"), json!("3.2.0"), json!(null), json!("3.1")] {
        let problems = problems(&json!({"openapi": version}));
        assert_eq!(problems.len(), 1);
        assert!(problems[0].starts_with("/openapi: can't lower OpenAPI version"));
    }
}

#[test]
fn a_document_without_paths_or_responses_gets_the_least_that_3_0_wants() {
    let lowered = lower(&json!({"openapi": "3.1.0"})).unwrap();
    assert_eq!(lowered.document, json!({"openapi": "3.0.3", "paths": {}}));

    let lowered = lower(&json!({"openapi": "3.1.0", "paths": {"/a": {"get": {}}}})).unwrap();
    assert_eq!(
        lowered.document["paths"]["/a"]["get"],
        json!({"responses": {"default": {"description": ""}}})
    );
}

#[test]
fn schemas_are_found_wherever_they_stand() {
    let one = json!({"const": 1});
    let media = json!({"application/json": {"schema": one}});
    let header = json!({"X-H": {"schema": one}});
    let everywhere = json!({
        "parameters": [{"schema": one}, {"content": media}],
        "requestBody": {"content": {"multipart/form-data": {
            "schema": one,
            "encoding": {"file": {"headers": header}},
        }}},
        "responses": {"200": {"headers": header, "content": media}},
        "callbacks": {"onEvent": {"{$request.body#/url}": {"post": {"parameters": [{"schema": one}]}}}},
    });
    let document = json!({
        "openapi": "3.1.0",
        "paths": {"/a": {"parameters": [{"schema": one}], "get": everywhere}},
        "components": {
            "parameters": {"P": {"schema": one}},
            "headers": header,
            "requestBodies": {"B": {"content": media}},
            "responses": {"R": {"content": media}},
            "callbacks": {"C": {"x": {"get": everywhere}}},
        },
    });
    let text = lower(&document).unwrap().document.to_string();
    assert!(!text.contains("const"), "{text}");
    let count = document.to_string().matches("const").count();
    assert_eq!(text.matches(r#"{"enum":[1],"type":"integer"}"#).count(), count);
}

#[test]
fn examples_of_media_types_and_parameters_stay_as_they_are() {
    let body = json!({"content": {"application/json": {
        "example": {"const": 1},
        "examples": {"a": {"value": {"$ref": "#/nowhere", "type": ["string", "null"]}}},
    }}});
    let lowered = lower(&with_components(json!({"requestBodies": {"B": body}}))).unwrap();
    assert_eq!(lowered.document["components"]["requestBodies"]["B"], body);
    assert_eq!(losses(&lowered), [""; 0]);
}

#[test]
fn keys_that_3_0_has_no_place_for_are_dropped_and_listed_in_document_order() {
    let lowered = lower(&json!({
        "webhooks": {"w": {}},
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://spec.openapis.org/oas/3.1/dialect/base",
        "info": {
            "title": "t",
            "summary": "s",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "https://{a}", "variables": {"a": {"default": "x", "enum": []}}}],
        "components": {
            "pathItems": {"P": {}},
            "schemas": {"A": {
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "$comment": "c",
            }},
        },
    }))
    .unwrap();
    assert_eq!(
        lowered.document,
        json!({
            "openapi": "3.0.3",
            "info": {"title": "t", "license": {"name": "MIT"}},
            "servers": [{"url": "https://{a}", "variables": {"a": {"default": "x"}}}],
            "components": {"schemas": {"A": {}}},
            "paths": {},
        })
    );
    assert_eq!(
        losses(&lowered),
        [
            "/webhooks",
            "/jsonSchemaDialect",
            "/info/summary",
            "/info/license/identifier",
            "/servers/0/variables/a/enum",
            "/components/pathItems",
            "/components/schemas/A/$schema",
            "/components/schemas/A/$comment",
        ]
    );
}

#[test]
fn a_foreign_dialect_is_refused() {
    let draft = "http://json-schema.org/draft-07/schema#";
    let document = json!({
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://example.com/dialect",
        "components": {"schemas": {"A": {"$schema": draft}}},
    });
    assert_eq!(
        problems(&document),
        [
            "/jsonSchemaDialect: the schemas are written in a foreign dialect: \
             \"https://example.com/dialect\"",
            "/components/schemas/A/$schema: the schemas are written in a foreign dialect: \
             \"http://json-schema.org/draft-07/schema#\"",
        ]
    );
}

#[test]
fn an_operation_that_is_none_is_an_error_and_does_not_vanish() {
    for version in ["3.1.0", "3.0.3"] {
        let document = json!({
            "openapi": version,
            "paths": {"/a": {"get": null, "put": []}, "/b": null, "x-c": null, "/d": {"x-get": null}},
        });
        assert_eq!(
            problems(&document),
            [
                "/paths/~1a/get: null, not an operation",
                "/paths/~1a/put: not an operation",
                "/paths/~1b: null, not an object",
            ]
        );
    }
}

#[test]
fn a_path_item_that_is_referred_to_is_written_out() {
    let lowered = lower(&json!({
        "openapi": "3.1.0",
        "paths": {"/a": {"$ref": "#/components/pathItems/A", "summary": "own"}},
        "components": {"pathItems": {"A": {
            "summary": "shared",
            "get": {"parameters": [{"schema": {"const": 1}}], "responses": {"200": {}}},
        }}},
    }))
    .unwrap();
    assert_eq!(
        lowered.document["paths"]["/a"],
        json!({
            "summary": "own",
            "get": {
                "parameters": [{"schema": {"type": "integer", "enum": [1]}}],
                "responses": {"200": {}},
            },
        })
    );
    assert_eq!(lowered.document["components"], json!({}));
}

#[test]
fn a_chain_of_path_items_is_written_out_however_long_it_is() {
    let length = 20_000;
    let mut items = serde_json::Map::new();
    for index in 0..length {
        let next = format!("#/components/pathItems/P{}", index + 1);
        items.insert(format!("P{index}"), json!({"$ref": next}));
    }
    items.insert(format!("P{length}"), json!({"get": {"responses": {"200": {}}}}));
    let lowered = lower(&json!({
        "openapi": "3.0.3",
        "paths": {"/a": {"$ref": "#/components/pathItems/P0"}},
        "components": {"pathItems": items},
    }));
    assert!(lowered.unwrap().document["paths"]["/a"]["get"].is_object());
}

#[test]
fn path_items_that_double_with_every_level_come_to_an_end() {
    let both = |level: usize| {
        let next = json!({"$ref": format!("#/components/pathItems/P{}", level + 1)});
        json!({"post": {"callbacks": {"a": {"u": next}, "b": {"u": next}}}})
    };
    let items: serde_json::Map<_, _> =
        (0..40).map(|level| (format!("P{level}"), both(level))).collect();
    let mut document = json!({
        "openapi": "3.1.0",
        "paths": {"/a": {"$ref": "#/components/pathItems/P0"}},
        "components": {"pathItems": items},
    });
    document["components"]["pathItems"]["P40"] = json!({"get": {}});
    let problems = problems(&document);
    assert_eq!(problems.len(), 1);
    assert!(problems[0].contains("path items that refer to others come to more than 64 MiB"));

    let one = |level: usize| {
        let next = json!({"$ref": format!("#/components/pathItems/P{}", level + 1)});
        json!({"post": {"callbacks": {"a": {"u": next}}}})
    };
    let items: serde_json::Map<_, _> =
        (0..20_000).map(|level| (format!("P{level}"), one(level))).collect();
    document["components"]["pathItems"] = items.into();
    let problems = self::problems(&document);
    assert_eq!(problems.len(), 1);
    assert!(problems[0].contains("more than 64 path items refer to each other in callbacks"));
}

#[test]
fn path_items_that_refer_in_a_cycle_are_refused() {
    let document = json!({
        "openapi": "3.1.0",
        "paths": {"/a": {"$ref": "#/components/pathItems/A"}},
        "components": {"pathItems": {"A": {"$ref": "#/components/pathItems/A"}}},
    });
    assert_eq!(
        problems(&document),
        ["/components/pathItems/A: the path item `#/components/pathItems/A` refers to itself"]
    );
}

#[test]
fn mutual_tls_and_roles_on_other_schemes_are_dropped_and_listed() {
    let lowered = lower(&json!({
        "openapi": "3.1.0",
        "security": [{"tls": []}, {"bearer": ["admin"], "oauth": ["read"]}],
        "components": {"securitySchemes": {
            "tls": {"type": "mutualTLS"},
            "bearer": {"type": "http", "scheme": "bearer"},
            "oauth": {"type": "oauth2", "flows": {}},
        }},
    }))
    .unwrap();
    let document = &lowered.document;
    assert_eq!(document["security"], json!([{}, {"bearer": [], "oauth": ["read"]}]));
    assert!(document["components"]["securitySchemes"].get("tls").is_none());
    assert_eq!(
        losses(&lowered),
        ["/security/0/tls", "/security/1/bearer", "/components/securitySchemes/tls/type",]
    );
}

#[test]
fn what_stands_beside_a_reference_outside_of_schemas_is_dropped_and_listed() {
    let lowered = lower(&with_components(json!({
        "responses": {
            "A": {"description": "d"},
            "B": {"$ref": "#/components/responses/A", "description": "own"},
        },
    })))
    .unwrap();
    let response = &lowered.document["components"]["responses"]["B"];
    assert_eq!(*response, json!({"$ref": "#/components/responses/A"}));
    assert_eq!(losses(&lowered), ["/components/responses/B/description"]);
}

#[test]
fn what_is_not_a_schema_is_named_with_its_place() {
    let document = with_components(json!({"schemas": {"A": {"items": 5}}}));
    let message = "this stands where a schema must, and is none";
    assert_eq!(problems(&document), [format!("/components/schemas/A/items: {message}")]);
}

#[test]
fn what_is_lowered_to_be_written_comes_out_to_the_letter() {
    let document = json!({
        "openapi": "3.1.0",
        "paths": {
            "x-kept": {"b": [1, {}]},
            "/a": {"get": {"responses": {"200": {"$ref": "#/components/responses/a%20b"}}}},
            "/b": {"get": {"responses": {"200": {"description": "", "content": {"a/b": {
                "schema": {"$ref": "#/components/schemas/S/$defs/T", "default": [0.5, "\"\n"]},
            }}}}}},
        },
        "components": {
            "schemas": {"S": {"$defs": {"T": {"type": ["integer", "null"]}}}, "E": {}, "No": false},
            "responses": {"a b": {"description": "é"}},
            "examples": {},
            "x-own": {"S": {"type": ["null"]}},
        },
    });
    let (seen, written) = (lower(&document).unwrap(), lower_to_write(document.clone()).unwrap());
    let text = |value: &Value| serde_json::to_string_pretty(value).unwrap();
    assert_eq!(text(&written.document), text(&seen.document));
    assert_eq!(written.losses, seen.losses);
}

#[test]
fn webhooks_are_held_only_where_something_refers_to_what_is_in_them() {
    let number = json!({"schema": {"type": ["number", "null"]}});
    let hooks = json!({"paid": {"post": {"requestBody": {"content": {"a/b": number}}}}});
    let whole = "#/webhooks/paid/post/requestBody/content/a~1b/schema";
    let mut named = hooks.clone();
    named["paid"]["post"]["requestBody"]["content"]["a/b"]["schema"]["$anchor"] = json!("paid");
    for (hooks, reference) in [
        (&hooks, "#/components/schemas/Own"),
        (&hooks, whole),
        (&hooks, &whole.replace("/w", "/%77")),
        (&named, "#paid"),
    ] {
        let mut document =
            with_components(json!({"schemas": {"Own": {}, "A": {"$ref": reference}}}));
        document["webhooks"] = hooks.clone();
        let (seen, written) = (lower(&document).unwrap(), lower_to_write(document).unwrap());
        let text = |value: &Value| serde_json::to_string_pretty(value).unwrap();
        assert_eq!(text(&written.document), text(&seen.document), "{reference}");
        assert_eq!(written.losses, seen.losses, "{reference}");
    }
}
