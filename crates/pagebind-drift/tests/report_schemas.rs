//! Each report for programs is what its schema says: JSON by the schema of this crate, SARIF by the
//! published one, JUnit by the one that Jenkins reads.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
    process::{Command, Stdio},
};

use pagebind::diagnostic::{Diagnostic, Position};
use pagebind_drift::{
    Finding, Location, compare, publication,
    report::{Format, Outcome, Report, Styles, json},
    rust_api::{Listing, RustApi},
};
use roxmltree::{Document, Node};
use serde_json::{Value, json};

/// Every kind of finding that there is: changes of each severity, words, and what could not be
/// compared, with and without a place.
fn findings() -> Vec<Finding> {
    let document = |kind: &str, words: &str| {
        json!({"openapi": "3.1.0", "info": {"title": words, "version": "1"}, "paths": {"/a": {"get": {
            "summary": words, "operationId": kind, "parameters": [{"name": "p", "in": "query", "schema": {"type": kind}}],
            "responses": {"200": {"description": words}},
        }}}})
    };
    let mut findings = compare(&document("string", "a"), &document("boolean", "<b>&\u{1}"));
    let place =
        Location { name: "pages/a b.md".into(), position: Some(Position { line: 3, column: 7 }) };
    findings[0].location = Some(Location { name: "https://a.example/a.md".into(), position: None });
    findings[0].vendored = Some(place);
    let why = Diagnostic::unreadable("no route to host");
    findings.push(publication::page_unreachable("https://a.example/b.md", &why));
    findings.push(publication::page_moved(
        "pages/b.md",
        "https://a.example/b",
        "https://a.example/c",
    ));
    findings.push(publication::pages_conflict(&Diagnostic::finding("pages contradict each other")));
    for finding in &mut findings[1..] {
        finding.vendored = Some(Location { name: "openapi/cards/api.toml".into(), position: None });
    }
    findings
}

fn rust_api() -> RustApi {
    let listing = |items: &[(&str, &str)]| -> Listing {
        items.iter().map(|(path, what)| ((*path).to_owned(), (*what).to_owned())).collect()
    };
    RustApi::compare(
        &listing(&[("types::A", "struct"), ("types::B", "fn(x: &'a str) -> Option<u8>")]),
        &listing(&[("types::B", "fn()"), ("types::C", "struct")]),
    )
}

/// The report in several states, in one form.
fn reports(format: Format) -> Vec<String> {
    let (findings, rust_api) = (findings(), rust_api());
    let nothing = Report::new("cards", &[]);
    let all = Report { rust_api: Some(&rust_api), ..Report::new("cards", &findings) };
    let outcomes: Vec<Outcome> = vec![nothing.outcome(), all.outcome()];
    let several = Report { apis: &outcomes, ..all.clone() };
    let never = Report { fail_on: None, words: true, ..all.clone() };
    [nothing, all, several, never]
        .iter()
        .map(|report| {
            let mut out = Vec::new();
            format.write(report, &Styles::plain(), &mut out).unwrap();
            String::from_utf8(out).unwrap()
        })
        .collect()
}

#[track_caller]
fn assert_valid(schema: &Value, text: &str) {
    let validator = jsonschema::validator_for(schema).unwrap();
    let report: Value = serde_json::from_str(text).unwrap();
    let problems: Vec<_> = validator
        .iter_errors(&report)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert_eq!(problems, Vec::<String>::new());
}

#[test]
fn json_is_what_its_schema_says() {
    let schema: Value = serde_json::from_str(json::SCHEMA).unwrap();
    for text in reports(Format::Json) {
        assert_valid(&schema, &text);
    }
    // The schema refuses what it does not know.
    let mut report: Value = serde_json::from_str(&reports(Format::Json)[1]).unwrap();
    report["findings"][0]["more"] = json!(1);
    assert!(!jsonschema::is_valid(&schema, &report));
}

