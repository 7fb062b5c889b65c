//! Each rule, both ways.

use serde_json::{Value, json};

use super::{RULES, document, rules, thing};

/// Something that a rule finds, and something like it that it doesn't.
pub(super) struct Case {
    pub(super) rule: &'static str,
    pub(super) yes: Value,
    no: Value,
}

/// A case about the schema of a property.
fn property(rule: &'static str, name: &str, yes: Value, no: Value) -> Case {
    Case { rule, yes: thing(&json!({ name: yes })), no: thing(&json!({ name: no })) }
}

/// A case about a whole schema.
fn schema(rule: &'static str, yes: &Value, no: &Value) -> Case {
    Case { rule, yes: document(yes), no: document(no) }
}

/// A case about the id of an operation, with its method and summary.
fn operation(id: &str, method: &str, summary: &str, no: &str) -> Case {
    let document = |id: &str| {
        let mut operation = json!({ "summary": summary, "responses": {} });
        if !id.is_empty() {
            operation["operationId"] = id.into();
        }
        json!({ "openapi": "3.1.0", "info": { "title": "t", "version": "1" }, "paths": { "/v1/cards/{id}": { method: operation } } })
    };
    Case { rule: "operation-name", yes: document(id), no: document(no) }
}

/// A case about the text of an error, and of an answer.
fn error(name: &str, no: &str) -> Case {
    let document = |name: &str, status: &str| {
        let text = json!({ "type": "object", "properties": { name: { "type": "string" } } });
        json!({
            "openapi": "3.1.0", "info": { "title": "t", "version": "1" },
            "components": { "schemas": { "Problem": text } },
            "paths": { "/a": { "get": { "operationId": "get_a", "responses": { status: { "description": "d",
                "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Problem" } } } } } } } },
        })
    };
    Case { rule: "sensitive-error-text", yes: document(name, "400"), no: document(no, "400") }
}

fn body(required: &Value, says: Option<bool>) -> Value {
    let mut document =
        document(&json!({ "type": "object", "required": required, "properties": { "a": {} } }));
    let body = document["paths"]["/things"]["post"]["requestBody"].as_object_mut().unwrap();
    body.shift_remove("required");
    body.extend(says.map(|says| ("required".to_owned(), says.into())));
    document
}

