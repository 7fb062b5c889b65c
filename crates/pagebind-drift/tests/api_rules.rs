//! Every rule outside of schemas: one small document, a patch (JSON merge patch, RFC 7396), the
//! exact findings, and those of the patch taken back.

use std::collections::BTreeSet;

use pagebind_drift::{compare, finding::Wire, rules::api};
use serde_json::{Value, json};

fn base() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Cards", "version": "1.9.0", "description": "All about cards."},
        "servers": [{"url": "https://a.example"}, {"url": "https://{stage}.example", "variables": {"stage": {"default": "b"}}}],
        "security": [{"oauth": ["read"]}],
        "tags": [{"name": "cards", "description": "Cards."}],
        "paths": {
            "/cards/{id}": {
                "get": {
                    "operationId": "getCard",
                    "summary": "Get a card",
                    "description": "Gets a card.",
                    "tags": ["cards"],
                    "parameters": [
                        {"name": "id", "in": "path", "required": true, "schema": {"type": "string"}},
                        {"name": "limit", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}},
                    ],
                    "responses": {
                        "200": {
                            "description": "The card.",
                            "headers": {"X-Id": {"required": true, "schema": {"type": "string"}}},
                            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Card"}}},
                        },
                        "404": {"description": "None."},
                    },
                },
                "put": {
                    "operationId": "putCard",
                    "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Card"}}}},
                    "responses": {"204": {"description": "Done."}},
                },
            },
        },
        "components": {
            "schemas": {"Card": {"type": "object", "required": ["id"], "properties": {
                "id": {"type": "string"}, "note": {"type": "string"},
            }}},
            "securitySchemes": {"oauth": {"type": "oauth2", "flows": {"authorizationCode": {
                "authorizationUrl": "https://a.example/authorize",
                "tokenUrl": "https://a.example/token",
                "scopes": {"read": "Read."},
            }}}},
        },
    })
}

fn patch(target: &mut Value, patch: &Value) {
    let Value::Object(patch_object) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    let Value::Object(target) = target else { unreachable!("it was just made one") };
    for (key, value) in patch_object {
        if value.is_null() {
            target.shift_remove(key);
        } else {
            self::patch(target.entry(key).or_insert(Value::Null), value);
        }
    }
}

fn patched(by: &Value) -> Value {
    let mut document = base();
    patch(&mut document, by);
    document
}

fn found(old: &Value, new: &Value) -> BTreeSet<String> {
    let findings = compare(old, new);
    findings
        .iter()
        .map(|finding| match &finding.operation {
            Some(operation) => {
                format!("{} {}", operation.split(' ').next().unwrap_or_default(), finding.change.id)
            }
            None => finding.change.id.to_string(),
        })
        .collect()
}

type Case = (Value, &'static [&'static str], &'static [&'static str]);

