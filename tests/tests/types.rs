//! Traps of types, one each: `fixtures/types/<trap>/openapi.yaml`, the source that is generated from
//! it, which is compiled here, and `instances.jsonl`. Each instance is read as the type `Value`, and
//! written back equal.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

#[path = "wire/server.rs"]
#[allow(dead_code, reason = "other tests of the wire ask it for more")]
mod server;

use std::{fmt::Debug, fs, path::Path};

use insta::{assert_binary_snapshot, with_settings};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// Compiles the generated source of a trap, checks it against what is generated now, and exchanges
/// the instances.
macro_rules! trap {
    ($name:ident, $source:literal) => {
        #[path = $source]
        #[allow(dead_code, missing_docs, unreachable_pub)]
        pub(super) mod $name;

        #[test]
        fn $name() {
            // First, so that a snapshot that is taken over is what the next run exchanges.
            super::holds(stringify!($name));
            super::exchange::<$name::types::Value>(stringify!($name));
        }
    };
}

#[path = "../fixtures/types"]
mod generated {
    trap!(all_of, "all_of/generated.snap.rs");
    trap!(anything, "anything/generated.snap.rs");
    trap!(custom, "custom/generated.snap.rs");
    trap!(enums, "enums/generated.snap.rs");
    trap!(formats, "formats/generated.snap.rs");
    trap!(libraries, "libraries/generated.snap.rs");
    trap!(lenient, "lenient/generated.snap.rs");
    trap!(members, "members/generated.snap.rs");
    trap!(names, "names/generated.snap.rs");
    trap!(neighbours, "neighbours/generated.snap.rs");
    trap!(odd_tags, "odd_tags/generated.snap.rs");
    trap!(parts, "parts/generated.snap.rs");
    trap!(presence, "presence/generated.snap.rs");
    trap!(read_write_only, "read_write_only/generated.snap.rs");
    trap!(tags, "tags/generated.snap.rs");
    trap!(unions, "unions/generated.snap.rs");
    trap!(within, "within/generated.snap.rs");
}

/// A type of the caller's, which stands in the place of a generated one.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Cents(u64);

impl From<Cents> for String {
    fn from(cents: Cents) -> Self {
        cents.to_string()
    }
}

impl std::fmt::Display for Cents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(&self.0, f)
    }
}

