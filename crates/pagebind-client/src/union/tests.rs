use serde_json::json;

use super::*;

/// Two objects that overlap, text of two kinds, and numbers.
#[derive(Debug, PartialEq, Serialize)]
#[serde(untagged)]
enum Mixed {
    A {
        a: String,
    },
    B {
        #[serde(skip_serializing_if = "Option::is_none")]
        a: Option<String>,
        b: String,
    },
    Listed(String),
    Text(String),
    Number(f64),
    Integer(i64),
    Unknown(Value),
}

#[derive(Deserialize)]
struct ReadA {
    a: String,
}

#[derive(Deserialize)]
struct ReadB {
    a: Option<String>,
    b: String,
}

const fn branch(kinds: u8) -> Branch {
    Branch { kinds, members: &[], open: true, required: &[], tags: &[], listed: &[] }
}

impl Union for Mixed {
    const UNION: Description = Description {
        tag: None,
        closed: false,
        branches: &[
            Branch { members: &["a"], open: false, required: &["a"], ..branch(64) },
            Branch { members: &["a", "b"], open: false, required: &["b"], ..branch(64) },
            branch(16),
            branch(16),
            branch(8),
            branch(4),
        ],
    };

    fn branch(index: usize, value: &Value) -> serde_json::Result<Self> {
        match index {
            0 => ReadA::deserialize(value).map(|read| Self::A { a: read.a }),
            1 => ReadB::deserialize(value).map(|read| Self::B { a: read.a, b: read.b }),
            2 => String::deserialize(value).map(Self::Listed),
            3 => String::deserialize(value).map(Self::Text),
            4 => f64::deserialize(value).map(Self::Number),
            _ => i64::deserialize(value).map(Self::Integer),
        }
    }

    fn unknown(value: Value) -> Self {
        Self::Unknown(value)
    }

    fn fits(index: usize, text: &str) -> bool {
        index != 2 || text == "listed"
    }
}

impl<'de> Deserialize<'de> for Mixed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(deserializer)
    }
}

#[track_caller]
fn mixed(value: Value) -> Mixed {
    let read: Mixed = serde_json::from_value(value.clone()).unwrap();
    if !matches!(read, Mixed::Number(_)) {
        assert_eq!(serde_json::to_value(&read).unwrap(), value);
    }
    read
}

#[test]
fn the_branch_that_names_all_members_is_taken_and_not_the_first_that_fits() {
    let both = mixed(json!({ "a": "1", "b": "2" }));
    assert_eq!(both, Mixed::B { a: Some("1".to_owned()), b: "2".to_owned() });
    assert_eq!(mixed(json!({ "a": "1" })), Mixed::A { a: "1".to_owned() });
}

#[test]
fn text_goes_to_the_branch_that_lists_it_and_the_rest_to_the_other() {
    assert_eq!(mixed(json!("listed")), Mixed::Listed("listed".to_owned()));
    assert_eq!(mixed(json!("other")), Mixed::Text("other".to_owned()));
}

#[test]
fn a_whole_number_is_an_integer_before_it_is_a_number() {
    assert_eq!(mixed(json!(1)), Mixed::Integer(1));
    assert_eq!(mixed(json!(1.5)), Mixed::Number(1.5));
}

#[test]
fn what_no_branch_describes_is_kept_and_written_back() {
    for value in [json!(true), json!(null), json!([1]), json!({ "a": 1 })] {
        assert_eq!(mixed(value.clone()), Mixed::Unknown(value));
    }
}

/// Objects told apart by a member.
#[derive(Debug, PartialEq, Serialize)]
#[serde(untagged)]
enum Tagged {
    Text(Value),
    Voice(Value),
    Unknown(Value),
}

impl Union for Tagged {
    const UNION: Description = Description {
        tag: Some("type"),
        closed: true,
        branches: &[
            Branch { tags: &[Scalar::Integer(0)], ..branch(64) },
            Branch { tags: &[Scalar::Integer(2), Scalar::Text("voice")], ..branch(64) },
        ],
    };

    fn branch(index: usize, value: &Value) -> serde_json::Result<Self> {
        Ok(if index == 0 { Self::Text(value.clone()) } else { Self::Voice(value.clone()) })
    }

