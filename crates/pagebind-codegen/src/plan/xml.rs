//! Bodies of XML: which elements and attributes hold the members of a value. `pagebind_client::xml` has the
//! same words.

use std::collections::BTreeMap;

/// What there is to know of bodies of XML.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Xml {
    /// The root elements, by the names of their constants.
    pub(crate) roots: BTreeMap<String, Element>,
    /// What is in an element of a component, by the name of that.
    pub(crate) components: BTreeMap<String, Vec<Member>>,
}

/// An element, or an attribute described as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) name: String,
    /// Empty for none.
    pub(crate) prefix: String,
    /// Empty for none.
    pub(crate) namespace: String,
    pub(crate) content: Content,
}

/// What is in an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Content {
    Scalar(Scalar),
    Items(Box<Element>),
    Members(Vec<Member>),
    /// What is in any element of this component.
    Of(String),
}

/// A value without parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scalar {
    Text,
    Number,
    Boolean,
}

/// A member of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Member {
    /// Its name in JSON.
    pub(crate) key: String,
    pub(crate) place: Place,
}

/// Where a member stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    Attribute(Element),
    Element(Element),
    Items {
        each: Element,
        required: bool,
    },
    Text(Scalar),
    /// All members that have no name.
    Rest(Scalar),
}
