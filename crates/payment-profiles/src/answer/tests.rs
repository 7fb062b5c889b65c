//! Bodies that are hard on the reader. What each answer means is shown over the wire.

use proptest::prelude::*;

use super::*;

#[test]
fn a_deep_body_is_refused_like_any_other_that_can_not_be_read() {
    for body in [r#"{"Message":"#.repeat(100_000), "<Message>".repeat(100_000)] {
        let error = decode(StatusCode::OK, None, body.as_bytes()).unwrap_err();
        assert!(matches!(error, Error::Undecodable(_)), "{error:?}");
    }
}

#[test]
fn media_types_are_known_without_their_parameters_and_in_any_case() {
    assert_eq!(known_media_type("Application/JSON; charset=utf-8"), Some("application/json"));
    assert_eq!(known_media_type(" text/html"), Some("text/html"));
    assert_eq!(known_media_type("text/html+90001"), None);
    assert_eq!(known_media_type(""), None);
}

proptest! {
    #[test]
    fn no_body_makes_decoding_panic(
        status in prop::sample::select(vec![200, 204, 400, 401, 500, 599]),
        body in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let status = StatusCode::from_u16(status).unwrap();
        let _ = decode(status, None, &body);
        let _ = decode(status, None, &[b"{".as_slice(), &body].concat());
        let _ = decode(status, None, &[b"<".as_slice(), &body].concat());
    }

    #[test]
    fn every_code_but_00_is_a_refusal(code in any::<String>().prop_filter("00 is good", |code| code != "00")) {
        let body = serde_json::json!({"Message": {"Code": code}}).to_string();
        let refused = decode(StatusCode::OK, None, body.as_bytes());
        prop_assert!(
            matches!(&refused, Err(Error::Refused(refusal)) if refusal.code.as_str() == code),
            "{:?}", refused
        );
    }
}
