//! Unions: which branches are left.

use serde_json::json;

use super::{has, types};

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

#[test]
fn branches_of_limits_alone_leave_the_type_beside_them() {
    let steps = json!([{ "multipleOf": 3 }, { "multipleOf": 5 }]);
    let formats = json!([{ "format": "ipv4" }, { "format": "ipv6" }]);
    let (items, said) = types(json!({
        "Address": { "type": "string", "oneOf": formats },
        "Count": { "type": "integer", "anyOf": steps },
    }));
    has(&items, "types::Address::0 = String");
    has(&items, "types::Count::0 = i64");
    assert_eq!(
        said,
        [
            "/components/schemas/Address: that it has `format: ipv4`, or `format: ipv6` is not checked",
            "/components/schemas/Count: that it has `multipleOf: 3`, or `multipleOf: 5` is not checked",
        ]
    );
}
