//! How a client is set up: the calls on its builder that give it its credentials, as an example.

use std::collections::BTreeMap;

use crate::naming;
use crate::plan::{Plan, Scheme, SchemeKind, Server};

/// The features of `pagebind-client` besides those of TLS, and what source that needs them names.
const NEEDED: [(&str, &str); 4] = [
    ("events", "pagebind_client::EventStream"),
    ("multipart", "pagebind_client::Multipart"),
    ("patterns", "pagebind_client::__private::regress"),
    ("xml", "pagebind_client::xml"),
];

/// What the builder of a generated client is given, before anything can be called.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Setup {
    schemes: Vec<Scheme>,
    servers: Vec<Server>,
    webhooks: bool,
    /// The features of `pagebind-client` that the source needs.
    features: Vec<&'static str>,
    /// Each security scheme that some operation takes, and the call that gives its credential.
    methods: Vec<(String, String)>,
}

impl Setup {
    /// The credentials of the alternative that most operations offer first.
    pub(crate) fn of(plan: &Plan, source: &str) -> Self {
        let mut counted: BTreeMap<&Vec<String>, usize> = BTreeMap::new();
        let firsts = plan
            .operations
            .values()
            .filter_map(|operation| operation.security.iter().find(|schemes| !schemes.is_empty()));
        firsts.for_each(|schemes| *counted.entry(schemes).or_default() += 1);
        let most = counted.into_iter().max_by_key(|(_, count)| *count).map(|(schemes, _)| schemes);
        let schemes = most.into_iter().flatten();
        let schemes = schemes.filter_map(|name| plan.schemes.iter().find(|it| it.name == *name));
        let webhooks = !plan.webhooks.is_empty();
        let by_hand = plan.builder_by_hand;
        let methods = plan.schemes.iter().filter(|_| !by_hand).map(method).collect();
        let features = NEEDED.into_iter().filter(|(_, named)| source.contains(named));
        let features = features.map(|(feature, _)| feature).collect();
        Self {
            schemes: schemes.cloned().collect(),
            servers: plan.servers.clone(),
            webhooks,
            features,
            methods,
        }
    }

    /// The features of `pagebind-client` that the source needs besides those of TLS.
    #[must_use]
    pub fn features(&self) -> &[&'static str] {
        &self.features
    }

    /// What the source has for callers besides what every client has.
    #[must_use]
    pub fn items(&self) -> Vec<String> {
        let mut items = vec!["Client".to_owned(), "ClientBuilder".to_owned()];
        if !self.servers.is_empty() {
            items.push("Server".to_owned());
        }
        for server in self.servers.iter().filter(|server| !server.variables.is_empty()) {
            items.push(format!("{}Server", server.name));
            for variable in server.variables.iter().filter(|it| !it.values.is_empty()) {
                items.push(format!("{}Server{}", server.name, naming::type_name(&variable.field)));
            }
        }
        items.sort();
        items.dedup();
        items.extend(["builder", "types"].map(str::to_owned));
        items.extend(self.webhooks.then(|| "webhooks".to_owned()));
        items
    }

    /// The credentials that most operations ask for, in words: `` `ApiKeyAuth` (header `X-API-Key`) ``.
    #[must_use]
    pub fn credentials(&self) -> Vec<String> {
        let credentials = self.schemes.iter().map(|Scheme { name, kind, .. }| match kind {
            SchemeKind::Header(place) => format!("`{name}` (header `{place}`)"),
            SchemeKind::Query(place) => format!("`{name}` (query parameter `{place}`)"),
            SchemeKind::Cookie(place) => format!("`{name}` (cookie `{place}`)"),
            SchemeKind::Basic => format!("`{name}` (user and password)"),
            SchemeKind::Bearer => format!("`{name}` (bearer token)"),
            SchemeKind::OAuth2(None) => format!("`{name}` (OAuth 2 access token)"),
            SchemeKind::OAuth2(Some(_)) => format!("`{name}` (OAuth 2 client credentials)"),
            SchemeKind::Http(scheme) => format!("`{name}` (HTTP `{scheme}`)"),
            SchemeKind::Certificate => format!("`{name}` (client certificate)"),
        });
        credentials.collect()
    }

    /// The security schemes that operations take, each with the call on the client's builder that takes
    /// its credential, such as `.api_key_auth(…)`.
    #[must_use]
    pub fn methods(&self) -> &[(String, String)] {
        &self.methods
    }

    /// The published servers, as they are with the defaults of their variables.
    #[must_use]
    pub fn server_urls(&self) -> Vec<String> {
        self.servers.iter().map(Server::default_url).collect()
    }

    /// The first published server in Rust, in a program that uses the client as the crate `name`.
    #[must_use]
    pub fn server(&self, name: &str) -> Option<String> {
        let server = self.servers.first()?;
        let variables = if server.variables.is_empty() { "" } else { "(Default::default())" };
        Some(format!("{name}::Server::{}{variables}", server.name))
    }

    /// The calls in Rust, such as `.api_key_auth(std::env::var("API_KEY_AUTH")?)`, in a program that
    /// uses the client as the crate `name`; each credential is read from a variable of the environment.
    #[must_use]
    pub fn calls(&self, name: &str) -> Vec<String> {
        let calls = self.schemes.iter().map(|scheme| {
            let setter = &scheme.setter;
            let variable = setter.trim_end_matches('_').to_uppercase();
            let read = |suffix: &str| format!(r#"std::env::var("{variable}{suffix}")?"#);
            match &scheme.kind {
                SchemeKind::Basic => {
                    format!(".{setter}({}, {})", read("_USER"), read("_PASSWORD"))
                }
                SchemeKind::OAuth2(Some(_)) => {
                    let (id, secret) = (read("_CLIENT_ID"), read("_CLIENT_SECRET"));
                    let new = format!("{name}::ClientCredentials::new");
                    format!(".{setter}_client_credentials({new}(\n    {id},\n    {secret},\n))")
                }
                SchemeKind::Bearer | SchemeKind::OAuth2(None) => {
                    format!(".{setter}({name}::Token::new({})?)", read(""))
                }
                SchemeKind::Certificate => format!(".{setter}()"),
                SchemeKind::Header(_)
                | SchemeKind::Query(_)
                | SchemeKind::Cookie(_)
                | SchemeKind::Http(_) => format!(".{setter}({})", read("")),
            }
        });
        calls.collect()
    }
}

/// A security scheme, and the call that takes its credential.
fn method(scheme: &Scheme) -> (String, String) {
    let setter = &scheme.setter;
    let call = match &scheme.kind {
        SchemeKind::Basic => format!(".{setter}(user, password)"),
        SchemeKind::Certificate => format!(".{setter}()"),
        SchemeKind::OAuth2(Some(_)) => format!(".{setter}_client_credentials(…)"),
        _ => format!(".{setter}(…)"),
    };
    (scheme.name.clone(), call)
}
