//! Security: which credentials each operation takes.
//!
//! It is read from the contract itself, because OpenAPI 3.0 has no word for all of it, and progenitor
//! for none.

use pagebind::{document::METHODS, pointer::join};
use serde_json::{Map, Value};

use super::shaped::Shaped;
use crate::{
    naming,
    passes::client_builder,
    plan::{ClientCredentials, Scheme, SchemeKind},
};

/// Takes security and servers out of a document: both are read from the contract itself, and what reads the
/// document for progenitor, which has no use for them, would refuse all of it for one that is malformed.
pub(super) fn take_out(document: &mut Value) {
    if let Some(Value::Object(components)) = document.get_mut("components") {
        components.shift_remove("securitySchemes");
    }
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for item in paths.into_iter().flat_map(Map::values_mut).filter_map(Value::as_object_mut) {
        for method in METHODS {
            if let Some(Value::Object(operation)) = item.get_mut(method) {
                operation.shift_remove("security");
                operation.shift_remove("servers");
            }
        }
        item.shift_remove("servers");
    }
    if let Some(document) = document.as_object_mut() {
        document.shift_remove("security");
        document.shift_remove("servers");
    }
}

/// Notes in the plan which schemes there are, and which of them each operation takes.
pub(crate) fn shape(shaped: &mut Shaped, contract: &Value) {
    let mut schemes = schemes(shaped, contract);
    let mut used: Vec<String> = Vec::new();
    let mut unknown = Vec::new();
    let mut crowded = Vec::new();
    for operation in shaped.plan.operations.values_mut() {
        let (pointer, requirements) = requirements(contract, &operation.path, &operation.method);
        for (index, requirement) in requirements.iter().enumerate() {
            let mut alternative = Vec::new();
            for name in requirement.as_object().into_iter().flat_map(Map::keys) {
                if let Some(scheme) = schemes.iter_mut().find(|scheme| scheme.name == *name) {
                    if !operation.security.iter().flatten().any(|it| it == name) {
                        scheme.kind.need(&requirement[name]);
                    }
                    used.push(name.clone());
                    alternative.push(name.clone());
                } else {
                    unknown.push((join(&format!("{pointer}/{index}"), name), name.clone()));
                }
            }
            let in_header = |name: &&String| {
                schemes.iter().any(|scheme| scheme.name == **name && scheme.kind.is_authorization())
            };
            let of_header: Vec<String> =
                alternative.iter().filter(in_header).map(|name| format!("`{name}`")).collect();
            if of_header.len() > 1 {
                crowded.push((format!("{pointer}/{index}"), of_header.join(" and ")));
            }
            operation.security.push(alternative);
        }
    }
    crowded.sort();
    crowded.dedup();
    for (pointer, names) in crowded {
        let why = "would each be the header `Authorization`, of which a request has one: the last is sent";
        shaped.degrade(&pointer, format!("{names} {why}"));
    }
    unknown.sort();
    unknown.dedup();
    let defined = contract.pointer("/components/securitySchemes").and_then(Value::as_object);
    for (pointer, name) in unknown {
        let is_defined = defined.is_some_and(|defined| defined.contains_key(&name));
        let why = if is_defined { "can't be sent" } else { "is not one that is defined" };
        let message = format!("the security scheme `{name}` {why}; nothing is sent for it");
        shaped.degrade(&pointer, message);
    }
    schemes.retain(|scheme| used.contains(&scheme.name));
    let mut taken = client_builder::METHODS.map(str::to_owned).to_vec();
    for scheme in &mut schemes {
        // One word, whatever the case.
        let wanted = naming::method_name(&scheme.name.replace("OAuth", "Oauth"));
        scheme.setter = naming::unique(&wanted, |name| taken.iter().any(|it| it == name));
        taken.push(scheme.setter.clone());
    }
    shaped.plan.schemes = schemes;
}

