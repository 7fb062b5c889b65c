//! For programs: a stable, versioned shape, which `report.schema.json` beside this file documents
//! (JSON Schema 2020-12): what each member holds, and which are null where there is nothing.
//!
//! One finding stands for one change and one operation that it touches; those of one change share a
//! fingerprint. A later version may add members; one that removes or changes any has another
//! `schema_version`.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value, json};

use super::content::{Outcome, Report, Summary};
use crate::finding::Finding;

/// The shape of the report, as a JSON Schema.
pub const SCHEMA: &str = include_str!("report.schema.json");

#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    severity: &'a str,
    wire: &'a str,
    rust: &'a str,
    api: Option<&'a str>,
    operation: Option<&'a str>,
    pointer: &'a str,
    side: &'a str,
    page: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    file: Option<&'a str>,
    file_line: Option<usize>,
    compared: bool,
    words: bool,
    message: &'a str,
    old: &'a Option<Value>,
    new: &'a Option<Value>,
    fingerprint: &'a str,
}

/// Writes the report, with a newline at its end.
///
/// # Errors
/// What `out` fails with.
pub fn write(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let rust_api = report.rust_api.cloned().unwrap_or_default();
    let changed: Vec<_> = rust_api
        .changed
        .iter()
        .map(|item| json!({"path": item.path, "old": item.old, "new": item.new}))
        .collect();
    let stale: Vec<_> = report
        .stale
        .iter()
        .map(|entry| json!({"id": entry.id, "operation": entry.operation, "fingerprint": entry.fingerprint}))
        .collect();
    let step = report.step();
    let rest = [
        (
            "rust_api",
            json!({
                "measured": report.rust_api.is_some(),
                "removed": rust_api.removed,
                "changed": changed,
                "added": rust_api.added,
            }),
        ),
        ("version_step", json!(step.step.as_str())),
        ("version_step_at_least", json!(step.at_least)),
        ("version_step_reason", json!(step.why)),
        ("verdict", json!(report.verdict().as_str())),
        ("apis", json!(report.apis.iter().map(api).collect::<Vec<_>>())),
        ("accepted", json!({"silenced": report.silenced, "stale": stale})),
        ("summary", counts(&report.summary())),
    ];
    // Findings may be many, so they are written one by one, each on its line.
    write!(
        out,
        "{{\n\"schema_version\": 1,\n\"subject\": {},\n\"findings\": [",
        json!(report.subject)
    )?;
    let mut fingerprint = (std::ptr::null(), String::new());
    for (index, finding) in report.findings.iter().enumerate() {
        let change = std::sync::Arc::as_ptr(&finding.change);
        if fingerprint.0 != change {
            fingerprint = (change, finding.change.fingerprint());
        }
        out.write_all(if index == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut *out, &line(finding, &fingerprint.1))?;
    }
    out.write_all(b"\n]")?;
    for (key, value) in rest {
        write!(out, ",\n\"{key}\": {value}")?;
    }
    out.write_all(b"\n}\n")
}

fn counts(summary: &Summary) -> Value {
    json!({
        "breaking": summary.breaking,
        "warning": summary.warnings,
        "info": summary.infos,
        "words": summary.words,
        "operations": summary.operations,
        "findings": summary.findings,
        "problems": summary.problems,
    })
}

/// How one of several APIs fared.
pub(super) fn api(outcome: &Outcome) -> Value {
    json!({
        "name": outcome.name,
        "verdict": outcome.verdict.as_str(),
        "version_step": outcome.step.step.as_str(),
        "version_step_at_least": outcome.step.at_least,
        "version_step_reason": outcome.step.why,
        "summary": counts(&outcome.summary),
    })
}

fn line<'a>(finding: &'a Finding, fingerprint: &'a str) -> Line<'a> {
    let change = &*finding.change;
    let location = finding.location.as_ref();
    let position = location.and_then(|location| location.position);
    Line {
        id: &change.id,
        severity: change.severity.as_str(),
        wire: change.wire.as_str(),
        rust: finding.rust.as_str(),
        api: finding.api.as_deref(),
        operation: finding.operation.as_deref(),
        pointer: &change.pointer,
        side: change.side.as_str(),
        page: location.map(|location| &*location.name),
        line: position.map(|position| position.line),
        column: position.map(|position| position.column),
        file: finding.vendored.as_ref().map(|location| &*location.name),
        file_line: finding
            .vendored
            .as_ref()
            .and_then(|location| location.position)
            .map(|position| position.line),
        compared: !change.untold,
        words: change.prose,
        message: &change.message,
        old: &change.old,
        new: &change.new,
        fingerprint,
    }
}
