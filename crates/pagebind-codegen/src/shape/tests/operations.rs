//! Operations: their names, and their paths.

use serde_json::json;

use super::{generated, has};
use crate::generate;

#[test]
fn an_operation_without_an_id_is_named_after_its_place() {
    let operation = json!({ "responses": { "204": { "description": "Done" } } });
    let (items, said) = generated(&json!({ "/v1/cards": { "get": operation } }), &json!({}));
    has(&items, "Client::get_v1_cards = fn get_v1_cards(&self) -> builder::GetV1Cards<'_>");
    assert_eq!(said, ["/paths/~1v1~1cards/get: has no operationId; its method and path name it"]);
}

#[test]
fn operations_whose_names_collide_are_told_apart() {
    let operation =
        |id: &str| json!({ "operationId": id, "responses": { "204": { "description": "Done" } } });
    let path = json!({ "get": operation("get_card"), "head": operation("getCard") });
    let (items, said) = generated(&json!({ "/cards": path }), &json!({}));
    has(&items, "Client::get_card = fn get_card(&self) -> builder::GetCard<'_>");
    has(&items, "Client::get_card2 = fn get_card2(&self) -> builder::GetCard2<'_>");
    assert_eq!(
        said,
        ["/paths/~1cards/head: the name `get_card` is taken; its method is `get_card2`"]
    );
}

#[test]
fn a_path_without_its_slash_keeps_its_operations() {
    let operation =
        json!({ "operationId": "getCard", "responses": { "204": { "description": "Done" } } });
    let (items, said) = generated(&json!({ "cards": { "get": operation } }), &json!({}));
    assert!(items.contains("Client::get_card = "), "{items}");
    assert_eq!(
        said,
        ["/paths/cards: the path does not begin with a slash; it is taken as `/cards`"]
    );
}

#[test]
fn an_extension_beside_the_paths_holds_no_operation() {
    let operation =
        json!({ "operationId": "getCard", "responses": { "204": { "description": "Done" } } });
    let paths = json!({ "/cards": { "get": operation }, "x-draft": { "get": operation } });
    let (items, said) = generated(&paths, &json!({}));
    assert!(items.contains("Client::get_card = ") && !items.contains("get_card2"), "{items}");
    assert_eq!(said, [""; 0]);
}

#[test]
fn a_path_whose_braces_do_not_pair_up_is_refused_by_name() {
    let operation =
        json!({ "operationId": "getCard", "responses": { "204": { "description": "Done" } } });
    for (path, fault) in [
        ("/cards/{id", "an opening brace without a closing one"),
        ("/cards/id}", "a closing brace without an opening one"),
        ("/cards/{id}}", "a closing brace without an opening one"),
        ("/cards/{{id}}", "an opening brace inside a parameter"),
        ("/cards/{id/x}", "a slash inside a parameter, or no brace to close it"),
    ] {
        let contract = json!({
            "openapi": "3.0.3",
            "info": { "title": "Cards", "version": "1" },
            "paths": { path: { "get": operation } },
        });
        let said = generate(&contract).unwrap_err().to_string();
        let pointer = pagebind::pointer::join("/paths", path);
        assert!(said.contains(&format!("the path `{path}` has {fault}")), "{said}");
        assert!(said.contains(&format!("the contract at {pointer}")), "{said}");
        assert!(said.contains("overlay.yaml"), "{said}");
    }
}
