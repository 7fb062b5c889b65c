//! The schemas on the way to a dynamic reference, and what follows for what it leads to.

use std::{collections::BTreeMap, rc::Rc};

use serde_json::{Map, Value};

use super::{dynamic::bound, pass::Lowering};

impl Lowering<'_> {
    /// Lowers with what the schema `map` binds in scope: its own dynamic anchor, and those of its
    /// `$defs`. Whoever bound an anchor first, from the outside, keeps it.
    pub(super) fn in_scope<T>(
        &mut self,
        map: &Map<String, Value>,
        at: &str,
        lower: impl FnOnce(&mut Self) -> T,
    ) -> T {
        if !self.known.references.has_dynamic() {
            return lower(self);
        }
        let around = Rc::clone(&self.scope);
        for (anchor, bearer) in bound(map, at) {
            if !self.scope.contains_key(anchor) {
                Rc::make_mut(&mut self.scope).insert(anchor.to_owned(), bearer);
            }
        }
        let lowered = lower(self);
        self.scope = around;
        lowered
    }

    /// Where the dynamic reference `reference` leads from here: to who bound its anchor first on the way.
    /// Where nothing on the way has bound it, the pointer of the one schema that bears it.
    pub(super) fn find_dynamic(&self, reference: &str, at: &str) -> Option<String> {
        let anchor = self.known.references.open_anchor(reference, at);
        let bearer = anchor.and_then(|anchor| self.scope.get(anchor));
        bearer.cloned().or_else(|| self.known.references.find(reference, at))
    }

    /// The part of the scope that makes a difference to the schema at `target`: nothing, unless it
    /// leaves an anchor open that it would bind otherwise on its own.
    pub(super) fn scope_of(&self, target: &str) -> Rc<BTreeMap<String, String>> {
        let Some(open) = self.known.open_anchors.get(target).filter(|open| !open.is_empty()) else {
            return Rc::default();
        };
        let own: BTreeMap<&str, String> = match self.source.pointer(target) {
            Some(Value::Object(map)) => bound(map, target).collect(),
            _ => BTreeMap::new(),
        };
        let differs = |anchor: &&String| {
            self.scope.get(*anchor).is_some_and(|bearer| own.get(anchor.as_str()) != Some(bearer))
        };
        if !open.iter().any(|anchor| differs(&anchor)) {
            return Rc::default();
        }
        let bound = |anchor: &String| Some((anchor.clone(), self.scope.get(anchor)?.clone()));
        Rc::new(open.iter().filter_map(bound).collect())
    }
}
