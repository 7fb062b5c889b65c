//! Each pass on a fixture as small as its point: `fixtures/passes/<pass>/openapi.yaml`, and beside
//! it the source that is generated from it, which is compiled here as well.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;

use insta::{assert_binary_snapshot, with_settings};

/// Compiles the generated source of a pass, and checks it against what is generated now.
macro_rules! pass {
    ($name:ident, $source:literal) => {
        #[path = $source]
        #[allow(clippy::module_inception, dead_code, missing_docs, unreachable_pub)]
        pub(super) mod $name;

        #[test]
        fn $name() {
            holds(stringify!($name));
        }
    };
}

#[path = "../fixtures/passes"]
mod generated {
    use super::holds;

    pass!(client, "client/generated.snap.rs");
    pass!(client_builder, "client_builder/generated.snap.rs");
    pass!(deprecated, "deprecated/generated.snap.rs");
    pass!(docs, "docs/generated.snap.rs");
    pass!(headers, "headers/generated.snap.rs");
    pass!(mock, "mock/generated.snap.rs");
    pass!(must_use, "must_use/generated.snap.rs");
    pass!(names, "names/generated.snap.rs");
    pass!(open_enums, "open_enums/generated.snap.rs");
    pass!(optional_bodies, "optional_bodies/generated.snap.rs");
    pass!(patterns, "patterns/generated.snap.rs");
    pass!(redaction, "redaction/generated.snap.rs");
    pass!(request_headers, "request_headers/generated.snap.rs");
    pass!(responses, "responses/generated.snap.rs");
    pass!(send, "send/generated.snap.rs");
    pass!(setters, "setters/generated.snap.rs");
    pass!(webhooks, "webhooks/generated.snap.rs");
}

/// Generates from the fixture of a pass, and compares the source with the one beside it.
#[track_caller]
fn holds(pass: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/passes").join(pass);
    let text = std::fs::read_to_string(folder.join("openapi.yaml")).unwrap();
    let contract = pagebind::document::parse("openapi.yaml", &text).unwrap();
    let source = pagebind_codegen::generate(&contract).unwrap().source;
    with_settings!({ snapshot_path => folder, prepend_module_to_snapshot => false, omit_expression => true }, {
        assert_binary_snapshot!("generated.rs", source.into_bytes());
    });
}

/// What open enums do, on the source that stands beside their fixture.
mod open_enums {
    use std::collections::HashMap;

    use serde_json::json;

    use super::generated::open_enums::types;

    fn unknown(text: &str) -> types::Kind {
        types::Kind::UnknownValue(text.to_owned())
    }

    #[test]
    fn a_response_keeps_every_unknown_value_and_writes_it_back() {
        let sent = json!({
            "kind": "prepaid",
            "optional": "prepaid",
            "nullable": "green",
            "with_default": "middle",
            "many": ["chip", "contactless"],
            "by_name": { "main": "prepaid" },
            "gender": "diverse",
            "origin": "kiosk",
            "composed": "kiosk",
            "described": "paused",
            "limit": "platinum",
            "place": { "street": "High", "kind": "alley" },
        });
        let card: types::Card = serde_json::from_value(sent.clone()).unwrap();
        assert_eq!(card.kind, unknown("prepaid"));
        assert_eq!(card.by_name.as_ref().unwrap()["main"], unknown("prepaid"));
        assert_eq!(
            card.many.as_deref().unwrap(),
            [
                types::CardManyItem::Chip,
                types::CardManyItem::UnknownValue("contactless".to_owned())
            ]
        );
        assert_eq!(serde_json::to_value(&card).unwrap(), sent);
    }

    #[test]
    fn an_error_keeps_an_unknown_value_as_well() {
        let error: types::SearchBadRequest =
            serde_json::from_value(json!({ "code": "expired" })).unwrap();
        assert_eq!(error.code, types::SearchBadRequestCode::UnknownValue("expired".to_owned()));
    }

    #[test]
    fn a_listed_value_is_never_an_unknown_one() {
        let kinds: Vec<types::Kind> = serde_json::from_value(json!(["debit", "unknown"])).unwrap();
        assert_eq!(kinds, [types::Kind::Debit, types::Kind::Unknown]);
        let origin: types::Origin = serde_json::from_value(json!("unknown_value")).unwrap();
        assert_eq!(origin, types::Origin::UnknownValue);
    }

