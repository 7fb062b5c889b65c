//! Each format over the same report, and over one whose every word is hostile.

use pagebind::diagnostic::{Diagnostic, Position};
use serde_json::{Value, json};

use super::*;
use crate::{
    compare,
    finding::{Change, Finding, Location, Severity},
    publication,
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

/// Tells each finding where it is published.
fn locate(findings: &mut [Finding], find: impl Fn(&Change) -> Option<Location>) {
    for finding in findings {
        finding.location = find(&finding.change);
    }
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
        "breaking
  POST /cards and 1 more operation
    also PUT /cards/{id}
    request property `Card.number`: maximum length decreased from 19 to 16  --> pages/add card.md:12:7  [request-property-max-length-decreased FINGERPRINT]

1 change of words alone; --words lists them

cards: 1 breaking, 0 warnings, 1 info, in 2 operations; version step unknown (the client's public items were not compared)

hint: run `cargo xtask update cards`
"
        .replace("FINGERPRINT", &findings[0].change.fingerprint())
    );
    let report = Report { words: true, ..Report::new("cards", &findings) };
    let listed = text(Format::Human, &report);
    let line = "the summary of the operation changed: Add a card → Adds a card  --> /paths/~1cards/post/summary of the new document";
    assert!(listed.contains(line), "{listed}");
}

#[test]
fn the_worst_comes_first_in_every_form_and_words_are_counted() {
    let document = |a: &str, b: &str, limit: u32| {
        json!({"openapi": "3.1.0", "paths": {
            "/a": {"get": {"summary": a, "responses": {}}},
            "/b": {"get": {"summary": b, "responses": {"200": {}, "404": {}}}},
            "/c": {"get": {"deprecated": limit == 1, "parameters": [{"name": "p", "in": "query", "schema": {"type": "string", "maxLength": limit}}], "responses": {}}},
        }})
    };
    let mut new = document("b", "b", 1);
    new["paths"]["/b"]["get"]["responses"]["500"] = json!({});
    let mut findings = compare(&document("a", "a", 2), &new);
    findings.push(publication::page_unreachable("d.md", &Diagnostic::unreadable("no route")));
    let report = Report::new("cards", &findings);
    let order = [
        "page-unreachable",
        "request-parameter-max-length-decreased",
        "endpoint-deprecated",
        "response-non-success-status-added",
    ];
    for format in [
        Format::Human,
        Format::Markdown,
        Format::Html,
        Format::Github,
        Format::Sarif,
        Format::Junit,
    ] {
        let text = text(format, &report);
        let text = text.split("\"results\"").last().unwrap();
        let places: Vec<_> = order
            .iter()
            .map(|id| text.find(id).unwrap_or_else(|| panic!("{format:?}: no {id}")))
            .collect();
        assert!(places.is_sorted(), "{format:?}: {places:?} in {text}");
        let folded = matches!(format, Format::Human | Format::Markdown | Format::Github);
        assert_eq!(text.contains("endpoint-summary-changed"), !folded, "{format:?}");
        assert!(!folded || text.contains("2 changes of words alone"), "{format:?}: {text}");
    }
    assert_eq!(report.verdict(), Verdict::CouldNotTell);
}

#[test]
fn what_breaks_rust_fails_the_run_and_the_step_says_why() {
    let listing = |items: &[&str]| -> Listing {
        items.iter().map(|path| ((*path).to_owned(), "struct".to_owned())).collect()
    };
    let less = RustApi::compare(&listing(&["types::A", "types::B"]), &listing(&["types::C"]));
    let more = RustApi::compare(&listing(&[]), &listing(&["types::C"]));
    let report = |rust_api, fail_on| Report {
        rust_api: Some(rust_api),
        fail_on,
        ..Report::new("cards", &[])
    };
    for (fail_on, removed, added) in [
        (Some(Severity::Breaking), Verdict::Findings, Verdict::Fine),
        (Some(Severity::Info), Verdict::Findings, Verdict::Findings),
        (None, Verdict::Fine, Verdict::Fine),
    ] {
        assert_eq!(report(&less, fail_on).verdict(), removed);
        assert_eq!(report(&more, fail_on).verdict(), added);
    }
    let last = |report: &Report<'_>| text(Format::Human, report).lines().last().unwrap().to_owned();
    assert_eq!(
        last(&report(&less, None)),
        "cards: no changes; version step major (2 public items removed)"
    );
    assert_eq!(
        last(&report(&more, None)),
        "cards: no changes; version step minor (1 public item added)"
    );
}

#[test]
fn one_api_that_could_not_be_told_hides_nothing_of_another() {
    let findings = findings();
    let unreachable = [publication::page_unreachable("d.md", &Diagnostic::unreadable("no route"))];
    let nothing = RustApi::default();
    let cards = Report { rust_api: Some(&nothing), ..Report::new("cards", &findings) }.outcome();
    let other = Report { rust_api: Some(&nothing), ..Report::new("other", &unreachable) }.outcome();
    let all: Vec<_> = findings.iter().chain(&unreachable).cloned().collect();
    let apis = [cards, other];
    let report =
        Report { rust_api: Some(&nothing), apis: &apis, ..Report::new("cards, other", &all) };
    assert_eq!(report.verdict(), Verdict::Findings);
    let told = text(Format::Human, &report);
    for line in [
        "cards: 1 breaking, 0 warnings, 1 info, in 2 operations; fails; version step major (1 breaking change)",
        "other: no changes in what could be compared (1 problem); could not tell; version step unknown (not all could be compared)",
        "together: 1 breaking, 0 warnings, 1 info, in 2 operations; not all could be compared (1 problem); version step at least major (cards: 1 breaking change)",
    ] {
        assert!(told.lines().any(|told| told == line), "{line}: {told}");
    }
}

#[test]
fn human_is_the_same_words_in_colour() {
    let findings = findings();
    let report = Report::new("cards", &findings);
    let mut out = Vec::new();
    human::write(&report, &Styles::coloured(), &mut out).unwrap();
    let coloured = String::from_utf8(out).unwrap();
    assert!(coloured.contains("\u{1b}[1m\u{1b}[31mbreaking\u{1b}[0m"));
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
            "api": null,
            "operation": "POST /cards",
            "pointer": "/components/schemas/Card/properties/number/maxLength",
            "side": "new",
            "page": "pages/add card.md",
            "line": 12,
            "column": 7,
            "file": null,
            "file_line": null,
            "compared": true,
            "words": false,
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
        json!({"breaking": 1, "warning": 0, "info": 1, "words": 1, "operations": 2, "findings": 3, "problems": 0})
    );
}

