//! Which types are on their way out: those that the contract marks `deprecated` as a whole.

use serde_json::json;

use super::shaped::Shaped;

/// Notes the deprecated types in the plan.
pub(super) fn shape(shaped: &mut Shaped) {
    let schemas = shaped.components("schemas").iter();
    let deprecated = schemas.filter(|(_, schema)| schema.get("deprecated") == Some(&json!(true)));
    shaped.plan.deprecated = deprecated.map(|(name, _)| name.clone()).collect();
}