pub(super) fn cases() -> Vec<Case> {
    let text = || json!({ "type": "string" });
    let number = || json!({ "type": "number" });
    vec![
        property(
            "array-length",
            "tags",
            json!({ "type": "array", "maxLength": 5, "items": {} }),
            json!({ "type": "string", "maxLength": 5 }),
        ),
        property(
            "array-length",
            "tags",
            json!({ "type": ["array", "null"], "minLength": 1, "minItems": 1 }),
            json!({ "type": "array", "minItems": 1 }),
        ),
        property(
            "number-length",
            "index",
            json!({ "type": "integer", "maxLength": 2 }),
            json!({ "type": "integer", "maximum": 2 }),
        ),
        property(
            "number-length",
            "page",
            json!({ "type": "integer", "maxLength": 100, "description": "At most 100." }),
            text(),
        ),
        property(
            "format-punctuation",
            "country",
            json!({ "type": "string", "format": "ISO 3166-1," }),
            json!({ "type": "string", "format": "ISO 3166-1" }),
        ),
        property(
            "format-of-another-type",
            "made",
            json!({ "type": "integer", "format": "date-time" }),
            json!({ "type": "integer", "format": "int64" }),
        ),
        property(
            "format-of-another-type",
            "open",
            json!({ "type": "boolean", "format": "int32" }),
            json!({ "type": "string", "format": "int64" }),
        ),
        property(
            "format-of-another-type",
            "words",
            json!({ "type": "string", "format": "float" }),
            json!({ "type": "string", "format": "float", "example": "1.5" }),
        ),
        Case { rule: "body-required", yes: body(&json!(["a"]), None), no: body(&json!([]), None) },
        Case {
            rule: "body-required",
            yes: body(&json!(["a"]), None),
            no: body(&json!(["a"]), Some(false)),
        },
        property(
            "enum-without-null",
            "kind",
            json!({ "type": ["string", "null"], "enum": ["a"] }),
            json!({ "type": ["string", "null"], "enum": ["a", null] }),
        ),
        property(
            "enum-without-null",
            "kind",
            json!({ "type": "string", "nullable": true, "enum": ["a"] }),
            json!({ "type": "string", "nullable": false, "enum": ["a"] }),
        ),
        property(
            "enum-duplicate",
            "kind",
            json!({ "type": "integer", "enum": [1, 2, 1, 2, 1] }),
            json!({ "enum": ["a", "A", 1, "1"] }),
        ),
        schema(
            "required-unknown",
            &json!({ "type": "object", "required": ["b", "cardId", "a"], "properties": { "a": {}, "card_id": {} } }),
            &json!({ "type": "object", "required": ["b"], "properties": { "a": {} }, "allOf": [{ "properties": { "b": {} } }] }),
        ),
        schema(
            "required-unknown",
            &json!({ "type": "object", "required": ["b"], "properties": { "a": {} }, "additionalProperties": false }),
            &json!({ "type": "object", "required": ["b"], "properties": { "a": {} }, "additionalProperties": { "type": "string" } }),
        ),
        property(
            "example-refused",
            "size",
            json!({ "type": "integer", "example": "7" }),
            json!({ "type": "integer", "example": 7.0 }),
        ),
        property(
            "example-refused",
            "code",
            json!({ "type": "string", "maxLength": 2, "example": "abc" }),
            json!({ "type": "string", "pattern": "^a$", "example": "äb" }),
        ),
        schema(
            "example-refused",
            &json!({ "type": "object", "required": ["a"], "properties": { "a": {} }, "example": {} }),
            &json!({ "type": "object", "properties": { "a": { "type": "array", "items": { "minimum": 1 } } }, "example": { "a": [1] } }),
        ),
        schema(
            "example-refused",
            &json!({ "type": "object", "properties": { "a": { "type": "array", "items": { "minimum": 1 } } }, "example": { "a": [1, 0] } }),
            &json!({ "type": ["object", "null"], "example": null }),
        ),
        property(
            "date-time-without-offset",
            "at",
            json!({ "type": "string", "format": "date-time", "example": "2022-06-01 10:25:36" }),
            json!({ "type": "string", "format": "date-time", "example": "2022-06-01T10:25:36.5+02:00" }),
        ),
        property(
            "date-time-without-offset",
            "at",
            json!({ "type": "string", "format": "date-time", "example": "2022-06-01" }),
            json!({ "type": "string", "example": "2022-06-01T10:25:36" }),
        ),
        property(
            "limit-contradicted",
            "note",
            json!({ "type": "string", "maxLength": 64, "description": "A note (max 35 characters)." }),
            json!({ "type": "string", "maxLength": 64, "description": "Maximum of 64 characters; at least 3 characters." }),
        ),
        property(
            "limit-contradicted",
            "list",
            json!({ "type": "array", "maxItems": 5, "description": "Up to 10 items" }),
            json!({ "type": "array", "maxItems": 5, "description": "Up to 10 items, or up to 5 items on weekends" }),
        ),
        property("integer-id", "card_id", number(), json!({ "type": "number", "example": 1.5 })),
        property(
            "integer-id",
            "CardID",
            json!({ "type": ["number", "null"] }),
            json!({ "type": "number", "format": "double" }),
        ),
        property(
            "integer-id",
            "owner",
            json!({ "type": "number", "description": "Owner ID.", "example": 7 }),
            json!({ "type": "number", "description": "Owner ID." }),
        ),
        property(
            "integer-id-width",
            "card_id",
            json!({ "type": "integer" }),
            json!({ "type": "integer", "maximum": 99 }),
        ),
        property(
            "integer-status",
            "code",
            json!({ "type": "number", "description": "HTTP response code", "example": 400 }),
            json!({ "type": "number", "description": "Response code", "example": 400 }),
        ),
        operation("post-v1-cards-get_card", "get", "Get Visa card", "get_card"),
        operation("get-v1-cards-cardId", "get", "Get the card", "getCard"),
        operation("update-a-card", "put", "Update card", "update-card"),
        operation("", "delete", "", "delete-card"),
        property(
            "component",
            "kind",
            json!({ "type": "array", "items": { "type": "string", "enum": ["a", "b"] }, "x-kind": "one" }),
            json!({ "type": "string", "enum": ["a"] }),
        ),
        property(
            "sensitive-card",
            "pan",
            text(),
            json!({ "type": "string", "enum": ["full", "masked"] }),
        ),
        property(
            "sensitive-card",
            "number",
            json!({ "type": "string", "example": "4111 1111 1111 1111" }),
            json!({ "type": "string", "example": "4111 1111 1111 1112" }),
        ),
        property(
            "sensitive-card",
            "cvv2",
            json!({ "type": "integer" }),
            json!({ "type": "boolean" }),
        ),
        property(
            "sensitive-card",
            "code",
            json!({ "type": "string", "description": "Card verification code (3 digits)" }),
            json!({ "type": "string", "description": "Result of the card verification code" }),
        ),
        property(
            "sensitive-secret",
            "api_key",
            text(),
            json!({ "type": "string", "description": "UUID of the key" }),
        ),
        property(
            "sensitive-secret",
            "word",
            json!({ "type": "string", "format": "password" }),
            text(),
        ),
        property("sensitive-person", "first_name", text(), json!({ "type": "boolean" })),
        property(
            "sensitive-person",
            "contact",
            json!({ "type": "string", "format": "email" }),
            text(),
        ),
        error("message", "error_code"),
        error("details", "type"),
    ]
}

