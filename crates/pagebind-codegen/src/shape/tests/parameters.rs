//! Parameters: their types, their styles, and their names.

use serde_json::json;

use super::{generated, has, operation};
use crate::generate;

#[test]
fn path_parameters_are_required_and_declared() {
    let parameters = json!([
        { "name": "id", "in": "path", "schema": { "type": "integer" } },
        { "name": "other", "in": "path", "required": true, "schema": { "type": "integer" } },
    ]);
    let operation = json!({ "operationId": "getCard", "parameters": parameters, "responses": { "204": { "description": "Done" } } });
    let (items, said) =
        generated(&json!({ "/cards/{id}/{part}": { "get": operation } }), &json!({}));
    assert!(
        items.contains("builder::GetCard<'a>::id = ")
            && items.contains("builder::GetCard<'a>::part = "),
        "{items}"
    );
    assert_eq!(
        said,
        [
            "/paths/~1cards~1{id}~1{part}/get: the path does not name its parameter \"other\"; it is left out",
            "/paths/~1cards~1{id}~1{part}/get: does not declare its path parameter `part`; it is taken as text",
        ]
    );
}

#[test]
fn every_parameter_has_the_type_of_its_value() {
    let range = json!({ "type": "object", "properties": { "from": { "type": "integer" } } });
    let (items, said) = operation(json!({ "parameters": [
        { "name": "session", "in": "cookie", "schema": { "type": "string" } },
        { "name": "where", "in": "query", "content": { "application/json": { "schema": range } } },
        { "name": "ids", "in": "header", "explode": true, "schema": { "type": "array", "items": { "type": "integer" } } },
        { "name": "filter", "in": "query", "style": "deepObject", "schema": range },
        { "name": "raw", "in": "query", "content": { "text/csv": { "schema": { "type": "array" } } } },
        { "name": "none", "in": "query", "schema": { "not": {} } },
    ] }));
    for (setter, value) in [
        ("session", "String"),
        ("where_", "types::GetCardWhere"),
        ("ids", "Vec<i64>"),
        ("filter", "types::GetCardFilter"),
        ("raw", "String"),
        ("none", "types::GetCardNone"),
    ] {
        let signature =
            format!("fn {setter}<V>(self, V) -> Self where V: TryInto<{value}>, V::Error: Display");
        has(&items, &format!("builder::GetCard<'a>::{setter} = {signature}"));
    }
    has(&items, "types::GetCardFilter::from = Option<i64>");
    has(&items, "types::GetCardNone = #[non_exhaustive] enum");
    assert_eq!(
        said,
        [
            "/paths/~1cards~1{id}/get/parameters/5: `raw` is published as text/csv; it is taken as text in that form",
        ]
    );
}

#[test]
fn a_parameter_of_a_component_that_is_used_twice_has_its_type() {
    let page = json!({ "$ref": "#/components/schemas/page" });
    let nullable = json!({ "allOf": [page], "nullable": true });
    let operation = json!({
        "operationId": "list",
        "parameters": [
            { "name": "a", "in": "query", "required": true, "schema": page },
            { "name": "b", "in": "query", "required": true, "schema": nullable },
            { "name": "c", "in": "header", "schema": { "type": "string", "nullable": true } },
            { "name": "d", "in": "path", "schema": { "type": "string", "nullable": true } },
        ],
        "responses": { "204": { "description": "Done" } },
    });
    let schemas =
        json!({ "page": { "type": "object", "properties": { "limit": { "type": "integer" } } } });
    let (items, said) = generated(&json!({ "/list/{d}": { "get": operation } }), &schemas);
    for (setter, value) in
        [("a", "types::Page"), ("b", "types::Page"), ("c", "String"), ("d", "String")]
    {
        let signature =
            format!("fn {setter}<V>(self, V) -> Self where V: TryInto<{value}>, V::Error: Display");
        has(&items, &format!("builder::List<'a>::{setter} = {signature}"));
    }
    assert_eq!(said, [] as [&str; 0]);
}

