//! Servers: what they are called in the source, and which operations have one of their own.

use std::collections::BTreeMap;

use pagebind::pointer::join;
use serde_json::Value;

use super::shaped::Shaped;
use crate::{
    naming,
    plan::{Server, Variable},
    settings::Settings,
};

/// Notes the servers in the plan.
pub(crate) fn shape(shaped: &mut Shaped, contract: &Value, settings: &Settings) {
    let page = settings.pages.first().map(|page| page.url.as_str());
    let mut all = of_api(shaped, contract, page);
    let mut own: BTreeMap<String, Server> = BTreeMap::new();
    for (method, (at, published)) in of_operations(shaped, contract) {
        let Some(server) = read(&published) else {
            shaped.degrade(&at, "is no server that can be called; the client's base URL is taken");
            continue;
        };
        own.insert(method, server);
    }
    // Where only operations have servers, that of most of them is the one of the API.
    if all.is_empty() && own.len() == shaped.plan.operations.len() {
        let mut counted: Vec<(usize, Server)> = Vec::new();
        for server in own.values() {
            match counted.iter_mut().find(|(_, it)| it.default_url() == server.default_url()) {
                Some((count, _)) => *count += 1,
                None => counted.push((1, server.clone())),
            }
        }
        let most = counted.into_iter().max_by_key(|(count, _)| *count).map(|(_, server)| server);
        all.extend(most.filter(|it| it.url.starts_with("http")));
    }
    let main = all.first().map(Server::default_url);
    let mut others: Vec<Server> = Vec::new();
    for (method, server) in own {
        let url = server.default_url();
        if Some(&url) == main.as_ref() {
            continue;
        }
        if let Some(operation) = shaped.plan.operations.get_mut(&method) {
            operation.server = Some(url.clone());
        }
        if !others.iter().any(|other| other.default_url() == url) {
            others.push(server);
        }
    }
    tell_apart(&mut all);
    tell_apart(&mut others);
    shaped.plan.servers = all;
    shaped.plan.own_servers = others;
}

/// The servers of the whole API. A relative URL is one beside the page (OpenAPI 3.1.1, section 4.8.5).
fn of_api(shaped: &mut Shaped, contract: &Value, page: Option<&str>) -> Vec<Server> {
    let published = contract.get("servers").and_then(Value::as_array);
    let mut servers = Vec::new();
    for (index, published) in published.into_iter().flatten().enumerate() {
        let at = format!("/servers/{index}");
        let Some(mut server) = read(published) else {
            shaped.degrade(&at, "is no server that can be called");
            continue;
        };
        if !server.url.contains("://") && !server.url.starts_with("{}") {
            let Some(absolute) = page.and_then(|page| beside(page, &server.url)) else {
                // `/` is what stands there when nothing does.
                if server.url != "/" {
                    let why = "is relative to where the contract is published, which is not known";
                    shaped.degrade(&at, why);
                }
                continue;
            };
            server.url = absolute;
        }
        // Listed twice, it is one, whatever is said of it.
        let is_same = |it: &Server| it.url == server.url && it.variables == server.variables;
        if !servers.iter().any(is_same) {
            servers.push(server);
        }
    }
    servers
}

/// The first server of each operation that has any, or whose path has: by the name of its method.
fn of_operations(shaped: &Shaped, contract: &Value) -> Vec<(String, (String, Value))> {
    let first = |at: String, value: &Value| {
        let server = value.get("servers")?.as_array()?.first()?.clone();
        Some((format!("{at}/servers/0"), server))
    };
    let paths = contract.get("paths");
    let own = shaped.plan.operations.iter().filter_map(|(name, operation)| {
        let item = paths?.get(&operation.path)?;
        let item = super::security::resolve(contract, item);
        let at = join("/paths", &operation.path);
        let method = operation.method.to_ascii_lowercase();
        let of_operation = item.get(&method).and_then(|it| first(join(&at, &method), it));
        Some((name.clone(), of_operation.or_else(|| first(at, item))?))
    });
    own.collect()
}

