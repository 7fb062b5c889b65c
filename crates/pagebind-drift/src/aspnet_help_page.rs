//! ASP.NET Web API help pages: an API that is published without a definition.
//!
//! Such a page is served as HTML and vendored as its text. Both are reduced to the same lines, and
//! those to what binds a caller: the operation, the models with their members, types and
//! requirements, the media types, and the fields of the samples. Two pages are compared by that. A
//! timestamp in a sample changes each time the page is served and says nothing; an added field
//! does.

mod compare;
mod lines;
mod model;
mod sample;
#[cfg(test)]
mod tests;

pub use compare::compare;
pub use model::HelpPage;
