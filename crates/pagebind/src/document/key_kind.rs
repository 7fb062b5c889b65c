//! What the keys of an object are, which depends on where it stands in an OpenAPI document.
//!
//! `description` is an annotation in a schema, the name of a property in its `properties`, and
//! a piece of somebody's data in its `example`. Comparing and resolving both hang on that.

use serde_json::Value;

/// What the members of an object, or the objects in an array, are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyKind {
    /// Keywords that OpenAPI 3.1 or JSON Schema 2020-12 give a meaning.
    Keywords,
    /// Names that the API chose, each for an object of keywords.
    Names,
    /// Names of Example Objects.
    Examples,
    /// An Example Object: a reference to one, or data. Many pages put the value in it bare.
    Example,
    /// Values of the API, or of an extension: nothing in them is a keyword.
    Data,
}

impl KeyKind {
    /// What the keys are of the value under `key`, in an object whose own keys are of this kind.
    #[must_use]
    pub fn of_member(self, key: &str, value: &Value) -> Self {
        match (self, key) {
            (Self::Data | Self::Example, _) => Self::Data,
            (Self::Examples, _) => Self::Example,
            (Self::Names, _) => Self::Keywords,
            (Self::Keywords, "example" | "default" | "const" | "enum") => Self::Data,
            (Self::Keywords, _) if key.starts_with("x-") => Self::Data,
            // Those of a schema are data in an array; all others are Example Objects.
            (Self::Keywords, "examples") if value.is_array() => Self::Data,
            (Self::Keywords, "examples") => Self::Examples,
            // Requirements are an array of objects whose keys are the names of schemes.
            (Self::Keywords, "security") => Self::Names,
            (
                Self::Keywords,
                "$defs" | "callbacks" | "content" | "definitions" | "dependentRequired"
                | "dependentSchemas" | "encoding" | "headers" | "links" | "mapping" | "parameters"
                | "pathItems" | "paths" | "patternProperties" | "properties" | "requestBodies"
                | "responses" | "schemas" | "scopes" | "securitySchemes" | "variables" | "webhooks",
            ) if value.is_object() => Self::Names,
            (Self::Keywords, _) => Self::Keywords,
        }
    }

    /// Whether `key`, which is of this kind, is a keyword. An Example Object has one alone: it may be a reference.
    pub(crate) fn is_keyword(self, key: &str) -> bool {
        self == Self::Keywords || (self == Self::Example && key == "$ref")
    }

    /// Whether `key`, which is of this kind, says nothing about what is exchanged.
    pub(crate) fn is_annotation(self, key: &str) -> bool {
        self == Self::Keywords
            && matches!(
                key,
                "deprecated" | "description" | "example" | "examples" | "externalDocs" | "title"
            )
    }
}