/// Reads a server; none if nothing can be called there.
fn read(published: &Value) -> Option<Server> {
    let text = |value: &Value, key: &str| {
        value.get(key).and_then(Value::as_str).unwrap_or_default().trim().to_owned()
    };
    let template = text(published, "url");
    let mut url = String::new();
    let mut variables: Vec<Variable> = Vec::new();
    let mut rest = template.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}')?;
        let variable = published.pointer(&join("/variables", name))?;
        let values = variable.get("enum").and_then(Value::as_array).into_iter().flatten();
        let field = naming::method_name(name);
        url.push_str(before);
        url.push_str("{}");
        rest = after;
        variables.push(Variable {
            field,
            description: text(variable, "description"),
            default: variable.get("default").map(spelled)?,
            values: values.map(spelled).collect(),
        });
    }
    url.push_str(rest);
    let url = url.trim_end_matches('/').to_owned();
    let url = if url.is_empty() { "/".to_owned() } else { url };
    let named = ["name", "x-name"].iter().map(|key| text(published, key));
    let named = named.into_iter().find(|name| !name.is_empty());
    let description = text(published, "description");
    let server = Server {
        name: named.map(|name| naming::type_name(&name)).unwrap_or_default(),
        url,
        description,
        variables,
    };
    let is_odd = |it: char| it.is_whitespace() || it.is_control() || matches!(it, '"' | '\\' | '<');
    // The places of the variables are the only braces that are left.
    let callable = !server.default_url().contains(is_odd)
        && !server.url.replace("{}", "").contains(['{', '}', '?', '#']);
    callable.then_some(server)
}

/// A value of a variable as it stands in the URL.
fn spelled(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// What `reference` means on the page at `page` (RFC 3986, section 5.2), for a page that has a host.
fn beside(page: &str, reference: &str) -> Option<String> {
    let (scheme, rest) = page.split_once("://")?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    if let Some(other) = reference.strip_prefix("//") {
        return Some(format!("{scheme}://{other}"));
    }
    let mut segments: Vec<&str> = match reference.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => path.split(['?', '#']).next().unwrap_or_default().split('/').collect(),
    };
    // The last is the page itself.
    segments.pop();
    for segment in reference.split('/').filter(|segment| !segment.is_empty()) {
        match segment {
            "." => {}
            ".." => {
                segments.pop();
            }
            segment => segments.push(segment),
        }
    }
    Some(format!("{scheme}://{host}/{}", segments.join("/")).trim_end_matches('/').to_owned())
}

/// Gives each server a name of its own: that of the contract, or one that its host gives. What the
/// publisher says of a server is worded anew now and then, which must not rename an item that callers
/// hold; a server at another host is another one. Each is named by itself and by those before it, so
/// that one that is added renames none.
fn tell_apart(servers: &mut [Server]) {
    let mut taken: Vec<(String, String)> = Vec::new();
    for server in servers {
        let (host, path) = located(server);
        let is_taken = |name: &str| taken.iter().any(|(it, _)| it == name);
        let mut wanted = match server.name.is_empty() {
            true => name(&[&telling(&host)]),
            false => server.name.clone(),
        };
        if server.name.is_empty() && is_taken(&wanted) {
            let same_host = taken.iter().any(|(_, other)| *other == host);
            wanted = match same_host {
                true => name(&[&telling(&host), &path]),
                false => name(&[&host]),
            };
        }
        let name = naming::unique(&wanted, is_taken);
        taken.push((name.clone(), host));
        server.name = name;
    }
}

/// The host of a server, with its port, and its path below it; a variable stands there by its name.
fn located(server: &Server) -> (String, String) {
    let fields = server.variables.iter().map(|variable| variable.field.as_str());
    let url = fields.fold(server.url.clone(), |url, field| url.replacen("{}", field, 1));
    let rest = url.split("://").last().unwrap_or_default();
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    // One that is relative to others has its path alone to tell it by.
    if host.is_empty() {
        (path.to_owned(), String::new())
    } else {
        (host.to_owned(), path.to_owned())
    }
}

/// A host without what most of them have: `com` at the end, `api` or `www` before it. An address is
/// kept as it is.
fn telling(host: &str) -> String {
    let rest = match host.rsplit_once('.') {
        Some((rest, last)) if last.starts_with(char::is_alphabetic) => rest,
        _ => host,
    };
    let labels: Vec<&str> = rest.split('.').filter(|it| !["api", "www"].contains(it)).collect();
    if labels.is_empty() { host.to_owned() } else { labels.join(".") }
}