impl std::str::FromStr for Cents {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl TryFrom<String> for Cents {
    type Error = std::num::ParseIntError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

fn folder(trap: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/types").join(trap)
}

/// Reads every instance of a trap, and writes it back.
#[track_caller]
fn exchange<T: Serialize + DeserializeOwned + Debug>(trap: &str) {
    let instances = fs::read_to_string(folder(trap).join("instances.jsonl")).unwrap();
    let mut wrong = Vec::new();
    for line in instances.lines() {
        let sent: Value = serde_json::from_str(line).unwrap();
        match serde_json::from_str::<T>(line) {
            Ok(read) => {
                let written = serde_json::to_value(&read).unwrap();
                if written != sent {
                    wrong.push(format!("{line} is written as {written}, read as {read:?}"));
                }
            }
            Err(error) => wrong.push(format!("{line} is not read: {error}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(!instances.is_empty());
}

/// Generates from the document of a trap, and compares the source with the one beside it.
#[track_caller]
fn holds(trap: &str) {
    let folder = folder(trap);
    let text = fs::read_to_string(folder.join("openapi.yaml")).unwrap();
    let contract = pagebind::document::parse("openapi.yaml", &text).unwrap();
    let source = pagebind_codegen::generate(&contract).unwrap().source;
    with_settings!({ snapshot_path => folder, prepend_module_to_snapshot => false, omit_expression => true }, {
        assert_binary_snapshot!("generated.rs", source.into_bytes());
    });
}

/// What a caller can set, and what is refused before anything is sent.
mod building {
    use std::collections::HashMap;

    use serde_json::json;

    use super::{
        Cents,
        generated::{
            all_of, custom, formats, lenient, libraries, members, parts, presence, read_write_only,
            unions,
        },
    };

    #[test]
    fn a_type_of_the_caller_s_is_what_is_set_and_read() {
        let value = custom::types::Value::builder().price(Cents(12)).lasts(Cents(5)).at("now");
        let built = custom::types::Value::try_from(value).unwrap();
        let written = serde_json::to_value(&built).unwrap();
        assert_eq!(written, json!({ "price": "12", "lasts": "5", "at": "now" }));
        // Derives that were asked for.
        assert_eq!(serde_json::from_value::<custom::types::Value>(written).unwrap(), built);
        let card = custom::types::Card::try_from(custom::types::Card::builder().id("a")).unwrap();
        assert!(std::collections::HashSet::from([card.clone()]).contains(&card));
    }

    #[test]
    fn types_of_libraries_are_what_is_set_and_read() {
        let at: jiff::Timestamp = "2024-05-01T10:00:00Z".parse().unwrap();
        let day = chrono::NaiveDate::from_ymd_opt(2024, 5, 1).unwrap();
        let value = libraries::types::Value::builder().at(at).day(day).id(uuid::Uuid::nil());
        let built = libraries::types::Value::try_from(value).unwrap();
        let written = serde_json::to_value(&built).unwrap();
        assert_eq!(
            written,
            json!({
                "at": "2024-05-01T10:00:00Z",
                "day": "2024-05-01",
                "id": "00000000-0000-0000-0000-000000000000",
            })
        );
        assert_eq!(built.at, Some(at));
    }

    #[test]
    fn what_a_union_holds_is_at_hand_by_its_variant() {
        let read = |value| serde_json::from_value::<unions::types::Value>(value).unwrap();
        let value = read(json!({ "scalar_or_object": "a", "either": { "b": "1" }, "kinds": 5 }));
        let text = value.scalar_or_object.unwrap();
        assert_eq!((text.as_string(), text.as_a().is_none()), (Some("a"), true));
        assert_eq!(text.into_string().as_deref(), Some("a"));
        assert_eq!(value.either.unwrap().into_b().unwrap().b, "1");
        assert_eq!(
            value.kinds.and_then(pagebind_client::Nullable::into_value).unwrap().as_integer(),
            Some(5)
        );
    }

    #[test]
    fn a_union_is_read_as_the_branch_that_names_the_most_of_what_is_there() {
        let read = |value| serde_json::from_value::<members::types::Value>(value).unwrap();
        let named = read(json!({ "either": { "b": "1", "z": 2 } })).either.unwrap();
        assert_eq!(named.into_other().unwrap().extra["z"], 2);
        let named = read(json!({ "any": { "b": "1" } })).any.unwrap();
        assert_eq!(named.into_named().unwrap().b.as_deref(), Some("1"));
    }

    #[test]
    fn members_without_a_name_need_not_be_set() {
        let value = || all_of::types::Patterns::builder().a("1");
        let built = all_of::types::Patterns::try_from(value()).unwrap();
        assert_eq!(serde_json::to_value(built).unwrap(), json!({ "a": "1" }));
        let more = serde_json::Map::from_iter([("x-1".to_owned(), json!(2))]);
        let built = all_of::types::Patterns::try_from(value().extra(more)).unwrap();
        assert_eq!(serde_json::to_value(built).unwrap(), json!({ "a": "1", "x-1": 2 }));
    }

    #[test]
    fn absent_null_and_empty_can_each_be_sent() {
        let sent = |builder: presence::types::builder::Value| {
            serde_json::to_value(presence::types::Value::try_from(builder).unwrap()).unwrap()
        };
        let value = || presence::types::Value::builder().must("a");
        assert_eq!(sent(value()), json!({ "must": "a" }));
        assert_eq!(sent(value().must_null()), json!({ "must": null }));
        assert_eq!(
            sent(value().list([]).map(HashMap::new()).maybe_null().count(0)),
            json!({ "must": "a", "list": [], "map": {}, "maybe": null, "count": 0 })
        );
    }

    #[test]
    fn what_breaks_a_limit_is_refused_by_the_name_of_its_field() {
        let refused = |builder: lenient::types::builder::Value| {
            lenient::types::Value::try_from(builder).unwrap_err().to_string()
        };
        let value = lenient::types::Value::builder;
        for (builder, field, limit) in [
            (value().short("long"), "short", "longer than 3"),
            (value().code("lower"), "code", "pattern"),
            (value().positive(0), "positive", "less than 1"),
            (value().ratio(0.0), "ratio", "not greater than 0"),
            (value().pair([1, 2, 3]), "pair", "more than 2 items"),
            (value().set(["a".into(), "a".into()]), "set", "an item comes twice"),
            (value().kind("unlisted"), "kind", "invalid value"),
            (value().level(9), "level", "not one of [1,2]"),
            (value().step(3), "step", "not a multiple of 5"),
        ] {
            let said = refused(builder);
            assert!(said.contains(field) && said.contains(limit), "{said}");
        }
        assert!(lenient::types::Value::try_from(value().positive(1).pair([1, 2])).is_ok());
    }

    #[test]
    fn a_format_of_a_number_is_a_limit_of_what_is_set() {
        let refused = |builder: formats::types::builder::Value| {
            formats::types::Value::try_from(builder).unwrap_err().to_string()
        };
        let value = formats::types::Value::builder;
        for (builder, said) in [
            (value().int8(128), "int8: greater than 127"),
            (value().uint8(-1), "uint8: less than 0"),
            (value().small(3_000_000_000_i64), "small: greater than 2147483647"),
            (value().uint32(-1), "uint32: less than 0"),
            (value().ports([80, 65_536]), "ports: an item: greater than 65535"),
            (
                value().rates(HashMap::from([("a".to_owned(), vec![0])])),
                "rates: a member: an item: less than 1",
            ),
        ] {
            assert!(refused(builder).ends_with(said), "{said}");
        }
        assert!(formats::types::Value::try_from(value().uint8(255).ports([80])).is_ok());
    }

    #[test]
    fn what_a_part_says_alone_is_a_limit_of_what_is_set() {
        let refused = |builder: parts::types::builder::Value| {
            parts::types::Value::try_from(builder).unwrap_err().to_string()
        };
        let value = parts::types::Value::builder;
        let dated: pagebind_client::Date = "2024-05-01".parse().unwrap();
        for (builder, said) in [
            (value().limited("long").dated(dated), "limited failed: longer than 2 characters"),
            (value().most(9), "most: greater than 5"),
            (value().sizes(json!([1, 2, 3])), "sizes: more than 2 items"),
        ] {
            let refused = refused(builder);
            assert!(refused.ends_with(said), "{refused}");
        }
        assert!(parts::types::Value::try_from(value().most("a").limited("ab")).is_ok());
    }

    #[test]
    fn what_the_service_fills_in_is_not_set_and_what_it_never_shows_is() {
        let value = || read_write_only::types::Value::builder().name("a");
        let said = read_write_only::types::Value::try_from(value()).unwrap_err().to_string();
        assert!(said.contains("secret"), "{said}");
        let built = read_write_only::types::Value::try_from(value().secret("b")).unwrap();
        assert_eq!(serde_json::to_value(built).unwrap(), json!({ "name": "a", "secret": "b" }));
    }
}

/// How each format of `docs/types.md` is written outside of a body.
mod written {
    use super::{generated::formats, server::Server};

    const AT: &str = "2024-05-01T10:00:00+02:00";
    const ID: &str = "67e55044-10b1-426f-9247-bb680e5fe0c8";

    #[tokio::test]
    async fn a_format_is_the_same_text_in_path_query_and_header() {
        let server = Server::start();
        let client = formats::ClientBuilder::new(&server.url).build().unwrap();
        let at = || AT.parse::<pagebind_client::DateTime>().unwrap();
        let day = || "2024-05-01".parse::<pagebind_client::Date>().unwrap();
        let id = || ID.parse::<pagebind_client::Uuid>().unwrap();
        let call = client.written();
        let call = call.whole(5).small(-1).price(2.0).at(at()).day(day()).id(id());
        let call = call.text("P1D").limited("ab").listed("asc");
        let call = call.q_whole(5).q_small(-1).q_price(2.0).q_at(at()).q_day(day()).q_id(id());
        let call = call.q_text("P1D").q_limited("ab").q_listed("asc");
        let call = call.x_whole(5).x_small(-1).x_price(2.0).x_at(at()).x_day(day()).x_id(id());
        let call = call.x_text("P1D").x_limited("ab").x_listed("asc");
        call.send().await.unwrap();
        let encoded = AT.replace(':', "%3A").replace('+', "%2B");
        let plain = ["5", "-1", "2", AT, "2024-05-01", ID, "P1D", "ab", "asc"];
        let names = ["whole", "small", "price", "at", "day", "id", "text", "limited", "listed"];
        let request = server.requests().pop().unwrap();
        let (target, headers) = request.split_once("\r\n").unwrap();
        let target = target.split(' ').nth(1).unwrap();
        let (path, query) = target.split_once('?').unwrap();
        let decoded = |text: &str| text.replace("%3A", ":").replace("%2B", "+");
        assert!(query.contains(&encoded) || query.contains(AT), "{query}");
        assert_eq!(decoded(path), format!("/written/{}", plain.join("/")));
        for (name, value) in names.into_iter().zip(plain) {
            let query = decoded(query);
            let mut pairs = query.split('&');
            assert!(pairs.any(|pair| pair == format!("q_{name}={value}")), "{name} in {query}");
            let header = format!("x-{name}: {value}");
            assert!(headers.lines().any(|line| line == header), "{header} in {headers}");
        }
    }

    #[test]
    fn what_does_not_fit_is_refused_with_the_type_as_people_write_it_and_the_reason() {
        let client = formats::ClientBuilder::new("http://127.0.0.1:1").build().unwrap();
        let call = client.written().limited("abc").q_listed("up");
        let said = format!("{call:?}");
        assert!(
            said.contains("conversion to `WrittenLimited` for limited failed: longer than 2"),
            "{said}"
        );
        assert!(
            said.contains("conversion to `WrittenQListed` for q_listed failed: invalid value"),
            "{said}"
        );
    }
}
