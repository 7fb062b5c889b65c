//! Security schemes and servers.

use serde_json::json;

use super::source_of;

#[test]
fn a_security_scheme_that_is_not_defined_asks_for_nothing_and_is_said() {
    let (source, said) = source_of(json!({}), json!({ "security": [{ "missing": [] }] }));
    assert!(source.contains(".security(&[&[]])"), "{source}");
    assert_eq!(
        said,
        [
            "/paths/~1a/get/security/0/missing: the security scheme `missing` is not one that is defined; nothing is sent for it"
        ]
    );
}

#[test]
fn two_credentials_for_one_header_are_said() {
    let schemes = json!({
        "user": { "type": "http", "scheme": "basic" },
        "token": { "type": "http", "scheme": "bearer" },
        "key": { "type": "apiKey", "in": "header", "name": "X-Key" },
    });
    let security = json!([{ "user": [], "key": [] }, { "user": [], "token": [] }]);
    let root = json!({ "components": { "securitySchemes": schemes } });
    let (_, said) = source_of(root, json!({ "security": security }));
    let why =
        "would each be the header `Authorization`, of which a request has one: the last is sent";
    assert_eq!(said, [format!("/paths/~1a/get/security/1: `user` and `token` {why}")]);
}

#[test]
fn every_security_scheme_has_a_method_though_openapi_3_0_has_no_word_for_it() {
    let schemes = json!({
        "mtls": { "type": "mutualTLS" },
        "build": { "type": "http", "scheme": "Basic" },
        "OAuth2": { "$ref": "#/components/securitySchemes/other" },
        "other": { "type": "oauth2", "flows": {} },
        "unused": { "type": "http", "scheme": "bearer" },
    });
    let root = json!({
        "components": { "securitySchemes": schemes },
        "security": [{ "mtls": [], "build": [] }, { "OAuth2": ["a"] }],
    });
    let (source, said) = source_of(root, json!({}));
    for method in ["fn mtls(self)", "fn build2(", "fn oauth2(self, source:"] {
        assert!(source.contains(method), "no `{method}` in\n{source}");
    }
    assert!(!source.contains("fn unused("), "{source}");
    assert_eq!(said, [] as [&str; 0]);
}

#[test]
fn the_servers_of_operations_alone_are_those_of_the_api_where_most_share_one() {
    let server = |url: &str| json!({ "servers": [{ "url": url }] });
    let (source, said) = source_of(json!({}), server("https://cards.example.com"));
    assert!(source.contains("Cards => ") || source.contains("CardsExample => "), "{source}");
    assert!(!source.contains(".server("), "{source}");
    assert_eq!(said, [] as [&str; 0]);
    let (source, _) = source_of(server("https://a.example.com"), server("https://b.example.com/"));
    assert!(source.contains(r#".server("https://b.example.com")"#), "{source}");
    let (_, said) = source_of(json!({}), server("https://{region}.example.com"));
    assert_eq!(
        said,
        [
            "/paths/~1a/get/servers/0: is no server that can be called; the client's base URL is taken"
        ]
    );
}

#[test]
fn a_server_that_is_listed_twice_is_one() {
    let servers = json!([
        { "url": "https://api.example.com/v1", "description": "Production" },
        { "url": "https://test.example.com/v1" },
        { "url": "https://api.example.com/v1/", "description": "Live" },
    ]);
    let (source, _) = source_of(json!({ "servers": servers }), json!({}));
    assert_eq!(source.matches("https://api.example.com/v1\"").count(), 1, "{source}");
    assert!(source.contains("\"https://test.example.com/v1\""), "{source}");
}

#[test]
fn a_malformed_security_scheme_is_listed_and_refuses_no_client() {
    for (scheme, why) in [
        (json!({ "type": "hmac", "name": "X-Sig", "in": "header" }), "`hmac`"),
        (json!({ "type": "basic" }), "`basic`"),
        (json!({ "type": "http" }), "`http` without a scheme of HTTP"),
        (json!({ "type": "apiKey", "in": "header" }), "an `apiKey` by the name ``"),
        (json!({ "type": "apiKey", "in": "query" }), "an `apiKey` by the name ``"),
        (json!({ "type": "apiKey", "name": "k", "in": "Header" }), "an `apiKey` in `Header`"),
    ] {
        for version in ["3.0.3", "3.1.0"] {
            let schemes = json!({ "securitySchemes": { "odd": scheme } });
            let root = json!({ "openapi": version, "components": schemes });
            let listed = format!(
                "/components/securitySchemes/odd: {why} is no security scheme that can be sent"
            );
            let (_, said) = source_of(root.clone(), json!({}));
            assert_eq!(said, [listed.as_str()]);
            let (source, said) = source_of(root, json!({ "security": [{ "odd": [] }] }));
            assert!(source.contains(".security(&[&[]])"), "{source}");
            let unsent = "/paths/~1a/get/security/0/odd: the security scheme `odd` can't be sent; nothing is sent for it";
            assert_eq!(said, [listed.as_str(), unsent]);
        }
    }
}

#[test]
fn a_security_scheme_without_what_is_not_needed_to_send_it_is_sent() {
    let flow = json!({ "clientCredentials": { "tokenUrl": "https://x.example.com/t" } });
    for scheme in [
        json!({ "type": "oauth2", "flows": flow }),
        json!({ "type": "openIdConnect" }),
        json!({ "type": "mutualTLS" }),
    ] {
        let schemes = json!({ "securitySchemes": { "some": scheme } });
        let root = json!({ "openapi": "3.0.3", "components": schemes });
        let (source, said) = source_of(root, json!({ "security": [{ "some": [] }] }));
        assert!(source.contains("fn some(self"), "{source}");
        assert_eq!(said, [] as [&str; 0]);
    }
}

#[test]
fn a_variable_of_a_server_may_be_a_number() {
    let port = json!({ "default": 443, "enum": [443, 8443] });
    let server = json!({ "url": "https://a.example.com:{port}", "variables": { "port": port } });
    let (source, said) = source_of(json!({ "servers": [server] }), json!({}));
    assert!(source.contains("\"8443\""), "{source}");
    assert_eq!(said, [] as [&str; 0]);
}

#[test]
fn the_source_trims_what_the_last_variable_of_a_server_leaves() {
    let variables = json!({ "base": { "default": "" } });
    let server = |url: &str| json!({ "servers": [{ "url": url, "variables": variables }] });
    let (source, _) = source_of(server("https://a.example.com/{base}"), json!({}));
    assert!(source.contains(".trim_end_matches('/')"), "{source}");
    let (source, _) = source_of(server("https://a.example.com/{base}/v1"), json!({}));
    assert!(!source.contains(".trim_end_matches('/')"), "{source}");
}
