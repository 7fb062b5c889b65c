//! What a schema says beside what it accepts: how long it is to be there, and words.

use super::{both::Both, values::value, view::View};
use crate::{
    comparison::{Comparison, Items},
    lifecycle::Lifecycle,
    node::Node,
    prose,
    rules::schema as rows,
};

impl<'d> Comparison<'d> {
    /// How long it is to be there, and what is said in words.
    pub(super) fn annotations(&self, both: &Both<'_, 'd>, items: &mut Items) {
        let said = |view: &View<'d>| Lifecycle {
            deprecated: view.flag("deprecated"),
            sunset: view.first("x-sunset").map(|node| node.value),
            stability: view.first("x-stability-level").map(|node| node.value),
        };
        if let Some(at) = both.site() {
            for (row, what, values) in said(both.old).became(said(both.new)) {
                self.found_in_schema(items, row, both.subject, at, what, values);
            }
        }
        let texts = [
            ("description", &rows::DESCRIPTION_CHANGED),
            ("title", &rows::TITLE_CHANGED),
            ("externalDocs", &rows::DESCRIPTION_CHANGED),
        ];
        for (keyword, row) in texts {
            let same = |old: &Node<'d>, new: &Node<'d>| prose::same(Some(old), Some(new));
            if let Some((old, new)) = both.differing_word(keyword, same) {
                self.prose(both, items, row, keyword, (old, new));
            }
        }
        // 3.0 has one example where 3.1 has several: the first.
        let example = |view: &View<'d>| {
            let examples = view.first("examples").and_then(|examples| examples.elements().next());
            view.first("example").or(examples)
        };
        let mut examples = (example(both.old), example(both.new));
        if let (Some(old), Some(new)) = (both.old.first("examples"), both.new.first("examples"))
            && prose::same(examples.0.as_ref(), examples.1.as_ref())
        {
            examples = (Some(old), Some(new));
        }
        self.prose(both, items, &rows::EXAMPLE_CHANGED, "example", examples);
        let dialects = (both.old.first("$schema"), both.new.first("$schema"));
        let foreign = prose::foreign_dialect;
        if let Some(at) = both
            .keyword(dialects.0.as_ref(), dialects.1.as_ref())
            .filter(|_| foreign(dialects.0.as_ref()) != foreign(dialects.1.as_ref()))
        {
            let values = (value(dialects.0.as_ref()), value(dialects.1.as_ref()));
            let what = "is written in another dialect";
            self.found_in_schema(items, &rows::DIALECT_CHANGED, both.subject, at, what, values);
        }
    }

    fn prose(
        &self,
        both: &Both<'_, 'd>,
        items: &mut Items,
        row: &rows::Row,
        word: &str,
        (old, new): (Option<Node<'d>>, Option<Node<'d>>),
    ) {
        if prose::same(old.as_ref(), new.as_ref()) {
            return;
        }
        if let Some(at) = both.keyword(old.as_ref(), new.as_ref()) {
            let values = (value(old.as_ref()), value(new.as_ref()));
            let what = format!("the {word} changed");
            self.found_in_schema(items, row, both.subject, at, what, values);
        }
    }
}
