//! Documents written and read back, and those that are refused.

use proptest::prelude::*;
use serde_json::json;

use super::*;

/// A request with this text in an element, as a document.
fn document(text: &str) -> String {
    let request = Value::Object(vec![("Zip", Value::Text(text))]);
    let mut out = Vec::new();
    write(&request, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn checked(text: &str) -> Result<(), String> {
    check(&Value::Object(vec![("Outer", Value::Object(vec![("Zip", Value::Text(text))]))]))
}

proptest! {
    #[test]
    fn any_text_comes_back_as_it_was_or_is_refused_before_it_is_written(text in any::<String>()) {
        match checked(&text) {
            Ok(()) => prop_assert_eq!(read(&document(&text)), Some(json!({"Zip": text}))),
            Err(why) => {
                let character = text.chars().find(|&c| !is_xml_char(c)).unwrap();
                let named = format!("Zip holds the character U+{:04X},", u32::from(character));
                prop_assert!(why.starts_with(&named), "{}", why);
            }
        }
    }

    #[test]
    fn texts_full_of_markup_come_back_as_they_were(text in r#"[\[\]<>&"'!\-?;#x0-9amplt\r\n\t é]{0,40}"#) {
        prop_assert!(checked(&text).is_ok());
        prop_assert_eq!(read(&document(&text)), Some(json!({"Zip": text})));
    }

    #[test]
    fn reading_never_panics(text in any::<String>()) {
        let _ = read(&text);
    }

    #[test]
    fn reading_pieces_of_markup_never_panics(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "<a>", "</a>", "<b i:nil='true'/>", "&amp;", "&#x0;", "&#xD800;", "&lol;", "<![CDATA[", "]]>",
                "<!--", "-->", "<?x", "?>", "<!DOCTYPE a>", "_x", "<a_x005B_>", "<a _xé='", "'", "é",
            ]),
            0..24,
        )
    ) {
        let _ = read(&pieces.concat());
    }
}

#[test]
fn every_character_comes_back_but_those_that_xml_has_no_room_for() {
    let (held, refused): (String, String) =
        ('\0'..=char::MAX).partition(|character| checked(&character.to_string()).is_ok());
    assert_eq!(read(&document(&held)), Some(json!({"Zip": held})));
    let controls = ('\0'..'\u{20}').filter(|character| !"\t\n\r".contains(*character));
    assert_eq!(refused, controls.chain(['\u{FFFE}', '\u{FFFF}']).collect::<String>());
}

#[test]
fn an_empty_text_is_an_empty_element_and_not_a_null() {
    assert!(document("").ends_with("<Zip></Zip></PaymentProfileUpdateBindingModel>"));
}

#[test]
fn what_is_no_whole_document_is_refused() {
    for text in ["", "text", "<a>", "<a></b>", "<a/><b/>", "<a/>x", "x<a/>", "<a>&lol;</a>", "</a>"]
    {
        assert_eq!(read(text), None, "{text}");
    }
}

#[test]
fn a_document_type_is_refused_so_that_no_entity_is_expanded() {
    let text = r#"<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>"#;
    assert_eq!(read(text), None);
}

#[test]
fn a_deep_document_is_refused() {
    let nested = |depth| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
    assert!(read(&nested(read::MAX_DEPTH)).is_some());
    assert_eq!(read(&nested(read::MAX_DEPTH + 1)), None);
    assert_eq!(read(&"<a>".repeat(100_000)), None);
}

#[test]
fn nil_counts_in_its_own_namespace_only() {
    let read = |attribute: &str| read(&format!("<a {attribute}><b>1</b></a>"));
    let instance = "xmlns:i='http://www.w3.org/2001/XMLSchema-instance'";
    assert_eq!(read(&format!("{instance} i:nil='true'")), Some(json!(null)));
    assert_eq!(read(&format!("{instance} i:nil='1'")), Some(json!(null)));
    assert_eq!(read(&format!("{instance} i:nil='false'")), Some(json!({"b": "1"})));
    assert_eq!(read("xmlns:i='urn:other' i:nil='true'"), Some(json!({"b": "1"})));
    assert_eq!(read("nil='true'"), Some(json!({"b": "1"})));
}

#[test]
fn names_that_dotnet_encoded_are_decoded() {
    let read = |name: &str| read(&format!("<a><{name}/></a>"));
    assert_eq!(read("b_x005B_0_x005D_"), Some(json!({"b[0]": ""})));
    for name in ["b_x", "b_x005", "b_x005B", "b_x005Bé", "b_xD800_", "b_x005_B_"] {
        assert_eq!(read(name), Some(json!({name: ""})), "{name}");
    }
}
