//! Where findings are published: from a pointer into a contract to a page, a line and a column.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use pagebind::{diagnostic::Place, merge::Merged, page::Page, pointer, stack};
use pagebind_drift::{Change, Finding, Location, Side};
use serde_json::Value;

/// A document that is compared, with the pages that it was made of.
pub(crate) struct Compared<'a> {
    /// What was compared.
    pub(crate) document: &'a Value,
    /// How the pages were merged; none for a page that is the document.
    pub(crate) merged: Option<&'a Merged>,
    /// The pages.
    pub(crate) pages: &'a [Page],
    /// The same pages as they lie in the repository, each in its place.
    pub(crate) copies: &'a [Page],
}

/// Where a change is published, and where to look in the repository.
#[derive(Clone)]
struct Places {
    location: Location,
    vendored: Location,
}

/// Tells each finding where it is published.
pub(crate) fn locate(findings: &mut [Finding], old: &Compared<'_>, new: &Compared<'_>) {
    let of = |side: Side| {
        let mut changes: Vec<&Change> = findings
            .iter()
            .map(|finding| &*finding.change)
            .filter(|change| change.side == side && !change.pointer.is_empty())
            .collect();
        // A change that touches many operations stands in as many findings.
        changes.sort_by_key(|change| std::ptr::from_ref(*change));
        changes.dedup_by_key(|change| std::ptr::from_ref(*change));
        changes
    };
    let changes = [of(Side::Old), of(Side::New)];
    let (old, new) = stack::beside(|| old.places(&changes[0]), || new.places(&changes[1]));
    let found = changes.iter().zip([old, new]);
    let places: HashMap<*const Change, Places> = found
        .flat_map(|(changes, places)| {
            places.into_iter().map(|(index, places)| (std::ptr::from_ref(changes[index]), places))
        })
        .collect();
    for finding in findings {
        if let Some(Places { location, vendored }) = places.get(&Arc::as_ptr(&finding.change)) {
            finding.location = Some(location.clone());
            finding.vendored = Some(vendored.clone());
        }
    }
}

impl Compared<'_> {
    /// The places of changes on this side by their index, those on one page found in one go.
    fn places(&self, changes: &[&Change]) -> Vec<(usize, Places)> {
        let mut by_page: BTreeMap<usize, Vec<(usize, String)>> = BTreeMap::new();
        for (index, change) in changes.iter().enumerate() {
            if let Some((page, pointer)) = self.published_at(&change.pointer) {
                by_page.entry(page).or_default().push((index, pointer));
            }
        }
        let location =
            |place: Place| Location { name: place.source.into(), position: place.position };
        let mut places = Vec::new();
        for (page, found) in by_page {
            let pointers: Vec<&str> = found.iter().map(|(_, pointer)| pointer.as_str()).collect();
            let in_page = |page: &Page| -> Vec<Location> {
                page.places(&pointers).into_iter().map(location).collect()
            };
            let (page, copy) = (&self.pages[page], &self.copies[page]);
            let published = in_page(page);
            let vendored = if std::ptr::eq(page, copy) { published.clone() } else { in_page(copy) };
            let both = published.into_iter().zip(vendored);
            let both = both.map(|(location, vendored)| Places { location, vendored });
            places.extend(found.iter().map(|(index, _)| *index).zip(both));
        }
        places
    }

    /// Where parts of the document are published, those on one page found in one go; the part itself where no
    /// page says it.
    pub(crate) fn parts(&self, pointers: &[&str]) -> Vec<Place> {
        let mut places: Vec<Place> =
            pointers.iter().map(|pointer| Place::new("the contract").pointer(*pointer)).collect();
        let mut by_page: BTreeMap<usize, Vec<(usize, String)>> = BTreeMap::new();
        for (index, pointer) in pointers.iter().enumerate() {
            if let Some((page, pointer)) = self.published_at(pointer) {
                by_page.entry(page).or_default().push((index, pointer));
            }
        }
        for (page, found) in by_page {
            let pointers: Vec<&str> = found.iter().map(|(_, pointer)| pointer.as_str()).collect();
            for ((index, _), place) in found.iter().zip(self.copies[page].places(&pointers)) {
                places[*index] = place;
            }
        }
        places
    }

    /// The page that says a part of the document first, and the pointer to it there.
    fn published_at(&self, pointer: &str) -> Option<(usize, String)> {
        let Some(merged) = self.merged else { return Some((0, pointer.to_owned())) };
        let pointer = unmoved(self.document, merged, pointer);
        let says = |part: &&String| {
            let rest = pointer.strip_prefix(part.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let part = merged.provenance.keys().filter(says).max_by_key(|part| part.len())?;
        let name = merged.provenance[part].first()?;
        let page = self.pages.iter().position(|page| page.said_by(&pointer) == name)?;
        Some((page, pointer))
    }
}

/// Where in the merged document a part of the contract stands. A correction can have moved a schema
/// into a component of its own; it is published where that component is referred to.
fn unmoved(contract: &Value, merged: &Merged, pointer: &str) -> String {
    let mut pointer = pointer.to_owned();
    // A component moved out of a component that was moved out itself takes several steps.
    for _ in 0..16 {
        let Some(rest) = pointer.strip_prefix("/components/schemas/") else { break };
        let (name, below) = rest.split_once('/').map_or((rest, ""), |(name, below)| (name, below));
        if merged.provenance.contains_key(&format!("/components/schemas/{name}")) {
            break;
        }
        let reference = format!("#/components/schemas/{name}");
        let Some(place) = referrer(contract, &reference, "") else { break };
        pointer = if below.is_empty() { place } else { format!("{place}/{below}") };
    }
    pointer
}

/// The pointer of the first reference to `target` in `value`.
fn referrer(value: &Value, target: &str, at: &str) -> Option<String> {
    match value {
        Value::Object(map) => {
            if map.get("$ref").and_then(Value::as_str) == Some(target) {
                return Some(at.to_owned());
            }
            map.iter().find_map(|(key, value)| referrer(value, target, &pointer::join(at, key)))
        }
        Value::Array(items) => {
            let mut items = items.iter().enumerate();
            items.find_map(|(index, item)| referrer(item, target, &format!("{at}/{index}")))
        }
        _ => None,
    }
}
