//! Every rule outside of schemas: one small document, a patch (JSON merge patch, RFC 7396), the
//! exact findings, and those of the patch taken back.

use std::collections::BTreeSet;

use pagebind_drift::{Finding, Severity, compare, rules::api};
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

fn worst(old: &Value, new: &Value) -> Option<Severity> {
    compare(old, new).iter().map(|finding| finding.change.severity).max()
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
            &["POST api-callback-added"],
            &["POST api-callback-removed"],
        ),
        (json!({"webhooks": {"done": {}}}), &["done webhook-added"], &["done webhook-removed"]),
        (
            json!({"webhooks": {"done": {"post": {}}}}),
            &["POST webhook-added"],
            &["POST webhook-removed"],
        ),
        (get(json!({"x-sunset": "2030-01-01"})), &["GET sunset-changed"], &["GET sunset-deleted"]),
        (
            get(json!({"x-stability-level": "beta"})),
            &["GET api-stability-decreased"],
            &["GET api-stability-increased"],
        ),
        (
            changed("x-sunset", json!("2030-01-01")),
            &["GET request-parameter-sunset-changed"],
            &["GET request-parameter-sunset-deleted"],
        ),
        (
            changed("x-stability-level", json!("beta")),
            &["GET request-parameter-stability-decreased"],
            &["GET request-parameter-stability-increased"],
        ),
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
            put(
                json!({"requestBody": {"content": {"application/json": {"encoding": {"a": {"contentType": "text/plain"}}}}}}),
            ),
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
            ok(
                json!({"content": {"application/json": {"encoding": {"a": {"contentType": "text/plain"}}}}}),
            ),
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
            &["api-global-security-alternative-added"],
            &["api-global-security-removed"],
        ),
        (
            json!({"security": [{"oauth": ["read"]}, {}]}),
            &["api-global-security-alternative-added"],
            &["api-global-security-removed"],
        ),
        (
            json!({"security": [{"oauth": ["read"], "key": []}]}),
            &["api-global-security-added", "api-global-security-removed"],
            &["api-global-security-alternative-added", "api-global-security-loosened"],
        ),
        (
            json!({"security": [{"key": []}]}),
            &["api-global-security-added", "api-global-security-removed"],
            &["api-global-security-added", "api-global-security-removed"],
        ),
        (
            json!({"security": [{"oauth": ["read", "write"]}]}),
            &["api-global-security-scope-added"],
            &["api-global-security-scope-removed"],
        ),
        (
            get(json!({"security": [{"oauth": ["read"]}, {"key": []}]})),
            &["GET api-security-alternative-added"],
            &["GET api-security-removed"],
        ),
        (
            get(json!({"security": [{"key": []}]})),
            &["GET api-security-added", "GET api-security-removed"],
            &["GET api-security-added", "GET api-security-removed"],
        ),
        (
            get(json!({"security": []})),
            &["GET api-security-alternative-added", "GET api-security-loosened"],
            &["GET api-security-added"],
        ),
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
        ["page-", "pages-", "reference-", "help-", "correction-"]
            .iter()
            .any(|start| id.starts_with(start))
            || [
                "sunset-changed",
                "sunset-deleted",
                "answer-status-added",
                "response-status-left-range",
                "response-status-joined-range",
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
fn one_path_that_is_written_in_two_ways_is_compared_method_by_method() {
    let mut two_ways = base();
    let paths = two_ways["paths"].as_object_mut().unwrap();
    let mut put =
        json!({ "put": paths["/cards/{id}"].as_object_mut().unwrap().shift_remove("put") });
    paths.insert("/cards/{card}".into(), put.clone());
    assert_eq!(found(&base(), &two_ways), set(&["PUT request-path-parameter-renamed"]));
    put["put"]["responses"] = json!({"202": {"description": "Done."}});
    let mut changed = two_ways.clone();
    changed["paths"]["/cards/{card}"] = put;
    let status = ["PUT response-success-status-added", "PUT response-success-status-removed"];
    assert_eq!(found(&two_ways, &changed), set(&status));
    let paths = changed["paths"].as_object_mut().unwrap();
    paths.shift_remove("/cards/{card}");
    assert_eq!(found(&two_ways, &changed), set(&["PUT api-removed-without-deprecation"]));
}

#[test]
fn what_stands_beside_the_reference_of_a_path_item_is_compared_too() {
    let document = |own: Value, referred: Value| {
        let mut item = json!({"$ref": "#/components/pathItems/Card"});
        item.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
        json!({
            "openapi": "3.1.0",
            "paths": {"/a": item},
            "webhooks": {"moved": item},
            "components": {"pathItems": {"Card": referred}},
        })
    };
    let operation = |id: &str| json!({"operationId": id, "responses": {}});
    let plain = document(json!({}), json!({"get": operation("a")}));
    let more = document(json!({"put": operation("b")}), json!({"get": operation("a")}));
    assert_eq!(found(&plain, &more), set(&["PUT endpoint-added", "PUT webhook-added"]));
    let removed = ["PUT api-removed-without-deprecation", "PUT webhook-removed"];
    assert_eq!(found(&more, &plain), set(&removed));
    // What the item says itself counts, and what it refers to elsewhere.
    let id = |own: Value, referred: &str| document(own, json!({"get": operation(referred)}));
    let own = |own: &str| json!({"get": operation(own)});
    assert_eq!(found(&id(own("a"), "b"), &id(own("a"), "c")), set(&[]));
    assert_eq!(found(&id(own("a"), "b"), &id(json!({}), "a")), set(&[]));
    let changed = set(&["GET api-operation-id-removed"]);
    assert_eq!(found(&id(own("a"), "c"), &id(own("b"), "c")), changed);
    let header = |required: bool| {
        json!({"parameters": [
            {"name": "X-A", "in": "header", "required": required, "schema": {"type": "string"}},
        ]})
    };
    let found = found(&id(header(false), "a"), &id(header(true), "a"));
    assert!(found.contains("GET request-parameter-became-required"), "{found:?}");
    let circle = document(json!({}), json!({"$ref": "#/paths/~1a"}));
    assert_eq!(compare(&circle, &circle), []);
}

#[test]
fn nothing_is_said_of_what_a_reference_to_elsewhere_leads_to() {
    let document = |schema: Value| {
        let content = json!({"application/json": {"schema": schema}});
        json!({"openapi": "3.1.0", "paths": {"/a": {"get": {"responses": {"200": {"description": "d", "content": content}}}}}})
    };
    let seen = document(json!({"type": "object", "properties": {"id": {"type": "string"}}}));
    let elsewhere = document(json!({"$ref": "cards.json#/Card"}));
    let changed = set(&["GET response-body-reference-changed"]);
    assert_eq!(found(&seen, &elsewhere), changed);
    assert_eq!(found(&elsewhere, &seen), changed);
    // Where both lead to the same, what stands beside is compared.
    let beside = document(json!({"$ref": "cards.json#/Card", "type": "object"}));
    assert_ne!(found(&elsewhere, &beside), set(&[]));
    assert!(!found(&elsewhere, &beside).contains("GET response-body-reference-changed"));
}

#[test]
fn a_status_is_compared_by_what_decodes_it() {
    let responses = |more: Value| {
        let failure = |member: &str| {
            json!({"description": "Bad.", "content": {"application/json": {"schema": {
                "type": "object", "required": [member], "properties": {member: {"type": "string"}},
            }}}})
        };
        let mut listed = json!({"200": {"description": "Good."}});
        for (status, member) in more.as_object().unwrap() {
            listed[status] = failure(member.as_str().unwrap());
        }
        json!({"openapi": "3.1.0", "paths": {"/a": {"get": {"responses": listed}}}})
    };
    let lost = "GET response-required-property-removed";
    let gained = "GET response-required-property-added";
    for wider in ["4XX", "default"] {
        let plain = responses(json!({wider: "message"}));
        let (new, gone) = if wider == "default" {
            ("GET response-non-success-status-added", "GET response-non-success-status-removed")
        } else {
            ("GET response-status-left-range", "GET response-status-joined-range")
        };
        let other = responses(json!({wider: "message", "429": "retry_after"}));
        assert_eq!(found(&plain, &other), set(&[new, lost, gained]), "{wider}");
        assert_eq!(found(&other, &plain), set(&[gone, lost, gained]), "{wider}");
        let same = responses(json!({wider: "message", "429": "message"}));
        assert_eq!(found(&plain, &same), set(&[new]), "{wider}");
        assert_eq!(found(&same, &plain), set(&[gone]), "{wider}");
    }
    let range = responses(json!({"4XX": "message", "default": "message"}));
    let success = responses(json!({"2XX": "message"}));
    let own = responses(json!({"2XX": "message", "201": "id"}));
    assert_eq!(found(&success, &own), set(&["GET response-status-left-range", lost, gained]));
    assert_eq!(found(&range, &range), set(&[]));
}

#[test]
fn a_server_that_is_added_is_breaking_only_where_it_comes_first() {
    let servers = |urls: &[&str]| {
        let servers: Vec<_> = urls.iter().map(|url| json!({"url": url})).collect();
        patched(&json!({"servers": servers}))
    };
    let (a, ab, ba) = (servers(&["/a"]), servers(&["/a", "/b"]), servers(&["/b", "/a"]));
    assert_eq!(found(&a, &ab), set(&["api-server-added"]));
    assert_eq!(found(&a, &ba), set(&["api-server-added", "api-server-order-changed"]));
    assert_eq!(worst(&a, &ab), Some(Severity::Info));
    assert_eq!(worst(&a, &ba), Some(Severity::Breaking));
}

#[test]
fn one_value_in_a_query_that_becomes_a_list_of_such_still_reads() {
    let limit = |schema: Value, more: Value| {
        let mut limit = json!({"name": "limit", "in": "query", "schema": schema});
        patch(&mut limit, &more);
        json!({"openapi": "3.1.0", "paths": {"/a": {"get": {"parameters": [limit], "responses": {}}}}})
    };
    let list = |more: Value| {
        let mut list = json!({"type": "array", "items": {"type": "string"}});
        patch(&mut list, &more);
        list
    };
    for style in [json!({}), json!({"explode": false}), json!({"style": "pipeDelimited"})] {
        for (one, list) in [
            (json!({"type": "string"}), list(json!({}))),
            (json!({"type": ["string", "null"]}), list(json!({"type": ["array", "null"]}))),
        ] {
            let old = limit(one.clone(), style.clone());
            assert_ne!(
                worst(&old, &limit(list, style.clone())),
                Some(Severity::Breaking),
                "{one} {style}"
            );
        }
        let old = limit(json!({"type": "string"}), style.clone());
        for narrower in [
            json!({"minItems": 2}),
            json!({"items": {"type": "integer"}}),
            json!({"items": {"maxLength": 3, "enum": ["a"]}}),
        ] {
            let new = limit(list(narrower.clone()), style.clone());
            assert_eq!(worst(&old, &new), Some(Severity::Breaking), "{narrower} {style}");
        }
        assert_eq!(worst(&limit(list(json!({})), style.clone()), &old), Some(Severity::Breaking));
    }
}

#[test]
fn a_webhook_is_compared_like_an_operation_whose_request_the_caller_reads() {
    let hook = |summary: &str, schema: Value| {
        let body = json!({"content": {"application/json": {"schema": schema}}});
        patched(&json!({"webhooks": {"done": {"post": {"summary": summary, "requestBody": body}}}}))
    };
    let event = |properties: Value, required: Value| json!({"type": "object", "properties": properties, "required": required});
    let (id, at) = (json!({"type": "string"}), json!({"type": "string"}));
    let one = hook("a", event(json!({"id": id}), json!(["id"])));
    let two = hook("a", event(json!({"id": id, "at": at}), json!(["id", "at"])));
    assert_eq!(found(&one, &two), set(&["POST response-required-property-added"]));
    assert_eq!(found(&two, &one), set(&["POST response-required-property-removed"]));
    let gone = compare(&two, &one);
    assert_eq!(gone[0].operation.as_deref(), Some("POST done (webhook)"));
    assert_eq!(gone[0].change.message, "received property `at`: was removed");
    let words = hook("b", event(json!({"id": id}), json!(["id"])));
    assert_eq!(found(&one, &words), set(&["POST endpoint-summary-changed"]));
}

#[test]
fn one_more_status_that_a_call_may_be_answered_with_is_no_burden_and_one_less_is() {
    let answers = |statuses: &[&str]| {
        let answer = |status: &&str| ((*status).to_owned(), json!({"description": "Taken."}));
        let responses: serde_json::Map<String, Value> = statuses.iter().map(answer).collect();
        let call = json!({"post": {"responses": responses}});
        patched(&json!({
            "paths": {"/cards/{id}": {"get": {"callbacks": {"done": {"{$request.body#/url}": call}}}}},
            "webhooks": {"done": call},
        }))
    };
    let (one, two) = (answers(&["200"]), answers(&["200", "204"]));
    assert_eq!(found(&one, &two), set(&["POST answer-status-added"]));
    assert_eq!(worst(&one, &two), Some(Severity::Info));
    assert_eq!(found(&two, &one), set(&["POST response-success-status-removed"]));
    assert_eq!(worst(&two, &one), Some(Severity::Breaking));
    // A failure is nothing that anybody has to answer with.
    let failure = answers(&["200", "410"]);
    assert_eq!(worst(&one, &failure), Some(Severity::Info));
    assert_eq!(worst(&failure, &one), Some(Severity::Info));
}

#[test]
fn the_headers_of_a_part_weigh_what_those_of_the_whole_weigh() {
    let parts = |headers: Value| {
        let content = json!({"multipart/form-data": {
            "schema": {"type": "object", "properties": {"file": {"type": "string"}}},
            "encoding": {"file": {"headers": headers}},
        }});
        patched(&json!({"paths": {"/cards/{id}": {"put": {"requestBody": {"content": content}}}}}))
    };
    let header = |required: bool, kind: &str| json!({"X-Sum": {"required": required, "schema": {"type": kind}}});
    let (none, optional) = (parts(json!({})), parts(header(false, "string")));
    let required = parts(header(true, "string"));
    for (old, new, id, severity) in [
        (&none, &optional, "new-optional-request-parameter", Severity::Info),
        (&optional, &none, "request-parameter-removed", Severity::Warning),
        (&none, &required, "new-required-request-parameter", Severity::Breaking),
        (&required, &optional, "request-parameter-became-optional", Severity::Info),
        (&optional, &required, "request-parameter-became-required", Severity::Breaking),
        (
            &optional,
            &parts(header(false, "boolean")),
            "request-parameter-type-changed",
            Severity::Breaking,
        ),
    ] {
        assert_eq!(found(old, new), set(&[&format!("PUT {id}")]));
        assert_eq!(worst(old, new), Some(severity), "{id}");
    }
    // The type of a part is not said by a header.
    let typed = parts(json!({"Content-Type": {"required": true, "schema": {"type": "string"}}}));
    assert_eq!(found(&none, &typed), set(&[]));
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
    for (more, forwards, backwards) in [
        (json!({"description": "Called."}), "api-description-changed", "api-description-changed"),
        (
            json!({"post": {"responses": {"200": {"description": "Thanks."}}}}),
            "response-description-changed",
            "response-description-changed",
        ),
        (
            json!({"post": {"security": [{"key": []}]}}),
            "api-security-added",
            "api-security-loosened",
        ),
        (
            json!({"servers": [{"url": "https://b.example"}]}),
            "api-server-added",
            "api-server-removed",
        ),
    ] {
        let said = |old: &Value, new: &Value, id: &str| {
            let findings = compare(old, new);
            let names = [
                "POST done (webhook)",
                "POST {$request.body#/url} (callback done of GET /cards/{id})",
            ];
            for name in names {
                let of_it = |finding: &&Finding| finding.operation.as_deref() == Some(name);
                let ids: Vec<_> =
                    findings.iter().filter(of_it).map(|finding| &*finding.change.id).collect();
                assert!(ids.contains(&id), "{name}: {more}: {ids:?}");
            }
            assert!(findings.iter().all(|finding| {
                finding.operation.as_deref().is_some_and(|name| names.contains(&name))
            }));
        };
        said(&plain, &document(more.clone()), forwards);
        said(&document(more.clone()), &plain, backwards);
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
    let findings = compare(&document("string"), &document("boolean"));
    let ids: Vec<_> = findings.iter().map(|finding| &*finding.change.id).collect();
    assert_eq!(ids, ["response-body-type-changed"]);
}

#[test]
fn whoever_is_authorised_today_and_still_is_breaks_nobody() {
    let worst = |old: Value, new: Value| {
        let document = |security: Value| {
            let mut document = base();
            document["security"] = security;
            document
        };
        worst(&document(old), &document(new))
    };
    let info = Some(Severity::Info);
    let breaking = Some(Severity::Breaking);
    let a = || json!([{"a": ["r"]}]);
    for (old, new, forwards, backwards) in [
        (a(), json!([{"a": ["r"]}, {"b": []}]), info, breaking),
        (a(), json!([{"a": ["r"]}, {}]), info, breaking),
        (a(), json!([]), info, breaking),
        (a(), json!([{}]), info, breaking),
        (a(), json!([{"a": []}]), info, breaking),
        (a(), json!([{"a": ["r", "w"]}]), breaking, info),
        (a(), json!([{"a": ["r"], "b": []}]), breaking, info),
        (a(), json!([{"b": []}]), breaking, breaking),
        (json!([]), json!([{}]), None, None),
        (json!([]), json!([{}, {"a": []}]), info, info),
    ] {
        assert_eq!(worst(old.clone(), new.clone()), forwards, "{old} → {new}");
        assert_eq!(worst(new.clone(), old.clone()), backwards, "{new} → {old}");
    }
}

#[test]
fn a_component_is_not_said_to_lose_what_it_still_has() {
    let document = |schema: Value| {
        patched(&json!({
            "paths": {"/cards/{id}": {"get": {"responses": {"200": {"content": {"application/json": {"schema": schema}}}}}}},
            "components": {"schemas": {"Base": {"properties": {"at": {"type": "string"}}}, "Other": {"properties": {"by": {"type": "string"}}}}},
        }))
    };
    let refer = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let messages = |old: Value, new: Value| -> Vec<String> {
        compare(&document(old), &document(new))
            .iter()
            .map(|finding| finding.change.message.clone())
            .collect()
    };
    assert_eq!(
        messages(refer("Base"), refer("Other")),
        ["response body `Other`: no longer has `at`", "response body `Other`: now has `by`"]
    );
    let both = json!({"allOf": [refer("Base"), refer("Other")], "$ref": null});
    assert_eq!(messages(both, refer("Other")), ["response body `Other`: no longer has `at`"]);
}

#[test]
fn a_parameter_is_named_whatever_its_schema_refers_to() {
    let refer = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let document = |maximum: i32| {
        let parameter =
            |name: &str, schema: Value| json!({"name": name, "in": "query", "schema": schema});
        json!({
            "openapi": "3.1.0",
            "paths": {"/a": {"get": {"responses": {}, "parameters": [
                parameter("from", refer("Day")),
                parameter("to", refer("Day")),
                parameter("span", refer("Span")),
            ]}}},
            "components": {"schemas": {
                "Day": {"type": "integer", "maximum": maximum},
                "Span": {"type": "object", "properties": {
                    "days": {"type": "integer", "maximum": maximum}, "first": refer("Day"),
                }},
            }},
        })
    };
    let findings = compare(&document(31), &document(30));
    let messages: BTreeSet<_> = findings.iter().map(|finding| &*finding.change.message).collect();
    let what = "maximum decreased from 31 to 30";
    let expected = [
        "request parameter `from`",
        "request parameter `to`",
        "request parameter property `span (Day)`",
        "request parameter property `span.days`",
    ];
    let expected = expected.map(|place| format!("{place}: {what}"));
    assert_eq!(messages, expected.iter().map(String::as_str).collect());
}
