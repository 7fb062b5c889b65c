use super::*;
use crate::rules::api;

/// A page of our own in the publisher's form, as a browser's text and as it is served.
const TEXT: &str = include_str!("tests/update.txt");
const HTML: &str = include_str!("tests/update.html");

fn page(text: &str) -> HelpPage {
    HelpPage::parse("help.txt", text).unwrap()
}

fn found(old: &str, new: &str) -> Vec<String> {
    let findings = compare(&page(old), &page(new));
    findings.iter().map(|finding| finding.change.id.to_string()).collect()
}

#[test]
fn the_text_is_read_with_all_that_binds_a_caller() {
    let page = page(TEXT);
    assert_eq!(page.operation, "POST api/cards/update");
    assert_eq!(page.description, "Update a card.");
    assert_eq!(page.request.model, "UpdateModel");
    assert!(page.request.members["Login"].is_required());
    assert_eq!(page.request.members["Note"].description, "What it is for");
    assert_eq!(page.request.members["Note"].notes, ["Max length: 10"]);
    let formats: Vec<_> = page.request.formats.keys().collect();
    assert_eq!(formats, ["application/json", "application/xml", "text/json", "text/xml"]);
    let json = page.request.formats["application/json"].as_ref().unwrap();
    let fields: Vec<_> = json.fields.keys().collect();
    assert_eq!(fields, ["Login.Id", "Code", "At"]);
    assert_eq!(page.response.formats["application/xml"], None);
}

#[test]
fn a_page_as_html_with_another_timestamp_is_no_drift_from_its_text() {
    assert_eq!(found(TEXT, HTML), Vec::<String>::new());
    assert_eq!(found(HTML, TEXT), Vec::<String>::new());
}

#[test]
fn each_change_is_found_and_taken_back_is_its_mirror() {
    let cases: [(&str, &str, &[&str], &[&str]); 13] = [
        (
            "POST api/cards/update",
            "PUT api/cards/update",
            &["help-operation-changed"],
            &["help-operation-changed"],
        ),
        ("Update a card.", "Change a card.", &["page-prose-changed"], &["page-prose-changed"]),
        (
            "\"Code\":",
            "\"New\": \"1 (optional)\",\n\"Code\":",
            &["help-new-optional-request-field"],
            &["help-request-field-removed"],
        ),
        (
            "\"Code\":",
            "\"New\": \"1\",\n\"Code\":",
            &["help-new-required-request-field"],
            &["help-request-field-removed"],
        ),
        (
            "\"Message\": \"fine\"",
            "\"Message\": \"fine\", \"New\": 1",
            &["help-response-field-added"],
            &["help-response-field-removed"],
        ),
        (
            "LoginModel\n\nRequired",
            "LoginModel\n\nNone.",
            &["help-request-field-became-optional"],
            &["help-request-field-became-required"],
        ),
        (
            "string\n\nNone.",
            "string\n\nRequired",
            &["help-response-requirement-changed"],
            &["help-response-requirement-changed"],
        ),
        (
            "Max length: 10",
            "Max length: 9",
            &["help-constraint-changed"],
            &["help-constraint-changed"],
        ),
        ("LoginModel", "SignInModel", &["help-type-changed"], &["help-type-changed"]),
        (
            "\"123 (3 digits) - optional\"",
            "\"123 (4 digits) - optional\"",
            &["help-constraint-changed"],
            &["help-constraint-changed"],
        ),
        ("\"Id\": \"1\"", "\"Id\": \"2\"", &["help-sample-changed"], &["help-sample-changed"]),
        (
            "application/xml\n\nSample:\n\nSample",
            "application/xml, text/xml\n\nSample:\n\nSample",
            &["help-format-added"],
            &["help-format-removed"],
        ),
        (
            "http://example.com/models",
            "http://example.com/more",
            &["help-xml-order-changed"],
            &["help-xml-order-changed"],
        ),
    ];
    let mut covered: std::collections::BTreeSet<&str> = std::collections::BTreeSet::new();
    for (old, new, forwards, backwards) in cases {
        let changed = TEXT.replacen(old, new, 1);
        assert_ne!(changed, TEXT, "{old}");
        assert_eq!(found(TEXT, &changed), forwards, "{old} → {new}");
        assert_eq!(found(&changed, TEXT), backwards, "{new} → {old}");
        covered.extend(forwards.iter().chain(backwards));
    }
    for rule in api::ALL.iter().filter(|rule| rule.id.starts_with("help-")) {
        assert!(covered.contains(&*rule.id), "{} has no case", rule.id);
    }
}

#[test]
fn a_member_may_be_called_like_a_heading_of_the_table() {
    let name = "Name\n\nstring\n\nRequired\n\nNote\n\nWhat it is for";
    let changed = TEXT.replace("Note\n\nWhat it is for", name);
    assert_eq!(page(&changed).request.members["Name"].model, "string");
    assert_eq!(found(TEXT, &changed), ["help-new-required-request-field"]);
}

#[test]
fn an_xml_order_that_changes_is_worth_a_look() {
    let code = "  <Code>123 (3 digits) - optional</Code>\n";
    let at = "  <At>2025-04-19 08:29:17 (UTC)</At>\n";
    let changed = TEXT.replace(&format!("{at}{code}"), &format!("{code}{at}"));
    assert_eq!(found(TEXT, &changed), ["help-xml-order-changed"]);
}

/// The same page, its tables written with pipes, as some who store it do.
fn with_pipes() -> String {
    let heading =
        "UpdateModel| Name | Description | Type | Additional information | \n|---|---|---|---|\n";
    let rows = "| Login | LoginModel | Required | |\n| Note | What it is for | string | Max length: 10 | \n";
    let start = TEXT.find("UpdateModel\n").unwrap();
    let end = TEXT.find("Request Formats").unwrap();
    let text = format!("{}{heading}{rows}{}", &TEXT[..start], &TEXT[end..]);
    let start = text.find("ResultModel\n").unwrap();
    let end = text.find("Response Formats").unwrap();
    let heading = heading.replace("UpdateModel", "ResultModel");
    format!("{}{heading}| Message | string | None. | |\n{}", &text[..start], &text[end..])
}

#[test]
fn tables_with_pipes_are_the_same_tables() {
    assert_eq!(found(TEXT, &with_pipes()), Vec::<String>::new());
    let more = with_pipes().replace(
        "| Login |",
        "| New | string | Required Max length: 3 | |\n| Bare | string | |\n| Login |",
    );
    let page = page(&more);
    assert_eq!(page.request.members["New"].notes, ["Required", "Max length: 3"]);
    assert_eq!(page.request.members["Bare"].model, "string");
    assert_eq!(found(TEXT, &more).len(), 2);
}

#[test]
fn a_table_that_cannot_be_read_is_not_one_without_members() {
    let odd = TEXT.replace(
        "NameDescriptionTypeAdditional information",
        "Name; Description; Type; Additional information",
    );
    let error = HelpPage::parse("help.txt", &odd).unwrap_err();
    assert!(error.to_string().contains("can't be read"), "{error}");
}

#[test]
fn a_page_that_is_no_help_page_is_refused_and_says_why() {
    for (text, why) in [
        ("<html><body><h1>Sign in</h1></body></html>", "names no operation"),
        ("POST api/cards/update\n", "no request information"),
        ("POST a/b\nResponse Information\nRequest Information\n", "out of order"),
    ] {
        let error = HelpPage::parse("help.html", text).unwrap_err();
        assert!(error.to_string().contains(why), "{error}");
    }
}