#[test]
fn what_a_style_does_not_define_is_said() {
    let many =
        json!({ "type": "array", "items": { "type": "array", "items": { "type": "integer" } } });
    let (_, said) = operation(json!({ "parameters": [
        { "name": "many", "in": "query", "schema": many },
        { "name": "deep", "in": "query", "style": "deepObject", "schema": many },
        { "name": "odd", "in": "header", "style": "form", "schema": { "type": "string" } },
        { "name": "form", "in": "formData", "schema": { "type": "string" } },
    ] }));
    assert_eq!(
        said,
        [
            "/paths/~1cards~1{id}/get/parameters/1: the style of `many` does not say how a list or an object inside of its value is written; it is sent as its JSON",
            "/paths/~1cards~1{id}/get/parameters/3: there is no style `form` there; `odd` has the default one",
            "/paths/~1cards~1{id}/get/parameters/4: a parameter in `formData` is none; `form` is left out",
        ]
    );
}

#[test]
fn parameters_of_the_same_name_are_told_apart_and_so_is_the_client() {
    let (items, said) = operation(json!({ "parameters": [
        { "name": "id", "in": "query", "schema": { "type": "string" } },
        { "name": "client", "in": "query", "schema": { "type": "string" } },
    ] }));
    for setter in ["id", "id2", "client2"] {
        assert!(
            items.contains(&format!("builder::GetCard<'a>::{setter} = ")),
            "{setter} in\n{items}"
        );
    }
    assert_eq!(
        said,
        [
            "/paths/~1cards~1{id}/get/parameters/1: the name `id` is taken; the parameter `id` is `id2`",
            "/paths/~1cards~1{id}/get/parameters/2: the name `client` is taken; the parameter `client` is `client2`",
        ]
    );
}

#[test]
fn a_header_that_can_t_be_one_is_left_out_and_the_three_of_http_are_no_parameters() {
    let (items, said) = operation(json!({ "parameters": [
        { "name": "X Odd", "in": "header", "schema": { "type": "string" } },
        { "name": "Authorization", "in": "header", "schema": { "type": "string" } },
    ] }));
    assert!(!items.contains("x_odd") && !items.contains("authorization"), "{items}");
    assert_eq!(
        said,
        [
            "/paths/~1cards~1{id}/get/parameters/1: `X Odd` can't be the name of a header; it is left out"
        ]
    );
}

#[test]
fn a_path_parameter_gives_way_to_the_body_and_to_what_the_builder_has_besides() {
    for name in
        ["body", "body_map", "new", "send", "client", "header", "headers", "request", "response"]
    {
        let operation = json!({
            "operationId": "putNote",
            "parameters": [
                { "name": name, "in": "path", "required": true, "schema": { "type": "integer" } },
            ],
            "requestBody": { "required": true, "content": { "application/json": {} } },
            "responses": { "204": { "description": "Done" } },
        });
        let path = format!("/notes/{{{name}}}");
        let (items, said) = generated(&json!({ path: { "put": operation } }), &json!({}));
        assert!(items.contains(&format!("builder::PutNote<'a>::{name}2 = ")), "{items}");
        let renamed = format!("the name `{name}` is taken; the parameter `{name}` is `{name}2`");
        assert_eq!(said, [format!("/paths/~1notes~1{{{name}}}/put/parameters/0: {renamed}")]);
    }
}

#[test]
fn path_parameters_with_one_rust_name_are_told_apart_in_the_path_as_well() {
    let operation =
        json!({ "operationId": "getCard", "responses": { "204": { "description": "Done" } } });
    let contract = json!({
        "openapi": "3.0.3",
        "info": { "title": "Cards", "version": "1" },
        "paths": { "/cards/{id}/{ID}/{body}/{body2}": { "get": operation } },
    });
    let source = generate(&contract).unwrap().source;
    for (name, field) in [("id", "id2"), ("ID", "id"), ("body", "body3"), ("body2", "body2")] {
        let sent = format!("Parameter::path(\"{name}\"), self.{field})");
        assert!(source.contains(&sent), "no `{sent}` in\n{source}");
    }
}

#[test]
fn parameters_that_only_the_generators_find_equal_are_told_apart() {
    for (one, other, setters) in [("-", "x", ["x", "x2"]), ("+1", "plus1", ["plus1", "plus12"])] {
        let query =
            |name: &str| json!({ "name": name, "in": "query", "schema": { "type": "integer" } });
        let (items, _) = operation(json!({ "parameters": [query(one), query(other)] }));
        for setter in setters {
            assert!(
                items.contains(&format!("builder::GetCard<'a>::{setter} = ")),
                "{setter} in\n{items}"
            );
        }
    }
}
