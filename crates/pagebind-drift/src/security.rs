//! Security requirements, and the schemes that they name.
//!
//! A list of requirements is a list of alternatives, each of one or more schemes that all apply; no
//! list, or an empty one, asks for nothing. A call that was authorised by one alternative still is
//! as long as some alternative asks for no more than that, so more alternatives, fewer schemes and
//! fewer scopes break nobody. A scheme that is called something else now but says the same is the
//! same scheme.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use serde_json::Value;

use crate::{
    comparison::{At, Comparison, Items},
    node::Node,
    rules::{Rule, api},
};

/// Schemes by name, each with the scopes that are asked for.
type Alternative<'d> = BTreeMap<&'d str, BTreeSet<&'d str>>;
type Schemes<'d> = IndexMap<&'d str, Node<'d>>;

/// Compares two lists of requirements, as the whole API or one operation (`place`) has them.
pub(crate) fn compare<'d>(
    comparison: &Comparison<'d>,
    (old, new): (Option<Node<'d>>, Option<Node<'d>>),
    place: (&Node<'d>, &Node<'d>),
    global: bool,
    items: &mut Items,
) {
    if old.as_ref().map(|node| node.value) == new.as_ref().map(|node| node.value) {
        return;
    }
    let renamed = renamed(comparison);
    let name = |name: &'d str| renamed.get(name).copied().unwrap_or(name);
    let old_list = alternatives(old.as_ref(), name);
    let new_list = alternatives(new.as_ref(), |name| name);
    let at_old = At::Old(old.as_ref().unwrap_or(place.0));
    let at_new = At::New(new.as_ref().unwrap_or(place.1));
    let pick = |of_operation, of_api| if global { of_api } else { of_operation };
    let same_schemes = |a: &Alternative<'_>, b: &Alternative<'_>| a.keys().eq(b.keys());
    // Nobody who is authorised today is refused.
    let loosened = old_list.iter().all(|old| new_list.iter().any(|new| asks_no_more(new, old)));

    for new in &new_list {
        let words = describe(new);
        let Some(old) = old_list.iter().find(|old| same_schemes(old, new)) else {
            let (rule, may): (&Rule, _) = if loosened {
                let global = &api::GLOBAL_SECURITY_ALTERNATIVE_ADDED;
                (pick(&api::SECURITY_ALTERNATIVE_ADDED, global), "may now be authorised")
            } else {
                let asked = old_list.iter().any(|old| !old.is_empty());
                let may = if asked { "may now be authorised" } else { "have to be authorised now" };
                (pick(&api::SECURITY_ADDED, &api::GLOBAL_SECURITY_ADDED), may)
            };
            let message = format!("calls {may} by {words}");
            comparison.found(items, rule, at_new, message, (None, Some(words.into())));
            continue;
        };
        for (scheme, scopes) in new {
            let before = &old[scheme];
            for scope in scopes.difference(before) {
                let rule: &Rule = pick(&api::SCOPE_ADDED, &api::GLOBAL_SCOPE_ADDED);
                let message = format!("the scope `{scope}` of {scheme} is needed now");
                comparison.found(items, rule, at_new, message, (None, Some((*scope).into())));
            }
            for scope in before.difference(scopes) {
                let rule: &Rule = pick(&api::SCOPE_REMOVED, &api::GLOBAL_SCOPE_REMOVED);
                let message = format!("the scope `{scope}` of {scheme} is no longer needed");
                comparison.found(items, rule, at_old, message, (Some((*scope).into()), None));
            }
        }
    }
    for old in &old_list {
        if new_list.iter().any(|new| same_schemes(old, new)) {
            continue;
        }
        let words = describe(old);
        let (rule, message): (&Rule, _) = if new_list.iter().any(|new| asks_no_more(new, old)) {
            let message = format!("calls need no longer be authorised by {words}");
            (pick(&api::SECURITY_LOOSENED, &api::GLOBAL_SECURITY_LOOSENED), message)
        } else if old.is_empty() {
            // Where something is asked for instead, it is said of that.
            if new_list.iter().any(|new| !old_list.iter().any(|old| same_schemes(old, new))) {
                continue;
            }
            let message = "calls have to be authorised now".to_owned();
            (pick(&api::SECURITY_REMOVED, &api::GLOBAL_SECURITY_REMOVED), message)
        } else {
            let message = format!("calls are no longer authorised by {words}");
            (pick(&api::SECURITY_REMOVED, &api::GLOBAL_SECURITY_REMOVED), message)
        };
        comparison.found(items, rule, at_old, message, (Some(words.into()), None));
    }
}