/// A patch, what it gives, and what it gives taken back.
fn cases() -> Vec<Case> {
    let get = |more: Value| json!({"paths": {"/cards/{id}": {"get": more}}});
    let put = |more: Value| json!({"paths": {"/cards/{id}": {"put": more}}});
    let path_parameter =
        json!({"name": "id", "in": "path", "required": true, "schema": {"type": "string"}});
    let limit = json!({"name": "limit", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}});
    let parameters = |more: Value| get(json!({"parameters": [path_parameter.clone(), more]}));
    let also =
        |more: Value| get(json!({"parameters": [path_parameter.clone(), limit.clone(), more]}));
    let changed = |key: &str, value: Value| {
        let mut limit = limit.clone();
        limit[key] = value;
        parameters(limit)
    };
    let ok = |more: Value| get(json!({"responses": {"200": more}}));
    let card = |more: Value| json!({"components": {"schemas": {"Card": more}}});
    let scheme = |more: Value| json!({"components": {"securitySchemes": {"oauth": more}}});
    let flow = |more: Value| scheme(json!({"flows": {"authorizationCode": more}}));
    vec![
        (
            json!({"paths": {"/new": {"get": {"responses": {}}}}}),
            &["GET endpoint-added"],
            &["GET api-path-removed-without-deprecation"],
        ),
        (
            json!({"paths": {"/new": {"get": {"deprecated": true, "responses": {}}}}}),
            &["GET endpoint-added"],
            &["GET api-path-removed-with-deprecation"],
        ),
        (
            json!({"paths": {"/cards/{id}": {"delete": {"responses": {}}}}}),
            &["DELETE endpoint-added"],
            &["DELETE api-removed-without-deprecation"],
        ),
        (
            json!({"paths": {"/cards/{id}": {"delete": {"deprecated": true, "responses": {}}}}}),
            &["DELETE endpoint-added"],
            &["DELETE api-removed-with-deprecation"],
        ),
        (
            get(json!({"deprecated": true})),
            &["GET endpoint-deprecated"],
            &["GET endpoint-reactivated"],
        ),
        (
            get(json!({"deprecated": true, "x-sunset": "2030-01-01"})),
            &["GET endpoint-deprecated-with-sunset"],
            &["GET endpoint-reactivated"],
        ),
        (
            get(json!({"operationId": "readCard"})),
            &["GET api-operation-id-removed"],
            &["GET api-operation-id-removed"],
        ),
        (
            get(json!({"operationId": null})),
            &["GET api-operation-id-removed"],
            &["GET api-operation-id-added"],
        ),
        (get(json!({"tags": ["cards", "new"]})), &["GET api-tag-added"], &["GET api-tag-removed"]),
        (
            get(json!({"summary": "Read a card"})),
            &["GET endpoint-summary-changed"],
            &["GET endpoint-summary-changed"],
        ),
        (
            get(json!({"description": "Reads a card."})),
            &["GET endpoint-description-changed"],
            &["GET endpoint-description-changed"],
        ),
        (
            get(json!({"callbacks": {"done": {"{$url}": {"post": {}}}}})),
            &["GET api-callback-changed"],
            &["GET api-callback-changed"],
        ),
        (json!({"webhooks": {"done": {}}}), &["webhook-added"], &["webhook-removed"]),
        (
            json!({"info": {"version": "1.10.0"}}),
            &["api-version-changed"],
            &["api-version-decreased"],
        ),
        (
            json!({"info": {"title": "Card"}}),
            &["api-description-changed"],
            &["api-description-changed"],
        ),
        (
            json!({"tags": [{"name": "cards", "description": "The cards."}]}),
            &["api-description-changed"],
            &["api-description-changed"],
        ),
        (
            json!({"tags": [{"name": "cards", "description": "Cards.", "externalDocs": {"url": "https://a.example"}}]}),
            &["api-description-changed"],
            &["api-description-changed"],
        ),
        (
            json!({"tags": [{"name": "cards", "description": "Cards."}, {"name": "new"}]}),
            &["api-tag-added"],
            &["api-tag-removed"],
        ),
        (
            json!({"paths": {"/cards/{id}": {"summary": "One card"}}}),
            &["api-description-changed"],
            &["api-description-changed"],
        ),
        (json!({"info": {"version": null}}), &["api-version-changed"], &["api-version-changed"]),
        (
            json!({"jsonSchemaDialect": "https://a.example/dialect"}),
            &["api-schema-dialect-changed"],
            &["api-schema-dialect-changed"],
        ),
        (
            also(json!({"name": "a", "in": "query", "required": true, "schema": {}})),
            &["GET new-required-request-parameter"],
            &["GET request-parameter-removed"],
        ),
        (
            also(json!({"name": "a", "in": "query", "schema": {}})),
            &["GET new-optional-request-parameter"],
            &["GET request-parameter-removed"],
        ),
        (
            also(json!({"name": "a", "in": "query", "deprecated": true, "schema": {}})),
            &["GET new-optional-request-parameter"],
            &["GET request-parameter-removed-with-deprecation"],
        ),
        (
            also(json!({"name": "b", "in": "path", "required": true, "schema": {}})),
            &["GET new-request-path-parameter"],
            &["GET request-parameter-removed"],
        ),
        (
            changed("in", json!("header")),
            &["GET request-parameter-location-changed"],
            &["GET request-parameter-location-changed"],
        ),
        (
            changed("explode", json!(false)),
            &["GET request-parameter-style-changed"],
            &["GET request-parameter-style-changed"],
        ),
        (
            changed("style", json!("pipeDelimited")),
            &["GET request-parameter-style-changed"],
            &["GET request-parameter-style-changed"],
        ),
        (
            changed("allowReserved", json!(true)),
            &["GET request-parameter-style-changed"],
            &["GET request-parameter-style-changed"],
        ),
        (
            changed("allowEmptyValue", json!(true)),
            &["GET request-parameter-empty-value-allowed"],
            &["GET request-parameter-empty-value-forbidden"],
        ),
        (
            changed("required", json!(true)),
            &["GET request-parameter-became-required"],
            &["GET request-parameter-became-optional"],
        ),
        (
            changed("deprecated", json!(true)),
            &["GET request-parameter-deprecated"],
            &["GET request-parameter-reactivated"],
        ),
        (
            changed("description", json!("How many.")),
            &["GET request-parameter-description-changed"],
            &["GET request-parameter-description-changed"],
        ),
        (
            changed("example", json!("a")),
            &["GET request-parameter-example-changed"],
            &["GET request-parameter-example-changed"],
        ),
        (
            changed("schema", json!({"type": "string"})),
            &["GET request-parameter-type-changed"],
            &["GET request-parameter-type-generalized"],
        ),
        (
            put(json!({"requestBody": null})),
            &["PUT request-body-removed"],
            &["PUT request-body-added-optional"],
        ),
        (
            get(json!({"requestBody": {"required": true}})),
            &["GET request-body-added-required"],
            &["GET request-body-removed"],
        ),
        (
            put(json!({"requestBody": {"required": true}})),
            &["PUT request-body-became-required"],
            &["PUT request-body-became-optional"],
        ),
        (
            put(json!({"requestBody": {"description": "A card."}})),
            &["PUT request-body-description-changed"],
            &["PUT request-body-description-changed"],
        ),
        (
            put(json!({"requestBody": {"content": {"text/xml": {}}}})),
            &["PUT request-body-media-type-added"],
            &["PUT request-body-media-type-removed"],
        ),
        (
            put(json!({"requestBody": {"content": {"application/json": {"schema": null}}}})),
            &["PUT request-body-media-type-schema-removed"],
            &["PUT request-body-media-type-schema-added"],
        ),
        (
            put(json!({"requestBody": {"content": {"application/json": {"encoding": {"a": {}}}}}})),
            &["PUT request-body-encoding-changed"],
            &["PUT request-body-encoding-changed"],
        ),
        (
            put(json!({"requestBody": {"content": {"application/json": {"example": 1}}}})),
            &["PUT request-body-example-changed"],
            &["PUT request-body-example-changed"],
        ),
        (
            get(json!({"responses": {"201": {"description": "New."}}})),
            &["GET response-success-status-added"],
            &["GET response-success-status-removed"],
        ),
        (
            get(json!({"responses": {"500": {"description": "Bad."}}})),
            &["GET response-non-success-status-added"],
            &["GET response-non-success-status-removed"],
        ),
        (
            ok(json!({"description": "A card."})),
            &["GET response-description-changed"],
            &["GET response-description-changed"],
        ),
        (
            ok(json!({"links": {"self": {}}})),
            &["GET response-link-changed"],
            &["GET response-link-changed"],
        ),
        (
            ok(json!({"content": {"text/xml": {}}})),
            &["GET response-media-type-added"],
            &["GET response-media-type-removed"],
        ),
        (
            ok(
                json!({"content": {"application/json": null, "application/json;charset=utf-8": {"schema": {"$ref": "#/components/schemas/Card"}}}}),
            ),
            &["GET response-media-type-name-changed"],
            &["GET response-media-type-name-changed"],
        ),
        (
            ok(
                json!({"content": {"application/json": null, "application/*": {"schema": {"$ref": "#/components/schemas/Card"}}}}),
            ),
            &["GET response-media-type-name-generalized"],
            &["GET response-media-type-name-specialized"],
        ),
        (
            ok(json!({"content": {"application/json": {"schema": null}}})),
            &["GET response-body-media-type-schema-removed"],
            &["GET response-body-media-type-schema-added"],
        ),
        (
            ok(json!({"headers": {"X-Id": null}})),
            &["GET required-response-header-removed"],
            &["GET response-header-added"],
        ),
        (
            ok(json!({"headers": {"X-New": {"schema": {}}}})),
            &["GET response-header-added"],
            &["GET optional-response-header-removed"],
        ),
        (
            ok(json!({"headers": {"X-Id": {"required": false}}})),
            &["GET response-header-became-optional"],
            &["GET response-header-became-required"],
        ),
        (
            ok(json!({"headers": {"X-Id": {"deprecated": true}}})),
            &["GET response-header-deprecated"],
            &["GET response-header-reactivated"],
        ),
        (
            ok(json!({"headers": {"X-Id": {"example": "a"}}})),
            &["GET response-header-example-changed"],
            &["GET response-header-example-changed"],
        ),
        (
            ok(
                json!({"headers": {"X-Id": {"schema": null, "content": {"text/plain": {"schema": {"type": "string"}}}}}}),
            ),
            &["GET response-header-style-changed"],
            &["GET response-header-style-changed"],
        ),
        (
            ok(json!({"content": {"application/json": {"encoding": {"a": {}}}}})),
            &["GET response-body-encoding-changed"],
            &["GET response-body-encoding-changed"],
        ),
        (
            card(json!({"properties": {"new": {"type": "string"}}})),
            &["PUT new-optional-request-property", "GET response-optional-property-added"],
            &["PUT request-property-removed", "GET response-optional-property-removed"],
        ),
        (
            card(json!({"required": ["id", "new"], "properties": {"new": {"type": "string"}}})),
            &["PUT new-required-request-property", "GET response-required-property-added"],
            &["PUT request-property-removed", "GET response-required-property-removed"],
        ),
        (
            card(
                json!({"required": ["id", "new"], "properties": {"new": {"type": "string", "default": "a"}}}),
            ),
            &[
                "PUT new-required-request-property-with-default",
                "GET response-required-property-added",
            ],
            &["PUT request-property-removed", "GET response-required-property-removed"],
        ),
        (
            card(json!({"properties": {"new": {"type": "string", "readOnly": true}}})),
            &["PUT new-optional-request-property", "GET response-optional-property-added"],
            &["PUT request-read-only-property-removed", "GET response-optional-property-removed"],
        ),
        (
            card(json!({"properties": {"new": {"type": "string", "writeOnly": true}}})),
            &[
                "PUT new-optional-request-property",
                "GET response-optional-write-only-property-added",
            ],
            &["PUT request-property-removed", "GET response-optional-write-only-property-removed"],
        ),
        (
            card(
                json!({"required": ["id", "new"], "properties": {"new": {"type": "string", "writeOnly": true}}}),
            ),
            &[
                "PUT new-required-request-property",
                "GET response-required-write-only-property-added",
            ],
            &["PUT request-property-removed", "GET response-required-write-only-property-removed"],
        ),
        (
            card(json!({"required": ["id", "note"]})),
            &["PUT request-property-became-required", "GET response-property-became-required"],
            &["PUT request-property-became-optional", "GET response-property-became-optional"],
        ),
        (
            card(json!({"required": ["id", "ghost"]})),
            &["PUT request-property-became-required", "GET response-property-became-required"],
            &["PUT request-property-became-optional", "GET response-property-became-optional"],
        ),
        (
            card(json!({"properties": {"id": {"readOnly": true}}})),
            &[
                "PUT request-required-property-became-read-only",
                "GET response-required-property-became-read-only",
            ],
            &[
                "PUT request-required-property-became-not-read-only",
                "GET response-required-property-became-not-read-only",
            ],
        ),
        (
            card(json!({"properties": {"note": {"readOnly": true}}})),
            &[
                "PUT request-optional-property-became-read-only",
                "GET response-optional-property-became-read-only",
            ],
            &[
                "PUT request-optional-property-became-not-read-only",
                "GET response-optional-property-became-not-read-only",
            ],
        ),
        (
            card(json!({"properties": {"id": {"writeOnly": true}}})),
            &[
                "PUT request-required-property-became-write-only",
                "GET response-required-property-became-write-only",
            ],
            &[
                "PUT request-required-property-became-not-write-only",
                "GET response-required-property-became-not-write-only",
            ],
        ),
        (
            card(json!({"properties": {"note": {"writeOnly": true}}})),
            &[
                "PUT request-optional-property-became-write-only",
                "GET response-optional-property-became-write-only",
            ],
            &[
                "PUT request-optional-property-became-not-write-only",
                "GET response-optional-property-became-not-write-only",
            ],
        ),
        (
            json!({"security": [{"oauth": ["read"]}, {"key": []}]}),
            &["api-global-security-added"],
            &["api-global-security-removed"],
        ),
        (
            json!({"security": [{"oauth": ["read", "write"]}]}),
            &["api-global-security-scope-added"],
            &["api-global-security-scope-removed"],
        ),
        (get(json!({"security": []})), &["GET api-security-removed"], &["GET api-security-added"]),
        (
            get(json!({"security": [{"oauth": []}]})),
            &["GET api-security-scope-removed"],
            &["GET api-security-scope-added"],
        ),
        (
            json!({"components": {"securitySchemes": {"key": {"type": "apiKey"}}}}),
            &["api-security-component-added"],
            &["api-security-component-removed"],
        ),
        (
            json!({"components": {"schemas": {"Event": {"type": "string"}}}}),
            &["api-unused-component-changed"],
            &["api-unused-component-changed"],
        ),
        (
            scheme(json!({"type": "http"})),
            &["api-security-component-type-changed"],
            &["api-security-component-type-changed"],
        ),
        (
            scheme(json!({"bearerFormat": "JWT"})),
            &["api-description-changed"],
            &["api-description-changed"],
        ),
        (
            scheme(json!({"scheme": "bearer"})),
            &["api-security-component-changed"],
            &["api-security-component-changed"],
        ),
        (
            scheme(json!({"flows": {"implicit": {}}})),
            &["api-security-component-changed"],
            &["api-security-component-changed"],
        ),
        (
            flow(json!({"authorizationUrl": "https://b.example"})),
            &["api-security-component-oauth-url-changed"],
            &["api-security-component-oauth-url-changed"],
        ),
        (
            flow(json!({"tokenUrl": "https://b.example"})),
            &["api-security-component-oauth-token-url-changed"],
            &["api-security-component-oauth-token-url-changed"],
        ),
        (
            flow(json!({"scopes": {"write": "Write."}})),
            &["api-security-component-oauth-scope-added"],
            &["api-security-component-oauth-scope-removed"],
        ),
        (
            flow(json!({"scopes": {"read": "Look."}})),
            &["api-security-component-oauth-scope-changed"],
            &["api-security-component-oauth-scope-changed"],
        ),
        (
            json!({"servers": [{"url": "https://a.example"}]}),
            &["api-server-removed"],
            &["api-server-added"],
        ),
        (
            json!({"servers": [{"url": "https://{stage}.example/", "variables": {"stage": {"default": "b"}}}, {"url": "https://a.example/"}]}),
            &["api-server-order-changed"],
            &["api-server-order-changed"],
        ),
        (
            json!({"servers": [{"url": "https://a.example"}, {"url": "https://{stage}.example", "variables": {"stage": {"default": "c"}}}]}),
            &["api-server-variable-changed"],
            &["api-server-variable-changed"],
        ),
        (
            get(json!({"servers": [{"url": "https://a.example"}]})),
            &["GET api-server-removed"],
            &["GET api-server-added"],
        ),
    ]
}

