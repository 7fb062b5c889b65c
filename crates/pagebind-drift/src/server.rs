//! Servers: where calls go.
//!
//! The first server of a list is the one that is called where nobody chooses, so its place in the
//! list says something. No list at all means `/` (OpenAPI 3.1, section 4.8.1).

use indexmap::IndexMap;

use crate::{
    comparison::{At, Comparison, Items},
    node::Node,
    rules::api,
};

/// Compares two lists of servers, as the whole API or one operation (`place`) has them.
pub(crate) fn compare<'d>(
    comparison: &Comparison<'d>,
    (old, new): (Option<Node<'d>>, Option<Node<'d>>),
    place: (&Node<'d>, &Node<'d>),
    items: &mut Items,
) {
    let (old, new) = (servers(old.as_ref(), place.0), servers(new.as_ref(), place.1));
    for (url, old) in &old {
        match new.get(url) {
            Some(new) => variables(comparison, url, (old, new), items),
            None => {
                let message = format!("the server {url} was removed");
                comparison.found(
                    items,
                    &api::SERVER_REMOVED,
                    At::Old(old),
                    message,
                    (Some((*url).into()), None),
                );
            }
        }
    }
    for (url, new) in new.iter().filter(|(url, _)| !old.contains_key(*url)) {
        let message = format!("the server {url} is new");
        comparison.found(
            items,
            &api::SERVER_ADDED,
            At::New(new),
            message,
            (None, Some((*url).into())),
        );
    }
    if let (Some((was, _)), Some((is, node))) = (old.first(), new.first())
        && was != is
        && new.contains_key(was)
    {
        let message = format!("the first server is {is} now");
        let values = (Some((*was).into()), Some((*is).into()));
        comparison.found(items, &api::SERVER_ORDER_CHANGED, At::New(node), message, values);
    }
}

fn servers<'d>(list: Option<&Node<'d>>, place: &Node<'d>) -> IndexMap<&'d str, Node<'d>> {
    let mut servers = IndexMap::new();
    for server in list.into_iter().flat_map(|list| list.elements().collect::<Vec<_>>()) {
        let url = server.str_of("url").unwrap_or_default();
        let trimmed = url.trim_end_matches('/');
        servers.entry(if trimmed.is_empty() { "/" } else { trimmed }).or_insert(server);
    }
    if servers.is_empty() {
        servers.insert("/", place.clone());
    }
    servers
}

fn variables<'d>(
    comparison: &Comparison<'d>,
    url: &str,
    (old, new): (&Node<'d>, &Node<'d>),
    items: &mut Items,
) {
    // The place of a list that is not there is no server, and its words are not those of one.
    let server = |node: &Node<'d>| {
        if node.value_of("url").is_some() { node.clone() } else { Node::nothing() }
    };
    let (old, new) = (server(old), server(new));
    let whose = format!("the server {url}");
    comparison.text(items, &api::API_PROSE_CHANGED, "description", (&old, &new), &whose);
    let variables = |server: &Node<'d>| -> IndexMap<&'d str, Node<'d>> {
        let variables = server.get("variables");
        variables.iter().flat_map(|variables| variables.named().collect::<Vec<_>>()).collect()
    };
    let (old, new) = (variables(&old), variables(&new));
    let default = |node: &Node<'d>| node.value_of("default").cloned();
    let rule = &api::SERVER_VARIABLE_CHANGED;
    for (name, old) in &old {
        let whose = format!("the variable `{name}` of the server {url}");
        let Some(new) = new.get(name) else {
            let message = format!("{whose} was removed");
            comparison.found(items, rule, At::Old(old), message, (default(old), None));
            continue;
        };
        comparison.text(items, &api::API_PROSE_CHANGED, "description", (old, new), &whose);
        let values = (default(old), default(new));
        if values.0 != values.1 || old.value_of("enum") != new.value_of("enum") {
            let message = format!("{whose} changed");
            comparison.found(items, rule, At::New(new), message, values);
        }
    }
    for (name, new) in new.iter().filter(|(name, _)| !old.contains_key(*name)) {
        let message = format!("the variable `{name}` of the server {url} is new");
        comparison.found(items, rule, At::New(new), message, (None, default(new)));
    }
}
