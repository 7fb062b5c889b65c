use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{File, bundle};
use crate::{
    diagnostic::Diagnostics,
    merge::{Merged, Options, merge},
    page::{Page, extract},
};

/// A set of files; those that say `openapi` are its pages.
fn set(files: &[(&str, Value)]) -> Result<Vec<Page>, Diagnostics> {
    let texts: BTreeMap<String, String> =
        files.iter().map(|(path, value)| ((*path).to_owned(), format!("{value:#}"))).collect();
    let paths: Vec<String> = texts
        .iter()
        .filter(|(_, text)| text.contains("\"openapi\""))
        .map(|(path, _)| path.clone())
        .collect();
    let mut pages: Vec<Page> =
        paths.iter().map(|path| extract(path, &texts[path]).unwrap()).collect();
    let mut read = |path: &str| {
        let text = texts.get(path).cloned();
        Ok(text.map(|text| File { name: path.to_owned(), text }))
    };
    bundle(&mut pages, &mut read)?;
    Ok(pages)
}

fn merged(files: &[(&str, Value)]) -> Merged {
    let pages = set(files).unwrap_or_else(|problems| panic!("{problems}"));
    merge(&pages, &Options::default()).unwrap_or_else(|problems| panic!("{problems}"))
}

fn problem(files: &[(&str, Value)]) -> String {
    let problems = set(files).unwrap_err();
    assert_eq!(problems.iter().count(), 1, "{problems}");
    problems.to_string()
}

/// A page with a path that answers with the schema.
fn page(path: &str, schema: Value) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {path: {"get": {"responses": {"200": {
            "description": "d", "content": {"application/json": {"schema": schema}},
        }}}}},
    })
}

fn to(reference: &str) -> Value {
    json!({"$ref": reference})
}

#[test]
fn what_a_page_refers_to_in_a_file_becomes_a_component() {
    let merged = merged(&[
        ("pages/a.json", page("/a", to("../schemas/card.json#/Card"))),
        ("pages/b.json", page("/b", to("../schemas/card.json#/Card"))),
        (
            "schemas/card.json",
            json!({
                "Card": {"properties": {"owner": to("owner.json"), "next": to("#/Card")}},
                "Unused": to("nowhere.json"),
            }),
        ),
        ("schemas/owner.json", json!({"type": "string", "example": to("data")})),
    ]);
    assert_eq!(
        merged.document["components"],
        json!({"schemas": {
            "Card": {"properties": {
                "owner": to("#/components/schemas/owner"),
                "next": to("#/components/schemas/Card"),
            }},
            "owner": {"type": "string", "example": to("data")},
        }})
    );
    for path in ["/a", "/b"] {
        let response = &merged.document["paths"][path]["get"]["responses"]["200"];
        let schema = &response["content"]["application/json"]["schema"];
        assert_eq!(*schema, to("#/components/schemas/Card"));
    }
    let says = |pointer: &str| merged.provenance[pointer].iter().cloned().collect::<Vec<_>>();
    assert_eq!(says("/components/schemas/owner"), ["schemas/owner.json"]);
    assert_eq!(says("/paths/~1a/get"), ["pages/a.json"]);
}

#[test]
fn a_mapping_in_a_file_leads_to_what_stands_there() {
    let mapping = json!({"a": "#/Assign", "u": "unassign.json", "n": "Named"});
    let merged = merged(&[
        ("a.json", page("/a", to("actions.json#/Action"))),
        (
            "actions.json",
            json!({
                "Action": {"discriminator": {"propertyName": "type", "mapping": mapping}},
                "Assign": {"allOf": [to("#/Action")]},
            }),
        ),
        ("unassign.json", json!({"allOf": [to("actions.json#/Action")]})),
        ("named.json", {
            let mut page = page("/n", to("#/components/schemas/Named"));
            page["components"] = json!({"schemas": {"Named": {}}});
            page
        }),
    ]);
    let schemas = &merged.document["components"]["schemas"];
    assert_eq!(
        schemas["Action"]["discriminator"]["mapping"],
        json!({
            "a": "#/components/schemas/Assign",
            "u": "#/components/schemas/unassign",
            "n": "Named",
        })
    );
    assert_eq!(schemas["Assign"], json!({"allOf": [to("#/components/schemas/Action")]}));
}

