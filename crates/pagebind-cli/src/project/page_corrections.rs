//! The corrections of a page alone, which it gets before it is merged with others.

use pagebind::{
    diagnostic::Place,
    overlay::{Corrected, Misfit, Overlay},
    page::Page,
};

/// Corrects the documents on a page as far as the overlays fit them, and tells what does not. A correction is
/// for those of the documents in which it matches anything.
pub(crate) fn apply(pages: &mut [Page], overlays: &[Overlay]) -> Vec<Misfit> {
    let mut told = Vec::new();
    for overlay in overlays {
        let attempted: Vec<_> = pages.iter().map(|page| overlay.attempt(&page.document)).collect();
        let matches = |(corrected, _): &(Corrected, _), misfit: &Misfit| {
            !corrected.corrections[misfit.index].places.is_empty()
        };
        for (number, (page, attempt)) in pages.iter().zip(&attempted).enumerate() {
            // One that matches nothing anywhere is told of the first document.
            let counts = |misfit: &&Misfit| {
                matches(attempt, misfit)
                    || number == 0 && !attempted.iter().any(|other| matches(other, misfit))
            };
            told.extend(on_page(page, attempt.1.iter().filter(counts).cloned().collect()));
        }
        for (page, (corrected, _)) in pages.iter_mut().zip(attempted) {
            page.document = corrected.document;
        }
    }
    told
}

/// Lets misfits say where on the page it is that the corrections don't fit.
fn on_page(page: &Page, mut misfits: Vec<Misfit>) -> Vec<Misfit> {
    // The first place of each is that of the correction.
    let places = misfits.iter().map(|misfit| misfit.problem.places.get(1));
    let pointers: Vec<&str> =
        places.map(|place| place.and_then(|it| it.pointer.as_deref()).unwrap_or("")).collect();
    let on_page = page.places(&pointers);
    for (misfit, on_page) in misfits.iter_mut().zip(on_page) {
        let places = &mut misfit.problem.places;
        let note = places.get_mut(1).and_then(|place| place.note.take());
        places.truncate(1);
        places.push(Place { note, ..on_page });
    }
    misfits
}
