//! Every rule, its level for a consumer, and why that is not always a provider's.
//!
//! Ids are those that users of the best-known OpenAPI diff tool know, where the rule is the same.
//! Rules about schemas form a grid: a [`schema::Row`] says what a change means in a request and in
//! a response, and its id is made of where it was seen and what it is
//! (`request-property` + `max-length-decreased`). All others are listed in [`api`].
//!
//! Over 396 pairs of documents that the other tool is tested with, both agree on whether there is
//! anything breaking in 372. The rest, none of them an oversight: the address of tokens, or the type
//! of a security scheme (4), a required property that leaves responses as write-only or joins
//! requests as no longer read-only (8), the removal of an operation that was only marked experimental
//! (2), and a read-only property whose type changed as it became writable (1) are breaking or not to
//! a caller, whatever they are to a provider; an enum that was lifted takes every value that it took
//! (2); a malformed sunset or stability mark touches no call (3); a parameter that takes less, read
//! as text, takes less (2); a format that changes neither the client's type nor the text of a value
//! changes nothing (2).
//!
//! Two promises are held by tests: a rule whose level differs from the well-known one says why,
//! and a change in a request weighs what its inverse weighs in a response, or says why not ([`mirror`]).

pub mod api;
pub mod elsewhere;
pub mod mirror;
mod rule;
pub mod schema;

pub use rule::{Peer, Rule};

/// Every rule there is, those of the schema grid first.
pub fn all() -> impl Iterator<Item = Rule> {
    schema::all().chain(api::ALL.iter().map(|rule| (*rule).clone()))
}

/// The rule called `id`.
#[must_use]
pub fn find(id: &str) -> Option<Rule> {
    all().find(|rule| rule.id == id)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_are_unique_and_in_kebab_case() {
        let mut seen = BTreeSet::new();
        for rule in all() {
            let kebab = |c: char| c.is_ascii_lowercase() || c == '-';
            assert!(rule.id.chars().all(kebab), "{}", rule.id);
            assert!(seen.insert(rule.id.clone()), "{} is there twice", rule.id);
            assert!(!elsewhere::is(&rule.id), "{} is both ours and not", rule.id);
        }
    }

    #[test]
    fn a_level_that_differs_from_the_well_known_one_has_a_reason() {
        for rule in all() {
            let differs = rule.peer.is_some_and(|peer| peer != rule.severity);
            assert!(!differs || !rule.reason.is_empty(), "{} says no reason", rule.id);
        }
    }
}
