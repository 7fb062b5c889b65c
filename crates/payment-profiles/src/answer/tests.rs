//! Bodies that are hard on the reader. What each answer means is shown over the wire.

use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn no_body_makes_decoding_panic(
        status in prop::sample::select(vec![200, 204, 400, 401, 500, 599]),
        body in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let status = StatusCode::from_u16(status).unwrap();
        let _ = judge(status, &body);
        let _ = judge(status, &[b"{".as_slice(), &body].concat());
        let _ = judge(status, &[b"<".as_slice(), &body].concat());
    }

    #[test]
    fn no_code_but_00_is_good_and_every_other_one_of_two_digits_refuses(
        code in prop_oneof![any::<String>().prop_filter("good", |code| code != "00"), "[0-9][1-9]"],
    ) {
        let body = serde_json::json!({"Message": {"Code": code}}).to_string();
        match judge(StatusCode::OK, body.as_bytes()) {
            Meaning::Refused(refusal) => {
                prop_assert_eq!(refusal.code.as_str(), &code);
                prop_assert!(code.trim() == code && !code.trim_matches('0').is_empty());
            }
            Meaning::Unclear(_) => {
                let digits = code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_digit());
                prop_assert!(!digits, "{:?}", code);
            }
            other => prop_assert!(false, "{:?}", other),
        }
    }
}
