//! For programs: a stable, versioned shape.
//!
//! ```json
//! {
//!   "schema_version": 1,
//!   "subject": "visa-click-to-pay",
//!   "findings": [{
//!     "id": "request-property-max-length-decreased",
//!     "severity": "breaking",
//!     "wire": "breaks",
//!     "rust": "unknown",
//!     "operation": "POST /v1/cards",
//!     "pointer": "/components/schemas/Card/properties/number/maxLength",
//!     "side": "new",
//!     "page": "openapi/cards/pages/enroll.md",
//!     "line": 12, "column": 7,
//!     "message": "request property `Card.number`: maximum length decreased from 19 to 16",
//!     "old": 19, "new": 16,
//!     "fingerprint": "0f3a6bd2c911"
//!   }],
//!   "rust_api": {"measured": false, "removed": [], "changed": [], "added": []},
//!   "version_step": "unknown",
//!   "accepted": {"silenced": 0, "stale": []},
//!   "summary": {"breaking": 1, "warning": 0, "info": 0, "operations": 1, "findings": 1, "problems": 0}
//! }
//! ```
//!
//! `severity` is `breaking`, `warning` or `info`; `wire` is `breaks`, `may-break` or `works`;
//! `rust` is `breaks`, `compiles` or `unknown`; `version_step` is `none`, `patch`, `minor`, `major`
//! or `unknown`. `operation` (`METHOD /path`), `page`, `line`, `column`, `old` and `new` are null
//! where there is none. `pointer` leads into the document that `side` names. One finding stands for
//! one change and one operation that it touches; those of one change share a fingerprint. The
//! numbers by severity in `summary` count changes, and `problems` what kept parts from being
//! compared: with any, no findings don't mean no changes. A later version may add members; one that
//! removes or changes any has another `schema_version`.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value, json};

use super::content::Report;
use crate::finding::Finding;

#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    severity: &'a str,
    wire: &'a str,
    rust: &'a str,
    operation: Option<&'a str>,
    pointer: &'a str,
    side: &'a str,
    page: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
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
    let summary = report.summary();
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
        ("version_step", json!(report.version_step().as_str())),
        ("accepted", json!({"silenced": report.silenced, "stale": stale})),
        (
            "summary",
            json!({
                "breaking": summary.breaking,
                "warning": summary.warnings,
                "info": summary.infos,
                "operations": summary.operations,
                "findings": summary.findings,
                "problems": summary.problems,
            }),
        ),
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

fn line<'a>(finding: &'a Finding, fingerprint: &'a str) -> Line<'a> {
    let change = &*finding.change;
    let location = finding.location.as_ref();
    let position = location.and_then(|location| location.position);
    Line {
        id: &change.id,
        severity: change.severity.as_str(),
        wire: change.wire.as_str(),
        rust: finding.rust.as_str(),
        operation: finding.operation.as_deref(),
        pointer: &change.pointer,
        side: change.side.as_str(),
        page: location.map(|location| &*location.name),
        line: position.map(|position| position.line),
        column: position.map(|position| position.column),
        message: &change.message,
        old: &change.old,
        new: &change.new,
        fingerprint,
    }
}