fn set(ids: &[&str]) -> BTreeSet<String> {
    ids.iter().map(|id| (*id).to_owned()).collect()
}

#[test]
fn each_patch_gives_its_findings_and_taken_back_the_mirror() {
    for (by, forwards, backwards) in cases() {
        let new = patched(&by);
        assert_eq!(found(&base(), &new), set(forwards), "{by}");
        assert_eq!(found(&new, &base()), set(backwards), "{by}, taken back");
    }
}

#[test]
fn nothing_is_found_between_a_document_and_itself() {
    for (by, _, _) in cases() {
        let document = patched(&by);
        assert_eq!(found(&document, &document.clone()), set(&[]), "{by}");
    }
}

#[test]
fn every_rule_has_a_case() {
    let mut covered: BTreeSet<String> = BTreeSet::new();
    for (_, forwards, backwards) in cases() {
        let ids = forwards.iter().chain(backwards);
        covered.extend(ids.map(|id| id.rsplit(' ').next().unwrap().to_owned()));
    }
    // Those about pages and help pages are made elsewhere; the others have a test of their own.
    let elsewhere = |id: &str| {
        ["page-", "help-", "correction-"].iter().any(|start| id.starts_with(start))
            || [
                "sunset-changed",
                "sunset-deleted",
                "webhook-changed",
                "webhook-description-changed",
                "api-callback-description-changed",
                "request-path-parameter-renamed",
                "request-property-became-required-with-default",
            ]
            .contains(&id)
    };
    let missing: Vec<_> = api::ALL
        .iter()
        .map(|rule| rule.id.to_string())
        .filter(|id| !covered.contains(id) && !elsewhere(id))
        .collect();
    assert_eq!(missing, Vec::<String>::new());
}

