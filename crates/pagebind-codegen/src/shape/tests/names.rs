//! What the contract calls a thing, and what its name in Rust is.

use serde_json::json;

use super::{generated, has, operation, types};
use crate::generate;

#[test]
fn schemas_whose_names_collide_are_told_apart() {
    let (items, said) = types(json!({
        "card-id": { "type": "string", "maxLength": 1 },
        "CardId": { "type": "integer" },
        "Result": { "type": "object", "properties": { "id": { "$ref": "#/components/schemas/card-id" } } },
    }));
    has(&items, "types::CardId::0 = i64");
    has(&items, "types::Result2::id = Option<types::CardId2>");
    assert_eq!(
        said,
        [
            "/components/schemas/Result: the type name `Result` is taken; it becomes `Result2`",
            "/components/schemas/card-id: the type name `CardId` is taken; it becomes `CardId2`",
        ]
    );
}

#[test]
fn inline_schemas_that_typify_would_take_for_one_are_two() {
    let inline = |property: &str| json!({ "title": "Thing", "type": "object", "properties": { property: { "type": "string" } } });
    let (items, said) = types(json!({
        "Card": { "type": "object", "properties": { "a": inline("x"), "b": inline("y"), "owner_id": inline("z") } },
        "CardOwner": { "type": "object", "properties": { "id": inline("w") } },
    }));
    has(&items, "types::CardA::x = Option<String>");
    has(&items, "types::CardB::y = Option<String>");
    has(&items, "types::CardOwnerId::z = Option<String>");
    has(&items, "types::CardOwnerId2::w = Option<String>");
    assert_eq!(said, [] as [&str; 0]);
}

#[test]
fn properties_whose_names_collide_are_fields_with_names_of_their_own() {
    let (items, said) = types(json!({
        "Card": { "type": "object", "properties": { "fooBar": { "type": "string" }, "foo_bar": { "type": "string" } } },
    }));
    has(&items, "types::Card::foo_bar = Option<String>");
    has(&items, "types::Card::foo_bar2 = Option<String>");
    assert_eq!(
        said,
        [
            "/components/schemas/Card/properties/fooBar: the field `foo_bar` is taken; it becomes `foo_bar2`"
        ]
    );
}

#[test]
fn a_property_with_the_name_of_the_map_beside_it_is_told_apart_from_it() {
    let (items, said) = types(json!({
        "Card": {
            "type": "object",
            "properties": { "extra": { "type": "string" } },
            "additionalProperties": { "type": "string" },
        },
    }));
    has(&items, "types::Card::extra = HashMap<String, String>");
    has(&items, "types::Card::extra2 = Option<String>");
    assert_eq!(
        said,
        [
            "/components/schemas/Card/properties/extra: the field `extra` is taken; it becomes `extra2`"
        ]
    );
}

#[test]
fn properties_that_only_the_generators_find_equal_are_told_apart() {
    for (one, other, field) in [("-", "x", "x"), ("+1", "plus1", "plus1"), ("2fa", "x2fa", "x2fa")]
    {
        let properties = json!({ one: { "type": "string" }, other: { "type": "string" } });
        let (items, _) = types(json!({ "Card": { "type": "object", "properties": properties } }));
        has(&items, &format!("types::Card::{field} = Option<String>"));
        has(&items, &format!("types::Card::{field}2 = Option<String>"));
    }
}

#[test]
fn operations_and_parameters_hide_nothing_of_the_source() {
    let operation = |id: &str| {
        json!({
            "operationId": id,
            "parameters": [{ "name": "send", "in": "query", "schema": { "type": "string" } }],
            "responses": { "204": { "description": "Done" } },
        })
    };
    let paths = json!({
        "/a": { "get": operation("new"), "put": operation("error"), "post": operation("builder"), "head": operation("with_token") },
    });
    let (items, said) = generated(&paths, &json!({}));
    for method in ["new2", "error2", "builder2", "with_token2"] {
        assert!(items.contains(&format!("Client::{method} = ")), "{items}");
    }
    assert_eq!(said[0], "/paths/~1a/get: the name `new` is taken; its method is `new2`");
    assert!(items.contains("builder::New2<'a>::send2 = "), "{items}");
}

#[test]
fn operations_do_not_hide_what_the_source_imports() {
    for (id, method) in
        [("from", "from2"), ("byteStream", "byte_stream2"), ("responseValue", "response_value2")]
    {
        let (items, _) = operation(json!({ "operationId": id }));
        assert!(items.contains(&format!("Client::{method} = ")), "{items}");
    }
}

#[test]
fn the_name_of_the_runtime_is_a_name_like_any_other() {
    let (items, _) = operation(json!({
        "operationId": "progenitor_client",
        "parameters": [{ "name": "progenitor_client", "in": "query", "schema": { "type": "integer" } }],
    }));
    assert!(items.contains("Client::progenitor_client = "), "{items}");
    assert!(items.contains("builder::ProgenitorClient<'a>::progenitor_client = "), "{items}");
}

#[test]
fn what_is_sent_has_the_names_of_the_contract() {
    let operation =
        |id: &str| json!({ "operationId": id, "responses": { "204": { "description": "Done" } } });
    let contract = json!({
        "openapi": "3.0.3",
        "info": { "title": "Cards", "version": "1" },
        "paths": { "/cards": { "options": operation("cardOptions"), "trace": operation("b") } },
    });
    let source = generate(&contract).unwrap().source;
    for sent in
        ["\"cardOptions\",\n                \"OPTIONS\"", "\"b\",\n                \"TRACE\""]
    {
        assert!(source.contains(sent), "no `{sent}` in\n{source}");
    }
}
