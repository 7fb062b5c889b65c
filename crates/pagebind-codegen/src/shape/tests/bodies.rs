//! Bodies of requests.

use serde_json::{Value, json};

use super::{operation, source_of};
use crate::generate;

#[test]
fn an_optional_body_can_be_left_out() {
    let contract = |required: bool| {
        let schema = json!({ "type": "object", "properties": { "name": { "type": "string" } } });
        let body = json!({ "required": required, "content": { "application/json": { "schema": schema } } });
        let operation = json!({ "operationId": "put", "requestBody": body, "responses": { "204": { "description": "Done" } } });
        json!({ "openapi": "3.0.3", "info": { "title": "Cards", "version": "1" }, "paths": { "/": { "put": operation } } })
    };
    let source = |required| {
        let generated = generate(&contract(required)).unwrap();
        assert_eq!(generated.degradations, []);
        generated.source
    };
    assert!(source(true).contains("body: building::Set<types::builder::PutBody>"));
    assert!(source(false).contains("if let Some(body) = self.body.transpose() {"));
}

#[test]
fn each_kind_of_body_has_a_method_and_of_several_of_one_kind_the_others_are_said() {
    let meta = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
    let in_xml =
        json!({ "type": "object", "xml": { "name": "meta" }, "properties": meta["properties"] });
    let content = json!({
        "application/xml": { "schema": in_xml },
        "application/octet-stream": { "schema": { "type": "string", "format": "binary" } },
        "multipart/form-data": { "schema": meta },
        "application/json": { "schema": meta },
        "application/vnd.a+json": { "schema": meta },
    });
    let (items, said) =
        operation(json!({ "requestBody": { "required": true, "content": content } }));
    for method in ["get_card", "get_card_xml", "get_card_multipart", "get_card_bytes"] {
        assert!(items.contains(&format!("Client::{method} = ")), "{items}");
    }
    assert!(items.contains("types::GetCardMultipartBody::a = fn a<"), "{items}");
    assert_eq!(
        said,
        [
            "/paths/~1cards~1{id}/get/requestBody: is sent as application/json; not offered: application/vnd.a+json"
        ]
    );
}

#[test]
fn patches_of_both_kinds_have_a_method_each() {
    let content = json!({
        "application/merge-patch+json": { "schema": { "type": "object" } },
        "application/json-patch+json": { "schema": { "type": "array", "items": {} } },
    });
    let (items, said) =
        operation(json!({ "requestBody": { "required": true, "content": content } }));
    for method in ["get_card", "get_card_json_patch"] {
        assert!(items.contains(&format!("Client::{method} = ")), "{items}");
    }
    assert_eq!(said, [""; 0]);
}

#[test]
fn the_parts_of_an_all_of_are_parts_of_the_body() {
    let member =
        |name: &str| json!({ "type": "object", "properties": { name: { "type": "string" } } });
    let schema = json!({ "allOf": [member("a"), member("b")] });
    let content = json!({ "multipart/form-data": { "schema": schema } });
    let (items, said) = operation(json!({ "requestBody": { "content": content } }));
    for part in ["a", "b"] {
        assert!(items.contains(&format!("types::GetCardBody::{part} = fn {part}<")), "{items}");
    }
    assert_eq!(said, [] as [&str; 0]);
}

#[test]
fn bodies_of_xml_that_have_no_one_form_are_listed() {
    let named = json!({ "oneOf": [{ "type": "string" }, { "type": "integer" }], "xml": { "name": "card" } });
    let card = json!({ "application/xml": { "schema": named } });
    let (_, said) = operation(json!({
        "requestBody": { "content": card },
        "responses": { "200": { "description": "Card", "content": card } },
    }));
    let place = "/paths/~1cards~1{id}/get";
    let not_applied = "a union has no form in XML";
    assert_eq!(
        said,
        [
            format!(
                "{place}/requestBody: is sent as application/xml that the caller writes: {not_applied}"
            ),
            format!("{place}/responses/200: is handed on as it comes: {not_applied}"),
        ]
    );
}

