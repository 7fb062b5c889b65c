//! Each trap of progenitor and typify: what becomes of it, what is said of it, and that it
//! generates.

use serde_json::{Value, json};

use crate::{generate, public_items};

/// Generates from a contract of these paths and schemas; gives the public items of the client,
/// a line each, and the degradations.
#[track_caller]
fn generated(paths: &Value, schemas: &Value) -> (String, Vec<String>) {
    let contract = json!({
        "openapi": "3.0.3",
        "info": { "title": "Cards", "version": "1" },
        "paths": paths,
        "components": { "schemas": schemas },
    });
    let generated = generate(&contract).unwrap();
    let items = public_items(&generated.source).unwrap();
    let items = items.iter().map(|(path, signature)| format!("{path} = {signature}\n")).collect();
    (items, generated.degradations.iter().map(ToString::to_string).collect())
}

/// Generates from schemas alone.
#[track_caller]
fn types(schemas: Value) -> (String, Vec<String>) {
    generated(&json!({}), &schemas)
}

/// Generates from one `GET /cards/{id}` that has these members beside its answer.
#[track_caller]
fn operation(members: Value) -> (String, Vec<String>) {
    let mut operation = json!({
        "operationId": "getCard",
        "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "integer" } }],
        "responses": { "204": { "description": "Done" } },
    });
    let Value::Object(members) = members else { panic!("members stand in an object") };
    for (key, value) in members {
        match (&mut operation[&key], value) {
            (Value::Array(present), Value::Array(more)) => present.extend(more),
            (present, value) => *present = value,
        }
    }
    generated(&json!({ "/cards/{id}": { "get": operation } }), &json!({}))
}

#[track_caller]
fn has(items: &str, line: &str) {
    assert!(items.lines().any(|item| item == line), "no `{line}` in\n{items}");
}

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
fn members_of_an_all_of_that_share_a_property_define_no_type_twice() {
    let object = |properties: Value| json!({ "type": "object", "properties": { "metrics": { "type": "object", "properties": properties } } });
    let (items, said) = types(json!({
        "Base": object(json!({ "cpu": { "type": "integer" } })),
        "Service": { "allOf": [{ "$ref": "#/components/schemas/Base" }, object(json!({ "rps": { "type": "integer" } }))] },
    }));
    has(&items, "types::ServiceMetrics::cpu = Option<i64>");
    assert_eq!(said, [] as [&str; 0]);
}

#[test]
fn a_default_stays_the_service_s() {
    let (items, said) = types(json!({
        "Card": { "type": "object", "properties": { "limit": { "type": "integer", "default": "not a number" } } },
    }));
    has(&items, "types::Card::limit = Option<i64>");
    assert_eq!(said, [] as [&str; 0]);
}

#[test]
fn values_of_one_rust_name_are_numbered() {
    let (items, said) = types(json!({ "Sort": { "type": "string", "enum": ["asc", "ASC"] } }));
    has(&items, "types::Sort::Asc = variant");
    has(&items, "types::Sort::Asc2 = variant");
    assert_eq!(
        said,
        ["/components/schemas/Sort/enum: the variant `Asc` is taken; the value `ASC` is `Asc2`"]
    );
}

#[test]
fn an_enum_of_mixed_types_is_a_union_of_one_for_each() {
    let (items, said) = types(json!({ "Limit": { "enum": ["none", 1, 2, true] } }));
    has(&items, "types::Limit::None = variant(types::LimitNone)");
    has(&items, "types::Limit::Boolean = variant(bool)");
    assert!(items.contains("types::Limit::Integer = variant("), "{items}");
    assert_eq!(said, [] as [&str; 0]);
}

