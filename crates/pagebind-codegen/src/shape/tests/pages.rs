//! Pages of lists.

use serde_json::{Value, json};

use super::{has, operation};
use crate::generate;

#[test]
fn pages_that_can_t_be_followed_are_listed_and_the_operation_stays() {
    let parameter = json!({ "name": "after", "in": "query", "schema": { "type": "string" } });
    let page = json!({ "type": "object", "properties": { "next": { "type": "string" } } });
    let answer = |schema: &Value| {
        let content = json!({ "application/json": { "schema": schema } });
        json!({ "200": { "description": "Cards", "content": content } })
    };
    let followed = |pagination: Value, responses: Value| {
        let (items, said) = operation(json!({
            "parameters": [parameter],
            "x-pagination": pagination,
            "responses": responses,
        }));
        has(&items, "Client::get_card = fn get_card(&self) -> builder::GetCard<'_>");
        let said = said.into_iter().map(|it| it.replace("/paths/~1cards~1{id}/get: ", ""));
        (items.contains("::pages = fn pages"), said.collect::<Vec<_>>())
    };
    let cursor = json!({ "parameter": "after", "next": "/next" });
    assert_eq!(followed(cursor.clone(), answer(&page)), (true, Vec::new()));
    let without_items = json!({ "parameter": "after", "next": "/next", "items": "/next" });
    let (pages, said) = followed(without_items, answer(&page));
    assert!(pages && said[0].starts_with("its answer has no list `/next`"), "{said:?}");
    let none = json!({ "204": { "description": "Done" } });
    for (pagination, responses, said) in [
        (cursor.clone(), answer(&json!({ "type": "object" })), "its answer has no `/next`"),
        (cursor, none, "its answers are not of one type"),
        (json!({ "parameter": "page", "next": "/next" }), answer(&page), "has no query parameter"),
        (json!({ "next": "next" }), answer(&page), "`next` is no JSON pointer"),
        (json!({ "parameter": "after" }), answer(&page), "its pagination says neither `next`"),
    ] {
        let (followed, listed) = followed(pagination, responses);
        assert!(!followed && listed.len() == 1 && listed[0].starts_with(said), "{listed:?}");
    }
}

#[test]
fn what_the_manifest_says_of_pages_has_to_hold_for_some_operation() {
    let contract = |parameter: &str| {
        let pagination = json!([{ "parameter": parameter, "next": "/next" }]);
        let page = json!({ "type": "object", "properties": { "next": { "type": "string" } } });
        let content = json!({ "application/json": { "schema": page } });
        json!({
            "openapi": "3.1.0",
            "info": { "title": "Cards", "version": "1" },
            "x-pagebind": {
                "command": "", "pages": [], "client_headers": [], "pagination": pagination,
            },
            "paths": { "/cards": { "get": {
                "operationId": "cards",
                "parameters": [
                    { "name": "after", "in": "query", "schema": { "type": "string" } },
                ],
                "responses": { "200": { "description": "Cards", "content": content } },
            } } },
        })
    };
    assert!(generate(&contract("after")).unwrap().source.contains("fn pages"));
    let refused = generate(&contract("page")).unwrap_err().to_string();
    assert!(refused.contains("no operation has pages as the manifest says it"), "{refused}");
    assert!(refused.contains("/x-pagebind/pagination/0"), "{refused}");
}