#[test]
fn sarif_is_valid_and_each_result_stands_in_the_repository() {
    let mut schema: Value = serde_json::from_str(include_str!("schemas/sarif-2.1.0.json")).unwrap();
    // Its pattern for languages ends in a bracket that opens nothing. Expressions of ECMA-262 take it
    // for itself; others want that said.
    for object in ["run", "toolComponent"] {
        let pattern = format!("/definitions/{object}/properties/language/pattern");
        let pattern = schema.pointer_mut(&pattern).unwrap();
        let published = pattern.as_str().unwrap();
        assert!(published.ends_with("]?$"), "{published}");
        *pattern = published.replace("]?$", "\\]?$").into();
    }
    for text in reports(Format::Sarif) {
        assert_valid(&schema, &text);
        let log: Value = serde_json::from_str(&text).unwrap();
        for result in log["runs"][0]["results"].as_array().unwrap() {
            let place = &result["locations"][0]["physicalLocation"];
            let uri = place["artifactLocation"]["uri"].as_str().unwrap();
            assert!(!uri.contains(':') && !uri.is_empty(), "{uri}");
            assert!(place["region"]["startLine"].as_u64() >= Some(1), "{place}");
        }
    }
}

#[test]
fn junit_is_what_jenkins_reads() {
    let schema = Xsd::read(include_str!("schemas/junit-10.xsd"));
    for text in reports(Format::Junit) {
        let report = Document::parse(&text).unwrap();
        for element in report.descendants().filter(Node::is_element) {
            schema.check(element);
        }
        let suites = report.root_element().children().filter(Node::is_element);
        let sum = |name: &str| -> usize {
            suites
                .clone()
                .map(|suite| suite.attribute(name).unwrap().parse::<usize>().unwrap())
                .sum()
        };
        for (name, element) in [("tests", "testcase"), ("failures", "failure"), ("errors", "error")]
        {
            let all = report.root_element().attribute(name).unwrap();
            let there = report.descendants().filter(|node| node.has_tag_name(element)).count();
            assert_eq!((all.parse(), sum(name)), (Ok(there), there), "{name}");
        }
    }
}

/// `PAGEBIND_XMLLINT` names an xmllint; without it the reader below is all that looks at the reports, and
/// the test says so.
#[test]
fn junit_is_valid_by_the_schema_of_jenkins() {
    let Ok(xmllint) = std::env::var("PAGEBIND_XMLLINT") else {
        eprintln!("PAGEBIND_XMLLINT is not set: the reports are not validated by it");
        return;
    };
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/schemas/junit-10.xsd");
    let validate = |text: &str| {
        let mut child = Command::new(&xmllint)
            .args(["--nonet", "--noout", "--schema", schema, "-"])
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    };
    for text in reports(Format::Junit) {
        let output = validate(&text);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(!validate(&text.replace("<testcase ", "<test ")).status.success());
    }
}

/// As much of an XML schema as that of JUnit uses: elements by name, each with its attributes and
/// the elements that may stand in it.
struct Xsd(BTreeMap<String, Element>);

#[derive(Default)]
struct Element {
    attributes: BTreeMap<String, bool>,
    children: BTreeSet<String>,
}

impl Xsd {
    fn read(text: &str) -> Self {
        let schema = Document::parse(text).unwrap();
        let top = schema
            .root_element()
            .children()
            .filter(|node| node.has_tag_name(("http://www.w3.org/2001/XMLSchema", "element")));
        let elements = top.map(|node| {
            let mut element = Element::default();
            for inner in node.descendants() {
                match (inner.tag_name().name(), inner.attribute("ref"), inner.attribute("name")) {
                    ("element", Some(child), _) => {
                        element.children.insert(child.to_owned());
                    }
                    ("attribute", _, Some(name)) => {
                        let required = inner.attribute("use") == Some("required");
                        element.attributes.insert(name.to_owned(), required);
                    }
                    _ => {}
                }
            }
            (node.attribute("name").unwrap().to_owned(), element)
        });
        Self(elements.collect())
    }

    #[track_caller]
    fn check(&self, node: Node<'_, '_>) {
        let name = node.tag_name().name();
        let element = self.0.get(name).unwrap_or_else(|| panic!("no element is called {name}"));
        for attribute in node.attributes() {
            let known = element.attributes.contains_key(attribute.name());
            assert!(known, "{name} has no attribute {}", attribute.name());
        }
        for (attribute, required) in &element.attributes {
            let there = node.has_attribute(attribute.as_str());
            assert!(there || !required, "{name} lacks {attribute}");
        }
        for child in node.children().filter(Node::is_element) {
            let child = child.tag_name().name();
            assert!(element.children.contains(child), "no {child} in {name}");
        }
    }
}