#[test]
fn a_date_that_moves_or_goes_is_said() {
    let get = |more: Value| patched(&json!({"paths": {"/cards/{id}": {"get": more}}}));
    let on = |date: &str| get(json!({"deprecated": true, "x-sunset": date}));
    assert_eq!(found(&on("2030-01-01"), &on("2029-01-01")), set(&["GET sunset-changed"]));
    assert_eq!(
        found(&on("2030-01-01"), &get(json!({"deprecated": true}))),
        set(&["GET sunset-deleted"])
    );
}

#[test]
fn a_required_property_with_a_default_is_known_as_such() {
    let card = |required: Value| {
        patched(&json!({"components": {"schemas": {"Card": {
            "required": required, "properties": {"note": {"default": "a"}},
        }}}}))
    };
    assert_eq!(
        found(&card(json!(["id"])), &card(json!(["id", "note"]))),
        set(&[
            "PUT request-property-became-required-with-default",
            "GET response-property-became-required"
        ])
    );
}

#[test]
fn a_path_parameter_of_another_name_is_the_same_path() {
    let mut new = base();
    let mut item = new["paths"].as_object_mut().unwrap().shift_remove("/cards/{id}").unwrap();
    item["get"]["parameters"][0]["name"] = json!("card");
    new["paths"]["/cards/{card}"] = item;
    assert_eq!(
        found(&base(), &new),
        set(&["GET request-path-parameter-renamed", "PUT request-path-parameter-renamed"])
    );
}

