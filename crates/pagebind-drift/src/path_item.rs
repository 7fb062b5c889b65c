//! A path item, together with those that it refers to.
//!
//! What stands beside the `$ref` of a path item belongs to it too. Where both say the same member
//! OpenAPI leaves open which one counts (3.1.1, section 4.8.9.1); the item's own does here, as in the
//! client.

use serde_json::Value;

use crate::{
    comparison::Comparison,
    node::{Node, find},
};

/// A path item: what it says itself, and then what each one says that it refers to.
#[derive(Debug, Clone)]
pub(crate) struct PathItem<'d> {
    own: Node<'d>,
    referred: Vec<Node<'d>>,
}

impl<'d> PathItem<'d> {
    /// The path item at `own` in the document `root`.
    pub(crate) fn of(own: Node<'d>, root: &'d Value) -> Self {
        let mut item = Self { own, referred: Vec::new() };
        while let Some(reference) = item.last().str_of("$ref")
            && let Some(target) = find(root, reference)
            // One that leads back to itself has said all it has to say.
            && item.all().all(|known| known.address() != target.address())
        {
            item.referred.push(target);
        }
        item
    }

    /// A path item that a document does not have.
    pub(crate) fn nothing() -> Self {
        Self { own: Node::nothing(), referred: Vec::new() }
    }

    pub(crate) fn is_nothing(&self) -> bool {
        self.own.value.is_null()
    }

    /// The place of the path item.
    pub(crate) fn own(&self) -> &Node<'d> {
        &self.own
    }

    /// The first that has a member `key`, or itself.
    pub(crate) fn saying(&self, key: &str) -> &Node<'d> {
        self.all().find(|item| item.value_of(key).is_some()).unwrap_or(&self.own)
    }

    /// The member `key`.
    pub(crate) fn get(&self, key: &str) -> Option<Node<'d>> {
        self.saying(key).get(key)
    }

    /// Where what it leads to in the end lives in memory.
    pub(crate) fn address(&self) -> usize {
        self.last().address()
    }

    fn all(&self) -> impl Iterator<Item = &Node<'d>> {
        std::iter::once(&self.own).chain(&self.referred)
    }

    fn last(&self) -> &Node<'d> {
        self.referred.last().unwrap_or(&self.own)
    }

    /// Whether both are the same text, and so is all that they refer to.
    pub(crate) fn same(&self, new: &Self, comparison: &Comparison<'d>) -> bool {
        self.referred.len() == new.referred.len()
            && self.all().zip(new.all()).all(|(old, new)| comparison.same(old, new))
    }
}
