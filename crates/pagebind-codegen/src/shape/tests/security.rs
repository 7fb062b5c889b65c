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
