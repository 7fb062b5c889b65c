//! The comparison of two documents, from the first look to the list of findings.
//!
//! What a comparison is, and what it notes on the way, stands below, in `comparison`; here the
//! parts of a document are gone through, and what was noted of them is read out.

use std::{cmp::Ordering, collections::HashSet, sync::Arc};

use serde_json::Value;

use crate::{
    comparison::{Comparison, Item, Items},
    finding::Finding,
    operations, prose, security, unused,
};

/// Compares two OpenAPI documents (3.0 or 3.1, in any mix) by what they mean.
///
/// Equal meaning is no finding: the order of keys, `$ref` against inline, a component of another
/// name, an `allOf` of one, 3.0's `nullable` against 3.1's null types, boolean against numeric
/// exclusive bounds, white space in prose, extensions.
///
/// One finding per change and operation that it touches, in the order of the operations in the new
/// document (removed ones last), and for each the most severe first. Findings about the whole API
/// come before all others. Values that are no OpenAPI documents are compared as far as they look
/// like ones; checking them is not this function's part.
#[must_use]
pub fn compare(old: &Value, new: &Value) -> Vec<Finding> {
    let mut comparison = Comparison::new(old, new);
    let mut api = Vec::new();
    prose::api(&comparison, &mut api);
    let operations = operations::compare(&mut comparison, &mut api);
    security::compare_schemes(&comparison, &mut api);
    unused::compare(&mut comparison, &mut api);
    findings(&comparison, &api, &operations)
}

/// Reads the lists out: the API's own changes, then each operation's.
fn findings(
    comparison: &Comparison<'_>,
    api: &[Item],
    operations: &[(Arc<str>, Items)],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    comparison.visit(api, &mut |change| {
        findings.push(Finding::new(Arc::clone(change), None));
    });
    let mut of_operations = Vec::new();
    let mut shared_prose = HashSet::new();
    for (operation, items) in operations {
        let start = of_operations.len();
        let mut said = HashSet::new();
        comparison.visit(items, &mut |change| {
            if !said.insert(Arc::as_ptr(change)) {
                return;
            }
            if change.prose && change.pointer.starts_with("/components/") {
                if shared_prose.insert((change.side, change.pointer.as_str())) {
                    findings.push(Finding::new(Arc::clone(change), None));
                }
            } else {
                let operation = Some(Arc::clone(operation));
                of_operations.push(Finding::new(Arc::clone(change), operation));
            }
        });
        of_operations[start..].sort_by(most_severe_first);
    }
    findings.sort_by(most_severe_first);
    findings.extend(of_operations);
    findings
}

fn most_severe_first(a: &Finding, b: &Finding) -> Ordering {
    b.change.severity.cmp(&a.change.severity)
}