#[test]
fn an_enum_of_numbers_is_a_number_that_is_checked_as_it_is_set() {
    let (items, said) = types(json!({ "Hour": { "enum": [0, 4, 8] } }));
    has(&items, "types::Hour::0 = i64");
    assert_eq!(said, [] as [&str; 0]);
    let source = generate(&json!({
        "openapi": "3.0.3",
        "info": { "title": "Cards", "version": "1" },
        "paths": { "/a": { "get": {
            "operationId": "a",
            "parameters": [{ "name": "hour", "in": "query", "schema": { "type": "integer", "enum": [0, 4, 8] } }],
            "responses": { "204": { "description": "Done" } },
        } } },
    }))
    .unwrap()
    .source;
    assert!(source.contains(r#"values: "[0,4,8]""#), "{source}");
}

#[test]
fn a_null_among_the_values_of_an_enum_makes_it_optional() {
    let (items, said) = types(json!({
        "Card": { "type": "object", "required": ["kind"], "properties": { "kind": { "type": "string", "nullable": true, "enum": ["debit", null] } } },
    }));
    has(&items, "types::Card::kind = Option<types::CardKind>");
    has(&items, "types::CardKind::Debit = variant");
    assert_eq!(said, [] as [&str; 0]);
}

#[test]
fn bounds_that_are_none_are_not_checked() {
    let (items, said) = types(json!({
        "Name": { "type": "string", "minLength": 1.0, "maxLength": -1 },
        "Count": { "type": "integer", "maximum": 1.5 },
    }));
    has(&items, "types::Name: Deref = impl");
    has(&items, "types::Count::0 = i64");
    assert_eq!(
        said,
        [
            "/components/schemas/Name: `maxLength: -1` can't be expressed and is not checked",
            "/components/schemas/Count: `maximum: 1.5` can't be expressed and is not checked",
        ]
    );
}

#[test]
fn a_pattern_that_is_no_regular_expression_is_not_checked() {
    let (items, said) = types(json!({ "Name": { "type": "string", "pattern": "(" } }));
    has(&items, "types::Name::0 = String");
    assert!(
        said[0].starts_with("/components/schemas/Name: the pattern `(` is no regular expression"),
        "{said:?}"
    );
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
fn what_a_value_must_not_be_is_not_checked() {
    let (items, said) = types(json!({ "Name": { "type": "string", "not": { "pattern": "^x" } } }));
    has(&items, "types::Name::0 = String");
    assert_eq!(said, ["/components/schemas/Name: what it must not be (`not`) is not checked"]);
}

#[test]
fn parts_of_types_that_exclude_each_other_are_any_value() {
    let (items, said) =
        types(json!({ "Odd": { "allOf": [{ "type": "string" }, { "type": "object" }] } }));
    has(&items, "types::Odd::0 = serde_json::Value");
    assert_eq!(
        said,
        ["/components/schemas/Odd: no value is all of object, string; any value is taken"]
    );
}

#[test]
fn properties_beside_an_all_of_are_one_more_part_of_it() {
    let (items, said) = types(json!({
        "Base": { "type": "object", "properties": { "id": { "type": "integer" } } },
        "Card": { "allOf": [{ "$ref": "#/components/schemas/Base" }], "type": "object", "properties": { "name": { "type": "string" } } },
    }));
    has(&items, "types::Card::id = Option<i64>");
    has(&items, "types::Card::name = Option<String>");
    assert_eq!(said, [] as [&str; 0]);
}

#[test]
fn a_nullable_reference_is_optional() {
    let (items, said) = types(json!({
        "Id": { "type": "integer" },
        "Card": { "type": "object", "required": ["id"], "properties": { "id": { "allOf": [{ "$ref": "#/components/schemas/Id" }], "nullable": true, "type": "integer" } } },
    }));
    has(&items, "types::Card::id = Option<types::Id>");
    assert_eq!(said, [] as [&str; 0]);
}

#[test]
fn an_unknown_type_is_any_value() {
    let (items, said) = types(json!({ "File": { "type": "file" } }));
    has(&items, "types::File::0 = serde_json::Value");
    assert_eq!(
        said,
        ["/components/schemas/File: the type \"file\" is not one of OpenAPI; any value is taken"]
    );
}

#[test]
fn a_sensitive_value_is_a_type_of_its_own_without_display() {
    let (items, _) = types(json!({
        "Customer": { "type": "object", "properties": { "email": { "type": "string", "x-sensitive": true } } },
    }));
    has(&items, "types::Customer::email = Option<types::CustomerEmail>");
    has(&items, "types::CustomerEmail: Debug = impl");
    assert!(!items.contains("CustomerEmail: Display"), "{items}");
}

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
    ] }));
    for (setter, value) in [
        ("session", "String"),
        ("where_", "types::GetCardWhere"),
        ("ids", "Vec<i64>"),
        ("filter", "types::GetCardFilter"),
        ("raw", "String"),
    ] {
        let signature = format!("fn {setter}<V>(self, V) -> Self where V: TryInto<{value}>");
        has(&items, &format!("builder::GetCard<'a>::{setter} = {signature}"));
    }
    has(&items, "types::GetCardFilter::from = Option<i64>");
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
        let signature = format!("fn {setter}<V>(self, V) -> Self where V: TryInto<{value}>");
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
    assert_eq!(said, [] as [&str; 0]);
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
fn of_several_request_media_types_json_is_sent() {
    let (_, said) = operation(json!({ "requestBody": { "required": true, "content": {
        "application/xml": { "schema": { "type": "object" } },
        "application/json": {},
    } } }));
    assert_eq!(
        said,
        [
            "/paths/~1cards~1{id}/get/requestBody: is sent as application/json; not offered: application/xml"
        ]
    );
}

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
    assert!(source(true).contains("request.json(\"application/json\", &body)?;"));
    assert!(source(false).contains("if let Some(body) = &body {"));
}

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

