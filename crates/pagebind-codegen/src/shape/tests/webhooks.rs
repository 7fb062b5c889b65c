//! Webhooks.

use serde_json::json;

use crate::generate;

#[test]
fn losses_of_a_webhook_s_body_stand_where_it_is_published() {
    let schema = json!({ "type": "object", "propertyNames": { "maxLength": 3 } });
    let content = json!({ "application/json": { "schema": schema } });
    let generated = generate(&json!({
        "openapi": "3.1.0",
        "info": { "title": "Cards", "version": "1" },
        "webhooks": { "sold": { "post": { "requestBody": { "content": content } } } },
    }));
    let generated = generated.unwrap();
    assert!(generated.source.contains("pub fn sold("));
    let places: Vec<_> = generated.losses.iter().map(|loss| loss.pointer.as_str()).collect();
    let place = "/webhooks/sold/post/requestBody/content/application~1json/schema/propertyNames";
    assert_eq!(places, [place]);
}

#[test]
fn a_callback_may_stand_by_reference_wherever_it_is() {
    let of = |callbacks: serde_json::Value| json!({ "post": { "callbacks": callbacks } });
    let body = json!({ "content": { "application/json": { "schema": { "type": "string" } } } });
    let sold = json!({
        "requestBody": body,
        "callbacks": { "again": { "$ref": "#/components/callbacks/Sold" } },
    });
    let generated = generate(&json!({
        "openapi": "3.0.3",
        "info": { "title": "Cards", "version": "1" },
        "paths": { "/cards": of(json!({ "sold": { "$ref": "#/components/callbacks/Sold" } })) },
        "components": { "callbacks": { "Sold": { "{$request.body#/url}": { "post": sold } } } },
    }));
    let source = generated.unwrap().source;
    assert!(source.contains("pub fn post_cards_sold("), "{source}");
}

#[test]
fn webhooks_whose_names_collide_are_told_apart_and_said() {
    let body = json!({ "content": { "application/json": { "schema": { "type": "string" } } } });
    let hook = json!({ "post": { "requestBody": body } });
    let generated = generate(&json!({
        "openapi": "3.1.0",
        "info": { "title": "Cards", "version": "1" },
        "webhooks": { "newPet": hook, "new_pet": hook, "sold": hook },
    }));
    let said = generated.unwrap().degradations;
    let said: Vec<String> = said.iter().map(ToString::to_string).collect();
    let why = "the name `new_pet` is taken; its function is `new_pet2`";
    assert_eq!(said, [format!("/webhooks/new_pet/post: {why}")]);
}
