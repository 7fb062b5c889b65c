//! SARIF 2.1.0 (OASIS standard), as code scanning reads it: a result for each change.

use std::{
    collections::BTreeSet,
    io::{self, Write},
};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::{
    content::{Group, Report, Seen},
    json::api,
    text::harmless,
};
use crate::{
    finding::{Location, Severity},
    rules,
};

/// What a URI's path may hold as it is (RFC 3986, section 3.3), with the slash between segments.
const PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Operations named in one result; a shared schema may touch hundreds.
const OPERATIONS: usize = 50;

/// Writes the report.
///
/// # Errors
/// What `out` fails with.
pub fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let sections = report.sections();
    let used: BTreeSet<&str> = report.findings.iter().map(|finding| &*finding.change.id).collect();
    let rules: Vec<_> = rules::all()
        .filter(|rule| used.contains(&*rule.id))
        .map(|rule| {
            let mut entry = json!({
                "id": rule.id,
                "shortDescription": {"text": rule.id.replace('-', " ")},
                "defaultConfiguration": {"level": level(rule.severity)},
            });
            if !rule.reason.is_empty() {
                entry["help"] = json!({"text": rule.reason});
            }
            entry
        })
        .collect();
    let groups = sections.iter().flat_map(|section| &section.groups);
    let results: Vec<_> = groups
        .flat_map(|group| group.changes.iter().map(move |seen| result(group, seen, report.subject)))
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "pagebind",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "invocations": [{"executionSuccessful": report.summary().problems == 0}],
            "automationDetails": {"id": format!("{}/", report.subject)},
            "columnKind": "unicodeCodePoints",
            "properties": {
                "outcome": api(&report.outcome()),
                "apis": report.apis.iter().map(api).collect::<Vec<_>>(),
            },
            "results": results,
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Breaking => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// A place in a file, which has a path from the root of the repository, or an absolute one.
fn physical(location: Option<&Location>, subject: &str) -> Value {
    let name = location.map_or(subject, |location| &*location.name);
    let path = utf8_percent_encode(name, PATH).to_string();
    let uri = if path.starts_with('/') { format!("file://{path}") } else { path };
    let mut physical = json!({"artifactLocation": {"uri": uri}});
    let position = location.and_then(|location| location.position);
    let (line, column) = position.map_or((1, 1), |position| (position.line, position.column));
    physical["region"] = json!({"startLine": line, "startColumn": column});
    physical
}

fn result(group: &Group<'_>, seen: &Seen<'_>, subject: &str) -> Value {
    let change = seen.change;
    // Code scanning refuses a whole file for one result without a place in the repository.
    let place = json!({
        "physicalLocation": physical(seen.vendored.or(seen.location), subject),
        "logicalLocations": [{"fullyQualifiedName": change.pointer, "kind": "member"}],
    });
    let operations: Vec<_> = group.operations.iter().take(OPERATIONS).collect();
    json!({
        "ruleId": change.id,
        "level": level(change.severity),
        "message": {"text": harmless(&format!("{}: {}", group.title(), change.message))},
        "locations": [place],
        "partialFingerprints": {"pagebind/v1": change.fingerprint()},
        "properties": {
            "wire": change.wire.as_str(),
            "rust": seen.rust.as_str(),
            "side": change.side.as_str(),
            "operations": operations,
            "published": seen.location.map(ToString::to_string),
            "operationCount": group.operations.len(),
            "old": change.old,
            "new": change.new,
        },
    })
}
