//! What is said once for the whole API unless a path or an operation says otherwise: security
//! requirements and servers.
//!
//! What counts is what holds for each operation. If the API's own word changed, and operations go
//! by it on both sides, that is said once, of the API; an operation that says (or said) something
//! of its own is compared by itself. Moving a requirement from the API to every operation changes
//! nothing.

use crate::{
    comparison::{Comparison, Items},
    node::Node,
    operation::Operation,
    security, server,
};

pub(crate) struct Inherited<'d> {
    old: Node<'d>,
    new: Node<'d>,
    /// Whether any operation goes by the API's word on both sides, or there is none to ask.
    security: bool,
    servers: bool,
    operations: usize,
}

impl<'d> Inherited<'d> {
    pub(crate) const fn new(comparison: &Comparison<'d>) -> Self {
        Self {
            old: Node::root(comparison.old),
            new: Node::root(comparison.new),
            security: false,
            servers: false,
            operations: 0,
        }
    }

    pub(crate) fn compare(
        &mut self,
        comparison: &Comparison<'d>,
        operation: &Operation<'d>,
        items: &mut Items,
    ) {
        self.operations += 1;
        match own(operation, "security") {
            (None, None) => self.security = true,
            (old, new) => {
                let old = old.or_else(|| self.old.get("security"));
                let new = new.or_else(|| self.new.get("security"));
                let place = (&operation.old, &operation.new);
                security::compare(comparison, (old, new), place, false, items);
            }
        }
        match own(operation, "servers") {
            (None, None) => self.servers = true,
            (old, new) => {
                let old = old.or_else(|| self.old.get("servers"));
                let new = new.or_else(|| self.new.get("servers"));
                let place = (&operation.old, &operation.new);
                server::compare(comparison, (old, new), place, items);
            }
        }
    }

    pub(crate) fn finish(self, comparison: &Comparison<'d>, api: &mut Items) {
        let place = (&self.old, &self.new);
        if self.security || self.operations == 0 {
            let lists = (self.old.get("security"), self.new.get("security"));
            security::compare(comparison, lists, place, true, api);
        }
        if self.servers || self.operations == 0 {
            let lists = (self.old.get("servers"), self.new.get("servers"));
            server::compare(comparison, lists, place, api);
        }
    }
}

/// Compares what a callback or webhook says of security and servers itself: the API's own word is
/// about calls to the API.
pub(crate) fn compare_own<'d>(
    comparison: &Comparison<'d>,
    operation: &Operation<'d>,
    items: &mut Items,
) {
    let place = (&operation.old, &operation.new);
    security::compare(comparison, own(operation, "security"), place, false, items);
    let servers = own(operation, "servers");
    if !matches!(servers, (None, None)) {
        server::compare(comparison, servers, place, items);
    }
}

/// What an operation on both sides, or else its path, says itself.
fn own<'d>(operation: &Operation<'d>, keyword: &str) -> (Option<Node<'d>>, Option<Node<'d>>) {
    let old = operation.old.get(keyword).or_else(|| operation.old_path.item.get(keyword));
    let new = operation.new.get(keyword).or_else(|| operation.new_path.item.get(keyword));
    (old, new)
}
