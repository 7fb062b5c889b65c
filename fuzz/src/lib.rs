//! Random input for every step from a page to a client, on the stable toolchain.
//!
//! A [`Target`] takes any text and must neither panic, nor overflow its stack, nor take long; beside
//! that, each holds what its step promises of every input. What once broke a promise lies in
//! `corpus/`, which `cargo test` replays; the binary makes more of it by mutation, for as long as it is
//! given.

mod mutate;

use pagebind::{
    document,
    lower::lower,
    merge::{self, merge},
    overlay::Overlay,
    page,
};
use serde_json::Value;

pub use crate::mutate::Mutator;

/// The line between the documents of one input.
pub const SEPARATOR: &str = "\n%%\n";

/// A step, and what it promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A page into its document: what was read is written and read again, and every place is found.
    Extract,
    /// Pages into one document, the same in any order.
    Merge,
    /// A document, and an overlay applied to it, strictly and as published.
    Overlay,
    /// A document down to 3.0, from where it goes no further.
    Lower,
    /// A document into a client.
    Generate,
    /// Two documents compared; nothing changed between a document and itself.
    Diff,
}

impl Target {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Extract, Self::Merge, Self::Overlay, Self::Lower, Self::Generate, Self::Diff];

    /// What the command line and the folder of its corpus call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Extract => "extract",
            Self::Merge => "merge",
            Self::Overlay => "overlay",
            Self::Lower => "lower",
            Self::Generate => "generate",
            Self::Diff => "diff",
        }
    }

    /// Runs the step on an input.
    ///
    /// # Panics
    /// If the step does, or breaks a promise.
    pub fn run(self, input: &str) {
        let parts: Vec<&str> = input.split(SEPARATOR).collect();
        match self {
            Self::Extract => extract(input),
            Self::Merge => merge_pages(&parts),
            Self::Overlay => overlay(&parts),
            Self::Lower => lower_twice(input),
            Self::Generate => {
                if let Some(document) = read(input) {
                    let _ = pagebind_codegen::generate(&document);
                }
            }
            Self::Diff => diff(&parts),
        }
    }
}

/// The document in an input, if it holds one.
fn read(text: &str) -> Option<Value> {
    page::extract("a.md", text).ok().map(|page| page.document)
}

fn extract(text: &str) {
    let pages = page::extract_all("a.md", text);
    for page in pages.into_iter().flatten() {
        let written = page.document.to_string();
        let again = document::parse("a.json", &written).expect("what was read can be read again");
        assert_eq!(again.to_string(), written, "what was read is written as it was");
        assert!(page.position("").is_some(), "the document has a place");
        let _ = page.prose();
    }
}

fn merge_pages(parts: &[&str]) {
    let pages: Vec<_> = parts
        .iter()
        .enumerate()
        .filter_map(|(index, text)| page::extract(&format!("{index}.md"), text).ok())
        .collect();
    let merged = |pages: &[page::Page]| {
        let merged = merge(pages, &merge::Options::default());
        merged.map(|merged| merged.document.to_string()).map_err(|problems| problems.to_string())
    };
    let forth = merged(&pages);
    let mut back = pages;
    back.reverse();
    assert_eq!(forth, merged(&back), "the order of pages changes nothing");
}

fn overlay(parts: &[&str]) {
    let [document, overlay] = parts else {
        return;
    };
    let Some(document) = read(document) else {
        return;
    };
    if let Ok(overlay) = Overlay::parse("o.yaml", overlay) {
        let _ = overlay.apply(&document);
    }
    if let Ok(overlay) = Overlay::parse_as_published("o.yaml", overlay) {
        overlay.apply(&document).expect("what does not fit is skipped");
    }
}

fn lower_twice(text: &str) {
    let Some(document) = read(text) else {
        return;
    };
    let Ok(lowered) = lower(&document) else {
        return;
    };
    let again = lower(&lowered.document).expect("what was lowered is in 3.0");
    assert_eq!(again.document, lowered.document, "what is in 3.0 stays as it is");
}

fn diff(parts: &[&str]) {
    let documents: Vec<Value> = parts.iter().filter_map(|part| read(part)).collect();
    for old in &documents {
        for new in &documents {
            let findings = pagebind_drift::compare(old, new);
            assert!(old != new || findings.is_empty(), "nothing changed, and something is found");
        }
    }
}