    #[test]
    fn null_and_what_is_no_text_are_no_unknown_values() {
        let card = |nullable: serde_json::Value| {
            serde_json::from_value::<types::Card>(json!({ "kind": "debit", "nullable": nullable }))
        };
        assert_eq!(card(json!(null)).unwrap().nullable, None);
        assert!(card(json!(1)).is_err());
        assert!(card(json!({ "red": null, "blue": null })).is_err());
    }

    #[test]
    fn an_unknown_value_can_be_the_key_of_a_map() {
        let sent = json!({ "debit": 1, "prepaid": 2 });
        let counts: HashMap<types::Kind, u8> = serde_json::from_value(sent.clone()).unwrap();
        assert_eq!(counts[&unknown("prepaid")], 2);
        assert_eq!(serde_json::to_value(&counts).unwrap(), sent);
    }

    #[test]
    fn an_unknown_value_prints_as_its_text() {
        assert_eq!(unknown("prepaid").to_string(), "prepaid");
        assert_eq!(serde_json::to_value(unknown("pre paid")).unwrap(), json!("pre paid"));
    }

    #[test]
    fn a_typing_error_is_not_sent() {
        assert!("debti".parse::<types::Kind>().is_err());
        assert!(types::Kind::try_from("debti").is_err());
        assert!(types::Filter::try_from(types::Filter::builder().kind("debti")).is_err());
        let meant = types::Filter::builder().kind(unknown("prepaid"));
        let filter = types::Filter::try_from(meant).unwrap();
        assert_eq!(serde_json::to_value(filter).unwrap(), json!({ "kind": "prepaid" }));
    }

    #[test]
    fn an_enum_that_is_only_sent_stays_closed() {
        assert!(serde_json::from_value::<types::FilterScope>(json!("some")).is_err());
        assert!(serde_json::from_value::<types::SearchOrder>(json!("random")).is_err());
    }

    #[test]
    fn an_unknown_value_of_a_sensitive_enum_is_not_printed() {
        let sent = json!({ "kind": "debit", "nullable": null, "gender": "diverse" });
        let card: types::Card = serde_json::from_value(sent).unwrap();
        let printed = format!("{card:?}");
        assert!(printed.contains("gender: Some([redacted])"), "{printed}");
        assert!(!printed.contains("diverse"), "{printed}");
    }

    #[test]
    fn the_branches_of_a_union_stay_apart() {
        let holder = |kind: &str| {
            serde_json::from_value::<types::Holder>(json!({ "type": kind, "name": "A" }))
        };
        assert!(matches!(holder("person").unwrap(), types::Holder::Person(_)));
        assert!(matches!(holder("company").unwrap(), types::Holder::Company(_)));
        assert!(matches!(holder("trust").unwrap(), types::Holder::Unknown(_)));
        let limit = |value| serde_json::from_value::<types::Limit>(value).unwrap();
        assert!(matches!(limit(json!("daily")), types::Limit::Period(types::Period::Daily)));
        assert!(matches!(limit(json!("gold")), types::Limit::Tier(types::Tier::Gold)));
        assert!(matches!(limit(json!("new")), types::Limit::Unknown(_)));
        assert!(matches!(limit(json!(5)), types::Limit::Integer(5)));
    }
}

/// What webhooks are read as, on the source that stands beside their fixture.
mod webhooks {
    use pagebind_client::reqwest::header::HeaderMap;
    use pagebind_client::{WebhookError, WebhookReceiver};

    use super::generated::webhooks::{types, webhooks};

    #[test]
    fn a_webhook_is_read_as_leniently_as_an_answer() {
        let body = "\u{feff}{\"state\":\"lost\",\"number\":\"12345\",\"new\":1}";
        let receiver = WebhookReceiver::unchecked();
        let card = webhooks::card_created(&receiver, &HeaderMap::new(), body.as_bytes()).unwrap();
        assert_eq!(card.state, Some(types::CardState::UnknownValue("lost".to_owned())));
        let shipped = webhooks::order_card_shipped(&receiver, &HeaderMap::new(), b"{}").unwrap();
        assert_eq!(shipped.tracking, None);
    }

