use std::collections::HashMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::write::Count;
use super::*;
use crate::{Nullable, present};

/// The same object twice: as the derive of `serde` has it, and as the macro does.
macro_rules! twice {
    ($($attribute:meta $field:ident: $type:ty,)*) => {
        #[derive(Debug, PartialEq, Serialize, Deserialize)]
        struct Derived { $(#[$attribute] $field: $type,)* }

        #[derive(Debug, PartialEq)]
        struct Card { $($field: $type,)* }
    };
}

twice! {
    serde(rename = "card-id", with = "crate::numbers") id: i64,
    serde(deserialize_with = "Option::deserialize") owner: Option<String>,
    serde(skip_serializing_if = "Option::is_none") r#type: Option<Vec<String>>,
    serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present") limit:
        Option<Nullable<String>>,
    serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "crate::numbers::serialize",
        deserialize_with = "crate::numbers::present"
    ) rates: Option<Nullable<HashMap<String, f64>>>,
    serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present") any:
        Option<Value>,
}

crate::__object!(Card { { id: RequiredNumber "card-id", owner: Required "owner", r#type: Optional "type", limit: Nullable "limit", rates: NullableNumber "rates", any: Nullable "any", }  });

#[derive(Debug, PartialEq)]
struct Empty {}

crate::__object!(Empty {});

const FULL: &str =
    r#"{"card-id":1,"owner":"a","type":["b"],"limit":"c","rates":{"d":2},"any":[3]}"#;

#[test]
fn an_object_is_read_and_written_as_the_derive_does() {
    let least = r#"{"card-id":1,"owner":null}"#;
    let nulls = r#"{"card-id":1,"owner":null,"limit":null,"rates":null,"any":null}"#;
    for text in [FULL, least, nulls] {
        let (card, derived): (Card, Derived) =
            (serde_json::from_str(text).unwrap(), serde_json::from_str(text).unwrap());
        assert_eq!(serde_json::to_string(&card).unwrap(), text);
        assert_eq!(serde_json::to_value(&card).unwrap(), serde_json::to_value(&derived).unwrap());
    }
    // In another order, with whole numbers written otherwise, and with what nothing names.
    let card: Card = serde_json::from_value(json!({
        "any": [3], "rates": { "d": 2.0 }, "more": { "e": [] }, "limit": "c", "type": ["b"],
        "owner": "a", "card-id": 1.0,
    }))
    .unwrap();
    assert_eq!(serde_json::to_string(&card).unwrap(), FULL);
    // Null for what may be missing and has no null of its own.
    let card: Card = serde_json::from_str(r#"{"card-id":1,"owner":null,"type":null}"#).unwrap();
    assert_eq!((card.r#type, card.limit), (None, None));
    assert_eq!(serde_json::from_str::<Empty>(r#"{"more":1}"#).unwrap(), Empty {});
    assert_eq!(serde_json::to_string(&Empty {}).unwrap(), "{}");
}

#[derive(Debug, PartialEq)]
struct Groups {
    a: i64,
    b: Option<String>,
    c: String,
    more: serde_json::Map<String, Value>,
}

crate::__object!(Groups {
    { a: RequiredNumber "a", b: Optional "b", }
    { c: Required "c", }
    * more: Further,
});

#[test]
fn fields_in_several_groups_are_read_in_any_order() {
    let text = r#"{"a":1,"b":"b","c":"c","d":2,"e":3}"#;
    let groups: Groups = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&groups).unwrap(), text);
    let read = serde_json::from_str::<Groups>;
    assert_eq!(read(r#"{"d":2,"c":"c","e":3,"b":"b","a":1}"#).unwrap(), groups);
    let refused = |text| read(text).unwrap_err().to_string();
    assert!(refused(r#"{"a":1}"#).starts_with("missing field `c`"));
    assert!(refused(r#"{"c":"c"}"#).starts_with("missing field `a`"));
    assert!(refused(r#"{"a":1,"c":"c","c":"c"}"#).starts_with("duplicate field `c`"));
}

/// Objects that keep what nothing names, as the derive has them, and as the macro does.
macro_rules! open {
    ($derived:ident, $object:ident, $of:ident, $kept:ty) => {
        #[derive(Debug, PartialEq, Serialize, Deserialize)]
        struct $derived {
            #[serde(rename = "card-id")]
            id: u8,
            #[serde(skip_serializing_if = "Option::is_none")]
            owner: Option<String>,
            #[serde(flatten)]
            more: $kept,
        }

        #[derive(Debug, PartialEq)]
        struct $object {
            id: u8,
            owner: Option<String>,
            more: $kept,
        }

        crate::__object!($object { { id: RequiredNumber "card-id", owner: Optional "owner", } * more: $of, });
    };
}

open!(DerivedAny, Any, Further, serde_json::Map<String, Value>);
open!(DerivedRates, Rates, FurtherNumbers, HashMap<String, f64>);

#[test]
fn members_that_nothing_names_are_kept_and_written_after_the_others() {
    let text = r#"{"card-id":1,"owner":"a","b":[1,null],"c":{}}"#;
    let (any, derived): (Any, DerivedAny) =
        (serde_json::from_str(text).unwrap(), serde_json::from_str(text).unwrap());
    assert_eq!((any.id, &any.owner, &any.more), (derived.id, &derived.owner, &derived.more));
    assert_eq!(serde_json::to_string(&any).unwrap(), text);
    assert_eq!(serde_json::to_string(&any).unwrap(), serde_json::to_string(&derived).unwrap());
    // Whatever stands before and between them.
    let any: Any = serde_json::from_str(r#"{"c":{},"card-id":1,"b":[1,null]}"#).unwrap();
    assert_eq!(any.more.len(), 2);
    let rates: Rates = serde_json::from_str(r#"{"card-id":1,"d":2.0}"#).unwrap();
    assert_eq!(serde_json::to_string(&rates).unwrap(), r#"{"card-id":1,"d":2}"#);
    assert_eq!(
        serde_json::to_string(&Rates { more: HashMap::new(), ..rates }).unwrap(),
        r#"{"card-id":1}"#
    );
    assert!(serde_json::from_str::<Rates>(r#"{"card-id":1,"d":"e"}"#).is_err());
    assert!(serde_json::from_str::<DerivedRates>(r#"{"card-id":1,"d":"e"}"#).is_err());
}

#[test]
fn what_is_refused_is_told_as_the_derive_tells_it() {
    let refused = [
        r#"{"owner":null}"#,
        r#"{"card-id":1}"#,
        r#"{"card-id":1,"owner":"a","owner":"a"}"#,
        r#"{"card-id":1,"owner":null,"limit":null,"limit":null}"#,
        r#"{"card-id":1,"owner":7}"#,
        r#"{"card-id":"1","owner":"a"}"#,
        r#"{"card-id":1,"owner":"a","rates":{"d":"e"}}"#,
        r#"{"card-id":1,"#,
        r#"{"card-id"}"#,
        "7",
        "null",
    ];
    for text in refused {
        fn told<'de, T: Deserialize<'de> + fmt::Debug>(text: &'de str) -> String {
            serde_json::from_str::<T>(text).unwrap_err().to_string().replace("Derived", "Card")
        }
        assert_eq!(told::<Card>(text), told::<Derived>(text), "{text}");
    }
    let said = serde_json::from_str::<Card>("[1, \"a\", []]").unwrap_err().to_string();
    assert!(said.contains("invalid type: sequence, expected struct Card"), "{said}");
}

#[test]
fn a_value_that_can_t_be_written_is_told() {
    let rates = Nullable::Value(HashMap::from([("d".to_owned(), f64::NAN)]));
    let mut card: Card = serde_json::from_str(FULL).unwrap();
    card.rates = Some(rates);
    let said = serde_json::to_string(&card).unwrap_err().to_string();
    assert!(said.contains("neither infinity nor NaN"), "{said}");
}

#[test]
fn members_are_counted_before_they_are_written() {
    let mut count = Count(0);
    serde_json::from_str::<Card>(FULL).unwrap().write(&mut count);
    assert_eq!(count.0, 6);
}
