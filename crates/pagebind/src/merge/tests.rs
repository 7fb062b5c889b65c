use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::page::extract;

/// A page in one of the white-space styles that pages are stored in.
fn page(name: &str, document: &Value, style: usize) -> Page {
    let text = match style % 3 {
        0 => format!("# Title\n\n# OpenAPI definition\n\n```json\n{document:#}\n```"),
        1 => format!("# Title\n# OpenAPI definition\n```json\n{document}\n```\n"),
        _ => format!("# Title # OpenAPI definition ```json {document} ```"),
    };
    extract(name, &text).unwrap_or_else(|problem| panic!("{problem}"))
}

fn merge_all(documents: &[Value]) -> Result<Merged, Diagnostics> {
    merge_with(documents, &Options::default())
}

fn merge_with(documents: &[Value], options: &Options) -> Result<Merged, Diagnostics> {
    let pages: Vec<_> = documents
        .iter()
        .enumerate()
        .map(|(index, document)| page(&format!("{index}.md"), document, 0))
        .collect();
    merge(&pages, options)
}

/// The one report that merging ends in.
fn problem(documents: &[Value]) -> String {
    let problems = merge_all(documents).unwrap_err();
    assert_eq!(problems.iter().count(), 1, "{problems}");
    assert!(problems.iter().all(|problem| problem.help.is_some()), "{problems}");
    problems.to_string()
}

/// A document with these parts beside what each must have.
fn document(parts: Value) -> Value {
    let mut document = json!({"openapi": "3.1.0", "info": {"title": "Library", "version": "1"}});
    let Value::Object(parts) = parts else { panic!("parts are members of the root") };
    for (key, value) in parts {
        document[key] = value;
    }
    document
}

fn schema(name: &str, schema: Value) -> Value {
    document(json!({"components": {"schemas": {name: schema}}}))
}

