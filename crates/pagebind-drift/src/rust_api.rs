//! What regeneration does to the caller's source: two listings of public items, compared.
//!
//! A listing names every public item of a generated crate with its signature
//! (`types::Consent::version` → `Option<ConsentVersion>`). Making one is the generator's part;
//! here two are compared, and the version step follows from that and from the findings.

use std::{
    collections::{BTreeMap, HashSet},
    fmt,
};

use crate::finding::{Finding, Rust, Severity};

/// Public items by path, each with its signature.
pub type Listing = BTreeMap<String, String>;

/// A public item that is on both sides with different signatures, or one that a caller can name all
/// parts of (it is not `#[non_exhaustive]`) and that has a new one: a variant of an enum, which no
/// `match` has, or a field of a struct, which no literal has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedItem {
    /// Its path, such as `types::Consent::version`.
    pub path: String,
    /// Its signature before.
    pub old: String,
    /// Its signature now.
    pub new: String,
}

impl fmt::Display for ChangedItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} → {}", self.path, self.old, self.new)
    }
}

/// What differs between two listings, each list in the order of paths.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RustApi {
    /// Paths that are gone.
    pub removed: Vec<String>,
    /// Items with another signature.
    pub changed: Vec<ChangedItem>,
    /// Paths that are new.
    pub added: Vec<String>,
}

impl RustApi {
    /// Compares the public items of two generated crates.
    #[must_use]
    pub fn compare(old: &Listing, new: &Listing) -> Self {
        let missing_in = |listing: &Listing, from: &Listing| -> Vec<String> {
            let paths = from.keys().filter(|path| !has(listing, path));
            paths.cloned().collect()
        };
        let changed = old.iter().filter_map(|(path, old)| {
            let new = new.get(path).filter(|new| !takes_as_much(old, new))?;
            Some(ChangedItem { path: path.clone(), old: old.clone(), new: new.clone() })
        });
        let added = missing_in(old, new);
        let grown = added.iter().filter_map(|path| {
            let (item, part) = path.rsplit_once("::")?;
            let (before, kind) = (old.get(item)?, new.get(path)?);
            let whole = match before.split(['<', ' ']).next()? {
                "enum" if kind.starts_with("variant") => "which no `match` of today has",
                "struct"
                    if !before.ends_with(PRIVATE) && !path.contains(": ") && !is_function(kind) =>
                {
                    "which no literal of today has"
                }
                _ => return None,
            };
            let now = format!("{before} with `{part}`, {whole}");
            Some(ChangedItem { path: item.to_owned(), old: before.clone(), new: now })
        });
        Self { removed: missing_in(new, old), changed: changed.chain(grown).collect(), added }
    }

    /// Whether a caller's code may no longer compile.
    #[must_use]
    pub fn breaks(&self) -> bool {
        !self.removed.is_empty() || !self.changed.is_empty()
    }

    /// Adds what differs in another part of the same client.
    pub fn extend(&mut self, other: Self) {
        fn union<T: PartialEq>(all: &mut Vec<T>, more: Vec<T>) {
            let new: Vec<T> = more.into_iter().filter(|item| !all.contains(item)).collect();
            all.extend(new);
        }
        union(&mut self.removed, other.removed);
        union(&mut self.changed, other.changed);
        union(&mut self.added, other.added);
    }

    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.breaks() && self.added.is_empty()
    }

    /// Every difference in a word and a line: removed, then changed, then added. What belongs to a
    /// type that is removed or added as a whole goes without saying.
    pub fn lines(&self) -> impl Iterator<Item = (&'static str, String)> {
        let removed = wholes(&self.removed).map(|path| ("removed", path.clone()));
        let changed = self.changed.iter().map(|item| ("changed", item.to_string()));
        let added = wholes(&self.added).map(|path| ("added", path.clone()));
        removed.chain(changed).chain(added)
    }

    /// Tells each finding what was measured. If nothing was removed or changed, all of them
    /// compile. Otherwise a finding breaks if it stands at the very property whose item was
    /// removed or changed (`/components/schemas/Consent/properties/version` and
    /// `types::Consent::version`); which item another finding is behind is not guessed.
    pub fn attribute(&self, findings: &mut [Finding]) {
        let touched: Vec<(&str, &str)> = self
            .removed
            .iter()
            .map(String::as_str)
            .chain(self.changed.iter().map(|item| item.path.as_str()))
            .filter_map(|path| {
                let (rest, field) = path.rsplit_once("::")?;
                Some((rest.rsplit("::").next()?, field))
            })
            .collect();
        for finding in findings {
            finding.rust = if !self.breaks() {
                Rust::Compiles
            } else if property(&finding.change.pointer).is_some_and(|item| touched.contains(&item))
            {
                Rust::Breaks
            } else {
                Rust::Unknown
            };
        }
    }
}

