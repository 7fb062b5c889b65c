//! Two schemas, compared by what they accept.
//!
//! A schema here is a *conjunction*: the nodes that all have to be satisfied at once. `$ref` and
//! `allOf` are ways to write conjunctions, and so are two branches that both describe a property.
//! [`view`] flattens them; [`types`], [`values`] and [`bounds`] compare the values that a schema
//! takes, [`properties`] and [`applicators`] what is inside objects and arrays, [`alternatives`]
//! `oneOf` and `anyOf`. The empty conjunction accepts everything, so a missing schema needs no case
//! of its own.

mod alternatives;
mod annotations;
mod applicators;
mod both;
mod bounds;
mod equal;
mod kinds;
mod properties;
mod types;
mod values;
mod view;

use crate::{
    comparison::{Comparison, Items},
    node::Node,
    rules::schema::{self as rows, Subject},
};
use both::Both;
pub(crate) use kinds::Types;
pub(crate) use view::View;

/// Schemas nested deeper than this are reported as not compared; no published one comes near.
const MAX_DEPTH: usize = 200;

impl<'d> Comparison<'d> {
    /// Compares two schemas and adds what differs to `items`.
    pub(crate) fn schema(
        &mut self,
        old: &[Node<'d>],
        new: &[Node<'d>],
        subject: Subject,
        items: &mut Items,
    ) {
        if let ([old], [new]) = (old, new)
            && self.same(old, new)
        {
            return;
        }
        let number = self.schema_list(old, new, subject);
        self.include(number, items);
    }

    /// Whether two schemas differ in meaning, wherever they stand.
    pub(crate) fn schemas_differ(
        &mut self,
        old: &[Node<'d>],
        new: &[Node<'d>],
        subject: Subject,
    ) -> bool {
        if let ([old], [new]) = (old, new)
            && self.same(old, new)
        {
            return false;
        }
        let number = self.schema_list(old, new, subject);
        self.differs(number)
    }

    fn schema_list(&mut self, old: &[Node<'d>], new: &[Node<'d>], subject: Subject) -> usize {
        let old = View::new(self.old, old);
        let new = View::new(self.new, new);
        self.shared(old.key(), new.key(), subject, |this, items| {
            let both = Both { old: &old, new: &new, subject };
            if this.depth == MAX_DEPTH {
                if let Some(at) = both.site() {
                    let what =
                        format!("nested deeper than {MAX_DEPTH} schemas; not compared below here");
                    this.found_in_schema(items, &rows::TOO_DEEP, subject, at, what, (None, None));
                }
                return;
            }
            this.depth += 1;
            this.views(&both, items);
            this.depth -= 1;
        })
    }

    fn views(&mut self, both: &Both<'_, 'd>, items: &mut Items) {
        self.annotations(both, items);
        // What can't be seen is not said to have lost anything.
        if self.unresolved(both, items) || self.lone_alternatives(both, items) {
            return;
        }
        let comparable = self.types(both, items);
        if !comparable {
            return;
        }
        self.values(both, items);
        self.bounds(both, items);
        self.objects(both, items);
        self.arrays(both, items);
        self.applicators(both, items);
        self.alternatives(both, items);
    }
}

impl<'d> Comparison<'d> {
    /// References that lead out of the document: all that can be compared is the text of them. Whether
    /// they lead elsewhere now.
    fn unresolved(&self, both: &Both<'_, 'd>, items: &mut Items) -> bool {
        let texts = |view: &View<'d>| -> Vec<_> {
            let text = |node: &Node<'d>| node.str_of("$ref").or_else(|| node.str_of("$dynamicRef"));
            view.unresolved.iter().filter_map(text).collect()
        };
        let (old, new) = (texts(both.old), texts(both.new));
        let node = |view: &View<'d>| view.unresolved.first().cloned();
        let (old_node, new_node) = (node(both.old), node(both.new));
        if let Some(at) = both.keyword(old_node.as_ref(), new_node.as_ref()).filter(|_| old != new)
        {
            let what = "refers to something else outside of the document";
            let values = (Some(old.join(", ").into()), Some(new.join(", ").into()));
            self.found_in_schema(items, &rows::REFERENCE_CHANGED, both.subject, at, what, values);
        }
        old != new
    }
}