/// The names of the types in a source whose values print as `[redacted]`.
#[track_caller]
fn redacted(paths: &Value, schemas: &Value) -> Vec<String> {
    let contract = json!({
        "openapi": "3.0.3",
        "info": { "title": "Cards", "version": "1" },
        "paths": paths,
        "components": { "schemas": schemas },
    });
    let source = generate(&contract).unwrap().source;
    let impls = source.split("impl ::std::fmt::Debug for ").skip(1);
    let redacted = impls.filter(|rest| rest.split("}\n").next().unwrap().contains("[redacted]"));
    let mut names: Vec<String> =
        redacted.map(|rest| rest.split(' ').next().unwrap().to_owned()).collect();
    names.sort();
    // A type and its builder have the same name.
    names.dedup();
    names
}

#[test]
fn a_sensitive_type_is_redacted_whatever_its_name() {
    let sensitive = json!({ "type": "string", "x-sensitive": true });
    let uuid = json!({ "type": "string", "format": "uuid", "x-sensitive": true });
    let names = redacted(&json!({}), &json!({ "x-y": sensitive, "Self": sensitive, "Uuid": uuid }));
    assert_eq!(names, ["Self_", "UuidValue", "Xy"]);
}

#[test]
fn what_is_merged_with_something_sensitive_is_redacted() {
    let marked = json!({ "type": "string", "x-sensitive": true });
    let holder = json!({ "type": "object", "properties": { "pan": marked } });
    let card = json!({ "type": "object", "properties": { "a": { "type": "string" } }, "x-sensitive": true });
    let names = redacted(
        &json!({}),
        &json!({
            "Holder": holder,
            "Card": card,
            "Copied": { "allOf": [{ "$ref": "#/components/schemas/Card" }, { "type": "object", "properties": { "b": { "type": "string" } } }] },
            "Inline": { "allOf": [card, { "type": "object", "properties": { "b": { "type": "string" } } }] },
            "Variant": { "oneOf": [marked, { "type": "integer" }] },
            "Within": { "allOf": [
                holder,
                { "type": "object", "properties": { "pan": { "type": "string", "maxLength": 19 } } },
            ] },
            "Merged": { "allOf": [
                { "$ref": "#/components/schemas/Holder" },
                { "type": "object", "properties": { "pan": { "type": "string", "maxLength": 19 } } },
            ] },
        }),
    );
    assert_eq!(
        names,
        [
            "Card",
            "Copied",
            "HolderPan",
            "Inline",
            "MergedPan",
            "Variant",
            "VariantVariant0",
            "WithinPan",
        ]
    );
}

