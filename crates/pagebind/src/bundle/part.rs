//! What the parts of a document are, as far as a reference to one has to know.

use serde_json::Value;

use crate::document::key_kind::KeyKind;

/// Where a value stands: what its keys are, and the section of the components that it, or what it
/// names, would belong in; none for what no component can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Part {
    pub(super) keys: KeyKind,
    pub(super) section: Option<&'static str>,
}

impl Part {
    /// The document as a whole.
    pub(super) const ROOT: Self = Self { keys: KeyKind::Keywords, section: None };

    /// What the member `value` under `key` is.
    pub(super) fn member(self, key: &str, value: &Value) -> Self {
        let keys = self.keys.of_member(key, value);
        let section = match self.keys {
            KeyKind::Keywords if self.section == Some("callbacks") && key != "$ref" => {
                Some("pathItems")
            }
            KeyKind::Keywords => section(key),
            // Each of the names is one of what was named together.
            _ => self.section,
        };
        Self { keys, section }
    }
}

/// The section that the value under the keyword `key` belongs in, or the values that it names.
fn section(key: &str) -> Option<&'static str> {
    Some(match key {
        "additionalItems"
        | "additionalProperties"
        | "allOf"
        | "anyOf"
        | "contains"
        | "contentSchema"
        | "definitions"
        | "dependentSchemas"
        | "else"
        | "if"
        | "items"
        | "not"
        | "oneOf"
        | "patternProperties"
        | "prefixItems"
        | "properties"
        | "propertyNames"
        | "schema"
        | "schemas"
        | "then"
        | "unevaluatedItems"
        | "unevaluatedProperties"
        | "$defs" => "schemas",
        "callbacks" => "callbacks",
        "examples" => "examples",
        "headers" => "headers",
        "links" => "links",
        "parameters" => "parameters",
        "pathItems" | "paths" | "webhooks" => "pathItems",
        "requestBodies" | "requestBody" => "requestBodies",
        "responses" => "responses",
        "securitySchemes" => "securitySchemes",
        _ => return None,
    })
}
