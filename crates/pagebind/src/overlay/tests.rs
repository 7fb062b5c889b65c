use serde_json::{Value, json};

use super::{Corrected, Overlay};
use crate::diagnostic::{Diagnostics, Kind};

/// An overlay of the given actions, in YAML.
fn overlay(actions: &str) -> Result<Overlay, Diagnostics> {
    let head = "overlay: 1.1.0\ninfo: {title: t, version: 1.0.0}\nactions:\n";
    Overlay::parse("overlay.yaml", &format!("{head}{actions}"))
}

fn apply(actions: &str, document: &Value) -> Result<Corrected, String> {
    let overlay = overlay(actions).map_err(|error| error.to_string())?;
    overlay.apply(document).map_err(|error| {
        assert_eq!(error.kind(), Kind::Finding);
        error.to_string()
    })
}

fn corrected(actions: &str, document: &Value) -> Value {
    apply(actions, document).unwrap().document
}

fn card_id() -> Value {
    json!({"CardID": {"type": "number", "example": 6743052}})
}

const CARD_ID: &str = "
- target: $.CardID
  description: A card id is an integer.
  x-expect: {type: number}
  update: {type: integer, format: int64}
";

#[test]
fn an_update_replaces_what_it_states_and_adds_the_rest() {
    let result = apply(CARD_ID, &card_id()).unwrap();
    let fixed = json!({"CardID": {"type": "integer", "example": 6743052, "format": "int64"}});
    assert_eq!(result.document, fixed);
    assert_eq!(result.corrections.len(), 1);
    assert_eq!(result.corrections[0].description, "A card id is an integer.");
    assert_eq!(result.corrections[0].target, "$.CardID");
    assert_eq!(result.corrections[0].places.len(), 1);
}

#[test]
fn an_update_merges_objects_and_joins_arrays() {
    let document = json!({"a": {"keep": 1, "deep": {"x": [1], "y": 1}}});
    let actions = "
- target: $.a
  description: d
  x-expect: {deep: {x: [1]}}
  update: {deep: {x: [2, 3], z: null}}
";
    let merged = json!({"a": {"keep": 1, "deep": {"x": [1, 2, 3], "y": 1, "z": null}}});
    assert_eq!(corrected(actions, &document), merged);
}

#[test]
fn an_update_of_an_array_joins_an_array_and_appends_anything_else() {
    let document = json!({"tags": ["a"]});
    let update = |update: &str| {
        let action =
            format!("- {{target: $.tags, description: d, x-expect: [a], update: {update}}}");
        corrected(&action, &document)
    };
    assert_eq!(update("[b, c]"), json!({"tags": ["a", "b", "c"]}));
    assert_eq!(update("b"), json!({"tags": ["a", "b"]}));
    assert_eq!(update("{k: v}"), json!({"tags": ["a", {"k": "v"}]}));
}

#[test]
fn an_update_of_a_primitive_replaces_it_even_by_null() {
    let action = "- {target: $.a, description: d, x-expect: one, update: null}";
    assert_eq!(corrected(action, &json!({"a": "one"})), json!({"a": null}));
}

#[test]
fn an_update_never_turns_one_kind_into_another() {
    let action = "- {target: $.a, description: d, x-expect: {b: [1]}, update: {b: {c: 1}}}";
    let error = apply(action, &json!({"a": {"b": [1]}})).unwrap_err();
    assert!(error.contains("correction 1 would merge an object into another kind"), "{error}");
    assert!(error.contains("/a/b: this is an array"), "{error}");
    let action = "- {target: '$.*', description: d, x-expect: {}, update: {b: 1}}";
    let error = apply(action, &json!({"a": {}, "c": 1})).unwrap_err();
    assert!(error.contains("matches nodes of different kinds"), "{error}");
}

#[test]
fn actions_are_applied_in_order_each_to_what_the_last_one_left() {
    let actions = "
- {target: $.a, description: d, x-expect: 1, remove: true}
- {target: $, description: d, x-expect: {}, update: {a: 2}}
- {target: $.a, description: d, x-expect: 2, update: 3}
";
    assert_eq!(corrected(actions, &json!({"a": 1})), json!({"a": 3}));
}

#[test]
fn remove_takes_out_every_match_from_objects_and_arrays() {
    let document = json!({"a": [1, 2, 1, 3, 1], "b": {"c": 1, "d": 2}});
    let action = "- {target: '$..[?@ == 1]', description: d, x-expect: 1, remove: true}";
    let result = apply(action, &document).unwrap();
    assert_eq!(result.document, json!({"a": [2, 3], "b": {"d": 2}}));
    assert_eq!(result.corrections[0].places.len(), 4);
}

