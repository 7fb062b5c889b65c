//! Visa Click to Pay: what the rules say of its pages, against the corrections that were made by hand.

use std::collections::BTreeMap;

use super::*;

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi/visa-click-to-pay")
}

/// What the published pages say together.
fn merged() -> Value {
    let mut paths: Vec<_> =
        fs::read_dir(folder().join("pages")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let pages: Vec<_> = paths
        .iter()
        .map(|path| {
            page::extract(&path.display().to_string(), &fs::read_to_string(path).unwrap()).unwrap()
        })
        .collect();
    merge::merge(&pages, &Options::default()).unwrap().document
}

/// An action as what it does: the places that it matches once those before it were carried out, and
/// the change.
type Deed = (BTreeSet<String>, String);

/// What the actions of an overlay do, in their order.
fn deeds(actions: &[Value], document: &Value) -> Vec<Deed> {
    let mut document = document.clone();
    let mut deeds = Vec::new();
    for action in actions {
        let target: serde_json_path::JsonPath = action["target"].as_str().unwrap().parse().unwrap();
        let places = target.query_located(&document);
        let places = places.locations().map(|at| at.to_json_pointer()).collect();
        let change = ["update", "remove", "x-component"].iter().find_map(|key| {
            action
                .get(*key)
                .map(|change| format!("{key} {}", serde_json::to_string(change).unwrap()))
        });
        deeds.push((places, change.unwrap()));
        let one = json!({ "overlay": "1.1.0", "info": { "title": "t", "version": "1" }, "actions": [action] });
        document =
            Overlay::parse("one", &one.to_string()).unwrap().apply(&document).unwrap().document;
    }
    deeds
}

fn suggested() -> Vec<Value> {
    let suggestions = all(&merged());
    let actions = suggestions
        .iter()
        .filter_map(|found| Some(found.action.as_ref()?.to_yaml(&found.description, 0)));
    let text = format!("actions:\n{}", actions.collect::<String>());
    crate::document::parse("suggested", &text).unwrap()["actions"].as_array().unwrap().clone()
}

#[test]
fn what_needs_no_taste_is_written_as_it_stands_in_the_overlay_today() {
    let text = fs::read_to_string(folder().join("overlay.yaml")).unwrap();
    let made = crate::document::parse("overlay.yaml", &text).unwrap();
    let made = made["actions"].as_array().unwrap();
    let document = merged();
    let (by_hand, by_rule) = (deeds(made, &document), deeds(&suggested(), &document));
    assert_eq!(by_hand.len(), 29);

    // Every place is named.
    for (places, change) in &by_hand {
        let is_named = by_rule.iter().any(|(named, _)| named == places);
        assert!(is_named, "no suggestion is about {places:?}, for {change}");
    }
    // Two names are a matter of taste, and everything else is the same.
    let differ: BTreeMap<&String, &String> = by_hand
        .iter()
        .filter(|deed| !by_rule.contains(deed))
        .map(|(places, by_hand)| {
            let (_, by_rule) = by_rule.iter().find(|(named, _)| named == places).unwrap();
            (by_hand, by_rule)
        })
        .collect();
    let differ: Vec<_> =
        differ.into_iter().map(|(by_hand, by_rule)| (&**by_hand, &**by_rule)).collect();
    assert_eq!(
        differ,
        [
            (r#"x-component "ConsentTime""#, r#"x-component "TimeOfConsent""#),
            (r#"x-component "StateCode""#, r#"x-component "AddressState""#),
        ]
    );
    assert_eq!(by_rule.len(), 29, "nothing else is suggested");
}

#[test]
fn nothing_is_left_to_suggest_of_the_contract() {
    let text = fs::read_to_string(folder().join("overlay.yaml")).unwrap();
    let contract =
        Overlay::parse("overlay.yaml", &text).unwrap().apply(&merged()).unwrap().document;
    assert_eq!(all(&contract), []);
}
