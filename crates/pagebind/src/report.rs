//! Problems whose places are pointers, until all of them are found on their pages in one go.
//!
//! Where something stands on a page is known only by reading its text again. One reading finds any
//! number of places, so they are looked for together, at the end.

use crate::{diagnostic::Diagnostic, page::Page};

/// A problem, and where on which page it is seen.
pub(crate) struct Report {
    problem: Diagnostic,
    seen: Vec<Seen>,
}

struct Seen {
    /// By its index.
    page: usize,
    pointer: String,
    note: Option<String>,
}

impl Report {
    /// A problem that no page is named for yet.
    pub(crate) fn new(problem: Diagnostic) -> Self {
        Self { problem, seen: Vec::new() }
    }

    /// The same problem, seen at one more place.
    pub(crate) fn seen(mut self, page: usize, pointer: String, note: Option<String>) -> Self {
        self.seen.push(Seen { page, pointer, note });
        self
    }
}

/// The problems with their places, each page read once.
pub(crate) fn located(reports: Vec<Report>, pages: &[&Page]) -> Vec<Diagnostic> {
    let mut pointers: Vec<Vec<&str>> = vec![Vec::new(); pages.len()];
    for seen in reports.iter().flat_map(|report| &report.seen) {
        pointers[seen.page].push(&seen.pointer);
    }
    let mut places: Vec<_> = pages
        .iter()
        .zip(&pointers)
        .map(
            |(page, pointers)| if pointers.is_empty() { Vec::new() } else { page.places(pointers) },
        )
        .map(Vec::into_iter)
        .collect();
    reports
        .iter()
        .map(|report| {
            report.seen.iter().fold(report.problem.clone(), |problem, seen| {
                let place = places[seen.page].next().expect("each was asked for, in this order");
                problem.place(match &seen.note {
                    Some(note) => place.note(note),
                    None => place,
                })
            })
        })
        .collect()
}