#[test]
fn a_sensitive_parameter_stays_so_in_every_form() {
    let marked = json!({ "type": "string", "x-sensitive": true });
    let many = json!({ "type": "array", "items": { "type": "string" }, "x-sensitive": true });
    let filter = json!({ "type": "object", "properties": { "b": { "type": "string" } }, "x-sensitive": true });
    let operation = json!({
        "operationId": "find",
        "parameters": [
            { "name": "here", "in": "query", "x-sensitive": true, "schema": { "type": "string" } },
            { "name": "a", "in": "query", "style": "deepObject", "schema": filter },
            { "name": "piped", "in": "query", "style": "pipeDelimited", "schema": many },
            { "name": "json", "in": "query", "content": { "application/json": { "schema": filter } } },
            { "name": "cookie", "in": "cookie", "schema": marked },
        ],
        "requestBody": { "required": true, "content": { "text/plain": { "schema": marked } } },
        "responses": { "204": { "description": "Done" } },
    });
    let names = redacted(&json!({ "/find": { "post": operation } }), &json!({}));
    assert_eq!(names, ["FindA", "FindBody", "FindCookie", "FindHere", "FindJson", "FindPiped"]);
}

#[test]
fn a_sensitive_enum_is_one_in_a_header_as_well() {
    let parameter = |location: &str| {
        let schema = json!({ "type": "string", "enum": ["female", "male"], "x-sensitive": true });
        json!({ "name": format!("{location}-kind"), "in": location, "required": true, "schema": schema })
    };
    let (items, said) =
        operation(json!({ "parameters": [parameter("header"), parameter("query")] }));
    has(&items, "types::GetCardQueryKind::Female = variant");
    has(&items, "types::GetCardHeaderKind::Female = variant");
    assert_eq!(said, [] as [&str; 0]);
}