/// The schemes of the contract that are any.
fn schemes(shaped: &mut Shaped, contract: &Value) -> Vec<Scheme> {
    let published = contract.pointer("/components/securitySchemes").and_then(Value::as_object);
    let mut schemes = Vec::new();
    for (name, scheme) in published.into_iter().flatten() {
        let scheme = resolve(contract, scheme);
        let text = |key: &str| scheme.get(key).and_then(Value::as_str).unwrap_or_default();
        let kind = match (text("type"), text("in"), text("scheme").to_ascii_lowercase()) {
            ("apiKey", "header", _) if is_header(text("name")) => {
                SchemeKind::Header(text("name").to_owned())
            }
            ("apiKey", "query", _) if !text("name").is_empty() => {
                SchemeKind::Query(text("name").to_owned())
            }
            ("apiKey", "cookie", _) if is_header(text("name")) => {
                SchemeKind::Cookie(text("name").to_owned())
            }
            ("http", _, scheme) if scheme == "basic" => SchemeKind::Basic,
            ("http", _, scheme) if scheme == "bearer" => SchemeKind::Bearer,
            ("http", _, scheme) if !scheme.is_empty() => {
                SchemeKind::Http(text("scheme").to_owned())
            }
            ("oauth2", ..) => SchemeKind::OAuth2(client_credentials(scheme)),
            ("openIdConnect", ..) => SchemeKind::OAuth2(None),
            ("mutualTLS", ..) => SchemeKind::Certificate,
            (kind, place, _) => {
                let what = match kind {
                    "apiKey" if !["header", "query", "cookie"].contains(&place) => {
                        format!("an `apiKey` in `{place}`")
                    }
                    "apiKey" => format!("an `apiKey` by the name `{}`", text("name")),
                    "http" => "`http` without a scheme of HTTP".to_owned(),
                    kind => format!("`{kind}`"),
                };
                let message = format!("{what} is no security scheme that can be sent");
                shaped.degrade(&join("/components/securitySchemes", name), message);
                continue;
            }
        };
        schemes.push(Scheme {
            name: name.clone(),
            setter: String::new(),
            description: text("description").trim().to_owned(),
            kind,
        });
    }
    schemes
}

fn is_header(name: &str) -> bool {
    http::HeaderName::from_bytes(name.as_bytes()).is_ok()
}

fn client_credentials(scheme: &Value) -> Option<ClientCredentials> {
    let flow = scheme.pointer("/flows/clientCredentials")?;
    let scopes = flow.get("scopes").and_then(Value::as_object).into_iter().flatten();
    Some(ClientCredentials {
        token_url: flow.get("tokenUrl")?.as_str()?.to_owned(),
        scopes: scopes
            .map(|(name, words)| (name.clone(), words.as_str().unwrap_or_default().to_owned()))
            .collect(),
        needed: Vec::new(),
    })
}

/// The security requirements of an operation, and where they stand: its own, or those of the document.
fn requirements(contract: &Value, path: &str, method: &str) -> (String, Vec<Value>) {
    let paths = contract.get("paths");
    let find = |path: &str| Some((path.to_owned(), paths?.get(path)?));
    // Shaping gives a path the slash that it begins with.
    let item = find(path).or_else(|| find(path.strip_prefix('/')?));
    let method = method.to_ascii_lowercase();
    let own = item.and_then(|(path, item)| {
        let operation = item.get(&method).or_else(|| resolve(contract, item).get(&method))?;
        let place = join(&join("/paths", &path), &method);
        Some((format!("{place}/security"), operation.get("security")?.as_array()?.clone()))
    });
    own.unwrap_or_else(|| {
        let of_all = contract.get("security").and_then(Value::as_array).cloned();
        ("/security".to_owned(), of_all.unwrap_or_default())
    })
}

/// What a reference leads to, or the value itself.
pub(super) fn resolve<'a>(contract: &'a Value, value: &'a Value) -> &'a Value {
    let target = value.get("$ref").and_then(Value::as_str).and_then(|it| it.strip_prefix('#'));
    target.and_then(|pointer| contract.pointer(pointer)).unwrap_or(value)
}