/// Three pages of an invented API and the document that they make.
fn library() -> (Vec<Value>, Value) {
    let book = json!({
        "type": "object",
        "required": ["id"],
        "properties": {"id": {"type": "integer", "maximum": 9}, "title": {"type": "string"}},
    });
    // The same in another order, and with another spelling of the number; its first key sorts
    // first, so that it is taken.
    let book_again: Value = serde_json::from_str(
        r#"{"properties": {"title": {"type": "string"}, "id": {"maximum": 9.0, "type": "integer"}},
            "required": ["id"], "type": "object"}"#,
    )
    .unwrap();
    let problem = json!({"description": "it failed", "content": {"application/json": {
        "schema": {"type": "string"},
        // Data, not a reference.
        "examples": {"odd": {"value": {"$ref": "#/nowhere"}}},
    }}});
    let key = json!({"type": "apiKey", "in": "header", "name": "x-key"});
    let uses_book = json!({
        "200": {"description": "it", "content": {"application/json": {
            "schema": {"$ref": "#/components/schemas/Book"},
        }}},
        "400": {"$ref": "#/components/responses/Problem"},
    });
    let id = json!([{"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}]);
    let get = json!({"operationId": "get_book", "tags": ["books"], "responses": uses_book});
    let put = json!({"operationId": "putBook", "tags": ["books"], "responses": uses_book});
    let list = json!({"operationId": "list", "tags": ["all"], "responses": {
        "400": {"$ref": "#/components/responses/Problem"},
    }});
    let books = json!({"name": "books", "description": "What is read"});
    let security = json!([{"key": []}]);
    let documents = vec![
        document(json!({
            "security": security,
            "tags": [books],
            "paths": {"/books/{id}": {"parameters": id, "put": put}},
            "components": {
                "responses": {"Problem": problem},
                "schemas": {"Book": book_again},
                "securitySchemes": {"key": key},
            },
        })),
        document(json!({
            "x-shelf": 1,
            "tags": [books],
            "components": {
                "securitySchemes": {"key": key},
                "schemas": {"Book": book, "Author": {"type": "string"}},
                "responses": {"Problem": problem},
            },
            "paths": {"/books/{id}": {"get": get, "parameters": id}},
            "security": security,
        })),
        document(json!({
            "openapi": "3.1.1",
            "tags": [{"name": "all"}],
            "paths": {"/all": {"get": list}},
            "security": security,
            "components": {
                "securitySchemes": {"key": key},
                "responses": {"Problem": problem},
            },
        })),
    ];
    let merged = json!({
        "openapi": "3.1.1",
        "info": {"title": "Library", "version": "1"},
        "security": security,
        "tags": [{"name": "all"}, books],
        "paths": {
            "/all": {"get": list},
            "/books/{id}": {"parameters": id, "get": get, "put": put},
        },
        "components": {
            "responses": {"Problem": problem},
            "schemas": {"Author": {"type": "string"}, "Book": book_again},
            "securitySchemes": {"key": key},
        },
        "x-shelf": 1,
    });
    (documents, merged)
}

const ORDERS: [[usize; 3]; 6] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

#[test]
fn pages_merge_into_one_document_in_any_order_and_white_space() {
    let (documents, expected) = library();
    for order in ORDERS {
        for style in 0..3 {
            let pages: Vec<_> = order
                .iter()
                .enumerate()
                .map(|(at, index)| page(&format!("{at}.md"), &documents[*index], at + style))
                .collect();
            let merged = merge(&pages, &Options::default()).unwrap();
            assert_eq!(format!("{:#}", merged.document), format!("{expected:#}"));
            assert_eq!(merged.warnings, []);
        }
    }
}

#[test]
fn every_operation_and_component_knows_its_pages() {
    let merged = merge_all(&library().0).unwrap();
    let provenance: Vec<_> = merged
        .provenance
        .iter()
        .map(|(pointer, pages)| {
            let pages: Vec<_> = pages.iter().map(String::as_str).collect();
            format!("{pointer} {}", pages.join(" "))
        })
        .collect();
    assert_eq!(
        provenance,
        [
            "/components/responses/Problem 0.md 1.md 2.md",
            "/components/schemas/Author 1.md",
            "/components/schemas/Book 0.md 1.md",
            "/components/securitySchemes/key 0.md 1.md 2.md",
            "/paths/~1all/get 2.md",
            "/paths/~1books~1{id}/get 1.md",
            "/paths/~1books~1{id}/put 0.md",
        ]
    );
    let counts = Counts { operations: 3, components: 4, shared: 3 };
    assert_eq!(merged.counts(), counts);
}

#[test]
fn one_page_merges_too_and_none_does_not() {
    let one = schema("Book", json!(true));
    assert_eq!(merge_all(std::slice::from_ref(&one)).unwrap().document, one);
    let none = merge(&[], &Options::default()).unwrap_err();
    assert!(none.to_string().starts_with("no pages to merge"));
}

#[test]
fn a_conflict_names_every_page_and_both_values() {
    let says = |kind: &str| {
        schema("Book", json!({"type": "object", "properties": {"id": {"type": kind}}}))
    };
    assert_eq!(
        problem(&[says("string"), says("integer"), says("string")]),
        "pages contradict each other on `Book` in components/schemas\n  \
         --> 1.md:18:21 at /components/schemas/Book/properties/id/type: says \"integer\"\n  \
         --> 0.md:18:21 at /components/schemas/Book/properties/id/type: says \"string\"\n  \
         --> 2.md:18:21 at /components/schemas/Book/properties/id/type: says \"string\"\n\
         help: find out which of them is right, and correct the others before they are merged: `overlays` at their entries in the manifest"
    );
}

#[test]
fn all_conflicts_are_reported_in_one_run() {
    let says = |text: &str| {
        document(json!({
            "info": {"title": text, "version": "1"},
            "x-shelf": text,
            "paths": {
                "/a": {"summary": text, "get": {"operationId": text}},
                format!("/b/{{{text}}}"): {"put": {"$ref": "#/x"}},
            },
            "components": {"schemas": {"A": {"format": text}, "B": {"const": text}}},
        }))
    };
    let forth = merge_all(&[says("a"), says("b")]).unwrap_err();
    let subjects: Vec<_> = forth.iter().map(|problem| &*problem.message).collect();
    assert_eq!(
        subjects,
        [
            "pages contradict each other on `info`",
            "pages contradict each other on `summary` of `/a`",
            "pages contradict each other on `get /a`",
            "pages contradict each other on `A` in components/schemas",
            "pages contradict each other on `B` in components/schemas",
            "pages contradict each other on `x-shelf`",
            "the reference `#/x` leads nowhere",
            "the reference `#/x` leads nowhere",
            "`put` stands under paths that differ in the names of their parameters alone",
        ]
    );
}

#[test]
fn annotations_that_differ_are_a_warning_and_the_fuller_is_taken() {
    let full = json!({"type": "string", "description": "a", "example": {"a": 1}});
    let plain = json!({"type": "string", "deprecated": true});
    for (first, second) in [(&full, &plain), (&plain, &full)] {
        let pages = [schema("A", first.clone()), schema("A", second.clone())];
        let merged = merge_all(&pages).unwrap();
        assert_eq!(merged.document["components"]["schemas"]["A"], full);
        assert_eq!(merged.warnings.len(), 1);
        let warning = merged.warnings[0].to_string();
        assert!(warning.contains("`A` in components/schemas"), "{warning}");
        assert!(warning.contains("/A/description: says \"a\""), "{warning}");
        assert!(warning.contains("/A/description: says nothing"), "{warning}");
    }
}

#[test]
fn what_only_looks_like_an_annotation_is_a_conflict() {
    for (a, b, pointer) in [
        (
            json!({"properties": {"description": {"type": "string"}}}),
            json!({"properties": {"description": {"type": "integer"}}}),
            "/properties/description/type",
        ),
        (json!({"properties": {"title": true}}), json!({"properties": {}}), "/properties/title"),
        (
            json!({"const": {"description": "a"}}),
            json!({"const": {"description": "b"}}),
            "/const/description",
        ),
        (
            json!({"default": [{"title": "a"}]}),
            json!({"default": [{"title": "b"}]}),
            "/default/0/title",
        ),
        (json!({"x-shelf": {"title": "a"}}), json!({"x-shelf": {"title": "b"}}), "/x-shelf/title"),
        (json!({"enum": [1, 2]}), json!({"enum": [1]}), "/enum/1"),
        (
            json!({"maximum": 9_007_199_254_740_993_i64}),
            json!({"maximum": 9_007_199_254_740_992.0}),
            "/maximum",
        ),
    ] {
        let report = problem(&[schema("A", a), schema("A", b)]);
        assert!(report.contains(&format!("at /components/schemas/A{pointer}: says")), "{report}");
    }
}

#[test]
fn the_same_operation_must_be_equal_annotations_included() {
    let says = |text| document(json!({"paths": {"/a": {"get": {"description": text}}}}));
    assert!(merge_all(&[says("a"), says("a")]).is_ok());
    let report = problem(&[says("a"), says("b")]);
    assert!(report.starts_with("pages contradict each other on `get /a`"), "{report}");
    assert!(report.contains(" at /paths/~1a/get/description: says \"b\""), "{report}");
}

#[test]
fn fields_of_a_path_must_stand_on_each_of_its_pages() {
    let with = json!({"parameters": [{"name": "a", "in": "query"}], "get": {}});
    let report = problem(&[
        document(json!({"paths": {"/a": with}})),
        document(json!({"paths": {"/a": {"put": {}}}})),
    ]);
    assert!(report.starts_with("pages contradict each other on `parameters` of `/a`"), "{report}");
    assert!(report.contains("1.md:13:11 at /paths/~1a/parameters: says nothing"), "{report}");
}

#[test]
fn servers_and_security_move_down_only_where_the_manifest_says_so() {
    let key = json!({"key": {"type": "http", "scheme": "basic"}});
    let says = |path: &str, server: Option<&str>, operation: Value| {
        let mut said = document(json!({
            "security": [{"key": []}],
            "paths": {path: {"get": operation}},
            "components": {"securitySchemes": key},
        }));
        match server {
            Some(url) => said["servers"] = json!([{"url": url}]),
            None => said["security"] = json!([]),
        }
        said
    };
    let pages = [
        says("/a", Some("https://a"), json!({})),
        says("/b", Some("https://b"), json!({"servers": [], "security": []})),
        says("/c", None, json!({})),
    ];
    let conflicts = merge_all(&pages).unwrap_err();
    assert_eq!(conflicts.iter().count(), 2, "{conflicts}");
    for conflict in conflicts.iter() {
        assert!(conflict.to_string().contains("in the manifest"), "{conflict}");
    }
    let options = Options { servers_per_page: true, security_per_page: true, ..Options::default() };
    let merged = merge_with(&pages, &options).unwrap().document;
    assert_eq!(merged.get("servers"), None);
    assert_eq!(merged.get("security"), None);
    assert_eq!(
        merged["paths"],
        json!({
            "/a": {"get": {"servers": [{"url": "https://a"}], "security": [{"key": []}]}},
            "/b": {"get": {"servers": [], "security": []}},
            "/c": {"get": {"security": []}},
        })
    );
    // Where pages agree nothing moves.
    let agreed = merge_with(&pages[..1], &options).unwrap().document;
    assert_eq!(agreed["servers"], json!([{"url": "https://a"}]));
}

#[test]
fn pages_may_disagree_on_info_where_the_manifest_says_so() {
    let says = |title: &str, version: &str| {
        document(json!({"info": {"title": title, "version": version, "x-a": 1}}))
    };
    let pages = [says("Cards", "1"), says("Cards: disputes", "2")];
    let report = problem(&pages);
    assert!(report.contains("let it differ per page in the manifest"), "{report}");
    let options = Options { info_per_page: Some("Shelf".to_owned()), ..Options::default() };
    let merged = merge_with(&pages, &options).unwrap();
    assert_eq!(merged.document["info"], json!({"title": "Shelf", "version": "1", "x-a": 1}));
    assert_eq!(merged.warnings.len(), 1);
    assert!(merged.warnings[0].message.contains("`info/version`"), "{}", merged.warnings[0]);
    let merged = merge_with(&[says("Cards", "1"), says("Cards", "1")], &options).unwrap();
    assert_eq!(merged.document["info"]["title"], "Cards");
}

#[test]
fn what_one_page_says_for_all_is_kept() {
    let docs = |url: &str| document(json!({"externalDocs": {"url": url}}));
    let merged = merge_all(&[
        docs("https://b"),
        document(json!({"webhooks": {"w": {"post": {}}}})),
        docs("https://a"),
    ])
    .unwrap();
    assert_eq!(
        merged.document,
        document(json!({"externalDocs": {"url": "https://a"}, "webhooks": {"w": {"post": {}}}}))
    );
    assert_eq!(merged.warnings.len(), 1);
    assert!(merged.provenance.contains_key("/webhooks/w/post"));
}

#[test]
fn examples_as_components_are_annotations() {
    let says =
        |value: i64| document(json!({"components": {"examples": {"one": {"value": value}}}}));
    let merged = merge_all(&[says(2), says(1)]).unwrap();
    assert_eq!(merged.document["components"]["examples"]["one"]["value"], 1);
    assert_eq!(merged.warnings.len(), 1);
}

#[test]
fn tags_merge_by_name() {
    let tags = |tags: Value| document(json!({"tags": tags}));
    let report = problem(&[
        tags(json!([{"name": "a", "x-b": 1}])),
        tags(json!([{"name": "c"}, {"name": "a", "x-b": 2}])),
    ]);
    assert!(report.starts_with("pages contradict each other on tag `a`"), "{report}");
    assert!(report.contains(" at /tags/1/x-b: says 2"), "{report}");
    assert!(problem(&[tags(json!([{}]))]).contains("at /tags/0"));
}

#[test]
fn versions_may_differ_in_the_patch_alone() {
    let version = |version: &str| document(json!({"openapi": version}));
    let merged = merge_all(&[version("3.1.10"), version("3.1.2")]).unwrap();
    assert_eq!(merged.document["openapi"], "3.1.10");
    let report = problem(&[version("3.1.0"), version("3.0.3")]);
    assert!(report.starts_with("pages are of different OpenAPI versions"), "{report}");
    assert!(report.contains("1.md:7:14 at /openapi: says \"3.0.3\""), "{report}");
}

/// The one warning of a merge that succeeds.
fn warning(documents: &[Value]) -> String {
    let merged = merge_all(documents).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(merged.warnings.len(), 1, "{:?}", merged.warnings);
    merged.warnings[0].to_string()
}

#[test]
fn a_method_stands_under_one_of_the_paths_that_differ_in_parameter_names_alone() {
    let path = |path: &str| document(json!({"paths": {path: {"get": {}}}}));
    let report = problem(&[path("/a/{id}/b"), path("/a/{name}/b"), path("/a/id/b")]);
    assert!(
        report.starts_with(
            "`get` stands under paths that differ in the names of their parameters alone"
        ),
        "{report}"
    );
    assert!(report.contains("0.md:14:14 at /paths/~1a~1{id}~1b/get"), "{report}");
    assert!(report.contains("1.md:14:14 at /paths/~1a~1{name}~1b/get"), "{report}");
    assert_eq!(report.matches("-->").count(), 2, "{report}");
}

#[test]
fn paths_that_differ_in_parameter_names_alone_keep_their_own_where_their_methods_differ() {
    let path = |path: &str, method: &str| {
        let id = path.split(['{', '}']).nth(1).unwrap();
        document(json!({"paths": {path: {
            "parameters": [{"name": id, "in": "path", "required": true}],
            method: {},
        }}}))
    };
    let pages = [path("/a/{id}", "delete"), path("/a/{digest}", "get")];
    let report = warning(&pages);
    assert!(
        report.starts_with("paths that differ in the names of their parameters alone"),
        "{report}"
    );
    assert_eq!(report.matches("-->").count(), 2, "{report}");
    let merged = merge_all(&pages).unwrap().document;
    assert_eq!(merged["paths"]["/a/{id}"]["parameters"][0]["name"], "id");
    assert_eq!(merged["paths"]["/a/{digest}"]["parameters"][0]["name"], "digest");

    let shared = document(json!({
        "paths": {"/a/{c}": {"$ref": "#/components/pathItems/C"}},
        "components": {"pathItems": {"C": {"get": {}}}},
    }));
    let report = problem(&[pages[1].clone(), shared]);
    assert!(report.starts_with("`get` stands under paths"), "{report}");
}

#[test]
fn operation_ids_are_unique_and_a_warning_where_they_are_alike_in_snake_case() {
    let operation =
        |path: &str, id: &str| document(json!({"paths": {path: {"get": {"operationId": id}}}}));
    let report = warning(&[operation("/a", "getBook"), operation("/b", "get-book")]);
    assert!(
        report
            .starts_with("2 operations have an operationId that becomes `get_book` in snake case"),
        "{report}"
    );
    assert!(report.contains("at /paths/~1b/get/operationId: says `get-book`"), "{report}");
    let report = problem(&[operation("/a", "getBook"), operation("/b", "getBook")]);
    assert!(report.starts_with("2 operations share an operationId\n"), "{report}");
    assert!(merge_all(&[operation("/a", "get"), operation("/a", "get")]).is_ok());
}

#[test]
fn references_resolve_after_the_merge() {
    let uses = |reference: &str| schema("A", json!({"items": {"$ref": reference}}));
    let others = document(json!({
        "paths": {"/b/{c}": {}},
        "components": {"schemas": {
            "B": {"$anchor": "b", "properties": {"$ref": {"type": "string"}}},
            "C": {"$id": "https://c", "$defs": {"D": {}}, "items": {"$ref": "#/$defs/D"}},
        }},
    }));
    for reference in ["#/components/schemas/B", "#b", "https://c", "#/paths/~1b~1%7Bc%7D"] {
        merge_all(&[uses(reference), others.clone()]).unwrap_or_else(|problem| panic!("{problem}"));
    }
    for reference in ["#/components/schemas/.md:18:21 at", "#x", "#", "#/paths/~1b", "#%FF"] {
        assert_eq!(
            problem(&[others.clone(), uses(reference)]),
            format!(
                "the reference `{reference}` leads nowhere\n  \
                 --> 1.md:16:19 at /components/schemas/A/items/$ref\n\
                 help: correct the reference, or add the page that says what it names"
            )
        );
    }
    let report = problem(&[uses("other.json#/B")]);
    assert!(report.starts_with("the reference `other.json#/B` leads out of the document"));
    let merged = schema("A", json!({"$ref": 1}));
    assert!(problem(&[merged]).starts_with("a `$ref` that is not a string"));
}

#[test]
fn parts_that_refer_to_nothing_but_each_other_are_refused() {
    let parameters = |members: Value| document(json!({"components": {"parameters": members}}));
    let to = |name: &str| json!({"$ref": format!("#/components/parameters/{name}")});
    let report = problem(&[parameters(json!({"A": to("B"), "B": to("C"), "C": to("B")}))]);
    assert!(report.starts_with("components that refer to each other, and to nothing else\n"));
    assert_eq!(report.matches("-->").count(), 2, "{report}");
    assert!(report.contains("at /components/parameters/C/$ref"), "{report}");
    let chain = parameters(json!({"A": to("B"), "B": {"name": "b", "in": "query"}}));
    assert!(merge_all(&[chain]).is_ok());
    let tree = schema("A", json!({"$ref": "#/components/schemas/A"}));
    assert!(merge_all(&[tree]).is_ok());
}

#[test]
fn a_reference_inside_data_is_data() {
    let data = json!({"$ref": "#/nowhere", "discriminator": {"mapping": {"a": "b"}}});
    let merged = merge_all(&[schema(
        "A",
        json!({
            "example": data, "examples": [data], "default": data, "const": data, "enum": [data],
            "x-shelf": data, "properties": {"example": {"default": data}},
        }),
    )]);
    assert!(merged.is_ok(), "{}", merged.unwrap_err());
}

#[test]
fn an_example_may_be_a_reference_but_its_value_is_data() {
    let media = |example: Value| {
        let media = json!({"application/json": {"examples": {"one": example}}});
        document(json!({"components": {"requestBodies": {"A": {"content": media}}}}))
    };
    let dangling = json!({"$ref": "#/nowhere"});
    for data in [json!({"value": dangling}), json!({"bare": dangling})] {
        assert!(merge_all(&[media(data)]).is_ok());
    }
    let report = problem(&[media(dangling)]);
    assert!(report.contains("/examples/one/$ref"), "{report}");
}

#[test]
fn servers_and_security_are_nothing_to_pages_without_operations() {
    let calls = json!({
        "servers": [{"url": "https://a.example"}], "security": [{"key": []}],
        "paths": {"/a": {"get": {"responses": {}}}},
        "components": {"securitySchemes": {"key": {"type": "http", "scheme": "basic"}}},
    });
    let components = schema("Book", json!({"type": "object"}));
    let merged = merge_all(&[components.clone(), document(calls.clone())]).unwrap().document;
    assert_eq!(merged["servers"], calls["servers"]);
    assert_eq!(merged["security"], calls["security"]);
    let options = Options { servers_per_page: true, security_per_page: true, ..Options::default() };
    let pushed = merge_with(&[components, document(calls)], &options).unwrap().document;
    assert_eq!(pushed, merged);
    let none = document(json!({"paths": {"/b": {"get": {"responses": {}}}}}));
    let some = document(json!({"servers": [{"url": "https://a.example"}]}));
    assert!(problem(&[none, some]).contains("`servers`"));
}

#[test]
fn security_schemes_and_discriminators_resolve_after_the_merge() {
    let secured = document(json!({"paths": {"/a": {"get": {"security": [{}, {"key": []}]}}}}));
    let report = warning(std::slice::from_ref(&secured));
    assert!(report.starts_with("the security scheme `key` is not defined"), "{report}");
    assert!(report.contains("0.md:18:20 at /paths/~1a/get/security/1/key"), "{report}");
    let scheme =
        document(json!({"components": {"securitySchemes": {"key": {"type": "mutualTLS"}}}}));
    assert!(merge_all(&[secured, scheme]).is_ok());

    let mapped = |target: &str| {
        schema("A", json!({"discriminator": {"propertyName": "k", "mapping": {"x": target}}}))
    };
    for target in ["A", "#/components/schemas/A"] {
        assert!(merge_all(&[mapped(target)]).is_ok(), "{target}");
    }
    let report = problem(&[mapped("B")]);
    assert!(report.starts_with("the discriminator maps `x` to `B`, which is nowhere"), "{report}");
    assert!(report.contains("/A/discriminator/mapping/x"), "{report}");
}

#[test]
fn a_part_of_the_wrong_kind_is_named() {
    for (parts, pointer) in [
        (json!({"paths": null}), "/paths"),
        (json!({"paths": {"/a": []}}), "/paths/~1a"),
        (json!({"components": 1}), "/components"),
        (json!({"components": {"schemas": []}}), "/components/schemas"),
    ] {
        let report = problem(&[document(parts)]);
        assert!(report.contains("not an object\n  --> 0.md:"), "{report}");
        assert!(report.lines().nth(1).unwrap().ends_with(&format!(" at {pointer}")), "{report}");
    }
}

#[test]
fn an_operation_that_is_none_is_one_clear_error() {
    for (operation, message) in [
        (json!(null), "null, not an operation"),
        (json!([]), "not an operation"),
        (json!("later"), "not an operation"),
    ] {
        let report = problem(&[document(json!({"paths": {"/a": {"get": operation}}}))]);
        assert!(report.starts_with(&format!("{message}\n  --> 0.md:")), "{report}");
        assert!(report.contains(" at /paths/~1a/get"), "{report}");
    }
    for (parts, at) in [
        (json!({"paths": {"/a": {"get": {"parameters": null}}}}), "/paths/~1a/get/parameters"),
        (json!({"components": {"schemas": {"A": null}}}), "/components/schemas/A"),
        (json!({"components": {"schemas": {"A": {"items": null}}}}), "/components/schemas/A/items"),
        (json!({"paths": {"/a": {"parameters": [null]}}}), "/paths/~1a/parameters/0"),
        (
            json!({"components": {"schemas": {"A": {"allOf": [null]}}}}),
            "/components/schemas/A/allOf/0",
        ),
        (json!({"info": null}), "/info"),
    ] {
        let report = problem(&[document(parts)]);
        assert!(report.contains(" is null\n  --> 0.md:"), "{report}");
        assert!(report.contains(&format!(" at {at}\n")), "{report}");
    }
    let data = json!({"default": null, "enum": [null], "example": {"a": null}, "x-a": null});
    assert!(merge_all(&[schema("A", data)]).is_ok());
}

#[test]
fn an_operation_without_a_known_method_never_vanishes_without_a_word() {
    let of = |methods: &[&str]| {
        let said = methods.iter().map(|method| ((*method).to_owned(), json!({"responses": {}})));
        document(json!({"paths": {"/a": Value::Object(said.collect())}}))
    };
    let report = problem(&[of(&["GET"])]);
    assert!(report.starts_with("`GET` is no method\n  --> 0.md:"), "{report}");
    assert!(report.contains(" at /paths/~1a/GET\nhelp: write it as `get`"), "{report}");
    let merged = merge_all(&[of(&["query", "get", "x-draft"])]).unwrap();
    let told: Vec<_> = merged.warnings.iter().map(|warning| warning.message.as_str()).collect();
    assert_eq!(told, ["`query` is no method, so no operation comes of it"]);
}

#[test]
fn the_order_of_a_set_is_no_contradiction() {
    let of = |types: [&str; 2], required: [&str; 2]| {
        schema("A", json!({"type": types, "required": required, "enum": required}))
    };
    let (one, other) = (of(["string", "null"], ["a", "b"]), of(["null", "string"], ["b", "a"]));
    let merged = merge_all(&[one.clone(), other.clone()]).unwrap();
    assert!(merged.warnings.is_empty());
    assert_eq!(merged.document, merge_all(&[other, one.clone()]).unwrap().document);
    assert!(problem(&[one, of(["string", "null"], ["a", "c"])]).contains("`A`"));
    let order = |list: [&str; 2]| schema("A", json!({"default": {"required": list}}));
    assert!(problem(&[order(["a", "b"]), order(["b", "a"])]).contains("/default/required/0"));
}

#[test]
fn paths_that_refer_to_each_other_are_one_error() {
    let reference = |path: &str| json!({"$ref": format!("#/paths/~1{path}")});
    let report = problem(&[document(json!({
        "paths": {"/a": reference("b"), "/b": reference("c"), "/c": reference("b")},
    }))]);
    assert!(
        report.starts_with("paths that refer to each other, and to nothing else\n"),
        "{report}"
    );
    assert!(report.contains(" at /paths/~1b/$ref") && !report.contains("/paths/~1a/"), "{report}");
}

#[test]
fn dangling_references_are_located_in_one_reading_of_their_page() {
    let count = 2_000;
    let members: String =
        (0..count).map(|n| format!("    A{n}: {{$ref: '#/gone/{n}'}}\n")).collect();
    let text = format!(
        "openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\ncomponents:\n  schemas:\n{members}{}",
        "    # padding\n".repeat(50_000),
    );
    let page = extract("a.yaml", &text).unwrap();
    let problems = merge([&page], &Options::default()).unwrap_err();
    assert_eq!(problems.iter().count(), count);
    let last = problems.iter().last().unwrap();
    assert_eq!(last.places[0].to_string(), "a.yaml:1004:18 at /components/schemas/A999/$ref");
}

/// A document in the merged form, as paths with the components each of them uses.
fn api() -> impl Strategy<Value = Value> {
    let component = prop_oneof![
        Just(json!({"type": "string"})),
        Just(json!({"type": "integer", "description": "a number"})),
        any::<i32>().prop_map(|bound| json!({"maximum": bound})),
    ];
    let components = prop::collection::btree_map("[A-Z]{1,2}", component, 1..6);
    let used = prop::collection::btree_map(
        ("[a-z]{1,3}", 0..METHODS.len()),
        prop::collection::vec(any::<prop::sample::Index>(), 0..4),
        1..8,
    );
    (components, used).prop_map(|(components, used)| {
        let names: Vec<_> = components.keys().cloned().collect();
        let mut paths = json!({});
        for ((path, method), uses) in used {
            let uses: Vec<_> = uses
                .iter()
                .map(|index| json!({"$ref": format!("#/components/schemas/{}", index.get(&names))}))
                .collect();
            paths[format!("/{path}")][METHODS[method]] = json!({"x-data": 1, "anyOf": uses});
        }
        document(json!({"paths": paths, "components": {"schemas": components}}))
    })
}

/// One page for each operation, with the components it uses, and one with all components.
fn split(api: &Value) -> Vec<Value> {
    let mut pages = vec![document(json!({"components": api["components"]}))];
    for (path, item) in api["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let uses = operation["anyOf"].as_array().unwrap().iter();
            let mut schemas = json!({});
            for reference in uses.filter_map(|used| used["$ref"].as_str()) {
                let name = reference.rsplit('/').next().unwrap();
                schemas[name] = api["components"]["schemas"][name].clone();
            }
            pages.push(document(json!({
                "paths": {path: {method: operation}},
                "components": {"schemas": schemas},
            })));
        }
    }
    pages
}

proptest! {
    // A failing case is put into a test of its own instead of a file of seeds.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_document_split_into_pages_comes_back_in_any_order(
        (api, pages) in api().prop_flat_map(|api| {
            let pages = split(&api);
            (Just(api), Just(pages).prop_shuffle())
        })
    ) {
        let merged = merge_all(&pages).unwrap();
        prop_assert_eq!(&merged.document, &api);
        let whole = merge_all(&[api]).unwrap();
        prop_assert_eq!(merged.document.to_string(), whole.document.to_string());
    }

    #[test]
    fn contradictions_are_reported_alike_in_any_order(
        schemas in prop::collection::vec(0_u8..4, 2..5).prop_shuffle()
    ) {
        let outcome = |schemas: &[u8]| {
            let pages: Vec<_> = schemas
                .iter()
                .map(|bound| {
                    let said = schema("A", json!({"maximum": bound / 2, "title": bound.to_string()}));
                    page(&format!("{bound}.md"), &said, 0)
                })
                .collect();
            merge(&pages, &Options::default())
                .map(|merged| (merged.document.to_string(), merged.warnings))
                .map_err(|problems| problems.to_string())
        };
        let mut sorted = schemas.clone();
        sorted.sort_unstable();
        prop_assert_eq!(outcome(&schemas), outcome(&sorted));
    }
}
