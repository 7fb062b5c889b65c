//! From single places to suggestions: what calls for the same change is one action.

use serde_json::Value;

use super::{Action, Change, Suggestion, found::Found, rules::Rule, target::Target};

/// What is being put together.
struct Open {
    rule: &'static Rule,
    found: Found,
    /// The place that was found first.
    first: Option<Target>,
    /// All of them.
    target: Option<Target>,
    /// The step in which its places differ.
    differs: Option<usize>,
    matches: usize,
}

/// Joins what calls for the same change at places that differ in one step.
pub(super) fn group(found: Vec<(&'static Rule, Found)>, document: &Value) -> Vec<Suggestion> {
    let mut groups: Vec<Open> = Vec::new();
    for (rule, found) in found {
        let first =
            found.correction.as_ref().map(|correction| Target::of(document, &correction.at));
        let one = Open { rule, target: first.clone(), first, found, differs: None, matches: 1 };
        let group = groups.iter_mut().find_map(|group| {
            let differs = group.takes(&one)?;
            Some((group, differs))
        });
        match group {
            Some((group, differs)) => group.join(one, differs),
            None => groups.push(one),
        }
    }
    groups.into_iter().map(Open::close).collect()
}

impl Open {
    /// The step in which `other` differs, if it calls for the same and can be selected with this.
    fn takes(&self, other: &Self) -> Option<usize> {
        let (one, another) = (self.found.correction.as_ref()?, other.found.correction.as_ref()?);
        let is_same = std::ptr::eq(self.rule, other.rule)
            && self.found.is_secret == other.found.is_secret
            && one.change == another.change
            // The items of a list are taken out one by one, from its end.
            && !(one.change == Change::Remove && self.first.as_ref().is_some_and(Target::is_item))
            && one.expect == another.expect
            && self.found.why == other.found.why;
        if !is_same {
            return None;
        }
        let differs = self.first.as_ref()?.differs(other.first.as_ref()?)?;
        self.differs.is_none_or(|before| before == differs).then_some(differs)
    }

    fn join(&mut self, other: Self, differs: usize) {
        self.differs = Some(differs);
        self.matches += other.matches;
        self.found.places.extend(other.found.places);
        if let (Some(target), Some(other)) = (&mut self.target, other.target) {
            target.join(other, differs);
        }
    }

    fn close(self) -> Suggestion {
        let action = self.found.correction.zip(self.target).map(|(correction, target)| Action {
            target: target.to_string(),
            matches: self.matches,
            expect: correction.expect,
            change: correction.change,
        });
        Suggestion {
            rule: self.rule,
            description: self.found.why,
            places: self.found.places,
            action,
            is_secret: self.found.is_secret,
        }
    }
}