#[test]
fn a_webhook_that_says_something_else_is_said() {
    let hook = |summary: &str, kind: Value| {
        let body = json!({"content": {"application/json": {"schema": kind}}});
        patched(&json!({"webhooks": {"done": {"post": {"summary": summary, "requestBody": body}}}}))
    };
    let string = hook("a", json!({"type": ["string", "null"]}));
    assert_eq!(found(&string, &hook("a", json!({"type": "boolean"}))), set(&["webhook-changed"]));
    let nullable = json!({"type": "string", "nullable": true});
    assert_eq!(found(&string, &hook("a", nullable.clone())), set(&[]));
    assert_eq!(found(&string, &hook("b", nullable)), set(&["webhook-description-changed"]));
}

#[test]
fn what_a_callback_or_webhook_says_of_itself_is_said() {
    let document = |more: Value| {
        let mut call = json!({"post": {"responses": {"200": {"description": "Taken."}}}});
        patch(&mut call, &more);
        patched(&json!({
            "paths": {"/cards/{id}": {"get": {"callbacks": {"done": {"{$request.body#/url}": call}}}}},
            "webhooks": {"done": call},
        }))
    };
    let plain = document(json!({}));
    let words = set(&["GET api-callback-description-changed", "webhook-description-changed"]);
    let meaning = set(&["GET api-callback-changed", "webhook-changed"]);
    for (more, expected) in [
        (json!({"description": "Called."}), &words),
        (json!({"post": {"responses": {"200": {"description": "Thanks."}}}}), &words),
        (json!({"post": {"security": [{"key": []}]}}), &meaning),
        (json!({"servers": [{"url": "https://b.example"}]}), &meaning),
    ] {
        assert_eq!(found(&plain, &document(more.clone())), *expected, "{more}");
        assert_eq!(found(&document(more.clone()), &plain), *expected, "{more}, taken back");
    }
}

