//! Unions: which branches are left.

use serde_json::json;

use super::types;

/// Reading one that leads back to itself would not end.
#[test]
fn a_union_that_is_a_branch_of_itself_has_the_branches_that_are_none() {
    let this = json!({ "$ref": "#/components/schemas/This" });
    let text = json!({ "type": "string" });
    for branch in [
        // Written out where it stands, or further in, before or behind the branch that is none.
        json!({ "anyOf": [this, text] }),
        json!({ "oneOf": [text, this] }),
        json!({ "oneOf": [{ "anyOf": [this, text] }, this] }),
        // By another one.
        json!({ "$ref": "#/components/schemas/That" }),
    ] {
        let (items, said) = types(json!({
            "This": { "oneOf": [branch, { "type": "integer" }] },
            "That": { "anyOf": [this, text] },
        }));
        let variants = items.lines().filter_map(|item| item.strip_prefix("types::This::"));
        let variants = variants.filter_map(|item| item.split_once(" = variant"));
        let variants: Vec<&str> = variants.map(|(name, _)| name).collect();
        assert_eq!(variants, ["Integer", "String", "Unknown"], "{branch}");
        assert_eq!(said, [] as [&str; 0], "{branch}");
    }
}