    fn unknown(value: Value) -> Self {
        Self::Unknown(value)
    }
}

#[test]
fn a_tag_decides_and_one_that_is_not_listed_is_of_no_branch() {
    let tagged = |value: Value| read::<Tagged, _>(value).unwrap();
    assert!(matches!(tagged(json!({ "type": 2 })), Tagged::Voice(_)));
    assert!(matches!(tagged(json!({ "type": 2.0 })), Tagged::Voice(_)));
    assert!(matches!(tagged(json!({ "type": "voice" })), Tagged::Voice(_)));
    assert!(matches!(tagged(json!({ "type": 7 })), Tagged::Unknown(_)));
    assert!(matches!(tagged(json!({})), Tagged::Text(_)));
}

/// Objects told apart by a member whose values the contract does not list.
#[derive(Debug, PartialEq, Serialize)]
#[serde(untagged)]
enum Named {
    A {
        kind: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        a: Option<String>,
    },
    Unknown(Value),
}

#[derive(Deserialize)]
struct ReadNamed {
    kind: String,
    a: Option<String>,
}

impl Union for Named {
    const UNION: Description = Description {
        tag: Some("kind"),
        closed: false,
        branches: &[Branch {
            members: &["kind", "a"],
            open: false,
            tags: &[Scalar::Text("A")],
            ..branch(64)
        }],
    };

    fn branch(_: usize, value: &Value) -> serde_json::Result<Self> {
        ReadNamed::deserialize(value).map(|read| Self::A { kind: read.kind, a: read.a })
    }

    fn unknown(value: Value) -> Self {
        Self::Unknown(value)
    }
}

#[test]
fn a_tag_that_names_no_branch_is_of_one_that_loses_nothing_or_of_none() {
    let named = |value: Value| read::<Named, _>(value).unwrap();
    // A new member of a known branch is dropped; a value of another one is not this one's.
    assert!(matches!(named(json!({ "kind": "A", "b": 1 })), Named::A { .. }));
    assert!(matches!(named(json!({ "kind": "a", "a": "x" })), Named::A { .. }));
    let other = json!({ "kind": "b", "b": 1 });
    assert_eq!(named(other.clone()), Named::Unknown(other));
}

/// What the macro writes, beside types that are called as what it names itself.
mod by_macro {
    use serde_json::json;

    use super::super::*;

    /// Text of digits.
    #[derive(Debug, PartialEq, Serialize)]
    struct Text(String);

    impl std::str::FromStr for Text {
        type Err = &'static str;

        fn from_str(text: &str) -> Result<Self, Self::Err> {
            let digits = text.bytes().all(|byte| byte.is_ascii_digit());
            if digits { Ok(Self(text.to_owned())) } else { Err("no digits") }
        }
    }

    impl<'de> Deserialize<'de> for Text {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            String::deserialize(deserializer).map(Self)
        }
    }

    #[derive(Debug, PartialEq, Serialize)]
    #[serde(untagged)]
    enum Either {
        Text(Text),
        String(String),
        Integer(i64),
        Object(serde_json::Map<String, Value>),
        Unknown(Value),
    }

    crate::__union! {
        Either { tag: Some("kind"), closed: true, } {
            0 Text: value parsed Text { kinds: 16, }
            1 String: value { kinds: 16, }
            2 Integer: number { kinds: 4, }
            3 Object: value {
                kinds: 64, open: true, tags: &[Text("a"), Integer(1), Boolean(true)],
            }
            _ = Unknown
        }
    }

    #[test]
    fn each_branch_is_read_as_what_it_is_told_to_be() {
        let read = |value: Value| -> Either { serde_json::from_value(value).unwrap() };
        assert_eq!(read(json!("7")), Either::Text(Text("7".to_owned())));
        assert_eq!(read(json!("b")), Either::String("b".to_owned()));
        assert_eq!(read(json!(7.0)), Either::Integer(7));
        assert_eq!(read(json!([7])), Either::Unknown(json!([7])));
        for (kind, is_listed) in [(json!("a"), true), (json!(1), true), (json!("b"), false)] {
            let value = json!({ "kind": kind });
            assert_eq!(matches!(read(value.clone()), Either::Object(_)), is_listed, "{value}");
        }
    }
}
