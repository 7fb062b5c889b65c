use serde_json::json;

use super::*;

const fn named(name: &'static str, content: &'static Content) -> Element {
    Element { name, prefix: "", namespace: "", content }
}

static TEXT: Content = Content::Scalar(Scalar::Text);
static CARD: Content = Content::Members(&[
    Member { key: "name", place: Place::Element(named("Name", &TEXT)) },
    Member { key: "tags", place: Place::Items { each: named("Tag", &TEXT), required: false } },
]);
static ROOT: Element = named("Card", &CARD);

#[test]
fn members_that_nobody_describes_are_sent_as_elements_of_their_names() {
    let card = json!({ "name": "A", "extra": { "list": [1, true], "none": null }, "tags": null });
    assert_eq!(
        to_xml(&card, &ROOT).unwrap(),
        "<Card><Name>A</Name><extra><list>1</list><list>true</list><none/></extra></Card>"
    );
    let odd = to_xml(&json!({ "a b": "s3cret" }), &ROOT).unwrap_err().to_string();
    assert!(odd.contains("name can't be that of an element") && !odd.contains("s3cret"), "{odd}");
}

#[test]
fn a_value_of_another_shape_is_written_as_it_is() {
    assert_eq!(to_xml("a<", &ROOT).unwrap(), "<Card>a&lt;</Card>");
    assert_eq!(to_xml(&json!({ "tags": "one" }), &ROOT).unwrap(), "<Card><Tag>one</Tag></Card>");
    assert_eq!(
        to_xml(&json!(null), &ROOT).unwrap(),
        "<Card xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"/>"
    );
}

#[test]
fn what_an_object_holds_besides_its_members_is_read_too() {
    static OPEN: Content = Content::Members(&[
        Member { key: "name", place: Place::Element(named("Name", &TEXT)) },
        Member { key: "", place: Place::Rest(Scalar::Number) },
    ]);
    let card = json!({ "name": "A", "b": 1, "c": { "d": [2, 3] }, "e": null });
    let text = to_xml(&card, &named("Card", &OPEN)).unwrap();
    assert_eq!(text, "<Card><Name>A</Name><b>1</b><c><d>2</d><d>3</d></c><e/></Card>");
    assert_eq!(read::read(&text, &OPEN), Some(card));
}

#[test]
fn a_list_that_is_not_there_is_none_unless_there_has_to_be_one() {
    assert_eq!(read::read("<Card/>", &CARD), Some(json!({})));
    assert_eq!(read::read("<Card><Tag/></Card>", &CARD), Some(json!({ "tags": [""] })));
}
