//! Two schemas side by side.

use super::view::View;
use crate::{comparison::At, node::Node, rules::schema::Subject};

/// Two views of what is compared, and where it stands.
pub(super) struct Both<'v, 'd> {
    pub(super) old: &'v View<'d>,
    pub(super) new: &'v View<'d>,
    pub(super) subject: Subject,
}

impl<'d> Both<'_, 'd> {
    /// The place that speaks of the schema as a whole: in the new document, if it is there.
    pub(super) fn site(&self) -> Option<At<'_, 'd>> {
        let new = self.new.site.as_ref().map(At::New);
        new.or_else(|| self.old.site.as_ref().map(At::Old))
    }

    /// The place of a keyword: in the new document, if it is there.
    pub(super) fn keyword<'n>(
        &'n self,
        old: Option<&'n Node<'d>>,
        new: Option<&'n Node<'d>>,
    ) -> Option<At<'n, 'd>> {
        let place = new.map(At::New).or_else(|| old.map(At::Old));
        place.or_else(|| self.site())
    }

    /// Whether null is taken by its word on both sides, and on one beside values without it: then a
    /// null that is listed, or no longer is, is but a value.
    pub(super) fn lists_of_nullable(&self) -> bool {
        let null = self.old.types().has_null() && self.new.types().has_null();
        null && (self.old.is_nullable_beside_values() || self.new.is_nullable_beside_values())
    }

    /// What a part on one side says by `keyword` and no part on the other: a node of each side,
    /// where there is one. `None` if both sides say the same, in whatever order.
    pub(super) fn differing(
        &self,
        keyword: &str,
        same: impl Fn(&Node<'d>, &Node<'d>) -> bool,
    ) -> Option<(Option<Node<'d>>, Option<Node<'d>>)> {
        let (old, new) = (self.old.all(keyword), self.new.all(keyword));
        let only = |here: &[Node<'d>], there: &[Node<'d>]| {
            here.iter().find(|node| !there.iter().any(|other| same(node, other))).cloned()
        };
        let (old, new) = (only(&old, &new), only(&new, &old));
        (old.is_some() || new.is_some()).then_some((old, new))
    }

    /// The same for a keyword that is said in place of what another part says: what is new beside
    /// the rest comes instead of it.
    pub(super) fn differing_word(
        &self,
        keyword: &str,
        same: impl Fn(&Node<'d>, &Node<'d>) -> bool,
    ) -> Option<(Option<Node<'d>>, Option<Node<'d>>)> {
        let (old, new) = self.differing(keyword, same)?;
        Some((old.or_else(|| self.old.first(keyword)), new.or_else(|| self.new.first(keyword))))
    }
}