#[test]
fn a_callback_that_is_called_back_itself_is_compared_once() {
    let document = |kind: &str| {
        patched(&json!({
            "paths": {"/cards/{id}": {"get": {"callbacks": {"done": {"$ref": "#/components/callbacks/Done"}}}}},
            "components": {"callbacks": {"Done": {"{$request.body#/url}": {"post": {
                "requestBody": {"content": {"application/json": {"schema": {"type": kind}}}},
                "callbacks": {"done": {"$ref": "#/components/callbacks/Done"}},
            }}}}},
        }))
    };
    assert_eq!(
        found(&document("string"), &document("boolean")),
        set(&["GET api-callback-changed"])
    );
}

#[test]
fn another_way_to_authorise_breaks_nobody_on_the_wire_but_the_only_one_does() {
    let wire = |old: Value, new: Value| -> Vec<Wire> {
        let document = |security: Value| {
            let mut document = base();
            document["security"] = security;
            document
        };
        compare(&document(old), &document(new)).iter().map(|finding| finding.change.wire).collect()
    };
    assert_eq!(wire(json!([{"a": []}]), json!([{"a": []}, {"b": []}])), [Wire::Works]);
    assert_eq!(wire(json!([]), json!([{"b": []}])), [Wire::Breaks]);
    assert_eq!(wire(json!([{"a": []}]), json!([])), [Wire::Works]);
    assert_eq!(wire(json!([{"a": []}]), json!([{"b": []}])), [Wire::Breaks, Wire::Breaks]);
}