#[test]
fn no_format_takes_what_could_not_be_compared_for_no_changes() {
    let untold = [publication::page_unreachable("a.md", &Diagnostic::unreadable("no route"))];
    let rust_api = RustApi::default();
    let report = Report { rust_api: Some(&rust_api), ..Report::new("Cards", &untold) };
    for (name, format) in Format::ALL {
        let mut out = Vec::new();
        format.write(&report, &Styles::plain(), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let told = [
            "in what could be compared (1 problem)",
            "errors=\"1\"",
            "\"problems\":1",
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
    assert_eq!((count("testcase"), count("failure")), (3, 1));
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
    assert_eq!(lines[1], "::notice::1 change of words alone");
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
fn markdown_of_a_thousand_changes_fits_an_issue_and_cuts_what_weighs_least() {
    let document = |kind: &str, code: &str| {
        let paths: serde_json::Map<_, _> = (0..1000)
            .map(|index| {
                let breaking = if index % 10 == 0 { kind } else { "string" };
                let limit =
                    json!({"name": "p".repeat(100), "in": "query", "schema": {"type": breaking}});
                (
                    format!("/a{index}"),
                    json!({"get": {"parameters": [limit], "responses": {code: {}}}}),
                )
            })
            .collect();
        json!({"paths": paths})
    };
    let findings = compare(&document("object", "400"), &document("boolean", "401"));
    let report = Report::new("many", &findings);
    let markdown = text(Format::Markdown, &report);
    assert!(markdown.chars().count() < 65_536, "{}", markdown.chars().count());
    let listed = |id: &str| markdown.matches(id).count();
    assert_eq!(listed("request-parameter-type-changed"), 100, "all that is breaking is listed");
    let infos =
        listed("response-non-success-status-added") + listed("response-non-success-status-removed");
    assert!(
        markdown.contains(&format!("And {} more (info) that are not listed here", 2000 - infos))
    );
}

#[test]
fn html_of_five_thousand_changes_is_folded_with_the_worst_on_top() {
    let document = |kind: &str| {
        let paths: serde_json::Map<_, _> = (0..5000)
            .map(|index| (format!("/a{index}"), json!({"get": {"parameters": [{"name": "p", "in": "query", "schema": {"type": kind}}]}})))
            .collect();
        json!({"paths": paths})
    };
    let findings = compare(&document("object"), &document("boolean"));
    let html = text(Format::Html, &Report::new("many", &findings));
    assert_eq!(html.matches("<details").count(), 5000);
    assert_eq!(html.matches("<details open>").count(), 1);
    let body = &html[html.find("<body>").unwrap()..];
    assert!(body.find("<article class=\"breaking\"").unwrap() < 2_000, "{}", &body[..3000]);
}

#[test]
fn formats_are_known_by_name() {
    for (name, format) in Format::ALL {
        assert_eq!(name.parse(), Ok(format));
    }
    assert!("xml".parse::<Format>().unwrap_err().contains("human, json"));
}