    #[test]
    fn a_webhook_of_several_kinds_is_told_by_its_tag() {
        let receiver = WebhookReceiver::unchecked();
        let read =
            |body: &str| webhooks::card_changed(&receiver, &HeaderMap::new(), body.as_bytes());
        let moved = read(r#"{"kind":"moved","by":"me"}"#).unwrap();
        assert!(format!("{moved:?}").contains("Moved"), "{moved:?}");
        let new = read(r#"{"kind":"burnt"}"#).unwrap();
        assert!(format!("{new:?}").contains("Unknown"), "{new:?}");
    }

    #[test]
    fn a_webhook_that_is_not_signed_is_not_read() {
        let receiver = WebhookReceiver::checked(|headers, _| headers.contains_key("x-signature"));
        let read = |headers| webhooks::card_created(&receiver, &headers, b"{}");
        assert_eq!(read(HeaderMap::new()).unwrap_err(), WebhookError::Unsigned);
        assert!(read(HeaderMap::from_iter([("x-signature".parse().unwrap(), 1.into())])).is_ok());
    }
}

/// What expectations do, on the source that stands beside their fixture.
mod mock {
    use futures_util::StreamExt;
    use pagebind_client::{ErrorKind, RetryPolicy};

    use super::generated::mock::mock::{Expect, MockServer, Operations2 as _};
    use super::generated::mock::{Client, ClientBuilder, types};

    fn client(server: &MockServer) -> Client {
        let builder = ClientBuilder::new(server.url()).retry(RetryPolicy::never());
        builder.x_tenant("TN-1").build().unwrap()
    }

    #[tokio::test]
    async fn an_expectation_takes_the_parameters_and_the_body_that_a_call_takes() {
        let server = MockServer::start().await.unwrap();
        let client = client(&server);
        let card = || types::Card::builder().id(7).name("Alex");
        let call = || {
            let call = client.put_card().id(7).year(2026).month("1 1").tags(["a b".to_owned()]);
            call.kind("debit").accepted(true).x_note("n").theme("dark").body(card())
        };
        let every = server
            .put_card()
            .id(7)
            .year(2026)
            .month("1 1")
            .tags(vec!["a b".to_owned()])
            .kind("debit")
            .accepted(true)
            .x_note("n")
            .theme("dark")
            .header("x-tenant", "TN-1")
            .body(card())
            .times(1)
            .ok(card());
        let answer = call().send().await.unwrap().into_inner();
        let types::PutCardResponse::Ok(card) = answer else { panic!("{answer:?}") };
        assert_eq!(card.id, 7);
        every.assert_requests(1);
        assert_eq!(server.unexpected(), [""; 0]);

        let other = server.put_card().kind("credit").accepted2();
        call().send().await.unwrap_err();
        other.assert_requests(0);
        call().kind("credit").send().await.unwrap();
        other.assert_requests(1);
    }

    #[tokio::test]
    async fn every_documented_answer_comes_back_as_its_own_type() {
        let server = MockServer::start().await.unwrap();
        let client = client(&server);
        let once = || server.put_card().times(1);
        let _ = once().bad_request(types::Problem::builder().title("no"));
        let _ = once().client_error(409, vec!["a".to_owned()]);
        let _ = once().default(503);
        for expected in ["BadRequest", "ClientError", "Default"] {
            let card = types::Card::builder().id(7);
            let call = client.put_card().id(7).year(2026).month("11").body(card);
            let error = call.send().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Documented);
            let body = format!("{:?}", error.body().unwrap());
            assert!(body.starts_with(expected), "{body}");
        }
        let _ = server.operations().times(1).ok([types::Card { id: 1, name: None }]);
        assert_eq!(client.operations().send().await.unwrap()[0].id, 1);
        let _ = server.operations().default(500, types::Problem::builder().title("no"));
        let error = client.operations().send().await.unwrap_err();
        assert_eq!(error.body().unwrap().title.as_deref(), Some("no"));

        let form = || types::AnswerBody::builder().name("a b");
        let _ = server.answer().body(form()).no_content();
        client.answer().body(form()).send().await.unwrap();

        let _ = server.put_file().body(&b"bytes"[..]).ok("the same");
        let stream = client.put_file().body("bytes").send().await.unwrap().into_inner();
        let chunks: Vec<_> = stream.map(Result::unwrap).collect().await;
        assert_eq!(chunks.concat(), b"the same");
        let _ = server.post_file().no_content();

        let cards = || [1, 2].map(|id| types::Card { id, name: None });
        let _ = server.watch().ok(cards());
        let events = client.watch().send().await.unwrap().into_inner();
        let _ = server.dump().ok(cards());
        let lines = client.dump().send().await.unwrap().into_inner();
        let events: Vec<i64> = events.map(|event| event.unwrap().data.id).collect().await;
        let lines: Vec<i64> = lines.map(|card| card.unwrap().id).collect().await;
        assert_eq!((events, lines), (vec![1, 2], vec![1, 2]));
    }
}
