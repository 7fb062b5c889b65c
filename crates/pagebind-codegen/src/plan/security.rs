//! The security schemes of a contract, and what a caller gives for each.

use serde_json::Value;

/// A security scheme that some operation takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scheme {
    /// Its name in the contract.
    pub(crate) name: String,
    /// The method of the client's builder that takes the credential.
    pub(crate) setter: String,
    /// What the publisher says of it.
    pub(crate) description: String,
    pub(crate) kind: SchemeKind,
}

/// What a scheme is, and where its credential goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SchemeKind {
    /// A key in the header of this name.
    Header(String),
    /// A key in the query parameter of this name.
    Query(String),
    /// A key in the cookie of this name.
    Cookie(String),
    /// A user and a password.
    Basic,
    /// A bearer token that the caller has a source of.
    Bearer,
    /// OAuth 2, or OpenID Connect; with what the contract says of client credentials, if it does.
    OAuth2(Option<ClientCredentials>),
    /// Another scheme of HTTP, by its name.
    Http(String),
    /// A certificate of the client.
    Certificate,
}

/// Where OAuth 2 client credentials are exchanged for a token (RFC 6749, section 4.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ClientCredentials {
    /// The token endpoint, as the contract writes it.
    pub(crate) token_url: String,
    /// The scopes that there are, with what the publisher says of them.
    pub(crate) scopes: Vec<(String, String)>,
    /// Those that operations name, each in the first of its alternatives with this scheme.
    pub(crate) needed: Vec<String>,
}

impl SchemeKind {
    /// Whether its credential is the value of `Authorization`.
    pub(crate) fn is_authorization(&self) -> bool {
        match self {
            Self::Header(name) => name.eq_ignore_ascii_case("authorization"),
            Self::Basic | Self::Bearer | Self::OAuth2(_) | Self::Http(_) => true,
            Self::Query(_) | Self::Cookie(_) | Self::Certificate => false,
        }
    }

    /// Notes the scopes that an operation names for it.
    pub(crate) fn need(&mut self, scopes: &Value) {
        let Self::OAuth2(Some(flow)) = self else { return };
        for scope in scopes.as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !flow.needed.iter().any(|needed| needed == scope) {
                flow.needed.push(scope.to_owned());
            }
        }
    }
}
