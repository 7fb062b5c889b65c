//! Responses.

use serde_json::json;

use super::{has, operation, source_of};

#[test]
fn an_operation_that_documents_no_success_gives_bytes() {
    let (items, said) = operation(json!({ "responses": { "404": { "description": "None" } } }));
    has(
        &items,
        "builder::GetCard<'a>::send = async fn send(self) -> Result<ResponseValue<ByteStream>, Error<()>>",
    );
    assert_eq!(said, [] as [&str; 0]);
}

#[test]
fn a_default_alone_is_success_and_error() {
    let body = json!({ "application/json": { "schema": { "type": "object", "properties": { "id": { "type": "integer" } } } } });
    let (items, _) =
        operation(json!({ "responses": { "default": { "description": "Any", "content": body } } }));
    has(
        &items,
        "builder::GetCard<'a>::send = async fn send(self) -> Result<ResponseValue<types::GetCardResponse>, Error<types::GetCardError>>",
    );
}

#[test]
fn a_response_of_json_without_a_schema_is_any_value() {
    let (items, said) = operation(
        json!({ "responses": { "200": { "description": "OK", "content": { "application/json": {} } } } }),
    );
    has(
        &items,
        "builder::GetCard<'a>::send = async fn send(self) -> Result<ResponseValue<serde_json::Value>, Error<()>>",
    );
    assert_eq!(said, [] as [&str; 0]);
}

#[test]
fn a_key_that_is_no_status_is_left_out() {
    let (_, said) = operation(
        json!({ "responses": { "2000": { "description": "?" }, "204": { "description": "Done" } } }),
    );
    assert_eq!(
        said,
        [
            "/paths/~1cards~1{id}/get/responses/2000: `2000` is no HTTP status; the response is left out"
        ]
    );
}

#[test]
fn a_body_that_no_answer_can_have_is_none() {
    let card = json!({ "type": "object", "properties": { "id": { "type": "integer" } } });
    let content = json!({ "application/json": { "schema": card } });
    for status in ["204", "205"] {
        let (source, said) = source_of(
            json!({}),
            json!({ "responses": { status: { "description": "Done", "content": content } } }),
        );
        assert!(source.contains("Output = Result<ResponseValue<()>, Error<()>>"), "{source}");
        assert_eq!(said, [] as [&str; 0]);
    }
}

#[test]
fn an_odd_media_type_is_not_asked_for() {
    let responses = json!({ "200": { "description": "Done", "content": { "naïve": {} } } });
    let (source, said) = source_of(json!({}), json!({ "responses": responses }));
    assert!(!source.contains(".accept("), "{source}");
    assert_eq!(said.len(), 1, "{said:?}");
}