#[test]
fn a_schema_that_is_a_part_of_itself_ends() {
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let (items, said) = types(json!({
        "Pet": { "type": "object", "properties": { "name": { "type": "string" } }, "oneOf": [reference("Cat"), reference("Dog")] },
        "Cat": { "allOf": [reference("Pet"), { "type": "object", "properties": { "lives": { "type": "integer" } } }] },
        "Dog": { "type": "object", "properties": { "barks": { "type": "boolean" } } },
        "Loop": reference("Pool"),
        "Pool": reference("Loop"),
    }));
    for field in ["name", "lives"] {
        assert!(items.contains(&format!("types::Cat::{field} = ")), "{items}");
    }
    let message = "is a part of itself; the inner one is reduced to what it says by itself";
    assert!(said.contains(&format!("/components/schemas/Cat: {message}")), "{said:?}");
    assert!(said.contains(&format!("/components/schemas/Loop: {message}")), "{said:?}");
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
        assert_eq!(said, [] as [&str; 0]);
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
        let sent = format!("Parameter::path(\"{name}\"), &{field})?;");
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

/// The names of the enums that are open in a client with these schemas, whose one operation answers
/// with `Answer` and takes `Question`; and the degradations.
#[track_caller]
fn open_enums(schemas: Value) -> (Vec<String>, Vec<String>) {
    let body = |name: &str| json!({ "application/json": { "schema": { "$ref": format!("#/components/schemas/{name}") } } });
    let operation = json!({
        "operationId": "ask",
        "requestBody": { "required": true, "content": body("Question") },
        "responses": { "200": { "description": "OK", "content": body("Answer") } },
    });
    let mut schemas = schemas;
    let published = schemas.as_object_mut().unwrap();
    published.entry("Question").or_insert_with(|| json!({}));
    let (items, said) = generated(&json!({ "/ask": { "post": operation } }), &schemas);
    // What is read and not listed, or fits no branch, has a variant of its own.
    let open = items.lines().filter_map(|line| {
        let (name, variant) = line.strip_prefix("types::")?.split_once("::Unknown")?;
        let holds = variant.starts_with("Value = variant(") || variant.starts_with(" = variant(");
        holds.then_some(name)
    });
    (open.map(str::to_owned).collect(), said)
}

#[test]
fn an_enum_is_open_if_it_can_come_in_a_response_and_only_then() {
    let text = |values: &[&str]| json!({ "type": "string", "enum": values });
    let kind = json!({ "$ref": "#/components/schemas/Kind" });
    let (open, said) = open_enums(json!({
        "Kind": text(&["debit"]),
        "Question": { "type": "object", "properties": { "kind": kind, "order": text(&["newest"]) } },
        "Answer": { "type": "object", "properties": {
            "kind": kind,
            "items": { "type": "array", "items": { "type": "object", "additionalProperties": text(&["a"]) } },
            "again": { "$ref": "#/components/schemas/Answer" },
        } },
        "Unused": text(&["b"]),
    }));
    assert_eq!(open, ["AnswerItemsItemValue", "Kind"]);
    assert_eq!(said, [] as [&str; 0]);
}

#[test]
fn an_enum_that_typify_makes_of_a_composition_is_open() {
    let base = json!({ "type": "object", "properties": { "kind": { "type": "string", "enum": ["a", "b"] } } });
    let (open, said) = open_enums(json!({
        "Base": base,
        "Answer": {
            "allOf": [
                { "$ref": "#/components/schemas/Base" },
                { "type": "object", "properties": { "kind": { "type": "string", "enum": ["a"] } } },
            ],
        },
    }));
    assert!(open.iter().any(|name| name.starts_with("AnswerKind")), "{open:?}");
    assert_eq!(said, [] as [&str; 0]);
}

#[test]
fn an_enum_that_tells_the_branches_of_a_union_apart_is_open_as_any_other() {
    let object = |kind: &str, required: &str| {
        json!({
            "type": "object",
            "required": [required],
            "properties": { "kind": { "type": "string", "enum": [kind, "other"] }, required: { "type": "integer" } },
        })
    };
    let one_of = |names: [&str; 2]| {
        let members = names.map(|name| json!({ "$ref": format!("#/components/schemas/{name}") }));
        json!({ "oneOf": members })
    };
    let (open, said) = open_enums(json!({
        "Answer": { "type": "object", "properties": {
            "alike": one_of(["Cat", "Dog"]),
            "apart": one_of(["Fish", "Bird"]),
            "text": one_of(["Red", "Blue"]),
            "typed": { "oneOf": [{ "$ref": "#/components/schemas/Size" }, { "type": "integer" }] },
        } },
        "Cat": object("cat", "age"),
        "Dog": object("dog", "age"),
        "Fish": object("fish", "fins"),
        "Bird": object("bird", "wings"),
        "Red": { "type": "string", "enum": ["red"] },
        "Blue": { "type": "string", "enum": ["blue"] },
        "Size": { "type": "string", "enum": ["small"] },
    }));
    assert_eq!(
        open,
        [
            "AnswerAlike",
            "AnswerApart",
            "AnswerText",
            "AnswerTyped",
            "BirdKind",
            "Blue",
            "CatKind",
            "DogKind",
            "FishKind",
            "Red",
            "Size",
        ]
    );
    assert_eq!(said, [] as [&str; 0]);
}

#[test]
fn values_listed_in_the_place_of_a_branch_are_a_type_and_open() {
    let (open, said) = open_enums(json!({
        "Answer": { "oneOf": [{ "type": "string", "enum": ["a", "b"] }, { "type": "integer" }] },
    }));
    assert_eq!(open, ["Answer", "AnswerVariant0"]);
    assert_eq!(said, [] as [&str; 0]);
}

/// Generates from a contract with one `GET /a`, which has these members; the source and what is said.
#[track_caller]
fn source_of(root: Value, members: Value) -> (String, Vec<String>) {
    let mut contract = json!({
        "openapi": "3.1.0",
        "info": { "title": "Cards", "version": "1" },
        "paths": { "/a": { "get": {
            "operationId": "getA", "responses": { "204": { "description": "Done" } },
        } } },
    });
    for (target, members) in [("", root), ("/paths/~1a/get", members)] {
        let Value::Object(members) = members else { panic!("members stand in an object") };
        let target = contract.pointer_mut(target).unwrap();
        members.into_iter().for_each(|(key, value)| target[key] = value);
    }
    let generated = generate(&contract).unwrap();
    let said = generated.degradations.iter().map(ToString::to_string);
    let lost = generated.losses.iter().map(|loss| loss.pointer.clone());
    (generated.source, said.chain(lost).collect())
}

#[test]
fn a_security_scheme_that_is_not_defined_asks_for_nothing_and_is_said() {
    let (source, said) = source_of(json!({}), json!({ "security": [{ "missing": [] }] }));
    assert!(source.contains(".security(&[&[]])"), "{source}");
    assert_eq!(
        said,
        [
            "/paths/~1a/get/security/0/missing: the security scheme `missing` is not one that is defined; nothing is sent for it"
        ]
    );
}

#[test]
fn every_security_scheme_has_a_method_though_openapi_3_0_has_no_word_for_it() {
    let schemes = json!({
        "mtls": { "type": "mutualTLS" },
        "build": { "type": "http", "scheme": "Basic" },
        "OAuth2": { "$ref": "#/components/securitySchemes/other" },
        "other": { "type": "oauth2", "flows": {} },
        "unused": { "type": "http", "scheme": "bearer" },
    });
    let root = json!({
        "components": { "securitySchemes": schemes },
        "security": [{ "mtls": [], "build": [] }, { "OAuth2": ["a"] }],
    });
    let (source, said) = source_of(root, json!({}));
    for method in ["fn mtls(self)", "fn build2(", "fn oauth2(self, source:"] {
        assert!(source.contains(method), "no `{method}` in\n{source}");
    }
    assert!(!source.contains("fn unused("), "{source}");
    assert_eq!(said, [] as [&str; 0]);
}

#[test]
fn the_servers_of_operations_alone_are_those_of_the_api_where_most_share_one() {
    let server = |url: &str| json!({ "servers": [{ "url": url }] });
    let (source, said) = source_of(json!({}), server("https://cards.example.com"));
    assert!(source.contains("Cards => ") || source.contains("CardsExample => "), "{source}");
    assert!(!source.contains(".server("), "{source}");
    assert_eq!(said, [] as [&str; 0]);
    let (source, _) = source_of(server("https://a.example.com"), server("https://b.example.com/"));
    assert!(source.contains(r#".server("https://b.example.com")"#), "{source}");
    let (_, said) = source_of(json!({}), server("https://{region}.example.com"));
    assert_eq!(
        said,
        [
            "/paths/~1a/get/servers/0: is no server that can be called; the client's base URL is taken"
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
        assert!(source.contains("-> Result<ResponseValue<()>, Error<()>>"), "{source}");
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

#[test]
fn each_kind_of_body_has_a_method_and_the_same_in_xml_is_said() {
    let meta = json!({ "type": "object", "properties": { "a": { "type": "string" } } });
    let content = json!({
        "application/xml": { "schema": meta },
        "application/octet-stream": { "schema": { "type": "string", "format": "binary" } },
        "multipart/form-data": { "schema": meta },
        "application/json": { "schema": meta },
        "application/vnd.a+json": { "schema": meta },
    });
    let (items, said) =
        operation(json!({ "requestBody": { "required": true, "content": content } }));
    for method in ["get_card", "get_card_multipart", "get_card_bytes"] {
        assert!(items.contains(&format!("Client::{method} = ")), "{items}");
    }
    assert!(items.contains("types::GetCardMultipartBody::a = fn a<"), "{items}");
    assert_eq!(
        said,
        [
            "/paths/~1cards~1{id}/get/requestBody: is sent as application/json; not offered: application/vnd.a+json, application/xml"
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
            format!("{place}/requestBody: is sent as text that the caller writes: {not_applied}"),
            format!("{place}/responses/200: is handed on as it comes: {not_applied}"),
        ]
    );
}

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
