//! What the types are, as far as it is more than typify makes of them.

use serde_json::Value;

/// A field of a struct, as far as it is more than typify makes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    /// Its name on the wire.
    pub(crate) wire: String,
    /// Whether it is there in every value, read or sent.
    pub(crate) required: bool,
    /// Whether a value can't be built without it.
    pub(crate) to_build: bool,
    /// Whether null is one of its values.
    pub(crate) nullable: bool,
    /// Whether its type holds null itself, as any other value.
    pub(crate) any: bool,
    /// The limits that are checked as it is set, by their keywords.
    pub(crate) bounds: Option<Bounds>,
    /// Whether the contract says that it is on its way out.
    pub(crate) deprecated: bool,
}

/// An enum of the texts that the contract lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Enum {
    /// What the publisher says of it.
    pub(crate) description: Option<String>,
    /// The variants with their texts, in the order of the contract.
    pub(crate) texts: Vec<(String, String)>,
    /// The variant that keeps a text that is not listed, if it can come in a response.
    pub(crate) unlisted: Option<String>,
}

/// Limits of a value, by the keywords of JSON Schema.
pub(crate) type Bounds = serde_json::Map<String, Value>;

/// How a value of a union is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Union {
    /// The member whose value tells the branches apart.
    pub(crate) tag: Option<String>,
    /// Whether a value with another tag is of no branch.
    pub(crate) closed: bool,
    /// The branches, in the order of the contract.
    pub(crate) branches: Vec<Branch>,
    /// The variant that keeps what no branch describes.
    pub(crate) unknown: String,
    /// Whether personal data can stand in a value.
    pub(crate) sensitive: bool,
}

/// One branch of a union: what its values look like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Branch {
    /// The variant that holds it.
    pub(crate) variant: String,
    /// The kinds of JSON that it can be: a bit each, from null over boolean, integer, number, string
    /// and array to object.
    pub(crate) kinds: u8,
    /// The members that it names.
    pub(crate) members: Vec<String>,
    /// Whether it keeps those that it does not name.
    pub(crate) open: bool,
    /// The members that it must have.
    pub(crate) required: Vec<String>,
    /// The values of the tag that stand for it.
    pub(crate) tags: Vec<Value>,
    /// The members of which it lists the values.
    pub(crate) listed: Vec<(String, Vec<Value>)>,
}
