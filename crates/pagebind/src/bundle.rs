//! References from page to page and to files beside them.
//!
//! A folder of pages or files is one set. What a page refers to elsewhere in it becomes a component of
//! that page: a part of another page keeps its name there, any other is called after what the reference
//! names. The names are decided for the whole set at once, so that every page has the same for the same
//! part, and merging finds them equal. What no component can be, such as an operation or a section of
//! components, is written out where it is referred to. Nothing outside the folder is read.

mod names;
mod part;
mod path;
mod rewrite;
mod set;

pub use self::set::File;
use crate::{
    diagnostic::{Diagnostic, Diagnostics},
    page::Page,
    report::located,
    stack,
};

/// Whether any of the pages refers to something that is not on it.
#[must_use]
pub fn is_needed<'p>(pages: impl IntoIterator<Item = &'p Page>) -> bool {
    pages.into_iter().any(|page| set::refers_elsewhere(&page.document))
}

/// Brings what `pages` refer to elsewhere in their set into each of them.
///
/// `read` gives the file at a path, relative to the folder of the set and with `/` between the parts, as
/// the paths of the pages are, and nothing where there is none.
///
/// # Errors
/// Every reference that leads out of the folder or nowhere, with its place, and all that `read` refuses.
pub fn bundle(
    pages: &mut [Page],
    read: &mut (dyn FnMut(&str) -> Result<Option<File>, Diagnostic> + Send),
) -> Result<(), Diagnostics> {
    if !is_needed(&*pages) {
        return Ok(());
    }
    stack::roomy(|| {
        let mut set = set::Set::new(pages, read);
        set.explore();
        let mut problems =
            located(std::mem::take(&mut set.problems), &set.pages.iter().collect::<Vec<_>>());
        problems.append(&mut set.in_files);
        Diagnostics::check(problems)?;
        let bundled = rewrite::pages(&set, &names::of(&set))?;
        let warnings = std::mem::take(&mut set.warnings);
        for (page, bundled) in pages.iter_mut().zip(bundled) {
            if let Some(rewrite::Bundled { document, brought }) = bundled {
                page.document = document;
                page.brought = brought;
            }
        }
        // A file belongs to no page more than to the others.
        if let Some(first) = pages.first_mut() {
            first.warnings.extend(warnings);
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests;