#[test]
fn the_fields_of_a_form_are_in_the_order_of_the_contract() {
    let part = |name: &str| json!({ "properties": { name: { "type": "string" } } });
    let schema = json!({ "allOf": [part("z"), part("b")], "properties": { "y": {} } });
    let content = json!({ "application/x-www-form-urlencoded": { "schema": schema } });
    let body = json!({ "requestBody": { "required": true, "content": content } });
    let (source, _) = source_of(json!({}), body);
    assert!(source.contains(r#"&["y", "z", "b"]"#), "{source}");
}

#[test]
fn media_types_are_the_same_in_any_case() {
    let media = |schema: &Value| json!({ "schema": schema });
    let object = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
    let problem =
        json!({ "description": "", "content": { "application/Problem+JSON": media(&object) } });
    let twice =
        json!({ "Application/JSON": media(&object), "application/json": media(&json!({})) });
    let (source, said) = source_of(
        json!({ "components": { "responses": { "Problem": problem } } }),
        json!({
            "requestBody": { "content": { "Application/JSON": media(&object) } },
            "responses": {
                "200": { "description": "", "content": twice },
                "400": { "$ref": "#/components/responses/Problem" },
            },
        }),
    );
    for text in ["application/problem+json", "struct GetABody", "struct GetAResponse"] {
        assert!(source.contains(text), "no {text} in\n{source}");
    }
    let place = "/paths/~1a/get/responses/200/content/application~1json";
    let why = "`application/json` is offered twice, in another case; the first is taken";
    assert_eq!(said, [format!("{place}: {why}")]);
}

#[test]
fn forms_and_webhooks_are_known_in_any_case_and_parameters_keep_theirs() {
    let schema = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
    for (media_type, expected) in [
        ("Multipart/Form-Data", "struct GetABody(::pagebind_client::Multipart)"),
        ("Application/X-WWW-Form-Urlencoded", "pub a: ::std::option::Option"),
        ("Application/Pdf; Profile=A", "application/pdf; Profile=A"),
    ] {
        let body = json!({ "content": { media_type: { "schema": schema } } });
        let (source, _) = source_of(json!({}), json!({ "requestBody": body }));
        assert!(source.contains(expected), "no {expected} in\n{source}");
    }
    let body = json!({ "content": { "Application/JSON": { "schema": schema } } });
    let hooks = json!({ "webhooks": { "news": { "post": { "requestBody": body } } } });
    assert_eq!(source_of(hooks, json!({})).1, [] as [&str; 0]);
}

#[test]
fn limits_that_no_setter_holds_to_are_listed() {
    let said = |media_type: &str, schema: Value| {
        let body = json!({ "content": { media_type: { "schema": schema } } });
        source_of(json!({}), json!({ "requestBody": body })).1
    };
    let at = "/paths/~1a/get/requestBody/content";
    let list =
        json!({ "type": "array", "minItems": 1, "items": { "type": "integer", "minimum": 3 } });
    let limits = "`minItems: 1` and of each part `minimum: 3`";
    assert_eq!(said("application/json", list), [format!("{at}: {limits} is not checked here")]);
    let number = json!({ "type": "integer", "minimum": 3 });
    let union = json!({ "oneOf": [number, { "type": "array", "maxItems": 2, "items": {} }] });
    let object =
        json!({ "type": "object", "minProperties": 1, "properties": { "a": number, "u": union } });
    let listed = said("application/json", object.clone());
    assert_eq!(listed.len(), 3, "{listed:?}");
    for limit in ["`minProperties: 1`", "`minimum: 3`", "`maxItems: 2`"] {
        let words = format!(": {limit} is not checked here");
        assert!(listed.iter().any(|said| said.ends_with(&words)), "{listed:?}");
    }
    let parts = json!({ "type": "object", "properties": { "n": number } });
    let why = "`minimum: 3` of the part `n` is not checked";
    assert_eq!(said("multipart/form-data", parts), [format!("{at}: {why}")]);
}

#[test]
fn limits_of_what_only_comes_and_of_fields_are_not_listed() {
    let list = json!({ "type": "array", "maxItems": 2, "items": { "type": "string" } });
    let content = json!({ "application/json": { "schema": list } });
    let field = json!({ "type": "object", "properties": { "a": list } });
    let (_, said) = source_of(
        json!({}),
        json!({
            "requestBody": { "content": { "application/json": { "schema": field } } },
            "responses": { "200": { "description": "", "content": content } },
        }),
    );
    assert_eq!(said, [] as [&str; 0]);
}
