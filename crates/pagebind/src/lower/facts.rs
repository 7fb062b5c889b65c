//! What holds of the schemas that are referred to.
//!
//! Whether a schema accepts null hangs on the schemas that it refers to, and on those that they refer
//! to, in cycles too. Every one of them is judged once up front, and again whenever one that it hangs
//! on was judged anew, so that no chain of references is too long and none is followed twice.

use std::{cell::RefCell, collections::BTreeSet, rc::Rc};

use serde_json::{Map, Value};

use crate::{
    document::key_kind::KeyKind,
    pointer,
    references::{References, says_of_references},
};

/// How often a judgement may change; a `not` in a cycle has no end of its own.
const CHANGES: usize = 4;

/// One judgement for each schema that is referred to.
#[derive(Debug)]
pub(super) struct Facts<T> {
    /// Their pointers, sorted; all facts have them in common, since there may be many.
    targets: Rc<[String]>,
    /// What holds of each.
    known: Vec<T>,
}

impl<T: Clone + PartialEq> Facts<T> {
    /// Judges all `targets`. Each counts as `first` until it is judged; `judge` gets a pointer, and
    /// the means to learn what holds of another one.
    pub(super) fn of(
        targets: &Rc<[String]>,
        first: T,
        judge: impl Fn(&str, &dyn Fn(&str) -> T) -> T,
    ) -> Self {
        let mut known = vec![first.clone(); targets.len()];
        let mut changes = vec![0; targets.len()];
        let mut hanging: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); targets.len()];
        let mut open: Vec<usize> = (0..targets.len()).collect();
        let mut is_open = vec![true; targets.len()];
        while let Some(here) = open.pop() {
            is_open[here] = false;
            let needed = RefCell::new(Vec::new());
            let judged = judge(&targets[here], &|target| match index_of(targets, target) {
                Some(other) => {
                    needed.borrow_mut().push(other);
                    known[other].clone()
                }
                None => first.clone(),
            });
            for other in needed.into_inner() {
                hanging[other].insert(here);
            }
            if judged != known[here] && changes[here] < CHANGES {
                known[here] = judged;
                changes[here] += 1;
                for other in &hanging[here] {
                    if !std::mem::replace(&mut is_open[*other], true) {
                        open.push(*other);
                    }
                }
            }
        }
        Self { targets: Rc::clone(targets), known }
    }

    /// What holds of the schema at `target`, if anything refers to it.
    pub(super) fn get(&self, target: &str) -> Option<&T> {
        index_of(&self.targets, target).map(|index| &self.known[index])
    }
}

/// Where `target` is among the sorted `targets`.
fn index_of(targets: &[String], target: &str) -> Option<usize> {
    targets.binary_search_by(|it| it.as_str().cmp(target)).ok()
}

/// The pointers of all that `document` refers to.
pub(super) fn targets(document: &Value, references: &References<'_>) -> BTreeSet<String> {
    let mut targets = BTreeSet::new();
    each_reference(document, &mut |reference, at| targets.extend(references.find(reference, at)));
    targets
}

/// Calls `visit` with every reference in `document`, and the pointer of the object that holds it.
pub(super) fn each_reference(document: &Value, visit: &mut impl FnMut(&str, &str)) {
    walk(document, KeyKind::Keywords, &mut String::new(), &mut |object, at| {
        for key in ["$ref", "$dynamicRef"].into_iter().filter(|_| says_of_references(object)) {
            if let Some(Value::String(reference)) = object.get(key) {
                visit(reference, at);
            }
        }
    });
}

/// Calls `visit` with every object of keywords in `value`, which stands at `at`, and its pointer.
pub(super) fn walk(
    value: &Value,
    keys: KeyKind,
    at: &mut String,
    visit: &mut impl FnMut(&Map<String, Value>, &str),
) {
    match value {
        _ if keys == KeyKind::Data => {}
        Value::Object(object) => {
            if matches!(keys, KeyKind::Keywords | KeyKind::Example) {
                visit(object, at);
            }
            // Nothing in a discriminator is a reference by `$ref`, and nobody follows what looks like one.
            let is_passed = |key: &str, value: &Value| {
                value.is_string() || keys == KeyKind::Keywords && key == "discriminator"
            };
            for (key, value) in object.iter().filter(|(key, value)| !is_passed(key, value)) {
                let length = pointer::push(at, key);
                walk(value, keys.of_member(key, value), at, visit);
                at.truncate(length);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate().filter(|(_, item)| !item.is_string()) {
                let length = pointer::push(at, &index.to_string());
                walk(item, keys, at, visit);
                at.truncate(length);
            }
        }
        _ => {}
    }
}