#[test]
fn each_rule_finds_what_it_is_for_and_not_what_is_like_it() {
    for Case { rule, yes, no } in cases() {
        assert!(rules(&yes).contains(rule), "{rule} has to find something in {yes}");
        assert!(!rules(&no).contains(rule), "{rule} must find nothing in {no}");
    }
}

#[test]
fn each_rule_has_cases() {
    let cases = cases();
    for rule in RULES {
        // What is about pages, or about a manifest, has a test of its own.
        let is_elsewhere = ["words-differ", "sensitive-here"].contains(&rule.name);
        assert!(is_elsewhere || cases.iter().any(|case| case.rule == rule.name), "{}", rule.name);
    }
}

#[test]
fn what_a_webhook_or_a_callback_sends_is_looked_at_like_an_answer() {
    let text = json!({ "type": "string" });
    let body = json!({ "content": { "application/json": { "schema": {
        "type": "object", "required": ["pan"], "properties": { "pan": text, "message": text },
    } } } });
    let call = json!({ "post": { "requestBody": body, "responses": {
        "200": { "description": "d", "content": { "application/json": { "schema": {
            "type": "object", "properties": { "card_id": { "type": "number", "example": 7 } },
        } } } },
    } } });
    let mut webhook = document(&json!({ "type": "object" }));
    let mut callback = webhook.clone();
    let mut component = webhook.clone();
    webhook["webhooks"]["moved"] = call.clone();
    callback["paths"]["/things"]["post"]["callbacks"]["moved"]["{$request.body#/url}"] =
        call.clone();
    component["components"]["callbacks"]["moved"]["{$request.body#/url}"] = call;
    component["paths"]["/things"]["post"]["callbacks"]["moved"] =
        json!({ "$ref": "#/components/callbacks/moved" });
    for document in [webhook, callback, component] {
        let found = rules(&document);
        for rule in ["body-required", "component", "integer-id", "sensitive-card"] {
            assert!(found.contains(rule), "{rule}: {found:?}");
        }
        // No error, so its texts are none of an error; and no method of the client is called after it.
        assert!(!found.contains("sensitive-error-text") && !found.contains("operation-name"));
    }
}