#[test]
fn merge_keys_in_files_are_told() {
    let mut pages = vec![extract("a.json", &page("/a", to("b.yaml#/B")).to_string()).unwrap()];
    let mut read = |name: &str| {
        Ok(Some(File { name: name.to_owned(), text: "A: &a {type: object}\nB: {<<: *a}\n".into() }))
    };
    bundle(&mut pages, &mut read).unwrap();
    assert_eq!(pages[0].document["components"]["schemas"], json!({"B": {"type": "object"}}));
    let told: Vec<String> = pages[0].warnings.iter().map(ToString::to_string).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(
        told[0].starts_with("merge key `<<`") && told[0].contains("--> b.yaml:2:5"),
        "{told:?}"
    );
}

#[test]
fn a_page_may_refer_to_another_page() {
    let mut other = page("/b", to("#/components/schemas/Card"));
    other["components"]["schemas"]["Card"] = json!({"type": "integer"});
    let merged = merged(&[
        ("a.json", page("/a", to("b.json#/components/schemas/Card"))),
        ("b.json", other),
        (
            "c.json",
            page(
                "/c",
                to("./b.json#/paths/~1b/get/responses/200/content/application~1json/schema"),
            ),
        ),
    ]);
    assert_eq!(
        merged.document["components"]["schemas"],
        json!({
            "Card": {"type": "integer"},
            "schema": to("#/components/schemas/Card"),
        })
    );
}

#[test]
fn a_component_that_stands_for_a_file_is_what_the_file_says() {
    let mut one = page("/a", to("#/components/schemas/Card"));
    one["components"] = json!({"schemas": {"Card": to("schemas/card.json")}});
    let two = page("/b", to("schemas/card.json"));
    let merged = merged(&[
        ("a.json", one),
        ("b.json", two),
        ("schemas/card.json", json!({"properties": {"next": to("card.json")}})),
    ]);
    assert_eq!(
        merged.document["components"]["schemas"],
        json!({"Card": {"properties": {"next": to("#/components/schemas/Card")}}})
    );
}

#[test]
fn names_that_are_taken_get_the_name_of_their_file_too() {
    let mut one = page("/a", to("x.json#/Card"));
    one["components"] = json!({"schemas": {"Card": {"type": "integer"}}});
    let two = page("/b", to("y.json#/Card"));
    let merged = merged(&[
        ("a.json", one),
        ("b.json", two),
        ("x.json", json!({"Card": {"type": "string"}})),
        ("y.json", json!({"Card": {"type": "boolean"}})),
    ]);
    assert_eq!(
        merged.document["components"]["schemas"],
        json!({
            "Card": {"type": "integer"},
            "x_Card": {"type": "string"},
            "y_Card": {"type": "boolean"},
        })
    );
}

#[test]
fn every_kind_of_part_may_stand_in_a_file() {
    let root = json!({
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": to("paths.json#/~1a")},
        "components": {"schemas": to("schemas.json")},
    });
    let paths = json!({"/a": {
        "parameters": [to("parts.json#/id")],
        "get": {
            "parameters": [to("parts.json#/id")],
            "requestBody": to("parts.json#/body"),
            "responses": {"200": to("parts.json#/ok")},
        },
        "post": to("post.json"),
    }});
    let parts = json!({
        "id": {"name": "id", "in": "query", "schema": to("schemas.json#/Id")},
        "body": {"content": {"application/json": {"examples": {"one": to("one.json")}}}},
        "ok": {"description": "d", "headers": {"H": to("#/header")}},
        "header": {"schema": {"oneOf": [to("schemas.json#/Id")], "discriminator": {
            "propertyName": "k", "mapping": {"id": "schemas.json#/Id", "other": "Other"},
        }}},
    });
    let merged = merged(&[
        ("root.json", root),
        ("paths.json", paths),
        ("parts.json", parts),
        ("schemas.json", json!({"Id": {"type": "string"}, "Other": {}})),
        ("post.json", json!({"responses": {"204": {"description": "d"}}})),
        ("one.json", json!({"value": 1})),
    ]);
    let components = &merged.document["components"];
    assert_eq!(components["examples"]["one"], json!({"value": 1}));
    assert_eq!(components["parameters"]["id"]["name"], "id");
    assert_eq!(components["responses"]["ok"]["headers"]["H"], to("#/components/headers/header"));
    assert_eq!(components["schemas"]["Other"], json!({}));
    let mapping = &components["headers"]["header"]["schema"]["discriminator"]["mapping"];
    assert!(mapping["id"].as_str().unwrap().starts_with("#/components/schemas/"));
    assert_eq!(mapping["other"], "Other");
    let item = &merged.document["paths"]["/a"];
    assert_eq!(item["post"]["responses"]["204"]["description"], "d");
    assert_eq!(item["get"]["requestBody"], to("#/components/requestBodies/body"));
}

