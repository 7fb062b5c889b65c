//! What is known of a document before anything of it is lowered.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    rc::Rc,
};

use serde_json::{Map, Value};

use super::{
    dynamic,
    facts::{Facts, targets},
    kinds, null,
};
use crate::{document::component_name, pointer, references::References};

/// The sections of components whose names references spell out.
pub(super) const SECTIONS: [&str; 8] = [
    "schemas",
    "responses",
    "parameters",
    "examples",
    "requestBodies",
    "headers",
    "links",
    "callbacks",
];

/// What is known of a document.
pub(super) struct Knowledge<'a> {
    /// Whether the document is in 3.0, so that only its references are looked after.
    pub(super) in_3_0: bool,
    pub(super) references: References<'a>,
    /// The schemas below `paths` that references lead to: each becomes a component, and where it
    /// stands a reference to that.
    pub(super) shared: BTreeSet<String>,
    /// Whether what a reference leads to accepts null.
    accepts_null: Facts<bool>,
    /// The type of what a reference leads to, as far as that can be told.
    kinds: Facts<Option<String>>,
    /// The dynamic anchors that what a reference leads to leaves open.
    pub(super) open_anchors: Facts<BTreeSet<String>>,
    /// The names that 3.0 has for components whose own it does not allow, by their pointers.
    pub(super) renamed: HashMap<String, String>,
}

impl<'a> Knowledge<'a> {
    pub(super) fn of(document: &'a Value, in_3_0: bool) -> Self {
        let references = References::of(document);
        let targets = targets(document, &references);
        let shared = targets.iter().filter(|it| it.starts_with("/paths/")).cloned().collect();
        // Nothing is judged of a 3.0 document: its schemas stay as they are.
        let judged: Rc<[String]> =
            if in_3_0 { Rc::default() } else { targets.into_iter().collect() };
        let value = |target: &str| document.pointer(target).unwrap_or(&Value::Null);
        let accepts_null = Facts::of(&judged, true, |target, known| {
            null::accepts(value(target), target, &references, known)
        });
        let kinds = Facts::of(&judged, None, |target, known| {
            kinds::kind(value(target), target, &references, known)
        });
        let open_anchors = Facts::of(&judged, BTreeSet::new(), |target, known| {
            dynamic::open(value(target), target, &references, known)
        });
        Self {
            in_3_0,
            references,
            shared,
            accepts_null,
            kinds,
            open_anchors,
            renamed: renamed(document),
        }
    }

    /// Whether `schema`, which stands at `at`, accepts null.
    pub(super) fn accepts_null(&self, schema: &Value, at: &str) -> bool {
        null::accepts(schema, at, &self.references, &|target| self.target_accepts_null(target))
    }

    /// The same for the keywords of a schema.
    pub(super) fn keywords_accept_null(&self, map: &Map<String, Value>, at: &str) -> bool {
        let known = |target: &str| self.target_accepts_null(target);
        null::keywords_accept(map, at, &self.references, &known)
    }

    fn target_accepts_null(&self, target: &str) -> bool {
        self.accepts_null.get(target).copied().unwrap_or(true)
    }

    /// The one type, other than null, that all of `schemas` at `at` have, as far as that can be told.
    pub(super) fn common_type(&self, schemas: &[&Value], at: &str) -> Option<String> {
        let known = |target: &str| self.kinds.get(target).cloned().flatten();
        kinds::common(schemas, at, &self.references, &known)
    }
}

/// A name for each component whose own does not fit the pattern of 3.0 (`^[a-zA-Z0-9._-]+$`,
/// OpenAPI 3.0.3, Components Object).
fn renamed(document: &Value) -> HashMap<String, String> {
    let mut renamed = HashMap::new();
    for section in SECTIONS {
        let components = document.pointer(&format!("/components/{section}"));
        let names = || components.and_then(Value::as_object).into_iter().flat_map(Map::keys);
        let mut numbers = BTreeMap::<String, usize>::new();
        let mut taken: BTreeSet<String> = BTreeSet::new();
        for name in names().filter(|name| component_name(name) != **name || name.is_empty()) {
            let wish = component_name(name);
            let wish = if wish.is_empty() { "unnamed".to_owned() } else { wish };
            let number = numbers.entry(wish.clone()).or_default();
            let free = loop {
                *number += 1;
                let name = if *number == 1 { wish.clone() } else { format!("{wish}_{number}") };
                let published = components.is_some_and(|all| all.get(&name).is_some());
                if !published && taken.insert(name.clone()) {
                    break name;
                }
            };
            let at = pointer::join(&format!("/components/{section}"), name);
            renamed.insert(at, free);
        }
    }
    renamed
}