#[test]
fn remove_expects_the_whole_value() {
    let action = "- {target: $.a, description: d, x-expect: {b: 1}, remove: true}";
    assert!(apply(action, &json!({"a": {"b": 1}})).is_ok());
    let error = apply(action, &json!({"a": {"b": 1, "new": 2}})).unwrap_err();
    assert!(error.contains(r#"the page now says `{"b":1,"new":2}`"#), "{error}");
}

#[test]
fn removing_the_root_is_refused() {
    let action = "- {target: $, description: d, x-expect: {}, remove: true}";
    let error = apply(action, &json!({})).unwrap_err();
    assert!(error.contains("removes the whole document"), "{error}");
}

#[test]
fn copy_merges_the_one_node_it_selects() {
    let document = json!({"from": {"x": 1}, "to": {"y": 2}});
    let action = "- {target: $.to, description: d, x-expect: {}, copy: $.from}";
    assert_eq!(corrected(action, &document)["to"], json!({"y": 2, "x": 1}));
    let action = "- {target: $.to, description: d, x-expect: {}, copy: '$.*'}";
    let error = apply(action, &document).unwrap_err();
    assert!(error.contains("copies from `$.*`, which is 2 nodes"), "{error}");
}

#[test]
fn a_correction_that_matches_nothing_fails_at_its_place() {
    let error = apply(CARD_ID, &json!({"CardNumber": {}})).unwrap_err();
    assert_eq!(
        error,
        "correction 1 matches nothing: `$.CardID`\n  \
         --> overlay.yaml:5:3 at /actions/0: A card id is an integer.\n\
         help: if the page no longer says what is corrected here, remove the correction; \
         else restate its target"
    );
}

#[test]
fn a_correction_of_several_places_fails_once_one_of_them_is_mended() {
    let action =
        "- {target: '$.*.minLength', x-matches: 2, description: d, x-expect: 1, remove: true}";
    let published = json!({"a": {"minLength": 1}, "b": {"minLength": 1}});
    assert_eq!(corrected(action, &published), json!({"a": {}, "b": {}}));
    let error = apply(action, &json!({"a": {}, "b": {"minLength": 1}})).unwrap_err();
    assert!(error.starts_with("correction 1 expects 2 matches, and has 1\n"), "{error}");
    let action = action.replace("x-matches: 2", "x-matches: 0");
    assert_eq!(refused(&action), ["4:40: `x-matches` is not a number of nodes, 1 or more"]);
}

#[test]
fn a_correction_that_the_page_has_made_itself_asks_to_be_removed() {
    let document = json!({"CardID": {"type": "integer", "format": "int64"}});
    let error = apply(CARD_ID, &document).unwrap_err();
    assert_eq!(
        error,
        "correction 1 expects `\"number\"`, and the page now says `\"integer\"`\n  \
         --> overlay.yaml:5:3 at /actions/0: A card id is an integer.\n  \
         --> the document at /CardID/type: the page now says `\"integer\"`\n\
         help: the page already says what the correction sets: remove the correction"
    );
}

#[test]
fn a_page_that_says_something_else_asks_for_a_look() {
    let error = apply(CARD_ID, &json!({"CardID": {"type": "string"}})).unwrap_err();
    assert!(error.contains(r#"the page now says `"string"`"#), "{error}");
    assert!(error.contains("help: look at the page; if the correction is still right"), "{error}");
}

#[test]
fn what_an_update_does_not_expect_must_not_be_there_yet() {
    let document = json!({"CardID": {"type": "number", "format": "int32"}});
    let error = apply(CARD_ID, &document).unwrap_err();
    assert!(error.contains(r#"expects nothing, and the page now says `"int32"`"#), "{error}");
    let error = apply(CARD_ID, &json!({"CardID": {}})).unwrap_err();
    assert!(error.contains(r#"expects `"number"`, and the page now says nothing"#), "{error}");
}

#[test]
fn a_key_that_only_the_expectation_has_must_stand_as_stated() {
    let action = "- {target: $.a, description: d, x-expect: {type: array}, update: {minItems: 1}}";
    assert!(apply(action, &json!({"a": {"type": "array"}})).is_ok());
    assert!(apply(action, &json!({"a": {"type": "string"}})).is_err());
    assert!(apply(action, &json!({"a": {}})).is_err());
}

#[test]
fn every_correction_that_no_longer_holds_is_reported_at_once() {
    let actions =
        format!("{CARD_ID}- {{target: $.gone, description: d, x-expect: 1, remove: true}}");
    let error = apply(&actions, &json!({"CardID": {"type": "string"}})).unwrap_err();
    assert!(error.contains("correction 1 expects"), "{error}");
    assert!(error.contains("correction 2 matches nothing"), "{error}");
}

#[test]
fn the_document_given_is_left_alone() {
    let document = card_id();
    corrected(CARD_ID, &document);
    assert_eq!(document, card_id());
}

#[test]
fn an_addition_beside_what_is_stated_is_nobody_s_business() {
    let document = json!({"a": {"type": "string", "enum": ["x", "y", "new"], "required": ["b"]}});
    let component = "- {target: $.a, description: d, x-expect: {enum: [x, y]}, x-component: Kind}";
    assert!(apply(component, &document).is_ok());
    let longer = "- {target: $.a, description: d, x-expect: {enum: [x]}, update: {enum: [z]}}";
    assert_eq!(corrected(longer, &document)["a"]["enum"], json!(["x", "y", "new", "z"]));
    let longer = "- {target: $.a.required, description: d, x-expect: [], update: c}";
    assert_eq!(corrected(longer, &document)["a"]["required"], json!(["b", "c"]));
}

#[test]
fn an_item_that_the_page_has_by_now_does_not_come_twice() {
    for (target, update) in [("$.a", "{b: [y]}"), ("$.a.b", "[z, y]"), ("$.a.b", "y")] {
        let action =
            format!("- {{target: {target}, description: d, x-expect: {{}}, update: {update}}}");
        let action = action
            .replace("$.a.b, description: d, x-expect: {}", "$.a.b, description: d, x-expect: []");
        let error = apply(&action, &json!({"a": {"b": ["x", "y"]}})).unwrap_err();
        assert!(error.contains("expects no `\"y\"`"), "{error}");
    }
}

#[test]
fn a_correction_that_no_longer_fits_is_shown_as_it_would_have_to_be_now() {
    let document = json!({"CardID": {"type": "string", "example": "7", "format": "card"}});
    let error = apply(CARD_ID, &document).unwrap_err();
    let action = error.split_once("state it as\n").unwrap().1;
    assert_eq!(
        action,
        "  - target: \"$.CardID\"\n    description: \"A card id is an integer.\"\n    \
         x-expect: {\"type\":\"string\",\"format\":\"card\"}\n    \
         update: {\"type\":\"integer\",\"format\":\"int64\"}"
    );
    assert_eq!(corrected(action, &document)["CardID"]["type"], "integer");

    let two = "- {target: $.*.a, x-matches: 1, description: d, x-expect: 1, remove: true}";
    let document = json!({"x": {"a": 1}, "y": {"a": 1}});
    let error = apply(two, &document).unwrap_err();
    let action = error.split_once("state it as\n").unwrap().1;
    assert_eq!(corrected(action, &document), json!({"x": {}, "y": {}}));
}

#[test]
fn what_can_t_be_stated_as_one_value_is_left_to_the_reader() {
    let action = "- {target: $.*, description: d, x-expect: 1, remove: true}";
    let error = apply(action, &json!({"a": 2, "b": 3})).unwrap_err();
    assert!(!error.contains("state it as"), "{error}");
    let long = json!({"a": "x".repeat(3000)});
    let error =
        apply("- {target: $.a, description: d, x-expect: 1, remove: true}", &long).unwrap_err();
    assert!(!error.contains("state it as"), "{error}");
}

const PERSON: &str = "
- target: $.person['first', 'last']
  description: d
  x-expect: {type: string}
  x-component: PersonName
";

#[test]
fn equal_schemas_become_one_component_and_keep_their_own_annotations() {
    let document = json!({"person": {
        "first": {"type": "string", "description": "First", "maxLength": 35, "example": "Alex"},
        "last": {"type": "string", "description": "Last", "maxLength": 35, "example": "Alex"},
    }});
    let reference = "#/components/schemas/PersonName";
    assert_eq!(
        corrected(PERSON, &document),
        json!({
            "person": {
                "first": {"$ref": reference, "description": "First"},
                "last": {"$ref": reference, "description": "Last"},
            },
            "components": {"schemas": {
                "PersonName": {"type": "string", "maxLength": 35, "example": "Alex"},
            }},
        })
    );
}

#[test]
fn schemas_that_differ_do_not_become_one_component() {
    let document = json!({"person": {
        "first": {"type": "string"},
        "last": {"type": "string", "maxLength": 35},
    }});
    let error = apply(PERSON, &document).unwrap_err();
    assert!(error.contains("makes one PersonName of schemas that differ"), "{error}");
    assert!(error.contains("/person/last: differs from /person/first"), "{error}");
}

#[test]
fn schemas_far_apart_become_one_component_in_several_actions() {
    let document = json!({
        "person": {"first": {"type": "string", "example": "Alex"}, "last": {"type": "string", "example": "Alex"}},
        "city": {"type": "string", "example": "Bern"},
    });
    let city = "
- target: $.city
  description: d
  x-expect: {type: string}
  x-component: PersonName
";
    let merged = corrected(&format!("{PERSON}{city}"), &document);
    let reference = json!({"$ref": "#/components/schemas/PersonName"});
    assert_eq!(merged["person"], json!({"first": reference, "last": reference}));
    assert_eq!(
        merged["city"],
        json!({"$ref": "#/components/schemas/PersonName", "example": "Bern"})
    );
    assert_eq!(
        merged["components"]["schemas"]["PersonName"],
        json!({"type": "string", "example": "Alex"})
    );
}

#[test]
fn a_component_is_never_overwritten() {
    let document = json!({
        "person": {"first": {"type": "string"}, "last": {"type": "string"}},
        "components": {"schemas": {"PersonName": {}}},
    });
    let error = apply(PERSON, &document).unwrap_err();
    assert!(error.contains("makes a component PersonName, and there is one"), "{error}");
}

#[test]
fn a_component_is_made_of_schema_objects_alone() {
    let document = json!({"person": {"first": "x", "last": "x"}});
    let error = apply(&PERSON.replace("{type: string}", "x"), &document).unwrap_err();
    assert!(error.contains("makes PersonName of what is not a schema object"), "{error}");
}

#[test]
fn a_component_made_by_one_action_is_there_for_the_next() {
    let actions = format!(
        "{PERSON}- {{target: $.components.schemas.PersonName, description: d, \
         x-expect: {{type: string}}, update: {{x-sensitive: true}}}}"
    );
    let document = json!({"person": {"first": {"type": "string"}, "last": {"type": "string"}}});
    let component = &corrected(&actions, &document)["components"]["schemas"]["PersonName"];
    assert_eq!(*component, json!({"type": "string", "x-sensitive": true}));
}

#[test]
fn a_long_value_is_cut_in_messages() {
    let document = json!({"CardID": {"type": "é".repeat(2000)}});
    let error = apply(CARD_ID, &document).unwrap_err();
    assert!(error.contains("é…`"), "{error}");
    assert!(error.lines().all(|line| line.chars().count() < 250), "{error}");
}

/// What is wrong with an action, as `line:column: message`.
fn refused(actions: &str) -> Vec<String> {
    let error = overlay(actions).unwrap_err();
    assert_eq!(error.kind(), Kind::Unreadable);
    let tell = |problem: &crate::diagnostic::Diagnostic| {
        let position = problem.places[0].position.unwrap();
        format!("{position}: {}", problem.message)
    };
    error.iter().map(tell).collect()
}

#[test]
fn an_unknown_key_is_refused_and_an_extension_is_not() {
    let action = "- {target: $.a, description: d, x-expect: 1, remove: true, x-other: 1}";
    assert!(overlay(action).is_ok());
    let action = "- {target: $.a, description: d, x-expect: 1, remove: true, updat: 1}";
    let known = "known here are target, description, update, remove, copy";
    assert_eq!(refused(action), [format!("4:67: unknown key `updat`: {known}")]);
}

#[test]
fn an_action_without_reason_expectation_or_target_is_refused() {
    assert_eq!(
        refused("- {remove: true}"),
        ["4:3: `description` is missing", "4:3: `target` is missing", "4:3: `x-expect` is missing",]
    );
}

#[test]
fn an_action_does_exactly_one_thing() {
    let two = "- {target: $.a, description: d, x-expect: 1, remove: true, update: 1}";
    let must = "things, and must do one: update, copy, remove or x-component";
    assert_eq!(refused(two), [format!("4:3: an action does 2 {must}")]);
    let none = "- {target: $.a, description: d, x-expect: 1, remove: false}";
    assert_eq!(refused(none), [format!("4:3: an action does 0 {must}")]);
}

#[test]
fn a_target_that_is_not_a_json_path_is_refused() {
    let messages = refused("- {target: paths.x, description: d, x-expect: 1, remove: true}");
    assert_eq!(messages.len(), 1);
    assert!(messages[0].starts_with("4:12: `paths.x` is not a JSONPath (RFC 9535)"));
}

#[test]
fn a_component_name_fits_the_pattern_of_openapi() {
    let action = "- {target: $.a, description: d, x-expect: 1, x-component: Person Name}";
    assert!(refused(action)[0].contains("`Person Name` can't name a component"));
}

#[test]
fn an_overlay_says_its_version_its_info_and_at_least_one_action() {
    let problems = |text: &str| {
        let error = Overlay::parse("overlay.yaml", text).unwrap_err();
        let messages: Vec<_> = error.iter().map(|problem| problem.message.clone()).collect();
        messages
    };
    assert_eq!(
        problems("overlay: 2.0.0\ninfo: {title: t}\nactions: []\n"),
        [
            "overlay version `2.0.0` is neither 1.0 nor 1.1",
            "`version` is missing",
            "`actions` is not a list with at least one action",
        ]
    );
    assert_eq!(problems("[]"), ["this is not an object"]);
}

#[test]
fn a_version_of_two_parts_is_refused_for_that() {
    for version in ["1.0", "'1.1'"] {
        let text =
            format!("overlay: {version}\ninfo: {{title: t, version: '1'}}\nactions: [{{}}]\n");
        let error = Overlay::parse_as_published("o.yaml", &text).unwrap_err();
        let first = error.iter().next().unwrap();
        assert!(first.message.contains("has two parts, and must have three"), "{first}");
        assert_eq!(first.places[0].to_string(), "o.yaml:1:10 at /overlay");
    }
}

#[test]
fn a_published_overlay_is_applied_as_it_is_and_says_what_it_skipped() {
    let text = "\
overlay: 1.0.0
info: {title: t, version: 1.0.0, summary: s}
extends: ./openapi.yaml
actions:
- {target: $.info, update: {title: New}}
- {target: $.gone, description: Not there., remove: true}
- {target: $.tags, update: {a: 1}, remove: true}
- {target: '$.info.title', update: {a: 1}}
- {target: $.info}
- {target: $.paths, update: {/a: {get: 1, put: {c: 1}}}}
- {target: $.info.x-logo, remove: true}
";
    let document = json!({"info": {"title": "Old"}, "tags": [], "paths": {"/a": {"put": []}}});
    let overlay = Overlay::parse_as_published("o.yaml", text).unwrap();
    let result = overlay.apply(&document).unwrap();
    assert_eq!(result.document, json!({"info": {"title": "New"}, "paths": {"/a": {"put": []}}}));
    let skipped: Vec<_> = result.skipped.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(
        skipped,
        [
            "unknown key `summary`: known here are title, version, description",
            "an action does nothing",
            "`$.info.x-logo` is not a JSONPath (RFC 9535): at position 8, parser error",
            "correction 2 matches nothing: `$.gone`",
            "correction 4 would merge an object into another kind",
            "correction 6 would merge an object into another kind",
        ]
    );
    assert_eq!(result.skipped[3].places[0].to_string(), "o.yaml:6:3 at /actions/1: Not there.");
    assert!(Overlay::parse("o.yaml", text).is_err());
}

#[test]
fn version_1_0_is_read_and_has_no_copy() {
    let text = |change: &str| {
        format!(
            r#"{{"overlay": "1.0.0", "info": {{"title": "t", "version": "1"}}, "extends": "a.json",
            "actions": [{{"target": "$.a", "description": "d", "x-expect": {{}}, {change}}}]}}"#
        )
    };
    assert!(Overlay::parse("o.json", &text(r#""update": {}"#)).is_ok());
    let error = Overlay::parse("o.json", &text(r#""copy": "$.b""#)).unwrap_err();
    assert!(error.to_string().contains("unknown key `copy`"), "{error}");
}

#[test]
fn a_key_of_ours_that_is_misspelt_is_an_error_and_somebody_else_s_is_none() {
    let overlay = |keys: &str, update: &str| {
        let text = format!(
            "overlay: 1.1.0\ninfo: {{ title: T, version: '1' }}\nactions:\n  - target: $.info\n    \
             description: Why.\n    x-expect: {{}}\n{keys}    update: {{ {update} }}\n"
        );
        Overlay::parse("o.yaml", &text).map_err(|problems| problems.to_string())
    };
    overlay("    x-codegen: 1\n", "x-internal: true, x-order: 2, x-sensitive: true").unwrap();
    let said = overlay("    x-match: 2\n", "a: { b: [{ x-sensitve: true }] }").unwrap_err();
    assert!(said.contains("`x-match` is no key that means something here"), "{said}");
    assert!(said.contains("did you mean `x-matches`?"), "{said}");
    assert!(said.contains("o.yaml:8:38 at /actions/0/update/a/b/0/x-sensitve"), "{said}");
    assert!(said.contains("did you mean `x-sensitive`?"), "{said}");
}
