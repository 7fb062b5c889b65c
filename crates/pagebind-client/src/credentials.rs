//! Credentials: what the client sends to say who calls, operation by operation.
//!
//! The contract names the schemes that an operation takes: alternatives, each of which may ask for
//! several together (OpenAPI 3.1.1, section 4.8.30). Of the alternatives the first is taken for which
//! the client has everything. Where it has none of them, the call fails before anything is sent.

use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::utf8_percent_encode;
use reqwest::Url;
use reqwest::header::{AUTHORIZATION, COOKIE, HeaderName, HeaderValue};
use zeroize::Zeroizing;

use crate::outgoing::Outgoing;
use crate::style::RESERVED;
use crate::token::AnyTokenSource;
use crate::{BuildError, OperationInfo, Secret, TokenSource};

/// A security scheme of the contract: what it is called, and where its credential goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecurityScheme {
    /// Its name in the contract.
    pub name: &'static str,
    /// Where its credential goes.
    pub credential: CredentialPlace,
}

/// Where a credential goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialPlace {
    /// A header of this name.
    Header(&'static str),
    /// A query parameter of this name.
    Query(&'static str),
    /// A cookie of this name.
    Cookie(&'static str),
    /// `Authorization: Basic …` (RFC 7617).
    Basic,
    /// `Authorization: Bearer …` (RFC 6750).
    Bearer,
    /// `Authorization` in a scheme of its own.
    Authorization,
    /// The client's certificate, which the HTTP client sends (RFC 8705).
    Certificate,
}

/// A credential for one scheme.
#[derive(Clone)]
pub struct Credential(Kind);

#[derive(Clone)]
enum Kind {
    /// A key that goes where its scheme says.
    Key(Secret),
    /// The whole of the header `Authorization`; none if it can't be sent.
    Authorization(Option<HeaderValue>),
    Tokens(Arc<dyn AnyTokenSource>),
    Certificate,
}

impl Credential {
    /// A key, which goes where its scheme says.
    pub fn key(key: impl Into<Secret>) -> Self {
        Self(Kind::Key(key.into()))
    }

    /// A user and a password, as `Basic` (RFC 7617, section 2).
    #[inline]
    pub fn basic(user: &str, password: impl Into<Secret>) -> Self {
        let password = password.into();
        // A colon in the user's name would be read as the end of it.
        if user.contains(':') {
            return Self(Kind::Authorization(None));
        }
        let pair = Zeroizing::new([user, ":", password.expose()].concat());
        let encoded = Zeroizing::new(STANDARD.encode(pair.as_bytes()));
        Self(Kind::Authorization(Secret::header(&["Basic ", &encoded])))
    }

    /// The whole value of `Authorization`, its scheme included: `Bot …`.
    pub fn authorization(value: impl Into<Secret>) -> Self {
        Self(Kind::Authorization(Secret::header(&[value.into().expose()])))
    }

    /// Bearer tokens from a source, which is asked for each request.
    pub fn tokens(source: impl TokenSource) -> Self {
        Self(Kind::Tokens(Arc::new(source)))
    }

    /// The HTTP client was given the client's certificate.
    #[must_use]
    pub fn certificate() -> Self {
        Self(Kind::Certificate)
    }
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// What a client has to say who calls.
#[derive(Clone, Default)]
pub(crate) struct Credentials {
    /// One of each scheme. They are few: a list is searched as fast as a map.
    own: Vec<(SecurityScheme, Credential)>,
    /// For every scheme that takes a bearer token and has no credential of its own.
    tokens: Option<Credential>,
}

impl Credentials {
    /// Sets the credential of one scheme.
    ///
    /// # Errors
    /// When nothing can carry it.
    pub(crate) fn set(
        &mut self,
        scheme: SecurityScheme,
        credential: Credential,
    ) -> Result<(), BuildError> {
        let sound = match (&credential.0, scheme.credential) {
            (Kind::Key(key), CredentialPlace::Header(_)) => {
                Secret::header(&[key.expose()]).is_some()
            }
            // A semicolon would end it (RFC 6265, section 4.2.1).
            (Kind::Key(key), CredentialPlace::Cookie(_)) => {
                !key.expose().contains(';') && Secret::header(&[key.expose()]).is_some()
            }
            (Kind::Key(key), _) => !key.expose().is_empty(),
            (Kind::Authorization(value), _) => value.is_some(),
            (Kind::Tokens(_) | Kind::Certificate, _) => true,
        };
        if !sound {
            return Err(BuildError::Credential(scheme.name));
        }
        match self.own.iter_mut().find(|(own, _)| own.name == scheme.name) {
            Some(own) => *own = (scheme, credential),
            None => self.own.push((scheme, credential)),
        }
        Ok(())
    }

    pub(crate) fn with_tokens(&self, source: impl TokenSource) -> Self {
        Self { tokens: Some(Credential::tokens(source)), ..self.clone() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.own.is_empty() && self.tokens.is_none()
    }

    /// What serves a scheme.
    fn find(&self, scheme: SecurityScheme) -> Option<&Credential> {
        let own = self.own.iter().find(|(own, _)| own.name == scheme.name);
        own.map(|(_, credential)| credential)
            .or(self.tokens.as_ref().filter(|_| scheme.credential == CredentialPlace::Bearer))
    }

    /// Sets what a call of this operation takes that is the same for each try, and gives the source of the
    /// token that each try carries.
    ///
    /// # Errors
    /// When the client has the credentials of none of its alternatives.
    pub(crate) fn apply(
        &self,
        info: &OperationInfo,
        outgoing: &mut Outgoing,
    ) -> Result<Option<&dyn AnyTokenSource>, MissingCredentials> {
        let mut tokens = None;
        if info.takes_all {
            // Of an endpoint of which nobody says what it takes.
            let shared = self.tokens.iter().map(|it| (CredentialPlace::Bearer, it));
            let own = self.own.iter().map(|(scheme, credential)| (scheme.credential, credential));
            for (place, credential) in shared.chain(own) {
                tokens = tokens.or(credential.apply(place, outgoing));
            }
            return Ok(tokens);
        }
        // Anybody may call an operation with an empty alternative; but who can say who calls, does.
        let named = |schemes: &&&[SecurityScheme]| {
            !schemes.is_empty() && schemes.iter().all(|it| self.find(*it).is_some())
        };
        let Some(schemes) = info.security.iter().find(named) else {
            let anonymous = info.security.iter().any(|schemes| schemes.is_empty());
            return if anonymous || info.security.is_empty() {
                Ok(None)
            } else {
                Err(MissingCredentials(info.security))
            };
        };
        for scheme in *schemes {
            if let Some(credential) = self.find(*scheme) {
                tokens = tokens.or(credential.apply(scheme.credential, outgoing));
            }
        }
        Ok(tokens)
    }
}

impl Credential {
    /// Sets what is the same for each try, and gives the source of what is not.
    fn apply(&self, place: CredentialPlace, to: &mut Outgoing) -> Option<&dyn AnyTokenSource> {
        match (&self.0, place) {
            (Kind::Tokens(source), _) => return Some(&**source),
            (Kind::Key(key), CredentialPlace::Header(name)) => {
                let name = HeaderName::from_bytes(name.as_bytes());
                if let (Ok(name), Some(value)) = (name, Secret::header(&[key.expose()])) {
                    to.headers.set(name, value);
                }
            }
            (Kind::Key(key), CredentialPlace::Query(name)) => {
                append_to_query(&mut to.url, name, key);
            }
            (Kind::Key(key), CredentialPlace::Cookie(name)) => {
                let before = to.headers.get(&COOKIE).and_then(|it| it.to_str().ok());
                let before = before.map(|cookies| format!("{cookies}; ")).unwrap_or_default();
                if let Some(value) = Secret::header(&[&before, name, "=", key.expose()]) {
                    to.headers.set(COOKIE, value);
                }
            }
            (Kind::Authorization(Some(value)), _) => {
                to.headers.set(AUTHORIZATION, value.clone());
            }
            _ => {}
        }
        None
    }
}

/// Sets the key once: a URL that the service gave, that of a next page, may hold it already.
fn append_to_query(url: &mut Url, name: &str, key: &Secret) {
    let encode = |text| utf8_percent_encode(text, RESERVED).to_string();
    let (name, value) = (encode(name), Zeroizing::new(encode(key.expose())));
    let before = url.query().unwrap_or_default();
    // With room for all of it, so that no copy is left behind.
    let room = before.len() + name.len() + value.len() + "&=".len();
    let mut query = Zeroizing::new(String::with_capacity(room));
    for pair in before.split('&') {
        if !pair.is_empty() && pair.split('=').next() != Some(&*name) {
            query.push_str(pair);
            query.push('&');
        }
    }
    for part in [&*name, "=", &value] {
        query.push_str(part);
    }
    url.set_query(Some(&query));
}

/// The client has the credentials of no alternative that the operation takes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MissingCredentials(&'static [&'static [SecurityScheme]]);

impl fmt::Display for MissingCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, schemes) in self.0.iter().enumerate() {
            f.write_str(if index == 0 { "" } else { ", or " })?;
            for (index, scheme) in schemes.iter().enumerate() {
                write!(f, "{}`{}`", if index == 0 { "" } else { " and " }, scheme.name)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Token;

    const KEY: SecurityScheme =
        SecurityScheme { name: "key", credential: CredentialPlace::Header("X-API-Key") };
    const QUERY: SecurityScheme =
        SecurityScheme { name: "query", credential: CredentialPlace::Query("api key") };
    const COOKIE_KEY: SecurityScheme =
        SecurityScheme { name: "cookie", credential: CredentialPlace::Cookie("sid") };
    const BASIC: SecurityScheme =
        SecurityScheme { name: "basic", credential: CredentialPlace::Basic };
    const BEARER: SecurityScheme =
        SecurityScheme { name: "bearer", credential: CredentialPlace::Bearer };

    #[test]
    fn a_key_that_a_url_of_the_service_s_holds_already_is_sent_once() {
        let mut url = Url::parse("http://localhost/c?api%20key=old&page=2&").unwrap();
        append_to_query(&mut url, "api key", &Secret::from("a&b".to_owned()));
        assert_eq!(url.query(), Some("page=2&api%20key=a%26b"));
    }

    fn taking(security: &'static [&'static [SecurityScheme]]) -> OperationInfo {
        OperationInfo::new("call", "GET", "/").security(security)
    }

    fn outgoing() -> Outgoing {
        let url = "https://example.com/a?b=c".parse().unwrap();
        reqwest::Request::new(reqwest::Method::GET, url).into()
    }

    #[test]
    fn each_credential_goes_where_its_scheme_says() {
        let mut credentials = Credentials::default();
        credentials.set(KEY, Credential::key("k")).unwrap();
        credentials.set(QUERY, Credential::key("a&b")).unwrap();
        credentials.set(COOKIE_KEY, Credential::key("s")).unwrap();
        credentials.set(BASIC, Credential::basic("Aladdin", "open sesame")).unwrap();
        let mut outgoing = outgoing();
        outgoing.headers.set(COOKIE, HeaderValue::from_static("theme=dark"));
        let all = taking(&[&[KEY, QUERY, COOKIE_KEY, BASIC]]);
        credentials.apply(&all, &mut outgoing).unwrap();
        let request = outgoing.request();
        assert_eq!(request.url().query(), Some("b=c&api%20key=a%26b"));
        assert_eq!(request.headers()["x-api-key"], "k");
        assert_eq!(request.headers()[COOKIE], "theme=dark; sid=s");
        // The example of RFC 7617, section 2.
        assert_eq!(request.headers()[AUTHORIZATION], "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    }

    #[test]
    fn the_first_alternative_that_is_complete_is_taken() {
        let mut credentials = Credentials::default();
        credentials.set(KEY, Credential::key("k")).unwrap();
        let chosen = |security| {
            let mut outgoing = outgoing();
            credentials.apply(&taking(security), &mut outgoing)?;
            Ok::<_, MissingCredentials>(outgoing.request().headers().contains_key("x-api-key"))
        };
        assert!(chosen(&[&[BASIC], &[KEY, BEARER], &[KEY]]).unwrap());
        assert!(chosen(&[&[], &[KEY]]).unwrap());
        assert!(!chosen(&[&[], &[BASIC]]).unwrap());
        assert!(!chosen(&[]).unwrap());
        let missing = chosen(&[&[BASIC], &[KEY, BEARER]]).unwrap_err();
        assert_eq!(missing.to_string(), "`basic`, or `key` and `bearer`");
    }

    #[test]
    fn a_token_serves_every_scheme_that_takes_a_bearer_token() {
        let credentials = Credentials::default().with_tokens(Token::new("t").unwrap());
        let tokens = |security| {
            let tokens = credentials.apply(&taking(security), &mut outgoing());
            tokens.map(|source| source.is_some())
        };
        assert!(tokens(&[&[BEARER]]).unwrap());
        assert!(!tokens(&[]).unwrap());
        assert!(tokens(&[&[KEY]]).is_err());
    }

    #[test]
    fn what_can_t_be_sent_is_refused_before_anything_is() {
        let mut credentials = Credentials::default();
        for credential in [
            Credential::key("a\r\nx: y"),
            Credential::key(""),
            Credential::basic("a:b", "c"),
            Credential::authorization("Bot \n"),
        ] {
            let refused = credentials.set(KEY, credential).unwrap_err();
            assert!(refused.to_string().contains("`key`"), "{refused}");
        }
        for key in ["", "a\nb", "é\u{7f}", "a; admin=1"] {
            let refused = credentials.set(COOKIE_KEY, Credential::key(key)).unwrap_err();
            assert!(refused.to_string().contains("`cookie`"), "{refused}");
        }
    }

    #[test]
    fn nothing_of_a_credential_is_printed() {
        let printed =
            format!("{:?} {:?}", Secret::from("s3cret"), Credential::basic("u", "s3cret"));
        assert!(!printed.contains("s3cret") && !printed.contains("dTpz"), "{printed}");
    }
}