#[test]
fn a_reference_that_leads_out_of_the_folder_is_one_clear_error() {
    for (reference, message) in [
        ("../b.json#/X", "the reference `../b.json#/X` leads out of the folder"),
        (
            "https://a.example/b.json",
            "the reference `https://a.example/b.json` leads elsewhere than to a file",
        ),
        ("gone.json", "the reference `gone.json` names no file"),
        ("b.json#/Gone", "the reference `b.json#/Gone` names nothing in its file"),
    ] {
        let report =
            problem(&[("a.json", page("/a", to(reference))), ("b.json", json!({"X": {}}))]);
        assert!(report.starts_with(message), "{report}");
        assert!(report.contains("--> a.json:"), "{report}");
        assert!(report.contains("/schema/$ref\nhelp: "), "{report}");
    }
    let report = problem(&[
        ("a.json", page("/a", to("b.json#/X"))),
        ("b.json", json!({"X": {"items": to("c.json")}})),
    ]);
    assert!(report.contains("--> b.json:4:15 at /X/items/$ref"), "{report}");
}

#[test]
fn a_file_that_cannot_be_read_is_one_error_with_the_first_place_that_refers_to_it() {
    let deep = (0..600).fold(json!({}), |inner, _| json!([inner]));
    let schema = json!({"anyOf": [to("b.json#/X"), to("b.json#/Y")]});
    let report = problem(&[("a.json", page("/a", schema)), ("b.json", deep)]);
    assert!(report.starts_with("nested deeper than 512 levels\n  --> b.json:514:"), "{report}");
    assert!(report.contains("/schema/anyOf/0/$ref\nhelp: "), "{report}");
    assert!(!report.contains("names no file"), "{report}");
}

#[test]
fn a_name_that_comes_of_a_file_is_one_that_a_component_may_have() {
    let merged = merged(&[
        (
            "a.json",
            page("/a", json!({"anyOf": [to("b%23c.json"), to("b%20c.json"), to("d.json#/Käse")]})),
        ),
        ("b#c.json", json!({"type": "string"})),
        ("b c.json", json!({"type": "integer"})),
        ("d.json", json!({"Käse": {"type": "boolean"}})),
    ]);
    assert_eq!(
        merged.document["components"]["schemas"],
        json!({
            "K_se": {"type": "boolean"},
            "b_c": {"type": "integer"},
            "b_c_b_c": {"type": "string"},
        })
    );
}

#[test]
fn an_empty_reference_names_no_file_and_leads_nowhere() {
    let schema = json!({"allOf": [to("other.json"), to("")]});
    let pages = set(&[("a.json", page("/a", schema)), ("other.json", json!({}))]).unwrap();
    let problems = merge(&pages, &Options::default()).unwrap_err();
    assert!(problems.to_string().starts_with("the reference `` leads nowhere"), "{problems}");
}

#[test]
fn parts_that_are_written_out_in_each_other_come_to_an_end() {
    let root = json!({
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": to("item.json")},
    });
    let item =
        json!({"post": {"callbacks": {"a": {"u": to("item.json")}, "b": {"u": to("item.json")}}}});
    let report = problem(&[("a.json", root), ("item.json", item)]);
    assert!(report.contains("written out come to more than 64 MiB"), "{report}");
}

#[test]
fn a_conflict_in_a_file_is_shown_there() {
    let pages = set(&[
        ("a.json", page("/a", to("b.json#/X"))),
        ("b.json", json!({"X": {"items": to("#/Y")}, "Y": {"type": "string"}})),
    ])
    .unwrap();
    let place = pages[0].place("/components/schemas/Y/type").to_string();
    assert_eq!(place, "b.json:8:13 at /Y/type");
}