/// The name of the type that the parts of a URL become.
fn name(parts: &[&str]) -> String {
    let words = parts.iter().flat_map(|part| part.split(|c: char| !c.is_alphanumeric()));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    if words.is_empty() { "Default".to_owned() } else { naming::type_name(&words.join("-")) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// What servers of these URLs are called.
    fn names(urls: &[&str]) -> Vec<String> {
        let variables = json!({ "region": { "default": "eu" }, "port": { "default": "443" } });
        let server = |url: &&str| read(&json!({ "url": url, "variables": variables })).unwrap();
        let mut servers: Vec<Server> = urls.iter().map(server).collect();
        tell_apart(&mut servers);
        servers.into_iter().map(|server| server.name).collect()
    }

    #[test]
    fn a_server_is_called_after_its_host() {
        for (url, expected) in [
            ("https://gw-pci.pismolabs.io/cards-tokenization", "GwPciPismolabs"),
            ("https://api.example.com/v2", "Example"),
            ("https://api.example.com:8443", "Example"),
            ("https://api.com", "ApiCom"),
            ("http://localhost:8080/v1", "Localhost8080"),
            ("https://10.0.0.1/v1", "X10001"),
            ("https://{region}.example.com:{port}/v1", "RegionExample"),
            ("{region}", "Region"),
            ("/reports/v2", "ReportsV2"),
            ("/", "Default"),
        ] {
            assert_eq!(names(&[url]), [expected], "{url}");
        }
    }

    #[test]
    fn a_server_that_is_added_renames_none() {
        let all = [
            "https://example.com/v1",
            "https://api.example.com/v1",
            "https://example.com/v2",
            "https://example.dev/v2",
            "https://example.com/v2/",
        ];
        let expected = ["Example", "ApiExampleCom", "ExampleV2", "ExampleDev", "ExampleV22"];
        assert_eq!(names(&all), expected);
        for first in 1..all.len() {
            assert_eq!(names(&all[..first]), expected[..first]);
        }
    }

    #[test]
    fn what_is_said_of_a_server_does_not_name_it() {
        let named = |more: Value| {
            let mut server = json!({ "url": "https://a.example" });
            server.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            let mut servers = [read(&server).unwrap()];
            tell_apart(&mut servers);
            servers[0].name.clone()
        };
        assert_eq!(named(json!({ "description": "Production server" })), "A");
        assert_eq!(named(json!({ "description": "The server for production" })), "A");
        // OpenAPI 3.2 has a name, which is no description.
        assert_eq!(named(json!({ "name": "production" })), "Production");
        assert_eq!(named(json!({ "x-name": "live", "description": "d" })), "Live");
    }

    #[test]
    fn a_relative_url_is_resolved_against_the_page() {
        let page = "https://docs.example.com/reference/cards.md?v=1";
        for (url, expected) in [
            ("/v1", "https://docs.example.com/v1"),
            ("v1", "https://docs.example.com/reference/v1"),
            ("../v1", "https://docs.example.com/v1"),
            ("//api.example.com/v1", "https://api.example.com/v1"),
            ("/", "https://docs.example.com"),
        ] {
            assert_eq!(beside(page, url).unwrap(), expected, "{url}");
        }
    }

    #[test]
    fn a_variable_without_a_default_can_t_be_called() {
        let server = |variables: Value| {
            read(&json!({ "url": "https://{region}.example.com/{v}/", "variables": variables }))
        };
        assert_eq!(server(json!({ "region": { "default": "eu" } })), None);
        let both = json!({ "region": { "default": "eu", "enum": ["eu", "us"] }, "v": { "default": "v1" } });
        let server = server(both).unwrap();
        assert_eq!(server.url, "https://{}.example.com/{}");
        assert_eq!(server.default_url(), "https://eu.example.com/v1");
    }

    #[test]
    fn a_base_url_ends_in_no_slash_whatever_its_last_variable_is() {
        for default in ["", "/", "v1/"] {
            let base = json!({ "base": { "default": default } });
            let server = read(&json!({ "url": "https://a.example.com/{base}", "variables": base }));
            let url = server.unwrap().default_url();
            assert!(!url.ends_with('/') && url.starts_with("https://a.example.com"), "{url}");
        }
    }
}