/// The paths but for the members and implementations of others among them.
pub(crate) fn wholes(paths: &[String]) -> impl Iterator<Item = &String> {
    let all: HashSet<&str> = paths.iter().map(String::as_str).collect();
    paths.iter().filter(move |path| {
        let of = path.split_once(": ").map_or(path.as_str(), |(of, _)| of);
        let owner = of.rsplit_once("::").map(|(owner, _)| owner);
        !(of != path.as_str() && all.contains(of) || owner.is_some_and(|owner| all.contains(owner)))
    })
}

/// How the signature of a struct ends that has no literals outside of its crate.
const PRIVATE: &str = " with private fields";

/// Whether a caller can write `path` against a listing, be it by an implementation that the standard
/// library gives whoever has another one: `TryFrom` by `From`, `ToString` by `Display`.
fn has(listing: &Listing, path: &str) -> bool {
    if listing.contains_key(path) {
        return true;
    }
    let Some((of, implemented)) = path.split_once(": ") else { return false };
    let other = match implemented.strip_prefix("TryFrom<") {
        Some(from) => format!("{of}: From<{from}"),
        None if implemented == "ToString" => format!("{of}: Display"),
        None => return false,
    };
    listing.contains_key(&other)
}

/// Whether whatever compiles with one signature compiles with the other: they are the same, or what
/// had to leave room for more has not any more.
fn takes_as_much(old: &str, new: &str) -> bool {
    let closed = old.strip_prefix("#[non_exhaustive] ").unwrap_or(old);
    let shown = closed.strip_suffix(PRIVATE).unwrap_or(closed);
    old == new || closed == new || shown == new
}

fn is_function(signature: &str) -> bool {
    signature.split(['(', '<']).next().is_some_and(|head| head.split(' ').any(|word| word == "fn"))
}

/// The component and property that a pointer stands at or below, if both are plain names.
fn property(pointer: &str) -> Option<(&str, &str)> {
    let (component, rest) = pointer.strip_prefix("/components/schemas/")?.split_once('/')?;
    let rest = rest.strip_prefix("properties/")?;
    let name = rest.split('/').next()?;
    // Deeper than a keyword of the property itself is another type's field.
    let plain = rest.split('/').nth(2).is_none();
    plain.then_some((component, name))
}

/// The version step that a crate needs, in the terms of semantic versioning 2.0.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum VersionStep {
    /// Nothing differs.
    None,
    /// Something is said otherwise.
    Patch,
    /// Callers get more, or should have a look.
    Minor,
    /// Callers have to change something.
    Major,
    /// The public items were not compared, so nobody knows.
    Unknown,
}

impl VersionStep {
    /// The step that findings and public items together call for: major if a call may fail or the
    /// caller's code may not compile, minor if there is something new or worth a look, patch for
    /// anything else that differs. Without a measurement of the public items it is unknown.
    #[must_use]
    pub fn of(findings: &[Finding], rust: Option<&RustApi>) -> Self {
        let Some(rust) = rust else {
            return Self::Unknown;
        };
        let worst = findings.iter().map(|finding| finding.change.severity).max();
        match worst {
            _ if rust.breaks() => Self::Major,
            Some(Severity::Breaking) => Self::Major,
            Some(Severity::Warning) => Self::Minor,
            _ if !rust.added.is_empty() => Self::Minor,
            Some(Severity::Info) => Self::Patch,
            None => Self::None,
        }
    }

