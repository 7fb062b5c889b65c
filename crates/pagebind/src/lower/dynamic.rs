//! `$dynamicRef`: what it leads to depends on the way there (JSON Schema 2020-12, section 8.2.3.2).
//!
//! It is how 3.1 writes generics: a page of items refers dynamically to the anchor of its item, and
//! each page of something binds that anchor and refers to the page of items. In 3.0 a reference leads
//! to one place, so the generic schema becomes a component of its own for each of its bindings.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::facts::each_reference;
use crate::{pointer::join, references::References};

/// The dynamic anchors that the schema at `at` leaves open: those of its own dynamic references, and
/// of what it refers to.
pub(super) fn open(
    schema: &Value,
    at: &str,
    references: &References<'_>,
    known: &dyn Fn(&str) -> BTreeSet<String>,
) -> BTreeSet<String> {
    let mut open = BTreeSet::new();
    if !references.has_dynamic() {
        return open;
    }
    each_reference(schema, &mut |reference, below| {
        let at = format!("{at}{below}");
        let is_dynamic = |schema: &Value| schema["$dynamicRef"] == *reference;
        if schema.pointer(below).is_some_and(is_dynamic) {
            open.extend(references.open_anchor(reference, &at).map(str::to_owned));
        }
        open.extend(references.find(reference, &at).into_iter().flat_map(|it| known(&it)));
    });
    open
}

/// The dynamic anchors that the schema `map` at `at` binds, with the pointers of their bearers.
pub(super) fn bound<'m>(
    map: &'m Map<String, Value>,
    at: &str,
) -> impl Iterator<Item = (&'m str, String)> {
    let anchor = |schema: &'m Value| schema.get("$dynamicAnchor").and_then(Value::as_str);
    let own = map.get("$dynamicAnchor").and_then(Value::as_str).map(|it| (it, at.to_owned()));
    let defs = map.get("$defs").and_then(Value::as_object).into_iter().flatten();
    let defs_at = join(at, "$defs");
    let defs = defs.filter_map(move |(name, schema)| Some((anchor(schema)?, join(&defs_at, name))));
    own.into_iter().chain(defs)
}