/// Whether whoever can call by `other` can call by `one`.
fn asks_no_more(one: &Alternative<'_>, other: &Alternative<'_>) -> bool {
    let mut asked = one.iter();
    asked.all(|(scheme, scopes)| other.get(scheme).is_some_and(|given| scopes.is_subset(given)))
}

fn alternatives<'d>(
    list: Option<&Node<'d>>,
    name: impl Fn(&'d str) -> &'d str,
) -> Vec<Alternative<'d>> {
    let requirements = list.into_iter().flat_map(|list| list.elements().collect::<Vec<_>>());
    let mut alternatives: Vec<Alternative<'d>> = requirements
        .map(|requirement| {
            let schemes = requirement.named();
            schemes
                .map(|(scheme, scopes)| {
                    let scopes = scopes.value.as_array().into_iter().flatten();
                    (name(scheme), scopes.filter_map(Value::as_str).collect())
                })
                .collect()
        })
        .collect();
    if alternatives.is_empty() {
        alternatives.push(Alternative::new());
    }
    alternatives
}

fn describe(alternative: &Alternative<'_>) -> String {
    if alternative.is_empty() {
        return "nothing at all".to_owned();
    }
    let names: Vec<_> = alternative.keys().map(|name| format!("`{name}`")).collect();
    names.join(" and ")
}

/// The schemes as they are written, be it as references.
fn schemes(document: &Value) -> Schemes<'_> {
    let schemes = Node::root(document)
        .get("components")
        .and_then(|components| components.get("securitySchemes"));
    let named = schemes.iter().flat_map(|schemes| schemes.named().collect::<Vec<_>>());
    named.collect()
}

/// Old names of schemes whose name is gone, but that are there under another.
fn renamed<'d>(comparison: &Comparison<'d>) -> BTreeMap<&'d str, &'d str> {
    let (old, new) = (schemes(comparison.old), schemes(comparison.new));
    let gone = old.iter().filter(|(name, _)| !new.contains_key(*name));
    let mut renamed = BTreeMap::new();
    for (name, scheme) in gone {
        let scheme = comparison.resolve_old(scheme).value;
        let twin = new.iter().find(|(name, twin)| {
            !old.contains_key(*name) && comparison.resolve_new(twin).value == scheme
        });
        if let Some((twin, _)) = twin {
            renamed.insert(*name, *twin);
        }
    }
    renamed
}

/// Compares the definitions of the schemes.
pub(crate) fn compare_schemes<'d>(comparison: &Comparison<'d>, items: &mut Items) {
    let (old, new) = (schemes(comparison.old), schemes(comparison.new));
    let renamed = renamed(comparison);
    for (name, old) in &old {
        if let Some(new) = new.get(name) {
            let rule = || api::API_PROSE_CHANGED.clone();
            comparison.text_beside_reference(
                items,
                rule,
                (old, new),
                format_args!("the security scheme `{name}`"),
            );
            let (old, new) = (comparison.resolve_old(old), comparison.resolve_new(new));
            scheme(comparison, name, &old, &new, items);
        } else if !renamed.contains_key(name) {
            let message = format!("the security scheme `{name}` was removed");
            comparison.found(
                items,
                &api::COMPONENT_REMOVED,
                At::Old(old),
                message,
                (Some((*name).into()), None),
            );
        }
    }
    for (name, new) in &new {
        if !old.contains_key(name) && !renamed.values().any(|twin| twin == name) {
            let message = format!("the security scheme `{name}` is new");
            comparison.found(
                items,
                &api::COMPONENT_ADDED,
                At::New(new),
                message,
                (None, Some((*name).into())),
            );
        }
    }
}

