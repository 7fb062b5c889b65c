//! What the parts that pages refer to elsewhere are called.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{
    part::Part,
    path::stem,
    set::{Set, Source, Target},
};
use crate::{
    document::{component_name, key_kind::KeyKind},
    pointer,
};

/// The names of all that can be a component.
pub(super) type Names = BTreeMap<Target, String>;

/// A name for each of them. One that is a component of its page has that name, and one that a
/// component of a page stands for has the name of that; any other gets one that no page has.
pub(super) fn of(set: &Set<'_>) -> Names {
    let mut names = Names::new();
    let mut taken: BTreeSet<(&str, String)> = BTreeSet::new();
    for (page, one) in set.pages.iter().enumerate() {
        let sections = one.document.get("components").and_then(Value::as_object);
        for (section, components) in sections.into_iter().flatten() {
            for (name, component) in components.as_object().into_iter().flatten() {
                taken.insert((section, name.clone()));
                let at = pointer::join(&pointer::join("/components", section), name);
                if let Some(target) = stands_for(set, Source::Page(page), section, component, &at) {
                    let known = names.entry(target).or_insert_with(|| name.clone());
                    if name < known {
                        known.clone_from(name);
                    }
                }
            }
        }
    }
    for target in &set.targets {
        let Some(section) = target.section() else {
            continue;
        };
        if let Some(name) = own_name(set, target) {
            names.insert(target.clone(), name);
        } else if !names.contains_key(target) {
            let stem = stem(&target.path);
            let tokens: Vec<_> = pointer::tokens(&target.pointer).collect();
            let is_name = |token: &&String| !token.bytes().all(|byte| byte.is_ascii_digit());
            let last = tokens.iter().rfind(is_name).map_or(stem, String::as_str);
            let numbered = (2_usize..).map(|number| format!("{stem}_{last}_{number}"));
            let wishes = [last.to_owned(), format!("{stem}_{last}")].into_iter().chain(numbered);
            let mut allowed = wishes.map(|name| component_name(&name));
            let free = allowed.find(|name| taken.insert((section, name.clone())));
            names.insert(target.clone(), free.unwrap_or_default());
        }
    }
    names
}

/// What a component stands for that is nothing but a reference elsewhere.
pub(super) fn stands_for(
    set: &Set<'_>,
    source: Source<'_>,
    section: &str,
    component: &Value,
    at: &str,
) -> Option<Target> {
    let reference = only_reference(component)?;
    let around = Part::ROOT.member("components", &Value::Object(Map::new()));
    let named = Value::Object(Map::new());
    let part = around.member(section, &named).member("", component);
    let target = set.target(source, reference, part, at)?;
    target.section().is_some().then_some(target)
}

fn only_reference(component: &Value) -> Option<&str> {
    let members = component.as_object()?;
    if members.len() == 1 { members.get("$ref")?.as_str() } else { None }
}

/// The name that a target has as a component of the page it stands on.
pub(super) fn own_name(set: &Set<'_>, target: &Target) -> Option<String> {
    let Source::Page(_) = set.source(&target.path) else {
        return None;
    };
    let root = format!("/components/{}/", target.section()?);
    let name = target.pointer.strip_prefix(&root).filter(|name| !name.contains('/'))?;
    debug_assert_ne!(target.part.keys, KeyKind::Data);
    pointer::tokens(&format!("/{name}")).next()
}