    /// The word used in every report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for VersionStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::compare;

    fn listing(items: &[(&str, &str)]) -> Listing {
        items.iter().map(|(path, signature)| ((*path).into(), (*signature).into())).collect()
    }

    fn findings(required: bool) -> Vec<Finding> {
        let document = |required: bool| {
            json!({
                "paths": {"/a": {"post": {"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Consent"}}}}}}},
                "components": {"schemas": {"Consent": {
                    "required": if required { json!(["version"]) } else { json!([]) },
                    "properties": {"version": {"type": "string"}},
                }}},
            })
        };
        compare(&document(false), &document(required))
    }

    #[test]
    fn items_are_removed_changed_or_added() {
        let api = RustApi::compare(
            &listing(&[("a", "fn"), ("types::Consent::version", "Option<Version>")]),
            &listing(&[("b", "fn"), ("types::Consent::version", "Version")]),
        );
        assert_eq!((api.removed, api.added), (vec!["a".to_owned()], vec!["b".to_owned()]));
        assert_eq!(
            api.changed[0].to_string(),
            "types::Consent::version: Option<Version> → Version"
        );
    }

    #[test]
    fn a_new_variant_breaks_whoever_matches_all_of_them() {
        let grown = |kind: &str| {
            RustApi::compare(
                &listing(&[("types::Kind", kind), ("types::Kind::A", "variant")]),
                &listing(&[
                    ("types::Kind", kind),
                    ("types::Kind::A", "variant"),
                    ("types::Kind::B", "variant"),
                ]),
            )
        };
        assert!(!grown("#[non_exhaustive] enum").breaks());
        let exhaustive = grown("enum");
        assert_eq!(VersionStep::of(&[], Some(&exhaustive)), VersionStep::Major);
        assert!(exhaustive.changed[0].to_string().starts_with("types::Kind: enum → enum with `B`"));
    }

    #[test]
    fn a_finding_breaks_where_its_own_item_does_and_is_unknown_elsewhere() {
        let mut findings = findings(true);
        let item = |path: &str| listing(&[(path, "Option<Version>")]);
        RustApi::compare(&item("types::Consent::version"), &listing(&[])).attribute(&mut findings);
        assert_eq!(findings[0].rust, Rust::Breaks);
        RustApi::compare(&item("types::Other::version"), &listing(&[])).attribute(&mut findings);
        assert_eq!(findings[0].rust, Rust::Unknown);
        RustApi::default().attribute(&mut findings);
        assert_eq!(findings[0].rust, Rust::Compiles);
    }

    #[test]
    fn of_a_type_that_is_gone_the_parts_go_without_saying() {
        let less = RustApi::compare(
            &listing(&[
                ("types::A", "struct"),
                ("types::A: Clone", "impl"),
                ("types::A::x", "u8"),
                ("types::B: Clone", "impl"),
            ]),
            &listing(&[]),
        );
        let lines: Vec<_> = less.lines().map(|(_, path)| path).collect();
        assert_eq!(
            (less.removed.len(), lines),
            (4, vec!["types::A".into(), "types::B: Clone".into()])
        );
    }

    #[test]
    fn the_version_step_is_never_guessed() {
        let more = RustApi::compare(&listing(&[]), &listing(&[("a", "fn")]));
        let less = RustApi::compare(&listing(&[("a", "fn")]), &listing(&[]));
        let same = RustApi::default();
        assert_eq!(VersionStep::of(&findings(true), None), VersionStep::Unknown);
        assert_eq!(VersionStep::of(&findings(true), Some(&same)), VersionStep::Major);
        assert_eq!(VersionStep::of(&[], Some(&less)), VersionStep::Major);
        assert_eq!(VersionStep::of(&[], Some(&more)), VersionStep::Minor);
        assert_eq!(VersionStep::of(&[], Some(&same)), VersionStep::None);
    }
}