fn scheme<'d>(
    comparison: &Comparison<'d>,
    name: &str,
    old: &Node<'d>,
    new: &Node<'d>,
    items: &mut Items,
) {
    let value = |node: &Node<'d>, keyword: &str| node.value_of(keyword).cloned();
    let changed = |items: &mut Items,
                   rule: &Rule,
                   node: (&Node<'d>, &Node<'d>),
                   keyword: &str,
                   words: &str| {
        let values = (value(node.0, keyword), value(node.1, keyword));
        if values.0 != values.1 {
            let message = format!("{words} of the security scheme `{name}` changed");
            comparison.found(items, rule, At::New(node.1), message, values);
        }
    };
    changed(items, &api::COMPONENT_TYPE_CHANGED, (old, new), "type", "the type");
    for (keyword, words) in [
        ("in", "the place"),
        ("name", "the name"),
        ("scheme", "the scheme"),
        ("openIdConnectUrl", "the address"),
    ] {
        changed(items, &api::COMPONENT_CHANGED, (old, new), keyword, words);
    }
    let whose = format!("the security scheme `{name}`");
    comparison.text(items, &api::API_PROSE_CHANGED, "description", (old, new), &whose);
    comparison.text(items, &api::API_PROSE_CHANGED, "bearerFormat", (old, new), &whose);
    let flows = |node: &Node<'d>| -> Schemes<'d> {
        let flows = node.get("flows");
        flows.iter().flat_map(|flows| flows.members().collect::<Vec<_>>()).collect()
    };
    let (old, new) = (flows(old), flows(new));
    for (flow, old) in &old {
        let Some(new) = new.get(flow) else {
            let message = format!("the flow {flow} of the security scheme `{name}` was removed");
            comparison.found(
                items,
                &api::COMPONENT_CHANGED,
                At::Old(old),
                message,
                (Some((*flow).into()), None),
            );
            continue;
        };
        let both = (old, new);
        changed(
            items,
            &api::OAUTH_URL_CHANGED,
            both,
            "authorizationUrl",
            "the authorization address",
        );
        changed(items, &api::OAUTH_TOKEN_URL_CHANGED, both, "tokenUrl", "the token address");
        changed(items, &api::COMPONENT_CHANGED, both, "refreshUrl", "the refresh address");
        scopes(comparison, name, both, items);
    }
    for (flow, new) in new.iter().filter(|(flow, _)| !old.contains_key(*flow)) {
        let message = format!("the flow {flow} of the security scheme `{name}` is new");
        comparison.found(
            items,
            &api::COMPONENT_CHANGED,
            At::New(new),
            message,
            (None, Some((*flow).into())),
        );
    }
}

fn scopes<'d>(
    comparison: &Comparison<'d>,
    name: &str,
    (old, new): (&Node<'d>, &Node<'d>),
    items: &mut Items,
) {
    let scopes = |flow: &Node<'d>| -> Schemes<'d> {
        let scopes = flow.get("scopes");
        scopes.iter().flat_map(|scopes| scopes.named().collect::<Vec<_>>()).collect()
    };
    let (old, new) = (scopes(old), scopes(new));
    for (scope, old) in &old {
        match new.get(scope) {
            None => {
                let message =
                    format!("the security scheme `{name}` no longer knows the scope `{scope}`");
                comparison.found(
                    items,
                    &api::OAUTH_SCOPE_REMOVED,
                    At::Old(old),
                    message,
                    (Some((*scope).into()), None),
                );
            }
            Some(new) if old.value != new.value => {
                let message = format!(
                    "the scope `{scope}` of the security scheme `{name}` is described otherwise"
                );
                let values = (Some(old.value.clone()), Some(new.value.clone()));
                comparison.found(items, &api::OAUTH_SCOPE_CHANGED, At::New(new), message, values);
            }
            Some(_) => {}
        }
    }
    for (scope, new) in new.iter().filter(|(scope, _)| !old.contains_key(*scope)) {
        let message = format!("the security scheme `{name}` knows the scope `{scope}` now");
        comparison.found(
            items,
            &api::OAUTH_SCOPE_ADDED,
            At::New(new),
            message,
            (None, Some((*scope).into())),
        );
    }
}
