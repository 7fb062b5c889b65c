//! Each format over the same report, and over one whose every word is hostile.

use pagebind::diagnostic::Position;
use serde_json::{Value, json};

use super::*;
use crate::{
    compare,
    finding::{Finding, Location, locate},
    rust_api::{Listing, RustApi},
};

fn documents() -> (Value, Value) {
    let document = |limit: u32, summary: &str| {
        let body = json!({"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Card"}}}});
        json!({
            "openapi": "3.1.0",
            "info": {"title": "Cards", "version": "1"},
            "paths": {
                "/cards": {"post": {"summary": summary, "requestBody": body}},
                "/cards/{id}": {"put": {"requestBody": body}},
            },
            "components": {"schemas": {"Card": {"type": "object", "properties": {
                "number": {"type": "string", "maxLength": limit},
            }}}},
        })
    };
    (document(19, "Add a card"), document(16, "Adds a card"))
}

fn findings() -> Vec<Finding> {
    let (old, new) = documents();
    let mut findings = compare(&old, &new);
    locate(&mut findings, |change| {
        change.pointer.starts_with("/components").then(|| Location {
            name: "pages/add card.md".into(),
            position: Some(Position { line: 12, column: 7 }),
        })
    });
    findings
}

fn text(format: Format, report: &Report<'_>) -> String {
    let mut out = Vec::new();
    format.write(report, &Styles::plain(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// A report in which everything that a page can say is an attack on one of the formats.
fn hostile() -> Vec<Finding> {
    let evil = "\u{1b}[31m\u{202e}<script>alert(1)</script>\"'|`@all\r\n::error::x%0A]]>";
    let document = |kind: &str| {
        json!({
            "paths": {format!("/{evil}"): {"get": {"responses": {"200": {"content": {"application/json": {"schema": {
                "type": "object", "properties": {evil: {"type": kind, "description": format!("{kind} {evil}")}},
            }}}}}}}},
        })
    };
    let mut findings = compare(&document("string"), &document("integer"));
    locate(&mut findings, |_| Some(Location { name: evil.into(), position: None }));
    findings
}

#[test]
fn a_shared_change_is_one_group_and_one_finding_for_each_operation() {
    let findings = findings();
    let report = Report::new("cards", &findings);
    let summary = report.summary();
    assert_eq!((summary.changes(), summary.findings, summary.operations), (2, 3, 2));
    let groups = report.groups();
    let titles: Vec<_> = groups.iter().map(Group::title).collect();
    assert_eq!(titles, ["POST /cards and 1 more operation", "POST /cards"]);
}

#[test]
fn human_shows_old_new_place_and_next_command() {
    let findings = findings();
    let report =
        Report { next: Some("run `cargo xtask update cards`"), ..Report::new("cards", &findings) };
    assert_eq!(
        text(Format::Human, &report),
        "POST /cards and 1 more operation
  also PUT /cards/{id}
  breaking  request property `Card.number`: maximum length decreased from 19 to 16
           -->  pages/add card.md:12:7 at /components/schemas/Card/properties/number/maxLength
                request-property-max-length-decreased · wire breaks · rust unknown · FINGERPRINT

POST /cards
      info  the summary of the operation changed
           old  Add a card
           new  Adds a card
           -->  /paths/~1cards/post/summary of the new document
                endpoint-summary-changed · wire works · rust unknown · OTHER

cards: 1 breaking, 0 warnings, 1 info, in 2 operations; version step unknown

hint: run `cargo xtask update cards`
"
        .replace("FINGERPRINT", &findings[0].change.fingerprint())
        .replace("OTHER", &findings[1].change.fingerprint())
    );
}

#[test]
fn human_is_the_same_words_in_colour() {
    let findings = findings();
    let report = Report::new("cards", &findings);
    let mut out = Vec::new();
    human::write(&report, &Styles::coloured(), &mut out).unwrap();
    let coloured = String::from_utf8(out).unwrap();
    assert!(coloured.contains("\u{1b}[1m\u{1b}[31m  breaking\u{1b}[0m"));
    let mut plain = String::new();
    for part in coloured.split('\u{1b}') {
        plain.push_str(
            part.strip_prefix('[')
                .and_then(|part| part.split_once('m'))
                .map_or(part, |(_, rest)| rest),
        );
    }
    assert_eq!(plain, text(Format::Human, &report));
}

#[test]
fn json_has_the_documented_shape() {
    let findings = findings();
    let rust_api = RustApi::compare(
        &Listing::from([("types::Card::number".into(), "CardNumber".into())]),
        &Listing::from([("types::Card::number".into(), "String".into())]),
    );
    let report = Report { rust_api: Some(&rust_api), ..Report::new("cards", &findings) };
    let value: Value = serde_json::from_str(&text(Format::Json, &report)).unwrap();
    assert_eq!(value["schema_version"], 1);
    assert_eq!(
        value["findings"][0],
        json!({
            "id": "request-property-max-length-decreased",
            "severity": "breaking",
            "wire": "breaks",
            "rust": "unknown",
            "operation": "POST /cards",
            "pointer": "/components/schemas/Card/properties/number/maxLength",
            "side": "new",
            "page": "pages/add card.md",
            "line": 12,
            "column": 7,
            "message": "request property `Card.number`: maximum length decreased from 19 to 16",
            "old": 19,
            "new": 16,
            "fingerprint": findings[0].change.fingerprint(),
        })
    );
    assert_eq!(
        value["rust_api"],
        json!({
            "measured": true,
            "removed": [],
            "changed": [{"path": "types::Card::number", "old": "CardNumber", "new": "String"}],
            "added": [],
        })
    );
    assert_eq!(value["version_step"], "major");
    assert_eq!(
        value["summary"],
        json!({"breaking": 1, "warning": 0, "info": 1, "operations": 2, "findings": 3, "problems": 0})
    );
}

#[test]
fn no_format_takes_what_could_not_be_compared_for_no_changes() {
    let report =
        Report { problems: 1, rust_api: Some(&RustApi::default()), ..Report::new("Cards", &[]) };
    for (name, format) in Format::ALL {
        let mut out = Vec::new();
        format.write(&report, &Styles::plain(), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let told = [
            "in what could be compared (1 problem)",
            "\"problems\":1",
            "\"problems\": 1",
            "\"executionSuccessful\": false",
        ];
        assert!(told.iter().any(|told| text.contains(told)), "{name}: {text}");
        assert!(!text.contains("no changes;") && !text.contains("step none"), "{name}: {text}");
    }
}

#[test]
fn junit_fails_what_fails_the_run_and_is_never_empty() {
    let findings = findings();
    let report = Report::new("cards", &findings);
    let junit = text(Format::Junit, &report);
    let document = roxmltree::Document::parse(&junit).unwrap();
    let count = |name: &str| document.descendants().filter(|node| node.has_tag_name(name)).count();
    assert_eq!((count("testcase"), count("failure")), (2, 1));
    assert_eq!(document.root_element().attribute("failures"), Some("1"));
    let never = Report { fail_on: None, ..report };
    assert!(!text(Format::Junit, &never).contains("<failure"));
    let nothing = text(Format::Junit, &Report::new("cards", &[]));
    assert!(nothing.contains("tests=\"1\" failures=\"0\""), "{nothing}");
}

#[test]
fn sarif_has_a_result_and_a_rule_for_each_change() {
    let findings = findings();
    let value: Value =
        serde_json::from_str(&text(Format::Sarif, &Report::new("cards", &findings))).unwrap();
    let run = &value["runs"][0];
    assert_eq!(run["results"].as_array().unwrap().len(), 2);
    assert_eq!(run["tool"]["driver"]["rules"].as_array().unwrap().len(), 2);
    let result = &run["results"][0];
    assert_eq!(
        (&result["level"], &result["ruleId"]),
        (&json!("error"), &json!("request-property-max-length-decreased"))
    );
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "pages/add%20card.md");
    assert_eq!(place["region"]["startLine"], 12);
}

#[test]
fn github_annotates_the_place_and_the_worst_first() {
    let findings = findings();
    let github = text(Format::Github, &Report::new("cards", &findings));
    let lines: Vec<_> = github.lines().collect();
    assert_eq!(
        lines[0],
        "::error file=pages/add card.md,line=12,col=7,title=request-property-max-length-decreased::POST /cards and 1 more operation: request property `Card.number`: maximum length decreased from 19 to 16"
    );
    assert!(lines[1].starts_with("::notice title=endpoint-summary-changed::"));
    assert_eq!(lines.len(), 3);
}

#[test]
fn what_a_page_says_stays_words_in_every_format() {
    let findings = hostile();
    assert!(findings.len() >= 2);
    let report = Report::new("a<b>&", &findings);
    for (name, format) in Format::ALL {
        let text = text(format, &report);
        assert!(!text.contains('\u{1b}'), "{name}");
        // In JSON, what was said is data; a program that shows it takes care of it.
        let data = matches!(format, Format::Json | Format::Sarif);
        assert!(data || !text.contains('\u{202e}'), "{name}");
        match format {
            Format::Html => {
                assert!(!text.contains("<script") && text.contains("&lt;script&gt;"), "{text}")
            }
            Format::Markdown => {
                assert!(!text.contains("<script") && !text.contains("@all"), "{text}")
            }
            Format::Github => {
                let commands = text.lines().filter(|line| line.starts_with("::error ")).count();
                assert_eq!(commands, report.summary().breaking, "{text}");
                assert!(text.lines().all(|line| line.starts_with("::")), "{text}");
            }
            Format::Junit => {
                roxmltree::Document::parse(&text).unwrap();
            }
            Format::Json | Format::Sarif => {
                serde_json::from_str::<Value>(&text).unwrap();
            }
            Format::Human => assert!(text.contains("\\u{1b}[31m"), "{text}"),
        }
    }
}

#[test]
fn html_draws_each_endpoint_and_what_touched_it() {
    let findings = findings();
    let html = text(Format::Html, &Report::new("cards", &findings));
    assert_eq!(html.matches("<rect").count(), 3, "two operations and a component");
    assert_eq!(html.matches("<path class=\"breaking\"").count(), 2);
    assert!(
        html.contains("default-src 'none'")
            && !html.contains("http://")
            && !html.contains("https://")
    );
}

#[test]
fn markdown_of_a_thousand_changes_fits_an_issue() {
    let document = |kind: &str| {
        let paths: serde_json::Map<_, _> = (0..1000)
            .map(|index| (format!("/a{index}"), json!({"get": {"parameters": [{"name": "p".repeat(200), "in": "query", "schema": {"type": kind}}]}})))
            .collect();
        json!({"paths": paths})
    };
    let findings = compare(&document("object"), &document("boolean"));
    let markdown = text(Format::Markdown, &Report::new("many", &findings));
    assert!(markdown.chars().count() < 65_536, "{}", markdown.chars().count());
    let rows = markdown.lines().filter(|line| line.starts_with("| **")).count();
    let rest = format!("And {} changes that are not listed here", 1000 - rows);
    assert!(rows > 30 && markdown.contains(&rest), "{rows}");
}

#[test]
fn formats_are_known_by_name() {
    for (name, format) in Format::ALL {
        assert_eq!(name.parse(), Ok(format));
    }
    assert!("xml".parse::<Format>().unwrap_err().contains("human, json"));
}
